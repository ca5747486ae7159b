//! One pass over a reading: every date with its label, its class and its place; the days of dated rows.
//!
//! Dates whose day and month are open are kept as numbers until the whole text has been seen. What is kept is bounded
//! whatever the text's size: the first and the last few hundred candidates, and the newest days of rows.

mod keep;
mod table;
mod text;

use crate::domain::judge::signal::DateSignals;
use crate::domain::reading::{Passage, PassageKind, Place, Reading};

use super::find::{Finder, Found};
use super::order::Orders;
use keep::Kept;
use table::Table;

/// A line longer than this counts as several, as it would when printed.
const LINE_CHARS: usize = 110;

/// What is known while a text is read from begin to end.
#[derive(Default)]
struct Scan {
    finder: Finder,
    found: Vec<Found>,
    orders: Orders,
    kept: Kept,
    table: Option<Table>,
    tables: u32,
    line: u32,
    /// Normal form of the end of the last line of text: a label may stand above its date.
    above: String,
    /// Running headers already read.
    margins: std::collections::BTreeSet<String>,
}

/// Running headers that are told apart.
const MAX_MARGINS: usize = 64;

/// Keeps every date of a text with its words around it.
pub fn scan(reading: &Reading) -> DateSignals {
    let mut scan = Scan::default();
    for passage in &reading.passages {
        scan.passage(passage);
    }
    scan.kept.finish(&scan.orders, scan.line)
}

impl Scan {
    fn passage(&mut self, passage: &Passage) {
        if passage.text.trim().is_empty() {
            return;
        }
        match passage.kind {
            PassageKind::TableHead => self.table_head(passage),
            PassageKind::TableRow => self.table_row(passage),
            PassageKind::Field => self.field(passage),
            PassageKind::MailHeader => self.mail_header(passage),
            PassageKind::Margin => self.margin(passage),
            PassageKind::Heading | PassageKind::Text | PassageKind::Note => self.running_text(passage),
        }
        if passage.kind != PassageKind::Margin {
            let lines = 1 + passage.text.len() / LINE_CHARS;
            self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        }
        if !matches!(passage.kind, PassageKind::TableHead | PassageKind::TableRow) {
            self.table = None;
        }
    }

    fn find_in(&mut self, text: &str) {
        self.found.clear();
        self.finder.find(text, &mut self.found);
    }

    /// True if `place` lies in another sheet than the table at hand.
    fn is_elsewhere(&self, place: Place) -> bool {
        let sheet = table::sheet_of(place);
        self.table.as_ref().is_some_and(|table| table.sheet != sheet)
    }
}
