//! The shapes of what judging concludes: role, matches, chosen date. Values only.

use serde::{Deserialize, Serialize};

use crate::domain::day::Day;
use crate::domain::ids::{CriterionId, RecordKindId};
use crate::domain::reading::Place;

/// What a content is. Only `Procedure` and `Record` can prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    Procedure,
    Record,
    /// A blank form.
    Form,
    Draft,
    /// Customs' or a consultant's text, samples.
    Guidance,
    /// Answers of a Security Profile.
    Profile,
    /// Written by this program.
    OwnOutput,
    Other,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Procedure => "procedure",
            Self::Record => "record",
            Self::Form => "form",
            Self::Draft => "draft",
            Self::Guidance => "guidance",
            Self::Profile => "profile",
            Self::OwnOutput => "own-output",
            Self::Other => "other",
        }
    }
}

/// The two sorts of proof that a need can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NeedKind {
    Procedure,
    Record,
}

impl NeedKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Procedure => "procedure",
            Self::Record => "record",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    Weak,
    Strong,
}

/// A passage as quoted, at most [`Quote::MAX_CHARS`] characters, with its place in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub place: Place,
    /// `page 3`, `sheet Oct, row 14`; empty for a quote of the file's name.
    pub place_text: String,
    pub text: String,
}

impl Quote {
    pub const MAX_CHARS: usize = 300;
}

/// Content C bears on criterion K as procedure or record, because of these passages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Match {
    pub criterion: CriterionId,
    pub role: NeedKind,
    pub strength: Strength,
    /// 0 to 1; orders matches, means nothing by itself.
    pub score: f32,
    /// The record kind that the paper was taken for, if one.
    pub record_kind: Option<RecordKindId>,
    /// Of a workbook of different logs the sheets that speak for this, each with days of its own; empty: all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<u16>,
    /// One line each, in words that a manager accepts.
    pub reasons: Vec<String>,
    pub quotes: Vec<Quote>,
}

/// What a document is and bears on: signals of its content and hints of its path, weighed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    pub role: Role,
    pub role_reasons: Vec<String>,
    /// One per (criterion, need kind) at most; strong and weak; sorted by criterion, then kind. For papers that prove
    /// nothing (forms, drafts, guidance ...) these say what they look like, and are never proof.
    pub matches: Vec<Match>,
    /// What it would take to be a record: `no signature`, `date empty`. For forms.
    pub lacks: Vec<String>,
    /// True if the text or the folder says that the paper is withdrawn or replaced.
    pub superseded: bool,
}

/// Where a date was read, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateSource {
    /// A person said so.
    Decision,
    /// In the text: a labelled date, the last dated row, a signature.
    Text,
    MailHeader,
    Exif,
    FileName,
    Properties,
    /// The file's own time: weak.
    FileTime,
}

/// The day a document speaks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectiveDate {
    pub day: Day,
    pub source: DateSource,
    /// In words: `last dated row (row 214)`, `"Effective" on page 1`, `file name`.
    pub because: String,
    /// Dates of other sources that disagree, in words: `file name says 2025`.
    pub conflicts: Vec<String>,
}
