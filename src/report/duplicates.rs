//! Files with the same bytes: kept once, judged once, and perhaps meant to be one.

use std::collections::BTreeMap;

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::rows::NameRow;
use super::text::count;
use super::{GENERATED_BY, json as form, sheet};
use crate::domain::assess::status::AssessedDocument;
use crate::domain::ids::ContentHash;

#[derive(Serialize)]
struct DuplicatesJson<'a> {
    schema: &'static str,
    generator: &'static str,
    groups: Vec<GroupRow<'a>>,
}

#[derive(Serialize)]
struct GroupRow<'a> {
    content: ContentHash,
    size: u64,
    /// In path order.
    documents: Vec<NameRow<'a>>,
}

pub fn table(documents: &[AssessedDocument], look: Look) -> String {
    let groups = groups(documents);
    let mut out = String::new();
    for group in &groups {
        let head = format!("{} with the same {} bytes", count(group.documents.len(), "file", "files"), group.size);
        out.push_str(&format!("{}\n", look.paint(Tone::Heading, &head)));
        out.extend(group.documents.iter().map(|name| format!("  {}\n", terminal(name.path))));
        out.push('\n');
    }
    let spare: usize = groups.iter().map(|group| group.documents.len() - 1).sum();
    out.push_str(&format!("{} of other files\n", count(spare, "copy", "copies")));
    out
}

pub fn json(documents: &[AssessedDocument]) -> String {
    form::pretty(&DuplicatesJson { schema: "evidex.duplicates/1", generator: GENERATED_BY, groups: groups(documents) })
}

/// One group a line, each by `evidex.duplicate-group/1`.
pub fn jsonl(documents: &[AssessedDocument]) -> String {
    form::lines(&groups(documents))
}

/// One document a row; those with the same content are copies of each other.
pub fn csv(documents: &[AssessedDocument]) -> String {
    let heads = ["path", "content", "size", "root", "site", "generator"];
    let groups = groups(documents);
    let rows = groups.iter().flat_map(|group| {
        let row = |name: &NameRow<'_>| {
            let [path, root, site] = [name.path, name.root, name.site].map(str::to_owned);
            [path, group.content.to_string(), group.size.to_string(), root, site, GENERATED_BY.to_owned()]
        };
        group.documents.iter().map(row)
    });
    sheet::write(heads, rows)
}

/// Most copies first, then by path. Empty files are no copies of each other.
fn groups(documents: &[AssessedDocument]) -> Vec<GroupRow<'_>> {
    let mut by_content: BTreeMap<ContentHash, Vec<&AssessedDocument>> = BTreeMap::new();
    for document in documents.iter().filter(|document| document.size > 0) {
        if let Some(content) = document.content {
            by_content.entry(content).or_default().push(document);
        }
    }
    let mut groups: Vec<_> = by_content.into_iter().filter(|(_, same)| same.len() > 1).collect();
    for (_, same) in &mut groups {
        same.sort_by(|a, b| a.name.cmp(&b.name));
    }
    groups.sort_by(|(_, a), (_, b)| b.len().cmp(&a.len()).then_with(|| a[0].name.cmp(&b[0].name)));
    groups.into_iter().map(|(content, same)| group(content, &same)).collect()
}

fn group<'a>(content: ContentHash, same: &[&'a AssessedDocument]) -> GroupRow<'a> {
    GroupRow { content, size: same[0].size, documents: same.iter().map(|d| NameRow::from(&d.name)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::documents;
    use crate::report::schemas::testing::assert_valid;

    #[test]
    fn follows_its_schemas() {
        assert_valid("evidex.duplicates/1", &serde_json::from_str(&json(&documents())).unwrap());
        for line in jsonl(&documents()).lines() {
            assert_valid("evidex.duplicate-group/1", &serde_json::from_str(line).unwrap());
        }
    }

    #[test]
    fn names_the_copies() {
        let two: Vec<_> = documents().into_iter().filter(|d| d.name.path.ends_with("xlsx")).collect();
        assert_eq!(
            table(&two, Look::PLAIN),
            "2 files with the same 1024 bytes\n  Seals/seal log 2024.xlsx\n  caf\u{fffd}.xlsx\n\n1 copy of other files\n"
        );
    }

    #[test]
    fn empty_and_unhashed_files_are_no_copies() {
        let mut documents = documents();
        for document in &mut documents {
            document.size = 0;
        }
        assert_eq!(table(&documents, Look::PLAIN), "0 copies of other files\n");
    }
}
