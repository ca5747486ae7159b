//! The only place where edges meet: it carries values from disk to worker to judge to ledger to index, and answers
//! questions. It never prints and never exits.

pub mod act;
pub mod config;
pub mod pass;
pub mod question;
pub mod trial;
pub mod workspace;

mod clock;
mod judging;
mod publish;
mod sites;

pub use workspace::{Sought, Workspace};
