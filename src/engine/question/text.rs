//! What was read of one document, as the ledger keeps it.

use crate::domain::assess::status::AssessedDocument;
use crate::domain::fact::ReadOutcome;
use crate::domain::reading::Reading;
use crate::engine::judging;
use crate::engine::workspace::Workspace;

use super::Error;

/// The reading of a document; none if it was not read, or its text was erased or is kept in another form.
pub fn text(workspace: &Workspace, document: &AssessedDocument) -> Result<Option<Reading>, Error> {
    let Some(content) = document.content else { return Ok(None) };
    let ledger = workspace.read_ledger()?;
    let Some(read) = ledger.read_of(content)? else { return Ok(None) };
    match read.outcome {
        ReadOutcome::Read { text, .. } => Ok(judging::kept(&ledger, text)?),
        ReadOutcome::Unreadable { .. } | ReadOutcome::Unsupported { .. } | ReadOutcome::OcrPending => Ok(None),
    }
}
