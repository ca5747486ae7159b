//! What stands on a sheet beside its cells: comments, text boxes, check boxes, and the header and footer of its print.
//!
//! Apart from the cells because most of it lies in parts of its own, which the sheet's relationships name.

mod drawing;
mod form;
mod margin;

use std::collections::HashMap;

use crate::domain::reading::{PassageKind, Place};
use crate::extract::gather::Gather;
use crate::extract::limits::ReadError;
use crate::extract::ooxml::{Attributes, Package, Visitor};

/// Texts by the name of their sheet.
pub(super) struct Beside {
    by_sheet: HashMap<String, Vec<Found>>,
}

/// One text and the row at which it stands, from 1.
#[derive(Debug, PartialEq)]
struct Found {
    row: u32,
    what: What,
}

#[derive(Debug, PartialEq)]
enum What {
    Text(PassageKind, String),
    /// A check box: its label, and whether it is on.
    Check(String, bool),
}

impl Beside {
    pub(super) fn emit(&self, sheet: u16, name: &str, gather: &mut Gather) {
        for Found { row, what } in self.by_sheet.get(name).into_iter().flatten() {
            let place = Place::Row { sheet, row: (*row).max(1) };
            match what {
                What::Text(kind, text) => gather.text(place, *kind, text),
                What::Check(label, on) => gather.field(place, label, if *on { "[x]" } else { "[ ]" }),
            }
        }
    }
}

/// Reads what the named sheets have beside their cells.
pub(super) fn read(package: &mut Package<'_>, names: &[String]) -> Result<Beside, ReadError> {
    let main = package.main_part("xl/workbook.xml")?;
    let mut sheets = Sheets::default();
    package.visit(&main, &mut sheets)?;
    let relations = package.relations(&main)?;
    let mut by_sheet = HashMap::new();
    for (name, id) in sheets.ids.into_iter().filter(|(name, _)| names.contains(name)) {
        let Some(part) = relations.iter().find(|relation| relation.id == id) else { continue };
        by_sheet.insert(name, of_sheet(package, &part.target)?);
    }
    Ok(Beside { by_sheet })
}

fn of_sheet(package: &mut Package<'_>, part: &str) -> Result<Vec<Found>, ReadError> {
    let (mut boxes, mut forms, mut comments) = (drawing::Boxes::default(), form::Forms::default(), Part::default());
    for relation in package.relations(part)? {
        match relation.kind.as_str() {
            "drawing" => package.visit(&relation.target, &mut boxes)?,
            "vmlDrawing" => package.visit(&relation.target, &mut forms)?,
            "comments" => package.visit(&relation.target, &mut comments)?,
            _ => true,
        };
    }
    let mut margins = margin::Margins::default();
    package.visit_tail(part, margin::MARK, &mut margins)?;
    let comment = |(row, text)| Found { row, what: What::Text(PassageKind::Note, text) };
    let mut found = boxes.found;
    found.extend(forms.found);
    found.extend(comments.found.into_iter().map(comment));
    found.sort_by_key(|found| found.row);
    found.extend(margins.found);
    Ok(found)
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
