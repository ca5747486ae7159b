//! `evidex documents`, `matches`, `unreadable`, `duplicates`: lists over all documents.

use crate::cli::Exit;
use crate::cli::args::{DocumentsArgs, Folders, Global, ListArgs, MatchesArgs, Subject};
use crate::cli::failure::Failure;
use crate::domain::assess::status::{AssessedDocument, Assessment};
use crate::domain::entity::Level;
use crate::report::documents::Members;
use crate::report::matches::Matches;
use crate::report::{documents, duplicates, matches, unreadable};

use super::Renderings;

const NOW: Subject = Subject { entity: None, as_of: None, known_by: None };

fn all(global: &Global, folders: &Folders) -> Result<Vec<AssessedDocument>, Failure> {
    let workspace = super::look(global, folders)?;
    Ok(super::assess_documents(&workspace, &NOW)?.documents)
}

pub(super) fn documents(global: &Global, args: &DocumentsArgs) -> Result<Exit, Failure> {
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
