//! The passages that show why a document was found.

use crate::domain::ids::ContentHash;
use crate::domain::reading::{Passage, PassageKind, Reading};
use crate::engine::judging;
use crate::index::Marker;
use crate::ledger::Ledger;
use crate::report::search::Snippet;

use super::super::Error;

/// Snippets shown of one document.
const SNIPPETS_MAX: usize = 2;
/// Characters around the first word found.
const SNIPPET_CHARS: usize = 240;
/// Bytes of text looked through; a word found only after these is shown without its passage.
const TEXT_MAX: usize = 2_000_000;

/// The best passages of the text kept under a payload's hash.
pub(super) fn of(ledger: &Ledger, text: ContentHash, marker: &mut Marker) -> Result<Vec<Snippet>, Error> {
    let reading: Option<Reading> = judging::kept(ledger, text)?;
    Ok(reading.map_or_else(Vec::new, |reading| best_passages(&reading, marker)))
}

/// The passages with the most different terms of the query; headings before others, first ones first among equals.
fn best_passages(reading: &Reading, marker: &mut Marker) -> Vec<Snippet> {
    let mut scored: Vec<(usize, usize, &Passage)> = Vec::new();
    let mut bytes = 0_usize;
    for (order, passage) in reading.passages.iter().enumerate() {
        bytes = bytes.saturating_add(passage.text.len());
        if bytes > TEXT_MAX {
            break;
        }
        let mut terms: Vec<usize> = marker.marks(&passage.text).into_iter().map(|mark| mark.term).collect();
        terms.sort_unstable();
        terms.dedup();
        if !terms.is_empty() {
            let heading = usize::from(passage.kind == PassageKind::Heading);
            scored.push((terms.len() * 2 + heading, order, passage));
        }
    }
    scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    // One text on many pages is shown once.
    let mut kept: Vec<(usize, &Passage)> = Vec::new();
    for (_, order, passage) in scored {
        if kept.len() == SNIPPETS_MAX {
            break;
        }
        if kept.iter().all(|(_, other)| other.text != passage.text) {
            kept.push((order, passage));
        }
    }
    kept.sort_by_key(|(order, _)| *order);
    kept.into_iter().map(|(_, passage)| snippet(reading, passage, marker)).collect()
}

fn snippet(reading: &Reading, passage: &Passage, marker: &mut Marker) -> Snippet {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::query::parse;
    use crate::domain::reading::{Format, Place, Properties};

    #[test]
    fn shows_the_passages_with_most_of_the_query() {
        let passage = |line, kind, text: &str| Passage {
            place: Place::Line(line),
            kind,
            text: text.to_owned(),
            confidence: None,
        };
        let reading = Reading {
            format: Format::Text,
            properties: Properties::default(),
            sheets: vec![],
            passages: vec![
                passage(1, PassageKind::Text, "A seal."),
                passage(2, PassageKind::Text, "Nothing of it."),
                passage(3, PassageKind::TableRow, "Seal\tgate\tHP1"),
                passage(4, PassageKind::TableRow, "Seal\tgate\tHP1"),
                passage(5, PassageKind::Heading, "Seals at the gate"),
            ],
            truncated: false,
        };
        let query = parse("seal gate", "2026-11-24".parse().unwrap()).unwrap();
        let shown = best_passages(&reading, &mut Marker::of(&query));
        let lines: Vec<String> = shown.iter().map(|s| format!("{}: {}", s.place_text, s.text)).collect();
        assert_eq!(lines, ["line 3: Seal | gate | HP1", "line 5: Seals at the gate"]);
        assert_eq!(shown[0].highlights, [0..4, 7..11]);
    }
}
