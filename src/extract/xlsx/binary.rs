//! XLS and XLSB: the visible sheets of the binary workbooks, row by row like those of XLSX.
//!
//! Their cells come with the value and, through its number format, with its being a date; fonts do not come, so a head
//! is told by its words alone. Comments of XLSB are in a part of their own that is not read.

use std::io::Cursor;

use calamine::{Data, DataRef, Reader as _, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError};

use super::blocks::{self, SheetRow};
use super::value::{self, Look};
use super::{COLUMNS, notes};
use crate::domain::reading::{Format, Properties, Reading};
use crate::extract::gather::Gather;
use crate::extract::limits::{Limits, ReadError};
use crate::extract::ole::{Ole, u16_at};
use crate::extract::ole_properties;
use crate::extract::ooxml::{Package, properties};

/// What a reader takes of a cell besides its text.
const CELL_COST: u64 = 16;

/// Rows of the sheet at hand and what further cells may cost.
struct Rows {
    listed: Vec<SheetRow>,
    cells: u64,
    room: u64,
    whole: bool,
}

impl Rows {
    fn new(limits: &Limits) -> Self {
        Self { listed: Vec::new(), cells: limits.cells, room: limits.text_bytes, whole: true }
    }

    /// Adds a cell, rows in order; false once the limit is met.
    fn add(&mut self, row: u32, column: u32, value: &DataRef<'_>) -> bool {
        let shown = value::shown(value, Look::default());
        let cost = CELL_COST.saturating_add(shown.text.len() as u64);
        let (Some(cells), Some(room)) = (self.cells.checked_sub(1), self.room.checked_sub(cost)) else {
            self.whole = false;
            return false;
        };
        self.cells = cells;
        if shown.text.is_empty() {
            return true;
        }
        self.room = room;
        let number = row.saturating_add(1);
        if self.listed.last().is_none_or(|last| last.number != number) {
            self.listed.push(SheetRow::new(number));
        }
        if let Some(row) = self.listed.last_mut() {
            row.add(column.min(COLUMNS), &shown);
        }
        true
    }

    fn emit(&mut self, sheet: u16, gather: &mut Gather) {
        blocks::emit(sheet, &std::mem::take(&mut self.listed), gather);
        if !self.whole {
            gather.cut_short();
        }
    }
}

/// Reads an XLS file.
pub(in crate::extract) fn read_xls(bytes: &[u8], limits: &Limits) -> Result<Reading, ReadError> {
    let ole = Ole::open(bytes).ok();
    let stream = ole.as_ref().and_then(|ole| ole.stream("Workbook").or_else(|| ole.stream("Book")));
    let stream = stream.as_deref().unwrap_or(bytes);
    if is_locked(stream) {
        return Err(ReadError::encrypted("needs a password"));
    }
    let mut workbook = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => ReadError::encrypted("needs a password"),
        _ => ReadError::damaged("the workbook's structure is broken"),
    })?;
    let names = visible(workbook.sheets_metadata());
    let notes = notes::read(stream);
    let mut gather = Gather::new(limits);
    let mut rows = Rows::new(limits);
    for (sheet, name) in (0..u16::MAX).zip(&names) {
        let Ok(range) = workbook.worksheet_range(name) else {
            gather.cut_short();
            continue;
        };
        let (top, left) = range.start().unwrap_or_default();
        let used = range.used_cells().map(|(row, column, value)| (position(top, row), position(left, column), value));
        for (row, column, value) in used {
            if !rows.add(row, column, &borrowed(value)) {
                break;
            }
        }
        rows.emit(sheet, &mut gather);
        notes::emit(&notes, name, sheet, &mut gather);
        if gather.is_full() {
            break;
        }
    }
    let properties = ole.map_or_else(Properties::default, |ole| ole_properties::read(&ole));
    Ok(reading(Format::Xls, names, properties, gather))
}

/// Reads an XLSB file.
pub(in crate::extract) fn read_xlsb(bytes: &[u8], limits: &Limits) -> Result<Reading, ReadError> {
    let mut package = Package::open(bytes, limits)?;
    package.check_all()?;
    let properties = properties(&mut package)?;
    let mut workbook = Xlsb::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsbError::Password => ReadError::encrypted("needs a password"),
        _ => ReadError::damaged("the workbook's structure is broken"),
    })?;
    let names = visible(workbook.sheets_metadata());
    let mut gather = Gather::new(limits);
    let mut rows = Rows::new(limits);
    for (sheet, name) in (0..u16::MAX).zip(&names) {
        match workbook.worksheet_cells_reader(name) {
            Ok(mut cells) => loop {
                let Ok(found) = cells.next_cell() else {
                    gather.cut_short();
                    break;
                };
                let Some(cell) = found else { break };
                let (row, column) = cell.get_position();
                if !rows.add(row, column, cell.get_value()) {
                    break;
                }
            },
            Err(_) => gather.cut_short(),
        }
        rows.emit(sheet, &mut gather);
        if gather.is_full() {
            break;
        }
    }
    Ok(reading(Format::Xlsb, names, properties, gather))
}

fn reading(format: Format, sheets: Vec<String>, properties: Properties, gather: Gather) -> Reading {
    let (passages, truncated) = gather.finish();
    Reading { format, properties, sheets, passages, truncated }
}

fn visible(sheets: &[Sheet]) -> Vec<String> {
    let shown = sheets.iter().filter(|s| s.visible == SheetVisible::Visible && s.typ == SheetType::WorkSheet);
    shown.map(|sheet| sheet.name.clone()).collect()
}

fn position(start: u32, offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX).saturating_add(start)
}

fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(yes) => DataRef::Bool(*yes),
        Data::DateTime(date) => DataRef::DateTime(*date),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// A record `FILEPASS` right at the start: everything after it is encrypted.
fn is_locked(stream: &[u8]) -> bool {
    notes::records(stream).take(8).any(|(kind, _)| kind == 0x2f)
        && u16_at(stream, 0).is_some_and(|first| matches!(first, 0x809 | 0x409 | 0x209 | 0x9))
}
