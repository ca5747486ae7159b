//! `evidex documents`, `matches`, `unreadable`, `duplicates`: lists over all documents.

use crate::cli::Exit;
use crate::cli::args::{DocumentsArgs, Folders, Global, ListArgs, MatchesArgs, Subject};
use crate::cli::failure::Failure;
use crate::domain::assess::status::{AssessedDocument, Assessment};
use crate::domain::entity::Level;
use crate::engine::question;
use crate::report::documents::Members;
use crate::report::matches::Matches;
use crate::report::{document_text, documents, duplicates, matches, unreadable};

use super::{Renderings, naming};

const NOW: Subject = Subject { entity: None, as_of: None, known_by: None };

fn all(global: &Global, folders: &Folders) -> Result<Vec<AssessedDocument>, Failure> {
    let workspace = super::look(global, folders)?;
    let assessment = super::assess_documents(&workspace, &NOW)?;
    // Where folders were named, the pass has told them already.
    if folders.folders.is_empty() {
        assessment.notices.iter().for_each(|notice| super::tell(global, notice));
    }
    Ok(assessment.documents)
}

pub(super) fn documents(global: &Global, args: &DocumentsArgs) -> Result<Exit, Failure> {
    if args.text {
        return text(global, &args.list);
    }
    let rows = all(global, &args.list.folders)?;
    let members = if args.members { Members::Included } else { Members::LeftOut };
    Renderings {
        table: &|| documents::table(&rows, members, super::screen()),
        json: &|| documents::json(&rows, members),
        jsonl: &|| documents::jsonl(&rows, members),
        csv: &|| documents::csv(&rows, members),
    }
    .print(args.list.format)?;
    Ok(Exit::Done)
}

/// What was read of the one document named; folders named beside it are looked at first.
fn text(global: &Global, args: &ListArgs) -> Result<Exit, Failure> {
    let (folders, named): (Vec<_>, Vec<_>) = args.folders.folders.iter().cloned().partition(|path| path.is_dir());
    let [name] = named.as_slice() else {
        let failure = Failure::input(format!("--text shows one document, and {} are named", named.len()));
        return Err(failure.hint("name it as `evidex documents` lists it, such as `evidex documents a/b.pdf --text`"));
    };
    let workspace = super::look(global, &Folders { folders })?;
    let assessment = super::assess_documents(&workspace, &NOW)?;
    let document = naming::document(&assessment, &name.to_string_lossy(), None)?;
    let reading = question::text(&workspace, document)?;
    let text = document_text::Text { document, reading: reading.as_ref() };
    Renderings {
        table: &|| document_text::table(text, super::screen()),
        json: &|| document_text::json(text),
        jsonl: &|| document_text::jsonl(text),
        csv: &|| document_text::csv(text),
    }
    .print(args.format)?;
    Ok(Exit::Done)
}

pub(super) fn unreadable(global: &Global, args: &ListArgs) -> Result<Exit, Failure> {
    let rows = all(global, &args.folders)?;
    Renderings {
        table: &|| unreadable::table(&rows, super::screen()),
        json: &|| unreadable::json(&rows),
        jsonl: &|| unreadable::jsonl(&rows),
        csv: &|| unreadable::csv(&rows),
    }
    .print(args.format)?;
    Ok(Exit::Done)
}

pub(super) fn duplicates(global: &Global, args: &ListArgs) -> Result<Exit, Failure> {
    let rows = all(global, &args.folders)?;
    Renderings {
        table: &|| duplicates::table(&rows, super::screen()),
        json: &|| duplicates::json(&rows),
        jsonl: &|| duplicates::jsonl(&rows),
        csv: &|| duplicates::csv(&rows),
    }
    .print(args.format)?;
    Ok(Exit::Done)
}

pub(super) fn matches(global: &Global, args: &MatchesArgs) -> Result<Exit, Failure> {
    let workspace = super::look(global, &args.folders)?;
    let mut assessment = super::assess_documents(&workspace, &args.subject)?;
    if args.subject.entity.is_some() {
        keep_applicable(&mut assessment);
    }
    let rows = &assessment.documents;
    let which = if args.weak { Matches::WithWeak } else { Matches::Strong };
    Renderings {
        table: &|| matches::table(rows, which, super::screen()),
        json: &|| matches::json(rows, which),
        jsonl: &|| matches::jsonl(rows, which),
        csv: &|| matches::csv(rows, which),
    }
    .print(args.format)?;
    Ok(Exit::Done)
}

/// Leaves out matches with criteria that do not concern the entity.
fn keep_applicable(assessment: &mut Assessment) {
    let concerned: std::collections::BTreeSet<_> = assessment
        .criteria
        .iter()
        .filter(|criterion| criterion.level != Level::NotApplicable)
        .map(|criterion| criterion.id.clone())
        .collect();
    let verdicts = assessment.documents.iter_mut().filter_map(|document| document.verdict.as_mut());
    for verdict in verdicts {
        verdict.matches.retain(|found| concerned.contains(&found.criterion));
    }
}
