//! Flags of `search`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::domain::day::Day;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SearchFormat {
    Table,
    Json,
    Jsonl,
    Csv,
    Paths,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SortBy {
    /// Best first
    Relevance,
    /// Latest first
    Date,
    Path,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FacetBy {
    Criterion,
    Type,
    Site,
    Role,
    Year,
}

/// The grammar, for `--help`; `docs/search.md` says the same at length.
const GRAMMAR: &str = "\
Queries:
  high security seal     documents with all three words, in any grammatical form (English, Spanish)
  \"high security\"        the words as they stand, side by side; accents and case aside
  seal OR lock           either; NOT lock or -lock: without; (…) groups
  SOP-SEAL-01  5530918   codes, whole and in part
  seal*  *4711  TCL*918  words with anything in place of the star
  inspecton~  sael~1     words that differ by one or two letters
  *                      every document
Fields:
  title:seal  path:log  text:bolt       words in one place; title:(a OR b) too
  path:seals/**  path:*.xlsx            patterns of paths
  criterion:6.*  kind:visitor-log       what a document surely bears on and is
  role:record,form  type:pdf  type:excel  site:\"Main DC\"  root:Policies  language:es
  outcome:encrypted                     what came of reading it
  date:2026-01..2026-06  year:2025  since:90d  until:2026-03-31   by effective date
Put the query in single quotes, so that the shell leaves \" ( ) * and - to it:
  evidex search '\"seal log\" -draft role:record since:1y'";

/// A query and what narrows, orders and prints its answer.
#[derive(Debug, Args)]
#[command(after_long_help = GRAMMAR, after_help = "`--help` shows what a query may hold.")]
pub(crate) struct SearchArgs {
    /// Words (all must match), "phrases", OR, -word, (groups), field:value
    #[arg(value_name = "QUERY")]
    pub(crate) query: Vec<String>,
    #[command(flatten)]
    pub(crate) narrow: Narrow,
    #[command(flatten)]
    pub(crate) moment: Moment,
    #[command(flatten)]
    pub(crate) show: Show,
}

/// Each may be given again, or hold values with commas between: any of them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which documents")]
pub(crate) struct Narrow {
    /// Only what bears on a criterion, such as 6.7 or 6.*
    #[arg(long, value_name = "ID")]
    pub(crate) criterion: Vec<String>,
    /// Only procedures, records, forms, drafts, guidance, profiles, own output or others
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Vec<String>,
    /// Only records of a kind, such as visitor-log
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Vec<String>,
    /// Only files of a type: pdf, docx, excel, mail …
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) file_type: Vec<String>,
    /// Only documents of a site
    #[arg(long, value_name = "SITE")]
    pub(crate) site: Vec<String>,
    /// Only a watched folder, by its path or its last name; as a path it also says which state is meant
    #[arg(long, value_name = "FOLDER")]
    pub(crate) root: Vec<PathBuf>,
    /// Only paths of a pattern, such as 'seals/**' or '*.xlsx'
    #[arg(long, value_name = "GLOB")]
    pub(crate) path: Vec<String>,
    /// Only what speaks for this day or a later one: 2026-05-31, 2026-05, 2026, 90d, 6m, 2y
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    /// Only what speaks for this day or an earlier one
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
    /// Only what came of reading: read, unreadable, unsupported, ocr-pending, or a reason such as encrypted
    #[arg(long, value_name = "OUTCOME")]
    pub(crate) outcome: Vec<String>,
    /// Only papers in english, spanish or other
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) language: Vec<String>,
    /// Documents like this one: its path as printed, or any file
    #[arg(long, value_name = "FILE")]
    pub(crate) like: Option<PathBuf>,
}

/// What is searched: the present unless one of these is given.
#[derive(Debug, Args)]
#[command(next_help_heading = "Of the past")]
pub(crate) struct Moment {
    /// Search what is gone, as it last was
    #[arg(long, conflicts_with_all = ["as_of", "known_by"])]
    pub(crate) deleted: bool,
    /// Search what was there at the end of this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<Day>,
    /// Search what was known by this instant, such as 2026-11-01T12:00:00Z
    #[arg(long, value_name = "INSTANT")]
    pub(crate) known_by: Option<String>,
}

/// How the answer is printed.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
#[derive(Debug, Args)]
#[command(next_help_heading = "The answer")]
pub(crate) struct Show {
    /// Hits to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) limit: usize,
    /// Hits to skip
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: usize,
    /// In which order
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    pub(crate) sort: SortBy,
    /// Show every version of a paper, and not only the newest
    #[arg(long)]
    pub(crate) all_versions: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: SearchFormat,
    /// Print one line a document
    #[arg(long, short = 'l', conflicts_with_all = ["count", "by", "print0"])]
    pub(crate) lines: bool,
    /// Print only how many documents match
    #[arg(long, short = 'c', conflicts_with_all = ["by", "print0"])]
    pub(crate) count: bool,
    /// Print paths with a zero byte after each, for `xargs -0`
    #[arg(long, short = '0', conflicts_with = "by")]
    pub(crate) print0: bool,
    /// Print how many documents there are of each
    #[arg(long, value_name = "FIELD")]
    pub(crate) by: Option<FacetBy>,
}
