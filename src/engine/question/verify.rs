//! Is the chain of facts whole?

use crate::domain::ids::ContentHash;
use crate::engine::workspace::Workspace;
use crate::ledger::{Problem, Verification};
use crate::report::verify::{Finding, Verified};

use super::Error;

/// Recomputes the chain from its first fact; `expect` is a head that it must contain.
pub fn verify(workspace: &Workspace, expect: Option<ContentHash>) -> Result<Verified, Error> {
    let Verification { facts, head, erased, problems, .. } = workspace.read_ledger()?.verify(expect)?;
    let finding = problems.first().map_or(Finding::Intact, finding);
    Ok(Verified { state: workspace.state.display().to_string(), facts, erased, head, finding })
}

fn finding(problem: &Problem) -> Finding {
    let broken = |seq| Finding::Broken { seq, why: problem.to_string() };
    match problem {
        Problem::HeadNotFound(hash) => Finding::HeadMissing { expected: hash.to_string() },
        Problem::Altered(seq) | Problem::Unlinked(seq) | Problem::Inconsistent(seq) => broken(Some(*seq)),
        Problem::Payload(_) | Problem::Database(_) | Problem::Derived(_) => broken(None),
    }
}
