//! A disk that is full at every possible point, a state that may not be written, two at once: nothing acknowledged is
//! lost, the chain verifies, the next try succeeds, and the message says what happened and what to do.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::upgrade;
use crate::world::{Ran, World};

/// Half-KiB blocks: a page of the ledger has eight.
const STEP: u64 = 16;

/// What a world was asked for, again and again, with a little more room each time.
fn until_it_passes(world: &World, args: &[&str], mut after_failure: impl FnMut(&World, &Ran)) -> usize {
    for (failures, blocks) in (0..40_000).step_by(usize::try_from(STEP).unwrap()).enumerate() {
        // From a few failures on, larger steps: what matters are the borders between files and pages.
        let blocks = if failures < 12 { blocks } else { blocks * 6 };
        let ran = world.run_cramped(blocks, args);
        if ran.code == 0 {
            return failures;
        }
        assert_eq!(ran.code, 4, "{blocks}: {}", ran.shown());
        assert!(ran.stderr.contains("hint: "), "{blocks}: {}", ran.stderr);
        after_failure(world, &ran);
    }
    panic!("{args:?} never passed")
}

fn assert_whole(world: &World, head: &str) {
    let ran = world.run(&["verify", "--expect", head]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
}

fn scanned() -> World {
    let world = World::new();
    for number in 0..12 {
        let words = ["seal", "gate", "truck", "visitor", "yard", "guard", "night", "paper", "driver", "trailer"];
        let many: Vec<&str> = (0..600).map(|at| words[(at * at * 7 + at * number) % 10]).collect();
        let noise = many.join(" ");
        world.file(&format!("{number}.txt"), format!("Container inspection {number}\n{noise}"));
    }
    world.scan();
    world
}

fn no_rest(world: &World) {
    let names = fs::read_dir(world.at("state")).unwrap().map(|entry| entry.unwrap().file_name());
    let rest: Vec<_> = names.filter(|name| name.to_string_lossy().contains(".part")).collect();
    assert!(rest.is_empty(), "{rest:?}");
}

#[test]
fn a_full_disk_under_a_scan() {
    let world = scanned();
    for number in 0..6 {
        world.file(&format!("new {number}.txt"), format!("Visitor log {number} {}", "of the gate ".repeat(300)));
    }
    let head = world.head();
    let failures = until_it_passes(&world, &["scan", "docs"], |world, _| assert_whole(world, &head));
    assert!(failures > 3, "{failures}");
    assert_whole(&world, &head);
    assert_eq!(
        world.run(&["search", "\"visitor log\"", "--all-versions", "--format", "paths"]).stdout.lines().count(),
        6
    );
    assert_eq!(world.documents().len(), 18);
}

#[test]
fn a_full_disk_under_a_decision() {
    let world = scanned();
    let mut head = world.head();
    let note = "why ".repeat(900);
    let args = ["accept", "1.txt", "5.3", "--by", "Ana", "--note", &note];
    let failures = until_it_passes(&world, &args, |world, _| {
        assert_eq!(world.head(), head, "a decision that failed is none");
        head = world.head();
    });
    assert!(failures > 0);
    assert_eq!(world.facts("decided"), 1);
    assert_whole(&world, &head);
}

#[test]
fn a_full_disk_under_a_backup() {
    let world = scanned();
    let head = world.head();
    assert_eq!(world.run(&["backup", "copy.db"]).code, 0);
    let before = fs::read(world.at("copy.db")).unwrap();
    world.file("later.txt", "Key log");
    world.scan();
    let failures = until_it_passes(&world, &["backup", "copy.db"], |world, _| {
        assert_eq!(fs::read(world.at("copy.db")).unwrap(), before, "the older backup stands");
        let names = fs::read_dir(world.at("")).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(names.into_iter().all(|name| !name.to_string_lossy().contains(".part")));
    });
    assert!(failures > 3, "{failures}");
    assert_ne!(fs::read(world.at("copy.db")).unwrap(), before);
    assert_whole(&world, &head);
}

#[test]
fn a_full_disk_under_a_restore() {
    let world = scanned();
    assert_eq!(world.run(&["backup", "copy.db"]).code, 0);
    let early = world.head();
    world.file("later.txt", "Key log");
    world.scan();
    let late = world.head();
    let mut swapped = 0;
    let failures = until_it_passes(&world, &["restore", "copy.db", "--force"], |world, _| {
        // Either still the old one, or the restored one whose index is still to be built.
        let head = world.head();
        assert!(head == late || head == early, "{head}");
        swapped += u32::from(head == early);
        no_rest(world);
    });
    assert!(failures > 3, "{failures} {swapped}");
    assert_eq!(world.head(), early);
    assert_eq!(world.run(&["search", "inspection", "--format", "paths", "--limit", "99"]).stdout.lines().count(), 12);
}

#[test]
fn a_full_disk_under_a_repair() {
    let world = scanned();
    let database = world.database();
    database
        .execute_batch("DROP TRIGGER fact_is_never_changed; UPDATE fact SET at_ms = at_ms - 1 WHERE seq = 4")
        .unwrap();
    drop(database);
    assert_eq!(world.run(&["verify"]).code, 1);
    let failures = until_it_passes(&world, &["repair"], |world, _| {
        let ran = world.run(&["verify"]);
        assert!(matches!(ran.code, 0 | 1), "still as it was, or saved: {}", ran.shown());
        no_rest(world);
    });
    assert!(failures > 3, "{failures}");
    assert_eq!(world.run(&["verify"]).code, 0);
    assert_eq!(world.run(&["scan", "docs"]).code, 0);
    assert_eq!(world.documents().len(), 12);
}

#[test]
fn a_full_disk_under_forgetting() {
    let world = scanned();
    world.file("note.txt", "Papers of Ramona Quetzal");
    world.scan();
    let head = world.head();
    let args = ["forget", "note.txt", "--reason", "asked", "--by", "Ana"];
    let failures = until_it_passes(&world, &args, |world, _| assert_whole(world, &head));
    assert!(failures > 0);
    assert!(world.state_holds(b"quetzal").is_empty());
    assert_whole(&world, &head);
    assert_eq!(world.run(&["search", "quetzal"]).code, 1);
}

#[test]
fn a_full_disk_under_a_migration() {
    let world = upgrade::old_state();
    let before = fs::read(world.at("state/ledger.db")).unwrap();
    let version =
        |world: &World| -> i64 { world.database().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap() };
    let mut failures = 0;
    for blocks in (0..4_000).step_by(8) {
        let ran = world.run_cramped(blocks, &["decisions"]);
        if ran.code == 0 {
            break;
        }
        assert_eq!(ran.code, 4, "{blocks}: {}", ran.shown());
        assert!(ran.stderr.contains("hint: "), "{blocks}: {}", ran.stderr);
        failures += 1;
        let count: i64 = world.database().query_row("SELECT count(*) FROM fact", [], |row| row.get(0)).unwrap();
        assert_eq!(count, 16, "{blocks}");
    }
    assert!(failures > 5, "{failures}");
    assert!(version(&world) > 1);
    assert_eq!(world.run(&["verify"]).code, 0);
    let copies = world.state_files().into_iter().filter(|(path, _)| path.to_string_lossy().contains("ledger-v1-"));
    let sizes: Vec<usize> = copies.map(|(_, bytes)| bytes.len()).collect();
    assert!(!sizes.is_empty() && sizes.iter().all(|size| *size >= before.len()), "every copy is whole: {sizes:?}");
    no_rest(&world);
}

#[test]
fn a_state_that_may_not_be_written() {
    let world = scanned();
    let head = world.head();
    let set = |folder: u32, file: u32| {
        for (path, _) in world.state_files() {
            fs::set_permissions(path, fs::Permissions::from_mode(file)).unwrap();
        }
        for path in ["state/index", "state"] {
            fs::set_permissions(world.at(path), fs::Permissions::from_mode(folder)).unwrap();
        }
    };
    set(0o555, 0o444);
    for args in [
        &["scan", "docs"][..],
        &["accept", "1.txt", "5.3", "--by", "Ana"],
        &["repair"],
        &["forget", "1.txt", "--reason", "x", "--by", "Ana"],
    ] {
        let ran = world.run_powerless(args);
        assert_eq!(ran.code, 4, "{args:?}: {}", ran.shown());
        assert!(ran.stderr.contains("this account may write"), "{args:?}: {}", ran.stderr);
    }
    let ran = world.run_powerless(&["doctor", "--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.shown());
    set(0o755, 0o644);
    assert_whole(&world, &head);
}

#[test]
fn two_at_once_make_one_chain() {
    let world = scanned();
    for number in 0..40 {
        world.file(&format!("more/{number}.txt"), format!("Visitor log {number}"));
    }
    let mut scans: Vec<_> = (0..3).map(|_| world.start(&["scan", "docs"])).collect();
    for number in 0..5 {
        let criterion = ["6.1", "5.3", "7.2", "9.8", "10.2"][number];
        let ran = world.run(&["not-applicable", criterion, "--by", "Ana"]);
        assert_eq!(ran.code, 0, "people need not wait: {}", ran.shown());
    }
    let codes: Vec<_> = scans.iter_mut().map(|scan| scan.wait().unwrap().code()).collect();
    assert!(codes.contains(&Some(0)), "{codes:?}");
    assert!(codes.iter().all(|code| matches!(code, Some(0 | 5))), "{codes:?}");
    assert_eq!(world.run(&["verify"]).code, 0);
    assert_eq!(world.run(&["scan", "docs"]).code, 0);
    assert_eq!(world.documents().len(), 52);
    assert_eq!(world.facts("decided"), 5);
    assert_eq!(world.facts("read"), 52, "no content is read twice");
}
