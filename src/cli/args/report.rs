//! Flags of the commands that look at folders and report: `scan`, `gaps`, `explain`, `judge`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::domain::day::Day;

use super::{Folders, Subject, TableOrJson};

#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) folders: Folders,
    /// Believe that this folder, once full, is now rightly empty
    #[arg(long, value_name = "FOLDER")]
    pub(crate) accept_empty: Vec<PathBuf>,
    /// Look only at this file or folder below the folders; may be given more than once
    #[arg(long, value_name = "PATH", conflicts_with = "accept_empty")]
    pub(crate) only: Vec<PathBuf>,
    /// Print how the time was spent
    #[arg(long)]
    pub(crate) timings: bool,
    /// How to print the summary
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
}

#[derive(Debug, Args)]
pub(crate) struct GapsArgs {
    #[command(flatten)]
    pub(crate) folders: Folders,
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Show criteria without a gap too
    #[arg(long)]
    pub(crate) all: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: GapsFormat,
    /// Write to this file instead of stdout
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 1 if there is such a gap
    #[arg(long, value_name = "LEVEL", default_value = "never")]
    pub(crate) fail_on: FailOn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Never,
    Must,
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum GapsFormat {
    Table,
    Json,
    Csv,
    Markdown,
    Docx,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// A criterion such as 6.7, or a document's path
    #[arg(value_name = "CRITERION|FILE")]
    pub(crate) subject: String,
    #[command(flatten)]
    pub(crate) folders: Folders,
    #[command(flatten)]
    pub(crate) about: Subject,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
}

#[derive(Debug, Args)]
pub(crate) struct JudgeArgs {
    /// Files to read and judge
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Day on which dates are chosen [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<Day>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
}
