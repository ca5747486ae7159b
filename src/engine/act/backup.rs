//! A copy of the ledger, and a state from such a copy.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::disk::{self, StateLock};
use crate::engine::workspace::Workspace;
use crate::engine::{clock, publish, question};
use crate::ledger::{self, Ledger};
use crate::report::backup::{Copied, Restored};

use super::Error;

/// What to do with a ledger that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Present {
    Refuse,
    /// It keeps its facts under another name.
    MoveAside,
}

/// Copies the ledger to `file`, whole and checked, while others may write to it.
pub fn backup(workspace: &Workspace, file: &Path) -> Result<Copied, Error> {
    let ledger = workspace.read_ledger()?;
    for root in ledger.roots()? {
        disk::check_outside(Path::new(OsStr::from_bytes(root.path.as_bytes())), file)?;
    }
    for folder in &workspace.folders {
        disk::check_outside(folder, file)?;
    }
    refuse_own(workspace, file)?;
    let found = ledger.backup(file)?;
    Ok(Copied { file: file.display().to_string(), facts: found.facts, erased: found.erased, head: found.head })
}

/// The ledger and its log must not be written over.
fn refuse_own(workspace: &Workspace, file: &Path) -> Result<(), Error> {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = file.file_name().unwrap_or_default().as_bytes();
    let own = name.starts_with(b"ledger.db") || name == b"lock" || name == b"index";
    if own && real(folder).is_some() && real(folder) == real(&workspace.state) {
        return Err(Error::OwnFile { file: file.to_owned() });
    }
    Ok(())
}

/// Whoever may use the state may use the ledger that is new in it.
pub(super) fn follow(ledger: &Path) -> Result<(), Error> {
    let failed = |source| disk::Error::State { path: ledger.to_owned(), tried: "share with the group", source };
    Ok(disk::share::follow(ledger).map_err(failed)?)
}

/// Makes the state from a backup; the index is built anew.
pub fn restore(workspace: &Workspace, file: &Path, present: Present) -> Result<Restored, Error> {
    workspace.prepare_state()?;
    let _lock = StateLock::acquire(&workspace.state)?;
    let (path, day) = (workspace.ledger_path(), question::today(workspace).to_string());
    ledger::replace::finish(&path, &day)?;
    // An empty file is what a first pass leaves that did not come far.
    let has_facts = std::fs::metadata(&path).is_ok_and(|file| file.len() > 0);
    if has_facts && present == Present::Refuse {
        return Err(ledger::Error::Present { path }.into());
    }
    let (found, kept) = ledger::restore(file, &path, &day)?;
    follow(&path)?;
    publish::anew(workspace, &Ledger::open_read_only(&path)?)?;
    tracing::info!(at = clock::now().0, "state restored from a backup");
    Ok(Restored {
        state: workspace.state.display().to_string(),
        file: file.display().to_string(),
        facts: found.facts,
        erased: found.erased,
        head: found.head,
        kept: kept.map(|kept| kept.display().to_string()),
    })
}
