//! Knowing a root again: a disk that is not mounted must not look like an emptied policy folder.
//!
//! A root is *offline* if it cannot be opened, lies on another file system than before, or held documents and holds none
//! now. While it is, nothing changes in the ledger.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{Dir, fstatfs, fstatvfs};
use rustix::io::Errno;

use super::beneath::open_root;
use super::error::{Error, Result};
use super::rules::is_built_in;

/// What tells a root's file system from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The kind of file system, and its own number where that outlives a restart.
    pub device: u64,
    /// `ext`, `nfs`, `smb` ...: for people.
    pub file_system: &'static str,
    /// True if there is nothing in it but what programs leave behind.
    pub empty: bool,
    pub events: Events,
}

/// Whether a file system tells of every change, whoever makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Events {
    All,
    /// Other machines change it unseen (NFS, SMB), or the system does not know it well enough (FUSE).
    None,
}

/// Whether a pass may look at a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    Online,
    /// With the reason, as a clause: `it is empty and held 40 documents`.
    Offline(String),
}

/// Decides from what the ledger recorded (device, and how many documents were there) and what is there now.
pub fn standing(recorded_device: Option<u64>, documents: usize, now: &Result<Identity>) -> Standing {
    match now {
        Err(error) => Standing::Offline(error.to_string()),
        Ok(identity) if recorded_device.is_some_and(|device| device != identity.device) => Standing::Offline(format!(
            "it is on another file system than before (now {}): is its disk mounted?",
            identity.file_system
        )),
        Ok(identity) if identity.empty && documents > 0 => {
            let plural = if documents == 1 { "" } else { "s" };
            Standing::Offline(format!("it is empty and held {documents} document{plural}"))
        }
        Ok(_) => Standing::Online,
    }
}

/// Looks at a root.
pub fn root_identity(root: &Path) -> Result<Identity> {
    let top = open_root(root).map_err(|error| root_error(root, error))?;
    identity_of(&top).map_err(|errno| root_error(root, errno.into()))
}

/// What kept a root from being opened.
pub(super) fn root_error(root: &Path, error: io::Error) -> Error {
    let path = root.to_owned();
    match error.kind() {
        io::ErrorKind::NotFound => Error::RootAbsent { path },
        io::ErrorKind::NotADirectory => Error::NotAFolder { path },
        _ => Error::RootUnreadable { path, source: error },
    }
}

fn identity_of(top: &OwnedFd) -> std::result::Result<Identity, Errno> {
    let (kind, file_system, lasts) = file_system_of(top)?;
    let number = if lasts == Lasts::Yes { fstatvfs(top)?.f_fsid } else { 0 };
    // Both halves of the number, folded: the kind takes the upper half.
    let device = (u64::from(kind) << 32) | ((number ^ (number >> 32)) & 0xffff_ffff);
    let events = if is_local(file_system) { Events::All } else { Events::None };
    Ok(Identity { device, file_system, empty: is_empty(top)?, events })
}

/// Whether a file system's own number is the same after a restart. Network, memory and overlay file systems get a new
/// one at each mount; for them only the kind is compared, which still tells a share from its bare mount point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lasts {
    Yes,
    No,
}

/// The numbers of `linux/magic.h` and of the file systems that keep theirs elsewhere.
const KINDS: [(u32, &str, Lasts); 17] = [
    (0xef53, "ext", Lasts::Yes),
    (0x9123_683e, "btrfs", Lasts::Yes),
    (0x5846_5342, "xfs", Lasts::No), // made of the device's number, which may change
    (0xf2f5_2010, "f2fs", Lasts::Yes),
    (0x2fc1_2fc1, "zfs", Lasts::Yes),
    (0xca45_1a4e, "bcachefs", Lasts::Yes),
    (0x4d44, "fat", Lasts::No),
    (0x2011_bab0, "exfat", Lasts::No),
    (0x5346_544e, "ntfs", Lasts::No),
    (0x7366_746e, "ntfs", Lasts::No),
    (0x6969, "nfs", Lasts::No),
    (0xff53_4d42, "smb", Lasts::No),
    (0xfe53_4d42, "smb", Lasts::No),
    (0x6573_5546, "fuse", Lasts::No),
    (0x0102_1997, "9p", Lasts::No),
    (0x0102_1994, "tmpfs", Lasts::No),
    (0x794c_7630, "overlay", Lasts::No),
];

fn file_system_of(top: &OwnedFd) -> std::result::Result<(u32, &'static str, Lasts), Errno> {
    // The field's type differs between systems; the numbers have 32 bits on all.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the numbers have 32 bits")]
    let kind = fstatfs(top)?.f_type as u32;
    let known = KINDS.iter().find(|(number, ..)| *number == kind).copied();
    Ok(known.unwrap_or((kind, "another file system", Lasts::No)))
}

/// True for file systems that nobody but this machine changes. One that is not known is not trusted to tell.
fn is_local(file_system: &str) -> bool {
    let local = ["ext", "btrfs", "xfs", "f2fs", "zfs", "bcachefs", "fat", "exfat", "ntfs", "tmpfs", "overlay"];
    local.contains(&file_system)
}

fn is_empty(top: &OwnedFd) -> std::result::Result<bool, Errno> {
    let mut dir = Dir::read_from(top.as_fd())?;
    while let Some(entry) = dir.read() {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if name != b"." && name != b".." && !is_built_in(name) {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stands_by_table() {
        let here = |device, empty| Ok(Identity { device, file_system: "ext", empty, events: Events::All });
        let absent = Err(Error::RootAbsent { path: "/gone".into() });
        for (name, recorded, documents, now, want) in [
            ("new", None, 0, here(1, false), None),
            ("new and empty", None, 0, here(1, true), None),
            ("as before", Some(1), 9, here(1, false), None),
            ("never held any", Some(1), 0, here(1, true), None),
            ("emptied", Some(1), 9, here(1, true), Some("it is empty and held 9 documents")),
            ("another disk", Some(1), 9, here(2, false), Some("it is on another file system")),
            ("another disk, no documents", Some(1), 0, here(2, false), Some("it is on another file system")),
            ("absent", Some(1), 9, absent, Some("there is no folder `/gone`")),
        ] {
            match (standing(recorded, documents, &now), want) {
                (Standing::Online, None) => {}
                (Standing::Offline(why), Some(want)) => assert!(why.starts_with(want), "{name}: {why}"),
                (found, _) => panic!("{name}: {found:?}"),
            }
        }
    }

    #[test]
    fn a_root_is_known_again() {
        let dir = tempfile::tempdir().unwrap();
        let first = root_identity(dir.path()).unwrap();
        assert!(first.empty);
        std::fs::write(dir.path().join("Thumbs.db"), "").unwrap();
        assert_eq!(root_identity(dir.path()).unwrap(), first);
        std::fs::write(dir.path().join("policy.txt"), "").unwrap();
        assert_eq!(root_identity(dir.path()).unwrap(), Identity { empty: false, ..first.clone() });
        assert_ne!(root_identity(Path::new("/proc")).unwrap().device, first.device);
    }

    #[test]
    fn only_local_file_systems_are_trusted_to_tell() {
        for (name, want) in [("ext", true), ("overlay", true), ("nfs", false), ("smb", false), ("fuse", false)] {
            assert_eq!(is_local(name), want, "{name}");
        }
        assert_eq!(KINDS.iter().filter(|(_, name, _)| !is_local(name)).count(), 5);
    }

    #[test]
    fn what_is_no_folder_is_told() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("file"), "").unwrap();
        assert!(matches!(root_identity(&dir.path().join("file")), Err(Error::NotAFolder { .. })));
        assert!(matches!(root_identity(&dir.path().join("none")), Err(Error::RootAbsent { .. })));
    }
}
