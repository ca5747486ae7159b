//! One story of a document: characters and marks to paragraphs, cells and rows.

use super::Streams;
use super::pieces::Glyph;
use super::runs::{Formats, Para};
use crate::domain::reading::{PassageKind, Place};
use crate::extract::gather::{Gather, looks_like_head};
use crate::extract::ole::{u16_at, u32_at};

const FIELDS_MAX: usize = 100;
const PARAGRAPH_BYTES: usize = 1 << 20;

pub(super) struct Story<'s> {
    streams: &'s Streams,
    formats: &'s Formats,
    blocks: Vec<Block>,
    /// Where in the text each block begins.
    pub starts: Vec<u32>,
    start: Option<u32>,
    text: String,
    /// Open fields: the instruction so far, or `None` once the result has begun.
    fields: Vec<Option<String>>,
    cell: String,
    cells: Vec<String>,
    row_start: Option<u32>,
    after_cell: bool,
    /// The mark that begins a note, and how many have begun.
    mark: Option<char>,
    notes: usize,
}

struct Block {
    kind: PassageKind,
    cells: Vec<String>,
    /// Which note it belongs to, from 1.
    note: usize,
}

impl<'s> Story<'s> {
    pub(super) fn new(streams: &'s Streams, formats: &'s Formats) -> Self {
        Self {
            streams,
            formats,
            blocks: Vec::new(),
            starts: Vec::new(),
            start: None,
            text: String::new(),
            fields: Vec::new(),
            cell: String::new(),
            cells: Vec::new(),
            row_start: None,
            after_cell: false,
            mark: None,
            notes: 0,
        }
    }

    /// Says that this story is notes, each of which begins with a mark.
    pub(super) fn notes(&mut self, mark: char) {
        self.mark = Some(mark);
    }

    pub(super) fn run(&mut self, text: &[Glyph]) {
        for glyph in text {
            self.take(*glyph);
        }
        self.end_paragraph(Para::default());
        self.end_row();
    }

    fn take(&mut self, glyph: Glyph) {
        let start = *self.start.get_or_insert(glyph.position);
        if Some(glyph.char) == self.mark {
            self.notes += 1;
        }
        match glyph.char {
            '\u{13}' if self.fields.len() < FIELDS_MAX => self.fields.push(Some(String::new())),
            '\u{14}' => {
                if let Some(field) = self.fields.last_mut() {
                    *field = None;
                }
            }
            '\u{15}' => {
                self.fields.pop();
            }
            '\u{7}' => self.end_cell(glyph, start),
            '\r' | '\u{c}' => {
                let para = self.formats.para(glyph.offset).unwrap_or_default();
                self.end_paragraph(para);
            }
            _ => self.character(glyph),
        }
    }

    fn character(&mut self, glyph: Glyph) {
        let run = self.formats.run(glyph.offset);
        if run.hidden {
            return;
        }
        let shown = match glyph.char {
            '\u{1}' => {
                self.check_box(run.data);
                return;
            }
            '\u{b}' | '\t' => ' ',
            '\u{1e}' => '-',
            '\u{28}' if run.symbol.is_some() => run.symbol.unwrap_or(' '),
            char if char.is_control() => return,
            char => char,
        };
        let open = self.fields.iter_mut().rev().find_map(Option::as_mut).unwrap_or(&mut self.text);
        if open.len() < PARAGRAPH_BYTES {
            open.push(shown);
        }
    }

    /// A check box is the picture inside the instruction of its field; its state lies in the data stream.
    fn check_box(&mut self, data: Option<u32>) {
        let is_box = self.fields.last().is_some_and(|field| {
            field.as_ref().is_some_and(|instruction| instruction.trim_start().starts_with("FORMCHECKBOX"))
        });
        let Some(at) = data.map(|at| at as usize).filter(|_| is_box) else { return };
        let state = || {
            let content = at.checked_add(usize::from(u16_at(&self.streams.data, at.checked_add(4)?)?))?;
            let bits = u32_at(&self.streams.data, content)
                .filter(|version| *version == u32::MAX)
                .and(u16_at(&self.streams.data, content.checked_add(4)?))?;
            let result = (bits >> 2) & 0x1f;
            // 25 stands for the default, which follows the name.
            let name = usize::from(u16_at(&self.streams.data, content.checked_add(10)?)?);
            let default = || u16_at(&self.streams.data, content.checked_add(12 + 2 * name + 2)?);
            Some(if result == 25 { default()? == 1 } else { result == 1 })
        };
        self.text.push_str(if state() == Some(true) { " [x] " } else { " [ ] " });
    }

    fn end_cell(&mut self, glyph: Glyph, start: u32) {
        let para = self.formats.para(glyph.offset);
        self.row_start.get_or_insert(start);
        // Without formatting a second mark in a row ends it.
        let row_end = para.map_or(self.after_cell && self.text.trim().is_empty(), |para| para.row_end);
        if row_end {
            self.text.clear();
            self.start = None;
            self.end_row();
            return;
        }
        let text = std::mem::take(&mut self.text);
        let mut cell = std::mem::take(&mut self.cell);
        cell.push_str(&text);
        self.cells.push(cell);
        self.start = None;
        self.after_cell = true;
    }

    fn end_paragraph(&mut self, para: Para) {
        self.after_cell = false;
        let text = std::mem::take(&mut self.text);
        let start = self.start.take();
        if para.in_table {
            self.row_start = self.row_start.or(start);
            self.cell.push_str(&text);
            self.cell.push(' ');
            return;
        }
        self.end_row();
        if !text.trim().is_empty() {
            self.starts.push(start.unwrap_or(0));
            let kind = if para.heading { PassageKind::Heading } else { PassageKind::Text };
            self.blocks.push(Block { kind, cells: vec![text], note: self.notes });
        }
    }

    fn end_row(&mut self) {
        self.after_cell = false;
        let rest = std::mem::take(&mut self.cell);
        let mut cells = std::mem::take(&mut self.cells);
        if !rest.trim().is_empty() {
            cells.push(rest);
        }
        let start = self.row_start.take().unwrap_or(0);
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        let first = self.blocks.last().is_none_or(|block| block.cells.len() < 2);
        let kind = if first && looks_like_head(&cells) { PassageKind::TableHead } else { PassageKind::TableRow };
        self.starts.push(start);
        self.blocks.push(Block { kind, cells, note: self.notes });
    }

    /// Puts out the body.
    pub(super) fn emit(self, gather: &mut Gather) {
        for (number, block) in (1..).zip(&self.blocks) {
            match block.kind {
                PassageKind::TableHead | PassageKind::TableRow => {
                    gather.cells(Place::Paragraph(number), block.kind, &block.cells);
                }
                _ => gather.text(Place::Paragraph(number), block.kind, &block.cells.join(" ")),
            }
        }
    }

    /// Puts out notes at the paragraphs that refer to them.
    pub(super) fn emit_notes(self, places: &[u32], gather: &mut Gather) {
        for block in &self.blocks {
            let place = block.note.checked_sub(1).and_then(|note| places.get(note)).copied().unwrap_or(1).max(1);
            gather.text(Place::Paragraph(place), PassageKind::Note, &block.cells.join(" "));
        }
    }

    /// The text of the blocks, tables as lines.
    pub(super) fn lines(self) -> Vec<String> {
        self.blocks.into_iter().map(|block| block.cells.join(" ")).collect()
    }
}
