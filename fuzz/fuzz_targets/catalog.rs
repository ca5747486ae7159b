//! Any text as a catalog and as an overlay: a catalog or an error with a place, never a panic.
#![no_main]

use evidex::domain::catalog::Catalog;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = Catalog::parse(text, "fuzz.toml");
    let _ = Catalog::built_in().clone().overlay(text, "fuzz.toml");
});
