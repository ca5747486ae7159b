//! Text of RTF into passages: bytes to characters in the code page of the font, paragraphs, cells, rows, notes.

use std::collections::{HashMap, HashSet};

use encoding_rs::Encoding;

use super::words::{State, Target};
use crate::domain::reading::{Passage, PassageKind, Place, Properties};
use crate::extract::encoding;
use crate::extract::gather::{Gather, clean, looks_like_head};
use crate::extract::limits::Limits;

const TEXT_BYTES: usize = 1 << 20;
const FONTS_MAX: usize = 10_000;

pub(super) struct Writer {
    gather: Gather,
    page: u16,
    fonts: HashMap<i32, u16>,
    headings: HashSet<i32>,
    /// Bytes not yet decoded.
    bytes: Vec<u8>,
    /// The first half of a character of two units.
    half: Option<u16>,
    body: String,
    note: String,
    margin: String,
    /// The open name in a table or property.
    name: String,
    heading: bool,
    cells: Vec<String>,
    rows: usize,
    count: u32,
    properties: Properties,
    time: [i32; 5],
}

impl Writer {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            gather: Gather::new(limits),
            page: 1252,
            fonts: HashMap::new(),
            headings: HashSet::new(),
            bytes: Vec::new(),
            half: None,
            body: String::new(),
            note: String::new(),
            margin: String::new(),
            name: String::new(),
            heading: false,
            cells: Vec::new(),
            rows: 0,
            count: 0,
            properties: Properties::default(),
            time: [0; 5],
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.gather.is_full()
    }

    pub(super) fn finish(mut self) -> (Vec<Passage>, bool, Properties) {
        self.put_row();
        self.put_paragraph();
        let (passages, truncated) = self.gather.finish();
        (passages, truncated, self.properties)
    }

    pub(super) fn page(&mut self, page: i32) {
        self.page = u16::try_from(page).unwrap_or(1252);
    }

    /// The code page of the font that the table is at.
    pub(super) fn font_set(&mut self, state: &State, set: i32) {
        let page = match set {
            77 => 10_000,
            128 => 932,
            129 => 949,
            134 => 936,
            136 => 950,
            161 => 1253,
            162 => 1254,
            163 => 1258,
            177 => 1255,
            178 => 1256,
            186 => 1257,
            204 => 1251,
            222 => 874,
            238 => 1250,
            _ => return,
        };
        if state.target == Target::Fonts && self.fonts.len() < FONTS_MAX {
            self.fonts.insert(state.font, page);
        }
    }

    pub(super) fn style(&mut self, number: i32, state: &mut State) {
        state.style = number;
        self.heading = state.target == Target::Body && self.headings.contains(&number);
    }

    pub(super) fn outline(&mut self, heading: bool, state: &mut State) {
        state.outline = heading;
        match state.target {
            Target::Styles if heading => {
                self.headings.insert(state.style);
            }
            Target::Body => self.heading |= heading,
            _ => {}
        }
    }

    pub(super) fn byte(&mut self, byte: u8, state: &mut State) {
        if state.eat > 0 {
            state.eat -= 1;
        } else if state.is_shown() || !matches!(state.target, Target::Nowhere | Target::Body) {
            self.bytes.push(byte);
            if self.bytes.len() >= TEXT_BYTES {
                self.flush(state);
            }
        }
    }

    /// A character by number, with bytes after it for readers that do not know it.
    pub(super) fn unit(&mut self, unit: u16, state: &mut State) {
        self.flush(state);
        state.eat = usize::try_from(state.fallback + 1).unwrap_or(1);
        let half = self.half.take();
        match unit {
            0xd800..0xdc00 => self.half = Some(unit),
            0xdc00..0xe000 => {
                let pair = char::decode_utf16(half.into_iter().chain([unit])).next().and_then(Result::ok);
                self.char(pair.unwrap_or('\u{fffd}'), state);
            }
            unit => self.char(char::from_u32(unit.into()).unwrap_or('\u{fffd}'), state),
        }
    }

    pub(super) fn char(&mut self, c: char, state: &State) {
        let Some(open) = self.open(state) else { return };
        if open.len() < TEXT_BYTES {
            open.push(c);
        }
    }

    /// Decodes the bytes so far: a new font or group may bring another code page.
    pub(super) fn flush(&mut self, state: &State) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let page = self.fonts.get(&state.font).copied().unwrap_or(self.page);
        let encoding: &'static Encoding = encoding::code_page(page);
        let text = encoding.decode_without_bom_handling(&bytes).0;
        if let Some(open) = self.open(state).filter(|open| open.len() < TEXT_BYTES) {
            open.push_str(&text);
        }
    }

    fn open(&mut self, state: &State) -> Option<&mut String> {
        if state.hidden {
            return None;
        }
        match state.target {
            Target::Body => Some(&mut self.body),
            Target::Note => Some(&mut self.note),
            Target::Margin => Some(&mut self.margin),
            Target::Nowhere => None,
            Target::Fonts
            | Target::Styles
            | Target::Title
            | Target::Author
            | Target::Subject
            | Target::Created
            | Target::Revised => Some(&mut self.name),
        }
    }

    /// A group ends: notes and properties are complete.
    pub(super) fn leave(&mut self, inner: &State, outer: &State) {
        if inner.target == outer.target && inner.target != Target::Styles {
            return;
        }
        match inner.target {
            Target::Note => self.put_beside(PassageKind::Note),
            Target::Margin => self.put_beside(PassageKind::Margin),
            Target::Styles => {
                let name = clean(&std::mem::take(&mut self.name)).to_lowercase();
                let is_heading =
                    ["heading ", "título ", "titulo ", "title"].iter().any(|start| name.starts_with(start));
                if is_heading && self.headings.len() < FONTS_MAX {
                    self.headings.insert(inner.style);
                }
            }
            Target::Title => self.properties.title = self.property(),
            Target::Author => self.properties.author = self.property(),
            Target::Subject => self.properties.subject = self.property(),
            Target::Created => self.properties.created = self.take_time(),
            Target::Revised => self.properties.modified = self.take_time(),
            Target::Fonts => self.name.clear(),
            Target::Body | Target::Nowhere => {}
        }
    }

    fn property(&mut self) -> Option<String> {
        Some(clean(&std::mem::take(&mut self.name))).filter(|text| !text.is_empty())
    }

    pub(super) fn time_part(&mut self, word: &[u8], number: i32, state: &State) {
        let parts: [&[u8]; 5] = [b"yr", b"mo", b"dy", b"hr", b"min"];
        if let Some(part) = parts.iter().position(|part| *part == word)
            && matches!(state.target, Target::Created | Target::Revised)
        {
            self.time[part] = number;
        }
    }

    fn take_time(&mut self) -> Option<String> {
        let [year, month, day, hour, minute] =
            std::mem::take(&mut self.time).map(|part| i16::try_from(part).unwrap_or(0));
        let small = |part: i16| i8::try_from(part).ok();
        let day = jiff::civil::Date::new(year, small(month)?, small(day)?).ok()?;
        let time = jiff::civil::Time::new(small(hour)?, small(minute)?, 0, 0).ok()?;
        Some(format!("{day}T{time}"))
    }

    pub(super) fn end_paragraph(&mut self, state: &State) {
        match state.target {
            Target::Note => self.note.push(' '),
            Target::Margin => self.put_beside(PassageKind::Margin),
            Target::Body if state.in_table => self.body.push(' '),
            Target::Body => {
                self.put_row();
                self.put_paragraph();
                self.heading = state.outline || self.headings.contains(&state.style);
            }
            _ => {}
        }
    }

    pub(super) fn end_cell(&mut self, state: &State) {
        match state.target {
            Target::Body => {
                let cell = std::mem::take(&mut self.body);
                self.cells.push(cell);
            }
            Target::Margin => self.margin.push(' '),
            Target::Note => self.note.push(' '),
            _ => {}
        }
    }

    pub(super) fn end_row(&mut self, state: &State) {
        if state.target == Target::Body {
            self.put_row();
        }
    }

    fn place(&self) -> Place {
        Place::Paragraph(self.count.max(1))
    }

    fn put_row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        let head = self.rows == 0 && looks_like_head(&cells);
        self.rows += 1;
        self.count += 1;
        let kind = if head { PassageKind::TableHead } else { PassageKind::TableRow };
        self.gather.cells(self.place(), kind, &cells);
    }

    fn put_paragraph(&mut self) {
        let text = clean(&std::mem::take(&mut self.body));
        if text.is_empty() {
            return;
        }
        self.rows = 0;
        self.count += 1;
        let kind = if self.heading { PassageKind::Heading } else { PassageKind::Text };
        self.gather.text(self.place(), kind, &text);
    }

    fn put_beside(&mut self, kind: PassageKind) {
        let text = std::mem::take(if kind == PassageKind::Note { &mut self.note } else { &mut self.margin });
        // A note stands inside the paragraph that is still open.
        let next = u32::from(kind == PassageKind::Note && !self.body.trim().is_empty());
        let place = Place::Paragraph(self.count.saturating_add(next).max(1));
        self.gather.text(place, kind, &text);
    }
}
