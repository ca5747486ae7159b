//! The walking thread: lists the root or parts of it, compares each name with what was last seen, and hands on what is to be read.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

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

/// How far a pass looks.
#[derive(Clone, Copy, Debug)]
pub struct Extent<'a> {
    /// Names below the root, each with all below it; the empty path is the whole root.
    pub parts: &'a [RelPath],
    /// After so many files to read, the rest is left for another pass; `None`: go to the end.
    pub files_max: Option<usize>,
}

/// What a walk found out.
pub struct Walked {
    pub met: HashSet<RelPath>,
    coverages: Vec<Coverage>,
    /// Parts that were not reached, or not to their end.
    pub left: Vec<RelPath>,
    pub unchanged: u64,
    /// Unchanged names that could not even be hashed.
    pub unread: u64,
    /// Contents of unchanged names.
    pub contents: Vec<ContentHash>,
    pub notices: Vec<String>,
    pub spent: Duration,
}

/// What a walk needs.
pub struct Ground<'a> {
    pub workspace: &'a Workspace,
    pub root: &'a Root,
    pub before: &'a Before,
    pub known: &'a Known,
    pub watch: Watch<'a>,
}

/// Walks parts of the root; ends early if asked to stop or if nobody takes jobs any more.
pub fn walk(ground: &Ground<'_>, extent: Extent<'_>, hand_on: &dyn Fn(Job) -> bool) -> Result<Walked, Error> {
    let rules = disk::Rules::new(&ground.workspace.config.ignore)?;
    let mut walker = Walker {
        ground,
        hand_on,
        room: extent.files_max.unwrap_or(usize::MAX),
        failed: 0,
        waited: Duration::ZERO,
        walked: Walked::new(),
    };
    let started = Instant::now();
    for part in extent.parts {
        if walker.room == 0 {
            walker.walked.left.push(part.clone());
        } else {
            walker.part(part, &rules)?;
        }
    }
    let Walker { mut walked, failed, waited, .. } = walker;
    if failed > NOTICES_MAX {
        walked.notices.push(format!("{} more folders could not be listed", failed - NOTICES_MAX));
    }
    walked.spent = started.elapsed().saturating_sub(waited);
    Ok(walked)
}

impl Walked {
    fn new() -> Self {
        Self {
            met: HashSet::new(),
            coverages: Vec::new(),
            left: Vec::new(),
            unchanged: 0,
            unread: 0,
            contents: Vec::new(),
            notices: Vec::new(),
            spent: Duration::ZERO,
        }
    }

    /// True if `path`, which was not met, is certainly not there.
    pub fn proves_absent(&self, path: &RelPath) -> bool {
        self.coverages.iter().any(|coverage| coverage.proves_absent(path))
    }
}

/// The folders above a path, the root last.
fn above(path: &RelPath) -> impl Iterator<Item = RelPath> {
    let bytes = path.as_bytes();
    let slashes = (0..bytes.len()).rev().filter(|&at| bytes[at] == b'/').chain((!bytes.is_empty()).then_some(0));
    slashes.map(|end| RelPath::from_bytes(&bytes[..end]))
}

struct Walker<'a> {
    ground: &'a Ground<'a>,
    /// False if nobody takes jobs any more.
    hand_on: &'a dyn Fn(Job) -> bool,
    /// Files that may still be handed on.
    room: usize,
    failed: usize,
    /// Time spent waiting for readers to take jobs.
    waited: Duration,
    walked: Walked,
}

impl Walker<'_> {
    fn part(&mut self, part: &RelPath, rules: &disk::Rules) -> Result<(), Error> {
        match disk::probe(&self.ground.root.path, part, rules)? {
            disk::Probe::Absent => self.walked.coverages.push(Coverage::of_name(part.clone())),
            disk::Probe::Found(found, looked_ns) => {
                self.walked.coverages.push(Coverage::of_name(part.clone()));
                let _ = self.found(found, looked_ns);
            }
            disk::Probe::Failed { reason, detail } => self.cannot_list(&part.to_text(), reason, &detail),
            disk::Probe::Folder => self.folders(part, rules)?,
        }
        Ok(())
    }

    fn folders(&mut self, part: &RelPath, rules: &disk::Rules) -> Result<(), Error> {
        let mut coverage = Coverage::new(part.clone());
        let mut failed = HashSet::new();
        let mut broken_off = None;
        disk::walk(&self.ground.root.path, part, rules, &mut |folder| {
            coverage.note(&folder);
            if matches!(folder.listing, Listing::Failed { .. }) {
                failed.insert(folder.path.clone());
            }
            let path = folder.path.clone();
            let flow = self.folder(folder);
            if flow.is_break() {
                broken_off = Some(path);
            }
            flow
        })?;
        if let Some(folder) = broken_off {
            coverage.unprove(&folder);
            let left: HashSet<&RelPath> = coverage.unproved().filter(|path| !failed.contains(*path)).collect();
            // What lies below another one is walked with it.
            let apart = |path: &RelPath| !above(path).any(|above| left.contains(&above));
            self.walked.left.extend(left.iter().copied().filter(|path| apart(path)).cloned());
        }
        self.walked.coverages.push(coverage);
        Ok(())
    }

    fn folder(&mut self, folder: Folder) -> ControlFlow<()> {
        // Whoever watches sees that the pass is alive, even where nothing is to be read.
        self.ground.watch.progress.found(0);
        self.notices(&folder);
        let looked_ns = folder.looked_ns;
        for found in folder.found {
            if self.ground.watch.stop.is_asked() || self.room == 0 {
                return ControlFlow::Break(());
            }
            self.found(found, looked_ns)?;
        }
        ControlFlow::Continue(())
    }

    fn notices(&mut self, folder: &Folder) {
        let place = folder.path.to_text().into_owned();
        if let Listing::Failed { reason, detail } = &folder.listing {
            self.cannot_list(&place, *reason, detail);
        }
        for error in folder.rule_errors.iter().take(NOTICES_MAX) {
            self.walked.notices.push(format!("`{place}/.evidexignore`: {error}"));
        }
    }

    fn cannot_list(&mut self, place: &str, reason: Unreadable, detail: &str) {
        self.failed += 1;
        if self.failed <= NOTICES_MAX {
            let advice = reason.advice();
            let told = format!(
                "folder `{place}` could not be listed ({reason}: {detail}): its documents stand as last seen; {advice}"
            );
            self.walked.notices.push(told);
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
        match self.ground.before.asks(&path, stamp, self.ground.known) {
            Asks::Nothing => {
                self.walked.unchanged += 1;
                match self.ground.before.content(&path) {
                    Some(content) => self.walked.contents.push(content),
                    None => self.walked.unread += 1,
                }
                ControlFlow::Continue(())
            }
            Asks::Reading => self.hand_on(Job::file(path, stamp, looked_ns)),
        }
    }

    fn hand_on(&mut self, job: Job) -> ControlFlow<()> {
        self.ground.watch.progress.found(1);
        self.room = self.room.saturating_sub(1);
        let waiting = Instant::now();
        let taken = (self.hand_on)(job);
        self.waited += waiting.elapsed();
        if taken { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}
