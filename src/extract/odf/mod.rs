//! The OpenDocument formats: texts, presentations and spreadsheets.
//!
//! Read: headings, paragraphs, lists, tables, text boxes, notes, comments, headers and footers, speaker's notes, check
//! boxes and text fields of forms, visible sheets. Not read: tracked deletions, hidden text, pictures, embedded objects.

mod sheet;
mod text;

use super::gather::{Gather, clean};
use super::limits::{Limits, ReadError};
use super::ooxml::{Attributes, Package, Visitor};
use crate::domain::reading::{Format, Properties, Reading};
use text::{Part, Text};

/// Reads an ODT or ODP file.
pub(super) fn read(bytes: &[u8], format: Format, limits: &Limits) -> Result<Reading, ReadError> {
    let mut package = open(bytes, limits)?;
    let mut properties = properties(&mut package)?;
    let mut gather = Gather::new(limits);
    let content = if format == Format::Odp { Part::Slides } else { Part::Body };
    let mut body = Text::new(content, &mut gather);
    let whole = package.visit("content.xml", &mut body)?;
    let slides = body.slides();
    if !whole {
        broken_off(&mut gather)?;
    }
    if format == Format::Odp {
        properties.page_count = Some(slides);
    } else {
        // Broken styles cost the headers alone.
        package.visit("styles.xml", &mut Text::new(Part::Margins, &mut gather))?;
    }
    let (passages, truncated) = gather.finish();
    Ok(Reading { format, properties, sheets: Vec::new(), passages, truncated })
}

/// Reads an ODS file.
pub(super) fn read_sheets(bytes: &[u8], limits: &Limits) -> Result<Reading, ReadError> {
    let mut package = open(bytes, limits)?;
    let properties = properties(&mut package)?;
    let mut gather = Gather::new(limits);
    let mut book = sheet::Book::new(limits, &mut gather);
    let whole = package.visit("content.xml", &mut book)?;
    let sheets = book.finish();
    if !whole {
        broken_off(&mut gather)?;
    }
    let (passages, truncated) = gather.finish();
    Ok(Reading { format: Format::Ods, properties, sheets, passages, truncated })
}

fn open<'b>(bytes: &'b [u8], limits: &Limits) -> Result<Package<'b>, ReadError> {
    let mut package = Package::open(bytes, limits)?;
    let mut manifest = Manifest { locked: false };
    package.visit("META-INF/manifest.xml", &mut manifest)?;
    if manifest.locked { Err(ReadError::encrypted("needs a password")) } else { Ok(package) }
}

/// What came before the break stays, if there is any.
fn broken_off(gather: &mut Gather) -> Result<(), ReadError> {
    if gather.is_empty() {
        return Err(ReadError::damaged("the part content.xml is missing or broken"));
    }
    gather.cut_short();
    Ok(())
}

struct Manifest {
    locked: bool,
}

impl Visitor for Manifest {
    fn start(&mut self, name: &str, _: &Attributes<'_>) -> bool {
        self.locked |= name == "encryption-data";
        true
    }
}

fn properties(package: &mut Package<'_>) -> Result<Properties, ReadError> {
    let mut meta = Meta::default();
    package.visit("meta.xml", &mut meta)?;
    Ok(meta.properties)
}

#[derive(Default)]
struct Meta {
    properties: Properties,
    text: String,
}

impl Visitor for Meta {
    fn start(&mut self, name: &str, attributes: &Attributes<'_>) -> bool {
        self.text.clear();
        if name == "document-statistic" {
            self.properties.page_count = attributes.get("page-count").and_then(|pages| pages.parse().ok());
        }
        true
    }

    fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn end(&mut self, name: &str) {
        let text = clean(&std::mem::take(&mut self.text));
        if text.is_empty() {
            return;
        }
        let properties = &mut self.properties;
        match name {
            "title" => properties.title = Some(text),
            "subject" => properties.subject = Some(text),
            "generator" => properties.generator = Some(text),
            "initial-creator" => properties.author = Some(text),
            "creator" if properties.author.is_none() => properties.author = Some(text),
            "creation-date" => properties.created = Some(text),
            "date" => properties.modified = Some(text),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
