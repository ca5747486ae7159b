//! Any part of an OpenDocument text, sheet or show: an outcome, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

const TEXT: &[u8] = include_bytes!("../../fixtures/formats/sample.odt");
const SHEETS: &[u8] = include_bytes!("../../fixtures/formats/sample.ods");
const SHOW: &[u8] = include_bytes!("../../fixtures/formats/sample.odp");
const PARTS: &[&str] = &["mimetype", "meta.xml", "content.xml"];

fuzz_target!(|bytes: &[u8]| {
    evidex_fuzz::package(TEXT, PARTS, bytes, "file.odt");
    evidex_fuzz::package(SHEETS, PARTS, bytes, "file.ods");
    evidex_fuzz::package(SHOW, PARTS, bytes, "file.odp");
});
