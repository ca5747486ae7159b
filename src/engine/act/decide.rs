//! A person's word, appended to the ledger: about a document, a criterion, or both; and taking one back.
//!
//! A note is a payload, so that it can be erased. What a decision does is `domain::assess`'s affair alone.

use crate::domain::assess::status::DocumentName;
use crate::domain::fact::{Decided, Decision, Fact};
use crate::domain::ids::{ContentHash, CriterionId, RootId, Seq};
use crate::domain::relpath::RelPath;
use crate::engine::workspace::Workspace;
use crate::engine::{clock, judging, question};
use crate::ledger::Ledger;

use super::Error;

/// Characters of a name, and of a note: enough for people, and no place to keep files.
pub(super) const NAME_CHARS_MAX: usize = 200;
pub(super) const NOTE_CHARS_MAX: usize = 4_000;

/// What a decision is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// The document with its bytes as last seen.
    pub document: Option<(&'a DocumentName, Option<ContentHash>)>,
    pub criterion: Option<&'a CriterionId>,
}

/// Who says so, and why.
#[derive(Clone, Debug)]
pub struct Said {
    pub by: String,
    pub note: Option<String>,
}

/// Appends a decision; gives its number, by which it can be taken back.
pub fn decide(workspace: &Workspace, subject: Subject<'_>, decision: Decision, said: &Said) -> Result<Seq, Error> {
    if let Decision::Nil { until } | Decision::Waive { until } = decision
        && until < question::today(workspace)
    {
        return Err(Error::Past(until));
    }
    let mut ledger = writable(workspace)?;
    let root = subject.document.map(|(name, _)| root_of(&ledger, name)).transpose()?;
    let decided = Decided {
        content: subject.document.and_then(|(_, content)| content),
        root,
        path: subject.document.map(|(name, _)| path_of(name)),
        criterion: subject.criterion.cloned(),
        decision,
        by: String::new(),
        note: None,
        replaces: None,
    };
    append(&mut ledger, decided, said)
}

/// Takes a decision back; both stay in the ledger.
pub fn undo(workspace: &Workspace, of: Seq, said: &Said) -> Result<Seq, Error> {
    let mut ledger = writable(workspace)?;
    let all = ledger.decisions(None)?;
    let earlier = all.iter().find(|(seq, _, _)| *seq == of).map(|(_, _, decided)| decided);
    let earlier = earlier.ok_or(Error::NoDecision(of))?;
    if earlier.decision == Decision::Undo {
        return Err(Error::IsUndo(of));
    }
    if let Some((by, _, _)) = all.iter().find(|(_, _, decided)| decided.replaces == Some(of)) {
        return Err(Error::TakenBack(of, *by));
    }
    let decided = Decided { decision: Decision::Undo, replaces: Some(of), note: None, ..earlier.clone() };
    append(&mut ledger, decided, said)
}

/// The ledger, for adding to: it must be there already.
pub(super) fn writable(workspace: &Workspace) -> Result<Ledger, Error> {
    workspace.read_ledger()?;
    Ok(Ledger::open(&workspace.ledger_path())?)
}

fn append(ledger: &mut Ledger, mut decided: Decided, said: &Said) -> Result<Seq, Error> {
    said.by.trim().clone_into(&mut decided.by);
    if decided.by.is_empty() {
        return Err(Error::Nameless);
    }
    within("name", &decided.by, NAME_CHARS_MAX)?;
    if let Decision::Owner { name } = &decided.decision {
        within("owner's name", name, NAME_CHARS_MAX)?;
        if name.trim().is_empty() {
            return Err(Error::Nameless);
        }
    }
    let mut payloads = Vec::new();
    if let Some(note) = said.note.as_deref().map(str::trim).filter(|note| !note.is_empty()) {
        within("note", note, NOTE_CHARS_MAX)?;
        let hash = judging::hash(note.as_bytes());
        decided.note = Some(hash);
        payloads.push((hash, note.as_bytes().to_vec()));
    }
    let head = ledger.append(clock::now(), &[Fact::Decided(decided)], &payloads)?;
    Ok(head.expect("a fact was just appended").seq)
}

pub(super) fn within(what: &'static str, text: &str, most: usize) -> Result<(), Error> {
    if text.chars().count() > most { Err(Error::TooLong { what, most }) } else { Ok(()) }
}

fn root_of(ledger: &Ledger, name: &DocumentName) -> Result<RootId, Error> {
    let roots = ledger.roots()?;
    let root = roots.iter().find(|root| root.path.to_text() == name.root);
    root.map(|root| root.id).ok_or_else(|| Error::UnknownRoot(name.root.clone()))
}

/// The path with its own bytes; a member's path is that of its container and its name inside.
fn path_of(name: &DocumentName) -> RelPath {
    match name.path_b64.as_deref().and_then(question::unbase64) {
        Some(bytes) if !name.path.contains('!') => RelPath::from_bytes(bytes),
        Some(_) | None => RelPath::from(name.path.as_str()),
    }
}
