//! Why one document counts as what it counts: its role, its date and what disagrees, each match with its passages.

use serde::Serialize;

use super::escape::terminal;
use super::explain_criterion::{field, heading, quoted};
use super::look::{Look, Tone};
use super::rows::{NameRow, QuoteRow, quotes};
use super::text::{hang, sentence, wrap};
use super::{GENERATED_BY, json as form, names};
use crate::domain::assess::status::{AssessedDocument, DocumentState};
use crate::domain::day::Day;
use crate::domain::ids::{ContentHash, CriterionId, RecordKindId};
use crate::domain::judge::verdict::{DateSource, Match, NeedKind, Role, Strength, Verdict};
use crate::domain::reading::Format;

/// Quotes shown for each match.
const QUOTES: usize = 3;

#[derive(Serialize)]
struct DocumentJson<'a> {
    schema: &'static str,
    generator: &'static str,
    #[serde(flatten)]
    document: DocumentRow<'a>,
}

/// What one document is taken for.
#[derive(Serialize)]
pub(super) struct DocumentRow<'a> {
    #[serde(flatten)]
    name: NameRow<'a>,
    outcome: &'static str,
    reason: Option<&'a str>,
    advice: Option<&'static str>,
    format: Option<Format>,
    size: u64,
    content: Option<ContentHash>,
    role: Option<Role>,
    role_reasons: &'a [String],
    lacks: &'a [String],
    superseded: bool,
    superseded_by: Option<&'a str>,
    duplicate_of: Option<&'a str>,
    effective: Option<DateRow<'a>>,
    decided: &'a [String],
    matches: Vec<MatchRow<'a>>,
}

#[derive(Serialize)]
struct DateRow<'a> {
    day: Day,
    source: DateSource,
    because: &'a str,
    conflicts: &'a [String],
}

#[derive(Serialize)]
struct MatchRow<'a> {
    criterion: &'a CriterionId,
    role: NeedKind,
    strength: Strength,
    #[serde(serialize_with = "form::score")]
    score: f32,
    record_kind: Option<&'a RecordKindId>,
    reasons: &'a [String],
    quotes: Vec<QuoteRow<'a>>,
}

pub fn table(document: &AssessedDocument, look: Look) -> String {
    let mut out = String::new();
    for line in wrap(&terminal(&document.name.path), look.columns()) {
        out.push_str(&format!("{}\n", look.paint(Tone::Heading, &line)));
    }
    out.push_str(&field("Folder", &terminal(&document.name.root), look));
    out.push_str(&field("Site", &terminal(&document.name.site), look));
    out.push_str(&state(document, look));
    if let Some(verdict) = &document.verdict {
        out.push_str(&field("Is", names::role(verdict.role), look));
        out.extend(verdict.role_reasons.iter().map(|reason| field("", &terminal(&sentence(reason)), look)));
        if !verdict.lacks.is_empty() {
            out.push_str(&field("Lacks", &terminal(&verdict.lacks.join(", ")), look));
        }
    }
    out.push_str(&date(document, look));
    out.push_str(&standing(document, look));
    out.extend(document.decided.iter().map(|line| field("Decided", &terminal(line), look)));
    out.extend(document.verdict.iter().map(|verdict| matches(verdict, look)));
    out
}

pub fn json(document: &AssessedDocument) -> String {
    form::pretty(&DocumentJson {
        schema: "evidex.explain-document/1",
        generator: GENERATED_BY,
        document: document.into(),
    })
}

impl<'a> From<&'a AssessedDocument> for DocumentRow<'a> {
    fn from(document: &'a AssessedDocument) -> Self {
        let verdict = document.verdict.as_ref();
        Self {
            name: (&document.name).into(),
            outcome: names::outcome(&document.state),
            reason: names::reason(&document.state),
            advice: advice(document),
            format: document.format,
            size: document.size,
            content: document.content,
            role: verdict.map(|verdict| verdict.role),
            role_reasons: verdict.map_or(&[], |verdict| verdict.role_reasons.as_slice()),
            lacks: verdict.map_or(&[], |verdict| verdict.lacks.as_slice()),
            superseded: verdict.is_some_and(|verdict| verdict.superseded),
            superseded_by: document.superseded_by.as_deref(),
            duplicate_of: document.duplicate_of.as_deref(),
            effective: document.effective.as_ref().map(|date| DateRow {
                day: date.day,
                source: date.source,
                because: &date.because,
                conflicts: &date.conflicts,
            }),
            decided: &document.decided,
            matches: verdict.map_or_else(Vec::new, |verdict| verdict.matches.iter().map(MatchRow::from).collect()),
        }
    }
}

impl<'a> From<&'a Match> for MatchRow<'a> {
    fn from(found: &'a Match) -> Self {
        Self {
            criterion: &found.criterion,
            role: found.role,
            strength: found.strength,
            score: found.score,
            record_kind: found.record_kind.as_ref(),
            reasons: &found.reasons,
            quotes: quotes(&found.quotes),
        }
    }
}

fn advice(document: &AssessedDocument) -> Option<&'static str> {
    match &document.state {
        DocumentState::Unreadable { reason, .. } => Some(reason.advice()),
        DocumentState::Pending => Some("run `evidex scan`"),
        DocumentState::Read | DocumentState::Unsupported { .. } | DocumentState::OcrPending => None,
    }
}

fn state(document: &AssessedDocument, look: Look) -> String {
    let line = match &document.state {
        DocumentState::Read => return String::new(),
        DocumentState::Unreadable { reason, detail } if detail.is_empty() => names::unreadable(*reason).to_owned(),
        DocumentState::Unreadable { reason, detail } => format!("{} ({detail})", names::unreadable(*reason)),
        DocumentState::Unsupported { kind } => format!("A {kind} file, a kind that is not read"),
        DocumentState::OcrPending => "Waits for text recognition (OCR)".to_owned(),
        DocumentState::Pending => "Seen and not read yet".to_owned(),
    };
    let mut out = field("Unread", &terminal(&sentence(&line)), look);
    out.extend(advice(document).map(|advice| field("Do next", &sentence(advice), look)));
    out
}

fn date(document: &AssessedDocument, look: Look) -> String {
    let Some(date) = &document.effective else {
        return match document.state {
            DocumentState::Read => field("Date", "none was found", look),
            DocumentState::Unreadable { .. }
            | DocumentState::Unsupported { .. }
            | DocumentState::OcrPending
            | DocumentState::Pending => String::new(),
        };
    };
    let mut out = field("Date", &terminal(&format!("{}, from {}", date.day, date.because)), look);
    out.extend(date.conflicts.iter().map(|conflict| field("", &terminal(&format!("but {conflict}")), look)));
    out
}

fn standing(document: &AssessedDocument, look: Look) -> String {
    let mut out = String::new();
    if let Some(newer) = &document.superseded_by {
        out.push_str(&field("Replaced", &terminal(&format!("by {newer}")), look));
    } else if document.verdict.as_ref().is_some_and(|verdict| verdict.superseded) {
        out.push_str(&field("Replaced", "its text or its folder says that it is withdrawn or replaced", look));
    }
    if let Some(first) = &document.duplicate_of {
        out.push_str(&field("Copy", &terminal(&format!("of {first} (the same bytes)")), look));
    }
    out
}

fn matches(verdict: &Verdict, look: Look) -> String {
    let title = match verdict.role {
        Role::Procedure | Role::Record => "Bears on",
        Role::Form | Role::Draft | Role::Guidance | Role::Profile | Role::OwnOutput | Role::Other => {
            "Looks like these, and proves none of them"
        }
    };
    if verdict.matches.is_empty() {
        return "\nBears on no criterion.\n".to_owned();
    }
    let mut out = heading(title, look);
    out.extend(verdict.matches.iter().map(|found| matched(found, look)));
    out
}

fn matched(found: &Match, look: Look) -> String {
    let sureness = match found.strength {
        Strength::Strong => "",
        Strength::Weak => ", doubtful",
    };
    let kind = found.record_kind.as_ref().map_or_else(String::new, |kind| format!(" ({kind})"));
    let line = format!("{} as {}{kind}{sureness}", found.criterion, found.role.as_str());
    let mut out = hang("  - ", &line, look.columns());
    out.extend(found.reasons.iter().map(|reason| hang("      because ", &terminal(reason), look.columns())));
    out.extend(found.quotes.iter().take(QUOTES).map(|quote| quoted(quote, look)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::documents;
    use crate::report::schemas::testing::assert_valid;

    fn of(path: &str) -> AssessedDocument {
        documents().into_iter().find(|document| document.name.path == path).unwrap()
    }

    #[test]
    fn follows_its_schema() {
        for document in documents() {
            assert_valid("evidex.explain-document/1", &serde_json::from_str(&json(&document)).unwrap());
        }
    }

    #[test]
    fn says_role_date_and_matches_with_their_reasons() {
        insta::assert_snapshot!(table(&of("Seals/seal log 2024.xlsx"), Look::PLAIN), @r#"
        Seals/seal log 2024.xlsx
          Folder   /srv/policies
          Site     Harbor DC
          Is       a record
                   Numbered sections and an approval block.
          Date     2024-03-02, from last dated row (row 214)
                   but file name says 2025
          Replaced by Seals/seal log 2026.xlsx
          Decided  6.6: rejected by Ana on 2026-10-01 (counts another site)

        Bears on
          - 6.1 as procedure, doubtful
              because columns of a seal log: seal number, container, date
              page 2: "seals are kept in the safe"
          - 6.7 as record (seal-log)
              because columns of a seal log: seal number, container, date
              page 2: "ML-1184467 | MSKU7789012"
        "#);
    }

    #[test]
    fn a_form_proves_nothing_and_a_closed_file_has_advice() {
        let form = table(&of("Forms/17-point checklist.docx"), Look::PLAIN);
        assert!(form.contains("Looks like these, and proves none of them\n  - 5.3 as record"), "{form}");
        let closed = table(&of("IT/passwords policy.pdf"), Look::PLAIN);
        assert!(closed.contains("Protected by a password (needs a password (AES-256))."), "{closed}");
        assert!(closed.contains("  Do next  Ask its owner for the password"), "{closed}");
    }
}
