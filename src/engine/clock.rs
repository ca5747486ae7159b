//! The one reader of the clock and of time zones. Everything below takes instants and days as arguments.

use crate::domain::day::Day;
use crate::domain::ids::InstantMs;

/// The instant now.
pub fn now() -> InstantMs {
    InstantMs(jiff::Timestamp::now().as_millisecond())
}

/// A file time as an instant.
pub fn instant_of(time: std::time::SystemTime) -> InstantMs {
    let since = time.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    InstantMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The zone named, or the machine's.
pub fn zone(name: Option<&str>) -> jiff::tz::TimeZone {
    name.and_then(|name| jiff::tz::TimeZone::get(name).ok()).unwrap_or_else(jiff::tz::TimeZone::system)
}

/// The civil day of an instant in a zone.
pub fn day_of(instant: InstantMs, zone: &jiff::tz::TimeZone) -> Option<Day> {
    let timestamp = jiff::Timestamp::from_millisecond(instant.0).ok()?;
    Some(Day::from_date(timestamp.to_zoned_datetime(zone.clone()).date()))
}

/// The instant at which a civil day begins in a zone.
pub fn start_of(day: Day, zone: &jiff::tz::TimeZone) -> Option<InstantMs> {
    let start = jiff::civil::Date::new(day.year(), day.month(), day.day_of_month()).ok()?;
    let zoned = start.to_zoned_datetime(zone.clone()).ok()?;
    Some(InstantMs(zoned.timestamp().as_millisecond()))
}

/// The civil day of a file time.
pub fn day_of_ns(nanoseconds: i64, zone: &jiff::tz::TimeZone) -> Option<Day> {
    day_of(InstantMs(nanoseconds.div_euclid(1_000_000)), zone)
}

/// Parses an instant as a person writes it: RFC 3339.
pub fn parse_instant(text: &str) -> Option<InstantMs> {
    text.parse::<jiff::Timestamp>().ok().map(|t| InstantMs(t.as_millisecond()))
}

/// An instant as text, to the second.
pub fn instant_text(instant: InstantMs) -> String {
    jiff::Timestamp::from_millisecond(instant.0)
        .map(|t| t.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_another_day_elsewhere() {
        let instant = parse_instant("2026-11-01T03:00:00Z").unwrap();
        for (zone_name, want) in [("UTC", "2026-11-01"), ("America/New_York", "2026-10-31")] {
            assert_eq!(day_of(instant, &zone(Some(zone_name))).unwrap().to_string(), want);
        }
        assert_eq!(instant_text(instant), "2026-11-01T03:00:00Z");
        assert!(parse_instant("yesterday").is_none());
    }
}
