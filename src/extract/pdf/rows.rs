//! From segments to rows: what stands side by side, and which column each cell belongs to.
//!
//! Apart from the layout because this is pure geometry. PDF has no tables; writers draw them cell by cell, so that a
//! step up and to the right within a few lines is the next cell of the same row, and a step down and to the left is the
//! next row. Invariant: the order of the file is kept, and no text is lost or doubled.

use super::device::Segment;
use crate::extract::gather::Sureness;

/// Text that stands together: a line, or the lines of a cell.
#[derive(Clone, Debug)]
pub(in crate::extract) struct Cell {
    pub text: String,
    pub x0: f64,
    pub x1: f64,
    /// Baseline of the first line.
    pub top: f64,
    /// Baseline of the last line.
    pub bottom: f64,
    pub size: f64,
    pub upright: bool,
    pub bold: bool,
    /// Of text that was recognised.
    pub sureness: Sureness,
}

/// Cells side by side; a plain line has one. Never empty.
#[derive(Clone, Debug)]
pub(in crate::extract) struct Row {
    pub cells: Vec<Cell>,
}

/// Lines of one cell follow each other this closely, in parts of the size; rows of a table stand further apart.
const CELL_LEADING: f64 = 1.45;
/// How far above the last line the next cell of the same row may start, in parts of the size.
const CELL_RISE: f64 = 9.0;
/// No table of a person has more; more would make each next cell dearer.
const ROW_CELLS: usize = 200;
const SAME_BASELINE: f64 = 0.5;
const SAME_EDGE: f64 = 2.0;
/// From the bullet of a list item to its text, in parts of the size.
const MARKER_GAP: f64 = 3.5;

impl Row {
    pub(super) fn top(&self) -> f64 {
        self.cells.iter().map(|cell| cell.top).fold(f64::MIN, f64::max)
    }

    pub(super) fn bottom(&self) -> f64 {
        self.cells.iter().map(|cell| cell.bottom).fold(f64::MAX, f64::min)
    }

    pub(super) fn size(&self) -> f64 {
        self.cells.iter().map(|cell| cell.size).fold(0.0, f64::max)
    }

    /// The cells as one line of text.
    pub(super) fn joined(&self) -> String {
        self.cells.iter().map(|cell| cell.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn is_bold(&self) -> bool {
        self.cells.iter().all(|cell| cell.bold)
    }

    pub(super) fn sureness(&self) -> Sureness {
        self.cells.iter().map(|cell| cell.sureness).fold(Sureness::default(), Sureness::and)
    }

    fn right(&self) -> f64 {
        self.cells.iter().map(|cell| cell.x1).fold(f64::MIN, f64::max)
    }
}

/// Lines as one text; a line that ends in a hyphen goes on without a space.
pub(super) fn join_lines<'t>(lines: impl Iterator<Item = &'t str>) -> String {
    let mut text = String::new();
    for line in lines {
        join_line(&mut text, line);
    }
    text
}

/// In place: a cell may have very many lines.
fn join_line(text: &mut String, line: &str) {
    let split = text.ends_with('-') && text.chars().rev().nth(1).is_some_and(char::is_alphabetic);
    if !text.is_empty() && !split {
        text.push(' ');
    }
    text.push_str(line);
}

/// Groups the segments of a page, in the order of the file.
pub(super) fn build(segments: &[Segment]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for segment in segments {
        let cell = Cell {
            text: segment.text.clone(),
            x0: segment.x0,
            x1: segment.x1,
            top: segment.y,
            bottom: segment.y,
            size: segment.size,
            upright: segment.upright,
            bold: segment.bold,
            sureness: Sureness::default(),
        };
        place(cell, &mut rows);
    }
    rows
}

fn place(cell: Cell, rows: &mut Vec<Row>) {
    let Some(row) = rows.last_mut() else {
        rows.push(Row { cells: vec![cell] });
        return;
    };
    let beside = cell.upright
        && row.cells.len() < ROW_CELLS
        && row.cells.iter().all(|other| other.upright)
        && cell.x0 > row.right() - 0.2 * cell.size
        && cell.top > row.bottom() - SAME_BASELINE * cell.size
        && cell.top - row.top() < CELL_RISE * cell.size;
    if beside && row.cells.len() == 1 && is_marker(&row.cells[0], &cell) {
        extend(&mut row.cells[0], &cell);
    } else if beside && row.cells.len() == 1 {
        let first = first_cell(rows, &cell);
        rows.push(Row { cells: vec![first, cell] });
    } else if beside {
        row.cells.push(cell);
    } else if row.cells.len() > 1 && goes_on(row, &cell) {
        if let Some(last) = row.cells.last_mut() {
            extend(last, &cell);
        }
    } else {
        rows.push(Row { cells: vec![cell] });
    }
}

/// True if the first cell is the bullet or the number of a list item, and `text` the item.
fn is_marker(first: &Cell, text: &Cell) -> bool {
    let marker = first.text.trim_matches(['(', ')', '.']);
    let punctuated = marker.len() < first.text.len() && first.text.chars().count() <= 5;
    let bullet = first.text.chars().count() <= 2 && !first.text.chars().any(char::is_alphanumeric);
    let near = text.x0 - first.x1 < MARKER_GAP * text.size && (first.top - text.top).abs() < SAME_BASELINE * text.size;
    near && (bullet
        || punctuated && marker.chars().all(|c| c.is_ascii_digit() || c == '.')
        || punctuated && marker.len() == 1)
}

/// Takes the lines that make up the first cell, beside which `next` stands, off the rows.
fn first_cell(rows: &mut Vec<Row>, next: &Cell) -> Cell {
    let mut from = rows.len() - 1;
    while from > 0 {
        let (above, below) = (&rows[from - 1], &rows[from].cells[0]);
        let [line] = above.cells.as_slice() else { break };
        let leading = line.bottom - below.top;
        let same_cell = line.upright
            && (line.x0 - below.x0).abs() < SAME_EDGE * below.size
            && line.x1 <= next.x0
            && leading > 0.0
            && leading < CELL_LEADING * below.size
            && line.top < next.top + SAME_BASELINE * next.size;
        if !same_cell {
            break;
        }
        from -= 1;
    }
    let mut lines = rows.drain(from..).flat_map(|row| row.cells);
    // `from` is an index of a row and rows are never empty, so that there is a first line.
    let mut first = lines.next().expect("a row has at least one cell");
    for line in lines {
        extend(&mut first, &line);
    }
    first
}

/// True if the cell is one more line of the row's last cell.
fn goes_on(row: &Row, cell: &Cell) -> bool {
    let [.., before, last] = row.cells.as_slice() else { return false };
    let leading = last.bottom - cell.top;
    cell.upright
        && leading > 0.0
        && leading < CELL_LEADING * cell.size.max(last.size)
        && cell.x0 >= before.x1
        && cell.x0 > last.x0 - SAME_EDGE * cell.size
        && cell.x0 < last.x1
        && (cell.size - last.size).abs() < 0.3 * last.size
}

fn extend(cell: &mut Cell, line: &Cell) {
    join_line(&mut cell.text, &line.text);
    cell.x0 = cell.x0.min(line.x0);
    cell.x1 = cell.x1.max(line.x1);
    cell.top = cell.top.max(line.top);
    cell.bottom = cell.bottom.min(line.bottom);
    cell.bold &= line.bold;
    cell.sureness = cell.sureness.and(line.sureness);
}

/// The columns of a table, as the spans of its fullest row.
pub(super) struct Columns {
    spans: Vec<(f64, f64)>,
}

/// Finds the columns: those of the row with most cells, widened by the other rows' cells that fall into one of them.
pub(super) fn columns(rows: &[Row]) -> Columns {
    let fullest = rows.iter().rev().max_by_key(|row| row.cells.len());
    let mut spans: Vec<(f64, f64)> =
        fullest.map_or_else(Vec::new, |row| row.cells.iter().map(|c| (c.x0, c.x1)).collect());
    for cell in rows.iter().flat_map(|row| &row.cells) {
        let mut touched = spans.iter_mut().filter(|span| cell.x0 < span.1 && cell.x1 > span.0);
        if let (Some(span), None) = (touched.next(), touched.next()) {
            *span = (span.0.min(cell.x0), span.1.max(cell.x1));
        }
    }
    Columns { spans }
}

impl Columns {
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// True if the row is one cell that stays within its column.
    pub(super) fn holds(&self, row: &Row) -> bool {
        let [cell] = row.cells.as_slice() else { return false };
        let index = self.nearest(cell);
        let next = self.spans.get(index + 1).map_or(f64::MAX, |span| span.0);
        let near = self.spans.get(index).is_some_and(|span| (cell.x0 - span.0).abs() < SAME_EDGE || cell.x0 > span.0);
        cell.upright && near && cell.x1 < next && index + 1 < self.spans.len()
    }

    /// The texts of the row by column, empty ones kept. Two cells in one column are joined.
    pub(super) fn align(&self, row: &Row) -> Vec<String> {
        let mut cells = vec![String::new(); self.spans.len()];
        let mut least = 0;
        for cell in &row.cells {
            let index = self.nearest(cell).max(least).min(cells.len().saturating_sub(1));
            if let Some(target) = cells.get_mut(index) {
                *target = join_lines([target.as_str(), cell.text.as_str()].into_iter().filter(|t| !t.is_empty()));
            }
            least = (index + 1).min(cells.len().saturating_sub(1));
        }
        cells
    }

    /// The first column that the cell touches, else the one that is nearest.
    fn nearest(&self, cell: &Cell) -> usize {
        let touched = self.spans.iter().position(|span| cell.x0 < span.1 && cell.x1 > span.0);
        let distance = |span: &(f64, f64)| (span.0 - cell.x1).max(cell.x0 - span.1);
        let by_distance = || {
            let ranked = self.spans.iter().enumerate().min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)));
            ranked.map_or(0, |(index, _)| index)
        };
        touched.unwrap_or_else(by_distance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(text: &str, x0: f64, y: f64) -> Segment {
        Segment {
            text: text.to_owned(),
            x0,
            x1: x0 + 5.0 * text.len() as f64,
            y,
            size: 10.0,
            upright: true,
            bold: false,
        }
    }

    fn texts(rows: &[Row]) -> Vec<Vec<&str>> {
        rows.iter().map(|row| row.cells.iter().map(|cell| cell.text.as_str()).collect()).collect()
    }

    #[test]
    fn a_table_drawn_cell_by_cell_becomes_rows_with_wrapped_cells() {
        let rows = build(&[
            segment("A line above", 50.0, 740.0),
            segment("Date", 50.0, 700.0),
            segment("Finding", 150.0, 700.0),
            segment("2026-10-03", 50.0, 680.0),
            segment("late", 50.0, 668.0),
            segment("Seal broken on", 150.0, 680.0),
            segment("arrival", 150.0, 668.0),
            segment("2026-10-04", 50.0, 648.0),
            segment("none", 150.0, 648.0),
        ]);
        let expected: Vec<Vec<&str>> = vec![
            vec!["A line above"],
            vec!["Date", "Finding"],
            vec!["2026-10-03 late", "Seal broken on arrival"],
            vec!["2026-10-04", "none"],
        ];
        assert_eq!(texts(&rows), expected);
    }

    #[test]
    fn cells_keep_their_columns_where_some_are_empty() {
        let rows = build(&[
            segment("Date", 50.0, 700.0),
            segment("Seal", 150.0, 700.0),
            segment("By", 250.0, 700.0),
            segment("3 Oct", 50.0, 680.0),
            segment("JD", 250.0, 680.0),
        ]);
        let columns = columns(&rows);
        assert_eq!(columns.align(&rows[1]), ["3 Oct", "", "JD"]);
    }

    #[test]
    fn bullets_and_numbers_belong_to_their_items() {
        for (marker, rows_expected) in [("•", 1), ("3.", 1), ("b)", 1), ("\u{7f}", 1), ("3", 2), ("No", 2)] {
            let rows = build(&[segment(marker, 50.0, 700.0), segment("Count the seals", 72.0, 700.0)]);
            assert_eq!(rows[0].cells.len(), rows_expected, "{marker}");
        }
    }

    #[test]
    fn a_row_without_an_end_is_cut_into_rows() {
        let segments: Vec<Segment> = (0..50_000).map(|n| segment("a", 20.0 * f64::from(n), 700.0)).collect();
        let rows = build(&segments);
        assert_eq!(rows.iter().map(|row| row.cells.len()).sum::<usize>(), 50_000);
        assert!(rows.iter().all(|row| row.cells.len() <= ROW_CELLS));
    }

    #[test]
    fn lines_below_each_other_stay_lines() {
        let rows = build(&[segment("one", 50.0, 700.0), segment("two", 60.0, 688.0), segment("up", 40.0, 760.0)]);
        assert_eq!(texts(&rows), [["one"], ["two"], ["up"]]);
    }

    #[test]
    fn a_hyphen_at_the_end_joins_without_a_space() {
        assert_eq!(join_lines(["high-", "security seal", "- new"].into_iter()), "high-security seal - new");
    }
}
