//! The date in a file's name: `2026-03-14`, `20260314`, `14mar26`, `oct 2025`, `Q3-2026`, `2025`.

use crate::domain::day::Day;
use crate::domain::judge::signal::DatePrecision;

use super::calendar;
use serde::{Deserialize, Serialize};

use super::find::{Finder, Found, Written};

/// A date that a file's name or folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameDate {
    /// The first day of what is named.
    pub day: Day,
    pub precision: DatePrecision,
}

/// Names longer than any file system's are not read further.
const MAX_NAME: usize = 1024;

/// Reads the date in a file's name, or else in its folder's last two names.
pub fn in_name(file_name: &str, folder: &str) -> Option<NameDate> {
    let stem = match file_name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 5 && !extension.bytes().all(|b| b.is_ascii_digit()) => stem,
        Some(_) | None => file_name,
    };
    let folders = folder.rsplit('/').take(2);
    std::iter::once(stem).chain(folders).find_map(in_text)
}

fn in_text(name: &str) -> Option<NameDate> {
    if name.len() > MAX_NAME {
        return None;
    }
    // An underscore is no separator of dates but stands for one in names.
    let text = name.replace('_', "-");
    let mut found = Vec::new();
    Finder::default().find(&text, &mut found);
    let mut named: Vec<NameDate> = found.iter().filter_map(settle).collect();
    if !named.iter().any(|date| date.precision == DatePrecision::Day) {
        named.extend(six_digits(&text));
    }
    if named.is_empty() {
        named.extend(numbered_month(&text).or_else(|| bare_year(&text)));
    }
    // The most precise, and of those the last: `2025 report rev 2026-03-14`.
    named.into_iter().rev().min_by_key(|date| date.precision)
}

/// In a name nothing tells day and month apart but what is possible; month first otherwise.
fn settle(found: &Found) -> Option<NameDate> {
    let day = match found.written {
        Written::Day(day) | Written::Compact(day) => day,
        Written::Numeric(n) => {
            calendar::day(n.year, n.first, n.second).or_else(|| calendar::day(n.year, n.second, n.first))?
        }
        Written::OutOfRange => return None,
    };
    Some(NameDate { day, precision: found.precision })
}

/// Runs of digits, with what stands before and after each.
fn digit_runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty())
}

/// `031426` (month, day, year) or `260314`, where only one of them is a day of the last years.
fn six_digits(text: &str) -> Option<NameDate> {
    let run = digit_runs(text).find(|run| run.len() == 6)?;
    let part = |at: usize| run[at..at + 2].parse::<u32>().ok();
    let (a, b, c) = (part(0)?, part(2)?, part(4)?);
    let likely = |year: u32| (15..=39).contains(&year).then_some(2000 + year);
    let month_first = likely(c).and_then(|year| calendar::day(year, a, b));
    let year_first = likely(a).and_then(|year| calendar::day(year, b, c));
    let day_first = likely(c).and_then(|year| calendar::day(year, b, a));
    let day = month_first.or(year_first).or(day_first)?;
    Some(NameDate { day, precision: DatePrecision::Day })
}

/// `202603`, `2026 03`, `03-2026` as written with spaces.
fn numbered_month(text: &str) -> Option<NameDate> {
    let run = digit_runs(text).find(|run| run.len() == 6 && run.starts_with("20"))?;
    let (year, month) = (run[..4].parse().ok()?, run[4..].parse().ok()?);
    Some(NameDate { day: calendar::day(year, month, 1)?, precision: DatePrecision::Month })
}

/// A year standing alone, not inside a document number.
fn bare_year(text: &str) -> Option<NameDate> {
    let run = digit_runs(text)
        .filter(|run| run.len() == 4)
        .filter_map(|run| run.parse().ok())
        .filter(|y| (2010..=2039).contains(y));
    let year: u32 = run.last()?;
    Some(NameDate { day: calendar::day(year, 1, 1)?, precision: DatePrecision::Year })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_names() {
        for (name, folder, want) in [
            ("seal log 2026-03-14.xlsx", "", "2026-03-14 Day"),
            ("seal_log_2026_03_14.xlsx", "", "2026-03-14 Day"),
            ("IMG_20260314_101500.jpg", "", "2026-03-14 Day"),
            ("sello 14mar26.pdf", "", "2026-03-14 Day"),
            ("walk 3-14-26.pdf", "", "2026-03-14 Day"),
            ("fence 031426.pdf", "", "2026-03-14 Day"),
            ("minutes Mar26.docx", "", "2026-03-01 Month"),
            ("minutes oct 2025.docx", "", "2025-10-01 Month"),
            ("acta octubre_2025.docx", "", "2025-10-01 Month"),
            ("seals 2026-03.csv", "", "2026-03-01 Month"),
            ("seals 202603.csv", "", "2026-03-01 Month"),
            ("access review Q3-2026.xlsx", "", "2026-07-01 Quarter"),
            ("revision 2T 2026.xlsx", "", "2026-04-01 Quarter"),
            ("Lighting survey 2025.pdf", "", "2025-01-01 Year"),
            ("log.xlsx", "Yard/2024/March 2024", "2024-03-01 Month"),
            ("SOP-12-04 Seals v5.docx", "", ""),
            ("scan0001.pdf", "", ""),
            ("", "", ""),
        ] {
            let found = in_name(name, folder).map(|d| format!("{} {:?}", d.day, d.precision)).unwrap_or_default();
            assert_eq!(found, want, "{name}");
        }
    }
}
