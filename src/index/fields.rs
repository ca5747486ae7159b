//! The index's fields, and the card that is kept of each document: all that a list of hits shows, so that no other store
//! is opened for it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use serde::{Deserialize, Serialize};
use tantivy::schema::{
    BytesOptions, FAST, Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing,
    TextOptions,
};

use super::analyze;
use crate::domain::assess::status::DocumentName;
use crate::domain::day::Day;
use crate::domain::ids::ContentHash;
use crate::domain::judge::verdict::Role;
use crate::domain::query::CodeField;
use crate::domain::reading::Format;

/// Handles of all fields.
pub struct Fields {
    /// Unique name of a document: root, path and member.
    pub key: Field,
    /// Name of the file that a document is, or lies in: root and path.
    pub file: Field,
    /// The root's folder.
    pub root: Field,
    /// The path as words.
    pub path: Field,
    pub title: Field,
    pub heading: Field,
    /// Exact forms with positions.
    pub text: Field,
    /// Stems of text, title and path, for documents in English and in no language that is known.
    pub english: Field,
    /// The same, for documents in Spanish.
    pub spanish: Field,
    /// The format's short name.
    pub format: Field,
    pub role: Field,
    pub kind: Field,
    pub criterion: Field,
    pub site: Field,
    /// What came of reading, and the reason.
    pub outcome: Field,
    pub language: Field,
    /// Days since 1970.
    pub day: Field,
    pub card: Field,
    /// What the engine keeps beside a document, for questions about all of them.
    pub known: Field,
}

/// What a list of hits shows of a document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Card {
    #[serde(rename = "k")]
    pub key: String,
    #[serde(rename = "f")]
    pub file: String,
    #[serde(rename = "n")]
    pub name: DocumentName,
    #[serde(rename = "t")]
    pub title: String,
    #[serde(rename = "y")]
    pub format: Option<Format>,
    #[serde(rename = "r")]
    pub role: Option<Role>,
    #[serde(rename = "e")]
    pub kinds: Vec<String>,
    #[serde(rename = "c")]
    pub criteria: Vec<String>,
    /// `read`, or why not: the state first, then its reason.
    #[serde(rename = "o")]
    pub outcome: Vec<String>,
    #[serde(rename = "d")]
    pub day: Option<Day>,
    #[serde(rename = "h")]
    pub content: Option<ContentHash>,
    #[serde(rename = "s")]
    pub sketch: Sketch,
}

/// The low byte of a place of a sketch that nothing fell into; one value in 256 has it as well.
const EMPTY: u8 = u8::MAX;
/// Values of a sketch looked up together.
const BAND: usize = 4;

/// The low byte of each value of a text's sketch: enough to tell versions of one text, in an eighth of the room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Sketch(Vec<u8>);

impl Sketch {
    pub fn of(values: &[u64]) -> Self {
        Self(values.iter().map(|value| value.to_le_bytes()[0]).collect())
    }

    /// The share of equal values among those that either text has; 0 for a text too short for a sketch.
    pub fn likeness(&self, other: &Self) -> f32 {
        if self.0.is_empty() || self.0.len() != other.0.len() {
            return 0.0;
        }
        let taken = |(a, b): &(&u8, &u8)| **a != EMPTY || **b != EMPTY;
        let pairs = self.0.iter().zip(&other.0).filter(taken);
        let equal = pairs.clone().filter(|(a, b)| a == b).count();
        equal as f32 / pairs.count().max(1) as f32
    }

    /// Runs of values: texts that are much alike share one at the same place.
    pub fn bands(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.0.chunks_exact(BAND).enumerate().filter(|(_, band)| band.iter().any(|value| *value != EMPTY))
    }
}

impl From<String> for Sketch {
    fn from(text: String) -> Self {
        Self(BASE64.decode(text).unwrap_or_default())
    }
}

impl From<Sketch> for String {
    fn from(sketch: Sketch) -> Self {
        BASE64.encode(sketch.0)
    }
}

fn words(analyzer: &str, option: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(analyzer).set_index_option(option);
    TextOptions::default().set_indexing_options(indexing)
}

pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let positions = || words(analyze::EXACT, IndexRecordOption::WithFreqsAndPositions);
    let frequencies = IndexRecordOption::WithFreqs;
    let fields = Fields {
        key: builder.add_text_field("key", STRING | FAST),
        file: builder.add_text_field("file", STRING),
        root: builder.add_text_field("root", STRING),
        path: builder.add_text_field("path", positions()),
        title: builder.add_text_field("title", positions()),
        heading: builder.add_text_field("heading", positions()),
        text: builder.add_text_field("text", positions()),
        english: builder.add_text_field("english", words(analyze::ENGLISH, frequencies)),
        spanish: builder.add_text_field("spanish", words(analyze::SPANISH, frequencies)),
        format: builder.add_text_field("type", STRING | FAST),
        role: builder.add_text_field("role", STRING | FAST),
        kind: builder.add_text_field("kind", STRING),
        criterion: builder.add_text_field("criterion", STRING | FAST),
        site: builder.add_text_field("site", STRING | FAST),
        outcome: builder.add_text_field("outcome", STRING),
        language: builder.add_text_field("language", STRING),
        day: builder.add_i64_field("day", NumericOptions::default().set_fast()),
        card: builder.add_text_field("card", STORED),
        known: builder.add_bytes_field("known", BytesOptions::default().set_stored()),
    };
    (builder.build(), fields)
}

impl Fields {
    pub fn of_code(&self, field: CodeField) -> Field {
        match field {
            CodeField::Criterion => self.criterion,
            CodeField::Role => self.role,
            CodeField::Kind => self.kind,
            CodeField::Type => self.format,
            CodeField::Site => self.site,
            CodeField::Root => self.root,
            CodeField::Outcome => self.outcome,
            CodeField::Language => self.language,
        }
    }
}

/// Days since 1970.
pub fn day_number(day: Day) -> i64 {
    i64::from(day.days_since(epoch()))
}

/// The year of a day's number.
pub fn year_of(number: i64) -> i16 {
    i32::try_from(number).map_or(0, |days| epoch().plus_days(days).year())
}

fn epoch() -> Day {
    Day::new(1970, 1, 1).expect("a day of the calendar")
}
