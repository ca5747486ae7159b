//! `evidex accept`, `reject`, `date`, `owner`, `not-applicable`, `nil`, `waive`, `undo`: a person's word, recorded.

use crate::cli::args::{
    DateArgs, Global, NilArgs, NotApplicableArgs, OwnerArgs, Subject as About, UndoArgs, VerdictArgs, WaiveArgs, Word,
};
use crate::cli::failure::Failure;
use crate::cli::{Exit, output};
use crate::domain::catalog::Catalog;
use crate::domain::fact::Decision;
use crate::domain::ids::Seq;
use crate::engine::Workspace;
use crate::engine::act::{self, Said, Subject};
use crate::report::escape::terminal;

use super::naming;

/// Today, with all that is known.
const NOW: About = About { entity: None, as_of: None, known_by: None };

pub(super) fn verdict(global: &Global, args: &VerdictArgs, decision: &Decision) -> Result<Exit, Failure> {
    let workspace = super::look(global, &args.folders)?;
    let criterion = &naming::criterion(workspace.catalog(), &args.criterion)?.id;
    let assessment = super::assess_documents(&workspace, &NOW)?;
    let document = naming::document(&assessment, &args.file, None)?;
    let subject = Subject { document: Some((&document.name, document.content)), criterion: Some(criterion) };
    let seq = act::decide(&workspace, subject, decision.clone(), &said(&args.word)?)?;
    let done = if *decision == Decision::Accept { "accepted" } else { "rejected" };
    tell(seq, &format!("{done} {} for {criterion}", document.name.path))
}

pub(super) fn date(global: &Global, args: &DateArgs) -> Result<Exit, Failure> {
    let workspace = super::look(global, &args.folders)?;
    let decision = Decision::Date { day: args.day };
    let (seq, path) = of_document(&workspace, (&args.file, None), decision, &args.word)?;
    tell(seq, &format!("{path} speaks for {}", args.day))
}

/// Of a criterion if the name is one, else of a document.
pub(super) fn owner(global: &Global, args: &OwnerArgs) -> Result<Exit, Failure> {
    let workspace = super::look(global, &args.folders)?;
    let decision = Decision::Owner { name: args.name.clone() };
    let (seq, what) = match naming::known_criterion(workspace.catalog(), &args.subject) {
        Some(_) => (of_criterion(&workspace, &args.subject, decision, &args.word)?, args.subject.clone()),
        None => of_document(&workspace, (&args.subject, Some(workspace.catalog())), decision, &args.word)?,
    };
    tell(seq, &format!("{} answers for {what}", args.name))
}

pub(super) fn not_applicable(global: &Global, args: &NotApplicableArgs) -> Result<Exit, Failure> {
    let workspace = super::look(global, &args.folders)?;
    let seq = of_criterion(&workspace, &args.criterion, Decision::NotApplicable, &args.word)?;
    tell(seq, &format!("{} does not apply", args.criterion))
}

pub(super) fn nil(global: &Global, args: &NilArgs) -> Result<Exit, Failure> {
    let workspace = super::look(global, &args.folders)?;
    let seq = of_criterion(&workspace, &args.criterion, Decision::Nil { until: args.until }, &args.word)?;
    tell(seq, &format!("nothing happened that {} would want recorded, until {}", args.criterion, args.until))
}

pub(super) fn waive(global: &Global, args: &WaiveArgs) -> Result<Exit, Failure> {
    let workspace = super::look(global, &args.folders)?;
    let word = Word { note: Some(args.note.clone()), by: args.by.clone() };
    let seq = of_criterion(&workspace, &args.criterion, Decision::Waive { until: args.until }, &word)?;
    tell(seq, &format!("{} is waived until {}", args.criterion, args.until))
}

pub(super) fn undo(global: &Global, args: &UndoArgs) -> Result<Exit, Failure> {
    let workspace = super::look(global, &args.folders)?;
    let seq = act::undo(&workspace, Seq(args.seq), &said(&args.word)?)?;
    output::answer(&format!("decision {}: took back decision {}", seq.0, args.seq))?;
    Ok(Exit::Done)
}

fn of_document(
    workspace: &Workspace,
    (file, criteria): (&str, Option<&Catalog>),
    decision: Decision,
    word: &Word,
) -> Result<(Seq, String), Failure> {
    let assessment = super::assess_documents(workspace, &NOW)?;
    let document = naming::document(&assessment, file, criteria)?;
    let subject = Subject { document: Some((&document.name, document.content)), criterion: None };
    Ok((act::decide(workspace, subject, decision, &said(word)?)?, document.name.path.clone()))
}

fn of_criterion(workspace: &Workspace, id: &str, decision: Decision, word: &Word) -> Result<Seq, Failure> {
    let criterion = &naming::criterion(workspace.catalog(), id)?.id;
    let subject = Subject { document: None, criterion: Some(criterion) };
    Ok(act::decide(workspace, subject, decision, &said(word)?)?)
}

/// Who says so: the name given, else that of the account.
pub(super) fn said(word: &Word) -> Result<Said, Failure> {
    let account =
        || ["USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok().filter(|n| !n.is_empty()));
    let by = word.by.clone().or_else(account);
    let nameless = || Failure::input("this account has no name to decide under").hint("give one with `--by NAME`");
    Ok(Said { by: by.ok_or_else(nameless)?, note: word.note.clone() })
}

fn tell(seq: Seq, what: &str) -> Result<Exit, Failure> {
    output::answer(&format!("decision {}: {} (take it back with `evidex undo {}`)", seq.0, terminal(what), seq.0))?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_given_name_goes_before_that_of_the_account() {
        let word = Word { note: Some("why".to_owned()), by: Some("Ana".to_owned()) };
        let said = said(&word).unwrap();
        assert_eq!((said.by.as_str(), said.note.as_deref()), ("Ana", Some("why")));
    }
}
