//! The state's lock: one pass, and one writer of the index, at a time.
//!
//! The system drops it when its holder dies, however that comes about. The number in the file only tells people who.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::error::{Error, Result};

const FILE: &str = "lock";
/// Held while status changes are told: not by two processes at once, and not in the way of a pass.
const TELLING_FILE: &str = "telling.lock";

/// Held until dropped.
#[derive(Debug)]
pub struct StateLock {
    file: File,
}

impl StateLock {
    /// Takes the lock of the folder `state`, or says at once who holds it.
    pub fn acquire(state: &Path) -> Result<Self> {
        Self::take(state, FILE)
    }

    /// Takes the lock of telling.
    pub fn acquire_telling(state: &Path) -> Result<Self> {
        Self::take(state, TELLING_FILE)
    }

    fn take(state: &Path, file: &str) -> Result<Self> {
        let path = state.join(file);
        let failed = |source| Error::State { path: path.clone(), tried: "lock", source };
        super::share::make_file(&path).map_err(failed)?;
        let mut file = OpenOptions::new().read(true).write(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Locked { state: state.to_owned(), pid: pid_in(&mut file) });
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        write_pid(&mut file).map_err(failed)?;
        Ok(Self { file })
    }
}

impl Drop for StateLock {
    fn drop(&mut self) {
        // Closing the file lets go of the lock; an old number in it would only mislead.
        let _ = self.file.set_len(0);
    }
}

impl StateLock {
    /// Who holds the lock of the folder `state` now, if anybody does.
    pub fn holder(state: &Path) -> Option<u32> {
        let mut file = File::open(state.join(FILE)).ok()?;
        match file.try_lock_shared() {
            Ok(()) | Err(TryLockError::Error(_)) => None,
            Err(TryLockError::WouldBlock) => pid_in(&mut file),
        }
    }
}

fn write_pid(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn pid_in(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holder_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let held = StateLock::acquire(dir.path()).unwrap();
        let own = std::process::id();
        let refused = StateLock::acquire(dir.path()).unwrap_err();
        assert!(matches!(refused, Error::Locked { pid: Some(pid), .. } if pid == own), "{refused}");
        drop(held);
        drop(StateLock::acquire(dir.path()).unwrap());
        std::fs::write(dir.path().join(FILE), "not a number of a process").unwrap();
        StateLock::acquire(dir.path()).unwrap();
    }

    #[test]
    fn a_state_that_cannot_be_locked_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let error = StateLock::acquire(&dir.path().join("none")).unwrap_err();
        assert!(error.to_string().starts_with("could not lock `"), "{error}");
    }
}
