//! A copy of the ledger taken while others write, and a state made from it.

use std::fs;

use serde_json::json;

use crate::world::World;

fn decided() -> World {
    let world = World::new();
    world.file("a.txt", "Seal log of May").file("b.txt", "Visitor log");
    assert_eq!(world.scan(), "2 new");
    assert_eq!(world.run(&["accept", "a.txt", "6.1", "--by", "Ana", "--note", "seen at the gate"]).code, 0);
    world
}

#[test]
fn what_was_backed_up_comes_back() {
    let world = decided();
    let ran = world.run(&["backup", "copy.db"]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    assert!(ran.stdout.contains(&world.head()), "{}", ran.stdout);
    let head = world.head();
    // What comes later is not in it.
    world.file("c.txt", "Key log");
    world.scan();
    fs::rename(world.at("state"), world.at("lost")).unwrap();
    let restored = world.json(&["restore", "copy.db", "--format", "json"]);
    assert_eq!((restored["head"]["hash"].as_str(), &restored["kept"]), (Some(&*head), &json!(null)));
    assert_eq!(world.run(&["verify", "--expect", &head]).code, 0);
    assert_eq!(world.documents(), ["a.txt read", "b.txt read"]);
    assert_eq!(world.run(&["search", "visitor", "--format", "paths"]).stdout, "b.txt\n", "its index is there");
    let decisions = world.json(&["decisions", "--format", "json"]);
    assert_eq!(decisions["decisions"][0]["note"], "seen at the gate");
    assert_eq!(world.scan(), "1 new, 2 unchanged", "the next pass finds what came later");
}

#[test]
fn nothing_is_written_over() {
    let world = decided();
    assert_eq!(world.run(&["backup", "copy.db"]).code, 0);
    insta::assert_snapshot!(world.run(&["backup", "docs/copy.db"]).shown(), @r#"
    exit 2
    --- stderr
    error: `docs/copy.db` lies inside the watched folder `[DIR]/docs`: nothing is ever written into a watched folder

    hint: name a file elsewhere
    "#);
    fs::write(world.at("letter.txt"), "Dear all").unwrap();
    insta::assert_snapshot!(world.run(&["backup", "letter.txt"]).shown(), @r#"
    exit 2
    --- stderr
    error: `letter.txt` is no ledger

    hint: name a file that `evidex backup` wrote, or a new name
    "#);
    assert_eq!(fs::read(world.at("letter.txt")).unwrap(), b"Dear all");
    assert_eq!(world.run(&["backup", "state/ledger.db"]).code, 2);
    assert_eq!(world.run(&["restore", "letter.txt", "--force"]).code, 2);
    insta::assert_snapshot!(world.run(&["restore", "copy.db"]).shown(), @r#"
    exit 2
    --- stderr
    error: there is a ledger at `[DIR]/state/ledger.db` already

    hint: with `--force` it is moved aside, never deleted; or name another `--state DIR`
    "#);
    let before = world.head();
    world.file("c.txt", "Key log");
    world.scan();
    let later = world.head();
    let restored = world.json(&["restore", "copy.db", "--force", "--format", "json"]);
    let kept = restored["kept"].as_str().unwrap().replace("[DIR]", world.at("").to_str().unwrap());
    assert_eq!(world.head(), before);
    // The one that was there is whole, under its new name.
    assert_eq!(world.run(&["restore", &kept, "--force"]).code, 0);
    assert_eq!(world.head(), later);
}

#[test]
fn a_damaged_backup_is_refused() {
    let world = decided();
    assert_eq!(world.run(&["backup", "copy.db"]).code, 0);
    let good = fs::read(world.at("copy.db")).unwrap();
    let mut refused = 0;
    for at in (200..good.len()).step_by(1_021) {
        let mut bad = good.clone();
        bad[at] ^= 0x55;
        fs::write(world.at("copy.db"), bad).unwrap();
        let before = world.head();
        let ran = world.run(&["restore", "copy.db", "--force"]);
        assert!(matches!(ran.code, 0 | 2 | 4), "byte {at}: {}", ran.shown());
        // Where a byte means nothing, nothing is lost by it.
        assert_eq!(world.head(), before, "byte {at}");
        refused += i32::from(ran.code != 0);
    }
    assert!(refused > 5, "{refused}");
}

#[test]
fn backups_are_whole_while_a_scan_and_people_write() {
    let world = World::new();
    world.file("first.txt", "Seal log");
    world.scan();
    for number in 0..200 {
        world.file(&format!("{number}.txt"), format!("Container inspection w{number}"));
    }
    let mut scan = world.start(&["scan", "docs"]);
    let (mut copies, mut running) = (0, true);
    while running || copies < 3 {
        running = scan.try_wait().unwrap().is_none();
        assert_eq!(world.run(&["not-applicable", "6.1", "--by", "Ana"]).code, 0);
        let acknowledged = world.head();
        let name = format!("copy-{copies}.db");
        let ran = world.run(&["backup", &name]);
        assert_eq!(ran.code, 0, "{}", ran.shown());
        let state = world.at(&format!("state-{copies}"));
        let ran = world.run_bare(&["--state", state.to_str().unwrap(), "restore", &name]);
        assert_eq!(ran.code, 0, "{}", ran.shown());
        let ran = world.run_bare(&["--state", state.to_str().unwrap(), "verify", "--expect", &acknowledged]);
        assert_eq!(ran.code, 0, "what was acknowledged before is in the copy: {}", ran.shown());
        copies += 1;
    }
    assert!(scan.wait().unwrap().success());
}
