//! The same facts give the same bytes, and what a report says does not hang on the files' times.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::world::{World, fixture};

const GAPS: [&str; 7] = ["gaps", "docs", "--all", "--entity", "us-importer", "--as-of", "2026-11-01"];

fn copy_tree(from: &Path, to: &Path, time: SystemTime) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let from = entry.unwrap().path();
        let to = to.join(from.file_name().unwrap());
        if from.is_dir() {
            copy_tree(&from, &to, time);
        } else {
            fs::copy(&from, &to).unwrap();
            fs::File::options().write(true).open(&to).unwrap().set_modified(time).unwrap();
        }
    }
}

/// A world with a copy of the shipped company folder, every file of that time.
fn copied(time: SystemTime) -> World {
    let world = World::new();
    copy_tree(&fixture(), &world.at("docs"), time);
    world
}

/// A report without the line that names the ledger's head.
fn without_head(text: &str) -> String {
    let is_head = |line: &&str| line.contains("edger") && line.contains("head");
    assert_eq!(text.lines().filter(is_head).count(), 1, "a report names the head once:\n{text}");
    text.lines().filter(|line| !is_head(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    let world = copied(SystemTime::now());
    assert_eq!(world.run(&["scan", "docs"]).code, 3);
    for format in ["json", "table", "csv", "markdown"] {
        // Asked of the state, so that no pass adds facts in between.
        let gaps = ["gaps", "--all", "--entity", "us-importer", "--as-of", "2026-11-01", "--format", format];
        let (first, second) = (world.run(&gaps), world.run(&gaps));
        assert_eq!(first.code, 0, "{}", first.stderr);
        assert!(first.stdout.len() > 1_000, "{format}");
        assert_eq!(first.stdout, second.stdout, "{format}");
    }
}

#[test]
fn file_times_do_not_matter() {
    let y2001 = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let reports: Vec<String> = [y2001, SystemTime::now()]
        .into_iter()
        .map(|time| {
            let ran = copied(time).run(&GAPS);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            without_head(&ran.stdout)
        })
        .collect();
    let differing: Vec<_> = reports[0].lines().zip(reports[1].lines()).filter(|(old, new)| old != new).collect();
    assert!(differing.is_empty(), "{differing:#?}");
    assert_eq!(reports[0].len(), reports[1].len());
}

#[test]
fn later_facts_do_not_change_what_was_known() {
    let world = World::new();
    world.file("log.txt", "SEAL LOG 2026\nDate: 2026-10-29\nSeal no HP4711, checked by J. Doe");
    world.scan();
    let at = "SELECT max(at_ms) FROM fact WHERE ?1 = ''";
    let known_by = {
        let ms = i64::try_from(world.ask(at, "")).unwrap();
        jiff::Timestamp::from_millisecond(ms).unwrap().to_string()
    };
    let gaps =
        ["gaps", "--entity", "us-importer", "--as-of", "2026-11-01", "--known-by", &known_by, "--format", "json"];
    let before = world.json(&gaps);
    world.file("more.txt", "VISITOR LOG 2026\nDate: 2026-10-30").file("log.txt", "Nothing");
    // Not within the same millisecond.
    while world.ask(at, "") == 0 || world.scan().contains("new") {}
    let after = world.json(&gaps);
    for key in ["summary", "criteria", "blocked", "unreadable"] {
        assert_eq!(before[key], after[key], "{key}");
    }
}
