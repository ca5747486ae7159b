//! All flags and commands. Help is written for the reader: an imperative first line, the whole story in `--help`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::domain::day::Day;

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
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorChoice,
    /// Say nothing but the answer and errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Log what the program does; repeat for more
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
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
    Search(SearchArgs),
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
    /// Show the watched folders, the last pass, and counts
    Status(StatusArgs),
    /// Check that the ledger's chain of facts is whole
    Verify(VerifyArgs),
    /// Show, check, teach or try the catalog of criteria
    Catalog(CatalogArgs),
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

#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    #[command(flatten)]
    pub(crate) folders: Folders,
    /// Believe that this folder, once full, is now rightly empty
    #[arg(long, value_name = "FOLDER")]
    pub(crate) accept_empty: Vec<PathBuf>,
    /// Print how the time was spent
    #[arg(long)]
    pub(crate) timings: bool,
    /// How to print the summary
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SearchFormat {
    Table,
    Json,
    Jsonl,
    Paths,
}

#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    /// Words (all must match), "phrases", OR, -word, (groups), field:value
    #[arg(value_name = "QUERY", required = true)]
    pub(crate) query: Vec<String>,
    /// Hits to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) limit: usize,
    /// Hits to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: usize,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: SearchFormat,
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
pub(crate) struct DocumentsArgs {
    #[command(flatten)]
    pub(crate) list: ListArgs,
    /// Show the members of archives and mails too
    #[arg(long)]
    pub(crate) members: bool,
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

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// A head printed by an earlier report: the chain must contain it
    #[arg(long, value_name = "HEAD")]
    pub(crate) expect: Option<String>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
}

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
