//! A folder and a model of it, changed at random side by side: after each step the ledger, the index and the statuses
//! say what the model says, and what a first scan of the same folder would say.
//!
//! The steps go through `scan --only`, the very pass that the daemon runs for what the watcher tells, so that a run can be
//! repeated; a few go through the daemon itself.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::watcher::{Watcher, await_equal};
use crate::world::World;

const FOLDERS: [&str; 4] = ["", "a", "a/b", "c"];
const NAMES: [&str; 5] = ["x.txt", "y.txt", "z.txt", "caf\u{e9}.txt", "cafe\u{301}.txt"];
/// Papers that bear on criteria, so that statuses move.
const TEXTS: [&str; 4] = [
    "SEAL LOG\nDate Seal no Checked by\n2026-10-29 HP4711 J. Doe\nw0",
    "VISITOR LOG\nDate Name Company Badge Time in Time out\n2026-10-28 A. Smith Acme 12 09:00 10:15\nw1",
    "Seal policy\nHigh security seals shall be affixed to all loaded containers by the shipping clerk.\nw2",
    "Minutes of the canteen committee\nw3",
];
/// As of today: on an earlier day, only what the first pass of a root found was there.
const QUESTION: [&str; 6] = ["gaps", "--all", "--format", "json", "--entity", "us-importer"];

#[derive(Clone, Debug)]
enum Step {
    Write {
        folder: usize,
        name: usize,
        text: usize,
    },
    Delete {
        pick: usize,
    },
    Rename {
        pick: usize,
        folder: usize,
        name: usize,
    },
    MoveFolder {
        pick: usize,
    },
    DeleteFolder {
        folder: usize,
    },
    Chmod {
        pick: usize,
    },
    /// The root is away while something asks for a look, and comes back.
    Lose,
}

fn step() -> impl Strategy<Value = Step> {
    let (folder, name, text, pick) = (0..FOLDERS.len(), 0..NAMES.len(), 0..TEXTS.len(), 0..100_usize);
    prop_oneof![
        5 => (folder.clone(), name.clone(), text).prop_map(|(folder, name, text)| Step::Write { folder, name, text }),
        2 => pick.clone().prop_map(|pick| Step::Delete { pick }),
        2 => (pick.clone(), folder.clone(), name).prop_map(|(pick, folder, name)| Step::Rename { pick, folder, name }),
        1 => pick.clone().prop_map(|pick| Step::MoveFolder { pick }),
        1 => (1..FOLDERS.len()).prop_map(|folder| Step::DeleteFolder { folder }),
        1 => pick.prop_map(|pick| Step::Chmod { pick }),
        1 => Just(Step::Lose),
    ]
}

/// Path to the number of its text. One file stays throughout: an emptied root is rightly doubted.
type Model = BTreeMap<String, usize>;

fn path_of(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn picked(model: &Model, pick: usize) -> Option<String> {
    let free: Vec<&String> = model.keys().filter(|path| *path != "stays.txt").collect();
    (!free.is_empty()).then(|| free[pick % free.len()].clone())
}

/// Does the step to disk and model; the paths that a watcher would tell of.
fn apply(world: &World, model: &mut Model, step: &Step) -> Vec<String> {
    match step {
        Step::Write { folder, name, text } => {
            let path = path_of(FOLDERS[*folder], NAMES[*name]);
            world.file(&path, TEXTS[*text]);
            model.insert(path.clone(), *text);
            vec![path]
        }
        Step::Delete { pick } => {
            let Some(path) = picked(model, *pick) else { return Vec::new() };
            fs::remove_file(world.doc(&path)).unwrap();
            model.remove(&path);
            vec![path]
        }
        Step::Rename { pick, folder, name } => {
            let Some(from) = picked(model, *pick) else { return Vec::new() };
            let to = path_of(FOLDERS[*folder], NAMES[*name]);
            fs::create_dir_all(world.doc(&to).parent().unwrap()).unwrap();
            fs::rename(world.doc(&from), world.doc(&to)).unwrap();
            let text = model.remove(&from).unwrap();
            model.insert(to.clone(), text);
            vec![from, to]
        }
        Step::MoveFolder { pick } => {
            let (from, to) = if pick % 2 == 0 { ("a", "moved") } else { ("moved", "a") };
            if !world.doc(from).exists() || world.doc(to).exists() {
                return Vec::new();
            }
            fs::rename(world.doc(from), world.doc(to)).unwrap();
            let below: Vec<String> =
                model.keys().filter(|path| path.starts_with(&format!("{from}/"))).cloned().collect();
            for path in below {
                let text = model.remove(&path).unwrap();
                model.insert(path.replacen(from, to, 1), text);
            }
            vec![from.to_owned(), to.to_owned()]
        }
        Step::DeleteFolder { folder } => {
            let folder = FOLDERS[*folder];
            let _ = fs::remove_dir_all(world.doc(folder));
            model.retain(|path, _| !path.starts_with(&format!("{folder}/")));
            vec![folder.to_owned()]
        }
        Step::Chmod { pick } => {
            let Some(path) = picked(model, *pick) else { return Vec::new() };
            fs::set_permissions(world.doc(&path), fs::Permissions::from_mode(0o640)).unwrap();
            vec![path]
        }
        Step::Lose => Vec::new(),
    }
}

fn look(world: &World, paths: &[String]) {
    let mut args = vec!["scan", "docs"];
    let full: Vec<String> = paths.iter().map(|path| format!("docs/{path}")).collect();
    for path in &full {
        args.extend(["--only", path]);
    }
    let ran = world.run(&args);
    assert_eq!(ran.code, 0, "{}", ran.shown());
}

/// The root is elsewhere while somebody looks: nothing may change.
fn lose(world: &World) {
    fs::rename(world.at("docs"), world.at("away")).unwrap();
    fs::create_dir(world.at("docs")).unwrap();
    let ran = world.run(&["scan", "docs", "--only", "docs/a", "--only", "docs/x.txt"]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    assert!(ran.stderr.contains("offline"), "{}", ran.shown());
    fs::remove_dir(world.at("docs")).unwrap();
    fs::rename(world.at("away"), world.at("docs")).unwrap();
}

fn statuses(world: &World) -> Vec<String> {
    let answer = world.json(&QUESTION);
    let criteria = answer["criteria"].as_array().unwrap();
    criteria.iter().map(|criterion| format!("{} {}", criterion["id"], criterion["status"])).collect()
}

fn indexed(world: &World, text: usize) -> Vec<String> {
    let ran = world.run(&["search", &format!("w{text}"), "--all-versions", "--limit", "1000", "--format", "paths"]);
    let mut paths: Vec<String> = ran.stdout.lines().map(str::to_owned).collect();
    paths.sort();
    paths
}

fn assert_agrees(world: &World, model: &Model) {
    let documents: Vec<String> = model.keys().map(|path| format!("{path} read")).collect();
    assert_eq!(world.documents(), documents);
    for text in 0..TEXTS.len() {
        let paths: Vec<String> = model.iter().filter(|(_, is)| **is == text).map(|(path, _)| path.clone()).collect();
        assert_eq!(indexed(world, text), paths, "text {text}");
    }
}

/// What a state that never saw the folder before makes of it.
fn fresh_statuses(model: &Model) -> Vec<String> {
    let other = World::new();
    for (path, text) in model {
        other.file(path, TEXTS[*text]);
    }
    other.scan();
    statuses(&other)
}

fn world_and_model() -> (World, Model) {
    let world = World::new();
    world.file("stays.txt", TEXTS[3]);
    (world, Model::from([("stays.txt".to_owned(), 3)]))
}

#[test]
fn any_steps_lead_where_a_first_scan_would() {
    let config = Config { cases: 4, max_shrink_iters: 24, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&prop::collection::vec(step(), 1..14), |steps| {
            let (world, mut model) = world_and_model();
            world.scan();
            for step in &steps {
                let paths = apply(&world, &mut model, step);
                match step {
                    Step::Lose => lose(&world),
                    _ if paths.is_empty() => continue,
                    _ => look(&world, &paths),
                }
                assert_agrees(&world, &model);
            }
            assert_eq!(statuses(&world), fresh_statuses(&model));
            assert_eq!(world.scan(), format!("{} unchanged", model.len()), "a whole pass finds nothing else");
            assert_eq!(world.run(&["verify"]).code, 0);
            Ok(())
        })
        .unwrap();
}

#[test]
fn so_does_the_daemon() {
    let config = Config { cases: 2, max_shrink_iters: 4, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&prop::collection::vec(step(), 8..16), |steps| {
            let (world, mut model) = world_and_model();
            let daemon = Watcher::start(&world);
            for step in &steps {
                apply(&world, &mut model, step);
            }
            let documents: Vec<String> = model.keys().map(|path| format!("{path} read")).collect();
            await_equal(&documents, || world.documents());
            for text in 0..TEXTS.len() {
                let paths: Vec<String> =
                    model.iter().filter(|(_, is)| **is == text).map(|(path, _)| path.clone()).collect();
                await_equal(&paths, || indexed(&world, text));
            }
            assert_eq!(statuses(&world), fresh_statuses(&model));
            assert_eq!(daemon.stop(), Some(0));
            Ok(())
        })
        .unwrap();
}
