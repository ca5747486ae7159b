//! Tables of a document while they are read, row by row.
//!
//! Apart from the body because whether the first row is a head is known only when the second has been seen: the first
//! is held back until then.

use crate::domain::reading::{PassageKind, Place};
use crate::extract::gather::{Gather, looks_like_head};

/// A grid span beyond this is a writer's slip or an attack.
const SPAN: usize = 64;

/// An open table.
#[derive(Default)]
pub(super) struct Table {
    row: Option<Row>,
    held: Option<Row>,
    rows: usize,
}

/// A row while it is read.
#[derive(Default)]
pub(super) struct Row {
    place: Option<Place>,
    cells: Vec<String>,
    /// Filled cells that are not bold throughout.
    plain: usize,
    marked_head: bool,
    heading: bool,
    cell: Option<OpenCell>,
}

#[derive(Default)]
struct OpenCell {
    text: String,
    span: usize,
    bold: bool,
}

impl Table {
    pub(super) fn start_row(&mut self) {
        self.row = Some(Row::default());
    }

    pub(super) fn mark_head(&mut self) {
        if let Some(row) = &mut self.row {
            row.marked_head = true;
        }
    }

    pub(super) fn start_cell(&mut self) {
        if let Some(row) = &mut self.row {
            row.cell = Some(OpenCell { span: 1, bold: true, ..OpenCell::default() });
        }
    }

    pub(super) fn span(&mut self, columns: usize) {
        if let Some(cell) = self.row.as_mut().and_then(|row| row.cell.as_mut()) {
            cell.span = columns.clamp(1, SPAN);
        }
    }

    /// Adds a paragraph to the open cell; gives it back if no cell is open.
    pub(super) fn add(&mut self, paragraph: &Paragraph<'_>) -> bool {
        let Some(row) = &mut self.row else { return false };
        let Some(cell) = &mut row.cell else { return false };
        row.place.get_or_insert(paragraph.place);
        row.heading |= paragraph.heading;
        if !paragraph.text.is_empty() {
            if !cell.text.is_empty() {
                cell.text.push(' ');
            }
            cell.text.push_str(paragraph.text);
            cell.bold &= paragraph.bold;
        }
        true
    }

    pub(super) fn end_cell(&mut self) {
        let Some(row) = &mut self.row else { return };
        let Some(cell) = row.cell.take() else { return };
        row.plain += usize::from(!cell.text.is_empty() && !cell.bold);
        row.cells.push(cell.text);
        row.cells.extend(std::iter::repeat_n(String::new(), cell.span - 1));
    }

    pub(super) fn end_row(&mut self, emit: &mut Emit<'_>) {
        self.end_cell();
        let Some(row) = self.row.take() else { return };
        self.rows += 1;
        if self.rows == 1 {
            self.held = Some(row);
            return;
        }
        self.release(Some(&row), emit);
        let kind = if row.marked_head { PassageKind::TableHead } else { PassageKind::TableRow };
        row.emit(kind, emit);
    }

    pub(super) fn end(&mut self, emit: &mut Emit<'_>) {
        self.end_row_if_open(emit);
        self.release(None, emit);
    }

    fn end_row_if_open(&mut self, emit: &mut Emit<'_>) {
        if self.row.is_some() {
            self.end_row(emit);
        }
    }

    fn release(&mut self, next: Option<&Row>, emit: &mut Emit<'_>) {
        if let Some(first) = self.held.take() {
            let kind = if first.is_head(next) { PassageKind::TableHead } else { PassageKind::TableRow };
            first.emit(kind, emit);
        }
    }
}

/// A finished paragraph on its way into a cell.
pub(super) struct Paragraph<'t> {
    pub text: &'t str,
    pub place: Place,
    pub bold: bool,
    pub heading: bool,
}

/// Where rows go, and as what if not as rows of a table.
pub(super) struct Emit<'g> {
    pub gather: &'g mut Gather,
    /// Margins and notes have no tables: their cells become one line.
    pub flat: Option<PassageKind>,
    pub fallback: Place,
}

impl Row {
    fn is_head(&self, next: Option<&Self>) -> bool {
        if self.marked_head {
            return true;
        }
        let Some(next) = next.filter(|_| looks_like_head(&self.cells)) else { return false };
        let set_apart = self.plain == 0 && (next.plain > 0 || next.cells.iter().all(String::is_empty));
        // Without any formatting: words above figures or above blanks to be filled in.
        let above_data = next.cells.iter().any(|cell| cell.is_empty() || cell.contains(|c: char| c.is_ascii_digit()));
        set_apart || (self.cells.len() > 2 && above_data)
    }

    fn emit(&self, kind: PassageKind, emit: &mut Emit<'_>) {
        let place = self.place.unwrap_or(emit.fallback);
        if let Some(flat) = emit.flat {
            let filled: Vec<&str> = self.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
            emit.gather.text(place, flat, &filled.join(" | "));
        } else if let [only] = self.cells.as_slice() {
            // A frame around text, not a table.
            let kind = if self.heading { PassageKind::Heading } else { PassageKind::Text };
            emit.gather.text(place, kind, only);
        } else {
            emit.gather.cells(place, kind, &self.cells);
        }
    }
}
