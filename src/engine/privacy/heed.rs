//! Before a pass reads: which contents that are known must be read again, and which never.

use std::collections::HashSet;

use crate::domain::fact::Withholding;
use crate::domain::ids::ContentHash;
use crate::engine::workspace::Workspace;
use crate::ledger::{self, Ledger};

use super::paths::PrivatePaths;
use super::places::Places;

/// What a pass is to do with contents whose text is not kept.
#[derive(Debug, Default)]
pub struct Heeded {
    /// Forgotten on request.
    pub never: HashSet<ContentHash>,
    /// Their text is wanted, or was judged by another judge and is not there to be judged anew.
    pub again: HashSet<ContentHash>,
    /// Of these: private at one place and open at another. Whichever place is read first, the text is kept.
    pub open: HashSet<ContentHash>,
}

/// How much of a root is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Whole,
    /// A change here or there is to be known at once: what asks for going through all facts waits for a whole pass.
    Part,
}

/// Nearly always nothing: then it costs one look at an empty table.
pub fn heed(workspace: &Workspace, ledger: &Ledger, scope: Scope) -> ledger::Result<Heeded> {
    let withheld = ledger.withheld()?;
    let mut heeded = Heeded::default();
    if scope == Scope::Part {
        let of = |why| withheld.iter().filter(move |(_, found)| **found == why).map(|(content, _)| *content);
        heeded.never = of(Withholding::Forgotten).collect();
        heeded.again = of(Withholding::Expired).collect();
        return Ok(heeded);
    }
    if withheld.is_empty() {
        return Ok(heeded);
    }
    let places = Places::gather(ledger)?;
    let private = PrivatePaths::new(&workspace.config.private);
    let judge = workspace.judging.identity();
    for (content, why) in withheld {
        let again = match why {
            Withholding::Forgotten => {
                heeded.never.insert(content);
                false
            }
            Withholding::Private if places.all(content, |path| private.covers(path)) => {
                ledger.judgement_of(content, judge)?.is_none()
            }
            Withholding::Private => {
                heeded.open.insert(content);
                true
            }
            // Should it lie somewhere again, it is read as if it had never been.
            Withholding::Expired | Withholding::Lifted => true,
        };
        if again {
            heeded.again.insert(content);
        }
    }
    // What is inside a container is read with it.
    let around = places.around(&heeded.again);
    heeded.again.extend(around.difference(&heeded.never));
    Ok(heeded)
}
