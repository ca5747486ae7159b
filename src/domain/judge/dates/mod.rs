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

#[cfg(test)]
mod cases;
