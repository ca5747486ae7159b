//! The marks by which binary formats are known, as a table.

/// What a mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A picture: proof, once its text is recognized.
    Picture(&'static str),
    /// A format that is known and not read.
    Unread(&'static str),
}

/// Offset, bytes, meaning. The first that fits counts.
#[rustfmt::skip]
const MARKS: &[(usize, &[u8], Mark)] = &[
    (0, b"\xff\xd8\xff", Mark::Picture("jpg")),
    (0, b"\x89PNG\r\n\x1a\n", Mark::Picture("png")),
    (0, b"GIF87a", Mark::Picture("gif")),
    (0, b"GIF89a", Mark::Picture("gif")),
    (0, b"II*\0", Mark::Picture("tiff")),
    (0, b"MM\0*", Mark::Picture("tiff")),
    (8, b"WEBP", Mark::Picture("webp")),
    (4, b"ftypheic", Mark::Picture("heic")),
    (4, b"ftypheix", Mark::Picture("heic")),
    (4, b"ftypmif1", Mark::Picture("heic")),
    (4, b"ftypavif", Mark::Picture("avif")),
    (0, b"Rar!\x1a\x07", Mark::Unread("rar")),
    (0, b"7z\xbc\xaf\x27\x1c", Mark::Unread("7z")),
    (0, b"\x1f\x8b\x08", Mark::Unread("gz")),
    (0, b"BZh", Mark::Unread("bz2")),
    (0, b"\xfd7zXZ\0", Mark::Unread("xz")),
    (0, b"\x28\xb5\x2f\xfd", Mark::Unread("zst")),
    (257, b"ustar", Mark::Unread("tar")),
    (0, b"MSCF\0\0\0\0", Mark::Unread("cab")),
    (0, b"!BDN", Mark::Unread("pst")),
    (0, b"AC10", Mark::Unread("dwg")),
    (0, b"8BPS", Mark::Unread("psd")),
    (0, b"%!PS", Mark::Unread("ps")),
    (0, b"\xffWPC", Mark::Unread("wpd")),
    (0, b"\xd7\xcd\xc6\x9a", Mark::Unread("wmf")),
    (40, b" EMF", Mark::Unread("emf")),
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", Mark::Unread("one")),
    (4, b"Standard Jet DB", Mark::Unread("mdb")),
    (4, b"Standard ACE DB", Mark::Unread("accdb")),
    (0, b"SQLite format 3\0", Mark::Unread("sqlite")),
    (4, b"ftypqt", Mark::Unread("mov")),
    (4, b"ftypM4A", Mark::Unread("m4a")),
    (4, b"ftyp", Mark::Unread("mp4")),
    (8, b"AVI ", Mark::Unread("avi")),
    (8, b"WAVE", Mark::Unread("wav")),
    (0, b"\x1a\x45\xdf\xa3", Mark::Unread("mkv")),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Mark::Unread("wmv")),
    (0, b"ID3", Mark::Unread("mp3")),
    (0, b"\xff\xfb", Mark::Unread("mp3")),
    (0, b"OggS", Mark::Unread("ogg")),
    (0, b"fLaC", Mark::Unread("flac")),
    (0, b"\x7fELF", Mark::Unread("elf")),
    (0, b"L\0\0\0\x01\x14\x02\0", Mark::Unread("lnk")),
    (0, b"\xca\xfe\xba\xbe", Mark::Unread("class")),
    (0, b"PAR1", Mark::Unread("parquet")),
    (32_769, b"CD001", Mark::Unread("iso")),
];

/// The meaning of the bytes' mark, if they have a known one.
pub(super) fn mark(bytes: &[u8]) -> Option<Mark> {
    let fits = |offset: usize, mark: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(mark));
    if let Some((_, _, mark)) = MARKS.iter().find(|(offset, mark, _)| fits(*offset, mark)) {
        return Some(*mark);
    }
    // Two-letter marks are too short to be trusted alone: the zeros that follow must be there as well.
    if bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4]) {
        return Some(Mark::Picture("bmp"));
    }
    if bytes.starts_with(b"MZ") && bytes[..bytes.len().min(256)].contains(&0) {
        return Some(Mark::Unread("exe"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_where_they_belong() {
        for (bytes, wanted) in [
            (&b"\xff\xd8\xff\xe0\0\x10JFIF"[..], Some(Mark::Picture("jpg"))),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some(Mark::Picture("webp"))),
            (b"RIFF\x10\0\0\0WAVEfmt ", Some(Mark::Unread("wav"))),
            (b"\0\0\0\x18ftypheic\0\0", Some(Mark::Picture("heic"))),
            (b"\0\0\0\x18ftypisom\0\0", Some(Mark::Unread("mp4"))),
            (b"BM\x10\0\0\0\0\0\0\0\x36", Some(Mark::Picture("bmp"))),
            (b"BMW of the manager is parked inside", None),
            (b"MZ\x90\0\x03\0\0\0", Some(Mark::Unread("exe"))),
            (b"MZ is what the memo starts with", None),
            (b"Rar", None),
            (b"", None),
        ] {
            assert_eq!(mark(bytes), wanted, "{bytes:?}");
        }
    }
}
