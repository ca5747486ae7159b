//! Which format are these bytes in? Asked of the bytes; the name only decides between formats that look alike inside.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::encoding;
use super::magic::{self, Mark};
use super::ole::Ole;
use super::sniff_text;
use crate::domain::reading::Format;

/// What to do with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Hand them to the reader of this format.
    Readable(Format),
    /// A picture, with its short name.
    Picture(&'static str),
    /// An office document behind a password.
    Locked(Format),
    /// Known by this short name, not read.
    Unread(&'static str),
    /// Neither text nor any format in the tables.
    Unknown,
    Empty,
}

const PDF_MARK_WITHIN: usize = 1024;
const ZIP_MARKS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
const OLE_MARK: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// `winmail.dat`, a mail of Outlook on its way.
const TNEF_MARK: &[u8] = b"\x78\x9f\x3e\x22";
const CONTENT_TYPES_BYTES_MAX: u64 = 1 << 20;

pub(super) fn sniff(bytes: &[u8], name: &str) -> Kind {
    if bytes.is_empty() {
        return Kind::Empty;
    }
    let extension = extension(name);
    let start = &bytes[..bytes.len().min(PDF_MARK_WITHIN)];
    if start.windows(5).any(|window| window == b"%PDF-") && !looks_like_mail_or_page(start) {
        return Kind::Readable(Format::Pdf);
    }
    if ZIP_MARKS.iter().any(|mark| bytes.starts_with(mark)) {
        return sniff_zip(bytes, &extension);
    }
    if bytes.starts_with(OLE_MARK) {
        return sniff_ole(bytes, &extension);
    }
    if start.trim_ascii_start().starts_with(b"{\\rtf") {
        return Kind::Readable(Format::Rtf);
    }
    if is_bmp(bytes) {
        return Kind::Picture("bmp");
    }
    if bytes.starts_with(TNEF_MARK) {
        return Kind::Readable(Format::Msg);
    }
    match magic::mark(bytes) {
        Some(Mark::Picture(kind)) => return Kind::Picture(kind),
        Some(Mark::Unread(kind)) => return Kind::Unread(kind),
        None => {}
    }
    if matches!(extension.as_str(), "p7m" | "p7s") {
        return Kind::Unread("p7m");
    }
    if encoding::is_text(bytes) { sniff_text::sniff(bytes, &extension) } else { Kind::Unknown }
}

/// The two letters of a Windows bitmap begin many a text: the length of its second header tells.
fn is_bmp(bytes: &[u8]) -> bool {
    let known = |head: &[u8]| matches!(head, [12 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]);
    bytes.starts_with(b"BM") && bytes.get(14..18).is_some_and(known)
}

/// The name's extension in lower case, without the dot; empty if there is none.
pub(super) fn extension(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match last.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 12 => extension.to_ascii_lowercase(),
        Some(_) | None => String::new(),
    }
}

/// A mail or page may quote a PDF's first line within its first kilobyte.
fn looks_like_mail_or_page(start: &[u8]) -> bool {
    let first = start.trim_ascii_start().first();
    let printable = start.iter().all(|b| (0x20..0x7f).contains(b) || b.is_ascii_whitespace());
    printable
        && !start.trim_ascii_start().starts_with(b"%PDF-")
        && first.is_some_and(|b| b.is_ascii_alphabetic() || *b == b'<')
}

fn sniff_zip(bytes: &[u8], extension: &str) -> Kind {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        // Its reader will find it damaged; the name says which reader's matter that is.
        return Kind::Readable(by_office_extension(extension).unwrap_or(Format::Zip));
    };
    let types = small_member(&mut archive, "[Content_Types].xml");
    if let Some(kind) = types.and_then(|types| by_content_types(&types)) {
        return kind;
    }
    let mimetype = small_member(&mut archive, "mimetype");
    if let Some(kind) = mimetype.and_then(|mimetype| by_mimetype(mimetype.trim())) {
        return kind;
    }
    let has = |path: &str| archive.index_for_name(path).is_some();
    let by_path = [
        ("word/document.xml", Kind::Readable(Format::Docx)),
        ("xl/workbook.xml", Kind::Readable(Format::Xlsx)),
        ("xl/workbook.bin", Kind::Readable(Format::Xlsb)),
        ("ppt/presentation.xml", Kind::Readable(Format::Pptx)),
        ("FixedDocSeq.fdseq", Kind::Unread("xps")),
        ("META-INF/MANIFEST.MF", Kind::Unread("jar")),
        ("Index/Document.iwa", Kind::Unread("iwork")),
    ];
    by_path.iter().find(|(path, _)| has(path)).map_or(Kind::Readable(Format::Zip), |(_, kind)| *kind)
}

fn small_member(archive: &mut ZipArchive<Cursor<&[u8]>>, path: &str) -> Option<String> {
    let index = archive.index_for_name(path)?;
    let mut bytes = Vec::new();
    archive.by_index(index).ok()?.take(CONTENT_TYPES_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The main part's type, in every flavour: template, macros, show.
fn by_content_types(types: &str) -> Option<Kind> {
    let types = types.to_ascii_lowercase();
    let has_main = |family: &str| {
        types
            .match_indices(family)
            .any(|(at, _)| types[at..].split('"').next().is_some_and(|rest| rest.contains("main+xml")))
    };
    if types.contains("ms-excel.sheet.binary.macroenabled.main") {
        Some(Kind::Readable(Format::Xlsb))
    } else if has_main("wordprocessingml.") || has_main("ms-word.") {
        Some(Kind::Readable(Format::Docx))
    } else if has_main("spreadsheetml.") || has_main("ms-excel.") {
        Some(Kind::Readable(Format::Xlsx))
    } else if has_main("presentationml.") || has_main("ms-powerpoint.") {
        Some(Kind::Readable(Format::Pptx))
    } else if types.contains("ms-visio.") {
        Some(Kind::Unread("vsdx"))
    } else {
        None
    }
}

fn by_mimetype(mimetype: &str) -> Option<Kind> {
    match mimetype {
        "application/epub+zip" => Some(Kind::Unread("epub")),
        odf if odf.starts_with("application/vnd.oasis.opendocument.text") => Some(Kind::Readable(Format::Odt)),
        odf if odf.starts_with("application/vnd.oasis.opendocument.spreadsheet") => Some(Kind::Readable(Format::Ods)),
        odf if odf.starts_with("application/vnd.oasis.opendocument.presentation") => Some(Kind::Readable(Format::Odp)),
        odf if odf.starts_with("application/vnd.oasis.opendocument.") => Some(Kind::Unread("odg")),
        _ => None,
    }
}

fn by_office_extension(extension: &str) -> Option<Format> {
    match extension {
        "docx" | "docm" | "dotx" | "dotm" => Some(Format::Docx),
        "xlsx" | "xlsm" | "xltx" | "xltm" => Some(Format::Xlsx),
        "pptx" | "pptm" | "potx" | "ppsx" => Some(Format::Pptx),
        "xlsb" => Some(Format::Xlsb),
        "odt" | "ott" => Some(Format::Odt),
        "ods" | "ots" => Some(Format::Ods),
        "odp" | "otp" => Some(Format::Odp),
        _ => None,
    }
}

/// The old office container is told by the names of its streams. Entries of its directory lie at multiples of 128.
fn sniff_ole(bytes: &[u8], extension: &str) -> Kind {
    const STREAMS: [(&str, &str, Kind); 7] = [
        ("__properties_version1.0", "msg", Kind::Readable(Format::Msg)),
        ("WordDocument", "doc", Kind::Readable(Format::Doc)),
        ("PowerPoint Document", "ppt", Kind::Readable(Format::Ppt)),
        ("Workbook", "xls", Kind::Readable(Format::Xls)),
        ("Book", "xls", Kind::Readable(Format::Xls)),
        ("VisioDocument", "vsd", Kind::Unread("vsd")),
        ("Catalog", "thumbs", Kind::Unread("thumbs")),
    ];
    // Streams at the top are what counts; a broken container is searched for any.
    let ole = Ole::open(bytes).ok();
    let has = |name: &str| ole.as_ref().map_or_else(|| has_ole_entry(bytes, name), |ole| ole.has(name));
    if has("EncryptedPackage") {
        return Kind::Locked(by_office_extension(extension).unwrap_or(Format::Other));
    }
    let found: Vec<(&str, Kind)> =
        STREAMS.iter().filter(|(name, ..)| has(name)).map(|(_, short, kind)| (*short, *kind)).collect();
    // A document may embed another kind; then the name decides.
    let by_name = found.iter().find(|(short, _)| *short == extension);
    by_name.or(found.first()).map_or(Kind::Unread("ole"), |(_, kind)| *kind)
}

fn has_ole_entry(bytes: &[u8], name: &str) -> bool {
    let wanted: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    bytes.chunks_exact(128).skip(4).any(|entry| entry.starts_with(&wanted))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use zip::write::SimpleFileOptions;

    fn zip_of(members: &[(&str, &str)]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(text.as_bytes()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn content_types(main: &str) -> Vec<u8> {
        let types = format!(r#"<Types><Override PartName="/x" ContentType="application/{main}"/></Types>"#);
        zip_of(&[("[Content_Types].xml", &types), ("x", "")])
    }

    fn ole_of(names: &[&str]) -> Vec<u8> {
        let mut bytes = [OLE_MARK, &[0; 504]].concat();
        for name in names {
            let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            entry.resize(128, 0);
            bytes.extend_from_slice(&entry);
        }
        bytes
    }

    #[test]
    fn packages_are_told_by_what_is_in_them() {
        let office = "vnd.openxmlformats-officedocument";
        for (case, bytes, name, wanted) in [
            (
                "docx",
                content_types(&format!("{office}.wordprocessingml.document.main+xml")),
                "a.zip",
                Kind::Readable(Format::Docx),
            ),
            ("docm", content_types("vnd.ms-word.document.macroEnabled.main+xml"), "", Kind::Readable(Format::Docx)),
            (
                "xlsx",
                content_types(&format!("{office}.spreadsheetml.sheet.main+xml")),
                "a.docx",
                Kind::Readable(Format::Xlsx),
            ),
            ("xlsb", content_types("vnd.ms-excel.sheet.binary.macroEnabled.main"), "", Kind::Readable(Format::Xlsb)),
            (
                "ppsx",
                content_types(&format!("{office}.presentationml.slideshow.main+xml")),
                "",
                Kind::Readable(Format::Pptx),
            ),
            (
                "only styles",
                content_types(&format!("{office}.wordprocessingml.styles+xml")),
                "",
                Kind::Readable(Format::Zip),
            ),
            ("no types", zip_of(&[("word/document.xml", "")]), "", Kind::Readable(Format::Docx)),
            (
                "odt",
                zip_of(&[("mimetype", "application/vnd.oasis.opendocument.text")]),
                "",
                Kind::Readable(Format::Odt),
            ),
            ("plain zip", zip_of(&[("a.txt", "x")]), "a.docx", Kind::Readable(Format::Zip)),
            ("cut docx", b"PK\x03\x04 and no more".to_vec(), "a.docx", Kind::Readable(Format::Docx)),
            ("cut zip", b"PK\x03\x04 and no more".to_vec(), "a.zip", Kind::Readable(Format::Zip)),
        ] {
            assert_eq!(sniff(&bytes, name), wanted, "{case}");
        }
    }

    #[test]
    fn old_containers_are_told_by_their_streams() {
        for (streams, name, wanted) in [
            (&["Root Entry", "WordDocument"][..], "a.xls", Kind::Readable(Format::Doc)),
            (&["Workbook", "WordDocument"], "a.xls", Kind::Readable(Format::Xls)),
            (&["__properties_version1.0", "WordDocument"], "a", Kind::Readable(Format::Msg)),
            (&["EncryptionInfo", "EncryptedPackage"], "a.xlsx", Kind::Locked(Format::Xlsx)),
            (&["EncryptedPackage"], "a", Kind::Locked(Format::Other)),
            (&["Root Entry"], "a.doc", Kind::Unread("ole")),
        ] {
            assert_eq!(sniff(&ole_of(streams), name), wanted, "{streams:?}");
        }
    }

    #[test]
    fn marks_beat_names() {
        for (bytes, name, wanted) in [
            (&b""[..], "a.docx", Kind::Empty),
            (b"%PDF-1.7\n", "a.txt", Kind::Readable(Format::Pdf)),
            (b"\xef\xbb\xbf\n%PDF-1.4\n%\xe2\xe3", "a", Kind::Readable(Format::Pdf)),
            (b"The file began with %PDF-1.4, said the auditor", "a.txt", Kind::Readable(Format::Text)),
            (b"{\\rtf1\\ansi hello}", "a.doc", Kind::Readable(Format::Rtf)),
            (b"\x78\x9f\x3e\x22\x01\0", "winmail.dat", Kind::Readable(Format::Msg)),
            (b"\xff\xd8\xff\xe0", "scan.pdf", Kind::Picture("jpg")),
            (b"\x30\x82\x10\0\x06\x09", "mail.p7m", Kind::Unread("p7m")),
            (b"\x01\x02\x03\0\x05", "a.txt", Kind::Unknown),
            (b"Seals are checked.", "a.pdf", Kind::Readable(Format::Text)),
        ] {
            assert_eq!(sniff(bytes, name), wanted, "{name}");
        }
    }

    #[test]
    fn extensions() {
        for (name, wanted) in [("a/b.TXT", "txt"), ("a.b/c", ""), (".hidden", ""), ("x.tar.gz", "gz"), ("", "")] {
            assert_eq!(extension(name), wanted);
        }
    }
}
