//! How each need of a criterion stands: which papers bear on it, which of them are fresh, what is missing.

mod bearing;
mod series;

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::catalog::{Criterion, Need, Scope, Trigger};
use crate::domain::day::{Day, Period};
use crate::domain::ids::ContentHash;
use crate::domain::judge::verdict::{NeedKind, Strength};

use super::day::Kinds;
use super::decisions::Decisions;
use super::documents::Document;
use super::status::{AssessedNeed, Bearing, NeedState};
use super::words;
pub(super) use bearing::Found;

/// Where a criterion names no period, the profile's yearly review sets it.
const USUAL_AGE: Period = Period::Months(12);

/// All that needs are held against.
#[derive(Clone, Copy)]
pub(super) struct Evidence<'a> {
    pub documents: &'a [Document<'a>],
    pub decisions: &'a Decisions<'a>,
    pub kinds: &'a Kinds<'a>,
    pub neighbours: &'a Neighbours<'a>,
    pub as_of: Day,
}

/// Who stands beside whom, gathered once for all criteria.
#[derive(Default)]
pub(super) struct Neighbours<'a> {
    /// Every site that holds a document.
    pub sites: BTreeSet<&'a str>,
    /// Sites that hold a content.
    pub sites_of: BTreeMap<ContentHash, BTreeSet<&'a str>>,
    /// Documents (by position) whose judging speaks of a criterion.
    pub by_criterion: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Neighbours<'a> {
    pub fn of(documents: &'a [Document<'a>]) -> Self {
        let mut neighbours = Self::default();
        for (i, document) in documents.iter().enumerate() {
            let site = document.assessed.name.site.as_str();
            neighbours.sites.insert(site);
            if let Some(content) = document.assessed.content {
                neighbours.sites_of.entry(content).or_default().insert(site);
            }
            let matches = document.known.verdict.iter().flat_map(|verdict| &verdict.matches);
            let criteria: BTreeSet<&str> = matches.map(|found| found.criterion.as_str()).collect();
            for criterion in criteria {
                neighbours.by_criterion.entry(criterion).or_default().push(i);
            }
        }
        neighbours
    }
}

/// The needs of a criterion with the papers that look like proof and are not.
pub(super) struct Needs {
    pub assessed: Vec<AssessedNeed>,
    pub blocked: Vec<Bearing>,
    /// The last day on which the records are all fresh, if they are.
    pub fresh_until: Option<Day>,
    /// A procedure that the criterion does not demand.
    pub undemanded_procedure: NeedState,
}

pub(super) fn assess_needs(criterion: &Criterion, evidence: Evidence<'_>) -> Needs {
    let found = bearing::all(criterion, evidence);
    let mut assessed: Vec<AssessedNeed> =
        criterion.needs.iter().map(|need| one(criterion, need, &found, evidence)).collect();
    let fresh_until = fresh_until(criterion, &assessed, evidence);
    let demanded = criterion.needs.iter().any(|need| need.kind == NeedKind::Procedure);
    let mut undemanded_procedure = NeedState::Absent;
    if !demanded {
        let bearings: Vec<&Found> =
            found.counting.iter().filter(|f| f.bearing.role_of_proof == NeedKind::Procedure).collect();
        undemanded_procedure = procedure_state(&bearings);
        if undemanded_procedure != NeedState::Absent {
            assessed.push(AssessedNeed {
                kind: NeedKind::Procedure,
                state: undemanded_procedure,
                wanted: "a written procedure, though none is demanded".to_owned(),
                bearings: bearings.into_iter().map(|f| f.bearing.shown.clone()).collect(),
                missing_periods: Vec::new(),
                warnings: Vec::new(),
            });
        }
    }
    Needs { assessed, blocked: found.blocked, fresh_until, undemanded_procedure }
}

fn one(criterion: &Criterion, need: &Need, found: &bearing::Bearings, evidence: Evidence<'_>) -> AssessedNeed {
    let bears = |f: &&Found| f.bearing.role_of_proof == need.kind && is_wanted_kind(need, f);
    let bearings: Vec<&Found> = found.counting.iter().filter(bears).collect();
    match need.kind {
        NeedKind::Procedure => procedure(need, &bearings, evidence),
        NeedKind::Record => record(criterion, need, &bearings, evidence),
    }
}

/// A record of another kind meets a need only where the need names none, or where no kind was recognised.
fn is_wanted_kind(need: &Need, found: &Found) -> bool {
    match &found.bearing.shown.record_kind {
        Some(kind) => {
            need.kind == NeedKind::Procedure
                || need.any_of.is_empty()
                || need.any_of.contains(kind)
                || need_is_alone(found)
        }
        None => true,
    }
}

/// The judge has already tied the paper to this criterion; its kind only chooses between two record needs.
fn need_is_alone(found: &Found) -> bool {
    found.record_needs < 2
}

fn procedure_state(bearings: &[&Found]) -> NeedState {
    if bearings.iter().any(|f| f.strength() == Strength::Strong) {
        NeedState::Met
    } else if bearings.is_empty() {
        NeedState::Absent
    } else {
        NeedState::Weak
    }
}

fn procedure(need: &Need, bearings: &[&Found], evidence: Evidence<'_>) -> AssessedNeed {
    let mut warnings: Vec<String> = bearings.iter().flat_map(|f| f.warnings.clone()).collect();
    let newest = bearings.iter().filter(|f| f.strength() == Strength::Strong).filter_map(|f| f.day()).max();
    if let (Some(day), Some(age)) = (newest, need.max_age)
        && age.end_from(day) < evidence.as_of
    {
        warnings.push(format!("procedure last reviewed {day}: review overdue"));
    }
    AssessedNeed {
        kind: NeedKind::Procedure,
        state: procedure_state(bearings),
        wanted: words::wanted(need, evidence.kinds),
        bearings: bearings.iter().map(|f| f.bearing.shown.clone()).collect(),
        missing_periods: Vec::new(),
        warnings,
    }
}

fn record(criterion: &Criterion, need: &Need, bearings: &[&Found], evidence: Evidence<'_>) -> AssessedNeed {
    let mut warnings: Vec<String> = bearings.iter().flat_map(|f| f.warnings.clone()).collect();
    let mut state = record_state(need, bearings, evidence.as_of);
    let mut missing_periods = Vec::new();
    if let Some(every) = need.every {
        missing_periods = series::missing(every, bearings, evidence.as_of);
        if missing_periods.len() >= series::TOO_MANY && state == NeedState::Met {
            state = NeedState::Weak;
        }
    }
    if need.scope == Scope::Site && evidence.neighbours.sites.len() > 1 {
        let lacking = sites_without(need, bearings, evidence);
        if !lacking.is_empty() && state == NeedState::Met {
            state = NeedState::Weak;
            warnings.push(format!("none for {}", lacking.join(", ")));
        }
    }
    if state != NeedState::Met
        && let Some((until, by)) = evidence.decisions.nil_until(&criterion.id)
    {
        state = NeedState::Met;
        warnings.push(format!("nothing happened that would be recorded until {until}, says {by}"));
    }
    if need.trigger == Trigger::OnEvent && state == NeedState::Absent {
        warnings.push("due only when something happened: if nothing did, record that as a decision".to_owned());
    }
    AssessedNeed {
        kind: NeedKind::Record,
        state,
        wanted: words::wanted(need, evidence.kinds),
        bearings: bearings.iter().map(|f| with_freshness(need, f)).collect(),
        missing_periods,
        warnings,
    }
}

fn with_freshness(need: &Need, found: &Found) -> Bearing {
    let age = need.max_age.unwrap_or(USUAL_AGE);
    Bearing { fresh_until: found.day().map(|day| age.end_from(day)), ..found.bearing.shown.clone() }
}

/// Strong and fresh meets; else strong and old is stale, whatever only may be newer proof; weak and fresh asks for a
/// look; weak and old is nothing.
fn record_state(need: &Need, bearings: &[&Found], as_of: Day) -> NeedState {
    let age = need.max_age.unwrap_or(USUAL_AGE);
    let fresh = |f: &Found| f.day().is_none_or(|day| as_of <= age.end_from(day));
    let any =
        |strength: Strength, is_fresh: bool| bearings.iter().any(|f| f.strength() == strength && fresh(f) == is_fresh);
    if any(Strength::Strong, true) {
        NeedState::Met
    } else if any(Strength::Strong, false) {
        NeedState::Stale
    } else if any(Strength::Weak, true) {
        NeedState::Weak
    } else {
        NeedState::Absent
    }
}

fn sites_without(need: &Need, bearings: &[&Found], evidence: Evidence<'_>) -> Vec<String> {
    let lacks = |site: &&&str| {
        let own: Vec<&Found> = bearings.iter().copied().filter(|f| f.sites.contains(**site)).collect();
        record_state(need, &own, evidence.as_of) != NeedState::Met
    };
    evidence.neighbours.sites.iter().filter(lacks).map(|site| (*site).to_owned()).collect()
}

/// The last day on which every record need is met by what is there today.
fn fresh_until(criterion: &Criterion, assessed: &[AssessedNeed], evidence: Evidence<'_>) -> Option<Day> {
    let nil = evidence.decisions.nil_until(&criterion.id).map(|(until, _)| until);
    let of_need = |need: &AssessedNeed| {
        let strong = need.bearings.iter().filter(|b| b.strength == Strength::Strong);
        let by_record = strong.filter_map(|b| b.fresh_until).max();
        by_record.max(nil)
    };
    assessed
        .iter()
        .filter(|need| need.kind == NeedKind::Record && need.state == NeedState::Met)
        .filter_map(of_need)
        .min()
}
