//! `evidex service`: set up, take away, start, stop, look at the systemd service.

use crate::cli::args::{Global, ServiceChangeArgs, ServiceCommand, ServiceInstallArgs, TableOrJson};
use crate::cli::failure::Failure;
use crate::cli::{Exit, output};
use crate::engine::Workspace;
use crate::engine::service::{self, Step, System, Wanted};
use crate::report::service as report;

pub(super) fn run(global: &Global, command: &ServiceCommand) -> Result<Exit, Failure> {
    match command {
        ServiceCommand::Install(args) => install(global, args),
        ServiceCommand::Uninstall(args) => {
            let steps = service::uninstall_steps(&system(args));
            change(args, &steps, "the state, the configuration and the account stay as they are")
        }
        ServiceCommand::Start(args) => {
            change(args, &service::start_steps(), "how it goes: `evidex service status`, then `evidex status`")
        }
        ServiceCommand::Stop(args) => change(args, &service::stop_steps(), "stopped; `evidex scan` works meanwhile"),
        ServiceCommand::Status(args) => {
            let status = service::status()?;
            output::answer(&match args.format {
                TableOrJson::Table => report::table(&status, super::screen()),
                TableOrJson::Json => report::json(&status),
            })?;
            Ok(if status.runs() { Exit::Done } else { Exit::No })
        }
    }
}

fn install(global: &Global, args: &ServiceInstallArgs) -> Result<Exit, Failure> {
    let workspace = Workspace::open_to_watch(&super::sought(global, &[]))?;
    let wanted = Wanted {
        user: args.user.clone(),
        group: args.group.clone(),
        also_groups: args.also_group.clone(),
        memory_max: args.memory_max.clone(),
    };
    let unit = service::unit(&workspace, &wanted)?;
    let steps = service::install_steps(&system(&args.change), &unit);
    change(&args.change, &steps, "next: `sudo evidex service start`")
}

fn system(args: &ServiceChangeArgs) -> System {
    args.root.clone().map_or(System::Running, System::Image)
}

fn change(args: &ServiceChangeArgs, steps: &[Step], next: &str) -> Result<Exit, Failure> {
    if args.dry_run {
        let shown: Vec<String> = steps.iter().map(shown_whole).collect();
        output::answer(&shown.join("\n"))?;
        return Ok(Exit::Done);
    }
    service::check_able(&system(args))?;
    for step in steps {
        step.perform()?;
        output::answer(&step.shown())?;
    }
    output::answer(next)?;
    Ok(Exit::Done)
}

/// A step with the text that it would write.
fn shown_whole(step: &Step) -> String {
    match step {
        Step::Write { text, .. } => {
            let lines: Vec<String> = text.lines().map(|line| format!("    {line}").trim_end().to_owned()).collect();
            format!("{}\n{}", step.shown(), lines.join("\n"))
        }
        Step::Remove { .. } | Step::Run { .. } => step.shown(),
    }
}
