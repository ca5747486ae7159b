//! Why a message was not taken, in words that may be logged.

use std::io;
use std::path::PathBuf;

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("could not read the secret in `{path}`")]
    SecretFile { path: PathBuf, source: io::Error },
    #[error("the environment variable `{name}` that holds the secret is not set")]
    SecretEnvironment { name: String },
    #[error("could not use the certificates in `{path}`: {why}")]
    Certificates { path: PathBuf, why: String },
    #[error("could not write to the system's journal")]
    Journal { source: io::Error },
    #[error("could not append to `{path}`")]
    File { path: PathBuf, source: io::Error },
    /// Reached, and it said no.
    #[error("`{host}` answered {status}")]
    Refused { host: String, status: u16 },
    #[error("`{host}` did not answer in time")]
    TimedOut { host: String },
    #[error("could not reach `{host}`: {why}")]
    Unreachable { host: String, why: String },
    #[error("`{host}` did not take the mail: {why}")]
    Mail { host: String, why: String },
    #[error("`{text}` is not a mail address")]
    Address { text: String },
    #[error("`{text}` is not an address that begins with http:// or https://")]
    Url { text: String },
}
