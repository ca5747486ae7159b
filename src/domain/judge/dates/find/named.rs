//! Dates with a month's name: `14 March 2026`, `Mar 14-16, 2026`, `a los 14 días del mes de enero de 2026`.

use crate::domain::judge::signal::DatePrecision;

use super::super::{calendar, spell};
use super::Hit;
use super::token::{Kind, Tokens};

const ORDINALS: [&str; 12] = ["st", "nd", "rd", "th", "o", "er", "ro", "do", "to", "a", "e", "eme"];
/// Words between the day and the month.
const DAY_WORDS: [&str; 10] = ["de", "del", "of", "dias", "dia", "day", "days", "mes", "the", "month"];
/// Words between the month and the year.
const YEAR_WORDS: [&str; 7] = ["de", "del", "of", "ano", "year", "the", "in"];
const DAY_MARKS: &str = ".-/,)\u{b0}\u{ba}\u{2010}\u{2011}";
const YEAR_MARKS: &str = ".-/,'\u{2019}(_\u{2010}\u{2011}";

fn month_at(t: Tokens<'_>, i: usize) -> Option<u32> {
    t.word(i).and_then(calendar::month_named).map(u32::from)
}

fn ordinal(t: Tokens<'_>, i: usize) -> usize {
    if t.word_in(i, &ORDINALS) && month_at(t, i).is_none() { i + 1 } else { i }
}

/// `14 March 2026`, `14-Mar-26`, `1 de marzo de 2026`, `12/III/2026`, `14 días del mes de enero de dos mil veintiséis`.
pub(super) fn day_month_year(t: Tokens<'_>, i: usize) -> Option<Hit> {
    let day = t.small(i).filter(|d| (1..=31).contains(d))?;
    // A hyphen before may be that of a range, `14-16 March`; a dot or a slash makes a longer number.
    if t.in_a_number(i) && t.before(i) != Some(Kind::Mark('-')) {
        return None;
    }
    let at = t.skip_words(ordinal(t, i + 1), &DAY_WORDS, DAY_MARKS);
    let month = month_at(t, at).or_else(|| roman_between(t, at))?;
    let (year, next) = year_after(t, at + 1)?;
    Hit::day(next, year, month, day)
}

/// A Roman month must stand between two equal marks, or it is any word.
fn roman_between(t: Tokens<'_>, at: usize) -> Option<u32> {
    let mark = t.mark(at.checked_sub(1)?)?;
    let between = matches!(mark, '/' | '-' | '.') && t.mark(at + 1) == Some(mark);
    if between { t.word(at).and_then(calendar::month_roman).map(u32::from) } else { None }
}

/// `2026-Mar-14`, `2026 March 14`.
pub(super) fn year_month_day(t: Tokens<'_>, i: usize) -> Option<Hit> {
    let (value, digits) = t.number(i)?;
    let at = t.skip(i + 1, "-/ .,", 2);
    let month = month_at(t, at)?;
    let day_at = t.skip(at + 1, "-/ .,", 2);
    let day = t.small(day_at).filter(|_| day_at > at)?;
    Hit::day(day_at + 1, calendar::year(value, digits), month, day)
}

/// The year after a month, if there is one: `Some(None)` is a year out of range.
fn year_after(t: Tokens<'_>, i: usize) -> Option<(Option<u32>, usize)> {
    let at = t.skip_words(i, &YEAR_WORDS, YEAR_MARKS);
    if let Some((value, digits)) = t.number(at) {
        let next = if t.mark(at + 1) == Some(')') { at + 2 } else { at + 1 };
        return match digits {
            4 => Some((calendar::year(value, digits), next)),
            2 if short_year_stands(t, i, at) => Some((Some(calendar::year(value, digits)?), at + 1)),
            _ => None,
        };
    }
    let (words, ends) = t.words_from::<6>(at);
    let (year, used) = spell::year(&words)?;
    Some((calendar::year(u64::from(year), 4), ends[used - 1]))
}

/// A two-digit year, not the hour, the day or the count that may stand there: `6 Nov 12, 2025`, `3 May 10:30`.
fn short_year_stands(t: Tokens<'_>, after_month: usize, at: usize) -> bool {
    let Some((value, _)) = t.number(at) else { return false };
    let next = t.skip(at + 1, ",", 2);
    let full_year_follows = t.number(next).is_some_and(|(_, digits)| digits == 4) && next > at + 1;
    let month_follows = month_at(t, next).is_some();
    let clock = t.mark(at + 1) == Some(':') && t.number(at + 2).is_some();
    let by_space = at == after_month + 1 && t.is_space(after_month);
    let likely = if by_space { (15..=35).contains(&value) } else { (10..=39).contains(&value) };
    likely && !full_year_follows && !month_follows && !clock && t.mark(at + 1) != Some('%')
}

/// `March 14, 2026`, `Mar 14-16 2026`, `marzo 14 de 2026`; else the month alone: `Mar 2026`, `Mar-26`, `Oct '25`.
pub(super) fn month_first(t: Tokens<'_>, i: usize) -> Option<Hit> {
    let month = month_at(t, i)?;
    month_day_year(t, i, month).or_else(|| month_year(t, i, month))
}

fn month_day_year(t: Tokens<'_>, i: usize, month: u32) -> Option<Hit> {
    let at = t.skip(i + 1, ".-/", 3);
    let mut day = t.small(at).filter(|d| (1..=31).contains(d))?;
    let mut next = ordinal(t, at + 1);
    if let Some((end, after)) = range_end(t, next) {
        (day, next) = (end, after);
    }
    let year_at = t.skip_words(next, &YEAR_WORDS, ",.-/'\u{2019}");
    let (value, digits) = t.number(year_at)?;
    let marked = t.mark(next).is_some() || t.mark(year_at - 1).is_some();
    let clock = t.mark(year_at + 1) == Some(':');
    match digits {
        4 if year_at > next => Hit::day(year_at + 1, calendar::year(value, digits), month, day),
        2 if marked && !clock && (10..=39).contains(&value) => {
            Hit::day(year_at + 1, calendar::year(value, digits), month, day)
        }
        _ => None,
    }
}

/// The second day of `14-16`, `14 to 16`, `14 y 16`.
fn range_end(t: Tokens<'_>, i: usize) -> Option<(u32, usize)> {
    let at = t.skip(i, "", 1);
    let joined = t.mark(at).is_some_and(|c| matches!(c, '-' | '\u{2013}' | '\u{2014}' | '&' | '/'))
        || t.word_in(at, &["to", "and", "a", "al", "y"]);
    let end_at = t.skip(at + 1, "", 1);
    let end = t.small(end_at).filter(|d| joined && (1..=31).contains(d))?;
    let next = ordinal(t, end_at + 1);
    // `14-26` may be day and short year; it is a range only if a year still follows.
    let year_at = t.skip_words(next, &YEAR_WORDS, ",.");
    let year_follows = t.number(year_at).is_some_and(|(_, digits)| digits == 4);
    year_follows.then_some((end, next))
}

fn month_year(t: Tokens<'_>, i: usize, month: u32) -> Option<Hit> {
    let (year, next) = year_after(t, i + 1)?;
    let (_, digits) = t.number(next - 1).unwrap_or((0, 4));
    let by_space_only = t.is_space(i + 1) && next == i + 3;
    if digits == 2 && by_space_only {
        return None; // `March 26` is a day without a year.
    }
    if t.goes_on(next, '-') || t.goes_on(next, '/') {
        return None;
    }
    match spelled_day_before(t, i) {
        Some((day, from)) => Hit::day(next, year, month, day).map(|hit| Hit { from: Some(from), ..hit }),
        None => Hit::first_day(next, year, month, DatePrecision::Month),
    }
}

/// The day in words before a month, and its first token: `quince días del mes de enero`, `first of March`.
fn spelled_day_before(t: Tokens<'_>, month: usize) -> Option<(u32, usize)> {
    let mut words = [""; 3];
    let mut places = [month; 3];
    let mut count = 0;
    let mut at = month;
    for _ in 0..12 {
        at = at.checked_sub(1)?;
        if t.is_space(at) || matches!(t.mark(at), Some('-')) || t.word_in(at, &DAY_WORDS) {
            continue;
        }
        break;
    }
    while count < 3 {
        let Some(word) = t.word(at) else { break };
        words[2 - count] = word;
        places[2 - count] = at;
        count += 1;
        let Some(before) = at.checked_sub(1) else { break };
        let gap = usize::from(t.is_space(before) || t.mark(before) == Some('-'));
        let Some(next) = before.checked_sub(gap).filter(|_| gap == 1) else { break };
        at = next;
    }
    (1..=count).rev().find_map(|n| {
        let tail = &words[3 - n..];
        spell::day_of_month(tail).filter(|(_, used)| *used == n).map(|(day, _)| (day, places[3 - n]))
    })
}
