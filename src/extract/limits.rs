//! What one document may cost, and the one error by which a reader gives up.
//!
//! Apart from the readers because every reader and both ends of the worker share them. All limits are named here, so
//! that the reader's identity can hold them: a document that failed under smaller limits is tried again under larger.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::reading::Unreadable;

const MIB: u64 = 1 << 20;

/// What one document may cost. Sent to the worker at its start; the same value for every file of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Size of a file that is still opened.
    pub file_bytes: u64,
    /// Address space of a worker beyond what it needs to start; the file itself counts.
    pub memory_bytes: u64,
    /// Processor time for one file.
    pub cpu_seconds: u64,
    /// Time on the clock for one file.
    pub wall_seconds: u64,
    /// Length of a worker's answer for one file.
    pub output_bytes: u64,
    /// Text kept of one document; the rest is cut and the reading marked `truncated`.
    pub text_bytes: u64,
    /// Containers inside containers.
    pub depth: u32,
    /// Members of one file, all levels together.
    pub members: u32,
    /// Unpacked bytes of one file, all levels together.
    pub member_bytes: u64,
    /// Unpacked bytes for each packed one.
    pub ratio: u64,
    /// Pages read of one document.
    pub pages: u32,
    /// Cells read of one spreadsheet.
    pub cells: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 256 * MIB,
            memory_bytes: 512 * MIB,
            cpu_seconds: 30,
            wall_seconds: 120,
            output_bytes: 64 * MIB,
            text_bytes: 32 * MIB,
            depth: 5,
            members: 2_000,
            member_bytes: 512 * MIB,
            ratio: 200,
            pages: 5_000,
            cells: 2_000_000,
        }
    }
}

impl Limits {
    /// Processor time of a worker over its whole life, whatever its parent does: many times what one file may use.
    pub(super) fn cpu_life_seconds(&self) -> u64 {
        self.cpu_seconds.saturating_mul(1_000)
    }
}

/// All limits by name, in a fixed order: the text that goes into the reader's identity.
impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Taken apart without `..`, so that a new limit cannot be left out of the identity.
        let Self {
            file_bytes,
            memory_bytes,
            cpu_seconds,
            wall_seconds,
            output_bytes,
            text_bytes,
            depth,
            members,
            member_bytes,
            ratio,
            pages,
            cells,
        } = self;
        write!(
            f,
            "file {file_bytes} memory {memory_bytes} cpu {cpu_seconds} wall {wall_seconds} output {output_bytes} \
             text {text_bytes} depth {depth} members {members} member-bytes {member_bytes} ratio {ratio} \
             pages {pages} cells {cells}"
        )
    }
}

/// Why a reader gave up on bytes it knows the format of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}: {detail}")]
pub struct ReadError {
    pub reason: Unreadable,
    /// For the person; never document text.
    pub detail: String,
}

impl ReadError {
    pub fn new(reason: Unreadable, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }

    pub fn damaged(detail: impl Into<String>) -> Self {
        Self::new(Unreadable::Damaged, detail)
    }

    pub fn encrypted(detail: impl Into<String>) -> Self {
        Self::new(Unreadable::Encrypted, detail)
    }

    pub fn bomb(detail: impl Into<String>) -> Self {
        Self::new(Unreadable::Bomb, detail)
    }

    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(Unreadable::TooLarge, detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_identity_text_changes_with_every_limit() {
        let default = serde_json::to_value(Limits::default()).unwrap();
        let names: Vec<String> = default.as_object().unwrap().keys().cloned().collect();
        assert_eq!(names.len(), 12);
        for name in names {
            let mut changed = default.clone();
            changed[&name] = 7.into();
            let changed: Limits = serde_json::from_value(changed).unwrap();
            assert_ne!(changed.to_string(), Limits::default().to_string(), "{name}");
        }
    }

    #[test]
    fn a_partial_configuration_keeps_the_other_limits() {
        let limits: Limits = serde_json::from_str(r#"{"cpu_seconds": 5}"#).unwrap();
        assert_eq!(limits, Limits { cpu_seconds: 5, ..Limits::default() });
        assert!(serde_json::from_str::<Limits>(r#"{"cpu_second": 5}"#).is_err());
    }
}
