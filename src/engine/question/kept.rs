//! Documents as they were last weighed, kept beside the index: what `gaps` asks for when nothing has changed.
//!
//! To weigh a document anew takes its whole judgement from the ledger; what comes of it is a tenth as much. It is no
//! truth of its own: it counts only while the index stands at the ledger's head and was made by this very program,
//! catalog and configuration, and whatever is not as expected sends the question to the ledger.

use std::os::unix::fs::MetadataExt;

use sha2::{Digest, Sha256};

use crate::domain::assess::KnownDocument;
use crate::domain::ids::ContentHash;
use crate::engine::pack;
use crate::engine::workspace::Workspace;
use crate::index::Index;
use crate::ledger::Ledger;

use super::{Error, Question};

/// Names everything besides the ledger that a kept document depends on.
pub(crate) fn maker(workspace: &Workspace) -> String {
    // All of it: what is private, which sites there are, and whatever a later section may say.
    let config = serde_json::to_string(&workspace.config).expect("a configuration is plain values");
    let program = program();
    let parts =
        [program.as_str(), workspace.judging.identity(), &config, workspace.zone.iana_name().unwrap_or("system")];
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    ContentHash(hasher.finalize().into()).to_string()
}

/// This very build: what it keeps, another may weigh otherwise.
fn program() -> String {
    let file = std::env::current_exe().and_then(std::fs::metadata);
    let build = file.map(|file| format!("{} {} {}", file.len(), file.mtime(), file.mtime_nsec()));
    format!("{} {}", env!("CARGO_PKG_VERSION"), build.unwrap_or_default())
}

/// A document as it is kept; nothing, which no question accepts, if it has no such form.
pub(crate) fn packed(document: &KnownDocument) -> Vec<u8> {
    pack::pack(document).unwrap_or_default()
}

/// Every document of the question's roots, if the question is about now and the index knows all of it.
pub(crate) fn documents(
    workspace: &Workspace,
    ledger: &Ledger,
    question: &Question,
) -> Result<Option<Vec<KnownDocument>>, Error> {
    if question.known_by.is_some() || question.as_of < super::today(workspace) || !workspace.index_path().exists() {
        return Ok(None);
    }
    let Ok(index) = Index::open_to_search(&workspace.index_path()) else { return Ok(None) };
    let fits = index.made().is_some_and(|made| made.by == maker(workspace));
    if !fits || index.made().map(|made| made.head) != ledger.head()? {
        return Ok(None);
    }
    let roots = workspace.chosen_roots(ledger)?;
    let names: Vec<_> = roots.iter().map(|root| root.path.to_text()).collect();
    let mut documents = Some(Vec::new());
    let read = index.each_known(|bytes| match (&mut documents, pack::unpack::<KnownDocument>(bytes)) {
        (Some(all), Ok(document)) => {
            if names.iter().any(|name| *name == document.name.root) {
                all.push(document);
            }
        }
        (_, Err(_)) | (None, Ok(_)) => documents = None,
    });
    Ok(read.ok().and(documents))
}
