//! The properties that old office files carry: title, author, dates, program.

use super::clean;
use super::ole::{Ole, u16_at, u32_at, utf16};
use crate::domain::reading::Properties;

const PROPERTY_BYTES_MAX: usize = 1_000;
const PROPERTIES_MAX: usize = 200;
/// Between 1601, where file times begin, and 1970, in seconds.
const EPOCH_SECONDS: i64 = 11_644_473_600;

pub(super) fn read(ole: &Ole<'_>) -> Properties {
    let Some(stream) = ole.stream("\u{5}SummaryInformation") else { return Properties::default() };
    let set = Set::open(&stream);
    Properties {
        title: set.text(2),
        subject: set.text(3),
        author: set.text(4),
        generator: set.text(18),
        created: set.time(12),
        modified: set.time(13),
        page_count: set.number(14).filter(|pages| *pages > 0),
        ..Properties::default()
    }
}

/// A set of numbered properties.
struct Set<'s> {
    bytes: &'s [u8],
    code_page: u16,
}

impl<'s> Set<'s> {
    fn open(stream: &'s [u8]) -> Self {
        let start = u32_at(stream, 44).unwrap_or(0) as usize;
        let mut set = Self { bytes: stream.get(start..).unwrap_or_default(), code_page: 1252 };
        if let Some(page) = set.value(1).and_then(|value| u16_at(value, 4)) {
            set.code_page = page;
        }
        set
    }

    /// The value of a property: its type in four bytes, then its bytes.
    fn value(&self, wanted: u32) -> Option<&'s [u8]> {
        let count = (u32_at(self.bytes, 4)? as usize).min(PROPERTIES_MAX);
        let slot = (0..count).map(|index| 8 + 8 * index).find(|at| u32_at(self.bytes, *at) == Some(wanted))?;
        self.bytes.get(u32_at(self.bytes, slot + 4)? as usize..)
    }

    fn text(&self, id: u32) -> Option<String> {
        let value = self.value(id)?;
        let length = u32_at(value, 4)? as usize;
        let rest = value.get(8..)?;
        let text = match u16_at(value, 0)? {
            0x1e if self.code_page != 1200 => super::encoding::code_page(self.code_page)
                .decode_without_bom_handling(&rest[..rest.len().min(length)])
                .0
                .into_owned(),
            0x1e => utf16(&rest[..rest.len().min(length)]),
            0x1f => utf16(&rest[..rest.len().min(length.saturating_mul(2))]),
            _ => return None,
        };
        let text = clean::one_line(text.split('\0').next().unwrap_or_default(), PROPERTY_BYTES_MAX);
        (!text.is_empty()).then_some(text)
    }

    fn number(&self, id: u32) -> Option<u32> {
        self.value(id).filter(|value| u16_at(value, 0) == Some(3)).and_then(|value| u32_at(value, 4))
    }

    fn time(&self, id: u32) -> Option<String> {
        let value = self.value(id).filter(|value| u16_at(value, 0) == Some(0x40))?;
        file_time(value.get(4..)?)
    }
}

/// A count of 100 nanoseconds since 1601, as ISO text.
pub(super) fn file_time(bytes: &[u8]) -> Option<String> {
    let ticks = i64::from_le_bytes(*bytes.first_chunk()?);
    let seconds = (ticks / 10_000_000).checked_sub(EPOCH_SECONDS)?;
    let then = jiff::Timestamp::from_second(seconds).ok()?;
    // An empty time stands for no time.
    (seconds > 0).then(|| then.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::ole::build;
    use super::*;

    fn stream(properties: &[(u32, Vec<u8>)]) -> Vec<u8> {
        let mut stream = vec![0; 48];
        stream[44..48].copy_from_slice(&48_u32.to_le_bytes());
        let mut at = 8 + 8 * u32::try_from(properties.len()).unwrap();
        let mut slots = [0_u32.to_le_bytes(), u32::try_from(properties.len()).unwrap().to_le_bytes()].concat();
        let mut values = Vec::new();
        for (id, value) in properties {
            slots.extend([id.to_le_bytes(), at.to_le_bytes()].concat());
            at += u32::try_from(value.len()).unwrap();
            values.extend_from_slice(value);
        }
        [stream, slots, values].concat()
    }

    #[test]
    fn properties_are_read_in_their_code_page() {
        let text =
            |bytes: &[u8]| [b"\x1e\0\0\0", &u32::try_from(bytes.len()).unwrap().to_le_bytes()[..], bytes].concat();
        let ticks: i64 = (1_775_000_000 + EPOCH_SECONDS) * 10_000_000;
        let set = stream(&[
            (1, b"\x02\0\0\0\xe4\x04\0\0".to_vec()),
            (2, text(b"Revisi\xf3n\0")),
            (12, [&b"\x40\0\0\0"[..], &ticks.to_le_bytes()].concat()),
        ]);
        let bytes = build::ole(&[("\u{5}SummaryInformation", &set)]);
        let properties = read(&Ole::open(&bytes).unwrap());
        assert_eq!(properties.title.as_deref(), Some("Revisión"));
        assert_eq!(properties.created.as_deref(), Some("2026-03-31T23:33:20Z"));
        assert_eq!(properties.author, None);
    }

    #[test]
    fn no_time_is_no_date() {
        for bytes in [&[0; 8][..], &[0xff; 8], &[1, 2]] {
            assert_eq!(file_time(bytes), None);
        }
    }
}
