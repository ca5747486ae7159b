//! Text to numbers: folded words, and the hashed word and character n-grams of each.
//!
//! A passage's vector is a sum over its words: each word brings its own n-grams, each pair of neighbours one more, and
//! a repeated one counts with the logarithm of its number. So the vector of a word is worked out once a document, and
//! its length is taken as if the n-grams of different words were different, in training and in scoring alike.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Features are hashed into `2^SLOT_BITS` slots.
pub(super) const SLOT_BITS: u32 = 20;
/// Character n-grams of a word, with a space at either end.
const GRAMS: std::ops::RangeInclusive<usize> = 3..=5;
/// Bytes of a word that are looked at; longer ones are rarely words.
const WORD_BYTES: usize = 32;

const WORD_SEED: u64 = 0x9e37_79b9_7f4a_7c15;
const PAIR_SEED: u64 = 0xc2b2_ae3d_27d4_eb4f;
const GRAM_SEED: u64 = 0x1656_67b1_9e37_79f9;
const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// Calls `found` with every word of the text, in order: lower case, accents folded, each run of digits one `0`;
/// words of one letter are left out. With it comes where the word starts and ends in the text.
pub(super) fn words(text: &str, mut found: impl FnMut(&str, std::ops::Range<usize>)) {
    let mut word = String::with_capacity(WORD_BYTES);
    let (mut start, mut at) = (0, 0);
    while let Some(&byte) = text.as_bytes().get(at) {
        let here = at;
        // Most text is ASCII, which needs no decoding, and a letter of which stands for itself.
        if byte.is_ascii() {
            at += 1;
            if byte.is_ascii_alphanumeric() {
                start = if word.is_empty() { here } else { start };
                push_ascii(&mut word, byte.to_ascii_lowercase());
            } else {
                finish(&mut word, start..here, &mut found);
            }
            continue;
        }
        let c = text[at..].chars().next().expect("there is a byte");
        at += c.len_utf8();
        if c.is_alphanumeric() {
            start = if word.is_empty() { here } else { start };
            c.to_lowercase().for_each(|c| decompose_compatible(c, |part| push(&mut word, part)));
        } else if !is_combining_mark(c) {
            finish(&mut word, start..here, &mut found);
        }
    }
    finish(&mut word, start..text.len(), &mut found);
}

fn push(word: &mut String, c: char) {
    if let Ok(byte) = u8::try_from(c)
        && byte.is_ascii()
    {
        push_ascii(word, byte);
    } else if word.len() < WORD_BYTES && !is_combining_mark(c) {
        push_masked(word, c, c.is_numeric());
    }
}

fn push_ascii(word: &mut String, byte: u8) {
    if word.len() < WORD_BYTES {
        push_masked(word, char::from(byte), byte.is_ascii_digit());
    }
}

fn push_masked(word: &mut String, c: char, is_digit: bool) {
    if !is_digit {
        word.push(c);
    } else if !word.ends_with('0') {
        word.push('0');
    }
}

fn finish(word: &mut String, range: std::ops::Range<usize>, found: &mut impl FnMut(&str, std::ops::Range<usize>)) {
    if word.len() >= 2 {
        found(word, range);
    }
    word.clear();
}

/// A word's hash; also the key by which a document remembers it.
pub(super) fn word_hash(word: &str) -> u64 {
    word.bytes().fold(FNV_START, step)
}

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME)
}

/// Spreads a hash over the slots; FNV alone leaves its high bits weak.
fn slot(hash: u64, seed: u64) -> u32 {
    let mut x = hash ^ seed;
    x = (x ^ (x >> 32)).wrapping_mul(WORD_SEED);
    x = (x ^ (x >> 29)).wrapping_mul(PAIR_SEED);
    u32::try_from(x >> (64 - SLOT_BITS)).expect("SLOT_BITS are fewer than 32")
}

pub(super) fn word_slot(word: u64) -> u32 {
    slot(word, WORD_SEED)
}

pub(super) fn pair_slot(before: u64, after: u64) -> u32 {
    slot(before.rotate_left(17).wrapping_mul(FNV_PRIME) ^ after, PAIR_SEED)
}

/// The slots of a word's character n-grams, with repetitions.
pub(super) fn gram_slots(word: &str, mut found: impl FnMut(u32)) {
    let mut bytes = [b' '; WORD_BYTES + 8];
    let length = word.len().min(WORD_BYTES + 4);
    bytes[1..=length].copy_from_slice(&word.as_bytes()[..length]);
    let padded = &bytes[..length + 2];
    for start in 0..padded.len() {
        let mut hash = FNV_START;
        for (i, &byte) in padded[start..].iter().take(*GRAMS.end()).enumerate() {
            hash = step(hash, byte);
            if GRAMS.contains(&(i + 1)) {
                found(slot(hash, GRAM_SEED));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        words(text, |word, _| out.push(word.to_owned()));
        out
    }

    #[test]
    fn folds_and_masks() {
        for (text, want) in [
            ("Bitácora de SELLOS", "bitacora de sellos"),
            ("ISO 17712:2013, seal no. A-99812", "iso seal no"),
            ("ISO17712 and 17m", "iso0 and 0m"),
            ("niño ni\u{303}n\u{303}o", "nino nino"),
            ("\u{fb01}re Ｇate", "fire gate"),
            ("driver's x-ray", "driver ray"),
            ("", ""),
            ("- _ /", ""),
        ] {
            assert_eq!(all(text).join(" "), want, "{text}");
        }
    }

    #[test]
    fn ranges_point_at_the_text() {
        let text = "Sello: «Ñandú» 12 ok";
        let mut seen = Vec::new();
        words(text, |word, range| seen.push((word.to_owned(), text[range].to_owned())));
        let want = [("sello", "Sello"), ("nandu", "Ñandú"), ("ok", "ok")];
        assert_eq!(seen, want.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }

    #[test]
    fn grams_stay_within_a_word() {
        for (word, want) in [("ab", 3), ("abc", 6), ("seal", 9)] {
            let mut n = 0;
            gram_slots(word, |_| n += 1);
            assert_eq!(n, want, "{word}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_cut_without_panic(text in "\\PC{0,200}") {
            words(&text, |word, range| {
                assert!(text.get(range).is_some());
                gram_slots(word, |slot| assert!(slot < 1 << SLOT_BITS));
            });
        }
    }
}
