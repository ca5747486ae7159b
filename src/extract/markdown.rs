//! Markdown to passages: headings, tables, check boxes and the front matter; marks of emphasis dropped.
//!
//! Line by line rather than by a full parser: what matters is which words stand where, not how they would look.

use super::clean;
use super::encoding;
use super::limits::Limits;
use super::text::{Passages, paragraphs};
use crate::domain::reading::{Format, PassageKind, Place, Properties, Reading};

const PROPERTY_BYTES_MAX: usize = 1_000;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Reading {
    let text = encoding::decode(bytes);
    let text = text.trim_start_matches('\u{feff}');
    let mut passages = Passages::new(limits);
    let mut properties = Properties::default();
    let (front, body_line) = front_matter(text);
    for (line, label, value) in front {
        set_property(&mut properties, label, value);
        passages.push(Place::Line(line), PassageKind::Field, format!("{label}\t{value}"));
    }
    let lines: Vec<(u32, &str)> = (1_u32..).zip(text.lines()).filter(|(number, _)| *number >= body_line).collect();
    let mut rest = lines.as_slice();
    while let Some(((number, line), after)) = rest.split_first() {
        let next = after.first().map_or("", |(_, line)| line.trim());
        let used = block(&Line { number: *number, text: line.trim(), next }, &mut passages);
        let used = if used > 0 { used } else { prose(rest, &mut passages) };
        rest = rest.get(used..).unwrap_or_default();
        if passages.is_full() {
            break;
        }
    }
    passages.into_reading(Format::Markdown, properties)
}

/// A line with the one below it, which may make it a heading.
struct Line<'a> {
    number: u32,
    text: &'a str,
    next: &'a str,
}

/// Takes what is more than running text; returns how many lines it took, none if it is running text.
fn block(line: &Line<'_>, passages: &mut Passages) -> usize {
    let place = Place::Line(line.number);
    let text = line.text;
    if text.is_empty() || is_rule(text) || text.starts_with("```") || text.starts_with("<!--") && text.ends_with("-->")
    {
        return 1;
    }
    if let Some(heading) = atx_heading(text) {
        passages.push(place, PassageKind::Heading, plain(heading));
        return 1;
    }
    if is_underline(line.next) && !text.starts_with(['|', '-', '>']) {
        passages.push(place, PassageKind::Heading, plain(text));
        return 2;
    }
    if let Some(cells) = table_row(text) {
        let is_head = table_row(line.next).is_some_and(|cells| is_table_rule(&cells));
        let kind = if is_head { PassageKind::TableHead } else { PassageKind::TableRow };
        passages.push(place, kind, cells.iter().map(|cell| plain(cell)).collect::<Vec<_>>().join("\t"));
        return if is_head { 2 } else { 1 };
    }
    if let Some((label, state)) = check_box(text) {
        passages.push(place, PassageKind::Field, format!("{}\t{state}", plain(label)));
        return 1;
    }
    0
}

/// Takes running text up to the next block; returns how many lines it took, at least one.
fn prose(lines: &[(u32, &str)], passages: &mut Passages) -> usize {
    let is_block = |text: &str| {
        text.is_empty()
            || text.starts_with(['#', '|'])
            || text.starts_with("```")
            || check_box(text).is_some()
            || is_rule(text)
    };
    let end = 1 + lines[1..].iter().take_while(|(_, line)| !is_block(line.trim())).count();
    // The last line may be a heading that the underline below it makes.
    let ends_in_heading = end > 1 && lines.get(end).is_some_and(|(_, line)| is_underline(line.trim()));
    let end = if ends_in_heading { end - 1 } else { end };
    let first = lines[0].0;
    let text: String = lines[..end].iter().flat_map(|(_, line)| [*line, "\n"]).collect();
    for (offset, paragraph) in paragraphs(&text) {
        let kind = if paragraph.starts_with('>') { PassageKind::Note } else { PassageKind::Text };
        let number = first.saturating_add(offset - 1);
        passages.push(Place::Line(number), kind, plain(without_mark(&paragraph)));
    }
    end
}

/// The words of a quoted line or of a list item.
fn without_mark(paragraph: &str) -> &str {
    let unquoted = paragraph.trim_start_matches('>').trim_start();
    ["- ", "* ", "+ "].iter().find_map(|mark| unquoted.strip_prefix(mark)).unwrap_or(unquoted)
}

fn atx_heading(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    ((1..=6).contains(&level) && rest.starts_with([' ', '\t'])).then(|| rest.trim().trim_end_matches('#').trim_end())
}

fn is_underline(line: &str) -> bool {
    line.len() >= 3 && (line.bytes().all(|b| b == b'=') || line.bytes().all(|b| b == b'-'))
}

fn is_rule(line: &str) -> bool {
    let marks: Vec<char> = line.chars().filter(|c| !c.is_whitespace()).collect();
    marks.len() >= 3 && ['-', '*', '_'].iter().any(|mark| marks.iter().all(|c| c == mark))
}

/// The cells of a row that begins with a bar, or of a rule under a head.
fn table_row(line: &str) -> Option<Vec<&str>> {
    let inside = line.strip_prefix('|')?;
    let inside = inside.strip_suffix('|').unwrap_or(inside);
    Some(inside.split('|').map(str::trim).collect())
}

fn is_table_rule(cells: &[&str]) -> bool {
    cells.iter().all(|cell| cell.contains('-') && cell.bytes().all(|b| matches!(b, b'-' | b':' | b' ')))
}

fn check_box(line: &str) -> Option<(&str, &'static str)> {
    let item = line.trim_start_matches(['-', '*', '+']).trim_start();
    let state = match item.get(..3)? {
        "[x]" | "[X]" => "[x]",
        "[ ]" => "[ ]",
        _ => return None,
    };
    Some((item[3..].trim(), state))
}

/// A line's number, its key and its value.
type FrontLine<'a> = (u32, &'a str, &'a str);

/// `key: value` lines between two `---` at the very top, and the number of the first line after them.
fn front_matter(text: &str) -> (Vec<FrontLine<'_>>, u32) {
    let mut lines = (1_u32..).zip(text.lines());
    if lines.next().is_none_or(|(_, line)| line.trim_end() != "---") {
        return (Vec::new(), 1);
    }
    let mut pairs = Vec::new();
    for (number, line) in lines.take(100) {
        match line.trim() {
            "---" | "..." => return (pairs, number.saturating_add(1)),
            line => pairs.extend(
                line.split_once(':')
                    .map(|(label, value)| (number, label.trim(), value.trim().trim_matches(['"', '\'']))),
            ),
        }
    }
    (Vec::new(), 1)
}

fn set_property(properties: &mut Properties, label: &str, value: &str) {
    let slot = match label.to_ascii_lowercase().as_str() {
        "title" => &mut properties.title,
        "author" => &mut properties.author,
        "subject" | "description" => &mut properties.subject,
        "generator" => &mut properties.generator,
        "date" | "created" => &mut properties.created,
        "updated" | "modified" | "lastmod" => &mut properties.modified,
        _ => return,
    };
    *slot = Some(clean::one_line(value, PROPERTY_BYTES_MAX)).filter(|value| !value.is_empty());
}

/// Drops marks of emphasis and code, keeps the words of links.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, link) = rest.split_at(at);
        out.push_str(before.strip_suffix('!').unwrap_or(before));
        let (words, after) = link_text(link).unwrap_or(link.split_at(1));
        out.push_str(words);
        rest = after;
    }
    out.push_str(rest);
    for mark in ["**", "__", "`", "~~"] {
        // Rows of underscores are lines to write on, not emphasis.
        if mark != "__" || !out.contains("___") {
            out = out.replace(mark, "");
        }
    }
    clean::one_line(&out, usize::MAX)
}

/// The words of `[words](target)` and what follows it.
fn link_text(link: &str) -> Option<(&str, &str)> {
    let (words, after) = link.strip_prefix('[')?.split_once("](")?;
    if words.contains('[') {
        return None;
    }
    let (_, after) = after.split_once(')')?;
    Some((words, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<(u32, PassageKind, String)> {
        let reading = read(text.as_bytes(), &Limits::default());
        let line = |place| match place {
            Place::Line(line) => line,
            other => panic!("{other:?}"),
        };
        reading.passages.into_iter().map(|p| (line(p.place), p.kind, p.text)).collect()
    }

    #[test]
    fn blocks_are_known_by_their_marks() {
        use PassageKind::{Field, Heading, Note, TableHead, TableRow, Text};
        for (text, wanted) in [
            ("# Seal **policy** #", vec![(1, Heading, "Seal policy")]),
            ("Policy\n======\ntext", vec![(1, Heading, "Policy"), (3, Text, "text")]),
            ("one\ntwo\n---\n", vec![(1, Text, "one"), (2, Heading, "two")]),
            ("#nohead", vec![(1, Text, "#nohead")]),
            ("- item `one`\n- [two](http://x.y)", vec![(1, Text, "item one"), (2, Text, "two")]),
            ("- [x] locked\n- [ ] lit", vec![(1, Field, "locked\t[x]"), (2, Field, "lit\t[ ]")]),
            (
                "| Date | Seal |\n|---|:-:|\n| 2026-10-01 | **A1** |\n\nend",
                vec![(1, TableHead, "Date\tSeal"), (3, TableRow, "2026-10-01\tA1"), (5, Text, "end")],
            ),
            ("> quoted", vec![(1, Note, "quoted")]),
            ("Signed: ______ [date]", vec![(1, Text, "Signed: ______ [date]")]),
            ("***\n\n```\ncode\n```", vec![(4, Text, "code")]),
            ("[a](b", vec![(1, Text, "[a](b")]),
        ] {
            let found = blocks(text);
            let found: Vec<(u32, PassageKind, &str)> = found.iter().map(|(l, k, t)| (*l, *k, t.as_str())).collect();
            assert_eq!(found, wanted, "{text:?}");
        }
    }

    #[test]
    fn front_matter_gives_properties_and_fields() {
        let text = "---\ntitle: \"Seal policy\"\ndate: 2026-10-01\n---\n\nText.";
        let reading = read(text.as_bytes(), &Limits::default());
        assert_eq!(reading.properties.title.as_deref(), Some("Seal policy"));
        assert_eq!(reading.properties.created.as_deref(), Some("2026-10-01"));
        assert_eq!(blocks(text)[1], (3, PassageKind::Field, "date\t2026-10-01".to_owned()));
        assert_eq!(blocks(text)[2].0, 6);
    }

    #[test]
    fn a_rule_at_the_top_is_no_front_matter() {
        assert_eq!(blocks("---\nonly text").len(), 1);
    }
}
