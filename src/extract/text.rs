//! Plain text to passages, and the collector that all light readers fill.
//!
//! Lines that a program wrapped belong together, lines that a person ended do not: a line goes on in the next one only
//! if it is long and the next does not begin something new.

use super::clean;
use super::encoding;
use super::limits::Limits;
use crate::domain::reading::{Format, Passage, PassageKind, Place, Properties, Reading};

/// A line shorter than this was ended by a person.
const WRAPPED_CHARS_MIN: usize = 60;
/// A passage longer than this is ended where a line ends.
const PASSAGE_BYTES_MAX: usize = 4 << 10;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Reading {
    let text = encoding::decode(bytes);
    let mut passages = Passages::new(limits);
    for (line, text) in paragraphs(&text) {
        if !passages.push(Place::Line(line), PassageKind::Text, text) {
            break;
        }
    }
    passages.into_reading(Format::Text, Properties::default())
}

/// Passages within the limits of one document.
pub(super) struct Passages {
    kept: Vec<Passage>,
    bytes_left: u64,
    truncated: bool,
}

impl Passages {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { kept: Vec::new(), bytes_left: limits.text_bytes, truncated: false }
    }

    /// Adds a passage unless it is blank; false once the document's text is at its limit.
    pub(super) fn push(&mut self, place: Place, kind: PassageKind, text: String) -> bool {
        if text.trim().is_empty() {
            return !self.truncated;
        }
        match self.bytes_left.checked_sub(text.len() as u64) {
            Some(left) if !self.truncated => {
                self.bytes_left = left;
                self.kept.push(Passage { place, kind, text, confidence: None });
            }
            Some(_) | None => self.truncated = true,
        }
        !self.truncated
    }

    /// Notes that a limit of the reader's own was met.
    pub(super) fn cut_short(&mut self) {
        self.truncated = true;
    }

    pub(super) fn is_full(&self) -> bool {
        self.truncated
    }

    pub(super) fn into_reading(self, format: Format, properties: Properties) -> Reading {
        let Self { kept: passages, truncated, bytes_left: _ } = self;
        Reading { format, properties, sheets: Vec::new(), passages, truncated }
    }
}

/// Paragraphs with the number of their first line, wrapped lines joined.
pub(super) fn paragraphs(text: &str) -> impl Iterator<Item = (u32, String)> {
    let text = text.trim_start_matches('\u{feff}');
    let numbered = (1_u32..).zip(lines(text)).flat_map(|(number, line)| pieces(line).map(move |piece| (number, piece)));
    let mut lines = numbered.peekable();
    std::iter::from_fn(move || {
        let (number, first) = lines.find(|(_, line)| !line.trim().is_empty())?;
        let mut paragraph = clean::one_line(first, PASSAGE_BYTES_MAX);
        let mut last = first;
        let fits = |paragraph: &str, line: &str| paragraph.len().saturating_add(line.len()) < PASSAGE_BYTES_MAX;
        while let Some((_, next)) = lines.next_if(|(_, next)| fits(&paragraph, next) && goes_on(last, next)) {
            paragraph.push(' ');
            paragraph.push_str(&clean::one_line(next, PASSAGE_BYTES_MAX));
            last = next;
        }
        Some((number, paragraph))
    })
}

/// Lines ended in any of the three ways.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.trim_end_matches('\r').split('\r'))
}

/// Cuts what is too long for one passage, after a word if there is one.
fn pieces(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        if line.len() <= PASSAGE_BYTES_MAX {
            rest = None;
            return Some(line);
        }
        let end = line.floor_char_boundary(PASSAGE_BYTES_MAX);
        let end = line[..end].rfind(' ').map_or(end, |blank| blank + 1);
        rest = Some(&line[end..]);
        Some(&line[..end])
    })
}

fn goes_on(line: &str, next: &str) -> bool {
    let next = next.trim();
    line.trim().chars().count() >= WRAPPED_CHARS_MIN && !next.is_empty() && !begins_anew(next)
}

/// A list item, a numbered clause, a label with a colon, a quoted or ruled line.
fn begins_anew(line: &str) -> bool {
    let first_word = line.split_whitespace().next().unwrap_or("");
    let marks = ['-', '*', '•', '·', '>', '|', '=', '_', '[', '#', '☐', '☑', '☒', '+'];
    let is_number = first_word.trim_end_matches(['.', ')', ':']).chars().all(|c| c.is_ascii_digit() || c == '.')
        && first_word.ends_with(['.', ')'])
        && first_word.starts_with(|c: char| c.is_ascii_digit());
    let is_letter = first_word.len() == 2 && first_word.ends_with([')', '.']) && first_word.is_ascii();
    let is_label =
        line.split_once(':').is_some_and(|(label, _)| label.len() <= 40 && label.split_whitespace().count() <= 4);
    first_word.starts_with(marks) || is_number || is_letter || is_label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_join_and_ended_lines_do_not() {
        let text = "Seal policy\n\n\
            Every loaded container is sealed with a high security seal before it\n\
            leaves the yard, and the number is written into the log.\n\
            Reviewed: 2026-10-01\n\
            - the first item of a list, which is long enough to look like wrapped\n\
            - the second\n";
        let found: Vec<(u32, String)> = paragraphs(text).collect();
        assert_eq!(
            found.iter().map(|(line, text)| (*line, text.split(' ').next_back().unwrap())).collect::<Vec<_>>(),
            [(1, "policy"), (3, "log."), (5, "2026-10-01"), (6, "wrapped"), (7, "second")]
        );
        assert!(found[1].1.contains("before it leaves the yard"));
    }

    #[test]
    fn lines_end_in_any_way() {
        for text in ["a\nb", "a\r\nb", "a\rb", "\u{feff}a\n\n\nb"] {
            let words: Vec<String> = paragraphs(text).map(|(_, text)| text).collect();
            assert_eq!(words, ["a", "b"], "{text:?}");
        }
    }

    #[test]
    fn nothing_is_lost_when_a_passage_grows_too_long() {
        let wrapped = format!("{}\n", "seal ".repeat(20)).repeat(100);
        let endless = "seal ".repeat(2_000);
        let without_blanks = "é".repeat(5_000);
        for (text, words) in [(wrapped, 2_000), (endless, 2_000), (without_blanks, 3)] {
            let found: Vec<String> = paragraphs(&text).map(|(_, text)| text).collect();
            assert!(found.len() > 1);
            assert!(found.iter().all(|text| text.len() <= PASSAGE_BYTES_MAX));
            assert_eq!(found.iter().flat_map(|text| text.split_whitespace()).count(), words);
        }
    }

    #[test]
    fn text_over_the_limit_is_cut_and_said_so() {
        let limits = Limits { text_bytes: 8, ..Limits::default() };
        let reading = read(b"first\n\nsecond\n\nthird", &limits);
        assert_eq!(reading.passages.len(), 1);
        assert!(reading.truncated);
        assert!(!read(b"first", &limits).truncated);
    }
}
