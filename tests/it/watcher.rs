//! A daemon in a test: started, awaited, stopped; and waiting for what it brings about.

use std::io::{BufRead, BufReader, Read};
use std::process::Child;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::world::World;

/// Generous: the machine may be busy with anything.
const DEADLINE: Duration = Duration::from_mins(2);

/// `evidex watch`, running.
pub struct Watcher {
    child: Child,
    lines: Receiver<String>,
    said: Vec<String>,
}

impl Watcher {
    /// Starts it over `docs` and waits until it is ready.
    pub fn start(world: &World) -> Self {
        Self::start_with(world, &["watch", "docs"])
    }

    pub fn start_with(world: &World, args: &[&str]) -> Self {
        let mut child = world.start_heard(args);
        let stderr = child.stderr.take().unwrap();
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut watcher = Self { child, lines, said: Vec::new() };
        watcher.hear(|line| line == "ready");
        watcher
    }

    /// Waits for a line on stderr.
    pub fn hear(&mut self, wanted: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        loop {
            match self.lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    self.said.push(line);
                    if wanted(&self.said[self.said.len() - 1]) {
                        return;
                    }
                }
                Err(RecvTimeoutError::Timeout) => panic!("it never said so: {:#?}", self.said),
                Err(RecvTimeoutError::Disconnected) => panic!("it ended: {:#?}", self.said),
            }
        }
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Ends it as a service manager does; its exit code.
    pub fn stop(mut self) -> Option<i32> {
        self.signal(Signal::TERM);
        let status = self.child.wait().unwrap();
        let mut answer = String::new();
        self.child.stdout.take().unwrap().read_to_string(&mut answer).unwrap();
        assert_eq!(answer, "", "the answer of a daemon is nothing");
        status.code()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // Of a test that failed; one that was stopped is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks until the answer is the wanted one.
pub fn await_equal<T: PartialEq + std::fmt::Debug>(wanted: &T, ask: impl Fn() -> T) {
    let deadline = Instant::now() + DEADLINE;
    loop {
        let found = ask();
        if found == *wanted {
            return;
        }
        assert!(Instant::now() < deadline, "still {found:?}, never {wanted:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
