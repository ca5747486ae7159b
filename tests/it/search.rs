//! Search through the whole program: what is found, how it is shown, and an index that comes back by itself.

use std::fs;

use insta::assert_snapshot;

use crate::build::{docx, pdf, xlsx};
use crate::world::World;

fn library() -> World {
    let world = World::new();
    world
        .file(
            "seals/procedure.docx",
            docx(&["High Security Seals", "The guard affixes a bolt seal to each container."]),
        )
        .file("seals/log.xlsx", xlsx(&[&["Date", "Seal no"], &["2026-10-28", "HP1"], &["2026-10-29", "HP4711"]]))
        .file("gate.pdf", pdf("Visitors sign in at the gate and get a badge"))
        .file("español.txt", "Los guardias revisan los contenedores cada día");
    assert_eq!(world.scan(), "4 new");
    world
}

#[test]
fn words_phrases_and_fields() {
    let world = library();
    for (query, want) in [
        ("bolt seal", "seals/procedure.docx"),
        ("\"bolt seal\"", "seals/procedure.docx"),
        ("\"seal bolt\"", ""),
        ("seals", "seals/log.xlsx seals/procedure.docx"),
        ("visitor", "gate.pdf"),
        ("contenedor", "español.txt"),
        ("guard OR badge", "gate.pdf seals/procedure.docx"),
        ("seal -bolt", "seals/log.xlsx"),
        ("type:xlsx", "seals/log.xlsx"),
        ("type:xlsx bolt", ""),
        ("(bolt OR badge) type:pdf", "gate.pdf"),
        ("HP4711", "seals/log.xlsx"),
        ("path:seals", "seals/log.xlsx seals/procedure.docx"),
        ("*", "español.txt gate.pdf seals/log.xlsx seals/procedure.docx"),
    ] {
        let ran = world.run(&["search", query, "--format", "paths"]);
        let mut found: Vec<&str> = ran.stdout.lines().collect();
        found.sort_unstable();
        assert_eq!(found.join(" "), want, "{query}");
        assert_eq!(ran.code, i32::from(want.is_empty()), "{query}");
    }
}

#[test]
fn snippets_say_where() {
    let world = library();
    for (query, place) in [("HP4711", "row 3"), ("badge", "page 1"), ("bolt", "paragraph 2"), ("guardias", "line 1")] {
        let ran = world.run(&["search", query]);
        assert!(ran.stdout.contains(place), "{query}: {}", ran.stdout);
        let hits = world.json(&["search", query, "--format", "json"]);
        assert_eq!(hits["hits"][0]["snippets"][0]["place"], place, "{hits}");
    }
    let shown = world.run(&["search", "zebra"]).shown();
    let instant = shown.split_once(" ago (").unwrap().1[..20].to_owned();
    assert_snapshot!(shown.replace(&instant, "[INSTANT]"), @r#"
    exit 1
    --- stdout
    0 documents
    --- stderr
    no document matches zebra
    no document has `zebra`, or a word like it
    last looked at the folder 0 minutes ago ([INSTANT])
    "#);
}

#[test]
fn pages_of_hits() {
    let world = library();
    let paths = |args: &[&str]| -> Vec<String> {
        let args = [&["search", "*", "--format", "paths"], args].concat();
        world.run(&args).stdout.lines().map(str::to_owned).collect()
    };
    let all = paths(&[]);
    let halves = [paths(&["--limit", "2"]), paths(&["--limit", "2", "--offset", "2"])].concat();
    assert_eq!(all.len(), 4);
    assert_eq!(all, halves);
    assert!(paths(&["--offset", "4"]).is_empty());
    let most = usize::MAX.to_string();
    assert_eq!(paths(&["--limit", &most]), all);
    assert!(paths(&["--limit", &most, "--offset", &most]).is_empty());
}

#[test]
fn an_index_comes_back_by_itself() {
    let world = library();
    let index = world.at("state/index");
    let finds = || world.run(&["search", "HP4711", "--format", "paths"]).stdout;
    fs::remove_dir_all(&index).unwrap();
    assert_eq!(world.run(&["search", "HP4711"]).code, 2);
    assert_eq!(world.scan(), "4 unchanged");
    assert_eq!(finds(), "seals/log.xlsx\n");
    // Its own papers gone, garbled, or another program's.
    for name in ["meta.json", ".managed.json"] {
        fs::write(index.join(name), "no json").unwrap();
        if name == "meta.json" {
            assert_snapshot!(world.run(&["search", "HP4711"]).shown(), @r#"
            exit 4
            --- stderr
            error: could not open the index `[DIR]/state/index`
            caused by: it is damaged, or of another version

            hint: see that the disk has room, then run `evidex scan` again: it builds the index anew from the ledger
            "#);
        }
        assert_eq!(world.scan(), "4 unchanged", "{name}");
        assert_eq!(finds(), "seals/log.xlsx\n", "{name}");
    }
    fs::remove_file(index.join("meta.json")).unwrap();
    assert_eq!(world.scan(), "4 unchanged");
    assert_eq!(finds(), "seals/log.xlsx\n");
    assert_eq!(world.facts("read"), 4, "the ledger has every text");
}

#[test]
fn an_index_with_rotten_segments_comes_back() {
    let world = library();
    let index = world.at("state/index");
    let segments = || {
        let paths = fs::read_dir(&index).unwrap().map(|entry| entry.unwrap().path());
        paths.filter(|path| !path.extension().is_some_and(|ending| ending == "json" || ending == "lock"))
    };
    // Cut short, overwritten, one bit flipped: each is met by a scan with something to write.
    let harms: [fn(&mut Vec<u8>); 4] =
        [Vec::clear, |bytes| bytes.truncate(6), |bytes| bytes.fill(7), |bytes| bytes[0] ^= 1];
    for (number, harm) in harms.into_iter().enumerate() {
        for path in segments() {
            let mut bytes = fs::read(&path).unwrap();
            harm(&mut bytes);
            fs::write(&path, bytes).unwrap();
        }
        world.file(&format!("new{number}.txt"), format!("Key log k{number}"));
        assert_eq!(world.scan(), format!("1 new, {} unchanged", 4 + number));
        assert_eq!(world.run(&["search", "HP4711", "--format", "paths"]).stdout, "seals/log.xlsx\n");
        assert_eq!(world.run(&["search", "key", "--format", "paths"]).stdout.lines().count(), number + 1);
    }
}

#[test]
fn an_index_of_another_ledger_is_not_believed() {
    let (world, other) = (library(), World::new());
    other.file("x.txt", "Tarpaulin");
    assert_eq!(other.scan(), "1 new");
    fs::remove_dir_all(world.at("state/index")).unwrap();
    fs::rename(other.at("state/index"), world.at("state/index")).unwrap();
    assert_eq!(world.scan(), "4 unchanged");
    assert_eq!(world.run(&["search", "tarpaulin"]).code, 1);
    assert_eq!(world.run(&["search", "HP4711", "--format", "paths"]).stdout, "seals/log.xlsx\n");
}
