//! The readers: each thread owns one worker process and turns jobs into facts ready to record.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::disk::{self, ReadFailure};
use crate::domain::change::Stamp;
use crate::domain::fact::{Judged, MemberRef, Read, ReadOutcome, Sight};
use crate::domain::ids::ContentHash;
use crate::domain::reading::{Extracted, Outcome, Reading, Unreadable};
use crate::domain::relpath::RelPath;
use crate::engine::judging::{self, Judging};
use crate::extract::{self, Limits, Request, Worker};

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

/// A content read for the first time, with its payloads.
pub struct Reads {
    pub read: Read,
    pub judged: Option<Judged>,
    pub payloads: Vec<(ContentHash, Vec<u8>)>,
}

/// Time one job took, by stage.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    pub hash: Duration,
    pub extract: Duration,
    pub judge: Duration,
}

/// What a reader thread needs; shared by all of them.
pub struct Bench<'a> {
    pub root: &'a Path,
    pub limits: Limits,
    pub reader: &'a str,
    pub judging: &'a Judging,
    pub known: &'a Known,
}

impl Bench<'_> {
    /// Opens, hashes and, if the content is new, extracts and judges.
    pub fn read(&self, worker: &mut Worker, job: Job) -> Result<Finding, extract::Error> {
        let mut finding = Finding { path: job.path, sight: Sight::Gone, reads: Vec::new(), spent: Spent::default() };
        let stamp = match job.what {
            What::File(stamp) => stamp,
            What::Unread { reason, detail } => {
                finding.sight = Sight::Unread { reason, detail, stamp: None, looked_ns: job.looked_ns };
                return Ok(finding);
            }
        };
        match self.read_file(worker, &mut finding) {
            Ok(()) => {}
            Err(Failed::Worker(error)) => return Err(error),
            Err(Failed::File(failure)) => {
                let ReadFailure { reason, detail, stamp: later, looked_ns } = failure;
                finding.sight = Sight::Unread { reason, detail, stamp: Some(later.unwrap_or(stamp)), looked_ns };
            }
        }
        Ok(finding)
    }

    fn read_file(&self, worker: &mut Worker, finding: &mut Finding) -> Result<(), Failed> {
        let hashing = Instant::now();
        let limits = disk::Limits { file_bytes: self.limits.file_bytes, keep_bytes: HELD_BYTES_MAX };
        let mut file = disk::open(self.root, &finding.path, limits)?;
        let hashed = file.hash()?;
        finding.spent.hash = hashing.elapsed();
        finding.sight = Sight::Content { content: hashed.content, stamp: hashed.stamp, looked_ns: hashed.looked_ns };
        if !self.known.claim(hashed.content) {
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
        self.flatten(hashed.content, size, extracted, &mut finding.reads);
        finding.spent.judge = judging.elapsed();
        Ok(())
    }

    /// The facts of a content and of its members, members first.
    fn flatten(&self, content: ContentHash, size: u64, extracted: Extracted, reads: &mut Vec<Reads>) {
        let Extracted { format, outcome, members } = extracted;
        let mut refs = Vec::with_capacity(members.len());
        for member in members {
            refs.push(MemberRef { name: member.name, content: member.content });
            if self.known.claim(member.content) {
                self.flatten(member.content, member.size, member.extracted, reads);
            }
        }
        let mut payloads = Vec::new();
        let mut judged = None;
        let outcome = match outcome {
            Outcome::Read(reading) => {
                let (text, bytes) = reading_payload(&reading);
                payloads.push((text, bytes));
                let (judgement, bytes) = self.judging.payload(&reading);
                payloads.push((judgement, bytes));
                judged = Some(Judged { content, judge: self.judging.identity().to_owned(), judgement });
                ReadOutcome::Read { text, words: word_count(&reading) }
            }
            Outcome::Unreadable { reason, detail } => ReadOutcome::Unreadable { reason, detail },
            Outcome::Unsupported { kind } => ReadOutcome::Unsupported { kind },
            Outcome::OcrPending => ReadOutcome::OcrPending,
        };
        self.known.settle(content, Class::of(&outcome));
        let read = Read { content, size, reader: self.reader.to_owned(), format, outcome, members: refs };
        reads.push(Reads { read, judged, payloads });
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

fn reading_payload(reading: &Reading) -> (ContentHash, Vec<u8>) {
    let bytes = serde_json::to_vec(reading).expect("a reading is plain values");
    (judging::hash(&bytes), bytes)
}

fn word_count(reading: &Reading) -> u64 {
    let words = |text: &str| u64::try_from(text.split_whitespace().count()).unwrap_or(u64::MAX);
    reading.passages.iter().map(|passage| words(&passage.text)).fold(0, u64::saturating_add)
}
