//! What could not be read, why, and what to do about it.
//!
//! The JSON Lines form is relied on by other programs: `path`, `reason`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::rows::NameRow;
use super::text::{count, hang};
use super::{GENERATED_BY, json as form, names, sheet};
use crate::domain::assess::status::{AssessedDocument, DocumentState};
use crate::domain::ids::CriterionId;
use crate::domain::reading::Unreadable;

#[derive(Serialize)]
struct UnreadableJson<'a> {
    schema: &'static str,
    generator: &'static str,
    unreadable: Vec<UnreadableRow<'a>>,
    unsupported: BTreeMap<&'a str, usize>,
    ocr_pending: usize,
}

#[derive(Serialize)]
pub(super) struct UnreadableRow<'a> {
    #[serde(flatten)]
    name: NameRow<'a>,
    reason: Unreadable,
    detail: &'a str,
    /// Bytes, 0 if unknown.
    size: u64,
    /// Criteria that the name or the folder hints at.
    may_concern: Vec<&'a CriterionId>,
    /// True if a later pass may succeed on the same bytes.
    transient: bool,
    advice: &'static str,
}

/// Grouped by reason, each with what to do; then the kinds that are not read at all.
pub fn table(documents: &[AssessedDocument], look: Look) -> String {
    let mut groups: BTreeMap<Unreadable, Vec<UnreadableRow<'_>>> = BTreeMap::new();
    for row in rows(documents) {
        groups.entry(row.reason).or_default().push(row);
    }
    let mut out = String::new();
    for (reason, group) in &groups {
        let head = format!("{} ({})", names::unreadable(*reason), group.len());
        out.push_str(&format!("{}\n", look.paint(Tone::Heading, &head)));
        out.push_str(&hang("  To do: ", reason.advice(), look.columns()));
        for row in group {
            out.push_str(&line(row));
        }
        out.push('\n');
    }
    let all: usize = groups.values().map(Vec::len).sum();
    out.push_str(&format!("{} could not be read\n", count(all, "document", "documents")));
    for (kind, number) in unsupported(documents) {
        let advice = names::advice_for_kind(kind).map_or_else(String::new, |advice| format!(": {advice}"));
        out.push_str(&format!("{number} of the kind {}, which is not read{advice}\n", terminal(kind)));
    }
    let waiting = ocr_pending(documents);
    if waiting > 0 {
        out.push_str(&format!("{waiting} waiting for text recognition (OCR)\n"));
    }
    out
}

/// The path, then what is known of it: `seals.pdf  (12 KiB, needs a password)  may concern 5.3, 6.7`.
fn line(row: &UnreadableRow<'_>) -> String {
    let size = (row.size > 0).then(|| bytes(row.size));
    let detail = (!row.detail.is_empty()).then(|| terminal(row.detail).into_owned());
    let known: Vec<String> = size.into_iter().chain(detail).collect();
    let mut line = format!("  {}", terminal(row.name.path));
    if !known.is_empty() {
        line.push_str(&format!("  ({})", known.join(", ")));
    }
    if !row.may_concern.is_empty() {
        line.push_str(&format!("  may concern {}", criteria(row, ", ")));
    }
    line.push('\n');
    line
}

fn criteria(row: &UnreadableRow<'_>, between: &str) -> String {
    row.may_concern.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}

/// A size as people say it.
fn bytes(size: u64) -> String {
    let units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
    let unit = units.iter().find(|(_, bits)| size >> bits > 0);
    unit.map_or_else(|| format!("{size} bytes"), |(name, bits)| format!("{} {name}", size >> bits))
}

pub fn json(documents: &[AssessedDocument]) -> String {
    form::pretty(&UnreadableJson {
        schema: "evidex.unreadable/1",
        generator: GENERATED_BY,
        unreadable: rows(documents),
        unsupported: unsupported(documents),
        ocr_pending: ocr_pending(documents),
    })
}

/// One document a line, each by `evidex.unreadable-document/1`.
pub fn jsonl(documents: &[AssessedDocument]) -> String {
    form::lines(&rows(documents))
}

pub fn csv(documents: &[AssessedDocument]) -> String {
    let heads = ["path", "reason", "detail", "advice", "size", "may_concern", "root", "site", "generator"];
    let rows = rows(documents).into_iter().map(|row| {
        let (reason, size, criteria) = (row.reason.as_str(), row.size.to_string(), criteria(&row, " "));
        let NameRow { path, root, site, .. } = row.name;
        [path, reason, row.detail, row.advice, &size, &criteria, root, site, GENERATED_BY].map(str::to_owned)
    });
    sheet::write(heads, rows)
}

pub(super) fn rows(documents: &[AssessedDocument]) -> Vec<UnreadableRow<'_>> {
    documents.iter().filter_map(row).collect()
}

fn row(document: &AssessedDocument) -> Option<UnreadableRow<'_>> {
    match &document.state {
        DocumentState::Unreadable { reason, detail } => Some(UnreadableRow {
            name: (&document.name).into(),
            reason: *reason,
            detail,
            size: document.size,
            may_concern: may_concern(document),
            transient: reason.is_transient(),
            advice: reason.advice(),
        }),
        DocumentState::Read
        | DocumentState::Unsupported { .. }
        | DocumentState::OcrPending
        | DocumentState::Pending => None,
    }
}

/// What the name alone was taken for, each criterion once.
fn may_concern(document: &AssessedDocument) -> Vec<&CriterionId> {
    let matches = document.verdict.iter().flat_map(|verdict| &verdict.matches);
    let mut criteria: Vec<&CriterionId> = matches.map(|one| &one.criterion).collect();
    criteria.dedup();
    criteria
}

/// Documents of kinds that are not read, by kind.
pub(super) fn unsupported(documents: &[AssessedDocument]) -> BTreeMap<&str, usize> {
    let mut kinds = BTreeMap::new();
    for document in documents {
        if let DocumentState::Unsupported { kind } = &document.state {
            *kinds.entry(kind.as_str()).or_insert(0) += 1;
        }
    }
    kinds
}

fn ocr_pending(documents: &[AssessedDocument]) -> usize {
    documents.iter().filter(|document| document.state == DocumentState::OcrPending).count()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::report::sample::documents;
    use crate::report::schemas::testing::assert_valid;

    #[test]
    fn follows_its_schemas() {
        let lines: Vec<Value> = jsonl(&documents()).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 3);
        for line in &lines {
            assert_valid("evidex.unreadable-document/1", line);
        }
        assert_eq!((&lines[2]["path"], &lines[2]["reason"]), (&"locked.pdf".into(), &"denied".into()));
        assert_valid("evidex.unreadable/1", &serde_json::from_str(&json(&documents())).unwrap());
    }

    #[test]
    fn every_reason_comes_with_something_to_do() {
        insta::assert_snapshot!(table(&documents(), Look::PLAIN), @r#"
        Protected by a password (2)
          To do: ask its owner for the password and list it in `passwords_file` (PDF,
                 ZIP), or save a copy without one
          IT/passwords policy.pdf  (1 KiB, needs a password (AES-256))
          =cmd\n|'x.pdf  (1 KiB, needs a password (AES-256))

        No permission to read (1)
          To do: give the account that runs this program read permission
          locked.pdf

        3 documents could not be read
        1 of the kind doc, which is not read
        2 of the kind mp4, which is not read
        1 waiting for text recognition (OCR)
        "#);
    }

    #[test]
    fn nothing_unreadable_reads_as_nothing() {
        assert_eq!(table(&[], Look::PLAIN), "0 documents could not be read\n");
        assert_eq!(jsonl(&[]), "");
        assert_eq!(csv(&[]), "path,reason,detail,advice,size,may_concern,root,site,generator\n");
    }
}
