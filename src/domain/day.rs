//! A civil day, and the ages that criteria name.
//!
//! Days carry no time zone: a log row says "3 October", not an instant. The time zone is applied once, where an instant
//! becomes a day (`engine`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A day of the Gregorian calendar; ISO text (`2026-11-01`) outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(jiff::civil::Date);

/// Why a text is not a day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a day of the form YYYY-MM-DD")]
pub struct DayError {
    text: String,
}

impl Day {
    /// Makes a day from its parts; `None` if there is no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    pub fn from_date(date: jiff::civil::Date) -> Self {
        Self(date)
    }

    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// 1 to 31.
    pub fn day_of_month(self) -> i8 {
        self.0.day()
    }

    /// The day `days` later (earlier if negative), held within the calendar's range.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(i64::from(days))))
    }

    /// The same day of the month `months` later, or that month's last day.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().months(i64::from(months))))
    }

    /// Days from `earlier` to this day; negative if `earlier` is later.
    pub fn days_since(self, earlier: Self) -> i32 {
        let span = self.0.since(earlier.0).expect("the default largest unit, days, always fits");
        span.get_days()
    }

    /// Months since year 0: the number of the period this day lies in.
    pub fn month_number(self) -> i32 {
        i32::from(self.year()) * 12 + i32::from(self.month()) - 1
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let strict = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let parsed = if strict { text.parse().ok() } else { None };
        parsed.map(Self).ok_or_else(|| DayError { text: text.to_owned() })
    }
}

impl TryFrom<String> for Day {
    type Error = DayError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.to_string()
    }
}

/// A length of time as a criterion names it: `P12M`, `P1W`, `P90D`, `P1Y`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Period {
    Days(u16),
    Months(u16),
}

/// Why a text is not a period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a period like P12M, P1Y, P2W or P90D")]
pub struct PeriodError {
    text: String,
}

impl Period {
    /// The day that lies this long before `day`.
    pub fn start_before(self, day: Day) -> Day {
        match self {
            Self::Days(days) => day.plus_days(-i32::from(days)),
            Self::Months(months) => day.plus_months(-i32::from(months)),
        }
    }

    /// The last day on which a paper of `day` still counts as fresh.
    pub fn end_from(self, day: Day) -> Day {
        match self {
            Self::Days(days) => day.plus_days(i32::from(days)),
            Self::Months(months) => day.plus_months(i32::from(months)),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || PeriodError { text: text.to_owned() };
        let body = text.strip_prefix('P').ok_or_else(error)?;
        let unit = body.chars().last().ok_or_else(error)?;
        let count: u16 = body[..body.len() - unit.len_utf8()].parse().map_err(|_| error())?;
        let period = match unit {
            'D' => Some(Self::Days(count)),
            'W' => count.checked_mul(7).map(Self::Days),
            'M' => Some(Self::Months(count)),
            'Y' => count.checked_mul(12).map(Self::Months),
            _ => None,
        };
        period.filter(|_| count > 0 && count <= 1200).ok_or_else(error)
    }
}

impl TryFrom<String> for Period {
    type Error = PeriodError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(days) => write!(f, "P{days}D"),
            Self::Months(months) => write!(f, "P{months}M"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn parses_iso_days_only() {
        for (text, good) in [
            ("2026-11-01", true),
            ("2026-02-29", false),
            ("2026-1-1", false),
            ("01/11/2026", false),
            ("2026-11-01T00:00", false),
            ("", false),
        ] {
            assert_eq!(text.parse::<Day>().is_ok(), good, "{text}");
        }
    }

    #[test]
    fn counts_days_and_months() {
        assert_eq!(day("2026-03-01").days_since(day("2026-02-01")), 28);
        assert_eq!(day("2025-01-31").plus_months(1), day("2025-02-28"));
        assert_eq!(day("2026-01-01").plus_days(-1), day("2025-12-31"));
    }

    #[test]
    fn periods_end_where_a_reader_would_say() {
        for (period, from, end) in [
            ("P12M", "2025-11-01", "2026-11-01"),
            ("P1Y", "2025-11-01", "2026-11-01"),
            ("P1W", "2025-11-01", "2025-11-08"),
            ("P90D", "2026-01-01", "2026-04-01"),
        ] {
            assert_eq!(period.parse::<Period>().unwrap().end_from(day(from)), day(end), "{period}");
        }
        for bad in ["", "P", "12M", "P0D", "PM", "P99999M", "P1X", "P-1D"] {
            assert!(bad.parse::<Period>().is_err(), "{bad}");
        }
    }
}
