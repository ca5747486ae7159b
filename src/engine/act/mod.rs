//! What people do besides asking: decide, take back, teach. Each act on the ledger is one transaction.
//!
//! None takes the lock of passes: a decision is a fact of its own, and the ledger orders it among those of a running pass.

mod decide;
mod train;

use std::path::PathBuf;

use crate::domain::day::Day;
use crate::domain::ids::Seq;
use crate::domain::judge::model::ExampleError;
use crate::ledger;

use super::workspace;

pub use decide::{Said, Subject, decide, undo};
pub use train::{Trained, train};

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
    #[error("could not write the model to `{path}`")]
    WriteModel { path: PathBuf, source: std::io::Error },
}
