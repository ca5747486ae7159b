//! Any part of a workbook: an outcome, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

const SAMPLE: &[u8] = include_bytes!("../../fixtures/formats/sample.xlsx");
const PARTS: &[&str] = &[
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/core.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/_rels/sheet1.xml.rels",
    "xl/worksheets/sheet2.xml",
    "xl/comments/comment1.xml",
    "xl/styles.xml",
];

fuzz_target!(|bytes: &[u8]| {
    evidex_fuzz::package(SAMPLE, PARTS, bytes, "file.xlsx");
});
