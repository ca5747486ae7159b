//! Text recognition of one document: its pages drawn by a worker, recognised by Tesseract, put into its reading.
//!
//! Shared by the pass, which keeps what comes of it, and by judging a single file, which does not. What is waiting is
//! counted here too, so that a report and the pass mean the same.

use std::collections::{BTreeSet, HashMap};

use crate::domain::fact::{MemberRef, Read, ReadOutcome, Sight};
use crate::domain::ids::{ContentHash, RootId};
use crate::domain::reading::{Reading, Unreadable};
use crate::domain::relpath::RelPath;
use crate::extract::ocr::{self, Failure, Found, PageWords, Recogniser, Wanted};
use crate::extract::{self, Page, Request, Worker};
use crate::ledger::KnownSight;

use super::config::{Config, OcrUse};
use super::privacy::PrivatePaths;

/// Between the name of a reader and that of the text recognition on top of it.
pub const RECOGNISED: &str = "; ocr ";
/// In place of a Tesseract's name: the machine was too busy for some page, and the next pass tries again.
const LATE: &str = "late";
/// Containers inside containers that are followed; the worker's own limit is lower.
const DEPTH_MAX: u32 = 32;

/// What there is of text recognition on this machine, for these settings.
pub fn find(config: &Config) -> Found {
    let languages: Vec<&str> = config.languages.iter().map(|language| code(language)).collect();
    let page_seconds = config.ocr.page_seconds;
    Recogniser::find(&Wanted { command: &config.ocr.command, languages: &languages, page_seconds })
}

/// Tesseract's name of a language of the configuration, which checks that it is one of these.
fn code(language: &str) -> &'static str {
    match language {
        "es" => "spa",
        _ => "eng",
    }
}

/// The identity of readings with text recognition, kept with each.
pub fn reader_id(reader: &str, recogniser: &Recogniser, pages_max: u32) -> String {
    format!("{reader}{RECOGNISED}{} {pages_max} pages", recogniser.identity())
}

/// The identity of a reading for which the machine was too busy.
pub fn late_id(reader: &str) -> String {
    format!("{reader}{RECOGNISED}{LATE}")
}

/// True if text recognition has had its turn on a reading, whatever came of it.
pub fn is_recognised(read: &Read) -> bool {
    read.reader.split_once(RECOGNISED).is_some_and(|(_, by)| by != LATE)
}

/// Pages that are pictures and have not had their turn.
pub fn pages_waiting(read: &Read) -> u32 {
    if is_recognised(read) { 0 } else { read.pages_waiting }
}

/// Where a content with pages that are pictures lies.
#[derive(Clone, Debug)]
pub struct Scan {
    pub root: RootId,
    pub path: RelPath,
    /// Of the file.
    pub file: ContentHash,
    /// With the names of what it lies in, as hints have it: `a.zip!b.pdf`.
    pub name: String,
    /// True if it lies at private paths alone: its text is not kept.
    pub is_private: bool,
    /// What is to be recognised: the file, or a member of it.
    pub read: Read,
}

impl Scan {
    /// The content if it is a member of the file.
    pub fn member(&self) -> Option<ContentHash> {
        (self.read.content != self.file).then_some(self.read.content)
    }
}

/// Every content among these sights that has pages which are pictures, recognised or not, each once.
pub fn scans(sights: &[KnownSight], reads: &HashMap<ContentHash, Read>, private: &PrivatePaths) -> Vec<Scan> {
    let mut met = BTreeSet::new();
    let mut scans = Vec::new();
    // A content that lies at a private path and elsewhere is met elsewhere first.
    let (hidden, open): (Vec<_>, Vec<_>) = sights.iter().partition(|sight| private.covers(&sight.path));
    let places = open.into_iter().map(|sight| (sight, false)).chain(hidden.into_iter().map(|sight| (sight, true)));
    for (sight, is_private) in places {
        let Sight::Content { content, .. } = &sight.sight else { continue };
        let mut todo = vec![(*content, sight.path.to_text().into_owned(), 0)];
        while let Some((inside, name, depth)) = todo.pop() {
            let Some(read) = reads.get(&inside).filter(|_| met.insert(inside)) else { continue };
            if read.pages_waiting > 0 || read.pages_recognised > 0 {
                let (root, path) = (sight.root, sight.path.clone());
                scans.push(Scan { root, path, file: *content, name: name.clone(), is_private, read: read.clone() });
            }
            if depth < DEPTH_MAX {
                let inner = |member: &MemberRef| (member.content, format!("{name}!{}", member.name), depth + 1);
                todo.extend(read.members.iter().rev().map(inner));
            }
        }
    }
    scans
}

/// The contents among these sights with pages that wait, and how many.
pub fn waiting(
    config: &Config,
    sights: &[KnownSight],
    reads: &HashMap<ContentHash, Read>,
) -> HashMap<ContentHash, u32> {
    let scans = scans(sights, reads, &PrivatePaths::new(&config.private));
    let pages = scans.iter().map(|scan| (scan.read.content, pages_waiting(&scan.read)));
    pages.filter(|(_, waiting)| *waiting > 0).collect()
}

/// What a person should know of pages that wait, and what to do; nothing if none does.
pub fn notice(config: &Config, waiting: &HashMap<ContentHash, u32>) -> Option<String> {
    if config.ocr.enabled == OcrUse::Never || waiting.is_empty() {
        return None;
    }
    let pages = waiting.values().map(|pages| u64::from(*pages)).fold(0, u64::saturating_add);
    // Asked only if something waits: a question to another program at every report would be dear.
    Some(told(waiting.len(), pages, &find(config)))
}

fn told(documents: usize, pages: u64, found: &Found) -> String {
    let of = |count: u64, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let wait = if documents == 1 { "waits" } else { "wait" };
    let documents = of(u64::try_from(documents).unwrap_or(u64::MAX), "document");
    let pages = of(pages, "page");
    let todo = match (&found.recogniser, found.missing.as_slice()) {
        (None, missing) => format!("install {}, then scan again", missing.join(" and ")),
        (Some(_), _) => "scan again".to_owned(),
    };
    format!("{documents} with {pages} of pictures {wait} for text recognition: {todo}")
}

/// What recognition made of a document.
pub struct Recognised {
    pub reading: Reading,
    /// Pages that were recognised, with words or without.
    pub pages: u32,
    /// Pages that could not be, or were too many.
    pub left: u32,
    /// Why, for the first of them.
    pub fault: Option<String>,
    /// True if one of them may go better when the machine is less busy.
    pub late: bool,
}

/// Why a document was not recognised.
pub enum Failed {
    /// Someone asked to stop; nothing is known of the document yet.
    Stopped,
    /// It cannot be opened for its pages, by this worker, now.
    Document {
        reason: Unreadable,
        detail: String,
    },
    Worker(extract::Error),
}

/// Sends one request to the worker.
type Send<'s> = &'s mut dyn FnMut(&mut Request<'_>) -> Opening;
/// What comes of it.
pub type Opening = Result<Result<(Reading, Vec<u32>), extract::ReadError>, extract::Error>;
/// Opens a document's bytes and sends them.
pub type Source<'s> = &'s mut dyn FnMut(Send<'_>) -> Result<Opening, (Unreadable, String)>;

/// What recognising needs.
pub struct Bench<'a> {
    pub recogniser: &'a Recogniser,
    pub limits: extract::Limits,
    pub pages_max: u32,
    pub stop: &'a dyn Fn() -> bool,
    /// Called once a page.
    pub done: &'a dyn Fn(),
}

impl Bench<'_> {
    /// Recognises a document, or the member of it with the content named. `request` is called to hand over the
    /// document's bytes: once, and again after a page that killed the worker.
    pub fn recognise(
        &self,
        worker: &mut Worker,
        member: Option<ContentHash>,
        request: Source<'_>,
    ) -> Result<Recognised, Failed> {
        let (mut reading, pages) = open(worker, member, request)?;
        let mut words: Vec<PageWords> = Vec::new();
        let (mut fault, mut late) = (None, false);
        let wanted = usize::try_from(self.pages_max).unwrap_or(usize::MAX).min(pages.len());
        for (index, number) in pages.iter().take(wanted).enumerate() {
            if (self.stop)() {
                worker.close_pages();
                return Err(Failed::Stopped);
            }
            match self.page(worker, *number) {
                Ok(page) => words.push(page),
                Err(PageFailed::Stopped) => {
                    worker.close_pages();
                    return Err(Failed::Stopped);
                }
                Err(PageFailed::Late) => {
                    late = true;
                    fault.get_or_insert(format!("page {number}: {}", Failure::TimedOut));
                }
                Err(PageFailed::Page(why)) => drop(fault.get_or_insert(format!("page {number}: {why}"))),
                Err(PageFailed::Lost(why)) => {
                    fault.get_or_insert(format!("page {number}: {why}"));
                    if index + 1 < wanted {
                        open(worker, member, request)?;
                    }
                }
            }
            (self.done)();
        }
        worker.close_pages();
        if wanted < pages.len() {
            fault.get_or_insert(format!("more than {wanted} pages of pictures"));
        }
        let recognised = words.len();
        ocr::merge(&mut reading, &words, &self.limits);
        let left = pages.len() - recognised;
        reading.truncated |= left > 0;
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Recognised { reading, pages: count(recognised), left: count(left), fault, late })
    }

    fn page(&self, worker: &mut Worker, number: u32) -> Result<PageWords, PageFailed> {
        let raster = match worker.page(number) {
            Page::Drawn(raster) => raster,
            Page::Failed(error) => return Err(PageFailed::Page(error.to_string())),
            Page::Lost(error) => return Err(PageFailed::Lost(error.to_string())),
        };
        self.recogniser.page(number, &raster, self.stop).map_err(|failure| match failure {
            Failure::Stopped => PageFailed::Stopped,
            // Its time on the processor is limited too: what is late by the clock alone had to wait for others.
            Failure::TimedOut => PageFailed::Late,
            Failure::Died(_) | Failure::Start(_) => PageFailed::Page(failure.to_string()),
        })
    }
}

fn open(worker: &mut Worker, member: Option<ContentHash>, request: Source<'_>) -> Result<(Reading, Vec<u32>), Failed> {
    let opened = request(&mut |request| worker.open_pages(request, member));
    match opened.map_err(|(reason, detail)| Failed::Document { reason, detail })? {
        Ok(Ok(opened)) => Ok(opened),
        Ok(Err(error)) => Err(Failed::Document { reason: error.reason, detail: error.detail }),
        Err(error) => Err(Failed::Worker(error)),
    }
}

enum PageFailed {
    Stopped,
    Late,
    Page(String),
    Lost(String),
}

/// What a recognised reading comes to: words, or that there are none. A picture without words is a photo, and read.
pub fn outcome_of(recognised: &Recognised, text: ContentHash, words: u64) -> ReadOutcome {
    let is_photo = recognised.reading.format == crate::domain::reading::Format::Image && recognised.left == 0;
    if words > 0 || is_photo {
        return ReadOutcome::Read { text, words };
    }
    if recognised.late {
        return ReadOutcome::OcrPending;
    }
    let detail = match &recognised.fault {
        Some(fault) => fault.clone(),
        None => "text recognition found no words in its pictures".to_owned(),
    };
    ReadOutcome::Unreadable { reason: Unreadable::ImageOnly, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_and_what_to_do_is_told() {
        let found =
            |missing: &[&str]| Found { recogniser: None, missing: missing.iter().map(ToString::to_string).collect() };
        assert_eq!(
            told(3, 7, &found(&["tesseract-ocr", "tesseract-ocr-spa"])),
            "3 documents with 7 pages of pictures wait for text recognition: install tesseract-ocr and \
             tesseract-ocr-spa, then scan again"
        );
        assert_eq!(
            told(1, 1, &found(&["tesseract-ocr"])),
            "1 document with 1 page of pictures waits for text recognition: install tesseract-ocr, then scan again"
        );
    }
}
