//! What assessing is given: every document as it was known, every decision, and the question.
//!
//! The engine fills these from the ledger (facts up to `known_by` only) and applies the time zone: here are days.

use serde::{Deserialize, Serialize};

use crate::domain::catalog::Catalog;
use crate::domain::day::Day;
use crate::domain::entity::Entity;
use crate::domain::fact::{Decision, Head};
use crate::domain::ids::{ContentHash, CriterionId, InstantMs, Seq};
use crate::domain::judge::dates::{NameDate, PropertyDates};
use crate::domain::judge::signal::DateSignals;
use crate::domain::judge::verdict::Verdict;
use crate::domain::reading::Format;

use super::status::{DocumentName, DocumentState};

/// The question with all that is known.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    pub catalog: &'a Catalog,
    pub entity: Entity,
    pub as_of: Day,
    /// How many days before its proof goes stale a criterion becomes `due-soon`; 30 by default.
    pub warning_days: u16,
    /// In any order.
    pub documents: Vec<KnownDocument>,
    /// In any order; `seq` orders them.
    pub decisions: Vec<KnownDecision>,
    pub head: Option<Head>,
    pub notices: Vec<String>,
}

/// One document as it stands in its root, with what its content was judged to be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownDocument {
    pub name: DocumentName,
    /// `None` where the file could not even be hashed.
    pub content: Option<ContentHash>,
    /// Bytes, 0 if unknown.
    pub size: u64,
    pub format: Option<Format>,
    pub state: DocumentState,
    /// For a document that could not be read: what its name alone hints at, or `None`.
    pub verdict: Option<Verdict>,
    /// The paper's title: its first heading or line, for telling versions of one paper. May be empty.
    pub title: String,
    pub dates: DateSignals,
    /// [`in_name`](crate::domain::judge::dates::in_name) of the path.
    pub name_date: Option<NameDate>,
    pub properties: PropertyDates,
    /// The file's own time as a day.
    pub file_time: Option<Day>,
    /// When a pass first saw this content at this path.
    pub first_seen: Option<InstantMs>,
    /// The judgement's similarity sketch; empty if there is none.
    pub sketch: Vec<u64>,
    /// True for a member of a container.
    pub is_member: bool,
    /// Pages that are pictures and wait for text recognition.
    pub pages_waiting: u32,
}

/// What a person said, with its place in the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownDecision {
    pub seq: Seq,
    pub by: String,
    /// The day on which it was said.
    pub on: Day,
    /// The bytes it was said of.
    pub content: Option<ContentHash>,
    /// The document it was said of; `site` and `path_b64` do not matter.
    pub document: Option<DocumentName>,
    pub criterion: Option<CriterionId>,
    pub decision: Decision,
    /// The decision that this one takes back or replaces.
    pub replaces: Option<Seq>,
    /// The sketch of `content`, by which a later version of the document is known; empty if erased.
    pub sketch: Vec<u64>,
    /// The note, if it was given and is not erased.
    pub note: Option<String>,
}
