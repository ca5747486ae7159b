//! A reading cut into windows of about 25 and about 90 words: what the model looks at.
//!
//! Running text is cut at passages and sentence ends; of a table each window repeats its head with a few rows, since
//! a row alone says little. Bounded: windows are sampled evenly from long readings, and each is cut in length.

use crate::domain::reading::{Passage, PassageKind, Place, Reading};

/// Words in a window.
pub(super) const SIZES: [usize; 2] = [25, 90];
/// Windows of each size, at most.
const WINDOWS_MAX: usize = 500;
/// Bytes of a window's pieces per wanted word, at most.
const BYTES_PER_WORD: usize = 14;
/// Rows of one sheet that are looked at.
const ROWS_MAX: usize = 400;
/// Bytes of one cell-joined table head that are repeated.
const HEAD_BYTES: usize = 600;

/// A stretch of text, as pieces in reading order.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Window<'a> {
    pub place: Place,
    /// What the window repeats from elsewhere: a table's head.
    pub head: Vec<&'a str>,
    pub own: Vec<&'a str>,
}

/// All windows of one size, in reading order.
pub(super) fn windows(reading: &Reading, size: usize) -> Vec<Window<'_>> {
    let rows = reading.passages.iter().filter(|passage| is_row(passage)).count();
    let all = if rows * 2 > reading.passages.len() { of_tables(reading, size) } else { of_text(reading, size) };
    sample(all, WINDOWS_MAX)
}

fn is_row(passage: &Passage) -> bool {
    matches!(passage.kind, PassageKind::TableHead | PassageKind::TableRow)
}

/// At most `max` of them, evenly spread, the first always.
fn sample<T>(all: Vec<T>, max: usize) -> Vec<T> {
    let n = all.len();
    if n <= max {
        return all;
    }
    let wanted = |i: usize| i == 0 || i * max / n != (i - 1) * max / n;
    all.into_iter().enumerate().filter(|(i, _)| wanted(*i)).map(|(_, item)| item).collect()
}

fn of_text(reading: &Reading, size: usize) -> Vec<Window<'_>> {
    let mut out = Vec::new();
    let mut run: Vec<(Place, &str, usize)> = Vec::new();
    let mut words = 0;
    for (place, piece) in pieces(reading) {
        let n = piece.split_ascii_whitespace().count().max(piece.len() / BYTES_PER_WORD);
        run.push((place, piece, n));
        words += n;
        if words >= size {
            out.push(window_of(&run));
            // A short last piece (a heading, mostly) also opens the next window.
            let last = run.pop().filter(|last| last.2 * 2 < size);
            run.clear();
            words = last.map_or(0, |last| last.2);
            run.extend(last);
        }
    }
    let repeated = out.is_empty() || run.len() > 1 || words * 2 >= size;
    if !run.is_empty() && repeated {
        out.push(window_of(&run));
    }
    out
}

fn window_of<'a>(run: &[(Place, &'a str, usize)]) -> Window<'a> {
    Window { place: run[0].0, head: Vec::new(), own: run.iter().map(|&(_, piece, _)| piece).collect() }
}

/// Running text as pieces of a sentence or two.
fn pieces(reading: &Reading) -> impl Iterator<Item = (Place, &str)> {
    let mut last_margin = "";
    let kept = reading.passages.iter().filter(move |passage| match passage.kind {
        PassageKind::Margin => std::mem::replace(&mut last_margin, &passage.text) != passage.text,
        PassageKind::MailHeader => passage.cells().next() == Some("subject"),
        PassageKind::Heading
        | PassageKind::Text
        | PassageKind::TableHead
        | PassageKind::TableRow
        | PassageKind::Field
        | PassageKind::Note => true,
    });
    kept.flat_map(|passage| sentences(&passage.text).map(|piece| (passage.place, piece)))
}

/// Cuts after a sentence's end once a piece has some length, and anywhere between words once it is long.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    const SOME: usize = 80;
    const LONG: usize = SIZES[0] * BYTES_PER_WORD;
    let mut rest = text.trim();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .char_indices()
            .zip(rest.chars().skip(1))
            .find(|&((at, c), next)| {
                let at_end = matches!(c, '.' | ';' | '!' | '?' | ':') && next.is_whitespace();
                (at >= SOME && at_end) || (at >= LONG && c.is_whitespace()) || at >= 2 * LONG
            })
            .map_or(rest.len(), |((at, c), _)| at + c.len_utf8());
        let (piece, after) = rest.split_at(end);
        rest = after.trim_start();
        Some(piece)
    })
}

fn of_tables(reading: &Reading, size: usize) -> Vec<Window<'_>> {
    let step = (size / 10).max(2);
    let mut out = Vec::new();
    let sheet_of = |passage: &Passage| match passage.place {
        Place::Row { sheet, .. } => sheet,
        Place::Page(_) | Place::Slide(_) | Place::Paragraph(_) | Place::Line(_) => 0,
    };
    for sheet in reading.passages.chunk_by(|a, b| sheet_of(a) == sheet_of(b)) {
        let name = reading.sheets.get(usize::from(sheet_of(&sheet[0]))).map(String::as_str);
        let rows: Vec<&Passage> = sample(sheet.iter().collect(), ROWS_MAX);
        for chunk in rows.chunks(step) {
            out.push(window_of_rows(name, sheet, chunk, size * BYTES_PER_WORD));
        }
    }
    out
}

fn window_of_rows<'a>(name: Option<&'a str>, sheet: &'a [Passage], rows: &[&'a Passage], max: usize) -> Window<'a> {
    let first = sheet.iter().take(2);
    let table_head = sheet.iter().skip(2).find(|passage| passage.kind == PassageKind::TableHead);
    let head = name.into_iter().chain(first.chain(table_head).map(|passage| cut(&passage.text, HEAD_BYTES))).collect();
    let mut left = max;
    let own = rows.iter().map(|passage| {
        let piece = cut(&passage.text, left);
        left -= piece.len();
        piece
    });
    Window { place: rows[0].place, own: own.filter(|piece| !piece.is_empty()).collect(), head }
}

/// The beginning of a text, at most so many bytes of it.
pub(super) fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::{Format, Properties};

    fn reading(kind: PassageKind, texts: impl IntoIterator<Item = String>) -> Reading {
        let row = |row| Place::Row { sheet: 0, row };
        let passages =
            (1..).zip(texts).map(|(n, text)| Passage { place: row(n), kind, text, confidence: None }).collect();
        let sheets = vec!["Oct".to_owned()];
        Reading { format: Format::Xlsx, properties: Properties::default(), sheets, passages, truncated: false }
    }

    #[test]
    fn windows_are_few_however_long_the_text() {
        for kind in [PassageKind::Text, PassageKind::TableRow] {
            let long = reading(kind, (0..50_000).map(|n| format!("row {n} of many\twith some words in it. And more")));
            for size in SIZES {
                let n = windows(&long, size).len();
                assert!((1..=WINDOWS_MAX).contains(&n), "{kind:?} {size}: {n}");
            }
        }
    }

    #[test]
    fn windows_are_short_however_long_the_passage() {
        for word in ["a", "word. ", "ñandú", "x y "] {
            for kind in [PassageKind::Text, PassageKind::TableRow] {
                for window in windows(&reading(kind, [word.repeat(20_000)]), SIZES[0]) {
                    let bytes: usize = window.own.iter().chain(&window.head).map(|piece| piece.len()).sum();
                    assert!(bytes <= 2_000, "{bytes}");
                }
            }
        }
    }

    #[test]
    fn rows_carry_their_head() {
        let rows = ["Seal log", "Date\tSeal", "3 May\t11", "4 May\t12", "5 May\t13"].map(str::to_owned);
        let table = reading(PassageKind::TableRow, rows);
        let all = windows(&table, SIZES[0]);
        assert_eq!(all.len(), 3);
        assert_eq!(all[1].head, ["Oct", "Seal log", "Date\tSeal"]);
        assert_eq!(all[1].own, ["3 May\t11", "4 May\t12"]);
        assert_eq!(all[1].place, Place::Row { sheet: 0, row: 3 });
    }

    #[test]
    fn a_heading_opens_the_next_window_too() {
        let long = "word ".repeat(30);
        let texts = [long.clone(), "word ".repeat(24), "2. Seals".to_owned(), long.clone()];
        let reading = reading(PassageKind::Text, texts);
        let all = windows(&reading, SIZES[0]);
        assert_eq!(all.iter().map(|window| window.own.len()).collect::<Vec<_>>(), [1, 2, 2]);
        assert_eq!(all[2].own[0], "2. Seals");
    }

    #[test]
    fn samples_are_even() {
        for (n, max, want) in [(3, 5, vec![0, 1, 2]), (10, 5, vec![0, 2, 4, 6, 8]), (7, 3, vec![0, 3, 5])] {
            assert_eq!(sample((0..n).collect(), max), want, "{n} {max}");
        }
    }
}
