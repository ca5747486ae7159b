//! Processor time and memory of a worker, measured and limited from outside.
//!
//! `RLIMIT_CPU` counts over a process's life, so the soft limit is moved on before each file, and by the parent: the
//! fence does not let a worker raise its own.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use rustix::process::Pid;
#[cfg(target_os = "linux")]
use rustix::process::{Resource, Rlimit, prlimit};

use super::limits::Limits;

/// Clock ticks per second in `/proc`: 100 on every machine that Linux still runs on.
const TICKS_PER_SECOND: u64 = 100;
/// A stat line is far shorter.
const STAT_BYTES_MAX: u64 = 4 << 10;

/// Looks at one worker.
pub(super) struct Usage {
    pid: Pid,
    stat: File,
    cpu_limit_seconds: u64,
    first_address_space: u64,
}

#[derive(Debug, PartialEq, Eq)]
struct Sample {
    cpu_ticks: u64,
    address_space: u64,
}

impl Usage {
    /// Begins to measure a worker that has just come up.
    pub(super) fn of(pid: Pid) -> io::Result<Self> {
        let mut usage = Self {
            pid,
            stat: File::open(format!("/proc/{}/stat", pid.as_raw_nonzero()))?,
            cpu_limit_seconds: 0,
            first_address_space: 0,
        };
        usage.first_address_space = usage.sample()?.address_space;
        Ok(usage)
    }

    /// Allows so much more processor time from now; returns by how many bytes the worker has grown since it came up.
    pub(super) fn allow(&mut self, limits: &Limits) -> io::Result<u64> {
        let sample = self.sample()?;
        let limit = sample.cpu_ticks.div_ceil(TICKS_PER_SECOND).saturating_add(limits.cpu_seconds);
        if limit != self.cpu_limit_seconds {
            set_cpu_limit(self.pid, limit, limits.cpu_life_seconds())?;
            self.cpu_limit_seconds = limit;
        }
        Ok(sample.address_space.saturating_sub(self.first_address_space))
    }

    fn sample(&mut self) -> io::Result<Sample> {
        let mut line = String::new();
        self.stat.seek(SeekFrom::Start(0))?;
        (&self.stat).take(STAT_BYTES_MAX).read_to_string(&mut line)?;
        parse(&line).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "unknown form of /proc/PID/stat"))
    }
}

#[cfg(target_os = "linux")]
fn set_cpu_limit(pid: Pid, seconds: u64, life_seconds: u64) -> io::Result<()> {
    let limit = Rlimit { current: Some(seconds.min(life_seconds)), maximum: Some(life_seconds) };
    prlimit(Some(pid), Resource::Cpu, limit)?;
    Ok(())
}

/// The fields after the name in parentheses, which may itself hold spaces and parentheses.
fn parse(line: &str) -> Option<Sample> {
    let (_, fields) = line.rsplit_once(')')?;
    // The first field here is number 3 of proc(5): utime is 14, stime 15, vsize 23.
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    let number = |index: usize| fields.get(index - 3)?.parse::<u64>().ok();
    Some(Sample { cpu_ticks: number(14)?.checked_add(number(15)?)?, address_space: number(23)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_fields_behind_a_wild_name() {
        let line = "42 (a) b (c) S 1 42 42 0 -1 4194560 99 0 0 0 120 30 0 0 20 0 2 0 5555 734003200 900 1 2";
        assert_eq!(parse(line), Some(Sample { cpu_ticks: 150, address_space: 734_003_200 }));
        assert_eq!(parse("42 (a) S 1 2"), None);
        assert_eq!(parse(""), None);
    }
}
