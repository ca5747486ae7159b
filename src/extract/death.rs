//! Why a worker died, as a reason that a person can act on.

use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;

use super::limits::Limits;
use crate::domain::reading::Unreadable;

const SIGILL: i32 = 4;
const SIGABRT: i32 = 6;
const SIGBUS: i32 = 7;
const SIGKILL: i32 = 9;
const SIGSEGV: i32 = 11;
const SIGXCPU: i32 = 24;
const SIGSYS: i32 = 31;

/// How a worker ended.
pub(super) struct Death {
    pub status: ExitStatus,
    /// The first kilobytes of what it wrote to its standard error.
    pub stderr: Vec<u8>,
    /// True if the parent killed it for being late.
    pub late: bool,
}

impl Death {
    /// The reason and its detail. Standard error is only searched for the runtime's own phrases and never quoted: it
    /// may hold text of the document.
    pub(super) fn reason(&self, limits: &Limits) -> (Unreadable, String) {
        let says = |phrase: &str| self.stderr.windows(phrase.len()).any(|window| window == phrase.as_bytes());
        let crashed = |detail: &str| (Unreadable::Crashed, detail.to_owned());
        if self.late {
            return (Unreadable::TimedOut, format!("no answer within {} s", limits.wall_seconds));
        }
        match self.status.signal() {
            Some(SIGXCPU) => (Unreadable::TooMuchTime, format!("more than {} s of processor time", limits.cpu_seconds)),
            Some(SIGABRT) if says("memory allocation of") => {
                (Unreadable::TooMuchMemory, format!("more than {} MiB", limits.memory_bytes >> 20))
            }
            Some(SIGABRT) if says("overflowed its stack") => crashed("nested too deeply for its reader"),
            Some(SIGABRT) => crashed("the reader gave up on an internal error"),
            Some(SIGSEGV | SIGBUS | SIGILL) => crashed("the reader broke down"),
            Some(SIGSYS) => crashed("the reader tried what it may not do"),
            Some(SIGKILL) => crashed("the reader was killed from outside"),
            Some(signal) => crashed(&format!("the reader ended by signal {signal}")),
            None => crashed(&format!("the reader ended with code {}", self.status.code().unwrap_or(-1))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_death_has_its_reason() {
        let limits = Limits::default();
        for (status, stderr, late, reason) in [
            (SIGXCPU, "", false, Unreadable::TooMuchTime),
            (SIGABRT, "memory allocation of 999 bytes failed", false, Unreadable::TooMuchMemory),
            (SIGABRT, "thread 'reader' has overflowed its stack", false, Unreadable::Crashed),
            (SIGABRT, "", false, Unreadable::Crashed),
            (SIGSEGV, "memory allocation of", false, Unreadable::Crashed),
            (SIGSYS, "", false, Unreadable::Crashed),
            (SIGKILL, "", true, Unreadable::TimedOut),
            (SIGKILL, "", false, Unreadable::Crashed),
            (0, "", false, Unreadable::Crashed),
            (1 << 8, "", false, Unreadable::Crashed),
        ] {
            let death = Death { status: ExitStatus::from_raw(status), stderr: stderr.into(), late };
            let (found, detail) = death.reason(&limits);
            assert_eq!(found, reason, "{status} {stderr}");
            assert!(!detail.is_empty());
        }
    }

    #[test]
    fn what_a_worker_says_is_never_quoted() {
        let stderr = b"salary of J. Doe".to_vec();
        let death = Death { status: ExitStatus::from_raw(SIGABRT), stderr, late: false };
        assert!(!death.reason(&Limits::default()).1.contains("Doe"));
    }
}
