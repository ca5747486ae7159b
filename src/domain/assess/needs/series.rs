//! A record that is due again and again: which of its last periods have none.

use std::collections::BTreeSet;

use crate::domain::day::{Day, Period};
use crate::domain::judge::verdict::Strength;

use super::bearing::Found;

/// Periods looked back on.
const PERIODS: i32 = 12;
/// So many missing ones ask for a look.
pub(super) const TOO_MANY: usize = 2;

/// A series whose last twelve periods reach back further than this is held to the newest record alone.
const MAX_MONTHS: i32 = 3;

/// The periods before `as_of` without a record, ascending; the running period is not due yet.
pub(super) fn missing(every: Period, bearings: &[&Found], as_of: Day) -> Vec<String> {
    let strong = bearings.iter().filter(|found| found.strength() == Strength::Strong);
    let days: BTreeSet<Day> = strong.flat_map(|found| found.row_days.iter().copied().chain(found.day())).collect();
    periods(every, as_of)
        .into_iter()
        .filter(|(from, to, _)| days.range(*from..*to).next().is_none())
        .map(|(_, _, name)| name)
        .collect()
}

/// First day, day after the last, and name of each period, oldest first.
fn periods(every: Period, as_of: Day) -> Vec<(Day, Day, String)> {
    match every {
        Period::Months(months) if i32::from(months) <= MAX_MONTHS => calendar(i32::from(months), as_of),
        Period::Months(_) => Vec::new(),
        // Places of work close at week-ends: a daily record is looked for week by week.
        Period::Days(days) => running(i32::from(days).max(7), as_of),
    }
}

/// Months, or blocks of months counted from January.
fn calendar(months: i32, as_of: Day) -> Vec<(Day, Day, String)> {
    let Some(first) = Day::new(as_of.year(), as_of.month(), 1) else { return Vec::new() };
    let this = first.plus_months(-(i32::from(as_of.month()) - 1).rem_euclid(months));
    (1..=PERIODS)
        .rev()
        .map(|back| {
            let from = this.plus_months(-back * months);
            let name = if months == 3 {
                format!("{}-Q{}", from.year(), (from.month() - 1) / 3 + 1)
            } else {
                format!("{}-{:02}", from.year(), from.month())
            };
            (from, from.plus_months(months), name)
        })
        .collect()
}

/// Runs of days that end the day before `as_of`.
fn running(days: i32, as_of: Day) -> Vec<(Day, Day, String)> {
    (1..=PERIODS)
        .rev()
        .map(|back| {
            let from = as_of.plus_days(-back.saturating_mul(days));
            (from, from.plus_days(days), format!("{days} days from {from}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_last_twelve_periods() {
        let as_of: Day = "2026-11-20".parse().unwrap();
        for (every, first, last) in [
            ("P1M", "2025-11", "2026-10"),
            ("P3M", "2023-Q4", "2026-Q3"),
            ("P1W", "7 days from 2026-08-28", "7 days from 2026-11-13"),
            ("P1D", "7 days from 2026-08-28", "7 days from 2026-11-13"),
        ] {
            let periods = periods(every.parse().unwrap(), as_of);
            assert_eq!(periods.len(), 12);
            assert_eq!(periods[0].2, first);
            assert_eq!(periods[11].2, last);
            assert!(periods.windows(2).all(|pair| pair[0].1 == pair[1].0));
        }
        assert!(periods("P12M".parse().unwrap(), as_of).is_empty());
    }
}
