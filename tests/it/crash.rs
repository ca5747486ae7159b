//! Killed and interrupted at any moment: what the ledger took in stands, and the next scan finds the rest.

use std::process::Child;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::build::{docx, xlsx};
use crate::world::World;

const FILES: usize = 300;
const KILLS: u32 = 12;

/// Files of several kinds, each with a word of its own.
fn full() -> World {
    let world = World::new();
    for number in 0..FILES {
        let text = format!("Container inspection w{number}");
        match number % 3 {
            0 => world.file(&format!("{}/{number}.txt", number % 7), &text),
            1 => world.file(&format!("{}/{number}.docx", number % 7), docx(&["Inspection", &text])),
            _ => world.file(&format!("{}/{number}.xlsx", number % 7), xlsx(&[&["Date", "What"], &["1", &text]])),
        };
    }
    world
}

/// Lets a process run for a while, unless it ends before, and kills it.
fn kill_after(mut child: Child, time: Duration) {
    let pid = Pid::from_child(&child);
    let (ended, end) = mpsc::channel();
    let waiter = std::thread::spawn(move || {
        let status = child.wait();
        let _ = ended.send(());
        status
    });
    if end.recv_timeout(time).is_err() {
        // Fails only if it ended in this instant, which is as good.
        let _ = kill_process(pid, Signal::KILL);
    }
    waiter.join().unwrap().unwrap();
}

fn assert_complete(world: &World) {
    let ran = world.run(&["verify"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let found = world.run(&["search", "inspection", "--limit", "1000", "--format", "paths"]);
    assert_eq!(found.stdout.lines().count(), FILES);
    let read = "SELECT count(DISTINCT content) FROM reading WHERE ?1 = ''";
    assert_eq!(world.ask(read, ""), FILES as u64);
    assert_eq!(world.facts("read"), FILES as u64, "no content is read twice once it is known");
    let unseen = "SELECT count(*) FROM sighting WHERE state <> 'content' AND ?1 = ''";
    assert_eq!(world.ask(unseen, ""), 0);
    assert_eq!(world.documents().len(), FILES);
}

#[test]
fn killed_again_and_again_nothing_is_lost() {
    let started = Instant::now();
    let whole = full();
    whole.scan();
    let whole_time = started.elapsed();
    let world = full();
    for number in 1..=KILLS {
        kill_after(world.start(&["scan", "docs"]), whole_time * number / KILLS);
        let ran = world.run(&["verify"]);
        // Killed before the first table was made, there is none yet; it is never broken.
        let none_yet = ran.code == 2 && (ran.stderr.contains("no ledger") || ran.stderr.contains("holds no"));
        assert!(ran.code == 0 || none_yet, "kill {number}: {}", ran.shown());
    }
    let ran = world.run(&["scan", "docs"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_complete(&world);
}

#[test]
fn interrupted_it_says_so_and_goes_on_later() {
    let world = full();
    let mut interrupted = 0;
    for _ in 0..5 {
        let mut child = world.start(&["scan", "docs"]);
        // The lock is taken after signals are heeded, and before the first file is read.
        while !is_locked(&world) {
            assert!(child.try_wait().unwrap().is_none(), "it ended before it was seen to run");
            std::thread::yield_now();
        }
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        match child.wait().unwrap().code() {
            Some(130) => interrupted += 1,
            // Scanned to the end before the signal came.
            Some(0) => break,
            other => panic!("ended with {other:?}"),
        }
        assert_eq!(world.run(&["verify"]).code, 0);
    }
    assert!(interrupted > 0);
    assert_eq!(world.run(&["scan", "docs"]).code, 0);
    assert_complete(&world);
}

fn is_locked(world: &World) -> bool {
    std::fs::read_to_string(world.at("state/lock")).is_ok_and(|holder| !holder.is_empty())
}

#[test]
fn a_file_that_cannot_be_put_away_loses_nothing() {
    let world = full();
    assert_eq!(world.run(&["scan", "docs"]).code, 0);
    // What a crash between the ledger's commit and the index's leaves: an index that lacks the end, or everything.
    std::fs::remove_dir_all(world.at("state/index")).unwrap();
    assert_eq!(world.run(&["scan", "docs"]).code, 0);
    assert_complete(&world);
}
