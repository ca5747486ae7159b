//! Pairs to figures: plain counting, one function a group of figures.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::assess::status::{Assessment, Status};
use crate::domain::ids::CriterionId;

use super::labels::{Label, LabelRole, Scope, Sort, TrueStatus, Truth, Weight};
use super::pairs::{Said, Truths};
use super::{Confusion, DateFigures, DistractorFigures, Figures, GapFigures, Pair, Rates, Trial};

/// A date this near is near enough for a yearly or monthly need.
const NEAR_DAYS: u32 = 31;

pub(super) fn figures(trial: Trial<'_>, truth: &Truths<'_>, said: &Said) -> Figures {
    let predicted: BTreeSet<&Pair> = said.roles.keys().collect();
    let right: Vec<&Pair> = predicted.iter().copied().filter(|pair| truth.all.contains(*pair)).collect();
    let wrong = predicted.iter().filter(|pair| !truth.all.contains(**pair)).map(|pair| (*pair).clone()).collect();
    let missed: Vec<Pair> = truth.primary.iter().filter(|pair| !predicted.contains(pair)).cloned().collect();
    let good_role = |pair: &&&Pair| match (said.roles.get(**pair), truth.roles.get(**pair)) {
        (Some(said), Some(labelled)) => !said.is_disjoint(labelled),
        (Some(_) | None, Some(_) | None) => false,
    };
    let (by_criterion, never_found) = by_criterion(&predicted, truth);
    Figures {
        files: trial.labels.len(),
        primary_pairs: truth.primary.len(),
        all_pairs: truth.all.len(),
        predicted_pairs: predicted.len(),
        ignored: said.ignored,
        micro: rates(&predicted, &right, (truth.primary.len() - missed.len(), truth.primary.len())),
        by_criterion,
        never_found,
        role_accuracy: share(right.iter().filter(good_role).count(), right.len()),
        recall_procedure: recall(LabelRole::Policy, &predicted, trial.labels, truth),
        recall_record: recall(LabelRole::Evidence, &predicted, trial.labels, truth),
        dates: dates(trial.labels, said),
        distractors: distractors(trial.labels, &predicted),
        gaps: trial.truths.map(|truths| gaps(truths, trial.assessment)),
        wrong,
        missed,
    }
}

/// 0 of 0 is 0.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Precision over what was predicted, recall over what was demanded.
fn rates(predicted: &BTreeSet<&Pair>, right: &[&Pair], (found, demanded): (usize, usize)) -> Rates {
    let (precision, recall) = (share(right.len(), predicted.len()), share(found, demanded));
    let sum = precision + recall;
    Rates { precision, recall, f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 } }
}

/// The mean over criteria with something to find, and those of which nothing was found.
fn by_criterion(predicted: &BTreeSet<&Pair>, truth: &Truths<'_>) -> (Rates, Vec<CriterionId>) {
    let mut demanded: BTreeMap<&CriterionId, Vec<&Pair>> = BTreeMap::new();
    for pair in &truth.primary {
        demanded.entry(&pair.criterion).or_default().push(pair);
    }
    let (mut sum, mut never) = (Rates::default(), Vec::new());
    for (criterion, pairs) in &demanded {
        let own: BTreeSet<&Pair> = predicted.iter().copied().filter(|pair| pair.criterion == **criterion).collect();
        let right: Vec<&Pair> = own.iter().copied().filter(|pair| truth.all.contains(*pair)).collect();
        let found = pairs.iter().filter(|pair| own.contains(**pair)).count();
        let rates = rates(&own, &right, (found, pairs.len()));
        sum.precision += rates.precision;
        sum.recall += rates.recall;
        sum.f1 += rates.f1;
        if found == 0 {
            never.push((*criterion).clone());
        }
    }
    let n = demanded.len().max(1) as f64;
    (Rates { precision: sum.precision / n, recall: sum.recall / n, f1: sum.f1 / n }, never)
}

/// The share of primary pairs of one role that were found, in whichever role.
fn recall(role: LabelRole, predicted: &BTreeSet<&Pair>, labels: &[Label], truth: &Truths<'_>) -> Option<f64> {
    let mut demanded = BTreeSet::new();
    for label in labels.iter().filter(|label| !label.unreadable && label.duplicate_of.is_none()) {
        let own = label.criteria.iter().filter(|bears| bears.strength == Weight::Primary && bears.role == role);
        let scored = own.filter(|bears| truth.criteria.contains(&bears.id));
        demanded.extend(scored.map(|bears| Pair { path: label.path.clone(), criterion: bears.id.clone() }));
    }
    let found = demanded.iter().filter(|pair| predicted.contains(pair)).count();
    (!demanded.is_empty()).then(|| share(found, demanded.len()))
}

fn dates(labels: &[Label], said: &Said) -> DateFigures {
    let dated = |label: &&Label| !label.unreadable && label.role == Sort::Paper;
    let (mut files, mut predicted, mut exact, mut near) = (0, 0, 0, 0);
    for label in labels.iter().filter(dated) {
        let Some(day) = label.effective_date else { continue };
        files += 1;
        let Some(given) = said.dates.get(&label.path) else { continue };
        predicted += 1;
        let apart = given.days_since(day).unsigned_abs();
        exact += usize::from(apart == 0);
        near += usize::from(apart <= NEAR_DAYS);
    }
    DateFigures { files, predicted, exact: share(exact, files), within_31_days: share(near, files) }
}

fn distractors(labels: &[Label], predicted: &BTreeSet<&Pair>) -> DistractorFigures {
    let all: BTreeSet<&str> = labels
        .iter()
        .filter(|label| !label.unreadable && label.role == Sort::Distractor)
        .map(|label| label.path.as_str())
        .collect();
    let hit: BTreeSet<&str> =
        predicted.iter().map(|pair| pair.path.as_str()).filter(|path| all.contains(path)).collect();
    DistractorFigures {
        files: all.len(),
        matched: hit.len(),
        share: share(hit.len(), all.len()),
        which: hit.into_iter().map(str::to_owned).collect(),
    }
}

fn gaps(truths: &[Truth], assessment: &Assessment) -> GapFigures {
    let said: BTreeMap<&CriterionId, TrueStatus> =
        assessment.criteria.iter().map(|criterion| (&criterion.id, as_labelled(criterion.status))).collect();
    let listed: Vec<(&Truth, Option<TrueStatus>)> = truths
        .iter()
        .filter(|truth| truth.scope == Scope::Listed)
        .map(|truth| (truth, said.get(&truth.id).copied()))
        .collect();
    let count = |wanted: &dyn Fn(&Truth, Option<TrueStatus>) -> bool| {
        listed.iter().filter(|(truth, said)| wanted(truth, *said)).count()
    };
    let is_bad = |truth: &Truth| {
        matches!(truth.status, TrueStatus::Missing | TrueStatus::Stale | TrueStatus::ProcedureOnly)
            && !truth.alt_status.contains(&TrueStatus::Current)
    };
    let has_record = |status| matches!(status, Some(TrueStatus::Current | TrueStatus::RecordOnly));
    let is_costly = |truth: &Truth, said| is_bad(truth) && said == Some(TrueStatus::Current);
    let not_current = count(&|truth, _| is_bad(truth));
    let proven = count(&|truth, _| has_record(Some(truth.status)));
    GapFigures {
        criteria: listed.len(),
        strict: share(count(&|truth, said| said == Some(truth.status)), listed.len()),
        lenient: share(count(&|truth, said| said.is_some_and(|said| accepts(truth, said))), listed.len()),
        not_current,
        costly: share(count(&is_costly), not_current),
        costly_plus: share(count(&|truth, said| is_bad(truth) && has_record(said)), not_current),
        costly_criteria: listed.iter().filter(|(t, said)| is_costly(t, *said)).map(|(t, _)| t.id.clone()).collect(),
        false_gaps: share(count(&|truth, said| has_record(Some(truth.status)) && !has_record(said)), proven),
        confusion: confusion(&listed),
    }
}

fn accepts(truth: &Truth, said: TrueStatus) -> bool {
    said == truth.status || truth.alt_status.contains(&said)
}

fn confusion(listed: &[(&Truth, Option<TrueStatus>)]) -> Vec<Confusion> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (truth, said) in listed {
        *counts.entry((word(truth.status), said.map_or("none", word))).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|((truth, said), criteria)| Confusion { truth: truth.to_owned(), said: said.to_owned(), criteria })
        .collect()
}

/// What goes stale soon is current still.
fn as_labelled(status: Status) -> TrueStatus {
    match status {
        Status::Current | Status::DueSoon => TrueStatus::Current,
        Status::NeedsReview => TrueStatus::NeedsReview,
        Status::RecordOnly => TrueStatus::RecordOnly,
        Status::ProcedureOnly => TrueStatus::ProcedureOnly,
        Status::Stale => TrueStatus::Stale,
        Status::Missing => TrueStatus::Missing,
        Status::Waived => TrueStatus::Waived,
        Status::NotApplicable => TrueStatus::NotApplicable,
        Status::Unknown => TrueStatus::Unknown,
    }
}

fn word(status: TrueStatus) -> &'static str {
    match status {
        TrueStatus::Current => Status::Current.as_str(),
        TrueStatus::RecordOnly => Status::RecordOnly.as_str(),
        TrueStatus::ProcedureOnly => Status::ProcedureOnly.as_str(),
        TrueStatus::NeedsReview => Status::NeedsReview.as_str(),
        TrueStatus::Stale => Status::Stale.as_str(),
        TrueStatus::Missing => Status::Missing.as_str(),
        TrueStatus::NotApplicable => Status::NotApplicable.as_str(),
        TrueStatus::Waived => Status::Waived.as_str(),
        TrueStatus::Unknown => Status::Unknown.as_str(),
    }
}
