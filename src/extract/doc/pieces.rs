//! The table of pieces: which stretches of the file are the text, and in which order.
//!
//! A fast save appends changes and only rewrites this table, so the text is never simply what lies in the file.
//! Invariant: not more characters come out than the file has bytes, however often pieces repeat each other.

use super::Streams;
use crate::extract::ole::{u16_at, u32_at};

const COMPRESSED: u32 = 0x4000_0000;

/// A character, its place in the text and in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Glyph {
    pub position: u32,
    pub offset: u32,
    pub char: char,
}

pub(super) struct Pieces {
    pieces: Vec<Piece>,
}

#[derive(Clone, Copy)]
struct Piece {
    start: u32,
    end: u32,
    offset: u32,
    wide: bool,
}

impl Pieces {
    pub(super) fn read(streams: &Streams) -> Option<Self> {
        let mut part = streams.part(33);
        // Properties that pieces share come first.
        while part.first() == Some(&1) {
            part = part.get(3 + usize::from(u16_at(part, 1)?)..)?;
        }
        let length = u32_at(part, 1).filter(|_| part.first() == Some(&2))? as usize;
        let table = part.get(5..)?;
        let table = &table[..table.len().min(length)];
        let count = table.len().checked_sub(4)? / 12;
        let piece = |index: usize| {
            let place = u32_at(table, 4 * (count + 1) + 8 * index + 2)?;
            let wide = place & COMPRESSED == 0;
            let offset = if wide { place } else { (place & !COMPRESSED) / 2 };
            Some(Piece { start: u32_at(table, 4 * index)?, end: u32_at(table, 4 * index + 4)?, offset, wide })
        };
        Some(Self { pieces: (0..count).filter_map(piece).collect() })
    }

    /// All text in order. A character of two units takes two places; the second comes as a zero.
    pub(super) fn text<'s>(&self, streams: &'s Streams) -> impl Iterator<Item = Glyph> + use<'s, '_> {
        let main = &streams.main;
        let glyphs = self.pieces.iter().flat_map(move |piece| {
            let piece = *piece;
            (piece.start..piece.end).map_while(move |position| piece.glyph(main, position))
        });
        glyphs.take(main.len())
    }
}

impl Piece {
    fn glyph(self, main: &[u8], position: u32) -> Option<Glyph> {
        let index = position - self.start;
        if !self.wide {
            let offset = self.offset.checked_add(index)?;
            let byte = *main.get(offset as usize)?;
            return Some(Glyph { position, offset, char: western(byte) });
        }
        let offset = self.offset.checked_add(index.checked_mul(2)?)?;
        let unit = u16_at(main, offset as usize)?;
        let char = match unit {
            0xd800..0xdc00 => {
                let next = u16_at(main, offset as usize + 2)?;
                char::decode_utf16([unit, next]).next().and_then(Result::ok).unwrap_or('\u{fffd}')
            }
            0xdc00..0xe000 => '\0',
            unit => char::from_u32(unit.into()).unwrap_or('\u{fffd}'),
        };
        Some(Glyph { position, offset, char })
    }
}

/// A byte of the western encoding of Windows; control characters are marks of the format and stay.
fn western(byte: u8) -> char {
    const UPPER: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => UPPER[usize::from(byte - 0x80)],
        byte => char::from(byte),
    }
}
