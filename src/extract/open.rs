//! Bytes in, everything found inside out: finds the format, runs its reader, opens containers within one budget.
//!
//! This is the single way to any reader, for a file as for a member of an archive in a mail in an archive. It never
//! fails: what cannot be read is an outcome.

use sha2::{Digest as _, Sha256};

use super::limits::{Limits, ReadError};
use super::passwords::Passwords;
use super::sniff::{self, Kind};
use super::{
    archive, doc, docx, guard, html, image, mail, markdown, msg, odf, pdf, ppt, pptx, quality, rtf, table, text, xlsx,
};
use crate::domain::ids::ContentHash;
use crate::domain::reading::{Extracted, Format, Member, Outcome, Reading, Unreadable};

/// Reads a document with all that is inside it.
pub fn read(bytes: &[u8], name: &str, limits: &Limits) -> Extracted {
    read_with(bytes, name, (limits, &Passwords::default()))
}

/// The same, with passwords to try on what is locked.
pub(super) fn read_with(bytes: &[u8], name: &str, with: (&Limits, &Passwords)) -> Extracted {
    Opening::new(with).open(bytes, name)
}

/// The reading of one content as its reader made it, good or not, with the pages that are pictures.
///
/// `member` names a content inside `bytes`; without it they are what is meant. The bytes of the content come back too.
pub(super) fn read_raw(
    bytes: Vec<u8>,
    name: &str,
    member: Option<ContentHash>,
    with: (&Limits, &Passwords),
) -> Result<(Vec<u8>, Container), ReadError> {
    let bytes = match member {
        None => bytes,
        Some(content) => {
            let mut opening = Opening { wanted: Some(content), ..Opening::new(with) };
            opening.open(&bytes, name);
            drop(bytes);
            opening.found.ok_or_else(|| ReadError::damaged("it is no longer in its archive or mail"))?
        }
    };
    let (format, name) = match sniff::sniff(&bytes, name) {
        Kind::Readable(format) => (format, name),
        Kind::Picture(kind) => (Format::Image, kind),
        Kind::Unread(_) | Kind::Locked(_) | Kind::Unknown | Kind::Empty => (Format::Other, name),
    };
    let guarded = guard::guarded(|| Opening::new(with).run(format, &bytes, name));
    let container = guarded.unwrap_or_else(|place| Err(ReadError::new(Unreadable::Crashed, place)))?;
    Ok((bytes, container))
}

/// The work on one file: what it may still open, over all levels.
pub(super) struct Opening<'a> {
    limits: &'a Limits,
    passwords: &'a Passwords,
    members_left: u32,
    bytes_left: u64,
    level: u32,
    /// The only content that is of interest, if one is: containers are opened for it, nothing else is read.
    wanted: Option<ContentHash>,
    found: Option<Vec<u8>>,
}

/// What a container's reader found: its own text, and its members or why they end early.
pub(super) struct Container {
    pub reading: Reading,
    pub members: Vec<Member>,
    pub fault: Option<ReadError>,
    /// Pages whose text is in a picture alone.
    pub pictures: Vec<u32>,
}

impl<'a> Opening<'a> {
    fn new((limits, passwords): (&'a Limits, &'a Passwords)) -> Self {
        let (members_left, bytes_left) = (limits.members, limits.member_bytes);
        Self { limits, passwords, members_left, bytes_left, level: 0, wanted: None, found: None }
    }

    fn open(&mut self, bytes: &[u8], name: &str) -> Extracted {
        let kind = sniff::sniff(bytes, name);
        if self.wanted.is_some()
            && !matches!(kind, Kind::Readable(Format::Eml | Format::Msg | Format::Zip | Format::Pdf))
        {
            return unsupported(String::new());
        }
        match kind {
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
            Format::Pdf => return pdf::read(bytes, self),
            Format::Image => {
                let (reading, pictures) = image::read(bytes, name, limits);
                return Ok(Container { reading, members: Vec::new(), fault: None, pictures });
            }
            Format::Docx => docx::read(bytes, limits),
            Format::Xlsx => xlsx::read(bytes, limits),
            Format::Doc => doc::read(bytes, limits),
            Format::Ppt => ppt::read(bytes, limits),
            Format::Rtf => rtf::read(bytes, limits),
            Format::Xls => xlsx::read_xls(bytes, limits),
            Format::Xlsb => xlsx::read_xlsb(bytes, limits),
            Format::Ods => odf::read_sheets(bytes, limits),
            Format::Odt | Format::Odp => odf::read(bytes, format, limits),
            Format::Pptx => pptx::read(bytes, limits),
            Format::Csv => Ok(table::read(bytes, limits)),
            Format::Html => Ok(html::read(bytes, limits)),
            Format::Markdown => Ok(markdown::read(bytes, limits)),
            Format::Text => Ok(text::read(bytes, limits)),
            Format::Other => Err(ReadError::damaged(format!("{name} has no reader"))),
        };
        reading.map(|reading| Container { reading, members: Vec::new(), fault: None, pictures: Vec::new() })
    }

    pub(super) fn limits(&self) -> &'a Limits {
        self.limits
    }

    pub(super) fn passwords(&self) -> &'a Passwords {
        self.passwords
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
        let member = member_of(name, bytes, extracted);
        if self.wanted == Some(member.content) && self.found.is_none() {
            self.found = Some(bytes.to_vec());
        }
        member
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
    Extracted { format, outcome, members: container.members, pictures: container.pictures }
}

/// The reason why a reading says nothing, if it is so.
pub(super) fn fault_of(reading: &Reading, bytes: &[u8]) -> Option<(Unreadable, String)> {
    let (reason, detail) = quality::fault(reading)?;
    let is_office = matches!(reading.format, Format::Docx | Format::Pptx);
    if reason == Unreadable::Empty && is_office && archive::holds_media(bytes) {
        return Some((Unreadable::ImageOnly, "pictures without text".to_owned()));
    }
    Some((reason, detail))
}

fn unreadable(format: Format, reason: Unreadable, detail: String) -> Extracted {
    Extracted { format, outcome: Outcome::Unreadable { reason, detail }, members: Vec::new(), pictures: Vec::new() }
}

fn unsupported(kind: String) -> Extracted {
    Extracted {
        format: Format::Other,
        outcome: Outcome::Unsupported { kind },
        members: Vec::new(),
        pictures: Vec::new(),
    }
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
