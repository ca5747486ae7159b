//! What Tesseract answers: words with their boxes as tab-separated lines, or how a page lies.
//!
//! Its bytes come from hostile pixels, so every field is parsed and what does not fit is left out.

use crate::extract::raster::Turn;

/// More than any page holds.
const WORDS_MAX: usize = 20_000;
const WORD_BYTES_MAX: usize = 200;
/// Level of a line of the answer that is a word.
const WORD_LEVEL: &str = "5";
const COLUMNS: usize = 12;

/// A word where it stands, in pixels from the upper left.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    pub text: String,
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
    /// 0 to 100.
    pub confidence: f32,
    /// Block, paragraph and line to which Tesseract counts it.
    pub line: [u32; 3],
}

impl Word {
    /// Letters and figures in it.
    pub(super) fn letters(&self) -> usize {
        self.text.chars().filter(|c| c.is_alphanumeric()).count()
    }
}

/// The words of an answer, in its order.
pub(super) fn words(answer: &[u8]) -> Vec<Word> {
    let text = String::from_utf8_lossy(answer);
    text.lines().filter_map(word).take(WORDS_MAX).collect()
}

fn word(line: &str) -> Option<Word> {
    let fields: Vec<&str> = line.splitn(COLUMNS, '\t').collect();
    let [WORD_LEVEL, _, block, paragraph, row, _, left, top, width, height, confidence, text] = fields[..] else {
        return None;
    };
    let number = |field: &str| field.parse::<u32>().ok().filter(|number| *number < 1 << 20);
    let confidence = confidence.parse::<f32>().ok().filter(|confidence| (0.0..=100.0).contains(confidence))?;
    let mut text = text.trim().to_owned();
    text.truncate(text.floor_char_boundary(WORD_BYTES_MAX));
    (!text.is_empty()).then_some(Word {
        text,
        left: number(left)?,
        top: number(top)?,
        width: number(width)?,
        height: number(height)?,
        confidence,
        line: [number(block)?, number(paragraph)?, number(row)?],
    })
}

/// How a page has to be turned to stand upright, if it does not.
pub(super) fn turn(answer: &[u8]) -> Option<Turn> {
    let text = String::from_utf8_lossy(answer);
    match text.lines().find_map(|line| line.strip_prefix("Rotate:"))?.trim() {
        "90" => Some(Turn::Quarter),
        "180" => Some(Turn::Half),
        "270" => Some(Turn::ThreeQuarters),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_are_taken() {
        let answer = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
            4\t1\t1\t1\t1\t0\t10\t20\t300\t30\t-1\t\n\
            5\t1\t1\t1\t2\t1\t10\t20\t80\t30\t96.5\tSeal\n\
            5\t1\t1\t1\t2\t2\t100\t20\t80\t30\t12\t  \n\
            5\t1\t1\t1\t2\t3\t-7\t20\t80\t30\t90\tleft\n\
            5\t1\t1\t1\t2\t3\t7\t20\t80\t99999999999\t90\thigh\n\
            5\t1\t1\t1\t2\t3\t7\t20\t80\t9\tNaN\tunsure\n\
            5\t1\t1\t1\t2\t4\t200\t20\t80\t30\t50\ta\tb\n\
            5\t1\t1";
        let found = words(answer.as_bytes());
        let brief: Vec<(&str, u32, [u32; 3])> = found.iter().map(|word| (&*word.text, word.left, word.line)).collect();
        assert_eq!(brief, [("Seal", 10, [1, 1, 2]), ("a\tb", 200, [1, 1, 2])]);
        assert!(words(b"\xff\xfe\0\t5\t").is_empty());
    }

    #[test]
    fn a_turn_is_read_from_its_line() {
        for (answer, wanted) in [
            ("Orientation in degrees: 270\nRotate: 90\n", Some(Turn::Quarter)),
            ("Rotate: 180", Some(Turn::Half)),
            ("Rotate: 270", Some(Turn::ThreeQuarters)),
            ("Rotate: 0", None),
            ("", None),
        ] {
            assert_eq!(turn(answer.as_bytes()), wanted, "{answer}");
        }
    }
}
