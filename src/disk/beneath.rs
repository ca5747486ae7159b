//! Opening inside a root, name by name from the root's descriptor.
//!
//! A path handed to the system whole may be longer than it takes, and any folder on the way may be swapped for a link
//! while we look. One name at a time, never following links, neither can happen.

use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::fs::{Mode, OFlags, Stat, open, openat};
use rustix::io::Errno;

use crate::domain::change::Stamp;
use crate::domain::reading::Unreadable;
use crate::domain::relpath::RelPath;

/// A folder on the way needs the right to pass, not to list, where the system tells the two apart.
#[cfg(target_os = "linux")]
const PASS: OFlags = OFlags::PATH;
#[cfg(not(target_os = "linux"))]
const PASS: OFlags = OFlags::RDONLY;

/// How far back a look is dated. A stamp is only as fine as the file system's clock: the kernel's tick on most, one or
/// two seconds on old ones and on some servers. A file written within that time after a look could keep its stamp.
const LOOK_SLACK: Duration = Duration::from_secs(2);

/// Opens the root itself, which may be a link: its owner named it.
pub(super) fn open_root(root: &Path) -> io::Result<OwnedFd> {
    Ok(open(root, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?)
}

/// Opens the folder `path` for listing.
pub(super) fn open_folder(root: &OwnedFd, path: &RelPath) -> Result<OwnedFd, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    if path.as_bytes().is_empty() {
        return openat(root, c".", flags, Mode::empty());
    }
    let (parent, name) = open_parent(root, path)?;
    openat(parent.as_fd(), name, flags, Mode::empty())
}

/// Opens the folder that holds `path` and gives the last name.
pub(super) fn open_parent<'p>(root: &OwnedFd, path: &'p RelPath) -> Result<(OwnedFd, &'p OsStr), Errno> {
    let mut names = path.as_bytes().split(|&byte| byte == b'/').map(OsStr::from_bytes);
    let last = names.next_back().ok_or(Errno::INVAL)?;
    let flags = PASS | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut folder = openat(root, c".", flags, Mode::empty())?;
    for name in names {
        folder = openat(&folder, check_name(name)?, flags, Mode::empty())?;
    }
    Ok((folder, check_name(last)?))
}

/// A name from a walk is never one of these; one from elsewhere must not lead out of the root.
fn check_name(name: &OsStr) -> Result<&OsStr, Errno> {
    let bytes = name.as_bytes();
    if bytes.is_empty() || bytes == b"." || bytes == b".." { Err(Errno::INVAL) } else { Ok(name) }
}

/// The instant of a look that begins now, dated back so far that an equal stamp proves equal bytes.
pub(super) fn look_ns() -> i64 {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_1970.saturating_sub(LOOK_SLACK).as_nanos()).unwrap_or(i64::MAX)
}

pub(super) fn stamp_of(stat: &Stat) -> Stamp {
    Stamp {
        size: u64::try_from(stat.st_size).unwrap_or(0),
        mtime_ns: nanoseconds(stat.st_mtime, stat.st_mtime_nsec),
        ctime_ns: nanoseconds(stat.st_ctime, stat.st_ctime_nsec),
        inode: stat.st_ino,
    }
}

/// Times outside of the years 1677 to 2262 are held at the ends: they stay comparable.
fn nanoseconds(seconds: impl TryInto<i64>, nanoseconds: impl TryInto<i64>) -> i64 {
    let seconds = seconds.try_into().unwrap_or(i64::MAX);
    seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds.try_into().unwrap_or(0))
}

/// Sorts the system's refusals by what a person can do about them.
pub(super) fn reason_of(errno: Errno) -> Unreadable {
    match errno {
        Errno::ACCESS | Errno::PERM => Unreadable::Denied,
        Errno::BUSY | Errno::TXTBSY | Errno::AGAIN | Errno::DEADLK => Unreadable::Locked,
        // There at the listing, not any more: whoever moves it is at work now.
        Errno::NOENT | Errno::STALE => Unreadable::Changing,
        // A link or a folder stands where a file stood.
        Errno::LOOP | Errno::NOTDIR | Errno::ISDIR | Errno::NXIO => Unreadable::NotAFile,
        _ => Unreadable::Io,
    }
}

/// What the system said, in its own words.
pub(super) fn detail_of(errno: Errno) -> String {
    io::Error::from(errno).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_root() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("in/deep")).unwrap();
        std::fs::create_dir(dir.path().join("out")).unwrap();
        std::os::unix::fs::symlink("../out", dir.path().join("in/link")).unwrap();
        std::os::unix::fs::symlink("deep", dir.path().join("in/inner")).unwrap();
        let root = open_root(&dir.path().join("in")).unwrap();
        for (path, good) in [
            ("", true),
            ("deep", true),
            ("link", false),
            ("inner", false),
            ("..", false),
            ("deep/..", false),
            ("deep/../../out", false),
            ("./deep", false),
            ("deep/", false),
            ("/deep", false),
            ("nul\0byte", false),
        ] {
            assert_eq!(open_folder(&root, &path.into()).is_ok(), good, "{path:?}");
        }
        assert!(open_parent(&root, &"link/x".into()).is_err());
    }

    #[test]
    fn refusals_are_sorted() {
        for (errno, want) in [
            (Errno::ACCESS, Unreadable::Denied),
            (Errno::PERM, Unreadable::Denied),
            (Errno::BUSY, Unreadable::Locked),
            (Errno::TXTBSY, Unreadable::Locked),
            (Errno::AGAIN, Unreadable::Locked),
            (Errno::NOENT, Unreadable::Changing),
            (Errno::LOOP, Unreadable::NotAFile),
            (Errno::IO, Unreadable::Io),
            (Errno::NAMETOOLONG, Unreadable::Io),
            (Errno::MFILE, Unreadable::Io),
        ] {
            assert_eq!(reason_of(errno), want, "{errno:?}");
        }
    }

    #[test]
    fn odd_times_stay_in_order() {
        for (seconds, nanos, want) in
            [(0_i64, 5_u64, 5), (-1, 0, -1_000_000_000), (i64::MAX, 999_999_999, i64::MAX), (i64::MIN, 0, i64::MIN)]
        {
            assert_eq!(nanoseconds(seconds, nanos), want);
        }
    }
}
