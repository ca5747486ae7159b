//! Text boxes and other shapes with words.

use super::{Found, What};
use crate::domain::reading::PassageKind;
use crate::extract::ooxml::{Attributes, Visitor};

/// A sheet with more shapes is a drawing.
const BOXES: usize = 5_000;
const TEXT_BYTES: usize = 1 << 20;

/// The texts of shapes, at the row where each is anchored.
#[derive(Default)]
pub(super) struct Boxes {
    pub found: Vec<Found>,
    row: u32,
    in_from: bool,
    in_row: bool,
    in_text: bool,
    text: String,
}

impl Visitor for Boxes {
    fn start(&mut self, name: &str, _: &Attributes<'_>) -> bool {
        match name {
            "from" => self.in_from = true,
            "row" => self.in_row = self.in_from,
            "sp" => self.text.clear(),
            "t" => self.in_text = true,
            // The same shape once more, for older programs.
            "Fallback" => return false,
            _ => {}
        }
        true
    }

    fn end(&mut self, name: &str) {
        match name {
            "from" => self.in_from = false,
            "row" => self.in_row = false,
            "t" => self.in_text = false,
            "p" | "br" => self.text.push(' '),
            "sp" if !self.text.trim().is_empty() => {
                let text = std::mem::take(&mut self.text);
                self.found.push(Found { row: self.row, what: What::Text(PassageKind::Text, text) });
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_row {
            self.row = text.trim().parse::<u32>().map_or(self.row, |row| row.saturating_add(1));
        } else if self.in_text && self.text.len() < TEXT_BYTES {
            self.text.push_str(text);
        }
    }

    fn is_done(&self) -> bool {
        self.found.len() >= BOXES
    }
}
