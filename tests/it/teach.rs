//! Judging single files, training the passage model, and scoring a labelled folder.

use serde_json::{Value, json};

use crate::build::zip;
use crate::world::{World, fixture};

/// F1 of matches on the shipped folder when this was last set; raise it when judging gets better.
const FIXTURE_F1: f64 = 0.919;
/// How far it may fall before a change is called worse.
const FIXTURE_F1_SLACK: f64 = 0.02;

const VISITORS: &str = "Date,Visitor name,Company,ID checked,Host,Time in,Time out,Badge\n\
    2026-09-01,Ann Smith,Acme,driver licence,J. Ortiz,08:15,09:40,1\n\
    2026-09-02,Bo Jones,Acme,passport,J. Ortiz,08:15,09:40,2\n\
    2026-09-30,Cy Brown,Acme,driver licence,J. Ortiz,10:15,11:40,3\n";

#[test]
fn matches_on_the_shipped_folder_do_not_get_worse() {
    let world = World::new();
    let labels = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/labels/harbor-pine.jsonl");
    std::fs::create_dir(world.at("trial")).unwrap();
    std::fs::copy(labels, world.at("trial/labels.jsonl")).unwrap();
    std::os::unix::fs::symlink(fixture(), world.at("trial/company")).unwrap();
    let ran = world.run_bare(&["catalog", "test", "trial", "--format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let figures = ran.json();
    assert_eq!((&figures["files"], &figures["gaps"]), (&json!(65), &Value::Null));
    assert_eq!(figures["ignored"]["unknown_paths"], 0);
    let f1 = figures["micro"]["f1"].as_f64().unwrap();
    assert!(f1 >= FIXTURE_F1 - FIXTURE_F1_SLACK, "F1 fell from {FIXTURE_F1} to {f1}");
}

/// A labelled company of three papers.
fn labelled() -> World {
    let world = World::new();
    world.file("../trial/company/Gate/Visitor log.csv", VISITORS);
    world.file("../trial/company/menu.txt", "Lunch menu.\nMonday soup, Tuesday fish.\n");
    world.file("../trial/company/box.zip", zip([("Visitor log 2.csv", VISITORS.replace("2026-09", "2026-08"))]));
    let label = |path: &str, role: &str, day: &str, criteria: Value| json!({"path": path, "role": role, "effective_date": day, "duplicate_of": null, "criteria": criteria});
    let visitors = |strength: &str| json!({"id": "10.2", "role": "evidence", "strength": strength});
    let keys = json!({"id": "10.8", "role": "policy", "strength": "primary"});
    let labels = [
        label("Gate/Visitor log.csv", "evidence", "2026-09-30", json!([visitors("primary"), keys])),
        label("box.zip", "evidence", "2026-07-15", json!([visitors("secondary")])),
        label("menu.txt", "distractor", "2026-01-01", json!([])),
    ];
    let lines = |rows: &[Value]| rows.iter().map(Value::to_string).collect::<Vec<_>>().join("\n") + "\n";
    world.file("../trial/labels.jsonl", lines(&labels));
    let truths = [
        json!({"id": "10.2", "status": "stale"}),
        json!({"id": "10.8", "status": "policy_only", "alt_status": ["missing"]}),
        json!({"id": "9.2", "status": "missing"}),
    ];
    world.file("../trial/gaps-2026-11-01.jsonl", lines(&truths));
    world
}

#[test]
fn a_labelled_folder_is_scored() {
    let world = labelled();
    let args = ["catalog", "test", "trial", "--entity", "us-importer", "--format", "json"];
    let figures = world.run_bare(&args).json();
    // As the reference scorer has it for the same predictions.
    assert_eq!(figures["micro"], json!({"precision": 1.0, "recall": 0.5, "f1": 0.666_666_666_666_666_6}));
    assert_eq!(figures["never_found"], json!(["10.8"]));
    assert_eq!(figures["missed"], json!([{"path": "Gate/Visitor log.csv", "criterion": "10.8"}]));
    assert_eq!(figures["dates"], json!({"files": 2, "predicted": 2, "exact": 0.5, "within_31_days": 0.5}));
    assert_eq!(figures["distractors"], json!({"files": 1, "matched": 0, "share": 0.0, "which": []}));
    let gaps = &figures["gaps"];
    assert_eq!((&gaps["criteria"], &gaps["costly_criteria"]), (&json!(3), &json!(["10.2"])));
    let share = |key: &str| format!("{:.0}", gaps[key].as_f64().unwrap() * 3.0);
    assert_eq!(["strict", "lenient", "costly", "costly_plus"].map(share), ["1", "2", "1", "1"]);
    let table = world.run_bare(&["catalog", "test", "trial", "--entity", "us-importer", "--misses"]).stdout;
    assert!(table.contains("Micro        precision 1.000, recall 0.500, F1 0.667\n"), "{table}");
    assert!(table.ends_with("Missed\n  10.8   Gate/Visitor log.csv\n"), "{table}");
    // Nothing is left behind, nothing is written into the folder.
    assert!(!world.at("home").exists());
    let mut left: Vec<_> = std::fs::read_dir(world.at("trial")).unwrap().map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["company", "gaps-2026-11-01.jsonl", "labels.jsonl"]);
}

#[test]
fn a_trial_without_labels_or_entity_is_refused() {
    let world = labelled();
    let ran = world.run_bare(&["catalog", "test", "trial"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("hint: name one with `--entity`: us-importer"), "{}", ran.stderr);
    world.file("../trial/labels.jsonl", "{}\n");
    let ran = world.run_bare(&["catalog", "test", "trial", "--entity", "us-importer"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("line 1 is not what was expected"), "{}", ran.stderr);
    let ran = world.run_bare(&["catalog", "test", "docs"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("hint: name a folder with `company/` and `labels.jsonl` in it"), "{}", ran.stderr);
}

#[test]
fn files_are_judged_without_a_state() {
    let world = World::new();
    world.file("Gate/Visitor log.csv", VISITORS).file("empty.txt", "");
    world.file("all.zip", zip([("Visitor log.csv", VISITORS)]));
    let files = ["judge", "docs/Gate/Visitor log.csv", "docs/all.zip", "docs/empty.txt", "--format", "json"];
    let answer = world.run_bare(&files).json();
    assert_eq!(answer["schema"], "evidex.judge/1");
    let rows = answer["documents"].as_array().unwrap();
    let row = |row: &Value| {
        let criteria: Vec<&str> =
            row["matches"].as_array().unwrap().iter().map(|m| m["criterion"].as_str().unwrap()).collect();
        let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        [&row["path"], &row["outcome"]].map(word).join(" ") + " " + &criteria.join(" ")
    };
    assert_eq!(
        rows.iter().map(row).collect::<Vec<_>>(),
        [
            "docs/Gate/Visitor log.csv read 10.2",
            "docs/all.zip read ",
            "docs/all.zip!Visitor log.csv read 10.2",
            "docs/empty.txt unreadable ",
        ]
    );
    for log in [&rows[0], &rows[2]] {
        assert_eq!((&log["role"], &log["effective"]["day"]), (&json!("record"), &json!("2026-09-30")));
    }
    let hash = rows[0]["content"].as_str().unwrap();
    assert_eq!(rows[2]["content"], hash, "the same bytes inside and outside the archive");
    let screen = world.run_bare(&["judge", "docs/Gate/Visitor log.csv"]).stdout;
    assert!(screen.contains("  - 10.2 as record (visitor-log)\n      because "), "{screen}");
    assert!(!world.at("home").exists(), "nothing is stored");
}

#[test]
fn only_files_are_judged() {
    let world = World::new();
    let pipe = world.at("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for (path, error) in
        [("docs", "`docs` is not a file"), ("pipe", "`pipe` is not a file"), ("no.txt", "could not read `no.txt`")]
    {
        let ran = world.run_bare(&["judge", path]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{path}");
        assert!(ran.stderr.contains(error) && ran.stderr.contains("hint: "), "{path}: {}", ran.stderr);
    }
}

#[test]
fn training_gives_the_same_bytes_each_time() {
    let world = World::new();
    let line = |criterion: &str, text: &str| {
        json!({"criterion": criterion, "label": "procedure", "lang": "en", "text": text}).to_string()
    };
    let seals: Vec<String> =
        (0..20).map(|n| line("6.1", &format!("High security seals are kept in the safe, rule {n}."))).collect();
    let visitors: Vec<String> =
        (0..20).map(|n| line("10.2", &format!("Every visitor shows photo identification, rule {n}."))).collect();
    world.file("../examples/b.jsonl", visitors.join("\n")).file("../examples/a.jsonl", seals.join("\n"));
    world.file("../examples/README.md", "not an example");
    let train = |output: &str| world.run_bare(&["catalog", "train", "--examples", "examples", "--output", output]);
    let told = train("one.bin");
    assert_eq!((told.code, told.stderr.as_str()), (0, ""));
    assert!(
        told.stdout.contains(" bytes, taught 2 criteria by 40 examples from 2 files, identity "),
        "{}",
        told.stdout
    );
    assert_eq!(train("two.bin").code, 0);
    let bytes = std::fs::read(world.at("one.bin")).unwrap();
    assert_eq!(bytes, std::fs::read(world.at("two.bin")).unwrap());
    assert!(told.stdout.starts_with(&format!("one.bin: {} bytes", bytes.len())));

    world.file("../examples/c.jsonl", "{\"label\": \"fine\"}\n");
    let ran = train("one.bin");
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("c.jsonl` holds what is no example\ncaused by: line 1 "), "{}", ran.stderr);
    assert_eq!(std::fs::read(world.at("one.bin")).unwrap(), bytes, "the model there stays");
    let ran = world.run_bare(&["catalog", "train", "--examples", "docs", "--output", "x.bin"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there is no `.jsonl` file in `docs`"), "{}", ran.stderr);
}
