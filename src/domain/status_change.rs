//! What changed between two assessments, and why: the one shape that the status log, notifications and `status --follow`
//! share.
//!
//! Pure: two times "which status, on which papers", and the news in between. A change has a stable id, made of what
//! changed and on which facts, so that finding it again after a crash does not tell it twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::assess::status::{AssessedCriterion, Assessment, Status};
use super::day::Day;
use super::entity::Entity;
use super::ids::{CriterionId, InstantMs, Seq};

/// Papers kept for a criterion: enough to name a cause, few enough for a catalog of a hundred criteria.
const PAPERS_MAX: usize = 20;

/// One criterion whose status is another than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// Names the change for ever: entity, criterion, both statuses, day and newest fact.
    pub id: String,
    /// When it was found.
    pub at: InstantMs,
    /// The day on which freshness was judged.
    pub as_of: Day,
    pub entity: Entity,
    pub criterion: CriterionId,
    pub from: Status,
    pub to: Status,
    pub cause: Cause,
}

/// Why a status changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Cause {
    /// A paper came, changed or went.
    Document { paper: Paper },
    Decision {
        /// The decision's fact.
        seq: Seq,
    },
    /// Nothing happened but that the day is another: proof goes stale.
    Day,
    /// Another version of the program judges. Tell all of these as one.
    Judge,
    /// The catalog, or its overlay, is another. Tell all of these as one.
    Catalog,
    /// None of these: the configuration is another (sites, warning days).
    Configuration,
}

impl Cause {
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Document { .. } => "document",
            Self::Decision { .. } => "decision",
            Self::Day => "day",
            Self::Judge => "judge",
            Self::Catalog => "catalog",
            Self::Configuration => "configuration",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document { paper } => write!(f, "{}", paper.path),
            Self::Decision { seq } => write!(f, "decision {}", seq.0),
            Self::Day => f.write_str("a new day"),
            Self::Judge => f.write_str("a new version of the program"),
            Self::Catalog => f.write_str("another catalog"),
            Self::Configuration => f.write_str("another configuration"),
        }
    }
}

/// A file by its names, as reports show them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Paper {
    pub root: String,
    pub path: String,
}

/// A criterion as it was last assessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub status: Status,
    /// What bore on it, for better or worse.
    pub papers: Vec<Paper>,
}

/// Where an assessment stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    pub at: InstantMs,
    pub as_of: Day,
    /// The newest fact.
    pub seq: Seq,
    /// Identity of the judge.
    pub judge: String,
    /// Identity of the catalog with its overlay.
    pub catalog: String,
}

/// All criteria of one entity as assessed at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    pub entity: Entity,
    pub basis: Basis,
    pub criteria: BTreeMap<CriterionId, Held>,
}

/// What became known between two assessments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Files seen anew, changed or gone.
    pub papers: BTreeSet<Paper>,
    /// Decisions in order: the fact, what it names.
    pub decisions: Vec<(Seq, Option<CriterionId>, Option<Paper>)>,
}

impl Holding {
    pub fn of(assessment: &Assessment, basis: Basis) -> Self {
        let held = |criterion: &AssessedCriterion| Held { status: criterion.status, papers: papers(criterion) };
        let criteria = assessment.criteria.iter().map(|criterion| (criterion.id.clone(), held(criterion))).collect();
        Self { entity: assessment.entity, basis, criteria }
    }
}

fn papers(criterion: &AssessedCriterion) -> Vec<Paper> {
    let bearings = criterion.needs.iter().flat_map(|need| &need.bearings).chain(&criterion.blocked);
    let mut papers: Vec<Paper> = Vec::new();
    for bearing in bearings {
        let paper = Paper { root: bearing.document.root.clone(), path: bearing.document.path.clone() };
        if papers.len() < PAPERS_MAX && !papers.contains(&paper) {
            papers.push(paper);
        }
    }
    papers
}

/// The criteria whose status differs, in order. A criterion that only one side knows is no change.
pub fn changes(before: &Holding, after: &Holding, news: &News) -> Vec<StatusChange> {
    let mut changes = Vec::new();
    for (criterion, held) in &after.criteria {
        let Some(was) = before.criteria.get(criterion).filter(|was| was.status != held.status) else { continue };
        let Basis { at, as_of, seq, .. } = after.basis;
        changes.push(StatusChange {
            id: format!(
                "{}.{criterion}.{}.{}.{as_of}.{}",
                after.entity,
                was.status.as_str(),
                held.status.as_str(),
                seq.0
            ),
            at,
            as_of,
            entity: after.entity,
            criterion: criterion.clone(),
            from: was.status,
            to: held.status,
            cause: cause((&before.basis, &after.basis), criterion, [was, held], news),
        });
    }
    changes
}

/// The nearest cause: what bears on this very criterion before what happened elsewhere.
fn cause((before, after): (&Basis, &Basis), criterion: &CriterionId, held: [&Held; 2], news: &News) -> Cause {
    if before.catalog != after.catalog {
        return Cause::Catalog;
    }
    if before.judge != after.judge {
        return Cause::Judge;
    }
    let bears = |paper: &Paper| held.iter().flat_map(|held| &held.papers).any(|held| is_of(held, paper));
    let concerns = |named: &Option<CriterionId>, paper: &Option<Paper>| match named {
        Some(named) => named == criterion,
        None => paper.as_ref().is_some_and(bears),
    };
    let decided = news.decisions.iter().rev().find(|(_, named, paper)| concerns(named, paper));
    if let Some((seq, ..)) = decided {
        return Cause::Decision { seq: *seq };
    }
    if let Some(paper) = news.papers.iter().find(|paper| bears(paper)) {
        return Cause::Document { paper: paper.clone() };
    }
    if before.as_of != after.as_of {
        return Cause::Day;
    }
    // A paper elsewhere can matter too: a newer version that replaces this one, a copy that went.
    match (news.papers.first(), news.decisions.last()) {
        (Some(paper), _) => Cause::Document { paper: paper.clone() },
        (None, Some((seq, ..))) => Cause::Decision { seq: *seq },
        (None, None) => Cause::Configuration,
    }
}

/// True if a paper is the file, or lies in it.
fn is_of(paper: &Paper, file: &Paper) -> bool {
    let rest = paper.path.strip_prefix(&file.path);
    paper.root == file.root && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('!'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(path: &str) -> Paper {
        Paper { root: "/srv".into(), path: path.into() }
    }

    fn holding(day: &str, judge: &str, statuses: &[(&str, Status, &[&str])]) -> Holding {
        let basis = Basis {
            at: InstantMs(7),
            as_of: day.parse().unwrap(),
            seq: Seq(40),
            judge: judge.into(),
            catalog: "catalog".into(),
        };
        let held = |(id, status, papers): &(&str, Status, &[&str])| {
            let papers = papers.iter().map(|path| paper(path)).collect();
            (id.parse().unwrap(), Held { status: *status, papers })
        };
        Holding { entity: Entity::UsImporter, basis, criteria: statuses.iter().map(held).collect() }
    }

    #[test]
    fn names_the_nearest_cause() {
        let news = |papers: &[&str], decisions: &[(u64, Option<&str>, Option<&str>)]| News {
            papers: papers.iter().map(|path| paper(path)).collect(),
            decisions: decisions
                .iter()
                .map(|(seq, named, path)| (Seq(*seq), named.map(|id| id.parse().unwrap()), path.map(paper)))
                .collect(),
        };
        let none: &[(u64, Option<&str>, Option<&str>)] = &[];
        for (name, day, judge, news, want) in [
            ("its own paper", "2026-11-01", "j", news(&["a", "log.zip"], none), "document log.zip"),
            ("another paper only", "2026-11-01", "j", news(&["b"], none), "document b"),
            ("its own paper and a new day", "2026-11-02", "j", news(&["log.zip"], none), "document log.zip"),
            ("another paper and a new day", "2026-11-02", "j", news(&["b"], none), "day a new day"),
            (
                "a decision on it",
                "2026-11-01",
                "j",
                news(&["log.zip"], &[(9, Some("6.7"), None)]),
                "decision decision 9",
            ),
            ("on its paper", "2026-11-01", "j", news(&[], &[(9, None, Some("log.zip"))]), "decision decision 9"),
            ("on another", "2026-11-01", "j", news(&["log.zip"], &[(9, Some("6.1"), None)]), "document log.zip"),
            ("nothing", "2026-11-01", "j", News::default(), "configuration another configuration"),
            ("a judge", "2026-11-02", "k", news(&["log.zip"], none), "judge a new version of the program"),
        ] {
            let before = holding("2026-11-01", "j", &[("6.7", Status::Missing, &[]), ("6.8", Status::Stale, &[])]);
            let now: &[&str] = &["log.zip!may.xlsx"];
            let after = holding(day, judge, &[("6.7", Status::Current, now), ("6.8", Status::Stale, &[])]);
            let found = changes(&before, &after, &news);
            let told: Vec<String> =
                found.iter().map(|change| format!("{} {}", change.cause.as_str(), change.cause)).collect();
            assert_eq!(told, [want], "{name}");
        }
    }

    #[test]
    fn found_again_it_is_the_same() {
        let before = holding("2026-11-01", "j", &[("6.7", Status::Missing, &[])]);
        let after = holding("2026-11-01", "j", &[("6.7", Status::Current, &[]), ("9.9", Status::Missing, &[])]);
        let ids = || changes(&before, &after, &News::default()).into_iter().map(|change| change.id).collect::<Vec<_>>();
        assert_eq!(ids(), ["us-importer.6.7.missing.current.2026-11-01.40"]);
        assert_eq!(ids(), ids());
        assert_eq!(changes(&after, &after, &News::default()), []);
    }
}
