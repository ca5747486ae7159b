//! When a changed name is quiet enough to be looked at.
//!
//! Pure: time is passed in, as the span since the start. A name is due 150 ms after it was closed or moved in, 2 s after
//! the last write if nobody closed it, and 30 s after its first change whatever happens. More than 128 names of one
//! folder become that folder. Memory is bounded: past the limit the whole root is due, which a pass over it answers.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use crate::domain::relpath::RelPath;

/// From the end of writing to the look.
const QUIET_CLOSED: Duration = Duration::from_millis(150);
/// From the last write to the look, where no close is told.
const QUIET_OPEN: Duration = Duration::from_secs(2);
/// From the first change to the look, for a name that never gets quiet.
const LATEST: Duration = Duration::from_secs(30);
/// Names of one folder that are looked at one by one.
const FOLDER_NAMES_MAX: usize = 128;
/// Names waiting in one root.
const NAMES_MAX: usize = 50_000;

/// What the file system told of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Closed after writing, moved, removed, or its rights changed: nothing more is expected.
    Ended,
    /// Made or written to: its writer may go on.
    Going,
}

/// A name that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Waiting {
    first: Duration,
    last: Duration,
    hint: Hint,
}

impl Waiting {
    fn due(self) -> Duration {
        let quiet = match self.hint {
            Hint::Ended => QUIET_CLOSED,
            Hint::Going => QUIET_OPEN,
        };
        self.last.saturating_add(quiet).min(self.first.saturating_add(LATEST))
    }

    fn and(self, other: Self) -> Self {
        let newer = if other.last >= self.last { other } else { self };
        Self { first: self.first.min(other.first), ..newer }
    }
}

/// The names of one root that changed and were not looked at yet.
#[derive(Clone, Debug, Default)]
pub struct Settle {
    waiting: BTreeMap<RelPath, Waiting>,
    /// How many names of each folder wait.
    folders: HashMap<RelPath, usize>,
}

impl Settle {
    /// Takes note of a change.
    pub fn note(&mut self, path: RelPath, hint: Hint, now: Duration) {
        let path = self.whole_folder_of(&path).unwrap_or(path);
        let fresh = Waiting { first: now, last: now, hint };
        if let Some(waiting) = self.waiting.get_mut(&path) {
            *waiting = waiting.and(fresh);
            return;
        }
        if self.waiting.len() >= NAMES_MAX {
            self.collapse(&RelPath::from(""), fresh);
            return;
        }
        let folder = folder_of(&path);
        self.waiting.insert(path, fresh);
        let count = self.folders.entry(folder.clone()).or_default();
        *count += 1;
        if *count > FOLDER_NAMES_MAX {
            self.collapse(&folder, fresh);
        }
    }

    /// When the next name is due; `None` if none waits.
    pub fn next_due(&self) -> Option<Duration> {
        self.waiting.values().map(|waiting| waiting.due()).min()
    }

    /// Names that wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes up to `at_most` names that are due. Where more are due, half are the oldest and half are of the folders with
    /// the fewest: a copy of ten thousand files does not keep a single one elsewhere waiting.
    pub fn take(&mut self, now: Duration, at_most: usize) -> Vec<RelPath> {
        let mut due: Vec<(Duration, RelPath)> = Vec::new();
        for (path, waiting) in &self.waiting {
            if waiting.due() <= now {
                due.push((waiting.due(), path.clone()));
            }
        }
        due.sort();
        if due.len() > at_most {
            let mut counts: HashMap<RelPath, usize> = HashMap::new();
            for (_, path) in &due {
                *counts.entry(folder_of(path)).or_default() += 1;
            }
            let mut rest = due.split_off(at_most / 2);
            rest.sort_by_key(|(due, path)| (counts.get(&folder_of(path)).copied(), *due));
            rest.truncate(at_most - due.len());
            due.extend(rest);
        }
        let taken: Vec<RelPath> = due.into_iter().map(|(_, path)| path).collect();
        for path in &taken {
            self.remove(path);
        }
        taken
    }

    /// The folder above a path that waits as a whole because too much changed in it; the root counts as one.
    fn whole_folder_of(&self, path: &RelPath) -> Option<RelPath> {
        let mut folder = folder_of(path);
        loop {
            if self.folders.get(&folder) == Some(&usize::MAX) {
                return Some(folder);
            }
            if folder.as_bytes().is_empty() {
                return None;
            }
            folder = folder_of(&folder);
        }
    }

    /// Puts a folder in the place of all that waits below it.
    fn collapse(&mut self, folder: &RelPath, fresh: Waiting) {
        let below: Vec<RelPath> = self.waiting.keys().filter(|path| path.is_under(folder)).cloned().collect();
        let mut whole = fresh;
        for path in &below {
            if let Some(waiting) = self.waiting.get(path) {
                whole = whole.and(*waiting);
            }
            self.remove(path);
        }
        self.waiting.insert(folder.clone(), whole);
        // Marks the folder as one whose names are not told apart any more, until it is taken.
        self.folders.insert(folder.clone(), usize::MAX);
    }

    fn remove(&mut self, path: &RelPath) {
        self.waiting.remove(path);
        if self.folders.get(path) == Some(&usize::MAX) {
            self.folders.remove(path);
            return;
        }
        let folder = folder_of(path);
        if let Some(count) = self.folders.get_mut(&folder) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.folders.remove(&folder);
            }
        }
    }
}

/// The folder that holds a path; the empty path, the root, for its own names.
fn folder_of(path: &RelPath) -> RelPath {
    let bytes = path.as_bytes();
    let end = bytes.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
    RelPath::from_bytes(&bytes[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn names(paths: &[RelPath]) -> Vec<String> {
        paths.iter().map(|path| path.to_text().into_owned()).collect()
    }

    #[test]
    fn due_by_table() {
        use Hint::{Ended, Going};
        let every_second: Vec<(u64, Hint)> = (0..60).map(|second| (second * 1000, Going)).collect();
        let closed_again_and_again: Vec<(u64, Hint)> = (0..400).map(|tenth| (tenth * 100, Ended)).collect();
        for (name, hints, want) in [
            ("closed", &[(0, Ended)][..], 150),
            ("written, then closed", &[(0, Going), (900, Going), (1000, Ended)], 1150),
            ("closed twice", &[(0, Ended), (100, Ended)], 250),
            ("written and left open", &[(0, Going), (500, Going)], 2500),
            ("closed, then written to again", &[(0, Ended), (100, Going)], 2100),
            ("written to for ever", &every_second, 30_000),
            ("closed for ever", &closed_again_and_again, 30_000),
        ] {
            let mut settle = Settle::default();
            for (at, hint) in hints.iter().filter(|(at, _)| *at < want) {
                settle.note("a/x".into(), *hint, ms(*at));
            }
            assert_eq!(settle.next_due(), Some(ms(want)), "{name}");
            assert!(settle.take(ms(want - 1), 9).is_empty(), "{name}");
            assert_eq!(names(&settle.take(ms(want), 9)), ["a/x"], "{name}");
            assert!(settle.is_empty(), "{name}");
            assert_eq!(settle.next_due(), None, "{name}");
        }
    }

    #[test]
    fn many_of_one_folder_are_the_folder() {
        let mut settle = Settle::default();
        settle.note("b/other".into(), Hint::Ended, ms(0));
        for number in 0..=FOLDER_NAMES_MAX {
            assert_eq!(settle.len(), number + 1);
            settle.note(format!("a/{number}").as_str().into(), Hint::Ended, ms(0));
        }
        settle.note("a/more".into(), Hint::Ended, ms(100));
        settle.note("a/deep/er".into(), Hint::Ended, ms(100));
        assert_eq!(settle.len(), 2);
        assert_eq!(names(&settle.take(ms(150), 9)), ["b/other"]);
        assert_eq!(names(&settle.take(ms(250), 9)), ["a"]);
        // Once taken, its names are told apart again.
        settle.note("a/x".into(), Hint::Ended, ms(300));
        assert_eq!(names(&settle.take(ms(450), 9)), ["a/x"]);
        assert!(settle.folders.is_empty(), "{settle:?}");
    }

    #[test]
    fn a_folder_that_never_rests_is_looked_at_all_the_same() {
        let mut settle = Settle::default();
        for tenth in 0..300_u64 {
            settle.note(format!("a/{tenth}").as_str().into(), Hint::Going, ms(tenth * 100));
        }
        assert_eq!(settle.next_due(), Some(LATEST));
    }

    #[test]
    fn memory_is_bounded_by_the_root() {
        let mut settle = Settle::default();
        for number in 0..NAMES_MAX {
            settle.note(format!("{}/{number}", number / 100).as_str().into(), Hint::Ended, ms(0));
        }
        assert_eq!(settle.len(), NAMES_MAX);
        settle.note("one/more".into(), Hint::Ended, ms(0));
        assert_eq!(settle.len(), 1);
        assert_eq!(names(&settle.take(ms(150), 9)), [""]);
        assert!(settle.folders.is_empty(), "{settle:?}");
    }

    #[test]
    fn a_lone_name_is_not_kept_waiting_by_many() {
        let mut settle = Settle::default();
        for number in 0..100 {
            settle.note(format!("copy/{number:03}").as_str().into(), Hint::Ended, ms(0));
        }
        settle.note("alone/x".into(), Hint::Ended, ms(50));
        let taken = names(&settle.take(ms(1000), 10));
        assert_eq!(taken.len(), 10);
        assert!(taken.contains(&"alone/x".to_owned()), "{taken:?}");
        assert!(taken.contains(&"copy/000".to_owned()), "{taken:?}");
        assert_eq!(settle.len(), 91);
    }
}
