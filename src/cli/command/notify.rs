//! `evidex notify`: the ways of telling people of status changes, seen, tried and hurried. Also what a scan says of them.

use crate::cli::args::{Global, NotifyCommand, TableOrJson};
use crate::cli::failure::{Failure, Kind};
use crate::cli::{Exit, output};
use crate::engine::Workspace;
use crate::engine::tell::{self, Delivery, Occasion};
use crate::report::{escape, outbox};

pub(super) fn run(global: &Global, command: &NotifyCommand) -> Result<Exit, Failure> {
    let workspace = Workspace::open_to_watch(&super::sought(global, &[]))?;
    match command {
        NotifyCommand::List { format } => {
            let ways = tell::outbox(&workspace)?;
            output::answer(&match format {
                TableOrJson::Table => outbox::table(&ways, super::screen()),
                TableOrJson::Json => outbox::json(&ways),
            })?;
            Ok(Exit::Done)
        }
        NotifyCommand::Test => answer(&tell::test(&workspace)?, "test message"),
        NotifyCommand::Send => {
            if workspace.config.notify.is_empty() {
                return Err(tell::Error::NoWay.into());
            }
            answer(&tell::deliver(&workspace, Occasion::Asked)?, "message")
        }
    }
}

/// After a scan: failures are said and tried again later; they do not make the scan a failure.
pub(super) fn after_scan(global: &Global, workspace: &Workspace) {
    match tell::after_scan(workspace) {
        Ok(deliveries) => {
            for delivery in deliveries {
                if let Some(error) = delivery.failure {
                    let why = reason(&error);
                    super::tell(global, &format!("could not tell by `{}`, to be tried again: {why}", delivery.way));
                }
            }
        }
        Err(error) => super::tell(global, &format!("could not tell of status changes: {error}")),
    }
}

fn answer(deliveries: &[Delivery], what: &str) -> Result<Exit, Failure> {
    let line = |delivery: &Delivery| {
        let taken = match delivery.messages {
            0 => format!("no {what}"),
            1 => format!("1 {what} taken"),
            n => format!("{n} {what}s taken"),
        };
        let failed = delivery.failure.as_ref().map(|error| format!("; failed: {}", reason(error)));
        format!("{}: {taken}{}", delivery.way, failed.unwrap_or_default())
    };
    output::answer(&deliveries.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    let failures = deliveries.iter().filter(|delivery| delivery.failure.is_some()).count();
    if failures == 0 {
        return Ok(Exit::Done);
    }
    let error = anyhow::anyhow!("{failures} of {} ways failed", deliveries.len());
    Err(Failure::new(Kind::Failed, error).hint("each line above says why; docs/install.md says what each way needs"))
}

/// The error with its causes. Servers' words among them are foreign text.
fn reason(error: &(dyn std::error::Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    let words: Vec<String> = chain.map(ToString::to_string).collect();
    escape::terminal(&words.join(": ")).into_owned()
}
