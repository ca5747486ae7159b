//! Reading one name: open, hash, and, if the content is new, extract and judge, into facts ready to record.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::disk::{self, ReadFailure};
use crate::domain::change::Stamp;
use crate::domain::fact::{Judged, MemberRef, Read, ReadOutcome, Sight, Withheld, Withholding};
use crate::domain::ids::ContentHash;
use crate::domain::reading::{Extracted, Outcome, Reading, Unreadable};
use crate::domain::relpath::RelPath;
use crate::engine::judging::{self, Judging};
use crate::engine::privacy::PrivatePaths;
use crate::extract::{self, Limits, Passwords, Request, Worker};
use crate::ledger::Ledger;

use super::known::{Class, Known};

/// Files up to this size are held whole between hashing and extraction; larger ones are read twice.
const HELD_BYTES_MAX: u64 = 8 << 20;

/// One name to look into.
#[derive(Debug)]
pub struct Job {
    pub path: RelPath,
    what: What,
    /// When the walk saw it, nanoseconds since 1970.
    looked_ns: i64,
}

#[derive(Debug)]
enum What {
    File(Stamp),
    /// Not to be opened, with the reason.
    Unread {
        reason: Unreadable,
        detail: String,
    },
}

impl Job {
    pub fn file(path: RelPath, stamp: Stamp, looked_ns: i64) -> Self {
        Self { path, what: What::File(stamp), looked_ns }
    }

    pub fn unread(path: RelPath, reason: Unreadable, detail: String, looked_ns: i64) -> Self {
        Self { path, what: What::Unread { reason, detail }, looked_ns }
    }
}

/// What reading a name gave.
pub struct Finding {
    pub path: RelPath,
    pub sight: Sight,
    /// Facts of contents read for the first time by this reader: the file's own and its members'.
    pub reads: Vec<Reads>,
    pub spent: Spent,
}

impl Finding {
    /// Of a name whose reading broke down on our side.
    pub fn broken(path: RelPath) -> Self {
        let detail = "the program broke down over it; please report this".to_owned();
        let sight = Sight::Unread { reason: Unreadable::Crashed, detail, stamp: None, looked_ns: 0 };
        Self { path, sight, reads: Vec::new(), spent: Spent::default() }
    }
}

/// A content read for the first time, with its payloads.
pub struct Reads {
    pub read: Read,
    pub judged: Option<Judged>,
    /// Of a private document: its text is not among the payloads.
    pub withheld: Option<Withheld>,
    pub payloads: Vec<(ContentHash, Vec<u8>)>,
}

/// Time one job took, by stage.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    pub hash: Duration,
    pub extract: Duration,
    pub judge: Duration,
}

/// What reading needs besides a worker; shared by all readers of a pass.
pub struct Bench {
    pub root: PathBuf,
    pub limits: Limits,
    pub reader: String,
    pub judging: Arc<Judging>,
    pub known: Arc<Known>,
    pub private: PrivatePaths,
    pub passwords: Passwords,
    /// Set if the kernel lacks a part of the workers' fence: what to say of it.
    pub holes: Arc<OnceLock<String>>,
    /// Where to ask for contents that `known` may not name; `None` if it names all of them.
    pub ledger: Option<PathBuf>,
    /// True if pages that are pictures wait for text recognition; else they are unreadable.
    pub waits: bool,
}

/// A content and where it was met.
struct Met {
    content: ContentHash,
    size: u64,
    /// Members as `a.zip!b.docx`.
    path: String,
    keep: Keep,
}

/// Whether a text may be kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Text,
    Nothing,
}

impl Bench {
    /// Opens, hashes and, if the content is new, extracts and judges.
    pub fn read(&self, worker: &mut Worker, ledger: Option<&Ledger>, job: Job) -> Result<Finding, extract::Error> {
        let mut finding = Finding { path: job.path, sight: Sight::Gone, reads: Vec::new(), spent: Spent::default() };
        let stamp = match job.what {
            What::File(stamp) => stamp,
            What::Unread { reason, detail } => {
                finding.sight = Sight::Unread { reason, detail, stamp: None, looked_ns: job.looked_ns };
                return Ok(finding);
            }
        };
        match self.read_file(worker, ledger, &mut finding) {
            Ok(()) => {}
            Err(Failed::Worker(error)) => return Err(error),
            Err(Failed::File(failure)) => {
                let ReadFailure { reason, detail, stamp: later, looked_ns } = failure;
                finding.sight = Sight::Unread { reason, detail, stamp: Some(later.unwrap_or(stamp)), looked_ns };
            }
        }
        Ok(finding)
    }

    /// True if the content was never read by this reader and nobody else is at it.
    fn claim(&self, ledger: Option<&Ledger>, content: ContentHash) -> bool {
        if !self.known.contains(content)
            && let Some(Ok(Some(read))) = ledger.map(|ledger| ledger.read_of(content))
        {
            self.known.learn(&read, &self.reader);
        }
        self.known.claim(content)
    }

    fn read_file(&self, worker: &mut Worker, ledger: Option<&Ledger>, finding: &mut Finding) -> Result<(), Failed> {
        let hashing = Instant::now();
        let limits = disk::Limits { file_bytes: self.limits.file_bytes, keep_bytes: HELD_BYTES_MAX };
        let mut file = disk::open(&self.root, &finding.path, limits)?;
        let hashed = file.hash()?;
        finding.spent.hash = hashing.elapsed();
        finding.sight = Sight::Content { content: hashed.content, stamp: hashed.stamp, looked_ns: hashed.looked_ns };
        if !self.claim(ledger, hashed.content) {
            return Ok(());
        }
        let extracting = Instant::now();
        let name = finding.path.file_name().into_owned();
        let size = hashed.stamp.size;
        let extracted = match &hashed.bytes {
            Some(bytes) => worker.extract(&mut Request { name: &name, size, reader: &mut bytes.as_slice() })?,
            None => worker.extract(&mut Request { name: &name, size, reader: &mut file.reader()? })?,
        };
        finding.spent.extract = extracting.elapsed();
        let judging = Instant::now();
        let sealed = self.private.covers(&finding.path) && !self.known.is_open(hashed.content);
        let keep = if sealed { Keep::Nothing } else { Keep::Text };
        let met = Met { content: hashed.content, size, path: finding.path.to_text().into_owned(), keep };
        self.flatten(ledger, &met, extracted, &mut finding.reads);
        finding.spent.judge = judging.elapsed();
        Ok(())
    }

    /// The facts of a content and of its members, members first.
    fn flatten(&self, ledger: Option<&Ledger>, met: &Met, extracted: Extracted, reads: &mut Vec<Reads>) {
        let Extracted { format, outcome, members, pictures } = extracted;
        let mut refs = Vec::with_capacity(members.len());
        for member in members {
            let inside = Met {
                content: member.content,
                size: member.size,
                path: format!("{}!{}", met.path, member.name),
                keep: met.keep,
            };
            refs.push(MemberRef { name: member.name, content: member.content });
            if self.claim(ledger, member.content) {
                self.flatten(ledger, &inside, member.extracted, reads);
            }
        }
        let content = met.content;
        let (mut judged, mut payloads) = (None, Vec::new());
        let outcome = match outcome {
            Outcome::Read(reading) => {
                let (text, words) = (self.keep(met, &reading, &mut payloads), word_count(&reading));
                let judgement = payloads.last().expect("a judgement is always kept").0;
                judged = Some(Judged { content, judge: self.judging.identity().to_owned(), judgement });
                ReadOutcome::Read { text, words }
            }
            Outcome::Unreadable { reason: Unreadable::ImageOnly, .. } if self.waits && !pictures.is_empty() => {
                ReadOutcome::OcrPending
            }
            Outcome::Unreadable { reason, detail } => ReadOutcome::Unreadable { reason, detail },
            Outcome::Unsupported { kind } => ReadOutcome::Unsupported { kind },
            Outcome::OcrPending => ReadOutcome::OcrPending,
        };
        self.known.settle(content, Class::of(&outcome));
        let withheld = (met.keep == Keep::Nothing && judged.is_some()).then(|| Withheld {
            content,
            why: Withholding::Private,
            by: String::new(),
            reason: None,
        });
        let reader = self.reader.clone();
        let read = Read {
            content,
            size: met.size,
            reader,
            format,
            outcome,
            members: refs,
            pages_waiting: u32::try_from(pictures.len()).unwrap_or(u32::MAX),
            pages_recognised: 0,
        };
        reads.push(Reads { read, judged, withheld, payloads });
    }

    /// Puts by what may be kept of a reading, the judgement last; gives the hash of the text.
    fn keep(&self, met: &Met, reading: &Reading, payloads: &mut Vec<(ContentHash, Vec<u8>)>) -> ContentHash {
        let (text, bytes) = reading_payload(reading);
        match met.keep {
            Keep::Text => payloads.extend([(text, bytes), self.judging.payload(reading)]),
            Keep::Nothing => payloads.push(self.judging.sealed_payload(reading, &met.path)),
        }
        text
    }
}

/// What stopped the reading of one file: the file itself, or that no worker can be had.
enum Failed {
    File(ReadFailure),
    Worker(extract::Error),
}

impl From<ReadFailure> for Failed {
    fn from(failure: ReadFailure) -> Self {
        Self::File(failure)
    }
}

impl From<extract::Error> for Failed {
    fn from(error: extract::Error) -> Self {
        Self::Worker(error)
    }
}

pub(super) fn reading_payload(reading: &Reading) -> (ContentHash, Vec<u8>) {
    let bytes = serde_json::to_vec(reading).expect("a reading is plain values");
    (judging::hash(&bytes), bytes)
}

pub(super) fn word_count(reading: &Reading) -> u64 {
    let words = |text: &str| u64::try_from(text.split_whitespace().count()).unwrap_or(u64::MAX);
    reading.passages.iter().map(|passage| words(&passage.text)).fold(0, u64::saturating_add)
}
