//! A copy of the ledger as it stands at one moment, while others go on writing: one file, checked before it gets its name.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use super::db::{APPLICATION_ID, Ledger};
use super::error::{Error, Result};
use super::replace;
use super::verify::Verification;

/// Pages copied at a time. The snapshot is held throughout, so that no writer makes the copy begin again.
const PAGES_A_STEP: i32 = 4_096;

/// Where SQLite keeps the number that tells a ledger from other databases.
const APPLICATION_ID_AT: usize = 68;

impl Ledger {
    /// Copies the ledger to `target`, whole or not at all. An older backup under that name is replaced; any other file
    /// is not.
    pub fn backup(&self, target: &Path) -> Result<Verification> {
        if target.exists() && !is_ledger(target)? {
            return Err(Error::NotALedger { path: target.to_owned() });
        }
        self.hold()?;
        let mut found = None;
        let copied = copy_database(self, target, |copy| {
            found = Some(whole(&Ledger::open_read_only(copy)?, target)?);
            Ok(true)
        });
        self.release()?;
        copied?;
        Ok(found.expect("a copy that has its name was checked"))
    }
}

/// Puts the backup `file` in the place of the ledger at `path`, brought to the present version and checked first. A
/// ledger that is there is kept beside it under the name that is given back.
pub fn restore(file: &Path, path: &Path, day: &str) -> Result<(Verification, Option<PathBuf>)> {
    if !is_ledger(file)? {
        return Err(Error::NotALedger { path: file.to_owned() });
    }
    let failed = |source| Error::File { path: path.to_owned(), tried: "write beside", source };
    let part =
        tempfile::Builder::new().prefix(".evidex-").suffix(".part").tempfile_in(folder_of(path)).map_err(failed)?;
    let part = part.into_temp_path();
    let copied = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .and_then(|backup| copy_pages(&backup, &part));
    copied.map_err(|source| Error::sql(file, "copy the backup", source))?;
    let found = {
        let ledger = Ledger::open(&part)?;
        let found = whole(&ledger, file)?;
        let tried = "close the restored ledger";
        ledger.sql(tried, ledger.db.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())))?;
        found
    };
    let seized = if path.exists() { Some(replace::seize(path)?) } else { None };
    let kept = replace::take_place(&part, path, "ledger-before-restore", day)?;
    // It has another name now: there is nothing left to clean up.
    let _ = part.keep();
    drop(seized);
    Ok((found, kept))
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What verifying `ledger` finds, as an error if it is not whole; `name` is what people know it by.
pub(super) fn whole(ledger: &Ledger, name: &Path) -> Result<Verification> {
    let found = ledger.verify(None)?;
    match found.problems.first() {
        None => Ok(found),
        Some(problem) => Err(Error::NotWhole { path: name.to_owned(), problem: problem.to_string() }),
    }
}

/// True if the file begins as a ledger does, whatever its version.
pub fn is_ledger(file: &Path) -> Result<bool> {
    let mut head = Vec::new();
    let read = std::fs::File::open(file).and_then(|file| file.take(100).read_to_end(&mut head));
    read.map_err(|source| Error::File { path: file.to_owned(), tried: "read", source })?;
    let id = head.get(APPLICATION_ID_AT..APPLICATION_ID_AT + 4).and_then(|bytes| bytes.try_into().ok());
    Ok(id.map(u32::from_be_bytes).map(i64::from) == Some(APPLICATION_ID))
}

/// Copies the database to a file of no name beside `target`, asks `check`, and only then gives it the name; if `check`
/// says no, the copy is dropped.
pub(super) fn copy_database(from: &Ledger, target: &Path, check: impl FnOnce(&Path) -> Result<bool>) -> Result<()> {
    let failed = |source| Error::File { path: target.to_owned(), tried: "write", source };
    let part =
        tempfile::Builder::new().prefix(".evidex-").suffix(".part").tempfile_in(folder_of(target)).map_err(failed)?;
    let part = part.into_temp_path();
    copy_pages(&from.db, &part)
        .map_err(|source| Error::sql(target, format!("copy the ledger `{}`", from.path.display()), source))?;
    if !check(&part)? {
        return Ok(());
    }
    replace::sync(&part)?;
    part.persist(target).map_err(|error| failed(error.error))?;
    replace::sync_folder(target)
}

fn copy_pages(from: &Connection, to: &Path) -> rusqlite::Result<()> {
    let mut copy =
        Connection::open_with_flags(to, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    Backup::new(from, &mut copy)?.run_to_completion(PAGES_A_STEP, Duration::ZERO, None)?;
    // One file: a log beside it would be forgotten when it is carried away.
    copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::domain::ids::InstantMs;
    use crate::ledger::testing::{file, hash_of, temp_ledger};

    #[test]
    fn a_copy_is_whole_while_another_writes() {
        let (dir, mut ledger) = temp_ledger();
        let path = dir.path().join("ledger.db");
        let text = (hash_of("text"), b"text".to_vec());
        ledger.append(InstantMs(1), &[file("a", "a", 1)], &[text]).unwrap();
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut number = 0;
                while !done.load(Ordering::Relaxed) {
                    number += 1;
                    ledger.append(InstantMs(2), &[file(&format!("{number}"), "x", 1)], &[]).unwrap();
                }
            });
            let reader = Ledger::open_read_only(&path).unwrap();
            for number in 0..10 {
                let target = dir.path().join(format!("copy-{number}.db"));
                let acknowledged = reader.head().unwrap().unwrap();
                let found = reader.backup(&target).unwrap();
                assert_eq!(Ledger::open_read_only(&target).unwrap().head().unwrap(), found.head);
                let within = Ledger::open_read_only(&target).unwrap().verify(Some(acknowledged.hash)).unwrap();
                assert_eq!(within.problems, [], "what was acknowledged before is in it");
            }
            done.store(true, Ordering::Relaxed);
        });
        let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| !name.to_string_lossy().contains("part")), "{left:?}");
    }

    #[test]
    fn only_a_ledger_is_written_over() {
        let (dir, mut ledger) = temp_ledger();
        ledger.append(InstantMs(1), &[file("a", "a", 1)], &[]).unwrap();
        let target = dir.path().join("copy.db");
        std::fs::write(&target, "a letter").unwrap();
        assert!(matches!(ledger.backup(&target), Err(Error::NotALedger { .. })));
        assert_eq!(std::fs::read(&target).unwrap(), b"a letter");
        std::fs::remove_file(&target).unwrap();
        let first = ledger.backup(&target).unwrap();
        ledger.append(InstantMs(2), &[file("b", "b", 1)], &[]).unwrap();
        assert_ne!(ledger.backup(&target).unwrap().head, first.head);
    }

    #[test]
    fn a_damaged_ledger_gets_no_copy() {
        let (dir, mut ledger) = temp_ledger();
        ledger.append(InstantMs(1), &[file("a", "a", 1)], &[]).unwrap();
        ledger.db.execute_batch("DELETE FROM sighting").unwrap();
        let target = dir.path().join("copy.db");
        assert!(matches!(ledger.backup(&target), Err(Error::NotWhole { .. })));
        assert!(!target.exists());
    }
}
