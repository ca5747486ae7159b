//! Formatting that changes what a text says: headings, cells of tables, hidden and struck-out runs, symbols.
//!
//! It lies in pages of 512 bytes, each for a range of places in the file, as lists of changes to a style.

use super::Streams;
use crate::extract::ole::{u16_at, u32_at};

const PAGE: usize = 512;
const STYLES_MAX: usize = 4_000;
const BASES_MAX: usize = 12;

/// What matters of a paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Para {
    pub heading: bool,
    pub in_table: bool,
    /// The mark that ends a row.
    pub row_end: bool,
}

/// What matters of a run of characters.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Run {
    pub hidden: bool,
    /// A character of a picture font that stands instead of the one in the text.
    pub symbol: Option<char>,
    /// Where in the data stream a picture or the state of a form field lies.
    pub data: Option<u32>,
}

/// Which styles are headings.
pub(super) struct Styles {
    /// For each style its built-in number and the style it rests on.
    styles: Vec<(u16, u16)>,
}

impl Styles {
    pub(super) fn read(part: &[u8]) -> Self {
        let mut styles = Vec::new();
        let mut at = 2 + usize::from(u16_at(part, 0).unwrap_or(0));
        while let Some(length) = u16_at(part, at).filter(|_| styles.len() < STYLES_MAX) {
            let style = (u16_at(part, at + 2), u16_at(part, at + 4));
            styles.push(match style {
                (Some(number), Some(base)) if length >= 4 => (number & 0xfff, base >> 4),
                _ => (0xfff, 0xfff),
            });
            at += 2 + usize::from(length) + usize::from(length & 1);
        }
        Self { styles }
    }

    fn is_heading(&self, mut style: u16) -> bool {
        for _ in 0..BASES_MAX {
            match self.styles.get(usize::from(style)) {
                // Heading 1 to 9, title, subtitle.
                Some((1..=9 | 62 | 74, _)) => return true,
                Some((_, base)) => style = *base,
                None => return self.styles.is_empty() && (1..=9).contains(&style),
            }
        }
        false
    }
}

/// Ranges of places in the file, in order, with what holds for them.
pub(super) struct Formats {
    paras: Vec<(u32, u32, Para)>,
    runs: Vec<(u32, u32, Run)>,
}

impl Formats {
    pub(super) fn read(streams: &Streams, styles: &Styles) -> Self {
        let mut paras = Vec::new();
        for (from, to, page, slot) in ranges(streams, 13, 13) {
            paras.push((from, to, para(page, slot, styles)));
        }
        let mut runs = Vec::new();
        for (from, to, page, slot) in ranges(streams, 12, 1) {
            let found = run(page, slot);
            if found != Run::default() {
                runs.push((from, to, found));
            }
        }
        paras.sort_by_key(|(from, ..)| *from);
        runs.sort_by_key(|(from, ..)| *from);
        Self { paras, runs }
    }

    pub(super) fn para(&self, offset: u32) -> Option<Para> {
        at(&self.paras, offset)
    }

    pub(super) fn run(&self, offset: u32) -> Run {
        at(&self.runs, offset).unwrap_or_default()
    }
}

fn at<T: Copy>(ranges: &[(u32, u32, T)], offset: u32) -> Option<T> {
    let index = ranges.partition_point(|(from, ..)| *from <= offset).checked_sub(1)?;
    ranges.get(index).filter(|(_, to, _)| offset < *to).map(|(.., found)| *found)
}

/// All ranges of a table of formatting pages: from, to, the page, and where in it the formatting begins.
fn ranges(streams: &Streams, part: usize, width: usize) -> Vec<(u32, u32, &[u8], usize)> {
    let part = streams.part(part);
    let count = part.len().saturating_sub(4) / 8;
    let mut found = Vec::new();
    let pages = streams.main.len() / PAGE;
    for index in 0..count.min(pages) {
        let Some(number) = u32_at(part, 4 * (count + 1) + 4 * index) else { break };
        let start = ((number & 0x3f_ffff) as usize).saturating_mul(PAGE);
        let Some(page) = streams.main.get(start..start.saturating_add(PAGE)) else { continue };
        let ranges = usize::from(page[PAGE - 1]);
        for range in 0..ranges {
            let (from, to) = (u32_at(page, 4 * range), u32_at(page, 4 * range + 4));
            let slot = page.get(4 * (ranges + 1) + width * range);
            if let (Some(from), Some(to), Some(slot)) = (from, to, slot) {
                found.push((from, to, page, 2 * usize::from(*slot)));
            }
        }
    }
    found
}

fn para(page: &[u8], slot: usize, styles: &Styles) -> Para {
    let mut para = Para::default();
    if slot == 0 {
        return para;
    }
    // The length is in words; an even one is in the second byte.
    let (start, length) = match page.get(slot).copied().unwrap_or(0) {
        0 => (slot + 2, 2 * usize::from(page.get(slot + 1).copied().unwrap_or(0))),
        words => (slot + 1, 2 * usize::from(words) - 1),
    };
    let rest = page.get(start..).unwrap_or_default();
    let list = &rest[..rest.len().min(length)];
    para.heading = u16_at(list, 0).is_some_and(|style| styles.is_heading(style));
    changes(list.get(2..).unwrap_or_default(), |code, value| match (code, value.first()) {
        (0x2416, Some(on)) => para.in_table = *on != 0,
        (0x2417, Some(on)) => para.row_end = *on != 0,
        (0x2640, Some(level)) => para.heading |= *level < 9,
        _ => {}
    });
    para
}

fn run(page: &[u8], slot: usize) -> Run {
    let mut run = Run::default();
    let Some(length) = page.get(slot).filter(|_| slot != 0) else { return run };
    let rest = page.get(slot + 1..).unwrap_or_default();
    changes(&rest[..rest.len().min(usize::from(*length))], |code, value| match (code, value.first()) {
        // Struck out by a tracked change, or hidden.
        (0x0800 | 0x083c, Some(on)) => run.hidden |= *on == 1,
        (0x6a09, _) => run.symbol = u16_at(value, 2).and_then(|symbol| char::from_u32(symbol.into())),
        (0x6a03, _) => run.data = u32_at(value, 0),
        _ => {}
    });
    run
}

/// Walks a list of changes: a code of two bytes that tells the length of the value after it.
fn changes(mut list: &[u8], mut tell: impl FnMut(u16, &[u8])) {
    while let Some(code) = u16_at(list, 0) {
        let rest = &list[2..];
        let (skip, length) = match code >> 13 {
            0 | 1 => (0, 1),
            2 | 4 | 5 => (0, 2),
            3 => (0, 4),
            7 => (0, 3),
            _ if code == 0xd608 => (2, usize::from(u16_at(rest, 0).unwrap_or(1)).saturating_sub(1)),
            _ => (1, usize::from(rest.first().copied().unwrap_or(0))),
        };
        let Some(value) = rest.get(skip..skip + length) else { return };
        tell(code, value);
        list = &rest[skip + length..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_with_their_values() {
        let list =
            [&b"\x16\x24\x01"[..], b"\x09\x6a\x05\0\xfe\xf0", b"\x0d\xc6\x02ab", b"\x17\x24\x01", b"\x17"].concat();
        let mut told = Vec::new();
        changes(&list, |code, value| told.push((code, value.to_vec())));
        let wanted: [(u16, &[u8]); 4] =
            [(0x2416, &[1]), (0x6a09, &[5, 0, 0xfe, 0xf0]), (0xc60d, b"ab"), (0x2417, &[1])];
        assert_eq!(told, wanted.map(|(code, value)| (code, value.to_vec())));
    }

    #[test]
    fn a_style_that_rests_on_a_heading_is_one() {
        let style = |number: u16, base: u16| [4_u16, number, base << 4].map(u16::to_le_bytes).concat();
        let part = [vec![0, 0], style(0, 0xfff), style(1, 0), style(0xffe, 1), style(0xffe, 3)].concat();
        let styles = Styles::read(&part);
        let found: Vec<bool> = (0..5).map(|style| styles.is_heading(style)).collect();
        assert_eq!(found, [false, true, true, false, false]);
    }
}
