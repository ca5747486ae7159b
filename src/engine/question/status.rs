//! What is watched, when it was last looked at, and what came of it.

use std::collections::BTreeMap;

use crate::domain::fact::{ReadOutcome, Sight};
use crate::domain::reading::Format;
use crate::engine::clock;
use crate::engine::workspace::Workspace;
use crate::ledger::{Ledger, WhichPass};
use crate::report::status::{Outcomes, RootMode, RootStatus, StatusReport};

use super::Error;

/// Counts over everything that is there now.
pub fn status(workspace: &Workspace) -> Result<StatusReport, Error> {
    let ledger = workspace.read_ledger()?;
    let (formats, outcomes, documents) = counts(&ledger)?;
    let mut roots = Vec::new();
    for root in workspace.chosen_roots(&ledger)? {
        let last = ledger.last_pass(root.id, WhichPass::Finished)?;
        let last_pass = last.and_then(|row| row.finished).map(clock::instant_text);
        // Nobody saw the moment; the last pass is the latest at which it was surely there.
        let offline_since = workspace.is_offline(&root).then(|| last_pass.clone().unwrap_or_default());
        roots.push(RootStatus {
            path: root.path.to_text().into_owned(),
            mode: RootMode::Manual,
            watched_folders: 0,
            unwatched_folders: 0,
            last_pass,
            offline_since,
            documents: documents.get(&root.id.0).copied().unwrap_or(0),
        });
    }
    Ok(StatusReport {
        state: workspace.state.display().to_string(),
        roots,
        formats,
        outcomes,
        head: ledger.head()?,
        pass_in_progress: crate::disk::StateLock::holder(&workspace.state).map(|pid| format!("process {pid}")),
        notices: workspace.notices(&ledger)?,
    })
}

type Counts = (BTreeMap<Format, u64>, Outcomes, BTreeMap<u32, u64>);

fn counts(ledger: &Ledger) -> Result<Counts, Error> {
    let reads = ledger.latest_reads(None)?;
    let (mut formats, mut outcomes, mut documents) = (BTreeMap::new(), Outcomes::default(), BTreeMap::new());
    for seen in ledger.sights_known_by(None)? {
        let read = match seen.sight {
            Sight::Gone => continue,
            Sight::Unread { .. } => {
                outcomes.unreadable += 1;
                None
            }
            Sight::Content { content, .. } => {
                let read = reads.get(&content);
                outcomes.pending += u64::from(read.is_none());
                read
            }
        };
        *documents.entry(seen.root.0).or_default() += 1;
        let Some(read) = read else { continue };
        *formats.entry(read.format).or_default() += 1;
        match read.outcome {
            ReadOutcome::Read { .. } => outcomes.read += 1,
            ReadOutcome::Unreadable { .. } => outcomes.unreadable += 1,
            ReadOutcome::Unsupported { .. } => outcomes.unsupported += 1,
            ReadOutcome::OcrPending => outcomes.ocr_pending += 1,
        }
    }
    Ok((formats, outcomes, documents))
}
