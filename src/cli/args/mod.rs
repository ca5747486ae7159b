//! All flags and commands, one file a family of commands. Help is written for the reader: an imperative first line, the
//! whole story in `--help`.

mod catalog;
mod decide;
mod install;
mod list;
mod ocr;
mod report;
mod search;
mod state;
mod upkeep;
mod watch;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::domain::day::Day;

pub(crate) use catalog::{CatalogArgs, CatalogCommand, CatalogTestArgs};
pub(crate) use decide::{
    DateArgs, DecisionsArgs, DecisionsFormat, NilArgs, NotApplicableArgs, OwnerArgs, UndoArgs, VerdictArgs, WaiveArgs,
    Word,
};
pub(crate) use install::{
    InitArgs, NotifyArgs, NotifyCommand, ServiceArgs, ServiceChangeArgs, ServiceCommand, ServiceInstallArgs,
};
pub(crate) use list::{DocumentsArgs, ListArgs, MatchesArgs};
pub(crate) use ocr::OcrFlag;
pub(crate) use report::{ExplainArgs, FailOn, GapsArgs, GapsFormat, JudgeArgs, ScanArgs};
pub(crate) use search::{FacetBy, Narrow, SearchArgs, SearchFormat, SortBy};
pub(crate) use state::{ConfigArgs, ConfigCommand, StatusArgs, VerifyArgs};
pub(crate) use upkeep::{BackupArgs, ForgetArgs, FormatArgs, RestoreArgs};
pub(crate) use watch::WatchArgs;

/// Say which CTPAT criteria your papers could not prove today, and why
#[derive(Debug, Parser)]
#[command(name = "evidex", version, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 done; 1 the answer is no (no hit, --fail-on met, verify broken); 2 usage, \
configuration or input; 3 scan done, but some files could not be read; 4 failed; 5 locked; 130 interrupted. \
Treat any other code as failure.")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Folder for the ledger and the index
    #[arg(long, global = true, value_name = "DIR", env = "EVIDEX_STATE")]
    pub(crate) state: Option<PathBuf>,
    /// Configuration file
    #[arg(long, global = true, value_name = "FILE", env = "EVIDEX_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Another catalog than the one built in
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,
    /// Changes to the catalog: levels, ages, phrases, criteria of your own
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) overlay: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) ocr: OcrFlag,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
    /// Say nothing but the answer and errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Log what the program does; repeat for more
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// How to write the log
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text")]
    pub(crate) log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read what is new or changed in a folder
    Scan(ScanArgs),
    /// Report which criteria lack current evidence, and why
    Gaps(GapsArgs),
    /// Find documents by words, phrases and fields
    Search(Box<SearchArgs>),
    /// Explain a criterion or a document: what proves it, what lacks, with the passages
    Explain(ExplainArgs),
    /// List every document, with what came of reading it
    Documents(DocumentsArgs),
    /// List which document bears on which criterion
    Matches(MatchesArgs),
    /// List documents that could not be read, why, and what to do
    Unreadable(ListArgs),
    /// List documents with the same bytes
    Duplicates(ListArgs),
    /// Say what files are taken for, without recording anything
    Judge(JudgeArgs),
    /// Decide that a document proves a criterion
    Accept(VerdictArgs),
    /// Decide that a document does not prove a criterion
    Reject(VerdictArgs),
    /// Decide which day a document speaks for
    Date(DateArgs),
    /// Name who answers for a document or a criterion
    Owner(OwnerArgs),
    /// Decide that a criterion does not apply to this company
    NotApplicable(NotApplicableArgs),
    /// Decide that nothing happened which a criterion would want recorded
    Nil(NilArgs),
    /// Set a criterion aside until a day, with the reason
    Waive(WaiveArgs),
    /// Take a decision back
    Undo(UndoArgs),
    /// List all decisions: who, when, what and why
    Decisions(DecisionsArgs),
    /// Watch folders and look at every change, until told to stop
    Watch(WatchArgs),
    /// Show the watched folders, the last pass, and counts
    Status(StatusArgs),
    /// Check that the ledger's chain of facts is whole
    Verify(VerifyArgs),
    /// Copy the ledger to a file, checked, while others go on writing
    Backup(BackupArgs),
    /// Make the state from a backup
    Restore(RestoreArgs),
    /// Bring a damaged state in order: save what can be saved, build the index anew
    Repair(FormatArgs),
    /// Erase what a document says, for good; the record that it was there stays
    Forget(ForgetArgs),
    /// Check this machine: state, rights, limits, disk, clock
    Doctor(FormatArgs),
    /// Show, check, teach or try the catalog of criteria
    Catalog(CatalogArgs),
    /// Write a configuration, asking for what it needs
    Init(InitArgs),
    /// Run as a systemd service: install, uninstall, start, stop, status
    Service(ServiceArgs),
    /// List, test or hurry the ways of telling people of status changes
    Notify(NotifyArgs),
    /// Show or check the configuration
    Config(ConfigArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell to complete for
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
    /// Print the JSON Schema of an output, or list them
    Schema {
        /// Name of the output, as in `evidex.gaps/1`
        name: Option<String>,
    },
}

/// Which folders a question is about.
#[derive(Debug, Args)]
pub(crate) struct Folders {
    /// Folders to look at first; without any, the configuration's or the state's are asked as they were last seen
    #[arg(value_name = "FOLDER")]
    pub(crate) folders: Vec<PathBuf>,
}

/// The company and the day that a report is about.
#[derive(Debug, Args)]
pub(crate) struct Subject {
    /// Kind of CTPAT member, such as us-importer
    #[arg(long, value_name = "TYPE")]
    pub(crate) entity: Option<String>,
    /// Day on which freshness is judged [default: today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<Day>,
    /// Only what was known by this instant, such as 2026-11-01T12:00:00Z [default: now]
    #[arg(long, value_name = "INSTANT")]
    pub(crate) known_by: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableOrJson {
    Table,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    Table,
    Json,
    Jsonl,
    Csv,
}
