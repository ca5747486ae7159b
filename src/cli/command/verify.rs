//! `evidex verify`: is the chain of facts whole?

use crate::cli::args::{Global, TableOrJson, VerifyArgs};
use crate::cli::failure::{Failure, Kind};
use crate::cli::{Exit, output};
use crate::engine::Workspace;
use crate::engine::question::{self, Files};
use crate::report::verify;

pub(super) fn run(global: &Global, args: &VerifyArgs) -> Result<Exit, Failure> {
    let workspace = Workspace::open(&super::sought(global, &[]))?;
    let parse = |text: &String| {
        text.parse().map_err(|e: crate::domain::ids::IdError| {
            Failure::new(Kind::Input, anyhow::Error::new(e))
                .hint("take the head from the foot of an earlier JSON report")
        })
    };
    let expect = args.expect.as_ref().map(parse).transpose()?;
    let files = if args.rehash { Files::ReadAgain } else { Files::LeaveAlone };
    let report = question::verify(&workspace, expect, files)?;
    let text = match args.format {
        TableOrJson::Table => verify::table(&report, super::screen()),
        TableOrJson::Json => verify::json(&report),
    };
    output::answer(&text)?;
    Ok(if report.is_good() { Exit::Done } else { Exit::No })
}
