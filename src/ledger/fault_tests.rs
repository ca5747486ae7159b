//! Writes that fail at every possible point: nothing acknowledged is lost, nothing else is half there.
//!
//! Two kinds of fault: a disk that is full at the nth page, and a power cut that leaves only a part of the log.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::db::Ledger;
use super::error::Error;
use super::testing::{file, gone, hash_of, judged, noise, read, some_seen, temp_ledger};
use crate::domain::fact::{Fact, Head};
use crate::domain::ids::{ContentHash, InstantMs, Seq};

/// A batch whose payloads need pages of their own, since they do not pack.
fn batch(round: u32) -> (Vec<Fact>, Vec<(ContentHash, Vec<u8>)>) {
    let name = format!("document {round}");
    let facts = vec![file(&name, &name, 1), read(&name, "r", 9), judged(&name, "j", &name), gone("old", 1)];
    let noise = noise(round, 20_000);
    (facts, vec![(ContentHash(Sha256::digest(&noise).into()), noise), (hash_of(&name), name.into_bytes())])
}

fn append(ledger: &mut Ledger, round: u32) -> Result<Head, Error> {
    let (facts, payloads) = batch(round);
    Ok(ledger.append(InstantMs(i64::from(round)), &facts, &payloads)?.expect("facts were appended"))
}

/// What a reader finds after a fault: a whole chain with this head.
fn check(path: &Path, head: Head, context: &str) {
    let ledger = Ledger::open(path).unwrap();
    let found = ledger.verify(Some(head.hash)).unwrap();
    assert_eq!(found.problems, [], "{context}");
    assert_eq!(found.head, Some(head), "{context}");
}

#[test]
fn a_full_disk_at_any_page_loses_nothing() {
    let (dir, mut ledger) = temp_ledger();
    let path = dir.path().join("ledger.db");
    let mut head = append(&mut ledger, 0).unwrap();
    let mut failures = 0;
    for round in 1..4 {
        let pages: i64 = ledger.db.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        for more in 0.. {
            ledger.db.query_row(&format!("PRAGMA max_page_count = {}", pages + more), [], |_| Ok(())).unwrap();
            match append(&mut ledger, round) {
                Ok(new) => {
                    assert_eq!(new.seq, Seq(head.seq.0 + 4));
                    head = new;
                    break;
                }
                Err(Error::Full { .. }) => failures += 1,
                Err(error) => panic!("{error:?}"),
            }
            check(&path, head, &format!("round {round}, {more} pages more"));
            ledger = Ledger::open(&path).unwrap();
        }
        check(&path, head, &format!("round {round}"));
    }
    assert!(failures > 6, "only {failures} failures: this test tested nothing");
}

#[test]
fn a_power_cut_at_any_byte_of_the_log_loses_nothing_acknowledged() {
    let (dir, mut ledger) = temp_ledger();
    let (database, log) = (dir.path().join("ledger.db"), dir.path().join("ledger.db-wal"));
    let acknowledged = append(&mut ledger, 0).unwrap();
    let safe = fs::read(&log).unwrap().len();
    let unacknowledged = append(&mut ledger, 1).unwrap();
    let whole = fs::read(&log).unwrap();
    assert!(whole.len() > safe);
    let mut heads = [0, 0];
    for cut in (safe..whole.len()).step_by(1_021).chain([whole.len() - 1, whole.len()]) {
        // The bytes after the cut are missing, or are what stood on the disk before.
        for tail in [vec![], vec![0xa5; whole.len() - cut]] {
            let after = tempfile::tempdir().unwrap();
            let copy = after.path().join("ledger.db");
            fs::copy(&database, &copy).unwrap();
            fs::write(after.path().join("ledger.db-wal"), [&whole[..cut], &tail].concat()).unwrap();
            let head = Ledger::open(&copy).unwrap().head().unwrap().unwrap();
            let is_new = head == unacknowledged;
            check(&copy, if is_new { unacknowledged } else { acknowledged }, &format!("cut at {cut}"));
            heads[usize::from(is_new)] += 1;
        }
    }
    assert!(heads[0] > 10 && heads[1] > 0, "{heads:?}");
}

#[test]
fn a_rotten_byte_anywhere_is_found_or_harmless() {
    let (dir, mut ledger) = temp_ledger();
    let path = dir.path().join("ledger.db");
    for round in 0..3 {
        append(&mut ledger, round).unwrap();
    }
    let facts = ledger.facts_after(Seq(0), 100).unwrap();
    drop(ledger);
    let good = fs::read(&path).unwrap();
    let mut found = 0;
    // A prime step, so that every part of a page is met.
    for at in (0..good.len()).step_by(1_021) {
        let mut bad = good.clone();
        bad[at] ^= 0x55;
        fs::write(&path, &bad).unwrap();
        let Ok(ledger) = Ledger::open_read_only(&path) else {
            found += 1;
            continue;
        };
        match ledger.verify(None) {
            Ok(verified) if verified.problems.is_empty() => {
                assert_eq!(ledger.facts_after(Seq(0), 100).unwrap(), facts, "byte {at}");
            }
            Ok(_) | Err(_) => found += 1,
        }
    }
    assert!(found > 10, "{found}");
}

#[test]
fn a_writer_that_waits_in_vain_says_who_is_in_the_way() {
    let (dir, mut ledger) = temp_ledger();
    let other = Ledger::open(&dir.path().join("ledger.db")).unwrap();
    other.db.execute_batch("BEGIN IMMEDIATE").unwrap();
    ledger.db.busy_timeout(std::time::Duration::ZERO).unwrap();
    let error = append(&mut ledger, 0).unwrap_err();
    assert!(matches!(error, Error::Busy { .. }), "{error}");
    other.db.execute_batch("ROLLBACK").unwrap();
    append(&mut ledger, 0).unwrap();
}

#[test]
fn a_reader_holds_its_snapshot_and_cannot_write() {
    let (dir, mut ledger) = temp_ledger();
    let head = append(&mut ledger, 0).unwrap();
    let mut reader = Ledger::open_read_only(&dir.path().join("ledger.db")).unwrap();
    reader.hold().unwrap();
    let newer = append(&mut ledger, 1).unwrap();
    assert_eq!(reader.head().unwrap(), Some(head));
    reader.release().unwrap();
    assert_eq!(reader.head().unwrap(), Some(newer));
    let error = append(&mut reader, 2).unwrap_err();
    assert!(matches!(error, Error::ReadOnly { .. }), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Batches of any size give the same derived rows as one fact at a time.
    #[test]
    fn batches_do_not_matter(facts in prop::collection::vec(some_seen(), 1..30), size in 1..10_usize) {
        let sights = |size: usize| {
            let (_dir, mut ledger) = temp_ledger();
            for chunk in facts.chunks(size) {
                ledger.append(InstantMs(1), chunk, &[]).unwrap();
            }
            (ledger.sights_known_by(None).unwrap(), ledger.head().unwrap())
        };
        prop_assert_eq!(sights(size), sights(1));
    }
}
