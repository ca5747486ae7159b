//! One watched root: how its changes are found, when it was looked at, whether it is there.

use std::collections::VecDeque;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossbeam_channel::Sender;

use crate::disk::{self, Events, Rules, Settle, Told, Watcher};
use crate::domain::ids::InstantMs;
use crate::domain::relpath::RelPath;
use crate::engine::config::{WatchConfig, WatchMode};
use crate::engine::live::LiveRoot;
use crate::engine::pass::Root;
use crate::report::scan_summary::ScanSummary;
use crate::report::status::RootMode;

use super::times::{Pause, Retries};

/// A full pass takes at most this share of the time: one part in so many.
const PASS_SHARE: u32 = 10;
const WATCH_PAUSE: Pause = Pause::new(Duration::from_secs(1), Duration::from_mins(10));
const OVERFLOW_PAUSE: Pause = Pause::new(Duration::from_secs(1), Duration::from_mins(1));

/// What the watchers' threads and the loop share of one root.
#[derive(Debug, Default)]
pub struct Inbox {
    pub settle: Settle,
    pub last_event: Option<InstantMs>,
}

/// A pass over all of a root, slice by slice.
#[derive(Debug)]
pub struct WholePass {
    pub pass: u64,
    pub began: Duration,
    pub left: VecDeque<RelPath>,
    pub summary: ScanSummary,
}

/// One root in the daemon's hands.
pub struct WatchedRoot {
    pub root: Root,
    pub number: usize,
    pub inbox: Arc<Mutex<Inbox>>,
    pub mode: RootMode,
    pub watcher: Option<Watcher>,
    pub offline_since: Option<InstantMs>,
    pub whole: Option<WholePass>,
    /// When the next pass over all of it is due, since the start.
    pub next_whole: Duration,
    pub last_whole: Option<InstantMs>,
    pub last_whole_at: Duration,
    pub retries: Retries,
    pub trouble: Option<String>,
    /// Device and inode of the folder when it was last looked at: another one means remounted or made anew.
    place: Option<(u64, u64)>,
    last_whole_took: Duration,
    watch_pause: Pause,
    overflow_pause: Pause,
    pub retry_watching_at: Option<Duration>,
}

impl WatchedRoot {
    pub fn new(root: Root, number: usize) -> Self {
        Self {
            root,
            number,
            inbox: Arc::default(),
            mode: RootMode::Timer,
            watcher: None,
            offline_since: None,
            whole: None,
            next_whole: Duration::MAX,
            last_whole: None,
            last_whole_at: Duration::ZERO,
            retries: Retries::default(),
            trouble: None,
            place: None,
            last_whole_took: Duration::ZERO,
            watch_pause: WATCH_PAUSE,
            overflow_pause: OVERFLOW_PAUSE,
            retry_watching_at: None,
        }
    }

    /// Starts watching, if the file system tells of changes and nobody wants it otherwise.
    pub fn start_watching(&mut self, config: &WatchConfig, rules: &Rules, told: &Sender<Told>, now: Duration) {
        self.watcher = None;
        self.retry_watching_at = None;
        self.trouble = None;
        self.mode = RootMode::Timer;
        self.place = self.place_now();
        let Ok(identity) = disk::root_identity(&self.root.path) else { return };
        if config.mode == WatchMode::Poll || identity.events == Events::None {
            return;
        }
        let started = Watcher::start(&self.root.path, self.number, told.clone());
        let covered = started.map_err(|error| error.to_string()).and_then(|mut watcher| {
            watcher.cover(&RelPath::from(""), rules).map_err(|error| error.to_string())?;
            Ok(watcher)
        });
        match covered {
            Ok(watcher) => {
                self.mode = RootMode::Watch;
                self.trouble = limit(&watcher);
                self.watcher = Some(watcher);
                self.watch_pause.reset();
            }
            Err(trouble) => {
                let pause = self.watch_pause.grow();
                tracing::warn!(root = %self.root.path.display(), %trouble, again_in_s = pause.as_secs(), "not watched: looked at by full passes");
                self.trouble = Some(trouble);
                self.retry_watching_at = Some(now.saturating_add(pause));
            }
        }
    }

    /// Before a look at parts: a folder among them that is new is watched first, so that nothing falls between.
    pub fn watch_new_folders(&mut self, parts: &[RelPath], rules: &Rules) {
        let Some(watcher) = &mut self.watcher else { return };
        for part in parts {
            let path = self.root.path.join(std::ffi::OsStr::from_bytes(part.as_bytes()));
            if !std::fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir()) {
                watcher.forget(part);
            } else if !watcher.covers(part) {
                // A folder that is gone again, or cannot be listed, is the pass's affair.
                let _ = watcher.cover(part, rules);
            }
        }
        self.trouble = limit(watcher);
    }

    /// Names due for a look now, at most `at_most`.
    pub fn due(&mut self, now: Duration, at_most: usize) -> Vec<RelPath> {
        let mut parts = self.inbox().settle.take(now, at_most);
        for path in self.retries.take(now) {
            if !parts.contains(&path) {
                parts.push(path);
            }
        }
        // New rules of a folder concern all that lies in it.
        for part in &mut parts {
            if part.file_name() == disk::rules::RULES_FILE {
                let bytes = part.as_bytes();
                let end = bytes.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
                *part = RelPath::from_bytes(&bytes[..end]);
            }
        }
        parts
    }

    /// When the next name, retry or pass is due. Broken watchers are the tick's affair.
    pub fn next_due(&self) -> Option<Duration> {
        let name = self.inbox().settle.next_due();
        let whole = (self.offline_since.is_none()).then_some(self.next_whole);
        [name, self.retries.next_due(), whole].into_iter().flatten().min()
    }

    /// Notes a pass over all that ended, and when the next is due.
    pub fn whole_ended(&mut self, config: &WatchConfig, (now, at): (Duration, InstantMs), took: Duration) {
        self.whole = None;
        (self.last_whole, self.last_whole_at, self.last_whole_took) = (Some(at), now, took);
        self.next_whole = now.saturating_add(self.interval(config));
    }

    /// Between two passes over all of it.
    pub fn interval(&self, config: &WatchConfig) -> Duration {
        let told = self.watcher.as_ref().is_some_and(|watcher| watcher.covered().unwatched == 0);
        let wanted = if told { config.full_pass() } else { config.poll().min(config.full_pass()) };
        wanted.max(self.last_whole_took.saturating_mul(PASS_SHARE))
    }

    /// Changes were lost: everything is looked at soon; the more often this happens, the later.
    pub fn overflowed(&mut self, now: Duration) {
        if now.saturating_sub(self.last_whole_at) > Duration::from_mins(10) {
            self.overflow_pause.reset();
        }
        self.next_whole = self.next_whole.min(now.saturating_add(self.overflow_pause.grow()));
    }

    /// The root cannot be believed: nothing of it is looked at until it is back.
    pub fn go_offline(&mut self, at: InstantMs) {
        self.offline_since.get_or_insert(at);
        self.whole = None;
        self.watcher = None;
        self.retry_watching_at = None;
        self.retries = Retries::default();
        self.inbox().settle = Settle::default();
        self.place = self.place_now();
    }

    /// True if the folder is not the one that was last looked at.
    pub fn was_replaced(&self) -> bool {
        self.place_now() != self.place
    }

    fn place_now(&self) -> Option<(u64, u64)> {
        std::fs::metadata(&self.root.path).ok().map(|metadata| (metadata.dev(), metadata.ino()))
    }

    pub fn inbox(&self) -> std::sync::MutexGuard<'_, Inbox> {
        self.inbox.lock().expect("no thread panics while it holds an inbox")
    }

    pub fn live(&self, config: &WatchConfig, now: Duration) -> LiveRoot {
        let covered = self.watcher.as_ref().map(Watcher::covered).unwrap_or_default();
        let inbox = self.inbox();
        let left = self.whole.as_ref().map_or(0, |whole| whole.left.len());
        LiveRoot {
            path: self.root.path.to_string_lossy().into_owned(),
            mode: self.mode,
            watched_folders: covered.watched,
            unwatched_folders: covered.unwatched,
            last_event: inbox.last_event,
            last_full_pass: self.last_whole,
            backlog: (inbox.settle.len() + left) as u64,
            offline_since: self.offline_since,
            interval_s: self.interval(config).as_secs(),
            since_full_pass_s: now.saturating_sub(self.last_whole_at).as_secs(),
            trouble: self.trouble.clone(),
        }
    }
}

/// What to say of folders that are not watched.
fn limit(watcher: &Watcher) -> Option<String> {
    let disk::Covered { watched, unwatched, at_limit } = watcher.covered();
    let all = watched + unwatched;
    match (unwatched, at_limit) {
        (0, _) => None,
        (_, true) => Some(format!(
            "{unwatched} of {all} folders are not watched: the system's limit is met. Raise it with \
             `sysctl fs.inotify.max_user_watches={}`; until then they are looked at by passes",
            all.saturating_mul(2).next_power_of_two().max(65_536)
        )),
        (_, false) => Some(format!(
            "{unwatched} of {all} folders cannot be watched (not readable, or on a file system that tells nothing): they \
             are looked at by passes"
        )),
    }
}
