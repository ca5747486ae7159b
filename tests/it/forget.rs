//! What a person had erased is gone from every file of the state, stays gone, and the chain says so.

use serde_json::{Value, json};

use crate::build::zip;
use crate::world::World;

const NOTE: &str = "Disciplinary record of Ramona Quetzal, 2025-03-04\nShe kept the yard key over the weekend.\n";

fn scanned() -> World {
    let world = World::new();
    world.file("HR/note.txt", NOTE).file("seal log.txt", "SEAL LOG\nDate Seal\n2026-10-29 HP4711\n");
    world.file("box.zip", zip([("inner/b.txt", "Zanzibar visitor log"), ("c.txt", "Key log")]));
    assert_eq!(world.scan(), "3 new");
    world
}

fn forget(world: &World, name: &str) -> Value {
    world.json(&["forget", name, "--reason", "request of 2026-11-20", "--by", "Ana", "--format", "json"])
}

/// The bytes under which texts with this word are kept.
fn packed(world: &World, word: &str) -> Vec<Vec<u8>> {
    let database = world.database();
    let mut rows = database.prepare("SELECT packed, size FROM payload WHERE packed IS NOT NULL").unwrap();
    let rows = rows.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?))).unwrap();
    let holds = |packed: &Vec<u8>, size: i64| {
        let plain = zstd::bulk::decompress(packed, usize::try_from(size).unwrap()).unwrap();
        String::from_utf8_lossy(&plain).to_lowercase().contains(word)
    };
    rows.map(Result::unwrap).filter(|(packed, size)| holds(packed, *size)).map(|(packed, _)| packed).collect()
}

/// Asserts that neither the word nor the packed texts are anywhere in the state.
fn assert_gone(world: &World, word: &str, texts: &[Vec<u8>]) {
    assert!(packed(world, word).is_empty());
    assert!(world.state_holds(word.as_bytes()).is_empty(), "{word}: {:?}", world.state_holds(word.as_bytes()));
    for text in texts {
        let middle = text.len() / 2;
        let left = world.state_holds(&text[middle - 12..middle + 12]);
        assert!(left.is_empty(), "the packed text: {left:?}");
    }
}

#[test]
fn the_words_are_gone_from_every_file() {
    let world = scanned();
    let texts = packed(&world, "quetzal");
    assert!(!texts.is_empty(), "else this test shows nothing");
    for text in &texts {
        let middle = text.len() / 2;
        assert!(!world.state_holds(&text[middle - 12..middle + 12]).is_empty());
    }
    let forgot = forget(&world, "HR/note.txt");
    assert_eq!((&forgot["done"], &forgot["not_cleared_yet"]), (&json!("forgotten"), &json!([])));
    assert_eq!(forgot["lies_at"][0], "[DIR]/docs/HR/note.txt");
    assert_gone(&world, "quetzal", &texts);
    assert_eq!(world.run(&["search", "quetzal"]).code, 1);
    assert_eq!(world.run(&["search", "seal", "--format", "paths"]).stdout, "seal log.txt\n");
    let verified = world.json(&["verify", "--format", "json"]);
    assert_eq!(verified["result"], "intact");
    assert!(verified["erased"].as_u64().unwrap() >= 2, "{verified}");
    assert_eq!(world.facts("withheld"), 1);
}

#[test]
fn it_is_not_read_again_until_that_is_taken_back() {
    let world = scanned();
    forget(&world, "note.txt");
    let reads = world.facts("read");
    assert_eq!(world.scan(), "3 unchanged");
    // The same bytes elsewhere, and touched: still not.
    world.file("copy.txt", NOTE).file("HR/note.txt", NOTE);
    assert_eq!(world.run(&["scan", "docs"]).code, 0);
    assert_eq!(world.facts("read"), reads);
    assert_eq!(world.run(&["search", "quetzal"]).code, 1);
    let rows = world.jsonl(&["unreadable", "--format", "jsonl"]);
    let told: Vec<_> =
        rows.iter().map(|row| (row["path"].as_str().unwrap(), row["reason"].as_str().unwrap())).collect();
    assert_eq!(told, [("HR/note.txt", "forgotten"), ("copy.txt", "forgotten")]);

    let back = ["forget", "HR/note.txt", "--undo", "--reason", "wrong paper", "--by", "Ana"];
    assert_eq!(world.run(&back).code, 0);
    assert_eq!(world.run(&["scan", "docs"]).code, 0);
    assert_eq!(world.facts("read"), reads + 1);
    assert_eq!(world.run(&["search", "quetzal"]).code, 0);
    assert_eq!(world.run(&["verify"]).code, 0);
    let again = world.run(&back);
    assert_eq!(again.code, 2, "{}", again.shown());
    assert!(again.stderr.contains("is not forgotten"), "{}", again.stderr);
}

#[test]
fn members_hashes_and_documents_long_gone() {
    let world = scanned();
    let hash = |path: &str| {
        let rows = world.jsonl(&["documents", "--members", "--format", "jsonl"]);
        rows.iter().find(|row| row["path"] == path).unwrap()["content"].as_str().unwrap().to_owned()
    };
    forget(&world, "box.zip!inner/b.txt");
    assert_gone(&world, "zanzibar", &[]);
    assert_eq!(world.run(&["search", "key", "--format", "paths"]).stdout.lines().count(), 2, "its neighbour is left");
    let hash = hash("seal log.txt");
    assert_eq!(forget(&world, &hash)["contents"], json!([hash]));
    std::fs::remove_file(world.doc("HR/note.txt")).unwrap();
    world.scan();
    let texts = packed(&world, "quetzal");
    let forgot = forget(&world, "HR/note.txt");
    assert_eq!(forgot["lies_at"], json!([]));
    assert_gone(&world, "quetzal", &texts);
    let ran = world.run(&["forget", "no such.txt", "--reason", "x", "--by", "Ana"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("hint: "), "{}", ran.stderr);
}

#[test]
fn notes_that_quote_it_go_too() {
    let world = scanned();
    for (file, note) in [
        ("HR/note.txt", "about her"),
        ("seal log.txt", "not as in the note: kept the YARD key over"),
        ("seal log.txt", "checked at the gate"),
    ] {
        let ran = world.run(&["reject", file, "6.1", "--by", "Ana", "--note", note]);
        assert_eq!(ran.code, 0, "{}", ran.shown());
    }
    forget(&world, "HR/note.txt");
    let decisions = world.json(&["decisions", "--format", "json"]);
    let notes: Vec<_> = decisions["decisions"].as_array().unwrap().iter().map(|row| row["note"].as_str()).collect();
    assert_eq!(notes, [None, None, Some("checked at the gate")]);
    assert_eq!(world.run(&["verify"]).code, 0);
}

#[test]
fn the_same_text_in_other_bytes_is_told_and_stays() {
    let world = World::new();
    // Another line ending: other bytes, the same text.
    world.file("a.txt", "Visitor log\nof May\n").file("b.txt", "Visitor log\r\nof May\r\n");
    world.scan();
    let forgot = forget(&world, "a.txt");
    assert_eq!(forgot["same_text_at"], json!(["[DIR]/docs/b.txt"]));
    assert_eq!(world.run(&["search", "visitor", "--format", "paths"]).stdout, "b.txt\n");
    forget(&world, "b.txt");
    assert!(packed(&world, "visitor").is_empty());
}
