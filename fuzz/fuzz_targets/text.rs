//! Markdown and plain text, from any bytes: an outcome, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    evidex_fuzz::one(bytes, "file.md");
    evidex_fuzz::one(bytes, "file.txt");
});
