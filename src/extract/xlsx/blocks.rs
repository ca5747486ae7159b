//! Rows of a sheet as passages: titles, heads, data.
//!
//! Apart from the reader because spreadsheets do not say what is a head. Rows without a blank row between them are a
//! block; the first row of a block that is words above data is its head.

use super::value::Shown;
use crate::domain::reading::{PassageKind, Place};
use crate::extract::gather::{Gather, looks_like_head};

/// How many rows below a head are looked at.
const LOOK_AHEAD: usize = 40;

/// One row that holds something.
pub(in crate::extract) struct SheetRow {
    /// As the spreadsheet numbers it.
    pub number: u32,
    text: String,
    /// Cells written so far, empty ones included.
    width: u32,
    /// Empty cells before the first filled one.
    indent: u32,
    filled: u32,
    words: u32,
    bold: u32,
}

impl SheetRow {
    pub(in crate::extract) fn new(number: u32) -> Self {
        Self { number, text: String::new(), width: 0, indent: 0, filled: 0, words: 0, bold: 0 }
    }

    /// Adds the cell of a column, counted from 0; empty cells before it are kept.
    pub(in crate::extract) fn add(&mut self, column: u32, shown: &Shown) {
        if self.filled == 0 {
            self.indent = column;
        }
        let gap = if self.width == 0 { column } else { column.saturating_sub(self.width).saturating_add(1) };
        self.text.extend(std::iter::repeat_n('\t', gap as usize));
        self.text.push_str(&shown.text);
        self.width = self.width.max(column.saturating_add(1));
        self.filled += 1;
        self.words += u32::from(shown.is_words);
        self.bold += u32::from(shown.bold);
    }

    fn cells(&self, indent: u32) -> Vec<&str> {
        self.text.split('\t').skip(indent as usize).collect()
    }

    fn is_bold(&self) -> bool {
        self.bold == self.filled
    }
}

/// Puts out the rows of one sheet.
pub(in crate::extract) fn emit(sheet: u16, rows: &[SheetRow], gather: &mut Gather) {
    let indent = rows.iter().map(|row| row.indent).min().unwrap_or(0);
    let mut first = true;
    for block in rows.chunk_by(|a, b| a.number.checked_add(1) == Some(b.number)) {
        let head = head_of(block, indent);
        for (index, row) in block.iter().enumerate() {
            let place = Place::Row { sheet, row: row.number };
            let above = head.is_none_or(|head| index < head);
            let kind = if head == Some(index) {
                PassageKind::TableHead
            } else if row.filled == 1 && row.words == 1 && above {
                if first || row.is_bold() { PassageKind::Heading } else { PassageKind::Text }
            } else {
                PassageKind::TableRow
            };
            first = false;
            match kind {
                PassageKind::Heading | PassageKind::Text => gather.text(place, kind, &row.text),
                _ => gather.cells(place, kind, &row.cells(indent)),
            }
            if gather.is_full() {
                return;
            }
        }
    }
}

/// The index of the block's head, if it has one.
fn head_of(block: &[SheetRow], indent: u32) -> Option<usize> {
    let candidate = |index: &usize| {
        let row = &block[*index];
        row.words == row.filled && looks_like_head(&row.cells(indent))
    };
    let index = (0..block.len().min(LOOK_AHEAD)).filter(candidate).find(|index| is_head(block, *index))?;
    // Data above: what follows is words in the middle of a table.
    let above = block.iter().take(index);
    (above.filter(|row| row.filled > block[index].filled).count() == 0).then_some(index)
}

fn is_head(block: &[SheetRow], index: usize) -> bool {
    let head = &block[index];
    let below = &block[index + 1..block.len().min(index + 1 + LOOK_AHEAD)];
    let Some(next) = below.first() else {
        // A form with nothing filled in.
        return head.filled >= 3;
    };
    let widest = below.iter().map(|row| row.filled).max().unwrap_or(0);
    if head.filled.saturating_mul(10) < widest.saturating_mul(6) || next.filled > head.filled.saturating_add(2) {
        return false;
    }
    let set_apart = head.is_bold() && !next.is_bold();
    if head.filled == 2 {
        // Two columns of words are as often labels with their values.
        let figures = below.len() >= 2 && below.iter().all(|row| row.filled == 2 && row.words < 2);
        return set_apart && widest == 2 || figures;
    }
    set_apart || below.iter().any(|row| row.words < row.filled || row.filled < head.filled) || below.len() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::limits::Limits;

    fn row(number: u32, cells: &[&str]) -> SheetRow {
        let mut row = SheetRow::new(number);
        for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            let bold = cell.starts_with('*');
            let text = cell.trim_start_matches('*').to_owned();
            let is_words = !text.starts_with(|c: char| c.is_ascii_digit());
            row.add(column, &Shown { text, is_words, bold });
        }
        row
    }

    fn kinds(rows: &[SheetRow]) -> String {
        let mut gather = Gather::new(&Limits::default());
        emit(0, rows, &mut gather);
        let (passages, _) = gather.finish();
        let letter = |kind| match kind {
            PassageKind::Heading => 'H',
            PassageKind::Text => 't',
            PassageKind::TableHead => 'C',
            PassageKind::TableRow => 'r',
            PassageKind::Field | PassageKind::Margin | PassageKind::Note | PassageKind::MailHeader => '?',
        };
        passages.iter().map(|passage| letter(passage.kind)).collect()
    }

    #[test]
    fn heads_are_found_below_titles_and_labels() {
        let log = [
            row(1, &["SEAL LOG 2026"]),
            row(2, &["Date", "Seal no", "Driver"]),
            row(3, &["2026-10-03", "HP1", "J. Doe"]),
        ];
        let form =
            [row(1, &["", "POINTS"]), row(3, &["", "Date:", "", "Carrier:"]), row(5, &["", "Point", "OK", "Remark"])];
        let pairs = [row(1, &["Company", "Harbor Pine"]), row(2, &["Made by", "Dana"])];
        let legend = [row(1, &["*Code", "*Meaning"]), row(2, &["SDN", "denied"])];
        let names = [row(1, &["Name", "Dept", "Boss"]), row(2, &["Ann", "DC", "Bo"]), row(3, &["Cy", "HR", "Bo"])];
        for (rows, expected) in [(&log[..], "HCr"), (&form, "HrC"), (&pairs, "rr"), (&legend, "Cr"), (&names, "Crr")] {
            assert_eq!(kinds(rows), expected);
        }
    }

    #[test]
    fn cells_stay_in_their_columns_and_the_empty_edge_goes() {
        let rows = [row(1, &["", "a", "", "c"]), row(2, &["", "", "b"])];
        let mut gather = Gather::new(&Limits::default());
        emit(3, &rows, &mut gather);
        let (passages, _) = gather.finish();
        let texts: Vec<&str> = passages.iter().map(|passage| passage.text.as_str()).collect();
        assert_eq!(texts, ["a\t\tc", "b"]);
        assert_eq!(passages[1].place, Place::Row { sheet: 3, row: 2 });
    }
}
