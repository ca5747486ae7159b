//! Status changes as they are told: a JSON line, a sentence, a daily mail. No word out of a document but its path.

use serde::Serialize;

use super::escape::terminal;
use super::text::{count, hang};
use super::{GENERATED_BY, json as form, names};
use crate::domain::assess::status::Status;
use crate::domain::day::Day;
use crate::domain::entity::{Entity, Level};
use crate::domain::ids::CriterionId;
use crate::domain::status_change::Cause;

/// Columns of a mail that every reader shows whole.
const MAIL_COLUMNS: usize = 76;

/// One change, with what a person needs to know about the criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldChange {
    pub id: String,
    /// RFC 3339, UTC: when it was found.
    pub at: String,
    /// The day on which freshness was judged.
    pub day: Day,
    pub entity: Entity,
    pub criterion: CriterionId,
    pub title: String,
    pub level: Level,
    pub before: Status,
    pub after: Status,
    pub cause: Cause,
}

/// Many changes of one assessment, told as one: `id` names them together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldSummary {
    pub id: String,
    pub changes: Vec<ToldChange>,
}

/// What a change means for the list of gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Opened,
    Closed,
    Neither,
}

impl ToldChange {
    fn turn(&self) -> Turn {
        match (self.before.is_gap(), self.after.is_gap()) {
            (false, true) => Turn::Opened,
            (true, false) => Turn::Closed,
            (false, false) | (true, true) => Turn::Neither,
        }
    }
}

#[derive(Serialize)]
struct ChangeRow<'a> {
    id: &'a str,
    at: &'a str,
    day: Day,
    entity: Entity,
    criterion: &'a CriterionId,
    title: &'a str,
    level: Level,
    before: Status,
    after: Status,
    is_gap: bool,
    cause: CauseRow<'a>,
}

/// Every cause has all keys, so that no reader has to ask whether one is there.
#[derive(Serialize)]
struct CauseRow<'a> {
    kind: &'static str,
    root: Option<&'a str>,
    path: Option<&'a str>,
    decision: Option<u64>,
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    schema: &'static str,
    generator: &'static str,
    /// One sentence, for chats.
    text: String,
    #[serde(flatten)]
    change: ChangeRow<'a>,
}

#[derive(Serialize)]
struct SummaryJson<'a> {
    schema: &'static str,
    generator: &'static str,
    text: String,
    id: &'a str,
    cause: &'static str,
    opened: usize,
    closed: usize,
    changes: Vec<ChangeRow<'a>>,
}

#[derive(Serialize)]
struct TestJson<'a> {
    schema: &'static str,
    generator: &'static str,
    text: &'a str,
    id: &'a str,
}

impl<'a> From<&'a ToldChange> for ChangeRow<'a> {
    fn from(change: &'a ToldChange) -> Self {
        let (root, path, decision) = match &change.cause {
            Cause::Document { paper } => (Some(paper.root.as_str()), Some(paper.path.as_str()), None),
            Cause::Decision { seq } => (None, None, Some(seq.0)),
            Cause::Day | Cause::Judge | Cause::Catalog | Cause::Configuration => (None, None, None),
        };
        Self {
            id: &change.id,
            at: &change.at,
            day: change.day,
            entity: change.entity,
            criterion: &change.criterion,
            title: &change.title,
            level: change.level,
            before: change.before,
            after: change.after,
            is_gap: change.after.is_gap(),
            cause: CauseRow { kind: change.cause.as_str(), root, path, decision },
        }
    }
}

/// One change on one line.
pub fn change_json(change: &ToldChange) -> String {
    form::line(&ChangeJson {
        schema: "evidex.status-change/1",
        generator: GENERATED_BY,
        text: change_sentence(change),
        change: change.into(),
    })
}

/// A summary on one line.
pub fn summary_json(summary: &ToldSummary) -> String {
    form::line(&SummaryJson {
        schema: "evidex.status-summary/1",
        generator: GENERATED_BY,
        text: summary_sentence(summary),
        id: &summary.id,
        cause: cause_of(summary),
        opened: turned(&summary.changes, Turn::Opened),
        closed: turned(&summary.changes, Turn::Closed),
        changes: summary.changes.iter().map(ChangeRow::from).collect(),
    })
}

/// What `notify test` sends to files and addresses.
pub fn test_json(id: &str, text: &str) -> String {
    form::line(&TestJson { schema: "evidex.notify-test/1", generator: GENERATED_BY, text, id })
}

pub fn change_sentence(change: &ToldChange) -> String {
    let turn = match change.turn() {
        Turn::Opened => "new gap: ",
        Turn::Closed => "gap closed: ",
        Turn::Neither => "",
    };
    format!(
        "{turn}{} {} ({}, {}) is {}, was {}; because of {}",
        change.criterion,
        change.title,
        change.level.as_str(),
        change.entity.title(),
        names::status(change.after),
        names::status(change.before),
        terminal(&change.cause.to_string())
    )
}

pub fn summary_sentence(summary: &ToldSummary) -> String {
    let why = match summary.changes.first().map(|change| &change.cause) {
        Some(cause @ (Cause::Judge | Cause::Catalog | Cause::Configuration | Cause::Day)) => {
            format!(" because of {cause}")
        }
        Some(Cause::Document { .. } | Cause::Decision { .. }) | None => String::new(),
    };
    let entity = summary.changes.first().map_or("", |change| change.entity.title());
    format!(
        "{} ({entity}){why}: {}, {} closed",
        count(summary.changes.len(), "status change", "status changes"),
        count(turned(&summary.changes, Turn::Opened), "new gap", "new gaps"),
        turned(&summary.changes, Turn::Closed)
    )
}

fn cause_of(summary: &ToldSummary) -> &'static str {
    let kinds: Vec<&str> = summary.changes.iter().map(|change| change.cause.as_str()).collect();
    match kinds.as_slice() {
        [first, rest @ ..] if rest.iter().all(|kind| kind == first) => {
            summary.changes.first().map_or("several", |change| change.cause.as_str())
        }
        _ => "several",
    }
}

fn turned(changes: &[ToldChange], turn: Turn) -> usize {
    changes.iter().filter(|change| change.turn() == turn).count()
}

/// The daily mail: subject and text.
pub fn digest(changes: &[ToldChange], day: Day) -> (String, String) {
    let (opened, closed) = (turned(changes, Turn::Opened), turned(changes, Turn::Closed));
    let opened = count(opened, "new gap", "new gaps");
    let all = count(changes.len(), "status change", "status changes");
    let subject = format!("Evidex: {all}, {opened}, {closed} closed");
    let mut text = format!("Up to {day}: {all}, {opened}, {closed} closed.\n");
    for entity in Entity::ALL {
        let of_entity: Vec<&ToldChange> = changes.iter().filter(|change| change.entity == entity).collect();
        if of_entity.is_empty() {
            continue;
        }
        let title = entity.title();
        text.push_str(&format!("\n{title}\n{}\n", "=".repeat(title.len())));
        for (turn, heading) in
            [(Turn::Opened, "New gaps"), (Turn::Closed, "Gaps closed"), (Turn::Neither, "Other changes")]
        {
            let part: Vec<&&ToldChange> = of_entity.iter().filter(|change| change.turn() == turn).collect();
            if !part.is_empty() {
                text.push_str(&format!("\n{heading}\n"));
                text.extend(part.iter().map(|change| digest_entry(change)));
            }
        }
    }
    text.push_str(
        "\nThe whole report: `evidex gaps`. One criterion, with the passages: `evidex explain NUMBER`.\n\
         This mail names criteria and paths only; no word of a document leaves the server.\n",
    );
    (subject, text)
}

fn digest_entry(change: &ToldChange) -> String {
    let lead = format!("  {:<5} ", change.criterion.as_str());
    let title = format!("{} ({})", change.title, change.level.as_str());
    let status = format!(
        "{}, was {}; {}: {}",
        names::status(change.after),
        names::status(change.before),
        change.day,
        terminal(&change.cause.to_string())
    );
    let mut entry = hang(&lead, &title, MAIL_COLUMNS);
    entry.push_str(&hang(&" ".repeat(lead.len()), &status, MAIL_COLUMNS));
    entry
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::domain::ids::Seq;
    use crate::domain::status_change::Paper;
    use crate::report::schemas::testing::assert_valid;

    fn change(criterion: &str, before: Status, after: Status, cause: Cause) -> ToldChange {
        ToldChange {
            id: format!("us-importer.{criterion}.x"),
            at: "2026-11-24T00:05:00Z".into(),
            day: "2026-11-24".parse().unwrap(),
            entity: Entity::UsImporter,
            criterion: criterion.parse().unwrap(),
            title: "Proof of ISO 17712 conformity".into(),
            level: Level::Must,
            before,
            after,
            cause,
        }
    }

    fn paper(path: &str) -> Cause {
        Cause::Document { paper: Paper { root: "/srv".into(), path: path.into() } }
    }

    #[test]
    fn one_change_in_a_sentence_and_by_its_schema() {
        for (before, after, cause, want) in [
            (
                Status::Current,
                Status::Stale,
                Cause::Day,
                "new gap: 6.5 Proof of ISO 17712 conformity (must, U.S. importer) is stale, was current; because of a new day",
            ),
            (
                Status::Missing,
                Status::Current,
                paper("a\u{1b}/b.pdf"),
                "gap closed: 6.5 Proof of ISO 17712 conformity (must, U.S. importer) is current, was missing; because of a\\u{1b}/b.pdf",
            ),
            (
                Status::Stale,
                Status::NeedsReview,
                Cause::Decision { seq: Seq(9) },
                "6.5 Proof of ISO 17712 conformity (must, U.S. importer) is needs review, was stale; because of decision 9",
            ),
        ] {
            let change = change("6.5", before, after, cause);
            assert_eq!(change_sentence(&change), want);
            let value: Value = serde_json::from_str(&change_json(&change)).unwrap();
            assert_eq!((&value["text"], &value["is_gap"]), (&Value::from(want), &Value::from(after.is_gap())));
            assert_valid("evidex.status-change/1", &value);
        }
    }

    #[test]
    fn many_changes_in_a_sentence_and_by_their_schema() {
        for (cause, code) in [(Cause::Judge, "judge"), (paper("a"), "document")] {
            let changes = vec![
                change("6.5", Status::Current, Status::Stale, cause.clone()),
                change("6.7", Status::Missing, Status::Current, cause),
            ];
            let summary = ToldSummary { id: "summary.x".into(), changes };
            let value: Value = serde_json::from_str(&summary_json(&summary)).unwrap();
            assert_eq!((&value["cause"], &value["opened"], &value["closed"]), (&code.into(), &1.into(), &1.into()));
            assert_valid("evidex.status-summary/1", &value);
        }
        assert_valid("evidex.notify-test/1", &serde_json::from_str(&test_json("t", "hello")).unwrap());
    }

    #[test]
    fn a_mail_of_a_day() {
        let changes = [
            change("6.5", Status::Current, Status::Stale, Cause::Day),
            change("10.2", Status::DueSoon, Status::Current, paper("Gate/visitors\nBcc: x.xlsx")),
            change("6.7", Status::Missing, Status::Current, Cause::Decision { seq: Seq(12) }),
        ];
        let (subject, text) = digest(&changes, "2026-11-24".parse().unwrap());
        assert_eq!(subject, "Evidex: 3 status changes, 1 new gap, 1 closed");
        insta::assert_snapshot!(text, @r"
        Up to 2026-11-24: 3 status changes, 1 new gap, 1 closed.

        U.S. importer
        =============

        New gaps
          6.5   Proof of ISO 17712 conformity (must)
                stale, was current; 2026-11-24: a new day

        Gaps closed
          6.7   Proof of ISO 17712 conformity (must)
                current, was missing; 2026-11-24: decision 12

        Other changes
          10.2  Proof of ISO 17712 conformity (must)
                current, was due soon; 2026-11-24: Gate/visitors\nBcc: x.xlsx

        The whole report: `evidex gaps`. One criterion, with the passages: `evidex explain NUMBER`.
        This mail names criteria and paths only; no word of a document leaves the server.
        ");
    }
}
