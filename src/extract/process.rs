//! One worker process from its start to its end: the pipes, the handshake, the exchange, the reaping.
//!
//! [`super::worker`] decides what a failure costs; this only says what happened. The process gets an empty
//! environment, a process group of its own (Ctrl-C in the terminal is for the parent) and three pipes.

use std::io::{self, Read};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{OFlags, fcntl_setfl};
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use super::death::Death;
use super::fence::FenceReport;
use super::limits::Limits;
use super::passwords::Passwords;
use super::protocol::{self, RequestHead};
use super::usage::Usage;
use super::watchdog::{Watchdog, kill};

/// From start to handshake; only a machine on its knees needs a hundredth of it.
const START_TIME_MAX: Duration = Duration::from_secs(30);
/// From the end of its output to the end of a dying process.
const DYING_TIME_MAX: Duration = Duration::from_secs(5);
const HELLO_BYTES_MAX: u64 = 64 << 10;
const STDERR_BYTES_MAX: u64 = 4 << 10;
/// Files after which a worker is replaced, whatever its state.
const FILES_MAX: u32 = 500;

/// A running worker.
pub(super) struct Process {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    stderr: ChildStderr,
    usage: Usage,
    files: u32,
}

/// What became of sending a document.
pub(super) enum Sent {
    Whole,
    /// The document itself could not be read on; the worker was told to forget it.
    SourceFailed(io::Error),
    TooLarge,
    /// The worker takes no more: dead or dying.
    PipeFailed,
}

/// Why a worker did not come up.
pub(super) enum StartError {
    Spawn(io::Error),
    Handshake(String),
}

impl Process {
    /// Starts the program and waits for its handshake.
    pub(super) fn start(
        program: &Path,
        (limits, passwords): (&Limits, &Passwords),
        watchdog: &Watchdog,
    ) -> Result<(Self, FenceReport), StartError> {
        let mut child = spawn(program, limits).map_err(StartError::Spawn)?;
        let pid = Pid::from_child(&child);
        let (Some(mut stdin), Some(mut stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            unreachable!("all three are piped by `spawn`");
        };
        watchdog.arm(pid, Instant::now() + START_TIME_MAX);
        let hello = protocol::read_answer(&mut stdout, 0, HELLO_BYTES_MAX).and_then(|json| {
            let fence: FenceReport = serde_json::from_slice(&json)?;
            Ok((fence, Usage::of(pid)?))
        });
        match hello {
            Ok((fence, usage)) => {
                watchdog.disarm();
                // A worker that is gone by now is found out by the first document.
                let _ = passwords.write(&mut stdin);
                Ok((Self { child, stdin, stdout, stderr, usage, files: 0 }, fence))
            }
            Err(error) => {
                kill(pid);
                let death = reap(&mut child, stderr, watchdog);
                let status = death.map_or_else(|error| error.to_string(), |death| death.status.to_string());
                Err(StartError::Handshake(format!("{error} ({status})")))
            }
        }
    }

    /// Makes ready for one more file; false if the worker should be replaced instead.
    pub(super) fn renew(&mut self, limits: &Limits) -> bool {
        self.files = self.files.saturating_add(1);
        let grown = self.usage.allow(limits);
        self.files <= FILES_MAX && grown.is_ok_and(|bytes| bytes <= limits.memory_bytes / 4)
    }

    /// Allows so much more time on the processor from now, for one page more of the same file.
    pub(super) fn allow(&mut self, limits: &Limits) {
        // If it cannot be measured it is dead, which asking it for a page finds out.
        let _ = self.usage.allow(limits);
    }

    pub(super) fn ask_page(&mut self, number: u32) -> io::Result<()> {
        protocol::write_page_wanted(&mut self.stdin, number)
    }

    pub(super) fn receive_page(&mut self, id: u64) -> io::Result<Vec<u8>> {
        protocol::read_answer(&mut self.stdout, id, protocol::PAGE_BYTES_MAX)
    }

    pub(super) fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Streams a document to the worker.
    pub(super) fn send(&mut self, head: &RequestHead, source: &mut dyn Read, size_max: u64) -> Sent {
        let mut chunk = vec![0; chunk_bytes(head.size)];
        let mut total: u64 = 0;
        let mut begun = false;
        loop {
            let length = match source.read(&mut chunk) {
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return self.abandon(begun, Sent::SourceFailed(error)),
            };
            total = total.saturating_add(length as u64);
            if total > size_max {
                return self.abandon(begun, Sent::TooLarge);
            }
            let written = if begun { Ok(()) } else { protocol::write_head(&mut self.stdin, head) };
            begun = true;
            let ended = length == 0;
            let written = written.and_then(|()| {
                if ended {
                    protocol::write_end(&mut self.stdin)
                } else {
                    protocol::write_chunk(&mut self.stdin, &chunk[..length])
                }
            });
            match (written, ended) {
                (Err(_), _) => return Sent::PipeFailed,
                (Ok(()), true) => return Sent::Whole,
                (Ok(()), false) => {}
            }
        }
    }

    fn abandon(&mut self, begun: bool, outcome: Sent) -> Sent {
        if begun && protocol::write_abandoned(&mut self.stdin).is_err() {
            return Sent::PipeFailed;
        }
        outcome
    }

    pub(super) fn receive(&mut self, id: u64, limits: &Limits) -> io::Result<Vec<u8>> {
        protocol::read_answer(&mut self.stdout, id, limits.output_bytes)
    }

    /// Waits for the end of a worker that no longer answers, or brings it about.
    pub(super) fn bury(mut self, watchdog: &Watchdog) -> io::Result<Death> {
        drop(self.stdin);
        reap(&mut self.child, self.stderr, watchdog)
    }

    /// Ends a worker that is no longer wanted. It has nothing to save.
    pub(super) fn end(mut self) {
        kill(self.pid());
        // Fails only if it has been reaped, which is what is wanted.
        let _ = self.child.wait();
    }
}

fn spawn(program: &Path, limits: &Limits) -> io::Result<Child> {
    let limits = serde_json::to_string(limits).map_err(io::Error::from)?;
    Command::new(program)
        .arg0("evidex")
        .arg(protocol::WORKER_COMMAND)
        .arg(limits)
        .env_clear()
        .current_dir("/")
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

/// Small files need no large buffer, and no file needs more than one.
fn chunk_bytes(size: u64) -> usize {
    usize::try_from(size).map_or(protocol::CHUNK_BYTES, |size| size.saturating_add(1).min(protocol::CHUNK_BYTES))
}

/// Waits without reaping first, so that the watchdog never holds the number of a process that is gone.
fn reap(child: &mut Child, stderr: ChildStderr, watchdog: &Watchdog) -> io::Result<Death> {
    let pid = Pid::from_child(child);
    // A worker killed for being late may still be dying: what the watchdog has done counts.
    let late = watchdog.disarm();
    watchdog.arm(pid, Instant::now() + DYING_TIME_MAX);
    let waited = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT);
    watchdog.disarm();
    waited?;
    let status = child.wait()?;
    // Not blocking: a stray heir of the pipe could hold it open for ever.
    fcntl_setfl(&stderr, OFlags::NONBLOCK)?;
    let mut said = Vec::new();
    // What can be read is enough; "would block" is the end of it.
    let _ = stderr.take(STDERR_BYTES_MAX).read_to_end(&mut said);
    Ok(Death { status, stderr: said, late })
}
