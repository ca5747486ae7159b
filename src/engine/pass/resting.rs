//! Which failures are left alone in this pass: those of the moment until their pause is over, and locked documents as
//! long as nobody wrote another list of passwords.
//!
//! Apart from [`super::known`] because it asks ledger and configuration, once a pass, and `known` is asked for every
//! file.

use std::collections::HashSet;

use crate::domain::fact::{Read, ReadOutcome};
use crate::domain::ids::ContentHash;
use crate::domain::reading::Unreadable;
use crate::domain::retry;
use crate::engine::clock;
use crate::engine::workspace::Workspace;
use crate::ledger::{self, Ledger, WhichPass};

use super::root::Root;

/// The failures that rest.
#[derive(Default)]
pub struct Resting {
    locked_may_open: bool,
    contents: HashSet<ContentHash>,
}

impl Resting {
    /// Looks at what failed among `reads`, which this pass is about.
    pub fn of(
        workspace: &Workspace,
        ledger: &Ledger,
        (root, reader): (&Root, &str),
        reads: &[Read],
    ) -> ledger::Result<Self> {
        let written = workspace.config.passwords_written().map(clock::instant_of);
        let last = ledger.last_pass(root.id, WhichPass::Finished)?;
        let locked_may_open = written.is_some_and(|written| last.is_none_or(|last| written >= last.started));
        let mut contents = HashSet::new();
        if reads.iter().any(is_of_the_moment) {
            let now = clock::now();
            let failures = ledger.failures_of_the_moment(reader)?;
            let resting = failures.iter().filter(|(_, failed)| retry::waits(failed.count, failed.last, now));
            contents.extend(resting.map(|(content, _)| *content));
        }
        Ok(Self { locked_may_open, contents })
    }

    /// True if reading the content again is not worth it now.
    pub fn is_settled(&self, read: &Read) -> bool {
        match &read.outcome {
            ReadOutcome::Unreadable { reason: Unreadable::Encrypted, .. } => !self.locked_may_open,
            ReadOutcome::Unreadable { .. } if is_of_the_moment(read) => self.contents.contains(&read.content),
            ReadOutcome::Unreadable { .. }
            | ReadOutcome::Read { .. }
            | ReadOutcome::Unsupported { .. }
            | ReadOutcome::OcrPending => true,
        }
    }
}

fn is_of_the_moment(read: &Read) -> bool {
    matches!(&read.outcome, ReadOutcome::Unreadable { reason, .. } if reason.is_transient())
}
