//! Facts, a day and an entity to statuses: the one pure function behind every report.
//!
//! It is where the path's neighbours, the company's other papers, people's decisions and `as_of` meet what judging found.
//! The order of its inputs never matters, and the same input gives the same bytes.

mod blocked;
mod day;
mod decisions;
mod documents;
mod input;
mod likeness;
mod needs;
mod rules;
pub mod status;
mod words;

#[cfg(test)]
mod tests;

use crate::domain::catalog::Criterion;
use crate::domain::day::Day;
use crate::domain::entity::{Entity, Level};
use crate::domain::judge::verdict::NeedKind;

pub use day::days;
pub(crate) use documents::versions::{file_stem, title_words};
pub use input::{Input, KnownDecision, KnownDocument};

use decisions::{Decisions, Ruling};
use documents::Document;
use needs::{Evidence, Needs, Neighbours};
use rules::{Case, Horizon, Proof, Setting};
use status::{AssessedCategory, AssessedCriterion, AssessedNeed, Assessment, NeedState};
use words::Speaker;

/// Assesses every criterion of the catalog for one entity at one day.
pub fn assess(input: &Input<'_>) -> Assessment {
    let decisions = Decisions::new(&input.decisions, input.as_of);
    let kinds = day::kinds(input.catalog);
    let documents = documents::assess_documents(input, &decisions, &kinds);
    let neighbours = Neighbours::of(&documents);
    let evidence = Evidence {
        documents: &documents,
        decisions: &decisions,
        kinds: &kinds,
        neighbours: &neighbours,
        as_of: input.as_of,
    };
    let mut criteria: Vec<AssessedCriterion> =
        input.catalog.criteria.iter().map(|criterion| assess_criterion(criterion, input, evidence)).collect();
    criteria.sort_by(|a, b| a.id.cmp(&b.id));
    let mut categories: Vec<AssessedCategory> =
        input.catalog.categories.iter().map(|c| AssessedCategory { id: c.id, name: c.name.clone() }).collect();
    categories.sort_by_key(|category| category.id);
    let mut notices = input.notices.clone();
    notices.sort();
    Assessment {
        as_of: input.as_of,
        entity: input.entity,
        catalog: input.catalog.id.clone(),
        edition: input.catalog.edition.clone(),
        head: input.head,
        categories,
        unverified_share: unverified_share(&criteria),
        criteria,
        documents: documents.into_iter().map(|document: Document<'_>| document.assessed).collect(),
        notices,
    }
}

fn assess_criterion(criterion: &Criterion, input: &Input<'_>, evidence: Evidence<'_>) -> AssessedCriterion {
    let level = criterion.level(input.entity);
    let ruling = evidence.decisions.ruling(&criterion.id);
    let needs = needs::assess_needs(criterion, evidence);
    let setting = setting(level, ruling.as_ref());
    let due = due(setting, ruling.as_ref(), &needs);
    let near = due.is_some_and(|due| due.days_since(input.as_of) <= i32::from(input.warning_days));
    let case = Case {
        setting,
        record: proof(criterion, NeedKind::Record, &needs),
        procedure: proof(criterion, NeedKind::Procedure, &needs),
        horizon: if near { Horizon::Near } else { Horizon::Clear },
    };
    let (status, line) = rules::status(case);
    let speaker = Speaker { criterion, kinds: evidence.kinds };
    let sentences = speaker.gap(status, &needs.assessed, &needs.blocked);
    AssessedCriterion {
        id: criterion.id.clone(),
        category: criterion.category,
        title: criterion.title.clone(),
        level,
        level_unverified: is_unverified(criterion, input.entity),
        status,
        because: because(line, ruling.as_ref(), evidence.decisions.owner(&criterion.id)),
        have: sentences.have,
        lacks: sentences.lacks,
        next: sentences.next,
        needs: needs.assessed,
        blocked: needs.blocked,
        due,
    }
}

/// A level that is unknown cannot be waived away, and one that does not apply needs no decision.
fn setting(level: Level, ruling: Option<&Ruling>) -> Setting {
    match (ruling, level) {
        (Some(Ruling::NotApplicable { .. }), _) | (_, Level::NotApplicable) => Setting::NotApplicable,
        (Some(Ruling::Waived { .. }), _) => Setting::Waived,
        (None, Level::Unknown) => Setting::LevelUnknown,
        (None, Level::Must | Level::Should) => Setting::Open,
    }
}

fn because(line: &str, ruling: Option<&Ruling>, owner: Option<&str>) -> String {
    let said = match ruling {
        Some(Ruling::NotApplicable { by }) => format!("said not to apply by {by}"),
        Some(Ruling::Waived { by, until }) => format!("waived until {until} by {by}"),
        None => line.to_owned(),
    };
    match owner {
        Some(owner) => format!("{said} (owner: {owner})"),
        None => said,
    }
}

/// The day on which the status will worsen by itself: the first day after the last fresh one, or after a waiver.
fn due(setting: Setting, ruling: Option<&Ruling>, needs: &Needs) -> Option<Day> {
    match (setting, ruling) {
        (Setting::Waived, Some(Ruling::Waived { until, .. })) => Some(until.plus_days(1)),
        (Setting::Open, _) => needs.fresh_until.map(|last| last.plus_days(1)),
        (Setting::Waived | Setting::NotApplicable | Setting::LevelUnknown, _) => None,
    }
}

/// All needs of a kind together: the worst of them.
fn proof(criterion: &Criterion, kind: NeedKind, needs: &Needs) -> Proof {
    if !criterion.needs.iter().any(|need| need.kind == kind) {
        return Proof::NotDemanded(match kind {
            NeedKind::Procedure => needs.undemanded_procedure,
            NeedKind::Record => NeedState::Absent,
        });
    }
    let badness = |need: &AssessedNeed| match need.state {
        NeedState::Met => 0,
        NeedState::Weak => 1,
        NeedState::Stale => 2,
        NeedState::Absent => 3,
    };
    let worst = needs.assessed.iter().filter(|need| need.kind == kind).max_by_key(|need| badness(need));
    Proof::Demanded(worst.map_or(NeedState::Absent, |need| need.state))
}

fn is_unverified(criterion: &Criterion, entity: Entity) -> bool {
    criterion.unverified.contains(&entity)
}

/// Share of the criteria that apply whose level is likely but not confirmed.
fn unverified_share(criteria: &[AssessedCriterion]) -> f32 {
    let applying = criteria.iter().filter(|c| matches!(c.level, Level::Must | Level::Should));
    let (all, unverified) =
        applying.fold((0_u32, 0_u32), |(all, open), c| (all + 1, open + u32::from(c.level_unverified)));
    if all == 0 { 0.0 } else { unverified as f32 / all as f32 }
}
