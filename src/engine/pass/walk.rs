//! The walking thread: lists the root, compares each name with what was last seen, and hands on what is to be read.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;

use crate::disk::{self, Coverage, Folder, Found, FoundKind, Listing};
use crate::domain::change::Stamp;
use crate::domain::ids::ContentHash;
use crate::domain::reading::Unreadable;
use crate::domain::relpath::RelPath;
use crate::engine::workspace::Workspace;

use super::compare::{Asks, Before};
use super::known::Known;
use super::read::Job;
use super::root::Root;
use super::{Error, Watch};

/// Folders named in notices; more are counted.
const NOTICES_MAX: usize = 5;

/// What a whole walk found out.
pub struct Walked {
    pub met: HashSet<RelPath>,
    pub coverage: Coverage,
    pub unchanged: u64,
    /// Unchanged names that could not even be hashed.
    pub unread: u64,
    /// Contents of unchanged names.
    pub contents: Vec<ContentHash>,
    pub notices: Vec<String>,
    pub spent: Duration,
}

/// Walks the root; ends early if asked to stop or if nobody takes jobs any more.
pub fn walk(
    workspace: &Workspace,
    root: &Root,
    before: &Before,
    known: &Known,
    watch: Watch<'_>,
    jobs: Sender<Job>,
) -> Result<Walked, Error> {
    let rules = disk::Rules::new(&workspace.config.ignore)?;
    let top = RelPath::from("");
    let mut walker =
        Walker { before, known, watch, jobs, failed: 0, waited: Duration::ZERO, walked: Walked::new(&top) };
    let started = Instant::now();
    disk::walk(&root.path, &top, &rules, &mut |folder| walker.folder(folder))?;
    let Walker { mut walked, failed, waited, .. } = walker;
    if failed > NOTICES_MAX {
        walked.notices.push(format!("{} more folders could not be listed", failed - NOTICES_MAX));
    }
    walked.spent = started.elapsed().saturating_sub(waited);
    Ok(walked)
}

impl Walked {
    fn new(top: &RelPath) -> Self {
        Self {
            met: HashSet::new(),
            coverage: Coverage::new(top.clone()),
            unchanged: 0,
            unread: 0,
            contents: Vec::new(),
            notices: Vec::new(),
            spent: Duration::ZERO,
        }
    }
}

struct Walker<'a> {
    before: &'a Before,
    known: &'a Known,
    watch: Watch<'a>,
    jobs: Sender<Job>,
    failed: usize,
    /// Time spent waiting for readers to take jobs.
    waited: Duration,
    walked: Walked,
}

impl Walker<'_> {
    fn folder(&mut self, folder: Folder) -> ControlFlow<()> {
        self.walked.coverage.note(&folder);
        self.notices(&folder);
        let looked_ns = folder.looked_ns;
        for found in folder.found {
            if self.watch.stop.is_asked() {
                return ControlFlow::Break(());
            }
            self.found(found, looked_ns)?;
        }
        ControlFlow::Continue(())
    }

    fn notices(&mut self, folder: &Folder) {
        let place = folder.path.to_text().into_owned();
        if let Listing::Failed { reason, detail } = &folder.listing {
            self.failed += 1;
            if self.failed <= NOTICES_MAX {
                let advice = reason.advice();
                let told = format!(
                    "folder `{place}` could not be listed ({reason}: {detail}): its documents stand as last seen; {advice}"
                );
                self.walked.notices.push(told);
            }
        }
        for error in folder.rule_errors.iter().take(NOTICES_MAX) {
            self.walked.notices.push(format!("`{place}/.evidexignore`: {error}"));
        }
    }

    fn found(&mut self, found: Found, looked_ns: i64) -> ControlFlow<()> {
        let job = match found.kind {
            FoundKind::File(stamp) => return self.file(found.path, stamp, looked_ns),
            // A link leads elsewhere: what it points to is met where it lies, or is not ours.
            FoundKind::Link => return ControlFlow::Continue(()),
            FoundKind::Fifo | FoundKind::Socket | FoundKind::Device => {
                let detail = format!("a {}", found.kind.as_str());
                Job::unread(found.path, Unreadable::NotAFile, detail, looked_ns)
            }
            FoundKind::Unknown { reason, detail } => Job::unread(found.path, reason, detail, looked_ns),
        };
        self.walked.met.insert(job.path.clone());
        self.hand_on(job)
    }

    fn file(&mut self, path: RelPath, stamp: Stamp, looked_ns: i64) -> ControlFlow<()> {
        self.walked.met.insert(path.clone());
        match self.before.asks(&path, stamp, self.known) {
            Asks::Nothing => {
                self.walked.unchanged += 1;
                match self.before.content(&path) {
                    Some(content) => self.walked.contents.push(content),
                    None => self.walked.unread += 1,
                }
                ControlFlow::Continue(())
            }
            Asks::Reading => self.hand_on(Job::file(path, stamp, looked_ns)),
        }
    }

    fn hand_on(&mut self, job: Job) -> ControlFlow<()> {
        self.watch.progress.found(1);
        let waiting = Instant::now();
        let sent = self.jobs.send(job);
        self.waited += waiting.elapsed();
        if sent.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}
