//! Which names of a root are to be read, and which are gone: what the ledger last saw beside what the walk finds.

use std::collections::HashMap;

use crate::domain::change::{Change, Stamp, change};
use crate::domain::fact::Sight;
use crate::domain::ids::ContentHash;
use crate::domain::reading::Unreadable;
use crate::domain::relpath::RelPath;

use super::known::Known;

/// What was last seen of every name of a root.
pub struct Before(HashMap<RelPath, Sight>);

/// What a name on disk asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Asks {
    Nothing,
    Reading,
}

impl Before {
    pub fn new(last: impl IntoIterator<Item = (RelPath, Sight)>) -> Self {
        Self(last.into_iter().filter(|(_, sight)| *sight != Sight::Gone).collect())
    }

    /// Documents that were there.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The content last seen at a path.
    pub fn content(&self, path: &RelPath) -> Option<ContentHash> {
        match self.0.get(path)? {
            Sight::Content { content, .. } => Some(*content),
            Sight::Unread { .. } | Sight::Gone => None,
        }
    }

    /// The contents last seen, each as often as it lies somewhere.
    pub fn contents(&self) -> impl Iterator<Item = ContentHash> {
        self.0.values().filter_map(|sight| match sight {
            Sight::Content { content, .. } => Some(*content),
            Sight::Unread { .. } | Sight::Gone => None,
        })
    }

    pub fn knows(&self, path: &RelPath) -> bool {
        self.0.contains_key(path)
    }

    /// True if a name that could not be read still cannot, for the same reason: nothing new is known of it.
    pub fn is_unread_still(&self, path: &RelPath, sight: &Sight) -> bool {
        match (self.0.get(path), sight) {
            (Some(Sight::Unread { reason, stamp, .. }), Sight::Unread { reason: now, stamp: stamp_now, .. }) => {
                reason == now && stamp == stamp_now
            }
            (None | Some(Sight::Content { .. } | Sight::Unread { .. } | Sight::Gone), _) => false,
        }
    }

    /// Compares one file on disk with what was seen.
    pub fn asks(&self, path: &RelPath, disk: Stamp, known: &Known) -> Asks {
        let (last, looked_ns, settled) = match self.0.get(path) {
            None | Some(Sight::Gone) => (None, 0, false),
            Some(Sight::Content { content, stamp, looked_ns }) => (Some(*stamp), *looked_ns, known.contains(*content)),
            Some(Sight::Unread { reason, stamp, looked_ns, .. }) => (*stamp, *looked_ns, is_final(*reason)),
        };
        match change(last, Some(disk), looked_ns) {
            Change::Unchanged if settled => Asks::Nothing,
            Change::Unchanged | Change::Maybe | Change::Gone => Asks::Reading,
        }
    }

    /// Names that were there and were not met: gone, if `may_be_gone` says that their folder was listed completely.
    pub fn gone(&self, met: impl Fn(&RelPath) -> bool, may_be_gone: impl Fn(&RelPath) -> bool) -> Vec<RelPath> {
        let mut gone: Vec<RelPath> = self.0.keys().filter(|path| !met(path) && may_be_gone(path)).cloned().collect();
        gone.sort();
        gone
    }
}

/// A file that could not be hashed for a reason that looking again will not change.
fn is_final(reason: Unreadable) -> bool {
    !reason.is_transient()
}

#[cfg(test)]
mod tests {
    use super::super::resting::Resting;
    use super::*;

    const STAMP: Stamp = Stamp { size: 3, mtime_ns: 10, ctime_ns: 10, inode: 1 };
    const CONTENT: ContentHash = ContentHash([1; 32]);

    fn before(sight: Sight) -> Before {
        Before::new([(RelPath::from("a"), sight)])
    }

    #[test]
    fn reads_only_what_may_have_changed() {
        let content = Sight::Content { content: CONTENT, stamp: STAMP, looked_ns: 99 };
        let unread = |reason| Sight::Unread { reason, detail: String::new(), stamp: Some(STAMP), looked_ns: 99 };
        let unknown = Known::of(&[], "reader", Resting::default());
        let known = Known::of(&[], "reader", Resting::default());
        assert!(known.claim(CONTENT));
        let path = RelPath::from("a");
        for (name, sight, known, disk, want) in [
            ("same", content.clone(), &known, STAMP, Asks::Nothing),
            ("same, but never read by this reader", content.clone(), &unknown, STAMP, Asks::Reading),
            ("grown", content, &known, Stamp { size: 4, ..STAMP }, Asks::Reading),
            ("too large before", unread(Unreadable::TooLarge), &known, STAMP, Asks::Nothing),
            ("denied before", unread(Unreadable::Denied), &known, STAMP, Asks::Reading),
            ("gone before", Sight::Gone, &known, STAMP, Asks::Reading),
        ] {
            assert_eq!(before(sight).asks(&path, disk, known), want, "{name}");
        }
    }

    #[test]
    fn what_cannot_be_read_still_is_nothing_new() {
        let unread = |reason, stamp| Sight::Unread { reason, detail: String::new(), stamp, looked_ns: 99 };
        let denied = unread(Unreadable::Denied, Some(STAMP));
        for (name, now, want) in [
            ("the same", unread(Unreadable::Denied, Some(STAMP)), true),
            ("another reason", unread(Unreadable::Io, Some(STAMP)), false),
            ("written to", unread(Unreadable::Denied, Some(Stamp { size: 4, ..STAMP })), false),
            ("readable now", Sight::Content { content: CONTENT, stamp: STAMP, looked_ns: 99 }, false),
        ] {
            assert_eq!(before(denied.clone()).is_unread_still(&RelPath::from("a"), &now), want, "{name}");
        }
        assert!(!before(denied.clone()).is_unread_still(&RelPath::from("b"), &denied));
    }

    #[test]
    fn gone_needs_a_complete_listing() {
        let before = before(Sight::Content { content: CONTENT, stamp: STAMP, looked_ns: 99 });
        assert_eq!(before.gone(|_| false, |_| true), [RelPath::from("a")]);
        assert!(before.gone(|_| false, |_| false).is_empty());
        assert!(before.gone(|_| true, |_| true).is_empty());
    }
}
