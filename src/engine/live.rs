//! The daemon's numbers of this moment, for `status`, `/metrics` and systemd.
//!
//! Not truth: they lie in `daemon.json` in the state folder, replaced whole by a rename, and are believed only while the
//! process that wrote them holds the state's lock.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::disk::StateLock;
use crate::disk::share::follow;
use crate::domain::ids::InstantMs;
use crate::report::status::RootMode;

const FILE: &str = "daemon.json";
/// A root may be late by this much: passes take time, and machines sleep.
const LATE_MAX: Duration = Duration::from_mins(10);

/// All that a daemon says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Live {
    pub pid: u32,
    pub started: Option<InstantMs>,
    /// True once the first pass is done and the watches stand.
    pub ready: bool,
    /// What it is doing that takes long, in words.
    pub busy: Option<String>,
    pub roots: Vec<LiveRoot>,
    pub counts: Counts,
}

/// One root as the daemon sees it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveRoot {
    pub path: String,
    pub mode: RootMode,
    pub watched_folders: u64,
    pub unwatched_folders: u64,
    pub last_event: Option<InstantMs>,
    pub last_full_pass: Option<InstantMs>,
    /// Names that changed and were not looked at yet.
    pub backlog: u64,
    pub offline_since: Option<InstantMs>,
    /// Seconds between two passes over all of it.
    pub interval_s: u64,
    /// Seconds since the last such pass ended, or since the start.
    pub since_full_pass_s: u64,
    /// What is wrong with watching it, and what to do.
    pub trouble: Option<String>,
}

/// What was done since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    pub full_passes: u64,
    pub part_passes: u64,
    pub documents_changed: u64,
    pub status_changes: u64,
    /// Passes that failed and were tried again.
    pub failures: u64,
    /// Times that changes were lost and a pass over everything was made instead.
    pub overflows: u64,
}

impl Live {
    /// Writes the numbers for other processes.
    pub fn write(&self, state: &Path) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(state)?;
        file.write_all(&serde_json::to_vec(self).map_err(io::Error::from)?)?;
        follow(file.path())?;
        file.persist(state.join(FILE)).map_err(|error| error.error)?;
        Ok(())
    }

    /// The numbers of the daemon that holds the state now; `None` if none does.
    pub fn read(state: &Path) -> Option<Self> {
        let holder = StateLock::holder(state)?;
        let live: Self = serde_json::from_slice(&fs::read(state.join(FILE)).ok()?).ok()?;
        (live.pid == holder).then_some(live)
    }

    pub fn remove(state: &Path) {
        // Without it the lock alone says that nobody watches any more.
        let _ = fs::remove_file(state.join(FILE));
    }

    /// Why the daemon is not healthy, if so: a root that is there was not looked at whole within its interval.
    pub fn illness(&self) -> Option<String> {
        let late = |root: &&LiveRoot| {
            let most = Duration::from_secs(root.interval_s).saturating_add(LATE_MAX);
            root.offline_since.is_none() && Duration::from_secs(root.since_full_pass_s) > most
        };
        let root = self.roots.iter().find(late)?;
        Some(format!("no full pass of {} for {} s, interval {} s", root.path, root.since_full_pass_s, root.interval_s))
    }

    /// One line for systemd.
    pub fn line(&self) -> String {
        let backlog = self.roots.iter().map(|root| root.backlog).fold(0, u64::saturating_add);
        let offline = self.roots.iter().filter(|root| root.offline_since.is_some()).count();
        let folders = self.roots.iter().map(|root| root.watched_folders).fold(0, u64::saturating_add);
        match &self.busy {
            Some(busy) => busy.clone(),
            None => format!("watching {folders} folders, {backlog} changes waiting, {offline} roots offline"),
        }
    }

    /// Prometheus' text form.
    pub fn metrics(&self) -> String {
        let mut out = String::new();
        let Counts { full_passes, part_passes, documents_changed, status_changes, failures, overflows } = self.counts;
        for (name, help, value) in [
            ("full_passes_total", "Passes over whole roots.", full_passes),
            ("part_passes_total", "Passes over what changed.", part_passes),
            ("documents_changed_total", "Documents new, changed, moved or gone.", documents_changed),
            ("status_changes_total", "Criteria whose status changed.", status_changes),
            ("pass_failures_total", "Passes that failed and were tried again.", failures),
            ("overflows_total", "Times that changes were lost and all was looked at instead.", overflows),
        ] {
            let _ = writeln!(out, "# HELP evidex_{name} {help}\n# TYPE evidex_{name} counter\nevidex_{name} {value}");
        }
        let _ = writeln!(out, "# HELP evidex_ready Whether the first pass is done.\n# TYPE evidex_ready gauge");
        let _ = writeln!(out, "evidex_ready {}", u8::from(self.ready));
        let gauges: [Gauge; 5] = [
            ("watched_folders", "Folders that tell of changes.", |root| root.watched_folders),
            ("unwatched_folders", "Folders found only by passes.", |root| root.unwatched_folders),
            ("backlog", "Names that changed and were not looked at yet.", |root| root.backlog),
            ("offline", "1 while the root is not there.", |root| u64::from(root.offline_since.is_some())),
            ("since_full_pass_seconds", "Since the last pass over all of it.", |root| root.since_full_pass_s),
        ];
        for (name, help, value) in gauges {
            let _ = writeln!(out, "# HELP evidex_root_{name} {help}\n# TYPE evidex_root_{name} gauge");
            for root in &self.roots {
                let _ = writeln!(out, "evidex_root_{name}{{root=\"{}\"}} {}", label(&root.path), value(root));
            }
        }
        out
    }
}

/// Name, help, and what a root gives for it.
type Gauge = (&'static str, &'static str, fn(&LiveRoot) -> u64);

/// A label's value: quotes, backslashes and line breaks escaped, other control characters left out.
fn label(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(path: &str, since: u64) -> LiveRoot {
        LiveRoot {
            path: path.to_owned(),
            mode: RootMode::Watch,
            watched_folders: 12,
            unwatched_folders: 1,
            last_event: Some(InstantMs(5)),
            last_full_pass: None,
            backlog: 3,
            offline_since: None,
            interval_s: 3600,
            since_full_pass_s: since,
            trouble: None,
        }
    }

    #[test]
    fn ill_is_who_looked_too_long_ago() {
        let live = |roots| Live { roots, ..Live::default() };
        for (name, roots, ill) in [
            ("no root", vec![], false),
            ("fresh", vec![root("/a", 3600)], false),
            ("a little late", vec![root("/a", 4000)], false),
            ("late", vec![root("/b", 1), root("/a", 4201)], true),
            ("offline", vec![LiveRoot { offline_since: Some(InstantMs(1)), ..root("/a", 9999) }], false),
        ] {
            assert_eq!(live(roots).illness().is_some(), ill, "{name}");
        }
    }

    #[test]
    fn numbers_are_believed_while_their_writer_holds_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let live = Live { pid: std::process::id(), ready: true, roots: vec![root("/a", 1)], ..Live::default() };
        live.write(dir.path()).unwrap();
        assert_eq!(Live::read(dir.path()), None);
        let lock = StateLock::acquire(dir.path()).unwrap();
        assert_eq!(Live::read(dir.path()), Some(live.clone()));
        Live { pid: 1, ..live }.write(dir.path()).unwrap();
        assert_eq!(Live::read(dir.path()), None, "another process's numbers");
        drop(lock);
    }

    #[test]
    fn metrics_are_prometheus_text() {
        let live = Live { roots: vec![root("/srv/a \"b\"\n\u{1b}[0m", 7)], ..Live::default() };
        let text = live.metrics();
        assert!(text.contains("\nevidex_root_backlog{root=\"/srv/a \\\"b\\\"\\n[0m\"} 3\n"), "{text}");
        for line in text.lines() {
            let number = line.rsplit(' ').next().unwrap();
            assert!(line.starts_with("# ") || number.parse::<f64>().is_ok(), "{line}");
        }
    }
}
