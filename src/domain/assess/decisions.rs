//! What people said, so far as it still holds at a day: undone ones dropped, the last word first.
//!
//! A decision holds for its bytes wherever they lie. On a later version of its document (text alike) a reject carries
//! over, an accept asks for a new look, and a date never carries.

use std::collections::BTreeSet;

use crate::domain::day::Day;
use crate::domain::fact::Decision;
use crate::domain::ids::{CriterionId, Seq};
use crate::domain::judge::similarity;
use crate::domain::judge::verdict::{Match, NeedKind, Role, Strength, Verdict};

use super::input::{KnownDecision, KnownDocument};
use super::status::DocumentName;

/// Texts at least this alike are versions of one another.
pub(super) const ALIKE: f32 = 0.8;

/// Decisions that hold, the newest first.
pub(super) struct Decisions<'a> {
    newest_first: Vec<&'a KnownDecision>,
    as_of: Day,
}

/// Decisions on papers for one criterion.
pub(super) struct OnPapers<'a> {
    newest_first: Vec<&'a KnownDecision>,
}

/// What was said of a document for a criterion. `by` names who, when and why: `Ana on 2026-10-01 (the old form)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Accepted {
        by: String,
    },
    Rejected {
        by: String,
    },
    /// Accepted for an earlier version: a new look is due.
    AcceptedBefore {
        by: String,
    },
}

/// How a decision hangs on to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hold {
    Same,
    LaterVersion,
}

/// What was said of a criterion as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ruling {
    NotApplicable { by: String },
    Waived { by: String, until: Day },
}

impl<'a> Decisions<'a> {
    pub fn new(all: &'a [KnownDecision], as_of: Day) -> Self {
        let undone: BTreeSet<Seq> = all.iter().filter_map(|decision| decision.replaces).collect();
        let mut newest_first: Vec<&KnownDecision> = all
            .iter()
            .filter(|decision| !undone.contains(&decision.seq) && decision.decision != Decision::Undo)
            .collect();
        newest_first.sort_by_key(|decision| std::cmp::Reverse(decision.seq));
        Self { newest_first, as_of }
    }

    /// The day that a person gave these bytes.
    pub fn day_of(&self, document: &KnownDocument) -> Option<Day> {
        self.newest_first.iter().find_map(|known| {
            let Decision::Date { day } = known.decision else { return None };
            (hold(known, document) == Some(Hold::Same)).then_some(day)
        })
    }

    /// What was said of papers for one criterion, the newest first.
    pub fn on_papers(&self, criterion: &CriterionId) -> OnPapers<'a> {
        let own = |known: &&KnownDecision| {
            known.criterion.as_ref() == Some(criterion) && (known.content.is_some() || known.document.is_some())
        };
        OnPapers { newest_first: self.newest_first.iter().copied().filter(own).collect() }
    }

    /// The last word on a criterion as a whole. An ended waiver says nothing, nor does any word before it.
    pub fn ruling(&self, criterion: &CriterionId) -> Option<Ruling> {
        let is_ruling =
            |known: &&KnownDecision| matches!(known.decision, Decision::NotApplicable | Decision::Waive { .. });
        let last = self.on_criterion(criterion).find(is_ruling)?;
        let by = spoken(last);
        let Decision::Waive { until } = last.decision else { return Some(Ruling::NotApplicable { by }) };
        (self.as_of <= until).then_some(Ruling::Waived { by, until })
    }

    /// Until when nothing happened that would make a record due, and who said so.
    pub fn nil_until(&self, criterion: &CriterionId) -> Option<(Day, String)> {
        self.on_criterion(criterion).find_map(|known| {
            let Decision::Nil { until } = known.decision else { return None };
            (self.as_of <= until).then(|| (until, spoken(known)))
        })
    }

    /// Whose part a criterion is.
    pub fn owner(&self, criterion: &CriterionId) -> Option<&'a str> {
        self.on_criterion(criterion).find_map(|known| {
            let Decision::Owner { name } = &known.decision else { return None };
            Some(name.as_str())
        })
    }

    /// Everything said of a document that holds for it, in words, the oldest first.
    pub fn lines_on(&self, document: &KnownDocument) -> Vec<String> {
        let lines = self.newest_first.iter().rev().filter_map(|known| line_on(known, document));
        lines.collect()
    }

    /// Takes rejected matches out of a verdict, and makes accepted ones strong.
    pub fn correct(&self, document: &KnownDocument, verdict: &mut Verdict) {
        let holding = self.newest_first.iter().filter(|known| hold(known, document).is_some());
        let criteria: BTreeSet<&CriterionId> = holding.filter_map(|known| known.criterion.as_ref()).collect();
        for criterion in criteria {
            match self.on_papers(criterion).said(document) {
                Some(Said::Rejected { .. }) => verdict.matches.retain(|found| found.criterion != *criterion),
                Some(Said::Accepted { by }) => accept(verdict, criterion, &by),
                Some(Said::AcceptedBefore { .. }) | None => {}
            }
        }
    }

    fn on_criterion(&self, criterion: &CriterionId) -> impl Iterator<Item = &'a KnownDecision> {
        let general = move |known: &&KnownDecision| {
            known.criterion.as_ref() == Some(criterion) && known.content.is_none() && known.document.is_none()
        };
        self.newest_first.iter().copied().filter(general)
    }
}

impl OnPapers<'_> {
    /// True if nothing was said of any paper, so that none need be asked after.
    pub fn is_empty(&self) -> bool {
        self.newest_first.is_empty()
    }

    /// The last word on a paper.
    pub fn said(&self, document: &KnownDocument) -> Option<Said> {
        self.newest_first.iter().find_map(|known| {
            let by = spoken(known);
            let hold = hold(known, document)?;
            match (&known.decision, hold) {
                (Decision::Accept, Hold::Same) => Some(Said::Accepted { by }),
                (Decision::Accept, Hold::LaterVersion) => Some(Said::AcceptedBefore { by }),
                (Decision::Reject, Hold::Same | Hold::LaterVersion) => Some(Said::Rejected { by }),
                (
                    Decision::Date { .. }
                    | Decision::Owner { .. }
                    | Decision::NotApplicable
                    | Decision::Nil { .. }
                    | Decision::Waive { .. }
                    | Decision::Undo,
                    Hold::Same | Hold::LaterVersion,
                ) => None,
            }
        })
    }
}

/// Who said it, when and why.
fn spoken(known: &KnownDecision) -> String {
    match &known.note {
        Some(note) => format!("{} on {} ({note})", known.by, known.on),
        None => format!("{} on {}", known.by, known.on),
    }
}

fn line_on(known: &KnownDecision, document: &KnownDocument) -> Option<String> {
    let hold = hold(known, document)?;
    let by = spoken(known);
    let of = known.criterion.as_ref().map_or_else(String::new, |criterion| format!("{criterion}: "));
    match (&known.decision, hold) {
        (Decision::Accept, Hold::Same) => Some(format!("{of}accepted by {by}")),
        (Decision::Accept, Hold::LaterVersion) => Some(format!("{of}an earlier version was accepted by {by}")),
        (Decision::Reject, Hold::Same) => Some(format!("{of}rejected by {by}")),
        (Decision::Reject, Hold::LaterVersion) => Some(format!("{of}an earlier version was rejected by {by}")),
        (Decision::Date { day }, Hold::Same) => Some(format!("dated {day} by {by}")),
        (Decision::Owner { name }, Hold::Same | Hold::LaterVersion) => Some(format!("owner {name}, says {by}")),
        // A date never carries; the rest is said of criteria.
        (Decision::Date { .. }, Hold::LaterVersion)
        | (
            Decision::NotApplicable | Decision::Nil { .. } | Decision::Waive { .. } | Decision::Undo,
            Hold::Same | Hold::LaterVersion,
        ) => None,
    }
}

/// Makes the verdict say what a person said: this paper proves the criterion.
fn accept(verdict: &mut Verdict, criterion: &CriterionId, by: &str) {
    if !verdict.matches.iter().any(|found| found.criterion == *criterion) {
        verdict.matches.push(accepted_match(verdict.role, criterion));
    }
    for found in verdict.matches.iter_mut().filter(|found| found.criterion == *criterion) {
        found.strength = Strength::Strong;
        found.reasons.insert(0, format!("accepted by {by}"));
    }
}

/// The match of a paper that a person accepted and judging passed over.
pub(super) fn accepted_match(role: Role, criterion: &CriterionId) -> Match {
    let role = match role {
        Role::Procedure => NeedKind::Procedure,
        Role::Record | Role::Form | Role::Draft | Role::Guidance | Role::Profile | Role::OwnOutput | Role::Other => {
            NeedKind::Record
        }
    };
    Match {
        sheets: Vec::new(),
        criterion: criterion.clone(),
        role,
        strength: Strength::Weak,
        score: 0.0,
        record_kind: None,
        reasons: Vec::new(),
        quotes: Vec::new(),
    }
}

fn is_same_document(a: &DocumentName, b: &DocumentName) -> bool {
    a.root == b.root && a.path == b.path && (a.path_b64.is_none() || b.path_b64.is_none() || a.path_b64 == b.path_b64)
}

fn hold(known: &KnownDecision, document: &KnownDocument) -> Option<Hold> {
    if known.content.is_some() && known.content == document.content {
        return Some(Hold::Same);
    }
    let named = known.document.as_ref().is_some_and(|name| is_same_document(name, &document.name));
    match (named, known.content) {
        (true, None) => Some(Hold::Same),
        (true, Some(_)) if similarity(&known.sketch, &document.sketch) >= ALIKE => Some(Hold::LaterVersion),
        (true, Some(_)) | (false, _) => None,
    }
}
