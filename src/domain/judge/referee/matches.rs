//! What rules and model found, put together into matches, one per criterion and sort of proof.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::catalog::StandsAs;
use crate::domain::ids::CriterionId;
use crate::domain::judge::normal::normal;
use crate::domain::judge::role::words::Sign;
use crate::domain::judge::signal::{PaperForm, PartSignals};
use crate::domain::judge::verdict::{Match, NeedKind, Quote, Role, Strength};
use crate::domain::reading::Place;

use super::both::Both;
use super::case::{Case, Found, Grounds, Voice};
use super::hint::PathHint;
use super::kinds::{self, KindScore};
use super::names::{Names, Titled};
use super::procedures;
use super::role::Ruling;
use super::weigh::Subject;

/// A kind so far behind the best one is a mention of it.
const MARGIN: f32 = 2.0;
/// A sheet's name is short and says little: it takes columns or clues beside it.
const SHEET_POINTS: f32 = 4.0;
/// Points at which a score is full.
pub const FULL: f32 = 8.0;
/// Reasons and quotes kept of a match.
const KEPT: usize = 4;

/// Sorted by criterion, then sort of proof.
pub fn matches(case: &Case, ruling: &Ruling) -> Vec<Match> {
    let mut found = Vec::new();
    match ruling.voice {
        Voice::Done => {
            found.extend(records(case, Voice::Done));
            found.extend(sheets(case));
        }
        Voice::Both => {
            found.extend(records(case, Voice::Both));
            found.extend(procedure_kinds(case));
            found.extend(procedures::found(case));
        }
        Voice::Rules => {
            found.extend(procedure_kinds(case));
            found.extend(procedures::found(case));
        }
    }
    if ruling.role == Role::Form {
        found = records(case, Voice::Done);
    }
    let mut subject = Subject::Open;
    if is_unrelated(case, ruling, &found) {
        subject = Subject::Other;
        found.clear();
    }
    let mut found = merged(found);
    if let Some(both) = Both::of(case, ruling, subject, &found) {
        both.add_unknown(&mut found);
        found = found.into_iter().filter_map(|found| both.weighed(found)).collect();
    }
    found.into_iter().map(|found| as_match(found, ruling.role)).collect()
}

fn records(case: &Case, voice: Voice) -> Vec<Found> {
    let of_records = |score: &&KindScore| match score.rule.stands_as {
        StandsAs::Record | StandsAs::Both => true,
        StandsAs::Procedure => false,
    };
    let mut scores: Vec<&KindScore> = case.kinds.iter().filter(of_records).collect();
    let top = scores.first().map_or(0.0, |score| score.points);
    if let Some(&only) = scores.iter().find(|score| score.rule.exclusive && score.points >= top - 1.0) {
        scores = vec![only];
    }
    let mut found = Vec::new();
    for score in scores.into_iter().filter(|score| score.points >= top - MARGIN) {
        if voice == Voice::Both && score.rule.stands_as != StandsAs::Both {
            continue;
        }
        found.extend(of_kind(score));
    }
    found
}

/// What single sheets of a workbook are, beside what the whole is; an audit's sheets are parts of the audit.
fn sheets(case: &Case) -> Vec<Found> {
    if case.kinds.iter().any(|score| score.rule.exclusive && score.title.is_some()) {
        return Vec::new();
    }
    let mut all = Vec::new();
    for part in &case.judgement.rules.parts {
        let titled = Titled { titles: &part.titles, core: &part.core, form: PaperForm::Sheet };
        let hint = PathHint { stem: normal(&part.name), ..PathHint::default() };
        let names = Names::of(case.referee.patterns, &titled, &hint);
        let scores = kinds::scores(case.referee.rules, &part.kinds, &names, PaperForm::Sheet);
        let top = scores.iter().filter(|score| score.rule.stands_as == StandsAs::Record);
        let told = |score: &KindScore| score.columns.is_some() || !score.clues.is_empty();
        let sure = |score: &KindScore| score.points >= SHEET_POINTS && told(score);
        let found = top.take(1).flat_map(|score| of_kind(score).into_iter().map(|found| (sure(score), found)));
        for (sure, mut found) in found {
            if !sure {
                found.strength = Strength::Weak;
            }
            found.sheets = vec![part.sheet];
            found.quotes.iter_mut().for_each(|quote| in_workbook(quote, part));
            found.reasons = found.reasons.iter().map(|reason| format!("sheet \"{}\": {reason}", part.name)).collect();
            all.push(found);
        }
    }
    all
}

/// A quote from a sheet that was read by itself, as the workbook counts.
fn in_workbook(quote: &mut Quote, part: &PartSignals) {
    if let Place::Row { row, .. } = quote.place {
        quote.place = Place::Row { sheet: part.sheet, row };
        quote.place_text = format!("sheet {}, row {row}", part.name);
    }
}

fn of_kind(score: &KindScore) -> Vec<Found> {
    let found = |criterion: &CriterionId, role, strength, points| Found {
        criterion: criterion.clone(),
        role,
        strength,
        points,
        grounds: Grounds::Usual,
        record_kind: Some(score.rule.id.clone()),
        sheets: Vec::new(),
        reasons: vec![score.reason()],
        quotes: score.quotes(),
    };
    let mut all = Vec::new();
    let first = score.rule.proves.first().map(|(criterion, _)| criterion);
    for (criterion, role) in &score.rule.proves {
        let mut proved = found(criterion, *role, score.strength(), score.points);
        if score.is_certain() && first == Some(criterion) {
            proved.grounds = Grounds::Certain;
        }
        all.push(proved);
    }
    for criterion in &score.rule.supports {
        all.push(found(criterion, NeedKind::Record, Strength::Weak, score.points - 1.5));
    }
    for (criterion, seen) in score.signal.iter().flat_map(|signal| &signal.proves_if) {
        let mut more = found(criterion, NeedKind::Record, score.strength(), score.points - 1.0);
        more.reasons.push(kinds::mentions(&seen.words));
        more.quotes.push(seen.quote.clone());
        all.push(more);
    }
    all
}

fn procedure_kinds(case: &Case) -> Vec<Found> {
    let mut all = Vec::new();
    for score in &case.kinds {
        match score.rule.stands_as {
            StandsAs::Procedure | StandsAs::Both => {
                all.extend(of_kind(score).into_iter().filter(|found| found.role == NeedKind::Procedure));
            }
            StandsAs::Record => {}
        }
    }
    all
}

/// True if the paper is of a kind that only shares the words, or one lone mention in a paper about other things.
fn is_unrelated(case: &Case, ruling: &Ruling, found: &[Found]) -> bool {
    let best = found.iter().map(|found| found.points).fold(0.0, f32::max);
    let top = case.kinds.first();
    if let Some((points, _)) = kinds::unrelated(case.referee.rules, case.judgement, &case.names) {
        let titled = top.is_some_and(|top| {
            let own_subject = !top.rule.exclusive || case.says(Sign::Security, &case.names.core);
            top.title.is_some() && top.points >= points + 0.5 && own_subject
        });
        let beaten = match ruling.voice {
            Voice::Rules => points >= best - 0.5,
            Voice::Done | Voice::Both => !titled,
        };
        if beaten {
            return true;
        }
    }
    let few_words = case.signals().security_words < 2;
    let lone = best <= 2.0 || case.kinds.is_empty();
    ruling.voice == Voice::Rules && few_words && lone && !found.iter().any(is_titled)
}

fn is_titled(found: &Found) -> bool {
    found.points >= 3.0
}

/// The best of each criterion and sort of proof, in their order.
fn merged(found: Vec<Found>) -> Vec<Found> {
    let mut by_key: BTreeMap<(CriterionId, NeedKind), Found> = BTreeMap::new();
    for found in found {
        let key = (found.criterion.clone(), found.role);
        match by_key.get_mut(&key) {
            None => {
                by_key.insert(key, found);
            }
            Some(old) => {
                let (strength, grounds) = (old.strength.max(found.strength), old.grounds.max(found.grounds));
                let sheets: BTreeSet<u16> = old.sheets.iter().chain(&found.sheets).copied().collect();
                if found.points > old.points {
                    *old = found;
                }
                (old.strength, old.grounds) = (strength, grounds);
                old.sheets = sheets.into_iter().collect();
            }
        }
    }
    by_key.into_values().collect()
}

fn as_match(found: Found, role: Role) -> Match {
    let strength = match role {
        Role::Procedure | Role::Record | Role::Draft => found.strength,
        Role::Form | Role::Guidance | Role::Profile | Role::OwnOutput | Role::Other => Strength::Weak,
    };
    let (mut reasons, mut quotes) = (found.reasons, found.quotes);
    reasons.truncate(KEPT);
    quotes.truncate(KEPT);
    Match {
        criterion: found.criterion,
        role: found.role,
        strength,
        score: (found.points / FULL).clamp(0.0, 1.0),
        record_kind: found.record_kind,
        sheets: found.sheets,
        reasons,
        quotes,
    }
}
