//! The flags of a search: what narrows it, how its answer is shown, and what of the past and of other roots it may show.

use std::fs;

use insta::assert_snapshot;

use crate::build::{docx, pdf, xlsx};
use crate::world::{Ran, World};

const SOP: &str = "Seal Control Procedure. Guards must affix a bolt seal to each container at the gate, and every \
    container must be inspected before it is sealed; the supervisor shall keep the seal log for five years, must \
    report a broken seal at once, and shall review this procedure each year together with the security manager.";

const SPANISH: &str = "Los guardias revisan los contenedores cada día y anotan en la bitácora la hora de la \
    revisión, el número de la unidad y el nombre del operador que la entrega en la caseta.";

fn library() -> World {
    let world = World::new();
    world
        .file("seals/procedure 2026.docx", docx(&["Seal Control Procedure", "Effective date: 2026-01-15", SOP]))
        .file("seals/procedure 2024.docx", docx(&["Seal Control Procedure", "Effective date: 2024-01-15", SOP]))
        .file("seals/log.xlsx", xlsx(&[&["Date", "Seal no"], &["2026-10-28", "HP1"], &["2026-10-29", "HP4711"]]))
        .file("gate.pdf", pdf("Visitors sign in at the gate and get a badge"))
        .file("copy of gate.pdf", pdf("Visitors sign in at the gate and get a badge"))
        .file("locked.pdf", "%PDF-1.4 no more of it")
        .file("español.txt", SPANISH);
    world.run(&["scan", "docs"]);
    world
}

fn paths(ran: &Ran) -> String {
    let mut found: Vec<&str> = ran.stdout.lines().collect();
    found.sort_unstable();
    found.join("|")
}

fn found(world: &World, args: &[&str]) -> String {
    paths(&world.run(&[&["search"], args, &["--format", "paths", "--all-versions"]].concat()))
}

#[test]
fn flags_narrow() {
    let world = library();
    for (args, want) in [
        (&["--type", "pdf,xlsx", "gate"][..], "copy of gate.pdf|gate.pdf"),
        (&["--type", "excel"], "seals/log.xlsx"),
        (&["--path", "seals/**", "--type", "docx"], "seals/procedure 2024.docx|seals/procedure 2026.docx"),
        (&["--path", "*.xlsx", "--path", "*.txt"], "español.txt|seals/log.xlsx"),
        (&["--since", "2026-10", "seal"], "seals/log.xlsx"),
        (&["--until", "2025", "seal"], "seals/procedure 2024.docx"),
        (&["--language", "es"], "español.txt"),
        (&["--outcome", "unreadable"], "locked.pdf"),
        (&["--site", "docs", "HP4711"], "seals/log.xlsx"),
        (&["--site", "elsewhere", "HP4711"], ""),
        (&["--role", "procedure", "bolt"], "seals/procedure 2024.docx|seals/procedure 2026.docx"),
        (&["--root", "docs", "HP4711"], "seals/log.xlsx"),
        (&["path:*.pdf -outcome:read"], "locked.pdf"),
    ] {
        assert_eq!(found(&world, args), want, "{args:?}");
    }
    let bad = world.run(&["search", "seal", "--role", "recrod"]);
    assert_eq!(bad.code, 2);
    assert!(bad.stderr.contains("`--role`: `recrod` is no role; expected one of procedure"), "{}", bad.stderr);
}

#[test]
fn a_query_that_is_none_is_pointed_at() {
    let world = library();
    assert_snapshot!(world.run(&["search", "seal (log OR role:recrod"]).shown(), @r"
    exit 2
    --- stderr
    error: could not understand the query: `recrod` is no role; expected one of procedure, record, form, draft, guidance, profile, own-output, other
      seal (log OR role:recrod
                        ^

    hint: `evidex search --help` shows what a query may hold
    ");
    assert_snapshot!(world.run(&["search"]).shown(), @r"
    exit 2
    --- stderr
    error: could not understand the query: it is empty; expected words to look for

    hint: `evidex search --help` shows what a query may hold
    ");
}

#[test]
fn answers_in_every_form() {
    let world = library();
    let run = |args: &[&str]| world.run(&[&["search"], args].concat());
    assert_eq!(run(&["seal", "-c"]).stdout, "3\n");
    assert_eq!(run(&["zebra", "-c"]).code, 1);
    let zero = run(&["HP4711", "-0"]);
    assert_eq!(zero.stdout, "seals/log.xlsx\0");
    let lines = run(&["seal", "-l", "--sort", "path"]).stdout;
    let ends: Vec<&str> = lines.lines().map(|line| line.rsplit_once("  ").unwrap().1).collect();
    assert_eq!(ends, ["path", "seals/log.xlsx", "seals/procedure 2026.docx"], "{lines}");
    assert!(lines.contains("2026-10-29  record"), "{lines}");
    let table = run(&["bolt"]).stdout;
    for part in
        ["paragraph 3: ", "also as seals/procedure 2024.docx (2024-01-15)", "1 document, 1 other version folded"]
    {
        assert!(table.contains(part), "{part}: {table}");
    }
    let csv = run(&["HP4711", "--format", "csv"]).stdout;
    assert!(csv.starts_with("path,title,format,role,effective_date,"), "{csv}");
    assert!(csv.contains("seals/log.xlsx"), "{csv}");
    let by_date: String = found_in_order(&world, &["seal", "--sort", "date"]);
    assert_eq!(by_date, "seals/log.xlsx|seals/procedure 2026.docx|seals/procedure 2024.docx");
    for by in ["criterion", "type", "site", "role", "year"] {
        let facets = world.json(&["search", "--by", by, "--format", "json"]);
        assert_eq!((&facets["schema"], &facets["by"]), (&"evidex.facets/1".into(), &by.into()), "{facets}");
    }
    let types = world.json(&["search", "gate", "--by", "type", "--format", "json"]);
    assert_eq!(types["values"][0], serde_json::json!({"value": "docx", "documents": 2}), "{types}");
    assert_eq!(run(&["gate", "--by", "type", "--format", "paths"]).code, 2);
}

fn found_in_order(world: &World, args: &[&str]) -> String {
    let ran = world.run(&[&["search"], args, &["--format", "paths", "--all-versions"]].concat());
    ran.stdout.lines().collect::<Vec<_>>().join("|")
}

#[test]
fn versions_stand_under_the_newest() {
    let world = library();
    let folded = world.json(&["search", "bolt", "--format", "json"]);
    assert_eq!(folded["total"], 2);
    assert_eq!(folded["hits"].as_array().unwrap().len(), 1);
    assert_eq!(folded["hits"][0]["path"], "seals/procedure 2026.docx");
    assert_eq!(folded["hits"][0]["versions"][0]["path"], "seals/procedure 2024.docx");
    assert_eq!(found_in_order(&world, &["bolt"]), "seals/procedure 2026.docx|seals/procedure 2024.docx");
    // The same bytes twice are one paper.
    let gate = world.json(&["search", "badge", "--format", "json"]);
    assert_eq!((gate["hits"].as_array().unwrap().len(), &gate["total"]), (1, &2.into()));
}

#[test]
fn nothing_found_says_what_to_know() {
    let world = library();
    let ran = world.run(&["search", "contaner", "--path", "seals/**", "--role", "record"]);
    assert_eq!(ran.code, 1);
    for part in [
        "did you mean `container`?",
        "looked only where role:record and path:seals/**",
        "last looked at the folder 0 minutes ago",
    ] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
    let apart = world.run(&["search", "HP4711 badge"]);
    assert!(apart.stderr.contains("not all in one document (`HP4711` in 1, `badge` in 2)"), "{}", apart.stderr);
    assert!(apart.stderr.contains("1 file there could not be read"), "{}", apart.stderr);
    let json = world.run(&["search", "contaner", "--format", "json"]).json();
    assert_eq!(json["nothing"]["words"][0]["nearest"], "container");
    assert_eq!(world.run(&["search", "contaner", "--quiet"]).stderr, "");
}

#[test]
fn papers_like_a_paper() {
    let world = library();
    let like = |what: &str| found(&world, &["--like", what]);
    assert_eq!(like("seals/procedure 2026.docx"), "seals/procedure 2024.docx");
    assert_eq!(like(world.doc("seals/procedure 2026.docx").to_str().unwrap()), "seals/procedure 2024.docx");
    fs::write(world.at("new.txt"), SOP).unwrap();
    assert_eq!(like("new.txt"), "seals/procedure 2024.docx|seals/procedure 2026.docx");
    assert_eq!(found(&world, &["--like", "new.txt", "--since", "2026"]), "seals/procedure 2026.docx");
    for (what, part) in [("absent.txt", "no document that was recorded"), ("locked.pdf", "has no text to compare")] {
        let ran = world.run(&["search", "--like", what]);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(part), "{}", ran.stderr);
    }
}

#[test]
fn the_past_can_be_searched() {
    let world = library();
    let before = jiff::Timestamp::now().to_string();
    fs::remove_file(world.doc("gate.pdf")).unwrap();
    fs::remove_file(world.doc("español.txt")).unwrap();
    world.file("seals/log.xlsx", xlsx(&[&["Date", "Seal no"], &["2026-11-01", "HP9000"]])).file("new.txt", "Padlock");
    world.run(&["scan", "docs"]);
    assert_eq!(found(&world, &["HP4711"]), "");
    assert_eq!(found(&world, &["guardias"]), "");
    // What the first pass found had been there all along.
    for moment in [&["--as-of", "2020-01-01"][..], &["--known-by", &before]] {
        let then = |query: &str| found(&world, &[&[query], moment].concat());
        assert_eq!(then("HP4711"), "seals/log.xlsx", "{moment:?}");
        assert_eq!(then("HP9000"), "");
        assert_eq!(then("padlock"), "");
        assert_eq!(then("guardias"), "español.txt");
        assert_eq!(then("bolt"), "seals/procedure 2024.docx|seals/procedure 2026.docx");
        assert_eq!(world.run(&[&["search", "*", "-c"], moment].concat()).stdout, "7\n");
    }
    // Its bytes lie elsewhere still: it is not gone.
    assert_eq!(found(&world, &["badge", "--deleted"]), "");
    assert_eq!(found(&world, &["*", "--deleted"]), "español.txt");
    let gone = world.json(&["search", "guardias", "--deleted", "--format", "json"]);
    assert!(gone["hits"][0]["gone_on"].is_string(), "{gone}");
    assert!(gone["hits"][0]["snippets"][0]["text"].as_str().unwrap().contains("guardias"));
}

#[test]
fn no_root_tells_what_another_holds() {
    let world = World::new();
    world.file("open.txt", "Seal log of the gate").file("sub/b.txt", "Seal register");
    fs::create_dir(world.at("secret")).unwrap();
    fs::write(world.at("secret/board.txt"), "Seal merger with Zanzibar Holdings").unwrap();
    world.run(&["scan", "docs", "secret"]);
    assert_eq!(found(&world, &["seal"]), "board.txt|open.txt|sub/b.txt");
    fs::write(world.at("evidex.toml"), "[[root]]\npath = \"docs\"\n").unwrap();
    for scope in [&["--root", "docs"][..], &["--root", "docs", "--root", "none"], &[]] {
        for asked in [
            &["seal"][..],
            &["zanzibar"],
            &["zanzibbar"],
            &["merg*"],
            &["*"],
            &["*", "--by", "site"],
            &["-c", "*"],
            &["path:*.txt"],
            &["root:secret"],
            &["--like", "sub/b.txt"],
            &["zanzibar", "--deleted"],
            &["zanzibar", "--as-of", "2020-01-01"],
            &["zanzibbar", "--as-of", "2020-01-01"],
        ] {
            for format in ["table", "json"] {
                let args = [&["search"], asked, scope, &["--format", format]].concat();
                let shown = world.run(&args).shown().replace("zanzibar\"", "").replace("zanzibbar", "");
                for word in ["board", "erger", "Zanzibar", "`zanzibar`?", "\"zanzibar"] {
                    assert!(!shown.contains(word), "{word} in {args:?}: {shown}");
                }
            }
        }
    }
}

#[test]
fn the_state_is_found() {
    let world = World::new();
    world.file("sub/a.txt", "Seal log");
    let none = world.run_bare(&["search", "seal"]);
    assert_eq!(none.code, 2, "{}", none.shown());
    assert_eq!(world.run_bare(&["scan", "docs"]).code, 0);
    // The only one there is.
    assert_eq!(paths(&world.run_bare(&["search", "seal", "--format", "paths"])), "sub/a.txt");
    fs::create_dir(world.at("other")).unwrap();
    fs::write(world.at("other/b.txt"), "Seal log").unwrap();
    assert_eq!(world.run_bare(&["scan", "other"]).code, 0);
    let many = world.run_bare(&["search", "seal"]);
    assert_eq!(many.code, 2);
    assert!(many.stderr.contains("holds 2 states (docs-"), "{}", many.stderr);
    // Named by a folder.
    for root in ["docs", "./docs/"] {
        assert_eq!(paths(&world.run_bare(&["search", "seal", "--root", root, "--format", "paths"])), "sub/a.txt");
    }
    // Of the folder that one works in, or of one above it.
    assert_eq!(paths(&world.run_in("docs/sub", &["search", "seal", "--format", "paths"])), "sub/a.txt");
}
