//! The words of the product as types, and the pure functions over them.
//!
//! Nothing here reads a file, a clock, a database, the environment or the terminal; `now`, `today` and every byte are
//! arguments. Values are parsed once at the border and cannot be wrong afterwards.

pub mod change;
pub mod day;
pub mod entity;
pub mod fact;
pub mod ids;
pub mod reading;
pub mod relpath;
pub mod retry;
pub mod wire;

pub mod catalog;

pub mod judge;

pub mod assess;

pub mod query;

pub mod trial;

pub mod status_change;
