//! PPTX: slides in the order of the show, with titles, tables, speaker's notes and comments.

use super::gather::{Gather, clean, looks_like_head};
use super::limits::{Limits, ReadError};
use super::ooxml::{Attributes, Package, Visitor, properties};
use crate::domain::reading::{Format, PassageKind, Place, Reading};

/// Text of one shape's paragraph; more belongs to no slide and is cut.
const PARAGRAPH_BYTES: usize = 1 << 20;

/// Reads the text of a PPTX file.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ReadError> {
    let mut package = Package::open(bytes, limits)?;
    let main = package.main_part("ppt/presentation.xml")?;
    let mut show = Show::default();
    if !package.visit(&main, &mut show)? {
        return Err(ReadError::damaged(format!("the part {main} is missing or broken")));
    }
    let mut properties = properties(&mut package)?;
    let relations = package.relations(&main)?;
    let mut gather = Gather::new(limits);
    let mut number = 0;
    for id in &show.slides {
        let Some(slide) = relations.iter().find(|relation| relation.id == *id) else { continue };
        number += 1;
        read_slide(&mut package, &slide.target, Place::Slide(number), &mut gather)?;
        if gather.is_full() || number >= limits.pages {
            gather.cut_short();
            break;
        }
    }
    properties.page_count = u32::try_from(show.slides.len()).ok();
    let (passages, truncated) = gather.finish();
    Ok(Reading { format: Format::Pptx, properties, sheets: Vec::new(), passages, truncated })
}

fn read_slide(package: &mut Package<'_>, part: &str, place: Place, gather: &mut Gather) -> Result<(), ReadError> {
    let mut slide = Slide::new(place, Sort::Slide, gather);
    if !package.visit(part, &mut slide)? {
        gather.cut_short();
    }
    for relation in package.relations(part)? {
        let sort = match relation.kind.as_str() {
            "diagramData" => Sort::Slide,
            "notesSlide" => Sort::Notes,
            "comments" => Sort::Comments,
            _ => continue,
        };
        package.visit(&relation.target, &mut Slide::new(place, sort, gather))?;
    }
    Ok(())
}

/// The order of the slides, as ids of relationships.
#[derive(Default)]
struct Show {
    slides: Vec<String>,
}

impl Visitor for Show {
    fn start(&mut self, name: &str, attributes: &Attributes<'_>) -> bool {
        if name == "sldId" {
            self.slides.extend(attributes.prefixed("id"));
        }
        true
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Slide,
    Notes,
    Comments,
}

/// One part of a slide while it streams by.
struct Slide<'g> {
    place: Place,
    sort: Sort,
    gather: &'g mut Gather,
    kind: PassageKind,
    /// False in the placeholders of a notes page that repeat the slide, its number or its date.
    shown: bool,
    text: String,
    in_text: bool,
    cell: Option<String>,
    cells: Vec<String>,
    rows: usize,
}

impl<'g> Slide<'g> {
    fn new(place: Place, sort: Sort, gather: &'g mut Gather) -> Self {
        let mut slide = Self {
            place,
            sort,
            gather,
            kind: PassageKind::Text,
            shown: true,
            text: String::new(),
            in_text: false,
            cell: None,
            cells: Vec::new(),
            rows: 0,
        };
        slide.start_shape();
        slide
    }

    fn start_shape(&mut self) {
        self.shown = true;
        self.kind = match self.sort {
            Sort::Slide => PassageKind::Text,
            Sort::Notes | Sort::Comments => PassageKind::Note,
        };
    }

    fn placeholder(&mut self, kind: &str) {
        match (self.sort, kind) {
            (Sort::Slide, "title" | "ctrTitle" | "subTitle") => self.kind = PassageKind::Heading,
            (Sort::Slide, "sldNum" | "ftr" | "hdr" | "dt") => self.kind = PassageKind::Margin,
            (Sort::Notes, "sldImg" | "sldNum" | "ftr" | "hdr" | "dt") => self.shown = false,
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let text = clean(&std::mem::take(&mut self.text));
        if !self.shown || text.is_empty() {
            return;
        }
        match &mut self.cell {
            Some(cell) => {
                if !cell.is_empty() {
                    cell.push(' ');
                }
                cell.push_str(&text);
            }
            None => self.gather.text(self.place, self.kind, &text),
        }
    }

    fn end_row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        self.rows += 1;
        let head = self.rows == 1 && looks_like_head(&cells);
        let kind = if head { PassageKind::TableHead } else { PassageKind::TableRow };
        self.gather.cells(self.place, kind, &cells);
    }
}

impl Visitor for Slide<'_> {
    fn start(&mut self, name: &str, attributes: &Attributes<'_>) -> bool {
        match name {
            "Fallback" => return false,
            "sp" | "graphicFrame" | "cxnSp" => self.start_shape(),
            "ph" => self.placeholder(&attributes.get("type").unwrap_or_default()),
            "tbl" => self.rows = 0,
            "tc" => self.cell = Some(String::new()),
            // Comments have their text in `text`, everything else in `t`.
            "t" | "text" => self.in_text = true,
            "br" | "tab" => self.text.push(' '),
            _ => {}
        }
        true
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.in_text = false,
            "text" => {
                self.in_text = false;
                self.end_paragraph();
            }
            "p" => self.end_paragraph(),
            "tc" => self.cells.extend(self.cell.take()),
            "tr" => self.end_row(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_text && self.text.len() < PARAGRAPH_BYTES {
            self.text.push_str(text);
        }
    }

    fn is_done(&self) -> bool {
        self.gather.is_full()
    }
}

#[cfg(test)]
mod tests;
