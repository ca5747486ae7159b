//! A small fingerprint of a text, by which a later version of a document is known as such.
//!
//! MinHash over runs of four words: the share of equal values estimates the share of runs that two texts have in common.
//! A place that no run fell into holds `u64::MAX`.

use super::rules::Page;

/// Values in a sketch; the estimate's spread is about 0.06.
const SIZE: usize = 64;
const RUN: usize = 4;
const PLACE_SHIFT: u32 = u64::BITS - SIZE.trailing_zeros();
/// Words sketched; later ones would change little.
const WORDS_MAX: usize = 50_000;

/// Empty for a text of fewer than four words.
pub(super) fn sketch(page: &Page) -> Vec<u64> {
    let words = page.lines.iter().flat_map(|line| line.words.split(' ')).take(WORDS_MAX);
    of_words(words)
}

/// One hash for each run; its upper bits choose the place, so that a run costs one step and not [`SIZE`].
fn of_words<'a>(words: impl Iterator<Item = &'a str>) -> Vec<u64> {
    let hashes: Vec<u64> = words.map(|word| fnv(word.as_bytes())).collect();
    if hashes.len() < RUN {
        return Vec::new();
    }
    let mut least = vec![u64::MAX; SIZE];
    for run in hashes.windows(RUN) {
        let value = run.iter().fold(0, |all: u64, &hash| mix(all.rotate_left(7) ^ hash));
        let place = usize::try_from(value >> PLACE_SHIFT).expect("six bits");
        least[place] = least[place].min(value);
    }
    least
}

/// How alike two texts are, 0 to 1; two texts too short for a sketch are not called alike.
pub fn similarity(a: &[u64], b: &[u64]) -> f32 {
    if a.is_empty() || a.len() != b.len() {
        return 0.0;
    }
    let taken = |(a, b): &(&u64, &u64)| **a != u64::MAX || **b != u64::MAX;
    let pairs = a.iter().zip(b).filter(taken);
    let equal = pairs.clone().filter(|(a, b)| a == b).count();
    equal as f32 / pairs.count().max(1) as f32
}

fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The finaliser of splitmix64: every bit of the input reaches every bit of the output.
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(range: std::ops::Range<u32>) -> Vec<u64> {
        let words: Vec<String> = range.map(|n| format!("word{n}")).collect();
        of_words(words.iter().map(String::as_str))
    }

    #[test]
    fn estimates_what_two_texts_share() {
        for (a, b, low, high) in [
            (0..400, 0..400, 1.0, 1.0),
            (0..400, 5..405, 0.85, 1.0),
            (0..400, 200..600, 0.15, 0.55),
            (0..400, 1000..1400, 0.0, 0.05),
            (0..3, 0..3, 0.0, 0.0),
            (0..3, 0..400, 0.0, 0.0),
        ] {
            let got = similarity(&words(a.clone()), &words(b.clone()));
            assert!((low..=high).contains(&got), "{a:?} {b:?}: {got}");
        }
    }
}
