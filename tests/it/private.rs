//! Private paths and retention: documents that are judged, or once were, and whose words are not kept.

use std::fs;

use evidex::domain::fact::{Fact, Read, ReadOutcome, Seen, Sight};
use evidex::domain::ids::{ContentHash, InstantMs, RootId};
use evidex::domain::reading::Format;
use evidex::domain::relpath::RelPath;
use evidex::ledger::Ledger;
use serde_json::Value;

use crate::build::zip;
use crate::world::World;

const LOG: &str = "SEAL LOG\nDate Seal no Checked by\n2026-10-29 HP4711 Quetzal\n2026-10-30 HP4712 Quetzal\n";

fn configure(world: &World, sections: &str) {
    let text = format!("entities = [\"us-importer\"]\n{sections}\n[[root]]\npath = \"docs\"\n");
    fs::write(world.at("evidex.toml"), text).unwrap();
}

/// Every text that the ledger keeps.
fn kept(world: &World) -> String {
    let database = world.database();
    let mut rows = database.prepare("SELECT packed, size FROM payload WHERE packed IS NOT NULL").unwrap();
    let rows = rows.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, i64>(1)?))).unwrap();
    let plain = rows.map(|row| {
        let (packed, size) = row.unwrap();
        zstd::bulk::decompress(&packed, usize::try_from(size).unwrap()).unwrap()
    });
    plain.map(|bytes| String::from_utf8_lossy(&bytes).to_lowercase()).collect::<Vec<_>>().join("\n")
}

fn assert_wordless(world: &World) {
    assert!(!kept(world).contains("quetzal"), "{}", kept(world));
    assert!(world.state_holds(b"quetzal").is_empty(), "{:?}", world.state_holds(b"quetzal"));
    assert_eq!(world.run(&["search", "quetzal"]).code, 1);
}

/// What a document proves, without reasons.
fn proves(world: &World, path: &str) -> Vec<String> {
    let rows = world.jsonl(&["matches", "--format", "jsonl", "--as-of", "2026-11-01"]);
    let row = rows.iter().find(|row| row["path"] == path).unwrap();
    let found = row["matches"].as_array().unwrap().iter();
    let mut told: Vec<String> = found.map(|m| format!("{} {} {}", m["criterion"], m["role"], m["strength"])).collect();
    told.sort();
    told.push(row["effective_date"].to_string());
    told
}

#[test]
fn a_private_document_proves_as_much_and_says_nothing() {
    let world = World::new();
    world.file("HR/seal log.txt", LOG).file("HR/box.zip", zip([("in.txt", LOG.replace("HP", "XX"))]));
    configure(&world, "");
    assert_eq!(world.run(&["scan"]).code, 0);
    let open = proves(&world, "HR/seal log.txt");
    assert!(open.len() > 1, "{open:?}");
    assert_eq!(world.run(&["search", "quetzal"]).code, 0);
    assert!(kept(&world).contains("quetzal"));

    // From one day to the next: what was kept is erased, and judged from then on without it.
    configure(&world, "[[private]]\npath = \"HR/**\"");
    assert_eq!(world.run(&["scan"]).code, 0);
    assert_wordless(&world);
    assert_eq!(proves(&world, "HR/seal log.txt"), open);
    let told = world.json(&["explain", "HR/seal log.txt", "--format", "json"]).to_string();
    assert!(told.contains("private") && !told.contains("Quetzal"), "{told}");
    assert_eq!(world.run(&["verify"]).code, 0);
    let facts = world.facts("read") + world.facts("judged") + world.facts("withheld");
    assert_eq!(world.run(&["scan"]).code, 0);
    assert_eq!(world.facts("read") + world.facts("judged") + world.facts("withheld"), facts, "twice is once");

    // And back.
    configure(&world, "");
    assert_eq!(world.run(&["scan"]).code, 0);
    assert_eq!(world.run(&["search", "quetzal"]).code, 0);
    assert_eq!(proves(&world, "HR/seal log.txt"), open);
    assert_eq!(world.run(&["verify"]).code, 0);
}

#[test]
fn read_as_private_its_words_are_never_kept() {
    let world = World::new();
    configure(&world, "[[private]]\npath = \"HR/**\"");
    world.file("HR/seal log.txt", LOG).file("b.txt", "Visitor log");
    assert_eq!(world.run(&["scan"]).code, 0);
    assert_wordless(&world);
    assert!(proves(&world, "HR/seal log.txt").len() > 1);
    let gaps = world.run(&["gaps", "--as-of", "2026-11-01", "--all", "--format", "json"]);
    assert!(!gaps.stdout.contains("Quetzal"), "no report shows them");
    // Moved out of the private folder, it is a document like any other.
    fs::rename(world.doc("HR/seal log.txt"), world.doc("seal log.txt")).unwrap();
    assert_eq!(world.run(&["scan"]).code, 0);
    assert_eq!(world.run(&["scan"]).code, 0);
    assert_eq!(world.run(&["search", "quetzal", "--format", "paths"]).stdout, "seal log.txt\n");
}

#[test]
fn a_copy_elsewhere_may_be_quoted_but_not_as_the_private_one() {
    let world = World::new();
    configure(&world, "[[private]]\npath = \"HR/**\"");
    world.file("HR/seal log.txt", LOG).file("open/seal log.txt", LOG);
    assert_eq!(world.run(&["scan"]).code, 0);
    assert_eq!(world.run(&["scan"]).code, 0);
    assert_eq!(world.run(&["search", "quetzal", "--format", "paths"]).stdout, "open/seal log.txt\n");
    let told = |path: &str| world.json(&["explain", path, "--format", "json"]).to_string();
    let quoted = "\"text\":\"private\"";
    assert!(!told("open/seal log.txt").contains(quoted), "{}", told("open/seal log.txt"));
    let private = told("HR/seal log.txt");
    assert!(private.contains(quoted) && !private.contains("Quetzal"), "{private}");
}

/// A ledger whose document went so many days before 2026-11-24, or long before the test runs.
fn with_old_document(world: &World, text: &str) {
    fs::create_dir_all(world.at("state")).unwrap();
    let mut ledger = Ledger::open(&world.at("state/ledger.db")).unwrap();
    let docs = fs::canonicalize(world.at("docs")).unwrap();
    let device = evidex::disk::root_identity(&docs).unwrap().device;
    let hash = |bytes: &[u8]| {
        use sha2::Digest;
        ContentHash(sha2::Sha256::digest(bytes).into())
    };
    let reading = serde_json::json!({"format": "text", "properties": {}, "sheets": [], "truncated": false,
        "passages": [{"place": {"line": 1}, "kind": "text", "text": text}]});
    let payload = reading.to_string().into_bytes();
    let content = hash(text.as_bytes());
    let stamp = evidex::domain::change::Stamp { size: 9, mtime_ns: 1, ctime_ns: 1, inode: 1 };
    let seen = |what, pass| Fact::Seen(Seen { root: RootId(1), path: "old.txt".into(), what, pass });
    let read = Read {
        content,
        size: 9,
        reader: "an old one".to_owned(),
        format: Format::Text,
        outcome: ReadOutcome::Read { text: hash(&payload), words: 2 },
        members: Vec::new(),
        pages_waiting: 0,
        pages_recognised: 0,
    };
    let rooted = Fact::Rooted { root: RootId(1), path: RelPath::from(docs.to_str().unwrap()), device };
    let there = seen(Sight::Content { content, stamp, looked_ns: 1 }, 1);
    let long_ago = InstantMs(1_600_000_000_000);
    ledger.append(long_ago, &[rooted, Fact::Read(read), there], &[(hash(&payload), payload)]).unwrap();
    ledger.append(long_ago, &[seen(Sight::Gone, 2)], &[]).unwrap();
}

#[test]
fn the_text_of_what_went_long_ago_is_erased() {
    let world = World::new();
    world.file("now.txt", "Visitor log");
    with_old_document(&world, "Quetzal papers");
    configure(&world, "");
    assert_eq!(world.run(&["scan"]).code, 0);
    assert!(kept(&world).contains("quetzal"), "without a rule texts are kept");
    configure(&world, "[retention]\ngone_text = \"P1200M\"");
    assert_eq!(world.run(&["scan"]).code, 0);
    assert!(kept(&world).contains("quetzal"), "not gone for so long");
    configure(&world, "[retention]\ngone_text = \"P24M\"");
    assert_eq!(world.run(&["scan"]).code, 0);
    assert_wordless(&world);
    assert_eq!(world.run(&["verify"]).code, 0);
    assert_eq!(world.facts("withheld"), 1);
    assert_eq!(world.run(&["scan"]).code, 0);
    assert_eq!(world.facts("withheld"), 1, "said once");
    // The same bytes are back: a document like any other.
    world.file("old.txt", "Quetzal papers");
    assert_eq!(world.run(&["scan"]).code, 0);
    assert_eq!(world.run(&["search", "quetzal", "--format", "paths"]).stdout, "old.txt\n");
    let rows: Vec<Value> = world.jsonl(&["documents", "--format", "jsonl"]);
    assert_eq!(rows.len(), 2);
}
