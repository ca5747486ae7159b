//! What stays between passes: the lock, the ledger, the readers with their workers, the checked index.
//!
//! `scan` opens one for a single pass; the daemon keeps one for its life. Whole passes and parts run the same code; a
//! part costs what changed in it, not what the state holds.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Instant;

use crate::disk;
use crate::domain::relpath::RelPath;
use crate::engine::clock;
use crate::engine::privacy;
use crate::engine::publish::{self, Soundness};
use crate::engine::workspace::Workspace;
use crate::ledger::Ledger;
use crate::report::scan_summary::{self, ScanSummary};

use super::readers::Readers;
use super::root::{self, Means, Root};
use super::scans::{self, Portion};
use super::walk::Extent;
use super::{Error, Order, Outcome, Watch, record};

/// The state, held for passes.
pub struct Session<'w> {
    workspace: &'w Workspace,
    ledger: Ledger,
    readers: Readers,
    soundness: Soundness,
    _lock: disk::StateLock,
}

/// What a look at parts of one root came to.
#[derive(Debug)]
pub struct Part {
    pub summary: ScanSummary,
    pub notices: Vec<String>,
    /// Why the root could not be believed, if so: then nothing was done.
    pub offline: Option<String>,
    /// Names to be tried again soon.
    pub again: Vec<RelPath>,
    /// Parts that were not reached.
    pub left: Vec<RelPath>,
}

impl<'w> Session<'w> {
    /// Takes the lock and opens the ledger for writing.
    pub fn open(workspace: &'w Workspace) -> Result<Self, Error> {
        workspace.prepare_state()?;
        let lock = disk::StateLock::acquire(&workspace.state)?;
        let ledger = Ledger::open(&workspace.ledger_path())?;
        let config = &workspace.config;
        let readers = Readers::start(config.worker_count(), config.limits());
        Ok(Self { workspace, ledger, readers, soundness: Soundness::Unchecked, _lock: lock })
    }

    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The roots as the ledger knows them; new ones are entered.
    pub fn roots(&mut self) -> Result<Vec<Root>, Error> {
        root::resolve(self.workspace, &mut self.ledger)
    }

    /// A pass over everything.
    pub fn whole(&mut self, order: &Order, watch: Watch<'_>) -> Result<Outcome, Error> {
        let started = Instant::now();
        let mut outcome = Outcome::default();
        for root in self.roots()? {
            let means = Means { workspace: self.workspace, readers: &self.readers, watch };
            outcome.add(root::whole(&means, &mut self.ledger, &root, order)?);
        }
        self.recognise(watch, &mut outcome)?;
        // An index at the ledger's head was committed after all was judged by this judge: nothing has changed since.
        if !publish::is_current(self.workspace, &self.ledger)? {
            record::judge_anew(self.workspace, &mut self.ledger, watch)?;
        }
        // The calendar alone may ask for this.
        privacy::tidy(self.workspace, &mut self.ledger)?;
        if !publish::is_current(self.workspace, &self.ledger)? {
            watch.progress.stage("index");
            let publishing = Instant::now();
            self.publish()?;
            outcome.timings.index = publishing.elapsed();
        }
        outcome.timings.total = started.elapsed();
        Ok(outcome)
    }

    /// A pass over the paths that the order names. A root that was never looked at is looked at whole.
    pub fn only(&mut self, order: &Order, watch: Watch<'_>) -> Result<Outcome, Error> {
        let roots = self.roots()?;
        let mut parts: Vec<Vec<RelPath>> = vec![Vec::new(); roots.len()];
        for path in &order.only {
            let (number, part) = place(&roots, path).ok_or_else(|| Error::Elsewhere { path: path.clone() })?;
            parts[number].push(part);
        }
        let mut outcome = Outcome::default();
        let started = Instant::now();
        for (root, parts) in roots.iter().zip(&parts).filter(|(_, parts)| !parts.is_empty()) {
            if self.ledger.part_pass(root.id)?.is_none() {
                let means = Means { workspace: self.workspace, readers: &self.readers, watch };
                outcome.add(root::whole(&means, &mut self.ledger, root, order)?);
            } else {
                let extent = Extent { parts, files_max: None };
                let done = self.pass_parts((root, None), extent, watch)?;
                outcome.add(done);
            }
        }
        self.recognise(watch, &mut outcome)?;
        self.publish()?;
        outcome.timings.total = started.elapsed();
        Ok(outcome)
    }

    /// Recognises the pages that wait, once everything else is read.
    fn recognise(&mut self, watch: Watch<'_>, outcome: &mut Outcome) -> Result<(), Error> {
        let roots = self.roots()?;
        scans::pass(self.workspace, (&mut self.ledger, &roots), Portion::ALL, watch, outcome)?;
        Ok(())
    }

    /// Recognises a few documents whose pages wait, and breaks off if `pause` says that something else has come up.
    /// True if some are left.
    pub fn recognise_some(&mut self, pause: &(dyn Fn() -> bool + Sync), watch: Watch<'_>) -> Result<bool, Error> {
        let roots = self.roots()?;
        let portion = Portion { documents_max: self.workspace.config.worker_count(), pause };
        let head = self.ledger.head()?;
        let left = scans::pass(self.workspace, (&mut self.ledger, &roots), portion, watch, &mut Outcome::default())?;
        if self.ledger.head()? != head {
            self.publish()?;
        }
        Ok(left)
    }

    /// Looks at parts of one root and publishes what changed. With `files_max`, the rest is left for another time.
    pub fn parts(&mut self, root: &Root, parts: &[RelPath], files_max: usize, watch: Watch<'_>) -> Result<Part, Error> {
        self.slice((root, None), parts, files_max, watch)
    }

    /// Why a root cannot be believed now, if so.
    pub fn doubt(&self, root: &Root) -> Result<Option<String>, Error> {
        Ok(root::offline(&self.ledger, root, &Order::default())?.and_then(|done| done.offline))
    }

    /// Begins a pass over a whole root that is done in slices, each a call of [`Self::slice`].
    pub fn begin_whole(&mut self, root: &Root) -> Result<u64, Error> {
        Ok(self.ledger.begin_pass(root.id, clock::now())?)
    }

    /// Ends it.
    pub fn finish_whole(&mut self, root: &Root, pass: u64, summary: ScanSummary) -> Result<(), Error> {
        if privacy::tidy(self.workspace, &mut self.ledger)? > 0 {
            self.publish()?;
        }
        Ok(self.ledger.finish_pass(root.id, pass, clock::now(), &scan_summary::json(summary))?)
    }

    /// One slice of a whole pass (`pass`), or a look between two.
    pub fn slice(
        &mut self,
        root: (&Root, Option<u64>),
        parts: &[RelPath],
        files_max: usize,
        watch: Watch<'_>,
    ) -> Result<Part, Error> {
        let extent = Extent { parts, files_max: Some(files_max) };
        let root::Done { summary, notices, offline, again, left, .. } = self.pass_parts(root, extent, watch)?;
        if offline.is_none() {
            self.publish()?;
        }
        Ok(Part { summary, notices, offline, again, left })
    }

    fn pass_parts(
        &mut self,
        (root, pass): (&Root, Option<u64>),
        extent: Extent<'_>,
        watch: Watch<'_>,
    ) -> Result<root::Done, Error> {
        if let Some(done) = root::offline(&self.ledger, root, &Order::default())? {
            return Ok(done);
        }
        let between = || self.ledger.part_pass(root.id);
        let pass = pass.map_or_else(between, |pass| Ok(Some(pass)))?;
        let pass = pass.map_or_else(|| self.ledger.begin_pass(root.id, clock::now()), Ok)?;
        let means = Means { workspace: self.workspace, readers: &self.readers, watch };
        root::parts(&means, &mut self.ledger, (root, pass), extent)
    }

    /// Brings the index up to the ledger's head, as after a decision.
    pub fn publish(&mut self) -> Result<(), Error> {
        publish::publish(self.workspace, &self.ledger, self.soundness)?;
        self.soundness = Soundness::Checked;
        Ok(())
    }
}

/// The root that a path lies in, by its number, and the path below it. Links on the way are the caller's own.
fn place(roots: &[Root], path: &Path) -> Option<(usize, RelPath)> {
    let absolute = std::path::absolute(path).ok()?;
    // The root itself is known by its real path; what is gone has none, but the folder above it mostly does.
    let real = absolute.ancestors().find_map(|above| {
        let real = std::fs::canonicalize(above).ok()?;
        Some(real.join(absolute.strip_prefix(above).ok()?))
    });
    let mut candidates = [Some(absolute.as_path()), real.as_deref()].into_iter().flatten();
    candidates.find_map(|path| {
        roots.iter().enumerate().find_map(|(number, root)| {
            let below = path.strip_prefix(&root.path).ok()?;
            Some((number, RelPath::from_bytes(below.as_os_str().as_bytes())))
        })
    })
}
