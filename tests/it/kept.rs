//! Documents kept beside the index answer as the ledger itself does, and are refused when anything else has changed.

use std::fs;

use crate::world::{World, fixture};

const QUESTIONS: [&[&str]; 4] = [
    &["gaps", "--all", "--entity", "us-importer", "--format", "json"],
    &["matches", "--entity", "us-importer", "--format", "jsonl"],
    &["documents", "--members", "--format", "jsonl"],
    &["explain", "6.7", "--entity", "us-importer", "--format", "json"],
];

fn answers(world: &World) -> Vec<String> {
    let answer = |args: &&[&str]| {
        let ran = world.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
        assert!(ran.stdout.len() > 100, "{args:?}: {}", ran.stdout);
        ran.stdout
    };
    QUESTIONS.iter().map(answer).collect()
}

#[test]
fn what_is_kept_answers_as_the_ledger_does() {
    let world = World::new();
    assert_eq!(world.run(&["scan", fixture().to_str().unwrap()]).code, 3);
    let kept = answers(&world);
    fs::remove_dir_all(world.at("state/index")).unwrap();
    assert_eq!(answers(&world), kept);
}

#[test]
fn another_configuration_is_answered_from_the_ledger() {
    let world = World::new();
    world.file("north/visitor log.txt", "Visitor log October 2026").file("south/seal log.txt", "Seal log, May 2026");
    let config = "entities = [\"us-importer\"]\n[[root]]\npath = \"docs\"\n";
    fs::write(world.at("evidex.toml"), config).unwrap();
    assert_eq!(world.run(&["scan"]).code, 0);
    let sites = || -> Vec<String> {
        let rows = world.jsonl(&["documents", "--format", "jsonl"]);
        rows.iter().map(|row| row["site"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(sites(), ["docs", "docs"]);
    let site = "[[site]]\nname = \"North\"\npaths = [\"north/**\"]\n";
    fs::write(world.at("evidex.toml"), config.to_owned() + site).unwrap();
    assert_eq!(sites(), ["North", "docs"]);
    assert_eq!(world.scan(), "2 unchanged");
    assert_eq!(sites(), ["North", "docs"]);
}
