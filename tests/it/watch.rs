//! The daemon as a whole: what changes is found, what vanishes is not believed, and it ends when told.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::symlink;

use rustix::process::Signal;
use serde_json::Value;

use crate::build::docx;
use crate::watcher::{Watcher, await_equal};
use crate::world::World;

fn root(world: &World) -> Value {
    world.json(&["status", "--format", "json"])["roots"][0].clone()
}

fn has(world: &World, want: &[&str]) {
    await_equal(&want.iter().map(|row| (*row).to_owned()).collect(), || world.documents());
}

fn finds(world: &World, word: &str, path: &str) {
    await_equal(&format!("{path}\n"), || world.run(&["search", word, "--format", "paths"]).stdout);
}

#[test]
fn every_way_of_changing_is_found() {
    let world = World::new();
    world.file("a.txt", "Seal log of May").file("sub/b.txt", "Visitor log");
    let daemon = Watcher::start(&world);
    has(&world, &["a.txt read", "sub/b.txt read"]);
    let now = root(&world);
    assert_eq!(
        (&now["mode"], &now["watched_folders"], &now["unwatched_folders"]),
        (&"watch".into(), &2.into(), &0.into())
    );
    assert!(now["last_pass"].is_string() && now["offline_since"].is_null(), "{now}");

    world.file("c.txt", "Key log of October");
    finds(&world, "October", "c.txt");
    // Saved as editors do: written beside, then moved over.
    fs::write(world.doc("a.txt.new"), "Seal log of June").unwrap();
    fs::rename(world.doc("a.txt.new"), world.doc("a.txt")).unwrap();
    finds(&world, "June", "a.txt");
    // A folder that was not there, with more in it than it was made with.
    world.file("new/deep/d.txt", "Alarm test");
    finds(&world, "alarm", "new/deep/d.txt");
    world.file("new/deep/e.txt", "Fence inspection");
    finds(&world, "fence", "new/deep/e.txt");
    // Renamed, and changed under its new name.
    fs::rename(world.doc("new"), world.doc("old")).unwrap();
    finds(&world, "fence", "old/deep/e.txt");
    world.file("old/deep/e.txt", "Gate inspection");
    finds(&world, "gate", "old/deep/e.txt");
    fs::remove_dir_all(world.doc("sub")).unwrap();
    fs::remove_file(world.doc("c.txt")).unwrap();
    has(&world, &["a.txt read", "old/deep/d.txt read", "old/deep/e.txt read"]);
    await_equal(&Some(0), || root(&world)["backlog"].as_u64());
    assert!(root(&world)["last_event"].is_string());
    assert_eq!(daemon.stop(), Some(0));
    assert_eq!(world.run(&["verify"]).code, 0);
    assert_eq!(root(&world)["mode"], "manual", "nobody watches any more");
}

#[test]
fn the_save_dance_of_office_gives_one_version() {
    let world = World::new();
    world.file("Seal Policy.docx", docx(&["Seal policy", "Seals are checked by the clerk."]));
    let daemon = Watcher::start(&world);
    let reads = world.facts("read");
    world.file("~$al Policy.docx", "who has it open");
    world.file("~WRD0001.tmp", docx(&["Seal policy", "Seals are checked by the guard."]));
    fs::rename(world.doc("Seal Policy.docx"), world.doc("~WRL0002.tmp")).unwrap();
    fs::rename(world.doc("~WRD0001.tmp"), world.doc("Seal Policy.docx")).unwrap();
    fs::remove_file(world.doc("~WRL0002.tmp")).unwrap();
    fs::remove_file(world.doc("~$al Policy.docx")).unwrap();
    finds(&world, "guard", "Seal Policy.docx");
    assert_eq!(world.facts("read"), reads + 1);
    let gone = "SELECT count(*) FROM fact WHERE kind = 'seen' AND body LIKE ?1";
    assert_eq!(world.ask(gone, "%\"is\":\"gone\"%"), 0, "it was never away");
    has(&world, &["Seal Policy.docx read"]);
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn a_root_that_vanishes_changes_nothing_and_comes_back() {
    let world = World::new();
    world.file("a.txt", "Seal log of May").file("sub/b.txt", "Visitor log");
    let mut daemon = Watcher::start(&world);
    let seen = world.facts("seen");
    fs::rename(world.at("docs"), world.at("unplugged")).unwrap();
    daemon.hear(|line| line.contains("offline"));
    await_equal(&true, || root(&world)["offline_since"].is_string());
    // The bare mount point is no better.
    fs::create_dir(world.at("docs")).unwrap();
    has(&world, &["a.txt read", "sub/b.txt read"]);
    assert_eq!(world.facts("seen"), seen);
    fs::remove_dir(world.at("docs")).unwrap();
    fs::rename(world.at("unplugged"), world.at("docs")).unwrap();
    daemon.hear(|line| line.contains("back online"));
    world.file("sub/c.txt", "Key log of October");
    finds(&world, "October", "sub/c.txt");
    await_equal(&true, || root(&world)["offline_since"].is_null());
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn odd_files_are_accounted_for() {
    let world = World::new();
    world.file("a.txt", "Seal log");
    let daemon = Watcher::start(&world);
    fs::create_dir(world.doc("loop")).unwrap();
    symlink("..", world.doc("loop/up")).unwrap();
    symlink("loop", world.doc("link")).unwrap();
    fs::File::create(world.doc("sparse.pdf")).unwrap().set_len(1 << 40).unwrap();
    // One name in two forms is two files on this disk.
    world.file("caf\u{e9}.txt", "Composed").file("cafe\u{301}.txt", "Decomposed").file("CAF\u{c9}.TXT", "Upper case");
    let want =
        ["CAF\u{c9}.TXT read", "a.txt read", "cafe\u{301}.txt read", "caf\u{e9}.txt read", "sparse.pdf too-large"];
    has(&world, &want);
    finds(&world, "decomposed", "cafe\u{301}.txt");
    assert_eq!(daemon.stop(), Some(0));
    assert_eq!(world.scan(), "5 unchanged, 1 unreadable", "the next scan finds nothing else");
}

#[test]
fn where_nothing_is_told_it_looks() {
    let world = World::new();
    fs::write(world.at("evidex.toml"), "[watch]\nmode = \"poll\"\npoll_seconds = 1\n").unwrap();
    world.file("a.txt", "Seal log of May");
    let daemon = Watcher::start(&world);
    assert_eq!((&root(&world)["mode"], &root(&world)["watched_folders"]), (&"timer".into(), &0.into()));
    world.file("sub/b.txt", "Key log of October");
    finds(&world, "October", "sub/b.txt");
    fs::remove_file(world.doc("a.txt")).unwrap();
    has(&world, &["sub/b.txt read"]);
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn others_work_beside_it() {
    let world = World::new();
    fs::write(world.at("evidex.toml"), "entities = [\"us-importer\"]\n").unwrap();
    world.file("a.txt", "Seal log of May");
    let daemon = Watcher::start(&world);
    for args in [&["watch", "docs"][..], &["scan", "docs"]] {
        let ran = world.run(args);
        assert_eq!(ran.code, 5, "{args:?}: {}", ran.shown());
        assert!(ran.stderr.contains("is locked by process"), "{}", ran.shown());
    }
    assert_eq!(world.run(&["gaps", "docs"]).code, 0, "answered from the ledger");
    let held = "SELECT count(*) FROM status_held WHERE entity = ?1";
    await_equal(&true, || world.ask(held, "us-importer") > 0);
    // A decision of another process is seen without any event on the disk.
    let mut following = world.start_heard(&["status", "--follow", "--format", "json"]);
    let ran = world.run(&["not-applicable", "6.7", "--by", "M. Weaver", "--note", "no seals here"]);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    let logged = "SELECT count(*) FROM status_log WHERE criterion = ?1 AND to_status = 'not-applicable'
        AND cause LIKE '{\"is\":\"decision\"%'";
    await_equal(&1, || world.ask(logged, "6.7"));
    daemon.signal(Signal::HUP);
    assert_eq!(daemon.stop(), Some(0));
    rustix::process::kill_process(rustix::process::Pid::from_child(&following), Signal::TERM).unwrap();
    let mut told = String::new();
    following.stdout.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(following.wait().unwrap().success());
    let lines: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |event: &str| lines.iter().find(|line| line["event"] == event);
    // It may have begun to follow after the decision was logged; that the watching ended is told in any case.
    assert!(of("not-watching").is_some() || of("status").is_some() || lines.is_empty(), "{told}");
}

#[test]
fn a_day_off_is_caught_up_with() {
    let world = World::new();
    world.file("a.txt", "Seal log of May").file("b.txt", "Visitor log");
    assert_eq!(Watcher::start(&world).stop(), Some(0));
    fs::remove_file(world.doc("a.txt")).unwrap();
    world.file("c.txt", "Key log");
    let daemon = Watcher::start(&world);
    assert_eq!(world.documents(), ["b.txt read", "c.txt read"], "ready means looked at");
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn rules_that_change_hold_at_once() {
    let world = World::new();
    world.file("a.txt", "Seal log").file("drafts/b.txt", "Draft");
    let daemon = Watcher::start(&world);
    world.file(".evidexignore", "drafts/\n");
    has(&world, &["a.txt read"]);
    fs::remove_file(world.doc(".evidexignore")).unwrap();
    has(&world, &["a.txt read", "drafts/b.txt read"]);
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn many_at_once_are_all_found() {
    let world = World::new();
    world.file("a.txt", "Seal log");
    let daemon = Watcher::start(&world);
    for number in 0..600 {
        let bytes =
            if number % 20 == 0 { format!("%PDF-1.7 broken {number}") } else { format!("Inspection w{number}") };
        let ending = if number % 20 == 0 { "pdf" } else { "txt" };
        world.file(&format!("copy/{}/{number}.{ending}", number % 2), bytes);
    }
    await_equal(&601, || world.documents().len());
    await_equal(&Some(0), || root(&world)["backlog"].as_u64());
    assert_eq!(world.facts("read"), 601, "each content is read once");
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn its_health_is_told_on_this_machine_only() {
    let world = World::new();
    world.file("a.txt", "Seal log");
    fs::write(world.at("evidex.toml"), "[serve]\nlisten = \"0.0.0.0:0\"\n").unwrap();
    let ran = world.run(&["watch", "docs"]);
    assert_eq!(ran.code, 2, "{}", ran.shown());
    assert!(ran.stderr.contains("other machines"), "{}", ran.shown());

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    fs::write(world.at("evidex.toml"), format!("[serve]\nlisten = \"{free}\"\n")).unwrap();
    let daemon = Watcher::start(&world);
    let ask = |path: &str| {
        let mut stream = TcpStream::connect(free).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(ask("/healthz").starts_with("HTTP/1.1 200"), "{}", ask("/healthz"));
    assert!(ask("/readyz").starts_with("HTTP/1.1 200"));
    let metrics = ask("/metrics");
    assert!(
        metrics.contains("\nevidex_ready 1\n") && metrics.contains("evidex_root_watched_folders{root="),
        "{metrics}"
    );
    assert!(!metrics.contains("Seal log"));
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn its_log_can_be_read_by_programs() {
    let world = World::new();
    world.file("a.txt", "Seal log");
    let mut child = world.start_heard(&["watch", "docs", "--log-format", "json"]);
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stderr.take().unwrap()));
    let ready = lines.find(|line| {
        let value: Value = serde_json::from_str(line.as_ref().unwrap()).unwrap();
        value["message"] == "ready"
    });
    assert!(ready.is_some());
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), Signal::TERM).unwrap();
    assert!(lines.all(|line| serde_json::from_str::<Value>(&line.unwrap()).is_ok()));
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
