//! Adding facts: the one moment at which the product comes to know something.
//!
//! One immediate transaction reads the head, links the new facts to it, stores their payloads and keeps the derived
//! tables. It is whole on the disk when `append` returns, or has not happened.

use rusqlite::{Transaction, TransactionBehavior};

use super::canonical::{self, GENESIS};
use super::db::{Ledger, tip};
use super::error::{Error, Result};
use super::payload;
use super::projection;
use super::replace;
use crate::domain::fact::{Entry, Fact, Head};
use crate::domain::ids::{ContentHash, InstantMs, Seq};

impl Ledger {
    /// Appends `facts` in order, with the payloads that they name, and gives the new head (`None`: still no facts).
    ///
    /// A payload that is there already stays as it is. Should the clock have gone back, the facts
    /// carry the instant of the newest fact instead: instants never fall along the chain, so "known by" is always a
    /// beginning of it.
    pub fn append(
        &mut self,
        at: InstantMs,
        facts: &[Fact],
        payloads: &[(ContentHash, Vec<u8>)],
    ) -> Result<Option<Head>> {
        // What can be done outside the transaction is: other writers wait for it.
        let bodies: Vec<String> = facts.iter().map(canonical::body).collect::<Result<_>>()?;
        let packed = self.pack_new(payloads)?;
        let tried = || format!("append {} facts", facts.len());
        let path = self.path.clone();
        let failed = |source| Error::sql(&path, tried(), source);

        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        // Asked under the write lock, which whoever puts another ledger in this one's place holds until it is done.
        replace::still_here(&path, self.inode)?;
        payload::store(&transaction, &packed).map_err(failed)?;
        let head = append_in(&transaction, at, facts.iter().zip(&bodies)).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(head)
    }
}

pub(super) fn append_in<'a>(
    transaction: &Transaction<'_>,
    at: InstantMs,
    facts: impl Iterator<Item = (&'a Fact, &'a String)>,
) -> rusqlite::Result<Option<Head>> {
    let (mut head, at) = match tip(transaction)? {
        Some((head, newest)) => (Some(head), at.max(newest)),
        None => (None, at),
    };
    let mut insert = transaction
        .prepare_cached("INSERT INTO fact (seq, at_ms, kind, body, prev, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (fact, body) in facts {
        let (seq, previous) = head.map_or((Seq(1), GENESIS), |head| (Seq(head.seq.0.saturating_add(1)), head.hash));
        let hash = canonical::link(previous, (seq, at), body);
        insert.execute((seq.0.cast_signed(), at.0, kind(fact), body, previous.0, hash.0))?;
        projection::apply(transaction, &Entry { seq, at, fact: fact.clone() })?;
        head = Some(Head { seq, hash });
    }
    Ok(head)
}

/// The word in the `kind` column, which is also the tag in the body.
pub(super) fn kind(fact: &Fact) -> &'static str {
    match fact {
        Fact::Rooted { .. } => "rooted",
        Fact::Seen(_) => "seen",
        Fact::Read(_) => "read",
        Fact::Judged(_) => "judged",
        Fact::Decided(_) => "decided",
        Fact::Configured { .. } => "configured",
        Fact::Withheld(_) => "withheld",
        Fact::Salvaged(_) => "salvaged",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{content, every_kind, file, hash_of, temp_ledger};

    #[test]
    fn facts_come_back_as_they_went_in() {
        let (_dir, mut ledger) = temp_ledger();
        let facts = every_kind();
        let head = ledger.append(InstantMs(5), &facts, &[]).unwrap().unwrap();
        assert_eq!(head.seq, Seq(facts.len() as u64));
        let entries = ledger.facts_after(Seq(0), 1000).unwrap();
        assert_eq!(entries.iter().map(|entry| &entry.fact).collect::<Vec<_>>(), facts.iter().collect::<Vec<_>>());
        assert_eq!(ledger.head().unwrap(), Some(head));
        assert_eq!(ledger.hash_at(head.seq).unwrap(), Some(head.hash));
        assert_eq!(ledger.hash_at(Seq(head.seq.0 + 1)).unwrap(), None);
        assert_eq!(ledger.verify(Some(head.hash)).unwrap().problems, []);
    }

    #[test]
    fn the_tag_is_the_kind() {
        for fact in every_kind() {
            let body = canonical::body(&fact).unwrap();
            let value: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!(value["fact"], kind(&fact));
        }
    }

    #[test]
    fn the_chain_is_pinned() {
        let (_dir, mut ledger) = temp_ledger();
        let head = ledger.append(InstantMs(1_790_000_000_000), &every_kind(), &[]).unwrap().unwrap();
        assert_eq!(
            head.hash.to_string(),
            "cf84fbd9ecdcddb0b2fbb9de3e00bd3802f9a1528641d6be62036f00ec889fee",
            "a ledger of today must verify for ever"
        );
    }

    #[test]
    fn instants_never_fall() {
        let (_dir, mut ledger) = temp_ledger();
        for (at, want) in [(100, 100), (50, 100), (200, 200)] {
            let head = ledger.append(InstantMs(at), &[file("a.txt", "x", 1)], &[]).unwrap().unwrap();
            let entry = &ledger.facts_after(Seq(head.seq.0 - 1), 1).unwrap()[0];
            assert_eq!(entry.at, InstantMs(want));
        }
    }

    #[test]
    fn two_writers_make_one_chain() {
        let (dir, mut ledger) = temp_ledger();
        let path = dir.path().join("ledger.db");
        let mut other = Ledger::open(&path).unwrap();
        let before = ledger.data_version().unwrap();
        for round in 0..5 {
            ledger.append(InstantMs(round), &[file("a.txt", "x", 1)], &[]).unwrap();
            other.append(InstantMs(round), &[file("b.txt", "y", 1)], &[]).unwrap();
        }
        assert_ne!(ledger.data_version().unwrap(), before);
        let found = ledger.verify(None).unwrap();
        assert_eq!((found.facts, found.problems), (10, vec![]));
    }

    #[test]
    fn nothing_to_append_is_no_fact() {
        let (_dir, mut ledger) = temp_ledger();
        assert_eq!(ledger.append(InstantMs(1), &[], &[(hash_of("t"), b"t".to_vec())]).unwrap(), None);
        assert_eq!(ledger.payload(content("t")).unwrap(), crate::ledger::PayloadState::Present(b"t".to_vec()));
    }
}
