//! Every document once, with what came of it.
//!
//! The JSON Lines form is relied on by other programs: `path`, `outcome`, `reason`.

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::rows::NameRow;
use super::text::{columns, count};
use super::{GENERATED_BY, json as form, names, sheet};
use crate::domain::assess::status::{AssessedDocument, DocumentState};
use crate::domain::day::Day;
use crate::domain::ids::ContentHash;
use crate::domain::judge::verdict::Role;
use crate::domain::reading::Format;

/// Whether members of containers have rows of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members {
    LeftOut,
    Included,
}

#[derive(Serialize)]
struct DocumentsJson<'a> {
    schema: &'static str,
    generator: &'static str,
    documents: Vec<DocumentRow<'a>>,
}

#[derive(Serialize)]
struct DocumentRow<'a> {
    #[serde(flatten)]
    name: NameRow<'a>,
    outcome: &'static str,
    reason: Option<&'a str>,
    detail: Option<&'a str>,
    format: Option<Format>,
    size: u64,
    content: Option<ContentHash>,
    member: bool,
    role: Option<Role>,
    effective_date: Option<Day>,
    superseded_by: Option<&'a str>,
    duplicate_of: Option<&'a str>,
}

pub fn table(documents: &[AssessedDocument], members: Members, look: Look) -> String {
    let listed = listed(documents, members);
    let rows: Vec<[String; 4]> = listed.iter().map(|document| line(document)).collect();
    let mut lines = columns(["outcome", "as", "date", "path"], &rows).into_iter();
    let mut out: String = lines.next().iter().map(|head| format!("{}\n", look.paint(Tone::Heading, head))).collect();
    out.extend(lines.map(|line| format!("{line}\n")));
    let read = listed.iter().filter(|document| document.state == DocumentState::Read).count();
    out.push_str(&format!("\n{}, {read} read\n", count(listed.len(), "document", "documents")));
    out
}

pub fn json(documents: &[AssessedDocument], members: Members) -> String {
    form::pretty(&DocumentsJson {
        schema: "evidex.documents/1",
        generator: GENERATED_BY,
        documents: rows(documents, members),
    })
}

/// One document a line, each by `evidex.document/1`.
pub fn jsonl(documents: &[AssessedDocument], members: Members) -> String {
    form::lines(&rows(documents, members))
}

pub fn csv(documents: &[AssessedDocument], members: Members) -> String {
    let heads = ["path", "outcome", "reason", "format", "size", "role", "effective_date", "root", "site", "generator"];
    let rows = listed(documents, members).into_iter().map(|document| {
        [
            document.name.path.clone(),
            names::outcome(&document.state).to_owned(),
            names::reason(&document.state).unwrap_or_default().to_owned(),
            document.format.map_or("", Format::as_str).to_owned(),
            document.size.to_string(),
            document.verdict.as_ref().map_or("", |verdict| verdict.role.as_str()).to_owned(),
            document.effective.as_ref().map_or_else(String::new, |date| date.day.to_string()),
            document.name.root.clone(),
            document.name.site.clone(),
            GENERATED_BY.to_owned(),
        ]
    });
    sheet::write(heads, rows)
}

fn listed(documents: &[AssessedDocument], members: Members) -> Vec<&AssessedDocument> {
    let wanted = |document: &&AssessedDocument| match members {
        Members::LeftOut => !document.is_member,
        Members::Included => true,
    };
    documents.iter().filter(wanted).collect()
}

fn rows(documents: &[AssessedDocument], members: Members) -> Vec<DocumentRow<'_>> {
    listed(documents, members).into_iter().map(DocumentRow::from).collect()
}

impl<'a> From<&'a AssessedDocument> for DocumentRow<'a> {
    fn from(document: &'a AssessedDocument) -> Self {
        let detail = match &document.state {
            DocumentState::Unreadable { detail, .. } => Some(detail.as_str()).filter(|detail| !detail.is_empty()),
            DocumentState::Read
            | DocumentState::Unsupported { .. }
            | DocumentState::OcrPending
            | DocumentState::Pending => None,
        };
        Self {
            name: (&document.name).into(),
            outcome: names::outcome(&document.state),
            reason: names::reason(&document.state),
            detail,
            format: document.format,
            size: document.size,
            content: document.content,
            member: document.is_member,
            role: document.verdict.as_ref().map(|verdict| verdict.role),
            effective_date: document.effective.as_ref().map(|date| date.day),
            superseded_by: document.superseded_by.as_deref(),
            duplicate_of: document.duplicate_of.as_deref(),
        }
    }
}

fn line(document: &AssessedDocument) -> [String; 4] {
    let kind = document.verdict.as_ref().map(|verdict| verdict.role.as_str());
    [
        names::outcome(&document.state).to_owned(),
        terminal(kind.or(names::reason(&document.state)).unwrap_or("")).into_owned(),
        document.effective.as_ref().map_or_else(String::new, |date| date.day.to_string()),
        terminal(&document.name.path).into_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::report::sample::documents;
    use crate::report::schemas::testing::assert_valid;

    fn lines(members: Members) -> Vec<Value> {
        jsonl(&documents(), members).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn follows_its_schemas() {
        for line in lines(Members::Included) {
            assert_valid("evidex.document/1", &line);
        }
        let whole = serde_json::from_str(&json(&documents(), Members::Included)).unwrap();
        assert_valid("evidex.documents/1", &whole);
    }

    #[test]
    fn every_document_once_with_its_outcome() {
        let brief = |row: &Value| format!("{} {} {}", row["path"], row["outcome"], row["reason"]).replace('"', "");
        let rows: Vec<String> = lines(Members::LeftOut).iter().map(brief).collect();
        assert_eq!(
            rows,
            [
                "Seals/seal log 2024.xlsx read null",
                "caf\u{fffd}.xlsx read null",
                "Forms/17-point checklist.docx read null",
                "IT/passwords policy.pdf unreadable encrypted",
                "=cmd\\n|'x.pdf unreadable encrypted",
                "locked.pdf unreadable denied",
                "films/gate.mp4 unsupported mp4",
                "films/dock.mp4 unsupported mp4",
                "old.doc unsupported doc",
                "scan 12.pdf ocr-pending null",
                "new.pdf unreadable pending",
            ]
        );
        let with_members = lines(Members::Included);
        assert_eq!(with_members.len(), 12);
        assert!(with_members.iter().any(|row| row["path"] == "mails/hand-over.eml!checklist.docx"));
        assert_eq!(with_members[1]["path_b64"], "Y2Fm6S54bHN4");
        assert!(with_members.iter().all(|row| row["root"] == "/srv/policies" && row["site"] == "Harbor DC"));
    }

    #[test]
    fn a_screen_lists_them() {
        insta::assert_snapshot!(table(&documents(), Members::Included, Look::PLAIN), @r#"
        outcome      as         date        path
        read         record     2024-03-02  Seals/seal log 2024.xlsx
        read         record     2024-03-02  caf�.xlsx
        read         form                   Forms/17-point checklist.docx
        read         other                  mails/hand-over.eml!checklist.docx
        unreadable   encrypted              IT/passwords policy.pdf
        unreadable   encrypted              =cmd\n|'x.pdf
        unreadable   denied                 locked.pdf
        unsupported  mp4                    films/gate.mp4
        unsupported  mp4                    films/dock.mp4
        unsupported  doc                    old.doc
        ocr-pending                         scan 12.pdf
        unreadable   pending                new.pdf

        12 documents, 4 read
        "#);
    }

    #[test]
    fn csv_runs_nothing() {
        let csv = csv(&documents(), Members::LeftOut);
        assert!(csv.contains("\n'=cmd\\n|'x.pdf,unreadable,encrypted,pdf,1024,,,/srv/policies,Harbor DC,"), "{csv}");
    }
}
