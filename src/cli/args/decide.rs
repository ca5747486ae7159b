//! Flags of the commands by which a person decides.

use clap::{Args, ValueEnum};

use crate::domain::day::Day;

use super::Folders;

/// Who decides, and why.
#[derive(Debug, Args)]
pub(crate) struct Word {
    /// Why, for those who ask later
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// Who decides [default: the account's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct VerdictArgs {
    /// The document's path, or the end of it
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// A criterion such as 6.7
    #[arg(value_name = "CRITERION")]
    pub(crate) criterion: String,
    #[command(flatten)]
    pub(crate) folders: Folders,
    #[command(flatten)]
    pub(crate) word: Word,
}

#[derive(Debug, Args)]
pub(crate) struct DateArgs {
    /// The document's path, or the end of it
    #[arg(value_name = "FILE")]
    pub(crate) file: String,
    /// The day that it speaks for
    #[arg(value_name = "YYYY-MM-DD")]
    pub(crate) day: Day,
    #[command(flatten)]
    pub(crate) folders: Folders,
    #[command(flatten)]
    pub(crate) word: Word,
}

#[derive(Debug, Args)]
pub(crate) struct OwnerArgs {
    /// The document's path, or the end of it; or a criterion such as 6.7
    #[arg(value_name = "FILE|CRITERION")]
    pub(crate) subject: String,
    /// Who answers for it
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) folders: Folders,
    #[command(flatten)]
    pub(crate) word: Word,
}

#[derive(Debug, Args)]
pub(crate) struct NotApplicableArgs {
    /// A criterion such as 6.7
    #[arg(value_name = "CRITERION")]
    pub(crate) criterion: String,
    #[command(flatten)]
    pub(crate) folders: Folders,
    #[command(flatten)]
    pub(crate) word: Word,
}

#[derive(Debug, Args)]
pub(crate) struct NilArgs {
    /// A criterion such as 6.7
    #[arg(value_name = "CRITERION")]
    pub(crate) criterion: String,
    #[command(flatten)]
    pub(crate) folders: Folders,
    /// The last day for which this holds
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Day,
    #[command(flatten)]
    pub(crate) word: Word,
}

#[derive(Debug, Args)]
pub(crate) struct WaiveArgs {
    /// A criterion such as 6.7
    #[arg(value_name = "CRITERION")]
    pub(crate) criterion: String,
    #[command(flatten)]
    pub(crate) folders: Folders,
    /// The last day for which this holds
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Day,
    /// Why, for those who ask later
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: String,
    /// Who decides [default: the account's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct UndoArgs {
    /// The decision's number, as `evidex decisions` lists it
    #[arg(value_name = "NUMBER")]
    pub(crate) seq: u64,
    #[command(flatten)]
    pub(crate) folders: Folders,
    #[command(flatten)]
    pub(crate) word: Word,
}

#[derive(Debug, Args)]
pub(crate) struct DecisionsArgs {
    #[command(flatten)]
    pub(crate) folders: Folders,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: DecisionsFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DecisionsFormat {
    Table,
    Json,
    Jsonl,
}
