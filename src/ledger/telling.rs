//! The outbox: how far each way of telling has come in the status log, and how its next message fares.
//!
//! A way holds no copies of messages: what waits is what the log has after its number. So nothing is lost by a crash,
//! nothing grows while a server is away, and messages keep their order. Not facts and not chained.

use rusqlite::{OptionalExtension, Row};

use super::db::Ledger;
use super::error::Result;
use crate::domain::ids::InstantMs;

/// One way's place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// Its name in the configuration.
    pub way: String,
    /// The last change that was told.
    pub told: u64,
    /// The last change of a message that was tried and not taken yet: it goes out again as it was.
    pub flight: Option<u64>,
    /// Tries of that message.
    pub attempts: u32,
    /// Not to be tried before.
    pub next: Option<InstantMs>,
    pub error: Option<String>,
    /// When a message was last taken.
    pub told_at: Option<InstantMs>,
}

impl Ledger {
    /// A way's place; `None` if it never told anything and was not enrolled.
    pub fn telling(&self, way: &str) -> Result<Option<Telling>> {
        let tried = "read how far telling has come";
        let question = "SELECT way, told, flight, attempts, next_ms, error, told_ms FROM telling WHERE way = ?1";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        self.sql(tried, statement.query_row([way], telling_of).optional())
    }

    /// Begins a way at the end of the log: what changed before it was configured is not told. Known ways stay.
    pub fn enrol(&mut self, way: &str) -> Result<()> {
        let tried = "begin a way of telling";
        let question = "INSERT OR IGNORE INTO telling (way, told, attempts)
            SELECT ?1, coalesce((SELECT max(number) FROM status_log), 0), 0";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        self.sql(tried, statement.execute([way]))?;
        Ok(())
    }

    pub fn save_telling(&mut self, telling: &Telling) -> Result<()> {
        let tried = "note how far telling has come";
        let question = "INSERT OR REPLACE INTO telling (way, told, flight, attempts, next_ms, error, told_ms)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let Telling { way, told, flight, attempts, next, error, told_at } = telling;
        let row = (
            way,
            told.cast_signed(),
            flight.map(u64::cast_signed),
            attempts,
            next.map(|at| at.0),
            error,
            told_at.map(|at| at.0),
        );
        self.sql(tried, statement.execute(row))?;
        Ok(())
    }
}

fn telling_of(row: &Row<'_>) -> rusqlite::Result<Telling> {
    Ok(Telling {
        way: row.get(0)?,
        told: row.get::<_, i64>(1)?.cast_unsigned(),
        flight: row.get::<_, Option<i64>>(2)?.map(i64::cast_unsigned),
        attempts: row.get(3)?,
        next: row.get::<_, Option<i64>>(4)?.map(InstantMs),
        error: row.get(5)?,
        told_at: row.get::<_, Option<i64>>(6)?.map(InstantMs),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::temp_ledger;

    #[test]
    fn a_way_keeps_its_place() {
        let (_dir, mut ledger) = temp_ledger();
        assert_eq!(ledger.telling("chat").unwrap(), None);
        ledger.enrol("chat").unwrap();
        let fresh = ledger.telling("chat").unwrap().unwrap();
        assert_eq!((fresh.told, fresh.flight, fresh.attempts), (0, None, 0));
        let later = Telling {
            told: 7,
            flight: Some(9),
            attempts: 2,
            next: Some(InstantMs(60_000)),
            error: Some("`h` answered 500".into()),
            told_at: Some(InstantMs(5)),
            ..fresh
        };
        ledger.save_telling(&later).unwrap();
        ledger.enrol("chat").unwrap();
        assert_eq!(ledger.telling("chat").unwrap(), Some(later));
        assert_eq!(ledger.verify(None).unwrap().problems, []);
    }
}
