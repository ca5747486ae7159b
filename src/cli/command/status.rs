//! `evidex status`: what is watched, when it was last looked at, what came of it; and what happens from now on.

use std::time::Duration;

use crate::cli::args::{Global, StatusArgs, TableOrJson};
use crate::cli::failure::{Failure, Kind};
use crate::cli::{Exit, output};
use crate::engine::pass::Stop;
use crate::engine::{Workspace, question};
use crate::report::{follow, status};

/// Between two looks at what happened.
const FOLLOW_PAUSE: Duration = Duration::from_millis(250);

pub(super) fn run(global: &Global, args: &StatusArgs) -> Result<Exit, Failure> {
    let workspace = Workspace::open_to_watch(&super::sought(global, &[]))?;
    if args.follow {
        return go_on(&workspace, args.format);
    }
    let report = question::status(&workspace)?;
    let text = match args.format {
        TableOrJson::Table => status::table(&report, super::screen()),
        TableOrJson::Json => status::json(&report),
    };
    output::answer(&text)?;
    Ok(Exit::Done)
}

/// Prints what happens, until a signal or until nobody reads it.
fn go_on(workspace: &Workspace, format: TableOrJson) -> Result<Exit, Failure> {
    let stop = Stop::on_signals().map_err(|error| Failure::new(Kind::Failed, error))?;
    let mut follower = question::Follower::start(workspace)?;
    while !stop.is_asked() {
        for event in follower.news()? {
            output::answer(&match format {
                TableOrJson::Table => follow::line(&event),
                TableOrJson::Json => follow::json(&event),
            })?;
        }
        std::thread::sleep(FOLLOW_PAUSE);
    }
    Ok(Exit::Done)
}
