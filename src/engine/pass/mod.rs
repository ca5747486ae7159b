//! A pass: one comparison of the folders on disk with the ledger. Start-up, timer, watcher and `scan` all run this one.
//!
//! Three sorts of threads meet over bounded channels: one walks and compares, some read (each with its own worker
//! process), and the caller's thread alone writes to the ledger. What the ledger acknowledged is known; a pass that is
//! stopped or killed at any point is finished by the next one.

mod compare;
mod cpu;
mod known;
mod read;
mod readers;
mod record;
mod resting;
mod root;
mod scans;
mod session;
mod walk;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::disk;
use crate::extract;
use crate::ledger;
use crate::report::scan_summary::ScanSummary;
use cpu::Cpu;

use super::workspace::{self, Workspace};

pub use root::Root;
pub use session::{Part, Session};

/// Why a pass ended without its result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Workspace(#[from] workspace::Error),
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    #[error(transparent)]
    Disk(#[from] disk::Error),
    #[error(transparent)]
    Extract(#[from] extract::Error),
    #[error(transparent)]
    Publish(Box<super::question::Error>),
    #[error("no folder was named, and none is watched yet")]
    NoFolder,
    #[error("`{path}` lies in none of the watched folders")]
    Elsewhere { path: PathBuf },
    #[error("stopped before the end; what was read is kept, and the next pass goes on from there")]
    Interrupted,
}

impl From<super::question::Error> for Error {
    fn from(error: super::question::Error) -> Self {
        Self::Publish(Box::new(error))
    }
}

/// What a person watching sees of a pass.
pub trait Progress: Sync {
    /// A stage begins.
    fn stage(&self, name: &str);
    /// So many more files are to be read.
    fn found(&self, count: u64);
    /// So many more are done.
    fn done(&self, count: u64);
    fn finish(&self);
}

/// Asks a pass to end soon.
#[derive(Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// A stop that interrupt and termination signals trigger.
    pub fn on_signals() -> std::io::Result<Self> {
        let stop = Self::default();
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            // A second signal ends the process at once, as people expect of a second Ctrl-C.
            signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&stop.0))?;
            signal_hook::flag::register(signal, Arc::clone(&stop.0))?;
        }
        Ok(stop)
    }

    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// A flag that a hangup sets: as `Stop`, but it ends nothing.
    pub fn on_hangup() -> std::io::Result<Self> {
        let flag = Self::default();
        signal_hook::flag::register(signal_hook::consts::SIGHUP, Arc::clone(&flag.0))?;
        Ok(flag)
    }

    /// True, once, if it was asked since the last time.
    pub fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// Who watches a pass, and who may stop it.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    pub progress: &'a dyn Progress,
    pub stop: &'a Stop,
}

/// What is asked of a pass besides looking.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// Roots that are rightly empty now, or rightly on another device.
    pub accept_empty: Vec<PathBuf>,
    /// Paths to look at instead of everything; each lies in one of the roots.
    pub only: Vec<PathBuf>,
}

/// What a pass did.
#[derive(Debug, Default)]
pub struct Outcome {
    pub summary: ScanSummary,
    pub timings: Timings,
    /// Things a person should know: offline roots, folders that could not be listed.
    pub notices: Vec<String>,
}

/// Where the time went: by stage on the clock, summed over the readers, and in whole by the processors.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timings {
    pub walk: Duration,
    /// Open, read, hash.
    pub hash: Duration,
    /// Waiting for workers: extraction.
    pub extract: Duration,
    pub judge: Duration,
    pub ledger: Duration,
    pub index: Duration,
    pub total: Duration,
    /// Processor time of the pass, where the system counts it.
    pub cpu: Option<Cpu>,
}

impl fmt::Display for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |d: Duration| d.as_secs_f64();
        write!(
            f,
            "seconds on the clock, readers summed: walk {:.2}, read and hash {:.2}, extract {:.2}, judge {:.2}, \
             ledger {:.2}, index {:.2}; whole pass {:.2}",
            seconds(self.walk),
            seconds(self.hash),
            seconds(self.extract),
            seconds(self.judge),
            seconds(self.ledger),
            seconds(self.index),
            seconds(self.total)
        )?;
        match self.cpu {
            Some(cpu) => write!(
                f,
                "\nseconds of processor time: this process {:.2}, workers {:.2}",
                seconds(cpu.own),
                seconds(cpu.workers)
            ),
            None => Ok(()),
        }
    }
}

/// Runs a pass over the workspace's folders, or over the parts that the order names, then brings the index up to date.
pub fn run(workspace: &Workspace, order: &Order, watch: Watch<'_>) -> Result<Outcome, Error> {
    let cpu = Cpu::now();
    let mut session = Session::open(workspace)?;
    let mut outcome = if order.only.is_empty() { session.whole(order, watch)? } else { session.only(order, watch)? };
    // The workers' time is known once they have ended.
    drop(session);
    outcome.timings.cpu = cpu.and_then(|before| Some(Cpu::now()?.since(before)));
    watch.progress.finish();
    tracing::info!(?outcome.summary, "pass done");
    Ok(outcome)
}

impl Outcome {
    fn add(&mut self, done: root::Done) {
        self.summary += done.summary;
        let (sum, part) = (&mut self.timings, done.timings);
        sum.walk += part.walk;
        sum.hash += part.hash;
        sum.extract += part.extract;
        sum.judge += part.judge;
        sum.ledger += part.ledger;
        self.notices.extend(done.notices);
    }
}
