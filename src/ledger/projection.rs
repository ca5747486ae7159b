//! The tables derived from facts: the newest sight of each name, reading and judgement of each content.
//!
//! `apply` is called for every fact in the transaction that appends it, and for every fact again by a rebuild; both must
//! end in the same rows. Nothing else writes these tables.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::db::{Ledger, apply_migrations};
use super::error::{Error, Result};
use super::known::entry_of;
use crate::domain::change::Stamp;
use crate::domain::fact::{Entry, Fact, Judged, Read, Seen, Sight};
use crate::domain::ids::{InstantMs, Seq};

/// Facts held at once while all are gone through.
const FACTS_A_PAGE: usize = 1_000;

impl Ledger {
    /// Makes all derived tables anew from the facts.
    pub fn rebuild_projections(&mut self) -> Result<()> {
        let path = self.path.clone();
        let failed = |source| Error::sql(&path, "rebuild the derived tables", source);
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        transaction
            .execute_batch(
                "DELETE FROM root; DELETE FROM sighting; DELETE FROM reading; DELETE FROM judgement; DELETE FROM decision;
                 DELETE FROM withheld;",
            )
            .map_err(failed)?;
        {
            let question = "SELECT seq, at_ms, body FROM fact ORDER BY seq";
            let mut statement = transaction.prepare_cached(question).map_err(failed)?;
            let mut rows = statement.query([]).map_err(failed)?;
            while let Some(row) = rows.next().map_err(failed)? {
                let entry = entry_of(&path, row).map_err(failed)??;
                apply(&transaction, &entry).map_err(failed)?;
            }
        }
        transaction.commit().map_err(failed)
    }

    /// The derived tables that a rebuild would change: none, unless someone wrote them by hand.
    pub(super) fn altered_projections(&self) -> Result<Vec<&'static str>> {
        let tried = "compare the derived tables";
        let rebuilt = self.sql(tried, Connection::open_in_memory())?;
        self.sql(tried, apply_migrations(&rebuilt))?;
        let mut after = Seq(0);
        loop {
            let entries = self.facts_after(after, FACTS_A_PAGE)?;
            let Some(last) = entries.last() else { break };
            after = last.seq;
            for entry in &entries {
                self.sql(tried, apply(&rebuilt, entry))?;
            }
        }
        self.sql(tried, differing(&self.db, &rebuilt))
    }
}

/// The derived tables, with the order in which their rows are compared.
const TABLES: [(&str, &str); 6] = [
    ("root", "SELECT * FROM root ORDER BY root"),
    ("sighting", "SELECT * FROM sighting ORDER BY root, path"),
    ("reading", "SELECT * FROM reading ORDER BY content, reader"),
    ("judgement", "SELECT * FROM judgement ORDER BY judge, content"),
    ("decision", "SELECT * FROM decision ORDER BY seq"),
    ("withheld", "SELECT * FROM withheld ORDER BY content"),
];

/// The derived tables of `db` that are not those of `rebuilt`.
fn differing(db: &Connection, rebuilt: &Connection) -> rusqlite::Result<Vec<&'static str>> {
    let mut tables = Vec::new();
    for (table, question) in TABLES {
        let (mut ours, mut theirs) = (db.prepare(question)?, rebuilt.prepare(question)?);
        let columns = ours.column_count();
        let (mut ours, mut theirs) = (ours.query([])?, theirs.query([])?);
        loop {
            let (left, right) = (values(ours.next()?, columns)?, values(theirs.next()?, columns)?);
            if left != right {
                tables.push(table);
            }
            if left != right || left.is_none() {
                break;
            }
        }
    }
    Ok(tables)
}

fn values(row: Option<&Row<'_>>, columns: usize) -> rusqlite::Result<Option<Vec<Value>>> {
    row.map(|row| (0..columns).map(|column| row.get(column)).collect()).transpose()
}

pub(super) fn apply(db: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    let seq = entry.seq;
    match &entry.fact {
        Fact::Rooted { root, path, device } => {
            let upsert = "INSERT INTO root (root, path, device, seq) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (root) DO UPDATE SET path = excluded.path, device = excluded.device, seq = excluded.seq";
            let values = (root.0, path.as_bytes(), device.cast_signed(), seq.0.cast_signed());
            db.prepare_cached(upsert)?.execute(values)?;
        }
        Fact::Seen(seen) => apply_seen(db, (seq, entry.at), seen)?,
        Fact::Read(read) => apply_read(db, seq, read)?,
        Fact::Judged(judged) => apply_judged(db, seq, judged)?,
        Fact::Decided(_) => {
            db.prepare_cached("INSERT INTO decision (seq) VALUES (?1)")?.execute([seq.0.cast_signed()])?;
        }
        Fact::Withheld(withheld) => {
            let upsert = "INSERT INTO withheld (content, seq, why) VALUES (?1, ?2, ?3)
                ON CONFLICT (content) DO UPDATE SET seq = excluded.seq, why = excluded.why";
            let values = (withheld.content.0, seq.0.cast_signed(), withheld.why.as_str());
            db.prepare_cached(upsert)?.execute(values)?;
        }
        Fact::Configured { .. } | Fact::Salvaged(_) => {}
    }
    Ok(())
}

fn apply_seen(db: &Connection, (seq, at): (Seq, InstantMs), seen: &Seen) -> rusqlite::Result<()> {
    let mut upsert = db.prepare_cached(
        "INSERT INTO sighting (root, path, seq, pass, state, content, size, mtime_ns, ctime_ns, inode, looked_ns,
                               reason, detail, named_ms, version_ms, version_pass)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14, ?4)
         ON CONFLICT (root, path) DO UPDATE SET
            seq = excluded.seq, pass = excluded.pass, state = excluded.state, content = excluded.content,
            size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns, inode = excluded.inode,
            looked_ns = excluded.looked_ns, reason = excluded.reason, detail = excluded.detail,
            version_ms = CASE WHEN state = excluded.state AND content IS excluded.content
                              THEN version_ms ELSE excluded.version_ms END,
            version_pass = CASE WHEN state = excluded.state AND content IS excluded.content
                              THEN version_pass ELSE excluded.version_pass END",
    )?;
    let columns = columns_of(&seen.what);
    let stamp = columns.stamp;
    upsert.execute(params![
        seen.root.0,
        seen.path.as_bytes(),
        seq.0.cast_signed(),
        seen.pass.cast_signed(),
        columns.state,
        columns.content,
        stamp.map(|stamp| stamp.size.cast_signed()),
        stamp.map(|stamp| stamp.mtime_ns),
        stamp.map(|stamp| stamp.ctime_ns),
        stamp.map(|stamp| stamp.inode.cast_signed()),
        columns.looked_ns,
        columns.reason,
        columns.detail,
        at.0,
    ])?;
    Ok(())
}

struct Columns<'a> {
    state: &'static str,
    content: Option<[u8; 32]>,
    stamp: Option<Stamp>,
    looked_ns: Option<i64>,
    reason: Option<&'static str>,
    detail: Option<&'a str>,
}

fn columns_of(sight: &Sight) -> Columns<'_> {
    match sight {
        Sight::Content { content, stamp, looked_ns } => Columns {
            state: "content",
            content: Some(content.0),
            stamp: Some(*stamp),
            looked_ns: Some(*looked_ns),
            reason: None,
            detail: None,
        },
        Sight::Unread { reason, detail, stamp, looked_ns } => Columns {
            state: "unread",
            content: None,
            stamp: *stamp,
            looked_ns: Some(*looked_ns),
            reason: Some(reason.as_str()),
            detail: Some(detail),
        },
        Sight::Gone => {
            Columns { state: "gone", content: None, stamp: None, looked_ns: None, reason: None, detail: None }
        }
    }
}

fn apply_read(db: &Connection, seq: Seq, read: &Read) -> rusqlite::Result<()> {
    let upsert = "INSERT INTO reading (content, reader, seq) VALUES (?1, ?2, ?3)
        ON CONFLICT (content, reader) DO UPDATE SET seq = excluded.seq";
    db.prepare_cached(upsert)?.execute((read.content.0, &read.reader, seq.0.cast_signed()))?;
    // Read again, its text is kept again, unless the next fact says otherwise.
    let kept = "DELETE FROM withheld WHERE content = ?1 AND why <> 'forgotten'";
    db.prepare_cached(kept)?.execute([read.content.0])?;
    Ok(())
}

fn apply_judged(db: &Connection, seq: Seq, judged: &Judged) -> rusqlite::Result<()> {
    let upsert = "INSERT INTO judgement (judge, content, seq, payload) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (judge, content) DO UPDATE SET seq = excluded.seq, payload = excluded.payload";
    let values = (&judged.judge, judged.content.0, seq.0.cast_signed(), judged.judgement.0);
    db.prepare_cached(upsert)?.execute(values)?;
    Ok(())
}
