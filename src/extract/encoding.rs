//! Bytes to text, whatever program on whatever system wrote them.
//!
//! In order: a byte-order mark, UTF-8, UTF-16 without a mark, then a guess that leans to the western encodings, which
//! is what old exports of this trade are in.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// So much of a text is looked at to guess its encoding.
const SAMPLE_BYTES: usize = 64 << 10;
/// Per thousand bytes of the sample, control characters that a text may have (form feeds, a stray escape).
const CONTROLS_PER_MILLE_MAX: usize = 5;
/// The guess knows countries by their domain; this one stands for the western languages.
const WESTERN: &[u8] = b"mx";

/// Decodes text; bytes that mean nothing become U+FFFD.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    decode_as(bytes, guess(bytes))
}

/// Decodes text whose encoding is stated, unless a byte-order mark says otherwise.
pub(super) fn decode_as<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Cow<'a, str> {
    encoding.decode(bytes).0
}

/// The encoding that the text is most likely in.
pub(super) fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    let sample = sample(bytes);
    if let Some(encoding) = unmarked_utf16(sample) {
        return encoding;
    }
    if is_nearly_utf8(sample) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    detector.guess(Some(WESTERN), Utf8Detection::Deny)
}

/// The encoding that a document names, if there is such a one.
pub(super) fn by_label(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.trim().as_bytes())
}

/// The encoding behind a number of Windows.
pub(super) fn code_page(number: u16) -> &'static Encoding {
    match number {
        932 => encoding_rs::SHIFT_JIS,
        936 => encoding_rs::GBK,
        949 => encoding_rs::EUC_KR,
        950 => encoding_rs::BIG5,
        866 => encoding_rs::IBM866,
        1200 => UTF_16LE,
        10_000 => encoding_rs::MACINTOSH,
        65_001 => UTF_8,
        other => Encoding::for_label(format!("windows-{other}").as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252),
    }
}

/// True if the bytes are text in some encoding rather than a binary format.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let sample = sample(bytes);
    if Encoding::for_bom(sample).is_some() || unmarked_utf16(sample).is_some() {
        return true;
    }
    let is_control = |b: &&u8| matches!(**b, 0..=8 | 0xe..=0x1a | 0x1c..=0x1f | 0x7f);
    let controls = sample.iter().filter(is_control).count();
    !sample.contains(&0) && controls * 1_000 <= sample.len() * CONTROLS_PER_MILLE_MAX
}

fn sample(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(SAMPLE_BYTES)]
}

/// UTF-16 text of western languages has a zero in nearly every other byte, on one side only.
fn unmarked_utf16(sample: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = sample.as_chunks::<2>();
    if pairs.len() < 4 {
        return None;
    }
    let high_zeros = pairs.iter().filter(|pair| pair[0] == 0 && pair[1] != 0).count();
    let low_zeros = pairs.iter().filter(|pair| pair[1] == 0 && pair[0] != 0).count();
    let most = pairs.len() * 7 / 10;
    let few = pairs.len() / 50;
    match (high_zeros, low_zeros) {
        (high, low) if low > most && high <= few => Some(UTF_16LE),
        (high, low) if high > most && low <= few => Some(UTF_16BE),
        _ => None,
    }
}

/// Valid, cut inside a character, or with a few broken ones among many good ones.
fn is_nearly_utf8(sample: &[u8]) -> bool {
    let mut good = 0_usize;
    let mut broken = 0_usize;
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xc0).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    let cut_at_the_end = sample.len() == SAMPLE_BYTES && broken == 1;
    broken == 0 || cut_at_the_end || broken * 20 < good
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1252;

    use super::*;

    const SPANISH: &str = "Revisión de cámaras: el guardia anotó el número de sello en la bitácora. ¿Quién firmó?";

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn every_common_encoding_gives_the_same_text() {
        let with_mark = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        for (case, bytes) in [
            ("utf-8", SPANISH.as_bytes().to_vec()),
            ("utf-8 with mark", with_mark(b"\xef\xbb\xbf", SPANISH.into())),
            ("utf-16le with mark", with_mark(b"\xff\xfe", utf16(SPANISH, true))),
            ("utf-16be with mark", with_mark(b"\xfe\xff", utf16(SPANISH, false))),
            ("utf-16le", utf16(SPANISH, true)),
            ("utf-16be", utf16(SPANISH, false)),
            ("windows-1252", WINDOWS_1252.encode(SPANISH).0.into_owned()),
        ] {
            assert!(is_text(&bytes), "{case}");
            assert_eq!(decode(&bytes), SPANISH, "{case}");
        }
    }

    #[test]
    fn one_broken_byte_does_not_change_the_encoding() {
        let bytes = [SPANISH.repeat(9).as_bytes(), b"\xff", SPANISH.as_bytes()].concat();
        assert_eq!(guess(&bytes), UTF_8);
    }

    #[test]
    fn short_western_text_is_western() {
        for (bytes, text) in [(&b"Se\xf1al"[..], "Señal"), (b"caf\xe9", "café"), (b"99 \x80", "99 €")] {
            assert_eq!(decode(bytes), text);
        }
    }

    #[test]
    fn binary_is_not_text() {
        for bytes in [&b"\x7fELF\x02\x01\x01\0\0\0\0\0"[..], b"MZ\x90\0\x03\0\0\0", &[1, 2, 3, 4, 5, 6]] {
            assert!(!is_text(bytes), "{bytes:?}");
        }
    }
}
