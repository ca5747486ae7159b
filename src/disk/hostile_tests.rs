//! Trees that no walk should meet, walked: too long, too deep, shut.

use std::fs;
use std::ops::ControlFlow;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::fs::{Mode, OFlags, mkdirat, openat};

use super::beneath::open_root;
use super::{Coverage, Folder, FoundKind, Limits, Listing, Rules, look, open, walk};
use crate::domain::reading::Unreadable;

const LIMITS: Limits = Limits { file_bytes: 10, keep_bytes: 10 };

fn folders(root: &Path) -> Vec<Folder> {
    let mut folders = Vec::new();
    walk(root, &"".into(), &Rules::new(&[]).unwrap(), &mut |folder| {
        folders.push(folder);
        ControlFlow::Continue(())
    })
    .unwrap();
    folders
}

/// Makes a chain of folders longer than any one path may be; the last one's descriptor.
fn chain(root: &Path, name: &str, depth: usize) -> std::os::fd::OwnedFd {
    let mut fd = open_root(root).unwrap();
    for _ in 0..depth {
        mkdirat(&fd, name, Mode::from_raw_mode(0o700)).unwrap();
        fd = openat(&fd, name, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
    }
    fd
}

#[test]
fn a_path_longer_than_the_system_takes_is_walked_and_read() {
    let dir = tempfile::tempdir().unwrap();
    let deepest = chain(dir.path(), &"n".repeat(200), 30);
    openat(&deepest, "file", OFlags::CREATE | OFlags::WRONLY, Mode::from_raw_mode(0o600)).unwrap();
    let deepest = folders(dir.path()).pop().unwrap();
    let path = &deepest.found[0].path;
    assert!(path.as_bytes().len() > 4_096);
    assert!(matches!(look(dir.path(), path).unwrap().unwrap().kind, FoundKind::File(_)));
    assert_eq!(open(dir.path(), path, LIMITS).unwrap().hash().unwrap().bytes, Some(vec![]));
}

#[test]
fn too_deep_is_told_and_not_entered() {
    let dir = tempfile::tempdir().unwrap();
    chain(dir.path(), "d", 1_010);
    let walked = folders(dir.path());
    assert!(walked.len() < 1_010);
    let deepest = walked.last().unwrap();
    assert!(matches!(deepest.listing, Listing::Failed { .. }), "{deepest:?}");
}

/// Root may read anything, so the right is given up first; rights belong to a thread.
#[cfg(target_os = "linux")]
#[test]
fn what_may_not_be_read_is_unverified_not_gone() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    for folder in ["open", "shut/deep"] {
        fs::create_dir_all(at(folder)).unwrap();
    }
    for file in ["open/x", "shut/y", "shut/deep/z", "unreadable"] {
        fs::write(at(file), "x").unwrap();
    }
    let set_mode = |name, mode| fs::set_permissions(at(name), fs::Permissions::from_mode(mode)).unwrap();
    set_mode("shut", 0o000);
    set_mode("unreadable", 0o000);
    let (walked, opened) = std::thread::scope(|scope| {
        let look = scope.spawn(|| {
            give_up_rights();
            (folders(dir.path()), open(dir.path(), &"unreadable".into(), LIMITS))
        });
        look.join().unwrap()
    });
    set_mode("shut", 0o700);

    let failure = opened.unwrap_err();
    assert_eq!(failure.reason, Unreadable::Denied);
    assert!(failure.stamp.is_some());
    let shut = walked.iter().find(|folder| folder.path == "shut".into()).unwrap();
    assert!(matches!(&shut.listing, Listing::Failed { reason: Unreadable::Denied, .. }), "{shut:?}");
    let mut coverage = Coverage::new("".into());
    for folder in &walked {
        coverage.note(folder);
    }
    for (path, want) in [("shut/y", false), ("shut/deep/z", false), ("open/other", true), ("other", true)] {
        assert_eq!(coverage.proves_absent(&path.into()), want, "{path}");
    }
}

#[cfg(target_os = "linux")]
fn give_up_rights() {
    use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};
    let none = CapabilitySet::empty();
    set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none }).unwrap();
}
