//! Is the chain of facts whole?

use crate::domain::ids::ContentHash;
use crate::engine::workspace::Workspace;
use crate::ledger::{Problem, Verification};
use crate::report::verify::{Finding, Verified};

use super::{Error, rehash};

/// Recomputes the chain from its first fact; `expect` is a head that it must contain.
///
/// With [`Files::ReadAgain`], the documents' files are read too and compared with what the ledger says of them.
pub fn verify(workspace: &Workspace, expect: Option<ContentHash>, files: Files) -> Result<Verified, Error> {
    let ledger = workspace.read_ledger()?;
    let Verification { facts, head, erased, problems, .. } = ledger.verify(expect)?;
    let finding = problems.first().map_or(Finding::Intact, finding);
    let rehash = match files {
        Files::LeaveAlone => None,
        Files::ReadAgain => Some(rehash::rehash(workspace, &ledger)?),
    };
    Ok(Verified { state: workspace.state.display().to_string(), facts, erased, head, finding, rehash })
}

/// Whether the documents themselves are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    LeaveAlone,
    ReadAgain,
}

fn finding(problem: &Problem) -> Finding {
    let broken = |seq| Finding::Broken { seq, why: problem.to_string() };
    match problem {
        Problem::HeadNotFound(hash) => Finding::HeadMissing { expected: hash.to_string() },
        Problem::Altered(seq) | Problem::Unlinked(seq) | Problem::Inconsistent(seq) => broken(Some(*seq)),
        Problem::Payload(_) | Problem::Database(_) | Problem::Derived(_) => broken(None),
    }
}
