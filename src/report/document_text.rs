//! What was read of one document, passage by passage with its place: so that a person sees what the judge saw.

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::rows::NameRow;
use super::text::count;
use super::{GENERATED_BY, json as form, names, sheet};
use crate::domain::assess::status::AssessedDocument;
use crate::domain::reading::{Format, Passage, PassageKind, Photo, Reading};

/// A document and its reading; none if it was not read, or its text is kept no more.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    pub document: &'a AssessedDocument,
    pub reading: Option<&'a Reading>,
}

#[derive(Serialize)]
struct TextJson<'a> {
    schema: &'static str,
    generator: &'static str,
    #[serde(flatten)]
    name: NameRow<'a>,
    outcome: &'static str,
    reason: Option<&'a str>,
    format: Option<Format>,
    /// False if there is no text to show: not read, or not kept.
    kept: bool,
    truncated: bool,
    properties: Vec<PropertyRow<'a>>,
    passages: Vec<PassageRow<'a>>,
}

#[derive(Serialize)]
struct PropertyRow<'a> {
    name: &'static str,
    value: &'a str,
}

#[derive(Serialize)]
struct PassageRow<'a> {
    place: String,
    kind: PassageKind,
    text: &'a str,
    /// Of recognised text, 0 to 100.
    confidence: Option<u8>,
}

/// Each passage after its place, cells parted by bars.
pub fn table(text: Text<'_>, look: Look) -> String {
    let mut out = format!("{}\n", look.paint(Tone::Heading, &terminal(&text.document.name.path)));
    let Some(reading) = text.reading else {
        let outcome = names::outcome(&text.document.state);
        out.push_str(&format!("no text is kept of it ({outcome})\n"));
        return out;
    };
    for PropertyRow { name, value } in properties(reading) {
        out.push_str(&format!("{name}: {}\n", terminal(value)));
    }
    let mut last = String::new();
    for passage in &reading.passages {
        let place = reading.place_text(passage.place);
        if place != last {
            out.push_str(&format!("\n{}\n", look.paint(Tone::Heading, &terminal(&place))));
            last = place;
        }
        out.push_str(&format!("  {}{}\n", shown(passage), doubt(passage)));
    }
    out.push_str(&format!("\n{}", count(reading.passages.len(), "passage", "passages")));
    out.push_str(if reading.truncated { "; there was more, which was not read\n" } else { "\n" });
    out
}

fn shown(passage: &Passage) -> String {
    let cells: Vec<String> = passage.cells().map(|cell| terminal(cell).into_owned()).collect();
    match passage.kind {
        PassageKind::Heading => format!("# {}", cells.join(" ")),
        PassageKind::Field | PassageKind::MailHeader => cells.join(": "),
        PassageKind::TableHead | PassageKind::TableRow => cells.join(" | "),
        PassageKind::Text | PassageKind::Margin | PassageKind::Note => cells.join(" "),
    }
}

fn doubt(passage: &Passage) -> String {
    match passage.confidence {
        Some(confidence) if passage.is_doubtful() => format!("  (hard to recognise: {confidence} of 100)"),
        Some(_) | None => String::new(),
    }
}

pub fn json(text: Text<'_>) -> String {
    form::pretty(&row(text))
}

/// The same on one line.
pub fn jsonl(text: Text<'_>) -> String {
    form::line(&row(text))
}

pub fn csv(text: Text<'_>) -> String {
    let heads = ["place", "kind", "text", "confidence", "path", "generator"];
    let path = &text.document.name.path;
    let passages =
        text.reading.iter().flat_map(|reading| reading.passages.iter().map(move |passage| (reading, passage)));
    let rows = passages.map(|(reading, passage)| {
        let kind = serde_json::to_value(passage.kind).ok();
        let kind = kind.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let confidence = passage.confidence.map_or_else(String::new, |confidence| confidence.to_string());
        let place = reading.place_text(passage.place);
        [place, kind, passage.text.clone(), confidence, path.clone(), GENERATED_BY.to_owned()]
    });
    sheet::write(heads, rows)
}

fn row(text: Text<'_>) -> TextJson<'_> {
    let document = text.document;
    TextJson {
        schema: "evidex.document-text/1",
        generator: GENERATED_BY,
        name: (&document.name).into(),
        outcome: names::outcome(&document.state),
        reason: names::reason(&document.state),
        format: document.format,
        kept: text.reading.is_some(),
        truncated: text.reading.is_some_and(|reading| reading.truncated),
        properties: text.reading.map(properties).unwrap_or_default(),
        passages: text.reading.map(passages).unwrap_or_default(),
    }
}

fn passages(reading: &Reading) -> Vec<PassageRow<'_>> {
    let mut rows = Vec::with_capacity(reading.passages.len());
    for Passage { place, kind, text, confidence } in &reading.passages {
        rows.push(PassageRow { place: reading.place_text(*place), kind: *kind, text, confidence: *confidence });
    }
    rows
}

fn properties(reading: &Reading) -> Vec<PropertyRow<'_>> {
    let photo = |part: fn(&Photo) -> &Option<String>| reading.properties.photo.as_deref().map_or(&None, part);
    let all = [
        ("title", &reading.properties.title),
        ("author", &reading.properties.author),
        ("subject", &reading.properties.subject),
        ("program", &reading.properties.generator),
        ("created", &reading.properties.created),
        ("modified", &reading.properties.modified),
        ("camera", photo(|photo| &photo.camera)),
        ("position", photo(|photo| &photo.position)),
    ];
    all.into_iter().filter_map(|(name, value)| Some(PropertyRow { name, value: value.as_deref()? })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::{Place, Properties};
    use crate::report::sample::documents;
    use crate::report::schemas::testing::assert_valid;

    fn reading() -> Reading {
        let passage = |page, kind, text: &str, confidence| Passage {
            place: Place::Page(page),
            kind,
            text: text.to_owned(),
            confidence,
        };
        Reading {
            format: Format::Pdf,
            properties: Properties { title: Some("Seal\u{1b}[31m log".to_owned()), ..Properties::default() },
            sheets: Vec::new(),
            passages: vec![
                passage(1, PassageKind::Heading, "Seal log", Some(94)),
                passage(1, PassageKind::TableRow, "1/2/26\t4409195", Some(41)),
                passage(2, PassageKind::Field, "Inspector\t", None),
                passage(2, PassageKind::Text, "\u{202e}txet", None),
            ],
            truncated: true,
        }
    }

    #[test]
    fn follows_its_schema() {
        let (documents, reading) = (documents(), reading());
        for reading in [Some(&reading), None] {
            for document in &documents {
                let value = serde_json::from_str(&json(Text { document, reading })).unwrap();
                assert_valid("evidex.document-text/1", &value);
            }
        }
        assert_eq!(jsonl(Text { document: &documents[0], reading: Some(&reading) }).lines().count(), 1);
    }

    #[test]
    fn a_screen_shows_places_and_doubts() {
        let documents = documents();
        insta::assert_snapshot!(table(Text { document: &documents[0], reading: Some(&reading()) }, Look::PLAIN), @r"
        Seals/seal log 2024.xlsx
        title: Seal\u{1b}[31m log

        page 1
          # Seal log
          1/2/26 | 4409195  (hard to recognise: 41 of 100)

        page 2
          Inspector: 
          \u{202e}txet

        4 passages; there was more, which was not read
        ");
        let none = table(Text { document: &documents[0], reading: None }, Look::PLAIN);
        assert_eq!(none, "Seals/seal log 2024.xlsx\nno text is kept of it (read)\n");
    }

    #[test]
    fn csv_has_a_row_a_passage() {
        let csv = csv(Text { document: &documents()[0], reading: Some(&reading()) });
        assert_eq!(csv.lines().count(), 5);
        assert!(csv.contains("\npage 1,heading,Seal log,94,"), "{csv}");
    }
}
