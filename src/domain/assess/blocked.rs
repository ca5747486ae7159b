//! Why a paper that looks like proof is none: `blank form: no signature`, `draft`, `replaced by ...`.

use crate::domain::day::Day;
use crate::domain::judge::verdict::{Match, NeedKind, Role, Verdict};

use super::decisions::Said;
use super::documents::Document;
use super::status::DocumentState;

/// What becomes of a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Counts,
    /// Counts, because a person said so.
    Accepted(String),
    /// It may count once a person has looked, for this reason.
    NeedsLook(String),
    /// It proves nothing, for this reason.
    Blocked(String),
    /// It is not worth a line.
    Ignored,
}

/// How a document stands for one match, before its freshness is looked at.
pub(super) fn standing(document: &Document<'_>, found: &Match, said: Option<&Said>, as_of: Day) -> Standing {
    match said {
        Some(Said::Accepted { by }) => return Standing::Accepted(format!("accepted by {by}")),
        Some(Said::Rejected { by }) => return Standing::Blocked(format!("rejected by {by}")),
        Some(Said::AcceptedBefore { .. }) | None => {}
    }
    if let Some(reason) = unread(&document.assessed.state) {
        return Standing::Blocked(reason);
    }
    let Some(verdict) = &document.assessed.verdict else { return Standing::Ignored };
    if let Some(by_role) = by_role(verdict) {
        return by_role;
    }
    if let Some(reason) = of_its_time(document, verdict, found, as_of) {
        return Standing::Blocked(reason);
    }
    match said {
        Some(Said::AcceptedBefore { by }) => {
            Standing::NeedsLook(format!("an earlier version was accepted by {by}; nobody has looked at this one"))
        }
        Some(Said::Accepted { .. } | Said::Rejected { .. }) | None => Standing::Counts,
    }
}

fn unread(state: &DocumentState) -> Option<String> {
    match state {
        DocumentState::Read => None,
        DocumentState::Unreadable { reason, detail } if detail.is_empty() => {
            Some(format!("cannot be read ({reason}): {}", reason.advice()))
        }
        DocumentState::Unreadable { reason, detail } => {
            Some(format!("cannot be read ({reason}, {detail}): {}", reason.advice()))
        }
        DocumentState::Unsupported { kind } => Some(format!("a {kind} file, which is not read")),
        DocumentState::OcrPending => Some("a picture whose text has not been recognised yet".to_owned()),
        DocumentState::Pending => Some("not read yet".to_owned()),
    }
}

fn by_role(verdict: &Verdict) -> Option<Standing> {
    let blocked = |reason: &str| Some(Standing::Blocked(reason.to_owned()));
    match verdict.role {
        Role::Procedure | Role::Record => None,
        Role::Form if verdict.lacks.is_empty() => blocked("blank form"),
        Role::Form => Some(Standing::Blocked(format!("blank form: {}", verdict.lacks.join(", ")))),
        Role::Draft => blocked("draft"),
        Role::Guidance => blocked("guidance by others, not a paper of this company"),
        Role::Profile => blocked("answers of a security profile, not proof"),
        Role::OwnOutput => blocked("written by this program"),
        Role::Other => Some(Standing::Ignored),
    }
}

/// A procedure that is replaced or not in force yet; a record of a later day.
fn of_its_time(document: &Document<'_>, verdict: &Verdict, found: &Match, as_of: Day) -> Option<String> {
    let later = document.assessed.own_date().map(|date| date.day).filter(|day| *day > as_of);
    match found.role {
        NeedKind::Record => later.map(|day| format!("dated {day}, after {as_of}")),
        NeedKind::Procedure => {
            let replaced = document.assessed.superseded_by.as_ref().map(|path| format!("replaced by {path}"));
            let withdrawn =
                verdict.superseded.then(|| "marked as withdrawn or replaced, or filed among old papers".to_owned());
            replaced.or(withdrawn).or(later.map(|day| format!("in force only from {day}")))
        }
    }
}
