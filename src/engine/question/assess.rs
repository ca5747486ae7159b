//! The main question: every criterion's status, and every document's part in it.

use crate::domain::assess::status::Assessment;
use crate::domain::assess::{self, Input};
use crate::engine::workspace::Workspace;

use super::{Error, Question, known};

/// Assesses what the ledger holds.
pub fn assess(workspace: &Workspace, question: &Question) -> Result<Assessment, Error> {
    let ledger = workspace.read_ledger()?;
    let known = known::load(workspace, &ledger, question)?;
    let input = Input {
        catalog: workspace.catalog(),
        entity: question.entity,
        as_of: question.as_of,
        warning_days: workspace.config.warning_days,
        documents: known.documents,
        decisions: known.decisions,
        head: known.head,
        notices: known.notices,
    };
    Ok(assess::assess(&input))
}
