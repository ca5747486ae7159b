//! The gap report: which criteria could this company not prove on that day, and why.
//!
//! `view` chooses, orders and groups once; the formats only write down what it chose, so that the screen, the
//! spreadsheet and the paper never disagree.

mod csv;
mod docx;
mod json;
mod markdown;
mod table;
mod view;

pub use csv::csv;
pub use docx::{DocxError, docx};
pub use json::json;
pub use markdown::markdown;
pub use table::table;

use super::look::Look;

/// Which criteria a report lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    Gaps,
    /// Every criterion, current and not applicable ones too.
    All,
}

/// Whether long lists end in "and N more". Files (JSON, CSV, DOCX, Markdown) are always full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lists {
    Cut,
    Full,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub show: Show,
    pub lists: Lists,
    pub look: Look,
}
