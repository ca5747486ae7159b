//! One function per thing a user can ask. Questions read the ledger and the index and change neither.

mod assess;
mod decisions;
mod doctor;
mod follow;
mod indexed;
mod judge;
pub(crate) mod kept;
pub(crate) mod known;
mod rehash;
mod search;
mod status;
mod text;
mod verify;

use std::path::PathBuf;

use base64::Engine;

use crate::domain::assess::status::{Assessment, DocumentState};
use crate::domain::day::Day;
use crate::domain::entity::Entity;
use crate::domain::ids::InstantMs;
use crate::{index, ledger};

use super::clock;
use super::workspace::{self, Place};

pub use super::clock::parse_instant;
pub use assess::assess;
pub use decisions::decisions;
pub use doctor::doctor;
pub use follow::Follower;
pub(crate) use indexed::indexed;
pub use judge::{Error as JudgeError, judge};
pub use search::{Asked, Fold, Passages, Past, count, facets, search};
pub use status::status;
pub use text::text;
pub use verify::{Files, verify};

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Workspace(#[from] workspace::Error),
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    #[error(transparent)]
    Index(#[from] index::Error),
    #[error("not one of the {documents} documents in `{folder}` could be read ({reasons})")]
    NothingReadable { folder: String, documents: usize, reasons: String },
    #[error("there is no document in {folders}")]
    NoDocuments { folders: String },
    #[error("`{state}` has no index yet")]
    NoIndex { state: PathBuf },
    #[error("`{path}` is no document that was recorded, and no file that can be read")]
    NothingLike { path: PathBuf, source: Option<Box<dyn std::error::Error + Send + Sync>> },
    #[error("`{path}` has no text to compare ({reason})")]
    NoText { path: PathBuf, reason: String },
}

/// What a report is about.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub entity: Entity,
    pub as_of: Day,
    /// Only facts up to this instant; `None`: all.
    pub known_by: Option<InstantMs>,
}

/// Today in the configured time zone.
pub fn today(place: &Place) -> Day {
    clock::day_of(clock::now(), &place.zone).expect("the clock stands inside the calendar")
}

/// Bytes as text that survives JSON.
fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

pub(crate) fn unbase64(text: &str) -> Option<Vec<u8>> {
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}

/// An error if no document could be read: a report on nothing would call every criterion missing.
pub fn refuse_nothing_readable(assessment: &Assessment) -> Result<(), Error> {
    let documents = &assessment.documents;
    if documents.iter().any(|document| document.state == DocumentState::Read) {
        return Ok(());
    }
    let Some(first) = documents.first() else {
        return Err(Error::NoDocuments { folders: "the folders looked at".to_owned() });
    };
    let mut counts = std::collections::BTreeMap::<String, usize>::new();
    for document in documents {
        let reason = match &document.state {
            DocumentState::Unreadable { reason, .. } => reason.as_str().to_owned(),
            DocumentState::Unsupported { kind } => format!("unsupported type {kind}"),
            DocumentState::OcrPending => "waiting for text recognition".to_owned(),
            DocumentState::Pending | DocumentState::Read => "not read yet".to_owned(),
        };
        *counts.entry(reason).or_default() += 1;
    }
    let reasons = counts.into_iter().map(|(reason, n)| format!("{n} {reason}")).collect::<Vec<_>>().join(", ");
    Err(Error::NothingReadable { folder: first.name.root.clone(), documents: documents.len(), reasons })
}
