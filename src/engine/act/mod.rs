//! What people do besides asking: decide, take back, teach; forget, back up, restore, repair. Each act on the ledger is
//! one transaction.
//!
//! What changes the index or puts another ledger in place takes the lock of passes; nothing else does: a decision is a fact of its own, and the ledger orders it among those of a running pass.

mod backup;
mod decide;
mod forget;
mod repair;
mod train;

use std::path::PathBuf;

use crate::domain::day::Day;
use crate::domain::ids::Seq;
use crate::domain::judge::model::ExampleError;
use crate::{disk, ledger};

use super::{question, workspace};

pub use backup::{Present, backup, restore};
pub use decide::{Said, Subject, decide, undo};
pub use forget::{Wish, forget};
pub use repair::repair;
pub use train::{Trained, train};

impl From<question::Error> for Error {
    fn from(error: question::Error) -> Self {
        Self::Index(Box::new(error))
    }
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Workspace(#[from] workspace::Error),
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    #[error("a decision needs a name to stand under")]
    Nameless,
    #[error("the {what} is longer than {most} characters")]
    TooLong { what: &'static str, most: usize },
    #[error("{0} is past")]
    Past(Day),
    #[error("the folder `{0}` is not watched")]
    UnknownRoot(String),
    #[error("fact {} is no decision", .0.0)]
    NoDecision(Seq),
    #[error("decision {} was taken back already, by decision {}", .0.0, .1.0)]
    TakenBack(Seq, Seq),
    #[error("decision {} takes another one back, and cannot be taken back itself", .0.0)]
    IsUndo(Seq),
    #[error("could not list the examples in `{folder}`")]
    ListExamples { folder: PathBuf, source: std::io::Error },
    #[error("there is no `.jsonl` file in `{folder}`")]
    NoExamples { folder: PathBuf },
    #[error("could not read the examples in `{path}`")]
    ReadExamples { path: PathBuf, source: std::io::Error },
    #[error("`{path}` holds what is no example")]
    BadExample { path: PathBuf, source: ExampleError },
    #[error(transparent)]
    Disk(#[from] disk::Error),
    #[error(transparent)]
    Index(Box<question::Error>),
    #[error("`{}` is one of the state's own files", file.display())]
    OwnFile { file: PathBuf },
    #[error("nothing that was ever seen is called `{0}`")]
    NothingThere(String),
    #[error("`{name}` may be any of {} documents: {}", found.len(), found.join(", "))]
    Ambiguous { name: String, found: Vec<String> },
    #[error("`{0}` is not forgotten")]
    NotForgotten(String),
    #[error("could not write the model to `{path}`")]
    WriteModel { path: PathBuf, source: std::io::Error },
}
