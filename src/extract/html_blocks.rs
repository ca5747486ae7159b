//! Turns the stream of a page's tags and texts into blocks, rows and properties.
//!
//! State is a stack of open tables and the text of the open block; everything else in a page nests without meaning.

use html5ever::tokenizer::Tag;

use super::clean;
use super::limits::Limits;
use super::text::Passages;
use crate::domain::reading::{Format, PassageKind, Place, Properties, Reading};

const PROPERTY_BYTES_MAX: usize = 1_000;
const PASSAGE_BYTES_MAX: usize = 32 << 10;
const COLUMNS_MAX: usize = 1_000;

#[rustfmt::skip]
const BLOCKS: &[&str] = &[
    "p", "div", "section", "article", "ul", "ol", "li", "dl", "dt", "dd", "hr", "form", "fieldset", "legend", "header",
    "footer", "main", "nav", "aside", "address", "figure", "figcaption", "details", "summary", "center", "body",
    "caption", "tbody", "tfoot",
];
/// Never shown, whatever their attributes.
#[rustfmt::skip]
const HIDDEN: &[&str] = &[
    "script", "style", "noscript", "template", "svg", "iframe", "datalist", "audio", "video", "noembed", "noframes",
];
/// Have no content, so they cannot hide any.
const VOID: &[&str] =
    &["input", "br", "hr", "img", "meta", "link", "col", "wbr", "area", "base", "embed", "source", "track"];
/// Ended by the next of their kind.
const SELF_ENDING: &[&str] = &["p", "li", "td", "th", "tr", "dt", "dd", "option"];

pub(super) struct Blocks {
    passages: Passages,
    properties: Properties,
    /// Blocks so far: the place of the next one.
    count: u32,
    text: String,
    heading: bool,
    quotes: u32,
    preformatted: u32,
    tables: Vec<Table>,
    /// The element that hides everything inside, and how many of its kind are open in it.
    hidden: Option<(String, u32)>,
    title: Option<String>,
}

/// An open table and its open row.
#[derive(Default)]
struct Table {
    cells: Vec<String>,
    /// The open cell and how many columns it spans.
    cell: Option<(String, usize)>,
    heads: usize,
    in_head: bool,
    /// Another table stands inside this row: its cells are places on the page, not data.
    layout: bool,
}

impl Blocks {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            passages: Passages::new(limits),
            properties: Properties::default(),
            count: 0,
            text: String::new(),
            heading: false,
            quotes: 0,
            preformatted: 0,
            tables: Vec::new(),
            hidden: None,
            title: None,
        }
    }

    pub(super) fn into_reading(mut self) -> Reading {
        self.end_title();
        while !self.tables.is_empty() {
            self.end_row();
            self.tables.pop();
        }
        self.flush();
        self.passages.into_reading(Format::Html, self.properties)
    }

    pub(super) fn text(&mut self, text: &str) {
        if let Some(title) = &mut self.title {
            title.push_str(text);
        } else if self.hidden.is_some() || self.passages.is_full() {
        } else if let Some(Table { cell: Some((cell, _)), .. }) = self.tables.last_mut() {
            cell.push_str(text);
        } else if self.preformatted > 0 {
            for line in text.split_inclusive('\n') {
                self.text.push_str(line);
                if line.ends_with('\n') {
                    self.flush();
                }
            }
        } else {
            self.text.push_str(text);
        }
    }

    pub(super) fn start(&mut self, tag: &Tag) {
        let name = &*tag.name;
        if self.hidden.is_some() && self.still_hidden(name) {
            return;
        }
        if (HIDDEN.contains(&name) || is_hidden(tag)) && !VOID.contains(&name) && !tag.self_closing {
            self.hidden = Some((name.to_owned(), 1));
            return;
        }
        match name {
            "table" => self.start_table(),
            "thead" => self.set_in_head(true),
            "tr" => self.end_row(),
            "td" | "th" => self.start_cell(tag),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.break_block();
                self.heading = true;
            }
            "blockquote" => {
                self.break_block();
                self.quotes = self.quotes.saturating_add(1);
            }
            "pre" => {
                self.break_block();
                self.preformatted = self.preformatted.saturating_add(1);
            }
            "br" => self.break_block(),
            "input" => self.input(tag),
            "meta" => self.meta(tag),
            "title" => self.title = Some(String::new()),
            name if BLOCKS.contains(&name) => self.break_block(),
            _ => {}
        }
    }

    pub(super) fn end(&mut self, tag: &Tag) {
        let name = &*tag.name;
        if let Some((hidden, open)) = &mut self.hidden {
            if hidden == name {
                *open -= 1;
                if *open == 0 {
                    self.hidden = None;
                }
            }
            return;
        }
        match name {
            "table" => {
                self.end_row();
                self.tables.pop();
                self.flush();
            }
            "thead" => self.set_in_head(false),
            "tr" => self.end_row(),
            "td" | "th" => self.end_cell(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.break_block();
                self.heading = false;
            }
            "blockquote" => {
                self.break_block();
                self.quotes = self.quotes.saturating_sub(1);
            }
            "pre" => {
                self.break_block();
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            "title" => self.end_title(),
            name if BLOCKS.contains(&name) => self.break_block(),
            _ => {}
        }
    }

    /// Follows the nesting inside a hidden element; false if this tag ends it.
    fn still_hidden(&mut self, name: &str) -> bool {
        match &mut self.hidden {
            Some((hidden, _)) if hidden == name && SELF_ENDING.contains(&name) => {
                self.hidden = None;
                false
            }
            Some((hidden, open)) => {
                *open = open.saturating_add(u32::from(hidden == name));
                true
            }
            None => false,
        }
    }

    /// Ends a block; inside a cell it only parts words.
    fn break_block(&mut self) {
        match self.tables.last_mut() {
            Some(Table { cell: Some((cell, _)), .. }) => cell.push(' '),
            Some(_) | None => self.flush(),
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let kind = if self.heading { PassageKind::Heading } else { PassageKind::Text };
        self.emit(kind, clean::one_line(&text, PASSAGE_BYTES_MAX));
    }

    fn emit(&mut self, kind: PassageKind, text: String) {
        if text.trim().is_empty() {
            return;
        }
        self.count = self.count.saturating_add(1);
        let (kind, text) = if self.quotes > 0 { (PassageKind::Note, text.replace('\t', " | ")) } else { (kind, text) };
        self.passages.push(Place::Paragraph(self.count), kind, text);
    }

    fn start_table(&mut self) {
        if let Some(outer) = self.tables.last_mut() {
            outer.layout = true;
            let cell = outer.cell.take().map(|(cell, _)| cell);
            let spilled: Vec<String> = outer.cells.drain(..).chain(cell).collect();
            for text in spilled {
                self.emit(PassageKind::Text, clean::one_line(&text, PASSAGE_BYTES_MAX));
            }
        }
        self.flush();
        self.tables.push(Table::default());
    }

    fn set_in_head(&mut self, in_head: bool) {
        self.end_row();
        if let Some(table) = self.tables.last_mut() {
            table.in_head = in_head;
        }
    }

    fn start_cell(&mut self, tag: &Tag) {
        self.end_cell();
        let span = attribute(tag, "colspan").and_then(|span| span.trim().parse().ok()).unwrap_or(1);
        match self.tables.last_mut() {
            Some(table) if !table.layout => {
                table.cell = Some((String::new(), span));
                table.heads += usize::from(&*tag.name == "th");
            }
            Some(_) | None => self.flush(),
        }
    }

    fn end_cell(&mut self) {
        let Some(table) = self.tables.last_mut() else { return self.flush() };
        match table.cell.take() {
            Some((cell, span)) => {
                table.cells.push(clean::one_line(&cell, PASSAGE_BYTES_MAX));
                let blanks = span.saturating_sub(1).min(COLUMNS_MAX.saturating_sub(table.cells.len()));
                table.cells.extend(std::iter::repeat_n(String::new(), blanks));
            }
            None => self.flush(),
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        let Some(table) = self.tables.last_mut() else { return };
        let cells = std::mem::take(&mut table.cells);
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let is_head = table.in_head || (table.heads > 0 && table.heads >= filled);
        table.heads = 0;
        table.layout = false;
        match (filled, cells.len()) {
            (0, _) => {}
            (_, 1) => self.emit(PassageKind::Text, cells.concat()),
            _ if is_head => self.emit(PassageKind::TableHead, cells.join("\t")),
            _ => self.emit(PassageKind::TableRow, cells.join("\t")),
        }
    }

    /// What a person would see in a form: the state of a box, the text that was filled in.
    fn input(&mut self, tag: &Tag) {
        let value = match attribute(tag, "type").unwrap_or_default().to_ascii_lowercase().as_str() {
            "checkbox" | "radio" if attribute(tag, "checked").is_some() => " [x] ".to_owned(),
            "checkbox" | "radio" => " [ ] ".to_owned(),
            "hidden" | "submit" | "button" | "reset" | "image" | "password" | "file" => return,
            _ => format!(" {} ", attribute(tag, "value").unwrap_or_default()),
        };
        self.text(&value);
    }

    fn meta(&mut self, tag: &Tag) {
        let name =
            attribute(tag, "name").or_else(|| attribute(tag, "property")).or_else(|| attribute(tag, "http-equiv"));
        let (Some(name), Some(content)) = (name, attribute(tag, "content")) else { return };
        let slot = match name.to_ascii_lowercase().as_str() {
            "author" | "dc.creator" | "dcterms.creator" => &mut self.properties.author,
            "generator" => &mut self.properties.generator,
            "description" | "subject" | "dcterms.subject" => &mut self.properties.subject,
            "date" | "created" | "dcterms.created" | "dc.date" | "article:published_time" => {
                &mut self.properties.created
            }
            "modified" | "dcterms.modified" | "last-modified" | "article:modified_time" => {
                &mut self.properties.modified
            }
            _ => return,
        };
        *slot = Some(clean::one_line(content, PROPERTY_BYTES_MAX)).filter(|value| !value.is_empty());
    }

    fn end_title(&mut self) {
        let Some(title) = self.title.take() else { return };
        let title = clean::one_line(&title, PROPERTY_BYTES_MAX);
        if !title.is_empty() && self.properties.title.is_none() {
            self.properties.title = Some(title);
        }
    }
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

/// True if the tag's own attributes hide it, or if it is an option that was not chosen.
fn is_hidden(tag: &Tag) -> bool {
    let style = attribute(tag, "style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
    let unchosen = &*tag.name == "option" && attribute(tag, "selected").is_none();
    unchosen
        || attribute(tag, "hidden").is_some()
        || style.contains("display:none")
        || style.contains("visibility:hidden")
}
