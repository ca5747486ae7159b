//! Section `[limits]`: what one document may cost.

use serde::{Deserialize, Serialize};

use crate::extract::Limits;

const MIB: u64 = 1 << 20;

/// Limits of the worker processes, in the units that people think in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    pub file_mib: u64,
    pub memory_mib: u64,
    pub cpu_seconds: u64,
    pub wall_seconds: u64,
    pub output_mib: u64,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        let limits = Limits::default();
        Self {
            file_mib: limits.file_bytes / MIB,
            memory_mib: limits.memory_bytes / MIB,
            cpu_seconds: limits.cpu_seconds,
            wall_seconds: limits.wall_seconds,
            output_mib: limits.output_bytes / MIB,
        }
    }
}

impl LimitsConfig {
    /// In the worker's own units.
    pub fn limits(self) -> Limits {
        Limits {
            file_bytes: self.file_mib.saturating_mul(MIB),
            memory_bytes: self.memory_mib.saturating_mul(MIB),
            cpu_seconds: self.cpu_seconds,
            wall_seconds: self.wall_seconds,
            output_bytes: self.output_mib.saturating_mul(MIB),
            ..Limits::default()
        }
    }
}
