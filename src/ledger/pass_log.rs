//! What passes counted: for people (`status`), not chained, and no truth is derived from it.

use rusqlite::OptionalExtension;

use super::db::Ledger;
use super::error::Result;
use crate::domain::ids::{InstantMs, RootId};

/// One pass over one root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassRow {
    pub root: RootId,
    pub pass: u64,
    pub started: InstantMs,
    /// `None` while it runs, or if it was broken off.
    pub finished: Option<InstantMs>,
    /// JSON, as the engine wrote it.
    pub counts: Option<String>,
}

impl Ledger {
    /// Begins a pass and gives its number, from 1 for each root.
    pub fn begin_pass(&mut self, root: RootId, started: InstantMs) -> Result<u64> {
        let tried = "log the start of a pass";
        let question = "INSERT INTO pass_log (root, pass, started_ms)
            SELECT ?1, 1 + max(coalesce((SELECT max(pass) FROM pass_log WHERE root = ?1), 0),
                               coalesce((SELECT max(pass) FROM sighting WHERE root = ?1), 0)), ?2
            RETURNING pass";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let pass: i64 = self.sql(tried, statement.query_row((root.0, started.0), |row| row.get(0)))?;
        Ok(pass.cast_unsigned())
    }

    /// The number for looks at parts of a root between two passes over all of it; `None` before its first pass.
    pub fn part_pass(&self, root: RootId) -> Result<Option<u64>> {
        let tried = "number a part of a pass";
        let question = "SELECT max(pass) + 1 FROM pass_log WHERE root = ?1";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let pass: Option<i64> = self.sql(tried, statement.query_row([root.0], |row| row.get(0)))?;
        Ok(pass.map(i64::cast_unsigned))
    }

    /// Ends a pass.
    pub fn finish_pass(&mut self, root: RootId, pass: u64, finished: InstantMs, counts: &str) -> Result<()> {
        let tried = "log the end of a pass";
        let question = "UPDATE pass_log SET finished_ms = ?3, counts = ?4 WHERE root = ?1 AND pass = ?2";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        self.sql(tried, statement.execute((root.0, pass.cast_signed(), finished.0, counts)))?;
        Ok(())
    }

    /// The newest pass of a root; with `Finished`, the newest that came to its end.
    pub fn last_pass(&self, root: RootId, which: WhichPass) -> Result<Option<PassRow>> {
        let tried = "read the log of passes";
        let question = match which {
            WhichPass::Any => {
                "SELECT pass, started_ms, finished_ms, counts FROM pass_log WHERE root = ?1 ORDER BY pass DESC LIMIT 1"
            }
            WhichPass::Finished => {
                "SELECT pass, started_ms, finished_ms, counts FROM pass_log
                 WHERE root = ?1 AND finished_ms IS NOT NULL ORDER BY pass DESC LIMIT 1"
            }
        };
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let row = statement.query_row([root.0], |row| {
            Ok(PassRow {
                root,
                pass: row.get::<_, i64>(0)?.cast_unsigned(),
                started: InstantMs(row.get(1)?),
                finished: row.get::<_, Option<i64>>(2)?.map(InstantMs),
                counts: row.get(3)?,
            })
        });
        self.sql(tried, row.optional())
    }
}

/// Which passes are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichPass {
    Any,
    Finished,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{file, temp_ledger};

    #[test]
    fn numbers_grow_and_unfinished_passes_show() {
        let (_dir, mut ledger) = temp_ledger();
        let root = RootId(1);
        assert_eq!(ledger.last_pass(root, WhichPass::Any).unwrap(), None);
        assert_eq!(ledger.part_pass(root).unwrap(), None);
        let first = ledger.begin_pass(root, InstantMs(10)).unwrap();
        assert_eq!(ledger.part_pass(root).unwrap(), Some(2));
        ledger.finish_pass(root, first, InstantMs(20), "{\"new\":1}").unwrap();
        let second = ledger.begin_pass(root, InstantMs(30)).unwrap();
        assert_eq!((first, second, ledger.begin_pass(RootId(2), InstantMs(30)).unwrap()), (1, 2, 1));

        let newest = ledger.last_pass(root, WhichPass::Any).unwrap().unwrap();
        assert_eq!((newest.pass, newest.finished), (2, None));
        let finished = ledger.last_pass(root, WhichPass::Finished).unwrap().unwrap();
        assert_eq!((finished.finished, finished.counts.as_deref()), (Some(InstantMs(20)), Some("{\"new\":1}")));

        ledger.append(InstantMs(40), &[file("a", "x", 9)], &[]).unwrap();
        assert_eq!(ledger.begin_pass(root, InstantMs(50)).unwrap(), 10, "facts outlive the log");
    }
}
