//! What a scan sees: every way in which a file can change, and that nothing is read twice.

use std::fs;
use std::time::{Duration, SystemTime};

use crate::build::{docx, eml, xlsx, zip};
use crate::world::{World, fixture};

fn set_modified(world: &World, path: &str, days_ago: u64) {
    let file = fs::File::options().write(true).open(world.doc(path)).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(days_ago * 86_400)).unwrap();
}

/// Two documents, scanned.
fn two() -> World {
    let world = World::new();
    world.file("a.txt", "Seal log of May").file("sub/b.docx", docx(&["Seal procedure", "Seals are checked."]));
    assert_eq!(world.scan(), "2 new");
    assert_eq!(world.facts("read"), 2);
    world
}

#[test]
fn nothing_changed_is_nothing_read() {
    let world = two();
    assert_eq!(world.scan(), "2 unchanged");
    assert_eq!(world.scan(), "2 unchanged");
    assert_eq!(world.facts("read"), 2);
}

#[test]
fn what_is_settled_costs_no_fact() {
    let world = World::new();
    let folder = fixture();
    let scan = ["scan", folder.to_str().unwrap(), "--format", "json"];
    let first = world.run(&scan).json();
    let facts = |world: &World| ["rooted", "seen", "read", "judged"].map(|kind| world.facts(kind));
    let before = facts(&world);
    let second = world.run(&scan).json();
    assert_eq!(first["new"], second["unchanged"]);
    assert_eq!(second["new"], 0);
    assert_eq!(first["unreadable"], second["unreadable"]);
    assert_eq!(first["unsupported"], second["unsupported"]);
    assert_eq!(facts(&world), before);
}

#[test]
fn an_edit_is_a_change_and_keeps_what_was() {
    let world = two();
    world.file("a.txt", "Seal log of June");
    assert_eq!(world.scan(), "1 changed, 1 unchanged");
    assert_eq!(world.facts("read"), 3);
    // The same length, and the old time put back: only the change time tells.
    let modified = fs::metadata(world.doc("a.txt")).unwrap().modified().unwrap();
    world.file("a.txt", "Seal log of July");
    fs::File::options().write(true).open(world.doc("a.txt")).unwrap().set_modified(modified).unwrap();
    assert_eq!(world.scan(), "1 changed, 1 unchanged");
    // Back to the first text: its content is known, and is not read again.
    world.file("a.txt", "Seal log of May");
    assert_eq!(world.scan(), "1 changed, 1 unchanged");
    assert_eq!(world.facts("read"), 4);
    assert_eq!(world.run(&["search", "May", "--format", "paths"]).stdout, "a.txt\n");
    assert_eq!(world.run(&["search", "June", "--format", "paths"]).code, 1);
}

#[test]
fn a_touch_is_no_change() {
    let world = two();
    set_modified(&world, "a.txt", 400);
    set_modified(&world, "sub/b.docx", 0);
    assert_eq!(world.scan(), "2 unchanged");
    assert_eq!(world.facts("read"), 2);
}

#[test]
fn a_rename_is_a_move() {
    let world = two();
    fs::rename(world.doc("a.txt"), world.doc("z.txt")).unwrap();
    assert_eq!(world.scan(), "1 moved, 1 unchanged");
    fs::create_dir(world.doc("2026")).unwrap();
    fs::rename(world.doc("z.txt"), world.doc("2026/z.txt")).unwrap();
    assert_eq!(world.scan(), "1 moved, 1 unchanged");
    assert_eq!(world.facts("read"), 2);
    assert_eq!(world.run(&["search", "May", "--format", "paths"]).stdout, "2026/z.txt\n");
    assert_eq!(world.documents(), ["2026/z.txt read", "sub/b.docx read"]);
}

#[test]
fn a_whole_folder_moves() {
    let world = World::new();
    for number in 0..20 {
        world.file(&format!("old/{}/{number}.txt", number % 3), format!("Inspection {number}"));
    }
    assert_eq!(world.scan(), "20 new");
    fs::rename(world.doc("old"), world.doc("new")).unwrap();
    assert_eq!(world.scan(), "20 moved");
    assert_eq!(world.facts("read"), 20);
    assert_eq!(world.documents().len(), 20);
}

#[test]
fn a_copy_shares_what_was_read() {
    let world = two();
    fs::copy(world.doc("a.txt"), world.doc("copy of a.txt")).unwrap();
    assert_eq!(world.scan(), "1 new, 2 unchanged");
    assert_eq!(world.facts("read"), 2);
    let groups = world.jsonl(&["duplicates", "--format", "jsonl"]);
    assert_eq!(groups.len(), 1, "{groups:?}");
    assert!(groups[0].to_string().contains("copy of a.txt"), "{groups:?}");
}

#[test]
fn a_deletion_is_gone_and_comes_back() {
    let world = two();
    fs::remove_dir_all(world.doc("sub")).unwrap();
    assert_eq!(world.scan(), "1 gone, 1 unchanged");
    assert_eq!(world.scan(), "1 unchanged");
    assert_eq!(world.documents(), ["a.txt read"]);
    world.file("sub/b.docx", docx(&["Seal procedure", "Seals are checked."]));
    assert_eq!(world.scan(), "1 new, 1 unchanged");
    assert_eq!(world.facts("read"), 2, "its content was known");
    assert_eq!(world.documents(), ["a.txt read", "sub/b.docx read"]);
}

#[test]
fn a_file_becomes_a_folder_and_back() {
    let world = World::new();
    world.file("x", "Seal log").file("y", "Visitor log");
    assert_eq!(world.scan(), "2 new");
    fs::remove_file(world.doc("x")).unwrap();
    world.file("x/inner.txt", "Key log");
    assert_eq!(world.scan(), "1 new, 1 gone, 1 unchanged");
    assert_eq!(world.documents(), ["x/inner.txt read", "y read"]);
    fs::remove_dir_all(world.doc("x")).unwrap();
    world.file("x", "Seal log");
    assert_eq!(world.scan(), "1 new, 1 gone, 1 unchanged");
}

#[test]
fn what_nobody_wrote_is_left_out() {
    let world = World::new();
    for name in ["~$a.docx", ".~lock.a.odt#", "Thumbs.db", ".DS_Store", "desktop.ini", "~WRL0001.tmp", "._a.docx"] {
        world.file(name, "x").file(&format!("sub/{name}"), "x");
    }
    world.file("sub/a.txt", "Seal log").file("drafts/b.txt", "Draft").file("c.bak", "Old").file("sub/c.bak", "Older");
    world.file(".evidexignore", "drafts/\n*.bak\n").file("sub/.evidexignore", "!c.bak\n");
    assert_eq!(world.scan(), "2 new");
    assert_eq!(world.documents(), ["sub/a.txt read", "sub/c.bak read"]);
    // A rule taken back brings its documents in; a new one takes them out.
    world.file(".evidexignore", "sub/\n");
    assert_eq!(world.scan(), "2 new, 2 gone");
    assert_eq!(world.documents(), ["c.bak read", "drafts/b.txt read"]);
}

#[test]
fn members_are_documents() {
    let world = World::new();
    let log = xlsx(&[&["Date", "Seal no"], &["2026-10-29", "HP4711"]]);
    let inner = zip([("deep.txt", "Key log")]);
    world.file("records.zip", zip([("2026/seals.xlsx", &log), ("more.zip", &inner)]));
    world.file("mail.eml", eml("See the log attached.", "seals.xlsx", &log));
    assert_eq!(world.scan(), "2 new");
    let want = [
        "mail.eml read",
        "mail.eml!seals.xlsx read",
        "records.zip read",
        "records.zip!2026/seals.xlsx read",
        "records.zip!more.zip read",
        "records.zip!more.zip!deep.txt read",
    ];
    assert_eq!(world.documents(), want);
    assert_eq!(world.facts("read"), 5, "the log in the mail is the one in the archive");
    assert_eq!(world.jsonl(&["documents", "--format", "jsonl"]).len(), 2);
    fs::remove_file(world.doc("records.zip")).unwrap();
    assert_eq!(world.scan(), "1 gone, 1 unchanged");
    assert_eq!(world.documents(), ["mail.eml read", "mail.eml!seals.xlsx read"]);
    assert_eq!(world.run(&["search", "HP4711", "--format", "paths"]).stdout, "mail.eml!seals.xlsx\n");
}

#[test]
fn the_summary_is_one_line() {
    let world = World::new();
    world.file("a.txt", "Seal log").file("b.docx", "").file("c.xyz", b"\x00\x01\x02\x03\xff\xfe\x00\x00");
    let ran = world.run(&["scan", "docs"]);
    assert_eq!(ran.code, 3);
    insta::assert_snapshot!(ran.shown(), @r#"
    exit 3
    --- stdout
    3 new, 0 changed, 0 moved, 0 gone, 0 unchanged, 1 unreadable, 1 unsupported
    `evidex unreadable` says why, and what to do.
    "#);
}

#[test]
fn several_folders_are_one_company() {
    let world = two();
    fs::create_dir(world.at("more")).unwrap();
    fs::write(world.at("more/c.txt"), "Visitor log").unwrap();
    let both = world.run(&["scan", "docs", "more", "--format", "json"]).json();
    assert_eq!((&both["new"], &both["unchanged"]), (&1.into(), &2.into()));
    let rows = world.jsonl(&["documents", "--format", "jsonl"]);
    let mut roots: Vec<&str> = rows.iter().map(|row| row["root"].as_str().unwrap()).collect();
    roots.sort_unstable();
    roots.dedup();
    assert_eq!((rows.len(), roots.len()), (3, 2));
}
