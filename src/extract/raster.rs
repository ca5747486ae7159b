//! A page as grey pixels: bounded, turned, straightened, and how crooked its lines are.
//!
//! Apart from the decoders and the renderer because both make one, and from text recognition because this is plain
//! geometry. Invariant: as many pixels as width times height says, and never more than [`PIXELS_MAX`].

/// A letter page at 330 dots per inch, a tabloid one at 235.
pub(super) const PIXELS_MAX: u64 = 10 << 20;
const WHITE: u8 = 255;
/// Angles looked at when a page is judged for being crooked, in degrees either way.
const SKEW_MAX: f64 = 10.0;
const SKEW_STEP: f64 = 0.25;
/// Dark points looked at; more would not make the angle better.
const SKEW_POINTS_MAX: usize = 20_000;

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raster {
    width: u32,
    height: u32,
    grey: Vec<u8>,
    dpi: u16,
}

/// A turn of a page, clockwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    Quarter,
    Half,
    ThreeQuarters,
}

impl Raster {
    /// `None` if the sizes do not fit each other or the bounds.
    pub(super) fn new(width: u32, height: u32, grey: Vec<u8>, dpi: u16) -> Option<Self> {
        let pixels = u64::from(width) * u64::from(height);
        (pixels > 0 && pixels <= PIXELS_MAX && pixels == grey.len() as u64).then_some(Self { width, height, grey, dpi })
    }

    /// The brightness of a colour as the eye has it.
    pub(super) fn grey_of(red: u8, green: u8, blue: u8) -> u8 {
        let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
        u8::try_from(sum >> 8).unwrap_or(WHITE)
    }

    pub(super) fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    pub(super) fn grey(&self) -> &[u8] {
        &self.grey
    }

    pub(super) fn dpi(&self) -> u16 {
        self.dpi
    }

    /// As a portable grey map, the plainest of all picture formats.
    pub(super) fn to_pgm(&self) -> Vec<u8> {
        let mut pgm = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        pgm.extend_from_slice(&self.grey);
        pgm
    }

    pub(super) fn turned(&self, turn: Turn) -> Self {
        let (width, height) = (self.width, self.height);
        let (new_width, new_height) = match turn {
            Turn::Half => (width, height),
            Turn::Quarter | Turn::ThreeQuarters => (height, width),
        };
        let from = |x: u32, y: u32| match turn {
            Turn::Quarter => (y, height - 1 - x),
            Turn::Half => (width - 1 - x, height - 1 - y),
            Turn::ThreeQuarters => (width - 1 - y, x),
        };
        let places = (0..new_height).flat_map(|y| (0..new_width).map(move |x| (x, y)));
        let grey = places.map(|(x, y)| from(x, y)).map(|(x, y)| self.at(x, y)).collect();
        Self { width: new_width, height: new_height, grey, dpi: self.dpi }
    }

    /// Turned by a small angle around its middle, counter-clockwise; what comes in from outside is white.
    pub(super) fn straightened(&self, degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let (middle_x, middle_y) = (f64::from(self.width) / 2.0, f64::from(self.height) / 2.0);
        let mut grey = Vec::with_capacity(self.grey.len());
        for y in 0..self.height {
            for x in 0..self.width {
                let (dx, dy) = (f64::from(x) - middle_x, f64::from(y) - middle_y);
                grey.push(self.between(middle_x + dx * cos - dy * sin, middle_y + dx * sin + dy * cos));
            }
        }
        Self { grey, ..*self }
    }

    /// By how many degrees the lines of text fall to the right: those for which the rows of the page are most
    /// unlike each other, dark where text is and white between.
    pub(super) fn skew(&self) -> f64 {
        let points = self.dark_points();
        if points.len() < 100 {
            return 0.0;
        }
        let mut best = (0.0, 0.0);
        let mut degrees = -SKEW_MAX;
        while degrees <= SKEW_MAX {
            let score = self.unlikeness(&points, degrees);
            if score > best.0 {
                best = (score, degrees);
            }
            degrees += SKEW_STEP;
        }
        best.1
    }

    fn unlikeness(&self, points: &[(u32, u32)], degrees: f64) -> f64 {
        let slope = degrees.to_radians().tan();
        let mut rows: Vec<f64> = vec![0.0; (self.height as usize) / 2 + 2];
        let middle = f64::from(self.width) / 2.0;
        for (x, y) in points {
            let row = (f64::from(*y) - (f64::from(*x) - middle) * slope) / 2.0;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "out of range is checked next")]
            let index = row.max(0.0) as usize;
            if let Some(count) = rows.get_mut(index) {
                *count += 1.0;
            }
        }
        rows.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum()
    }

    /// Places that are much darker than the page, evenly thinned.
    fn dark_points(&self) -> Vec<(u32, u32)> {
        let sum: u64 = self.grey.iter().map(|grey| u64::from(*grey)).sum();
        let mean = u8::try_from(sum / self.grey.len().max(1) as u64).unwrap_or(WHITE);
        let limit = mean.saturating_sub(40);
        let count = self.grey.iter().filter(|grey| **grey < limit).count();
        let step = count.div_ceil(SKEW_POINTS_MAX).max(1);
        let dark = (0..self.height).flat_map(|y| (0..self.width).map(move |x| (x, y)));
        dark.filter(|(x, y)| self.at(*x, *y) < limit).step_by(step).collect()
    }

    fn at(&self, x: u32, y: u32) -> u8 {
        let index = u64::from(y) * u64::from(self.width) + u64::from(x);
        usize::try_from(index).ok().and_then(|index| self.grey.get(index)).copied().unwrap_or(WHITE)
    }

    /// The brightness between four pixels.
    fn between(&self, x: f64, y: f64) -> u8 {
        if x < 0.0 || y < 0.0 || x >= f64::from(self.width - 1) || y >= f64::from(self.height - 1) {
            return WHITE;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "inside the picture")]
        let (left, top) = (x as u32, y as u32);
        let (right_share, low_share) = (x - f64::from(left), y - f64::from(top));
        let mix = |a: u8, b: u8, share: f64| f64::from(a) + (f64::from(b) - f64::from(a)) * share;
        let upper = mix(self.at(left, top), self.at(left + 1, top), right_share);
        let lower = mix(self.at(left, top + 1), self.at(left + 1, top + 1), right_share);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two bytes")]
        let grey = (upper + (lower - upper) * low_share).round() as u8;
        grey
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raster(width: u32, grey: &[u8]) -> Raster {
        Raster::new(width, u32::try_from(grey.len()).unwrap() / width, grey.to_vec(), 200).unwrap()
    }

    /// Lines of text as dark bars, falling to the right by `degrees`.
    fn page(degrees: f64) -> Raster {
        let slope = degrees.to_radians().tan();
        let dark = |x: u32, y: u32| {
            let row = f64::from(y) - (f64::from(x) - 300.0) * slope;
            (50.0..550.0).contains(&row) && row.rem_euclid(40.0) < 14.0 && (60..540).contains(&x) && x % 9 < 6
        };
        let grey = (0..600).flat_map(|y| (0..600).map(move |x| if dark(x, y) { 10 } else { 250 })).collect();
        Raster::new(600, 600, grey, 200).unwrap()
    }

    #[test]
    fn sizes_must_fit() {
        for (width, height, pixels, wanted) in
            [(2, 3, 6, true), (2, 3, 5, false), (0, 3, 0, false), (u32::MAX, u32::MAX, 6, false)]
        {
            assert_eq!(Raster::new(width, height, vec![0; pixels], 200).is_some(), wanted);
        }
    }

    #[test]
    fn turns_keep_every_pixel() {
        let raster = raster(3, &[1, 2, 3, 4, 5, 6]);
        for (turn, width, wanted) in [
            (Turn::Quarter, 2, [4, 1, 5, 2, 6, 3]),
            (Turn::Half, 3, [6, 5, 4, 3, 2, 1]),
            (Turn::ThreeQuarters, 2, [3, 6, 2, 5, 1, 4]),
        ] {
            let turned = raster.turned(turn);
            assert_eq!((turned.width, turned.grey.as_slice()), (width, &wanted[..]), "{turn:?}");
        }
    }

    #[test]
    fn crooked_pages_are_measured_and_straightened() {
        for degrees in [-7.0, -2.0, 0.0, 3.5] {
            let page = page(degrees);
            assert!((page.skew() - degrees).abs() <= 0.3, "{degrees}: {}", page.skew());
            assert!(page.straightened(page.skew()).skew().abs() <= 0.3, "{degrees}");
        }
        assert!(raster(10, &[255; 100]).skew().abs() < 1e-9);
    }

    #[test]
    fn a_grey_map_has_its_head() {
        assert_eq!(raster(2, &[1, 2]).to_pgm(), b"P5\n2 1\n255\n\x01\x02");
    }
}
