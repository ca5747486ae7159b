//! Documents with their chosen day, their originals and their successors: where a paper meets its neighbours.

pub(super) mod versions;

use std::collections::BTreeMap;

use crate::domain::ids::ContentHash;
use crate::domain::judge::normal::normal;
use crate::domain::judge::verdict::{DateSource, EffectiveDate};

use super::day::{self, Kinds};
use super::decisions::Decisions;
use super::input::{Input, KnownDocument};
use super::status::{AssessedDocument, DocumentState};

/// A document as assessed, beside what was known of it.
pub(super) struct Document<'a> {
    pub known: &'a KnownDocument,
    pub assessed: AssessedDocument,
    /// The record of which this is a copy with another date.
    pub redated_from: Option<String>,
}

/// All documents in path order, dated, with duplicates and versions told apart.
pub(super) fn assess_documents<'a>(
    input: &'a Input<'_>,
    decisions: &Decisions<'_>,
    kinds: &Kinds<'_>,
) -> Vec<Document<'a>> {
    let mut sorted: Vec<&KnownDocument> = input.documents.iter().collect();
    sorted.sort_by(|a, b| (&a.name, a.content).cmp(&(&b.name, b.content)));
    let mut documents: Vec<Document<'_>> =
        sorted.into_iter().map(|known| dated(known, input, decisions, kinds)).collect();
    date_containers(&mut documents);
    mark_duplicates(&mut documents);
    versions::mark(&mut documents, input.as_of);
    for document in &mut documents {
        if let Some(verdict) = &mut document.assessed.verdict {
            decisions.correct(document.known, verdict);
        }
    }
    documents
}

fn dated<'a>(
    known: &'a KnownDocument,
    input: &Input<'_>,
    decisions: &Decisions<'_>,
    kinds: &Kinds<'_>,
) -> Document<'a> {
    let verdict = known.verdict.as_ref().filter(|_| known.state == DocumentState::Read);
    let assessed = AssessedDocument {
        name: known.name.clone(),
        content: known.content,
        size: known.size,
        format: known.format,
        state: known.state.clone(),
        verdict: verdict.cloned(),
        effective: day::of_paper(known, kinds, input.as_of, decisions.day_of(known)),
        superseded_by: None,
        duplicate_of: None,
        is_member: known.is_member,
        decided: decisions.lines_on(known),
    };
    Document { known, assessed, redated_from: None }
}

fn date_containers(documents: &mut [Document<'_>]) {
    let known: Vec<&KnownDocument> = documents.iter().map(|document| document.known).collect();
    let mut days: Vec<_> = documents.iter_mut().map(|document| document.assessed.effective.take()).collect();
    day::date_containers(&known, &mut days);
    for (document, day) in documents.iter_mut().zip(days) {
        document.assessed.effective = day;
    }
}

/// Folder names of papers kept for the record only.
const ARCHIVES: [&str; 24] = [
    "archive",
    "archives",
    "archived",
    "old",
    "obsolete",
    "superseded",
    "history",
    "backup",
    "backups",
    "copies",
    "trash",
    "deprecated",
    "retired",
    "withdrawn",
    "archivo",
    "archivado",
    "obsoleto",
    "obsoletos",
    "obsoleta",
    "viejo",
    "viejos",
    "historico",
    "respaldo",
    "anteriores",
];

fn is_archived(path: &str) -> bool {
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    normal(folders).split(' ').any(|word| ARCHIVES.contains(&word))
}

/// Of the same bytes in several places the original is the one outside archives, then the shortest path.
fn mark_duplicates(documents: &mut [Document<'_>]) {
    let mut groups: BTreeMap<ContentHash, Vec<usize>> = BTreeMap::new();
    for (i, document) in documents.iter().enumerate() {
        if let Some(content) = document.assessed.content {
            groups.entry(content).or_default().push(i);
        }
    }
    for group in groups.into_values().filter(|group| group.len() > 1) {
        let place = |&i: &usize| {
            let path = &documents[i].assessed.name.path;
            (documents[i].known.is_member, is_archived(path), path.chars().count(), documents[i].assessed.name.clone())
        };
        let original = group.iter().copied().min_by_key(place).unwrap_or(group[0]);
        let agreed = agreed_day(&group, original, documents);
        let name = documents[original].assessed.name.path.clone();
        for i in group {
            documents[i].assessed.effective.clone_from(&agreed);
            if i != original {
                documents[i].assessed.duplicate_of = Some(name.clone());
            }
        }
    }
}

/// Where only the paths date the same bytes and they disagree, the earlier day counts, with the conflict shown.
fn agreed_day(group: &[usize], original: usize, documents: &[Document<'_>]) -> Option<EffectiveDate> {
    let own = documents[original].assessed.effective.clone()?;
    if !is_of_path(own.source) {
        return Some(own);
    }
    let others = group.iter().filter_map(|&i| documents[i].assessed.effective.as_ref().map(|date| (i, date)));
    let (i, earliest) =
        others.filter(|(_, date)| date.source <= own.source).min_by_key(|(i, date)| (date.source, date.day, *i))?;
    let mut agreed = earliest.clone();
    if i != original && own.day != agreed.day {
        let path = &documents[original].assessed.name.path;
        agreed.conflicts.push(format!("{} of the copy {path} says {}", own.because, own.day));
    }
    Some(agreed)
}

fn is_of_path(source: DateSource) -> bool {
    match source {
        DateSource::FileName | DateSource::FileTime => true,
        DateSource::Decision
        | DateSource::Text
        | DateSource::MailHeader
        | DateSource::Exif
        | DateSource::Properties => false,
    }
}
