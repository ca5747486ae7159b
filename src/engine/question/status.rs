//! What is watched, when it was last looked at, and what came of it.

use std::collections::{BTreeMap, HashMap};

use crate::domain::fact::{Read, ReadOutcome, Sight};
use crate::domain::ids::ContentHash;
use crate::domain::reading::Format;
use crate::engine::live::Live;
use crate::engine::workspace::Workspace;
use crate::engine::{clock, recognising};
use crate::ledger::{KnownSight, WhichPass};
use crate::report::status::{Outcomes, RootMode, RootStatus, StatusReport};

use super::Error;

/// Counts over everything that is there now.
pub fn status(workspace: &Workspace) -> Result<StatusReport, Error> {
    let ledger = workspace.read_ledger()?;
    let (reads, sights) = (ledger.latest_reads(None)?, ledger.sights_known_by(None)?);
    let Counts { formats, unsupported, outcomes, documents } = counts(&sights, &reads);
    let live = Live::read(&workspace.state);
    let mut roots = Vec::new();
    let mut notices = workspace.notices(&ledger)?;
    notices.extend(recognising::notice(&workspace.config, &recognising::waiting(&workspace.config, &sights, &reads)));
    for root in workspace.chosen_roots(&ledger)? {
        let path = root.path.to_text().into_owned();
        let last = ledger.last_pass(root.id, WhichPass::Finished)?;
        let last_pass = last.and_then(|row| row.finished).map(clock::instant_text);
        let watched = live.iter().flat_map(|live| &live.roots).find(|live| live.path == path);
        notices.extend(watched.and_then(|live| live.trouble.clone()).map(|trouble| format!("`{path}`: {trouble}")));
        let offline_since = match watched {
            Some(live) => live.offline_since.map(clock::instant_text),
            // Nobody saw the moment; the last pass is the latest at which it was surely there.
            None => workspace.is_offline(&root).then(|| last_pass.clone().unwrap_or_default()),
        };
        roots.push(RootStatus {
            path,
            mode: watched.map_or(RootMode::Manual, |live| live.mode),
            watched_folders: watched.map_or(0, |live| live.watched_folders),
            unwatched_folders: watched.map_or(0, |live| live.unwatched_folders),
            last_event: watched.and_then(|live| live.last_event).map(clock::instant_text),
            last_pass,
            backlog: watched.map_or(0, |live| live.backlog),
            offline_since,
            documents: documents.get(&root.id.0).copied().unwrap_or(0),
        });
    }
    // The daemon holds the lock all the time; it says itself when a pass runs that takes long.
    let pass_in_progress = match &live {
        Some(live) => live.busy.as_ref().map(|busy| format!("process {}: {busy}", live.pid)),
        None => crate::disk::StateLock::holder(&workspace.state).map(|pid| format!("process {pid}")),
    };
    Ok(StatusReport {
        state: workspace.state.display().to_string(),
        roots,
        formats,
        unsupported,
        outcomes,
        head: ledger.head()?,
        pass_in_progress,
        notices,
    })
}

/// Everything that is there now, counted.
#[derive(Default)]
struct Counts {
    formats: BTreeMap<Format, Outcomes>,
    unsupported: BTreeMap<String, u64>,
    outcomes: Outcomes,
    /// By the number of the root.
    documents: BTreeMap<u32, u64>,
}

fn counts(sights: &[KnownSight], reads: &HashMap<ContentHash, Read>) -> Counts {
    let mut counts = Counts::default();
    for seen in sights {
        let content = match &seen.sight {
            Sight::Gone => continue,
            Sight::Unread { .. } => {
                counts.outcomes.unreadable += 1;
                None
            }
            Sight::Content { content, .. } => Some(content),
        };
        *counts.documents.entry(seen.root.0).or_default() += 1;
        match content.map(|content| reads.get(content)) {
            None => {}
            Some(None) => counts.outcomes.pending += 1,
            Some(Some(read)) => {
                count(&mut counts.outcomes, &read.outcome);
                count(counts.formats.entry(read.format).or_default(), &read.outcome);
                if let ReadOutcome::Unsupported { kind } = &read.outcome {
                    *counts.unsupported.entry(kind.clone()).or_default() += 1;
                }
            }
        }
    }
    counts
}

fn count(outcomes: &mut Outcomes, outcome: &ReadOutcome) {
    match outcome {
        ReadOutcome::Read { .. } => outcomes.read += 1,
        ReadOutcome::Unreadable { .. } => outcomes.unreadable += 1,
        ReadOutcome::Unsupported { .. } => outcomes.unsupported += 1,
        ReadOutcome::OcrPending => outcomes.ocr_pending += 1,
    }
}
