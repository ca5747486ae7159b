//! The reader threads: each owns one worker process, and outlives the pass that it reads for.
//!
//! A worker dies with the thread that started it, so a worker that is to be warm for the next change needs a thread that
//! stays. Idle ones let their worker go; who dropped the readers has no worker left.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use crate::extract::{self, FenceReport, Layer, Limits, Passwords, Worker};
use crate::ledger::Ledger;

use super::Stop;
use super::read::{Bench, Finding, Job};

/// Jobs that wait for a reader: enough that none starves, few enough that memory stays small.
const QUEUE: usize = 32;
/// A worker without work for so long is let go.
const WARM: Duration = Duration::from_secs(30);

/// One job, and where its finding goes.
pub struct Task {
    pub job: Job,
    pub bench: Arc<Bench>,
    pub stop: Stop,
    pub findings: Sender<Result<Finding, extract::Error>>,
}

/// A fixed number of reader threads; their workers start with the first job.
pub struct Readers {
    tasks: Option<Sender<Task>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    pub fn start(count: usize, limits: Limits) -> Self {
        let (sender, tasks) = bounded::<Task>(QUEUE);
        let thread = |_| {
            let tasks = tasks.clone();
            std::thread::spawn(move || {
                Reader { limits, passwords: Passwords::default(), worker: None, ledger: None }.run(&tasks);
            })
        };
        Self { threads: (0..count.max(1)).map(thread).collect(), tasks: Some(sender) }
    }

    /// Where jobs go in.
    pub fn tasks(&self) -> Sender<Task> {
        self.tasks.clone().expect("the channel is open until the readers are dropped")
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.tasks = None;
        for thread in self.threads.drain(..) {
            // A reader turns every fault into a finding; should one panic all the same, its pass has failed by now.
            let _ = thread.join();
        }
    }
}

struct Reader {
    limits: Limits,
    /// What the worker was started with.
    passwords: Passwords,
    worker: Option<Worker>,
    /// To ask whether a content was read before, for passes that do not know all of them.
    ledger: Option<Ledger>,
}

impl Reader {
    fn run(mut self, tasks: &Receiver<Task>) {
        loop {
            let task = match tasks.recv_timeout(WARM) {
                Ok(task) => task,
                Err(RecvTimeoutError::Timeout) => {
                    self.rest();
                    match tasks.recv() {
                        Ok(task) => task,
                        Err(_) => return,
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if !task.stop.is_asked() {
                let found = self.read(&task.bench, task.job);
                // Nobody takes findings of a pass that was broken off.
                let _ = task.findings.send(found);
            }
        }
    }

    fn rest(&mut self) {
        self.worker = None;
        self.ledger = None;
    }

    fn read(&mut self, bench: &Bench, job: Job) -> Result<Finding, extract::Error> {
        if self.passwords != bench.passwords {
            self.worker = None;
            self.passwords = bench.passwords.clone();
        }
        let worker = match &mut self.worker {
            Some(worker) => worker,
            None => self.worker.insert(Worker::start(&self.limits, &self.passwords)?),
        };
        if !worker.fence().is_whole() {
            bench.holes.get_or_init(|| holes(worker.fence()));
        }
        if self.ledger.is_none()
            && let Some(path) = &bench.ledger
        {
            // Without it, what is known already is read again: slower, and the same in the end.
            self.ledger = Ledger::open_read_only(path).ok();
        }
        let ledger = self.ledger.as_ref().filter(|_| bench.ledger.is_some());
        let path = job.path.clone();
        // A text over which our own judging breaks down costs that file, as one that kills its worker does.
        let Ok(found) = catch_unwind(AssertUnwindSafe(|| bench.read(worker, ledger, job))) else {
            self.rest();
            return Ok(Finding::broken(path));
        };
        if found.is_err() {
            self.worker = None;
        }
        found
    }
}

/// What a person should know before trusting this machine with documents of strangers.
fn holes(fence: &FenceReport) -> String {
    let holes = fence.layers().into_iter().filter(|(_, layer)| **layer != Layer::On);
    let holes: Vec<String> = holes.map(|(name, layer)| format!("{name} {layer}")).collect();
    format!("documents are read behind a weaker fence than on a current Linux: {}", holes.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weak_fence_is_named_by_its_holes() {
        let fence = FenceReport {
            rlimits: Layer::On,
            no_new_privs: Layer::On,
            landlock: Layer::Off("not in this kernel".to_owned()),
            seccomp: Layer::On,
        };
        let wanted =
            "documents are read behind a weaker fence than on a current Linux: landlock off: not in this kernel";
        assert_eq!(holes(&fence), wanted);
    }
}
