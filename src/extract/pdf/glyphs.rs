//! From a drawn glyph to the characters it stands for.
//!
//! Apart from the device because a font that names no characters needs guesses that have nothing to do with places on
//! the page: the character code of simple fonts, the reversed character map of an embedded TrueType font.

use std::collections::HashMap;

use hayro_cmap::BfString;
use hayro_interpret::font::Glyph;
use skrifa::MetadataProvider;

/// Reversed character maps of the fonts met so far, by the key of the font.
#[derive(Default)]
pub(super) struct Glyphs {
    reversed: HashMap<u128, HashMap<u32, char>>,
}

impl Glyphs {
    /// Appends what `glyph` stands for: its characters, a space, or U+FFFD if nobody knows.
    pub(super) fn append(&mut self, glyph: &Glyph<'_>, out: &mut String) {
        match glyph.as_unicode() {
            Some(BfString::Char(c)) if !c.is_control() => out.push(c),
            Some(BfString::String(text)) if !text.chars().any(char::is_control) => out.push_str(&text),
            Some(_) => out.push(' '),
            None => out.push(self.guess(glyph).unwrap_or('\u{fffd}')),
        }
    }

    fn guess(&mut self, glyph: &Glyph<'_>) -> Option<char> {
        let ascii = u8::try_from(glyph.char_code()).ok().filter(|code| (0x20..0x7f).contains(code)).map(char::from);
        let Glyph::Outline(outline) = glyph else { return ascii };
        let Some(font) = outline.font_data() else { return ascii };
        let map = self.reversed.entry(font.cache_key).or_insert_with(|| reversed_map(font.data.as_ref().as_ref()));
        map.get(&outline.glyph_id().to_u32()).copied()
    }
}

/// Glyph to character; symbol fonts hide ASCII at U+F000.
fn reversed_map(font: &[u8]) -> HashMap<u32, char> {
    let mut map = HashMap::new();
    let Ok(font) = skrifa::FontRef::new(font) else { return map };
    for (code, glyph) in font.charmap().mappings() {
        let code = if (0xf020..0xf100).contains(&code) { code - 0xf000 } else { code };
        if let Some(c) = char::from_u32(code) {
            map.entry(glyph.to_u32()).or_insert(c);
        }
    }
    map
}

/// True if the font of the glyph says that it is bold. The fonts that PDF programs bring themselves say nothing.
pub(super) fn is_bold(glyph: &Glyph<'_>) -> bool {
    let Glyph::Outline(outline) = glyph else { return false };
    outline.font_data().is_some_and(|font| {
        let by_name = font.postscript_name.is_some_and(|name| name.contains("Bold") || name.contains("Black"));
        by_name || font.weight.is_some_and(|weight| weight >= 600)
    })
}

/// True for letters of scripts written from right to left.
pub(super) fn is_rtl(c: char) -> bool {
    matches!(u32::from(c), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff)
}

/// True if most letters of the text are written from right to left.
pub(super) fn is_mostly_rtl(text: &str) -> bool {
    let (mut rtl, mut ltr) = (0_usize, 0_usize);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        if is_rtl(c) { rtl += 1 } else { ltr += 1 }
    }
    rtl > ltr
}

/// From the order on the page to the order of reading: everything reversed, then words and figures of left-to-right
/// scripts put back.
pub(super) fn logical_order(visual: &str) -> String {
    let reversed: Vec<char> = visual.chars().rev().collect();
    let is_ltr = |c: char| c.is_alphanumeric() && !is_rtl(c);
    let mut out = String::with_capacity(visual.len());
    let mut at = 0;
    while at < reversed.len() {
        if is_ltr(reversed[at]) {
            let stretch = reversed[at..].iter().take_while(|c| !is_rtl(**c)).count();
            let last = (at..at + stretch).rev().find(|&i| is_ltr(reversed[i])).unwrap_or(at);
            out.extend(reversed[at..=last].iter().rev());
            at = last + 1;
        } else {
            out.push(mirrored(reversed[at]));
            at += 1;
        }
    }
    out
}

fn mirrored(c: char) -> char {
    match c {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_to_left_lines_come_out_in_reading_order() {
        for (visual, logical) in [("גבא", "אבג"), ("12.5 בא", "אב 12.5"), ("(א) abc", "abc (א)")] {
            assert!(visual.chars().any(is_rtl));
            assert_eq!(logical_order(visual), logical);
        }
        assert!(is_mostly_rtl("אבג a"));
        assert!(!is_mostly_rtl("abc א 12"));
    }

    #[test]
    fn bytes_that_are_no_font_map_nothing() {
        assert!(reversed_map(b"not a font").is_empty());
    }
}
