//! Finding and reading the `.evidexignore` files that hold in a folder.
//!
//! They lie among hostile files: regular ones only, through no link, and not without end.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::rc::Rc;

use rustix::fs::{Mode, OFlags, openat};
use rustix::io::Errno;

use super::beneath::open_folder;
use super::rules::{Layer, RULES_FILE, Rules, Sort, is_ignored};
use crate::domain::relpath::RelPath;

/// An ignore file longer than this is a mistake; the rest is not read.
const RULES_BYTES_MAX: u64 = 64 * 1024;

pub(super) type Layers = Option<Rc<Layer>>;

/// The rules that hold in `under`; `None` if they leave it out.
pub(super) fn layers_above(top: &OwnedFd, under: &RelPath, rules: &Rules) -> Option<Layers> {
    let mut layers = None;
    let bytes = under.as_bytes();
    for at in (0..bytes.len()).filter(|&at| bytes[at] == b'/').chain((!bytes.is_empty()).then_some(bytes.len())) {
        let above = bytes[..at].iter().rposition(|&byte| byte == b'/').map_or(&b""[..], |slash| &bytes[..slash]);
        if let Ok(folder) = open_folder(top, &RelPath::from_bytes(above)) {
            layers = with_rules_of(folder.as_fd(), above, layers).0;
        }
        if is_ignored(rules, layers.as_ref(), &bytes[..at], Sort::Folder) {
            return None;
        }
    }
    Some(layers)
}

/// Adds the folder's own `.evidexignore`, if there is one, to the rules above it.
pub(super) fn with_rules_of(fd: BorrowedFd<'_>, folder: &[u8], above: Layers) -> (Layers, Vec<String>) {
    match read_rules(fd) {
        Ok(Some(lines)) => {
            let (layer, errors) = Layer::new(folder, &lines, above);
            (Some(Rc::new(layer)), errors)
        }
        Ok(None) => (above, Vec::new()),
        Err(error) => (above, vec![format!("could not be read: {error}")]),
    }
}

fn read_rules(fd: BorrowedFd<'_>) -> io::Result<Option<String>> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match openat(fd, RULES_FILE, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(Errno::NOENT) => return Ok(None),
        Err(errno) => return Err(errno.into()),
    };
    if !file.metadata()?.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.take(RULES_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
