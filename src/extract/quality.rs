//! Did a reader succeed? Text that came out is not always words.
//!
//! A PDF whose fonts lost their meaning yields letters that spell nothing, a scan yields a stamp or nothing at all.
//! Either would otherwise look like a document that says nothing, so both are named. The thresholds are wide: a page
//! of figures, a form of tick boxes or a Chinese notice must pass.

use crate::domain::reading::{Format, PassageKind, Reading, Unreadable};

/// Below so many words a page, what is on the pages is pictures.
const WORDS_PER_PAGE_MIN: u64 = 3;
/// Of 100 characters that are not blanks, so many may be lost ones.
const LOST_PERCENT_MAX: u64 = 20;
/// Of 100 characters that are not blanks, so many must be letters or digits.
const ALPHANUMERIC_PERCENT_MIN: u64 = 35;
/// Letters per word, times ten. English has 47, Spanish 50.
const LETTERS_PER_WORD_MIN_TENTHS: u64 = 14;
/// Fewer words or characters than this say nothing about quality.
const WORDS_TO_JUDGE: u64 = 50;
const CHARACTERS_TO_JUDGE: u64 = 60;

/// The reason why a reading is no success, if it is none, with the detail.
pub(super) fn fault(reading: &Reading) -> Option<(Unreadable, String)> {
    let counts = Counts::of(reading);
    if let Some(detail) = counts.garbled() {
        return Some((Unreadable::Garbled, detail));
    }
    let pages = u64::from(reading.properties.page_count.unwrap_or(1).max(1));
    match reading.format {
        Format::Pdf if counts.words < pages.saturating_mul(WORDS_PER_PAGE_MIN) => {
            let detail = match counts.words {
                0 => "its pages hold pictures and no text".to_owned(),
                words => format!("{words} words on {pages} pages"),
            };
            Some((Unreadable::ImageOnly, detail))
        }
        Format::Image if counts.characters == 0 => {
            Some((Unreadable::ImageOnly, "a picture that says nothing of itself".to_owned()))
        }
        // A container has no text of its own; a mail has its headers.
        Format::Pdf | Format::Zip | Format::Eml | Format::Msg | Format::Image | Format::Other => None,
        Format::Docx
        | Format::Doc
        | Format::Odt
        | Format::Rtf
        | Format::Xlsx
        | Format::Xls
        | Format::Xlsb
        | Format::Ods
        | Format::Pptx
        | Format::Ppt
        | Format::Odp
        | Format::Csv
        | Format::Html
        | Format::Markdown
        | Format::Text => (counts.characters == 0).then(|| (Unreadable::Empty, "no text in it".to_owned())),
    }
}

#[derive(Debug, Default)]
struct Counts {
    words: u64,
    /// Words that hold a letter, and their letters.
    letter_words: u64,
    letters: u64,
    /// Without blanks.
    characters: u64,
    alphanumeric: u64,
    lost: u64,
}

impl Counts {
    fn of(reading: &Reading) -> Self {
        let mut counts = Self::default();
        for passage in reading.passages.iter().filter(|passage| passage.kind != PassageKind::MailHeader) {
            passage.text.split_whitespace().for_each(|word| counts.add(word));
        }
        counts
    }

    fn add(&mut self, word: &str) {
        let mut letters = 0;
        let mut alphanumeric = 0;
        for c in word.chars() {
            self.characters += 1;
            match c {
                '\u{fffd}' | '\u{e000}'..='\u{f8ff}' | '\0'..='\u{1f}' => self.lost += 1,
                c if c.is_alphabetic() => letters += 1,
                c if c.is_numeric() => alphanumeric += 1,
                // Lines to write on and leaders are layout, not text.
                '_' | '.' | '-' | '*' | '=' | '☐' | '☑' | '☒' | '│' | '─' | '|' => self.characters -= 1,
                _ => {}
            }
        }
        alphanumeric += letters;
        self.alphanumeric += alphanumeric;
        self.letters += letters;
        self.words += u64::from(alphanumeric > 0);
        self.letter_words += u64::from(letters > 0);
    }

    fn garbled(&self) -> Option<String> {
        if self.characters < CHARACTERS_TO_JUDGE {
            return None;
        }
        let percent = |part: u64| part.saturating_mul(100) / self.characters;
        if percent(self.lost) > LOST_PERCENT_MAX {
            return Some(format!("{} % of its characters are lost", percent(self.lost)));
        }
        if percent(self.alphanumeric) < ALPHANUMERIC_PERCENT_MIN {
            return Some(format!("only {} % of its characters are letters or digits", percent(self.alphanumeric)));
        }
        let letters_tenths = self.letters.saturating_mul(10).checked_div(self.letter_words)?;
        (self.letter_words >= WORDS_TO_JUDGE && letters_tenths < LETTERS_PER_WORD_MIN_TENTHS)
            .then(|| "its words fall into single letters".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::{Passage, Place, Properties};

    fn reading(format: Format, pages: u32, text: &str) -> Reading {
        let passage =
            Passage { place: Place::Page(1), kind: PassageKind::Text, text: text.to_owned(), confidence: None };
        let properties = Properties { page_count: Some(pages), ..Properties::default() };
        let passages = if text.is_empty() { Vec::new() } else { vec![passage] };
        Reading { format, properties, sheets: Vec::new(), passages, truncated: false }
    }

    #[test]
    fn success_and_its_lack() {
        let prose = "Seals are checked at the gate and the number is written into the log. ".repeat(4);
        let figures = "17 204 88 2026-10-01 14:22 ".repeat(9);
        let form = "Name: ______________ Date: ____________ Signature: ______________________ ".repeat(5);
        let chinese = "封条检查记录表每日由保安填写并签名".repeat(9);
        let spaced = "S e a l s a r e c h e c k e d ".repeat(9);
        for (case, format, pages, text, wanted) in [
            ("prose", Format::Pdf, 1, prose.as_str(), None),
            ("figures", Format::Pdf, 1, figures.as_str(), None),
            ("form", Format::Docx, 1, form.as_str(), None),
            ("chinese", Format::Text, 1, chinese.as_str(), None),
            ("a short notice", Format::Text, 1, "No entry", None),
            ("a scan", Format::Pdf, 4, "", Some(Unreadable::ImageOnly)),
            ("a stamped scan", Format::Pdf, 9, "Scanned by ACME 2026", Some(Unreadable::ImageOnly)),
            ("a blank sheet", Format::Xlsx, 1, "", Some(Unreadable::Empty)),
            ("a container", Format::Zip, 1, "", None),
            (
                "lost characters",
                Format::Pdf,
                1,
                &"se\u{fffd}ls \u{e012}\u{e013} ".repeat(20),
                Some(Unreadable::Garbled),
            ),
            ("symbols", Format::Pdf, 1, &"&%$ §/( )=? ;:' ".repeat(20), Some(Unreadable::Garbled)),
            ("spaced", Format::Pdf, 1, spaced.as_str(), Some(Unreadable::Garbled)),
        ] {
            assert_eq!(fault(&reading(format, pages, text)).map(|(reason, _)| reason), wanted, "{case}");
        }
    }
}
