//! From segments to passages: paragraphs joined, table rows told apart, headings and running margins named.
//!
//! Apart from the device because it looks at the document as a whole: the usual size of the text and what repeats on
//! every page are known only after the last page. Rows themselves are built in `rows`.

use std::collections::{HashMap, HashSet};

use super::annotations::Remark;
use super::device::Segment;
use super::fields::Field;
use super::rows::{self, Row};
use crate::domain::reading::{PassageKind, Place};
use crate::extract::gather::{Gather, Sureness, looks_like_head};

/// One drawn page.
pub(super) struct PageText {
    /// From 1.
    pub number: u32,
    pub segments: Vec<Segment>,
    pub fields: Vec<Field>,
    pub remarks: Vec<Remark>,
    /// In points.
    pub height: f64,
}

/// One page as rows, drawn or recognised.
pub(in crate::extract) struct PageRows<'p> {
    /// From 1.
    pub number: u32,
    pub rows: Vec<Row>,
    pub fields: &'p [Field],
    pub remarks: &'p [Remark],
    /// In points.
    pub height: f64,
}

/// Text this much larger than the usual is a heading.
const HEADING_SIZE: f64 = 1.15;
const HEADING_CHARS: usize = 120;
/// The part of a page, above and below, in which running headers and footers stand.
const MARGIN_BAND: f64 = 0.1;
/// On what part of the pages a line must repeat to be a running one, in percent.
const MARGIN_SHARE: usize = 60;
/// Leading above this, in parts of the size, ends a paragraph.
const PARAGRAPH_LEADING: f64 = 1.6;
/// Rows this much further apart than the others of a table may belong to the next one.
const TABLE_GAP: f64 = 1.3;
/// Rows of a table with this many cells or more are no running header, however often they repeat.
const TABLE_CELLS: usize = 3;

/// Turns all pages into passages.
pub(super) fn arrange(pages: &[PageText], gather: &mut Gather) {
    let mut built = Vec::with_capacity(pages.len());
    for PageText { number, segments, fields, remarks, height } in pages {
        built.push(PageRows { number: *number, rows: rows::build(segments), fields, remarks, height: *height });
    }
    arrange_rows(&built, gather);
}

/// Turns all pages into passages, their rows being known.
pub(in crate::extract) fn arrange_rows(pages: &[PageRows<'_>], gather: &mut Gather) {
    let usual = usual_size(pages);
    let running = running_lines(pages);
    let mut seen: HashSet<MarginKey> = HashSet::new();
    for page in pages {
        let rows = &page.rows;
        let place = Place::Page(page.number);
        // Where a running line stands first it is ordinary text: a title is often repeated as a header.
        let is_running =
            |row: &Row| margin_key(page, row).is_some_and(|key| running.contains_key(&key) && seen.contains(&key));
        arrange_page(rows, &is_running, &Out { place, usual }, gather);
        gather.sure(Sureness::default());
        for field in page.fields {
            gather.field(place, &field.label, &field.value);
        }
        for remark in unshown(page) {
            gather.text(place, remark.kind, &remark.shown());
        }
        seen.extend(rows.iter().filter_map(|row| margin_key(page, row)));
        if gather.is_full() {
            return;
        }
    }
}

/// The remarks whose words do not stand on the page anyway, drawn as a stamp or as typed text is.
fn unshown<'p>(page: &PageRows<'p>) -> impl Iterator<Item = &'p Remark> {
    let bare =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let shown = if page.remarks.is_empty() {
        String::new()
    } else {
        page.rows.iter().flat_map(|row| &row.cells).map(|cell| bare(&cell.text)).collect()
    };
    page.remarks.iter().filter(move |remark| !shown.contains(&bare(&remark.text)))
}

/// What every passage of a page needs.
struct Out {
    place: Place,
    usual: f64,
}

fn arrange_page(rows: &[Row], is_running: &dyn Fn(&Row) -> bool, out: &Out, gather: &mut Gather) {
    let edges = right_edges(rows);
    let mut at = 0;
    while at < rows.len() {
        let row = &rows[at];
        if is_running(row) || is_page_number(row) {
            gather.sure(row.sureness());
            gather.text(out.place, PassageKind::Margin, &row.joined());
            at += 1;
        } else if row.cells.len() > 1 {
            let run = table_run(&rows[at..], is_running);
            emit_table(&rows[at..at + run], out, gather);
            at += run;
        } else {
            let run = paragraph_run(&rows[at..], &edges, is_running);
            emit_paragraph(&rows[at..at + run], out, gather);
            at += run;
        }
    }
}

/// How many of the rows belong to the table that starts with the first.
fn table_run(rows: &[Row], is_running: &dyn Fn(&Row) -> bool) -> usize {
    let mut columns = rows::columns(&rows[..1]);
    let mut run = 1;
    let mut usual_gap = f64::MAX;
    while let Some(row) = rows.get(run) {
        let before = &rows[run - 1];
        let gap = before.bottom() - row.top();
        // Another number of cells after a wider gap is another table below the first.
        let apart = gap > TABLE_GAP * usual_gap && row.cells.len() != before.cells.len();
        let close = gap < 4.0 * row.size().max(before.size()) && row.top() < before.top();
        // A row of which only one cell is filled belongs to the table if that cell keeps to its column.
        let alike = (row.size() - before.size()).abs() < 0.1 * before.size();
        let fits = row.cells.len() > 1 || columns.len() >= TABLE_CELLS && alike && columns.holds(row);
        // A bold row below plain ones is the head of the next table.
        let next_head = row.is_bold() && !before.is_bold();
        if !close || !fits || apart || next_head || is_running(row) {
            break;
        }
        if row.cells.len() > columns.len() {
            columns = rows::columns(&rows[..=run]);
        }
        usual_gap = usual_gap.min(gap);
        run += 1;
    }
    run
}

fn emit_table(rows: &[Row], out: &Out, gather: &mut Gather) {
    let columns = rows::columns(rows);
    for (index, row) in rows.iter().enumerate() {
        let cells = columns.align(row);
        let set_apart =
            columns.len() >= TABLE_CELLS || row.is_bold() && rows.get(1).is_some_and(|next| !next.is_bold());
        let whole = row.cells.len() * 10 >= columns.len() * 6;
        let head = index == 0 && rows.len() > 1 && set_apart && whole && looks_like_head(&cells);
        let kind = if head { PassageKind::TableHead } else { PassageKind::TableRow };
        gather.sure(row.sureness());
        gather.cells(out.place, kind, &cells);
    }
}

/// How many of the lines are one paragraph: a line goes on where the next line's first word had no more room.
fn paragraph_run(rows: &[Row], edges: &HashMap<i64, f64>, is_running: &dyn Fn(&Row) -> bool) -> usize {
    let mut run = 1;
    while let (Some(before), Some(next)) = (rows.get(run - 1), rows.get(run)) {
        let (Some(a), Some(b)) = (before.cells.first(), next.cells.first()) else { break };
        let leading = a.bottom - b.top;
        let follows = next.cells.len() == 1
            && a.upright
            && b.upright
            && leading > 0.0
            && leading < PARAGRAPH_LEADING * b.size
            && (a.size - b.size).abs() < 0.1 * b.size
            && (run > 1 || !a.bold || b.bold)
            && !starts_item(&b.text)
            && !is_running(next);
        let edge = edges.get(&edge_key(b.x0)).copied().unwrap_or(a.x1);
        let width = (b.x1 - b.x0) / (b.text.chars().count().max(1) as f64);
        let first_word = b.text.split_whitespace().next().map_or(0, |word| word.chars().count());
        let full = a.x1 + width * (first_word as f64 + 1.0) > edge;
        if !(follows && full) {
            break;
        }
        run += 1;
    }
    run
}

fn emit_paragraph(rows: &[Row], out: &Out, gather: &mut Gather) {
    let lines: Vec<String> = rows.iter().map(Row::joined).collect();
    let text = rows::join_lines(lines.iter().map(String::as_str));
    let large = rows.iter().all(|row| row.size() > HEADING_SIZE * out.usual);
    let bold = rows.len() == 1 && rows[0].is_bold() && !text.ends_with(['.', ':', ';', ',']);
    let heading = (large || bold) && rows.len() <= 2 && text.chars().count() <= HEADING_CHARS;
    gather.sure(rows.iter().map(Row::sureness).fold(Sureness::default(), Sureness::and));
    gather.text(out.place, if heading { PassageKind::Heading } else { PassageKind::Text }, &text);
}

/// A bullet or a number such as `3.1` or `(b)` starts a paragraph of its own.
fn starts_item(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or("");
    let marker = first.trim_matches(['(', ')', '.', ':']);
    let number = !marker.is_empty() && marker.chars().all(|c| c.is_ascii_digit() || c == '.');
    let letter = first.ends_with([')', '.']) && marker.chars().count() == 1 && marker.chars().all(char::is_alphabetic);
    let bullet = matches!(first.chars().next(), Some('•' | '◦' | '▪' | '–' | '□' | '☐' | '☒' | '\u{f0b7}'));
    bullet || letter || (number && first.len() != marker.len()) || number && marker.contains('.') || first == "-"
}

/// `Page 3`, `Page 3 of 5`, `Página 3`.
fn is_page_number(row: &Row) -> bool {
    let text = row.cells.last().map_or_else(String::new, |cell| cell.text.to_lowercase());
    let mut words = text.split_whitespace();
    let named = matches!(words.next(), Some("page" | "página" | "pagina" | "pág."));
    let is_number = |word: &str| matches!(word, "of" | "de") || word.chars().all(|c| c.is_ascii_digit() || c == '/');
    named && row.cells.len() < TABLE_CELLS && text.chars().any(|c| c.is_ascii_digit()) && words.all(is_number)
}

fn edge_key(x: f64) -> i64 {
    // Within two points counts as the same left edge. The value is a place on a page: far inside `i64`.
    #[allow(clippy::cast_possible_truncation)]
    let key = (x / 2.0).round() as i64;
    key
}

/// The right edge of the column of text that starts at each left edge.
fn right_edges(rows: &[Row]) -> HashMap<i64, f64> {
    let mut edges = HashMap::new();
    for cell in rows.iter().filter(|row| row.cells.len() == 1).flat_map(|row| &row.cells) {
        let edge = edges.entry(edge_key(cell.x0)).or_insert(cell.x1);
        *edge = cell.x1.max(*edge);
    }
    edges
}

/// The size in which most characters outside tables are set.
fn usual_size(pages: &[PageRows<'_>]) -> f64 {
    let mut counts: HashMap<i64, usize> = HashMap::new();
    let rows = pages.iter().flat_map(|page| &page.rows).filter(|row| row.cells.len() == 1);
    for cell in rows.flat_map(|row| &row.cells) {
        *counts.entry(edge_key(cell.size * 4.0)).or_default() += cell.text.len();
    }
    let most = counts.into_iter().max_by_key(|(size, count)| (*count, *size));
    most.map_or(f64::MAX, |(size, _)| size as f64 / 2.0)
}

/// What makes two running lines the same: the text without its figures, and the height on the page.
type MarginKey = (String, i64);

fn margin_key(page: &PageRows<'_>, row: &Row) -> Option<MarginKey> {
    let share = row.bottom() / page.height.max(1.0);
    let outside = !(MARGIN_BAND..=1.0 - MARGIN_BAND).contains(&share);
    (outside && row.cells.len() < TABLE_CELLS).then(|| {
        let text = row.joined().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>();
        (text.replace("00", "0"), edge_key(row.bottom()))
    })
}

fn running_lines(pages: &[PageRows<'_>]) -> HashMap<MarginKey, usize> {
    let mut counts: HashMap<MarginKey, usize> = HashMap::new();
    for page in pages {
        let mut keys: Vec<MarginKey> = page.rows.iter().filter_map(|row| margin_key(page, row)).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            *counts.entry(key).or_default() += 1;
        }
    }
    let needed = (pages.len() * MARGIN_SHARE).div_ceil(100).max(2);
    counts.retain(|_, count| *count >= needed);
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_a_list_start_their_own_paragraph() {
        for (text, item) in [
            ("• first", true),
            ("3. third", true),
            ("3.1 Scope", true),
            ("(b) second", true),
            ("b) second", true),
            ("2026 was", false),
            ("a seal", false),
            ("seals. And", false),
            ("- dash", true),
        ] {
            assert_eq!(starts_item(text), item, "{text}");
        }
    }
}
