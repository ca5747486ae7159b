//! Names and things that no folder should hold: each is accounted for, none is opened that must not be, nothing hangs.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use rustix::fs::{CWD, FileType, Mode, OFlags, mkdirat, mknodat, open, openat};

use crate::world::World;

const MANY: usize = 20_000;

#[test]
fn names_are_bytes() {
    let world = World::new();
    for name in [&b"caf\xe9.txt"[..], b"new\nline.txt", b"\x1b[31mred.txt", b" ", b"-rf", b"a'b\"c.txt", b"\xff\xff"] {
        fs::write(world.doc("").join(OsStr::from_bytes(name)), [b"Seal log ", name].concat()).unwrap();
    }
    assert_eq!(world.scan(), "7 new");
    let rows = world.jsonl(&["documents", "--format", "jsonl"]);
    assert_eq!(rows.len(), 7);
    let with_bytes: Vec<&str> = rows.iter().filter_map(|row| row["path_b64"].as_str()).collect();
    assert_eq!(with_bytes.len(), 2, "{rows:#?}");
    assert!(with_bytes.contains(&"Y2Fm6S50eHQ="), "{with_bytes:?}");
    assert!(rows.iter().any(|row| row["path"] == "new\nline.txt"));
    // On a screen, no name moves the cursor or breaks a line.
    for args in [&["documents"][..], &["search", "seal"], &["matches"], &["duplicates"]] {
        let ran = world.run(args);
        assert!(!ran.stdout.contains('\x1b') && !ran.stdout.contains("new\nline"), "{args:?}: {}", ran.stdout);
    }
    assert_eq!(world.scan(), "7 unchanged");
}

#[test]
fn paths_longer_than_the_system_takes() {
    let world = World::new();
    let name = "n".repeat(200);
    let mut folder = open(world.at("docs"), OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
    for _ in 0..30 {
        mkdirat(&folder, &name, Mode::from_raw_mode(0o700)).unwrap();
        folder = openat(&folder, &name, OFlags::RDONLY | OFlags::DIRECTORY, Mode::empty()).unwrap();
    }
    let file = openat(&folder, "deep.txt", OFlags::CREATE | OFlags::WRONLY, Mode::from_raw_mode(0o600)).unwrap();
    rustix::io::write(&file, b"Seal log").unwrap();
    assert_eq!(world.scan(), "1 new");
    assert_eq!(world.scan(), "1 unchanged");
    assert_eq!(world.run(&["search", "seal", "--format", "paths"]).code, 0);
}

#[test]
fn what_is_no_file_is_never_opened() {
    let world = World::new();
    world.file("a.txt", "Seal log");
    mknodat(CWD, world.doc("fifo.pdf"), FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
    let _socket = UnixListener::bind(world.doc("socket.docx")).unwrap();
    assert_eq!(world.scan(), "3 new, 2 unreadable");
    assert_eq!(world.documents(), ["a.txt read", "fifo.pdf not-a-file", "socket.docx not-a-file"]);
    assert_eq!(world.jsonl(&["unreadable", "--format", "jsonl"]).len(), 2);
    assert_eq!(world.scan(), "3 unchanged, 2 unreadable");
    let said = world.ask("SELECT count(*) FROM fact WHERE kind = ?1 AND body LIKE '%not-a-file%'", "seen");
    assert_eq!(said, 2, "the second pass has nothing new to say of them");
}

#[test]
fn no_link_is_followed() {
    let world = World::new();
    fs::create_dir(world.at("outside")).unwrap();
    fs::write(world.at("outside/secret.txt"), "Payroll of the neighbours").unwrap();
    world.file("sub/a.txt", "Seal log");
    for (to, name) in [
        ("../outside", "out"),
        ("../outside/secret.txt", "secret.txt"),
        ("..", "up"),
        (".", "loop"),
        ("self", "self"),
        ("nowhere", "dangling"),
        ("sub/a.txt", "inner.txt"),
        ("/dev/zero", "zero.txt"),
    ] {
        symlink(to, world.doc(name)).unwrap();
    }
    symlink("..", world.doc("sub/back")).unwrap();
    assert_eq!(world.scan(), "1 new");
    assert_eq!(world.documents(), ["sub/a.txt read"]);
    assert_eq!(world.run(&["search", "payroll"]).code, 1);
    // The watched folder itself may be a link: a person named it.
    symlink("docs", world.at("link")).unwrap();
    assert_eq!(world.run(&["scan", "link", "--format", "json"]).json()["unchanged"], 1);
}

#[test]
fn a_terabyte_of_nothing_costs_nothing() {
    let world = World::new();
    for name in ["big.pdf", "big.txt", "big.zip", "big"] {
        fs::File::create(world.doc(name)).unwrap().set_len(1 << 40).unwrap();
    }
    world.file("a.txt", "Seal log");
    assert_eq!(world.scan(), "5 new, 4 unreadable");
    let want = ["a.txt read", "big too-large", "big.pdf too-large", "big.txt too-large", "big.zip too-large"];
    assert_eq!(world.documents(), want);
    assert_eq!(world.scan(), "5 unchanged, 4 unreadable");
}

#[test]
fn many_files_in_one_folder() {
    let world = World::new();
    for number in 0..MANY {
        fs::write(world.doc(&format!("{number}.txt")), format!("w{}", number % 100)).unwrap();
    }
    assert_eq!(world.scan(), format!("{MANY} new"));
    assert_eq!(world.facts("read"), 100, "what is the same is read once");
    assert_eq!(world.scan(), format!("{MANY} unchanged"));
    let found = world.run(&["search", "w7", "--all-versions", "--limit", "1000", "--format", "paths"]);
    assert_eq!(found.stdout.lines().count(), MANY / 100);
}
