//! The papers that bear on one criterion: those that count, best first, and those that are blocked.

use std::collections::BTreeSet;

use crate::domain::catalog::Criterion;
use crate::domain::day::Day;
use crate::domain::judge::signal::DateClass;
use crate::domain::judge::verdict::{DateSource, EffectiveDate, Match, NeedKind, Role, Strength};
use crate::domain::reading::Place;

use super::super::blocked::{Standing, standing};
use super::super::decisions::{OnPapers, Said, accepted_match};
use super::super::documents::Document;
use super::super::likeness::Rejected;
use super::super::status::Bearing;
use super::Evidence;

/// A bearing with what is needed to weigh it.
pub(in crate::domain::assess) struct Found {
    pub bearing: Proof,
    pub warnings: Vec<String>,
    /// Where the same bytes lie.
    pub sites: BTreeSet<String>,
    /// Days of its rows on or before `as_of`, for series.
    pub row_days: Vec<Day>,
    /// Record needs of the criterion.
    pub record_needs: usize,
}

/// What is shown, and as which sort of proof.
pub(in crate::domain::assess) struct Proof {
    pub shown: Bearing,
    pub role_of_proof: NeedKind,
}

impl Found {
    pub fn strength(&self) -> Strength {
        self.bearing.shown.strength
    }

    pub fn day(&self) -> Option<Day> {
        self.bearing.shown.effective.as_ref().map(|date| date.day)
    }
}

/// Everything that bears on a criterion.
pub(in crate::domain::assess) struct Bearings {
    /// Strong first, then newest, then by score and path.
    pub counting: Vec<Found>,
    pub blocked: Vec<Bearing>,
}

pub(in crate::domain::assess) fn all(criterion: &Criterion, evidence: Evidence<'_>) -> Bearings {
    let record_needs = criterion.needs.iter().filter(|need| need.kind == NeedKind::Record).count();
    let mut bearings = Bearings { counting: Vec::new(), blocked: Vec::new() };
    let decided = evidence.decisions.on_papers(&criterion.id);
    let rejected = Rejected::of(criterion, evidence.documents, &decided);
    for document in candidates(criterion, evidence, &decided) {
        let said = decided.said(document.known);
        for found in matches_of(document, criterion, said.as_ref()) {
            let bearing = shown(document, &found, evidence.as_of);
            match standing(document, &found, said.as_ref(), evidence.as_of) {
                Standing::Ignored => {}
                Standing::Blocked(reason) => bearings.blocked.push(Bearing { blocked_by: Some(reason), ..bearing }),
                Standing::Counts => {
                    let mut counting = weighed(document, &found, bearing, evidence);
                    if let Some(reason) = rejected.doubt(document, &found) {
                        counting.bearing.shown.strength = Strength::Weak;
                        counting.bearing.shown.reasons.push(reason);
                    }
                    bearings.counting.push(counting);
                }
                Standing::NeedsLook(reason) => {
                    let mut weak = weighed(document, &found, bearing, evidence);
                    weak.bearing.shown.strength = Strength::Weak;
                    weak.bearing.shown.reasons.push(reason);
                    bearings.counting.push(weak);
                }
                Standing::Accepted(reason) => {
                    let mut strong = weighed(document, &found, bearing, evidence);
                    strong.bearing.shown.strength = Strength::Strong;
                    strong.bearing.shown.reasons.insert(0, reason);
                    bearings.counting.push(strong);
                }
            }
        }
    }
    for found in &mut bearings.counting {
        found.record_needs = record_needs;
    }
    bearings.counting.sort_by(|a, b| order(&a.bearing.shown, &b.bearing.shown));
    bearings.blocked.sort_by(order);
    bearings
}

/// Documents with a match for the criterion; where people spoke of papers, all, since they may have named any.
fn candidates<'a>(criterion: &Criterion, evidence: Evidence<'a>, decided: &OnPapers<'_>) -> Vec<&'a Document<'a>> {
    let originals = |document: &&Document<'_>| document.assessed.duplicate_of.is_none();
    if decided.is_empty() {
        let matching = evidence.neighbours.by_criterion.get(criterion.id.as_str()).into_iter().flatten();
        return matching.map(|&i| &evidence.documents[i]).filter(originals).collect();
    }
    evidence.documents.iter().filter(originals).collect()
}

fn order(a: &Bearing, b: &Bearing) -> std::cmp::Ordering {
    let day = |bearing: &Bearing| bearing.effective.as_ref().map(|date| date.day);
    (b.strength == Strength::Strong)
        .cmp(&(a.strength == Strength::Strong))
        .then_with(|| day(b).cmp(&day(a)))
        .then_with(|| b.score.total_cmp(&a.score))
        .then_with(|| a.document.cmp(&b.document))
        .then_with(|| a.record_kind.cmp(&b.record_kind))
}

/// The matches that judging found; for an accepted paper without one, a match by the person's word.
fn matches_of(document: &Document<'_>, criterion: &Criterion, said: Option<&Said>) -> Vec<Match> {
    let verdict = document.known.verdict.as_ref();
    let found: Vec<Match> =
        verdict.iter().flat_map(|verdict| &verdict.matches).filter(|m| m.criterion == criterion.id).cloned().collect();
    let accepted = matches!(said, Some(Said::Accepted { .. } | Said::AcceptedBefore { .. }));
    if !found.is_empty() || !accepted {
        return found;
    }
    vec![accepted_match(verdict.map_or(Role::Other, |verdict| verdict.role), &criterion.id)]
}

/// The last dated row of the sheets that a match was read from: a stale sheet in a current workbook is stale.
fn sheet_day(document: &Document<'_>, found: &Match, as_of: Day) -> Option<EffectiveDate> {
    let own = document.assessed.own_date()?;
    if own.source != DateSource::Text {
        return None;
    }
    let of_sheet = |place: Place| match place {
        Place::Row { sheet, row } => found.sheets.contains(&sheet).then_some(row),
        Place::Page(_) | Place::Slide(_) | Place::Paragraph(_) | Place::Line(_) => None,
    };
    let days = document.known.dates.candidates.iter().filter(|date| date.class != DateClass::Negative);
    let rows = days.filter(|date| date.day <= as_of).filter_map(|date| Some((date.day, of_sheet(date.place)?)));
    let (day, row) = rows.max()?;
    let because = format!("last date of its own sheet (row {row})");
    Some(EffectiveDate { day, source: DateSource::Text, because, conflicts: Vec::new() })
}

fn shown(document: &Document<'_>, found: &Match, as_of: Day) -> Bearing {
    let assessed = &document.assessed;
    Bearing {
        document: assessed.name.clone(),
        role: document.known.verdict.as_ref().map_or(Role::Other, |verdict| verdict.role),
        strength: found.strength,
        score: found.score,
        record_kind: found.record_kind.clone(),
        effective: sheet_day(document, found, as_of).or_else(|| assessed.own_date().cloned()),
        fresh_until: None,
        reasons: found.reasons.clone(),
        quotes: found.quotes.clone(),
        blocked_by: None,
    }
}

/// A record without a day of its own is weak, whatever it says.
fn weighed(document: &Document<'_>, found: &Match, mut bearing: Bearing, evidence: Evidence<'_>) -> Found {
    if bearing.effective.is_none() && found.role == NeedKind::Record && bearing.strength == Strength::Strong {
        bearing.strength = Strength::Weak;
        bearing.reasons.push("no date but the file's own".to_owned());
    }
    let own_day = document.assessed.own_date().is_some_and(|date| date.source == DateSource::Text);
    let borrowed = own_day && !found.sheets.is_empty() && sheet_day(document, found, evidence.as_of).is_none();
    if borrowed && found.role == NeedKind::Record && bearing.strength == Strength::Strong {
        bearing.strength = Strength::Weak;
        bearing.reasons.push("its own sheet carries no date, only another one does".to_owned());
    }
    let mut warnings = Vec::new();
    if let (NeedKind::Record, Some(source)) = (found.role, &document.redated_from) {
        warnings.push(format!("{} is the text of {source} with another date", bearing.document.path));
    }
    let copies = document.assessed.content.and_then(|content| evidence.neighbours.sites_of.get(&content));
    let mut sites: BTreeSet<String> = copies.into_iter().flatten().map(|site| (*site).to_owned()).collect();
    sites.insert(document.assessed.name.site.clone());
    let row_days = document.known.dates.row_days.iter().copied().filter(|day| *day <= evidence.as_of).collect();
    Found { bearing: Proof { shown: bearing, role_of_proof: found.role }, warnings, sites, row_days, record_needs: 0 }
}
