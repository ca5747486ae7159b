//! `evidex judge`: what files are taken for, without a state.

use crate::cli::args::{Global, JudgeArgs, TableOrJson};
use crate::cli::failure::Failure;
use crate::cli::{Exit, output};
use crate::engine::question;
use crate::report::judge;

pub(super) fn run(global: &Global, args: &JudgeArgs) -> Result<Exit, Failure> {
    let documents = question::judge(&super::sought(global, &[]), &args.files, args.as_of)?;
    output::answer(&match args.format {
        TableOrJson::Table => judge::table(&documents, super::screen()),
        TableOrJson::Json => judge::json(&documents),
    })?;
    Ok(Exit::Done)
}
