//! Flags of `catalog` and its commands.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::domain::day::Day;

use super::TableOrJson;

#[derive(Debug, Args)]
pub(crate) struct CatalogArgs {
    #[command(subcommand)]
    pub(crate) command: CatalogCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CatalogCommand {
    /// List the criteria
    List {
        /// Only those that concern this kind of member
        #[arg(long, value_name = "TYPE")]
        entity: Option<String>,
        /// How to print
        #[arg(long, value_name = "FORMAT", default_value = "table")]
        format: TableOrJson,
    },
    /// Show one criterion whole
    Show {
        /// A criterion such as 6.7
        criterion: String,
        /// How to print
        #[arg(long, value_name = "FORMAT", default_value = "table")]
        format: TableOrJson,
    },
    /// Check a catalog or overlay file
    Check {
        /// The file
        file: PathBuf,
    },
    /// Train the passage model from examples
    Train {
        /// Folder with the examples, as `.jsonl` files
        #[arg(long, value_name = "DIR", default_value = "schema/examples")]
        examples: PathBuf,
        /// File to write the model to
        #[arg(long, short, value_name = "FILE", default_value = "schema/model/passages.bin")]
        output: PathBuf,
    },
    /// Score the judging of a labelled company folder
    Test(CatalogTestArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CatalogTestArgs {
    /// Folder that holds `company/`, `labels.jsonl` and, for statuses, `gaps-YYYY-MM-DD.jsonl`
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// Kind of CTPAT member, such as us-importer
    #[arg(long, value_name = "TYPE")]
    pub(crate) entity: Option<String>,
    /// Day on which freshness is judged [default: that of the newest file of statuses]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<Day>,
    /// List wrong and missed pairs
    #[arg(long)]
    pub(crate) misses: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
}
