//! Dates: every one a text holds, and which of them is the day the paper speaks for.
//!
//! [`scan()`] keeps what is written, with its words around it; [`in_name`] reads a file's name; [`choose()`] weighs both at a
//! day. Only `choose` knows a role and an `as_of`, so that one scan serves every question. The scanner never guesses a
//! date that is not written: what it cannot read it leaves out.

mod calendar;
mod choose;
mod find;
mod labels;
mod name;
mod order;
mod scan;
mod spell;

pub use calendar::written_day;
pub use choose::{DateContext, Medium, PropertyDates, choose};
pub use name::{NameDate, in_name};
pub use scan::scan;

use crate::domain::judge::signal::DateSignals;

/// The same days without the words before them. What kept a day from counting still does.
pub fn without_words(mut signals: DateSignals) -> DateSignals {
    for candidate in &mut signals.candidates {
        let instead = if labels::is_print(&candidate.label) { "print date" } else { "private" };
        if !candidate.label.is_empty() {
            instead.clone_into(&mut candidate.label);
        }
    }
    signals
}

#[cfg(test)]
mod cases;
