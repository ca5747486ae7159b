//! Where the heavy readers put their passages: cleaned, within the limit on text, in reading order.
//!
//! Apart from the readers because PDF and the office formats share it. Invariant: what comes out holds no control
//! characters but the tab between cells, and never more text than the limit.

use super::limits::Limits;
use crate::domain::reading::{Passage, PassageKind, Place};

/// What a passage costs besides its text, so that a million empty rows are bounded as well.
const PASSAGE_COST: u64 = 16;
/// The longest text that can be a column's head.
const HEAD_CELL_CHARS: usize = 80;

/// Passages so far, and the room left.
pub(super) struct Gather {
    passages: Vec<Passage>,
    room: u64,
    truncated: bool,
    /// Of the passages that come next.
    confidence: Option<u8>,
}

/// How sure recognised words are: sums, so that words, cells and rows add up; nothing for text that was read.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sureness {
    sum: f32,
    letters: f32,
}

impl Sureness {
    /// Of one word, by its letters: a long word says more.
    pub(super) fn of_word(confidence: f32, letters: usize) -> Self {
        let letters = letters.max(1) as f32;
        Self { sum: confidence * letters, letters }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { sum: self.sum + other.sum, letters: self.letters + other.letters }
    }

    fn mean(self) -> Option<u8> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
        let mean = (self.sum / self.letters).round().clamp(0.0, 100.0) as u8;
        (self.letters > 0.0).then_some(mean)
    }
}

impl Gather {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { passages: Vec::new(), room: limits.text_bytes, truncated: false, confidence: None }
    }

    /// Adds running text; text of white space only is no passage.
    pub(super) fn text(&mut self, place: Place, kind: PassageKind, text: &str) {
        let text = clean(text);
        if !text.is_empty() {
            self.add(place, kind, text);
        }
    }

    /// Adds a row of cells, empty ones kept but for those at the end; a row without any text is no passage.
    pub(super) fn cells<S: AsRef<str>>(&mut self, place: Place, kind: PassageKind, cells: &[S]) {
        let cells: Vec<String> = cells.iter().map(|cell| clean(cell.as_ref())).collect();
        let Some(last) = cells.iter().rposition(|cell| !cell.is_empty()) else { return };
        self.add(place, kind, cells[..=last].join("\t"));
    }

    /// Adds a form field; the value may be empty, which is what makes a form blank.
    pub(super) fn field(&mut self, place: Place, label: &str, value: &str) {
        let label = clean(label);
        if !label.is_empty() {
            self.add(place, PassageKind::Field, format!("{label}\t{}", clean(value)));
        }
    }

    /// Says how sure the passages that come next are.
    pub(super) fn sure(&mut self, sureness: Sureness) {
        self.confidence = sureness.mean();
    }

    /// True once something did not fit; a reader then stops.
    pub(super) fn is_full(&self) -> bool {
        self.truncated
    }

    /// Says that the reader left something out because of another limit.
    pub(super) fn cut_short(&mut self) {
        self.truncated = true;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.passages.is_empty()
    }

    pub(super) fn finish(self) -> (Vec<Passage>, bool) {
        (self.passages, self.truncated)
    }

    fn add(&mut self, place: Place, kind: PassageKind, mut text: String) {
        if self.truncated {
            return;
        }
        let cost = PASSAGE_COST.saturating_add(text.len() as u64);
        if cost > self.room {
            self.truncated = true;
            let room = usize::try_from(self.room).unwrap_or(usize::MAX);
            text.truncate(text.floor_char_boundary(room));
            if text.trim().is_empty() {
                return;
            }
        }
        self.room = self.room.saturating_sub(cost);
        self.passages.push(Passage { place, kind, text, confidence: self.confidence });
    }
}

/// One line of plain text: white space and control characters as single spaces, invisible characters out, and ballot
/// boxes as the `[x]` and `[ ]` that the rest of the program knows.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            space = !out.is_empty();
            continue;
        }
        if matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}') {
            continue;
        }
        if space {
            out.push(' ');
            space = false;
        }
        match c {
            // Below U+F100: picture fonts of office programs, as they come out of PDF; what is no box is a bullet.
            '\u{2610}' | '\u{f06f}' | '\u{f071}' | '\u{f0a8}' => out.push_str("[ ]"),
            '\u{2611}' | '\u{2612}' | '\u{f078}' | '\u{f0fd}' | '\u{f0fe}' => out.push_str("[x]"),
            '\u{f0fc}' => out.push('\u{2713}'),
            '\u{f000}'..='\u{f0ff}' => out.push('\u{2022}'),
            _ => out.push(c),
        }
    }
    out
}

/// True if the cells read like the head of a table: at least two, all of them short words rather than figures.
pub(super) fn looks_like_head<S: AsRef<str>>(cells: &[S]) -> bool {
    let filled: Vec<&str> = cells.iter().map(|cell| cell.as_ref().trim()).filter(|cell| !cell.is_empty()).collect();
    filled.len() >= 2 && filled.iter().all(|cell| is_head_cell(cell))
}

fn is_head_cell(cell: &str) -> bool {
    let letters = cell.chars().filter(|c| c.is_alphabetic()).count();
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let numbered = matches!(cell, "#" | "No." | "Nº" | "N°") || cell.ends_with("No.");
    let short = cell.chars().count() <= HEAD_CELL_CHARS;
    let sentence = cell.ends_with('.') && cell.split_whitespace().count() > 2;
    // A year or a number may be a part of a head; a date has more than one figure.
    let figures = cell.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    let wordy = letters > 0 && digits <= letters && figures <= 1;
    let words = wordy && !sentence && !cell.ends_with(':') && !cell.contains("[ ]");
    short && (numbered || words)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place = Place::Page(1);

    #[test]
    fn text_comes_out_on_one_line_without_invisible_characters() {
        for (from, to) in [
            ("  a \n\t b\u{0}c ", "a b c"),
            ("se\u{ad}al\u{200b}", "seal"),
            ("\u{2610} no \u{2612} yes", "[ ] no [x] yes"),
            ("\u{f0b7} item \u{f0a8} \u{f0fe}", "\u{2022} item [ ] [x]"),
            ("\u{a0}\u{2003}", ""),
        ] {
            assert_eq!(clean(from), to, "{from:?}");
        }
    }

    #[test]
    fn rows_keep_empty_cells_inside_and_lose_those_at_the_end() {
        let mut gather = Gather::new(&Limits::default());
        gather.cells(HERE, PassageKind::TableRow, &["a", "", "b\tc", "", ""]);
        gather.cells(HERE, PassageKind::TableRow, &["", " "]);
        gather.field(HERE, "Inspector", "");
        let (passages, truncated) = gather.finish();
        let texts: Vec<&str> = passages.iter().map(|p| p.text.as_str()).collect();
        assert_eq!((texts, truncated), (vec!["a\t\tb c", "Inspector\t"], false));
    }

    #[test]
    fn text_beyond_the_limit_is_cut_at_a_character_and_said_so() {
        let mut gather = Gather::new(&Limits { text_bytes: 40, ..Limits::default() });
        gather.text(HERE, PassageKind::Text, "12345678");
        gather.text(HERE, PassageKind::Text, &"é".repeat(50));
        gather.text(HERE, PassageKind::Text, "never");
        assert!(gather.is_full());
        let (passages, truncated) = gather.finish();
        assert!(truncated);
        assert_eq!(passages.len(), 2);
        assert_eq!(passages[1].text, "é".repeat(8));
    }

    #[test]
    fn heads_are_short_words() {
        for (cells, head) in [
            (vec!["Date", "Seal No.", "Driver"], true),
            (vec!["#", "Fecha", "Operador"], true),
            (vec!["2026-10-03", "HP 123", "J. Doe"], false),
            (vec!["Result 2026", "Q1"], true),
            (vec!["J. Doe", "September 8, 2026"], false),
            (vec!["Prepared by:", "J. Doe"], false),
            (vec!["Only one"], false),
        ] {
            assert_eq!(looks_like_head(&cells), head, "{cells:?}");
        }
    }
}
