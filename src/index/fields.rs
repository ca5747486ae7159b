//! The index's fields. Their names are what a person writes before the colon of a query.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use super::analyze;

/// Handles of all fields.
pub struct Fields {
    /// Unique name of a document: root, path and member.
    pub key: Field,
    /// Name of the file that a document is, or lies in: root and path.
    pub file: Field,
    pub root: Field,
    /// The path as words.
    pub path: Field,
    pub title: Field,
    /// Exact forms with positions.
    pub text: Field,
    /// Stems, for documents in English.
    pub english: Field,
    /// Stems, for documents in Spanish.
    pub spanish: Field,
    /// The format's short name.
    pub kind_of_file: Field,
    pub role: Field,
    pub kind: Field,
    pub criterion: Field,
    pub site: Field,
    pub year: Field,
}

/// Names that a query may use before a colon.
pub const QUERY_FIELDS: [&str; 9] = ["path", "title", "text", "type", "role", "kind", "criterion", "site", "year"];

fn words(analyzer: &str, option: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(analyzer).set_index_option(option);
    TextOptions::default().set_indexing_options(indexing)
}

pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let positions = IndexRecordOption::WithFreqsAndPositions;
    let frequencies = IndexRecordOption::WithFreqs;
    let fields = Fields {
        key: builder.add_text_field("key", STRING | STORED),
        file: builder.add_text_field("file", STRING | STORED),
        root: builder.add_u64_field("root", INDEXED),
        path: builder.add_text_field("path", words(analyze::EXACT, positions)),
        title: builder.add_text_field("title", words(analyze::EXACT, positions)),
        text: builder.add_text_field("text", words(analyze::EXACT, positions)),
        english: builder.add_text_field("english", words(analyze::ENGLISH, frequencies)),
        spanish: builder.add_text_field("spanish", words(analyze::SPANISH, frequencies)),
        kind_of_file: builder.add_text_field("type", STRING),
        role: builder.add_text_field("role", STRING),
        kind: builder.add_text_field("kind", STRING),
        criterion: builder.add_text_field("criterion", STRING),
        site: builder.add_text_field("site", STRING),
        year: builder.add_u64_field("year", INDEXED | FAST),
    };
    (builder.build(), fields)
}
