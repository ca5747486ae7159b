//! What can go wrong with the ledger, told apart so that a caller can say what to do next.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

pub type Result<T> = std::result::Result<T, Error>;

/// `tried` is a phrase that follows "could not": `append 200 facts`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no ledger at `{}`", path.display())]
    Absent { path: PathBuf },
    #[error(
        "the ledger `{}` is of version {found}, this program knows versions up to {known}: use a newer program",
        path.display()
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error("the ledger `{}` is of an older version ({found})", path.display())]
    Older { path: PathBuf, found: i64 },
    #[error("a repair or restore of the ledger `{}` was broken off", path.display())]
    Unfinished { path: PathBuf },
    #[error("another ledger was put in the place of `{}` meanwhile: nothing was recorded", path.display())]
    Replaced { path: PathBuf },
    #[error("`{}` is no ledger", path.display())]
    NotALedger { path: PathBuf },
    #[error("`{}` is not whole: {problem}", path.display())]
    NotWhole { path: PathBuf, problem: String },
    #[error("there is a ledger at `{}` already", path.display())]
    Present { path: PathBuf },
    #[error("not one fact could be saved from the ledger `{}`", path.display())]
    Hopeless { path: PathBuf },
    #[error("could not {tried} `{}`", path.display())]
    File { path: PathBuf, tried: &'static str, source: std::io::Error },
    #[error("could not {tried}: `{}` or a file beside it cannot be opened", path.display())]
    NoAccess { path: PathBuf, tried: String, source: Box<rusqlite::Error> },
    #[error("could not {tried}: the disk that holds `{}` reports an error", path.display())]
    Disk { path: PathBuf, tried: String, source: Box<rusqlite::Error> },
    #[error("could not {tried}: the disk that holds `{}` is full", path.display())]
    Full { path: PathBuf, tried: String, source: Box<rusqlite::Error> },
    #[error("could not {tried}: another process holds the ledger `{}`", path.display())]
    Busy { path: PathBuf, tried: String, source: Box<rusqlite::Error> },
    #[error("could not {tried}: the ledger `{}` may not be written here", path.display())]
    ReadOnly { path: PathBuf, tried: String, source: Box<rusqlite::Error> },
    #[error("could not {tried}: `{}` is damaged or is no ledger", path.display())]
    Corrupt { path: PathBuf, tried: String, source: Option<Box<rusqlite::Error>> },
    /// A fact's row that does not say what its columns promise.
    #[error("fact {seq} of the ledger `{}` cannot be read", path.display())]
    BadFact { path: PathBuf, seq: u64, source: serde_json::Error },
    /// A payload whose compressed bytes do not unpack to what was stored.
    #[error("a text in the ledger `{}` is damaged (payload {hash})", path.display())]
    BadPayload { path: PathBuf, hash: String },
    /// A fact that canonical JSON cannot hold; our own mistake, nothing was written.
    #[error("a fact cannot be written: {why}")]
    Unwritable { why: String },
    #[error("could not {tried} (ledger `{}`)", path.display())]
    Sql { path: PathBuf, tried: String, source: Box<rusqlite::Error> },
}

impl Error {
    /// Sorts SQLite's error codes by what a person can do about them.
    pub(super) fn sql(path: &Path, tried: impl Into<String>, source: rusqlite::Error) -> Self {
        let (path, tried) = (path.to_owned(), tried.into());
        let code = source.sqlite_error_code();
        // Boxed: these are returned from everywhere, and SQLite's errors are large.
        let source = Box::new(source);
        match code {
            Some(ErrorCode::DiskFull) => Self::Full { path, tried, source },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path, tried, source },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { path, tried, source },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt { path, tried, source: Some(source) }
            }
            Some(ErrorCode::SystemIoFailure) => Self::Disk { path, tried, source },
            Some(ErrorCode::CannotOpen) => Self::NoAccess { path, tried, source },
            // Any other code, most of which a correct program never meets.
            Some(_) | None => Self::Sql { path, tried, source },
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn sorts_codes_and_names_the_path() {
        for (code, want) in [
            (ffi::SQLITE_FULL, "could not append: the disk that holds `/s/ledger.db` is full"),
            (ffi::SQLITE_BUSY, "could not append: another process holds the ledger `/s/ledger.db`"),
            (ffi::SQLITE_READONLY, "could not append: the ledger `/s/ledger.db` may not be written here"),
            (ffi::SQLITE_CORRUPT, "could not append: `/s/ledger.db` is damaged or is no ledger"),
            (ffi::SQLITE_NOTADB, "could not append: `/s/ledger.db` is damaged or is no ledger"),
            (ffi::SQLITE_IOERR, "could not append: the disk that holds `/s/ledger.db` reports an error"),
            (ffi::SQLITE_MISUSE, "could not append (ledger `/s/ledger.db`)"),
        ] {
            let source = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            assert_eq!(Error::sql(Path::new("/s/ledger.db"), "append", source).to_string(), want);
        }
    }
}
