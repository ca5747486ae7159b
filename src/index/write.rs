//! Writing: documents put, files removed, and one commit that names the ledger's head it stands for.

use serde::{Deserialize, Serialize};
use tantivy::schema::Term;
use tantivy::{IndexWriter, TantivyDocument};

use super::{Error, Index};
use crate::domain::day::Day;
use crate::domain::fact::Head;
use crate::domain::judge::signal::Language;

/// Raise when fields or analyzers change: older indexes are then rebuilt.
const INDEX_VERSION: u32 = 1;

/// Memory for documents not yet written, over all writer threads.
const HEAP_BYTES: usize = 60_000_000;

/// One writer thread: the machine's other cores are busy reading documents.
const WRITER_THREADS: usize = 1;

/// A document as the index takes it.
pub struct IndexedDocument {
    pub key: String,
    /// The key of the file that it is, or is a member of.
    pub file: String,
    pub root: u32,
    pub path: String,
    pub title: String,
    /// All passages, one a line.
    pub text: String,
    pub language: Language,
    pub format: String,
    pub role: String,
    pub kinds: Vec<String>,
    pub criteria: Vec<String>,
    pub site: String,
    pub day: Option<Day>,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    version: u32,
    head: Head,
}

pub(super) fn parse_payload(text: &str) -> Option<Head> {
    let payload: Payload = serde_json::from_str(text).ok()?;
    (payload.version == INDEX_VERSION).then_some(payload.head)
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

    /// Makes everything since the last commit searchable, as of `head`.
    pub fn commit(mut self, head: Head) -> Result<(), Error> {
        let payload = serde_json::to_string(&Payload { version: INDEX_VERSION, head }).expect("plain values");
        let path = self.index.folder.clone();
        let error = |e: tantivy::TantivyError| Error::Write { path: path.clone(), source: e.into() };
        let mut commit = self.inner.prepare_commit().map_err(error)?;
        commit.set_payload(&payload);
        commit.commit().map_err(error)?;
        self.inner.wait_merging_threads().map_err(error)
    }

    fn row(&self, document: &IndexedDocument) -> TantivyDocument {
        let fields = &self.index.fields;
        let mut row = TantivyDocument::new();
        row.add_text(fields.key, &document.key);
        row.add_text(fields.file, &document.file);
        row.add_u64(fields.root, u64::from(document.root));
        row.add_text(fields.path, &document.path);
        row.add_text(fields.title, &document.title);
        row.add_text(fields.text, &document.text);
        match document.language {
            Language::Spanish => row.add_text(fields.spanish, &document.text),
            Language::English | Language::Other => row.add_text(fields.english, &document.text),
        }
        row.add_text(fields.kind_of_file, &document.format);
        row.add_text(fields.role, &document.role);
        row.add_text(fields.site, &document.site);
        for kind in &document.kinds {
            row.add_text(fields.kind, kind);
        }
        for criterion in &document.criteria {
            row.add_text(fields.criterion, criterion);
        }
        if let Some(year) = document.day.and_then(|day| u64::try_from(day.year()).ok()) {
            row.add_u64(fields.year, year);
        }
        row
    }

    fn error(&self, source: tantivy::TantivyError) -> Error {
        Error::Write { path: self.index.folder.clone(), source: source.into() }
    }
}
