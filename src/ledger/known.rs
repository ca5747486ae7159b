//! Readings, judgements, decisions and single facts, by what is known at an instant.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{OptionalExtension, Row};

use super::db::Ledger;
use super::error::{Error, Result};
use crate::domain::fact::{Decided, Entry, Fact, Read};
use crate::domain::ids::{ContentHash, InstantMs, Seq};

impl Ledger {
    /// Up to `at_most` facts after `after`, in order: call again with the last one's number for more.
    pub fn facts_after(&self, after: Seq, at_most: usize) -> Result<Vec<Entry>> {
        let tried = "read facts";
        let question = "SELECT seq, at_ms, body FROM fact WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let limit = i64::try_from(at_most).unwrap_or(i64::MAX);
        let mut rows = self.sql(tried, statement.query((after.0.cast_signed(), limit)))?;
        let mut entries = Vec::new();
        while let Some(row) = self.sql(tried, rows.next())? {
            entries.push(self.sql(tried, entry_of(&self.path, row))??);
        }
        Ok(entries)
    }

    /// The newest reading of every content, by any reader.
    pub fn latest_reads(&self, known_by: Option<InstantMs>) -> Result<HashMap<ContentHash, Read>> {
        let mut reads = HashMap::new();
        self.each_of_kind("read", known_by, |entry| {
            if let Fact::Read(read) = entry.fact {
                reads.insert(read.content, read);
            }
        })?;
        Ok(reads)
    }

    /// The newest reading of one content, by any reader.
    pub fn read_of(&self, content: ContentHash) -> Result<Option<Read>> {
        let tried = "look up a reading";
        let question = "SELECT seq, at_ms, body FROM fact
            WHERE seq = (SELECT max(seq) FROM reading WHERE content = ?1)";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let entry = statement.query_row([content.0], |row| entry_of(&self.path, row)).optional();
        let read = self.sql(tried, entry)?.transpose()?.and_then(|entry| match entry.fact {
            Fact::Read(read) => Some(read),
            Fact::Rooted { .. }
            | Fact::Seen(_)
            | Fact::Judged(_)
            | Fact::Decided(_)
            | Fact::Configured { .. }
            | Fact::Withheld(_)
            | Fact::Salvaged(_) => None,
        });
        Ok(read)
    }

    /// Content to the payload of its judgement, for one judge.
    pub fn judgements(&self, judge: &str) -> Result<HashMap<ContentHash, ContentHash>> {
        let tried = "read judgements";
        let question = "SELECT content, payload FROM judgement WHERE judge = ?1";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let rows = statement.query_map([judge], |row| Ok((ContentHash(row.get(0)?), ContentHash(row.get(1)?))));
        self.sql(tried, rows.and_then(Iterator::collect))
    }

    /// The payload of one content's judgement by one judge.
    pub fn judgement_of(&self, content: ContentHash, judge: &str) -> Result<Option<ContentHash>> {
        let tried = "read a judgement";
        let question = "SELECT payload FROM judgement WHERE content = ?1 AND judge = ?2";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let row = statement.query_row((content.0, judge), |row| Ok(ContentHash(row.get(0)?)));
        self.sql(tried, row.optional())
    }

    /// All decisions in order, those taken back included.
    pub fn decisions(&self, known_by: Option<InstantMs>) -> Result<Vec<(Seq, InstantMs, Decided)>> {
        let mut decisions = Vec::new();
        self.each_of_kind("decided", known_by, |entry| {
            if let Fact::Decided(decided) = entry.fact {
                decisions.push((entry.seq, entry.at, decided));
            }
        })?;
        Ok(decisions)
    }

    /// The newest fact that is somebody's word and not a pass's finding; `None` if there is none.
    pub fn last_said(&self) -> Result<Option<Seq>> {
        let tried = "look for decisions";
        let question = "SELECT max(seq) FROM fact WHERE kind IN ('decided', 'configured')";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let seq: Option<i64> = self.sql(tried, statement.query_row([], |row| row.get(0)))?;
        Ok(seq.map(|seq| Seq(seq.cast_unsigned())))
    }

    /// The payload of the newest configuration.
    pub fn configured(&self, known_by: Option<InstantMs>) -> Result<Option<ContentHash>> {
        let mut newest = None;
        self.each_of_kind("configured", known_by, |entry| {
            if let Fact::Configured { config } = entry.fact {
                newest = Some(config);
            }
        })?;
        Ok(newest)
    }

    /// Calls `each` for the facts of one kind, in order, up to an instant.
    pub(super) fn each_of_kind(
        &self,
        kind: &'static str,
        known_by: Option<InstantMs>,
        mut each: impl FnMut(Entry),
    ) -> Result<()> {
        let Some(limit) = self.seq_known_by(known_by)? else {
            return Ok(());
        };
        let tried = "read facts";
        let question = "SELECT seq, at_ms, body FROM fact WHERE kind = ?1 AND seq <= ?2 ORDER BY seq";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let mut rows = self.sql(tried, statement.query((kind, limit.0.cast_signed())))?;
        while let Some(row) = self.sql(tried, rows.next())? {
            each(self.sql(tried, entry_of(&self.path, row))??);
        }
        Ok(())
    }
}

/// A row of `seq, at_ms, body` as an entry. The outer error is SQLite's, the inner one the body's.
pub(super) fn entry_of(path: &Path, row: &Row<'_>) -> rusqlite::Result<Result<Entry>> {
    let seq = Seq(row.get::<_, i64>(0)?.cast_unsigned());
    let at = InstantMs(row.get(1)?);
    let body = row.get_ref(2)?.as_str()?;
    let fact = serde_json::from_str(body);
    Ok(fact.map(|fact| Entry { seq, at, fact }).map_err(|source| Error::BadFact {
        path: path.to_owned(),
        seq: seq.0,
        source,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::Decision;
    use crate::ledger::testing::{content, decided, judged, read, temp_ledger};

    #[test]
    fn the_newest_known_counts() {
        let (_dir, mut ledger) = temp_ledger();
        ledger
            .append(InstantMs(10), &[read("x", "r1", 1), judged("x", "j1", "old"), decided(Decision::Accept)], &[])
            .unwrap();
        ledger
            .append(InstantMs(20), &[read("x", "r2", 2), judged("x", "j1", "new"), decided(Decision::Undo)], &[])
            .unwrap();
        for (known_by, reader, decisions) in [
            (Some(9), None, 0),
            (Some(10), Some("r1"), 1),
            (Some(19), Some("r1"), 1),
            (Some(20), Some("r2"), 2),
            (None, Some("r2"), 2),
        ] {
            let known_by = known_by.map(InstantMs);
            let reads = ledger.latest_reads(known_by).unwrap();
            assert_eq!(reads.get(&content("x")).map(|read| read.reader.as_str()), reader, "{known_by:?}");
            assert_eq!(ledger.decisions(known_by).unwrap().len(), decisions, "{known_by:?}");
        }
        assert_eq!(ledger.read_of(content("x")).unwrap().unwrap().reader, "r2");
        assert_eq!(ledger.read_of(content("y")).unwrap(), None);
        assert_eq!(ledger.last_said().unwrap(), Some(Seq(6)));
        assert_eq!(ledger.judgements("j1").unwrap(), HashMap::from([(content("x"), content("new"))]));
        assert_eq!(ledger.judgements("j2").unwrap(), HashMap::new());
    }

    #[test]
    fn facts_come_in_pages() {
        let (_dir, mut ledger) = temp_ledger();
        ledger.append(InstantMs(1), &vec![read("x", "r", 1); 5], &[]).unwrap();
        let seqs = |after, at_most| -> Vec<u64> {
            ledger.facts_after(Seq(after), at_most).unwrap().iter().map(|entry| entry.seq.0).collect()
        };
        assert_eq!(seqs(0, 2), [1, 2]);
        assert_eq!(seqs(2, 100), [3, 4, 5]);
        assert_eq!(seqs(5, 100), [0; 0]);
    }
}
