//! What of all dates is kept, within bounds, and settled once the whole text has been seen.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::domain::day::Day;
use crate::domain::judge::signal::{DateCandidate, DateClass, DatePrecision, DateSignals, DateSort};
use crate::domain::reading::Place;

use super::super::find::{Numeric, Written};
use super::super::order::{Column, Orders};

/// Candidates kept from the begin of a text.
const MAX_FIRST: usize = 300;
/// Candidates kept from its end.
const MAX_LAST: usize = 200;
/// Days of rows kept: over ten years of days.
const MAX_DAYS: usize = 4_000;
/// Open numeric dates kept: every day of eleven years in two columns.
const MAX_OPEN: usize = 8_000;
/// Characters of a label.
const MAX_LABEL: usize = 60;

/// A date in its context, day and month not yet told apart.
#[derive(Clone, Debug)]
pub(super) struct Raw {
    pub written: Written,
    pub precision: DatePrecision,
    pub column: Column,
    pub place: Place,
    pub label: String,
    pub class: DateClass,
    pub sort: DateSort,
    pub line: u32,
}

/// Whether a date makes its line a row of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowDay {
    Yes,
    No,
}

#[derive(Default)]
pub(super) struct Kept {
    first: Vec<Raw>,
    last: VecDeque<Raw>,
    days: BTreeSet<Day>,
    open: BTreeSet<(Numeric, Column)>,
    rows: u32,
    last_row_line: Option<u32>,
}

impl Kept {
    pub fn add(&mut self, raw: Raw, row: RowDay) {
        if row == RowDay::Yes && raw.class != DateClass::Negative {
            self.add_row(&raw);
        }
        if self.first.len() < MAX_FIRST {
            self.first.push(raw);
            return;
        }
        if self.last.len() == MAX_LAST {
            self.last.pop_front();
        }
        self.last.push_back(raw);
    }

    fn add_row(&mut self, raw: &Raw) {
        if self.last_row_line != Some(raw.line) {
            self.rows = self.rows.saturating_add(1);
            self.last_row_line = Some(raw.line);
        }
        match raw.written {
            Written::Day(day) | Written::Compact(day) => {
                self.days.insert(day);
                while self.days.len() > MAX_DAYS {
                    self.days.pop_first();
                }
            }
            Written::Numeric(numeric) => {
                self.open.insert((numeric, raw.column));
                while self.open.len() > MAX_OPEN {
                    self.open.pop_first();
                }
            }
            Written::OutOfRange => {}
        }
    }

    /// Settles day and month everywhere.
    pub fn finish(self, orders: &Orders, lines: u32) -> DateSignals {
        let mut days = self.days;
        days.extend(self.open.iter().filter_map(|(numeric, column)| Some(orders.resolve(*column, numeric)?.0)));
        while days.len() > MAX_DAYS {
            days.pop_first();
        }
        let candidates: Vec<DateCandidate> =
            self.first.into_iter().chain(self.last).filter_map(|raw| settle(&raw, orders)).collect();
        DateSignals {
            several_forms: are_several_forms(&candidates),
            candidates,
            row_days: days.into_iter().collect(),
            dated_rows: self.rows,
            lines,
        }
    }
}

fn settle(raw: &Raw, orders: &Orders) -> Option<DateCandidate> {
    let (day, ambiguous) = match raw.written {
        Written::Day(day) | Written::Compact(day) => (day, false),
        Written::Numeric(numeric) => orders.resolve(raw.column, &numeric)?,
        Written::OutOfRange => return None,
    };
    Some(DateCandidate {
        day,
        precision: raw.precision,
        place: raw.place,
        label: short_label(&raw.label),
        class: raw.class,
        sort: raw.sort,
        line: raw.line,
        ambiguous,
    })
}

/// The end of the words before a date, without the marks around them.
fn short_label(label: &str) -> String {
    let trimmed = label.trim_matches(|c: char| !c.is_alphanumeric());
    let skip = trimmed.chars().count().saturating_sub(MAX_LABEL);
    let cut: String = trimmed.chars().skip(skip).collect();
    // A label cut at its begin starts with a whole word.
    let whole = if skip > 0 { cut.split_once(' ').map_or(cut.as_str(), |(_, rest)| rest) } else { cut.as_str() };
    whole.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn last_word(label: &str) -> String {
    label.rsplit(' ').next().unwrap_or_default().to_lowercase()
}

/// True if one label stands with different days on different pages: a stack of filled forms.
fn are_several_forms(candidates: &[DateCandidate]) -> bool {
    let mut seen: BTreeMap<String, BTreeSet<(u32, Day)>> = BTreeMap::new();
    for candidate in candidates {
        let labelled = matches!(candidate.sort, DateSort::Labelled | DateSort::Signature);
        let positive = matches!(candidate.class, DateClass::Issue | DateClass::Event | DateClass::Closing);
        if let Place::Page(page) = candidate.place
            && labelled
            && positive
            && candidate.precision == DatePrecision::Day
        {
            seen.entry(last_word(&candidate.label)).or_default().insert((page, candidate.day));
        }
    }
    seen.values().any(|places| {
        let pages: BTreeSet<u32> = places.iter().map(|(page, _)| *page).collect();
        let days: BTreeSet<Day> = places.iter().map(|(_, day)| *day).collect();
        pages.len() >= 2 && days.len() >= 2
    })
}
