//! What the system tells of changes below a root: a hint, never the truth.
//!
//! The callback runs on the watcher's own thread and does one thing: it sends the path on a bounded channel. If that is
//! full, or the system says that it lost events, the root is marked *dirty* and a pass over all of it is due. Each folder
//! is watched by itself, so that those past the system's limit can be counted and the rest still tells.

use std::collections::BTreeSet;
use std::ops::{Bound, ControlFlow};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::Sender;
use notify::event::{AccessKind, AccessMode, CreateKind, Flag, ModifyKind, RenameMode};
use notify::{ErrorKind, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::error::Result;
use super::root::{Events, root_identity};
use super::rules::Rules;
use super::settle::Hint;
use super::walk::{Listing, walk};
use crate::domain::relpath::RelPath;

/// One change, by the number of its root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub root: usize,
    pub path: RelPath,
    pub hint: Hint,
}

/// What went wrong, set on the watcher's thread.
#[derive(Debug, Default)]
struct Marks {
    dirty: AtomicBool,
    failed: AtomicBool,
}

/// Why a root cannot be watched at all.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    #[error("the system allows no more watchers: raise `sysctl fs.inotify.max_user_instances`")]
    TooManyWatchers,
    #[error("could not watch")]
    Failed { source: notify::Error },
}

/// How much of a root is watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    pub watched: u64,
    /// Folders of which nothing is told: past the limit, on a file system that tells nothing, or forbidden.
    pub unwatched: u64,
    /// True if the system's limit was met: `sysctl fs.inotify.max_user_watches`.
    pub at_limit: bool,
}

/// The watcher of one root.
pub struct Watcher {
    inner: RecommendedWatcher,
    root: PathBuf,
    marks: Arc<Marks>,
    folders: BTreeSet<RelPath>,
    covered: Covered,
}

impl Watcher {
    /// Watches nothing yet; changes will be sent under the number `number`.
    pub fn start(root: &Path, number: usize, told: Sender<Told>) -> std::result::Result<Self, WatchError> {
        let marks = Arc::new(Marks::default());
        let (callback_marks, callback_root) = (Arc::clone(&marks), root.to_owned());
        let callback = move |event: notify::Result<notify::Event>| match event {
            Ok(event) => pass_on(&event, (&callback_root, number), &told, &callback_marks),
            Err(_) => callback_marks.failed.store(true, Ordering::Relaxed),
        };
        let inner = notify::recommended_watcher(callback).map_err(too_many)?;
        let (folders, covered) = (BTreeSet::new(), Covered::default());
        Ok(Self { inner, root: root.to_owned(), marks, folders, covered })
    }

    /// Watches `under` (the empty path: the root) and every folder below it. Of the whole root, the counts are made anew.
    pub fn cover(&mut self, under: &RelPath, rules: &Rules) -> Result<()> {
        if under.as_bytes().is_empty() {
            self.covered = Covered::default();
        } else {
            self.forget(under);
        }
        let root = self.root.clone();
        let device = std::fs::metadata(&root).map(|metadata| metadata.dev()).ok();
        let mut met = BTreeSet::new();
        walk(&root, under, rules, &mut |folder| {
            match folder.listing {
                Listing::Complete => {
                    let path = on_disk(&root, &folder.path);
                    if self.watch(&path, device) {
                        met.insert(folder.path);
                    }
                }
                Listing::Failed { .. } => self.covered.unwatched += 1,
                Listing::Absent => {}
            }
            ControlFlow::Continue(())
        })?;
        if under.as_bytes().is_empty() {
            self.folders = met;
        } else {
            self.folders.extend(met);
        }
        self.covered.watched = self.folders.len() as u64;
        Ok(())
    }

    /// True if this folder is watched already.
    pub fn covers(&self, folder: &RelPath) -> bool {
        self.folders.contains(folder)
    }

    /// Lets go of a folder that is gone, and of all below it. The system has dropped their watches by itself.
    pub fn forget(&mut self, folder: &RelPath) {
        let from = (Bound::Included(folder.clone()), Bound::Unbounded);
        let below: Vec<RelPath> = self
            .folders
            .range(from)
            .take_while(|path| path.as_bytes().starts_with(folder.as_bytes()))
            .cloned()
            .collect();
        for path in below.into_iter().filter(|path| path.is_under(folder)) {
            self.folders.remove(&path);
        }
        self.covered.watched = self.folders.len() as u64;
    }

    pub fn covered(&self) -> Covered {
        self.covered
    }

    /// True, once, if changes were lost since the last question.
    pub fn lost_changes(&self) -> bool {
        self.marks.dirty.swap(false, Ordering::Relaxed)
    }

    /// True if the watcher itself broke down and must be replaced.
    pub fn has_failed(&self) -> bool {
        self.marks.failed.load(Ordering::Relaxed)
    }

    /// Watches one folder; false if it cannot be.
    fn watch(&mut self, folder: &Path, device: Option<u64>) -> bool {
        // Another file system mounted inside the root may be one that tells nothing.
        let foreign = std::fs::metadata(folder).is_ok_and(|metadata| Some(metadata.dev()) != device);
        let silent = foreign && root_identity(folder).is_ok_and(|identity| identity.events == Events::None);
        let watched = if silent { Ok(()) } else { self.inner.watch(folder, RecursiveMode::NonRecursive) };
        match watched {
            Ok(()) if silent => {}
            Ok(()) => return true,
            // Gone since it was listed: its parent tells.
            Err(error) if matches!(error.kind, ErrorKind::PathNotFound) => return false,
            Err(error) => self.covered.at_limit |= matches!(error.kind, ErrorKind::MaxFilesWatch),
        }
        self.covered.unwatched += 1;
        false
    }
}

fn on_disk(root: &Path, path: &RelPath) -> PathBuf {
    if path.as_bytes().is_empty() { root.to_owned() } else { root.join(std::ffi::OsStr::from_bytes(path.as_bytes())) }
}

fn too_many(error: notify::Error) -> WatchError {
    let no_more =
        matches!(&error.kind, ErrorKind::Io(io) if io.raw_os_error() == Some(rustix::io::Errno::MFILE.raw_os_error()));
    if no_more { WatchError::TooManyWatchers } else { WatchError::Failed { source: error } }
}

/// The callback's whole work.
fn pass_on(event: &notify::Event, (root, number): (&Path, usize), told: &Sender<Told>, marks: &Marks) {
    if event.attrs.flag() == Some(Flag::Rescan) {
        marks.dirty.store(true, Ordering::Relaxed);
        return;
    }
    let Some(hint) = hint_of(event.kind) else { return };
    for path in &event.paths {
        let Ok(below) = path.strip_prefix(root) else { continue };
        let path = RelPath::from_bytes(below.as_os_str().as_bytes());
        if told.try_send(Told { root: number, path, hint }).is_err() {
            marks.dirty.store(true, Ordering::Relaxed);
        }
    }
}

/// What an event says of its path; `None` if nothing changed. Reading a folder's files is told too, and is no change.
fn hint_of(kind: EventKind) -> Option<Hint> {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write))
        | EventKind::Remove(_)
        | EventKind::Create(CreateKind::Folder)
        | EventKind::Modify(
            ModifyKind::Name(RenameMode::From | RenameMode::To | RenameMode::Any | RenameMode::Other)
            | ModifyKind::Metadata(_),
        ) => Some(Hint::Ended),
        EventKind::Create(_) | EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any | ModifyKind::Other) => {
            Some(Hint::Going)
        }
        // A rename is told a second time, for both names at once.
        EventKind::Modify(ModifyKind::Name(RenameMode::Both))
        | EventKind::Access(_)
        | EventKind::Any
        | EventKind::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::io::Write;
    use std::time::Duration;

    use crossbeam_channel::{Receiver, bounded};

    use super::*;

    fn watched(root: &Path, room: usize) -> (Watcher, Receiver<Told>) {
        let (sender, receiver) = bounded(room);
        let mut watcher = Watcher::start(root, 7, sender).unwrap();
        watcher.cover(&"".into(), &Rules::new(&[]).unwrap()).unwrap();
        (watcher, receiver)
    }

    /// The last hint of each path until `last` was told of with that hint.
    fn told(receiver: &Receiver<Told>, last: &str, hint: Hint) -> BTreeMap<String, Hint> {
        let mut hints = BTreeMap::new();
        loop {
            let told = receiver.recv_timeout(Duration::from_secs(30)).expect("the change is told");
            assert_eq!(told.root, 7);
            let done = told.path == RelPath::from(last) && told.hint == hint;
            hints.insert(told.path.to_text().into_owned(), told.hint);
            if done {
                return hints;
            }
        }
    }

    #[test]
    fn tells_what_ended_from_what_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("a/b")).unwrap();
        fs::write(at("a/old"), "x").unwrap();
        let (watcher, receiver) = watched(dir.path(), 1000);
        assert_eq!(watcher.covered(), Covered { watched: 3, unwatched: 0, at_limit: false });
        let mut open = fs::File::create(at("a/b/open")).unwrap();
        open.write_all(b"x").unwrap();
        fs::rename(at("a/old"), at("a/new")).unwrap();
        fs::read(at("a/new")).unwrap();
        fs::write(at("closed"), "x").unwrap();
        let hints = told(&receiver, "closed", Hint::Ended);
        let of = |name: &str| hints.get(name).copied();
        assert_eq!(of("a/b/open"), Some(Hint::Going));
        assert_eq!((of("a/old"), of("a/new")), (Some(Hint::Ended), Some(Hint::Ended)));
        assert_eq!(of("closed"), Some(Hint::Ended));
        drop(open);
        told(&receiver, "a/b/open", Hint::Ended);
        fs::remove_file(at("closed")).unwrap();
        told(&receiver, "closed", Hint::Ended);
    }

    #[test]
    fn folders_come_and_go() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let rules = Rules::new(&[]).unwrap();
        let (mut watcher, receiver) = watched(dir.path(), 1000);
        fs::create_dir_all(at("new/deep")).unwrap();
        told(&receiver, "new", Hint::Ended);
        assert!(!watcher.covers(&"new".into()));
        watcher.cover(&"new".into(), &rules).unwrap();
        assert!(watcher.covers(&"new/deep".into()));
        assert_eq!(watcher.covered().watched, 3);
        fs::write(at("new/deep/x"), "x").unwrap();
        told(&receiver, "new/deep/x", Hint::Ended);
        fs::rename(at("new"), at("moved")).unwrap();
        told(&receiver, "moved", Hint::Ended);
        watcher.forget(&"new".into());
        watcher.cover(&"moved".into(), &rules).unwrap();
        assert_eq!(watcher.covered().watched, 3);
        fs::write(at("moved/deep/y"), "y").unwrap();
        told(&receiver, "moved/deep/y", Hint::Ended);
    }

    #[test]
    fn a_full_channel_makes_the_root_dirty() {
        let dir = tempfile::tempdir().unwrap();
        let (watcher, receiver) = watched(dir.path(), 1);
        assert!(!watcher.lost_changes());
        let mut number = 0;
        while !watcher.lost_changes() {
            fs::write(dir.path().join(format!("{number}")), "x").unwrap();
            number += 1;
            assert!(number < 100_000, "the channel holds one");
        }
        assert_eq!(receiver.len(), 1);
        assert!(!watcher.has_failed());
    }

    #[test]
    fn links_are_not_followed_and_ignored_folders_not_watched() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("a/.git/objects")).unwrap();
        std::os::unix::fs::symlink("..", dir.path().join("a/loop")).unwrap();
        let (watcher, _receiver) = watched(dir.path(), 10);
        assert_eq!(watcher.covered().watched, 2);
    }
}
