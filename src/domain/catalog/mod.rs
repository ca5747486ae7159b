//! Criteria, needs, record kinds and rules as data. CTPAT MSC is built in; a user may load another or overlay one.
//!
//! The catalog holds what a specialist knows; the code holds none of it. A catalog is parsed and checked once, whole,
//! with line numbers in every error; afterwards its ids resolve.

mod check;
mod check_patterns;
mod error;
mod load;
mod locate;
mod overlay;
mod pattern;
mod types;

pub use error::{CatalogError, CatalogProblem};
pub use pattern::{Pattern, PatternClause, PatternError, PatternErrorKind, Phrase, WordPattern};
pub use types::*;
