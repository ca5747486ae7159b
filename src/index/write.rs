//! Writing: documents put, files removed, and one commit that names the ledger's head it stands for.

use serde::{Deserialize, Serialize};
use tantivy::schema::Term;
use tantivy::{IndexWriter, TantivyDocument};

use super::fields::{Card, day_number};
use super::{Error, Index};
use crate::domain::fact::Head;
use crate::domain::judge::signal::Language;
use crate::domain::judge::verdict::Role;
use crate::domain::reading::Format;

/// Raise when fields or analyzers change: older indexes are then rebuilt.
const INDEX_VERSION: u32 = 3;

/// Memory for documents not yet written, over all writer threads.
const HEAP_BYTES: usize = 60_000_000;

/// One writer thread: the machine's other cores are busy reading documents.
const WRITER_THREADS: usize = 1;

/// A document as the index takes it.
pub struct IndexedDocument {
    pub card: Card,
    /// One a line.
    pub headings: String,
    /// All passages, one a line.
    pub text: String,
    pub language: Language,
    /// The engine's own, given back by [`Index::each_known`].
    pub known: Vec<u8>,
}

/// What a commit was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub head: Head,
    /// Names everything besides the ledger that the documents depend on: program, judge, configuration.
    pub by: String,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    version: u32,
    #[serde(flatten)]
    made: Made,
}

pub(super) fn parse_payload(text: &str) -> Option<Made> {
    let payload: Payload = serde_json::from_str(text).ok()?;
    (payload.version == INDEX_VERSION).then_some(payload.made)
}

/// The only writer of an index at a time.
pub struct Writer<'a> {
    index: &'a Index,
    inner: IndexWriter,
}

impl Index {
    pub fn writer(&self) -> Result<Writer<'_>, Error> {
        let inner = self
            .inner
            .writer_with_num_threads(WRITER_THREADS, HEAP_BYTES)
            .map_err(|e| Error::Write { path: self.folder.clone(), source: e.into() })?;
        Ok(Writer { index: self, inner })
    }
}

impl Writer<'_> {
    /// Puts a document; what was there of its file is removed first, by [`Self::remove_file`].
    pub fn put(&mut self, document: &IndexedDocument) -> Result<(), Error> {
        self.inner.add_document(self.row(document)).map_err(|e| self.error(e))?;
        Ok(())
    }

    /// Removes a file's document and its members.
    pub fn remove_file(&mut self, file: &str) {
        self.inner.delete_term(Term::from_field_text(self.index.fields.file, file));
    }

    /// Makes everything since the last commit searchable.
    pub fn commit(mut self, made: Made) -> Result<(), Error> {
        let payload = serde_json::to_string(&Payload { version: INDEX_VERSION, made }).expect("plain values");
        let path = self.index.folder.clone();
        let error = |e: tantivy::TantivyError| Error::Write { path: path.clone(), source: e.into() };
        let mut commit = self.inner.prepare_commit().map_err(error)?;
        commit.set_payload(&payload);
        commit.commit().map_err(error)?;
        self.inner.wait_merging_threads().map_err(error)
    }

    fn row(&self, document: &IndexedDocument) -> TantivyDocument {
        let fields = &self.index.fields;
        let card = &document.card;
        let mut row = TantivyDocument::new();
        row.add_text(fields.key, &card.key);
        row.add_text(fields.file, &card.file);
        row.add_text(fields.root, &card.name.root);
        row.add_text(fields.path, &card.name.path);
        row.add_text(fields.title, &card.title);
        row.add_text(fields.heading, &document.headings);
        row.add_text(fields.text, &document.text);
        let (stems, language) = match document.language {
            Language::Spanish => (fields.spanish, "spanish"),
            Language::English => (fields.english, "english"),
            Language::Other => (fields.english, "other"),
        };
        for text in [&card.name.path, &card.title, &document.text] {
            row.add_text(stems, text);
        }
        row.add_text(fields.language, language);
        row.add_text(fields.format, card.format.map_or("other", Format::as_str));
        row.add_text(fields.role, card.role.map_or("other", Role::as_str));
        row.add_text(fields.site, &card.name.site);
        for (field, values) in
            [(fields.kind, &card.kinds), (fields.criterion, &card.criteria), (fields.outcome, &card.outcome)]
        {
            for value in values {
                row.add_text(field, value);
            }
        }
        if let Some(day) = card.day {
            row.add_i64(fields.day, day_number(day));
        }
        row.add_bytes(fields.known, &document.known);
        row.add_text(fields.card, serde_json::to_string(card).expect("plain values"));
        row
    }

    fn error(&self, source: tantivy::TantivyError) -> Error {
        Error::Write { path: self.index.folder.clone(), source: source.into() }
    }
}
