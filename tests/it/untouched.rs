//! Nothing is ever written into a watched folder, by any command.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::build::{docx, zip};
use crate::world::World;

/// Every name below a folder with its size, times, number and rights.
fn everything(folder: &Path) -> BTreeMap<PathBuf, [i64; 6]> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        let metadata = fs::symlink_metadata(&path).unwrap();
        if metadata.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        }
        let (mtime, ctime) = (metadata.mtime() * 1_000_000_000 + metadata.mtime_nsec(), metadata.ctime_nsec());
        let numbers = [metadata.size(), metadata.ino(), metadata.nlink()].map(|number| i64::try_from(number).unwrap());
        found.insert(path, [numbers[0], numbers[1], numbers[2], mtime, ctime, i64::from(metadata.mode())]);
    }
    found
}

#[test]
fn no_command_writes_into_a_watched_folder() {
    let world = World::new();
    world.file("a.txt", "Seal log").file("sub/b.docx", docx(&["Seal procedure"])).file("empty.pdf", "");
    world.file("c.zip", zip([("d.txt", "Visitor log")])).file(".evidexignore", "*.bak\n").file("x.bak", "x");
    fs::write(world.at("evidex.toml"), "entities = [\"us-importer\"]\n[[root]]\npath = \"docs\"\n").unwrap();
    let before = everything(&world.at("docs"));
    for args in [
        &["scan"][..],
        &["scan", "docs", "--timings"],
        &["gaps", "docs"],
        &["gaps", "docs", "--format", "docx", "--output", "gaps.docx"],
        &["search", "seal"],
        &["explain", "6.7", "docs"],
        &["explain", "a.txt", "docs"],
        &["documents", "docs", "--members"],
        &["matches", "docs"],
        &["unreadable", "docs"],
        &["duplicates", "docs"],
        &["status"],
        &["verify"],
        &["catalog", "list"],
        &["catalog", "show", "6.7"],
        &["config", "show"],
        &["config", "check"],
        &["config", "default"],
        &["completions", "bash"],
        &["man"],
        &["schema"],
        &["--help"],
        &["--version"],
    ] {
        let ran = world.run(args);
        assert!(matches!(ran.code, 0 | 3), "{args:?}: {}", ran.shown());
        assert_eq!(everything(&world.at("docs")), before, "{args:?}");
    }
    // Run from inside the folder, too: what is written goes to the state.
    assert_eq!(world.run_bare(&["scan", "docs"]).code, 3);
    assert_eq!(everything(&world.at("docs")), before);
}
