//! `evidex scan`: read what is new or changed.

use std::path::PathBuf;

use crate::cli::args::{Global, ScanArgs, TableOrJson};
use crate::cli::failure::Failure;
use crate::cli::{Exit, output};
use crate::engine::config::Config;
use crate::engine::{Workspace, pass, tell};
use crate::report::scan_summary;

pub(super) fn run(global: &Global, args: &ScanArgs) -> Result<Exit, Failure> {
    refuse_absent(&args.accept_empty)?;
    let workspace = Workspace::open(&super::sought(global, &folders(global, args)))?;
    let order = pass::Order { accept_empty: args.accept_empty.clone(), only: args.only.clone() };
    tell::enrol(&workspace)?;
    let outcome = super::run_pass(global, &workspace, &order)?;
    outcome.notices.iter().for_each(|notice| super::tell(global, notice));
    super::notify::after_scan(global, &workspace);
    match args.format {
        TableOrJson::Table => output::answer(&scan_summary::line(outcome.summary, super::screen()))?,
        TableOrJson::Json => output::answer(&scan_summary::json(outcome.summary))?,
    }
    if args.timings {
        output::say(&outcome.timings.to_string());
    }
    Ok(if outcome.summary.unreadable > 0 { Exit::SomeUnreadable } else { Exit::Done })
}

/// A folder to be accepted as empty is one to look at, where nothing else says what to look at.
fn folders(global: &Global, args: &ScanArgs) -> Vec<PathBuf> {
    let named = &args.folders.folders;
    let others = !named.is_empty() || global.state.is_some() || Config::find(global.config.as_deref()).is_some();
    if others { named.clone() } else { args.accept_empty.clone() }
}

/// A slip in the name must not pass for consent.
pub(super) fn refuse_absent(folders: &[PathBuf]) -> Result<(), Failure> {
    match folders.iter().find(|folder| !folder.is_dir()) {
        None => Ok(()),
        Some(folder) => {
            Err(Failure::input(format!("there is no folder `{}` to be accepted as empty", folder.display()))
                .hint("check the spelling; a folder that is not there is mounted, or made anew, first"))
        }
    }
}
