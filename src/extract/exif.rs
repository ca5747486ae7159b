//! EXIF: the table of tags that cameras write into JPEG, PNG, WebP and TIFF.
//!
//! Own reader: a dozen tags are wanted, and every offset in it comes from the file. Invariant: at most three tables
//! are visited, each entry once.

use super::clean;

const TEXT_BYTES_MAX: usize = 2_000;
const ENTRIES_MAX: u16 = 500;

/// What of a picture's tags matters.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Exif {
    /// ISO date and time, without a zone unless the camera wrote one.
    pub taken: Option<String>,
    /// Latitude and longitude in degrees.
    pub position: Option<String>,
    pub description: Option<String>,
    pub comment: Option<String>,
    pub camera: Option<String>,
    pub software: Option<String>,
    pub artist: Option<String>,
    /// How the camera was held, as the standard numbers it: 1 is upright.
    pub orientation: Option<u8>,
}

/// Where the tables of a TIFF begin, one a page; smaller copies of a page are left out.
pub(super) fn tables(bytes: &[u8], most: u32) -> Vec<u32> {
    let tags = Tags { bytes, little: bytes.starts_with(b"II") };
    let (mut tables, mut visited) = (Vec::new(), Vec::new());
    let mut next = tags.long_at(4);
    while let Some(table) = next.filter(|table| *table >= 8 && !visited.contains(table)) {
        if visited.len() >= most as usize {
            break;
        }
        visited.push(table);
        let Some(count) = tags.short_at(table as usize) else { break };
        if tags.number(table, 0xfe).unwrap_or(0) & 1 == 0 {
            tables.push(table);
        }
        let end = (table as usize).saturating_add(2 + 12 * usize::from(count));
        next = tags.long_at(end);
    }
    tables
}

/// The bytes of the tag table inside a picture.
pub(super) fn find(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.starts_with(b"\xff\xd8") {
        in_jpeg(bytes)
    } else if bytes.starts_with(b"\x89PNG") {
        chunk(bytes, 8, *b"eXIf", Chunks::Png)
    } else if bytes.starts_with(b"RIFF") {
        chunk(bytes, 12, *b"EXIF", Chunks::Riff).map(|found| found.strip_prefix(b"Exif\0\0").unwrap_or(found))
    } else {
        Some(bytes).filter(|bytes| bytes.starts_with(b"II") || bytes.starts_with(b"MM"))
    }
}

/// Segments follow each other until the picture itself begins.
fn in_jpeg(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.get(2..)?;
    loop {
        let [0xff, mark, high, low, ..] = *rest else { return None };
        if mark == 0xff {
            rest = &rest[1..];
            continue;
        }
        if matches!(mark, 0xda | 0xd9) {
            return None;
        }
        let length = usize::from(u16::from_be_bytes([high, low])).max(2);
        let segment = rest.get(4..2 + length)?;
        if let Some(found) = segment.strip_prefix(b"Exif\0\0").filter(|_| mark == 0xe1) {
            return Some(found);
        }
        rest = rest.get(2 + length..)?;
    }
}

#[derive(Clone, Copy)]
enum Chunks {
    Png,
    Riff,
}

fn chunk(bytes: &[u8], start: usize, wanted: [u8; 4], sort: Chunks) -> Option<&[u8]> {
    let mut rest = bytes.get(start..)?;
    loop {
        let head: &[u8; 8] = rest.first_chunk()?;
        let (first, second) = (*head.first_chunk::<4>()?, *head.last_chunk::<4>()?);
        let (name, length, after) = match sort {
            Chunks::Png => (second, u32::from_be_bytes(first), 4),
            Chunks::Riff => (first, u32::from_le_bytes(second), (second[0] & 1).into()),
        };
        let end = 8_usize.checked_add(length as usize)?;
        if name == wanted {
            return rest.get(8..end);
        }
        rest = rest.get(end.checked_add(after)?..)?;
    }
}

/// A table of tags in one byte order.
struct Tags<'b> {
    bytes: &'b [u8],
    little: bool,
}

/// One tag: its type, count and the bytes of its value.
struct Tag<'b> {
    sort: u16,
    count: usize,
    value: &'b [u8],
}

impl Exif {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let tags = Tags { bytes, little: bytes.starts_with(b"II") };
        let Some(main) = tags.long_at(4) else { return Self::default() };
        let sub = tags.number(main, 0x8769).unwrap_or(0);
        let gps = tags.number(main, 0x8825).unwrap_or(0);
        let zone = [0x9011, 0x9010].iter().find_map(|tag| tags.text(sub, *tag)).filter(|zone| is_zone(zone));
        let original = [0x9003, 0x9004].iter().find_map(|tag| tags.text(sub, *tag).and_then(|text| iso(&text)));
        let (make, model) = (tags.text(main, 0x10f), tags.text(main, 0x110));
        Self {
            taken: original.or_else(|| tags.text(main, 0x132).and_then(|text| iso(&text))).map(|time| match zone {
                Some(zone) => time + &zone,
                None => time,
            }),
            position: tags.position(gps),
            description: tags.text(main, 0x10e).or_else(|| tags.wide(main, 0x9c9b)).filter(|text| is_said(text)),
            comment: tags.comment(sub).or_else(|| tags.wide(main, 0x9c9c)).filter(|text| is_said(text)),
            camera: camera(make, model),
            software: tags.text(main, 0x131),
            artist: tags.text(main, 0x13b),
            orientation: tags.tag(main, 0x112).and_then(|tag| tags.first_short(&tag)),
        }
    }
}

impl<'b> Tags<'b> {
    fn short_at(&self, at: usize) -> Option<u16> {
        let two = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    }

    fn long_at(&self, at: usize) -> Option<u32> {
        self.long_in(self.bytes.get(at..)?)
    }

    fn long_in(&self, bytes: &[u8]) -> Option<u32> {
        let four = *bytes.first_chunk()?;
        Some(if self.little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    }

    fn tag(&self, table: u32, wanted: u16) -> Option<Tag<'b>> {
        let table = table as usize;
        if table < 8 {
            return None;
        }
        let count = self.short_at(table)?.min(ENTRIES_MAX);
        let slots = (0..count).filter_map(|index| table.checked_add(2 + 12 * usize::from(index)));
        let at = slots.into_iter().find(|at| self.short_at(*at) == Some(wanted))?;
        let sort = self.short_at(at + 2)?;
        let count = self.long_at(at + 4)? as usize;
        let size = count.checked_mul(match sort {
            3 | 8 => 2,
            4 | 9 | 11 => 4,
            5 | 10 | 12 => 8,
            _ => 1,
        })?;
        let start = if size <= 4 { at + 8 } else { self.long_at(at + 8)? as usize };
        Some(Tag { sort, count, value: self.bytes.get(start..start.checked_add(size)?)? })
    }

    fn number(&self, table: u32, wanted: u16) -> Option<u32> {
        self.tag(table, wanted).filter(|tag| tag.sort == 4 && tag.count == 1).and_then(|tag| self.long_in(tag.value))
    }

    fn first_short(&self, tag: &Tag<'_>) -> Option<u8> {
        let two = *tag.value.first_chunk()?;
        let number = if self.little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) };
        u8::try_from(number).ok().filter(|_| tag.sort == 3)
    }

    fn text(&self, table: u32, wanted: u16) -> Option<String> {
        self.tag(table, wanted).and_then(|tag| line(tag.value))
    }

    /// The tags that file managers write: text of two bytes a character.
    fn wide(&self, table: u32, wanted: u16) -> Option<String> {
        let tag = self.tag(table, wanted)?;
        let text = super::ole::utf16(tag.value);
        Some(clean::one_line(text.trim_matches('\0'), TEXT_BYTES_MAX)).filter(|text| !text.is_empty())
    }

    /// A comment names its encoding in eight bytes.
    fn comment(&self, table: u32) -> Option<String> {
        let value = self.tag(table, 0x9286)?.value;
        let text = value.get(8..)?;
        if !value.starts_with(b"UNICODE") {
            return line(text);
        }
        let encoding = if self.little { encoding_rs::UTF_16LE } else { encoding_rs::UTF_16BE };
        line(encoding.decode(text).0.as_bytes())
    }

    fn position(&self, table: u32) -> Option<String> {
        let latitude = self.degrees(table, 2)? * if self.text(table, 1)? == "S" { -1.0 } else { 1.0 };
        let longitude = self.degrees(table, 4)? * if self.text(table, 3)? == "W" { -1.0 } else { 1.0 };
        let real = latitude.abs() <= 90.0 && longitude.abs() <= 180.0 && (latitude != 0.0 || longitude != 0.0);
        real.then(|| format!("{latitude:.5}, {longitude:.5}"))
    }

    /// Degrees, minutes, seconds, each as a fraction.
    fn degrees(&self, table: u32, wanted: u16) -> Option<f64> {
        let tag = self.tag(table, wanted).filter(|tag| tag.sort == 5 && tag.count == 3)?;
        let part = |index: usize| {
            let above = f64::from(self.long_in(tag.value.get(8 * index..)?)?);
            let below = f64::from(self.long_in(tag.value.get(8 * index + 4..)?)?);
            Some(above / below).filter(|part| part.is_finite())
        };
        Some(part(0)? + part(1)? / 60.0 + part(2).unwrap_or(0.0) / 3600.0)
    }
}

fn line(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    let text = clean::one_line(&super::encoding::decode(bytes), TEXT_BYTES_MAX);
    (!text.is_empty()).then_some(text)
}

/// `2026:04:12 09:33:11` as ISO; a camera whose clock was never set writes zeros.
fn iso(text: &str) -> Option<String> {
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let day = day.replace([':', '/', '.'], "-");
    let parsed: jiff::civil::Date = day.parse().ok()?;
    let time: Option<jiff::civil::Time> = time.trim_end_matches('Z').parse().ok();
    (parsed.year() >= 1990).then(|| time.map_or_else(|| parsed.to_string(), |time| format!("{parsed}T{time}")))
}

fn is_zone(zone: &str) -> bool {
    zone.len() == 6
        && zone.starts_with(['+', '-'])
        && zone.char_indices().skip(1).all(|(at, c)| if at == 3 { c == ':' } else { c.is_ascii_digit() })
}

/// Cameras put their own name or a row of blanks where a person could describe the picture.
fn is_said(text: &str) -> bool {
    let made = [
        "OLYMPUS DIGITAL CAMERA",
        "SONY DSC",
        "MINOLTA DIGITAL CAMERA",
        "KODAK Digital Still Camera",
        "binary comment",
    ];
    text.chars().any(char::is_alphanumeric) && !made.iter().any(|made| text.eq_ignore_ascii_case(made))
}

fn camera(make: Option<String>, model: Option<String>) -> Option<String> {
    match (make, model) {
        (Some(make), Some(model)) if !model.starts_with(make.split(' ').next().unwrap_or_default()) => {
            Some(format!("{make} {model}"))
        }
        (_, Some(model)) => Some(model),
        (make, None) => make,
    }
}

#[cfg(test)]
pub(super) mod build {
    //! Pictures for tests: all tags and no picture.

    fn table(at: u32, tags: &[(u16, u16, &[u8])]) -> Vec<u8> {
        let mut slots = u16::try_from(tags.len()).unwrap().to_le_bytes().to_vec();
        let mut values = Vec::new();
        let values_at = at + 2 + 12 * u32::try_from(tags.len()).unwrap() + 4;
        for (tag, sort, value) in tags {
            let width = match sort {
                4 => 4,
                5 => 8,
                _ => 1,
            };
            slots.extend([tag.to_le_bytes(), sort.to_le_bytes()].concat());
            slots.extend(u32::try_from(value.len() / width).unwrap().to_le_bytes());
            if value.len() <= 4 {
                slots.extend(value.iter().copied().chain([0; 4]).take(4));
            } else {
                slots.extend((values_at + u32::try_from(values.len()).unwrap()).to_le_bytes());
                values.extend_from_slice(value);
            }
        }
        [slots, vec![0; 4], values].concat()
    }

    fn thirds(parts: [u32; 3]) -> Vec<u8> {
        parts.iter().flat_map(|part| [part.to_le_bytes(), 10_000_u32.to_le_bytes()].concat()).collect()
    }

    /// A picture taken in the middle of Mexico City.
    pub(in crate::extract) fn photo(taken: &str, description: &str) -> Vec<u8> {
        let sub_at = 400_u32;
        let gps_at = 600_u32;
        let taken = format!("{taken}\0");
        let (north, west) = (thirds([190_000, 250_000, 573_600]), thirds([990_000, 70_000, 595_200]));
        let main = table(
            8,
            &[
                (0x10e, 2, description.as_bytes()),
                (0x10f, 2, b"Acme\0"),
                (0x110, 2, b"A1\0"),
                (0x8769, 4, &sub_at.to_le_bytes()),
                (0x8825, 4, &gps_at.to_le_bytes()),
            ],
        );
        let mut bytes = [&b"II*\0\x08\0\0\0"[..], &main].concat();
        bytes.resize(sub_at as usize, 0);
        bytes.extend(table(sub_at, &[(0x9003, 2, taken.as_bytes())]));
        bytes.resize(gps_at as usize, 0);
        bytes.extend(table(gps_at, &[(1, 2, b"N\0"), (2, 5, &north), (3, 2, b"W\0"), (4, 5, &west)]));
        bytes
    }

    pub(in crate::extract) fn jpeg(tiff: &[u8]) -> Vec<u8> {
        let length = u16::try_from(tiff.len() + 8).unwrap().to_be_bytes();
        [b"\xff\xd8\xff\xe0\0\x04ab\xff\xe1", &length[..], b"Exif\0\0", tiff, b"\xff\xd9"].concat()
    }

    pub(in crate::extract) fn png(tiff: &[u8]) -> Vec<u8> {
        let length = u32::try_from(tiff.len()).unwrap().to_be_bytes();
        [b"\x89PNG\r\n\x1a\n\0\0\0\x01IHDR.....", &length[..], b"eXIf", tiff, b"...."].concat()
    }

    pub(in crate::extract) fn webp(tiff: &[u8]) -> Vec<u8> {
        let length = u32::try_from(tiff.len()).unwrap().to_le_bytes();
        [b"RIFF\0\0\0\0WEBPVP8X\x01\0\0\0x.EXIF", &length[..], tiff].concat()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_and_cameras() {
        for (text, wanted) in [
            ("2026:04:12 09:33:11", Some("2026-04-12T09:33:11")),
            ("2026-04-12T09:33:11Z", Some("2026-04-12T09:33:11")),
            ("2026:04:12", Some("2026-04-12")),
            ("0000:00:00 00:00:00", None),
            ("1970:01:01 00:00:00", None),
            ("    :  :     :  :  ", None),
        ] {
            assert_eq!(iso(text).as_deref(), wanted, "{text}");
        }
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(camera(said("Canon"), said("Canon EOS 5D")).as_deref(), Some("Canon EOS 5D"));
        assert_eq!(camera(said("Apple"), said("iPhone 15")).as_deref(), Some("Apple iPhone 15"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn changed_bytes_end_without_a_panic(changes in prop::collection::vec((0..900_usize, any::<u8>()), 1..20)) {
            let mut bytes = build::jpeg(&build::photo("2026:04:12 09:33:11", "x"));
            for (at, with) in changes {
                let at = at % bytes.len();
                bytes[at] = with;
            }
            let _ = find(&bytes).map(Exif::read);
        }
    }
}
