//! The catalog's shapes, as they stand in its TOML.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::day::Period;
use crate::domain::entity::{Entity, Level};
use crate::domain::ids::{CriterionId, RecordKindId};
use crate::domain::judge::verdict::NeedKind;

/// A whole catalog.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// Version of this format: 1.
    pub schema: u32,
    /// `ctpat-msc`.
    pub id: String,
    pub title: String,
    /// Which edition of the requirements this follows, in words.
    pub edition: String,
    /// Named lists of words used by the patterns below as `{name}`.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
    #[serde(rename = "category")]
    pub categories: Vec<Category>,
    #[serde(rename = "criterion")]
    pub criteria: Vec<Criterion>,
    #[serde(default, rename = "record_kind")]
    pub record_kinds: Vec<RecordKind>,
    #[serde(default, rename = "clause")]
    pub clauses: Vec<Clause>,
    #[serde(default, rename = "topic")]
    pub topics: Vec<Topic>,
    #[serde(default, rename = "unrelated")]
    pub unrelated: Vec<Unrelated>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    pub id: u32,
    pub name: String,
    pub summary: String,
}

/// One numbered requirement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    pub id: CriterionId,
    pub category: u32,
    pub title: String,
    /// What is required, in our own words.
    pub requirement: String,
    /// What would prove it, as a person would gather it: `signed visitor log of the last month`.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// Levels by entity type; an entity in none of `levels` and `unknown` is not concerned.
    pub levels: BTreeMap<Entity, Level>,
    /// Entities whose level is likely but not confirmed by a readable source.
    #[serde(default)]
    pub unverified: Vec<Entity>,
    /// Entities for which even applicability is not established.
    #[serde(default)]
    pub unknown: Vec<Entity>,
    /// A doubt or a note for the reader.
    #[serde(default)]
    pub note: Option<String>,
    /// Which part is only a *should* inside a *must*, in words.
    #[serde(default)]
    pub should_parts: Option<String>,
    /// Where the facts come from.
    #[serde(default)]
    pub source: Option<String>,
    #[serde(rename = "need")]
    pub needs: Vec<Need>,
}

impl Criterion {
    pub fn level(&self, entity: Entity) -> Level {
        if self.unknown.contains(&entity) {
            return Level::Unknown;
        }
        self.levels.get(&entity).copied().unwrap_or(Level::NotApplicable)
    }
}

/// What a criterion asks a company to hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    pub kind: NeedKind,
    /// For a record need: any of these kinds meets it.
    #[serde(default)]
    pub any_of: Vec<RecordKindId>,
    /// How old the newest record may be; for a procedure: how long until its review is overdue (a warning).
    #[serde(default)]
    pub max_age: Option<Period>,
    /// How often a record is due: its last twelve periods are looked at.
    #[serde(default)]
    pub every: Option<Period>,
    #[serde(default)]
    pub trigger: Trigger,
    #[serde(default)]
    pub scope: Scope,
    #[serde(default)]
    pub basis: Basis,
}

/// When a need arises.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    #[default]
    Always,
    /// Only when something happened (an incident, a broken seal).
    OnEvent,
    /// Only if the company uses the thing (drivers of its own, cameras).
    IfUsed,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    #[default]
    Company,
    /// Each site needs its own.
    Site,
}

/// Who sets the period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    Criterion,
    #[default]
    Practice,
}

/// A kind of paper that proves practice.
///
/// Patterns are texts in the pattern language of `docs/catalog.md`: `a b|c d & e* & !f`, matched on lower-case,
/// accent-folded words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordKind {
    pub id: RecordKindId,
    pub name: String,
    pub name_es: String,
    /// How such a paper is titled: topic and genre in one line.
    #[serde(default)]
    pub titles: Vec<String>,
    /// Groups of alternative column heads or form labels; one group, one column.
    #[serde(default)]
    pub columns: Vec<String>,
    /// How many groups must be seen together.
    #[serde(default = "three")]
    pub columns_min: u8,
    /// Phrases of its body.
    #[serde(default)]
    pub clues: Vec<String>,
    /// Contexts in which the words mean something else.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Groups of labels; one that is there must be filled for the form to count as a record. Its first word names it.
    #[serde(default)]
    pub filled: Vec<String>,
    /// The criteria that such a paper proves. The record needs of these criteria name this kind in `any_of` (checked);
    /// a kind that stands as a procedure is written like one and speaks for them as a procedure.
    #[serde(default)]
    pub proves: Vec<CriterionId>,
    /// Further criteria, proven only if a clue is there.
    #[serde(default)]
    pub proves_if: Vec<ProvesIf>,
    /// Criteria that it supports in passing (weak).
    #[serde(default)]
    pub supports: Vec<CriterionId>,
    /// Such papers mention everything (audits, visits, minutes): nothing else may be proved by them.
    #[serde(default)]
    pub exclusive: bool,
    /// The paper is a record, a procedure, or both at once (a signed statement).
    #[serde(default)]
    pub stands_as: StandsAs,
    /// Only in files of these forms (`image`).
    #[serde(default)]
    pub formats: Vec<String>,
    /// How its day is found where the usual order misleads.
    #[serde(default)]
    pub date: DateRule,
    /// Points needed to take a paper for this kind: a title gives 3, each column group and clue 1.
    #[serde(default = "three")]
    pub need: u8,
}

fn three() -> u8 {
    3
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StandsAs {
    #[default]
    Record,
    Procedure,
    Both,
}

/// Which date of a record kind is its day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateRule {
    #[default]
    Usual,
    /// The day it was closed (investigations, corrective actions, reviews).
    Closing,
    /// A labelled date in the head (scans, tests).
    Head,
    /// The last of several forms.
    Last,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvesIf {
    pub criterion: CriterionId,
    pub clue: String,
}

/// How a written rule speaks of a criterion: concept groups within one section.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    pub criterion: CriterionId,
    /// Titles of papers that are about just this.
    #[serde(default)]
    pub titles: Vec<String>,
    #[serde(default)]
    pub sections: Vec<String>,
    /// The words are so particular that a hit counts outside its topics too.
    #[serde(default)]
    pub specific: bool,
}

/// A subject of procedures, by title: which criteria a single section of such a paper may speak for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    pub id: String,
    pub titles: Vec<String>,
    pub criteria: Vec<CriterionId>,
}

/// A kind of paper that shares the words and proves nothing here (invoices, fire drills, fuel logs).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unrelated {
    pub id: String,
    pub name: String,
    pub titles: Vec<String>,
    #[serde(default)]
    pub clues: Vec<String>,
    #[serde(default)]
    pub unless: Vec<String>,
    #[serde(default = "three")]
    pub need: u8,
}
