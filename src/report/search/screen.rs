//! Hits on a screen: a block for each document, or a line.

use std::ops::Range;

use super::super::escape::terminal;
use super::super::look::{Look, Tone};
use super::super::names;
use super::super::text::{columns, count, hang, width};
use super::{Found, Hit, Snippet, fitting};

/// Other versions of a paper that are named.
const VERSIONS_MAX: usize = 3;
/// Criteria that are named; a manual bears on dozens.
const CRITERIA_IN_BLOCK: usize = 12;
const CRITERIA_IN_LINE: usize = 3;

/// A block for each document: its path, what it is, the passages.
pub fn table(found: &Found, look: Look) -> String {
    let mut out = String::new();
    for hit in &found.hits {
        out.push_str(&format!("{}\n", look.paint(Tone::Heading, &terminal(&hit.name.path))));
        for line in facts(hit) {
            out.push_str(&hang("  ", &line, look.columns()));
        }
        out.extend(hit.snippets.iter().map(|snippet| passage(snippet, look)));
        out.push('\n');
    }
    out.push_str(&format!("{}\n", counted(found)));
    out
}

/// One line a document: day, role, criteria, path.
pub fn lines(found: &Found, look: Look) -> String {
    let rows: Vec<[String; 4]> = found
        .hits
        .iter()
        .map(|hit| {
            let day = hit.effective.map_or_else(|| "-".to_owned(), |day| day.to_string());
            let criteria =
                if hit.criteria.is_empty() { "-".to_owned() } else { some(&hit.criteria, CRITERIA_IN_LINE, ",") };
            [
                day,
                hit.role.map_or("-", |role| role.as_str()).to_owned(),
                criteria,
                terminal(&hit.name.path).into_owned(),
            ]
        })
        .collect();
    let mut lines = columns(["date", "role", "criteria", "path"], &rows).into_iter();
    let mut out: String = lines.next().iter().map(|head| format!("{}\n", look.paint(Tone::Heading, head))).collect();
    out.extend(lines.map(|line| format!("{line}\n")));
    out
}

/// The first few of a list, and how many more there are.
fn some(all: &[String], most: usize, between: &str) -> String {
    let shown = all.iter().take(most).cloned().collect::<Vec<_>>().join(between);
    match all.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown}{between}+{more}"),
    }
}

/// `2 of 12 documents, 3 other versions folded`.
fn counted(found: &Found) -> String {
    let shown = found.hits.len();
    let folded: usize = found.hits.iter().map(|hit| hit.versions.len()).sum();
    let documents = if shown + folded < found.total {
        format!("{shown} of {}", count(found.total, "document", "documents"))
    } else {
        count(shown, "document", "documents")
    };
    match folded {
        0 => documents,
        _ => format!("{documents}, {} folded", count(folded, "other version", "other versions")),
    }
}

/// What it is, what it bears on, what else there is of it.
fn facts(hit: &Hit) -> Vec<String> {
    let mut first: Vec<String> = Vec::new();
    first.extend(hit.role.map(|role| names::role(role).to_owned()));
    first.extend(hit.effective.map(|day| day.to_string()));
    if !hit.criteria.is_empty() {
        first.push(format!("criteria {}", some(&hit.criteria, CRITERIA_IN_BLOCK, ", ")));
    }
    if hit.outcome != "read" {
        first.push(format!("not read: {}", hit.outcome));
    }
    first.extend(hit.gone_on.map(|day| format!("found to be gone on {day}")));
    let mut lines = vec![first.join(", ")];
    if !hit.versions.is_empty() {
        let shown = hit.versions.iter().take(VERSIONS_MAX);
        let shown = shown.map(|(name, day)| match day {
            Some(day) => format!("{} ({day})", terminal(&name.path)),
            None => terminal(&name.path).into_owned(),
        });
        let more = hit.versions.len().saturating_sub(VERSIONS_MAX);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        lines.push(format!("also as {}{more}", shown.collect::<Vec<_>>().join(", ")));
    }
    lines.retain(|line| !line.is_empty());
    lines
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
