//! The only place where edges meet: it carries values from disk to worker to judge to ledger to index, and answers
//! questions. It never prints and never exits.

pub mod act;
pub mod config;
pub mod daemon;
pub mod live;
pub mod pass;
pub mod question;
pub(crate) mod recognising;
pub mod service;
pub mod statuses;
pub mod tell;
pub mod trial;
pub mod workspace;

mod clock;
mod judging;
mod pack;
mod privacy;
mod publish;
mod sites;
mod ways;

pub use crate::index::{Facet, Sort};
pub use workspace::{Place, Sought, Workspace};
