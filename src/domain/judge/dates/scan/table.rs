//! Dates in tables: under a head, beside a key, or in a row of a log.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::domain::judge::normal::normal;
use crate::domain::judge::signal::{DateClass, DatePrecision, DateSort};
use crate::domain::reading::{Passage, Place};

use super::super::find::{Found, Written};
use super::super::order::Column;
use super::super::{calendar, find, labels};
use super::Scan;
use super::keep::RowDay;
use super::text::{Context, tail};

/// Columns whose heads are kept.
const MAX_COLUMNS: usize = 256;
/// Characters of a cell that can be a head.
const HEAD_CHARS: usize = 60;
/// Rows after which a table is what it has shown itself to be.
const SETTLED_ROWS: u32 = 3;
/// Columns of a log whose rows are not keys and values.
const LOG_COLUMNS: usize = 4;
/// Filled cells up to which a row can be keys and values.
const FORM_CELLS: usize = 6;

/// The table at hand.
#[derive(Default)]
pub(super) struct Table {
    pub sheet: Option<u16>,
    id: u32,
    heads: Vec<Head>,
    revisions: bool,
    /// The row before was a single cell: a title, after which a new head may follow.
    after_title: bool,
    rows: u32,
    dated_rows: u32,
}

#[derive(Default)]
struct Head {
    /// As written.
    text: String,
    class: DateClassOrNone,
    /// Bare numbers below it may be days.
    holds_days: bool,
}

/// The class a head gives; `None` for an empty head.
type DateClassOrNone = Option<DateClass>;

/// The sheet that a place lies in.
pub(super) fn sheet_of(place: Place) -> Option<u16> {
    match place {
        Place::Row { sheet, .. } => Some(sheet),
        Place::Page(_) | Place::Slide(_) | Place::Paragraph(_) | Place::Line(_) => None,
    }
}

static HEAD_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(["date", "fecha", "day", "dia", "día", "when", "timestamp", "日期", "ngày"])
        .expect("nine short words make a small automaton")
});

impl Scan {
    pub(super) fn table_head(&mut self, passage: &Passage) {
        self.start_table(passage.place);
        self.find_in(&passage.text);
        if self.found.is_empty() {
            self.set_heads(&passage.text);
        } else {
            self.table_row(passage);
        }
    }

    fn start_table(&mut self, place: Place) {
        self.tables = self.tables.saturating_add(1);
        self.table = Some(Table { id: self.tables, sheet: sheet_of(place), ..Table::default() });
    }

    fn set_heads(&mut self, text: &str) {
        self.orders.read(text);
        let Some(table) = &mut self.table else { return };
        table.heads.clear();
        let mut names = Vec::new();
        for (column, cell) in (0u16..).zip(text.split('\t').take(MAX_COLUMNS)) {
            let name = normal(tail(cell, HEAD_CHARS));
            let class = (!name.is_empty()).then(|| labels::class_of_label(&name));
            self.orders.head(Column { table: table.id, column }, cell);
            table.heads.push(Head { text: cell.trim().to_owned(), class, holds_days: labels::is_date_head(&name) });
            if !name.is_empty() {
                names.push(name);
            }
        }
        table.revisions = labels::is_revision_table(&names);
    }

    pub(super) fn table_row(&mut self, passage: &Passage) {
        if self.table.is_none() || self.is_elsewhere(passage.place) {
            self.start_table(passage.place);
        }
        let text = &passage.text;
        let holds_digit = find::may_hold_date(text);
        if self.may_be_head(text, holds_digit) {
            self.find_in(text);
            if self.found.is_empty() {
                self.set_heads(text);
                self.count_row(RowDay::No);
                return;
            }
        }
        if self.orders_want_text() {
            self.orders.read(text);
        }
        let row = if holds_digit { self.cells(passage) } else { RowDay::No };
        self.count_row(row);
        if let Some(table) = &mut self.table {
            table.after_title = text.split('\t').filter(|cell| !cell.trim().is_empty()).count() == 1;
        }
    }

    /// Hints and language are looked for in the first rows only: a long log repeats itself.
    fn orders_want_text(&self) -> bool {
        self.table.as_ref().is_some_and(|table| table.rows < 40)
    }

    fn count_row(&mut self, row: RowDay) {
        if let Some(table) = &mut self.table {
            table.rows = table.rows.saturating_add(1);
            table.dated_rows = table.dated_rows.saturating_add(u32::from(row == RowDay::Yes));
        }
    }

    /// A row of short words, of which one names a column of days; or the first row of a table without a head.
    fn may_be_head(&self, text: &str, holds_digit: bool) -> bool {
        let Some(table) = &self.table else { return false };
        if text.len() > 1_000 {
            return false;
        }
        let filled = || text.split('\t').filter(|cell| !cell.trim().is_empty());
        let short = || filled().all(|cell| cell.chars().count() <= HEAD_CHARS) && filled().count() >= 2;
        let worded = || filled().filter(|cell| cell.contains(char::is_alphabetic)).count() * 4 >= filled().count() * 3;
        let first = table.heads.is_empty() || (table.after_title && !holds_digit);
        (first || (HEAD_WORDS.is_match(text) && !holds_digit) || (HEAD_WORDS.is_match(text) && table.dated_rows == 0))
            && filled().count() >= 3 - usize::from(HEAD_WORDS.is_match(text))
            && short()
            && worded()
    }

    fn cells(&mut self, passage: &Passage) -> RowDay {
        let filled = passage.cells().filter(|cell| !cell.trim().is_empty()).count();
        let mut left = "";
        let mut row = RowDay::No;
        for (column, cell) in (0u16..).zip(passage.cells().take(MAX_COLUMNS)) {
            if cell.trim().is_empty() {
                continue;
            }
            let mut keyed = false;
            for date in self.dates_in_cell(cell, column) {
                let (context, day) = self.in_cell(&date, CellAt { cell, left, column, filled }, passage.place);
                self.see(context.column, &date);
                if day == RowDay::Yes && context.class != DateClass::Negative {
                    row = RowDay::Yes;
                }
                keyed |= context.label == left && context.class != DateClass::Plain;
                self.keep(&date, context, day);
            }
            // `Dates | 12 May | 14 May`: a key speaks for every day beside it, but for the end of a validity.
            if !keyed || labels::is_validity(&normal(left)) {
                left = cell;
            }
        }
        row
    }

    /// Dates as text; under a head of days also serial numbers, epoch stamps and eight digits.
    fn dates_in_cell(&mut self, cell: &str, column: u16) -> Vec<Found> {
        if !find::may_hold_date(cell) {
            return Vec::new();
        }
        let holds_days = self.head(column).is_some_and(|head| head.holds_days);
        self.find_in(cell);
        let mut found = self.found.clone();
        if !holds_days {
            found.retain(|date| !matches!(date.written, Written::Compact(_)));
        }
        if found.is_empty() && holds_days {
            found.extend(bare_number(cell));
        }
        drop_range_starts(cell, &mut found);
        found
    }

    fn head(&self, column: u16) -> Option<&Head> {
        self.table.as_ref()?.heads.get(usize::from(column))
    }

    fn in_cell(&self, date: &Found, at: CellAt<'_>, place: Place) -> (Context, RowDay) {
        let table = self.table.as_ref();
        let column = Column { table: table.map_or(0, |table| table.id), column: at.column };
        // Below a log of many columns a row of two cells is a key with its value again: `signed | 6/11/25`.
        let closing_row = at.filled == 2 && table.is_some_and(|table| table.heads.len() >= LOG_COLUMNS);
        let settled = table.is_some_and(|table| table.dated_rows >= SETTLED_ROWS) && !closing_row;
        let pre = tail(&at.cell[..date.start], HEAD_CHARS);
        let words = normal(pre);
        let within = if words.is_empty() { DateClass::Plain } else { labels::class_before(&words) };
        if within != DateClass::Plain {
            let aside = self.has_day_column(at.column);
            let sort = if aside { DateSort::Plain } else { labelled_sort(&words) };
            let row = if at.filled > 2 && !aside { RowDay::Yes } else { RowDay::No };
            return (Context { place, label: pre.to_owned(), class: within, sort, column }, row);
        }
        if !settled && at.filled <= FORM_CELLS && at.left.len() <= 2 * HEAD_CHARS {
            let key = normal(at.left);
            let class = labels::class_of_label(&key);
            let under_head = self.head(at.column).is_some_and(|head| head.holds_days);
            if class != DateClass::Plain && labels::is_key(&key) && !under_head {
                let sort = labelled_sort(&key);
                return (Context { place, label: at.left.to_owned(), class, sort, column }, RowDay::No);
            }
        }
        self.under_head(at, place, column)
    }

    /// True if another column than this is the one of days: what a remark mentions is then no row's day.
    fn has_day_column(&self, own: u16) -> bool {
        let is_day = |head: &Head| head.holds_days || matches!(head.class, Some(DateClass::Event | DateClass::Closing));
        self.table
            .as_ref()
            .is_some_and(|table| (0u16..).zip(&table.heads).any(|(column, head)| column != own && is_day(head)))
            && !self.head(own).is_some_and(is_day)
    }

    fn under_head(&self, at: CellAt<'_>, place: Place, column: Column) -> (Context, RowDay) {
        if self.table.as_ref().is_some_and(|table| table.revisions) {
            let label = self.head(at.column).map(|head| head.text.clone()).unwrap_or_default();
            return (Context { place, label, class: DateClass::Issue, sort: DateSort::Revision, column }, RowDay::No);
        }
        let head = self.head(at.column);
        let class = head.and_then(|head| head.class).unwrap_or(DateClass::Plain);
        let label = head.map(|head| head.text.clone()).unwrap_or_default();
        let row = if at.filled >= 3 || head.is_some_and(|head| head.holds_days) { RowDay::Yes } else { RowDay::No };
        (Context { place, label, class, sort: DateSort::Column, column }, row)
    }
}

/// A cell in its row.
#[derive(Clone, Copy)]
struct CellAt<'a> {
    cell: &'a str,
    /// The filled cell before it.
    left: &'a str,
    column: u16,
    filled: usize,
}

fn labelled_sort(words: &str) -> DateSort {
    if labels::is_signature(words) { DateSort::Signature } else { DateSort::Labelled }
}

/// A spreadsheet's serial number, an epoch stamp or eight digits, alone in its cell.
fn bare_number(cell: &str) -> Option<Found> {
    let text = cell.trim();
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let decimal = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !decimal || whole.len() > 13 {
        return None;
    }
    let value: u64 = whole.parse().ok()?;
    let day = match whole.len() {
        5 => calendar::serial(value),
        8 => calendar::compact(value),
        digits => calendar::epoch(value, digits),
    }?;
    Some(Found { start: 0, end: cell.len(), written: Written::Day(day), precision: DatePrecision::Day })
}

/// `3/1/2026 - 3/5/2026` in one cell: the end counts.
fn drop_range_starts(cell: &str, found: &mut Vec<Found>) {
    if found.len() < 2 {
        return;
    }
    let starts: Vec<bool> = found
        .windows(2)
        .map(|pair| matches!(cell[pair[0].end..pair[1].start].trim(), "-" | "\u{2013}" | "to" | "al" | "a"))
        .collect();
    let mut i = 0;
    found.retain(|_| {
        i += 1;
        !starts.get(i - 1).copied().unwrap_or(false)
    });
}
