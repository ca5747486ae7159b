//! ZIP archives: members as child documents, each through the same door as a file.
//!
//! What a header claims is never believed: bytes are counted as they are unpacked, against the member's own limit, the
//! ratio, and what is left for the whole file. A member that fails is named and the next one opened; only limits of
//! the whole end the archive.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::clean;
use super::limits::{Limits, ReadError};
use super::open::{Container, Opening, closed_member};
use crate::domain::reading::{Format, Member, Outcome, Properties, Reading, Unreadable};

/// Tightly packed members below this size are no bomb.
const RATIO_FREE_BYTES: u64 = 1 << 20;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

pub(super) fn read(bytes: &[u8], opening: &mut Opening<'_>) -> Result<Container, ReadError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut members = Vec::new();
    let mut fault = None;
    for index in 0..archive.len() {
        let Some((name, packed)) = entry(&mut archive, index) else { continue };
        if let Err(error) = opening.admit() {
            fault = Some(error);
            break;
        }
        match unpack(&mut archive, index, packed.len() as u64, opening) {
            Ok(bytes) => members.push(opening.member(name, &bytes)),
            Err(Stop::Member(error)) => members.push(closed_member(name, &packed, error)),
            Err(Stop::Archive(error)) => {
                fault = Some(error);
                break;
            }
        }
    }
    let fault = fault.or_else(|| all_locked(&members).then(|| opening.passwords().locked()));
    let reading = Reading {
        format: Format::Zip,
        properties: Properties::default(),
        sheets: Vec::new(),
        passages: Vec::new(),
        truncated: false,
    };
    Ok(Container { reading, members, fault, pictures: Vec::new() })
}

/// True if an office package holds pictures or other media.
pub(super) fn holds_media(bytes: &[u8]) -> bool {
    ZipArchive::new(Cursor::new(bytes))
        .is_ok_and(|archive| archive.file_names_raw().any(|name| name.windows(7).any(|part| part == b"/media/")))
}

enum Stop {
    Member(ReadError),
    Archive(ReadError),
}

/// The name and the packed bytes of an entry that is a document; `None` for folders, links and litter.
fn entry(archive: &mut Archive<'_>, index: usize) -> Option<(String, Vec<u8>)> {
    let mut entry = archive.by_index_raw(index).ok()?;
    if entry.is_dir() || entry.is_symlink() {
        return None;
    }
    // Programs forget to set the flag for UTF-8 more often than they use bytes that look like it by chance.
    let name = match std::str::from_utf8(entry.name_raw()) {
        Ok(name) => name.to_owned(),
        Err(_) => entry.name().map_or_else(|_| "unnamed".to_owned(), std::borrow::Cow::into_owned),
    };
    let name = clean::member_name(&name);
    if is_litter(&name) {
        return None;
    }
    let mut packed = Vec::new();
    // Bounded by the archive itself. What is cut short shows when it is unpacked.
    let _ = entry.read_to_end(&mut packed);
    Some((name, packed))
}

fn is_litter(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    name.starts_with("__MACOSX/")
        || file.starts_with("~$")
        || file.starts_with("._")
        || matches!(file, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

/// Unpacks a member, with the listed passwords if it is locked.
fn unpack(archive: &mut Archive<'_>, index: usize, packed: u64, opening: &Opening<'_>) -> Result<Vec<u8>, Stop> {
    match take(archive.by_index(index), packed, opening) {
        Err(Stop::Member(error)) if error.reason == Unreadable::Encrypted => {}
        other => return other,
    }
    // A wrong password may pass the first test of it; the checksum at the end then fails.
    let mut passwords = opening.passwords().iter();
    let opened = passwords.find_map(|password| {
        match take(archive.by_index_decrypt(index, password.as_bytes()), packed, opening) {
            Err(Stop::Member(_)) => None,
            other => Some(other),
        }
    });
    opened.unwrap_or_else(|| Err(Stop::Member(opening.passwords().locked())))
}

/// The bytes of an opened member, as far as the limits let them.
fn take<R: Read>(entry: Result<R, ZipError>, packed: u64, opening: &Opening<'_>) -> Result<Vec<u8>, Stop> {
    let entry = entry.map_err(|error| Stop::Member(damaged(&error)))?;
    let limits = opening.limits();
    let size_max = member_bytes_max(limits);
    let ratio_max = packed.saturating_mul(limits.ratio).max(RATIO_FREE_BYTES);
    let most = size_max.min(ratio_max).min(opening.bytes_left());
    let mut bytes = Vec::new();
    let read = entry.take(most.saturating_add(1)).read_to_end(&mut bytes);
    let size = bytes.len() as u64;
    if size > opening.bytes_left() {
        let mib = limits.member_bytes >> 20;
        return Err(Stop::Archive(ReadError::bomb(format!("more than {mib} MiB unpacked"))));
    }
    if size > ratio_max {
        let detail = format!("packed more than {} to 1", limits.ratio);
        return Err(Stop::Member(ReadError::bomb(detail)));
    }
    if size > size_max {
        return Err(Stop::Member(ReadError::too_large(format!("more than {} MiB", size_max >> 20))));
    }
    read.map_err(|error| Stop::Member(ReadError::damaged(format!("could not be unpacked: {error}"))))?;
    Ok(bytes)
}

/// A member lies in memory beside the archive, and its reader needs room as well.
fn member_bytes_max(limits: &Limits) -> u64 {
    limits.file_bytes.min(limits.memory_bytes / 4)
}

fn damaged(error: &ZipError) -> ReadError {
    match error {
        ZipError::UnsupportedArchive(text) if *text == ZipError::PASSWORD_REQUIRED => {
            ReadError::encrypted("needs a password")
        }
        ZipError::UnsupportedArchive(text) => ReadError::damaged(format!("packed in an unusual way: {text}")),
        ZipError::InvalidPassword => ReadError::encrypted("needs a password"),
        _ => ReadError::damaged("not a whole zip archive"),
    }
}

/// An archive of which nothing can be opened without a password is itself behind one.
fn all_locked(members: &[Member]) -> bool {
    let is_locked = |member: &Member| {
        matches!(member.extracted.outcome, Outcome::Unreadable { reason: Unreadable::Encrypted, .. })
            && member.extracted.format == Format::Other
    };
    !members.is_empty() && members.iter().all(is_locked)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::open;
    use super::*;
    use crate::domain::reading::Extracted;
    use zip::write::SimpleFileOptions;

    fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn lines(extracted: &Extracted, at: &str, out: &mut Vec<String>) {
        let outcome = match &extracted.outcome {
            Outcome::Read(reading) => reading.passages.first().map_or("read".to_owned(), |first| first.text.clone()),
            Outcome::Unreadable { reason, .. } => reason.to_string(),
            other => format!("{other:?}"),
        };
        out.push(format!("{at}: {outcome}"));
        for member in &extracted.members {
            lines(&member.extracted, &format!("{at}!{}", member.name), out);
        }
    }

    fn opened(bytes: &[u8], limits: &Limits) -> Vec<String> {
        let mut out = Vec::new();
        lines(&open::read(bytes, "a.zip", limits), "a", &mut out);
        out
    }

    #[test]
    fn members_are_documents() {
        let inner = zip_of(&[("seal.txt", b"Seal checked")]);
        let bytes = zip_of(&[
            ("logs/visitor.txt", b"Visitor signed"),
            ("logs/inner.zip", &inner),
            ("../../evil.txt", b"Climbing"),
            ("__MACOSX/._x", b"litter"),
            ("empty.txt", b""),
        ]);
        assert_eq!(
            opened(&bytes, &Limits::default()),
            [
                "a: read",
                "a!logs/visitor.txt: Visitor signed",
                "a!logs/inner.zip: read",
                "a!logs/inner.zip!seal.txt: Seal checked",
                "a!evil.txt: Climbing",
                "a!empty.txt: empty",
            ]
        );
    }

    #[test]
    fn every_limit_ends_what_it_should() {
        let zeros = vec![b' '; 3 << 20];
        let bomb = zip_of(&[("bomb.txt", &zeros), ("b.txt", b"fine")]);
        let deep = (0..4).fold(zip_of(&[("a.txt", b"deep")]), |inner, _| zip_of(&[("i.zip", &inner)]));
        let many = zip_of(&[("a.txt", b"one"), ("b.txt", b"two"), ("c.txt", b"three")]);
        let limits = Limits::default();
        for (case, bytes, limits, wanted) in [
            ("ratio", &bomb, limits, vec!["a: read", "a!bomb.txt: bomb", "a!b.txt: fine"]),
            ("count", &many, Limits { members: 2, ..limits }, vec!["a: bomb", "a!a.txt: one", "a!b.txt: two"]),
            ("sum", &many, Limits { member_bytes: 7, ..limits }, vec!["a: bomb", "a!a.txt: one", "a!b.txt: two"]),
            (
                "size",
                &many,
                Limits { file_bytes: 4, ..limits },
                vec!["a: read", "a!a.txt: one", "a!b.txt: two", "a!c.txt: too-large"],
            ),
            (
                "depth",
                &deep,
                Limits { depth: 2, ..limits },
                vec!["a: read", "a!i.zip: read", "a!i.zip!i.zip: read", "a!i.zip!i.zip!i.zip: bomb"],
            ),
        ] {
            assert_eq!(opened(bytes, &limits), wanted, "{case}");
        }
    }

    #[test]
    fn every_cut_archive_is_damaged_or_read() {
        let bytes = zip_of(&[("a.txt", b"Seals are checked at the gate"), ("b.txt", b"and logged")]);
        for length in 4..bytes.len() {
            assert_eq!(opened(&bytes[..length], &Limits::default())[0], "a: damaged", "{length}");
        }
    }

    #[test]
    fn a_member_with_flipped_bytes_costs_itself() {
        let mut bytes = zip_of(&[("a.txt", b"Seals are checked at the gate"), ("b.txt", b"Visitors are logged")]);
        bytes[40] ^= 0xff;
        let lines = opened(&bytes, &Limits::default());
        assert_eq!(lines[1..], ["a!a.txt: damaged", "a!b.txt: Visitors are logged"]);
    }
}
