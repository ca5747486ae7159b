//! One small file of every format that is read, each made for this project, each asked for words at their places.

use std::path::Path;

use evidex::domain::reading::{Extracted, Outcome};
use evidex::extract::{Limits, read};

/// File, and for each of three passages its place and a part of its text, cells divided by `|`.
const FILES: &[(&str, [(&str, &str); 3])] = &[
    ("pdf", [("page 1", "Seal procedure"), ("page 1", "2026-04-12|HP440192"), ("page 1", "Approved by the manager")]),
    ("docx", [("paragraph 1", "Rev 4"), ("paragraph 2", "Señales rotas"), ("paragraph 6", "2026-04-12|HP440192")]),
    ("doc", [("paragraph 1", "Rev 4"), ("paragraph 2", "Señales rotas"), ("paragraph 4", "2026-04-12|HP440192")]),
    ("odt", [("paragraph 1", "Rev 4"), ("paragraph 2", "Señales rotas"), ("paragraph 4", "2026-04-12|HP440192")]),
    ("rtf", [("paragraph 1", "Rev 4"), ("paragraph 2", "Señales rotas"), ("paragraph 4", "2026-04-12|HP440192")]),
    ("xlsx", [("row 1", "Seal log"), ("row 3", "2026-10-03|HP440192"), ("row 3", "Seal was cut")]),
    ("xls", [("row 1", "Seal log"), ("row 3", "2026-10-03|HP440192"), ("row 3", "Seal was cut")]),
    ("ods", [("row 1", "Seal log"), ("row 4", "HP440193|M. Lee|100%"), ("row 3", "Seal was cut")]),
    ("xlsb", [("row 1", "Date|Seal|Driver"), ("row 2", "2026-10-03|HP440192"), ("row 3", "2026-10-04")]),
    ("csv", [("row 1", "Date|Seal|Driver"), ("row 2", "2026-10-03|HP440192"), ("row 3", "2026-10-04")]),
    ("pptx", [("slide 1", "Check the seal"), ("slide 1", "Say why it matters"), ("slide 2", "Quiz")]),
    ("ppt", [("slide 1", "Check the seal"), ("slide 1", "Say why it matters"), ("slide 2", "Quiz")]),
    ("odp", [("slide 1", "Check the seal"), ("slide 1", "Say why it matters"), ("slide 2", "Quiz")]),
    ("msg", [("paragraph 1", "from|Ann Roe"), ("paragraph 5", "every seal"), ("row 2", "2026-10-03|HP440192")]),
    ("eml", [("paragraph 1", "from|Ann Roe"), ("paragraph 3", "2026-04-12T09:33:11Z"), ("paragraph 5", "every seal")]),
    ("html", [("paragraph 1", "Seal procedure"), ("paragraph 2", "guard"), ("paragraph 4", "HP440192")]),
    ("md", [("line 1", "Seal procedure"), ("line 3", "guard"), ("line 7", "HP440192")]),
    ("txt", [("line 1", "Seal procedure"), ("line 2", "guard"), ("line 3", "2026-04-12")]),
    ("zip", [("row 1", "Date|Seal|Driver"), ("row 3", "M. Lee"), ("line 2", "guard")]),
    ("jpg", [("paragraph 1", "date taken|2026-04-12T09:33:11"), ("paragraph 1", "19.43"), ("paragraph 1", "Acme A1")]),
    ("png", [("paragraph 1", "date taken|2026-04-12T09:33:11"), ("paragraph 1", "19.43"), ("paragraph 1", "Acme A1")]),
    ("webp", [("paragraph 1", "date taken|2026-04-12T09:33:11"), ("paragraph 1", "19.43"), ("paragraph 1", "Acme A1")]),
    ("tiff", [("paragraph 1", "description|Fence"), ("paragraph 1", "repaired"), ("paragraph 1", "camera|Acme A1")]),
];

#[test]
fn every_format_gives_its_words_at_their_places() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats");
    for (extension, wanted) in FILES {
        let name = format!("sample.{extension}");
        let bytes = std::fs::read(folder.join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        // The name must not be needed to know the format, but for those that look like plain text.
        let shown = if matches!(*extension, "csv" | "md" | "eml" | "html" | "txt") { name.as_str() } else { "x" };
        let mut found = Vec::new();
        passages(&read(&bytes, shown, &Limits::default()), &mut found);
        for (place, text) in wanted {
            let is_there = found.iter().any(|(at, passage)| at == place && passage.contains(text));
            assert!(is_there, "{name}: no {text:?} at {place} in {found:#?}");
        }
    }
}

#[test]
fn every_fixture_is_asked() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats");
    let files = std::fs::read_dir(folder).expect("the folder is part of the repository");
    assert_eq!(files.count(), FILES.len());
}

fn passages(extracted: &Extracted, found: &mut Vec<(String, String)>) {
    if let Outcome::Read(reading) = &extracted.outcome {
        let shown = reading.passages.iter();
        found.extend(shown.map(|passage| (reading.place_text(passage.place), passage.text.replace('\t', "|"))));
    }
    for member in &extracted.members {
        passages(&member.extracted, found);
    }
}
