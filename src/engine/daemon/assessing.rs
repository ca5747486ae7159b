//! Statuses beside the loop: assessing reads much and must keep no change waiting.
//!
//! One assessment runs at a time, on a thread of its own with its own connections. What happens meanwhile makes another
//! one due. The pause after each is several times what it took, so that a busy folder does not keep a processor busy.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};

use crate::domain::status_change::StatusChange;
use crate::engine::question;
use crate::engine::statuses;
use crate::engine::workspace::Workspace;
use crate::ledger::Ledger;

const PAUSE_MIN: Duration = Duration::from_secs(1);
/// The pause after an assessment, in times of what it took.
const PAUSE_TIMES: u32 = 4;

type Found = Result<Vec<StatusChange>, question::Error>;

/// Knows whether statuses are to be assessed, and when.
pub struct Assessing {
    workspace: Arc<Workspace>,
    due: bool,
    running: Option<(Receiver<Found>, Instant)>,
    not_before: Instant,
}

impl Assessing {
    pub fn new(workspace: Arc<Workspace>) -> Self {
        Self { workspace, due: false, running: None, not_before: Instant::now() }
    }

    /// Facts, the day or something else is another.
    pub fn ask(&mut self) {
        self.due = !self.workspace.config.entities.is_empty();
    }

    /// Starts what is due, takes what is done. To be called often.
    pub fn step(&mut self) -> Option<Found> {
        let done = self.take();
        if self.due && self.running.is_none() && Instant::now() >= self.not_before {
            self.due = false;
            let (sender, receiver) = bounded(1);
            let workspace = Arc::clone(&self.workspace);
            let run = move || {
                // The loop may be gone by now: the next start compares anew.
                let _ = sender.send(update(&workspace));
            };
            match std::thread::Builder::new().name("assess".to_owned()).spawn(run) {
                Ok(_) => self.running = Some((receiver, Instant::now())),
                Err(_) => self.due = true,
            }
        }
        done
    }

    fn take(&mut self) -> Option<Found> {
        let (receiver, since) = self.running.as_ref()?;
        let found = match receiver.try_recv() {
            Ok(found) => Some(found),
            Err(crossbeam_channel::TryRecvError::Empty) => return None,
            // It panicked, which its own thread has told: the next change asks again.
            Err(crossbeam_channel::TryRecvError::Disconnected) => None,
        };
        self.not_before = Instant::now() + since.elapsed().saturating_mul(PAUSE_TIMES).max(PAUSE_MIN);
        self.running = None;
        self.due |= matches!(&found, Some(Err(_)));
        found
    }
}

fn update(workspace: &Workspace) -> Found {
    let mut ledger = Ledger::open(&workspace.ledger_path())?;
    statuses::update(workspace, &mut ledger)
}
