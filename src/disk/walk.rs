//! Listing a root, or a folder below it, folder by folder in order.
//!
//! A folder is handed on as soon as it is listed, so memory is that of one folder. Links are never followed: each is
//! accounted for as one. Other file systems mounted inside a root belong to it.

use std::ffi::OsStr;
use std::ops::ControlFlow;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, statat};
use rustix::io::Errno;

use super::beneath::{detail_of, look_ns, open_folder, open_parent, open_root, reason_of, stamp_of};
use super::error::Result;
use super::layers::{Layers, layers_above, with_rules_of};
use super::root::root_error;
use super::rules::{RULES_FILE, Rules, Sort, is_ignored};
use crate::domain::change::Stamp;
use crate::domain::reading::Unreadable;
use crate::domain::relpath::RelPath;

/// Nobody files papers deeper; a folder deeper than this is told, not entered.
const DEPTH_MAX: usize = 1_000;

/// One folder, listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    pub path: RelPath,
    pub listing: Listing,
    /// All but folders and what rules leave out, sorted by name.
    pub found: Vec<Found>,
    /// The folders inside that are walked next.
    pub folders: Vec<RelPath>,
    /// Names left out by rules.
    pub ignored: u64,
    /// When the stamps were taken, for the racy rule: nanoseconds since 1970, dated back by the clock's grain.
    pub looked_ns: i64,
    /// Lines of this folder's `.evidexignore` that cannot be used.
    pub rule_errors: Vec<String>,
}

/// How far a folder's listing can be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Every name was seen: what is not among them is not there.
    Complete,
    /// There is no such folder (any more), or rules leave it out: nothing is below it.
    Absent,
    /// Names may be missing: nothing below may be called gone.
    Failed { reason: Unreadable, detail: String },
}

/// One name that is no folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub path: RelPath,
    pub kind: FoundKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundKind {
    File(Stamp),
    /// A symbolic link, to whatever.
    Link,
    Fifo,
    Socket,
    Device,
    /// It is there; more the system would not say.
    Unknown {
        reason: Unreadable,
        detail: String,
    },
}

impl FoundKind {
    /// What a person would call it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Link => "symbolic link",
            Self::Fifo => "named pipe",
            Self::Socket => "socket",
            Self::Device => "device",
            Self::Unknown { .. } => "unknown",
        }
    }
}

/// Walks `under` (the empty path: the whole root), depth first, names in byte order; `each` may break off.
///
/// An error means that the root itself cannot be opened.
pub fn walk(
    root: &Path,
    under: &RelPath,
    rules: &Rules,
    each: &mut dyn FnMut(Folder) -> ControlFlow<()>,
) -> Result<()> {
    let top = open_root(root).map_err(|error| root_error(root, error))?;
    let Some(above) = layers_above(&top, under, rules) else {
        let _ = each(absent(under.clone()));
        return Ok(());
    };
    let mut open = vec![(under.clone(), above)];
    while let Some((path, above)) = open.pop() {
        let (folder, layer) = list(&top, path, rules, above);
        open.extend(folder.folders.iter().rev().map(|path| (path.clone(), layer.clone())));
        if each(folder).is_break() {
            break;
        }
    }
    Ok(())
}

/// Looks at one name; `None` if it is not there, is a folder, or lies behind a link.
pub fn look(root: &Path, path: &RelPath) -> Result<Option<Found>> {
    let top = open_root(root).map_err(|error| root_error(root, error))?;
    let kind = match open_parent(&top, path) {
        Ok((parent, name)) => kind_of(parent.as_fd(), name),
        Err(errno) => refused(errno),
    };
    Ok(kind.map(|kind| Found { path: path.clone(), kind }))
}

/// What one name is, for a pass over that name alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// The folder that would hold it says that there is no such name, there is no such folder, or rules leave it out:
    /// nothing is at or below it.
    Absent,
    Folder,
    /// With the instant of the look, for the racy rule.
    Found(Found, i64),
    /// The folder above cannot be passed: nothing can be said.
    Failed {
        reason: Unreadable,
        detail: String,
    },
}

/// Looks at one name under the rules that a walk would meet on its way to it.
pub fn probe(root: &Path, path: &RelPath, rules: &Rules) -> Result<Probe> {
    let looked_ns = look_ns();
    let top = open_root(root).map_err(|error| root_error(root, error))?;
    let bytes = path.as_bytes();
    if bytes.is_empty() {
        return Ok(Probe::Folder);
    }
    let folder = bytes.iter().rposition(|&byte| byte == b'/').map_or(&b""[..], |slash| &bytes[..slash]);
    let Some(layers) = layers_above(&top, &RelPath::from_bytes(folder), rules) else { return Ok(Probe::Absent) };
    // Those of the folder itself, which hold for the names in it.
    let layers = match open_folder(&top, &RelPath::from_bytes(folder)) {
        Ok(opened) => with_rules_of(opened.as_fd(), folder, layers).0,
        Err(_) => layers,
    };
    let (parent, name) = match open_parent(&top, path) {
        Ok(opened) => opened,
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => return Ok(Probe::Absent),
        Err(errno) => return Ok(Probe::Failed { reason: reason_of(errno), detail: detail_of(errno) }),
    };
    let sort = if type_of(parent.as_fd(), name.as_bytes()) == FileType::Directory { Sort::Folder } else { Sort::Other };
    if is_ignored(rules, layers.as_ref(), bytes, sort) {
        return Ok(Probe::Absent);
    }
    Ok(match (sort, kind_of(parent.as_fd(), name)) {
        (Sort::Folder, _) => Probe::Folder,
        (Sort::Other, Some(kind)) => Probe::Found(Found { path: path.clone(), kind }, looked_ns),
        (Sort::Other, None) => Probe::Absent,
    })
}

fn list(top: &OwnedFd, path: RelPath, rules: &Rules, above: Layers) -> (Folder, Layers) {
    let depth = path.as_bytes().split(|&byte| byte == b'/').count();
    let opened = if depth > DEPTH_MAX { Err(Errno::NAMETOOLONG) } else { open_folder(top, &path) };
    match opened.and_then(Dir::new) {
        Ok(dir) => list_opened(dir, path, rules, above),
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => (absent(path), above),
        Err(errno) => (Folder { listing: failed(errno), ..absent(path) }, above),
    }
}

fn list_opened(mut dir: Dir, path: RelPath, rules: &Rules, above: Layers) -> (Folder, Layers) {
    let mut folder = Folder { listing: Listing::Complete, ..absent(path) };
    let mut names: Vec<(Box<[u8]>, FileType)> = Vec::new();
    let mut has_rules = false;
    while let Some(entry) = dir.read() {
        match entry {
            Ok(entry) if matches!(entry.file_name().to_bytes(), b"." | b"..") => {}
            Ok(entry) => {
                has_rules |= entry.file_name().to_bytes() == RULES_FILE.as_bytes();
                names.push((entry.file_name().to_bytes().into(), entry.file_type()));
            }
            Err(errno) => {
                folder.listing = failed(errno);
                break;
            }
        }
    }
    names.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let fd = match dir.fd() {
        Ok(fd) => fd,
        Err(errno) => return (Folder { listing: failed(errno), ..folder }, above),
    };
    let mut layers = above;
    if has_rules {
        (layers, folder.rule_errors) = with_rules_of(fd, folder.path.as_bytes(), layers);
    }
    for (name, file_type) in names {
        sort_in(&mut folder, fd, (&name, file_type), |path, sort| is_ignored(rules, layers.as_ref(), path, sort));
    }
    (folder, layers)
}

/// Puts one name where it belongs.
fn sort_in(
    folder: &mut Folder,
    fd: BorrowedFd<'_>,
    (name, file_type): (&[u8], FileType),
    ignored: impl Fn(&[u8], Sort) -> bool,
) {
    let path = join(folder.path.as_bytes(), name);
    let file_type = if file_type == FileType::Unknown { type_of(fd, name) } else { file_type };
    let sort = if file_type == FileType::Directory { Sort::Folder } else { Sort::Other };
    if ignored(&path, sort) {
        folder.ignored += 1;
    } else if sort == Sort::Folder {
        folder.folders.push(RelPath::from_bytes(path));
    } else if let Some(kind) = kind_of(fd, OsStr::from_bytes(name)) {
        folder.found.push(Found { path: RelPath::from_bytes(path), kind });
    }
}

/// For file systems that do not tell types in a listing.
fn type_of(fd: BorrowedFd<'_>, name: &[u8]) -> FileType {
    let stat = statat(fd, OsStr::from_bytes(name), AtFlags::SYMLINK_NOFOLLOW);
    stat.map_or(FileType::Unknown, |stat| FileType::from_raw_mode(stat.st_mode))
}

/// `None` if the name is gone, or has become a folder: the next pass will list it as one.
fn kind_of(fd: BorrowedFd<'_>, name: &OsStr) -> Option<FoundKind> {
    let stat = match statat(fd, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => stat,
        Err(errno) => return refused(errno),
    };
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Some(FoundKind::File(stamp_of(&stat))),
        FileType::Directory => None,
        FileType::Symlink => Some(FoundKind::Link),
        FileType::Fifo => Some(FoundKind::Fifo),
        FileType::Socket => Some(FoundKind::Socket),
        FileType::CharacterDevice | FileType::BlockDevice | FileType::Unknown => Some(FoundKind::Device),
    }
}

fn refused(errno: Errno) -> Option<FoundKind> {
    match errno {
        Errno::NOENT | Errno::NOTDIR | Errno::LOOP => None,
        errno => Some(FoundKind::Unknown { reason: reason_of(errno), detail: detail_of(errno) }),
    }
}

fn absent(path: RelPath) -> Folder {
    Folder {
        path,
        listing: Listing::Absent,
        found: Vec::new(),
        folders: Vec::new(),
        ignored: 0,
        looked_ns: look_ns(),
        rule_errors: Vec::new(),
    }
}

fn failed(errno: Errno) -> Listing {
    Listing::Failed { reason: reason_of(errno), detail: detail_of(errno) }
}

fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use rustix::fs::{Mode, mknodat};
    use tempfile::TempDir;

    use super::*;

    /// Makes files (and folders, where the name ends in `/`).
    fn tree(names: &[&str]) -> TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in names {
            let path = dir.path().join(name);
            if name.ends_with('/') {
                fs::create_dir_all(path).unwrap();
            } else {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, "x").unwrap();
            }
        }
        dir
    }

    fn folders(root: &Path, under: &str) -> Vec<Folder> {
        let mut folders = Vec::new();
        let rules = Rules::new(&[]).unwrap();
        walk(root, &under.into(), &rules, &mut |folder| {
            folders.push(folder);
            ControlFlow::Continue(())
        })
        .unwrap();
        folders
    }

    /// Every name that was found, with what it is.
    fn found(root: &Path, under: &str) -> Vec<(String, &'static str)> {
        let found = folders(root, under).into_iter().flat_map(|folder| folder.found);
        found.map(|found| (found.path.to_text().into_owned(), found.kind.as_str())).collect()
    }

    fn names(root: &Path, under: &str) -> Vec<String> {
        found(root, under).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn lists_folder_by_folder_in_order() {
        let dir = tree(&["b.txt", "a/2", "a/10", "a/deep/x", "a b/y", "empty/", "Thumbs.db"]);
        let paths: Vec<String> = folders(dir.path(), "").iter().map(|folder| folder.path.to_text().into()).collect();
        assert_eq!(paths, ["", "a", "a/deep", "a b", "empty"]);
        assert_eq!(names(dir.path(), ""), ["b.txt", "a/10", "a/2", "a/deep/x", "a b/y"]);
        assert_eq!(names(dir.path(), "a/deep"), ["a/deep/x"]);
        let top = &folders(dir.path(), "")[0];
        assert_eq!((top.ignored, &top.listing), (1, &Listing::Complete));
        let FoundKind::File(stamp) = top.found[0].kind else { panic!("{top:?}") };
        let metadata = fs::metadata(dir.path().join("b.txt")).unwrap();
        assert_eq!(stamp.size, metadata.len());
        assert_eq!(
            stamp.mtime_ns,
            i64::try_from(metadata.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos())
                .unwrap()
        );
    }

    #[test]
    fn a_probe_says_what_a_walk_would() {
        let dir = tree(&["a/x.txt", "a/~$x.docx", "skip/y.txt", "a/b.bak", "a/b/"]);
        fs::write(dir.path().join(".evidexignore"), "skip/\n").unwrap();
        fs::write(dir.path().join("a/.evidexignore"), "*.bak\n").unwrap();
        symlink("a", dir.path().join("link")).unwrap();
        let rules = Rules::new(&[]).unwrap();
        for (path, want) in [
            ("", "folder"),
            ("a", "folder"),
            ("a/x.txt", "file"),
            ("a/none", "absent"),
            ("none/x", "absent"),
            ("a/x.txt/y", "absent"),
            ("a/~$x.docx", "absent"),
            ("skip", "absent"),
            ("skip/y.txt", "absent"),
            ("a/b.bak", "absent"),
            ("a/b", "folder"),
            ("link", "symbolic link"),
            ("link/x.txt", "absent"),
        ] {
            let found = match probe(dir.path(), &path.into(), &rules).unwrap() {
                Probe::Absent => "absent",
                Probe::Folder => "folder",
                Probe::Found(found, _) => found.kind.as_str(),
                Probe::Failed { .. } => "failed",
            };
            assert_eq!(found, want, "{path}");
        }
        assert!(probe(&dir.path().join("gone"), &"x".into(), &rules).is_err());
    }

    #[test]
    fn accounts_for_what_is_no_file_and_follows_nothing() {
        let dir = tree(&["real/x", "f"]);
        let at = |name: &str| dir.path().join(name);
        symlink("..", at("real/up")).unwrap();
        symlink("/etc", at("outside")).unwrap();
        symlink("nowhere", at("dangling")).unwrap();
        symlink("loop", at("loop")).unwrap();
        mknodat(rustix::fs::CWD, at("fifo"), FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        let want = [
            ("dangling", "symbolic link"),
            ("f", "file"),
            ("fifo", "named pipe"),
            ("loop", "symbolic link"),
            ("outside", "symbolic link"),
            ("socket", "socket"),
            ("real/up", "symbolic link"),
            ("real/x", "file"),
        ];
        assert_eq!(found(dir.path(), ""), want.map(|(name, kind)| (name.to_owned(), kind)));
        let only_absent =
            |under| matches!(&folders(dir.path(), under)[..], [folder] if folder.listing == Listing::Absent);
        assert!(only_absent("outside"), "a link is no folder");
        assert!(only_absent("real/up"));
        assert!(only_absent("f"));
        assert!(only_absent("never/there"));
        for (name, want) in [
            ("f", Some("file")),
            ("fifo", Some("named pipe")),
            ("real", None),
            ("outside/passwd", None),
            ("none", None),
        ] {
            let found = look(dir.path(), &name.into()).unwrap();
            assert_eq!(found.as_ref().map(|found| found.kind.as_str()), want, "{name}");
        }
    }

    #[test]
    fn names_are_bytes() {
        let dir = tempfile::tempdir().unwrap();
        let odd: [&[u8]; 5] = [b"caf\xe9.txt", b"new\nline", b"\x1b[31mred", b" ", b"\xff\xff"];
        for name in odd {
            fs::write(dir.path().join(OsStr::from_bytes(name)), "x").unwrap();
        }
        let mut want: Vec<RelPath> = odd.map(|name| RelPath::from_bytes(name.to_vec())).into();
        want.sort();
        let found: Vec<RelPath> = folders(dir.path(), "").remove(0).found.into_iter().map(|found| found.path).collect();
        assert_eq!(found, want);
    }

    #[test]
    fn ignore_files_hold_below_them_also_for_a_scope() {
        let dir =
            tree(&["keep/a.log", "keep/b.txt", "keep/drafts/c.txt", "other/a.log", "other/drafts/d.txt", "x.bak"]);
        fs::write(dir.path().join(".evidexignore"), "*.bak\n[z-a]\n").unwrap();
        fs::write(dir.path().join("keep/.evidexignore"), "*.log\ndrafts/\n").unwrap();
        assert_eq!(names(dir.path(), ""), ["keep/b.txt", "other/a.log", "other/drafts/d.txt"]);
        assert_eq!(names(dir.path(), "keep"), ["keep/b.txt"]);
        assert_eq!(names(dir.path(), "other/drafts"), ["other/drafts/d.txt"]);
        assert_eq!(folders(dir.path(), "keep/drafts")[0].listing, Listing::Absent, "left out by the folder above it");
        let top = &folders(dir.path(), "")[0];
        assert_eq!(top.rule_errors.len(), 1, "{top:?}");
        assert!(top.rule_errors[0].starts_with("line 2: "), "{top:?}");
    }

    #[test]
    fn a_walk_can_be_broken_off() {
        let dir = tree(&["a/x", "b/x"]);
        let mut seen = 0;
        walk(dir.path(), &"".into(), &Rules::new(&[]).unwrap(), &mut |_| {
            seen += 1;
            ControlFlow::Break(())
        })
        .unwrap();
        assert_eq!(seen, 1);
    }
}
