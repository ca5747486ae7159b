//! What must stay the same when what does not matter changes: names, unrelated papers, the calendar, the passing of time.
//!
//! Asked of the shipped company folder and of a small one whose days are written anew; the same for single papers and
//! all sorts of strengths is asked of assessing alone, by its own properties.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use evidex::domain::catalog::Catalog;
use evidex::domain::day::Day;
use serde_json::{Value, json};

use crate::world::{World, fixture};

const AS_OF: &str = "2026-11-01";
/// What losing every name may cost.
const F1_OF_NAMES: f64 = 0.06;

/// Every file below a folder, with its path relative to it.
fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push((path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned(), path));
            }
        }
    }
    found.sort();
    found
}

/// The statuses of all criteria at a day, by criterion.
fn statuses(world: &World, as_of: &str) -> BTreeMap<String, String> {
    let args = ["gaps", "--all", "--entity", "us-importer", "--as-of", as_of, "--format", "json"];
    let answer = world.run(&args).json();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    answer["criteria"].as_array().unwrap().iter().map(|row| (word(&row["id"]), word(&row["status"]))).collect()
}

/// The company folder under `docs`, scanned.
fn shipped() -> World {
    let world = World::new();
    for (path, from) in files(&fixture()) {
        world.file(&path, fs::read(from).unwrap());
    }
    world.scan();
    world
}

fn f1(world: &World) -> f64 {
    let ran = world.run_bare(&["catalog", "test", "trial", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.json()["micro"]["f1"].as_f64().unwrap()
}

#[test]
fn names_are_hints_and_no_more() {
    let labels = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/labels/harbor-pine.jsonl");
    let labels: Vec<Value> =
        fs::read_to_string(labels).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (named, bare) = (World::new(), World::new());
    let mut new_names = BTreeMap::new();
    for (number, (path, from)) in files(&fixture()).into_iter().enumerate() {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let new_name = format!("f{number:04}.{extension}");
        let bytes = fs::read(from).unwrap();
        named.file(&format!("../trial/company/{path}"), &bytes);
        bare.file(&format!("../trial/company/{new_name}"), &bytes);
        new_names.insert(path, new_name);
    }
    let renamed = |label: &Value| {
        let mut label = label.clone();
        for key in ["path", "duplicate_of"] {
            if let Some(new_name) = label[key].as_str().and_then(|path| new_names.get(path)) {
                label[key] = json!(new_name);
            }
        }
        label.to_string()
    };
    named.file("../trial/labels.jsonl", labels.iter().map(Value::to_string).collect::<Vec<_>>().join("\n"));
    bare.file("../trial/labels.jsonl", labels.iter().map(renamed).collect::<Vec<_>>().join("\n"));
    let (with, without) = (f1(&named), f1(&bare));
    assert!(without >= with - F1_OF_NAMES, "F1 fell from {with} to {without} with the names");
}

/// A text for any company on every criterion of the catalog.
fn guidance() -> String {
    let mut text = String::from("Guide to the minimum security criteria for members\n\n");
    for criterion in &Catalog::built_in().criteria {
        let _ = writeln!(
            text,
            "{} Your company should show this. {} Typical evidence: a dated record.\n",
            criterion.id.as_str(),
            criterion.requirement
        );
    }
    text
}

#[test]
fn papers_that_prove_nothing_change_no_status() {
    let world = shipped();
    let before = statuses(&world, AS_OF);
    assert!(before.values().any(|status| status == "current"));
    let own = world.run(&["gaps", "--all", "--entity", "us-importer", "--as-of", AS_OF, "--format", "md"]).stdout;
    let text = guidance();
    let answers = text.replace("Guide to the minimum security criteria for members", "Security Profile answers 2026");
    world.file("Compliance/CTPAT guide.txt", &text).file("Compliance/Security Profile answers 2026.txt", answers);
    world.file("Compliance/gaps of today.md", own);
    world.file("Kitchen/menu.txt", "Lunch menu.\nMonday soup, Tuesday fish, Wednesday rice.\n");
    world.file(
        "Kitchen/fridge log 2026.csv",
        "Date,Fridge,Temperature\n2026-10-01,1,4\n2026-10-02,1,5\n2026-10-03,1,4\n",
    );
    assert!(world.scan().contains("5 new"));
    assert_eq!(statuses(&world, AS_OF), before);
}

#[test]
fn time_alone_improves_nothing() {
    let world = shipped();
    let claim = |status: &str| match status {
        "current" | "due-soon" => 3,
        "record-only" | "needs-review" => 2,
        "waived" | "not-applicable" | "unknown" => 1,
        _ => 0,
    };
    let mut before = statuses(&world, "2027-02-01");
    for later in ["2027-06-01", "2028-02-01", "2031-01-01"] {
        let after = statuses(&world, later);
        for (id, status) in &after {
            assert!(claim(status) <= claim(&before[id]), "{id}: {} became {status} by {later}", before[id]);
        }
        before = after;
    }
}

/// A small company whose every day is `shift` days later than it was in 2026.
fn company_moved_by(shift: i32) -> World {
    let world = World::new();
    let day = |text: &str| {
        let day: Day = text.parse().unwrap();
        day.plus_days(shift).to_string()
    };
    let mut visitors = String::from("Date,Visitor name,Company,ID checked,Host,Time in,Time out,Badge\n");
    let mut seals = String::from("Date,Seal number,Container,Issued to,Applied by,Status\n");
    for month in 4..=10 {
        let on = day(&format!("2026-{month:02}-14"));
        let _ = writeln!(visitors, "{on},Ann Smith,Acme,driver licence,J. Ortiz,08:15,09:40,1");
        let _ = writeln!(seals, "{on},HS{month:07},MSKU{month:07},R. Soto,R. Soto,used");
    }
    world.file("Visitor log.csv", visitors).file("Seal log.csv", seals);
    world.file(
        "Seal procedure.txt",
        format!(
            "Seal control procedure\nRevision 3\nEffective {}\nNext review {}\n\n1. Purpose\nTo control high security seals.\n\n\
             2. Rules\nSeals must be kept locked. Each seal number shall be recorded when it is issued and when it is affixed. \
             The driver must view, verify, tug and twist each seal before departure.\n",
            day("2026-02-03"),
            day("2027-02-03")
        ),
    );
    world.file(
        "Internal audit.txt",
        format!(
            "Supply chain security internal audit report\nFieldwork {}\nReport {}\n\nFindings: 2. Closed: 1.\nAuditor: J. Ortiz\n",
            day("2024-05-06"),
            day("2024-05-20")
        ),
    );
    world.scan();
    world
}

#[test]
fn a_calendar_moved_as_a_whole_changes_no_status() {
    let (as_written, moved) = (company_moved_by(0), company_moved_by(400));
    let before = statuses(&as_written, AS_OF);
    assert_eq!(before["10.2"], "current", "the company proves something");
    // 400 days after the first of November 2026.
    assert_eq!(statuses(&moved, "2027-12-06"), before);
}
