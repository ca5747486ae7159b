//! Dates of numbers alone: `2026-03-14`, `14/03/2026`, `05.03.26`, `03/2026`, `20260314`.

use crate::domain::judge::signal::DatePrecision;

use super::super::calendar;
use super::token::{Kind, Tokens};
use super::{Hit, Numeric, Written};

/// Words before a dotted number that make it a section or a version.
const COUNTED: [&str; 16] = [
    "rev", "v", "ver", "version", "section", "sec", "seccion", "clause", "no", "art", "item", "step", "inciso",
    "punto", "numeral", "release",
];

/// The next separator of a numeric date, spaces around it allowed, and the token after it.
fn separator(t: Tokens<'_>, i: usize) -> Option<(char, usize, bool)> {
    let at = if t.is_space(i) { i + 1 } else { i };
    let mark = t.mark(at).filter(|c| matches!(c, '/' | '.' | '-' | '\u{2010}' | '\u{2011}'))?;
    let next = if t.is_space(at + 1) { at + 2 } else { at + 1 };
    Some((mark, next, next > i + 1))
}

/// `2026-03-14`, `2026/3/14`, `2026.03.14`, and the picture's `2026:03:14 10:22:03`.
pub(super) fn year_first(t: Tokens<'_>, i: usize) -> Option<Hit> {
    if t.in_a_number(i) {
        return None;
    }
    let (value, digits) = t.number(i)?;
    if t.mark(i + 1) == Some(':') && t.mark(i + 3) == Some(':') && t.is_space(i + 5) {
        return Hit::day(i + 5, calendar::year(value, digits), t.small(i + 2)?, t.small(i + 4)?);
    }
    let (mark, month_at, _) = separator(t, i + 1)?;
    let month = t.small(month_at)?;
    let (second, day_at, _) = separator(t, month_at + 1)?;
    let day = t.small(day_at)?;
    if second != mark || t.goes_on(day_at + 1, mark) {
        return None;
    }
    Hit::day(day_at + 1, calendar::year(value, digits), month, day)
}

/// `14/03/2026`, `3-14-26`, `05.03.2026`: which is the day is not decided here.
pub(super) fn three_parts(t: Tokens<'_>, i: usize) -> Option<Hit> {
    let priced = matches!(t.before(i), Some(Kind::Mark('$' | '€' | '£' | '#')));
    if t.in_a_number(i) || priced {
        return None;
    }
    let first = t.small(i)?;
    let (mark, second_at, spaced) = separator(t, i + 1)?;
    let second = t.small(second_at)?;
    let (mark_again, year_at, spaced_again) = separator(t, second_at + 1)?;
    let (value, digits) = t.number(year_at)?;
    let orders = [(first, second), (second, first)];
    let some_day = orders.iter().any(|&(day, month)| (1..=31).contains(&day) && (1..=12).contains(&month));
    if mark_again != mark || !some_day || !matches!(digits, 2 | 4) || t.goes_on(year_at + 1, mark) {
        return None;
    }
    let bare = digits == 2 && mark != '/';
    if bare && (spaced || spaced_again || (mark == '.' && !is_dotted_date(t, i, second_at))) {
        return None;
    }
    let written = calendar::year(value, digits).map_or(Written::OutOfRange, |year| {
        Written::Numeric(Numeric { first, second, year, separator: mark, four_digit_year: digits == 4 })
    });
    Some(Hit { from: None, next: year_at + 1, written, precision: DatePrecision::Day })
}

/// `05.03.26` and not section `3.4.12` or `Rev 1.10.24`.
fn is_dotted_date(t: Tokens<'_>, i: usize, second_at: usize) -> bool {
    let two_digits = |at| t.number(at).is_some_and(|(_, digits)| digits == 2);
    let word_at = if i > 0 && t.is_space(i - 1) { i.checked_sub(2) } else { i.checked_sub(1) };
    two_digits(i) && two_digits(second_at) && !word_at.is_some_and(|at| t.word_in(at, &COUNTED))
}

/// `03/2026`, `03-2026`.
pub(super) fn month_year(t: Tokens<'_>, i: usize) -> Option<Hit> {
    let month = t.small(i).filter(|m| (1..=12).contains(m))?;
    let mark = t.mark(i + 1).filter(|c| matches!(c, '/' | '-'))?;
    let (value, digits) = t.number(i + 2)?;
    let coded = matches!(t.before(i), Some(Kind::Mark('-' | '/' | '.' | '#')));
    if digits != 4 || coded || t.goes_on(i + 3, mark) {
        return None;
    }
    let year = calendar::year(value, digits)?;
    Hit::first_day(i + 3, Some(year), month, DatePrecision::Month)
}

/// `2026-03`, `2026/03`; a number of a series (`MEMO-2026-03`) is none.
pub(super) fn year_month(t: Tokens<'_>, i: usize) -> Option<Hit> {
    let (value, digits) = t.number(i)?;
    t.mark(i + 1).filter(|c| matches!(c, '/' | '-'))?;
    let (month, month_digits) = t.number(i + 2)?;
    let coded = matches!(t.before(i), Some(Kind::Mark('-' | '/' | '.' | '#')));
    let goes_on = matches!(t.mark(i + 3), Some('-' | '/')) && t.number(i + 4).is_some();
    if month_digits != 2 || !(1..=12).contains(&month) || coded || goes_on {
        return None;
    }
    let year = calendar::year(value, digits)?;
    Hit::first_day(i + 3, Some(year), u32::try_from(month).ok()?, DatePrecision::Month)
}

/// `20260314`, `20260314T101500Z`.
pub(super) fn compact(t: Tokens<'_>, i: usize) -> Option<Hit> {
    let (value, _) = t.number(i)?;
    let day = calendar::compact(value)?;
    let timed = t.word_in(i + 1, &["t"]) && t.number(i + 2).is_some();
    let written = if timed { Written::Day(day) } else { Written::Compact(day) };
    Some(Hit { from: None, next: i + 1, written, precision: DatePrecision::Day })
}
