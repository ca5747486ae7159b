//! Flags of the commands that keep a state safe and in order.

use std::path::PathBuf;

use clap::Args;

use super::TableOrJson;

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// The file to write; an older backup of that name is replaced
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// A file that `evidex backup` wrote
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Move a ledger that is there aside first
    #[arg(long)]
    pub(crate) force: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
}

#[derive(Debug, Args)]
pub(crate) struct FormatArgs {
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
}

#[derive(Debug, Args)]
pub(crate) struct ForgetArgs {
    /// The document's path, or the end of it; or the SHA-256 of a content
    #[arg(value_name = "PATH|HASH")]
    pub(crate) name: String,
    /// Why, for those who ask later; it is kept
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Who asks for it [default: the account's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Take it back: the next pass reads it again
    #[arg(long)]
    pub(crate) undo: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
}
