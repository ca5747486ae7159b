//! Comments on cells.
//!
//! Apart from the cells because they lie in parts of their own, which the sheet's relationships name.

use std::collections::HashMap;

use crate::domain::reading::{PassageKind, Place};
use crate::extract::gather::Gather;
use crate::extract::limits::ReadError;
use crate::extract::ooxml::{Attributes, Package, Visitor};

/// Comments by the name of their sheet.
pub(super) struct Comments {
    by_sheet: HashMap<String, Vec<(u32, String)>>,
}

impl Comments {
    pub(super) fn emit(&self, sheet: u16, name: &str, gather: &mut Gather) {
        for (row, text) in self.by_sheet.get(name).into_iter().flatten() {
            gather.text(Place::Row { sheet, row: *row }, PassageKind::Note, text);
        }
    }
}

/// Reads the comments of the named sheets.
pub(super) fn read(package: &mut Package<'_>, names: &[String]) -> Result<Comments, ReadError> {
    let main = package.main_part("xl/workbook.xml")?;
    let mut sheets = Sheets::default();
    package.visit(&main, &mut sheets)?;
    let relations = package.relations(&main)?;
    let mut by_sheet = HashMap::new();
    for (name, id) in sheets.ids.into_iter().filter(|(name, _)| names.contains(name)) {
        let Some(part) = relations.iter().find(|relation| relation.id == id) else { continue };
        let mut part_comments = Part::default();
        for relation in package.relations(&part.target)?.iter().filter(|relation| relation.kind == "comments") {
            package.visit(&relation.target, &mut part_comments)?;
        }
        if !part_comments.found.is_empty() {
            by_sheet.insert(name, part_comments.found);
        }
    }
    Ok(Comments { by_sheet })
}

#[derive(Default)]
struct Sheets {
    ids: Vec<(String, String)>,
}

impl Visitor for Sheets {
    fn start(&mut self, name: &str, attributes: &Attributes<'_>) -> bool {
        if name == "sheet"
            && let (Some(name), Some(id)) = (attributes.get("name"), attributes.prefixed("id"))
        {
            self.ids.push((name, id));
        }
        true
    }
}

#[derive(Default)]
struct Part {
    found: Vec<(u32, String)>,
    row: u32,
    text: String,
    in_text: bool,
}

impl Visitor for Part {
    fn start(&mut self, name: &str, attributes: &Attributes<'_>) -> bool {
        match name {
            "comment" => {
                let cell = attributes.get("ref").unwrap_or_default();
                self.row = cell.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '$').parse().unwrap_or(1);
                self.text.clear();
            }
            "t" => self.in_text = true,
            _ => {}
        }
        true
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "comment" => self.found.push((self.row.max(1), std::mem::take(&mut self.text))),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_text {
            self.text.push_str(text);
        }
    }
}
