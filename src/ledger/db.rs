//! The connection: settings in one place, migrations, snapshots.
//!
//! Only `open` may create or change a ledger's shape; a reader that finds an older or newer one says so and stops.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior};

use super::error::{Error, Result};
use super::{backup, replace};
use crate::domain::fact::Head;
use crate::domain::ids::{ContentHash, InstantMs, Seq};

/// In order; the first makes version 1. Released ones are never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("../../schema/ledger/0001_initial.sql"),
    include_str!("../../schema/ledger/0002_status_log.sql"),
    include_str!("../../schema/ledger/0003_withheld.sql"),
    include_str!("../../schema/ledger/0004_telling.sql"),
];

/// `Evdx`: tells a ledger from other SQLite files.
pub(super) const APPLICATION_ID: i64 = 0x4576_6478;

/// How long a writer waits for another one; batches take well under a second.
const BUSY_WAIT: Duration = Duration::from_secs(10);

/// Every question has one statement, and there are fewer than this.
const STATEMENTS_KEPT: usize = 64;

/// An open ledger. Not to be shared between threads: each opens its own.
pub struct Ledger {
    pub(super) db: Connection,
    pub(super) path: PathBuf,
    /// The file's own number: a path may come to name another ledger while this one is open.
    pub(super) inode: u64,
}

impl Ledger {
    /// Opens for writing; makes the file or brings it to the present version if needed, after a copy of it as it was
    /// (`ledger-v1-2026-11-24.db`) has been put beside it. The folder must exist.
    pub fn open(path: &Path) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut ledger = Self::connect(path, flags)?;
        let found = ledger.check_version()?;
        ledger.set_durable()?;
        if (1..newest_version()).contains(&found) {
            ledger.keep_older(found)?;
        }
        ledger.migrate()?;
        Ok(ledger)
    }

    /// Opens for reading only; never makes or changes anything. Sees what is acknowledged while others write.
    pub fn open_read_only(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Err(Error::Absent { path: path.to_owned() });
        }
        let ledger = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        match ledger.check_version()? {
            0 => Err(Error::Absent { path: path.to_owned() }),
            found if found < newest_version() => Err(Error::Older { path: path.to_owned(), found }),
            _ => Ok(ledger),
        }
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The newest link of the chain; `None` if there are no facts.
    pub fn head(&self) -> Result<Option<Head>> {
        Ok(self.tip()?.map(|(head, _)| head))
    }

    /// The hash of the fact `seq`, if there is one.
    pub fn hash_at(&self, seq: Seq) -> Result<Option<ContentHash>> {
        let tried = "look up a fact";
        let mut statement = self.sql(tried, self.db.prepare_cached("SELECT hash FROM fact WHERE seq = ?1"))?;
        let hash = statement.query_row([seq.0.cast_signed()], |row| row.get(0)).optional();
        Ok(self.sql(tried, hash)?.map(ContentHash))
    }

    /// From here on, until [`Self::release`], every question is answered from the same facts. For readers.
    pub fn hold(&self) -> Result<()> {
        self.sql("hold a snapshot", self.db.execute_batch("BEGIN; SELECT count(*) FROM root;"))
    }

    /// Ends [`Self::hold`].
    pub fn release(&self) -> Result<()> {
        self.sql("release a snapshot", self.db.execute_batch("COMMIT"))
    }

    /// A number that changes whenever another connection has written.
    pub fn data_version(&self) -> Result<i64> {
        let tried = "ask for changes";
        self.sql(tried, self.db.query_row("PRAGMA data_version", [], |row| row.get(0)))
    }

    /// The newest fact's place and instant.
    pub(super) fn tip(&self) -> Result<Option<(Head, InstantMs)>> {
        self.sql("read the head of the ledger", tip(&self.db))
    }

    /// The last fact that was there at `known_by`; `None` if none was.
    pub(super) fn seq_known_by(&self, known_by: Option<InstantMs>) -> Result<Option<Seq>> {
        let Some(InstantMs(at_ms)) = known_by else {
            return Ok(self.head()?.map(|head| head.seq));
        };
        let tried = "find the facts of an instant";
        let question = "SELECT seq FROM fact WHERE at_ms <= ?1 ORDER BY at_ms DESC, seq DESC LIMIT 1";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let seq: Option<i64> = self.sql(tried, statement.query_row([at_ms], |row| row.get(0)).optional())?;
        Ok(seq.map(|seq| Seq(seq.cast_unsigned())))
    }

    /// Gives an SQLite error the path and what was tried.
    pub(super) fn sql<T>(&self, tried: &str, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(|source| Error::sql(&self.path, tried, source))
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self> {
        replace::refuse_unfinished(path)?;
        let failed = |source| Error::sql(path, "open the ledger", source);
        let db = Connection::open_with_flags(path, flags).map_err(failed)?;
        db.busy_timeout(BUSY_WAIT).map_err(failed)?;
        db.execute_batch("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;").map_err(failed)?;
        db.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        let inode = replace::inode_of(path)?;
        Ok(Self { db, path: path.to_owned(), inode })
    }

    /// The version found, 0 for an empty file.
    fn check_version(&self) -> Result<i64> {
        let tried = "read the ledger's version";
        let found = self.sql(tried, user_version(&self.db))?;
        let known = newest_version();
        if found > known {
            return Err(Error::Newer { path: self.path.clone(), found, known });
        }
        let foreign = "SELECT (SELECT application_id FROM pragma_application_id) <> ?1
                          AND (SELECT count(*) FROM sqlite_schema) > 0";
        if self.sql(tried, self.db.query_row(foreign, [APPLICATION_ID], |row| row.get(0)))? {
            return Err(Error::Corrupt { path: self.path.clone(), tried: "open the ledger".to_owned(), source: None });
        }
        Ok(found)
    }

    /// WAL lets readers go on while one writes; FULL makes a commit outlive a power cut.
    fn set_durable(&self) -> Result<()> {
        let tried = "set up the ledger";
        let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
        self.sql(tried, self.db.execute_batch(settings))
    }

    /// A copy of a ledger of an older version, before it is changed.
    fn keep_older(&self, version: i64) -> Result<()> {
        let copy = replace::free_name(&self.path, &format!("ledger-v{version}"), &self.today()?);
        backup::copy_database(self, &copy, |copied| {
            let tried = "check the copy of the older ledger";
            let found = Connection::open_with_flags(copied, OpenFlags::SQLITE_OPEN_READ_ONLY)
                .and_then(|db| Ok((user_version(&db)?, tip(&db)?)))
                .map_err(|source| Error::sql(copied, tried, source))?;
            // Another process may have been faster: then it has made its own copy, and this one is not needed.
            Ok(found == (version, self.tip()?))
        })
    }

    /// The day, for the names of copies.
    pub(super) fn today(&self) -> Result<String> {
        self.sql("ask for the day", self.db.query_row("SELECT date('now')", [], |row| row.get(0)))
    }

    fn migrate(&mut self) -> Result<()> {
        for (version, migration) in (1..).zip(MIGRATIONS) {
            if let Err(source) = migrate_to(&mut self.db, version, migration) {
                return Err(Error::sql(&self.path, format!("bring the ledger to version {version}"), source));
            }
        }
        Ok(())
    }
}

pub(super) fn tip(db: &Connection) -> rusqlite::Result<Option<(Head, InstantMs)>> {
    let mut statement = db.prepare_cached("SELECT seq, hash, at_ms FROM fact ORDER BY seq DESC LIMIT 1")?;
    let row = statement.query_row([], |row| {
        let head = Head { seq: Seq(row.get::<_, i64>(0)?.cast_unsigned()), hash: ContentHash(row.get(1)?) };
        Ok((head, InstantMs(row.get(2)?)))
    });
    row.optional()
}

/// Makes the tables in an empty scratch database.
pub(super) fn apply_migrations(scratch: &Connection) -> rusqlite::Result<()> {
    MIGRATIONS.iter().try_for_each(|migration| scratch.execute_batch(migration))
}

pub(super) fn newest_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).expect("a handful of migrations")
}

fn user_version(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// One transaction, which asks for the version itself: another process may have been faster.
fn migrate_to(db: &mut Connection, version: i64, migration: &str) -> rusqlite::Result<()> {
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if user_version(&transaction)? >= version {
        return Ok(());
    }
    transaction.execute_batch(migration)?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_what_it_knows_and_names_what_it_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ledger.db");
        assert!(matches!(Ledger::open_read_only(&path), Err(Error::Absent { .. })));
        assert!(!path.exists(), "a reader makes nothing");
        assert_eq!(Ledger::open(&path).unwrap().head().unwrap(), None);
        assert_eq!(Ledger::open_read_only(&path).unwrap().head().unwrap(), None);
        let mode = |pragma: &str| {
            let ledger = Ledger::open(&path).unwrap();
            ledger.db.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get::<_, rusqlite::types::Value>(0)).unwrap()
        };
        assert_eq!(mode("journal_mode"), rusqlite::types::Value::Text("wal".into()));
        assert_eq!(mode("synchronous"), rusqlite::types::Value::Integer(2));

        Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        for opened in [Ledger::open(&path), Ledger::open_read_only(&path)] {
            assert!(matches!(opened, Err(Error::Newer { found: 99, known, .. }) if known == newest_version()));
        }
    }

    #[test]
    fn leaves_foreign_files_alone() {
        let dir = tempfile::tempdir().unwrap();
        let other = dir.path().join("other.db");
        Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
        let text = dir.path().join("text.db");
        std::fs::write(&text, "not a database at all, but long enough to be looked at ".repeat(40)).unwrap();
        for path in [other, text] {
            let before = std::fs::read(&path).unwrap();
            assert!(matches!(Ledger::open(&path), Err(Error::Corrupt { .. })), "{}", path.display());
            assert!(matches!(Ledger::open_read_only(&path), Err(Error::Corrupt { .. })), "{}", path.display());
            assert_eq!(std::fs::read(&path).unwrap(), before);
        }
    }

    #[test]
    fn two_processes_may_open_a_new_ledger_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ledger.db");
        std::thread::scope(|scope| {
            let handles: Vec<_> = (0..4).map(|_| scope.spawn(|| Ledger::open(&path).map(|_| ()))).collect();
            for handle in handles {
                handle.join().unwrap().unwrap();
            }
        });
    }
}
