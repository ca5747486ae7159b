//! Which contents this reader has read: shared by all threads of a pass, so that no content is read twice.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;

use crate::domain::fact::{Read, ReadOutcome};
use crate::domain::ids::ContentHash;
use crate::engine::privacy::Heeded;
use crate::engine::recognising::RECOGNISED;

use super::resting::Resting;

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
pub struct Known {
    map: Mutex<HashMap<ContentHash, Option<Class>>>,
    resting: Resting,
    /// To be read again, whatever the ledger says of them.
    again: HashSet<ContentHash>,
    /// Their text is kept although a private place may be read first.
    open: HashSet<ContentHash>,
}

impl Known {
    /// Of the reads that the ledger holds: those by this reader, but for what may go better now.
    pub fn of(reads: &[Read], reader: &str, resting: Resting) -> Self {
        let ours = reads.iter().filter(|read| is_by(&read.reader, reader) && resting.is_settled(read));
        let map = ours.map(|read| (read.content, Some(Class::of(&read.outcome)))).collect();
        Self { map: Mutex::new(map), resting, again: HashSet::new(), open: HashSet::new() }
    }

    /// Has contents read again as if they had never been, and others never.
    pub fn heed(&mut self, heeded: Heeded) {
        let mut map = self.map();
        map.retain(|content, _| !heeded.again.contains(content));
        // As good as read: whatever comes to lie there, its inside is not looked at.
        map.extend(heeded.never.into_iter().map(|content| (content, Some(Class::Read))));
        drop(map);
        self.again = heeded.again;
        self.open = heeded.open;
    }

    /// True if a content is known to lie at a place that is not private too.
    pub fn is_open(&self, content: ContentHash) -> bool {
        self.open.contains(&content)
    }

    /// Takes in one more read of the ledger, as [`Self::of`] would have.
    pub fn learn(&self, read: &Read, reader: &str) {
        if is_by(&read.reader, reader) && self.resting.is_settled(read) && !self.again.contains(&read.content) {
            self.map().entry(read.content).or_insert(Some(Class::of(&read.outcome)));
        }
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
        self.map.lock().expect("no thread panics while it holds the map")
    }
}

/// True if a reading is this reader's own, or its own with text recognition on top.
fn is_by(name: &str, reader: &str) -> bool {
    name.strip_prefix(reader).is_some_and(|rest| rest.is_empty() || rest.starts_with(RECOGNISED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::{Format, Unreadable};

    fn read(n: u8, reader: &str, outcome: ReadOutcome) -> Read {
        let content = ContentHash([n; 32]);
        let (reader, members) = (reader.to_owned(), Vec::new());
        let (format, pages_waiting, pages_recognised) = (Format::Text, 0, 0);
        Read { content, size: 1, reader, format, outcome, members, pages_waiting, pages_recognised }
    }

    #[test]
    fn only_settled_reads_of_this_reader_are_known() {
        let failed = |reason| ReadOutcome::Unreadable { reason, detail: String::new() };
        let reads = [
            read(1, "r1", ReadOutcome::OcrPending),
            read(2, "r0", ReadOutcome::OcrPending),
            read(3, "r1", failed(Unreadable::TimedOut)),
            read(4, "r1", failed(Unreadable::Encrypted)),
            read(5, "r1; ocr tesseract 5 eng", ReadOutcome::OcrPending),
            read(6, "r12", ReadOutcome::OcrPending),
        ];
        let known = Known::of(&reads, "r1", Resting::default());
        let learned = Known::of(&[], "r1", Resting::default());
        for read in &reads {
            learned.learn(read, "r1");
        }
        assert_eq!(*known.map(), *learned.map());
        let known_of = [1, 2, 3, 4, 5, 6].map(|n| known.contains(ContentHash([n; 32])));
        assert_eq!(known_of, [true, false, false, true, true, false]);
        assert_eq!(known.class(ContentHash([4; 32])), Some(Class::Unreadable));
    }

    #[test]
    fn what_is_heeded_goes_before_what_was_read() {
        let [forgotten, again, usual] = [7, 8, 9].map(|n| ContentHash([n; 32]));
        let reads = [7, 8, 9].map(|n| read(n, "r1", ReadOutcome::OcrPending));
        let mut known = Known::of(&reads, "r1", Resting::default());
        known.heed(Heeded { never: HashSet::from([forgotten]), again: HashSet::from([again]), ..Heeded::default() });
        for read in &reads {
            known.learn(read, "r1");
        }
        assert_eq!([forgotten, again, usual].map(|content| known.contains(content)), [true, false, true]);
        assert_eq!(known.class(forgotten), Some(Class::Read), "no reason to call it waiting");
        assert!(known.claim(again));
    }

    #[test]
    fn a_content_is_claimed_once() {
        let known = Known::of(&[], "r1", Resting::default());
        let content = ContentHash([9; 32]);
        assert!(known.claim(content));
        assert!(!known.claim(content));
        assert_eq!(known.class(content), None);
        known.settle(content, Class::Read);
        assert_eq!(known.class(content), Some(Class::Read));
    }
}
