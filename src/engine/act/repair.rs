//! Mending a state: a swap that was broken off is finished, a damaged ledger is saved into a new one, the index is built
//! anew.

use crate::disk::StateLock;
use crate::engine::workspace::{self, Workspace};
use crate::engine::{clock, publish, question};
use crate::ledger::{self, Ledger, Problem, Salvage};
use crate::report::repair::{Mended, Repaired, Saved};

use super::Error;
use super::backup::follow;

/// Brings the state in order; says what was wrong and what is lost.
pub fn repair(workspace: &Workspace) -> Result<Repaired, Error> {
    if !workspace.state.is_dir() {
        return Err(workspace::Error::NoLedger { state: workspace.state.clone() }.into());
    }
    let _lock = StateLock::acquire(&workspace.state)?;
    let (path, day) = (workspace.ledger_path(), question::today(workspace).to_string());
    let finished = ledger::replace::finish(&path, &day)?;
    if !path.exists() {
        return Err(workspace::Error::NoLedger { state: workspace.state.clone() }.into());
    }
    let mut mended = mend(workspace, &day)?;
    if finished && mended == Mended::Nothing {
        mended = Mended::Finished;
    }
    follow(&path)?;
    let ledger = Ledger::open_read_only(&path)?;
    publish::anew(workspace, &ledger)?;
    Ok(Repaired { state: workspace.state.display().to_string(), mended, head: ledger.head()? })
}

fn mend(workspace: &Workspace, day: &str) -> Result<Mended, Error> {
    let path = workspace.ledger_path();
    // Opening for writing brings an older one up to date, and its log into the file.
    let found = Ledger::open(&path).and_then(|ledger| ledger.verify(None));
    match found {
        Ok(found) if found.problems.is_empty() => Ok(Mended::Nothing),
        Ok(found) if found.problems.iter().all(|problem| matches!(problem, Problem::Derived(_))) => {
            Ledger::open(&path)?.rebuild_projections()?;
            Ok(Mended::Derived)
        }
        Ok(_)
        | Err(ledger::Error::Corrupt { .. } | ledger::Error::BadFact { .. } | ledger::Error::BadPayload { .. }) => {
            Ok(Mended::Saved(saved(ledger::salvage(&path, clock::now(), day)?)))
        }
        Err(error) => Err(error.into()),
    }
}

fn saved(salvage: Salvage) -> Saved {
    let Salvage { old_head, facts_kept, facts_lost, texts_lost, kept, .. } = salvage;
    Saved { old_head, facts_kept, facts_lost, texts_lost, kept: kept.map(|kept| kept.display().to_string()) }
}
