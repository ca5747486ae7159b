//! Packages for tests, written part by part.
#![allow(clippy::format_collect, clippy::format_push_string)] // short texts, and shorter code

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::domain::reading::Reading;

/// A zip file of the given parts.
pub(in crate::extract) fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Relationships: id, kind, target.
pub(in crate::extract) fn relations(relations: &[(&str, &str, &str)]) -> String {
    let base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let rows = relations
        .iter()
        .map(|(id, kind, target)| format!(r#"<Relationship Id="{id}" Type="{base}/{kind}" Target="{target}"/>"#));
    let rows: String = rows.collect();
    format!(
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>"#
    )
}

/// The passages as `place kind text`, tabs as `|`.
pub(in crate::extract) fn lines(reading: &Reading) -> Vec<String> {
    let line = |passage: &crate::domain::reading::Passage| {
        format!("{} {:?} {}", reading.place_text(passage.place), passage.kind, passage.text.replace('\t', "|"))
    };
    reading.passages.iter().map(line).collect()
}
