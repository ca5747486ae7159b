//! When a failure of the moment is tried again.
//!
//! A document that timed out costs its whole time limit at each try. The pause doubles with every failure in a row, so
//! that a folder with a hopeless one is not slower in every pass, and one that failed under load is soon read.

use super::ids::InstantMs;

const FIRST_PAUSE_MS: i64 = 10 * 60 * 1_000;
const LONGEST_PAUSE_MS: i64 = 24 * 60 * 60 * 1_000;

/// True while a content that failed `failures` times in a row, at `last` for the last time, is left alone.
pub fn waits(failures: u32, last: InstantMs, now: InstantMs) -> bool {
    let doublings = failures.saturating_sub(1).min(30);
    let pause = FIRST_PAUSE_MS.saturating_mul(1_i64 << doublings).min(LONGEST_PAUSE_MS);
    // A clock that was set back must not put a document off for ever.
    (0..pause).contains(&now.0.saturating_sub(last.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_day() {
        let minutes = |n: i64| InstantMs(n * 60_000);
        for (failures, after_minutes, wanted) in [
            (1, 9, true),
            (1, 10, false),
            (2, 19, true),
            (2, 20, false),
            (5, 159, true),
            (5, 160, false),
            (9, 1_439, true),
            (9, 1_440, false),
            (u32::MAX, 1_440, false),
            (9, -5, false),
        ] {
            assert_eq!(waits(failures, minutes(0), minutes(after_minutes)), wanted, "{failures} {after_minutes}");
        }
    }
}
