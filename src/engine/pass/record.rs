//! The writing end of a pass: findings to facts, facts to the ledger in batches, one transaction a batch.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use crate::domain::fact::{Fact, Judged, ReadOutcome, Seen, Sight};
use crate::domain::ids::{ContentHash, RootId};
use crate::domain::reading::Reading;
use crate::domain::relpath::RelPath;
use crate::engine::workspace::Workspace;
use crate::engine::{clock, judging};
use crate::ledger::{self, Ledger};

use super::Watch;
use super::read::{Finding, Reads};

/// A batch is written when it holds this many files ...
const BATCH_FILES: usize = 256;
/// ... or this many bytes of payload, so that memory stays bounded.
const BATCH_BYTES: usize = 16 << 20;

/// Collects facts and appends them.
pub struct Recorder<'a> {
    ledger: &'a mut Ledger,
    root: RootId,
    pass: u64,
    facts: Vec<Fact>,
    payloads: Vec<(ContentHash, Vec<u8>)>,
    files: usize,
    bytes: usize,
    /// Time spent in the ledger.
    pub spent: Duration,
}

impl<'a> Recorder<'a> {
    pub fn new(ledger: &'a mut Ledger, root: RootId, pass: u64) -> Self {
        let (facts, payloads) = (Vec::new(), Vec::new());
        Self { ledger, root, pass, facts, payloads, files: 0, bytes: 0, spent: Duration::ZERO }
    }

    /// Takes one finding; what it says comes after what its contents say, so that a seen content is a read one.
    pub fn take(&mut self, finding: Finding) -> Result<(), ledger::Error> {
        for Reads { read, judged, withheld, payloads } in finding.reads {
            self.bytes += payloads.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
            self.payloads.extend(payloads);
            self.facts.push(Fact::Read(read));
            self.facts.extend(judged.map(Fact::Judged));
            self.facts.extend(withheld.map(Fact::Withheld));
        }
        self.see(finding.path, finding.sight)
    }

    pub fn see(&mut self, path: RelPath, what: Sight) -> Result<(), ledger::Error> {
        self.facts.push(Fact::Seen(Seen { root: self.root, path, what, pass: self.pass }));
        self.files += 1;
        if self.files >= BATCH_FILES || self.bytes >= BATCH_BYTES { self.flush() } else { Ok(()) }
    }

    /// Appends what was collected, in one transaction.
    pub fn flush(&mut self) -> Result<(), ledger::Error> {
        let started = Instant::now();
        if !self.facts.is_empty() {
            self.ledger.append(clock::now(), &self.facts, &self.payloads)?;
        }
        self.facts.clear();
        self.payloads.clear();
        (self.files, self.bytes) = (0, 0);
        self.spent += started.elapsed();
        Ok(())
    }
}

/// Judges what was read under another judge or catalog, from the text that the ledger keeps.
pub fn judge_anew(workspace: &Workspace, ledger: &mut Ledger, watch: Watch<'_>) -> Result<(), super::Error> {
    let judging = &workspace.judging;
    let judged: HashSet<ContentHash> = ledger.judgements(judging.identity())?.into_keys().collect();
    let todo: Vec<(ContentHash, ContentHash)> = ledger
        .latest_reads(None)?
        .into_values()
        .filter(|read| !judged.contains(&read.content))
        .filter_map(|read| match read.outcome {
            ReadOutcome::Read { text, .. } => Some((read.content, text)),
            ReadOutcome::Unreadable { .. } | ReadOutcome::Unsupported { .. } | ReadOutcome::OcrPending => None,
        })
        .collect();
    if todo.is_empty() {
        return Ok(());
    }
    watch.progress.stage("judge anew");
    watch.progress.found(u64::try_from(todo.len()).unwrap_or(u64::MAX));
    for batch in todo.chunks(BATCH_FILES) {
        if watch.stop.is_asked() {
            return Err(super::Error::Interrupted);
        }
        judge_batch(workspace, ledger, batch)?;
        watch.progress.done(u64::try_from(batch.len()).unwrap_or(u64::MAX));
    }
    Ok(())
}

fn judge_batch(
    workspace: &Workspace,
    ledger: &mut Ledger,
    batch: &[(ContentHash, ContentHash)],
) -> Result<(), ledger::Error> {
    let judge = &workspace.judging;
    let (mut facts, mut payloads) = (Vec::new(), Vec::new());
    for (content, text) in batch {
        // Erased text cannot be judged again; the old judgement stays.
        let Some(reading) = judging::kept::<Reading>(ledger, *text)? else { continue };
        let (judgement, bytes) = judge.payload(&reading);
        payloads.push((judgement, bytes));
        facts.push(Fact::Judged(Judged { content: *content, judge: judge.identity().to_owned(), judgement }));
    }
    ledger.append(clock::now(), &facts, &payloads)?;
    Ok(())
}
