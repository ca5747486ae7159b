//! PDF: the text of each page in reading order, tables as rows, and what the Info dictionary says.
//!
//! Two libraries: `hayro-interpret` with our own text device reads nearly everything; `pdf-extract` stands behind it
//! for what hayro refuses or finds no text in. Encrypted files are named as such, unless a listed password opens them.
//! A page without text that shows a picture is a matter of text recognition, and drawn by [`scan`].

mod annotations;
mod attached;
mod device;
mod fields;
mod glyphs;
pub(in crate::extract) mod layout;
mod properties;
pub(in crate::extract) mod rows;
pub(in crate::extract) mod scan;
mod second;
mod signer;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, TransformExt as _, interpret_page};
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use kurbo::Rect;

use super::gather::Gather;
use super::limits::{Limits, ReadError};
use super::open::{Container, Opening};
use super::passwords::Passwords;
use crate::domain::reading::{Format, Place, Properties, Reading, Unreadable};
use attached::Attached;
use device::TextDevice;
use layout::PageText;

/// A page with fewer words than this has no text of its own but a stamp: `Scanned by`, a name, a number ...
const STAMP_WORDS_MAX: usize = 8;
/// ... if pictures cover this part of it.
const PICTURE_SHARE_MIN: f64 = 0.25;

/// Reads the text of a PDF file, and the files that it carries as its members.
pub(super) fn read(bytes: &[u8], opening: &mut Opening<'_>) -> Result<Container, ReadError> {
    let Found { reading, fault, files, pictures } = find(bytes, opening.limits(), opening.passwords())?;
    let mut members = Vec::new();
    let mut fault = fault;
    for file in files {
        if let Err(error) = opening.admit() {
            fault = Some(error);
            break;
        }
        members.push(opening.member(super::clean::member_name(&file.name), &file.bytes));
    }
    Ok(Container { reading, members, fault, pictures })
}

/// What a file holds: its own text, or why it has none though the file could be opened, and files inside.
struct Found {
    reading: Reading,
    fault: Option<ReadError>,
    files: Vec<Attached>,
    /// Pages whose text is in a picture alone.
    pictures: Vec<u32>,
}

fn find(bytes: &[u8], limits: &Limits, passwords: &Passwords) -> Result<Found, ReadError> {
    // The first reader is not known to panic; if it does on one file, the second may still read it.
    let first = catch_unwind(AssertUnwindSafe(|| first(bytes, limits, passwords)));
    let (error, second_may_read, files) = match first {
        Ok(First::Read(found)) => return Ok(*found),
        Ok(First::Textless { fault, second_may_read, files }) => (fault, second_may_read, files),
        Err(_) => (ReadError::damaged("its structure is broken"), true, Vec::new()),
    };
    let second = if second_may_read { second::read(bytes, limits) } else { None };
    match second {
        Some((gather, properties)) => {
            Ok(Found { reading: reading(gather, properties), fault: None, files, pictures: Vec::new() })
        }
        // A file that only carries others is no less a container for its empty page.
        None if !files.is_empty() => {
            let reading = reading(Gather::new(limits), Properties::default());
            Ok(Found { reading, fault: Some(error), files, pictures: Vec::new() })
        }
        None => Err(error),
    }
}

/// What the first reader makes of a file.
enum First {
    Read(Box<Found>),
    Textless { fault: ReadError, second_may_read: bool, files: Vec<Attached> },
}

fn first(bytes: &[u8], limits: &Limits, passwords: &Passwords) -> First {
    let pdf = match open(bytes, passwords) {
        Ok(pdf) => pdf,
        Err((fault, second_may_read)) => return First::Textless { fault, second_may_read, files: Vec::new() },
    };
    let mut device = TextDevice::new(limits.text_bytes);
    let mut gather = Gather::new(limits);
    let (pages, pictures) = draw(&pdf, &mut device, limits);
    layout::arrange(&pages, &mut gather);
    for field in fields::unplaced_signatures(&pdf) {
        gather.field(Place::Page(1), &field.label, &field.value);
    }
    if device.is_full() || pdf.pages().len() > pages.len() {
        gather.cut_short();
    }
    let files = attached::of(&pdf, limits.members, limits.member_bytes);
    if gather.is_empty() && pictures.is_empty() && device.saw_images() {
        let fault = ReadError::new(Unreadable::ImageOnly, "its pages hold pictures and no text");
        return First::Textless { fault, second_may_read: false, files };
    }
    if gather.is_empty() && pictures.is_empty() {
        let fault = ReadError::new(Unreadable::Empty, "its pages hold no text");
        return First::Textless { fault, second_may_read: true, files };
    }
    let mut properties = properties::of(pdf.metadata());
    properties.page_count = u32::try_from(pdf.pages().len()).ok();
    First::Read(Box::new(Found { reading: reading(gather, properties), fault: None, files, pictures }))
}

/// Opens the file without a password, or else with the first listed one that fits; an error says whether the second
/// reader might do better.
fn open(bytes: &[u8], passwords: &Passwords) -> Result<Pdf, (ReadError, bool)> {
    let data: Arc<Vec<u8>> = Arc::new(bytes.to_vec());
    let locked = match Pdf::new(Arc::clone(&data)) {
        Ok(pdf) => return Ok(pdf),
        Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => passwords.locked(),
        Err(error) => return Err(refused(error)),
    };
    let opened = passwords.iter().find_map(|password| Pdf::new_with_password(Arc::clone(&data), password).ok());
    opened.ok_or((locked, false))
}

/// The segments of each page, and the numbers of the pages that are pictures; stops early at the limits.
fn draw(pdf: &Pdf, device: &mut TextDevice, limits: &Limits) -> (Vec<PageText>, Vec<u32>) {
    let cache = InterpreterCache::new();
    let (mut pages, mut pictures) = (Vec::new(), Vec::new());
    for (number, page) in (1..=limits.pages).zip(pdf.pages().iter()) {
        if device.is_full() {
            break;
        }
        let area = Rect::new(0.0, 0.0, 1.0, 1.0);
        let transform = page.initial_transform(false).to_kurbo();
        let mut context = Context::new(transform, area, &cache, pdf.xref(), InterpreterSettings::default());
        interpret_page(page, &mut context, device);
        let (width, height) = page.render_dimensions();
        let (width, height) = (f64::from(width), f64::from(height));
        let segments = device.end_page();
        let words: usize = segments.iter().map(|segment| segment.text.split_whitespace().count()).sum();
        if device.take_picture_area() >= PICTURE_SHARE_MIN * width * height && words < STAMP_WORDS_MAX {
            pictures.push(number);
        }
        pages.push(PageText { number, segments, fields: fields::of(page), remarks: annotations::of(page), height });
    }
    (pages, pictures)
}

/// What follows from a file that hayro does not open.
fn refused(error: LoadPdfError) -> (ReadError, bool) {
    match error {
        LoadPdfError::Invalid => (ReadError::damaged("no PDF structure was found"), true),
        LoadPdfError::Decryption(
            DecryptionError::PasswordProtected
            | DecryptionError::MissingIDEntry
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
