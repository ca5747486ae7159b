//! DOCX: paragraphs, headings, tables, form fields, and all that stands beside the body: headers, footers, notes,
//! comments, text boxes, diagrams.
//!
//! What the author took out (tracked deletions, hidden text, field codes) is not text of the document and is left out.

mod body;
mod marks;
mod styles;
mod table;

use std::collections::HashSet;

use super::gather::Gather;
use super::limits::{Limits, ReadError};
use super::ooxml::{Package, Relation, properties};
use crate::domain::reading::{Format, Passage, PassageKind, Reading};
use body::{Body, Story};
use styles::Styles;

/// Reads the text of a DOCX file.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ReadError> {
    let mut package = Package::open(bytes, limits)?;
    let main = package.main_part("word/document.xml")?;
    let relations = package.relations(&main)?;
    let properties = properties(&mut package)?;
    let styles = styles::read(&mut package, &relations)?;
    let mut gather = Gather::new(limits);
    beside(
        &mut package,
        &Beside { relations: &relations, kinds: &["header"], story: Story::Margin },
        &styles,
        &mut gather,
    )?;
    let mut body = Body::new(Story::Main, &styles, &mut gather);
    let whole = package.visit(&main, &mut body)?;
    let references = body.finish();
    if !whole && !gather.is_full() {
        if gather.is_empty() {
            return Err(ReadError::damaged(format!("the part {main} is missing or broken")));
        }
        gather.cut_short();
    }
    let notes = Story::Note(references);
    let kinds = &["footnotes", "endnotes", "comments"];
    beside(&mut package, &Beside { relations: &relations, kinds, story: notes }, &styles, &mut gather)?;
    beside(
        &mut package,
        &Beside { relations: &relations, kinds: &["diagramData"], story: Story::Main },
        &styles,
        &mut gather,
    )?;
    beside(
        &mut package,
        &Beside { relations: &relations, kinds: &["footer"], story: Story::Margin },
        &styles,
        &mut gather,
    )?;
    let (mut passages, truncated) = gather.finish();
    drop_repeated_margins(&mut passages);
    Ok(Reading { format: Format::Docx, properties, sheets: Vec::new(), passages, truncated })
}

/// Parts beside the body and how their text counts.
struct Beside<'r> {
    relations: &'r [Relation],
    kinds: &'r [&'r str],
    story: Story,
}

fn beside(
    package: &mut Package<'_>,
    parts: &Beside<'_>,
    styles: &Styles,
    gather: &mut Gather,
) -> Result<(), ReadError> {
    for relation in parts.relations.iter().filter(|relation| parts.kinds.contains(&relation.kind.as_str())) {
        let mut body = Body::new(parts.story.clone(), styles, gather);
        package.visit(&relation.target, &mut body)?;
        body.finish();
    }
    Ok(())
}

/// Each section has its own header and footer, mostly the same ones: each text is kept once.
fn drop_repeated_margins(passages: &mut Vec<Passage>) {
    let mut seen: HashSet<String> = HashSet::new();
    passages.retain(|passage| passage.kind != PassageKind::Margin || seen.insert(passage.text.clone()));
}

#[cfg(test)]
mod tests;
