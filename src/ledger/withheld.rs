//! Contents whose text is not kept: which, why, and which payloads are theirs alone.

use std::collections::{HashMap, HashSet};

use rusqlite::TransactionBehavior;
use rusqlite::types::Type;

use super::append::append_in;
use super::db::Ledger;
use super::error::{Error, Result};
use super::known::entry_of;
use super::payload::{self, Erasure};
use super::verify::payload_of;
use super::{canonical, replace};
use crate::domain::fact::{Entry, Fact, Seen, Sight, Withholding};
use crate::domain::ids::{ContentHash, InstantMs, RootId};
use crate::domain::relpath::RelPath;

/// Payloads named by facts about some contents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayloadsOf {
    /// Named by no other content: these can be erased.
    pub own: Vec<ContentHash>,
    /// Other contents that hold the very same text.
    pub sharers: Vec<ContentHash>,
}

impl Ledger {
    /// All contents whose text is not kept now.
    pub fn withheld(&self) -> Result<HashMap<ContentHash, Withholding>> {
        let tried = "read what is withheld";
        let mut statement = self.sql(tried, self.db.prepare_cached("SELECT content, why FROM withheld"))?;
        let rows = statement.query_map([], |row| {
            let word: String = row.get(1)?;
            let why = withholding(&word).ok_or_else(|| {
                let what = format!("`{word}` is no reason to withhold");
                rusqlite::Error::FromSqlConversionFailure(1, Type::Text, what.into())
            })?;
            Ok((ContentHash(row.get(0)?), why))
        });
        self.sql(tried, rows.and_then(Iterator::collect))
    }

    /// The texts and judgements of `contents`, in every version of reader and judge.
    pub fn payloads_of(&self, contents: &HashSet<ContentHash>) -> Result<PayloadsOf> {
        let withheld = self.withheld()?;
        let (mut own, mut others) = (HashSet::new(), HashMap::<ContentHash, (ContentHash, bool)>::new());
        for kind in ["read", "judged"] {
            self.each_of_kind(kind, None, |entry| {
                let (content, is_text) = match &entry.fact {
                    Fact::Read(read) => (read.content, true),
                    Fact::Judged(judged) => (judged.content, false),
                    Fact::Rooted { .. }
                    | Fact::Seen(_)
                    | Fact::Decided(_)
                    | Fact::Configured { .. }
                    | Fact::Withheld(_)
                    | Fact::Salvaged(_) => return,
                };
                let Some(payload) = payload_of(&entry) else { return };
                if contents.contains(&content) {
                    own.insert(payload);
                } else if !withheld.contains_key(&content) {
                    others.insert(payload, (content, is_text));
                }
            })?;
        }
        let shared = |payload: &ContentHash| others.get(payload).filter(|(_, is_text)| *is_text);
        let mut sharers: Vec<ContentHash> = own.iter().filter_map(shared).map(|(content, _)| *content).collect();
        sharers.sort();
        sharers.dedup();
        let mut own: Vec<ContentHash> = own.into_iter().filter(|payload| !others.contains_key(payload)).collect();
        own.sort();
        Ok(PayloadsOf { own, sharers })
    }

    /// Contents of which at least one reading's text is kept.
    pub fn contents_with_text(&self) -> Result<HashSet<ContentHash>> {
        let tried = "read which texts are kept";
        let mut statement =
            self.sql(tried, self.db.prepare_cached("SELECT hash FROM payload WHERE packed IS NOT NULL"))?;
        let rows = statement.query_map([], |row| Ok(ContentHash(row.get(0)?)));
        let kept: HashSet<ContentHash> = self.sql(tried, rows.and_then(Iterator::collect))?;
        let mut contents = HashSet::new();
        self.each_of_kind("read", None, |entry| {
            if let (Some(text), Fact::Read(read)) = (payload_of(&entry), &entry.fact)
                && kept.contains(&text)
            {
                contents.insert(read.content);
            }
        })?;
        Ok(contents)
    }

    /// Appends facts and erases payloads in one transaction: either all of it has happened, or nothing. The erased
    /// bytes are overwritten in the file, and the log is cleared.
    pub fn withhold(
        &mut self,
        at: InstantMs,
        facts: &[Fact],
        payloads: &[(ContentHash, Vec<u8>)],
        erase: &[ContentHash],
    ) -> Result<Erasure> {
        let bodies: Vec<String> = facts.iter().map(canonical::body).collect::<Result<_>>()?;
        let packed = self.pack_new(payloads)?;
        let path = self.path.clone();
        let failed = |source| Error::sql(&path, format!("erase {} texts", erase.len()), source);
        self.db.execute_batch("PRAGMA secure_delete = ON").map_err(failed)?;
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        replace::still_here(&path, self.inode)?;
        let erased = payload::erase_in(&transaction, erase, at).map_err(failed)?;
        payload::store(&transaction, &packed).map_err(failed)?;
        append_in(&transaction, at, facts.iter().zip(&bodies)).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        self.db.execute_batch("PRAGMA secure_delete = OFF").map_err(failed)?;
        Ok(Erasure { erased, still_in_log: self.clear_log()? })
    }

    /// Calls `each` for every sight ever recorded of a name with a content: where, and what.
    pub fn each_place(&self, mut each: impl FnMut(RootId, &RelPath, ContentHash)) -> Result<()> {
        self.each_of_kind("seen", None, |entry| {
            if let Fact::Seen(Seen { root, path, what: Sight::Content { content, .. }, .. }) = &entry.fact {
                each(*root, path, *content);
            }
        })
    }

    /// The newest fact that withholds `content`, if it is withheld now: who asked and why.
    pub fn withheld_by(&self, content: ContentHash) -> Result<Option<Entry>> {
        let tried = "read what is withheld";
        let question = "SELECT seq, at_ms, body FROM fact WHERE seq = (SELECT seq FROM withheld WHERE content = ?1)";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let mut rows = self.sql(tried, statement.query([content.0]))?;
        match self.sql(tried, rows.next())? {
            Some(row) => Ok(Some(self.sql(tried, entry_of(&self.path, row))??)),
            None => Ok(None),
        }
    }
}

fn withholding(word: &str) -> Option<Withholding> {
    [Withholding::Forgotten, Withholding::Private, Withholding::Expired, Withholding::Lifted]
        .into_iter()
        .find(|why| why.as_str() == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::Withheld;
    use crate::ledger::testing::{content, file, hash_of, judged, read, temp_ledger};

    fn withhold(name: &str, why: Withholding) -> Fact {
        Fact::Withheld(Withheld { content: content(name), why, by: "Ana".into(), reason: None })
    }

    #[test]
    fn another_reading_ends_all_but_what_a_person_asked_for() {
        for (why, after_reading) in [
            (Withholding::Forgotten, Some(Withholding::Forgotten)),
            (Withholding::Private, None),
            (Withholding::Expired, None),
            (Withholding::Lifted, None),
        ] {
            let (_dir, mut ledger) = temp_ledger();
            ledger.append(InstantMs(1), &[read("x", "r", 1), withhold("x", why)], &[]).unwrap();
            assert_eq!(ledger.withheld().unwrap().get(&content("x")), Some(&why));
            let Fact::Withheld(told) = ledger.withheld_by(content("x")).unwrap().unwrap().fact else { panic!() };
            assert_eq!((told.why, told.by.as_str()), (why, "Ana"));
            ledger.append(InstantMs(2), &[read("x", "r", 1)], &[]).unwrap();
            assert_eq!(ledger.withheld().unwrap().get(&content("x")).copied(), after_reading, "{why:?}");
            assert_eq!(ledger.verify(None).unwrap().problems, []);
        }
    }

    #[test]
    fn a_payload_that_another_content_names_is_not_its_own() {
        let (_dir, mut ledger) = temp_ledger();
        let mut twin = read("x", "r", 1);
        let Fact::Read(inner) = &mut twin else { panic!() };
        inner.content = content("twin");
        let facts = [read("x", "r", 1), judged("x", "j1", "old"), judged("x", "j2", "same"), judged("y", "j2", "same")];
        ledger.append(InstantMs(1), &facts, &[]).unwrap();
        let of_x = HashSet::from([content("x")]);
        let mut own = vec![hash_of("text of x"), hash_of("old")];
        own.sort();
        assert_eq!(ledger.payloads_of(&of_x).unwrap(), PayloadsOf { own, sharers: Vec::new() });
        ledger.append(InstantMs(2), &[twin], &[]).unwrap();
        let found = ledger.payloads_of(&of_x).unwrap();
        assert_eq!(found, PayloadsOf { own: vec![hash_of("old")], sharers: vec![content("twin")] });
        // What is withheld already has no say any more.
        ledger.append(InstantMs(3), &[withhold("twin", Withholding::Forgotten)], &[]).unwrap();
        assert_eq!(ledger.payloads_of(&of_x).unwrap().own.len(), 2);
    }

    #[test]
    fn places_are_all_there_ever_were() {
        let (_dir, mut ledger) = temp_ledger();
        ledger.append(InstantMs(1), &[file("a", "x", 1), file("a", "y", 2), file("b", "x", 2)], &[]).unwrap();
        let mut places = Vec::new();
        ledger.each_place(|_, path, what| places.push((path.to_text().into_owned(), what))).unwrap();
        let want = [("a", "x"), ("a", "y"), ("b", "x")].map(|(path, text)| (path.to_owned(), content(text)));
        assert_eq!(places, want);
    }
}
