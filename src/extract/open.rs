//! Bytes in, everything found inside out: finds the format, runs its reader, opens containers within one budget.
//!
//! This is the single way to any reader, for a file as for a member of an archive in a mail in an archive. It never
//! fails: what cannot be read is an outcome.

use sha2::{Digest as _, Sha256};

use super::limits::{Limits, ReadError};
use super::sniff::{self, Kind};
use super::{
    archive, doc, docx, guard, html, image, mail, markdown, msg, odf, pdf, ppt, pptx, quality, rtf, table, text, xlsx,
};
use crate::domain::ids::ContentHash;
use crate::domain::reading::{Extracted, Format, Member, Outcome, Reading, Unreadable};

/// Reads a document with all that is inside it.
pub fn read(bytes: &[u8], name: &str, limits: &Limits) -> Extracted {
    Opening { limits, members_left: limits.members, bytes_left: limits.member_bytes, level: 0 }.open(bytes, name)
}

/// The work on one file: what it may still open, over all levels.
pub(super) struct Opening<'a> {
    limits: &'a Limits,
    members_left: u32,
    bytes_left: u64,
    level: u32,
}

/// What a container's reader found: its own text, and its members or why they end early.
pub(super) struct Container {
    pub reading: Reading,
    pub members: Vec<Member>,
    pub fault: Option<ReadError>,
}

impl Opening<'_> {
    fn open(&mut self, bytes: &[u8], name: &str) -> Extracted {
        match sniff::sniff(bytes, name) {
            Kind::Readable(format) => self.read_format(format, bytes, name),
            Kind::Picture(kind @ ("heic" | "avif")) | Kind::Unread(kind) => unsupported(kind.to_owned()),
            Kind::Picture(kind) => self.read_format(Format::Image, bytes, kind),
            Kind::Locked(format) => unreadable(format, Unreadable::Encrypted, "needs a password".to_owned()),
            Kind::Empty => unreadable(Format::Other, Unreadable::Empty, "0 bytes".to_owned()),
            Kind::Unknown => {
                let extension = sniff::extension(name);
                unsupported(if extension.is_empty() { "unknown".to_owned() } else { extension })
            }
        }
    }

    /// Runs the reader; its panic costs this document alone, not the archive around it.
    fn read_format(&mut self, format: Format, bytes: &[u8], name: &str) -> Extracted {
        let guarded = guard::guarded(|| self.run(format, bytes, name));
        let run = guarded.unwrap_or_else(|place| Err(ReadError::new(Unreadable::Crashed, place)));
        match run {
            Ok(container) => extracted(format, container, bytes),
            Err(error) => unreadable(format, error.reason, error.detail),
        }
    }

    fn run(&mut self, format: Format, bytes: &[u8], name: &str) -> Result<Container, ReadError> {
        let limits = self.limits;
        let reading = match format {
            Format::Eml => return mail::read(bytes, self),
            Format::Msg => return msg::read(bytes, self),
            Format::Zip => return archive::read(bytes, self),
            Format::Pdf => pdf::read(bytes, limits),
            Format::Docx => docx::read(bytes, limits),
            Format::Xlsx => xlsx::read(bytes, limits),
            Format::Doc => doc::read(bytes, limits),
            Format::Ppt => ppt::read(bytes, limits),
            Format::Rtf => rtf::read(bytes, limits),
            Format::Xls => xlsx::read_xls(bytes, limits),
            Format::Xlsb => xlsx::read_xlsb(bytes, limits),
            Format::Ods => odf::read_sheets(bytes, limits),
            Format::Odt | Format::Odp => odf::read(bytes, format, limits),
            Format::Image => image::read(bytes, name, limits),
            Format::Pptx => pptx::read(bytes, limits),
            Format::Csv => Ok(table::read(bytes, limits)),
            Format::Html => Ok(html::read(bytes, limits)),
            Format::Markdown => Ok(markdown::read(bytes, limits)),
            Format::Text => Ok(text::read(bytes, limits)),
            Format::Other => Err(ReadError::damaged(format!("{name} has no reader"))),
        };
        reading.map(|reading| Container { reading, members: Vec::new(), fault: None })
    }

    pub(super) fn limits(&self) -> &Limits {
        self.limits
    }

    /// Unpacked bytes that all further members together may have.
    pub(super) fn bytes_left(&self) -> u64 {
        self.bytes_left
    }

    /// Counts one member in; the error ends the container.
    pub(super) fn admit(&mut self) -> Result<(), ReadError> {
        let members = self.limits.members;
        let left = self.members_left.checked_sub(1);
        self.members_left = left.ok_or_else(|| ReadError::bomb(format!("more than {members} members")))?;
        Ok(())
    }

    /// Opens an admitted member.
    pub(super) fn member(&mut self, name: String, bytes: &[u8]) -> Member {
        let extracted = self.deeper(bytes.len() as u64, |opening| opening.open(bytes, &name));
        member_of(name, bytes, extracted)
    }

    /// Reads an admitted member that is no file of its own, such as a mail inside a mail; `content` stands for it.
    pub(super) fn inner(
        &mut self,
        name: String,
        format: Format,
        content: &[u8],
        read: impl FnOnce(&mut Self) -> Container,
    ) -> Member {
        let extracted = self.deeper(content.len() as u64, |opening| extracted(format, read(opening), content));
        member_of(name, content, extracted)
    }

    fn deeper(&mut self, size: u64, open: impl FnOnce(&mut Self) -> Extracted) -> Extracted {
        self.bytes_left = self.bytes_left.saturating_sub(size);
        if self.level >= self.limits.depth {
            let detail = format!("nested more than {} deep", self.limits.depth);
            return unreadable(Format::Other, Unreadable::Bomb, detail);
        }
        self.level += 1;
        let extracted = open(self);
        self.level -= 1;
        extracted
    }
}

fn member_of(name: String, bytes: &[u8], extracted: Extracted) -> Member {
    Member { name, content: ContentHash(Sha256::digest(bytes).into()), size: bytes.len() as u64, extracted }
}

/// A member that could not be unpacked: it is named all the same, and known by its packed bytes.
pub(super) fn closed_member(name: String, packed: &[u8], error: ReadError) -> Member {
    member_of(name, packed, unreadable(Format::Other, error.reason, error.detail))
}

fn extracted(format: Format, container: Container, bytes: &[u8]) -> Extracted {
    let fault = container.fault.map(|error| (error.reason, error.detail));
    let outcome = match fault.or_else(|| fault_of(&container.reading, bytes)) {
        Some((reason, detail)) => Outcome::Unreadable { reason, detail },
        None => Outcome::Read(container.reading),
    };
    Extracted { format, outcome, members: container.members }
}

fn fault_of(reading: &Reading, bytes: &[u8]) -> Option<(Unreadable, String)> {
    let (reason, detail) = quality::fault(reading)?;
    let is_office = matches!(reading.format, Format::Docx | Format::Pptx);
    if reason == Unreadable::Empty && is_office && archive::holds_media(bytes) {
        return Some((Unreadable::ImageOnly, "pictures without text".to_owned()));
    }
    Some((reason, detail))
}

fn unreadable(format: Format, reason: Unreadable, detail: String) -> Extracted {
    Extracted { format, outcome: Outcome::Unreadable { reason, detail }, members: Vec::new() }
}

fn unsupported(kind: String) -> Extracted {
    Extracted { format: Format::Other, outcome: Outcome::Unsupported { kind }, members: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(bytes: &[u8], name: &str) -> String {
        match read(bytes, name, &Limits::default()).outcome {
            Outcome::Read(reading) => format!("read {:?}", reading.format),
            Outcome::Unreadable { reason, .. } => reason.to_string(),
            Outcome::Unsupported { kind } => format!("unsupported {kind}"),
            Outcome::OcrPending => "ocr".to_owned(),
        }
    }

    #[test]
    fn every_kind_has_its_outcome() {
        for (bytes, name, wanted) in [
            (&b""[..], "a.docx", "empty"),
            (b"   \n\t\n", "a.txt", "empty"),
            (b"Seals are checked daily.", "a.txt", "read Text"),
            (b"\xff\xd8\xff\xe0", "a.pdf", "image-only"),
            (b"\0\0\0\x18ftypheic\0\0", "a.heic", "unsupported heic"),
            (b"Rar!\x1a\x07\0", "a.zip", "unsupported rar"),
            (b"\x01\x02\0\x03", "a.QBW", "unsupported qbw"),
            (b"\x01\x02\0\x03", "a", "unsupported unknown"),
            (b"PK\x03\x04 cut", "a.zip", "damaged"),
        ] {
            assert_eq!(outcome(bytes, name), wanted, "{name}");
        }
    }
}
