//! Pictures: what the camera wrote into them. The text in the picture itself is the matter of text recognition.

use super::exif::{self, Exif};
use super::gather::Gather;
use super::limits::Limits;
use crate::domain::reading::{Format, Photo, Place, Properties, Reading};

const HERE: Place = Place::Paragraph(1);

/// Pictures that are decoded for text recognition. Of the others only what the camera wrote is read.
const DECODED: [&str; 6] = ["jpg", "png", "tiff", "webp", "gif", "bmp"];

/// Reads what a picture says of itself, and the numbers of its pages, whose text is a matter of text recognition.
pub(super) fn read(bytes: &[u8], kind: &str, limits: &Limits) -> (Reading, Vec<u32>) {
    let exif = exif::find(bytes).map(Exif::read).unwrap_or_default();
    let fields = [
        ("date taken", &exif.taken),
        ("position", &exif.position),
        ("description", &exif.description),
        ("comment", &exif.comment),
    ];
    let mut gather = Gather::new(limits);
    if fields.iter().any(|(_, value)| value.is_some()) {
        for (label, value) in fields.into_iter().chain([("camera", &exif.camera), ("software", &exif.software)]) {
            if let Some(value) = value {
                gather.field(HERE, label, value);
            }
        }
    }
    let (passages, truncated) = gather.finish();
    let frames = frames(bytes, kind, limits);
    let is_photo = exif.camera.is_some() || exif.position.is_some();
    let photo = is_photo.then(|| Box::new(Photo { camera: exif.camera, position: exif.position }));
    let properties = Properties {
        photo,
        title: exif.description,
        author: exif.artist,
        generator: exif.software,
        created: exif.taken,
        page_count: (kind == "tiff").then_some(frames.max(1)),
        ..Properties::default()
    };
    (Reading { format: Format::Image, properties, sheets: Vec::new(), passages, truncated }, (1..=frames).collect())
}

/// How many pictures the file holds; of an animation only the first is looked at.
fn frames(bytes: &[u8], kind: &str, limits: &Limits) -> u32 {
    match kind {
        "tiff" => u32::try_from(exif::tables(bytes, limits.pages).len()).unwrap_or(limits.pages),
        kind if DECODED.contains(&kind) => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::open;
    use super::*;
    use crate::domain::reading::{Outcome, Unreadable};
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
