//! PPT: the binary format of PowerPoint from 97 to 2003.
//!
//! A file is one stream of records. Slides are found through the directory of the last save, in the order of the show;
//! text stands in the drawing of each slide, or in a list beside it that the drawing points to. Read: titles, text
//! boxes, speaker's notes, comments. Tables of this format are groups of text boxes and come out as such.

use std::collections::HashMap;

use super::gather::Gather;
use super::limits::{Limits, ReadError};
use super::ole::{Ole, u16_at, u32_at, utf16};
use super::ole_properties;
use crate::domain::reading::{Format, PassageKind, Place, Reading};

const DOCUMENT: u16 = 0x03e8;
const SLIDE: u16 = 0x03ee;
const NOTES: u16 = 0x03f0;
const NOTES_ATOM: u16 = 0x03f1;
const SLIDE_PLACE: u16 = 0x03f3;
const MASTER: u16 = 0x03f8;
const LIST: u16 = 0x0ff0;
const TEXT_HEAD: u16 = 0x0f9f;
const WIDE_TEXT: u16 = 0x0fa0;
const NARROW_TEXT: u16 = 0x0fa8;
const OUTLINE_TEXT: u16 = 0x0f9e;
const EDIT: u16 = 0x0ff5;
const DIRECTORY: u16 = 0x1772;
const COMMENT: u16 = 0x2ee0;
const HEADERS: u16 = 0x0fd9;
const STRING: u16 = 0x0fba;
const EDITS_MAX: usize = 1_000;
const DEPTH_MAX: usize = 40;

/// Reads the text of a PPT file.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ReadError> {
    let ole = Ole::open(bytes)?;
    // A show saved for two versions holds the newer one in a storage of its own.
    let folder = if ole.has("PP97_DUALSTORAGE/PowerPoint Document") { "PP97_DUALSTORAGE/" } else { "" };
    let stream = ole.stream(&format!("{folder}PowerPoint Document"));
    let stream = stream.ok_or_else(|| ReadError::damaged("the part PowerPoint Document is missing"))?;
    let user = ole.stream(&format!("{folder}Current User")).unwrap_or_default();
    // The mark of an encrypted show, or an edit with a session key.
    if u32_at(&user, 12) == Some(0xf3d1_c4df) || ole.has("EncryptedSummary") {
        return Err(ReadError::encrypted("needs a password"));
    }
    let mut gather = Gather::new(limits);
    let mut show =
        Show { stream: &stream, persists: persists(&stream, &user), gather: &mut gather, left: stream.len() };
    let slides = show.read(limits);
    let (passages, truncated) = gather.finish();
    let mut properties = ole_properties::read(&ole);
    properties.page_count = Some(slides).filter(|slides| *slides > 0);
    Ok(Reading { format: Format::Ppt, properties, sheets: Vec::new(), passages, truncated })
}

/// One record: its kind, which of its kind it is, and its content.
#[derive(Clone, Copy)]
struct Record<'s> {
    kind: u16,
    instance: u16,
    is_container: bool,
    content: &'s [u8],
}

fn record_at(stream: &[u8], at: usize) -> Option<Record<'_>> {
    let head = u16_at(stream, at)?;
    let length = u32_at(stream, at.checked_add(4)?)? as usize;
    let rest = stream.get(at.checked_add(8)?..)?;
    Some(Record {
        kind: u16_at(stream, at + 2)?,
        instance: head >> 4,
        is_container: head & 15 == 15,
        content: &rest[..rest.len().min(length)],
    })
}

fn records(content: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut at = 0_usize;
    std::iter::from_fn(move || {
        let record = record_at(content, at)?;
        at += 8 + record.content.len();
        Some(record)
    })
}

/// Where each object of the last save lies. Older saves fill in what the newer ones left alone.
fn persists(stream: &[u8], user: &[u8]) -> HashMap<u32, u32> {
    let mut found = HashMap::new();
    let mut next = u32_at(user, 16).unwrap_or(0);
    for _ in 0..EDITS_MAX {
        let Some(edit) = record_at(stream, next as usize).filter(|record| record.kind == EDIT) else { break };
        let directory = u32_at(edit.content, 12).and_then(|at| record_at(stream, at as usize));
        let entries = directory.filter(|record| record.kind == DIRECTORY).map_or(&[][..], |record| record.content);
        let mut at = 0;
        while let Some(head) = u32_at(entries, at) {
            let (first, count) = (head & 0xf_ffff, head >> 20);
            for index in 0..count {
                let Some(place) = u32_at(entries, at + 4 + 4 * index as usize) else { break };
                found.entry(first.saturating_add(index)).or_insert(place);
            }
            at += 4 + 4 * count as usize;
        }
        match u32_at(edit.content, 8) {
            Some(before) if before != 0 && before < next => next = before,
            Some(_) | None => break,
        }
    }
    found
}

struct Show<'s, 'g> {
    stream: &'s [u8],
    persists: HashMap<u32, u32>,
    gather: &'g mut Gather,
    /// Bytes of records that may still be visited: objects that are named again and again cost nothing more.
    left: usize,
}

/// A slide as the show lists it, with the texts beside it.
struct Listed {
    persist: u32,
    id: u32,
    texts: Vec<(u32, String)>,
}

impl<'s> Show<'s, '_> {
    fn read(&mut self, limits: &Limits) -> u32 {
        let document = self.document();
        let slides = document.map(|document| listed(document, 0)).unwrap_or_default();
        let notes = document.map(|document| listed(document, 2)).unwrap_or_default();
        if slides.is_empty() {
            return self.everything();
        }
        let mut notes_of: HashMap<u32, Vec<Record<'s>>> = HashMap::new();
        for record in notes.iter().filter_map(|notes| self.object(notes.persist)).filter(|r| r.kind == NOTES) {
            let atom = records(record.content).find(|record| record.kind == NOTES_ATOM);
            if let Some(slide) = atom.and_then(|atom| u32_at(atom.content, 0)) {
                notes_of.entry(slide).or_default().push(record);
            }
        }
        let mut number = 0;
        for slide in slides.iter().take(limits.pages as usize) {
            number += 1;
            let mut texts = Texts { place: Place::Slide(number), note: false, listed: &slide.texts, sort: 4, used: 0 };
            match self.object(slide.persist) {
                Some(record) if record.kind == SLIDE => self.text(record.content, &mut texts, 0),
                Some(_) | None => {}
            }
            if texts.used == 0 {
                texts.rest(self.gather);
            }
            for record in notes_of.remove(&slide.id).unwrap_or_default() {
                let mut texts = Texts { note: true, ..texts };
                self.text(record.content, &mut texts, 0);
            }
            if self.gather.is_full() {
                break;
            }
        }
        if slides.len() > limits.pages as usize {
            self.gather.cut_short();
        }
        u32::try_from(slides.len()).unwrap_or(u32::MAX)
    }

    fn document(&self) -> Option<&'s [u8]> {
        let is_document = |record: &Record<'s>| record.kind == DOCUMENT;
        let named = self.object(1).filter(is_document);
        Some(named.or_else(|| records(self.stream).filter(is_document).last())?.content)
    }

    fn object(&self, persist: u32) -> Option<Record<'s>> {
        record_at(self.stream, *self.persists.get(&persist)? as usize)
    }

    /// A show without a list of slides: whatever slides lie in the file, in its order.
    fn everything(&mut self) -> u32 {
        let mut number = 0;
        for record in records(self.stream).filter(|record| record.kind == SLIDE) {
            number += 1;
            let mut texts = Texts { place: Place::Slide(number), note: false, listed: &[], sort: 4, used: 0 };
            self.text(record.content, &mut texts, 0);
        }
        number
    }

    fn text(&mut self, content: &[u8], texts: &mut Texts<'_>, depth: usize) {
        for record in records(content) {
            let Some(left) = self.left.checked_sub(8).filter(|_| depth < DEPTH_MAX && !self.gather.is_full()) else {
                self.gather.cut_short();
                return;
            };
            self.left = left;
            match record.kind {
                TEXT_HEAD => texts.sort = u32_at(record.content, 0).unwrap_or(4),
                WIDE_TEXT | NARROW_TEXT => {
                    self.left = self.left.saturating_sub(record.content.len());
                    texts.put(&text_of(record), self.gather);
                }
                OUTLINE_TEXT => texts.put_listed(u32_at(record.content, 0).unwrap_or(u32::MAX), self.gather),
                HEADERS => {
                    for text in records(record.content).filter(|record| record.kind == STRING) {
                        self.gather.text(texts.place, PassageKind::Margin, &text_of(text));
                    }
                }
                COMMENT => comment(record.content, texts.place, self.gather),
                MASTER => {}
                _ if record.is_container => self.text(record.content, texts, depth + 1),
                _ => {}
            }
        }
    }
}

/// The text of one slide or its notes while it is gathered.
#[derive(Clone, Copy)]
struct Texts<'t> {
    place: Place,
    note: bool,
    listed: &'t [(u32, String)],
    /// What the next text is: title, body, notes.
    sort: u32,
    used: usize,
}

impl Texts<'_> {
    fn put(&mut self, text: &str, gather: &mut Gather) {
        let kind = match (self.note, self.sort) {
            (true, _) => PassageKind::Note,
            (false, 0 | 6) => PassageKind::Heading,
            (false, _) => PassageKind::Text,
        };
        for paragraph in text.split('\r') {
            // A star stands for a number or a date that the program fills in.
            if paragraph.trim() != "*" {
                gather.text(self.place, kind, paragraph);
            }
        }
        self.sort = 4;
    }

    fn put_listed(&mut self, index: u32, gather: &mut Gather) {
        if let Some((sort, text)) = self.listed.get(index as usize) {
            self.used += 1;
            self.sort = *sort;
            self.put(text, gather);
        }
    }

    /// Texts of the list, when no drawing points to any of them.
    fn rest(&mut self, gather: &mut Gather) {
        for (sort, text) in self.listed {
            self.sort = *sort;
            self.put(text, gather);
        }
    }
}

/// The slides (0) or notes (2) of a show, with the texts that stand beside each.
fn listed(document: &[u8], instance: u16) -> Vec<Listed> {
    let list = records(document).find(|record| record.kind == LIST && record.instance == instance);
    let mut slides: Vec<Listed> = Vec::new();
    let mut sort = 4;
    for record in list.map(|list| records(list.content)).into_iter().flatten() {
        match record.kind {
            SLIDE_PLACE => slides.push(Listed {
                persist: u32_at(record.content, 0).unwrap_or(0),
                id: u32_at(record.content, 12).unwrap_or(0),
                texts: Vec::new(),
            }),
            TEXT_HEAD => sort = u32_at(record.content, 0).unwrap_or(4),
            WIDE_TEXT | NARROW_TEXT => {
                if let Some(slide) = slides.last_mut() {
                    slide.texts.push((sort, text_of(record)));
                }
            }
            _ => {}
        }
    }
    slides
}

fn text_of(record: Record<'_>) -> String {
    match record.kind {
        WIDE_TEXT | STRING => utf16(record.content),
        _ => record.content.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// A comment holds its author, its text and the author's initials as strings.
fn comment(content: &[u8], place: Place, gather: &mut Gather) {
    let text = records(content).find(|record| record.kind == STRING && record.instance == 1);
    if let Some(text) = text {
        gather.text(place, PassageKind::Note, &text_of(text));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::reading::Outcome;
    use crate::extract::ole::build::ole;
    use crate::extract::ooxml::build::lines;
    use crate::extract::open;

    fn record(head: u16, kind: u16, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap();
        [&head.to_le_bytes()[..], &kind.to_le_bytes(), &length.to_le_bytes(), content].concat()
    }

    fn wide(text: &str) -> Vec<u8> {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        record(0, WIDE_TEXT, &units)
    }

    fn numbers(numbers: &[u32]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    fn sample() -> Vec<u8> {
        let title = record(0, TEXT_HEAD, &numbers(&[0]));
        let list = [record(0, SLIDE_PLACE, &numbers(&[2, 0, 0, 256, 0])), title, wide("Sellos é")].concat();
        let notes_list = record(0, SLIDE_PLACE, &numbers(&[3, 0, 0, 1, 0]));
        let document = record(15, DOCUMENT, &[record(15, LIST, &list), record(0x2f, LIST, &notes_list)].concat());
        let body = record(0, NARROW_TEXT, b"Check\rdaily");
        let string = record(0x10, STRING, b"O\0k\0");
        let comment = record(15, COMMENT, &string);
        let boxed = record(15, 0xf00d, &[record(0, OUTLINE_TEXT, &numbers(&[0])), body, comment].concat());
        let slide = record(15, SLIDE, &boxed);
        let notes = record(15, NOTES, &[record(0, NOTES_ATOM, &numbers(&[256, 0])), wide("Say why")].concat());
        let places = [0, document.len(), document.len() + slide.len()].map(|place| u32::try_from(place).unwrap());
        let directory_at = u32::try_from(document.len() + slide.len() + notes.len()).unwrap();
        let directory = record(0, DIRECTORY, &[numbers(&[1 | 3 << 20]), numbers(&places)].concat());
        let edit_at = directory_at + u32::try_from(directory.len()).unwrap();
        let edit = record(0, EDIT, &numbers(&[0, 0, 0, directory_at, 1]));
        let stream = [document, slide, notes, directory, edit].concat();
        ole(&[("PowerPoint Document", &stream), ("Current User", &numbers(&[0, 0, 20, 0xe391_c05f, edit_at]))])
    }

    #[test]
    fn slides_titles_notes_and_comments() {
        let Outcome::Read(reading) = open::read(&sample(), "a.ppt", &Limits::default()).outcome else { panic!() };
        assert_eq!(
            lines(&reading),
            [
                "slide 1 Heading Sellos é",
                "slide 1 Text Check",
                "slide 1 Text daily",
                "slide 1 Note Ok",
                "slide 1 Note Say why"
            ]
        );
        assert_eq!(reading.properties.page_count, Some(1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn changed_bytes_end_without_a_panic(changes in prop::collection::vec((0..2_500_usize, any::<u8>()), 1..20)) {
            let mut bytes = sample();
            for (at, with) in changes {
                let at = at % bytes.len();
                bytes[at] = with;
            }
            let _ = read(&bytes, &Limits::default());
        }
    }
}
