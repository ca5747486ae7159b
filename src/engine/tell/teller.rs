//! The service's thread that tells: a slow or dead server must hold up no pass.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender, TrySendError, bounded};

use super::Occasion;
use crate::engine::workspace::Workspace;

/// How often the log is looked at without being woken: for pauses that end, and for the hour of the daily mail.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Tells in the background until dropped. A message on its way is then left to the next start: ids make that harmless,
/// and a stop must not wait for a server.
pub struct Teller {
    wake: Option<Sender<()>>,
}

impl Teller {
    /// Starts the thread; without a configured way there is none.
    pub fn start(workspace: Arc<Workspace>) -> std::io::Result<Self> {
        if workspace.config.notify.is_empty() {
            return Ok(Self { wake: None });
        }
        let (wake, woken) = bounded(1);
        thread::Builder::new().name("tell".to_owned()).spawn(move || {
            loop {
                if let Err(error) = super::deliver(&workspace, Occasion::Running) {
                    tracing::warn!(%error, "could not tell of status changes");
                }
                match woken.recv_timeout(LOOK_EVERY) {
                    Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        })?;
        Ok(Self { wake: Some(wake) })
    }

    /// Says that the status log has grown; never waits.
    pub fn wake(&self) {
        match self.wake.as_ref().map(|wake| wake.try_send(())) {
            // Full: it is to look anyway. Disconnected: the thread died, and the next start tells.
            None | Some(Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(()))) => {}
        }
    }
}
