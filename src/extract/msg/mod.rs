//! MSG: a mail as Outlook saves it. Headers, the body a person reads, attachments and mails inside as child documents.
//!
//! The same mail in the form in which it travels, `winmail.dat`, is read by [`tnef`].

mod rtf_text;
mod tnef;

use std::path::Path;

use super::clean;
use super::encoding;
use super::html;
use super::limits::{Limits, ReadError};
use super::mail::{self, Headers};
use super::ole::{Ole, u32_at, utf16};
use super::ole_properties::file_time;
use super::open::{Container, Opening};
use super::rtf::{self, Body};
use super::text::paragraphs;
use crate::domain::reading::{Format, Member, Passage, PassageKind, Place};

const HEADER_BYTES_MAX: usize = 4_000;
/// A picture inside the text smaller than this is a logo or a smiley.
const INLINE_PICTURE_BYTES_MIN: usize = 48 << 10;
const ATTACHMENT: &str = "__attach_version1.0_#";
/// Where an attached mail lies inside its attachment.
const INNER: &str = "__substg1.0_3701000D/";

pub(super) fn read(bytes: &[u8], opening: &mut Opening<'_>) -> Result<Container, ReadError> {
    if bytes.starts_with(tnef::MARK) {
        return Ok(tnef::message(bytes, opening));
    }
    let ole = Ole::open(bytes)?;
    Ok(message(&Store { ole: &ole, folder: String::new() }, opening))
}

/// One message or attachment: a folder of properties.
struct Store<'o, 'b> {
    ole: &'o Ole<'b>,
    /// Empty for the file's own message, else with a `/` at its end.
    folder: String,
}

impl Store<'_, '_> {
    fn inside(&self, folder: &str) -> Self {
        Self { ole: self.ole, folder: format!("{}{folder}", self.folder) }
    }

    fn has(&self, name: &str) -> bool {
        self.ole.has(&format!("{}{name}", self.folder))
    }

    fn bytes(&self, id: &str, sort: &str) -> Option<Vec<u8>> {
        self.ole.stream(&format!("{}__substg1.0_{id}{sort}", self.folder))
    }

    /// A text in two bytes a character or in the code page of the message.
    fn text(&self, id: &str) -> Option<String> {
        let text = if let Some(wide) = self.bytes(id, "001F") {
            utf16(&wide)
        } else {
            let narrow = self.bytes(id, "001E")?;
            match self.number(0x3ffd_0003).and_then(|page| u16::try_from(page).ok()) {
                Some(page) => encoding::code_page(page).decode_without_bom_handling(&narrow).0.into_owned(),
                None => encoding::decode(&narrow).into_owned(),
            }
        };
        let text = text.trim_end_matches('\0').to_owned();
        (!text.trim().is_empty()).then_some(text)
    }

    fn line(&self, id: &str) -> Option<String> {
        self.text(id).map(|text| clean::one_line(&text, HEADER_BYTES_MAX)).filter(|text| !text.is_empty())
    }

    /// The eight bytes of a property of fixed size.
    fn fixed(&self, tag: u32) -> Option<[u8; 8]> {
        let list = self.ole.stream(&format!("{}__properties_version1.0", self.folder))?;
        // The head is longer for a whole message; entries are told by their tags, so each length is tried.
        [32, 24, 8].into_iter().find_map(|start| {
            let entries = list.get(start..)?.chunks_exact(16);
            let mut found = entries.filter(|entry| u32_at(entry, 0) == Some(tag));
            found.next().and_then(|entry| entry.get(8..)?.first_chunk().copied())
        })
    }

    fn number(&self, tag: u32) -> Option<u32> {
        self.fixed(tag).and_then(|value| u32_at(&value, 0))
    }

    fn time(&self, tag: u32) -> Option<String> {
        self.fixed(tag).and_then(|value| file_time(&value))
    }
}

fn message(store: &Store<'_, '_>, opening: &mut Opening<'_>) -> Container {
    let limits = *opening.limits();
    let headers = Headers {
        from: sender(store),
        to: store.line("0E04"),
        cc: store.line("0E03"),
        date: store.time(0x0039_0040).or_else(|| store.time(0x0e06_0040)),
        subject: store.line("0037"),
    };
    let reading = mail::put_together(Format::Msg, headers, body(store, &limits), &limits);
    let mut members = Vec::new();
    let fault = attachments(store, opening, &mut members).err();
    Container { reading, members, fault, pictures: Vec::new() }
}

fn sender(store: &Store<'_, '_>) -> Option<String> {
    let address =
        ["5D01", "5D02", "0C1F", "0065"].iter().find_map(|id| store.line(id).filter(|text| text.contains('@')));
    match (store.line("0C1A").or_else(|| store.line("0042")), address) {
        (Some(name), Some(address)) if name != address => Some(format!("{name} <{address}>")),
        (Some(one), _) | (None, Some(one)) => Some(one),
        (None, None) => None,
    }
}

/// Plain text if there is any, else the page, else the text in RTF, which may hold a page.
fn body(store: &Store<'_, '_>, limits: &Limits) -> Vec<Passage> {
    if let Some(plain) = store.text("1000") {
        let passage =
            |(line, text)| Passage { place: Place::Line(line), kind: PassageKind::Text, text, confidence: None };
        return paragraphs(&plain).map(passage).collect();
    }
    if let Some(page) = store.text("1013") {
        return html::read_text(&page, limits).passages;
    }
    if let Some(page) = store.bytes("1013", "0102").filter(|page| !page.is_empty()) {
        return html::read(&page, limits).passages;
    }
    store.bytes("1009", "0102").map(|packed| rich_body(&packed, limits)).unwrap_or_default()
}

/// The body in packed RTF, which may be a page put into it.
fn rich_body(packed: &[u8], limits: &Limits) -> Vec<Passage> {
    match rtf_text::unpack(packed, limits).map(|text| rtf::mail_body(&text, limits)) {
        Some(Ok(Body::Html(page))) => html::read_text(&page, limits).passages,
        Some(Ok(Body::Reading(reading))) => reading.passages,
        Some(Err(_)) | None => Vec::new(),
    }
}

fn attachments(store: &Store<'_, '_>, opening: &mut Opening<'_>, members: &mut Vec<Member>) -> Result<(), ReadError> {
    let mut folders: Vec<String> = Vec::new();
    for path in store.ole.paths() {
        let inside = path.strip_prefix(store.folder.as_str()).and_then(|rest| rest.split_once('/'));
        if let Some((folder, _)) = inside.filter(|(folder, _)| folder.starts_with(ATTACHMENT)) {
            folders.push(format!("{folder}/"));
        }
    }
    folders.sort();
    folders.dedup();
    for folder in folders {
        let attachment = store.inside(&folder);
        let inner = attachment.inside(INNER);
        if inner.has("__properties_version1.0") {
            opening.admit()?;
            let subject = inner.line("0037").unwrap_or_else(|| "attached mail".to_owned());
            let name = clean::member_name(&format!("{}.msg", subject.replace(['/', '\\'], "-")));
            let content = content_of(&inner);
            members.push(opening.inner(name, Format::Msg, &content, |opening| message(&inner, opening)));
            continue;
        }
        let Some(bytes) = attachment.bytes("3701", "0102") else { continue };
        let name = ["3707", "3704", "3001"].iter().find_map(|id| attachment.line(id));
        let name = clean::member_name(&name.unwrap_or_else(|| "attachment".to_owned()));
        if is_decoration(&attachment, &name, &bytes) {
            continue;
        }
        opening.admit()?;
        if bytes.len() as u64 > opening.bytes_left() {
            return Err(ReadError::bomb(format!("more than {} MiB unpacked", opening.limits().member_bytes >> 20)));
        }
        members.push(opening.member(name, &bytes));
    }
    Ok(())
}

/// A mail inside a mail is no file: it is known by all that it says.
fn content_of(store: &Store<'_, '_>) -> Vec<u8> {
    let mut paths: Vec<&str> = store.ole.paths().filter(|path| path.starts_with(&store.folder)).collect();
    paths.sort_unstable();
    let mut content = Vec::new();
    for path in paths {
        content.extend_from_slice(&path.as_bytes()[store.folder.len()..]);
        content.extend(store.ole.stream(path).unwrap_or_default());
    }
    content
}

fn is_decoration(attachment: &Store<'_, '_>, name: &str, bytes: &[u8]) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let picture = ["png", "jpg", "jpeg", "gif", "bmp", "emz", "wmz"].iter().any(|p| extension.eq_ignore_ascii_case(p));
    let shown_in_text =
        attachment.line("3712").is_some() || attachment.number(0x7ffe_000b).is_some_and(|yes| yes & 1 == 1);
    picture && shown_in_text && bytes.len() < INLINE_PICTURE_BYTES_MIN
}

#[cfg(test)]
mod tests;
