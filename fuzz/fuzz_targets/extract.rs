//! Any bytes, by every reader that their form leads to: an outcome, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let limits = evidex::extract::Limits { text_bytes: 1 << 20, member_bytes: 8 << 20, ..Default::default() };
    let _ = evidex::extract::read(bytes, "file", &limits);
});
