//! Flags of `watch`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// Folders to watch; without any, those of the configuration or the state
    #[arg(value_name = "FOLDER")]
    pub(crate) folders: Vec<PathBuf>,
    /// Believe at the start that this folder, once full, is now rightly empty
    #[arg(long, value_name = "FOLDER")]
    pub(crate) accept_empty: Vec<PathBuf>,
}
