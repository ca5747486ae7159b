//! The shapes of an assessment: what each criterion's status is, and everything needed to say why.

use serde::{Deserialize, Serialize};

use crate::domain::day::Day;
use crate::domain::entity::{Entity, Level};
use crate::domain::fact::Head;
use crate::domain::ids::{ContentHash, CriterionId, RecordKindId};
use crate::domain::judge::verdict::{DateSource, EffectiveDate, NeedKind, Quote, Role, Strength, Verdict};
use crate::domain::reading::{Format, Unreadable};

/// Of a criterion, at a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Current,
    /// Current, and its proof goes stale within the warning window.
    DueSoon,
    NeedsReview,
    RecordOnly,
    ProcedureOnly,
    Stale,
    Missing,
    Waived,
    NotApplicable,
    Unknown,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::DueSoon => "due-soon",
            Self::NeedsReview => "needs-review",
            Self::RecordOnly => "record-only",
            Self::ProcedureOnly => "procedure-only",
            Self::Stale => "stale",
            Self::Missing => "missing",
            Self::Waived => "waived",
            Self::NotApplicable => "not-applicable",
            Self::Unknown => "unknown",
        }
    }

    /// A criterion that applies and is none of `current`, `due-soon`, `waived`.
    pub fn is_gap(self) -> bool {
        match self {
            Self::NeedsReview | Self::RecordOnly | Self::ProcedureOnly | Self::Stale | Self::Missing => true,
            Self::Current | Self::DueSoon | Self::Waived | Self::NotApplicable | Self::Unknown => false,
        }
    }
}

/// A document as a report names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentName {
    /// The root's folder as configured or given.
    pub root: String,
    pub site: String,
    /// Relative to the root, `/` between names, lossy; a member is `a.zip!b.docx`.
    pub path: String,
    /// Base64 of the path's bytes where they are not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_b64: Option<String>,
}

/// One document, judged and dated: the unit of `documents`, `matches` and `explain FILE`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessedDocument {
    pub name: DocumentName,
    /// `None` where the file could not even be hashed.
    pub content: Option<ContentHash>,
    /// Bytes, 0 if unknown.
    pub size: u64,
    pub format: Option<Format>,
    pub state: DocumentState,
    /// Present for read documents only.
    pub verdict: Option<Verdict>,
    pub effective: Option<EffectiveDate>,
    /// The newer document that replaces this one, if one was found.
    pub superseded_by: Option<String>,
    /// The first path that holds the same bytes, if this is not it.
    pub duplicate_of: Option<String>,
    /// True for a member of a container.
    pub is_member: bool,
    /// What people said of it, one line each, the oldest first. `verdict` is as they corrected it.
    pub decided: Vec<String>,
}

impl AssessedDocument {
    /// The day that the paper itself, its properties or its name give. A file's own time is shown and never judged by:
    /// copying a folder must change no status.
    pub fn own_date(&self) -> Option<&EffectiveDate> {
        self.effective.as_ref().filter(|date| date.source != DateSource::FileTime)
    }
}

/// What came of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentState {
    Read,
    Unreadable {
        reason: Unreadable,
        detail: String,
    },
    Unsupported {
        kind: String,
    },
    OcrPending,
    /// Seen by a pass that has not read it yet.
    Pending,
}

/// A document that bears on a need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bearing {
    pub document: DocumentName,
    pub role: Role,
    pub strength: Strength,
    pub score: f32,
    pub record_kind: Option<RecordKindId>,
    pub effective: Option<EffectiveDate>,
    /// Until when it counts as fresh, if it has a day.
    pub fresh_until: Option<Day>,
    pub reasons: Vec<String>,
    pub quotes: Vec<Quote>,
    /// Why it does not count, in words (`blank form: no signature`, `draft`, `replaced by ...`); `None` if it does.
    pub blocked_by: Option<String>,
}

/// How one need of a criterion stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NeedState {
    Met,
    /// Only weakly: a person should look.
    Weak,
    /// Only older than allowed.
    Stale,
    Absent,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessedNeed {
    pub kind: NeedKind,
    pub state: NeedState,
    /// What the need is, in words: `a visitor log, at most 12 months old`.
    pub wanted: String,
    /// Best first: what meets it, or nearly.
    pub bearings: Vec<Bearing>,
    /// Periods of a series (`2026-03`) for which no record was found, ascending.
    pub missing_periods: Vec<String>,
    /// `procedure last reviewed 2023-04-02: review overdue` and the like.
    pub warnings: Vec<String>,
}

/// One criterion, assessed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessedCriterion {
    pub id: CriterionId,
    pub category: u32,
    pub title: String,
    pub level: Level,
    /// True if the level is likely but not confirmed by a readable source.
    pub level_unverified: bool,
    pub status: Status,
    /// The line of the status table that fitted, in words.
    pub because: String,
    /// For gaps: what is there, what lacks, what to do next, each one plain sentence without a full stop.
    pub have: String,
    pub lacks: String,
    pub next: String,
    pub needs: Vec<AssessedNeed>,
    /// Papers that looked like proof and are not.
    pub blocked: Vec<Bearing>,
    /// The day on which the status will worsen by itself.
    pub due: Option<Day>,
}

/// The whole answer: the same facts, day and entity give the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    pub as_of: Day,
    pub entity: Entity,
    pub catalog: String,
    pub edition: String,
    pub head: Option<Head>,
    pub categories: Vec<AssessedCategory>,
    pub criteria: Vec<AssessedCriterion>,
    /// Every document, judged, in path order.
    pub documents: Vec<AssessedDocument>,
    /// Share of this entity's levels that are unverified, 0 to 1.
    pub unverified_share: f32,
    /// Things a reader should know first: offline roots, a pass in progress.
    pub notices: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessedCategory {
    pub id: u32,
    pub name: String,
}
