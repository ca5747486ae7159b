//! Finds what is written as a date in one line, with its span; day and month order is left open.
//!
//! A hand-written grammar over tokens, tried at each number and each month's name: it reads a line once, and a line
//! without a digit not at all unless a year is written in words.

mod named;
mod numeric;
mod period;
mod token;

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::domain::day::Day;
use crate::domain::judge::signal::DatePrecision;

use token::{Kind, Token, Tokens};

/// A date as written: bytes `start..end` of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub start: usize,
    pub end: usize,
    pub written: Written,
    pub precision: DatePrecision,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Day(Day),
    Numeric(Numeric),
    /// Eight digits in a row: a date only where one is expected.
    Compact(Day),
    /// A date of a year that no paper here speaks for; it takes its place and says nothing.
    OutOfRange,
}

/// Two numbers and a year, in an order that the rest of the text decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Numeric {
    // The year stands first, so that the derived order is nearly that of time.
    pub year: u32,
    pub first: u32,
    pub second: u32,
    pub separator: char,
    pub four_digit_year: bool,
}

/// What a rule of the grammar took: the token after it, and what it read.
struct Hit {
    /// The first token, where the date begins before the token at which it was recognised.
    from: Option<usize>,
    next: usize,
    written: Written,
    precision: DatePrecision,
}

impl Hit {
    fn day(next: usize, year: Option<u32>, month: u32, day: u32) -> Option<Self> {
        let written = match year {
            None => Written::OutOfRange,
            Some(year) => Written::Day(super::calendar::day(year, month, day)?),
        };
        Some(Self { from: None, next, written, precision: DatePrecision::Day })
    }

    fn first_day(next: usize, year: Option<u32>, month: u32, precision: DatePrecision) -> Option<Self> {
        Some(Self { precision, ..Self::day(next, year, month, 1)? })
    }
}

/// Reads lines one after the other, with one buffer.
#[derive(Default)]
pub(super) struct Finder {
    tokens: Vec<Token>,
}

static YEAR_IN_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(["dos mil", "two thousand", "twenty twenty", "twenty-twenty", "twenty thirty"])
        .expect("five short words make a small automaton")
});

/// False if `line` certainly holds no date: the cheap first look.
pub(super) fn may_hold_date(line: &str) -> bool {
    // A full-width digit has no ASCII byte; its lead byte EF is rare enough.
    line.bytes().any(|b| b.is_ascii_digit() || b == 0xef) || YEAR_IN_WORDS.is_match(line)
}

impl Finder {
    /// Appends what is found in `line` to `found`, in order.
    pub fn find(&mut self, line: &str, found: &mut Vec<Found>) {
        if !may_hold_date(line) {
            return;
        }
        token::cut(line, &mut self.tokens);
        let tokens = Tokens { line, all: &self.tokens };
        let mut i = 0;
        while let Some(kind) = tokens.kind(i) {
            let hit = match kind {
                Kind::Number(..) => at_number(tokens, i),
                Kind::Word => at_word(tokens, i),
                Kind::Space | Kind::Mark(_) => None,
            };
            let Some(hit) = hit else {
                i += 1;
                continue;
            };
            let end = self.tokens[hit.next - 1].end;
            let start = self.tokens[hit.from.unwrap_or(i)].start;
            found.push(Found { start, end, written: hit.written, precision: hit.precision });
            i = hit.next;
        }
    }
}

fn at_number(t: Tokens<'_>, i: usize) -> Option<Hit> {
    let (_, digits) = t.number(i)?;
    match digits {
        1 | 2 => named::day_month_year(t, i)
            .or_else(|| period::vietnamese(t, i))
            .or_else(|| numeric::three_parts(t, i))
            .or_else(|| period::quarter_first(t, i))
            .or_else(|| numeric::month_year(t, i)),
        4 => numeric::year_first(t, i)
            .or_else(|| period::cjk(t, i))
            .or_else(|| named::year_month_day(t, i))
            .or_else(|| period::year_quarter(t, i))
            .or_else(|| numeric::year_month(t, i)),
        8 => numeric::compact(t, i),
        _ => None,
    }
}

fn at_word(t: Tokens<'_>, i: usize) -> Option<Hit> {
    named::month_first(t, i).or_else(|| period::quarter_word(t, i))
}
