//! Whose text is not kept: private paths, documents gone for long, contents that a person asked to forget.
//!
//! A pass asks [`heed()`] before it reads which contents must be read again or never, and [`tidy()`] afterwards erases what
//! rules of the configuration no longer allow. Every erasure is a fact; texts go from the file, the log and the index.

mod heed;
mod paths;
mod places;
mod tidy;

pub use heed::{Heeded, Scope, heed};
pub use paths::PrivatePaths;
pub use places::{Place, Places};
pub use tidy::tidy;
