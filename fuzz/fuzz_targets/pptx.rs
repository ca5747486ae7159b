//! Any part of a presentation: an outcome, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

const SAMPLE: &[u8] = include_bytes!("../../fixtures/formats/sample.pptx");
const PARTS: &[&str] = &[
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/core.xml",
    "ppt/presentation.xml",
    "ppt/_rels/presentation.xml.rels",
    "ppt/slides/slide1.xml",
    "ppt/slides/_rels/slide1.xml.rels",
    "ppt/notesSlides/notesSlide1.xml",
    "ppt/slides/slide2.xml",
];

fuzz_target!(|bytes: &[u8]| {
    evidex_fuzz::package(SAMPLE, PARTS, bytes, "file.pptx");
});
