//! Check boxes and option buttons drawn over the cells, as Excel keeps them: in VML, with their label and state.

use super::{Found, What};
use crate::extract::ooxml::{Attributes, Visitor};

const FORMS: usize = 5_000;
const TEXT_BYTES: usize = 10_000;

/// The controls of one sheet.
#[derive(Default)]
pub(super) struct Forms {
    pub found: Vec<Found>,
    label: String,
    in_label: bool,
    is_box: bool,
    on: bool,
    row: u32,
    reading: Reading,
}

/// Which element of a control's data the text belongs to.
#[derive(Default)]
enum Reading {
    #[default]
    Nothing,
    Anchor(String),
    Checked(String),
}

impl Visitor for Forms {
    fn start(&mut self, name: &str, attributes: &Attributes<'_>) -> bool {
        match name {
            "shape" => {
                self.label.clear();
                (self.is_box, self.on, self.row) = (false, false, 1);
            }
            "textbox" => self.in_label = true,
            "ClientData" => {
                let kind = attributes.get("ObjectType");
                self.is_box = kind.is_some_and(|kind| matches!(kind.as_str(), "Checkbox" | "Radio"));
            }
            "Anchor" => self.reading = Reading::Anchor(String::new()),
            "Checked" => self.reading = Reading::Checked(String::new()),
            _ => {}
        }
        true
    }

    fn end(&mut self, name: &str) {
        match (name, std::mem::take(&mut self.reading)) {
            ("textbox", _) => self.in_label = false,
            // Left column, its offset, top row, ...
            ("Anchor", Reading::Anchor(anchor)) => {
                let row = anchor.split(',').nth(2).and_then(|row| row.trim().parse::<u32>().ok());
                self.row = row.map_or(1, |row| row.saturating_add(1));
            }
            ("Checked", Reading::Checked(state)) => self.on = state.trim() == "1",
            ("shape", _) if self.is_box => {
                let label = std::mem::take(&mut self.label);
                self.found.push(Found { row: self.row, what: What::Check(label, self.on) });
            }
            (_, reading) => self.reading = reading,
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.reading {
            Reading::Anchor(kept) | Reading::Checked(kept) if kept.len() < TEXT_BYTES => kept.push_str(text),
            Reading::Nothing if self.in_label && self.label.len() < TEXT_BYTES => self.label.push_str(text),
            Reading::Nothing | Reading::Anchor(_) | Reading::Checked(_) => {}
        }
    }

    fn is_done(&self) -> bool {
        self.found.len() >= FORMS
    }
}
