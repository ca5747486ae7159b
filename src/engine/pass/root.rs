//! One root's part of a pass: is it there, what does the walk find, who reads it, what is gone.

use std::collections::HashMap;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use crossbeam_channel::{Receiver, bounded};

use crate::disk;
use crate::domain::fact::{Fact, Sight};
use crate::domain::ids::{ContentHash, RootId};
use crate::domain::relpath::RelPath;
use crate::engine::clock;
use crate::engine::workspace::Workspace;
use crate::extract::{self, Worker};
use crate::ledger::Ledger;
use crate::report::scan_summary::{self, ScanSummary};

use super::compare::Before;
use super::known::{Class, Known};
use super::read::{Bench, Finding, Job};
use super::record::Recorder;
use super::walk::{Walked, walk};
use super::{Error, Order, Timings, Watch};

/// Jobs and findings that wait between threads: enough that none starves, few enough that memory stays small.
const QUEUE: usize = 32;

/// A root to pass over.
pub struct Root {
    pub id: RootId,
    pub path: PathBuf,
    device: u64,
}

/// What one root's pass did.
#[derive(Debug, Default)]
pub struct Done {
    pub summary: ScanSummary,
    pub timings: Timings,
    pub notices: Vec<String>,
}

/// What the threads of one root's pass share.
struct Task<'a> {
    workspace: &'a Workspace,
    root: &'a Root,
    before: &'a Before,
    known: &'a Known,
    reader: &'a str,
    watch: Watch<'a>,
}

/// The roots of a pass: the workspace's folders, entered into the ledger if new; without any, the ledger's own.
pub fn resolve(workspace: &Workspace, ledger: &mut Ledger) -> Result<Vec<Root>, Error> {
    for folder in &workspace.folders {
        let path = RelPath::from_bytes(folder.as_os_str().as_bytes());
        if ledger.root_id(&path)?.is_none() && folder.is_dir() {
            let device = disk::root_identity(folder)?.device;
            let root = ledger.next_root_id()?;
            ledger.append(clock::now(), &[Fact::Rooted { root, path, device }], &[])?;
        }
    }
    let known = workspace.chosen_roots(ledger)?;
    let folder = |path: &RelPath| PathBuf::from(OsString::from_vec(path.as_bytes().to_vec()));
    let roots: Vec<Root> =
        known.iter().map(|root| Root { id: root.id, path: folder(&root.path), device: root.device }).collect();
    if roots.is_empty() { Err(Error::NoFolder) } else { Ok(roots) }
}

/// Passes over one root.
pub fn pass(
    workspace: &Workspace,
    ledger: &mut Ledger,
    root: &Root,
    order: &Order,
    watch: Watch<'_>,
) -> Result<Done, Error> {
    let last = ledger.last_seen(root.id, &RelPath::from(""))?;
    let before = Before::new(last.into_iter().map(|seen| (seen.path, seen.sight)));
    if let Some(why) = offline(root, &before, order) {
        let mut notice =
            format!("`{}` is offline: {why}. Its documents stand as they were last seen.", root.path.display());
        if disk::root_identity(&root.path).is_ok() {
            notice.push_str(" If this is right, run `evidex scan --accept-empty` with this folder");
        }
        return Ok(Done { notices: vec![notice], ..Done::default() });
    }
    accept_device(ledger, root)?;
    let reader = extract::reader_id(&workspace.config.limits());
    let known = Known::of(ledger.latest_reads(None)?.into_values(), &reader);
    let pass = ledger.begin_pass(root.id, clock::now())?;
    let task = Task { workspace, root, before: &before, known: &known, reader: &reader, watch };
    let done = task.run(Recorder::new(ledger, root.id, pass))?;
    ledger.finish_pass(root.id, pass, clock::now(), &scan_summary::json(done.summary))?;
    Ok(done)
}

/// Why the root cannot be believed now, if so: nothing in it may be called gone.
fn offline(root: &Root, before: &Before, order: &Order) -> Option<String> {
    let is_root = |path: &PathBuf| std::fs::canonicalize(path).is_ok_and(|path| path == root.path);
    let identity = disk::root_identity(&root.path);
    if identity.is_ok() && order.accept_empty.iter().any(is_root) {
        return None;
    }
    match disk::standing(Some(root.device), before.len(), &identity) {
        disk::Standing::Online => None,
        disk::Standing::Offline(why) => Some(why),
    }
}

fn accept_device(ledger: &mut Ledger, root: &Root) -> Result<(), Error> {
    let device = disk::root_identity(&root.path)?.device;
    if device != root.device {
        let path = RelPath::from_bytes(root.path.as_os_str().as_bytes());
        ledger.append(clock::now(), &[Fact::Rooted { root: root.id, path, device }], &[])?;
    }
    Ok(())
}

impl Task<'_> {
    fn run(&self, mut recorder: Recorder<'_>) -> Result<Done, Error> {
        let (jobs_in, jobs) = bounded::<Job>(QUEUE);
        let (findings_in, findings) = bounded::<Result<Finding, extract::Error>>(QUEUE);
        std::thread::scope(|scope| {
            let walker =
                scope.spawn(move || walk(self.workspace, self.root, self.before, self.known, self.watch, jobs_in));
            for _ in 0..self.workspace.config.worker_count() {
                let (jobs, findings_in) = (jobs.clone(), findings_in.clone());
                scope.spawn(move || self.read(&jobs, &findings_in));
            }
            drop((jobs, findings_in));
            let mut tally = Tally::default();
            let recorded = self.record(&mut recorder, &findings, &mut tally);
            // Whatever went wrong, the other threads end once nobody takes their findings.
            drop(findings);
            let walked = walker.join().expect("the walker turns every fault into a value");
            recorded?;
            let walked = walked?;
            if self.watch.stop.is_asked() {
                recorder.flush()?;
                return Err(Error::Interrupted);
            }
            self.finish(recorder, &walked, &tally)
        })
    }

    /// One reader thread: a worker of its own, job after job.
    fn read(&self, jobs: &Receiver<Job>, findings: &crossbeam_channel::Sender<Result<Finding, extract::Error>>) {
        let limits = self.workspace.config.limits();
        let bench = Bench {
            root: &self.root.path,
            limits,
            reader: self.reader,
            judging: &self.workspace.judging,
            known: self.known,
        };
        // No worker process is started before there is something to read.
        let Ok(first) = jobs.recv() else { return };
        let mut worker = match Worker::start(&limits) {
            Ok(worker) => worker,
            Err(error) => {
                let _ = findings.send(Err(error));
                return;
            }
        };
        for job in std::iter::once(first).chain(jobs) {
            if self.watch.stop.is_asked() || findings.send(bench.read(&mut worker, job)).is_err() {
                return;
            }
        }
    }

    fn record(
        &self,
        recorder: &mut Recorder<'_>,
        findings: &Receiver<Result<Finding, extract::Error>>,
        tally: &mut Tally,
    ) -> Result<(), Error> {
        for finding in findings {
            let finding = finding?;
            tally.add(&finding, self.before);
            if !self.says_nothing_new(&finding) {
                recorder.take(finding)?;
            }
            self.watch.progress.done(1);
        }
        Ok(recorder.flush()?)
    }

    /// A name that is tried again each pass and fails each time must not grow the ledger. Where trying again would be
    /// vain, the fact is wanted: its later look proves the stamp.
    fn says_nothing_new(&self, finding: &Finding) -> bool {
        let tried_again = match &finding.sight {
            Sight::Unread { reason, stamp, .. } => reason.is_transient() || stamp.is_none(),
            Sight::Content { .. } | Sight::Gone => false,
        };
        tried_again && self.before.is_unread_still(&finding.path, &finding.sight)
    }

    /// What only the whole walk can tell: names that are gone, and which of them only moved.
    fn finish(&self, mut recorder: Recorder<'_>, walked: &Walked, tally: &Tally) -> Result<Done, Error> {
        let gone = self.before.gone(|path| walked.met.contains(path), |path| walked.coverage.proves_absent(path));
        let mut left: HashMap<ContentHash, u64> = HashMap::new();
        for content in gone.iter().filter_map(|path| self.before.content(path)) {
            *left.entry(content).or_default() += 1;
        }
        let mut summary =
            ScanSummary { unchanged: walked.unchanged + tally.same, changed: tally.changed, ..ScanSummary::default() };
        for content in &tally.new {
            match content.and_then(|content| left.get_mut(&content)).filter(|count| **count > 0) {
                Some(count) => {
                    *count -= 1;
                    summary.moved += 1;
                }
                None => summary.new += 1,
            }
        }
        summary.gone = u64::try_from(gone.len()).unwrap_or(u64::MAX) - summary.moved;
        for path in gone {
            recorder.see(path, Sight::Gone)?;
        }
        recorder.flush()?;
        summary.unreadable = walked.unread + tally.unread;
        for content in walked.contents.iter().chain(&tally.contents) {
            match self.known.class(*content) {
                Some(Class::Unreadable) => summary.unreadable += 1,
                Some(Class::Unsupported) => summary.unsupported += 1,
                Some(Class::OcrPending) => summary.ocr_pending += 1,
                Some(Class::Read) | None => {}
            }
        }
        let timings = Timings { walk: walked.spent, ledger: recorder.spent, ..tally.timings };
        Ok(Done { summary, timings, notices: walked.notices.clone() })
    }
}

/// Sums over findings.
#[derive(Default)]
struct Tally {
    /// The content of each name not seen before; `None` if it could not be hashed.
    new: Vec<Option<ContentHash>>,
    changed: u64,
    same: u64,
    unread: u64,
    contents: Vec<ContentHash>,
    timings: Timings,
}

impl Tally {
    fn add(&mut self, finding: &Finding, before: &Before) {
        let content = match &finding.sight {
            Sight::Content { content, .. } => Some(*content),
            Sight::Unread { .. } | Sight::Gone => None,
        };
        self.contents.extend(content);
        self.unread += u64::from(content.is_none());
        if !before.knows(&finding.path) {
            self.new.push(content);
        } else if (content.is_some() && content == before.content(&finding.path))
            || before.is_unread_still(&finding.path, &finding.sight)
        {
            self.same += 1;
        } else {
            self.changed += 1;
        }
        self.timings.hash += finding.spent.hash;
        self.timings.extract += finding.spent.extract;
        self.timings.judge += finding.spent.judge;
    }
}
