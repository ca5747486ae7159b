//! The text of the paper that others should be like: one that is recorded, or any file.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::domain::fact::Sight;
use crate::domain::reading::{Extracted, Outcome, Reading};
use crate::domain::relpath::RelPath;
use crate::engine::judging;
use crate::engine::workspace::Place;
use crate::extract::{Request, Worker};
use crate::index::Likeness;
use crate::ledger::Ledger;

use super::super::{Error, known};

/// A path below a root, as answers print it, or one of this machine; else the file there is read.
pub(super) fn likeness(place: &Place, ledger: &Ledger, path: &Path) -> Result<Likeness, Error> {
    for root in place.chosen_roots(ledger)? {
        for name in names(&root.path, path) {
            let Some(sight) = ledger.sight_of(root.id, &name)? else { continue };
            let Sight::Content { content, .. } = sight.sight else { continue };
            let text = ledger.read_of(content)?.and_then(|read| known::text_of(&read));
            let reading: Option<Reading> = text.map(|text| judging::kept(ledger, text)).transpose()?.flatten();
            let none = || Error::NoText { path: path.to_owned(), reason: "it was not read".to_owned() };
            let text = text_of(&reading.ok_or_else(none)?);
            return Ok(Likeness { key: Some(known::file_key(root.id, &name)), text });
        }
    }
    Ok(Likeness { key: None, text: read(place, path)? })
}

/// The path below a root that may be meant.
fn names(root: &RelPath, path: &Path) -> Vec<RelPath> {
    use std::os::unix::ffi::OsStrExt;
    let as_printed = RelPath::from_bytes(path.as_os_str().as_bytes());
    let root = PathBuf::from(std::ffi::OsStr::from_bytes(root.as_bytes()));
    let real = std::fs::canonicalize(path).ok();
    let below = real.as_deref().and_then(|real| real.strip_prefix(&root).ok());
    let below = below.map(|below| RelPath::from_bytes(below.as_os_str().as_bytes()));
    below.into_iter().chain(path.is_relative().then_some(as_printed)).collect()
}

/// Reads a file in a worker, as a scan does.
fn read(place: &Place, path: &Path) -> Result<String, Error> {
    let unreadable = |source: std::io::Error| Error::NothingLike { path: path.to_owned(), source: Some(source.into()) };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Error::NothingLike { path: path.to_owned(), source: None });
    }
    let mut file = File::open(path).map_err(unreadable)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let failed =
        |source: crate::extract::Error| Error::NothingLike { path: path.to_owned(), source: Some(source.into()) };
    let unlisted = |source: crate::engine::config::Error| Error::NothingLike {
        path: path.to_owned(),
        source: Some(source.into()),
    };
    let passwords = place.config.passwords().map_err(unlisted)?;
    let mut worker = Worker::start(&place.config.limits(), &passwords).map_err(failed)?;
    let mut request = Request { name: &name, size: metadata.len(), reader: &mut file };
    let Extracted { outcome, .. } = worker.extract(&mut request).map_err(failed)?;
    let reason = match outcome {
        Outcome::Read(reading) => return Ok(text_of(&reading)),
        Outcome::Unreadable { reason, .. } => reason.as_str().to_owned(),
        Outcome::Unsupported { kind } => format!("unsupported type {kind}"),
        Outcome::OcrPending => "waiting for text recognition".to_owned(),
    };
    Err(Error::NoText { path: path.to_owned(), reason })
}

fn text_of(reading: &Reading) -> String {
    reading.passages.iter().map(|passage| passage.text.as_str()).collect::<Vec<_>>().join("\n")
}
