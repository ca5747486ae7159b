//! The daemon: one loop owns the state, the watchers only hint, and every change goes through the same pass as `scan`.
//!
//! The loop looks at what is due in small slices, oldest and lonely names first, so that neither a copy of ten thousand
//! files nor a pass over everything keeps a single change waiting. Statuses are assessed beside it. Nothing that happens
//! to a folder ends it: a root that cannot be believed is offline, a pass that fails is tried again after a growing pause.

mod assessing;
mod intake;
mod look;
mod roots;
mod serve;
mod tick;
mod times;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crossbeam_channel::RecvTimeoutError;

use crate::disk::{self, Rules};
use crate::domain::day::Day;
use crate::domain::ids::Seq;

use super::clock;
use super::live::{Counts, Live};
use super::pass::{self, Order, Progress, Session, Stop, Watch};
use super::tell::Teller;
use super::workspace::Workspace;

use assessing::Assessing;
use intake::Intake;
use roots::WatchedRoot;
use times::Pause;

/// How often the loop looks at what nobody tells it: mounts, decisions, the day.
const TICK: Duration = Duration::from_millis(500);
const FAILURE_PAUSE: Pause = Pause::new(Duration::from_secs(1), Duration::from_mins(5));

/// Why the daemon could not start, or had to end.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Pass(Box<pass::Error>),
    #[error(transparent)]
    Ledger(#[from] crate::ledger::Error),
    #[error(transparent)]
    Disk(#[from] disk::Error),
    #[error("could not listen on {address}")]
    Listen { address: std::net::SocketAddr, source: std::io::Error },
    #[error("could not start a thread")]
    Thread(#[source] std::io::Error),
}

impl From<pass::Error> for Error {
    fn from(error: pass::Error) -> Self {
        Self::Pass(Box::new(error))
    }
}

impl Error {
    /// True if it only says that somebody asked for the end.
    fn is_end(&self) -> bool {
        matches!(self, Self::Pass(error) if matches!(**error, pass::Error::Interrupted))
    }
}

/// What the daemon says to whoever started it.
pub trait Talk: Sync {
    /// The first pass is done and the watches stand.
    fn ready(&self);
}

/// Told from outside.
pub struct Asked<'a> {
    pub stop: &'a Stop,
    /// Set by a hangup: people expect the configuration to be read again.
    pub reload: Stop,
    /// Roots that are rightly empty.
    pub accept_empty: Vec<PathBuf>,
}

/// Watches until asked to stop; everything acknowledged by then is in the ledger.
pub fn run(workspace: Workspace, asked: &Asked<'_>, talk: &dyn Talk) -> Result<(), Error> {
    let workspace = Arc::new(workspace);
    let numbers = Arc::new(Mutex::new(Live::default()));
    let session = Session::open(&workspace)?;
    if let Some(address) = workspace.config.serve.listen {
        let bound = serve::start(address, Arc::clone(&numbers)).map_err(|source| Error::Listen { address, source })?;
        tracing::info!(address = %bound, "listening");
    }
    let mut daemon = Daemon::new(&workspace, session, numbers)?;
    let ended = match daemon.start(asked, talk) {
        Ok(()) => daemon.watch(asked),
        Err(error) => Err(error),
    };
    notify(&[sd_notify::NotifyState::Stopping]);
    Live::remove(&workspace.state);
    match ended {
        Err(error) if !error.is_end() => Err(error),
        Ok(()) | Err(_) => {
            tracing::info!("stopped");
            Ok(())
        }
    }
}

/// The loop's own things.
struct Daemon<'w> {
    workspace: &'w Arc<Workspace>,
    session: Session<'w>,
    rules: Rules,
    roots: Vec<WatchedRoot>,
    intake: Intake,
    assessing: Assessing,
    teller: Teller,
    began: Instant,
    /// Shared with the thread that serves them.
    numbers: Arc<Mutex<Live>>,
    written: Live,
    written_at: Duration,
    counts: Counts,
    busy: Option<String>,
    ready: bool,
    ticked_at: Duration,
    data_version: i64,
    /// The newest fact that no pass made.
    said: Option<Seq>,
    day: Option<Day>,
    /// Files looked at in one go.
    files_at_once: usize,
    failure_pause: Pause,
    not_before: Duration,
    /// Pages that are pictures may wait for text recognition.
    scans_due: bool,
}

impl<'w> Daemon<'w> {
    fn new(workspace: &'w Arc<Workspace>, session: Session<'w>, numbers: Arc<Mutex<Live>>) -> Result<Self, Error> {
        let began = Instant::now();
        Ok(Self {
            rules: Rules::new(&workspace.config.ignore)?,
            roots: Vec::new(),
            intake: Intake::start(began).map_err(Error::Thread)?,
            assessing: Assessing::new(Arc::clone(workspace)),
            teller: Teller::start(Arc::clone(workspace)).map_err(Error::Thread)?,
            began,
            numbers,
            written: Live::default(),
            written_at: Duration::ZERO,
            counts: Counts::default(),
            busy: None,
            ready: false,
            ticked_at: Duration::ZERO,
            data_version: session.ledger().data_version()?,
            said: None,
            day: None,
            files_at_once: look::FILES_MIN,
            failure_pause: FAILURE_PAUSE,
            not_before: Duration::ZERO,
            scans_due: false,
            workspace,
            session,
        })
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Watches first, then looks at everything: what changes in between is told.
    fn start(&mut self, asked: &Asked<'_>, talk: &dyn Talk) -> Result<(), Error> {
        self.busy = Some("the first pass".to_owned());
        self.add_roots()?;
        self.publish_numbers();
        let order = Order { accept_empty: asked.accept_empty.clone(), only: Vec::new() };
        let outcome = self.session.whole(&order, Watch { progress: &Alive::default(), stop: asked.stop })?;
        for notice in &outcome.notices {
            tracing::warn!("{notice}");
        }
        tracing::info!(summary = ?outcome.summary, seconds = outcome.timings.total.as_secs_f64(), "first pass done");
        let (now, at) = (self.now(), clock::now());
        for root in &mut self.roots {
            match self.session.doubt(&root.root)? {
                Some(_) => root.go_offline(at),
                None => root.whole_ended(&self.workspace.config.watch, (now, at), outcome.timings.total),
            }
        }
        self.counts.full_passes += 1;
        self.busy = None;
        self.ready = true;
        self.said = self.session.ledger().last_said()?;
        self.assessing.ask();
        self.publish_numbers();
        notify(&[sd_notify::NotifyState::Ready]);
        talk.ready();
        Ok(())
    }

    /// Takes in roots that were entered or appeared since.
    fn add_roots(&mut self) -> Result<(), Error> {
        for root in self.session.roots()? {
            if self.roots.iter().any(|known| known.root.id == root.id) {
                continue;
            }
            let mut watched = WatchedRoot::new(root, self.roots.len());
            self.intake.add(Arc::clone(&watched.inbox));
            watched.start_watching(&self.workspace.config.watch, &self.rules, &self.intake.told, self.began.elapsed());
            if let Some(trouble) = &watched.trouble {
                tracing::warn!(root = %watched.root.path.display(), "{trouble}");
            }
            // Due at once if it came later; the first pass looks at all that are there at the start.
            watched.next_whole = if self.ready { self.now() } else { Duration::MAX };
            self.roots.push(watched);
        }
        Ok(())
    }

    fn watch(&mut self, asked: &Asked<'_>) -> Result<(), Error> {
        loop {
            if asked.stop.is_asked() {
                return Ok(());
            }
            self.tick(asked)?;
            let worked = self.look(asked.stop)? || self.recognise(asked.stop)?;
            self.take_statuses();
            self.publish_numbers();
            if !worked {
                self.rest();
            }
        }
    }

    /// Waits for a change, for what is due, or for the next tick.
    fn rest(&self) {
        let now = self.now();
        let next = self.roots.iter().filter_map(WatchedRoot::next_due).min().map(|due| due.max(self.not_before));
        let tick = self.ticked_at.saturating_add(TICK);
        let until = next.map_or(tick, |next| next.min(tick)).saturating_sub(now);
        match self.intake.wake.recv_timeout(until.max(Duration::from_millis(1))) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            // The intake lives as long as this does.
            Err(RecvTimeoutError::Disconnected) => std::thread::sleep(TICK),
        }
    }

    fn take_statuses(&mut self) {
        match self.assessing.step() {
            None => {}
            Some(Ok(changes)) => {
                for change in &changes {
                    tracing::info!(
                        criterion = %change.criterion, from = change.from.as_str(), to = change.to.as_str(),
                        cause = change.cause.as_str(), "status changed"
                    );
                }
                self.counts.status_changes += changes.len() as u64;
                if !changes.is_empty() {
                    self.teller.wake();
                }
            }
            Some(Err(error)) => tracing::error!(error = %chain(&error), "statuses could not be assessed; tried again"),
        }
    }

    /// Renews the numbers for `/metrics`, and at most once a second those on the disk, if they are others.
    fn publish_numbers(&mut self) {
        let now = self.now();
        let config = &self.workspace.config.watch;
        let live = Live {
            pid: std::process::id(),
            started: Some(crate::domain::ids::InstantMs(
                clock::now().0.saturating_sub(i64::try_from(now.as_millis()).unwrap_or(0)),
            )),
            ready: self.ready,
            busy: self.busy.clone(),
            roots: self.roots.iter().map(|root| root.live(config, now)).collect(),
            counts: self.counts,
        };
        self.numbers.lock().expect("no thread panics while it holds the numbers").clone_from(&live);
        // Seconds that merely pass are no news.
        let mut news = live;
        news.started = self.written.started.or(news.started);
        for (root, written) in news.roots.iter_mut().zip(&self.written.roots) {
            root.since_full_pass_s = written.since_full_pass_s;
        }
        let urgent = news.ready != self.written.ready || self.written == Live::default();
        if news != self.written && (urgent || now.saturating_sub(self.written_at) >= Duration::from_secs(1)) {
            if let Err(error) = news.write(&self.workspace.state) {
                tracing::warn!(%error, "could not write the daemon's numbers; `status` shows older ones");
            }
            notify(&[sd_notify::NotifyState::Status(&news.line())]);
            (self.written, self.written_at) = (news, now);
        }
    }
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// Tells systemd; without one nobody listens, and that is fine.
fn notify(states: &[sd_notify::NotifyState<'_>]) {
    let _ = sd_notify::notify(states);
}

/// A pass that shows no bar, and keeps systemd's watchdog quiet as long as it moves.
#[derive(Default)]
struct Alive(Mutex<Option<Instant>>);

impl Alive {
    fn ping(&self) {
        let mut last = self.0.lock().expect("no thread panics while it holds an instant");
        if last.is_none_or(|last| last.elapsed() >= Duration::from_secs(1)) {
            *last = Some(Instant::now());
            notify(&[sd_notify::NotifyState::Watchdog]);
        }
    }
}

impl Progress for Alive {
    fn stage(&self, _name: &str) {
        self.ping();
    }

    fn found(&self, _count: u64) {
        self.ping();
    }

    fn done(&self, _count: u64) {
        self.ping();
    }

    fn finish(&self) {}
}
