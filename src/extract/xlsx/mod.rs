//! XLSX and XLSM: the visible sheets row by row, with the values as a person sees them.
//!
//! Cells are streamed one by one and never asked for as a range: two cells in opposite corners of a sheet are a legal
//! file of a kilobyte and a range of half a terabyte.

mod beside;
mod binary;
mod blocks;
mod notes;
mod value;

use std::io::Cursor;

use calamine::{Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};

use super::gather::Gather;
use super::limits::{Limits, ReadError};
use super::ooxml::{Package, properties};
use crate::domain::reading::{Format, Reading};
use value::Look;

pub(super) use binary::{read_xls, read_xlsb};
pub(super) use blocks::{SheetRow, emit};
pub(super) use value::{Shown, plain};

/// Cells further right than this keep no empty cells before them.
pub(super) const COLUMNS: u32 = 256;

type Workbook<'b> = Xlsx<Cursor<&'b [u8]>>;

/// Reads the visible sheets of a workbook.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ReadError> {
    let mut package = Package::open(bytes, limits)?;
    package.check_all()?;
    let properties = properties(&mut package)?;
    let mut workbook: Workbook<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let names = visible_sheets(&workbook);
    let beside = beside::read(&mut package, &names)?;
    let mut gather = Gather::new(limits);
    let mut cells = limits.cells;
    for (index, name) in names.iter().enumerate() {
        let Ok(sheet) = u16::try_from(index) else {
            gather.cut_short();
            break;
        };
        let rows = rows(&mut workbook, name, &mut cells, limits.text_bytes);
        blocks::emit(sheet, &rows.rows, &mut gather);
        beside.emit(sheet, name, &mut gather);
        if !rows.whole {
            gather.cut_short();
        }
        if gather.is_full() && cells == 0 {
            break;
        }
    }
    let (passages, truncated) = gather.finish();
    Ok(Reading { format: Format::Xlsx, properties, sheets: names, passages, truncated })
}

/// Worksheets that a person sees, in order. Charts and macro sheets hold no cells.
fn visible_sheets(workbook: &Workbook<'_>) -> Vec<String> {
    let sheets = workbook.sheets_metadata().iter();
    let shown = sheets.filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet);
    shown.map(|sheet| sheet.name.clone()).collect()
}

/// The rows of one sheet that hold anything.
struct Rows {
    rows: Vec<SheetRow>,
    /// False if a limit or damage cut them short.
    whole: bool,
}

fn rows(workbook: &mut Workbook<'_>, name: &str, cells: &mut u64, text_bytes: u64) -> Rows {
    let mut rows = Vec::new();
    let mut open: Option<SheetRow> = None;
    let mut room = text_bytes;
    let Ok(mut reader) = workbook.worksheet_cells_reader(name) else { return Rows { rows, whole: false } };
    let looks: Vec<Look> = reader.styles().iter().map(Look::of).collect();
    let whole = loop {
        if *cells == 0 || room == 0 {
            break false;
        }
        let (cell, style) = match reader.next_cell_with_style_id() {
            Ok(Some(found)) => found,
            Ok(None) => break true,
            Err(_) => break false,
        };
        *cells -= 1;
        let shown = value::shown(cell.get_value(), looks.get(style).copied().unwrap_or_default());
        if shown.text.is_empty() {
            continue;
        }
        room = room.saturating_sub(shown.text.len() as u64 + 16);
        let (number, column) = cell.get_position();
        let number = number.saturating_add(1);
        if open.as_ref().is_none_or(|row| row.number != number) {
            rows.extend(open.take());
        }
        let row = open.get_or_insert_with(|| SheetRow::new(number));
        row.add(column.min(COLUMNS), &shown);
    };
    rows.extend(open);
    Rows { rows, whole }
}

fn broken(error: &XlsxError) -> ReadError {
    match error {
        XlsxError::Password => ReadError::encrypted("needs a password"),
        // The message may quote the document; its kind is enough.
        _ => ReadError::damaged("the workbook's structure is broken"),
    }
}

#[cfg(test)]
mod tests;
