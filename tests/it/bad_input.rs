//! Everything a person can get wrong: each has an exit code, what was tried, why it failed, and what to do.

use std::fs;

use insta::assert_snapshot;

use crate::build::zip;
use crate::world::World;

fn one() -> World {
    let world = World::new();
    world.file("a.txt", "Seal log");
    assert_eq!(world.scan(), "1 new");
    world
}

#[test]
fn folders() {
    let world = World::new();
    world.file("a.txt", "Seal log");
    assert_snapshot!(world.run(&["scan", "dosc"]).shown(), @r#"
    exit 2
    --- stderr
    error: could not open the folder `dosc`
    caused by: No such file or directory (os error 2)

    hint: check the spelling, and that this account may list the folder
    "#);
    assert_snapshot!(world.run(&["scan", "docs/a.txt"]).shown(), @r#"
    exit 2
    --- stderr
    error: `docs/a.txt` is a file, not a folder

    hint: name the folder that the file lies in
    "#);
    assert_snapshot!(world.run_bare(&["scan", "docs", "--state", "docs/state"]).shown(), @r#"
    exit 2
    --- stderr
    error: the state folder `[DIR]/docs/state` and the watched folder `[DIR]/docs` lie inside each other: nothing is ever written into a watched folder

    hint: keep the state elsewhere, with `--state DIR`
    "#);
    assert_snapshot!(world.run_bare(&["scan", "docs", "--state", "."]).shown(), @r#"
    exit 2
    --- stderr
    error: the state folder `[DIR]` and the watched folder `[DIR]/docs` lie inside each other: nothing is ever written into a watched folder

    hint: keep the state elsewhere, with `--state DIR`
    "#);
    assert_snapshot!(world.run_bare(&["scan"]).shown(), @r#"
    exit 2
    --- stderr
    error: no folder was named, and no configuration names one

    hint: name a folder, as in `evidex gaps FOLDER`, or the state of one with `--state DIR`, or write an evidex.toml (`evidex config default`)
    "#);
    assert!(!world.at("docs/state").exists());
}

#[test]
fn states() {
    let world = one();
    assert_snapshot!(world.run_bare(&["search", "seal", "--state", "none"]).shown(), @r#"
    exit 2
    --- stderr
    error: `[DIR]/none` holds no ledger

    hint: run `evidex scan FOLDER` first, with the same --state if you use one
    "#);
    assert_snapshot!(world.run_bare(&["search", "seal"]).shown(), @r#"
    exit 2
    --- stderr
    error: no folder was named, and no configuration names one

    hint: name a folder, as in `evidex gaps FOLDER`, or the state of one with `--state DIR`, or write an evidex.toml (`evidex config default`)
    "#);
    assert_snapshot!(world.run_bare(&["scan", "docs", "--state", "docs/a.txt/state"]).shown(), @r#"
    exit 4
    --- stderr
    error: could not resolve `[DIR]/docs/a.txt/state`
    caused by: Not a directory (os error 20)

    hint: check that this account may write to the state folder, or name another with `--state DIR`
    "#);
    world.database().pragma_update(None, "user_version", 99).unwrap();
    assert_snapshot!(world.run(&["scan", "docs"]).shown(), @r#"
    exit 2
    --- stderr
    error: the ledger `[DIR]/state/ledger.db` is of version 99, this program knows versions up to 4: use a newer program

    hint: install the newer version of evidex that wrote this state
    "#);
    assert_eq!(world.run(&["documents"]).shown(), world.run(&["verify"]).shown());
}

#[test]
fn a_ledger_that_is_none() {
    let world = one();
    for file in ["ledger.db-wal", "ledger.db-shm"] {
        let _ = fs::remove_file(world.at("state").join(file));
    }
    fs::write(world.at("state/ledger.db"), "This is no database. ".repeat(1_000)).unwrap();
    assert_snapshot!(world.run(&["scan", "docs"]).shown(), @r#"
    exit 4
    --- stderr
    error: could not read the ledger's version: `[DIR]/state/ledger.db` is damaged or is no ledger
    caused by: file is not a database
    caused by: Error code 26: file is not a database

    hint: run `evidex repair`: it saves what can be saved and keeps the damaged file, or restore a backup with `evidex restore`
    "#);
}

#[test]
fn a_locked_state() {
    let world = one();
    let lock = fs::File::options().write(true).open(world.at("state/lock")).unwrap();
    lock.lock().unwrap();
    fs::write(world.at("state/lock"), "4711\n").unwrap();
    assert_snapshot!(world.run(&["scan", "docs"]).shown(), @r#"
    exit 5
    --- stderr
    error: the state `[DIR]/state` is locked by process 4711

    hint: wait until it is done; reports can be made meanwhile
    "#);
    // Questions are answered from what is known.
    assert_eq!(world.run(&["search", "seal"]).code, 0);
    let gaps = world.run(&["gaps", "docs", "--entity", "us-importer"]);
    assert_eq!(gaps.code, 0);
    assert_snapshot!(gaps.stderr, @r#"
    another process is scanning this folder: answering from what it has recorded so far
    "#);
}

#[test]
fn catalogs() {
    let world = one();
    fs::write(world.at("broken.toml"), "edition = \"x\"\n\n[[criterion]\n").unwrap();
    fs::write(world.at("wrong.toml"), "[[criterion]]\nid = \"6.7\"\nlevl = \"must\"\n").unwrap();
    for command in ["catalog check broken.toml", "catalog check wrong.toml", "catalog check none.toml"] {
        let ran = world.run(&command.split(' ').collect::<Vec<_>>());
        assert_eq!(ran.code, 2, "{command}");
    }
    assert_snapshot!(world.run(&["catalog", "list", "--catalog", "broken.toml"]).shown(), @r#"
    exit 2
    --- stderr
    error: broken.toml:3:13: unclosed array table, expected `]`

    hint: check the file with `evidex catalog check FILE`
    "#);
    assert_snapshot!(world.run(&["catalog", "list", "--overlay", "wrong.toml"]).shown(), @r#"
    exit 2
    --- stderr
    error: wrong.toml:3:1: unknown field `levl`, expected one of `id`, `category`, `title`, `requirement`, `evidence`, `note`, `source`, `levels`, `max_age`, `every`, `need`

    hint: check the file with `evidex catalog check FILE`
    "#);
    assert_snapshot!(world.run(&["scan", "docs", "--catalog", "none.toml"]).shown(), @r#"
    exit 2
    --- stderr
    error: could not read the catalog `none.toml`
    caused by: No such file or directory (os error 2)

    hint: check the file with `evidex catalog check FILE`
    "#);
}

#[test]
fn words() {
    let world = one();
    for (args, want) in [
        ("gaps docs --entity us-importr", "did you mean `us-importer`?"),
        ("gaps docs --entity zebra", "entity types are us-importer, us-exporter"),
        ("gaps docs --entity us-importer --as-of 2026-02-30", "`2026-02-30` is not a day of the form YYYY-MM-DD"),
        ("gaps docs --entity us-importer --as-of yesterday", "`yesterday` is not a day of the form YYYY-MM-DD"),
        ("gaps docs --entity us-importer --known-by yesterday", "write it like 2026-11-01T12:00:00Z"),
        ("gaps docs --entity us-importer --format pdf", "[possible values: table, json, csv, markdown, docx]"),
        ("gaps docs --entity us-importer --fail-on some", "[possible values: never, must, any]"),
        ("explain 6.77", "did you mean `6.7`?"),
        ("explain b.txt", "did you mean `a.txt`?"),
        ("explain zebra", "list criteria with `evidex catalog list`"),
        ("catalog show 6.77", "did you mean `6.7`?"),
        ("schema evidex.gap/1", "did you mean `evidex.gaps/1`?"),
        ("verify --expect 1234", "is not a SHA-256 of 64 hex digits"),
        ("search seal AND", "expected a word, a phrase, a field or a group after `AND`"),
        ("search \"seal", "a quotation mark is not closed"),
        ("search foo:bar", "there is no field `foo`; expected one of title, path, text"),
        ("search (seal", "could not understand the query"),
        ("scna docs", "some similar subcommands exist: 'schema', 'scan'"),
        ("scan docs --stat x", "a similar argument exists: '--state'"),
        ("scan docs --jobs 3", "unexpected argument '--jobs'"),
    ] {
        let ran = world.run(&args.split(' ').collect::<Vec<_>>());
        assert_eq!(ran.code, 2, "{args}: {}", ran.shown());
        assert!(ran.stderr.contains(want), "{args}: {}", ran.shown());
        assert_eq!(ran.stdout, "", "{args}");
    }
    assert_eq!(world.run(&["search", ""]).code, 2);
}

#[test]
fn configurations() {
    let world = one();
    assert_snapshot!(world.run(&["gaps", "docs"]).shown(), @r#"
    exit 2
    --- stderr
    error: no entity type is configured or named

    hint: name one with `--entity`: us-importer, us-exporter, foreign-manufacturer, customs-broker, third-party-logistics, consolidator, highway-carrier-us-canada, highway-carrier-mexico, long-haul-mexico, rail-carrier, sea-carrier, air-carrier, marine-port-terminal
    "#);
    fs::write(world.at("evidex.toml"), "entities = [\"us-importer\", \"customs-broker\"]\n").unwrap();
    assert_snapshot!(world.run(&["gaps", "docs"]).shown(), @r#"
    exit 2
    --- stderr
    error: 2 entity types are configured (us-importer, customs-broker), and a report is about one

    hint: name one with `--entity`
    "#);
    assert_eq!(world.run(&["gaps", "docs", "--entity", "customs-broker"]).code, 0);
    assert_eq!(world.run(&["matches", "--format", "jsonl"]).code, 0, "a list needs no entity");
    fs::write(world.at("evidex.toml"), "entities = [\"us-importer\"]\n\n[[root]]\npth = \"docs\"\n").unwrap();
    assert_snapshot!(world.run(&["gaps"]).shown(), @r#"
    exit 2
    --- stderr
    error: the configuration `evidex.toml` is wrong: TOML parse error at line 4, column 1
      |
    4 | pth = "docs"
      | ^^^
    unknown field `pth`, expected `path`

    hint: `evidex config default` prints a commented example
    "#);
    assert_eq!(world.run(&["config", "check"]).code, 2);
    fs::write(world.at("evidex.toml"), "entities = [\"us-importer\"]\n[[root]]\npath = \"docs\"\n").unwrap();
    assert_eq!(world.run_bare(&["gaps"]).code, 2, "nothing was scanned into the default state yet");
    assert_eq!(world.run_bare(&["scan"]).code, 0);
    assert_eq!(world.run_bare(&["gaps"]).code, 0);
    assert_eq!(world.run_bare(&["scan", "--config", "none.toml"]).code, 2);
}

#[test]
fn nothing_readable_is_never_all_missing() {
    let world = World::new();
    assert_snapshot!(world.run(&["gaps", "docs", "--entity", "us-importer"]).shown(), @r#"
    exit 2
    --- stderr
    error: there is no document in the folders looked at

    hint: name the folder that holds the company's policies and records
    "#);
    world
        .file("empty.docx", "")
        .file("broken.zip", &zip([("a.txt", "Seal log")])[..20])
        .file("film.mp4", b"\0\0\0\x18ftypmp42");
    assert_snapshot!(world.run(&["gaps", "docs", "--entity", "us-importer"]).shown(), @r#"
    exit 2
    --- stderr
    error: not one of the 3 documents in `[DIR]/docs` could be read (1 damaged, 1 empty, 1 unsupported type mp4)

    hint: `evidex unreadable` lists each with what to do
    "#);
}

#[test]
fn outputs() {
    let world = one();
    let gaps = ["gaps", "docs", "--entity", "us-importer", "--format", "json", "--output"];
    let to = |file: &str| world.run(&[&gaps[..], &[file]].concat());
    assert_snapshot!(to("none/gaps.json").shown(), @r#"
    exit 4
    --- stderr
    error: could not write the report to `none/gaps.json`
    caused by: No such file or directory (os error 2)

    hint: check that its folder is there and that this account may write to it
    "#);
    assert_eq!(to("docs").code, 4);
    assert_eq!(to("gaps.json").shown(), "exit 0\n");
    assert!(fs::read_to_string(world.at("gaps.json")).unwrap().starts_with('{'));
}
