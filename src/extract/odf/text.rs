//! Running text of OpenDocument: paragraphs, tables, notes and slides, from one stream of elements.
//!
//! Paragraphs nest (a note or a text box stands inside one), so open ones are a stack; an inner paragraph is put out
//! before the one around it.

use std::collections::HashSet;

use crate::domain::reading::{PassageKind, Place};
use crate::extract::gather::{Gather, clean, looks_like_head};
use crate::extract::ooxml::{Attributes, Visitor};

const PARAGRAPH_BYTES: usize = 1 << 20;
const COLUMNS: usize = 256;
const HIDDEN_STYLES: usize = 10_000;

/// Which part of the package streams by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Body,
    Slides,
    /// The styles: only headers and footers in them are text.
    Margins,
}

pub(super) struct Text<'g> {
    part: Part,
    gather: &'g mut Gather,
    paragraphs: Vec<Paragraph>,
    count: u32,
    slides: u32,
    tables: Vec<Table>,
    /// Open elements that make everything in them something else.
    notes: u32,
    margins: u32,
    title: bool,
    /// A person's name or a date inside a comment.
    aside: bool,
    style: String,
    hidden_styles: HashSet<String>,
}

struct Paragraph {
    heading: bool,
    text: String,
}

#[derive(Default)]
struct Table {
    cells: Vec<String>,
    /// The open cell and how many columns it covers.
    cell: Option<(String, usize)>,
    head_rows: bool,
    rows: usize,
}

impl<'g> Text<'g> {
    pub(super) fn new(part: Part, gather: &'g mut Gather) -> Self {
        Self {
            part,
            gather,
            paragraphs: Vec::new(),
            count: 0,
            slides: 0,
            tables: Vec::new(),
            notes: 0,
            margins: 0,
            title: false,
            aside: false,
            style: String::new(),
            hidden_styles: HashSet::new(),
        }
    }

    pub(super) fn slides(&self) -> u32 {
        self.slides
    }

    fn place(&self) -> Place {
        match self.part {
            Part::Slides => Place::Slide(self.slides.max(1)),
            Part::Body | Part::Margins => Place::Paragraph(self.count.max(1)),
        }
    }

    fn kind(&self, heading: bool) -> PassageKind {
        if self.notes > 0 {
            PassageKind::Note
        } else if self.margins > 0 {
            PassageKind::Margin
        } else if heading || self.title {
            PassageKind::Heading
        } else {
            PassageKind::Text
        }
    }

    fn is_hidden(&self, attributes: &Attributes<'_>) -> bool {
        !self.hidden_styles.is_empty() && attributes.get("style-name").is_some_and(|s| self.hidden_styles.contains(&s))
    }

    fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut().filter(|open| open.text.len() < PARAGRAPH_BYTES) {
            paragraph.text.push_str(text);
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else { return };
        let text = clean(&paragraph.text);
        if text.is_empty() || (self.part == Part::Margins && self.margins == 0) {
            return;
        }
        if self.notes == 0
            && let Some((cell, _)) = self.tables.last_mut().and_then(|table| table.cell.as_mut())
        {
            if !cell.is_empty() {
                cell.push(' ');
            }
            cell.push_str(&text);
            return;
        }
        self.count += u32::from(self.notes == 0);
        let kind = self.kind(paragraph.heading);
        self.gather.text(self.place(), kind, &text);
    }

    fn end_cell(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        if let Some((text, columns)) = table.cell.take() {
            let room = COLUMNS.saturating_sub(table.cells.len());
            table.cells.push(text);
            table.cells.extend(std::iter::repeat_n(String::new(), columns.saturating_sub(1).min(room)));
        }
    }

    fn end_row(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        let cells = std::mem::take(&mut table.cells);
        table.rows += 1;
        let head = table.head_rows || (table.rows == 1 && looks_like_head(&cells));
        let kind = match (self.margins, head) {
            (1.., _) => PassageKind::Margin,
            (0, true) => PassageKind::TableHead,
            (0, false) => PassageKind::TableRow,
        };
        self.count += u32::from(cells.iter().any(|cell| !cell.is_empty()));
        match kind {
            PassageKind::Margin => self.gather.text(self.place(), kind, &cells.join(" ")),
            _ => self.gather.cells(self.place(), kind, &cells),
        }
    }

    fn form_field(&mut self, name: &str, attributes: &Attributes<'_>) {
        let label = attributes.get("label").or_else(|| attributes.get("name")).unwrap_or_default();
        let value = match name {
            "checkbox" if attributes.get("current-state").as_deref() == Some("checked") => "[x]".to_owned(),
            "checkbox" => "[ ]".to_owned(),
            _ => attributes.get("current-value").or_else(|| attributes.get("value")).unwrap_or_default(),
        };
        self.gather.field(self.place(), &label, &value);
    }

    /// Starts of elements that stand beside the text.
    fn start_frame(&mut self, name: &str, attributes: &Attributes<'_>) -> bool {
        match name {
            "page" if self.part == Part::Slides => self.slides += 1,
            "style" => self.style = attributes.get("name").unwrap_or_default(),
            "text-properties" if attributes.get("display").as_deref() == Some("none") => {
                if self.hidden_styles.len() < HIDDEN_STYLES {
                    self.hidden_styles.insert(self.style.clone());
                }
            }
            "frame" | "custom-shape" => {
                let class = attributes.get("class").unwrap_or_default();
                self.title = matches!(class.as_str(), "title" | "subtitle") && self.notes == 0;
            }
            "notes" | "annotation" | "note-body" => self.notes += 1,
            "header" | "footer" | "header-left" | "footer-left" | "header-first" | "footer-first" => self.margins += 1,
            "checkbox" | "textarea" => self.form_field(name, attributes),
            // The body of a text is called `text` as well and has no such attribute.
            "text" if attributes.get("control-implementation").is_some() => self.form_field(name, attributes),
            "creator" | "date" | "date-string" | "creator-initials" | "initials" if self.notes > 0 => self.aside = true,
            _ => return false,
        }
        true
    }
}

impl Visitor for Text<'_> {
    fn start(&mut self, name: &str, attributes: &Attributes<'_>) -> bool {
        match name {
            "tracked-changes"
            | "deletion"
            | "binary-data"
            | "note-citation"
            | "hidden-text"
            | "hidden-paragraph"
            | "ruby-text"
            | "scripts"
            | "title"
            | "desc"
            | "index-source"
            | "table-of-content-source"
            | "annotation-end"
            | "page-number" => return false,
            "p" | "h" | "span" if self.is_hidden(attributes) => return false,
            "p" | "h" => self.paragraphs.push(Paragraph { heading: name == "h", text: String::new() }),
            "s" | "tab" | "line-break" => self.push(" "),
            "table" => self.tables.push(Table::default()),
            "table-header-rows" => {
                if let Some(table) = self.tables.last_mut() {
                    table.head_rows = true;
                }
            }
            "table-cell" => {
                if let Some(table) = self.tables.last_mut() {
                    let covered = attributes.get("number-columns-repeated").and_then(|columns| columns.parse().ok());
                    table.cell = Some((String::new(), covered.unwrap_or(1)));
                }
            }
            "covered-table-cell" => {
                if let Some(table) = self.tables.last_mut().filter(|table| table.cells.len() < COLUMNS) {
                    table.cells.push(String::new());
                }
                return false;
            }
            _ => {
                self.start_frame(name, attributes);
            }
        }
        true
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" | "h" => self.end_paragraph(),
            "table-cell" => self.end_cell(),
            "table-row" => self.end_row(),
            "table-header-rows" => {
                if let Some(table) = self.tables.last_mut() {
                    table.head_rows = false;
                }
            }
            "table" => {
                self.tables.pop();
            }
            "frame" | "custom-shape" => self.title = false,
            "notes" | "annotation" | "note-body" => self.notes = self.notes.saturating_sub(1),
            "header" | "footer" | "header-left" | "footer-left" | "header-first" | "footer-first" => {
                self.margins = self.margins.saturating_sub(1);
            }
            "creator" | "date" | "date-string" | "creator-initials" | "initials" => self.aside = false,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if !self.aside {
            self.push(text);
        }
    }

    fn is_done(&self) -> bool {
        self.gather.is_full()
    }
}
