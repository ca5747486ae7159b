//! Text recognition: a page's pixels through Tesseract, its words arranged as passages with how sure they are.
//!
//! Tesseract is a program of the machine, there or not. It gets pixels on its input and an empty environment, runs under
//! limits of its own and a fence of its own (`launch`), and is believed no more than a worker is: its answer is
//! bounded, parsed line by line, and cleaned.

mod arrange;
mod launch;
mod program;
mod tsv;

use super::gather::Gather;
use super::limits::Limits;
use super::raster::{Raster, Turn};
use crate::domain::reading::{Passage, PassageKind, Place, Reading};
use program::Mode;
use tsv::Word;

pub use launch::{LAUNCH_COMMAND, launch_main};
pub use program::{Failure, Found, Recogniser, Wanted};

/// A page is tried another way round if fewer letters than this are sure ...
const SURE_LETTERS_MIN: usize = 60;
/// ... or if they are fewer than this part of all letters, in percent.
const SURE_PERCENT_MIN: usize = 65;
/// Below this a page has no text: shapes in a photo now and then look like a letter.
const TEXT_LETTERS_MIN: usize = 12;
/// A word this sure is right nine times in ten on the scans that were looked at.
const SURE: f32 = 70.0;
/// Tesseract finds its lines by itself on pages less crooked than this, in degrees.
const CROOKED: f64 = 1.5;

/// The words of one page.
#[derive(Debug, Default)]
pub struct PageWords {
    number: u32,
    words: Vec<Word>,
    /// Of the picture as it was read, turned if need be.
    size: (u32, u32),
    dpi: u16,
}

/// One way in which a page was read.
struct Attempt {
    words: Vec<Word>,
    size: (u32, u32),
}

impl Recogniser {
    /// Recognises the text of a page; crooked and turned pages are set right first if they read badly as they are.
    pub fn page(&self, number: u32, raster: &Raster, stop: &dyn Fn() -> bool) -> Result<PageWords, Failure> {
        let mut best = self.attempt(raster, stop)?;
        let mut upright = raster.clone();
        if best.is_poor()
            && let Some(turn) = self.turn(raster, stop)?
        {
            let turned = raster.turned(turn);
            let attempt = self.attempt(&turned, stop)?;
            if attempt.sure_letters() > best.sure_letters() {
                (best, upright) = (attempt, turned);
            }
        }
        let skew = if best.is_poor() { upright.skew() } else { 0.0 };
        if skew.abs() >= CROOKED {
            let attempt = self.attempt(&upright.straightened(skew), stop)?;
            if attempt.sure_letters() > best.sure_letters() {
                best = attempt;
            }
        }
        if best.sure_letters() < TEXT_LETTERS_MIN {
            best.words.clear();
        }
        Ok(PageWords { number, words: best.words, size: best.size, dpi: raster.dpi() })
    }

    fn attempt(&self, raster: &Raster, stop: &dyn Fn() -> bool) -> Result<Attempt, Failure> {
        let answer = self.run(raster, Mode::Words, stop)?;
        Ok(Attempt { words: tsv::words(&answer), size: raster.size() })
    }

    fn turn(&self, raster: &Raster, stop: &dyn Fn() -> bool) -> Result<Option<Turn>, Failure> {
        if !self.knows_orientation() {
            return Ok(None);
        }
        match self.run(raster, Mode::Orientation, stop) {
            Ok(answer) => Ok(tsv::turn(&answer)),
            // It ends with an error where there are too few letters to say.
            Err(Failure::Died(_)) => Ok(None),
            Err(failure @ (Failure::TimedOut | Failure::Stopped | Failure::Start(_))) => Err(failure),
        }
    }
}

impl Attempt {
    fn sure_letters(&self) -> usize {
        self.words.iter().filter(|word| word.confidence >= SURE).map(Word::letters).sum()
    }

    fn is_poor(&self) -> bool {
        let all: usize = self.words.iter().map(Word::letters).sum();
        self.sure_letters() < SURE_LETTERS_MIN || self.sure_letters() * 100 < all * SURE_PERCENT_MIN
    }
}

/// Puts recognised pages into a reading. Of a page's own text only form fields stay: a stamp is in its picture as well.
pub fn merge(reading: &mut Reading, pages: &[PageWords], limits: &Limits) {
    let mut gather = Gather::new(limits);
    arrange::arrange(pages, &mut gather);
    let (recognised, truncated) = gather.finish();
    let is_recognised = |passage: &Passage| recognised.iter().any(|new| new.place == passage.place);
    reading.passages.retain(|passage| passage.kind == PassageKind::Field || !is_recognised(passage));
    reading.passages.extend(recognised);
    // Stable: within a page, what was read comes before what was recognised.
    reading.passages.sort_by_key(|passage| match passage.place {
        Place::Page(page) => page,
        Place::Row { .. } | Place::Slide(_) | Place::Paragraph(_) | Place::Line(_) => 0,
    });
    reading.truncated |= truncated;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::{Format, Properties};

    fn word(text: &str, line: u32, left: u32) -> Word {
        let width = u32::try_from(text.len()).unwrap() * 20;
        Word {
            text: text.to_owned(),
            left,
            top: 200 + 60 * line,
            width,
            height: 30,
            confidence: 91.0,
            line: [1, 1, line],
        }
    }

    #[test]
    fn recognised_pages_take_their_place() {
        let passage = |place, kind, text: &str| Passage { place, kind, text: text.to_owned(), confidence: None };
        let mut reading = Reading {
            format: Format::Pdf,
            properties: Properties::default(),
            sheets: Vec::new(),
            passages: vec![
                passage(Place::Page(1), PassageKind::Text, "A cover"),
                passage(Place::Page(2), PassageKind::Text, "Scanned by ACME"),
                passage(Place::Page(2), PassageKind::Field, "Seal\tHP 1"),
                passage(Place::Page(3), PassageKind::Text, "The end"),
            ],
            truncated: false,
        };
        let words = vec![word("Seal", 0, 200), word("log", 0, 300)];
        let pages = [PageWords { number: 2, words, size: (1_700, 2_200), dpi: 200 }];
        merge(&mut reading, &pages, &Limits::default());
        let texts: Vec<(&str, Option<u8>)> =
            reading.passages.iter().map(|passage| (passage.text.as_str(), passage.confidence)).collect();
        assert_eq!(texts, [("A cover", None), ("Seal\tHP 1", None), ("Seal log", Some(91)), ("The end", None)]);
    }

    #[test]
    fn a_page_of_unsure_words_is_poor() {
        let attempt = |confidence, count| Attempt {
            words: (0..count).map(|line| Word { confidence, ..word("Container", line, 100) }).collect(),
            size: (1, 1),
        };
        for (confidence, count, poor) in [(90.0, 20, false), (40.0, 20, true), (95.0, 3, true)] {
            assert_eq!(attempt(confidence, count).is_poor(), poor, "{confidence} {count}");
        }
    }
}
