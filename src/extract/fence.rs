//! The fence that a worker builds around itself before it reads a byte of a document.
//!
//! Every layer is put up in safe code by the process itself, so no file of the system is ever opened with more rights
//! than a parser of hostile bytes should have. What the kernel cannot do is not silently skipped: the report says it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::allowance::Allowance;
use super::limits::Limits;

/// What took hold of the layers of the fence; the first thing a worker says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FenceReport {
    /// Memory, processor time, file size, descriptors.
    pub rlimits: Layer,
    pub no_new_privs: Layer,
    /// No path, no TCP port, no signal to others.
    pub landlock: Layer,
    /// An allow-list of system calls.
    pub seccomp: Layer,
}

/// One layer of the fence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    On,
    /// What the kernel lacks.
    Partly(String),
    /// Why it could not be put up.
    Off(String),
}

impl FenceReport {
    /// The layers by name, for a list.
    pub fn layers(&self) -> [(&'static str, &Layer); 4] {
        [
            ("rlimits", &self.rlimits),
            ("no_new_privs", &self.no_new_privs),
            ("landlock", &self.landlock),
            ("seccomp", &self.seccomp),
        ]
    }

    /// True if every layer holds in full.
    pub fn is_whole(&self) -> bool {
        self.layers().iter().all(|(_, layer)| **layer == Layer::On)
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On => f.write_str("on"),
            Self::Partly(why) => write!(f, "partly: {why}"),
            Self::Off(why) => write!(f, "off: {why}"),
        }
    }
}

/// Fences the calling process for good.
#[cfg(target_os = "linux")]
pub(super) fn raise(limits: &Limits) -> FenceReport {
    super::fence_linux::raise(limits)
}

/// Fences the calling process for good: elsewhere than on Linux there is nothing to do it with.
#[cfg(not(target_os = "linux"))]
pub(super) fn raise(_limits: &Limits) -> FenceReport {
    let off = || Layer::Off("only on Linux".to_owned());
    FenceReport { rlimits: off(), no_new_privs: off(), landlock: off(), seccomp: off() }
}

/// Fences the calling process before it becomes another program.
#[cfg(target_os = "linux")]
pub(super) fn raise_for_program(allowance: &Allowance) {
    super::fence_linux::raise_for_program(allowance);
}

/// Fences the calling process before it becomes another program: elsewhere than on Linux there is nothing to do it with.
#[cfg(not(target_os = "linux"))]
pub(super) fn raise_for_program(_allowance: &Allowance) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_with_a_hole_is_not_whole() {
        let whole =
            FenceReport { rlimits: Layer::On, no_new_privs: Layer::On, landlock: Layer::On, seccomp: Layer::On };
        assert!(whole.is_whole());
        for hole in [Layer::Off("no".to_owned()), Layer::Partly("ABI 3".to_owned())] {
            assert!(!FenceReport { landlock: hole.clone(), ..whole.clone() }.is_whole());
            assert!(!FenceReport { seccomp: hole, ..whole.clone() }.is_whole());
        }
    }
}
