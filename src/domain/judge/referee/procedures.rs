//! What written rules speak for: by the paper's title, by headings, and by sections within the paper's topics.

use std::collections::BTreeSet;

use crate::domain::ids::CriterionId;
use crate::domain::judge::role::words::Sign;
use crate::domain::judge::rules::{ClauseRule, TopicRule};
use crate::domain::judge::signal::{ClauseSignal, SectionHit};
use crate::domain::judge::verdict::{NeedKind, Quote, Strength};

use super::case::{Case, Found, Grounds};
use super::kinds::mentions;
use super::names::TitleHit;

/// Sections from which on a paper is a long one, in which single hits happen by chance.
const LONG: u32 = 12;
/// Sections from which on a paper without a topic is read as a manual of everything.
const MANUAL: u32 = 30;

/// So many concepts within one section do not meet by chance.
const TELLING_GROUPS: usize = 3;

/// Which criteria a single section may speak for.
enum Reach {
    /// Those of the paper's own topics.
    Topics { criteria: BTreeSet<CriterionId>, none: bool, training: bool },
    /// All: a manual of the whole company.
    Everything,
}

pub fn found(case: &Case) -> Vec<Found> {
    let titles: Vec<Option<TitleHit>> =
        case.referee.rules.clauses.iter().map(|rule| case.names.best_title(&rule.titles)).collect();
    let reach = reach(case, &titles);
    let long = case.signals().sections > LONG;
    let mut found = Vec::new();
    for (rule, title) in case.referee.rules.clauses.iter().zip(titles) {
        let signal = case.judgement.rules.clauses.iter().find(|signal| signal.criterion == rule.criterion);
        let hits = hits(signal, &reach, &rule.criterion);
        let points = match title {
            Some(_) => Some((3.0 + hits.len() as f32, Strength::Strong)),
            None => weigh(rule, signal, &hits, (&reach, long)),
        };
        if let Some((points, strength)) = points {
            found.push(as_found(rule, title.as_ref(), signal, &hits, (points, strength)));
        }
    }
    found
}

/// Hits that count: those over two sections only for criteria of the paper's own topics.
fn hits<'a>(signal: Option<&'a ClauseSignal>, reach: &Reach, criterion: &CriterionId) -> Vec<&'a SectionHit> {
    let inside = reach.own(criterion);
    signal.into_iter().flat_map(|signal| &signal.sections).filter(|hit| inside || !hit.spans_two).collect()
}

fn weigh(
    rule: &ClauseRule,
    signal: Option<&ClauseSignal>,
    hits: &[&SectionHit],
    paper: (&Reach, bool),
) -> Option<(f32, Strength)> {
    let (reach, long) = paper;
    let signal = signal?;
    if hits.is_empty() {
        return None;
    }
    let several = hits.len() >= 2;
    let headed = signal.heading.is_some();
    let own = reach.own(&rule.criterion);
    let telling = hits.iter().any(|hit| hit.seen.words.len() >= TELLING_GROUPS);
    let strength = |sure| if sure { Strength::Strong } else { Strength::Weak };
    let base = hits.len() as f32;
    match reach {
        Reach::Topics { none, .. } if several || headed || own || (*none && !long) => {
            Some((1.0 + base + if headed { 1.0 } else { 0.0 }, strength(several || headed || own || telling)))
        }
        Reach::Topics { training, .. } => (rule.specific && !training).then_some((1.5 + base, Strength::Strong)),
        Reach::Everything if several || headed => Some((1.0 + base, Strength::Strong)),
        Reach::Everything => {
            let telling = signal.count >= 2 || telling;
            (telling || !long).then_some((1.0 + base, strength(telling)))
        }
    }
}

impl Reach {
    fn own(&self, criterion: &CriterionId) -> bool {
        match self {
            Self::Topics { criteria, .. } => criteria.contains(criterion),
            Self::Everything => false,
        }
    }
}

fn reach(case: &Case, titles: &[Option<TitleHit>]) -> Reach {
    let topics: Vec<&TopicRule> =
        case.referee.rules.topics.iter().filter(|topic| case.names.titled(&topic.titles)).collect();
    let sections = case.signals().sections;
    let particular = topics.iter().filter(|topic| !topic.id.starts_with("risk")).count();
    let manual = case.says(Sign::Manual, &case.names.core);
    let whole = manual && (particular == 0 || (particular >= 3 && sections > LONG));
    if whole || (topics.is_empty() && sections > MANUAL) {
        return Reach::Everything;
    }
    let mut criteria: BTreeSet<CriterionId> = topics.iter().flat_map(|topic| topic.criteria.iter().cloned()).collect();
    let titled = case.referee.rules.clauses.iter().zip(titles).filter(|(_, title)| title.is_some());
    criteria.extend(titled.map(|(rule, _)| rule.criterion.clone()));
    let training = topics.iter().any(|topic| topic.id.contains("training"));
    Reach::Topics { criteria, none: topics.is_empty(), training }
}

fn as_found(
    rule: &ClauseRule,
    title: Option<&TitleHit>,
    signal: Option<&ClauseSignal>,
    hits: &[&SectionHit],
    weight: (f32, Strength),
) -> Found {
    let mut reasons: Vec<String> = title.map(|hit| hit.reason.clone()).into_iter().collect();
    let mut quotes: Vec<Quote> = title.map(|hit| hit.quote.clone()).into_iter().collect();
    if let Some(heading) = signal.and_then(|signal| signal.heading.as_ref()).filter(|_| title.is_none()) {
        reasons.push(format!("has a section headed \"{heading}\""));
    }
    for hit in hits.iter().take(2) {
        reasons.push(format!("section \"{}\" {}", hit.heading, mentions(&hit.seen.words)));
        quotes.push(hit.seen.quote.clone());
    }
    Found {
        criterion: rule.criterion.clone(),
        role: NeedKind::Procedure,
        strength: weight.1,
        points: weight.0,
        grounds: Grounds::Usual,
        record_kind: None,
        sheets: Vec::new(),
        reasons,
        quotes,
    }
}
