//! What people decided, in order, those taken back included.

use std::collections::HashMap;

use crate::domain::ids::Seq;
use crate::engine::clock;
use crate::engine::workspace::Workspace;
use crate::ledger::PayloadState;
use crate::report::decisions::{Made, Note};

use super::Error;

/// All decisions of the ledger, the oldest first.
pub fn decisions(workspace: &Workspace) -> Result<Vec<Made>, Error> {
    let ledger = workspace.read_ledger()?;
    let roots: HashMap<_, _> =
        ledger.roots()?.into_iter().map(|root| (root.id, root.path.to_text().into_owned())).collect();
    let all = ledger.decisions(None)?;
    let taken_back: HashMap<Seq, Seq> =
        all.iter().filter_map(|(seq, _, decided)| Some((decided.replaces?, *seq))).collect();
    let mut made = Vec::with_capacity(all.len());
    for (seq, at, decided) in all {
        let note = match decided.note.map(|note| ledger.payload(note)).transpose()? {
            None => Note::None,
            Some(PayloadState::Present(bytes)) => Note::Text(String::from_utf8_lossy(&bytes).into_owned()),
            Some(PayloadState::Erased | PayloadState::Missing) => Note::Erased,
        };
        made.push(Made {
            seq,
            at: clock::instant_text(at),
            by: decided.by,
            decision: decided.decision,
            root: decided.root.and_then(|root| roots.get(&root).cloned()),
            path: decided.path.map(|path| path.to_text().into_owned()),
            content: decided.content,
            criterion: decided.criterion,
            note,
            replaces: decided.replaces,
            taken_back_by: taken_back.get(&seq).copied(),
        });
    }
    Ok(made)
}
