//! From the watchers to the inboxes: a thread of its own, so that a long pass never fills the channel.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::disk::Told;
use crate::engine::clock;

use super::roots::Inbox;

/// Changes on their way from the watchers; filled only if this thread gets no processor for long.
const CHANNEL: usize = 16_384;

/// The watchers' end, and the loop's.
pub struct Intake {
    pub told: Sender<Told>,
    /// Something came.
    pub wake: Receiver<()>,
    inboxes: Arc<Mutex<Vec<Arc<Mutex<Inbox>>>>>,
}

impl Intake {
    /// Starts the thread; it ends when the last watcher and this are gone.
    pub fn start(began: Instant) -> std::io::Result<Self> {
        let (told, receiver) = bounded::<Told>(CHANNEL);
        let (waker, wake) = bounded(1);
        let inboxes: Arc<Mutex<Vec<Arc<Mutex<Inbox>>>>> = Arc::default();
        let shared = Arc::clone(&inboxes);
        std::thread::Builder::new().name("intake".to_owned()).spawn(move || {
            for told in receiver {
                let inboxes = shared.lock().expect("no thread panics while it holds the inboxes");
                let Some(inbox) = inboxes.get(told.root) else { continue };
                let mut inbox = inbox.lock().expect("no thread panics while it holds an inbox");
                inbox.settle.note(told.path, told.hint, began.elapsed());
                inbox.last_event = Some(clock::now());
                drop(inbox);
                // Full: the loop is woken already.
                let _ = waker.try_send(());
            }
        })?;
        Ok(Self { told, wake, inboxes })
    }

    /// Gives the next root, by its number, its inbox.
    pub fn add(&self, inbox: Arc<Mutex<Inbox>>) {
        self.inboxes.lock().expect("no thread panics while it holds the inboxes").push(inbox);
    }
}
