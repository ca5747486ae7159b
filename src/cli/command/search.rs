//! `evidex search`: find documents by their text.

use crate::cli::args::{Global, SearchArgs, SearchFormat};
use crate::cli::failure::Failure;
use crate::cli::{Exit, output};
use crate::engine::{Workspace, question};
use crate::report::search;

pub(super) fn run(global: &Global, args: &SearchArgs) -> Result<Exit, Failure> {
    let workspace = Workspace::open(&super::sought(global, &[]))?;
    let query = args.query.join(" ");
    let found = question::search(&workspace, &query, args.limit, args.offset)?;
    let text = match args.format {
        SearchFormat::Table => search::table(&found, super::screen()),
        SearchFormat::Json => search::json(&found),
        SearchFormat::Jsonl => search::jsonl(&found),
        SearchFormat::Paths => search::paths(&found),
    };
    output::answer(&text)?;
    if found.total == 0 {
        super::tell(
            global,
            "no document matches; fewer words find more, and `evidex unreadable` lists what could not be read",
        );
        return Ok(Exit::No);
    }
    Ok(Exit::Done)
}
