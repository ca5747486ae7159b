//! How often in a row a content could not be read for a reason of the moment.
//!
//! Apart from the other questions because it goes through all readings; the engine asks it only when there is such a
//! content at all.

use std::collections::HashMap;

use super::db::Ledger;
use super::error::Result;
use crate::domain::fact::{Fact, ReadOutcome};
use crate::domain::ids::{ContentHash, InstantMs};

/// Failures since the last time that ended otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    pub count: u32,
    pub last: InstantMs,
}

impl Ledger {
    /// The contents of which one reader's newest reading failed for a reason that may pass.
    pub fn failures_of_the_moment(&self, reader: &str) -> Result<HashMap<ContentHash, Failures>> {
        let mut failures: HashMap<ContentHash, Failures> = HashMap::new();
        self.each_of_kind("read", None, |entry| {
            let Fact::Read(read) = entry.fact else { return };
            if read.reader != reader {
                return;
            }
            match read.outcome {
                ReadOutcome::Unreadable { reason, .. } if reason.is_transient() => {
                    let failed = failures.entry(read.content).or_insert(Failures { count: 0, last: entry.at });
                    *failed = Failures { count: failed.count.saturating_add(1), last: entry.at };
                }
                ReadOutcome::Unreadable { .. }
                | ReadOutcome::Read { .. }
                | ReadOutcome::Unsupported { .. }
                | ReadOutcome::OcrPending => {
                    failures.remove(&read.content);
                }
            }
        })?;
        Ok(failures)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::Unreadable;
    use crate::ledger::testing::{content, read, temp_ledger};

    fn failed(name: &str, reader: &str, reason: Unreadable) -> Fact {
        let Fact::Read(mut fact) = read(name, reader, 1) else { unreachable!("it makes readings") };
        fact.outcome = ReadOutcome::Unreadable { reason, detail: String::new() };
        Fact::Read(fact)
    }

    #[test]
    fn failures_are_counted_since_the_last_success() {
        let (_dir, mut ledger) = temp_ledger();
        let late = |name, reader| failed(name, reader, Unreadable::TimedOut);
        for (at, facts) in [
            (1, vec![late("x", "r1"), late("y", "r1"), late("z", "r0")]),
            (2, vec![read("x", "r1", 1), late("y", "r1")]),
            (3, vec![late("x", "r1"), late("y", "r1"), failed("w", "r1", Unreadable::Damaged)]),
        ] {
            ledger.append(InstantMs(at), &facts, &[]).unwrap();
        }
        let wanted = HashMap::from([
            (content("x"), Failures { count: 1, last: InstantMs(3) }),
            (content("y"), Failures { count: 3, last: InstantMs(3) }),
        ]);
        assert_eq!(ledger.failures_of_the_moment("r1").unwrap(), wanted);
    }
}
