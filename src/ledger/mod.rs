//! The ledger: the SQLite database of facts, hash-chained; the only place with SQL, and the only truth.
//!
//! Facts are appended and never changed. Tables beside them (`root`, `sighting`, `reading`, `judgement`, `decision`) hold
//! the newest of each, kept in the same transaction and rebuilt from the facts at any time. Payloads can be erased.
//! What is acknowledged is on the disk: every append is one transaction with `synchronous = FULL`.
//!
//! | file | owns |
//! |---|---|
//! | [`error`] | what can go wrong, told apart |
//! | `canonical` | canonical JSON and the chain's hash; pure |
//! | [`db`] | the connection: settings, migrations, snapshots |
//! | [`append`] | adding facts and payloads |
//! | `projection` | keeping and rebuilding the tables derived from facts |
//! | [`sight`] | roots, and what was seen where |
//! | [`known`] | readings, judgements, decisions, single facts |
//! | [`payload`] | texts by their hash; erasing |
//! | [`verify`] | is the chain whole? |
//! | [`pass_log`] | what passes counted |

pub mod append;
mod canonical;
pub mod db;
pub mod error;
pub mod known;
pub mod pass_log;
pub mod payload;
mod projection;
pub mod sight;
pub mod verify;

#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod testing;

pub use db::Ledger;
pub use error::{Error, Result};
pub use pass_log::{PassRow, WhichPass};
pub use payload::{Erasure, PayloadState};
pub use sight::{KnownSight, Root};
pub use verify::{Problem, Verification};
