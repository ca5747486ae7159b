//! What happened since the last question: changed statuses from the log, and how the watching stands.

use crate::engine::clock;
use crate::engine::live::{Live, LiveRoot};
use crate::engine::workspace::Workspace;
use crate::ledger::Ledger;
use crate::report::follow::{Event, What};

use super::Error;

/// Changes taken at a time.
const BATCH: usize = 1_000;

/// Remembers what was told.
pub struct Follower<'w> {
    workspace: &'w Workspace,
    ledger: Ledger,
    number: u64,
    live: Option<Live>,
}

impl<'w> Follower<'w> {
    /// Tells what happens from now on.
    pub fn start(workspace: &'w Workspace) -> Result<Self, Error> {
        let ledger = workspace.read_ledger()?;
        let number = ledger.last_status_change()?;
        Ok(Self { live: Live::read(&workspace.state), workspace, ledger, number })
    }

    /// What happened since the last call, in order.
    pub fn news(&mut self) -> Result<Vec<Event>, Error> {
        let mut events = Vec::new();
        for logged in self.ledger.status_changes_after(self.number, BATCH)? {
            self.number = logged.number;
            let at = clock::instant_text(logged.change.at);
            events.push(Event { at, what: What::Status(logged.change) });
        }
        let live = Live::read(&self.workspace.state);
        let now = clock::instant_text(clock::now());
        events.extend(watching(self.live.as_ref(), live.as_ref()).map(|what| Event { at: now.clone(), what }));
        self.live = live;
        Ok(events)
    }
}

/// What of the watching is another than before.
fn watching(before: Option<&Live>, now: Option<&Live>) -> impl Iterator<Item = What> {
    let mut found = Vec::new();
    match (before, now) {
        (None, Some(_)) => found.push(What::Daemon { runs: true }),
        (Some(_), None) => found.push(What::Daemon { runs: false }),
        (None, None) | (Some(_), Some(_)) => {}
    }
    let known = |root: &LiveRoot| {
        let roots = before.iter().flat_map(|live| &live.roots);
        roots.into_iter().find(|known| known.path == root.path).map(|known| known.offline_since.is_some())
    };
    for root in now.iter().flat_map(|live| &live.roots) {
        let offline = root.offline_since.is_some();
        if known(root).unwrap_or(false) != offline {
            found.push(What::Root { root: root.path.clone(), offline });
        }
    }
    let counted = |live: Option<&Live>| live.map(|live| live.counts.documents_changed);
    if let (Some(before), Some(now)) = (counted(before), counted(now))
        && now > before
    {
        found.push(What::Documents { changed: now - before });
    }
    found.into_iter()
}
