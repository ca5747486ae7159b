//! Search: the index says which documents, the ledger's text says where in them.

use std::collections::{BTreeSet, HashMap};

use crate::domain::assess::status::DocumentState;
use crate::domain::reading::{Passage, PassageKind, Reading};
use crate::engine::judging;
use crate::engine::workspace::Workspace;
use crate::index::{Index, Marker};
use crate::ledger::Ledger;
use crate::report::search::{Found, Hit, Snippet};

use super::{Error, known};

/// Snippets shown of one document.
const SNIPPETS_MAX: usize = 2;
/// Characters around the first word found.
const SNIPPET_CHARS: usize = 240;

/// Finds documents; best first, with the passages that match.
pub fn search(workspace: &Workspace, query: &str, limit: usize, offset: usize) -> Result<Found, Error> {
    let ledger = workspace.read_ledger()?;
    if !workspace.index_path().exists() {
        return Err(Error::NoIndex { state: workspace.state.clone() });
    }
    let index = Index::open_to_search(&workspace.index_path())?;
    let hits = index.search(query, limit, offset)?;
    let marker = index.marker(query)?;
    let mut by_key: HashMap<String, known::Located> = known::locate(workspace, &ledger, &hits.found)?;
    let mut shown = Vec::with_capacity(hits.found.len());
    for found in &hits.found {
        // A document that left the ledger's sight after the index's last commit is no answer any more.
        let Some(located) = by_key.remove(&found.key) else { continue };
        let snippets = match &located.document.state {
            DocumentState::Read => snippets(&ledger, &located, &marker)?,
            DocumentState::Unreadable { .. }
            | DocumentState::Unsupported { .. }
            | DocumentState::OcrPending
            | DocumentState::Pending => Vec::new(),
        };
        shown.push(Hit {
            role: located.document.verdict.as_ref().map(|verdict| verdict.role),
            effective: located.effective,
            name: located.document.name,
            score: found.score,
            snippets,
        });
    }
    Ok(Found { query: query.to_owned(), total: hits.total, hits: shown })
}

fn snippets(ledger: &Ledger, located: &known::Located, marker: &Marker) -> Result<Vec<Snippet>, Error> {
    let Some(text) = located.text else { return Ok(Vec::new()) };
    let reading: Option<Reading> = judging::kept(ledger, text)?;
    Ok(reading.map_or_else(Vec::new, |reading| best_passages(&reading, marker)))
}

/// The passages with the most different words of the query, first ones first among equals.
fn best_passages(reading: &Reading, marker: &Marker) -> Vec<Snippet> {
    let mut scored: Vec<(usize, usize, &Passage)> = Vec::new();
    for (order, passage) in reading.passages.iter().enumerate() {
        let forms: BTreeSet<String> = marker.marks(&passage.text).into_iter().map(|mark| mark.form).collect();
        if !forms.is_empty() {
            let heading = usize::from(passage.kind == PassageKind::Heading);
            scored.push((forms.len() * 2 + heading, order, passage));
        }
    }
    scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.truncate(SNIPPETS_MAX);
    scored.sort_by_key(|(_, order, _)| *order);
    scored.into_iter().map(|(_, _, passage)| snippet(reading, passage, marker)).collect()
}

fn snippet(reading: &Reading, passage: &Passage, marker: &Marker) -> Snippet {
    let whole = passage.text.replace('\t', " | ");
    let first = marker.marks(&whole).first().map_or(0, |mark| mark.range.start);
    let start = floor(&whole, first.saturating_sub(SNIPPET_CHARS / 3));
    let end = floor(&whole, (start + SNIPPET_CHARS).min(whole.len()));
    let mut text = String::new();
    if start > 0 {
        text.push('…');
    }
    text.push_str(&whole[start..end]);
    if end < whole.len() {
        text.push('…');
    }
    let highlights = marker.marks(&text).into_iter().map(|mark| mark.range).collect();
    Snippet { place_text: reading.place_text(passage.place), text, highlights }
}

/// The nearest place at or before `at` where the text may be cut.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}
