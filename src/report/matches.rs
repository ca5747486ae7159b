//! What each document bears on.
//!
//! Relied on by other programs: a line for every document, members and empty ones too; strong matches of procedures and
//! records only, one entry for each criterion and role. What a blank form, a draft or guidance looks like is no match.

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::rows::NameRow;
use super::text::{columns, count};
use super::{GENERATED_BY, json as form, sheet};
use crate::domain::assess::status::AssessedDocument;
use crate::domain::day::Day;
use crate::domain::ids::{CriterionId, RecordKindId};
use crate::domain::judge::verdict::{Match, NeedKind, Role, Strength, Verdict};

/// Which matches are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matches {
    Strong,
    /// Weak ones too, and what papers that prove nothing look like; each then says its strength.
    WithWeak,
}

#[derive(Serialize)]
struct MatchesJson<'a> {
    schema: &'static str,
    generator: &'static str,
    documents: Vec<DocumentRow<'a>>,
}

#[derive(Serialize)]
struct DocumentRow<'a> {
    #[serde(flatten)]
    name: NameRow<'a>,
    /// `null` for a document that was not read.
    role: Option<Role>,
    effective_date: Option<Day>,
    superseded_by: Option<&'a str>,
    duplicate_of: Option<&'a str>,
    matches: Vec<MatchRow<'a>>,
}

#[derive(Serialize)]
struct MatchRow<'a> {
    criterion: &'a CriterionId,
    role: NeedKind,
    #[serde(serialize_with = "form::score")]
    score: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    strength: Option<Strength>,
    record_kind: Option<&'a RecordKindId>,
}

/// One line for each document that bears on something.
pub fn table(documents: &[AssessedDocument], matches: Matches, look: Look) -> String {
    let rows = rows(documents, matches);
    let lines: Vec<[String; 4]> = rows.iter().filter(|row| !row.matches.is_empty()).map(line).collect();
    let mut columns = columns(["role", "date", "criteria", "path"], &lines).into_iter();
    let mut out: String = columns.next().iter().map(|head| format!("{}\n", look.paint(Tone::Heading, head))).collect();
    out.extend(columns.map(|line| format!("{line}\n")));
    let bears = count(lines.len(), "document bears", "documents bear");
    out.push_str(&format!("\n{bears} on a criterion, {} not\n", rows.len() - lines.len()));
    if !lines.is_empty() {
        out.push_str("p: as a procedure, r: as a record, ?: doubtful\n");
    }
    out
}

pub fn json(documents: &[AssessedDocument], matches: Matches) -> String {
    form::pretty(&MatchesJson {
        schema: "evidex.matches/1",
        generator: GENERATED_BY,
        documents: rows(documents, matches),
    })
}

/// One document a line, each by `evidex.document-matches/1`.
pub fn jsonl(documents: &[AssessedDocument], matches: Matches) -> String {
    form::lines(&rows(documents, matches))
}

/// One row a match.
pub fn csv(documents: &[AssessedDocument], matches: Matches) -> String {
    let heads =
        ["path", "document_role", "effective_date", "criterion", "role", "strength", "root", "site", "generator"];
    let rows = documents.iter().flat_map(|document| {
        let role = document.verdict.as_ref().map_or("", |verdict| verdict.role.as_str());
        let date = document.effective.as_ref().map_or_else(String::new, |date| date.day.to_string());
        chosen(document.verdict.as_ref(), matches).into_iter().map(move |(found, strength)| {
            let strength = strength_word(strength);
            let (criterion, kind) = (found.criterion.as_str(), found.role.as_str());
            let name = &document.name;
            [&name.path, role, &date, criterion, kind, strength, &name.root, &name.site, GENERATED_BY]
                .map(str::to_owned)
        })
    });
    sheet::write(heads, rows)
}

fn rows(documents: &[AssessedDocument], matches: Matches) -> Vec<DocumentRow<'_>> {
    documents.iter().map(|document| row(document, matches)).collect()
}

fn row(document: &AssessedDocument, matches: Matches) -> DocumentRow<'_> {
    let found = chosen(document.verdict.as_ref(), matches).into_iter().map(|(found, strength)| MatchRow {
        criterion: &found.criterion,
        role: found.role,
        score: found.score,
        strength: match matches {
            Matches::Strong => None,
            Matches::WithWeak => Some(strength),
        },
        record_kind: found.record_kind.as_ref(),
    });
    DocumentRow {
        name: (&document.name).into(),
        role: document.verdict.as_ref().map(|verdict| verdict.role),
        effective_date: document.effective.as_ref().map(|date| date.day),
        superseded_by: document.superseded_by.as_deref(),
        duplicate_of: document.duplicate_of.as_deref(),
        matches: found.collect(),
    }
}

/// The matches to list, with their strength as it counts: what a paper that proves nothing looks like is never strong.
fn chosen(verdict: Option<&Verdict>, matches: Matches) -> Vec<(&Match, Strength)> {
    let Some(verdict) = verdict else { return Vec::new() };
    let proves = match verdict.role {
        Role::Procedure | Role::Record => true,
        Role::Form | Role::Draft | Role::Guidance | Role::Profile | Role::OwnOutput | Role::Other => false,
    };
    let counted = |found: &Match| if proves { found.strength } else { Strength::Weak };
    let mut chosen: Vec<(&Match, Strength)> = Vec::new();
    for found in &verdict.matches {
        let wanted = counted(found) == Strength::Strong || matches == Matches::WithWeak;
        let again = chosen.iter().any(|(m, _)| m.criterion == found.criterion && m.role == found.role);
        if wanted && !again {
            chosen.push((found, counted(found)));
        }
    }
    chosen
}

fn line(row: &DocumentRow<'_>) -> [String; 4] {
    let criteria: Vec<String> = row
        .matches
        .iter()
        .map(|found| {
            let doubt = if found.strength == Some(Strength::Weak) { "?" } else { "" };
            let kind = match found.role {
                NeedKind::Procedure => "p",
                NeedKind::Record => "r",
            };
            format!("{}{kind}{doubt}", found.criterion)
        })
        .collect();
    let most = 6;
    let mut shown = criteria.iter().take(most).cloned().collect::<Vec<_>>().join(" ");
    if criteria.len() > most {
        shown.push_str(&format!(" +{}", criteria.len() - most));
    }
    [
        row.role.map_or("", Role::as_str).to_owned(),
        row.effective_date.map_or_else(String::new, |day| day.to_string()),
        shown,
        terminal(row.name.path).into_owned(),
    ]
}

fn strength_word(strength: Strength) -> &'static str {
    match strength {
        Strength::Weak => "weak",
        Strength::Strong => "strong",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::sample::documents;
    use crate::report::schemas::testing::assert_valid;

    fn lines(matches: Matches) -> Vec<Value> {
        jsonl(&documents(), matches).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn follows_its_schemas() {
        for matches in [Matches::Strong, Matches::WithWeak] {
            for line in lines(matches) {
                assert_valid("evidex.document-matches/1", &line);
            }
            let whole = serde_json::from_str(&super::json(&documents(), matches)).unwrap();
            assert_valid("evidex.matches/1", &whole);
        }
    }

    #[test]
    fn strong_matches_of_proving_papers_only() {
        let rows = lines(Matches::Strong);
        assert_eq!(rows.len(), documents().len(), "a line for every document");
        let strong = json!([{"criterion": "6.7", "role": "record", "score": 0.875, "record_kind": "seal-log"}]);
        for (at, matches) in [(0, strong.clone()), (1, strong), (2, json!([])), (3, json!([])), (4, json!([]))] {
            assert_eq!(rows[at]["matches"], matches, "{}", rows[at]["path"]);
        }
        assert_eq!((&rows[0]["role"], &rows[0]["effective_date"]), (&json!("record"), &json!("2024-03-02")));
        assert_eq!((&rows[4]["role"], &rows[4]["effective_date"]), (&Value::Null, &Value::Null));
    }

    #[test]
    fn weak_ones_when_asked_say_so() {
        let rows = lines(Matches::WithWeak);
        let brief = |row: &Value| -> Vec<String> {
            let word = |found: &Value| format!("{} {}", found["criterion"], found["strength"]).replace('"', "");
            row["matches"].as_array().unwrap().iter().map(word).collect()
        };
        assert_eq!(brief(&rows[0]), ["6.1 weak", "6.7 strong"]);
        assert_eq!(brief(&rows[2]), ["5.3 weak"], "a blank form only looks like it");
    }

    #[test]
    fn one_entry_for_each_criterion_and_role() {
        let mut documents = documents();
        let verdict = documents[0].verdict.as_mut().unwrap();
        verdict.matches.push(verdict.matches[1].clone());
        assert_eq!(row(&documents[0], Matches::Strong).matches.len(), 1);
    }

    #[test]
    fn a_screen_lists_what_bears_on_something() {
        insta::assert_snapshot!(table(&documents(), Matches::WithWeak, Look::PLAIN), @r#"
        role    date        criteria    path
        record  2024-03-02  6.1p? 6.7r  Seals/seal log 2024.xlsx
        record  2024-03-02  6.1p? 6.7r  caf�.xlsx
        form                5.3r?       Forms/17-point checklist.docx

        3 documents bear on a criterion, 9 not
        p: as a procedure, r: as a record, ?: doubtful
        "#);
    }

    #[test]
    fn csv_has_a_row_for_each_match() {
        let csv = csv(&documents(), Matches::Strong);
        assert_eq!(csv.lines().count(), 3, "{csv}");
        assert!(csv.contains("\nSeals/seal log 2024.xlsx,record,2024-03-02,6.7,record,strong,/srv/policies,"), "{csv}");
    }
}
