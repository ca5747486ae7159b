//! Damaged states: what can be saved is, the damaged file is kept, and the next pass reads the rest again.

use std::fs;

use serde_json::{Value, json};

use crate::build::docx;
use crate::world::World;

const FILES: usize = 40;

fn scanned() -> World {
    let world = World::new();
    for number in 0..FILES {
        let text = format!("Container inspection w{number} {}", "of a box ".repeat(number * 7));
        world.file(&format!("{number}.docx"), docx(&["Inspection", &text]));
    }
    world.scan();
    let ran = world.run(&["accept", "7.docx", "5.3", "--by", "Ana", "--note", "seen"]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    world.database().execute_batch("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE").unwrap();
    world
}

fn repair(world: &World) -> Value {
    world.json(&["repair", "--format", "json"])
}

fn assert_complete(world: &World) {
    assert_eq!(world.run(&["verify"]).code, 0);
    assert_eq!(world.run(&["scan", "docs"]).code, 0);
    assert_eq!(world.run(&["verify"]).code, 0);
    let found = world.run(&["search", "inspection", "--limit", "1000", "--format", "paths"]);
    assert_eq!(found.stdout.lines().count(), FILES);
}

#[test]
fn a_whole_state_only_gets_a_new_index() {
    let world = scanned();
    let head = world.head();
    fs::write(world.at("state/index/meta.json"), "{").unwrap();
    let ran = world.run(&["search", "inspection"]);
    assert_eq!(ran.code, 4, "{}", ran.shown());
    let repaired = repair(&world);
    assert_eq!((&repaired["ledger"], repaired["head"]["hash"].as_str()), (&json!("whole"), Some(&*head)));
    assert_complete(&world);
}

#[test]
fn tables_are_made_anew() {
    let world = scanned();
    let head = world.head();
    world.database().execute_batch("DELETE FROM sighting; UPDATE judgement SET judge = 'x'").unwrap();
    assert_eq!(world.run(&["verify"]).code, 1);
    assert_eq!(repair(&world)["ledger"], "tables-rebuilt");
    assert_eq!(world.head(), head);
    assert_complete(&world);
}

#[test]
fn a_torn_page_costs_what_is_on_it() {
    let world = scanned();
    let good = fs::read(world.at("state/ledger.db")).unwrap();
    let page = 4_096;
    let (mut saved, mut whole) = (0, 0);
    for torn in (page..good.len()).step_by(page * 9) {
        let mut bad = good.clone();
        bad[torn..torn + page].fill(0xa5);
        fs::write(world.at("state/ledger.db"), bad).unwrap();
        let ran = world.run(&["verify"]);
        assert!(matches!(ran.code, 0 | 1 | 4), "page at {torn}: {}", ran.shown());
        let ran = world.run(&["repair", "--format", "json"]);
        if ran.code == 4 {
            // The root of the table of facts: nothing to be saved, and nothing made worse.
            assert!(ran.stderr.contains("evidex restore"), "page at {torn}: {}", ran.stderr);
            continue;
        }
        assert_eq!(ran.code, 0, "page at {torn}: {}", ran.shown());
        let repaired = ran.json();
        if repaired["ledger"] == "salvaged" {
            let kept = repaired["kept"].as_str().unwrap().replace("[DIR]", world.at("").to_str().unwrap());
            assert!(fs::metadata(kept).is_ok(), "the damaged one is kept");
            saved += 1;
        } else {
            whole += 1;
        }
        assert_complete(&world);
        clear(&world);
    }
    assert!(saved > 1, "{saved} {whole}");
}

/// Away with everything but the damaged ledger to come.
fn clear(world: &World) {
    fs::remove_dir_all(world.at("state")).unwrap();
    fs::create_dir(world.at("state")).unwrap();
}

#[test]
fn a_tampered_fact_is_left_out_and_the_first_fact_says_so() {
    let world = scanned();
    let old = world.head();
    let database = world.database();
    database.execute_batch("DROP TRIGGER fact_is_never_changed").unwrap();
    database.execute_batch("UPDATE fact SET at_ms = at_ms - 1 WHERE seq = 5").unwrap();
    drop(database);
    let ran = world.run(&["repair"]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    assert!(ran.stdout.contains("lost: 1 and 0 texts") && ran.stdout.contains(&old), "{}", ran.stdout);
    let body: String = world.database().query_row("SELECT body FROM fact WHERE seq = 1", [], |row| row.get(0)).unwrap();
    let first: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&first["fact"], first["old_head"]["hash"].as_str()), (&json!("salvaged"), Some(&*old)));
    assert_eq!(first["facts_lost"], "1");
    let decisions = world.json(&["decisions", "--format", "json"]);
    assert_eq!(decisions["decisions"][0]["note"], "seen", "what people said is kept");
    assert_complete(&world);
}

#[test]
fn a_repair_that_was_broken_off_is_finished() {
    let world = scanned();
    let head = world.head();
    fs::copy(world.at("state/ledger.db"), world.at("state/ledger.db.next")).unwrap();
    let ran = world.run(&["scan", "docs"]);
    assert_eq!(ran.code, 4, "{}", ran.shown());
    assert!(ran.stderr.contains("broken off") && ran.stderr.contains("evidex repair"), "{}", ran.stderr);
    assert_eq!(repair(&world)["ledger"], "finished");
    assert_eq!(world.head(), head);
    assert_complete(&world);
}

#[test]
fn files_are_compared_with_what_was_recorded() {
    let world = World::new();
    world.file("a.txt", "Seal log").file("b.txt", "Visitor log").file("c.txt", "Key log").file("d.txt", "Van log");
    world.scan();
    assert_eq!(world.run(&["verify", "--rehash"]).code, 0);
    // Other bytes under the same times, as a rotten disk leaves them.
    let times = fs::metadata(world.doc("a.txt")).unwrap().modified().unwrap();
    fs::write(world.doc("a.txt"), "Seel log").unwrap();
    fs::File::options().write(true).open(world.doc("a.txt")).unwrap().set_modified(times).unwrap();
    fs::write(world.doc("b.txt"), "Visitor log, longer").unwrap();
    fs::remove_file(world.doc("c.txt")).unwrap();
    let ran = world.run(&["verify", "--rehash", "--format", "json"]);
    assert_eq!(ran.code, 1);
    let rehash = &ran.json()["rehash"];
    let told: Vec<_> = rehash["differing"].as_array().unwrap().iter().map(|row| (&row["path"], &row["what"])).collect();
    let want =
        [("a.txt", "altered"), ("b.txt", "changed"), ("c.txt", "gone")].map(|(path, what)| (json!(path), json!(what)));
    assert_eq!(told, want.iter().map(|(path, what)| (path, what)).collect::<Vec<_>>());
    assert_eq!((&rehash["checked"], &rehash["same"]), (&json!(4), &json!(1)));
    assert_eq!(world.run(&["verify"]).code, 0, "the ledger itself is whole");
}
