//! Pictures: what the camera wrote into them. The text in the picture itself is the matter of text recognition.

use super::exif::{self, Exif};
use super::gather::Gather;
use super::limits::{Limits, ReadError};
use crate::domain::reading::{Format, Place, Properties, Reading, Unreadable};

const HERE: Place = Place::Paragraph(1);

/// Reads what a picture says of itself; a picture that says nothing is only a picture.
pub(super) fn read(bytes: &[u8], kind: &str, limits: &Limits) -> Result<Reading, ReadError> {
    let exif = exif::find(bytes).map(Exif::read).unwrap_or_default();
    let fields = [
        ("date taken", &exif.taken),
        ("position", &exif.position),
        ("description", &exif.description),
        ("comment", &exif.comment),
    ];
    if fields.iter().all(|(_, value)| value.is_none()) {
        return Err(ReadError::new(Unreadable::ImageOnly, format!("a picture ({kind})")));
    }
    let mut gather = Gather::new(limits);
    for (label, value) in fields.into_iter().chain([("camera", &exif.camera), ("software", &exif.software)]) {
        if let Some(value) = value {
            gather.field(HERE, label, value);
        }
    }
    let (passages, truncated) = gather.finish();
    let properties = Properties {
        title: exif.description,
        author: exif.artist,
        generator: exif.software,
        created: exif.taken,
        ..Properties::default()
    };
    Ok(Reading { format: Format::Image, properties, sheets: Vec::new(), passages, truncated })
}

#[cfg(test)]
mod tests {
    use super::super::open;
    use super::*;
    use crate::domain::reading::Outcome;
    use crate::extract::exif::build;

    #[test]
    fn a_photo_says_when_and_where() {
        let tiff = build::photo("2026:04:12 09:33:11", "Fence repaired");
        for (kind, bytes) in
            [("jpg", build::jpeg(&tiff)), ("png", build::png(&tiff)), ("webp", build::webp(&tiff)), ("tiff", tiff)]
        {
            let Outcome::Read(reading) = open::read(&bytes, "IMG_0001.jpg", &Limits::default()).outcome else {
                panic!("{kind}");
            };
            assert_eq!(reading.properties.created.as_deref(), Some("2026-04-12T09:33:11"), "{kind}");
            let fields: Vec<&str> = reading.passages.iter().map(|passage| passage.text.as_str()).collect();
            assert_eq!(
                fields,
                [
                    "date taken\t2026-04-12T09:33:11",
                    "position\t19.43260, -99.13320",
                    "description\tFence repaired",
                    "camera\tAcme A1"
                ],
                "{kind}"
            );
        }
    }

    #[test]
    fn a_picture_without_such_words_is_only_a_picture() {
        for bytes in [&b"\xff\xd8\xff\xe0\0\x04ab\xff\xd9"[..], b"\x89PNG\r\n\x1a\n\0\0", b"II*\0\x08\0\0\0\0\0"] {
            let Outcome::Unreadable { reason, .. } = open::read(bytes, "a", &Limits::default()).outcome else {
                panic!("{bytes:?}");
            };
            assert_eq!(reason, Unreadable::ImageOnly);
        }
    }
}
