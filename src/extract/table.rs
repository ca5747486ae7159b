//! Delimited text (CSV, TSV and their kin) to table rows.
//!
//! Own parser rather than the `csv` crate's: rows must keep the numbers that a spreadsheet would show, blank lines
//! counted, and the same records serve to find the delimiter.

use super::clean;
use super::encoding;
use super::limits::Limits;
use super::text::Passages;
use crate::domain::reading::{Format, PassageKind, Place, Properties, Reading};

const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];
/// So much of a table is looked at to find its delimiter.
const SAMPLE_BYTES: usize = 32 << 10;
const SAMPLE_RECORDS: usize = 50;
/// Rows within which the head must stand.
const HEAD_WITHIN: usize = 12;
const CELL_BYTES_MAX: usize = 32 << 10;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Reading {
    let text = encoding::decode(bytes);
    let (stated, text) = stated_delimiter(&text);
    let delimiter = stated.or_else(|| delimiter(text)).unwrap_or(',');
    let first_row: u32 = if stated.is_some() { 2 } else { 1 };

    let head = head_row(text, delimiter);
    let mut passages = Passages::new(limits);
    let mut cells_left = limits.cells;
    let rows = (first_row..=u32::MAX).zip(records(text, delimiter));
    for (index, (row, cells)) in rows.enumerate() {
        let Some(left) = cells_left.checked_sub(cells.len() as u64) else {
            passages.cut_short();
            break;
        };
        cells_left = left;
        let cells: Vec<String> = cells.iter().map(|cell| clean::one_line(cell, CELL_BYTES_MAX)).collect();
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let kind = match head {
            _ if filled == 0 => continue,
            Some(head) if index == head => PassageKind::TableHead,
            Some(head) if index < head && filled == 1 => PassageKind::Heading,
            Some(_) | None => PassageKind::TableRow,
        };
        let text = if kind == PassageKind::Heading { cells.concat() } else { cells.join("\t") };
        if !passages.push(Place::Row { sheet: 0, row }, kind, text) {
            break;
        }
    }
    passages.into_reading(Format::Csv, Properties::default())
}

/// A first line `sep=;`, as spreadsheets write and understand it.
fn stated_delimiter(text: &str) -> (Option<char>, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let line = line.trim_end_matches('\r').trim_start_matches('\u{feff}').trim_matches('"');
    let stated = line.strip_prefix("sep=").or_else(|| line.strip_prefix("SEP="));
    match stated.map(|stated| (stated.chars().next(), stated.chars().count())) {
        Some((Some(delimiter), 1)) => (Some(delimiter), rest),
        Some(_) | None => (None, text),
    }
}

/// The delimiter that cuts most of the first records into the same number of cells, more than one.
pub(super) fn delimiter(text: &str) -> Option<char> {
    let sample = &text[..text.floor_char_boundary(SAMPLE_BYTES)];
    let regularity = |delimiter: char| -> Option<(usize, usize)> {
        let mut widths = [0_usize; 256];
        let mut rows = 0_usize;
        for record in records(sample, delimiter).take(SAMPLE_RECORDS) {
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            widths[record.len().min(255)] += 1;
            rows += 1;
        }
        let (width, count) = widths.iter().enumerate().skip(2).max_by_key(|(_, count)| **count)?;
        // A title above the table and a note below it are usual; less than half regular is not a table.
        (*count > 0 && count * 2 >= rows).then_some((count * 100 / rows.max(1), width))
    };
    let found = DELIMITERS.iter().filter_map(|delimiter| Some((regularity(*delimiter)?, *delimiter)));
    found.max_by_key(|(regularity, _)| *regularity).map(|(_, delimiter)| delimiter)
}

/// The first row that names columns: two or more cells filled, none of them a number or a date.
fn head_row(text: &str, delimiter: char) -> Option<usize> {
    let is_name = |cell: &str| {
        let digits = cell.chars().filter(char::is_ascii_digit).count();
        cell.chars().any(char::is_alphabetic) && digits * 3 <= cell.chars().count()
    };
    records(text, delimiter).take(HEAD_WITHIN).position(|cells| {
        let filled: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
        filled.len() >= 2 && filled.iter().all(|cell| is_name(cell))
    })
}

/// Cuts text into records; quotes may hold delimiters, line breaks and doubled quotes.
pub(super) fn records(text: &str, delimiter: char) -> Records<'_> {
    Records { rest: text.trim_start_matches('\u{feff}'), delimiter }
}

pub(super) struct Records<'a> {
    rest: &'a str,
    delimiter: char,
}

impl Iterator for Records<'_> {
    type Item = Vec<String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut cells = Vec::new();
        loop {
            let (cell, end) = self.cell();
            cells.push(cell);
            match end {
                End::Cell => {}
                End::Record => return Some(cells),
            }
        }
    }
}

enum End {
    Cell,
    Record,
}

impl Records<'_> {
    fn cell(&mut self) -> (String, End) {
        let mut cell = String::new();
        let mut quoted = self.rest.starts_with('"');
        let mut chars = self.rest.char_indices().peekable();
        if quoted {
            chars.next();
        }
        while let Some((at, c)) = chars.next() {
            let after = at + c.len_utf8();
            match c {
                '"' if quoted => match chars.peek() {
                    Some((_, '"')) => {
                        cell.push('"');
                        chars.next();
                    }
                    Some(_) | None => quoted = false,
                },
                c if quoted => cell.push(c),
                c if c == self.delimiter => {
                    self.rest = &self.rest[after..];
                    return (cell, End::Cell);
                }
                '\n' => {
                    self.rest = &self.rest[after..];
                    return (cell, End::Record);
                }
                '\r' => {
                    let skip = usize::from(self.rest[after..].starts_with('\n'));
                    self.rest = &self.rest[after + skip..];
                    return (cell, End::Record);
                }
                c => cell.push(c),
            }
        }
        self.rest = "";
        (cell, End::Record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, delimiter: char) -> Vec<Vec<String>> {
        records(text, delimiter).collect()
    }

    fn rows(text: &str) -> Vec<(String, PassageKind, String)> {
        let reading = read(text.as_bytes(), &Limits::default());
        reading.passages.iter().map(|p| (p.place.to_string(), p.kind, p.text.clone())).collect()
    }

    #[test]
    fn records_and_quotes() {
        for (text, wanted) in [
            ("a,b\nc,d\n", vec![vec!["a", "b"], vec!["c", "d"]]),
            ("a,b\r\nc,d", vec![vec!["a", "b"], vec!["c", "d"]]),
            ("a\rb", vec![vec!["a"], vec!["b"]]),
            ("\"x,1\",\"say \"\"no\"\"\"\n", vec![vec!["x,1", "say \"no\""]]),
            ("\"two\nlines\",b", vec![vec!["two\nlines", "b"]]),
            ("a,,\n\nb", vec![vec!["a", "", ""], vec![""], vec!["b"]]),
            ("\"never closed, a\nb", vec![vec!["never closed, a\nb"]]),
            ("6\" pipe,b", vec![vec!["6\" pipe", "b"]]),
            ("", vec![]),
        ] {
            assert_eq!(all(text, ','), wanted, "{text:?}");
        }
    }

    #[test]
    fn finds_the_delimiter() {
        for (text, wanted) in [
            ("a,b\n1,2\n", Some(',')),
            ("fecha;visita\n1,5;2,5\n1,5;2,5\n", Some(';')),
            ("a\tb, c\n1\t2\n", Some('\t')),
            ("a|b|c\n1|2|3\n", Some('|')),
            ("Visitor log, 2026\n\na;b;c\n1;2;3\n4;5;6\n", Some(';')),
            ("just a sentence\nand another\n", None),
        ] {
            assert_eq!(delimiter(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn rows_keep_the_numbers_a_spreadsheet_shows() {
        use PassageKind::{Heading, TableHead, TableRow};
        let text = "Visitor log,,\n\nDate,Visitor,Escort\n2026-10-01,A. Roe,\n,,\n2026-10-02,B. Poe,C. Doe\n";
        assert_eq!(
            rows(text),
            [
                ("row 1".to_owned(), Heading, "Visitor log".to_owned()),
                ("row 3".to_owned(), TableHead, "Date\tVisitor\tEscort".to_owned()),
                ("row 4".to_owned(), TableRow, "2026-10-01\tA. Roe\t".to_owned()),
                ("row 6".to_owned(), TableRow, "2026-10-02\tB. Poe\tC. Doe".to_owned()),
            ]
        );
    }

    #[test]
    fn a_stated_delimiter_is_obeyed() {
        let rows = rows("sep=|\nDate|Note\n2026-10-01|a,b;c\n");
        assert_eq!(rows[1].0, "row 3");
        assert_eq!(rows[1].2, "2026-10-01\ta,b;c");
    }

    #[test]
    fn numbers_are_no_head() {
        assert!(rows("1,2,3\n4,5,6\n").iter().all(|row| row.1 == PassageKind::TableRow));
    }

    #[test]
    fn cells_are_limited() {
        let limits = Limits { cells: 5, ..Limits::default() };
        let reading = read(b"a,b\nc,d\ne,f\n", &limits);
        assert_eq!(reading.passages.len(), 2);
        assert!(reading.truncated);
    }
}
