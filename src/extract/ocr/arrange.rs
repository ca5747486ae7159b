//! Words where they stand, to rows of cells, as the PDF layout takes them.
//!
//! Apart from the layout because recognition knows no order of drawing: lines are found anew over the whole width of a
//! page, so that the row of a log stays one row, whatever columns Tesseract made of it.

use super::PageWords;
use super::tsv::Word;
use crate::extract::gather::{Gather, Sureness};
use crate::extract::pdf::layout::{self, PageRows};
use crate::extract::pdf::rows::{Cell, Row};

/// Words less sure than this are shapes, not text.
const CONFIDENCE_MIN: f32 = 20.0;
const POINTS_PER_INCH: f64 = 72.0;
/// A gap this wide, in heights of the line, is a column's gap. Hand-written words stand further apart than printed ones.
const CELL_GAP: f64 = 1.3;
/// Middles this close, in heights of a usual word, lie on one line.
const SAME_LINE: f64 = 0.55;
/// A line's height is the usual one if it differs by no more than this part: heights depend on which letters a word has.
const USUAL_WITHIN: f64 = 0.4;
/// Lines of fewer words say little about how crooked a page is.
const SLOPE_WORDS_MIN: usize = 4;

/// Adds the passages of recognised pages.
pub(super) fn arrange(pages: &[PageWords], gather: &mut Gather) {
    let rows: Vec<PageRows<'_>> = pages.iter().map(page_rows).collect();
    layout::arrange_rows(&rows, gather);
}

/// A word with its middle on a page made level.
struct Placed<'w> {
    word: &'w Word,
    middle: f64,
}

fn page_rows(page: &PageWords) -> PageRows<'_> {
    let scale = POINTS_PER_INCH / f64::from(page.dpi.max(1));
    let height = f64::from(page.size.1) * scale;
    let words: Vec<&Word> = page.words.iter().filter(|word| word.confidence >= CONFIDENCE_MIN).collect();
    let slope = slope(&words);
    let usual = usual_height(&words);
    let level = |word: &&Word| f64::from(word.top) + f64::from(word.height) / 2.0 - slope * middle_x(word);
    let mut placed: Vec<Placed<'_>> = words.iter().map(|word| Placed { word, middle: level(word) }).collect();
    placed.sort_by(|a, b| a.middle.total_cmp(&b.middle));
    let mut rows = Vec::new();
    for line in lines(placed, usual) {
        let sheet = Sheet { scale, height, usual };
        rows.extend(sheet.row(&line));
    }
    PageRows { number: page.number, rows, fields: &[], remarks: &[], height }
}

/// Words on a common line, from left to right; lines from top to bottom.
fn lines(placed: Vec<Placed<'_>>, usual: f64) -> Vec<Vec<Placed<'_>>> {
    let mut lines: Vec<Vec<Placed<'_>>> = Vec::new();
    let mut mean = f64::MIN;
    for word in placed {
        match lines.last_mut() {
            Some(line) if word.middle - mean <= SAME_LINE * usual => {
                mean += (word.middle - mean) / (line.len() as f64 + 1.0);
                line.push(word);
            }
            Some(_) | None => {
                mean = word.middle;
                lines.push(vec![word]);
            }
        }
    }
    for line in &mut lines {
        line.sort_by_key(|placed| placed.word.left);
    }
    lines
}

/// What places a line on its page: points in a pixel, the page's height in points, the usual height of a word.
struct Sheet {
    scale: f64,
    height: f64,
    usual: f64,
}

impl Sheet {
    /// The cells of a line, if it holds any text: rulings come out as bars and brackets, and part cells.
    fn row(&self, line: &[Placed<'_>]) -> Option<Row> {
        let size = self.size(line);
        let mut cells: Vec<Cell> = Vec::new();
        let mut apart = true;
        for Placed { word, middle } in line {
            let text = word.text.trim_matches(['|', '[', ']', '_', '{', '}', '—', '=', '~', '¦']);
            if word.letters() == 0 && text.chars().count() < 2 {
                apart |= word.text.contains(['|', '[', ']', '{', '}', '¦']);
                continue;
            }
            let left = f64::from(word.left) * self.scale;
            let right = left + f64::from(word.width) * self.scale;
            let sureness = Sureness::of_word(word.confidence, word.letters());
            match cells.last_mut() {
                Some(cell) if !apart && left - cell.x1 <= CELL_GAP * size => {
                    cell.text.push(' ');
                    cell.text.push_str(text);
                    cell.x1 = cell.x1.max(right);
                    cell.sureness = cell.sureness.and(sureness);
                }
                Some(_) | None => {
                    let y = self.height - middle * self.scale;
                    let text = text.to_owned();
                    cells.push(Cell {
                        text,
                        x0: left,
                        x1: right,
                        top: y,
                        bottom: y,
                        size,
                        upright: true,
                        bold: false,
                        sureness,
                    });
                }
            }
            apart = word.text.ends_with(['|', ']', '¦']);
        }
        (!cells.is_empty()).then_some(Row { cells })
    }

    /// The size of a line's letters in points.
    fn size(&self, line: &[Placed<'_>]) -> f64 {
        let tallest = line.iter().filter(|placed| placed.word.letters() > 1).map(|placed| placed.word.height).max();
        let height = tallest.map_or(self.usual, f64::from);
        let height = if (height - self.usual).abs() <= USUAL_WITHIN * self.usual { self.usual } else { height };
        height * self.scale
    }
}

fn middle_x(word: &Word) -> f64 {
    f64::from(word.left) + f64::from(word.width) / 2.0
}

/// The height of a word in the middle of all, in pixels.
fn usual_height(words: &[&Word]) -> f64 {
    let mut heights: Vec<u32> = words.iter().filter(|word| word.letters() > 1).map(|word| word.height).collect();
    heights.sort_unstable();
    heights.get(heights.len() / 2).map_or(20.0, |height| f64::from((*height).max(4)))
}

/// By how many pixels lines fall for each pixel to the right: the middle of what Tesseract's own lines say.
fn slope(words: &[&Word]) -> f64 {
    let mut slopes: Vec<f64> = words
        .chunk_by(|a, b| a.line == b.line)
        .filter(|line| line.len() >= SLOPE_WORDS_MIN)
        .filter_map(|line| {
            let (first, last) = (line.first()?, line.last()?);
            let run = middle_x(last) - middle_x(first);
            let low = |word: &Word| f64::from(word.top) + f64::from(word.height) / 2.0;
            (run > 10.0 * f64::from(first.height.max(1))).then(|| (low(last) - low(first)) / run)
        })
        .collect();
    slopes.sort_by(f64::total_cmp);
    slopes.get(slopes.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::limits::Limits;

    /// A word at a place in characters and lines, on a page that falls by `slope`.
    fn word(text: &str, column: u32, row: u32, slope: f64) -> Word {
        let left = 100 + column * 16;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place on a page")]
        let fall = (f64::from(left) * slope) as u32;
        let width = u32::try_from(text.chars().count()).unwrap() * 16;
        Word {
            text: text.to_owned(),
            left,
            top: 300 + row * 50 + fall,
            width,
            height: 28,
            confidence: 90.0,
            line: [1, 1, row],
        }
    }

    fn passages(words: Vec<Word>) -> Vec<String> {
        let mut gather = Gather::new(&Limits::default());
        arrange(&[PageWords { number: 1, words, size: (1_700, 2_200), dpi: 200 }], &mut gather);
        gather.finish().0.iter().map(|p| format!("{:?} {}", p.kind, p.text.replace('\t', "|"))).collect()
    }

    fn log(slope: f64) -> Vec<Word> {
        let rows = [["Date", "Seal", "Driver"], ["1/2/26", "4409195", "BRANNEN"], ["1/3/26", "4409402", "RAHN"]];
        let mut words = Vec::new();
        for (row, cells) in (0..).zip(rows) {
            let columns = [0, 30, 60];
            words.extend(cells.iter().zip(columns).map(|(text, column)| word(text, column, row, slope)));
        }
        // Tesseract reads a table column by column as often as not.
        words.sort_by_key(|word| word.left);
        words
    }

    #[test]
    fn rows_of_a_log_stay_rows() {
        let wanted = ["TableHead Date|Seal|Driver", "TableRow 1/2/26|4409195|BRANNEN", "TableRow 1/3/26|4409402|RAHN"];
        assert_eq!(passages(log(0.0)), wanted);
    }

    #[test]
    fn crooked_pages_are_made_level() {
        let slope = 0.03;
        let mut words: Vec<Word> = (0..8).map(|n| word("container", n * 11, 8, slope)).collect();
        words.extend(log(slope));
        assert_eq!(passages(words)[..3], passages(log(0.0))[..3]);
    }

    #[test]
    fn rulings_part_cells_and_are_no_text() {
        let words = vec![
            word("|", 0, 0, 0.0),
            word("Front", 2, 0, 0.0),
            word("wall", 8, 0, 0.0),
            word("|", 13, 0, 0.0),
            word("X|", 15, 0, 0.0),
            word("ok", 18, 0, 0.0),
            word("——", 0, 3, 0.0),
        ];
        assert_eq!(passages(words)[0], "TableRow Front wall|X|ok");
    }

    #[test]
    fn unsure_shapes_are_left_out() {
        let shape = Word { confidence: 5.0, ..word("EEES", 40, 0, 0.0) };
        assert_eq!(passages(vec![word("Seal", 0, 0, 0.0), shape]), ["Text Seal"]);
        assert!(passages(Vec::new()).is_empty());
    }
}
