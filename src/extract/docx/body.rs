//! One story of the document (the body, a header, the notes) turned into passages while its XML streams by.
//!
//! Apart from the reader because this is the state machine: which paragraph, cell, control and run are open. Paragraphs
//! nest, because a text box stands inside a run of a paragraph.

use std::collections::HashMap;

use super::marks::{self, Control, LegacyBox};
use super::styles::Styles;
use super::table::{self, Emit, Table};
use crate::domain::reading::{PassageKind, Place};
use crate::extract::gather::{Gather, clean};
use crate::extract::ooxml::{Attributes, Visitor};

/// A bold line up to this length that is no sentence is a heading.
const BOLD_HEADING_CHARS: usize = 90;
/// Text of one paragraph; more belongs to no document and is cut.
const PARAGRAPH_BYTES: usize = 1 << 20;

/// What a part is in the document.
#[derive(Clone)]
pub(super) enum Story {
    Main,
    Margin,
    /// Footnotes, endnotes or comments, with the places where the body refers to them.
    Note(References),
}

/// `footnote 3` to the paragraph that refers to it.
pub(super) type References = HashMap<(NoteKind, String), u32>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum NoteKind {
    Footnote,
    Endnote,
    Comment,
}

/// The state of one story.
pub(super) struct Body<'s> {
    story: Story,
    styles: &'s Styles,
    gather: &'s mut Gather,
    count: u32,
    paragraphs: Vec<Paragraph>,
    tables: Vec<Table>,
    controls: Vec<Control>,
    in_control_properties: bool,
    in_paragraph_properties: bool,
    legacy_box: Option<LegacyBox>,
    run: Run,
    in_text: bool,
    note: Option<u32>,
    references: References,
}

#[derive(Default)]
struct Paragraph {
    number: u32,
    text: String,
    heading: bool,
    /// Some visible text, and all of it bold.
    bold: Option<bool>,
    /// How many tables were open at its start: inside a text box a paragraph has left the cell around it.
    tables: usize,
}

#[derive(Clone, Copy, Default)]
struct Run {
    bold: bool,
    hidden: bool,
    open: bool,
}

impl<'s> Body<'s> {
    pub(super) fn new(story: Story, styles: &'s Styles, gather: &'s mut Gather) -> Self {
        Self {
            story,
            styles,
            gather,
            count: 0,
            paragraphs: Vec::new(),
            tables: Vec::new(),
            controls: Vec::new(),
            in_control_properties: false,
            in_paragraph_properties: false,
            legacy_box: None,
            run: Run::default(),
            in_text: false,
            note: None,
            references: HashMap::new(),
        }
    }

    /// Puts out what a broken part left open, and says where notes were referred to.
    pub(super) fn finish(mut self) -> References {
        while !self.paragraphs.is_empty() {
            self.end_paragraph();
        }
        while !self.tables.is_empty() {
            self.end_table();
        }
        self.references
    }

    fn place(&self, number: u32) -> Place {
        Place::Paragraph(self.note.unwrap_or(number).max(1))
    }

    /// Text that shows, into the paragraph and into the controls around it.
    fn show(&mut self, text: &str) {
        if self.run.hidden || self.controls.iter().any(|control| control.placeholder) {
            return;
        }
        // The glyph of a check box may be of any font; the mark is written from its state.
        let boxed = self.controls.last_mut().and_then(Control::take_mark);
        let text = boxed.unwrap_or(text);
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        if paragraph.text.len() + text.len() > PARAGRAPH_BYTES {
            self.gather.cut_short();
            return;
        }
        paragraph.text.push_str(text);
        if !text.trim().is_empty() {
            paragraph.bold = Some(paragraph.bold.unwrap_or(true) && self.run.bold);
        }
        for control in self.controls.iter_mut().filter(|control| !control.is_long()) {
            control.value.push_str(text);
        }
    }

    fn start_paragraph(&mut self) {
        self.count = self.count.saturating_add(1);
        let tables = self.tables.len();
        self.paragraphs.push(Paragraph { number: self.count, tables, ..Paragraph::default() });
        self.run = Run::default();
        for control in &mut self.controls {
            control.value.push(' ');
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        let text = clean(&paragraph.text);
        let place = self.place(paragraph.number);
        let bold = paragraph.bold == Some(true);
        let cell = table::Paragraph { text: &text, place, bold, heading: paragraph.heading };
        let in_cell = paragraph.tables == self.tables.len();
        if in_cell && self.tables.last_mut().is_some_and(|table| table.add(&cell)) {
            return;
        }
        let titled = bold && text.chars().count() <= BOLD_HEADING_CHARS && !text.ends_with(['.', ':', ';', ',']);
        let kind = match self.story {
            Story::Margin => PassageKind::Margin,
            Story::Note(_) => PassageKind::Note,
            Story::Main if paragraph.heading || titled => PassageKind::Heading,
            Story::Main => PassageKind::Text,
        };
        self.gather.text(place, kind, &text);
    }

    fn with_table(&mut self, act: impl FnOnce(&mut Table, &mut Emit<'_>)) {
        let fallback = self.place(self.count);
        let flat = match self.story {
            Story::Main => None,
            Story::Margin => Some(PassageKind::Margin),
            Story::Note(_) => Some(PassageKind::Note),
        };
        if let Some(table) = self.tables.last_mut() {
            act(table, &mut Emit { gather: self.gather, flat, fallback });
        }
    }

    fn end_table(&mut self) {
        self.with_table(Table::end);
        self.tables.pop();
    }

    fn end_control(&mut self) {
        let Some(control) = self.controls.pop() else { return };
        let here = self.place(self.count);
        if let Some((label, value)) = control.field() {
            self.gather.field(here, label, &value);
        }
    }

    fn start_note(&mut self, kind: NoteKind, attributes: &Attributes<'_>) {
        let id = attributes.get("id").unwrap_or_default();
        if let Story::Note(references) = &self.story {
            self.note = references.get(&(kind, id)).copied();
        }
    }

    fn refer(&mut self, kind: NoteKind, attributes: &Attributes<'_>) {
        let number = self.paragraphs.last().map_or(self.count, |paragraph| paragraph.number);
        self.references.entry((kind, attributes.get("id").unwrap_or_default())).or_insert(number);
    }

    /// Properties of runs, paragraphs, rows and cells.
    fn property(&mut self, name: &str, attributes: &Attributes<'_>) {
        let value = attributes.get("val");
        match name {
            "vanish" if self.run.open => self.run.hidden = attributes.is_on(),
            "b" if self.run.open => self.run.bold = attributes.is_on(),
            "pStyle" => {
                let heading = value.is_some_and(|id| self.styles.is_heading(&id));
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.heading |= heading;
                }
            }
            "outlineLvl" if self.in_paragraph_properties => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.heading = value.as_deref() != Some("9");
                }
            }
            "tblHeader" if attributes.is_on() => self.with_table(|table, _| table.mark_head()),
            "gridSpan" => {
                let columns = value.and_then(|value| value.parse().ok()).unwrap_or(1);
                self.with_table(|table, _| table.span(columns));
            }
            _ => {}
        }
    }

    fn start_structure(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            "p" => self.start_paragraph(),
            "r" => self.run = Run { open: true, ..Run::default() },
            "t" => self.in_text = true,
            "tab" if self.run.open => self.show(" "),
            "br" | "cr" | "ptab" => self.show(" "),
            "noBreakHyphen" => self.show("-"),
            "sym" => self.show(marks::symbol(attributes)),
            "pPr" => self.in_paragraph_properties = true,
            "tbl" => self.tables.push(Table::default()),
            "tr" => self.with_table(|table, _| table.start_row()),
            "tc" => self.with_table(|table, _| table.start_cell()),
            "sdt" => self.controls.push(Control::default()),
            "sdtPr" => self.in_control_properties = true,
            "checkBox" => self.legacy_box = Some(LegacyBox::default()),
            "footnote" => self.start_note(NoteKind::Footnote, attributes),
            "endnote" => self.start_note(NoteKind::Endnote, attributes),
            "comment" => self.start_note(NoteKind::Comment, attributes),
            "footnoteReference" => self.refer(NoteKind::Footnote, attributes),
            "endnoteReference" => self.refer(NoteKind::Endnote, attributes),
            "commentReference" => self.refer(NoteKind::Comment, attributes),
            _ => self.property(name, attributes),
        }
    }
}

/// What is not text of the document: deletions, old properties, field codes, the second copy of a text box, the
/// separators that stand among the notes.
fn is_left_out(name: &str, attributes: &Attributes<'_>) -> bool {
    match name {
        "Fallback" | "del" | "moveFrom" | "delText" | "delInstrText" | "instrText" | "rPrChange" | "pPrChange"
        | "tblPrChange" | "trPrChange" | "tcPrChange" | "sectPrChange" | "sdtEndPr" => true,
        "footnote" | "endnote" => attributes.get("type").is_some_and(|kind| kind != "normal"),
        _ => false,
    }
}

impl Visitor for Body<'_> {
    fn start(&mut self, name: &str, attributes: &Attributes<'_>) -> bool {
        if is_left_out(name, attributes) {
            return false;
        }
        if self.in_control_properties {
            if let Some(control) = self.controls.last_mut() {
                control.property(name, attributes);
            }
        } else if let Some(legacy_box) = &mut self.legacy_box {
            legacy_box.property(name, attributes);
        } else {
            self.start_structure(name, attributes);
        }
        true
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" => self.end_paragraph(),
            "r" => self.run = Run::default(),
            "t" => self.in_text = false,
            "pPr" => self.in_paragraph_properties = false,
            "tc" => self.with_table(|table, _| table.end_cell()),
            "tr" => self.with_table(Table::end_row),
            "tbl" => self.end_table(),
            "sdtPr" => self.in_control_properties = false,
            "sdt" => self.end_control(),
            "checkBox" => {
                if let Some(legacy_box) = self.legacy_box.take() {
                    self.show(legacy_box.mark());
                }
            }
            "footnote" | "endnote" | "comment" => self.note = None,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_text {
            self.show(text);
        }
    }

    fn is_done(&self) -> bool {
        self.gather.is_full()
    }
}
