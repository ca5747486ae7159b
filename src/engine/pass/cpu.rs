//! Processor time of this process and of the workers it has waited for, as the system counts it.

use std::time::Duration;

/// Clock ticks per second in `/proc`: 100 on every machine that Linux still runs on.
const TICKS_PER_SECOND: u64 = 100;

/// Processor time since the process began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cpu {
    pub own: Duration,
    /// Of child processes that have ended.
    pub workers: Duration,
}

impl Cpu {
    /// `None` where the system does not say.
    pub fn now() -> Option<Self> {
        parse(&std::fs::read_to_string("/proc/self/stat").ok()?)
    }

    /// What was used since `earlier`.
    pub fn since(self, earlier: Self) -> Self {
        Self { own: self.own.saturating_sub(earlier.own), workers: self.workers.saturating_sub(earlier.workers) }
    }
}

/// The fields after the name in parentheses, which may itself hold spaces and parentheses.
fn parse(line: &str) -> Option<Cpu> {
    let (_, fields) = line.rsplit_once(')')?;
    // The first field here is number 3 of proc(5): utime is 14, stime 15, and 16 and 17 those of children.
    let mut ticks = fields.split_ascii_whitespace().skip(14 - 3).map(str::parse::<u64>);
    let mut time = || {
        let sum = ticks.next()?.ok()?.checked_add(ticks.next()?.ok()?)?;
        Some(Duration::from_millis(sum.saturating_mul(1_000 / TICKS_PER_SECOND)))
    };
    Some(Cpu { own: time()?, workers: time()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_the_process_from_its_children() {
        let line = "42 (a) b (c) S 1 42 42 0 -1 4194560 99 0 0 0 120 30 700 5 20 0 2 0 5555 734003200 900 1 2";
        let millis = Duration::from_millis;
        assert_eq!(parse(line), Some(Cpu { own: millis(1_500), workers: millis(7_050) }));
        assert_eq!(parse("42 (a) S 1 2"), None);
        let earlier = Cpu { own: millis(500), workers: millis(0) };
        assert_eq!(parse(line).map(|cpu| cpu.since(earlier).own), Some(millis(1_000)));
    }
}
