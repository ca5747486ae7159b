//! A folder that is not there, or is empty where it was full: nothing may be called gone until a person says so.

use std::fs;

use crate::build::zip;
use crate::world::World;

fn scanned() -> World {
    let world = World::new();
    world.file("a.txt", "Seal log").file("sub/b.zip", zip([("c.txt", "Visitor log")]));
    assert_eq!(world.scan(), "2 new");
    world
}

const ALL: [&str; 3] = ["a.txt read", "sub/b.zip read", "sub/b.zip!c.txt read"];

fn empty(world: &World) {
    fs::rename(world.at("docs"), world.at("elsewhere")).unwrap();
    fs::create_dir(world.at("docs")).unwrap();
}

#[test]
fn an_emptied_folder_is_offline() {
    let world = scanned();
    empty(&world);
    let before = world.facts("seen");
    insta::assert_snapshot!(world.run(&["scan", "docs"]).shown(), @r#"
    exit 0
    --- stdout
    0 new, 0 changed, 0 moved, 0 gone, 0 unchanged, 0 unreadable
    --- stderr
    `[DIR]/docs` is offline: it is empty and held 2 documents. Its documents stand as they were last seen. If this is right, run `evidex scan --accept-empty` with this folder
    "#);
    assert_eq!(world.documents(), ALL);
    assert_eq!(world.facts("seen"), before);
    // Back again, as if nothing had been.
    fs::remove_dir(world.at("docs")).unwrap();
    fs::rename(world.at("elsewhere"), world.at("docs")).unwrap();
    assert_eq!(world.scan(), "2 unchanged");
}

#[test]
fn a_person_can_say_that_it_is_rightly_empty() {
    let world = scanned();
    empty(&world);
    insta::assert_snapshot!(world.run(&["scan", "--accept-empty", "docs"]).shown(), @r#"
    exit 0
    --- stdout
    0 new, 0 changed, 0 moved, 2 gone, 0 unchanged, 0 unreadable
    "#);
    assert!(world.documents().is_empty());
    assert_eq!(world.scan(), "");
    world.file("new.txt", "Key log");
    assert_eq!(world.scan(), "1 new");
}

#[test]
fn accepting_needs_no_state_and_no_configuration() {
    let world = World::new();
    world.file("a.txt", "Seal log");
    assert_eq!(world.run_bare(&["scan", "docs"]).code, 0);
    fs::remove_file(world.doc("a.txt")).unwrap();
    let ran = world.run_bare(&["scan", "--accept-empty", "docs"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "0 new, 0 changed, 0 moved, 1 gone, 0 unchanged, 0 unreadable\n"));
}

#[test]
fn a_folder_that_is_not_there_keeps_its_documents() {
    let world = scanned();
    fs::rename(world.at("docs"), world.at("unmounted")).unwrap();
    insta::assert_snapshot!(world.run(&["scan"]).shown(), @r#"
    exit 0
    --- stdout
    0 new, 0 changed, 0 moved, 0 gone, 0 unchanged, 0 unreadable
    --- stderr
    `[DIR]/docs` is offline: there is no folder `[DIR]/docs`. Its documents stand as they were last seen.
    "#);
    assert_eq!(world.documents(), ALL);
    insta::assert_snapshot!(world.run(&["scan", "docs"]).shown(), @r#"
    exit 2
    --- stderr
    error: could not open the folder `docs`
    caused by: No such file or directory (os error 2)

    hint: check the spelling, and that this account may list the folder
    "#);
    assert!(world.json(&["status", "--format", "json"])["roots"][0]["offline_since"].is_string());
    insta::assert_snapshot!(world.run(&["scan", "--accept-empty", "docs"]).shown(), @r#"
    exit 2
    --- stderr
    error: there is no folder `docs` to be accepted as empty

    hint: check the spelling; a folder that is not there is mounted, or made anew, first
    "#);
    assert_eq!(world.documents(), ALL);
}

#[test]
fn what_programs_leave_behind_does_not_make_a_folder_full() {
    let world = scanned();
    empty(&world);
    world.file("Thumbs.db", "x").file(".DS_Store", "x");
    assert!(world.run(&["scan", "docs"]).stderr.contains("is offline"));
    assert_eq!(world.documents(), ALL);
}

#[test]
fn reports_on_an_offline_folder_say_so() {
    let world = scanned();
    empty(&world);
    let gaps = world.run(&["gaps", "docs", "--entity", "us-importer"]);
    assert_eq!(gaps.code, 0, "{}", gaps.stderr);
    assert!(gaps.stderr.contains("is offline"), "{}", gaps.stderr);
}
