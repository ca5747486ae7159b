//! What a search found, with the passages around the words that were searched for.
//!
//! The engine turns the index's own hits into [`Hit`]s. Other programs rely on `paths`: one path a line.

use std::ops::Range;

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::rows::NameRow;
use super::text::{count, hang, width};
use super::{GENERATED_BY, json as form, names};
use crate::domain::assess::status::DocumentName;
use crate::domain::day::Day;
use crate::domain::judge::verdict::Role;

/// The answer to a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub query: String,
    /// Documents that match, of which `hits` are the best.
    pub total: usize,
    pub hits: Vec<Hit>,
}

/// One document found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub name: DocumentName,
    /// Orders the hits of one query; means nothing by itself.
    pub score: f32,
    pub role: Option<Role>,
    pub effective: Option<Day>,
    pub snippets: Vec<Snippet>,
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
    total: usize,
    hits: Vec<HitRow<'a>>,
}

#[derive(Serialize)]
struct HitRow<'a> {
    #[serde(flatten)]
    name: NameRow<'a>,
    #[serde(serialize_with = "form::score")]
    score: f32,
    role: Option<Role>,
    effective_date: Option<Day>,
    snippets: Vec<SnippetRow<'a>>,
}

#[derive(Serialize)]
struct SnippetRow<'a> {
    place: &'a str,
    text: &'a str,
    /// Pairs of character offsets, start and end.
    highlights: Vec<[usize; 2]>,
}

/// A block for each document: its path, what it is, the passages.
pub fn table(found: &Found, look: Look) -> String {
    let mut out = String::new();
    for hit in &found.hits {
        out.push_str(&format!("{}\n", look.paint(Tone::Heading, &terminal(&hit.name.path))));
        let role = hit.role.map_or("", names::role);
        let date = hit.effective.map_or_else(String::new, |day| day.to_string());
        let facts = [role, date.as_str()].into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(", ");
        if !facts.is_empty() {
            out.push_str(&hang("  ", &facts, look.columns()));
        }
        out.extend(hit.snippets.iter().map(|snippet| passage(snippet, look)));
        out.push('\n');
    }
    out.push_str(&match (found.hits.len(), found.total) {
        (shown, total) if shown < total => format!("{shown} of {}\n", count(total, "document", "documents")),
        (shown, _) => format!("{}\n", count(shown, "document", "documents")),
    });
    out
}

pub fn json(found: &Found) -> String {
    form::pretty(&FoundJson {
        schema: "evidex.search/1",
        generator: GENERATED_BY,
        query: &found.query,
        total: found.total,
        hits: found.hits.iter().map(HitRow::from).collect(),
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

impl<'a> From<&'a Hit> for HitRow<'a> {
    fn from(hit: &'a Hit) -> Self {
        Self {
            name: (&hit.name).into(),
            score: hit.score,
            role: hit.role,
            effective_date: hit.effective,
            snippets: hit.snippets.iter().map(SnippetRow::from).collect(),
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

/// `      page 3: words around the hit`, wrapped by what is visible, the hits painted.
fn passage(snippet: &Snippet, look: Look) -> String {
    let lead = match snippet.place_text.as_str() {
        "" => "    ".to_owned(),
        place => format!("    {}: ", terminal(place)),
    };
    let indent = width(&lead).min(look.columns() / 2);
    let mut out = lead.clone();
    let mut used = width(&lead);
    let mut first = true;
    for (visible, painted) in words(snippet, look) {
        let wide = width(&visible);
        if !first && used + 1 + wide > look.columns() {
            out.push_str(&format!("\n{}", " ".repeat(indent)));
            used = indent;
        } else if !first {
            out.push(' ');
            used += 1;
        }
        out.push_str(&painted);
        used += wide;
        first = false;
    }
    out.push('\n');
    out
}

/// The words of a snippet, escaped: as they show, and as they are written with colour.
fn words(snippet: &Snippet, look: Look) -> Vec<(String, String)> {
    let ranges: Vec<Range<usize>> = fitting(snippet).collect();
    let hit = |at: usize| ranges.iter().any(|range| range.contains(&at));
    let mut words = Vec::new();
    let mut start = 0;
    for piece in snippet.text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        if !word.is_empty() {
            words.push((terminal(word).into_owned(), painted(word, |at| hit(start + at), look)));
        }
        start += piece.len();
    }
    words
}

fn painted(word: &str, hit: impl Fn(usize) -> bool, look: Look) -> String {
    let mut out = String::new();
    let mut run = String::new();
    let mut in_hit = false;
    for (at, c) in word.char_indices() {
        if hit(at) != in_hit {
            flush(&mut out, &mut run, in_hit, look);
            in_hit = !in_hit;
        }
        run.push(c);
    }
    flush(&mut out, &mut run, in_hit, look);
    out
}

fn flush(out: &mut String, run: &mut String, in_hit: bool, look: Look) {
    if run.is_empty() {
        return;
    }
    let text = terminal(run).into_owned();
    out.push_str(&if in_hit { look.paint(Tone::Hit, &text) } else { text });
    run.clear();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::look::Colour;
    use crate::report::sample::{day, name};
    use crate::report::schemas::testing::assert_valid;

    fn found() -> Found {
        let text = "Día 3: every high security seal is checked, and written into the seal log before the truck leaves";
        let snippet =
            |highlights: Vec<Range<usize>>| Snippet { place_text: "page 3".into(), text: text.into(), highlights };
        let hit = |path: &str, snippets| Hit {
            name: name(path),
            score: 7.25,
            role: Some(Role::Procedure),
            effective: Some(day("2026-01-05")),
            snippets,
        };
        let bare = Hit { role: None, effective: None, ..hit("two\nlines.txt", vec![]) };
        Found {
            query: "\"security seal\"".into(),
            total: 12,
            hits: vec![hit("Seals/SOP-6.docx", vec![snippet(vec![19..32, 2..3, 500..600])]), bare],
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
    }

    #[test]
    fn a_screen_shows_passages() {
        insta::assert_snapshot!(table(&found(), Look::PLAIN), @r#"
        Seals/SOP-6.docx
          a procedure, 2026-01-05
            page 3: Día 3: every high security seal is checked, and written into the
                    seal log before the truck leaves

        two\nlines.txt

        2 of 12 documents
        "#);
    }

    #[test]
    fn colour_marks_the_hits_and_nothing_else_changes() {
        let painted = table(&found(), Look { colour: Colour::Ansi, columns: 80 });
        assert!(painted.contains("security\u{1b}[0m \u{1b}[1m\u{1b}[36mseal\u{1b}[0m is checked"), "{painted:?}");
        assert_eq!(anstream::adapter::strip_str(&painted).to_string(), table(&found(), Look::PLAIN));
    }
}
