//! What other programs rely on: every JSON answer follows its schema, and the frozen shapes hold key by key.

use std::path::Path;

use serde_json::{Value, json};

use crate::build::{eml, zip};
use crate::world::{World, fixture};

/// A world over the shipped company folder.
fn company() -> World {
    let world = World::new();
    let ran = world.run(&["scan", fixture().to_str().unwrap()]);
    assert!(matches!(ran.code, 0 | 3), "{}", ran.shown());
    world
}

fn schema(name: &str) -> Value {
    let file = name.trim_start_matches("evidex.").split('/').next().unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schema/output/{file}.schema.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

pub fn assert_valid(name: &str, values: &[Value], args: &[&str]) {
    let validator = jsonschema::draft202012::new(&schema(name)).unwrap();
    for value in values {
        let errors: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{args:?} against {name}: {}", errors.join("\n"));
    }
}

#[test]
fn every_answer_follows_its_schema() {
    let world = company();
    let seal_log = "DC Operations/Seals/Seal Log 2026.xlsx";
    let entity = ["--entity", "us-importer", "--as-of", "2026-11-01"];
    for (name, args) in [
        ("evidex.scan/1", &["scan"][..]),
        ("evidex.gaps/1", &["gaps", entity[0], entity[1], entity[2], entity[3]]),
        ("evidex.gaps/1", &["gaps", "--all", entity[0], entity[1], entity[2], entity[3]]),
        ("evidex.search/1", &["search", "seal"]),
        ("evidex.search/1", &["search", "seal", "--all-versions", "--as-of", "2020-01-01"]),
        ("evidex.facets/1", &["search", "seal", "--by", "criterion"]),
        ("evidex.explain-criterion/1", &["explain", "6.7", entity[0], entity[1], entity[2], entity[3]]),
        ("evidex.explain-document/1", &["explain", seal_log]),
        ("evidex.documents/1", &["documents"]),
        ("evidex.documents/1", &["documents", "--members"]),
        ("evidex.matches/1", &["matches", entity[0], entity[1]]),
        ("evidex.matches/1", &["matches", "--weak"]),
        ("evidex.unreadable/1", &["unreadable"]),
        ("evidex.duplicates/1", &["duplicates"]),
        ("evidex.decisions/1", &["decisions"]),
        ("evidex.status/1", &["status"]),
        ("evidex.verify/1", &["verify"]),
        ("evidex.verify/1", &["verify", "--rehash"]),
        ("evidex.backup/1", &["backup", "copy.db"]),
        ("evidex.restore/1", &["restore", "copy.db", "--force"]),
        ("evidex.repair/1", &["repair"]),
        ("evidex.doctor/1", &["doctor"]),
        ("evidex.forget/1", &["forget", seal_log, "--reason", "asked", "--by", "Ana"]),
        ("evidex.forget/1", &["forget", seal_log, "--undo", "--reason", "asked", "--by", "Ana"]),
        ("evidex.catalog/1", &["catalog", "list"]),
        ("evidex.catalog/1", &["catalog", "list", "--entity", "customs-broker"]),
        ("evidex.criterion/1", &["catalog", "show", "6.7"]),
    ] {
        let ran = world.run(&[args, &["--format", "json"]].concat());
        assert!(ran.code == 0 || (ran.code == 3 && args[0] == "scan"), "{args:?}: {}", ran.shown());
        let value = ran.json();
        assert_eq!(value["schema"], name, "{args:?}");
        assert_valid(name, &[value], args);
    }
    // Answers of "no" follow them too.
    let none = world.run(&["search", "zebrafish", "--format", "json"]);
    assert_eq!(none.code, 1);
    assert_valid("evidex.search/1", &[none.json()], &["search"]);
    let cut = world.run(&["verify", "--expect", &"ab".repeat(32), "--format", "json"]);
    assert_eq!(cut.code, 1);
    assert_valid("evidex.verify/1", &[cut.json()], &["verify"]);
}

#[test]
fn every_line_follows_its_schema() {
    let world = company();
    for (name, args) in [
        ("evidex.hit/1", &["search", "seal"][..]),
        ("evidex.document/1", &["documents"]),
        ("evidex.document/1", &["documents", "--members"]),
        ("evidex.document-matches/1", &["matches"]),
        ("evidex.document-matches/1", &["matches", "--weak"]),
        ("evidex.unreadable-document/1", &["unreadable"]),
        ("evidex.duplicate-group/1", &["duplicates"]),
    ] {
        let lines = world.jsonl(&[args, &["--format", "jsonl"]].concat());
        assert!(!lines.is_empty(), "{args:?}");
        assert_valid(name, &lines, args);
    }
}

#[test]
fn every_schema_is_printed() {
    let world = World::new();
    let names = world.run_bare(&["schema"]).stdout;
    assert!(names.lines().count() >= 18, "{names}");
    for name in names.lines() {
        assert_eq!(world.run_bare(&["schema", name]).json(), schema(name), "{name}");
    }
}

#[test]
fn the_frozen_shapes() {
    let world = World::new();
    let log = "SEAL LOG 2026\nDate Seal no Checked by\n2026-10-29 HP4711 J. Doe\n";
    world.file("log.txt", log).file("empty.txt", "").file("film.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom");
    world.file("all.zip", zip([("in.txt", "Visitor log")])).file("mail.eml", eml("Attached.", "a.txt", b"Key log"));
    world.scan();
    let row = |rows: &[Value], path: &str| rows.iter().find(|row| row["path"] == path).unwrap_or(&Value::Null).clone();
    let documents = world.jsonl(&["documents", "--format", "jsonl"]);
    assert_eq!(documents.len(), 5, "members only if asked for");
    for (path, outcome) in
        [("log.txt", "read"), ("empty.txt", "unreadable"), ("film.mp4", "unsupported"), ("all.zip", "read")]
    {
        assert_eq!(row(&documents, path)["outcome"], outcome, "{path}");
        for key in ["root", "site", "reason"] {
            assert!(row(&documents, path).get(key).is_some(), "{path} {key}");
        }
    }
    let unreadable = world.jsonl(&["unreadable", "--format", "jsonl"]);
    assert_eq!(
        (unreadable.len(), &unreadable[0]["path"], &unreadable[0]["reason"]),
        (1, &json!("empty.txt"), &json!("empty"))
    );
    let matches = world.jsonl(&["matches", "--format", "jsonl", "--entity", "us-importer", "--as-of", "2026-11-01"]);
    assert_eq!(matches.len(), 7, "one line a document, members included, even if empty: {matches:#?}");
    for path in ["all.zip!in.txt", "mail.eml!a.txt", "empty.txt", "film.mp4"] {
        assert!(row(&matches, path)["matches"].is_array(), "{path}");
    }
    for line in &matches {
        for key in ["path", "role", "effective_date", "matches", "root", "site"] {
            assert!(line.get(key).is_some(), "{key} in {line}");
        }
        let mut pairs: Vec<String> = Vec::new();
        for found in line["matches"].as_array().unwrap() {
            assert!(["procedure", "record"].contains(&found["role"].as_str().unwrap()), "{found}");
            assert!(found["score"].is_number(), "{found}");
            pairs.push(format!("{} {}", found["criterion"], found["role"]));
        }
        let count = pairs.len();
        pairs.sort();
        pairs.dedup();
        assert_eq!(pairs.len(), count, "one entry per criterion and role: {line}");
    }
    assert_eq!(row(&matches, "log.txt")["effective_date"], "2026-10-29");
    let gaps = ["gaps", "--all", "--as-of", "2026-11-01", "--entity", "us-importer", "--format", "json"];
    let criteria = world.json(&gaps)["criteria"].as_array().unwrap().clone();
    assert!(criteria.len() > 90);
    for criterion in &criteria {
        for key in ["id", "level", "status"] {
            assert!(criterion[key].is_string(), "{key} in {criterion}");
        }
    }
    assert_eq!(world.run(&["search", "path:log", "--format", "paths"]).stdout, "log.txt\n");
}

#[test]
fn tables_of_other_kinds_open_too() {
    let world = company();
    let gaps = ["gaps", "--entity", "us-importer", "--as-of", "2026-11-01", "--format"];
    let of = |format: &str| world.run(&[&gaps[..], &[format]].concat()).stdout;
    let rows: Vec<csv::StringRecord> =
        csv::Reader::from_reader(of("csv").as_bytes()).records().collect::<Result<_, _>>().unwrap();
    assert!(rows.len() > 10);
    assert!(of("markdown").starts_with("# "));
    for list in ["documents", "matches", "unreadable", "duplicates"] {
        let ran = world.run(&[list, "--format", "csv"]);
        assert_eq!(ran.code, 0);
        let mut reader = csv::Reader::from_reader(ran.stdout.as_bytes());
        let heads = reader.headers().unwrap().clone();
        assert!(heads.iter().any(|head| head == "path"), "{list}: {heads:?}");
        assert!(reader.records().all(|record| record.is_ok()), "{list}");
    }
    let docx = world.at("gaps.docx");
    assert_eq!(world.run(&[&gaps[..], &["docx", "--output", docx.to_str().unwrap()]].concat()).code, 0);
    // Read back by our own reader, and known as our own.
    std::fs::copy(&docx, world.doc("gaps.docx")).unwrap();
    assert_eq!(world.scan(), "1 new");
    let rows = world.jsonl(&["matches", "docs", "--format", "jsonl"]);
    assert_eq!((&rows[0]["role"], &rows[0]["matches"]), (&json!("own-output"), &json!([])), "{rows:?}");
}
