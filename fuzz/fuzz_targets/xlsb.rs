//! Any part of a binary workbook: an outcome, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

const SAMPLE: &[u8] = include_bytes!("../../fixtures/formats/sample.xlsb");
const PARTS: &[&str] = &[
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/_rels/workbook.bin.rels",
    "xl/workbook.bin",
    "xl/worksheets/sheet1.bin",
    "xl/styles.bin",
];

fuzz_target!(|bytes: &[u8]| {
    evidex_fuzz::package(SAMPLE, PARTS, bytes, "file.xlsb");
});
