//! The signals that judging keeps of one content: what the rules and the model saw, where, and every date.
//!
//! Signals are stored in the ledger, so that verdicts can be weighed anew without reading the text again. They are
//! bounded: a content of any size leaves at most a few hundred kilobytes.

use serde::{Deserialize, Serialize};

use crate::domain::day::Day;
use crate::domain::ids::{CriterionId, RecordKindId};
use crate::domain::judge::dates::PropertyDates;
use crate::domain::judge::verdict::{NeedKind, Quote, Verdict};
use crate::domain::reading::Place;

/// Language of the running text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    English,
    Spanish,
    #[default]
    Other,
}

/// All that was seen in one content.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    pub language: Language,
    pub words: u32,
    pub rules: RuleSignals,
    /// What the passage model saw.
    pub model: ModelSignals,
    pub dates: DateSignals,
    /// The days that the file's own properties name.
    pub properties: PropertyDates,
    /// 64-bit similarity sketch of the text, for near-duplicates and carried decisions.
    pub sketch: Vec<u64>,
    /// What is left if badly recognised passages are left out; none if there are no such passages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sure: Option<Box<Judgement>>,
    /// Of a private document, instead of signals that hold its words: what they came to when it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Verdict>,
}

/// What the passage model saw in one content. Values of one model only: see its identity.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelSignals {
    /// Best passage per criterion and need kind, above a low floor; sorted by criterion, then kind.
    pub found: Vec<ModelSignal>,
    /// The first passages, kept as numbers so that a file's name can be weighed with them later, without the text.
    pub heads: Vec<HeadSignal>,
    /// How much the passages speak as proof (procedure or record) rather than as forms, advice or unrelated papers:
    /// mean signed distance, 0 is undecided.
    pub proof: f32,
    /// How much they speak as record (positive) or procedure (negative): mean signed distance.
    pub record: f32,
}

/// The first passage of a content, as the model's numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeadSignal {
    /// Length of its feature vector before scaling.
    pub norm: f32,
    /// Distance from each of the model's boundaries, in the model's order.
    pub margins: Vec<f32>,
}

/// What the passage model says of one criterion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSignal {
    pub criterion: CriterionId,
    pub role: NeedKind,
    /// Signed distance from the boundary; 0 is undecided.
    pub margin: f32,
    /// Passages above the floor.
    pub passages: u16,
    pub quote: Quote,
    /// The words that weighed most, best first.
    pub words: Vec<String>,
}

/// What the rules of the catalog saw. Its inside belongs to `judge::rules`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleSignals {
    /// Headings, first short lines, sheet names, subject: what the paper calls itself, best first.
    pub titles: Vec<TitleUnit>,
    /// The first lines as they stand, in normal form: where a title's forbidden words count.
    pub core: Vec<String>,
    pub kinds: Vec<KindSignal>,
    pub clauses: Vec<ClauseSignal>,
    pub unrelated: Vec<UnrelatedSignal>,
    pub role: RoleSignals,
    /// The sheets of a workbook of several, each read as a paper of its own.
    pub parts: Vec<PartSignals>,
}

/// One sheet of a workbook: often a log of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartSignals {
    /// Its number in the workbook, from 0.
    pub sheet: u16,
    pub name: String,
    pub titles: Vec<TitleUnit>,
    pub core: Vec<String>,
    pub kinds: Vec<KindSignal>,
}

impl RuleSignals {
    /// What the paper calls itself first; empty if it has no title.
    pub fn title(&self) -> &str {
        let first = self.titles.iter().find(|unit| unit.rank == TitleRank::First);
        first.map_or("", |unit| &unit.text)
    }
}

/// One thing that a paper calls itself. Kept as words, so that a file's name can be read beside it later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TitleUnit {
    /// In the normal form, at most 22 words.
    pub text: String,
    pub rank: TitleRank,
    pub quote: Quote,
}

/// How much a title unit weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TitleRank {
    /// The first two lines, the subject.
    First,
    /// Further lines of the head, sheet names, attachments.
    Further,
    /// The file's own `title` property: often left over from another paper.
    Property,
}

/// Words that a pattern found, and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    pub words: Vec<String>,
    pub quote: Quote,
}

/// One record kind's traces in a content, its titles apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KindSignal {
    pub kind: RecordKindId,
    /// The column heads or labels found together, if enough of them were.
    pub columns: Option<Seen>,
    pub clues: Vec<Seen>,
    /// A context in which the words mean something else.
    pub unless: bool,
    /// Criteria proven by a clue of their own.
    pub proves_if: Vec<(CriterionId, Seen)>,
    /// Labels that the kind wants filled and that stand empty here.
    pub lacks: Vec<String>,
}

/// One criterion's clause rules as found in the sections of a content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClauseSignal {
    pub criterion: CriterionId,
    /// One per pattern that was met, the first place of each.
    pub sections: Vec<SectionHit>,
    /// In how many sections a pattern was met, counted for every pattern.
    pub count: u16,
    /// A heading in the text that is about just this.
    pub heading: Option<String>,
}

/// A clause pattern met within one section, or over two neighbours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SectionHit {
    pub heading: String,
    /// True if the words lie in two adjacent sections: counts only inside the paper's own topics.
    pub spans_two: bool,
    pub seen: Seen,
}

/// Traces of a kind of paper that proves nothing, its titles apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnrelatedSignal {
    pub id: String,
    pub clues: u8,
    pub unless: bool,
}

/// What speaks for a paper's role: counts and marks, weighed together with its name by the verdict.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoleSignals {
    pub form: PaperForm,
    pub lines: u32,
    pub sections: u32,
    /// Distinct labels of a revision block: `revision`, `effective`, `approved by`.
    pub revision_labels: Vec<String>,
    /// Distinct names of usual sections: `purpose`, `scope`.
    pub section_names: Vec<String>,
    pub numbered_lines: u32,
    /// Words of obligation in the body.
    pub modals: u32,
    /// Words of something done: `found`, `signed`, `passed`.
    pub outcomes: u32,
    pub body_words: u32,
    pub dated_rows: u32,
    pub dates: u32,
    /// "Conducted", "attended" ... with a number in the first lines.
    pub act_in_head: bool,
    /// Distinct words of security and trade.
    pub security_words: u16,
    /// Lines or dots to write on.
    pub blank_marks: u32,
    /// Labels with nothing behind them.
    pub empty_labels: Vec<String>,
    pub filled_labels: u32,
    pub table_cells: u32,
    pub empty_cells: u32,
    pub draft: Option<Quote>,
    pub superseded: Option<Quote>,
    pub generator: Option<String>,
    /// Distinct criterion numbers named in the text.
    pub criterion_numbers: u16,
    /// Advice to a reader who is another company: `your company`, `members should`.
    pub advice: u32,
    /// Marks of a sample, a course, a consultant.
    pub sample: Option<Quote>,
    /// Marks of a Security Profile's questions and answers.
    pub profile: Option<Quote>,
    /// Marks of a gap report of this or another program.
    pub gap_report: Option<Quote>,
}

/// The sort of file, as far as the role depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperForm {
    #[default]
    Prose,
    Sheet,
    Slides,
    Mail,
    Picture,
}

/// Every date found, with its label; the last row on or before any day can be asked of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DateSignals {
    /// In reading order; of a long text the first and the last few hundred.
    pub candidates: Vec<DateCandidate>,
    /// Distinct days of dated rows, ascending; the newest 4,000.
    pub row_days: Vec<Day>,
    /// Rows (or lines that begin with a date) behind `row_days`, counted with repetition.
    pub dated_rows: u32,
    /// Lines of the text: what `DateCandidate::line` is counted against.
    pub lines: u32,
    /// True if the text is several filled forms one after the other.
    pub several_forms: bool,
}

/// One date in its context.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DateCandidate {
    /// The first day of what was written: of the month, the quarter, the year.
    pub day: Day,
    pub precision: DatePrecision,
    pub place: Place,
    /// The label or words before it, at most 60 characters.
    pub label: String,
    pub class: DateClass,
    pub sort: DateSort,
    /// Line of the text, from 0; blank ones not counted, long paragraphs counted as several.
    pub line: u32,
    /// True if day and month could as well be the other way round and nothing but the language spoke for this order.
    pub ambiguous: bool,
}

/// How much of a date was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DatePrecision {
    Day,
    Month,
    Quarter,
    Year,
}

/// What the words around a date make of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateClass {
    /// Effective, issued, revised, approved, signed; a bare `Date:`. Speaks for procedures and records.
    Issue,
    /// Held, performed, tested, visited. Speaks for records.
    Event,
    /// Closed, completed. Speaks for records, and first for those with [`DateRule::Closing`].
    ///
    /// [`DateRule::Closing`]: crate::domain::catalog::DateRule::Closing
    Closing,
    Plain,
    /// Due, next, expiry, birth, replaces: never the day a paper speaks for.
    Negative,
}

/// Where in the structure of a text a date stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateSort {
    /// Behind its own label: a form field, a key cell, `Date:`.
    Labelled,
    /// In a row of a table, under a head.
    Column,
    /// At the begin of a line of a log.
    DatedLine,
    Signature,
    /// A row of a revision history.
    Revision,
    MailHeader,
    /// A running header or footer.
    Margin,
    Plain,
}
