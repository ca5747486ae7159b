//! The second queue of a pass: pages that are pictures, recognised once everything else is read.
//!
//! Each document is recorded as soon as it is done, in a transaction of its own, so that stopping costs the document at
//! hand and no other. A document is done again when another Tesseract, or another language, is there.

use std::collections::HashMap;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::disk::{self, ReadFailure};
use crate::domain::fact::{Fact, Judged, Read, ReadOutcome, Sight, Withheld, Withholding};
use crate::domain::ids::ContentHash;
use crate::domain::reading::Unreadable;
use crate::engine::config::OcrUse;
use crate::engine::privacy::{self, PrivatePaths};
use crate::engine::recognising::{self, Bench, Failed, Recognised, Scan};
use crate::engine::workspace::{self, Workspace};
use crate::engine::{clock, judging};
use crate::extract::ocr::Recogniser;
use crate::extract::{self, Passwords, Request, Worker};
use crate::ledger::{KnownSight, Ledger};
use crate::report::scan_summary::ScanSummary;

use super::read::{Reads, reading_payload, word_count};
use super::root::Root;
use super::{Error, Outcome, Watch};

/// Documents and results that wait between threads.
const QUEUE: usize = 8;
/// Files up to this size are held while their pages are drawn; larger ones are read again if they have to be.
const HELD_BYTES_MAX: u64 = 8 << 20;

/// How much of what waits is done in one go.
#[derive(Clone, Copy)]
pub struct Portion<'a> {
    pub documents_max: usize,
    /// Asked between pages: true if something else has come up, which goes first.
    pub pause: &'a (dyn Fn() -> bool + Sync),
}

impl Portion<'_> {
    /// Everything, whatever comes up.
    pub const ALL: Portion<'static> = Portion { documents_max: usize::MAX, pause: &|| false };
}

/// Recognises what waits in these roots; counts and notices go into the outcome. True if some was left.
pub fn pass(
    workspace: &Workspace,
    (ledger, roots): (&mut Ledger, &[Root]),
    portion: Portion<'_>,
    watch: Watch<'_>,
    outcome: &mut Outcome,
) -> Result<bool, Error> {
    let is_ours = |sight: &KnownSight| roots.iter().any(|root| root.id == sight.root);
    let mut sights = ledger.sights_known_by(None)?;
    sights.retain(is_ours);
    let reads = ledger.latest_reads(None)?;
    let never = privacy::heed(workspace, ledger, privacy::Scope::Whole)?.never;
    let mut scans = recognising::scans(&sights, &reads, &PrivatePaths::new(&workspace.config.private));
    // What a person had forgotten is not looked at again, nor anything inside it.
    scans.retain(|scan| !never.contains(&scan.read.content) && !never.contains(&scan.file));
    settle(workspace.config.ocr.enabled, ledger, &scans)?;
    if scans.is_empty() || workspace.config.ocr.enabled == OcrUse::Never {
        return Ok(false);
    }
    let mut is_left = false;
    let found = recognising::find(&workspace.config);
    if let Some(recogniser) = &found.recogniser {
        let base = extract::reader_id(&workspace.config.limits());
        let reader = recognising::reader_id(&base, recogniser, workspace.config.ocr.pages_max);
        let mut todo: Vec<Scan> = scans.into_iter().filter(|scan| scan.read.reader != reader).collect();
        // Short ones first: most documents are known soonest, and least is lost if someone stops.
        todo.sort_by_key(|scan| (scan.read.pages_waiting.max(scan.read.pages_recognised), scan.read.content));
        is_left = todo.len() > portion.documents_max;
        todo.truncate(portion.documents_max);
        if !todo.is_empty() {
            let passwords = &workspace.config.passwords().map_err(workspace::Error::from)?;
            let pause = portion.pause;
            Task { workspace, roots, recogniser, base: &base, reader: &reader, passwords, pause, watch }
                .run(ledger, todo)?;
            is_left |= (portion.pause)();
        }
    }
    let reads_now = ledger.latest_reads(None)?;
    recount(&mut outcome.summary, &sights, (&reads, &reads_now));
    outcome
        .notices
        .extend(recognising::notice(&workspace.config, &recognising::waiting(&workspace.config, &sights, &reads_now)));
    Ok(is_left)
}

/// Records what waits as waiting or as unreadable, as the configuration now wants it.
fn settle(enabled: OcrUse, ledger: &mut Ledger, scans: &[Scan]) -> Result<(), Error> {
    let mut facts = Vec::new();
    for Scan { read, .. } in scans.iter().filter(|scan| !recognising::is_recognised(&scan.read)) {
        let outcome = match (enabled, &read.outcome) {
            (OcrUse::Auto, ReadOutcome::Unreadable { reason: Unreadable::ImageOnly, .. }) => ReadOutcome::OcrPending,
            (OcrUse::Never, ReadOutcome::OcrPending) => {
                let detail = "text recognition is switched off".to_owned();
                ReadOutcome::Unreadable { reason: Unreadable::ImageOnly, detail }
            }
            (OcrUse::Auto | OcrUse::Never, _) => continue,
        };
        facts.push(Fact::Read(Read { outcome, ..read.clone() }));
    }
    if !facts.is_empty() {
        ledger.append(clock::now(), &facts, &[])?;
    }
    Ok(())
}

/// Corrects the counts of documents by what they have become since the first queue.
fn recount(
    summary: &mut ScanSummary,
    sights: &[KnownSight],
    (before, now): (&HashMap<ContentHash, Read>, &HashMap<ContentHash, Read>),
) {
    for sight in sights {
        let Sight::Content { content, .. } = &sight.sight else { continue };
        let (Some(was), Some(is)) = (before.get(content), now.get(content)) else { continue };
        match was.outcome {
            ReadOutcome::OcrPending => summary.ocr_pending = summary.ocr_pending.saturating_sub(1),
            ReadOutcome::Unreadable { .. } => summary.unreadable = summary.unreadable.saturating_sub(1),
            ReadOutcome::Read { .. } | ReadOutcome::Unsupported { .. } => {}
        }
        match is.outcome {
            ReadOutcome::OcrPending => summary.ocr_pending += 1,
            ReadOutcome::Unreadable { .. } => summary.unreadable += 1,
            ReadOutcome::Read { .. } | ReadOutcome::Unsupported { .. } => {}
        }
    }
}

/// What the threads share.
struct Task<'a> {
    workspace: &'a Workspace,
    roots: &'a [Root],
    recogniser: &'a Recogniser,
    base: &'a str,
    reader: &'a str,
    passwords: &'a Passwords,
    pause: &'a (dyn Fn() -> bool + Sync),
    watch: Watch<'a>,
}

/// What came of one document; nothing if it could not be opened now, which the next pass tries again.
type Done = Result<Option<Reads>, extract::Error>;

impl Task<'_> {
    fn run(&self, ledger: &mut Ledger, todo: Vec<Scan>) -> Result<(), Error> {
        self.watch.progress.stage("recognise");
        let pages = |scan: &Scan| u64::from(scan.read.pages_waiting.saturating_add(scan.read.pages_recognised));
        self.watch.progress.found(todo.iter().map(pages).fold(0, u64::saturating_add));
        let (jobs_in, jobs) = bounded::<Scan>(todo.len());
        for scan in todo {
            jobs_in.send(scan).expect("the channel holds them all");
        }
        drop(jobs_in);
        let (done_in, done) = bounded::<Done>(QUEUE);
        std::thread::scope(|scope| {
            for _ in 0..self.workspace.config.worker_count() {
                let (jobs, done_in) = (jobs.clone(), done_in.clone());
                scope.spawn(move || self.work(&jobs, &done_in));
            }
            drop((jobs, done_in));
            for done in done {
                if let Some(Reads { read, judged, withheld, payloads }) = done? {
                    let mut facts = vec![Fact::Read(read)];
                    facts.extend(judged.map(Fact::Judged));
                    facts.extend(withheld.map(Fact::Withheld));
                    ledger.append(clock::now(), &facts, &payloads)?;
                }
            }
            Ok::<(), Error>(())
        })?;
        if self.watch.stop.is_asked() { Err(Error::Interrupted) } else { Ok(()) }
    }

    /// One thread: a worker of its own, document after document.
    fn work(&self, jobs: &Receiver<Scan>, done: &Sender<Done>) {
        let Ok(first) = jobs.recv() else { return };
        let mut worker = match Worker::start(&self.workspace.config.limits(), self.passwords) {
            Ok(worker) => worker,
            Err(error) => {
                let _ = done.send(Err(error));
                return;
            }
        };
        for scan in std::iter::once(first).chain(jobs) {
            if self.is_to_stop() {
                return;
            }
            let result = match self.recognise(&mut worker, &scan) {
                Ok(recognised) => Ok(Some(self.reads(scan, &recognised))),
                Err(Failed::Stopped) => return,
                // What lies there now is another content, or cannot be read at present: a pass finds out which.
                Err(Failed::Document { reason, .. }) if reason.is_transient() => Ok(None),
                Err(Failed::Document { detail, .. }) => Ok(Some(self.refused(scan.read, detail))),
                Err(Failed::Worker(error)) => Err(error),
            };
            if done.send(result).is_err() {
                return;
            }
        }
    }

    fn is_to_stop(&self) -> bool {
        self.watch.stop.is_asked() || (self.pause)()
    }

    fn recognise(&self, worker: &mut Worker, scan: &Scan) -> Result<Recognised, Failed> {
        let document = |failure: ReadFailure| Failed::Document { reason: failure.reason, detail: failure.detail };
        let limits = self.workspace.config.limits();
        let root = self.roots.iter().find(|root| root.id == scan.root).expect("scans are of these roots");
        let bounds = disk::Limits { file_bytes: limits.file_bytes, keep_bytes: HELD_BYTES_MAX };
        let mut file = disk::open(&root.path, &scan.path, bounds).map_err(document)?;
        let hashed = file.hash().map_err(document)?;
        if hashed.content != scan.file {
            let detail = "it changed while it waited".to_owned();
            return Err(Failed::Document { reason: Unreadable::Changing, detail });
        }
        let name = scan.path.file_name().into_owned();
        let stop = || self.is_to_stop();
        let done = || self.watch.progress.done(1);
        let pages_max = self.workspace.config.ocr.pages_max;
        let bench = Bench { recogniser: self.recogniser, limits, pages_max, stop: &stop, done: &done };
        bench.recognise(worker, scan.member(), &mut |send| {
            let (name, size) = (name.as_str(), hashed.stamp.size);
            if let Some(bytes) = &hashed.bytes {
                return Ok(send(&mut Request { name, size, reader: &mut bytes.as_slice() }));
            }
            let mut reader = file.reader().map_err(|failure| (failure.reason, failure.detail))?;
            Ok(send(&mut Request { name, size, reader: &mut reader }))
        })
    }

    /// The facts of a recognised document.
    fn reads(&self, scan: Scan, recognised: &Recognised) -> Reads {
        let Scan { read, name, is_private, .. } = scan;
        let content = read.content;
        let (text, bytes) = reading_payload(&recognised.reading);
        let outcome = recognising::outcome_of(recognised, text, word_count(&recognised.reading));
        let (mut payloads, mut judged, mut withheld) = (Vec::new(), None, None);
        if matches!(outcome, ReadOutcome::Read { .. }) {
            let judge: &judging::Judging = &self.workspace.judging;
            let (judgement, judged_bytes) = if is_private {
                let (why, by) = (Withholding::Private, String::new());
                withheld = Some(Withheld { content, why, by, reason: None });
                judge.sealed_payload(&recognised.reading, &name)
            } else {
                payloads.push((text, bytes));
                judge.payload(&recognised.reading)
            };
            payloads.push((judgement, judged_bytes));
            judged = Some(Judged { content, judge: judge.identity().to_owned(), judgement });
        }
        let (pages_waiting, pages_recognised) = (recognised.left, recognised.pages);
        let reader = if recognised.late { recognising::late_id(self.base) } else { self.reader.to_owned() };
        let read = Read { reader, outcome, pages_waiting, pages_recognised, ..read };
        Reads { read, judged, withheld, payloads }
    }

    /// The fact of a document whose pages cannot be had: what was read of it before stays.
    fn refused(&self, read: Read, detail: String) -> Reads {
        let outcome = match read.outcome {
            ReadOutcome::OcrPending => ReadOutcome::Unreadable { reason: Unreadable::ImageOnly, detail },
            outcome => outcome,
        };
        Reads {
            read: Read { reader: self.reader.to_owned(), outcome, ..read },
            judged: None,
            withheld: None,
            payloads: Vec::new(),
        }
    }
}
