//! A tampered ledger is found, and a head written down earlier proves that the end was not cut off.

use crate::world::World;

fn scanned() -> World {
    let world = World::new();
    world.file("a.txt", "Seal log of May").file("b.txt", "Visitor log");
    assert_eq!(world.scan(), "2 new");
    world
}

fn head(world: &World) -> String {
    world.json(&["verify", "--format", "json"])["head"]["hash"].as_str().unwrap().to_owned()
}

/// Changes the ledger as nobody should, past its own guards.
fn tamper(world: &World, change: &str) {
    let database = world.database();
    let guards = "SELECT name FROM sqlite_schema WHERE type = 'trigger'";
    let guards: Vec<String> =
        database.prepare(guards).unwrap().query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    for guard in guards {
        database.execute_batch(&format!("DROP TRIGGER {guard}")).unwrap();
    }
    database.execute_batch(change).unwrap();
}

#[test]
fn an_untouched_ledger_is_whole() {
    let world = scanned();
    let ran = world.run(&["verify"]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    assert!(ran.stdout.starts_with("The ledger is intact"), "{}", ran.stdout);
    assert!(ran.stdout.contains(&head(&world)));
}

#[test]
fn every_change_is_found_and_placed() {
    for (change, want) in [
        ("UPDATE fact SET body = replace(body, 'a.txt', 'b.txt'), at_ms = at_ms + 1 WHERE seq = 3", "fact 3"),
        ("UPDATE fact SET at_ms = at_ms - 1 WHERE seq = 2", "fact 2"),
        ("UPDATE fact SET hash = zeroblob(32) WHERE seq = 4", "fact 4"),
        ("DELETE FROM fact WHERE seq = 2", "fact 3"),
        ("UPDATE payload SET packed = x'00' WHERE id = 1", "text"),
        ("UPDATE payload SET packed = (SELECT packed FROM payload WHERE id = 2) WHERE id = 1", "text"),
        ("UPDATE sighting SET state = 'gone'", "sighting"),
    ] {
        let world = scanned();
        tamper(&world, change);
        let ran = world.run(&["verify"]);
        assert_eq!(ran.code, 1, "{change}: {}", ran.shown());
        assert!(ran.stdout.contains(want), "{change}: {}", ran.stdout);
        assert_eq!(world.run(&["verify", "--format", "json"]).code, 1);
    }
}

#[test]
fn an_earlier_head_stays_in_the_chain() {
    let world = scanned();
    let early = head(&world);
    world.file("c.txt", "Key log");
    world.scan();
    let late = head(&world);
    assert_ne!(early, late);
    assert_eq!(world.run(&["verify", "--expect", &early]).code, 0);
    assert_eq!(world.run(&["verify", "--expect", &late]).code, 0);
    // The end cut off, neatly: everything derived from it too. Only the head tells.
    let database = world.database();
    let seq: i64 =
        database.query_row("SELECT seq FROM fact WHERE lower(hex(hash)) = ?1", [&early], |row| row.get(0)).unwrap();
    drop(database);
    tamper(&world, &format!("DELETE FROM fact WHERE seq > {seq}"));
    let ran = world.run(&["verify", "--expect", &late]);
    assert_eq!(ran.code, 1, "{}", ran.shown());
    assert!(ran.stdout.contains(&late), "{}", ran.stdout);
}

#[test]
fn a_damaged_database_is_told() {
    let world = scanned();
    // Everything into the one file, then a hole in its middle.
    world.database().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let path = world.at("state/ledger.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    let ran = world.run(&["verify"]);
    assert!(matches!(ran.code, 1 | 4), "{}", ran.shown());
    assert!(ran.stdout.contains("damaged") || ran.stderr.contains("hint: "), "{}", ran.shown());
}
