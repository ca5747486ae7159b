//! The text index: a disposable cache of the ledger's text, in tantivy. The only place that names it.
//!
//! Nothing is stored here alone. Every commit carries the ledger's head it was made from; an index whose head the
//! ledger does not know, or of another schema, is deleted and built again by the engine.

mod analyze;
mod fields;
mod search;
mod write;

pub use search::{Found, Hits, Marker};
pub use write::{IndexedDocument, Writer};

use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::domain::fact::Head;
use fields::Fields;

/// Why the index could not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("could not open the index `{path}`")]
    Open { path: PathBuf, source: Box<dyn std::error::Error + Send + Sync> },
    #[error("could not write to the index `{path}`")]
    Write { path: PathBuf, source: Box<dyn std::error::Error + Send + Sync> },
    #[error("could not search the index `{path}`")]
    Search { path: PathBuf, source: Box<dyn std::error::Error + Send + Sync> },
    /// The person's query is at fault.
    #[error("could not understand the query `{query}`: {problem}")]
    Query { query: String, problem: String },
}

/// An open index.
pub struct Index {
    inner: tantivy::Index,
    fields: Fields,
    folder: PathBuf,
    applied: Option<Head>,
}

impl Index {
    /// Opens the index in `folder`, or makes an empty one there; an index of another schema, or a broken one, is
    /// replaced by an empty one.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        match Self::open_existing(folder) {
            Some(index) => Ok(index),
            None => Self::create(folder),
        }
    }

    /// Opens the index in `folder` to search in it, and changes nothing there: another process may be building it.
    pub fn open_to_search(folder: &Path) -> Result<Self, Error> {
        let error = |what: &str| Error::Open { path: folder.to_owned(), source: what.into() };
        let index = Self::open_existing(folder).ok_or_else(|| error("it is damaged, or of another version"))?;
        if index.applied.is_some() { Ok(index) } else { Err(error("it is being built")) }
    }

    /// True if every byte is as it was written: a writer would carry damage on, or break down over it.
    pub fn is_sound(&self) -> bool {
        self.inner.validate_checksum().is_ok_and(|damaged| damaged.is_empty())
    }

    /// The ledger's head at the last commit; `None` for an empty index.
    pub fn applied(&self) -> Option<Head> {
        self.applied
    }

    /// Deletes whatever is there and starts anew.
    pub fn create(folder: &Path) -> Result<Self, Error> {
        let error = |source: Box<dyn std::error::Error + Send + Sync>| Error::Open { path: folder.to_owned(), source };
        if folder.exists() {
            std::fs::remove_dir_all(folder).map_err(|e| error(e.into()))?;
        }
        std::fs::create_dir_all(folder).map_err(|e| error(e.into()))?;
        let (schema, fields) = fields::schema();
        let inner = tantivy::Index::create_in_dir(folder, schema).map_err(|e| error(e.into()))?;
        analyze::register(inner.tokenizers());
        Ok(Self { inner, fields, folder: folder.to_owned(), applied: None })
    }

    fn open_existing(folder: &Path) -> Option<Self> {
        let inner = tantivy::Index::open_in_dir(folder).ok()?;
        let (schema, fields) = fields::schema();
        if inner.schema() != schema {
            return None;
        }
        analyze::register(inner.tokenizers());
        let metas = inner.load_metas().ok()?;
        if !files_are_whole(&metas, folder) {
            return None;
        }
        let applied = metas.payload.as_deref().map(write::parse_payload);
        match applied {
            // A commit of another version of this module.
            Some(None) => None,
            Some(Some(head)) => Some(Self { inner, fields, folder: folder.to_owned(), applied: Some(head) }),
            None => Some(Self { inner, fields, folder: folder.to_owned(), applied: None }),
        }
    }
}

/// The last bytes of every file that tantivy wrote to its end.
const FILE_END: [u8; 4] = 1337_u32.to_le_bytes();

/// True if every file of the index is there and was written to its end: tantivy breaks down over some that are not.
/// A look at the ends costs nothing; the bytes between are checked before anything is written ([`Index::is_sound`]).
fn files_are_whole(metas: &tantivy::IndexMeta, folder: &Path) -> bool {
    metas.list_segment_files().into_iter().all(|file| {
        let path = folder.join(&file);
        // Two sorts exist only at times: what was deleted since, and documents on their way.
        let may_lack = file.extension().is_some_and(|ending| ending == "del" || ending == "temp");
        (may_lack && !path.exists()) || ends_well(&path).unwrap_or(false)
    })
}

fn ends_well(file: &Path) -> std::io::Result<bool> {
    let mut file = std::fs::File::open(file)?;
    let mut end = [0; 8];
    file.seek(SeekFrom::End(-8))?;
    file.read_exact(&mut end)?;
    Ok(end[4..] == FILE_END)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{ContentHash, Seq};
    use crate::domain::judge::signal::Language;

    fn document(key: &str, text: &str) -> IndexedDocument {
        IndexedDocument {
            key: key.to_owned(),
            file: key.to_owned(),
            root: 1,
            path: key.to_owned(),
            title: String::new(),
            text: text.to_owned(),
            language: Language::English,
            format: "docx".to_owned(),
            role: "record".to_owned(),
            kinds: vec!["visitor-log".to_owned()],
            criteria: vec!["10.2".to_owned()],
            site: "main".to_owned(),
            day: None,
        }
    }

    fn index_of(documents: &[IndexedDocument]) -> (tempfile::TempDir, Index) {
        let folder = tempfile::tempdir().unwrap();
        let index = Index::create(folder.path()).unwrap();
        let mut writer = index.writer().unwrap();
        for document in documents {
            writer.put(document).unwrap();
        }
        writer.commit(Head { seq: Seq(7), hash: ContentHash([3; 32]) }).unwrap();
        let index = Index::open(folder.path()).unwrap();
        (folder, index)
    }

    #[test]
    fn finds_words_phrases_fields_and_stems() {
        let (_folder, index) = index_of(&[
            document("a/visitor log.docx", "High security seals are affixed by the shipping clerk."),
            document("b/other.docx", "Security of the high yard; a seal was not needed. ISO 17712"),
            document("c/bitacora.docx", "Revisión de los sellos de alta seguridad"),
        ]);
        for (query, want) in [
            ("high security", vec!["a/visitor log.docx", "b/other.docx"]),
            ("\"high security\"", vec!["a/visitor log.docx"]),
            ("seal", vec!["a/visitor log.docx", "b/other.docx"]),
            ("revision", vec!["c/bitacora.docx"]),
            ("REVISIÓN", vec!["c/bitacora.docx"]),
            ("high -clerk", vec!["b/other.docx"]),
            ("clerk OR yard", vec!["a/visitor log.docx", "b/other.docx"]),
            ("visitor", vec!["a/visitor log.docx"]),
            ("criterion:10.2 17712", vec!["b/other.docx"]),
            ("type:pdf", vec![]),
            ("clerk yard", vec![]),
        ] {
            let mut found: Vec<String> =
                index.search(query, 10, 0).unwrap().found.into_iter().map(|hit| hit.key).collect();
            found.sort();
            assert_eq!(found, want, "{query}");
        }
    }

    #[test]
    fn a_later_version_replaces_the_earlier_one() {
        let (folder, index) = index_of(&[document("a", "first wording")]);
        let mut writer = index.writer().unwrap();
        writer.remove_file("a");
        writer.put(&document("a", "second wording")).unwrap();
        writer.remove_file("gone");
        writer.commit(Head { seq: Seq(9), hash: ContentHash([4; 32]) }).unwrap();
        let index = Index::open(folder.path()).unwrap();
        assert_eq!(index.applied(), Some(Head { seq: Seq(9), hash: ContentHash([4; 32]) }));
        assert_eq!(index.search("first", 10, 0).unwrap().total, 0);
        assert_eq!(index.search("wording", 10, 0).unwrap().total, 1);
    }

    #[test]
    fn a_broken_index_is_replaced_by_an_empty_one() {
        let (folder, index) = index_of(&[document("a", "text")]);
        drop(index);
        std::fs::write(folder.path().join("meta.json"), "{").unwrap();
        let index = Index::open(folder.path()).unwrap();
        assert_eq!(index.applied(), None);
        assert_eq!(index.search("text", 10, 0).unwrap().total, 0);
    }

    #[test]
    fn damage_is_seen_before_it_does_harm() {
        for (ending, bytes) in [("term", &b""[..]), ("idx", b"rotten"), ("store", b"not an end of ours")] {
            let (folder, index) = index_of(&[document("a", "text")]);
            assert!(index.is_sound());
            drop(index);
            let entries = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
            let file = entries.into_iter().find(|path| path.extension().is_some_and(|e| e == ending)).unwrap();
            std::fs::write(file, bytes).unwrap();
            assert!(Index::open_to_search(folder.path()).is_err(), "{ending}");
            assert_eq!(Index::open(folder.path()).unwrap().applied(), None, "{ending}");
        }
    }

    #[test]
    fn a_flipped_bit_is_found_by_the_long_look() {
        let (folder, index) = index_of(&[document("a", "text")]);
        drop(index);
        let entries = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let file = entries.into_iter().find(|path| path.extension().is_some_and(|e| e == "store")).unwrap();
        let mut bytes = std::fs::read(&file).unwrap();
        bytes[0] ^= 1;
        std::fs::write(file, bytes).unwrap();
        assert!(!Index::open(folder.path()).unwrap().is_sound());
    }

    #[test]
    fn a_bad_query_says_what_is_wrong() {
        let (_folder, index) = index_of(&[]);
        for (query, part) in
            [("colour:red", "no field `colour`"), ("\"open", "quotation"), ("", "empty"), ("-seal", "only")]
        {
            let message = index.search(query, 10, 0).unwrap_err().to_string();
            assert!(message.contains(part), "{query}: {message}");
        }
    }

    #[test]
    fn marks_the_words_that_matched() {
        let (_folder, index) = index_of(&[]);
        let marker = index.marker("\"high security\" seals").unwrap();
        let text = "Seals of HIGH Security type";
        let marks: Vec<&str> = marker.marks(text).into_iter().map(|mark| &text[mark.range]).collect();
        assert_eq!(marks, ["Seals", "HIGH", "Security"]);
    }
}
