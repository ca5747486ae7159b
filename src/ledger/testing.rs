//! Facts and ledgers for this module's tests.

use proptest::prelude::*;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::db::Ledger;
use crate::domain::change::Stamp;
use crate::domain::fact::{Decided, Decision, Fact, Judged, MemberRef, Read, ReadOutcome, Seen, Sight};
use crate::domain::ids::{ContentHash, RootId, Seq};
use crate::domain::reading::{Format, Unreadable};
use crate::domain::relpath::RelPath;

pub(super) fn temp_ledger() -> (TempDir, Ledger) {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&dir.path().join("ledger.db")).unwrap();
    (dir, ledger)
}

pub(super) fn hash_of(text: &str) -> ContentHash {
    ContentHash(Sha256::digest(text).into())
}

/// Bytes that do not pack.
pub(super) fn noise(seed: u32, length: usize) -> Vec<u8> {
    let blocks = (0_u32..).flat_map(|i| Sha256::digest(format!("{seed} {i}")).to_vec());
    blocks.take(length).collect()
}

/// The content that holds this text.
pub(super) fn content(text: &str) -> ContentHash {
    hash_of(text)
}

pub(super) fn seen(path: RelPath, what: Sight, pass: u64) -> Fact {
    Fact::Seen(Seen { root: RootId(1), path, what, pass })
}

pub(super) fn file(path: &str, text: &str, pass: u64) -> Fact {
    let stamp = Stamp { size: text.len() as u64, mtime_ns: 1_790_000_000_123_456_789, ctime_ns: -5, inode: u64::MAX };
    let what = Sight::Content { content: content(text), stamp, looked_ns: 1_790_000_000_223_456_789 };
    seen(path.into(), what, pass)
}

pub(super) fn gone(path: &str, pass: u64) -> Fact {
    seen(path.into(), Sight::Gone, pass)
}

pub(super) fn unread(path: &str, pass: u64) -> Fact {
    let what = Sight::Unread { reason: Unreadable::TimedOut, detail: "60 s".into(), stamp: None, looked_ns: 3 };
    seen(path.into(), what, pass)
}

pub(super) fn rooted(root: u32, path: &str, device: u64) -> Fact {
    Fact::Rooted { root: RootId(root), path: path.into(), device }
}

/// A reading whose text is `text of NAME`.
pub(super) fn read(name: &str, reader: &str, size: u64) -> Fact {
    let outcome = ReadOutcome::Read { text: hash_of(&format!("text of {name}")), words: 3 };
    let members = vec![MemberRef { name: "in/side \u{1f600}.txt".into(), content: content("member") }];
    Fact::Read(Read {
        content: content(name),
        size,
        reader: reader.into(),
        format: Format::Zip,
        outcome,
        members,
        pages_waiting: 0,
        pages_recognised: 0,
    })
}

pub(super) fn judged(name: &str, judge: &str, judgement: &str) -> Fact {
    Fact::Judged(Judged { content: content(name), judge: judge.into(), judgement: hash_of(judgement) })
}

pub(super) fn decided(decision: Decision) -> Fact {
    Fact::Decided(Decided {
        content: Some(content("x")),
        root: Some(RootId(1)),
        path: Some(RelPath::from_bytes(b"\xff.txt".to_vec())),
        criterion: Some("6.7".parse().unwrap()),
        decision,
        by: "A \"quoted\" name\n".into(),
        note: None,
        replaces: Some(Seq(1)),
    })
}

/// Ten facts, every kind among them.
pub(super) fn every_kind() -> Vec<Fact> {
    vec![
        rooted(1, "/srv/policies", 77),
        file("a.txt", "x", 1),
        gone("old.txt", 1),
        unread("locked.txt", 1),
        read("x", "reader 1", 10),
        judged("x", "judge 1", "verdict"),
        decided(Decision::Accept),
        decided(Decision::Waive { until: "2026-12-31".parse().unwrap() }),
        decided(Decision::Owner { name: "M. \u{d1}andu".into() }),
        Fact::Configured { config: hash_of("config") },
    ]
}

/// A random sight of one of a few names.
pub(super) fn some_seen() -> impl Strategy<Value = Fact> {
    let name = prop::sample::select(vec!["a", "a/b", "a b", "z"]);
    (name, 0..5_u8, 1..4_u64).prop_map(|(name, what, pass)| match what {
        0 => gone(name, pass),
        1 => unread(name, pass),
        2 => file(name, "one", pass),
        _ => file(name, "two", pass),
    })
}
