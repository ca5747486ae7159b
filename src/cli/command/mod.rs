//! One file per command; here is only which runs when, and what they share: opening a workspace and looking first.

mod catalog;
mod config;
mod decide;
mod decisions;
mod documents;
mod explain;
mod gaps;
mod init;
mod judge;
mod naming;
mod notify;
mod scan;
mod search;
mod service;
mod shell;
mod status;
mod teach;
mod upkeep;
mod verify;
mod watch;

use std::path::PathBuf;

use crate::cli::args::{Cli, Command, Folders, Global, ListFormat, Subject};
use crate::cli::failure::{Failure, Kind, nearest};
use crate::cli::{Exit, output, progress};
use crate::domain::assess::status::Assessment;
use crate::domain::entity::Entity;
use crate::domain::fact::Decision;
use crate::domain::ids::InstantMs;
use crate::engine::question::{self, Question};
use crate::engine::{Sought, Workspace, pass};
use crate::report::{Colour, Look};

pub(crate) fn run(cli: &Cli) -> Result<Exit, Failure> {
    output::choose_color(cli.global.color);
    let global = &cli.global;
    match &cli.command {
        Command::Scan(args) => scan::run(global, args),
        Command::Gaps(args) => gaps::run(global, args),
        Command::Search(args) => search::run(global, args),
        Command::Explain(args) => explain::run(global, args),
        Command::Documents(args) => documents::documents(global, args),
        Command::Matches(args) => documents::matches(global, args),
        Command::Unreadable(args) => documents::unreadable(global, args),
        Command::Duplicates(args) => documents::duplicates(global, args),
        Command::Judge(args) => judge::run(global, args),
        Command::Accept(args) => decide::verdict(global, args, &Decision::Accept),
        Command::Reject(args) => decide::verdict(global, args, &Decision::Reject),
        Command::Date(args) => decide::date(global, args),
        Command::Owner(args) => decide::owner(global, args),
        Command::NotApplicable(args) => decide::not_applicable(global, args),
        Command::Nil(args) => decide::nil(global, args),
        Command::Waive(args) => decide::waive(global, args),
        Command::Undo(args) => decide::undo(global, args),
        Command::Decisions(args) => decisions::run(global, args),
        Command::Watch(args) => watch::run(global, args),
        Command::Status(args) => status::run(global, args),
        Command::Verify(args) => verify::run(global, args),
        Command::Backup(args) => upkeep::backup(global, args),
        Command::Restore(args) => upkeep::restore(global, args),
        Command::Repair(args) => upkeep::repair(global, args),
        Command::Forget(args) => upkeep::forget(global, args),
        Command::Doctor(args) => upkeep::doctor(global, args),
        Command::Catalog(args) => catalog::run(global, args),
        Command::Init(args) => init::run(global, args),
        Command::Service(args) => service::run(global, &args.command),
        Command::Notify(args) => notify::run(global, &args.command),
        Command::Config(args) => config::run(global, args.command),
        Command::Completions { shell } => shell::completions(*shell),
        Command::Man => shell::man(),
        Command::Schema { name } => shell::schema(name.as_deref()),
    }
}

/// What flags and environment ask for.
pub(super) fn sought(global: &Global, folders: &[PathBuf]) -> Sought {
    Sought {
        state: global.state.clone(),
        config: global.config.clone(),
        catalog: global.catalog.clone(),
        overlay: global.overlay.clone(),
        folders: folders.to_vec(),
        ocr: global.ocr.named(),
    }
}

/// Opens the workspace; looks at the folders first if any were named on the command line.
pub(super) fn look(global: &Global, folders: &Folders) -> Result<Workspace, Failure> {
    let workspace = Workspace::open(&sought(global, &folders.folders))?;
    if folders.folders.is_empty() {
        return Ok(workspace);
    }
    match run_pass(global, &workspace, &pass::Order::default()) {
        Ok(outcome) => {
            outcome.notices.iter().for_each(|notice| tell(global, notice));
            Ok(workspace)
        }
        Err(failure) if failure.is_locked() && workspace.ledger_path().exists() => {
            tell(global, "another process is scanning this folder: answering from what it has recorded so far");
            Ok(workspace)
        }
        Err(failure) => Err(failure),
    }
}

pub(super) fn run_pass(global: &Global, workspace: &Workspace, order: &pass::Order) -> Result<pass::Outcome, Failure> {
    let bar = progress::Bar::new(global.quiet);
    let stop = pass::Stop::on_signals().map_err(|e| Failure::new(Kind::Failed, e))?;
    Ok(pass::run(workspace, order, pass::Watch { progress: &bar, stop: &stop })?)
}

pub(super) fn tell(global: &Global, text: &str) {
    if !global.quiet {
        output::say(text);
    }
}

/// Assesses what the workspace holds for the subject named.
pub(super) fn assess(workspace: &Workspace, subject: &Subject) -> Result<Assessment, Failure> {
    let named = subject.entity.as_deref().map(entity).transpose()?;
    let question = question(workspace, workspace.entity(named)?, subject)?;
    Ok(question::assess(workspace, &question)?)
}

/// Assesses documents alone: the entity does not matter to the answer.
pub(super) fn assess_documents(workspace: &Workspace, subject: &Subject) -> Result<Assessment, Failure> {
    let named = subject.entity.as_deref().map(entity).transpose()?;
    let any = named.or(workspace.config.entities.first().copied()).unwrap_or(Entity::UsImporter);
    Ok(question::assess(workspace, &question(workspace, any, subject)?)?)
}

fn question(workspace: &Workspace, entity: Entity, subject: &Subject) -> Result<Question, Failure> {
    let known_by = subject.known_by.as_deref().map(instant).transpose()?;
    Ok(Question { entity, as_of: subject.as_of.unwrap_or_else(|| question::today(workspace)), known_by })
}

pub(super) fn instant(text: &str) -> Result<InstantMs, Failure> {
    question::parse_instant(text)
        .ok_or_else(|| Failure::input(format!("`{text}` is not an instant")).hint("write it like 2026-11-01T12:00:00Z"))
}

pub(super) fn entity(text: &str) -> Result<Entity, Failure> {
    text.parse().map_err(|e| {
        let names = Entity::ALL.map(Entity::as_str);
        let hint = match nearest(text, names) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("entity types are {}", names.join(", ")),
        };
        Failure::new(Kind::Input, anyhow::Error::new(e)).hint(hint)
    })
}

/// Colour and width for an answer on stdout.
pub(super) fn screen() -> Look {
    let colour = if output::stdout_is_terminal() { Colour::Ansi } else { Colour::Plain };
    Look { colour, ..Look::PLAIN }
}

/// One of the four list formats of an answer.
pub(super) struct Renderings<'a> {
    pub(super) table: &'a dyn Fn() -> String,
    pub(super) json: &'a dyn Fn() -> String,
    pub(super) jsonl: &'a dyn Fn() -> String,
    pub(super) csv: &'a dyn Fn() -> String,
}

impl Renderings<'_> {
    pub(super) fn print(&self, format: ListFormat) -> Result<(), Failure> {
        let text = match format {
            ListFormat::Table => (self.table)(),
            ListFormat::Json => (self.json)(),
            ListFormat::Jsonl => (self.jsonl)(),
            ListFormat::Csv => (self.csv)(),
        };
        Ok(output::answer(&text)?)
    }
}
