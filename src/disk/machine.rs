//! What this machine lets this account do: room, rights, limits of watching, what below a root cannot be read.
//!
//! For `doctor` alone. Every probe looks and changes nothing.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, AtFlags, CWD, accessat, statvfs};

use super::error::Result;
use super::rules::Rules;
use super::walk::{Folder, FoundKind, Listing, walk};
use crate::domain::relpath::RelPath;

/// Unreadable names kept as examples.
const EXAMPLES: usize = 3;

/// Bytes on a file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// To an account without special rights.
    pub free: u64,
    pub total: u64,
}

/// Who may do what with a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    pub mode: u32,
    pub owner: u32,
    /// To this account.
    pub writable: bool,
}

/// What one user may watch through the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WatchLimits {
    pub watches: u64,
    pub instances: u64,
}

/// What lies below a root, and what of it this account cannot read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    pub folders: u64,
    pub files: u64,
    pub unreadable_folders: u64,
    pub unreadable_files: u64,
    pub examples: Vec<PathBuf>,
    /// Files whose time lies after this moment.
    pub in_future: u64,
}

/// Room where `path` lies.
pub fn space(path: &Path) -> io::Result<Space> {
    let found = statvfs(path)?;
    let bytes = |blocks: u64| blocks.saturating_mul(found.f_frsize);
    Ok(Space { free: bytes(found.f_bavail), total: bytes(found.f_blocks) })
}

/// The rights on a folder, as they are for this account.
pub fn rights(folder: &Path) -> io::Result<Rights> {
    let found = fs::metadata(folder)?;
    let writable = accessat(CWD, folder, Access::WRITE_OK | Access::EXEC_OK, AtFlags::EACCESS).is_ok();
    Ok(Rights { mode: found.mode() & 0o7777, owner: found.uid(), writable })
}

/// The kernel's limits, where it has any.
pub fn watch_limits() -> Option<WatchLimits> {
    let number = |name: &str| fs::read_to_string(format!("/proc/sys/fs/inotify/{name}")).ok()?.trim().parse().ok();
    Some(WatchLimits { watches: number("max_user_watches")?, instances: number("max_user_instances")? })
}

/// True if a file system of this kind tells a watcher of every change, also of those made by other machines.
pub fn tells_of_changes(file_system: &str) -> bool {
    !matches!(file_system, "nfs" | "smb" | "fuse" | "9p")
}

/// Goes through a root without opening a file. `now_ns` is the moment after which a file's time is in the future.
pub fn survey(root: &Path, rules: &Rules, now_ns: i64) -> Result<Survey> {
    let mut survey = Survey::default();
    walk(root, &RelPath::from(""), rules, &mut |folder| {
        survey.add(root, &folder, now_ns);
        ControlFlow::Continue(())
    })?;
    Ok(survey)
}

impl Survey {
    fn add(&mut self, root: &Path, folder: &Folder, now_ns: i64) {
        self.folders += 1;
        if matches!(folder.listing, Listing::Failed { .. }) {
            self.unreadable_folders += 1;
            self.example(root, &folder.path);
        }
        for found in &folder.found {
            let stamp = match &found.kind {
                FoundKind::File(stamp) => Some(stamp),
                FoundKind::Unknown { .. } => None,
                FoundKind::Link | FoundKind::Fifo | FoundKind::Socket | FoundKind::Device => continue,
            };
            self.files += 1;
            self.in_future += u64::from(stamp.is_some_and(|stamp| stamp.mtime_ns > now_ns));
            let readable = || accessat(CWD, at(root, &found.path), Access::READ_OK, AtFlags::EACCESS).is_ok();
            if stamp.is_none() || !readable() {
                self.unreadable_files += 1;
                self.example(root, &found.path);
            }
        }
    }

    fn example(&mut self, root: &Path, path: &RelPath) {
        if self.examples.len() < EXAMPLES {
            self.examples.push(at(root, path));
        }
    }
}

fn at(root: &Path, path: &RelPath) -> PathBuf {
    root.join(std::ffi::OsStr::from_bytes(path.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_lies_below_a_root() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("a/b")).unwrap();
        for name in ["a/x.txt", "a/b/y.txt", "z.txt"] {
            fs::write(dir.path().join(name), "text").unwrap();
        }
        let rules = Rules::new(&[]).unwrap();
        let found = survey(dir.path(), &rules, i64::MAX).unwrap();
        assert_eq!((found.folders, found.files, found.unreadable_files, found.in_future), (3, 3, 0, 0));
        assert_eq!(survey(dir.path(), &rules, 0).unwrap().in_future, 3);
        assert!(survey(&dir.path().join("none"), &rules, 0).is_err());
    }

    #[test]
    fn names_what_it_cannot_read() {
        let root = Path::new("/srv");
        let failed = Listing::Failed { reason: crate::domain::reading::Unreadable::Denied, detail: String::new() };
        let folder = |path: &str, listing| Folder {
            path: path.into(),
            listing,
            found: Vec::new(),
            folders: Vec::new(),
            ignored: 0,
            looked_ns: 0,
            rule_errors: Vec::new(),
        };
        let mut survey = Survey::default();
        for number in 0..5 {
            survey.add(root, &folder(&format!("closed {number}"), failed.clone()), 0);
        }
        survey.add(root, &folder("open", Listing::Complete), 0);
        assert_eq!((survey.folders, survey.unreadable_folders), (6, 5));
        assert_eq!(survey.examples.len(), EXAMPLES);
        assert_eq!(survey.examples[0], Path::new("/srv/closed 0"));
    }

    #[test]
    fn room_and_rights_are_told() {
        let dir = tempfile::tempdir().unwrap();
        let found = space(dir.path()).unwrap();
        assert!(found.free <= found.total && found.total > 0, "{found:?}");
        assert!(rights(dir.path()).unwrap().writable);
        assert!(space(&dir.path().join("none")).is_err());
        assert!(rights(&dir.path().join("none")).is_err());
        for (kind, want) in [("ext", true), ("tmpfs", true), ("nfs", false), ("smb", false), ("fuse", false)] {
            assert_eq!(tells_of_changes(kind), want, "{kind}");
        }
    }
}
