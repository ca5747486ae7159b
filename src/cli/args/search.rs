//! Flags of `search`.

use clap::{Args, ValueEnum};

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
