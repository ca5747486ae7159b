//! The one normal form of text that rules, names and dates' labels are matched on.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, accents folded, every run of other characters than letters, digits and `%` one space; `C-TPAT` is
/// `ctpat`, an apostrophe inside a word is dropped. No space at either end.
pub fn normal(text: &str) -> String {
    let out = if text.is_ascii() {
        // Most text, and several times as fast: nothing to decompose.
        words_of(text.len(), text.chars().map(|c| c.to_ascii_lowercase()))
    } else {
        words_of(text.len(), text.nfkd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase))
    };
    if out.contains("c tpat") { join_ctpat(&out) } else { out }
}

/// Letters and digits kept, all between them one space.
fn words_of(length: usize, chars: impl Iterator<Item = char>) -> String {
    let mut out = String::with_capacity(length);
    let mut pending_space = false;
    let mut chars = chars.peekable();
    while let Some(c) = chars.next() {
        if c.is_alphanumeric() || c == '%' {
            if pending_space && !out.is_empty() {
                out.push(' ');
            }
            pending_space = false;
            out.push(c);
        } else {
            let inside_word = matches!(c, '\'' | '\u{2019}')
                && !pending_space
                && !out.is_empty()
                && chars.peek().is_some_and(|next| next.is_alphanumeric());
            pending_space |= !inside_word;
        }
    }
    out
}

fn join_ctpat(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let mut out = String::with_capacity(text.len());
    let mut i = 0;
    while i < words.len() {
        if !out.is_empty() {
            out.push(' ');
        }
        let split_name = words[i] == "c" && words.get(i + 1) == Some(&"tpat");
        out.push_str(if split_name { "ctpat" } else { words[i] });
        i += if split_name { 2 } else { 1 };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_to_one_form() {
        for (text, want) in [
            ("Bitácora de Sellos — 2026", "bitacora de sellos 2026"),
            ("C-TPAT Visitor's LOG", "ctpat visitors log"),
            ("C TPAT", "ctpat"),
            ("  ", ""),
            ("a_b/c", "a b c"),
            ("50 % off", "50 % off"),
            ("\u{fb01}re", "fire"),
        ] {
            assert_eq!(normal(text), want, "{text}");
        }
    }
}
