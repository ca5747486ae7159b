//! A document as the index takes it: its card, its headings and its text.

use std::collections::BTreeSet;

use crate::domain::assess::status::DocumentState;
use crate::domain::judge::verdict::{Match, Strength};
use crate::domain::reading::{PassageKind, Reading};
use crate::index::{Card, IndexedDocument, Sketch};

use super::known::{self, Loader, Located};
use super::{Error, kept};

/// Reads the document's text and puts together what the index keeps of it.
pub(crate) fn indexed(loader: &Loader<'_>, located: &Located) -> Result<IndexedDocument, Error> {
    let document = &located.document;
    let strong = |found: &&Match| found.strength == Strength::Strong;
    let matches = || document.verdict.iter().flat_map(|verdict| &verdict.matches).filter(strong);
    let kinds: BTreeSet<String> = matches().filter_map(|m| m.record_kind.as_ref()).map(ToString::to_string).collect();
    let criteria: BTreeSet<String> = matches().map(|found| found.criterion.to_string()).collect();
    let reading = located.text.map(|text| loader.reading(text)).transpose()?.flatten();
    let (text, headings) = reading.map(texts_of).unwrap_or_default();
    Ok(IndexedDocument {
        card: Card {
            key: located.key.clone(),
            file: known::file_key(located.root, &located.path),
            name: document.name.clone(),
            title: document.title.clone(),
            format: document.format,
            role: document.verdict.as_ref().map(|verdict| verdict.role),
            kinds: kinds.into_iter().collect(),
            criteria: criteria.into_iter().collect(),
            outcome: outcome(&document.state),
            day: located.effective,
            content: document.content,
            sketch: Sketch::of(&document.sketch),
        },
        headings,
        text,
        language: located.language,
        known: kept::packed(document),
    })
}

/// The state and, after it, the reason.
fn outcome(state: &DocumentState) -> Vec<String> {
    let words: &[&str] = match state {
        DocumentState::Read => &["read"],
        DocumentState::Unreadable { reason, .. } => &["unreadable", reason.as_str()],
        DocumentState::Unsupported { .. } => &["unsupported"],
        DocumentState::OcrPending => &["ocr-pending"],
        DocumentState::Pending => &["pending"],
    };
    words.iter().map(ToString::to_string).collect()
}

/// All passages, and the headings among them, one a line.
fn texts_of(reading: Reading) -> (String, String) {
    let (mut text, mut headings) = (String::new(), String::new());
    for passage in reading.passages {
        if passage.kind == PassageKind::Heading {
            headings.push_str(&passage.text);
            headings.push('\n');
        }
        text.push_str(&passage.text);
        text.push('\n');
    }
    (text, headings)
}
