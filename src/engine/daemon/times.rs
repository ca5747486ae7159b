//! When the daemon does what: pauses that grow, the day that changes at 00:05, passes that are due. Pure.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::day::Day;
use crate::domain::ids::InstantMs;
use crate::domain::relpath::RelPath;
use crate::engine::clock;

/// A new day is told of at five past midnight, when the clocks of all machines agree that it is there.
const DAY_BEGINS: Duration = Duration::from_mins(5);
/// Names that wait to be tried again; the next pass over everything tries the rest.
const RETRIES_MAX: usize = 1_000;
/// Tries of one name before only passes over everything try it.
const TRIES_MAX: u32 = 10;

/// A pause that doubles each time, up to a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    first: Duration,
    longest: Duration,
    times: u32,
}

impl Pause {
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, times: 0 }
    }

    /// The pause before the next try.
    pub fn grow(&mut self) -> Duration {
        let pause = self.first.saturating_mul(1 << self.times.min(20)).min(self.longest);
        self.times = self.times.saturating_add(1);
        pause
    }

    pub fn reset(&mut self) {
        self.times = 0;
    }
}

/// The day whose statuses are to be told at an instant: a new one counts from five past midnight.
pub fn day_told(now: InstantMs, zone: &jiff::tz::TimeZone) -> Option<Day> {
    let minutes = i64::try_from(DAY_BEGINS.as_millis()).expect("five minutes");
    clock::day_of(InstantMs(now.0.saturating_sub(minutes)), zone)
}

/// Names that could not be read for a reason that may pass.
#[derive(Debug, Default)]
pub struct Retries(BTreeMap<RelPath, (u32, Duration)>);

impl Retries {
    /// Takes note of what a look at `parts` came to.
    pub fn note(&mut self, parts: &[RelPath], again: &[RelPath], now: Duration) {
        for part in parts.iter().filter(|part| !again.contains(part)) {
            self.0.remove(part);
        }
        for path in again {
            let tries = self.0.get(path).map_or(0, |(tries, _)| *tries);
            if tries >= TRIES_MAX || (tries == 0 && self.0.len() >= RETRIES_MAX) {
                self.0.remove(path);
                continue;
            }
            let pause = Duration::from_secs(1 << tries);
            self.0.insert(path.clone(), (tries + 1, now.saturating_add(pause)));
        }
    }

    /// Names whose pause is over. They stay noted, with their number of tries.
    pub fn take(&mut self, now: Duration) -> Vec<RelPath> {
        let due: Vec<RelPath> = self.0.iter().filter(|(_, (_, at))| *at <= now).map(|(path, _)| path.clone()).collect();
        for path in &due {
            if let Some((_, at)) = self.0.get_mut(path) {
                *at = Duration::MAX;
            }
        }
        due
    }

    pub fn next_due(&self) -> Option<Duration> {
        self.0.values().map(|(_, at)| *at).min().filter(|at| *at < Duration::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_their_limit() {
        let mut pause = Pause::new(Duration::from_secs(1), Duration::from_mins(1));
        let grown: Vec<u64> = (0..8).map(|_| pause.grow().as_secs()).collect();
        assert_eq!(grown, [1, 2, 4, 8, 16, 32, 60, 60]);
        pause.reset();
        assert_eq!(pause.grow(), Duration::from_secs(1));
    }

    #[test]
    fn a_day_begins_at_five_past_midnight_there() {
        for (zone, instant, want) in [
            ("UTC", "2026-11-02T00:04:59Z", "2026-11-01"),
            ("UTC", "2026-11-02T00:05:00Z", "2026-11-02"),
            ("America/New_York", "2026-11-02T04:59:00Z", "2026-11-01"),
            ("America/New_York", "2026-11-02T05:05:00Z", "2026-11-02"),
            // The night in which clocks there go back: it is five past midnight only once.
            ("America/New_York", "2026-11-01T04:05:00Z", "2026-11-01"),
        ] {
            let day = day_told(clock::parse_instant(instant).unwrap(), &clock::zone(Some(zone))).unwrap();
            assert_eq!(day.to_string(), want, "{zone} {instant}");
        }
    }

    #[test]
    fn a_name_is_tried_again_later_and_later_and_then_left() {
        let mut retries = Retries::default();
        let path = [RelPath::from("locked.docx")];
        let mut now = Duration::ZERO;
        let mut pauses = Vec::new();
        retries.note(&[], &path, now);
        while let Some(due) = retries.next_due() {
            pauses.push(due.saturating_sub(now).as_secs());
            assert!(retries.take(due.saturating_sub(Duration::from_millis(1))).is_empty());
            assert_eq!(retries.take(due), path);
            assert!(retries.take(due).is_empty(), "it is being tried");
            now = due;
            retries.note(&path, &path, now);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
        retries.note(&[], &path, now);
        retries.note(&path, &[], now);
        assert_eq!(retries.next_due(), None, "it was read");
    }
}
