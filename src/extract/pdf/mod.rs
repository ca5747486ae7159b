//! PDF: the text of each page in reading order, tables as rows, and what the Info dictionary says.
//!
//! Two libraries: `hayro-interpret` with our own text device reads nearly everything; `pdf-extract` stands behind it
//! for what hayro refuses or finds no text in. Encrypted files are named as such and never guessed at.

mod device;
mod fields;
mod glyphs;
mod layout;
mod properties;
mod rows;
mod second;

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, TransformExt as _, interpret_page};
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use kurbo::Rect;

use super::gather::Gather;
use super::limits::{Limits, ReadError};
use crate::domain::reading::{Format, Properties, Reading, Unreadable};
use device::TextDevice;
use layout::PageText;

/// Reads the text of a PDF file.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ReadError> {
    // The first reader is not known to panic; if it does on one file, the second may still read it.
    let first = catch_unwind(AssertUnwindSafe(|| first(bytes, limits)));
    let (error, second_may_read) = match first {
        Ok(Ok(reading)) => return Ok(reading),
        Ok(Err(refusal)) => refusal,
        Err(_) => (ReadError::damaged("its structure is broken"), true),
    };
    let second = if second_may_read { second::read(bytes, limits) } else { None };
    second.map(|(gather, properties)| reading(gather, properties)).ok_or(error)
}

/// The first reader; an error says whether the second might do better.
fn first(bytes: &[u8], limits: &Limits) -> Result<Reading, (ReadError, bool)> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(refused)?;
    let mut device = TextDevice::new(limits.text_bytes);
    let mut gather = Gather::new(limits);
    let pages = draw(&pdf, &mut device, limits);
    layout::arrange(&pages, &mut gather);
    if device.is_full() || pdf.pages().len() > pages.len() {
        gather.cut_short();
    }
    if gather.is_empty() && device.saw_images() {
        return Err((ReadError::new(Unreadable::ImageOnly, "its pages hold pictures and no text"), false));
    }
    if gather.is_empty() {
        return Err((ReadError::new(Unreadable::Empty, "its pages hold no text"), true));
    }
    let mut properties = properties::of(pdf.metadata());
    properties.page_count = u32::try_from(pdf.pages().len()).ok();
    Ok(reading(gather, properties))
}

/// The segments of each page; stops early at the limits.
fn draw(pdf: &Pdf, device: &mut TextDevice, limits: &Limits) -> Vec<PageText> {
    let cache = InterpreterCache::new();
    let mut pages = Vec::new();
    for page in pdf.pages().iter().take(usize::try_from(limits.pages).unwrap_or(usize::MAX)) {
        if device.is_full() {
            break;
        }
        let area = Rect::new(0.0, 0.0, 1.0, 1.0);
        let transform = page.initial_transform(false).to_kurbo();
        let mut context = Context::new(transform, area, &cache, pdf.xref(), InterpreterSettings::default());
        interpret_page(page, &mut context, device);
        let (_, height) = page.render_dimensions();
        pages.push(PageText { segments: device.end_page(), fields: fields::of(page), height: f64::from(height) });
    }
    pages
}

/// What follows from a file that hayro does not open.
fn refused(error: LoadPdfError) -> (ReadError, bool) {
    match error {
        LoadPdfError::Invalid => (ReadError::damaged("no PDF structure was found"), true),
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            (ReadError::encrypted("needs a password"), false)
        }
        LoadPdfError::Decryption(
            DecryptionError::MissingIDEntry
            | DecryptionError::InvalidEncryption
            | DecryptionError::UnsupportedAlgorithm,
        ) => (ReadError::encrypted("encrypted in a way that is not known"), true),
    }
}

fn reading(gather: Gather, properties: Properties) -> Reading {
    let (passages, truncated) = gather.finish();
    Reading { format: Format::Pdf, properties, sheets: Vec::new(), passages, truncated }
}

#[cfg(test)]
mod tests;
