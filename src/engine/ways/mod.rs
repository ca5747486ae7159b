//! Telling people: one file a way, each a function that hands over one message or says why it could not.
//!
//! The only place that opens a connection to another machine, and only when the configuration names one. What is told,
//! when, and how often is tried again, is the engine's affair. No error holds a secret, an address with a secret in it,
//! or what a document says.

mod error;
mod file;
mod journal;
pub mod mail;
mod secret;
pub mod webhook;

pub use error::Error;
pub use file::append;
pub use journal::{Field, write as write_journal};
pub use mail::{Letter, Mail, Security};
pub use secret::Secret;
pub use webhook::{Place, Webhook};
