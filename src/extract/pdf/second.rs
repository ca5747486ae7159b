//! The second reader, `pdf-extract`, for files that the first refuses or finds nothing in.
//!
//! Apart because it is another library with other habits: it panics on what it does not expect, so that it runs under
//! `catch_unwind` and its silence means "nothing found".

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::domain::reading::{PassageKind, Place, Properties};
use crate::extract::gather::Gather;
use crate::extract::limits::Limits;

/// The text by lines and the number of pages, or nothing.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Option<(Gather, Properties)> {
    // Nothing outside is changed by the call, so that a panic leaves nothing half done.
    let pages = catch_unwind(AssertUnwindSafe(|| pdf_extract::extract_text_from_mem_by_pages(bytes))).ok()?.ok()?;
    let mut gather = Gather::new(limits);
    for (index, page) in pages.iter().enumerate() {
        let place = Place::Page(u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1));
        for line in page.lines() {
            gather.text(place, PassageKind::Text, line);
        }
    }
    if gather.is_empty() {
        return None;
    }
    let properties = Properties { page_count: u32::try_from(pages.len()).ok(), ..Properties::default() };
    Some((gather, properties))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_pdf_are_nothing_and_no_panic() {
        for bytes in [&b""[..], b"%PDF-1.7", b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF"] {
            assert!(read(bytes, &Limits::default()).is_none());
        }
    }
}
