//! What people decide: it counts at once, is never lost, can be taken back, and ends where the paper becomes another.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::world::World;

const VISITORS: &str = "Gate/Visitor log at the gate.csv";
const KEYS: &str = "Keys issued.csv";

/// A visitor log of this many days, the first of them two months ago: fresh, and whole even across months.
fn log(days: u32, name: &str) -> String {
    let mut text = "Date,Visitor name,Company,ID checked,Host,Time in,Time out,Badge\n".to_owned();
    for day in 1..=days {
        let day_text = row_day(day);
        writeln!(text, "{day_text},{name} Visitor{day},Acme {day},driver licence,J. Ortiz,08:15,09:40,{day}").unwrap();
    }
    text
}

/// The day of a log's row, from 1.
fn row_day(row: u32) -> jiff::civil::Date {
    let today = jiff::Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
    today - jiff::Span::new().days(60 - i64::from(row))
}

/// A company with one visitor log and a paper that proves nothing.
fn company() -> World {
    let world = World::new();
    world.file(VISITORS, log(28, "Ann")).file("notes.txt", "Lunch menu.\nMonday soup, Tuesday fish.\n");
    assert_eq!(world.scan(), "2 new");
    world
}

fn say(world: &World, args: &[&str]) -> String {
    let ran = world.run(&[args, &["--by", "Ana"]].concat());
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{args:?}");
    ran.stdout
}

fn criterion(world: &World, id: &str) -> Value {
    let gaps = ["gaps", "--all", "--entity", "us-importer", "--format", "json"];
    let criteria = world.json(&gaps)["criteria"].clone();
    criteria.as_array().unwrap().iter().find(|criterion| criterion["id"] == id).unwrap().clone()
}

fn status(world: &World, id: &str) -> String {
    criterion(world, id)["status"].as_str().unwrap().to_owned()
}

/// The criteria that `matches` lists for a document.
fn matches(world: &World, path: &str) -> Vec<String> {
    let rows = world.jsonl(&["matches", "--format", "jsonl"]);
    let row = rows.iter().find(|row| row["path"] == path).unwrap();
    row["matches"].as_array().unwrap().iter().map(|m| m["criterion"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_kind_counts_at_once_and_can_be_taken_back() {
    let far = "2099-01-01";
    for (args, id, before, after) in [
        (&["reject", VISITORS, "10.2"][..], "10.2", "current", "missing"),
        (&["accept", "notes.txt", "9.2"], "9.2", "missing", "current"),
        (&["date", VISITORS, "2024-01-31"], "10.2", "current", "stale"),
        (&["not-applicable", "10.2"], "10.2", "current", "not-applicable"),
        (&["waive", "9.2", "--until", far, "--note", "new fence"], "9.2", "missing", "waived"),
        (&["nil", "9.2", "--until", far], "9.2", "missing", "current"),
    ] {
        let world = company();
        let found = status(&world, id);
        assert_eq!(found, before, "before {args:?}");
        let told = say(&world, args);
        assert!(told.starts_with("decision "), "{told}");
        assert_eq!(status(&world, id), after, "{args:?}");
        let shown = world.run(&["explain", id, "--entity", "us-importer"]).stdout;
        let who = if args[0] == "date" { "from decision" } else { "Ana on 20" };
        let shown: String = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains(who), "{args:?}: {shown}");
        let number = told.split([' ', ':']).nth(1).unwrap();
        say(&world, &["undo", number]);
        assert_eq!(status(&world, id), before, "{args:?}, taken back");
        assert_eq!(world.run(&["verify"]).code, 0);
    }
}

#[test]
fn a_rejected_pair_never_comes_back_for_that_content() {
    let world = company();
    assert_eq!(matches(&world, VISITORS), ["10.2"]);
    say(&world, &["reject", VISITORS, "10.2"]);
    assert_eq!(matches(&world, VISITORS), [""; 0]);
    // The same bytes elsewhere, and the paper with a day more.
    world.file("Elsewhere/v.csv", log(28, "Ann")).file(VISITORS, log(29, "Ann"));
    assert_eq!(world.scan(), "1 new, 1 changed, 1 unchanged");
    assert_eq!(matches(&world, "Elsewhere/v.csv"), [""; 0]);
    assert_eq!(matches(&world, VISITORS), [""; 0]);
    assert_eq!(status(&world, "10.2"), "missing");
    // Another paper under the old name is judged by itself.
    world.file(VISITORS, log(28, "Somebody else altogether, of another company and town"));
    world.scan();
    assert_eq!(matches(&world, VISITORS), ["10.2"]);
}

#[test]
fn an_accept_asks_for_a_new_look_and_a_date_never_carries() {
    let world = company();
    world.file(KEYS, log(28, "Bea").replace("Visitor", "Key")).scan();
    say(&world, &["accept", KEYS, "9.2"]);
    say(&world, &["date", KEYS, &row_day(50).to_string()]);
    assert_eq!(status(&world, "9.2"), "current");
    world.file(KEYS, log(29, "Bea").replace("Visitor", "Key")).scan();
    assert_eq!(status(&world, "9.2"), "needs-review");
    let document = world.json(&["explain", KEYS, "--format", "json"]);
    assert_eq!(document["effective"]["day"], row_day(29).to_string());
    let said = document["decided"].as_array().unwrap();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].as_str().unwrap().starts_with("9.2: an earlier version was accepted by Ana on "), "{said:?}");
}

#[test]
fn all_are_listed_with_who_what_and_why() {
    let world = company();
    say(&world, &["reject", VISITORS, "10.2", "--note", "another site"]);
    say(&world, &["owner", "10.2", "Gate lead"]);
    say(&world, &["owner", "notes.txt", "The cook"]);
    let number = world.json(&["decisions", "--format", "json"])["decisions"][0]["seq"].as_u64().unwrap();
    say(&world, &["undo", &number.to_string(), "--note", "it was ours after all"]);
    let list = world.json(&["decisions", "--format", "json"]);
    assert_eq!(list["schema"], "evidex.decisions/1");
    let rows = list["decisions"].as_array().unwrap();
    let row = |row: &Value| {
        ["decision", "by", "criterion", "path", "owner", "note"]
            .map(|key| row[key].as_str().unwrap_or("-").to_owned())
            .join(" ")
    };
    assert_eq!(
        rows.iter().map(row).collect::<Vec<_>>(),
        [
            format!("reject Ana 10.2 {VISITORS} - another site"),
            "owner Ana 10.2 - Gate lead -".to_owned(),
            "owner Ana - notes.txt The cook -".to_owned(),
            format!("undo Ana 10.2 {VISITORS} - it was ours after all"),
        ]
    );
    assert_eq!((&rows[0]["taken_back_by"], &rows[3]["takes_back"]), (&rows[3]["seq"], &json!(number)));
    assert_eq!(world.jsonl(&["decisions", "--format", "jsonl"]).len(), 4);
    let table = world.run(&["decisions"]).stdout;
    assert!(table.ends_with("4 decisions, 1 taken back\n"), "{table}");
    let because = criterion(&world, "10.2")["because"].as_str().unwrap().to_owned();
    assert!(because.contains("owner: Gate lead"), "{because}");
}

#[test]
fn a_decision_needs_no_lock() {
    let world = company();
    let _lock = evidex::disk::StateLock::acquire(&world.at("state")).unwrap();
    assert_eq!(world.run(&["scan", "docs"]).code, 5);
    say(&world, &["reject", VISITORS, "10.2"]);
    assert_eq!(status(&world, "10.2"), "missing");
}

#[test]
fn what_cannot_be_meant_is_refused_with_advice() {
    let world = company();
    say(&world, &["waive", "9.2", "--until", "2099-01-01", "--note", "x"]);
    let number = world.json(&["decisions", "--format", "json"])["decisions"][0]["seq"].to_string();
    say(&world, &["undo", &number]);
    let undone = (number.parse::<u64>().unwrap() + 1).to_string();
    let long = "x".repeat(5000);
    world.file("Gate2/Visitor log at the gate.csv", log(5, "Bo")).scan();
    for (args, error, hint) in [
        (&["reject", "vistors.csv", "10.2"][..], "no document `vistors.csv` was seen", "evidex documents"),
        (&["reject", VISITORS, "10.22"], "the catalog has no criterion `10.22`", "did you mean `10.2`?"),
        (&["accept", "log at the gate.csv", "10.2"], "may be any of 2 documents", "name one with its folder"),
        (&["accept", "notes.txt", "10.2", "--by", " "], "needs a name", "--by NAME"),
        (&["accept", "notes.txt", "10.2", "--note", &long], "longer than 4000 characters", "fewer words"),
        (&["nil", "10.2", "--until", "2020-01-01"], "2020-01-01 is past", "a day to come"),
        (&["undo", "1"], "fact 1 is no decision", "evidex decisions"),
        (&["undo", &number], "was taken back already", "evidex decisions"),
        (&["undo", &undone], "cannot be taken back itself", "again"),
        (&["owner", "nobody.txt", "Bo"], "neither a criterion of the catalog nor a document seen", "evidex documents"),
    ] {
        let by: &[&str] = if args.contains(&"--by") { &[] } else { &["--by", "Ana"] };
        let ran = world.run(&[args, by].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}");
        assert!(ran.stderr.contains(error), "{args:?}: {}", ran.stderr);
        let (_, advice) = ran.stderr.split_once("hint: ").unwrap();
        assert!(advice.contains(hint), "{args:?}: {advice}");
    }
    assert_eq!(world.facts("decided"), 2);
    let nowhere = World::new();
    std::fs::create_dir(nowhere.at("state")).unwrap();
    let ran = nowhere.run(&["nil", "10.2", "--until", "2099-01-01", "--by", "Ana"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("hint: run `evidex scan FOLDER` first"), "{}", ran.stderr);
    assert!(!nowhere.at("state/ledger.db").exists());
}

#[test]
fn members_and_odd_names_can_be_decided_on() {
    use std::os::unix::ffi::OsStrExt;
    let world = World::new();
    let odd = std::ffi::OsStr::from_bytes(b"caf\xe9.csv");
    std::fs::write(world.at("docs").join(odd), log(20, "Odd")).unwrap();
    world.file("all.zip", crate::build::zip([("Visitor log.csv", log(28, "Ann"))])).scan();
    for path in ["all.zip!Visitor log.csv", "caf\u{fffd}.csv"] {
        say(&world, &["reject", path, "10.2"]);
        assert_eq!(matches(&world, path), [""; 0], "{path}");
    }
    let rows = world.jsonl(&["decisions", "--format", "jsonl"]);
    assert_eq!(rows[0]["path"], "all.zip!Visitor log.csv");
    assert_eq!(world.run(&["verify"]).code, 0);
}
