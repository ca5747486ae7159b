//! What people wrote on a page after it was made: typed text, stamps, notes, remarks on marked words.
//!
//! Apart from the page's text because most of it is drawn only when a reader opens the note. What the page shows anyway
//! is left out by [`super::layout`], so that it does not count twice.

use hayro_syntax::object::{Array, Dict, Name, String as PdfString};
use hayro_syntax::page::Page;

use super::properties;
use crate::domain::reading::PassageKind;

/// Remarks on one page; more are a drawing, not remarks.
const REMARKS: usize = 2_000;
/// Hidden, and never shown on a screen.
const UNSEEN: i32 = (1 << 1) | (1 << 5);

/// One remark.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::extract) struct Remark {
    /// `Text` where it was typed or stamped onto the page, else a note.
    pub kind: PassageKind,
    pub author: Option<String>,
    pub text: String,
}

impl Remark {
    pub(super) fn shown(&self) -> String {
        match &self.author {
            Some(author) => format!("{author}: {}", self.text),
            None => self.text.clone(),
        }
    }
}

/// The remarks on a page, in the order of the file.
pub(super) fn of(page: &Page<'_>) -> Vec<Remark> {
    let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { return Vec::new() };
    annotations.iter::<Dict<'_>>().take(REMARKS).filter_map(|annotation| remark(&annotation)).collect()
}

fn remark(annotation: &Dict<'_>) -> Option<Remark> {
    let text = |key: &str| properties::text(Some(annotation.get::<PdfString<'_>>(key)?.as_bytes()));
    if annotation.get::<i32>("F").unwrap_or(0) & UNSEEN != 0 {
        return None;
    }
    match annotation.get::<Name<'_>>("Subtype")?.as_str() {
        // Typed onto the page: whoever typed it, it is the page's text.
        "FreeText" => Some(Remark { kind: PassageKind::Text, author: None, text: text("Contents")? }),
        "Stamp" => {
            let text = text("Contents").or_else(|| stamp_name(annotation))?;
            Some(Remark { kind: PassageKind::Text, author: None, text })
        }
        "Link" | "Widget" | "Popup" | "Screen" | "Movie" | "Sound" | "PrinterMark" | "TrapNet" | "Watermark" => None,
        _ => Some(Remark { kind: PassageKind::Note, author: text("T"), text: text("Contents")? }),
    }
}

/// `Approved` of a stamp without a text of its own; programs put their own letters or a number sign before it.
fn stamp_name(annotation: &Dict<'_>) -> Option<String> {
    let name = annotation.get::<Name<'_>>("Name")?;
    let bare = name.as_str().trim_start_matches(['#', ' ']);
    let bare = bare.strip_prefix("SB").filter(|rest| rest.starts_with(char::is_uppercase)).unwrap_or(bare);
    (bare.len() < 40 && bare.chars().all(char::is_alphabetic)).then(|| bare.to_owned())
}
