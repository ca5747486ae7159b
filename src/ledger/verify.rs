//! Is the ledger what was once acknowledged? Recomputes the chain fact by fact, every payload's hash, and the derived
//! tables.
//!
//! A chain alone cannot tell that its newest links were cut off; a head printed earlier (on any report) can.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use rusqlite::Row;
use sha2::{Digest, Sha256};

use super::append::kind;
use super::canonical::{self, GENESIS};
use super::db::Ledger;
use super::error::{Error, Result};
use super::known::entry_of;
use super::payload::unpack;
use crate::domain::fact::{Entry, Fact, Head, ReadOutcome};
use crate::domain::ids::{ContentHash, InstantMs, Seq};

/// More than this many problems say nothing new.
const PROBLEMS_MAX: usize = 100;

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    pub facts: u64,
    pub head: Option<Head>,
    /// Texts that are there and right.
    pub payloads: u64,
    /// Texts named by facts and erased on request.
    pub erased: u64,
    /// Texts named by facts and never kept.
    pub absent: u64,
    /// At most a hundred.
    pub problems: Vec<Problem>,
}

/// One thing that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The database file itself, in SQLite's words.
    Database(String),
    /// The fact does not give the hash that stands beside it.
    Altered(Seq),
    /// The fact does not follow on the one before it: facts are missing or in another order.
    Unlinked(Seq),
    /// The columns of the fact do not agree with its body, or the body is none.
    Inconsistent(Seq),
    /// A text's bytes do not give the hash under which it is stored.
    Payload(ContentHash),
    /// A derived table does not say what the facts say.
    Derived(&'static str),
    /// The head that was expected is not in this chain: its end was cut off, or it is another ledger.
    HeadNotFound(ContentHash),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(what) => write!(f, "the database file is damaged: {what}"),
            Self::Altered(Seq(seq)) => write!(f, "fact {seq} was altered"),
            Self::Unlinked(Seq(seq)) => write!(f, "fact {seq} does not follow on the fact before it"),
            Self::Inconsistent(Seq(seq)) => write!(f, "fact {seq} contradicts itself"),
            Self::Payload(hash) => write!(f, "the text {hash} was altered"),
            Self::Derived(table) => write!(f, "the table `{table}` does not say what the facts say"),
            Self::HeadNotFound(hash) => {
                write!(f, "the expected head {hash} is not in this ledger: its end was cut off")
            }
        }
    }
}

impl Ledger {
    /// Checks everything, as of one moment; `expect` is a head printed earlier.
    pub fn verify(&self, expect: Option<ContentHash>) -> Result<Verification> {
        if !self.db.is_autocommit() {
            return self.verify_held(expect);
        }
        self.hold()?;
        let found = self.verify_held(expect);
        self.release()?;
        found
    }

    fn verify_held(&self, expect: Option<ContentHash>) -> Result<Verification> {
        let mut problems = self.check_database()?;
        if !problems.is_empty() {
            return Ok(Verification { facts: 0, head: None, payloads: 0, erased: 0, absent: 0, problems });
        }
        let stored = self.check_payloads(&mut problems)?;
        let mut chain = Chain::new(expect);
        let tried = "verify the chain";
        let question = "SELECT seq, at_ms, body, kind, prev, hash FROM fact ORDER BY seq";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let mut rows = self.sql(tried, statement.query([]))?;
        while let Some(row) = self.sql(tried, rows.next())? {
            let link = self.sql(tried, Link::of(&self.path, row))?;
            chain.check(&link, &stored, &mut problems);
        }
        problems.extend(expect.filter(|_| !chain.found).map(Problem::HeadNotFound));
        if problems.is_empty() {
            problems.extend(self.altered_projections()?.into_iter().map(Problem::Derived));
        }
        problems.truncate(PROBLEMS_MAX);
        let payloads = stored.values().filter(|&&state| state == Stored::Present).count() as u64;
        let Chain { facts, head, erased, absent, .. } = chain;
        Ok(Verification { facts, head, payloads, erased, absent, problems })
    }

    fn check_database(&self) -> Result<Vec<Problem>> {
        let tried = "check the database file";
        let checked = self.db.prepare("PRAGMA quick_check(10)").and_then(|mut statement| {
            let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
            lines.collect::<rusqlite::Result<Vec<String>>>()
        });
        match self.sql(tried, checked) {
            Ok(lines) => Ok(lines.into_iter().filter(|line| line != "ok").map(Problem::Database).collect()),
            Err(Error::Corrupt { .. }) => Ok(vec![Problem::Database("it cannot be read".to_owned())]),
            Err(error) => Err(error),
        }
    }

    fn check_payloads(&self, problems: &mut Vec<Problem>) -> Result<HashMap<ContentHash, Stored>> {
        let tried = "verify the texts";
        let mut stored = HashMap::new();
        let mut statement = self.sql(tried, self.db.prepare("SELECT hash, size, packed FROM payload ORDER BY id"))?;
        let mut rows = self.sql(tried, statement.query([]))?;
        while let Some(row) = self.sql(tried, rows.next())? {
            let hash = ContentHash(self.sql(tried, row.get(0))?);
            let size = self.sql(tried, row.get(1))?;
            let packed: Option<Vec<u8>> = self.sql(tried, row.get(2))?;
            let state = match packed {
                None => Stored::Erased,
                Some(packed) => match unpack(&packed, size) {
                    Some(bytes) if Sha256::digest(&bytes)[..] == hash.0 => Stored::Present,
                    Some(_) | None => Stored::Altered,
                },
            };
            if state == Stored::Altered {
                problems.push(Problem::Payload(hash));
            }
            stored.insert(hash, state);
        }
        Ok(stored)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stored {
    Present,
    Erased,
    Altered,
}

/// One row of the chain, of `seq, at_ms, body, kind, prev, hash`.
pub(super) struct Link {
    pub(super) seq: Seq,
    at: InstantMs,
    body: String,
    kind: String,
    previous: ContentHash,
    pub(super) hash: ContentHash,
    pub(super) entry: Option<Entry>,
}

impl Link {
    pub(super) fn of(path: &Path, row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: Seq(row.get::<_, i64>(0)?.cast_unsigned()),
            at: InstantMs(row.get(1)?),
            body: row.get(2)?,
            kind: row.get(3)?,
            previous: ContentHash(row.get(4)?),
            hash: ContentHash(row.get(5)?),
            entry: entry_of(path, row)?.ok(),
        })
    }

    /// The row says what it said when it was written, whatever became of the rows beside it.
    pub(super) fn is_as_written(&self) -> bool {
        canonical::link(self.previous, (self.seq, self.at), &self.body) == self.hash && self.is_consistent()
    }

    /// The body is a fact, written as we write it, of the kind in its column.
    fn is_consistent(&self) -> bool {
        self.entry.as_ref().is_some_and(|entry| {
            kind(&entry.fact) == self.kind && canonical::body(&entry.fact).is_ok_and(|body| body == self.body)
        })
    }
}

struct Chain {
    expect: Option<ContentHash>,
    found: bool,
    facts: u64,
    head: Option<Head>,
    newest: InstantMs,
    erased: u64,
    absent: u64,
}

impl Chain {
    fn new(expect: Option<ContentHash>) -> Self {
        // The head of a ledger without facts is the genesis hash, which every chain contains.
        let found = expect == Some(GENESIS);
        Self { expect, found, facts: 0, head: None, newest: InstantMs(i64::MIN), erased: 0, absent: 0 }
    }

    fn check(&mut self, link: &Link, stored: &HashMap<ContentHash, Stored>, problems: &mut Vec<Problem>) {
        let (seq, previous) =
            self.head.map_or((Seq(1), GENESIS), |head| (Seq(head.seq.0.saturating_add(1)), head.hash));
        let problem = if link.seq != seq || link.previous != previous || link.at < self.newest {
            Some(Problem::Unlinked(link.seq))
        } else if canonical::link(link.previous, (link.seq, link.at), &link.body) != link.hash {
            Some(Problem::Altered(link.seq))
        } else if !link.is_consistent() {
            Some(Problem::Inconsistent(link.seq))
        } else {
            None
        };
        if problems.len() < PROBLEMS_MAX {
            problems.extend(problem);
        }
        self.facts += 1;
        self.newest = self.newest.max(link.at);
        // Going on from what stands here names each break once, not everything after it.
        self.head = Some(Head { seq: link.seq, hash: link.hash });
        self.found |= self.expect == Some(link.hash);
        match link.entry.as_ref().and_then(payload_of).map(|hash| stored.get(&hash)) {
            Some(Some(Stored::Erased)) => self.erased += 1,
            Some(None) => self.absent += 1,
            Some(Some(Stored::Present | Stored::Altered)) | None => {}
        }
    }
}

/// The payload that a fact names.
pub(super) fn payload_of(entry: &Entry) -> Option<ContentHash> {
    match &entry.fact {
        Fact::Read(read) => match read.outcome {
            ReadOutcome::Read { text, .. } => Some(text),
            ReadOutcome::Unreadable { .. } | ReadOutcome::Unsupported { .. } | ReadOutcome::OcrPending => None,
        },
        Fact::Judged(judged) => Some(judged.judgement),
        Fact::Decided(decided) => decided.note,
        Fact::Configured { config } => Some(*config),
        Fact::Withheld(withheld) => withheld.reason,
        Fact::Rooted { .. } | Fact::Seen(_) | Fact::Salvaged(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{every_kind, hash_of, read, temp_ledger};

    const UNLOCK: &str = "DROP TRIGGER fact_is_never_changed; DROP TRIGGER fact_is_never_deleted;";

    #[test]
    fn says_where_the_chain_broke() {
        for (damage, want) in [
            ("UPDATE fact SET body = replace(body, 'a.txt', 'b.txt') WHERE seq = 2", Problem::Altered(Seq(2))),
            ("UPDATE fact SET at_ms = at_ms + 1 WHERE seq = (SELECT max(seq) FROM fact)", Problem::Altered(Seq(10))),
            ("UPDATE fact SET hash = zeroblob(32) WHERE seq = 10", Problem::Altered(Seq(10))),
            ("UPDATE fact SET kind = 'read' WHERE seq = 3", Problem::Inconsistent(Seq(3))),
            ("DELETE FROM fact WHERE seq = 4", Problem::Unlinked(Seq(5))),
            ("DELETE FROM fact WHERE seq = 1", Problem::Unlinked(Seq(2))),
            ("UPDATE payload SET hash = zeroblob(32)", Problem::Payload(GENESIS)),
            ("UPDATE sighting SET mtime_ns = 0 WHERE path = x'612e747874'", Problem::Derived("sighting")),
            ("DELETE FROM judgement", Problem::Derived("judgement")),
            ("INSERT INTO decision (seq) VALUES (99)", Problem::Derived("decision")),
        ] {
            let (_dir, mut ledger) = temp_ledger();
            let facts = every_kind().into_iter().cycle().take(10).collect::<Vec<_>>();
            ledger.append(InstantMs(7), &facts, &[(hash_of("text"), b"text".to_vec())]).unwrap();
            assert_eq!(ledger.verify(None).unwrap().problems, []);
            ledger.db.execute_batch(&format!("{UNLOCK}{damage}")).unwrap();
            assert_eq!(ledger.verify(None).unwrap().problems, [want], "{damage}");
        }
    }

    #[test]
    fn a_head_printed_earlier_finds_a_cut_tail() {
        let (_dir, mut ledger) = temp_ledger();
        let early = ledger.append(InstantMs(1), &[read("x", "r", 1)], &[]).unwrap().unwrap();
        let late = ledger.append(InstantMs(2), &[read("y", "r", 1)], &[]).unwrap().unwrap();
        let problems = |ledger: &Ledger, expect| ledger.verify(Some(expect)).unwrap().problems;
        assert_eq!(problems(&ledger, early.hash), []);
        assert_eq!(problems(&ledger, late.hash), []);
        ledger.db.execute_batch(&format!("{UNLOCK}DELETE FROM fact WHERE seq = 2")).unwrap();
        ledger.rebuild_projections().unwrap();
        assert_eq!(ledger.verify(None).unwrap().problems, [], "the chain alone cannot tell");
        assert_eq!(problems(&ledger, late.hash), [Problem::HeadNotFound(late.hash)]);
    }

    #[test]
    fn erased_is_not_broken() {
        let (_dir, mut ledger) = temp_ledger();
        let text = hash_of("text of x");
        ledger.append(InstantMs(1), &[read("x", "r", 1), read("y", "r", 1)], &[(text, b"text of x".to_vec())]).unwrap();
        let counts = |ledger: &Ledger| {
            let found = ledger.verify(None).unwrap();
            assert_eq!(found.problems, []);
            (found.payloads, found.erased, found.absent)
        };
        assert_eq!(counts(&ledger), (1, 0, 1));
        ledger.erase(&[text], InstantMs(2)).unwrap();
        assert_eq!(counts(&ledger), (0, 1, 1));
    }

    #[test]
    fn facts_cannot_be_changed_by_accident() {
        let (_dir, mut ledger) = temp_ledger();
        ledger.append(InstantMs(1), &[read("x", "r", 1)], &[(hash_of("t"), b"t".to_vec())]).unwrap();
        for statement in ["UPDATE fact SET at_ms = 0", "DELETE FROM fact", "DELETE FROM payload"] {
            assert!(ledger.db.execute(statement, []).is_err(), "{statement}");
        }
    }
}
