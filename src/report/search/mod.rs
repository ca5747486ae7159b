//! What a search found, with the passages around the words that were searched for.
//!
//! The engine turns the index's own hits into [`Hit`]s. Other programs rely on `paths`: one path a line.

use std::ops::Range;

use serde::Serialize;

use super::escape::terminal;
use super::rows::NameRow;
use super::{GENERATED_BY, json as form, sheet};
use crate::domain::assess::status::DocumentName;
use crate::domain::day::Day;
use crate::domain::judge::verdict::Role;
use crate::domain::reading::Format;

mod facets;
mod nothing;
mod screen;

pub use facets::{By, Facets};
pub use nothing::{Nothing, WordMet};
pub use screen::{lines, table};

/// The answer to a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub query: String,
    /// What flags narrow it to, each as a query.
    pub filters: Vec<String>,
    /// Documents that match, other versions of one paper counted as well; `hits` are the best.
    pub total: usize,
    pub hits: Vec<Hit>,
    /// Present if nothing matches.
    pub nothing: Option<Nothing>,
}

/// One document found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub name: DocumentName,
    /// Orders the hits of one query; means nothing by itself.
    pub score: f32,
    pub title: String,
    pub format: Option<Format>,
    pub role: Option<Role>,
    pub effective: Option<Day>,
    /// Criteria that it surely bears on.
    pub criteria: Vec<String>,
    /// Record kinds that it surely is of.
    pub kinds: Vec<String>,
    /// `read`, or why not.
    pub outcome: String,
    pub snippets: Vec<Snippet>,
    /// Other versions of the same paper that match, with their days.
    pub versions: Vec<(DocumentName, Option<Day>)>,
    /// The day on which a paper of the past was found to be gone.
    pub gone_on: Option<Day>,
}

/// A piece of the document around the words found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// `page 3`; empty where the document has no places.
    pub place_text: String,
    pub text: String,
    /// Byte ranges of `text`, ascending. Ranges that do not fit the text are ignored.
    pub highlights: Vec<Range<usize>>,
}

#[derive(Serialize)]
struct FoundJson<'a> {
    schema: &'static str,
    generator: &'static str,
    query: &'a str,
    filters: &'a [String],
    total: usize,
    hits: Vec<HitRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nothing: Option<&'a Nothing>,
}

#[derive(Serialize)]
struct HitRow<'a> {
    #[serde(flatten)]
    name: NameRow<'a>,
    #[serde(serialize_with = "form::score")]
    score: f32,
    title: &'a str,
    format: Option<Format>,
    role: Option<Role>,
    effective_date: Option<Day>,
    criteria: &'a [String],
    kinds: &'a [String],
    outcome: &'a str,
    snippets: Vec<SnippetRow<'a>>,
    versions: Vec<VersionRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gone_on: Option<Day>,
}

#[derive(Serialize)]
struct VersionRow<'a> {
    #[serde(flatten)]
    name: NameRow<'a>,
    effective_date: Option<Day>,
}

#[derive(Serialize)]
struct SnippetRow<'a> {
    place: &'a str,
    text: &'a str,
    /// Pairs of character offsets, start and end.
    highlights: Vec<[usize; 2]>,
}

pub fn json(found: &Found) -> String {
    form::pretty(&FoundJson {
        schema: "evidex.search/1",
        generator: GENERATED_BY,
        query: &found.query,
        filters: &found.filters,
        total: found.total,
        hits: found.hits.iter().map(HitRow::from).collect(),
        nothing: found.nothing.as_ref(),
    })
}

/// One hit a line, each by `evidex.hit/1`.
pub fn jsonl(found: &Found) -> String {
    found.hits.iter().map(|hit| form::line(&HitRow::from(hit))).collect()
}

/// One path a line; a line break inside a name is escaped, so that the count of lines is the count of hits.
pub fn paths(found: &Found) -> String {
    found.hits.iter().map(|hit| format!("{}\n", terminal(&hit.name.path))).collect()
}

/// Paths as they are on disk, each ended by a zero byte: for `xargs -0`. Names that are not UTF-8 are shown lossily.
pub fn paths_zero(found: &Found) -> String {
    found.hits.iter().map(|hit| format!("{}\0", hit.name.path)).collect()
}

pub fn csv(found: &Found) -> String {
    let heads = [
        "path",
        "title",
        "format",
        "role",
        "effective_date",
        "criteria",
        "kinds",
        "outcome",
        "score",
        "place",
        "text",
        "root",
        "site",
        "generator",
    ];
    let rows = found.hits.iter().map(|hit| {
        let best = hit.snippets.first();
        [
            hit.name.path.clone(),
            hit.title.clone(),
            hit.format.map_or("", Format::as_str).to_owned(),
            hit.role.map_or("", Role::as_str).to_owned(),
            hit.effective.map(|day| day.to_string()).unwrap_or_default(),
            hit.criteria.join(" "),
            hit.kinds.join(" "),
            hit.outcome.clone(),
            format!("{:.3}", hit.score),
            best.map(|snippet| snippet.place_text.clone()).unwrap_or_default(),
            best.map(|snippet| snippet.text.clone()).unwrap_or_default(),
            hit.name.root.clone(),
            hit.name.site.clone(),
            GENERATED_BY.to_owned(),
        ]
    });
    sheet::write(heads, rows)
}

impl<'a> From<&'a Hit> for HitRow<'a> {
    fn from(hit: &'a Hit) -> Self {
        Self {
            name: (&hit.name).into(),
            score: hit.score,
            title: &hit.title,
            format: hit.format,
            role: hit.role,
            effective_date: hit.effective,
            criteria: &hit.criteria,
            kinds: &hit.kinds,
            outcome: &hit.outcome,
            snippets: hit.snippets.iter().map(SnippetRow::from).collect(),
            versions: hit
                .versions
                .iter()
                .map(|(name, day)| VersionRow { name: name.into(), effective_date: *day })
                .collect(),
            gone_on: hit.gone_on,
        }
    }
}

impl<'a> From<&'a Snippet> for SnippetRow<'a> {
    fn from(snippet: &'a Snippet) -> Self {
        let chars = |byte: usize| snippet.text[..byte].chars().count();
        let highlights = fitting(snippet).map(|range| [chars(range.start), chars(range.end)]).collect();
        Self { place: &snippet.place_text, text: &snippet.text, highlights }
    }
}

/// The ranges that lie in the text, on character boundaries.
fn fitting(snippet: &Snippet) -> impl Iterator<Item = Range<usize>> + '_ {
    snippet.highlights.iter().filter(|range| snippet.text.get((*range).clone()).is_some()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::look::{Colour, Look};
    use crate::report::sample::{day, name};
    use crate::report::schemas::testing::assert_valid;

    fn found() -> Found {
        let text = "Día 3: every high security seal is checked, and written into the seal log before the truck leaves";
        let snippet =
            |highlights: Vec<Range<usize>>| Snippet { place_text: "page 3".into(), text: text.into(), highlights };
        let hit = |path: &str, snippets| Hit {
            name: name(path),
            score: 7.25,
            title: "Seal procedure".into(),
            format: Some(Format::Docx),
            role: Some(Role::Procedure),
            effective: Some(day("2026-01-05")),
            criteria: vec!["6.1".into(), "6.7".into()],
            kinds: vec![],
            outcome: "read".into(),
            snippets,
            versions: vec![],
            gone_on: None,
        };
        let bare = Hit {
            role: None,
            effective: None,
            criteria: vec![],
            outcome: "encrypted".into(),
            gone_on: Some(day("2026-02-01")),
            ..hit("two\nlines.txt", vec![])
        };
        let mut first = hit("Seals/SOP-6.docx", vec![snippet(vec![19..32, 2..3, 500..600])]);
        first.versions = vec![(name("Old/SOP-6.docx"), Some(day("2024-01-05"))), (name("copy.docx"), None)];
        Found {
            query: "\"security seal\"".into(),
            filters: vec!["role:procedure".into()],
            total: 12,
            hits: vec![first, bare],
            nothing: None,
        }
    }

    #[test]
    fn follows_its_schemas() {
        assert_valid("evidex.search/1", &serde_json::from_str(&json(&found())).unwrap());
        for line in jsonl(&found()).lines() {
            assert_valid("evidex.hit/1", &serde_json::from_str(line).unwrap());
        }
    }

    #[test]
    fn highlights_are_characters_and_fit() {
        let row = serde_json::to_value(HitRow::from(&found().hits[0])).unwrap();
        assert_eq!(row["snippets"][0]["highlights"], serde_json::json!([[18, 31]]));
    }

    #[test]
    fn one_path_a_line() {
        assert_eq!(paths(&found()), "Seals/SOP-6.docx\ntwo\\nlines.txt\n");
        assert_eq!(paths_zero(&found()), "Seals/SOP-6.docx\0two\nlines.txt\0");
        assert_eq!(
            lines(&found(), Look::PLAIN),
            "date        role       criteria  path\n\
             2026-01-05  procedure  6.1,6.7   Seals/SOP-6.docx\n\
             -           -          -         two\\nlines.txt\n"
        );
        assert_eq!(csv(&found()).lines().count(), 3);
    }

    #[test]
    fn a_screen_shows_passages() {
        insta::assert_snapshot!(table(&found(), Look::PLAIN), @r#"
        Seals/SOP-6.docx
          a procedure, 2026-01-05, criteria 6.1, 6.7
          also as Old/SOP-6.docx (2024-01-05), copy.docx
            page 3: Día 3: every high security seal is checked, and written into the
                    seal log before the truck leaves

        two\nlines.txt
          not read: encrypted, found to be gone on 2026-02-01

        2 of 12 documents, 2 other versions folded
        "#);
    }

    #[test]
    fn colour_marks_the_hits_and_nothing_else_changes() {
        let painted = table(&found(), Look { colour: Colour::Ansi, columns: 80 });
        assert!(painted.contains("security\u{1b}[0m \u{1b}[1m\u{1b}[36mseal\u{1b}[0m is checked"), "{painted:?}");
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), table(&found(), Look::PLAIN));
    }
}
