//! Dates in running text, form fields, mail headers and running page headers.

use crate::domain::judge::normal::normal;
use crate::domain::judge::signal::{DateClass, DatePrecision, DateSort};
use crate::domain::reading::{Passage, PassageKind, Place};

use super::super::find::{self, Found, Written};
use super::super::labels;
use super::super::order::Column;
use super::keep::{Raw, RowDay};
use super::{MAX_MARGINS, Scan};

/// Text is read in pieces of this size, so that one endless line takes no endless buffer.
const PIECE: usize = 16 * 1024;
/// Bytes before a date that can hold its label.
const REACH: usize = 70;
/// Words of a line above that can be a label.
const ABOVE_WORDS: usize = 6;

impl Scan {
    pub(super) fn running_text(&mut self, passage: &Passage) {
        self.orders.read(&passage.text);
        for piece in pieces(&passage.text) {
            self.line_of_text(piece, passage);
        }
        self.above.clear();
        self.above.push_str(tail(&passage.text, REACH));
    }

    fn line_of_text(&mut self, text: &str, passage: &Passage) {
        if !find::may_hold_date(text) {
            return;
        }
        self.find_in(text);
        let found = std::mem::take(&mut self.found);
        let mut before = Before { last_end: 0, class: DateClass::Plain };
        let mut range_from: Option<usize> = None;
        for (k, date) in found.iter().enumerate() {
            let start = range_from.unwrap_or(date.start);
            let pre = tail(&text[before.last_end.min(start)..start], REACH);
            let range = found.get(k + 1).is_some_and(|next| is_range(&text[date.end..next.start]));
            let words = normal(pre);
            if range && range_from.is_none() && !labels::is_validity(&words) {
                range_from = Some(date.start);
                continue;
            }
            let mut class = self.class_in_text(&words, k, &before, after(text, date.end));
            if range && labels::is_validity(&words) {
                // What a paper is valid from is not yet the day it was made.
                class = class.max(DateClass::Plain);
            }
            self.keep_text(&TextDate { date, pre, words: &words, class, text }, passage, k == 0);
            before = Before { last_end: date.end, class };
            range_from = None;
            if range {
                // The end of a validity is an expiry, whatever stands before it.
                before.class = DateClass::Negative;
            }
        }
        self.found = found;
    }

    fn class_in_text(&self, words: &str, k: usize, before: &Before, after: &str) -> DateClass {
        if says_expired(after) {
            return DateClass::Negative;
        }
        if k > 0 && (words.is_empty() || is_range(words)) {
            return before.class;
        }
        if !words.is_empty() {
            return labels::class_before(words);
        }
        let above = normal(&self.above);
        if above.split(' ').count() <= ABOVE_WORDS { labels::class_of_label(&above) } else { DateClass::Plain }
    }

    fn keep_text(&mut self, found: &TextDate<'_>, passage: &Passage, first: bool) {
        let TextDate { date, pre, words, mut class, text } = *found;
        if matches!(date.written, Written::Compact(_)) && class == DateClass::Plain {
            return;
        }
        self.see(Column::default(), date);
        let starts_line = first && passage.kind != PassageKind::Heading && !words.contains(char::is_alphabetic);
        let goes_on = text.len() > date.end + 4;
        let dated_line = starts_line && goes_on && words.len() <= 6 && date.precision == DatePrecision::Day;
        let sort = if dated_line {
            DateSort::DatedLine
        } else if class == DateClass::Negative && labels::is_form_edition(words) {
            class = DateClass::Issue;
            DateSort::Revision
        } else if labels::is_signature(words) {
            DateSort::Signature
        } else if class != DateClass::Plain && is_label(pre, text) {
            DateSort::Labelled
        } else {
            DateSort::Plain
        };
        let label = if words.is_empty() && class != DateClass::Plain { self.above.clone() } else { pre.to_owned() };
        let row = if dated_line { RowDay::Yes } else { RowDay::No };
        self.keep(date, Context { place: passage.place, label, class, sort, column: Column::default() }, row);
    }

    /// A form field: label and value.
    pub(super) fn field(&mut self, passage: &Passage) {
        self.orders.read(&passage.text);
        let mut cells = passage.cells();
        let label = cells.next().unwrap_or_default();
        let words = normal(label);
        let class = labels::class_of_label(&words);
        let sort = if labels::is_signature(&words) { DateSort::Signature } else { DateSort::Labelled };
        for value in cells {
            self.find_in(value);
            for date in std::mem::take(&mut self.found) {
                self.see(Column::default(), &date);
                let label = label.to_owned();
                let context = Context { place: passage.place, label, class, sort, column: Column::default() };
                self.keep(&date, context, RowDay::No);
            }
        }
        self.above.clear();
    }

    /// The day on which a mail was sent, as its sender's clock had it; and what its subject names.
    pub(super) fn mail_header(&mut self, passage: &Passage) {
        let Some((name, value)) = passage.text.split_once('\t') else { return };
        let (sort, class) = match name.trim_end_matches(':') {
            "date" | "sent" | "fecha" | "enviado" | "enviado el" => (DateSort::MailHeader, DateClass::Issue),
            "subject" | "asunto" => (DateSort::Plain, DateClass::Plain),
            _ => return,
        };
        self.find_in(value);
        let Some(date) = self.found.first().copied() else { return };
        self.see(Column::default(), &date);
        let context = Context { place: passage.place, label: name.to_owned(), class, sort, column: Column::default() };
        self.keep(&date, context, RowDay::No);
    }

    /// A running header or footer, once however many pages repeat it.
    pub(super) fn margin(&mut self, passage: &Passage) {
        if !find::may_hold_date(&passage.text) || passage.text.len() > PIECE || self.margins.len() >= MAX_MARGINS {
            return;
        }
        if !self.margins.insert(passage.text.clone()) {
            return;
        }
        self.orders.read(&passage.text);
        self.find_in(&passage.text);
        let mut last_end = 0;
        for date in std::mem::take(&mut self.found) {
            let pre = tail(&passage.text[last_end..date.start], REACH);
            last_end = date.end;
            self.see(Column::default(), &date);
            let class = labels::class_before(&normal(pre));
            let (label, sort) = (pre.to_owned(), DateSort::Margin);
            self.keep(
                &date,
                Context { place: passage.place, label, class, sort, column: Column::default() },
                RowDay::No,
            );
        }
    }

    pub(super) fn see(&mut self, column: Column, date: &Found) {
        if let Written::Numeric(numeric) = &date.written {
            self.orders.see(column, numeric);
        }
    }

    pub(super) fn keep(&mut self, date: &Found, context: Context, row: RowDay) {
        let Context { place, label, class, sort, column } = context;
        let (written, precision, line) = (date.written, date.precision, self.line);
        self.kept.add(Raw { written, precision, column, place, label, class, sort, line }, row);
    }
}

/// Where a date stands and what was made of it.
pub(super) struct Context {
    pub place: Place,
    pub label: String,
    pub class: DateClass,
    pub sort: DateSort,
    pub column: Column,
}

struct TextDate<'a> {
    date: &'a Found,
    pre: &'a str,
    words: &'a str,
    class: DateClass,
    text: &'a str,
}

/// The date before, in the same line.
struct Before {
    last_end: usize,
    class: DateClass,
}

/// The last `bytes` of a text, cut at a character.
pub(super) fn tail(text: &str, bytes: usize) -> &str {
    let mut from = text.len().saturating_sub(bytes);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..]
}

fn after(text: &str, from: usize) -> &str {
    let mut end = text.len().min(from + 24);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[from..end]
}

/// `2026-03-14 (expires)`.
fn says_expired(after: &str) -> bool {
    let Some(aside) = after.trim_start().strip_prefix('(') else { return false };
    let word: String = aside.chars().take_while(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    word.starts_with("expir") || word.starts_with("venc") || word == "due"
}

/// Words that join the begin and the end of a range.
fn is_range(between: &str) -> bool {
    if between.len() > 16 {
        return false;
    }
    let joined = between.trim().to_lowercase();
    matches!(
        joined.as_str(),
        "to" | "a"
            | "al"
            | "-"
            | "\u{2013}"
            | "\u{2014}"
            | "~"
            | "through"
            | "thru"
            | "hasta"
            | "hasta el"
            | "until"
            | "till"
            | "and"
            | "au"
            | "bis"
            | "至"
    )
}

/// A label and not a sentence: it ends in a colon, or it begins its line and is short.
fn is_label(pre: &str, text: &str) -> bool {
    let trimmed = pre.trim_end();
    let begins_line = text.starts_with(pre) && pre.split_whitespace().count() <= 5;
    trimmed.ends_with([':', '\u{ff1a}']) || begins_line
}

/// A long line in pieces that end at a space where there is one.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = rest.len().min(PIECE);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        if end < rest.len() {
            end = rest[..end].rfind(' ').filter(|at| *at > PIECE / 2).unwrap_or(end);
        }
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}
