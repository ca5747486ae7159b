//! Comments on cells of an XLS workbook, from its records.
//!
//! A comment is in three records: an object with a number, the text that follows it, and a note that gives the cell
//! and the number.

use std::collections::HashMap;

use crate::domain::reading::{PassageKind, Place};
use crate::extract::gather::Gather;
use crate::extract::ole::{u16_at, utf16};

const BOUND_SHEET: u16 = 0x85;
const START: u16 = 0x809;
const NOTE: u16 = 0x1c;
const OBJECT: u16 = 0x5d;
const TEXT: u16 = 0x1b6;
const CONTINUE: u16 = 0x3c;
const NOTES_MAX: usize = 20_000;

/// A comment with the name of its sheet.
pub(super) struct Note {
    sheet: String,
    row: u32,
    text: String,
}

/// Records as kind and content; ends at the first that is cut.
pub(super) fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = 0_usize;
    std::iter::from_fn(move || {
        let kind = u16_at(stream, at)?;
        let length = usize::from(u16_at(stream, at + 2)?);
        let content = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some((kind, content))
    })
}

pub(super) fn read(stream: &[u8]) -> Vec<Note> {
    let mut names: Vec<String> = Vec::new();
    let mut notes: Vec<Note> = Vec::new();
    let mut texts: HashMap<u16, String> = HashMap::new();
    let mut sheets = 0_usize;
    // Substreams follow in the order of the sheets; charts inside a sheet begin and end within it.
    let mut depth = 0_usize;
    let mut object = None;
    let mut awaits_text = false;
    for (kind, content) in records(stream) {
        match kind {
            BOUND_SHEET => names.extend(sheet_name(content)),
            START => {
                depth += 1;
                if depth == 1 {
                    sheets += 1;
                    texts.clear();
                }
            }
            0x0a => depth = depth.saturating_sub(1),
            // The object's first part holds its number.
            OBJECT => object = u16_at(content, 6),
            TEXT => awaits_text = true,
            CONTINUE if awaits_text => {
                awaits_text = false;
                if let (Some(object), Some(text)) = (object, text(content)) {
                    texts.insert(object, text);
                }
            }
            NOTE if notes.len() < NOTES_MAX => {
                let found = u16_at(content, 6).and_then(|object| texts.remove(&object));
                // The first substream holds what is common to the sheets.
                let sheet = sheets.checked_sub(2).and_then(|index| names.get(index));
                if let (Some(row), Some(text), Some(sheet)) = (u16_at(content, 0), found, sheet) {
                    notes.push(Note { sheet: sheet.clone(), row: u32::from(row) + 1, text });
                }
            }
            _ => {}
        }
    }
    notes
}

pub(super) fn emit(notes: &[Note], name: &str, sheet: u16, gather: &mut Gather) {
    for note in notes.iter().filter(|note| note.sheet == name) {
        gather.text(Place::Row { sheet, row: note.row }, PassageKind::Note, &note.text);
    }
}

fn sheet_name(content: &[u8]) -> Option<String> {
    let length = usize::from(*content.get(6)?);
    let rest = content.get(8..)?;
    let wide = *content.get(7)?;
    Some(characters(wide, &rest[..rest.len().min(if content[7] & 1 == 0 { length } else { length * 2 })]))
}

fn text(content: &[u8]) -> Option<String> {
    let (wide, text) = content.split_first()?;
    Some(characters(*wide, text))
}

fn characters(wide: u8, text: &[u8]) -> String {
    match wide & 1 {
        0 => text.iter().map(|byte| char::from(*byte)).collect(),
        _ => utf16(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), content].concat()
    }

    #[test]
    fn a_note_finds_its_text_and_its_sheet() {
        let stream = [
            record(START, &[]),
            record(BOUND_SHEET, b"\0\0\0\0\0\0\x03\0Oct"),
            record(0x0a, &[]),
            record(START, &[]),
            record(OBJECT, b"\x15\0\x12\0\x19\0\x07\0"),
            record(TEXT, &[0; 18]),
            record(CONTINUE, b"\0Seal was cut"),
            record(CONTINUE, &[0; 8]),
            record(NOTE, b"\x04\0\x01\0\0\0\x07\0"),
            record(0x0a, &[]),
        ]
        .concat();
        let notes = read(&stream);
        assert_eq!((notes[0].sheet.as_str(), notes[0].row, notes[0].text.as_str()), ("Oct", 5, "Seal was cut"));
        assert!(read(&stream[..stream.len() - 20]).is_empty());
    }
}
