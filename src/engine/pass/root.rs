//! One root's part of a pass: is it there, what does the walk find, who reads it, what is gone.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crossbeam_channel::{Receiver, bounded};

use crate::disk;
use crate::domain::fact::{Fact, Read, ReadOutcome, Sight};
use crate::domain::ids::{ContentHash, RootId};
use crate::domain::relpath::RelPath;
use crate::engine::clock;
use crate::engine::config::OcrUse;
use crate::engine::privacy::{self, PrivatePaths};
use crate::engine::workspace::{self, Workspace};
use crate::extract;
use crate::ledger::Ledger;
use crate::report::scan_summary::{self, ScanSummary};

use super::compare::Before;
use super::known::{Class, Known};
use super::read::{Bench, Finding, Job};
use super::readers::{Readers, Task};
use super::record::Recorder;
use super::resting::Resting;
use super::walk::{Extent, Ground, Walked, walk};
use super::{Error, Order, Timings, Watch};

/// Findings that wait for the ledger: few enough that memory stays small.
const QUEUE: usize = 32;
/// Up to so many names, the reads of their contents are looked up one by one; else all reads are loaded.
const LOOKED_UP_MAX: usize = 2_000;
/// Names to be tried again that are told; the next full pass tries all.
const AGAIN_MAX: usize = 1_000;

/// A root to pass over.
#[derive(Clone, Debug)]
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
    /// Why the root could not be believed, if so: then nothing was done.
    pub offline: Option<String>,
    /// Names to be tried again soon: locked, still changing and the like.
    pub again: Vec<RelPath>,
    /// Parts that were not reached.
    pub left: Vec<RelPath>,
}

/// Who passes, and with what.
pub struct Means<'a> {
    pub workspace: &'a Workspace,
    pub readers: &'a Readers,
    pub watch: Watch<'a>,
}

/// The recording side of one root's pass.
struct Desk<'a> {
    means: &'a Means<'a>,
    before: &'a Before,
    known: &'a Known,
    root: &'a Root,
    /// Where the root lay when the pass began.
    place: Option<(u64, u64)>,
    holes: &'a OnceLock<String>,
}

/// The device and the inode of a root's folder: others mean that another folder stands in its place.
fn place_of(root: &Root) -> Option<(u64, u64)> {
    std::fs::metadata(&root.path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
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

/// Passes over one whole root.
pub fn whole(means: &Means<'_>, ledger: &mut Ledger, root: &Root, order: &Order) -> Result<Done, Error> {
    let everything = [RelPath::from("")];
    if let Some(done) = offline(ledger, root, order)? {
        return Ok(done);
    }
    let pass = ledger.begin_pass(root.id, clock::now())?;
    let extent = Extent { parts: &everything, files_max: None };
    let done = parts(means, ledger, (root, pass), extent)?;
    ledger.finish_pass(root.id, pass, clock::now(), &scan_summary::json(done.summary))?;
    Ok(done)
}

/// Passes over parts of a root under the number `pass`. Whether the root is there at all is for the caller to ask first.
pub fn parts(
    means: &Means<'_>,
    ledger: &mut Ledger,
    (root, pass): (&Root, u64),
    extent: Extent<'_>,
) -> Result<Done, Error> {
    let place = place_of(root);
    let mut last = Vec::new();
    for part in extent.parts {
        last.extend(ledger.last_seen(root.id, part)?);
    }
    let before = Before::new(last.into_iter().map(|seen| (seen.path, seen.sight)));
    accept_device(ledger, root)?;
    let limits = means.workspace.config.limits();
    let reader = extract::reader_id(&limits);
    let (reads, asks) = known_reads(ledger, &before, extent)?;
    let resting = Resting::of(means.workspace, ledger, (root, &reader), &reads)?;
    let mut known = Known::of(&reads, &reader, resting);
    let whole = extent.parts.iter().any(|part| part.as_bytes().is_empty());
    let scope = if whole { privacy::Scope::Whole } else { privacy::Scope::Part };
    known.heed(privacy::heed(means.workspace, ledger, scope)?);
    let known = Arc::new(known);
    let passwords = means.workspace.config.passwords().map_err(workspace::Error::from)?;
    let holes = Arc::new(OnceLock::new());
    let bench = Arc::new(Bench {
        root: root.path.clone(),
        limits,
        reader,
        judging: Arc::clone(&means.workspace.judging),
        known: Arc::clone(&known),
        private: PrivatePaths::new(&means.workspace.config.private),
        passwords,
        holes: Arc::clone(&holes),
        ledger: asks.then(|| ledger.path().to_owned()),
        waits: means.workspace.config.ocr.enabled == OcrUse::Auto,
    });
    let ground = Ground { workspace: means.workspace, root, before: &before, known: &known, watch: means.watch };
    let desk = Desk { means, before: &before, known: &known, root, place, holes: &holes };
    desk.run((&ground, extent), bench, Recorder::new(ledger, root.id, pass))
}

/// The reads of the contents that were there; true if a content that is not named may still have been read.
fn known_reads(ledger: &Ledger, before: &Before, extent: Extent<'_>) -> Result<(Vec<Read>, bool), Error> {
    let whole = extent.parts.iter().any(|part| part.as_bytes().is_empty());
    if whole || before.len() > LOOKED_UP_MAX {
        return Ok((ledger.latest_reads(None)?.into_values().collect(), false));
    }
    let mut reads = Vec::new();
    for content in before.contents().collect::<HashSet<_>>() {
        reads.extend(ledger.read_of(content)?);
    }
    Ok((reads, true))
}

/// What a pass over a root that cannot be believed does: nothing, with a notice. `None`: it can be.
pub fn offline(ledger: &Ledger, root: &Root, order: &Order) -> Result<Option<Done>, Error> {
    let identity = disk::root_identity(&root.path);
    // Counted only where it matters: a root that is not empty is never in doubt for its number of documents.
    let empty = identity.as_ref().is_ok_and(|identity| identity.empty);
    let documents = if empty { ledger.document_count(root.id)? } else { 0 };
    let Some(why) = doubt(root, documents, &identity, order) else { return Ok(None) };
    let mut notice =
        format!("`{}` is offline: {why}. Its documents stand as they were last seen.", root.path.display());
    if identity.is_ok() {
        notice.push_str(" If this is right, run `evidex scan --accept-empty` with this folder");
    }
    Ok(Some(Done { notices: vec![notice], offline: Some(why), ..Done::default() }))
}

/// Why the root cannot be believed now, if so: nothing in it may be called gone.
fn doubt(root: &Root, documents: usize, identity: &disk::Result<disk::Identity>, order: &Order) -> Option<String> {
    let is_root = |path: &PathBuf| std::fs::canonicalize(path).is_ok_and(|path| path == root.path);
    if identity.is_ok() && order.accept_empty.iter().any(is_root) {
        return None;
    }
    match disk::standing(Some(root.device), documents, identity) {
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

impl Desk<'_> {
    fn run(
        &self,
        (ground, extent): (&Ground<'_>, Extent<'_>),
        bench: Arc<Bench>,
        mut recorder: Recorder<'_>,
    ) -> Result<Done, Error> {
        let (findings_in, findings) = bounded::<Result<Finding, extract::Error>>(QUEUE);
        let (tasks, stop) = (self.means.readers.tasks(), self.means.watch.stop.clone());
        let hand_on = move |job: Job| {
            let (bench, stop, findings) = (Arc::clone(&bench), stop.clone(), findings_in.clone());
            tasks.send(Task { job, bench, stop, findings }).is_ok()
        };
        std::thread::scope(|scope| {
            // The walker owns the sending end: when it and the readers are done, there are no more findings.
            let walker = scope.spawn(move || walk(ground, extent, &hand_on));
            let mut tally = Tally::default();
            let recorded = self.record(&mut recorder, &findings, &mut tally);
            // Whatever went wrong, nothing is read any more once nobody takes the findings.
            drop(findings);
            let walked = walker.join().expect("the walker turns every fault into a value");
            recorded?;
            let walked = walked?;
            if self.means.watch.stop.is_asked() {
                recorder.flush()?;
                return Err(Error::Interrupted);
            }
            self.finish(recorder, walked, tally)
        })
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
            self.means.watch.progress.done(1);
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
    fn finish(&self, mut recorder: Recorder<'_>, walked: Walked, tally: Tally) -> Result<Done, Error> {
        // A root that was pulled away meanwhile has answered "no such name" for all that was in it.
        let stayed = self.place.is_some() && place_of(self.root) == self.place;
        let gone = self.before.gone(|path| walked.met.contains(path), |path| stayed && walked.proves_absent(path));
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
        let mut notices = walked.notices;
        notices.extend(self.holes.get().cloned());
        let timings = Timings { walk: walked.spent, ledger: recorder.spent, ..tally.timings };
        Ok(Done { summary, timings, notices, offline: None, again: tally.again, left: walked.left })
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
    again: Vec<RelPath>,
    timings: Timings,
}

/// True for what may go better in a moment.
fn is_transient(finding: &Finding) -> bool {
    let read_failed = finding.reads.iter().any(|reads| match &reads.read.outcome {
        ReadOutcome::Unreadable { reason, .. } => reason.is_transient(),
        ReadOutcome::Read { .. } | ReadOutcome::Unsupported { .. } | ReadOutcome::OcrPending => false,
    });
    match &finding.sight {
        Sight::Unread { reason, .. } => reason.is_transient(),
        Sight::Content { .. } => read_failed,
        Sight::Gone => false,
    }
}

impl Tally {
    fn add(&mut self, finding: &Finding, before: &Before) {
        let content = match &finding.sight {
            Sight::Content { content, .. } => Some(*content),
            Sight::Unread { .. } | Sight::Gone => None,
        };
        self.contents.extend(content);
        if is_transient(finding) && self.again.len() < AGAIN_MAX {
            self.again.push(finding.path.clone());
        }
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
