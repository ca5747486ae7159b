//! Any part of a Word document: an outcome, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

const SAMPLE: &[u8] = include_bytes!("../../fixtures/formats/sample.docx");
const PARTS: &[&str] = &[
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/core.xml",
    "word/document.xml",
    "word/_rels/document.xml.rels",
    "word/header1.xml",
    "word/numbering.xml",
    "word/settings.xml",
];

fuzz_target!(|bytes: &[u8]| {
    evidex_fuzz::package(SAMPLE, PARTS, bytes, "file.docx");
});
