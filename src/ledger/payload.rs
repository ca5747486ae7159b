//! Texts by the hash of their plain bytes: stored once, packed, erasable.
//!
//! A payload is the only thing in the ledger that can go: the facts that name it stay, and the chain stays whole. What
//! was erased comes back only by being stored again, which no pass does while a fact says that it is forgotten.

use rusqlite::{Connection, OptionalExtension};

use super::db::Ledger;
use super::error::{Error, Result};
use crate::domain::ids::{ContentHash, InstantMs};

/// zstd's fastest: text packs to about a third, at a fraction of what reading the document cost.
const ZSTD_LEVEL: i32 = 1;

/// No reading comes near; a damaged row must not ask for all memory.
const SIZE_MAX: usize = 1 << 30;

/// What is there under a hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayloadState {
    Present(Vec<u8>),
    Erased,
    /// Never stored.
    Missing,
}

/// What an erasure did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Payloads that were there and are not any more.
    pub erased: usize,
    /// True if a reader still holds the old bytes in the write-ahead log: erase again once it is done.
    pub still_in_log: bool,
}

/// A payload ready to be stored.
pub(super) struct Packed {
    pub(super) hash: ContentHash,
    pub(super) size: usize,
    pub(super) bytes: Vec<u8>,
}

impl Ledger {
    /// The payload under `hash`.
    pub fn payload(&self, hash: ContentHash) -> Result<PayloadState> {
        let tried = "read a text";
        let question = "SELECT size, packed FROM payload WHERE hash = ?1";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let row = statement.query_row([hash.0], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<Vec<u8>>>(1)?)));
        match self.sql(tried, row.optional())? {
            None => Ok(PayloadState::Missing),
            Some((_, None)) => Ok(PayloadState::Erased),
            Some((size, Some(packed))) => unpack(&packed, size)
                .map(PayloadState::Present)
                .ok_or_else(|| Error::BadPayload { path: self.path.clone(), hash: hash.to_string() }),
        }
    }

    /// Calls `each` with every payload asked for, in that order, holding one at a time.
    pub fn payloads(&self, hashes: &[ContentHash], mut each: impl FnMut(ContentHash, PayloadState)) -> Result<()> {
        for &hash in hashes {
            each(hash, self.payload(hash)?);
        }
        Ok(())
    }

    /// Removes payloads for good, from the file too.
    pub fn erase(&mut self, hashes: &[ContentHash], at: InstantMs) -> Result<Erasure> {
        self.withhold(at, &[], &[], hashes)
    }

    /// Brings everything into the database file and empties the log; true if a reader still needs the log.
    pub(super) fn clear_log(&self) -> Result<bool> {
        let tried = "clear the write-ahead log";
        let busy: i64 = self.sql(tried, self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)))?;
        Ok(busy != 0)
    }

    /// Writes the whole file anew, so that no trace of erased texts is left in pages that were moved about. True if a
    /// reader still holds the old pages.
    pub fn compact(&mut self) -> Result<bool> {
        self.sql("write the ledger anew without what was erased", self.db.execute_batch("VACUUM"))?;
        self.clear_log()
    }

    /// True if more than a quarter of the file is empty.
    pub fn is_hollow(&self) -> Result<bool> {
        let tried = "ask for empty pages";
        let question = "SELECT f.freelist_count * 4 > p.page_count FROM pragma_freelist_count f, pragma_page_count p";
        self.sql(tried, self.db.query_row(question, [], |row| row.get(0)))
    }

    /// Packs what is not there yet.
    pub(super) fn pack_new(&self, payloads: &[(ContentHash, Vec<u8>)]) -> Result<Vec<Packed>> {
        let tried = "look up texts";
        let unwritable = |error: std::io::Error| Error::Unwritable { why: error.to_string() };
        let mut known =
            self.sql(tried, self.db.prepare_cached("SELECT 1 FROM payload WHERE hash = ?1 AND packed IS NOT NULL"))?;
        let mut compressor = zstd::bulk::Compressor::new(ZSTD_LEVEL).map_err(unwritable)?;
        let mut packed = Vec::new();
        for (hash, bytes) in payloads {
            if bytes.len() > SIZE_MAX {
                return Err(Error::Unwritable { why: format!("a text of {} bytes is too long", bytes.len()) });
            }
            if !self.sql(tried, known.exists([hash.0]))? {
                let compressed = compressor.compress(bytes).map_err(unwritable)?;
                packed.push(Packed { hash: *hash, size: bytes.len(), bytes: compressed });
            }
        }
        Ok(packed)
    }
}

pub(super) fn store(db: &Connection, payloads: &[Packed]) -> rusqlite::Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO payload (hash, size, packed) VALUES (?1, ?2, ?3)
             ON CONFLICT (hash) DO UPDATE SET packed = excluded.packed, erased_at_ms = NULL WHERE packed IS NULL",
    )?;
    for payload in payloads {
        let size = i64::try_from(payload.size).expect("held below SIZE_MAX");
        insert.execute((payload.hash.0, size, &payload.bytes))?;
    }
    Ok(())
}

/// The plain bytes; `None` if they are not what was stored.
pub(super) fn unpack(packed: &[u8], size: i64) -> Option<Vec<u8>> {
    let size = usize::try_from(size).ok().filter(|&size| size <= SIZE_MAX)?;
    zstd::bulk::decompress(packed, size).ok().filter(|bytes| bytes.len() == size)
}

/// The caller has `secure_delete` on: it overwrites the freed bytes with zeros. Elsewhere it is off, since nothing else
/// is deleted.
pub(super) fn erase_in(db: &Connection, hashes: &[ContentHash], at: InstantMs) -> rusqlite::Result<usize> {
    let mut update = db
        .prepare_cached("UPDATE payload SET packed = NULL, erased_at_ms = ?2 WHERE hash = ?1 AND packed IS NOT NULL")?;
    hashes.iter().try_fold(0, |erased, hash| Ok(erased + update.execute((hash.0, at.0))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{hash_of, noise, read, temp_ledger};

    #[test]
    fn keeps_each_text_once_and_forgets_for_good() {
        let (dir, mut ledger) = temp_ledger();
        // Text that does not pack, so that it can be looked for in the file.
        let secret = noise(1, 9_000);
        let (kept, forgotten) = (hash_of("kept"), hash_of("forgotten"));
        let payloads = [(kept, b"kept".to_vec()), (forgotten, secret.clone()), (kept, b"kept".to_vec())];
        let head = ledger.append(InstantMs(1), &[read("x", "r", 1)], &payloads).unwrap();
        assert_eq!(ledger.payload(forgotten).unwrap(), PayloadState::Present(secret.clone()));

        let holds_secret = |name: &str| {
            let bytes = std::fs::read(dir.path().join(name)).unwrap();
            let part = &secret[4_000..4_032];
            bytes.windows(part.len()).any(|window| window == part)
        };
        assert!(holds_secret("ledger.db-wal"));
        let erasure = ledger.erase(&[forgotten, hash_of("never stored")], InstantMs(2)).unwrap();
        assert_eq!(erasure, Erasure { erased: 1, still_in_log: false });
        let mut states = Vec::new();
        let wanted = [kept, forgotten, hash_of("never stored")];
        ledger.payloads(&wanted, |_, state| states.push(state)).unwrap();
        assert_eq!(states, [PayloadState::Present(b"kept".to_vec()), PayloadState::Erased, PayloadState::Missing]);
        assert_eq!(ledger.head().unwrap(), head, "erasing is no break of the chain");

        assert!(!holds_secret("ledger.db"));
        assert!(!holds_secret("ledger.db-wal"));
    }

    #[test]
    fn a_reader_may_delay_the_end_of_a_text() {
        let (dir, mut ledger) = temp_ledger();
        let hash = hash_of("text");
        ledger.append(InstantMs(1), &[], &[(hash, b"text".to_vec())]).unwrap();
        let reader = Ledger::open_read_only(&dir.path().join("ledger.db")).unwrap();
        reader.hold().unwrap();
        ledger.db.busy_timeout(std::time::Duration::ZERO).unwrap();
        assert_eq!(ledger.erase(&[hash], InstantMs(2)).unwrap(), Erasure { erased: 1, still_in_log: true });
        assert_eq!(reader.payload(hash).unwrap(), PayloadState::Present(b"text".to_vec()));
        reader.release().unwrap();
        assert_eq!(reader.payload(hash).unwrap(), PayloadState::Erased);
        assert_eq!(ledger.erase(&[hash], InstantMs(3)).unwrap(), Erasure { erased: 0, still_in_log: false });
    }

    #[test]
    fn damaged_payloads_are_named() {
        let (_dir, mut ledger) = temp_ledger();
        let hash = hash_of("text");
        ledger.append(InstantMs(1), &[], &[(hash, b"text".to_vec())]).unwrap();
        for damage in ["packed = x'00'", "size = 3", "size = 9000000000000000000"] {
            ledger.db.execute(&format!("UPDATE payload SET {damage}"), []).unwrap();
            assert!(matches!(ledger.payload(hash), Err(Error::BadPayload { .. })), "{damage}");
        }
    }
}
