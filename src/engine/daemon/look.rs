//! Looking at what is due: names that changed, slices of passes over everything.

use std::collections::VecDeque;
use std::time::Duration;

use crate::domain::relpath::RelPath;
use crate::engine::clock;
use crate::engine::pass::{self, Part, Stop, Watch};
use crate::report::scan_summary::ScanSummary;

use super::roots::WholePass;
use super::{Alive, Daemon, Error, chain};
use crate::disk::Hint;

/// Files looked at in one go: enough to share a commit, few enough that the next change need not wait long. How many
/// that is depends on the machine and on the files, so it is found by trying.
pub(super) const FILES_MIN: usize = 16;
const FILES_MAX: usize = 256;
/// A go that takes longer makes the next one smaller; one that takes less than half of it, larger.
const GO_TIME: Duration = Duration::from_millis(500);
/// Parts of a broken-off pass that are gone on with in one go.
const PARTS_MAX: usize = 64;

impl Daemon<'_> {
    /// Looks at what is due in every root; true if anything was.
    pub(super) fn look(&mut self, stop: &Stop) -> Result<bool, Error> {
        if self.now() < self.not_before {
            return Ok(false);
        }
        let mut worked = false;
        for number in 0..self.roots.len() {
            if self.roots[number].offline_since.is_some() {
                continue;
            }
            let tried = self.look_at_names(number, stop).and_then(|names| Ok(self.look_at_all(number, stop)? || names));
            match tried {
                Ok(did) => {
                    worked |= did;
                    if did {
                        self.failure_pause.reset();
                    }
                }
                Err(error) => self.failed(number, error)?,
            }
        }
        Ok(worked)
    }

    /// Recognises a few documents that wait, while nothing else is due; true if it can go on with more.
    pub(super) fn recognise(&mut self, stop: &Stop) -> Result<bool, Error> {
        // A change that was told is about to be due, and goes first.
        if !self.scans_due || self.intake.wake.try_recv().is_ok() {
            return Ok(false);
        }
        let (progress, wake) = (Alive::default(), &self.intake.wake);
        let watch = Watch { progress: &progress, stop };
        self.scans_due = self.session.recognise_some(&|| !wake.is_empty(), watch)?;
        self.assessing.ask();
        Ok(self.scans_due && self.intake.wake.is_empty())
    }

    fn look_at_names(&mut self, number: usize, stop: &Stop) -> Result<bool, Error> {
        let now = self.now();
        let root = &mut self.roots[number];
        let parts = root.due(now, self.files_at_once);
        if parts.is_empty() {
            return Ok(false);
        }
        root.watch_new_folders(&parts, &self.rules);
        let progress = Alive::default();
        let looked = self.session.parts(&root.root, &parts, self.files_at_once, Watch { progress: &progress, stop });
        let part = match looked {
            Ok(part) => part,
            Err(error) => {
                // What was due stays due, whatever the fault.
                let mut inbox = root.inbox();
                for part in parts {
                    inbox.settle.note(part, Hint::Going, now);
                }
                return Err(error.into());
            }
        };
        let after = self.began.elapsed();
        root.retries.note(&parts, &part.again, after);
        {
            let mut inbox = root.inbox();
            for left in &part.left {
                inbox.settle.note(left.clone(), Hint::Ended, after);
            }
        }
        self.counts.part_passes += 1;
        let looked = if part.left.is_empty() { parts.len() } else { self.files_at_once };
        self.adapt(looked, after.saturating_sub(now));
        let took_ms = u64::try_from(after.saturating_sub(now).as_millis()).unwrap_or(u64::MAX);
        self.looked(number, &part, took_ms);
        Ok(true)
    }

    /// One slice of a pass over all of a root, if one runs or is due.
    fn look_at_all(&mut self, number: usize, stop: &Stop) -> Result<bool, Error> {
        let now = self.now();
        let root = &mut self.roots[number];
        if root.offline_since.is_some() {
            return Ok(false);
        }
        let mut whole = match root.whole.take() {
            Some(whole) => whole,
            None if root.next_whole <= now => {
                root.next_whole = Duration::MAX;
                if let Some(watcher) = &mut root.watcher {
                    // Folders that were missed, and a limit that was raised, are found here.
                    watcher.cover(&RelPath::from(""), &self.rules)?;
                }
                let left = VecDeque::from([RelPath::from("")]);
                let pass = self.session.begin_whole(&root.root)?;
                WholePass { pass, began: now, left, summary: ScanSummary::default() }
            }
            None => return Ok(false),
        };
        self.busy = Some(format!("a full pass over {}", root.root.path.display()));
        let slice: Vec<RelPath> = whole.left.drain(..whole.left.len().min(PARTS_MAX)).collect();
        let progress = Alive::default();
        let pass = (&root.root, Some(whole.pass));
        let part = self.session.slice(pass, &slice, self.files_at_once, Watch { progress: &progress, stop })?;
        for left in part.left.iter().rev() {
            whole.left.push_front(left.clone());
        }
        whole.summary += part.summary;
        root.retries.note(&[], &part.again, self.began.elapsed());
        let full = if part.left.is_empty() { 0 } else { self.files_at_once };
        let took = self.began.elapsed().saturating_sub(now);
        let ended = whole.left.is_empty() && part.offline.is_none();
        if ended {
            self.session.finish_whole(&root.root, whole.pass, whole.summary)?;
            let (now, at) = (self.began.elapsed(), clock::now());
            root.whole_ended(&self.workspace.config.watch, (now, at), now.saturating_sub(whole.began));
            self.counts.full_passes += 1;
            self.busy = None;
        } else {
            root.whole = Some(whole);
        }
        self.adapt(full, took);
        self.looked(number, &part, 0);
        Ok(true)
    }

    /// Finds how many files a go may hold. One that was not full says nothing for more.
    fn adapt(&mut self, files: usize, took: Duration) {
        self.files_at_once = next_size(self.files_at_once, files, took);
    }

    /// What a look means for everything else.
    fn looked(&mut self, number: usize, part: &Part, took_ms: u64) {
        let root = &mut self.roots[number];
        for notice in &part.notices {
            tracing::warn!("{notice}");
        }
        if part.offline.is_some() {
            root.go_offline(clock::now());
            self.busy = None;
            return;
        }
        let ScanSummary { new, changed, moved, gone, ocr_pending, .. } = part.summary;
        self.scans_due |= new + changed + ocr_pending > 0;
        let documents = new + changed + moved + gone;
        if documents > 0 {
            self.counts.documents_changed += documents;
            self.assessing.ask();
            tracing::info!(root = %root.root.path.display(), new, changed, moved, gone, took_ms, "looked at changes");
        }
    }

    /// A pass that failed is tried again after a pause; only a damaged ledger ends the daemon.
    fn failed(&mut self, number: usize, error: Error) -> Result<(), Error> {
        if is_fatal(&error) {
            return Err(error);
        }
        let now = self.now();
        let pause = self.failure_pause.grow();
        self.not_before = now.saturating_add(pause);
        self.counts.failures += 1;
        self.busy = None;
        let root = &mut self.roots[number];
        root.whole = None;
        // Whatever was at work when it failed is found again by looking at everything.
        root.next_whole = root.next_whole.min(self.not_before);
        tracing::error!(error = %chain(&error), again_in_s = pause.as_secs(), "a pass failed");
        Ok(())
    }
}

fn next_size(size: usize, files: usize, took: Duration) -> usize {
    if took > GO_TIME {
        (size / 2).max(FILES_MIN)
    } else if took < GO_TIME / 2 && files >= size {
        (size * 2).min(FILES_MAX)
    } else {
        size
    }
}

fn is_fatal(error: &Error) -> bool {
    use crate::engine::question;
    use crate::ledger;
    let of_ledger = |error: &ledger::Error| {
        matches!(error, ledger::Error::Corrupt { .. } | ledger::Error::BadFact { .. } | ledger::Error::Newer { .. })
    };
    match error {
        Error::Pass(error) => match &**error {
            pass::Error::Interrupted => true,
            pass::Error::Ledger(error) => of_ledger(error),
            pass::Error::Publish(error) => matches!(&**error, question::Error::Ledger(error) if of_ledger(error)),
            pass::Error::Workspace(_)
            | pass::Error::Disk(_)
            | pass::Error::Extract(_)
            | pass::Error::NoFolder
            | pass::Error::Elsewhere { .. } => false,
        },
        Error::Ledger(error) => of_ledger(error),
        Error::Disk(_) | Error::Listen { .. } | Error::Thread(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_go_is_as_large_as_its_time_allows() {
        for (size, files, ms, want) in [
            (64, 64, 100, 128),
            (64, 3, 100, 64),
            (64, 64, 400, 64),
            (64, 64, 501, 32),
            (64, 1, 2000, 32),
            (FILES_MIN, 1, 2000, FILES_MIN),
            (FILES_MAX, FILES_MAX, 1, FILES_MAX),
        ] {
            assert_eq!(next_size(size, files, Duration::from_millis(ms)), want, "{size} {files} {ms}");
        }
    }
}
