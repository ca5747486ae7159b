//! `evidex decisions`: who decided what, when and why.

use crate::cli::args::{DecisionsArgs, DecisionsFormat, Global};
use crate::cli::failure::Failure;
use crate::cli::{Exit, output};
use crate::engine::question;
use crate::report::decisions;

pub(super) fn run(global: &Global, args: &DecisionsArgs) -> Result<Exit, Failure> {
    let workspace = super::look(global, &args.folders)?;
    let made = question::decisions(&workspace)?;
    output::answer(&match args.format {
        DecisionsFormat::Table => decisions::table(&made, super::screen()),
        DecisionsFormat::Json => decisions::json(&made),
        DecisionsFormat::Jsonl => decisions::jsonl(&made),
    })?;
    Ok(Exit::Done)
}
