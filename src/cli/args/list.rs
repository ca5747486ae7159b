//! Flags of the commands that list documents.

use clap::Args;

use super::{Folders, ListFormat, Subject};

#[derive(Debug, Args)]
pub(crate) struct DocumentsArgs {
    #[command(flatten)]
    pub(crate) list: ListArgs,
    /// Show the members of archives and mails too
    #[arg(long)]
    pub(crate) members: bool,
    /// Show what was read of one document, with its places
    #[arg(long, conflicts_with = "members")]
    pub(crate) text: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MatchesArgs {
    #[command(flatten)]
    pub(crate) folders: Folders,
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Show weak matches too
    #[arg(long)]
    pub(crate) weak: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) folders: Folders,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: ListFormat,
}
