//! What is tried again, and when: locked documents with a new list of passwords, failures of the moment after a pause.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use evidex::domain::fact::{Fact, ReadOutcome};
use evidex::domain::ids::InstantMs;
use evidex::domain::reading::Unreadable;
use evidex::ledger::Ledger;

use crate::world::World;

const PASSWORD: &str = "harbor 26";

fn locked(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/locked").join(name)).unwrap()
}

#[test]
fn locked_documents_open_once_their_password_is_listed() {
    let world = World::new();
    world.file("log.pdf", locked("locked.pdf")).file("log.zip", locked("locked.zip"));
    fs::write(world.at("evidex.toml"), "passwords_file = \"list\"\n").unwrap();
    fs::write(world.at("list"), "another\n").unwrap();
    world.scan();
    assert_eq!(world.documents(), ["log.pdf encrypted", "log.zip encrypted", "log.zip!seal.txt encrypted"]);
    let reads = world.facts("read");
    world.scan();
    assert_eq!(world.facts("read"), reads, "the same list is not tried twice");

    fs::write(world.at("list"), format!("another\n{PASSWORD}\n")).unwrap();
    world.scan();
    assert_eq!(world.documents(), ["log.pdf read", "log.zip read", "log.zip!seal.txt read"]);
    let holding = format!("%{PASSWORD}%");
    assert_eq!(world.ask("SELECT count(*) FROM fact WHERE body LIKE ?1", &holding), 0);
}

#[test]
fn a_list_that_cannot_be_read_is_said_before_anything_is_read() {
    let world = World::new();
    world.file("log.pdf", locked("locked.pdf"));
    fs::write(world.at("evidex.toml"), "passwords_file = \"nowhere\"\n").unwrap();
    let ran = world.run(&["scan", "docs"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("could not read `passwords_file`"), "{}", ran.stderr);
}

/// Says that the only document timed out, so many minutes ago.
fn timed_out(world: &World, minutes_ago: i64) {
    let mut ledger = Ledger::open(&world.at("state/ledger.db")).unwrap();
    let mut read = ledger.latest_reads(None).unwrap().into_values().next().unwrap();
    read.outcome = ReadOutcome::Unreadable { reason: Unreadable::TimedOut, detail: String::new() };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    ledger.append(InstantMs(i64::try_from(now).unwrap()), &[Fact::Read(read)], &[]).unwrap();
    drop(ledger);
    // The ledger lets nobody write into the past, so all of it is moved there.
    let past = format!(
        "DROP TRIGGER fact_is_never_changed; UPDATE fact SET at_ms = at_ms - {};",
        minutes_ago.saturating_mul(60_000)
    );
    world.database().execute_batch(&past).unwrap();
}

#[test]
fn what_timed_out_is_tried_again_after_a_pause() {
    for (minutes_ago, more) in [(0, 0), (60, 1)] {
        let world = World::new();
        world.file("a.txt", "Seal log of May");
        world.scan();
        timed_out(&world, minutes_ago);
        let reads = world.facts("read");
        world.scan();
        assert_eq!(world.facts("read"), reads + more, "{minutes_ago} minutes ago");
    }
}
