//! Which statuses changed, when and why, and the statuses as last assessed, to compare the next ones with.
//!
//! Not facts and not chained: everything here follows from facts, a day and a catalog. A change and the statuses that it
//! came from are stored in one transaction, so that each change is found at least once and told under one id.

use rusqlite::{OptionalExtension, Row, Transaction, TransactionBehavior};

use super::db::Ledger;
use super::error::{Error, Result};
use crate::domain::entity::Entity;
use crate::domain::ids::{InstantMs, Seq};
use crate::domain::status_change::{Basis, Held, Holding, StatusChange};

/// A change with its place in the log; numbers grow and are never used twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedChange {
    pub number: u64,
    pub change: StatusChange,
}

impl Ledger {
    /// An entity's statuses as last assessed; `None` if they never were.
    pub fn held_statuses(&self, entity: Entity) -> Result<Option<Holding>> {
        let tried = "read the last statuses";
        let question = "SELECT at_ms, as_of, seq, judge, catalog FROM status_basis WHERE entity = ?1";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let Some(basis) = self.sql(tried, statement.query_row([entity.as_str()], basis_of).optional())? else {
            return Ok(None);
        };
        let question = "SELECT criterion, status, papers FROM status_held WHERE entity = ?1";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let rows = statement.query_map([entity.as_str()], |row| {
            Ok((word(row, 0)?, Held { status: word(row, 1)?, papers: json(row, 2)? }))
        });
        let criteria = self.sql(tried, rows.and_then(Iterator::collect))?;
        Ok(Some(Holding { entity, basis, criteria }))
    }

    /// Stores the statuses now assessed, and the changes that led to them. A change that is there already stays.
    pub fn log_statuses(&mut self, now: &Holding, changes: &[StatusChange]) -> Result<()> {
        let path = self.path.clone();
        let failed = |source| Error::sql(&path, "log status changes", source);
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        hold(&transaction, now).map_err(failed)?;
        for change in changes {
            log(&transaction, change).map_err(failed)?;
        }
        transaction.commit().map_err(failed)
    }

    /// Up to `at_most` changes after number `after`, in order: call again with the last one's number for more.
    pub fn status_changes_after(&self, after: u64, at_most: usize) -> Result<Vec<LoggedChange>> {
        let tried = "read the status log";
        let question = "SELECT number, id, at_ms, as_of, entity, criterion, from_status, to_status, cause
            FROM status_log WHERE number > ?1 ORDER BY number LIMIT ?2";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let limit = i64::try_from(at_most).unwrap_or(i64::MAX);
        let rows = statement.query_map((after.cast_signed(), limit), |row| {
            let change = StatusChange {
                id: row.get(1)?,
                at: InstantMs(row.get(2)?),
                as_of: word(row, 3)?,
                entity: word(row, 4)?,
                criterion: word(row, 5)?,
                from: word(row, 6)?,
                to: word(row, 7)?,
                cause: json(row, 8)?,
            };
            Ok(LoggedChange { number: row.get::<_, i64>(0)?.cast_unsigned(), change })
        });
        self.sql(tried, rows.and_then(Iterator::collect))
    }

    /// The number of the newest change; 0 if there never was one.
    pub fn last_status_change(&self) -> Result<u64> {
        let tried = "read the end of the status log";
        let question = "SELECT coalesce(max(number), 0) FROM status_log";
        let number: i64 = self.sql(tried, self.db.query_row(question, [], |row| row.get(0)))?;
        Ok(number.cast_unsigned())
    }
}

fn hold(transaction: &Transaction<'_>, now: &Holding) -> rusqlite::Result<()> {
    let Holding { entity, basis, criteria } = now;
    let entity = entity.as_str();
    transaction.prepare_cached("INSERT OR REPLACE INTO status_basis VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute((
        entity,
        basis.at.0,
        basis.as_of.to_string(),
        basis.seq.0.cast_signed(),
        &basis.judge,
        &basis.catalog,
    ))?;
    transaction.prepare_cached("DELETE FROM status_held WHERE entity = ?1")?.execute([entity])?;
    let mut insert = transaction.prepare_cached("INSERT INTO status_held VALUES (?1, ?2, ?3, ?4)")?;
    for (criterion, held) in criteria {
        let papers = serde_json::to_string(&held.papers).expect("names are plain values");
        insert.execute((entity, criterion.as_str(), held.status.as_str(), papers))?;
    }
    Ok(())
}

fn log(transaction: &Transaction<'_>, change: &StatusChange) -> rusqlite::Result<()> {
    let cause = serde_json::to_string(&change.cause).expect("a cause is plain values");
    let mut insert = transaction.prepare_cached(
        "INSERT OR IGNORE INTO status_log (id, at_ms, as_of, entity, criterion, from_status, to_status, cause)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    insert.execute((
        &change.id,
        change.at.0,
        change.as_of.to_string(),
        change.entity.as_str(),
        change.criterion.as_str(),
        change.from.as_str(),
        change.to.as_str(),
        cause,
    ))?;
    Ok(())
}

fn basis_of(row: &Row<'_>) -> rusqlite::Result<Basis> {
    Ok(Basis {
        at: InstantMs(row.get(0)?),
        as_of: word(row, 1)?,
        seq: Seq(row.get::<_, i64>(2)?.cast_unsigned()),
        judge: row.get(3)?,
        catalog: row.get(4)?,
    })
}

/// A value whose JSON is one string, from its bare text.
fn word<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_value(serde_json::Value::String(text)).map_err(|error| bad(column, error))
}

fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| bad(column, error))
}

fn bad(column: usize, error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::assess::status::Status;
    use crate::domain::status_change::{Cause, News, Paper, changes};
    use crate::ledger::testing::temp_ledger;

    fn holding(seq: u64, status: Status) -> Holding {
        let paper = Paper { root: "/srv".into(), path: "caf\u{e9}.txt".into() };
        let (as_of, judge, catalog) = ("2026-11-01".parse().unwrap(), "j".into(), "c".into());
        let basis = Basis { at: InstantMs(5), as_of, seq: Seq(seq), judge, catalog };
        let held = Held { status, papers: vec![paper] };
        Holding { entity: Entity::UsImporter, basis, criteria: [("6.7".parse().unwrap(), held)].into() }
    }

    #[test]
    fn what_was_held_and_what_changed_come_back() {
        let (_dir, mut ledger) = temp_ledger();
        assert_eq!(ledger.held_statuses(Entity::UsImporter).unwrap(), None);
        let (before, after) = (holding(1, Status::Missing), holding(2, Status::ProcedureOnly));
        ledger.log_statuses(&before, &[]).unwrap();
        assert_eq!(ledger.held_statuses(Entity::UsImporter).unwrap(), Some(before.clone()));
        assert_eq!(ledger.held_statuses(Entity::SeaCarrier).unwrap(), None);

        let found = changes(&before, &after, &News::default());
        // Twice, as after a crash between finding and telling.
        ledger.log_statuses(&after, &found).unwrap();
        ledger.log_statuses(&after, &found).unwrap();
        let logged = ledger.status_changes_after(0, 10).unwrap();
        assert_eq!(logged.len(), 1);
        assert_eq!((logged[0].change.clone(), &logged[0].change.cause), (found[0].clone(), &Cause::Configuration));
        assert_eq!(ledger.held_statuses(Entity::UsImporter).unwrap(), Some(after));
        assert_eq!(ledger.last_status_change().unwrap(), logged[0].number);
        assert_eq!(ledger.status_changes_after(logged[0].number, 10).unwrap(), []);
        assert_eq!(ledger.verify(None).unwrap().problems, []);
    }
}
