//! What a program that this one becomes may use.
//!
//! Apart from the fence and from text recognition because both name it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Limits that stay when a process becomes another program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Allowance {
    pub memory_bytes: u64,
    pub cpu_seconds: u64,
    /// Folders to read from and run programs in.
    pub folders: Vec<PathBuf>,
}
