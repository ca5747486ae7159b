//! Dates as people write them in a query: a day, a month, a year, an age, and ranges of these.

use super::super::Days;
use super::super::error::Problem;
use super::super::fields::FieldName;
use crate::domain::day::Day;

/// Days, months or years that an age may name.
const AGE_MAX: i32 = 9_999;

pub(super) fn parse(field: FieldName, text: &str, today: Day) -> Result<Days, Problem> {
    let bad = || Problem::NotADate { value: text.to_owned() };
    if text.is_empty() {
        return Err(Problem::NoValue { field: field.as_str() });
    }
    let one = |text: &str| span(text, today).ok_or_else(bad);
    let days = match field {
        FieldName::Since => Days { from: one(text)?.from, to: None },
        FieldName::Until => Days { from: None, to: one(text)?.to },
        FieldName::Date | FieldName::Year | FieldName::Text(_) | FieldName::Code(_) => match text.split_once("..") {
            None => one(text)?,
            Some(("", "")) => return Err(bad()),
            Some((from, to)) => {
                let end = |text: &str| if text.is_empty() { Ok(None) } else { one(text).map(Some) };
                Days { from: end(from)?.and_then(|span| span.from), to: end(to)?.and_then(|span| span.to) }
            }
        },
    };
    match (days.from, days.to) {
        (Some(from), Some(to)) if from > to => Err(Problem::Backwards),
        _ => Ok(days),
    }
}

/// `2026`, `2026-05`, `2026-05-31`, `30d`, `6m`, `2y`.
fn span(text: &str, today: Day) -> Option<Days> {
    if let Some(day) = age(text, today) {
        return Some(Days { from: Some(day), to: Some(day) });
    }
    if let Ok(day) = text.parse::<Day>() {
        return Some(Days { from: Some(day), to: Some(day) });
    }
    let digits = |text: &str, len: usize| text.len() == len && text.bytes().all(|b| b.is_ascii_digit());
    let (year, month) = match text.split_once('-') {
        None => (text, None),
        Some((year, month)) => (year, Some(month)),
    };
    if !digits(year, 4) || !month.is_none_or(|month| digits(month, 2)) {
        return None;
    }
    let year: i16 = year.parse().ok()?;
    let (first, last) = match month {
        None => (1, 12),
        Some(month) => (month.parse().ok()?, month.parse().ok()?),
    };
    let from = Day::new(year, first, 1)?;
    let to = Day::new(year, last, 1)?.plus_months(1).plus_days(-1);
    Some(Days { from: Some(from), to: Some(to) })
}

/// So long before today.
fn age(text: &str, today: Day) -> Option<Day> {
    let unit = text.chars().next_back()?;
    let number = text.strip_suffix(['d', 'w', 'm', 'y'])?;
    let number: i32 = number.parse().ok().filter(|n| (0..=AGE_MAX).contains(n) && !number.starts_with('+'))?;
    Some(match unit {
        'd' => today.plus_days(-number),
        'w' => today.plus_days(-number * 7),
        'm' => today.plus_months(-number),
        _ => today.plus_months(-number * 12),
    })
}
