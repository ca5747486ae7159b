//! DOC: the binary format of Word from 97 to 2003, and the plain text of Word 6 and 95.
//!
//! Read: headings, paragraphs, tables, footnotes, endnotes, comments, headers, footers, text boxes, results of fields,
//! check boxes. Not read: hidden and struck-out text, pictures, embedded objects.

mod pieces;
mod runs;
mod story;

use std::collections::HashSet;

use super::gather::{Gather, clean};
use super::limits::{Limits, ReadError};
use super::ole::{Ole, u16_at, u32_at};
use super::ole_properties;
use crate::domain::reading::{Format, PassageKind, Place, Reading};
use pieces::Pieces;
use runs::{Formats, Styles};
use story::Story;

const MARK: u16 = 0xa5ec;
/// Where the table of positions begins in the head; each entry is a place and a length.
const POSITIONS_AT: usize = 154;

/// What all parts of the reader need: the streams.
pub(super) struct Streams {
    /// `WordDocument`: head, text, formatting pages.
    pub main: Vec<u8>,
    /// `0Table` or `1Table`: everything that the head points to.
    pub table: Vec<u8>,
    /// `Data`: states of form fields.
    pub data: Vec<u8>,
}

impl Streams {
    /// The part of the table stream that an entry of the head names.
    pub(super) fn part(&self, index: usize) -> &[u8] {
        let at = POSITIONS_AT + 8 * index;
        let start = u32_at(&self.main, at).unwrap_or(0) as usize;
        let length = u32_at(&self.main, at + 4).unwrap_or(0) as usize;
        let rest = self.table.get(start..).unwrap_or_default();
        &rest[..rest.len().min(length)]
    }

    fn count(&self, at: usize) -> u32 {
        u32_at(&self.main, at).unwrap_or(0)
    }
}

/// Reads the text of a DOC file.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ReadError> {
    let ole = Ole::open(bytes)?;
    let main = ole.stream("WordDocument").ok_or_else(|| ReadError::damaged("the part WordDocument is missing"))?;
    let flags = u16_at(&main, 10).unwrap_or(0);
    let version = u16_at(&main, 2).unwrap_or(0);
    if flags & 0x100 != 0 {
        return Err(ReadError::encrypted("needs a password"));
    }
    let mut gather = Gather::new(limits);
    if version < 105 {
        old_text(&main, &mut gather)?;
    } else {
        if u16_at(&main, 0) != Some(MARK) {
            return Err(ReadError::damaged("the document's head is broken"));
        }
        let table = ole.stream(if flags & 0x200 == 0 { "0Table" } else { "1Table" });
        let table = table.ok_or_else(|| ReadError::damaged("the part Table is missing"))?;
        let streams = Streams { main, table, data: ole.stream("Data").unwrap_or_default() };
        stories(&streams, &mut gather)?;
    }
    let (passages, truncated) = gather.finish();
    let properties = ole_properties::read(&ole);
    Ok(Reading { format: Format::Doc, properties, sheets: Vec::new(), passages, truncated })
}

/// Word 6 and 95: the text lies between two positions of the head, or in pieces that are not followed.
fn old_text(main: &[u8], gather: &mut Gather) -> Result<(), ReadError> {
    let (start, end) = (u32_at(main, 0x18).unwrap_or(0) as usize, u32_at(main, 0x1c).unwrap_or(0) as usize);
    let text = main.get(start..end.min(main.len())).ok_or_else(|| ReadError::damaged("the text's place is broken"))?;
    let on_macintosh = u16_at(main, 0x14) == Some(256);
    let alphabet = if on_macintosh {
        encoding_rs::MACINTOSH
    } else {
        // The head does not say which alphabet; anything but one of Windows is a wrong guess.
        let guess = super::encoding::guess(text);
        if guess.name().starts_with("windows-") { guess } else { encoding_rs::WINDOWS_1252 }
    };
    let text = super::encoding::decode_as(text, alphabet);
    for (number, paragraph) in (1..).zip(text.split(['\r', '\u{7}', '\u{c}']).filter(|text| !text.trim().is_empty())) {
        gather.text(Place::Paragraph(number), PassageKind::Text, paragraph);
    }
    Ok(())
}

/// The stories follow each other in one text: body, footnotes, headers, comments, endnotes, text boxes.
fn stories(streams: &Streams, gather: &mut Gather) -> Result<(), ReadError> {
    let pieces = Pieces::read(streams).ok_or_else(|| ReadError::damaged("the table of pieces is broken"))?;
    let styles = Styles::read(streams.part(1));
    let formats = Formats::read(streams, &styles);
    let mut text = pieces.text(streams);
    let mut cut = |count: u32| (&mut text).take(count as usize).collect::<Vec<_>>();

    let mut body = Story::new(streams, &formats);
    body.run(&cut(streams.count(0x4c)));
    let starts = body.starts.clone();
    body.emit(gather);
    let footnotes = cut(streams.count(0x50));
    let headers = cut(streams.count(0x54));
    cut(streams.count(0x58));
    let comments = cut(streams.count(0x5c));
    let endnotes = cut(streams.count(0x60));
    let boxes = cut(streams.count(0x64));
    let header_boxes = cut(streams.count(0x68));

    let referring = |part: usize, width: usize| -> Vec<u32> {
        let part = streams.part(part);
        let count = part.len().saturating_sub(4) / (4 + width);
        let at = (0..count).filter_map(|index| u32_at(part, 4 * index));
        at.map(|at| u32::try_from(starts.partition_point(|start| *start <= at)).unwrap_or(u32::MAX)).collect()
    };
    for (text, mark, places) in [
        (footnotes, '\u{2}', referring(2, 2)),
        (comments, '\u{5}', referring(4, 30)),
        (endnotes, '\u{2}', referring(46, 2)),
    ] {
        let mut story = Story::new(streams, &formats);
        story.notes(mark);
        story.run(&text);
        story.emit_notes(&places, gather);
    }
    let mut seen = HashSet::new();
    for (text, kind) in
        [(headers, PassageKind::Margin), (boxes, PassageKind::Text), (header_boxes, PassageKind::Margin)]
    {
        let mut story = Story::new(streams, &formats);
        story.run(&text);
        for text in story.lines() {
            if seen.insert(clean(&text)) {
                gather.text(Place::Paragraph(1), kind, &text);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
