//! Which names a walk proved to be absent.
//!
//! *Gone* may be said only of names absent from a folder that was listed completely. A folder counts as unproved from
//! the moment it is known until its listing is complete, so a walk that was broken off proves nothing of what it left.

use std::collections::HashSet;

use super::walk::{Folder, Listing};
use crate::domain::relpath::RelPath;

#[derive(Clone, Debug)]
pub struct Coverage {
    under: RelPath,
    unproved: HashSet<RelPath>,
}

impl Coverage {
    /// Of a walk of `under` that begins now.
    pub fn new(under: RelPath) -> Self {
        Self { unproved: HashSet::from([under.clone()]), under }
    }

    /// Of a name that is certainly not a folder now: nothing is below it.
    pub fn of_name(path: RelPath) -> Self {
        Self { unproved: HashSet::new(), under: path }
    }

    /// Takes back that a folder was gone through: the walk was broken off inside it.
    pub fn unprove(&mut self, folder: &RelPath) {
        self.unproved.insert(folder.clone());
    }

    /// Takes note of a folder, in the order in which the walk hands them on.
    pub fn note(&mut self, folder: &Folder) {
        match folder.listing {
            Listing::Complete | Listing::Absent => {
                self.unproved.remove(&folder.path);
            }
            Listing::Failed { .. } => {}
        }
        self.unproved.extend(folder.folders.iter().cloned());
    }

    /// True if `path`, which the walk did not find, is certainly not there.
    pub fn proves_absent(&self, path: &RelPath) -> bool {
        path.is_under(&self.under) && !self.is_unproved(path)
    }

    /// True if `path` or a folder above it could not be listed, or not yet.
    fn is_unproved(&self, path: &RelPath) -> bool {
        let bytes = path.as_bytes();
        let slashes = (0..bytes.len()).filter(|&at| bytes[at] == b'/');
        let mut ends = slashes.chain([0, bytes.len()]);
        ends.any(|end| self.unproved.contains(&RelPath::from_bytes(&bytes[..end])))
    }

    /// Folders whose documents are *unverified since* now.
    pub fn unproved(&self) -> impl Iterator<Item = &RelPath> {
        self.unproved.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::Unreadable;

    fn folder(path: &str, listing: Listing, folders: &[&str]) -> Folder {
        Folder {
            path: path.into(),
            listing,
            found: Vec::new(),
            folders: folders.iter().map(|&path| path.into()).collect(),
            ignored: 0,
            looked_ns: 0,
            rule_errors: Vec::new(),
        }
    }

    #[test]
    fn only_complete_listings_prove() {
        let denied = Listing::Failed { reason: Unreadable::Denied, detail: String::new() };
        let mut coverage = Coverage::new("".into());
        coverage.note(&folder("", Listing::Complete, &["a", "denied", "left", "not reached"]));
        coverage.note(&folder("a", Listing::Complete, &["a/b"]));
        coverage.note(&folder("a/b", Listing::Complete, &[]));
        coverage.note(&folder("denied", denied, &[]));
        coverage.note(&folder("left", Listing::Absent, &[]));
        for (path, want) in [
            ("x.txt", true),
            ("a/x.txt", true),
            ("a/b/x.txt", true),
            ("never/listed/x.txt", true),
            ("left/x.txt", true),
            ("denied/x.txt", false),
            ("denied/deep/x.txt", false),
            ("not reached/x.txt", false),
        ] {
            assert_eq!(coverage.proves_absent(&path.into()), want, "{path}");
        }
        assert_eq!(coverage.unproved().count(), 2);
    }

    #[test]
    fn a_scope_proves_nothing_outside_and_a_walk_not_begun_nothing_at_all() {
        let mut coverage = Coverage::new("a".into());
        assert!(!coverage.proves_absent(&"a/x".into()));
        coverage.note(&folder("a", Listing::Complete, &[]));
        for (path, want) in [("a/x", true), ("b/x", false), ("ab", false)] {
            assert_eq!(coverage.proves_absent(&path.into()), want, "{path}");
        }
        assert!(!Coverage::new("".into()).proves_absent(&"x".into()));
        coverage.unprove(&"a".into());
        assert!(!coverage.proves_absent(&"a/x".into()), "broken off inside");
        let name = Coverage::of_name("a/f".into());
        for (path, want) in [("a/f", true), ("a/f/x", true), ("a/g", false), ("a", false)] {
            assert_eq!(name.proves_absent(&path.into()), want, "{path}");
        }
    }
}
