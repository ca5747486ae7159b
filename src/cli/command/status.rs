//! `evidex status`: what is watched, when it was last looked at, and what came of it.

use crate::cli::args::{Global, StatusArgs, TableOrJson};
use crate::cli::failure::Failure;
use crate::cli::{Exit, output};
use crate::engine::{Workspace, question};
use crate::report::status;

pub(super) fn run(global: &Global, args: &StatusArgs) -> Result<Exit, Failure> {
    let workspace = Workspace::open(&super::sought(global, &[]))?;
    let report = question::status(&workspace)?;
    let text = match args.format {
        TableOrJson::Table => status::table(&report, super::screen()),
        TableOrJson::Json => status::json(&report),
    };
    output::answer(&text)?;
    Ok(Exit::Done)
}
