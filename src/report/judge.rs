//! What a few files are taken for: the same lines as when a document of a state is explained.

use serde::Serialize;

use super::explain_document::{self, DocumentRow};
use super::look::Look;
use super::{GENERATED_BY, json as form};
use crate::domain::assess::status::AssessedDocument;

#[derive(Serialize)]
struct JudgeJson<'a> {
    schema: &'static str,
    generator: &'static str,
    documents: Vec<DocumentRow<'a>>,
}

pub fn table(documents: &[AssessedDocument], look: Look) -> String {
    documents.iter().map(|document| explain_document::table(document, look)).collect::<Vec<_>>().join("\n")
}

pub fn json(documents: &[AssessedDocument]) -> String {
    form::pretty(&JudgeJson {
        schema: "evidex.judge/1",
        generator: GENERATED_BY,
        documents: documents.iter().map(DocumentRow::from).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::documents;
    use crate::report::schemas::testing::assert_valid;

    #[test]
    fn follows_its_schema() {
        for documents in [vec![], documents()] {
            assert_valid("evidex.judge/1", &serde_json::from_str(&json(&documents)).unwrap());
        }
    }

    #[test]
    fn files_stand_apart_by_an_empty_line() {
        let text = table(&documents()[..2], Look::PLAIN);
        let heads: Vec<&str> = text.split("\n\n").map(|part| part.lines().next().unwrap()).collect();
        assert_eq!(heads, ["Seals/seal log 2024.xlsx", "Bears on", "caf\u{fffd}.xlsx", "Bears on"]);
    }
}
