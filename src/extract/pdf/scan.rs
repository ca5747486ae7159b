//! Draws a page as grey pixels, for text recognition.
//!
//! Apart from reading because it is another device of the same interpreter. The whole page is drawn rather than its
//! picture taken out: rotation, masks, colours and pages scanned in strips then come out as a person sees them.

use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use hayro_interpret::InterpreterSettings;
use hayro_syntax::Pdf;

use crate::extract::limits::ReadError;
use crate::extract::passwords::Passwords;
use crate::extract::raster::{PIXELS_MAX, Raster};

/// Fine enough for the small print of a form; at 300 the same words are found for half as much time again.
const DPI: f64 = 200.0;
const POINTS_PER_INCH: f64 = 72.0;
/// The widest picture that the renderer makes.
const SIDE_MAX: f64 = 16_000.0;

/// The pages of a file.
pub(in crate::extract) struct Pages {
    pdf: Pdf,
}

impl Pages {
    pub(in crate::extract) fn open(bytes: &[u8], passwords: &Passwords) -> Result<Self, ReadError> {
        super::open(bytes, passwords).map(|pdf| Self { pdf }).map_err(|(error, _)| error)
    }

    /// Draws the page with this number, from 1.
    pub(in crate::extract) fn draw(&self, number: u32) -> Result<Raster, ReadError> {
        let index = usize::try_from(number).unwrap_or(usize::MAX).checked_sub(1);
        let page = index.and_then(|index| self.pdf.pages().get(index));
        let page = page.ok_or_else(|| ReadError::damaged(format!("there is no page {number}")))?;
        let (width, height) = page.render_dimensions();
        let dpi = dpi(f64::from(width), f64::from(height));
        #[expect(clippy::cast_possible_truncation, reason = "a small positive number")]
        let scale = (dpi / POINTS_PER_INCH) as f32;
        let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
        let interpreter = InterpreterSettings::default();
        let cache = RenderCache::new();
        let pixmap = hayro::render(page, &cache, &interpreter, &RenderSettings::default(), &settings);
        let grey = pixmap.data_as_u8_slice().chunks_exact(4).map(|p| Raster::grey_of(p[0], p[1], p[2])).collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 200")]
        let dpi = dpi as u16;
        Raster::new(u32::from(pixmap.width()), u32::from(pixmap.height()), grey, dpi)
            .ok_or_else(|| ReadError::damaged(format!("page {number} has no size")))
    }
}

/// Less than usual for pages so large that the picture would pass its bounds.
fn dpi(width: f64, height: f64) -> f64 {
    let square_inches = (width / POINTS_PER_INCH) * (height / POINTS_PER_INCH);
    let by_pixels = (PIXELS_MAX as f64 / square_inches.max(0.01)).sqrt();
    let by_side = SIDE_MAX * POINTS_PER_INCH / width.max(height).max(1.0);
    DPI.min(by_pixels).min(by_side).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_pages_are_drawn_coarser() {
        let rounded = |width, height| dpi(width, height).round();
        assert!((rounded(612.0, 792.0) - 200.0).abs() < 0.5);
        assert!(rounded(2_384.0, 3_370.0) < 120.0);
        assert!(dpi(1e9, 1e9) >= 1.0);
        assert!(dpi(f64::from(f32::MAX), 1.0) >= 1.0);
    }
}
