//! The screen that a manager sees first, whole, for the shipped company folder.
//!
//! `BLESS=1 cargo test --release golden` writes it anew after a wanted change; the difference shows in review.

use std::path::Path;

use crate::world::{World, fixture};

#[test]
fn the_gap_report_of_the_shipped_folder() {
    let world = World::new();
    let folder = fixture();
    let args = ["gaps", folder.to_str().unwrap(), "--entity", "us-importer", "--as-of", "2026-11-01"];
    let ran = world.run(&args);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let report = steady(&ran.stdout, &folder);
    let widest = report.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(widest <= 80, "{widest} columns");
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/gaps-harbor-pine.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::create_dir_all(golden.parent().unwrap()).unwrap();
        std::fs::write(&golden, &report).unwrap();
    }
    let wanted = std::fs::read_to_string(&golden).unwrap();
    for (number, (found, wanted)) in (1..).zip(report.lines().zip(wanted.lines())) {
        assert_eq!(found, wanted, "line {number} of {}", golden.display());
    }
    assert_eq!(report.lines().count(), wanted.lines().count());
}

/// Without what differs from machine to machine: where the folder lies, the program's version, the ledger's head.
fn steady(report: &str, folder: &Path) -> String {
    let report = report.replace(&*folder.to_string_lossy(), "[FOLDER]").replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
    let is_hex = |word: &str| word.len() >= 12 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let line = |line: &str| {
        let words: Vec<&str> = line.split(' ').map(|word| if is_hex(word) { "[HEAD]" } else { word }).collect();
        words.join(" ") + "\n"
    };
    report.lines().map(line).collect()
}
