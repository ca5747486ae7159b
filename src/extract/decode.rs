//! Picture files as grey pixels, in the fence: hostile files meet decoders in safe Rust, and Tesseract meets pixels.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageFormat, ImageReader, Rgba, imageops};

use super::exif::{self, Exif};
use super::limits::{Limits, ReadError};
use super::raster::{PIXELS_MAX, Raster};
use crate::domain::reading::Unreadable;

/// A longer side has no camera and no scanner.
const SIDE_MAX: u32 = 30_000;
/// Long side of the paper that a picture is taken to show, in inches, where nothing tells its scale.
const PAPER_INCHES: u32 = 11;
/// Letters of a screen are about ten pixels high; recognition wants twice that.
const SMALL_SIDE: u32 = 2_000;

/// Decodes one picture of a file, upright, within the bounds of a page.
pub(super) fn picture(bytes: &mut [u8], kind: &str, number: u32, limits: &Limits) -> Result<Raster, ReadError> {
    let format = format(kind).ok_or_else(|| ReadError::damaged(format!("{kind} is not decoded")))?;
    let orientation = exif::find(bytes).map(Exif::read).and_then(|exif| exif.orientation);
    if format == ImageFormat::Tiff {
        begin_at(bytes, number, limits)?;
    }
    let mut reader = ImageReader::with_format(Cursor::new(&*bytes), format);
    let mut bounds = image::Limits::default();
    bounds.max_image_width = Some(SIDE_MAX);
    bounds.max_image_height = Some(SIDE_MAX);
    bounds.max_alloc = Some(limits.memory_bytes / 2);
    reader.limits(bounds);
    let decoded = reader.decode().map_err(|error| refused(&error))?;
    let mut grey = DynamicImage::ImageLuma8(on_white(decoded));
    grey.apply_orientation(orientation.and_then(Orientation::from_exif).unwrap_or(Orientation::NoTransforms));
    raster(&fitted(grey.into_luma8()))
}

/// Formats that are known by their bytes, which the extension does not overrule.
fn format(kind: &str) -> Option<ImageFormat> {
    Some(match kind {
        "jpg" => ImageFormat::Jpeg,
        "png" => ImageFormat::Png,
        "tiff" => ImageFormat::Tiff,
        "webp" => ImageFormat::WebP,
        "gif" => ImageFormat::Gif,
        "bmp" => ImageFormat::Bmp,
        _ => return None,
    })
}

/// Makes the header of a TIFF point to the table of this page: decoders read the first one.
fn begin_at(bytes: &mut [u8], number: u32, limits: &Limits) -> Result<(), ReadError> {
    let index = usize::try_from(number).unwrap_or(usize::MAX).wrapping_sub(1);
    let table = exif::tables(bytes, limits.pages).get(index).copied();
    let table = table.ok_or_else(|| ReadError::damaged(format!("there is no page {number}")))?;
    let table = if bytes.starts_with(b"II") { table.to_le_bytes() } else { table.to_be_bytes() };
    if let Some(first) = bytes.get_mut(4..8) {
        first.copy_from_slice(&table);
    }
    Ok(())
}

fn refused(error: &image::ImageError) -> ReadError {
    // The message of a decoder may quote the file; its sort is enough.
    match error {
        image::ImageError::Limits(_) => ReadError::new(Unreadable::TooMuchMemory, "the picture is too large"),
        image::ImageError::Unsupported(_) => ReadError::damaged("a sort of picture that is not decoded"),
        image::ImageError::Decoding(_)
        | image::ImageError::Encoding(_)
        | image::ImageError::Parameter(_)
        | image::ImageError::IoError(_) => ReadError::damaged("the picture is damaged"),
    }
}

/// Grey; what is transparent shows white paper.
fn on_white(picture: DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let rgba = picture.into_rgba8();
    let mut grey = GrayImage::new(rgba.width(), rgba.height());
    for (to, Rgba([red, green, blue, alpha])) in grey.pixels_mut().zip(rgba.pixels()) {
        let (alpha, shade) = (u32::from(*alpha), u32::from(Raster::grey_of(*red, *green, *blue)));
        to.0[0] = u8::try_from((shade * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255);
    }
    grey
}

/// Smaller if there are more pixels than help, twice as large if there are fewer than recognition wants.
fn fitted(grey: GrayImage) -> GrayImage {
    let (width, height) = grey.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > PIXELS_MAX {
        let share = (PIXELS_MAX as f64 / pixels as f64).sqrt();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "smaller than before")]
        let scaled = |side: u32| ((f64::from(side) * share) as u32).max(1);
        return imageops::resize(&grey, scaled(width), scaled(height), imageops::FilterType::Triangle);
    }
    if width.max(height) <= SMALL_SIDE && pixels * 4 <= PIXELS_MAX {
        return imageops::resize(&grey, width * 2, height * 2, imageops::FilterType::CatmullRom);
    }
    grey
}

fn raster(grey: &GrayImage) -> Result<Raster, ReadError> {
    let (width, height) = grey.dimensions();
    let dpi = (width.max(height) / PAPER_INCHES).clamp(100, 300);
    let dpi = u16::try_from(dpi).unwrap_or(300);
    Raster::new(width, height, grey.as_raw().clone(), dpi)
        .ok_or_else(|| ReadError::new(Unreadable::TooMuchMemory, "the picture is too large"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageBuffer, Luma};

    fn encoded(format: ImageFormat) -> Vec<u8> {
        let picture: GrayImage = ImageBuffer::from_fn(40, 20, |x, _| Luma([if x < 20 { 0 } else { 250 }]));
        let mut bytes = Cursor::new(Vec::new());
        let rgb = DynamicImage::ImageLuma8(picture).to_rgb8();
        rgb.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn every_format_gives_the_same_page() {
        for (kind, format) in [
            ("jpg", ImageFormat::Jpeg),
            ("png", ImageFormat::Png),
            ("tiff", ImageFormat::Tiff),
            ("webp", ImageFormat::WebP),
            ("gif", ImageFormat::Gif),
            ("bmp", ImageFormat::Bmp),
        ] {
            let raster = picture(&mut encoded(format), kind, 1, &Limits::default()).unwrap();
            assert_eq!(raster.size(), (80, 40), "{kind}");
            let row = &raster.grey()[80 * 20..];
            assert!(row[5] < 20 && row[70] > 235, "{kind}: {} {}", row[5], row[70]);
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for (bytes, kind, number) in [
            (&b"\xff\xd8\xff\xe0cut"[..], "jpg", 1),
            (b"II*\0\x08\0\0\0\0\0", "tiff", 1),
            (b"II*\0\x08\0\0\0\0\0", "tiff", 2),
            (b"x", "heic", 1),
        ] {
            assert!(picture(&mut bytes.to_vec(), kind, number, &Limits::default()).is_err(), "{kind}");
        }
    }

    #[test]
    fn a_large_picture_is_made_smaller() {
        let large = GrayImage::new(6_000, 4_000);
        let (width, height) = fitted(large).dimensions();
        assert!(u64::from(width) * u64::from(height) <= PIXELS_MAX && width > 3_000);
    }

    #[test]
    fn transparent_is_white() {
        let rgba = image::RgbaImage::from_pixel(2, 1, Rgba([0, 0, 0, 0]));
        assert_eq!(on_white(DynamicImage::ImageRgba8(rgba)).into_raw(), [255, 255]);
    }
}
