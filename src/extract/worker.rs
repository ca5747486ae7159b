//! The parent's side: documents in, answers out, and a new process in place of a dead one.
//!
//! One thread owns one worker. A file never makes an error here: whatever it does to its process becomes an outcome of
//! that file. An error means that no process can be had at all.

mod scans;

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::answer;
use super::fence::FenceReport;
use super::limits::Limits;
use super::passwords::Passwords;
use super::process::{Process, Sent, StartError};
use super::protocol::RequestHead;
use super::watchdog::Watchdog;
use crate::domain::reading::{Extracted, Format, Outcome, Unreadable};

pub use scans::Page;

/// This very program, even after its file was replaced by an upgrade.
const OWN_PROGRAM: &str = "/proc/self/exe";

/// A worker process and what it takes to replace it. Start it on the thread that uses it: the system ends a worker
/// when the thread that started it ends.
pub struct Worker {
    program: PathBuf,
    limits: Limits,
    passwords: Passwords,
    watchdog: Watchdog,
    process: Option<Process>,
    fence: FenceReport,
    last_id: u64,
    /// The request under which the process holds a document open, if it does.
    open_id: Option<u64>,
}

/// One document to read.
pub struct Request<'a> {
    /// The file's name, a hint for formats that look alike from inside.
    pub name: &'a str,
    /// The size that the disk states; the bytes may be more or fewer.
    pub size: u64,
    /// Read to its end even if the worker dies, so that a hash taken on the way is whole. Not read to its end if it is
    /// over the size limit or fails.
    pub reader: &'a mut dyn Read,
}

/// Why there is no worker at all. A bad document is never an error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("could not start the worker `{program}`")]
    Start {
        program: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the worker `{program}` did not come up: {detail}")]
    Handshake { program: PathBuf, detail: String },
    #[error("could not start the thread that watches the worker")]
    Watchdog(#[source] io::Error),
}

impl Worker {
    /// Starts a worker from this very program, with passwords to try on what is locked.
    pub fn start(limits: &Limits, passwords: &Passwords) -> Result<Self, Error> {
        let own = Path::new(OWN_PROGRAM);
        let program = if own.exists() { Ok(own.to_owned()) } else { std::env::current_exe() };
        let program = program.map_err(|source| Error::Start { program: own.to_owned(), source })?;
        Self::launch(program, limits, passwords)
    }

    /// Starts a worker from another program that speaks the protocol.
    pub fn start_program(program: PathBuf, limits: &Limits) -> Result<Self, Error> {
        Self::launch(program, limits, &Passwords::default())
    }

    fn launch(program: PathBuf, limits: &Limits, passwords: &Passwords) -> Result<Self, Error> {
        let watchdog = Watchdog::start().map_err(Error::Watchdog)?;
        let (process, fence) = start(&program, (limits, passwords), &watchdog)?;
        let passwords = passwords.clone();
        Ok(Self {
            program,
            limits: *limits,
            passwords,
            watchdog,
            process: Some(process),
            fence,
            last_id: 0,
            open_id: None,
        })
    }

    /// Reads one document. Blocks until the answer, a limit, or the worker's death.
    pub fn extract(&mut self, request: &mut Request<'_>) -> Result<Extracted, Error> {
        if request.size > self.limits.file_bytes {
            return Ok(too_large(&self.limits));
        }
        self.close_pages();
        let mut process = self.ready()?;
        self.last_id += 1;
        let head = RequestHead { id: self.last_id, size: request.size, name: request.name.to_owned(), pages: None };
        self.watchdog.arm(process.pid(), Instant::now() + Duration::from_secs(self.limits.wall_seconds));
        match process.send(&head, request.reader, self.limits.file_bytes) {
            Sent::Whole => Ok(self.await_answer(process, head.id)),
            Sent::SourceFailed(error) => Ok(self.keep(process, source_failed(&error))),
            Sent::TooLarge => Ok(self.keep(process, too_large(&self.limits))),
            Sent::PipeFailed => {
                drain(request.reader, self.limits.file_bytes);
                Ok(self.autopsy(process))
            }
        }
    }

    /// What protects the system from this worker.
    pub fn fence(&self) -> &FenceReport {
        &self.fence
    }

    /// A process with its allowance for one more file, a new one if need be.
    fn ready(&mut self) -> Result<Process, Error> {
        if let Some(mut process) = self.process.take() {
            if process.renew(&self.limits) {
                return Ok(process);
            }
            process.end();
        }
        let (mut process, fence) = start(&self.program, (&self.limits, &self.passwords), &self.watchdog)?;
        self.fence = fence;
        // A new process that is dead by now is found out by sending to it.
        process.renew(&self.limits);
        Ok(process)
    }

    fn keep(&mut self, process: Process, extracted: Extracted) -> Extracted {
        // Killed for being late between the answer and here: the next file gets a new one.
        if self.watchdog.disarm() {
            process.end();
        } else {
            self.process = Some(process);
        }
        extracted
    }

    fn await_answer(&mut self, mut process: Process, id: u64) -> Extracted {
        let json = match process.receive(id, &self.limits) {
            Ok(json) => json,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return self.put_down(process, "the reader's answer had no proper form");
            }
            Err(_) => return self.autopsy(process),
        };
        match answer::check(&json, &self.limits) {
            Ok(extracted) => self.keep(process, extracted),
            Err(lie) => self.put_down(process, lie),
        }
    }

    /// Ends a worker that cannot be believed.
    fn put_down(&mut self, process: Process, why: &str) -> Extracted {
        self.watchdog.disarm();
        process.end();
        unreadable(Unreadable::Crashed, why.to_owned())
    }

    /// Finds out why a worker died.
    fn autopsy(&mut self, process: Process) -> Extracted {
        let (reason, detail) = match process.bury(&self.watchdog) {
            Ok(death) => death.reason(&self.limits),
            Err(error) => (Unreadable::Crashed, format!("the reader is gone: {error}")),
        };
        unreadable(reason, detail)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            process.end();
        }
    }
}

fn start(program: &Path, with: (&Limits, &Passwords), watchdog: &Watchdog) -> Result<(Process, FenceReport), Error> {
    Process::start(program, with, watchdog).map_err(|error| match error {
        StartError::Spawn(source) => Error::Start { program: program.to_owned(), source },
        StartError::Handshake(detail) => Error::Handshake { program: program.to_owned(), detail },
    })
}

fn unreadable(reason: Unreadable, detail: String) -> Extracted {
    Extracted {
        format: Format::Other,
        outcome: Outcome::Unreadable { reason, detail },
        members: Vec::new(),
        pictures: Vec::new(),
    }
}

fn too_large(limits: &Limits) -> Extracted {
    unreadable(Unreadable::TooLarge, format!("more than {} MiB", limits.file_bytes >> 20))
}

fn source_failed(error: &io::Error) -> Extracted {
    let reason = match error.kind() {
        io::ErrorKind::PermissionDenied => Unreadable::Denied,
        io::ErrorKind::ResourceBusy | io::ErrorKind::WouldBlock => Unreadable::Locked,
        _ => Unreadable::Io,
    };
    unreadable(reason, error.to_string())
}

/// Reads on to the end, for the sake of whoever counts or hashes on the way.
fn drain(reader: &mut dyn Read, bytes_max: u64) {
    // A failure here is the reader's own and shows there.
    let _ = io::copy(&mut reader.take(bytes_max), &mut io::sink());
}
