//! Putting another ledger in a ledger's place, for `restore` and `repair`: never by writing over it.
//!
//! The new file gets its name by one rename; the old one is kept beside it with its log. A file `ledger.db.next` is a
//! whole ledger on its way: while it is there nobody opens the ledger, until the swap is finished. A writer that still
//! has the old file open learns it from the file's number before it commits, so that nothing is acknowledged there.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::error::{Error, Result};

/// How long the swap waits for a writer; batches take well under a second.
const BUSY_WAIT: Duration = Duration::from_secs(10);

/// Files that SQLite keeps beside a database.
const LOG: &str = "-wal";
const LOG_INDEX: &str = "-shm";

/// The write lock of a ledger, as far as it can still be locked: while this is held nobody appends to it.
pub struct Seized {
    /// `None` if the file is so damaged that nobody could write to it either.
    db: Option<Connection>,
}

impl Seized {
    /// The connection that holds the lock.
    pub(super) fn connection(&self) -> Option<&Connection> {
        self.db.as_ref()
    }
}

/// Keeps all writers out of the ledger at `path`.
pub fn seize(path: &Path) -> Result<Seized> {
    let tried = "keep writers out of the ledger";
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let locked = Connection::open_with_flags(path, flags).and_then(|db| {
        db.busy_timeout(BUSY_WAIT)?;
        db.execute_batch("BEGIN IMMEDIATE")?;
        Ok(db)
    });
    match locked {
        Ok(db) => Ok(Seized { db: Some(db) }),
        Err(error)
            if matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)) =>
        {
            Ok(Seized { db: None })
        }
        Err(source) => Err(Error::sql(path, tried, source)),
    }
}

/// Gives the whole ledger `new` the name `path`. What lay there is kept under a name that begins with `stem`, which is
/// given back. `new` must lie in the same folder, closed and without a log of its own.
pub fn take_place(new: &Path, path: &Path, stem: &str, day: &str) -> Result<Option<PathBuf>> {
    sync(new)?;
    rename(new, &next_of(path))?;
    complete(path, stem, day)
}

/// Finishes a swap that was broken off; true if there was one.
pub fn finish(path: &Path, day: &str) -> Result<bool> {
    if !next_of(path).exists() {
        return Ok(false);
    }
    complete(path, "ledger-replaced", day)?;
    Ok(true)
}

/// Every step may be done again: a swap broken off at any point is finished by doing all.
fn complete(path: &Path, stem: &str, day: &str) -> Result<Option<PathBuf>> {
    sync_folder(path)?;
    // An empty file is what a first pass leaves that did not come far.
    let kept = fs::metadata(path).is_ok_and(|file| file.len() > 0).then(|| free_name(path, stem, day));
    if let Some(kept) = &kept {
        keep(&beside(path, LOG), &beside(kept, LOG))?;
        keep(path, kept)?;
        sync_folder(path)?;
    }
    // A log beside the new ledger would be taken for its own. The old one has it under its new name.
    for log in [LOG, LOG_INDEX] {
        remove(&beside(path, log))?;
    }
    rename(&next_of(path), path)?;
    sync_folder(path)?;
    Ok(kept)
}

/// Nobody may write to a ledger that is about to be replaced.
pub(super) fn refuse_unfinished(path: &Path) -> Result<()> {
    if next_of(path).exists() { Err(Error::Unfinished { path: path.to_owned() }) } else { Ok(()) }
}

/// An error if `path` does not name the file any more that was opened under it.
pub(super) fn still_here(path: &Path, inode: u64) -> Result<()> {
    match inode_of(path) {
        Ok(found) if found == inode => Ok(()),
        Ok(_) | Err(_) => Err(Error::Replaced { path: path.to_owned() }),
    }
}

pub(super) fn inode_of(path: &Path) -> Result<u64> {
    let failed = |source| Error::File { path: path.to_owned(), tried: "look at", source };
    Ok(fs::metadata(path).map_err(failed)?.ino())
}

/// A name beside `path` that nothing has: `STEM-DAY.db`, `STEM-DAY-2.db` ...
pub(super) fn free_name(path: &Path, stem: &str, day: &str) -> PathBuf {
    let plain = path.with_file_name(format!("{stem}-{day}.db"));
    let numbered = (2_u32..).map(|number| path.with_file_name(format!("{stem}-{day}-{number}.db")));
    std::iter::once(plain).chain(numbered).find(|name| !name.exists()).expect("the numbers do not run out")
}

/// The whole ledger that is on its way to `path`.
fn next_of(path: &Path) -> PathBuf {
    beside(path, ".next")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// A second name for a file, or a copy where the file system has no second names; no file: nothing to keep.
fn keep(file: &Path, name: &Path) -> Result<()> {
    let failed = |source| Error::File { path: file.to_owned(), tried: "keep", source };
    match fs::hard_link(file, name) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(_) => {
            fs::copy(file, name).map_err(failed)?;
            sync(name)
        }
    }
}

fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(Error::File { path: file.to_owned(), tried: "remove", source }),
    }
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|source| Error::File {
        path: to.to_owned(),
        tried: "put a file in the place of",
        source,
    })
}

pub(super) fn sync(file: &Path) -> Result<()> {
    let failed = |source| Error::File { path: file.to_owned(), tried: "write to the disk", source };
    File::open(file).and_then(|file| file.sync_all()).map_err(failed)
}

/// Makes names as durable as what they name.
pub(super) fn sync_folder(file: &Path) -> Result<()> {
    sync(file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::InstantMs;
    use crate::ledger::Ledger;
    use crate::ledger::testing::{file, temp_ledger};

    const DAY: &str = "2026-11-24";

    /// A whole ledger in one file, with one fact about `name`.
    fn single(path: &Path, name: &str) {
        let mut ledger = Ledger::open(path).unwrap();
        ledger.append(InstantMs(1), &[file(name, name, 1)], &[]).unwrap();
        ledger.db.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).unwrap();
    }

    fn name_in(path: &Path) -> String {
        let ledger = Ledger::open_read_only(path).unwrap();
        assert_eq!(ledger.verify(None).unwrap().problems, []);
        ledger.sights_known_by(None).unwrap()[0].path.to_text().into_owned()
    }

    #[test]
    fn the_old_is_kept_and_nothing_is_acknowledged_to_it() {
        let (dir, mut old) = temp_ledger();
        let (path, new) = (dir.path().join("ledger.db"), dir.path().join("new.db"));
        old.append(InstantMs(1), &[file("old", "old", 1)], &[]).unwrap();
        single(&new, "new");
        let seized = seize(&path).unwrap();
        old.db.busy_timeout(Duration::ZERO).unwrap();
        let waits = old.append(InstantMs(2), &[file("late", "late", 1)], &[]);
        assert!(matches!(waits, Err(Error::Busy { .. })), "{waits:?}");
        let kept = take_place(&new, &path, "ledger-before", DAY).unwrap().unwrap();
        drop(seized);
        assert_eq!(kept, dir.path().join("ledger-before-2026-11-24.db"));
        let late = old.append(InstantMs(2), &[file("late", "late", 1)], &[]);
        assert!(matches!(late, Err(Error::Replaced { .. })), "{late:?}");
        let mut now = Ledger::open(&path).unwrap();
        now.append(InstantMs(3), &[file("newer", "x", 1)], &[]).unwrap();
        // Its last user goes, and must not take the new one's log with him.
        drop(old);
        assert_eq!(now.verify(None).unwrap().facts, 2);
        drop(now);
        assert_eq!(name_in(&path), "new");
        assert_eq!(name_in(&kept), "old");
    }

    #[test]
    fn broken_off_at_any_step_it_is_finished() {
        for step in 0..4 {
            let (dir, mut old) = temp_ledger();
            let path = dir.path().join("ledger.db");
            old.append(InstantMs(1), &[file("old", "old", 1)], &[]).unwrap();
            // Killed: its log stays.
            std::mem::forget(old);
            single(&next_of(&path), "new");
            let kept = dir.path().join("ledger-before-2026-11-24.db");
            if step > 0 {
                keep(&beside(&path, LOG), &beside(&kept, LOG)).unwrap();
            }
            if step > 1 {
                keep(&path, &kept).unwrap();
            }
            if step > 2 {
                remove(&beside(&path, LOG)).unwrap();
            }
            let refused = [Ledger::open(&path).map(|_| ()), Ledger::open_read_only(&path).map(|_| ())];
            assert!(refused.iter().all(|opened| matches!(opened, Err(Error::Unfinished { .. }))), "{refused:?}");
            assert!(finish(&path, DAY).unwrap());
            assert!(!finish(&path, DAY).unwrap());
            assert_eq!(name_in(&path), "new", "step {step}");
            let first_kept = if step > 1 { kept } else { dir.path().join("ledger-replaced-2026-11-24.db") };
            assert_eq!(name_in(&first_kept), "old", "step {step}");
        }
    }

    #[test]
    fn names_are_never_taken_twice() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ledger.db");
        for want in ["old-2026-11-24.db", "old-2026-11-24-2.db", "old-2026-11-24-3.db"] {
            let name = free_name(&path, "old", DAY);
            assert_eq!(name, dir.path().join(want));
            fs::write(name, "").unwrap();
        }
    }
}
