//! Opening one file and reading its bytes once, to be sure of what was read.
//!
//! Only regular files are opened: a FIFO would hang, a device may act. The stamp is taken before the first byte and after
//! the last; bytes that changed meanwhile are nobody's content.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::fd::AsFd;
use std::path::Path;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, fstat, openat, statat};
use rustix::io::Errno;
use sha2::{Digest, Sha256};

use super::beneath::{detail_of, look_ns, open_parent, open_root, reason_of, stamp_of};
use crate::domain::change::Stamp;
use crate::domain::ids::ContentHash;
use crate::domain::reading::Unreadable;
use crate::domain::relpath::RelPath;

/// One read; large enough that calls cost nothing, small enough for many readers at once.
const CHUNK_BYTES: usize = 256 * 1024;

/// How large is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A larger file is not read at all.
    pub file_bytes: u64,
    /// Bytes up to this size are kept while hashing, so that they need not be read again.
    pub keep_bytes: u64,
}

/// Why a file has no content hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFailure {
    pub reason: Unreadable,
    /// For a person; never document text.
    pub detail: String,
    /// If one could be taken.
    pub stamp: Option<Stamp>,
    pub looked_ns: i64,
}

/// A regular file, open for reading.
#[derive(Debug)]
pub struct OpenFile {
    file: File,
    stamp: Stamp,
    looked_ns: i64,
    limits: Limits,
}

/// A file's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hashed {
    pub content: ContentHash,
    pub stamp: Stamp,
    /// When the stamp was taken, dated back by the clock's grain.
    pub looked_ns: i64,
    /// The bytes themselves if they are few enough.
    pub bytes: Option<Vec<u8>>,
}

/// Opens the regular file `path` inside `root`, through no link.
pub fn open(root: &Path, path: &RelPath, limits: Limits) -> Result<OpenFile, ReadFailure> {
    let looked_ns = look_ns();
    let refused =
        |errno: Errno, stamp| ReadFailure { reason: reason_of(errno), detail: detail_of(errno), stamp, looked_ns };
    let unopened = |errno| refused(errno, None);
    let top = open_root(root).map_err(|error| failure_of(&error, None, looked_ns))?;
    let (parent, name) = open_parent(&top, path).map_err(unopened)?;
    // Looked at before it is opened, since opening alone can act on a device.
    let before = statat(parent.as_fd(), name, AtFlags::SYMLINK_NOFOLLOW).map_err(unopened)?;
    let stamp = stamp_of(&before);
    let fail = |reason, detail| ReadFailure { reason, detail, stamp: Some(stamp), looked_ns };
    if FileType::from_raw_mode(before.st_mode) != FileType::RegularFile {
        return Err(fail(Unreadable::NotAFile, "not a regular file".to_owned()));
    }
    if stamp.size > limits.file_bytes {
        return Err(fail(Unreadable::TooLarge, format!("{} bytes", stamp.size)));
    }
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let fd = openat(&parent, name, flags, Mode::empty()).map_err(|errno| refused(errno, Some(stamp)))?;
    let opened = fstat(&fd).map_err(|errno| refused(errno, Some(stamp)))?;
    if FileType::from_raw_mode(opened.st_mode) != FileType::RegularFile {
        return Err(fail(Unreadable::NotAFile, "not a regular file".to_owned()));
    }
    Ok(OpenFile { file: File::from(fd), stamp: stamp_of(&opened), looked_ns, limits })
}

impl OpenFile {
    /// As it was when opened.
    pub fn stamp(&self) -> Stamp {
        self.stamp
    }

    /// Reads the file once, from its start to its end.
    pub fn hash(&mut self) -> Result<Hashed, ReadFailure> {
        self.hash_after_each(&mut |_| {})
    }

    /// The bytes from the start, for who needs them again.
    pub fn reader(&mut self) -> Result<&mut impl Read, ReadFailure> {
        match self.file.rewind() {
            Ok(()) => Ok(&mut self.file),
            Err(error) => Err(failure_of(&error, Some(self.stamp), self.looked_ns)),
        }
    }

    /// The read-only descriptor, positioned at the start, to be given away.
    pub fn into_file(mut self) -> io::Result<File> {
        self.file.rewind()?;
        Ok(self.file)
    }

    /// `between` is called after each chunk with the bytes read so far: tests change the file there.
    fn hash_after_each(&mut self, between: &mut dyn FnMut(u64)) -> Result<Hashed, ReadFailure> {
        let failed = |error: &io::Error, file: &Self| failure_of(error, Some(file.stamp), file.looked_ns);
        self.file.rewind().map_err(|error| failed(&error, self))?;
        let mut sha = Sha256::new();
        let mut kept = (self.stamp.size <= self.limits.keep_bytes).then(Vec::new);
        let expected = usize::try_from(self.stamp.size).unwrap_or(usize::MAX);
        // One byte more than expected, so that a file that grew shows in the first read.
        let mut chunk = vec![0; expected.saturating_add(1).min(CHUNK_BYTES)];
        let mut total: u64 = 0;
        loop {
            let n = match self.file.read(&mut chunk) {
                Ok(0) => break,
                Ok(n) => n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(failed(&error, self)),
            };
            total = total.saturating_add(n as u64);
            if total > self.stamp.size {
                return Err(self.changing("it grew while it was read"));
            }
            sha.update(&chunk[..n]);
            if let Some(kept) = &mut kept {
                kept.extend_from_slice(&chunk[..n]);
            }
            between(total);
        }
        let after = fstat(&self.file).map_err(|errno| failed(&errno.into(), self))?;
        if total != self.stamp.size || stamp_of(&after) != self.stamp {
            return Err(self.changing("it changed while it was read"));
        }
        let content = ContentHash(sha.finalize().into());
        Ok(Hashed { content, stamp: self.stamp, looked_ns: self.looked_ns, bytes: kept })
    }

    fn changing(&self, detail: &str) -> ReadFailure {
        ReadFailure {
            reason: Unreadable::Changing,
            detail: detail.to_owned(),
            stamp: Some(self.stamp),
            looked_ns: self.looked_ns,
        }
    }
}

fn failure_of(error: &io::Error, stamp: Option<Stamp>, looked_ns: i64) -> ReadFailure {
    let reason = Errno::from_io_error(error).map_or(Unreadable::Io, reason_of);
    ReadFailure { reason, detail: error.to_string(), stamp, looked_ns }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use tempfile::TempDir;

    use super::*;

    const LIMITS: Limits = Limits { file_bytes: 1 << 30, keep_bytes: 1_000 };

    fn temp_file(bytes: &[u8]) -> (TempDir, File) {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("f"), bytes).unwrap();
        let file = File::options().append(true).open(dir.path().join("f")).unwrap();
        (dir, file)
    }

    #[test]
    fn hashes_once_and_keeps_what_is_small() {
        for size in [0, 1, 999, 1_000, 1_001, CHUNK_BYTES - 1, CHUNK_BYTES, 3 * CHUNK_BYTES + 7] {
            let bytes: Vec<u8> = (0..=250).cycle().take(size).collect();
            let (dir, _) = temp_file(&bytes);
            let mut open = open(dir.path(), &"f".into(), LIMITS).unwrap();
            let hashed = open.hash().unwrap();
            assert_eq!(hashed.content.0, Sha256::digest(&bytes)[..], "{size}");
            assert_eq!(hashed.stamp.size, size as u64);
            assert_eq!(hashed.bytes.is_some(), size <= 1_000, "{size}");
            assert!(hashed.bytes.is_none_or(|kept| kept == bytes));
            let mut again = Vec::new();
            open.reader().unwrap().read_to_end(&mut again).unwrap();
            assert_eq!(again, bytes);
            let mut given = Vec::new();
            open.into_file().unwrap().read_to_end(&mut given).unwrap();
            assert_eq!(given, bytes);
        }
    }

    #[test]
    fn a_file_that_changes_is_nobodys_content() {
        type Touch = fn(&mut File);
        let cases: [(&str, Touch, bool); 4] = [
            ("nothing", |_| {}, true),
            ("grown", |file| file.write_all(b"more").unwrap(), false),
            ("cut", |file| file.set_len(100_000).unwrap(), false),
            // Same size, same bytes, but a write happened: the times tell.
            ("touched", |file| file.set_modified(std::time::UNIX_EPOCH).unwrap(), false),
        ];
        for (name, touch, good) in cases {
            let (dir, mut writer) = temp_file(&vec![b'x'; 2 * CHUNK_BYTES]);
            let mut open = open(dir.path(), &"f".into(), LIMITS).unwrap();
            let mut touched = false;
            let hashed = open.hash_after_each(&mut |_| {
                if !std::mem::replace(&mut touched, true) {
                    touch(&mut writer);
                }
            });
            assert_eq!(
                hashed.as_ref().err().map(|failure| failure.reason),
                (!good).then_some(Unreadable::Changing),
                "{name}"
            );
            assert!(hashed.err().is_none_or(|failure| failure.reason.is_transient()));
        }
    }

    #[test]
    fn refuses_by_reason() {
        let (dir, _) = temp_file(b"x");
        let at = |name: &str| dir.path().join(name);
        fs::create_dir(at("folder")).unwrap();
        std::os::unix::fs::symlink("f", at("link")).unwrap();
        std::os::unix::fs::symlink("loop", at("loop")).unwrap();
        std::os::unix::fs::symlink(dir.path(), at("folder/up")).unwrap();
        let mode = Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, at("fifo"), FileType::Fifo, mode, 0).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        File::create(at("sparse")).unwrap().set_len(1 << 40).unwrap();
        for (name, want) in [
            ("folder", Unreadable::NotAFile),
            ("link", Unreadable::NotAFile),
            ("loop", Unreadable::NotAFile),
            ("folder/up/f", Unreadable::NotAFile),
            ("fifo", Unreadable::NotAFile),
            ("socket", Unreadable::NotAFile),
            ("sparse", Unreadable::TooLarge),
            ("vanished", Unreadable::Changing),
            ("../f", Unreadable::Io),
            ("", Unreadable::Io),
        ] {
            let failure = open(dir.path(), &name.into(), LIMITS).unwrap_err();
            assert_eq!(failure.reason, want, "{name}: {failure:?}");
            assert_eq!(
                failure.stamp.is_some(),
                at(name).symlink_metadata().is_ok() && !name.contains('/') && !name.is_empty(),
                "{name}"
            );
        }
        let device = open(Path::new("/dev"), &"null".into(), LIMITS).unwrap_err();
        assert_eq!(device.reason, Unreadable::NotAFile);
    }

    #[test]
    fn a_look_is_dated_before_it() {
        let (dir, _) = temp_file(b"x");
        let file = open(dir.path(), &"f".into(), LIMITS).unwrap();
        assert!(file.looked_ns < file.stamp().mtime_ns, "a file written just now proves nothing yet");
    }
}
