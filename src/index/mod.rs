//! The text index: a disposable cache of the ledger's text, in tantivy. The only place that names it.
//!
//! Nothing is stored here alone. Every commit carries the ledger's head it was made from; an index whose head the
//! ledger does not know, or of another schema, is deleted and built again by the engine.

mod analyze;
mod fields;
mod folder;
mod kept;
mod mark;
mod search;
mod similar;
mod translate;
mod write;

pub use fields::{Card, Sketch};
pub use mark::{Mark, Marker};
pub use search::{Facet, Found, Hits, Plan, Searching, Sort};
pub use similar::Likeness;
pub use write::{IndexedDocument, Made, Writer};

use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use fields::Fields;
use folder::IndexFolder;

/// Why the index could not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("could not open the index `{path}`")]
    Open { path: PathBuf, source: Box<dyn std::error::Error + Send + Sync> },
    #[error("could not write to the index `{path}`")]
    Write { path: PathBuf, source: Box<dyn std::error::Error + Send + Sync> },
    #[error("could not search the index `{path}`")]
    Search { path: PathBuf, source: Box<dyn std::error::Error + Send + Sync> },
}

/// An open index.
pub struct Index {
    inner: tantivy::Index,
    fields: Fields,
    folder: PathBuf,
    made: Option<Made>,
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
        if index.made.is_some() { Ok(index) } else { Err(error("it is being built")) }
    }

    /// True if every byte is as it was written: a writer would carry damage on, or break down over it.
    pub fn is_sound(&self) -> bool {
        self.inner.validate_checksum().is_ok_and(|damaged| damaged.is_empty())
    }

    /// What the last commit was made from; `None` for an empty index.
    pub fn made(&self) -> Option<&Made> {
        self.made.as_ref()
    }

    /// Deletes whatever is there and starts anew.
    pub fn create(folder: &Path) -> Result<Self, Error> {
        let error = |source: Box<dyn std::error::Error + Send + Sync>| Error::Open { path: folder.to_owned(), source };
        if folder.exists() {
            std::fs::remove_dir_all(folder).map_err(|e| error(e.into()))?;
        }
        folder::make(folder).map_err(|e| error(e.into()))?;
        let (schema, fields) = fields::schema();
        let files = IndexFolder::open(folder).map_err(|e| error(e.into()))?;
        let inner = tantivy::Index::create(files, schema, tantivy::IndexSettings::default());
        let inner = inner.map_err(|e| error(e.into()))?;
        analyze::register(inner.tokenizers());
        Ok(Self { inner, fields, folder: folder.to_owned(), made: None })
    }

    /// An index of its own in memory, for papers of the past.
    pub fn in_memory() -> Self {
        let (schema, fields) = fields::schema();
        let inner = tantivy::Index::create_in_ram(schema);
        analyze::register(inner.tokenizers());
        Self { inner, fields, folder: PathBuf::from("memory"), made: None }
    }

    fn open_existing(folder: &Path) -> Option<Self> {
        let inner = tantivy::Index::open(IndexFolder::open(folder).ok()?).ok()?;
        let (schema, fields) = fields::schema();
        if inner.schema() != schema {
            return None;
        }
        analyze::register(inner.tokenizers());
        let metas = inner.load_metas().ok()?;
        if !files_are_whole(&metas, folder) {
            return None;
        }
        let made = match metas.payload.as_deref().map(write::parse_payload) {
            // A commit of another version of this module.
            Some(None) => return None,
            Some(Some(made)) => Some(made),
            None => None,
        };
        Some(Self { inner, fields, folder: folder.to_owned(), made })
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
mod tests;
