//! Flags of the commands about the state and the configuration.

use clap::{Args, Subcommand};

use super::TableOrJson;

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// Go on and print a line for each change, until stopped
    #[arg(long)]
    pub(crate) follow: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// A head printed by an earlier report: the chain must contain it
    #[arg(long, value_name = "HEAD")]
    pub(crate) expect: Option<String>,
    /// Read all documents again too, and compare them with the ledger
    #[arg(long)]
    pub(crate) rehash: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show the configuration in force and where it came from
    Show,
    /// Check the configuration file
    Check,
    /// Print a commented configuration to start from
    Default,
}
