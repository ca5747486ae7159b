//! A state of an older version is brought up to date with a copy kept; one of a newer version is left alone.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::world::World;

/// Written by the first version over three documents and one decision, at `/srv/policies`.
const V1_HEAD: &str = "b83cb6ec72d5bab69149f891374ab4955e276344c5c644f7be8801941c92dd20";

/// A world with that state in it.
pub fn old_state() -> World {
    let world = World::new();
    fs::create_dir(world.at("state")).unwrap();
    let packed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/states/ledger-v1.db.zst");
    let plain = zstd::stream::decode_all(&*fs::read(packed).unwrap()).unwrap();
    fs::write(world.at("state/ledger.db"), plain).unwrap();
    world
}

fn copies(world: &World) -> Vec<String> {
    let names = fs::read_dir(world.at("state")).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    let mut copies: Vec<String> = names
        .filter(|name| name.strip_prefix("ledger-v1-").is_some_and(|rest| rest.len() == "2026-11-24.db".len()))
        .collect();
    copies.sort();
    copies
}

fn version(file: &Path) -> i64 {
    rusqlite::Connection::open(file).unwrap().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

#[test]
fn an_older_state_is_brought_up_to_date_once() {
    let world = old_state();
    let before = fs::read(world.at("state/ledger.db")).unwrap();
    // Any command does it, one that only asks too.
    let decisions = world.json(&["decisions", "--format", "json"]);
    assert_eq!(decisions["decisions"][0]["note"], "checked at the gate");
    assert_eq!(copies(&world).len(), 1);
    let copy = world.at("state").join(&copies(&world)[0]);
    assert_eq!(version(&copy), 1);
    assert!(version(&world.at("state/ledger.db")) > 1);
    let verified = world.json(&["verify", "--format", "json", "--expect", V1_HEAD]);
    assert_eq!((verified["facts"].as_u64(), verified["head"]["hash"].as_str()), (Some(16), Some(V1_HEAD)));
    assert_eq!(world.documents(), ["HR/note.txt read", "seal log.txt read", "visitor procedure.txt read"]);
    assert_eq!(world.run(&["forget", "HR/note.txt", "--reason", "x", "--by", "Ana"]).code, 0, "new kinds of facts fit");
    assert_eq!(world.run(&["verify"]).code, 0);
    assert_eq!(copies(&world).len(), 1, "once");
    // The copy opens as the old one did.
    fs::write(world.at("old.db"), before).unwrap();
    let rows = |file: &Path| -> i64 {
        let count = "SELECT count(*) FROM fact";
        rusqlite::Connection::open(file).unwrap().query_row(count, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(rows(&copy), rows(&world.at("old.db")));
}

#[test]
fn an_older_backup_is_restored_and_brought_up_to_date() {
    let world = old_state();
    fs::rename(world.at("state/ledger.db"), world.at("old.db")).unwrap();
    let ran = world.run(&["restore", "old.db"]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    assert_eq!(world.head(), V1_HEAD);
    assert_eq!(version(&world.at("old.db")), 1, "the backup itself is not touched");
}

#[test]
fn a_newer_state_is_left_alone() {
    let world = World::new();
    world.file("a.txt", "Seal log");
    world.scan();
    let database = world.database();
    database.pragma_update(None, "user_version", 99).unwrap();
    database.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(database);
    let before = fs::read(world.at("state/ledger.db")).unwrap();
    for args in [
        &["scan", "docs"][..],
        &["gaps", "--entity", "us-importer"],
        &["accept", "a.txt", "6.1", "--by", "Ana"],
        &["backup", "copy.db"],
        &["repair"],
        &["forget", "a.txt", "--reason", "x", "--by", "Ana"],
    ] {
        let ran = world.run(args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.shown());
        assert!(ran.stderr.contains("use a newer program"), "{args:?}: {}", ran.stderr);
        assert_eq!(fs::read(world.at("state/ledger.db")).unwrap(), before, "{args:?}");
    }
    assert!(!world.at("copy.db").exists());
}

#[test]
fn a_ledger_of_version_1_goes_on() {
    let world = World::new();
    fs::create_dir(world.at("state")).unwrap();
    world.database().execute_batch(include_str!("../data/ledger-1.sql")).unwrap();
    assert_eq!(world.run(&["decisions"]).code, 0, "a reader brings it up to date too");
    world.file("new.txt", "Seal log");
    assert_eq!(world.scan(), "1 new");
    let verified = world.json(&["verify", "--format", "json"]);
    assert_eq!(verified["result"], "intact");
    let decisions = world.json(&["decisions", "--format", "json"]);
    assert_eq!(decisions["decisions"][0]["criterion"], "9.11", "{decisions}");
    let documents = world.jsonl(&["documents", "--format", "jsonl"]);
    let paths: Vec<_> = documents.iter().map(|row| row["path"].clone()).collect();
    assert!(paths.contains(&json!("Visitor log.csv")) && paths.contains(&json!("new.txt")), "{paths:?}");
}
