//! What `doctor` finds on a machine, good and bad.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use evidex::domain::fact::Fact;
use evidex::domain::ids::{ContentHash, InstantMs};
use evidex::ledger::Ledger;
use serde_json::Value;

use crate::world::{Ran, World};

fn scanned() -> World {
    let world = World::new();
    world.file("a.txt", "Seal log").file("sub/b.txt", "Visitor log");
    world.scan();
    fs::set_permissions(world.at("state"), fs::Permissions::from_mode(0o700)).unwrap();
    world
}

fn doctor(world: &World) -> Ran {
    world.run(&["doctor", "--format", "json"])
}

fn check(ran: &Ran, id: &str) -> Value {
    let value = ran.json();
    let found = value["checks"].as_array().unwrap().iter().find(|check| check["id"] == id).cloned();
    found.unwrap_or_else(|| panic!("no {id} in {value}"))
}

fn level(ran: &Ran, id: &str) -> String {
    check(ran, id)["level"].as_str().unwrap().to_owned()
}

#[test]
fn a_state_in_order() {
    let world = scanned();
    let ran = doctor(&world);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    for id in ["configuration", "state", "ledger", "index", "root", "folders", "clock"] {
        assert_eq!(level(&ran, id), "ok", "{}", check(&ran, id));
    }
    assert_eq!(check(&ran, "folders")["found"], "can read all of 2 folders and 2 files");
    for id in ["watching", "text-recognition", "fence", "space"] {
        assert_ne!(level(&ran, id), "fail", "{}", check(&ran, id));
    }
    let table = world.run(&["doctor"]);
    assert!(table.stdout.lines().any(|line| line.starts_with("ok    Ledger")), "{}", table.stdout);
}

#[test]
fn each_fault_is_named_with_what_to_do() {
    for (id, fault) in [
        ("configuration", (|world| fs::write(world.at("evidex.toml"), "entitees = []").unwrap()) as fn(&World)),
        ("ledger", |world| fs::write(world.at("state/ledger.db"), "not a ledger ".repeat(99)).unwrap()),
        ("ledger", |world| fs::remove_file(world.at("state/ledger.db")).unwrap()),
        ("index", |world| fs::write(world.at("state/index/meta.json"), "{").unwrap()),
        ("root", |world| fs::rename(world.at("docs"), world.at("elsewhere")).unwrap()),
    ] {
        let world = scanned();
        fault(&world);
        let ran = doctor(&world);
        assert_eq!(ran.code, 1, "{id}: {}", ran.shown());
        assert_eq!(level(&ran, id), "fail", "{}", check(&ran, id));
        assert!(check(&ran, id)["advice"].as_str().is_some_and(|advice| !advice.is_empty()), "{}", check(&ran, id));
    }
}

#[test]
fn a_clock_that_went_back_is_told() {
    let world = scanned();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    let ahead = InstantMs(i64::try_from(now).unwrap() + 10 * 86_400_000);
    let fact = Fact::Configured { config: ContentHash([7; 32]) };
    Ledger::open(&world.at("state/ledger.db")).unwrap().append(ahead, &[fact], &[]).unwrap();
    let ran = doctor(&world);
    assert_eq!((ran.code, &*level(&ran, "clock")), (1, "fail"), "{}", check(&ran, "clock"));
    // Work goes on meanwhile, and the chain stays in order.
    world.file("c.txt", "Key log");
    assert_eq!(world.scan(), "1 new, 2 unchanged");
    assert_eq!(world.run(&["verify"]).code, 0);
    assert_eq!(world.run(&["search", "key", "--format", "paths"]).stdout, "c.txt\n");
}

#[test]
fn what_this_account_cannot_read_is_counted() {
    let world = scanned();
    for folder in ["state", "state/index"] {
        fs::set_permissions(world.at(folder), fs::Permissions::from_mode(0o777)).unwrap();
    }
    world.file("closed/c.txt", "Key log").file("d.txt", "Van log");
    fs::set_permissions(world.doc("closed"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(world.doc("d.txt"), fs::Permissions::from_mode(0o000)).unwrap();
    for entry in fs::read_dir(world.at("state")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::set_permissions(path, fs::Permissions::from_mode(0o666)).unwrap();
        }
    }
    let ran = world.run_powerless(&["doctor", "--format", "json"]);
    let folders = check(&ran, "folders");
    assert_eq!(folders["level"], "warn", "{}", ran.shown());
    let told = folders["found"].as_str().unwrap();
    assert!(told.contains("cannot read 1 of 3 folders and 1 of 3 files"), "{told}");
    assert!(folders["advice"].as_str().unwrap().starts_with("setfacl -R -m u:"), "{folders}");
    assert_eq!(level(&ran, "state"), "warn", "everybody may look into it");
    fs::set_permissions(world.doc("closed"), fs::Permissions::from_mode(0o755)).unwrap();
}
