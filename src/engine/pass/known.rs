//! Which contents this reader has read: shared by all threads of a pass, so that no content is read twice.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::domain::fact::{Read, ReadOutcome};
use crate::domain::ids::ContentHash;

/// What came of reading a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Read,
    Unreadable,
    Unsupported,
    OcrPending,
}

impl Class {
    pub fn of(outcome: &ReadOutcome) -> Self {
        match outcome {
            ReadOutcome::Read { .. } => Self::Read,
            ReadOutcome::Unreadable { .. } => Self::Unreadable,
            ReadOutcome::Unsupported { .. } => Self::Unsupported,
            ReadOutcome::OcrPending => Self::OcrPending,
        }
    }
}

/// Contents read by this reader, or being read now (`None`).
pub struct Known(Mutex<HashMap<ContentHash, Option<Class>>>);

impl Known {
    /// Of the reads that the ledger holds: those by this reader, but for what may go better the next time.
    pub fn of(reads: impl Iterator<Item = Read>, reader: &str) -> Self {
        let settled = |read: &Read| match &read.outcome {
            ReadOutcome::Unreadable { reason, .. } => !reason.is_transient(),
            ReadOutcome::Read { .. } | ReadOutcome::Unsupported { .. } | ReadOutcome::OcrPending => true,
        };
        let ours = reads.filter(|read| read.reader == reader && settled(read));
        Self(Mutex::new(ours.map(|read| (read.content, Some(Class::of(&read.outcome)))).collect()))
    }

    /// True if the caller is the first to ask and must read it.
    pub fn claim(&self, content: ContentHash) -> bool {
        let mut map = self.map();
        let first = !map.contains_key(&content);
        map.entry(content).or_insert(None);
        first
    }

    pub fn settle(&self, content: ContentHash, class: Class) {
        self.map().insert(content, Some(class));
    }

    pub fn contains(&self, content: ContentHash) -> bool {
        self.map().contains_key(&content)
    }

    pub fn class(&self, content: ContentHash) -> Option<Class> {
        self.map().get(&content).copied().flatten()
    }

    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<ContentHash, Option<Class>>> {
        self.0.lock().expect("no thread panics while it holds the map")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::{Format, Unreadable};

    fn read(n: u8, reader: &str, outcome: ReadOutcome) -> Read {
        let content = ContentHash([n; 32]);
        Read { content, size: 1, reader: reader.to_owned(), format: Format::Text, outcome, members: Vec::new() }
    }

    #[test]
    fn only_settled_reads_of_this_reader_are_known() {
        let failed = |reason| ReadOutcome::Unreadable { reason, detail: String::new() };
        let reads = [
            read(1, "r1", ReadOutcome::OcrPending),
            read(2, "r0", ReadOutcome::OcrPending),
            read(3, "r1", failed(Unreadable::TimedOut)),
            read(4, "r1", failed(Unreadable::Encrypted)),
        ];
        let known = Known::of(reads.into_iter(), "r1");
        let known_of = [1, 2, 3, 4].map(|n| known.contains(ContentHash([n; 32])));
        assert_eq!(known_of, [true, false, false, true]);
        assert_eq!(known.class(ContentHash([4; 32])), Some(Class::Unreadable));
    }

    #[test]
    fn a_content_is_claimed_once() {
        let known = Known::of(std::iter::empty(), "r1");
        let content = ContentHash([9; 32]);
        assert!(known.claim(content));
        assert!(!known.claim(content));
        assert_eq!(known.class(content), None);
        known.settle(content, Class::Read);
        assert_eq!(known.class(content), Some(Class::Read));
    }
}
