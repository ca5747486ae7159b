//! Checks a worker's answer before anything else believes it.
//!
//! The worker has parsed hostile bytes and may be theirs by now. What can be mended (control characters, long names)
//! is mended; what no honest worker says makes the whole answer a lie.

use super::clean::{self, Tabs};
use super::limits::Limits;
use super::pages::Opened;
use crate::domain::reading::{Extracted, Outcome, PassageKind, Properties, Reading};

const PROPERTY_BYTES_MAX: usize = 2_000;
const DETAIL_BYTES_MAX: usize = 500;
const KIND_BYTES_MAX: usize = 24;
const SHEET_NAME_BYTES_MAX: usize = 400;

/// Parses and cleans an answer; the error says in what it lies.
pub(super) fn check(json: &[u8], limits: &Limits) -> Result<Extracted, &'static str> {
    // serde_json stops at 128 levels of nesting by itself.
    let mut extracted: Extracted =
        serde_json::from_slice(json).map_err(|_| "the reader's answer had no proper form")?;
    let mut sums = Sums { members: u64::from(limits.members), bytes: limits.member_bytes };
    // One level more than is opened: what lies too deep is named, and says so.
    check_level(&mut extracted, limits.depth.saturating_add(1), &mut sums)?;
    Ok(extracted)
}

/// The same for what a worker says of a document that it holds open.
pub(super) fn check_opened(json: &[u8], limits: &Limits) -> Result<Opened, &'static str> {
    let mut opened: Opened = serde_json::from_slice(json).map_err(|_| "the reader's answer had no proper form")?;
    match &mut opened {
        Opened::Book { reading, pages } => {
            clean_reading(reading);
            let ascending = pages.is_sorted_by(|a, b| a < b) && pages.first() != Some(&0);
            if !ascending || pages.len() as u64 > u64::from(limits.pages) {
                return Err("the reader's answer had impossible pages");
            }
        }
        Opened::Refused { detail, .. } => *detail = clean::one_line(detail, DETAIL_BYTES_MAX),
    }
    Ok(opened)
}

/// What is left of the limits that count over all levels.
struct Sums {
    members: u64,
    bytes: u64,
}

fn check_level(extracted: &mut Extracted, depth_left: u32, sums: &mut Sums) -> Result<(), &'static str> {
    clean_outcome(&mut extracted.outcome);
    extracted.pictures.sort_unstable();
    extracted.pictures.dedup();
    if extracted.members.is_empty() {
        return Ok(());
    }
    let deeper = depth_left.checked_sub(1).ok_or("the reader's answer was nested too deeply")?;
    for member in &mut extracted.members {
        sums.members = sums.members.checked_sub(1).ok_or("the reader's answer had too many members")?;
        sums.bytes = sums.bytes.checked_sub(member.size).ok_or("the reader's answer had impossible sizes")?;
        member.name = clean::member_name(&member.name);
        check_level(&mut member.extracted, deeper, sums)?;
    }
    Ok(())
}

fn clean_outcome(outcome: &mut Outcome) {
    match outcome {
        Outcome::Read(reading) => clean_reading(reading),
        Outcome::Unreadable { detail, .. } => *detail = clean::one_line(detail, DETAIL_BYTES_MAX),
        Outcome::Unsupported { kind } => {
            kind.retain(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            clean::cut(kind, KIND_BYTES_MAX);
        }
        Outcome::OcrPending => {}
    }
}

fn clean_reading(reading: &mut Reading) {
    clean_properties(&mut reading.properties);
    for sheet in &mut reading.sheets {
        *sheet = clean::one_line(sheet, SHEET_NAME_BYTES_MAX);
    }
    for passage in &mut reading.passages {
        let tabs = match passage.kind {
            PassageKind::TableHead | PassageKind::TableRow | PassageKind::Field | PassageKind::MailHeader => Tabs::Keep,
            PassageKind::Heading | PassageKind::Text | PassageKind::Margin | PassageKind::Note => Tabs::ToBlanks,
        };
        clean::clean_text(&mut passage.text, tabs);
    }
}

fn clean_properties(properties: &mut Properties) {
    let Properties { title, author, subject, generator, created, modified, page_count: _, photo } = properties;
    let photo = photo.iter_mut().flat_map(|photo| [&mut photo.camera, &mut photo.position]);
    for property in [title, author, subject, generator, created, modified].into_iter().chain(photo) {
        *property =
            property.take().map(|text| clean::one_line(&text, PROPERTY_BYTES_MAX)).filter(|text| !text.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ContentHash;
    use crate::domain::reading::{Format, Member, Passage, Place};

    fn leaf() -> Extracted {
        let outcome = Outcome::Unsupported { kind: "rar".to_owned() };
        Extracted { format: Format::Other, outcome, members: Vec::new(), pictures: Vec::new() }
    }

    fn wrap(name: &str, size: u64, extracted: Extracted) -> Extracted {
        let member = Member { name: name.to_owned(), content: ContentHash([0; 32]), size, extracted };
        Extracted { members: vec![member], ..leaf() }
    }

    fn checked(extracted: &Extracted, limits: &Limits) -> Result<Extracted, &'static str> {
        check(&serde_json::to_vec(extracted).unwrap(), limits)
    }

    #[test]
    fn honest_answers_pass_unchanged() {
        let nested = (0..6).fold(leaf(), |inner, _| wrap("a/b.zip", 100, inner));
        assert_eq!(checked(&nested, &Limits::default()), Ok(nested));
    }

    #[test]
    fn lies_are_found() {
        let limits = Limits { depth: 2, members: 3, member_bytes: 1_000, ..Limits::default() };
        let deep = (0..4).fold(leaf(), |inner, _| wrap("x", 1, inner));
        let many = Extracted { members: vec![wrap("x", 1, leaf()).members.remove(0); 4], ..leaf() };
        let large = wrap("x", 1_001, leaf());
        for (case, lie) in [("depth", deep), ("count", many), ("size", large)] {
            assert!(checked(&lie, &limits).is_err(), "{case}");
        }
        for garbage in ["", "{}", "[[[[", "null", "{\"format\":\"pdf\"}", &"[".repeat(100_000)] {
            assert!(check(garbage.as_bytes(), &limits).is_err());
        }
    }

    #[test]
    fn text_is_cleaned() {
        let passage =
            |kind, text: &str| Passage { place: Place::Line(1), kind, text: text.to_owned(), confidence: None };
        let reading = Reading {
            format: Format::Text,
            properties: Properties { title: Some("\u{1b}]0;x\u{7}Log\n".to_owned()), ..Properties::default() },
            sheets: vec!["Oct\t26".to_owned()],
            passages: vec![passage(PassageKind::Text, "a\tb\0"), passage(PassageKind::TableRow, "a\tb\n")],
            truncated: false,
        };
        let answer = Extracted { outcome: Outcome::Read(reading), ..leaf() };
        let Outcome::Read(clean) =
            checked(&wrap("../x\n", 1, answer), &Limits::default()).unwrap().members.remove(0).extracted.outcome
        else {
            panic!("it was read");
        };
        assert_eq!(clean.properties.title.as_deref(), Some("]0;xLog"));
        assert_eq!(clean.sheets, ["Oct 26"]);
        assert_eq!(clean.passages[0].text, "a b");
        assert_eq!(clean.passages[1].text, "a\tb ");
    }
}
