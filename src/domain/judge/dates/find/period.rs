//! Quarters (`Q1 2026`, `1T26`, `primer trimestre de 2026`) and the calendars that name year, month and day by sign or
//! word (`2026年3月5日`, `ngày 5 tháng 3 năm 2026`).

use crate::domain::judge::signal::DatePrecision;

use super::super::calendar;
use super::Hit;
use super::token::Tokens;

const NTH: [&[&str]; 4] = [
    &["first", "primer", "primero"],
    &["second", "segundo"],
    &["third", "tercer", "tercero"],
    &["fourth", "cuarto", "last", "ultimo"],
];
const QUARTER: [&str; 4] = ["quarter", "trimestre", "trim", "qtr"];

fn quarter(next: usize, year: Option<u32>, number: u32) -> Option<Hit> {
    Hit::first_day(next, year, (number - 1) * 3 + 1, DatePrecision::Quarter)
}

/// The year after a quarter: of four digits, or of two.
fn year_after(t: Tokens<'_>, i: usize) -> Option<(Option<u32>, usize)> {
    let at = t.skip_words(i, &["de", "del", "of", "fy", "ano", "year"], "-/,'\u{2019}_.");
    let (value, digits) = t.number(at)?;
    match digits {
        4 => Some((calendar::year(value, digits), at + 1)),
        2 if (15..=39).contains(&value) => Some((calendar::year(value, digits), at + 1)),
        _ => None,
    }
}

fn one_to_four(t: Tokens<'_>, i: usize) -> Option<u32> {
    let (value, digits) = t.number(i)?;
    if digits == 1 && (1..=4).contains(&value) { u32::try_from(value).ok() } else { None }
}

/// `1Q26`, `1T 2026`, `1er trimestre de 2026`, `1st quarter 2026`.
pub(super) fn quarter_first(t: Tokens<'_>, i: usize) -> Option<Hit> {
    let number = one_to_four(t, i)?;
    let letter = t.word_in(i + 1, &["q", "t"]);
    let word_at = t.skip(if t.word(i + 1).is_some() { i + 2 } else { i + 1 }, ".", 2);
    let after = if letter {
        i + 2
    } else if t.word_in(word_at, &QUARTER) {
        word_at + 1
    } else {
        return None;
    };
    let (year, next) = year_after(t, after)?;
    quarter(next, year, number)
}

/// `Q1 2026`, `T1-26`, `first quarter of 2026`.
pub(super) fn quarter_word(t: Tokens<'_>, i: usize) -> Option<Hit> {
    if t.word_in(i, &["q", "t"]) {
        let number = one_to_four(t, i + 1)?;
        let (year, next) = year_after(t, i + 2)?;
        return quarter(next, year, number);
    }
    let at = t.skip(i + 1, "", 1);
    if !t.word_in(at, &QUARTER) {
        return None;
    }
    let number = NTH.iter().position(|words| t.word_in(i, words))?;
    let (year, next) = year_after(t, at + 1)?;
    quarter(next, year, u32::try_from(number + 1).ok()?)
}

/// `2026 Q1`, `2026-Q1`, `2026Q1`.
pub(super) fn year_quarter(t: Tokens<'_>, i: usize) -> Option<Hit> {
    let (value, digits) = t.number(i)?;
    let at = t.skip(i + 1, "-/_ ", 2);
    if !t.word_in(at, &["q", "t"]) {
        return None;
    }
    let number = one_to_four(t, at + 1)?;
    quarter(at + 2, Some(calendar::year(value, digits)?), number)
}

fn sign_at(t: Tokens<'_>, i: usize, signs: &[&str]) -> Option<usize> {
    let at = t.skip(i, "", 1);
    t.word(at).filter(|word| signs.contains(word)).map(|_| t.skip(at + 1, "", 1))
}

/// `2026年3月5日`, `2026年3月`, `2026년 3월 5일`.
pub(super) fn cjk(t: Tokens<'_>, i: usize) -> Option<Hit> {
    let (value, digits) = t.number(i)?;
    let year = calendar::year(value, digits);
    let month_at = sign_at(t, i + 1, &["年", "년"])?;
    let month = t.small(month_at)?;
    let day_at = sign_at(t, month_at + 1, &["月", "월"])?;
    let day = t.small(day_at).zip(sign_at(t, day_at + 1, &["日", "号", "號", "일"]));
    match day {
        Some((day, _)) => Hit::day(t.skip(day_at + 1, "", 1) + 1, year, month, day),
        None => Hit::first_day(t.skip(month_at + 1, "", 1) + 1, year, month, DatePrecision::Month),
    }
}

fn word_is(t: Tokens<'_>, i: usize, wanted: [&str; 2]) -> bool {
    t.word(i).is_some_and(|word| wanted.contains(&word.to_lowercase().as_str()))
}

/// `ngày 5 tháng 3 năm 2026`, `5 tháng 3, 2026`.
pub(super) fn vietnamese(t: Tokens<'_>, i: usize) -> Option<Hit> {
    let first = t.small(i)?;
    let at = t.skip(i + 1, "", 1);
    if !word_is(t, at, ["tháng", "tha\u{301}ng"]) {
        return None;
    }
    let month_at = t.skip(at + 1, "", 1);
    let month = t.small(month_at)?;
    let mut year_at = t.skip(month_at + 1, ",/-", 2);
    if word_is(t, year_at, ["năm", "na\u{306}m"]) {
        year_at = t.skip(year_at + 1, "", 1);
    }
    let (value, digits) = t.number(year_at)?;
    Hit::day(year_at + 1, calendar::year(value, digits), month, first)
}
