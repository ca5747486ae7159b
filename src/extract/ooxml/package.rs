//! The zip package: parts by name, relationships between them, limits while unpacking.
//!
//! Apart from the readers so that every byte that leaves the package is counted in one place: against the ratio of the
//! part, and against the total of the document.

use std::io::{self, BufReader, Cursor, Read};

use zip::ZipArchive;

use super::xml::{Attributes, Visitor, walk};
use crate::extract::limits::{Limits, ReadError};

/// Text packs well: below this size no ratio is held against a part.
const RATIO_FLOOR: u64 = 32 << 20;
/// Compound files (OLE) start so; an office file in one is encrypted.
const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
/// Relationships of one part; a presentation has one for each slide.
const RELATIONS: usize = 20_000;
/// What follows the cells of a sheet is short.
const TAIL_BYTES: usize = 64 << 10;
const BOMB: &str = "a part is packed too tightly";

/// An open package.
pub(in crate::extract) struct Package<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    ratio: u64,
    room: u64,
}

/// One relationship of a part.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::extract) struct Relation {
    pub id: String,
    /// The last word of the type: `header`, `notesSlide`.
    pub kind: String,
    /// The full name of the part it points to.
    pub target: String,
}

impl<'b> Package<'b> {
    pub(in crate::extract) fn open(bytes: &'b [u8], limits: &Limits) -> Result<Self, ReadError> {
        if bytes.starts_with(&COMPOUND) {
            return Err(ReadError::encrypted("needs a password, or is of the format before 2007"));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| ReadError::damaged(error.to_string()))?;
        if archive.len() > usize::try_from(limits.members).unwrap_or(usize::MAX) {
            return Err(ReadError::bomb(format!("{} parts", archive.len())));
        }
        Ok(Self { archive, ratio: limits.ratio, room: limits.member_bytes })
    }

    /// Streams one part through `visitor`. `Ok(false)` if there is no such part or it broke off; what came before stays.
    pub(in crate::extract) fn visit(&mut self, name: &str, visitor: &mut dyn Visitor) -> Result<bool, ReadError> {
        self.stream(name, |part| walk(BufReader::with_capacity(1 << 16, part), visitor))
    }

    /// Streams the end of one part, from the last place where `mark` stands. For what follows a long table: unpacking is
    /// cheap, and what it unpacks has been counted before.
    pub(in crate::extract) fn visit_tail(
        &mut self,
        name: &str,
        mark: &[u8],
        visitor: &mut dyn Visitor,
    ) -> Result<(), ReadError> {
        let room = self.room;
        let mut tail = Vec::new();
        self.stream(name, |part| keep_tail(part, &mut tail))?;
        self.room = room;
        if let Some(at) = tail.windows(mark.len()).rposition(|window| window == mark) {
            walk(&tail[at..], visitor);
        }
        Ok(())
    }

    /// The relationships of a part; none if it has no such file.
    pub(in crate::extract) fn relations(&mut self, part: &str) -> Result<Vec<Relation>, ReadError> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
        let mut relations = Relations { folder, found: Vec::new() };
        self.visit(&name, &mut relations)?;
        Ok(relations.found)
    }

    /// The part that the package names as its main one, else `usual`.
    pub(in crate::extract) fn main_part(&mut self, usual: &str) -> Result<String, ReadError> {
        let relations = self.relations("")?;
        let main = relations.into_iter().find(|relation| relation.kind == "officeDocument");
        Ok(main.map_or_else(|| usual.to_owned(), |relation| relation.target))
    }

    /// Unpacks everything that is XML to nowhere, for readers that unpack by themselves and count nothing.
    pub(in crate::extract) fn check_all(&mut self) -> Result<(), ReadError> {
        let names: Vec<String> = self.archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
        for name in names.iter().filter(|name| !name.contains("/media/")) {
            self.stream(name, |part| io::copy(part, &mut io::sink()).is_ok())?;
        }
        Ok(())
    }

    fn stream(&mut self, name: &str, read: impl FnOnce(&mut Counted<'_>) -> bool) -> Result<bool, ReadError> {
        let Some(index) = self.index_of(name) else { return Ok(false) };
        let Ok(file) = self.archive.by_index(index) else { return Ok(false) };
        if file.encrypted() {
            return Err(ReadError::encrypted("its package is locked with a password"));
        }
        let allowed = file.compressed_size().saturating_mul(self.ratio).max(RATIO_FLOOR).min(self.room);
        if file.size() > allowed {
            return Err(ReadError::bomb(BOMB));
        }
        let mut counted = Counted { inner: Box::new(file), left: allowed, burst: false };
        let done = read(&mut counted);
        self.room = self.room.saturating_sub(allowed - counted.left);
        if counted.burst { Err(ReadError::bomb(BOMB)) } else { Ok(done) }
    }

    /// Part names are compared without case, as the standard says; some writers use backslashes.
    fn index_of(&self, name: &str) -> Option<usize> {
        let exact = self.archive.index_for_name(name);
        exact.or_else(|| {
            let plain = |other: &str| other.trim_start_matches('/').replace('\\', "/");
            (0..self.archive.len()).find(|&index| {
                let other = self.archive.name_for_index(index).and_then(Result::ok);
                other.is_some_and(|other| plain(&other).eq_ignore_ascii_case(name))
            })
        })
    }
}

/// Reads to the end and keeps the last bytes.
fn keep_tail(part: &mut impl Read, tail: &mut Vec<u8>) -> bool {
    let mut chunk = vec![0; TAIL_BYTES];
    loop {
        match part.read(&mut chunk) {
            Ok(0) => return true,
            Ok(length) => {
                tail.extend_from_slice(&chunk[..length]);
                let surplus = tail.len().saturating_sub(TAIL_BYTES);
                if surplus >= TAIL_BYTES {
                    tail.drain(..surplus);
                }
            }
            Err(_) => return false,
        }
    }
}

/// Counts what is unpacked and breaks off at the limit.
struct Counted<'f> {
    inner: Box<dyn Read + 'f>,
    left: u64,
    burst: bool,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if let Some(left) = self.left.checked_sub(read as u64) {
            self.left = left;
            return Ok(read);
        }
        self.burst = true;
        self.left = 0;
        Err(io::Error::other(BOMB))
    }
}

struct Relations<'f> {
    folder: &'f str,
    found: Vec<Relation>,
}

impl Visitor for Relations<'_> {
    fn start(&mut self, name: &str, attributes: &Attributes<'_>) -> bool {
        let external = attributes.get("TargetMode").is_some_and(|mode| mode == "External");
        if name == "Relationship" && !external && self.found.len() < RELATIONS {
            let kind = attributes.get("Type").unwrap_or_default();
            let target = attributes.get("Target").unwrap_or_default();
            self.found.push(Relation {
                id: attributes.get("Id").unwrap_or_default(),
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                target: resolve(self.folder, &target),
            });
        }
        true
    }
}

/// The target as a full part name; `..` never leads out of the package.
fn resolve(folder: &str, target: &str) -> String {
    let base = if target.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for step in base.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            step => parts.push(step),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_resolved_inside_the_package() {
        for (folder, target, full) in [
            ("word", "header1.xml", "word/header1.xml"),
            ("ppt/slides", "../notesSlides/n1.xml", "ppt/notesSlides/n1.xml"),
            ("word", "/word/document.xml", "word/document.xml"),
            ("word", "../../../etc/passwd", "etc/passwd"),
            ("", "word/document.xml", "word/document.xml"),
        ] {
            assert_eq!(resolve(folder, target), full);
        }
    }

    #[test]
    fn a_compound_file_is_encrypted_and_noise_is_damaged() {
        let limits = Limits::default();
        let reason = |bytes: &[u8]| Package::open(bytes, &limits).err().map(|error| error.reason.as_str());
        assert_eq!(reason(&COMPOUND), Some("encrypted"));
        assert_eq!(reason(b"PK\x03\x04 noise"), Some("damaged"));
    }
}
