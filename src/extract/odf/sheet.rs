//! Sheets of an OpenDocument workbook: the visible ones, row by row, repeated rows counted and not unrolled.

use std::collections::HashSet;

use crate::domain::reading::{PassageKind, Place};
use crate::extract::gather::{Gather, clean};
use crate::extract::limits::Limits;
use crate::extract::ooxml::{Attributes, Visitor};
use crate::extract::xlsx::{COLUMNS, SheetRow, Shown, emit, plain};

/// A row with something in it is repeated at most so often.
const ROW_REPEATS: u32 = 1_000;
const CELL_BYTES: usize = 32 << 10;
const CELL_COST: u64 = 16;

pub(super) struct Book<'g> {
    gather: &'g mut Gather,
    names: Vec<String>,
    /// Styles of tables that are not shown.
    hidden: HashSet<String>,
    style: String,
    in_sheet: bool,
    rows: Vec<SheetRow>,
    notes: Vec<(u32, String)>,
    row: u32,
    row_repeats: u32,
    cells: Vec<(u32, u32, Shown)>,
    column: u32,
    cell: Option<Cell>,
    /// Inside a comment: what it says so far.
    note: Option<String>,
    aside: bool,
    cells_left: u64,
    room: u64,
    full: bool,
}

/// The open cell: its value's type and value, and its text.
struct Cell {
    sort: String,
    value: String,
    repeats: u32,
    text: String,
}

impl<'g> Book<'g> {
    pub(super) fn new(limits: &Limits, gather: &'g mut Gather) -> Self {
        Self {
            gather,
            names: Vec::new(),
            hidden: HashSet::new(),
            style: String::new(),
            in_sheet: false,
            rows: Vec::new(),
            notes: Vec::new(),
            row: 0,
            row_repeats: 1,
            cells: Vec::new(),
            column: 0,
            cell: None,
            note: None,
            aside: false,
            cells_left: limits.cells,
            room: limits.text_bytes,
            full: false,
        }
    }

    /// The names of the sheets.
    pub(super) fn finish(mut self) -> Vec<String> {
        self.end_sheet();
        if self.full {
            self.gather.cut_short();
        }
        self.names
    }

    fn start_sheet(&mut self, attributes: &Attributes<'_>) -> bool {
        let hidden = attributes.get("style-name").is_some_and(|style| self.hidden.contains(&style));
        if hidden || self.in_sheet || self.names.len() >= usize::from(u16::MAX) {
            return false;
        }
        self.names.push(clean(&attributes.get("name").unwrap_or_default()));
        self.in_sheet = true;
        self.row = 0;
        true
    }

    fn end_sheet(&mut self) {
        let Some(sheet) = self.names.len().checked_sub(1).filter(|_| self.in_sheet) else { return };
        let sheet = u16::try_from(sheet).unwrap_or(u16::MAX);
        emit(sheet, &std::mem::take(&mut self.rows), self.gather);
        for (row, text) in std::mem::take(&mut self.notes) {
            self.gather.text(Place::Row { sheet, row }, PassageKind::Note, &text);
        }
        self.in_sheet = false;
    }

    fn end_cell(&mut self) {
        let Some(cell) = self.cell.take() else { return };
        let repeats = cell.repeats;
        let shown = shown(&cell);
        if !shown.text.is_empty() {
            self.cells.push((self.column, repeats, shown));
        }
        self.column = self.column.saturating_add(repeats);
    }

    fn end_row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        let repeats = if cells.is_empty() { 0 } else { self.row_repeats.min(ROW_REPEATS) };
        for number in (self.row.saturating_add(1)..=u32::MAX).take(repeats as usize) {
            let mut row = SheetRow::new(number);
            for (column, repeats, shown) in &cells {
                for column in (*column..=COLUMNS).take(*repeats as usize) {
                    if self.pay(shown) {
                        row.add(column, shown);
                    }
                }
            }
            self.rows.push(row);
            if self.full {
                return;
            }
        }
        self.full |= !cells.is_empty() && self.row_repeats > ROW_REPEATS;
        self.row = self.row.saturating_add(self.row_repeats);
    }

    fn pay(&mut self, shown: &Shown) -> bool {
        let cost = CELL_COST.saturating_add(shown.text.len() as u64);
        match (self.cells_left.checked_sub(1), self.room.checked_sub(cost)) {
            (Some(cells), Some(room)) => {
                self.cells_left = cells;
                self.room = room;
            }
            _ => self.full = true,
        }
        !self.full
    }
}

impl Visitor for Book<'_> {
    fn start(&mut self, name: &str, attributes: &Attributes<'_>) -> bool {
        let repeats = |name| attributes.get(name).and_then(|count| count.parse().ok()).unwrap_or(1);
        match name {
            "tracked-changes" | "deletion" | "shapes" | "forms" | "scripts" | "dde-links" => return false,
            "style" => self.style = attributes.get("name").unwrap_or_default(),
            "table-properties" if attributes.get("display").as_deref() == Some("false") => {
                self.hidden.insert(std::mem::take(&mut self.style));
            }
            "table" => return self.start_sheet(attributes),
            "table-row" => {
                self.row_repeats = repeats("number-rows-repeated");
                self.column = 0;
                self.cells.clear();
            }
            "table-cell" | "covered-table-cell" => {
                let value = ["date-value", "time-value", "boolean-value", "string-value", "value"];
                self.cell = Some(Cell {
                    sort: attributes.get("value-type").unwrap_or_default(),
                    value: value.iter().find_map(|name| attributes.get(name)).unwrap_or_default(),
                    repeats: repeats("number-columns-repeated"),
                    text: String::new(),
                });
            }
            "annotation" => self.note = Some(String::new()),
            "creator" | "date" | "creator-initials" => self.aside = true,
            "s" | "tab" | "line-break" | "p" => self.text(" "),
            _ => {}
        }
        true
    }

    fn end(&mut self, name: &str) {
        match name {
            "table-cell" | "covered-table-cell" => self.end_cell(),
            "table-row" => self.end_row(),
            "table" => self.end_sheet(),
            "annotation" => {
                if let Some(text) = self.note.take().filter(|text| !text.trim().is_empty()) {
                    self.notes.push((self.row.saturating_add(1), text));
                }
            }
            "creator" | "date" | "creator-initials" => self.aside = false,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let open = self.note.as_mut().or(self.cell.as_mut().map(|cell| &mut cell.text));
        if let Some(open) = open.filter(|open| open.len() < CELL_BYTES)
            && !self.aside
        {
            open.push_str(text);
        }
    }

    fn is_done(&self) -> bool {
        self.full || self.gather.is_full()
    }
}

/// A cell as a person sees it, dates in ISO.
fn shown(cell: &Cell) -> Shown {
    let text = clean(&cell.text);
    let number = || cell.value.parse::<f64>().ok();
    let (text, is_words) = match cell.sort.as_str() {
        "date" => (date(&cell.value), false),
        "time" => (time(&cell.value).unwrap_or(text), false),
        "boolean" => (cell.value.to_uppercase(), false),
        "percentage" => (number().map_or(text, |number| format!("{}%", plain(number * 100.0))), false),
        // Codes with leading zeros stay as they are shown.
        "float" if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => (text, false),
        "float" | "currency" => (number().map_or(text, plain), false),
        _ if text.is_empty() => (clean(&cell.value), true),
        _ => (text, true),
    };
    Shown { text, is_words, bold: false }
}

/// `2026-10-03T14:05:00` as `2026-10-03 14:05`.
fn date(value: &str) -> String {
    let value = clean(value);
    let Some((day, time)) = value.split_once('T') else { return value };
    let time = time.split('.').next().unwrap_or_default();
    let time = time.strip_suffix(":00").unwrap_or(time);
    if matches!(time, "" | "00:00") { day.to_owned() } else { format!("{day} {time}") }
}

/// `PT14H05M00S` as `14:05`.
fn time(value: &str) -> Option<String> {
    let (hours, rest) = value.strip_prefix("PT")?.split_once('H')?;
    let (minutes, seconds) = rest.split_once('M')?;
    let seconds: f64 = seconds.trim_end_matches('S').replace(',', ".").parse().unwrap_or(0.0);
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    Some(if seconds >= 1.0 {
        format!("{hours:02}:{minutes:02}:{seconds:02.0}")
    } else {
        format!("{hours:02}:{minutes:02}")
    })
}
