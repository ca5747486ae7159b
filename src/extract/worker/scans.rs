//! A document held open in the worker, and its pages as pixels, one at a time.
//!
//! Apart from reading because it is a conversation: the parent takes its time over each page while the worker waits.
//! Each page has the limits of a file for itself.

use std::io;
use std::time::{Duration, Instant};

use super::{Error, Request, Sent, Worker, drain, source_failed, too_large};
use crate::domain::ids::ContentHash;
use crate::domain::reading::{Extracted, Outcome, Reading, Unreadable};
use crate::extract::answer;
use crate::extract::limits::ReadError;
use crate::extract::pages::Opened;
use crate::extract::protocol::{self, PagesWanted, RequestHead};
use crate::extract::raster::Raster;

/// What came of asking for a page.
#[derive(Debug)]
pub enum Page {
    Drawn(Raster),
    /// This page cannot be drawn; others may.
    Failed(ReadError),
    /// The worker is gone: the document has to be opened again for the next page.
    Lost(ReadError),
}

impl Worker {
    /// Opens a document, or the member of it with this content, for its pages; the reading without its pictures, and
    /// the numbers of the pages that are pictures.
    pub fn open_pages(
        &mut self,
        request: &mut Request<'_>,
        member: Option<ContentHash>,
    ) -> Result<Result<(Reading, Vec<u32>), ReadError>, Error> {
        self.close_pages();
        if request.size > self.limits.file_bytes {
            return Ok(Err(reason_of(too_large(&self.limits))));
        }
        let mut process = self.ready()?;
        self.last_id += 1;
        let pages = Some(PagesWanted { member });
        let head = RequestHead { id: self.last_id, size: request.size, name: request.name.to_owned(), pages };
        self.arm(&process);
        let failed = match process.send(&head, request.reader, self.limits.file_bytes) {
            Sent::Whole => return Ok(self.await_opened(process, head.id)),
            Sent::SourceFailed(error) => self.keep(process, source_failed(&error)),
            Sent::TooLarge => self.keep(process, too_large(&self.limits)),
            Sent::PipeFailed => {
                drain(request.reader, self.limits.file_bytes);
                self.autopsy(process)
            }
        };
        Ok(Err(reason_of(failed)))
    }

    /// One page of the document that is open, as pixels.
    pub fn page(&mut self, number: u32) -> Page {
        let (Some(id), Some(mut process)) = (self.open_id.take(), self.process.take()) else {
            return Page::Lost(ReadError::new(Unreadable::Crashed, "no document is open"));
        };
        process.allow(&self.limits);
        self.arm(&process);
        let body = process.ask_page(number).and_then(|()| process.receive_page(id));
        match body.map(|body| protocol::read_page(&body)) {
            Ok(Some(drawn)) => {
                if self.watchdog.disarm() {
                    process.end();
                } else {
                    self.process = Some(process);
                    self.open_id = Some(id);
                }
                drawn.map_or_else(Page::Failed, Page::Drawn)
            }
            Ok(None) => Page::Lost(reason_of(self.put_down(process, "the reader's page had no proper form"))),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                Page::Lost(reason_of(self.put_down(process, "the reader's answer had no proper form")))
            }
            Err(_) => Page::Lost(reason_of(self.autopsy(process))),
        }
    }

    /// Lets go of the document that is open, if one is.
    pub fn close_pages(&mut self) {
        if self.open_id.take().is_none() {
            return;
        }
        if let Some(mut process) = self.process.take() {
            match process.ask_page(0) {
                Ok(()) => self.process = Some(process),
                Err(_) => process.end(),
            }
        }
    }

    fn arm(&self, process: &super::Process) {
        self.watchdog.arm(process.pid(), Instant::now() + Duration::from_secs(self.limits.wall_seconds));
    }

    fn await_opened(&mut self, mut process: super::Process, id: u64) -> Result<(Reading, Vec<u32>), ReadError> {
        let json = match process.receive(id, &self.limits) {
            Ok(json) => json,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(reason_of(self.put_down(process, "the reader's answer had no proper form")));
            }
            Err(_) => return Err(reason_of(self.autopsy(process))),
        };
        let opened = match answer::check_opened(&json, &self.limits) {
            Ok(opened) => opened,
            Err(lie) => return Err(reason_of(self.put_down(process, lie))),
        };
        if self.watchdog.disarm() {
            process.end();
            return Err(ReadError::new(Unreadable::TimedOut, "it took too long to open"));
        }
        self.process = Some(process);
        match opened {
            Opened::Book { reading, pages } => {
                self.open_id = Some(id);
                Ok((*reading, pages))
            }
            Opened::Refused { reason, detail } => Err(ReadError { reason, detail }),
        }
    }
}

fn reason_of(extracted: Extracted) -> ReadError {
    match extracted.outcome {
        Outcome::Unreadable { reason, detail } => ReadError { reason, detail },
        Outcome::Read(_) | Outcome::Unsupported { .. } | Outcome::OcrPending => {
            unreachable!("only failures are turned into reasons")
        }
    }
}
