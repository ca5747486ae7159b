//! Any text as a query: a tree that prints as a query of the same tree, or an error with a place; never a panic.
#![no_main]

use evidex::domain::day::Day;
use evidex::domain::query;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let today = Day::new(2026, 11, 24).expect("a day of the calendar");
    match query::parse(text, today) {
        Ok(parsed) => {
            let printed = parsed.to_string();
            // Names and ages are printed in full, which may make a long query too long.
            if printed.chars().count() > query::LENGTH_MAX {
                return;
            }
            assert_eq!(query::parse(&printed, today).as_ref(), Ok(&parsed), "{printed}");
        }
        Err(error) => assert!(error.query.is_char_boundary(error.at)),
    }
});
