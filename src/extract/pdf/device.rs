//! The device on which a page is "drawn": it keeps the text and where it stood, and nothing else.
//!
//! Apart from the layout because this half only knows glyphs in the order of the file, one after another; what they
//! mean for lines, rows and paragraphs is decided from the finished segments.

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask};
use kurbo::{BezPath, Point, Rect, Vec2};

use super::glyphs::{self, Glyphs};

/// Text on one baseline without a wide gap; lengths in points, `y` upwards.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Segment {
    pub text: String,
    pub x0: f64,
    pub x1: f64,
    pub y: f64,
    pub size: f64,
    /// Written from left to right as a reader holds the page; rotated text is never part of a table.
    pub upright: bool,
    /// Set in a bold font throughout, as far as the font says so.
    pub bold: bool,
}

// All in parts of the font's size.
const WORD_GAP: f64 = 0.13;
const BACKWARDS: f64 = -0.5;
const OFF_BASELINE: f64 = 0.45;
const LINE_RESTART: f64 = -1.5;
/// A gap this wide between two separately placed pieces of text is a column's gap.
const CELL_GAP: f64 = 0.8;
/// The same inside one piece: justified text has wide gaps as well.
const CELL_GAP_INSIDE: f64 = 2.5;
/// Two pieces of the same text this close are one, printed twice to look bold.
const DOUBLE_STRIKE: f64 = 0.3;
/// What a segment costs besides its text, so that a page of single letters is bounded as well.
const SEGMENT_COST: u64 = 48;
/// Codes of one run that are remembered; Latin text has fewer, and more would be slow to look through.
const RUN_CODES_MAX: usize = 64;
/// How far back a second print of the same text is looked for.
const DOUBLE_STRIKE_WINDOW: usize = 8;

/// Collects the segments of one page after another.
#[derive(Default)]
pub(super) struct TextDevice {
    glyphs: Glyphs,
    /// What the glyphs of the present run stand for, by their codes: they are all of one font.
    run: Vec<Known>,
    segments: Vec<Segment>,
    open: Option<Open>,
    images: bool,
    /// Of the page being drawn: the area of its pictures, in square points.
    picture_area: f64,
    bytes: u64,
    budget: u64,
}

/// What a glyph stands for. To ask the font costs several look-ups by name, and a run repeats its letters.
#[derive(Clone)]
struct Known {
    code: u32,
    text: String,
    advance: Option<f32>,
}

/// The segment being written.
struct Open {
    text: String,
    start: Point,
    end: Point,
    direction: Vec2,
    size: f64,
    bold: bool,
}

/// A glyph as the page places it.
struct Placed {
    at: kurbo::Affine,
    bold: bool,
    /// The first of its piece of text.
    first: bool,
}

impl TextDevice {
    /// A device that takes `budget` bytes of text in all and ignores the rest.
    pub(super) fn new(budget: u64) -> Self {
        Self { budget, ..Self::default() }
    }

    /// The segments of the page that was just drawn.
    pub(super) fn end_page(&mut self) -> Vec<Segment> {
        self.close();
        std::mem::take(&mut self.segments)
    }

    /// The area of the pictures on the page that was just drawn.
    pub(super) fn take_picture_area(&mut self) -> f64 {
        std::mem::take(&mut self.picture_area)
    }

    pub(super) fn saw_images(&self) -> bool {
        self.images
    }

    pub(super) fn is_full(&self) -> bool {
        self.bytes > self.budget
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let text = open.text.trim();
        if text.is_empty() {
            return;
        }
        let text = if glyphs::is_mostly_rtl(text) { glyphs::logical_order(text) } else { text.to_owned() };
        let upright = open.direction.x > 0.98;
        let (x0, x1) = (open.start.x.min(open.end.x), open.start.x.max(open.end.x));
        let segment = Segment { text, x0, x1, y: open.start.y, size: open.size, upright, bold: open.bold };
        let recent = self.segments.iter().rev().take(DOUBLE_STRIKE_WINDOW);
        if !recent.into_iter().any(|before| is_double_strike(before, &segment)) {
            self.bytes = self.bytes.saturating_add(SEGMENT_COST);
            self.segments.push(segment);
        }
    }

    fn glyph(&mut self, glyph: &Glyph<'_>, placed: &Placed) {
        let Placed { at, bold, first } = *placed;
        let Known { text, advance, .. } = self.known(glyph);
        let start = at * Point::ZERO;
        let end = at * Point::new(f64::from(advance.unwrap_or(500.0)), 0.0);
        let size = (at * Point::new(0.0, 1000.0) - start).hypot().max(0.01);
        if !(start.x.is_finite() && start.y.is_finite() && end.x.is_finite() && end.y.is_finite() && size.is_finite()) {
            return;
        }
        let run = end - start;
        let direction = if run.hypot() < 1e-6 { Vec2::new(1.0, 0.0) } else { run / run.hypot() };
        self.bytes = self.bytes.saturating_add(text.len() as u64);
        match self.step(start, direction, size, first) {
            Step::NewSegment => self.close(),
            Step::Space => {
                if let Some(open) = self.open.as_mut().filter(|open| !open.text.ends_with(' ') && text != " ") {
                    open.text.push(' ');
                }
            }
            Step::Joined => {}
        }
        let open = self.open.get_or_insert_with(|| Open { text: String::new(), start, end, direction, size, bold });
        if open.text.is_empty() && text == " " {
            // A segment starts at its first visible glyph.
            open.start = end;
        }
        if !(open.text.is_empty() && text == " ") {
            open.text.push_str(&text);
            open.bold &= bold;
        }
        open.end = end;
        open.size = open.size.max(size);
    }

    fn known(&mut self, glyph: &Glyph<'_>) -> Known {
        let code = glyph.char_code();
        if let Some(known) = self.run.iter().find(|known| known.code == code) {
            return known.clone();
        }
        let advance = match glyph {
            Glyph::Outline(outline) => outline.advance_width(),
            Glyph::Type3(type3) => type3.advance_width(),
        };
        let mut text = String::new();
        self.glyphs.append(glyph, &mut text);
        let known = Known { code, text, advance };
        if self.run.len() < RUN_CODES_MAX {
            self.run.push(known.clone());
        }
        known
    }

    fn step(&self, start: Point, direction: Vec2, size: f64, first: bool) -> Step {
        let Some(open) = &self.open else { return Step::Joined };
        let moved = start - open.end;
        let along = moved.dot(direction);
        let across = moved.cross(direction).abs();
        let larger = size.max(open.size);
        let wide = if first { CELL_GAP } else { CELL_GAP_INSIDE };
        if across > OFF_BASELINE * larger || along < LINE_RESTART * larger || along > wide * larger {
            Step::NewSegment
        } else if along > WORD_GAP * size || along < BACKWARDS * size {
            Step::Space
        } else {
            Step::Joined
        }
    }
}

enum Step {
    NewSegment,
    Space,
    Joined,
}

fn is_double_strike(a: &Segment, b: &Segment) -> bool {
    let near = DOUBLE_STRIKE * b.size;
    (a.x0 - b.x0).abs() < near && (a.y - b.y).abs() < near && a.text == b.text
}

impl<'a> Device<'a> for TextDevice {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_clip_rect(&mut self, _: &Rect) {}
    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        self.run.clear();
        let bold = run.glyphs().first().is_some_and(|glyph| glyphs::is_bold(glyph));
        for (index, glyph) in run.glyphs().iter().enumerate() {
            if self.is_full() {
                return;
            }
            self.glyph(glyph, &Placed { at: props.transform * glyph.transform(), bold, first: index == 0 });
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.images = true;
        let area = props.transform.determinant().abs() * f64::from(image.width()) * f64::from(image.height());
        self.picture_area += if area.is_finite() { area } else { 0.0 };
    }

    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
