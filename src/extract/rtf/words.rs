//! What the control words mean that change what a text says; all others are layout.

use super::write::Writer;

/// Where the text of a group goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Target {
    #[default]
    Body,
    Note,
    Margin,
    /// Tables of fonts and styles: read for what they say, never shown.
    Fonts,
    Styles,
    /// Properties: each in a group of its own.
    Title,
    Author,
    Subject,
    Created,
    Revised,
    Nowhere,
}

/// What holds inside a group; a group inherits it and its end restores it.
#[allow(clippy::struct_excessive_bools, reason = "each is one of the format's own switches")]
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub target: Target,
    pub hidden: bool,
    pub font: i32,
    /// Bytes that stand for a character given by number, left to skip.
    pub eat: usize,
    /// Such bytes after each character by number, less one.
    pub fallback: i32,
    pub star: bool,
    pub style: i32,
    pub outline: bool,
    pub in_table: bool,
}

impl State {
    pub(super) fn enter(&mut self) {
        self.star = false;
        self.eat = 0;
    }

    pub(super) fn is_shown(&self) -> bool {
        !self.hidden && matches!(self.target, Target::Body | Target::Note | Target::Margin)
    }
}

/// A character by number: negative numbers count from the top.
pub(super) fn unit(number: Option<i32>) -> u16 {
    u16::try_from(number.unwrap_or(0) & 0xffff).unwrap_or(0)
}

pub(super) fn apply(word: &[u8], number: Option<i32>, state: &mut State, writer: &mut Writer) {
    let star = std::mem::take(&mut state.star);
    if word == b"u" {
        writer.unit(unit(number), state);
        return;
    }
    writer.flush(state);
    state.eat = 0;
    let on = number != Some(0);
    match word {
        b"par" | b"sect" | b"page" => writer.end_paragraph(state),
        b"cell" | b"nestcell" => writer.end_cell(state),
        b"row" | b"nestrow" => writer.end_row(state),
        b"pard" => {
            state.in_table = false;
            state.outline = false;
            state.style = 0;
        }
        b"intbl" => state.in_table = true,
        b"s" => writer.style(number.unwrap_or(0), state),
        b"outlinelevel" => writer.outline(number.unwrap_or(9) < 9, state),
        b"plain" => state.hidden = false,
        b"v" | b"deleted" => state.hidden = on,
        b"uc" => state.fallback = number.unwrap_or(1).clamp(0, 16) - 1,
        b"f" => state.font = number.unwrap_or(0),
        b"fcharset" => writer.font_set(state, number.unwrap_or(0)),
        b"ansicpg" => writer.page(number.unwrap_or(1252)),
        b"mac" => writer.page(10_000),
        b"yr" | b"mo" | b"dy" | b"hr" | b"min" => writer.time_part(word, number.unwrap_or(0), state),
        _ => match character(word) {
            Some(c) => writer.char(c, state),
            None => target(word, star, state),
        },
    }
}

fn character(word: &[u8]) -> Option<char> {
    Some(match word {
        b"tab" | b"line" | b"nbsp" | b"emspace" | b"enspace" => ' ',
        b"emdash" => '\u{2014}',
        b"endash" => '\u{2013}',
        b"lquote" => '\u{2018}',
        b"rquote" => '\u{2019}',
        b"ldblquote" => '\u{201c}',
        b"rdblquote" => '\u{201d}',
        b"bullet" => '\u{2022}',
        _ => return None,
    })
}

/// Groups without text for a reader: tables, pictures, marks, other properties.
#[rustfmt::skip]
const SKIPPED: &[&[u8]] = &[
    b"colortbl", b"pict", b"objdata", b"themedata", b"datastore", b"listtable", b"listoverridetable", b"rsidtbl",
    b"generator", b"xmlnstbl", b"filetbl", b"latentstyles", b"fldinst", b"datafield", b"bkmkstart", b"bkmkend",
    b"colorschememapping", b"revtbl", b"nonshppict", b"mmathPr", b"sp", b"operator", b"company", b"doccomm",
    b"keywords", b"category", b"manager", b"printim", b"buptim", b"atnid", b"atnauthor", b"atntime", b"atndate",
    b"atnref", b"atnparent", b"pntxta", b"pntxtb", b"ftnsep", b"ftnsepc", b"ftncn", b"aftnsep", b"aftnsepc",
    b"aftncn", b"private", b"falt", b"panose", b"userprops", b"docvar", b"template", b"nesttableprops",
    b"nonesttables", b"wgrffmtfilter", b"xe", b"tc",
];

/// Words that open a group of their own.
fn target(word: &[u8], star: bool, state: &mut State) {
    if state.target == Target::Nowhere {
        // A drawing as its program knows it is skipped, the text inside it is not.
        return;
    }
    state.target = match word {
        b"fonttbl" => Target::Fonts,
        b"stylesheet" => Target::Styles,
        b"footnote" | b"annotation" => Target::Note,
        b"header" | b"headerl" | b"headerr" | b"headerf" | b"footer" | b"footerl" | b"footerr" | b"footerf" => {
            Target::Margin
        }
        b"title" => Target::Title,
        b"author" => Target::Author,
        b"subject" => Target::Subject,
        b"creatim" => Target::Created,
        b"revtim" => Target::Revised,
        word if SKIPPED.contains(&word) => Target::Nowhere,
        b"shpinst" | b"shptxt" | b"shppict" | b"fldrslt" | b"result" | b"ud" | b"upr" => state.target,
        // A starred group that is not known here says nothing to a reader.
        _ if star => Target::Nowhere,
        _ => state.target,
    };
}
