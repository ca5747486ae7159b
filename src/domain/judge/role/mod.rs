//! What a paper is, apart from what it is about.
//!
//! [`signals`] counts in the text once; the referee weighs the counts together with the name. Words of one list may
//! stand in many papers; only several signs together decide.

pub mod signals;
pub mod words;
