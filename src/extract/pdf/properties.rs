//! The Info dictionary as properties.
//!
//! Apart because the texts there come in three encodings and the dates in a form of their own.

use hayro_syntax::metadata::Metadata;
use hayro_syntax::object::DateTime;

use crate::domain::reading::Properties;
use crate::extract::gather::clean;

/// What the file says of itself.
pub(super) fn of(metadata: &Metadata) -> Properties {
    Properties {
        title: text(metadata.title.as_deref()),
        author: text(metadata.author.as_deref()),
        subject: text(metadata.subject.as_deref()),
        generator: text(metadata.producer.as_deref()).or_else(|| text(metadata.creator.as_deref())),
        created: metadata.creation_date.as_ref().and_then(iso),
        modified: metadata.modification_date.as_ref().and_then(iso),
        ..Properties::default()
    }
}

/// UTF-16 or UTF-8 by its mark, else one byte a character.
pub(super) fn text(bytes: Option<&[u8]>) -> Option<String> {
    let bytes = bytes?;
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0,
        [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0,
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        _ => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    };
    Some(clean(&text)).filter(|text| !text.is_empty())
}

fn iso(date: &DateTime) -> Option<String> {
    let known = date.year > 0 && (1..=12).contains(&date.month) && (1..=31).contains(&date.day);
    known.then(|| {
        let DateTime { year, month, day, hour, minute, second, .. } = date;
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn info_texts_are_read_in_each_encoding() {
        for (bytes, expected) in [
            (&b"Seal policy"[..], Some("Seal policy")),
            (b"\xfe\xff\0S\0\xed", Some("S\u{ed}")),
            (b"\xff\xfeS\0\xed\0", Some("S\u{ed}")),
            (b"\xef\xbb\xbfS\xc3\xad", Some("S\u{ed}")),
            (b"Pol\xedtica", Some("Pol\u{ed}tica")),
            (b" \0", None),
        ] {
            assert_eq!(text(Some(bytes)).as_deref(), expected);
        }
    }
}
