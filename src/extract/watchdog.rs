//! Kills a worker that has passed its time on the clock.
//!
//! A thread of its own, because the engine's thread is then stuck in a pipe. It sleeps through the files that are read
//! in time: setting and clearing a deadline costs a lock, not a wake-up. Invariant: the target is cleared before the
//! process is reaped, so that its number cannot have passed to another process when it is killed.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// The thread and what it watches.
pub(super) struct Watchdog {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    /// The process to kill, and when.
    armed: Option<(Pid, Instant)>,
    /// When the thread looks next by itself; `None` while it waits to be woken.
    next_look: Option<Instant>,
    fired: bool,
    stop: bool,
}

impl Watchdog {
    pub(super) fn start() -> io::Result<Self> {
        let shared = Arc::new(Shared { state: Mutex::default(), wake: Condvar::new() });
        let watched = Arc::clone(&shared);
        let thread = thread::Builder::new().name("watchdog".to_owned()).spawn(move || watched.run())?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Kills the process and its group at the deadline, unless disarmed before.
    pub(super) fn arm(&self, pid: Pid, deadline: Instant) {
        let mut state = self.shared.lock();
        state.armed = Some((pid, deadline));
        state.fired = false;
        if state.next_look.is_none_or(|look| look > deadline) {
            self.shared.wake.notify_one();
        }
    }

    /// Returns true if the process was killed for being late.
    pub(super) fn disarm(&self) -> bool {
        let mut state = self.shared.lock();
        state.armed = None;
        state.fired
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.shared.lock().stop = true;
        self.shared.wake.notify_one();
        if let Some(thread) = self.thread.take() {
            // It cannot panic; if it did, there is nothing left to stop.
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut state = self.lock();
        while !state.stop {
            let now = Instant::now();
            match state.armed {
                Some((pid, deadline)) if deadline <= now => {
                    kill(pid);
                    state.armed = None;
                    state.fired = true;
                }
                Some((_, deadline)) => {
                    state.next_look = Some(deadline);
                    let waited = self.wake.wait_timeout(state, deadline - now);
                    state = waited.unwrap_or_else(PoisonError::into_inner).0;
                }
                None => {
                    state.next_look = None;
                    state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }
}

/// Kills a process that has not been reaped, and its group.
pub(super) fn kill(pid: Pid) {
    // Both may fail only because the target is dead already.
    let _ = kill_process_group(pid, Signal::KILL);
    let _ = kill_process(pid, Signal::KILL);
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
    use std::process::{Child, Command};
    use std::time::Duration;

    use super::*;

    fn sleeper() -> (Child, Pid) {
        let child = Command::new("sleep").arg("600").process_group(0).spawn().unwrap();
        let pid = Pid::from_child(&child);
        (child, pid)
    }

    #[test]
    fn kills_at_the_deadline_and_says_so() {
        let watchdog = Watchdog::start().unwrap();
        let (mut child, pid) = sleeper();
        watchdog.arm(pid, Instant::now() + Duration::from_mins(10));
        // A nearer deadline wakes a thread that sleeps towards a farther one.
        watchdog.arm(pid, Instant::now());
        assert_eq!(child.wait().unwrap().signal(), Some(9));
        assert!(watchdog.disarm());
    }

    #[test]
    fn leaves_alone_what_was_disarmed() {
        let watchdog = Watchdog::start().unwrap();
        let (mut child, pid) = sleeper();
        watchdog.arm(pid, Instant::now() + Duration::from_mins(10));
        assert!(!watchdog.disarm());
        drop(watchdog);
        assert!(child.try_wait().unwrap().is_none());
        kill(pid);
        child.wait().unwrap();
    }
}
