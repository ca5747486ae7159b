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
//! | [`failures`] | what could not be read, how often in a row |
//! | [`payload`] | texts by their hash; erasing |
//! | [`verify`] | is the chain whole? |
//! | [`telling`] | how far each way of telling has come |
//! | [`pass_log`] | what passes counted |
//! | [`status_log`] | which statuses changed, and those last assessed |
//! | [`withheld`] | contents whose text is not kept |
//! | [`backup`] | a copy of the ledger, whole while others write |
//! | [`replace`] | another ledger in this one's place, never by writing over it |
//! | [`mod@salvage`] | what can be saved from a damaged ledger |

pub mod append;
pub mod backup;
mod canonical;
pub mod db;
pub mod error;
pub mod failures;
pub mod known;
pub mod pass_log;
pub mod payload;
mod projection;
pub mod replace;
pub mod salvage;
pub mod sight;
pub mod status_log;
pub mod telling;
pub mod verify;
pub mod withheld;

#[cfg(test)]
mod fault_tests;
#[cfg(test)]
mod testing;

pub use backup::restore;
pub use db::Ledger;
pub use error::{Error, Result};
pub use pass_log::{PassRow, WhichPass};
pub use payload::{Erasure, PayloadState};
pub use salvage::{Salvage, salvage};
pub use sight::{KnownSight, Root};
pub use status_log::LoggedChange;
pub use telling::Telling;
pub use verify::{Problem, Verification};
pub use withheld::PayloadsOf;
