//! What can be saved from a damaged ledger: every fact and text that is as it was written, in a new file.
//!
//! The facts are linked anew behind one that names the old head and the loss. A page that cannot be read costs the rows
//! on it alone: each row is asked for by its number. The damaged file itself is only read.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use sha2::{Digest, Sha256};

use super::append::append_in;
use super::db::Ledger;
use super::error::{Error, Result};
use super::payload::{Packed, store, unpack};
use super::replace;
use super::verify::{Link, payload_of};
use super::{backup, canonical};
use crate::domain::fact::{Decision, Entry, Fact, Head, Salvaged, Withholding};
use crate::domain::ids::{ContentHash, InstantMs, Seq};

/// Numbers asked for in vain before the end of a table is believed whose end cannot be read.
const MISSES_MAX: i64 = 10_000;

/// The newest fact by the table itself, by an index of it, and by a table made from it: one may be what is damaged.
const LAST_FACT: [&str; 3] = [
    "SELECT max(seq) FROM fact",
    "SELECT max(seq) FROM (SELECT seq FROM fact INDEXED BY fact_by_at WHERE at_ms > 0)",
    "SELECT max(seq) FROM sighting",
];

/// Facts written to the new ledger at a time.
const FACTS_A_BATCH: usize = 4_096;

/// What was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salvage {
    /// The newest fact of the damaged ledger that could be read.
    pub old_head: Option<Head>,
    pub new_head: Option<Head>,
    pub facts_kept: u64,
    pub facts_lost: u64,
    pub texts_lost: u64,
    /// Where the damaged ledger is kept.
    pub kept: Option<PathBuf>,
}

/// Saves what can be saved from the ledger at `path` into a new one, which takes its place once it is whole.
pub fn salvage(path: &Path, at: InstantMs, day: &str) -> Result<Salvage> {
    let seized = replace::seize(path)?;
    let hopeless = || Error::Hopeless { path: path.to_owned() };
    let old = Old::survey(seized.connection().ok_or_else(hopeless)?, path);
    if old.kept == 0 {
        return Err(hopeless());
    }
    let part =
        tempfile::Builder::new().prefix(".evidex-").suffix(".part").tempfile_in(path.parent().ok_or_else(hopeless)?);
    let part = part.map_err(|source| Error::File { path: path.to_owned(), tried: "write beside", source })?;
    let part = part.into_temp_path();
    let new_head = {
        let mut new = Ledger::open(&part)?;
        old.write_to(&mut new, at)?;
        let found = backup::whole(&new, path)?;
        let tried = "close the saved ledger";
        new.sql(tried, new.db.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())))?;
        found.head
    };
    let kept = replace::take_place(&part, path, "ledger-damaged", day)?;
    // It has another name now: there is nothing left to clean up.
    let _ = part.keep();
    let Old { head: old_head, kept: facts_kept, lost: facts_lost, texts_lost, .. } = old;
    // Only now may waiting writers go on, to learn that their ledger has been replaced.
    drop(seized);
    Ok(Salvage { old_head, new_head, facts_kept, facts_lost, texts_lost, kept })
}

/// A damaged ledger, looked through once.
struct Old<'a> {
    db: &'a Connection,
    path: &'a Path,
    facts_to: i64,
    payloads_to: i64,
    head: Option<Head>,
    oldest: Option<InstantMs>,
    kept: u64,
    lost: u64,
    texts_lost: u64,
    /// Texts that are whole or were erased on purpose.
    texts: HashSet<ContentHash>,
    withheld: HashSet<ContentHash>,
}

impl<'a> Old<'a> {
    fn survey(db: &'a Connection, path: &'a Path) -> Self {
        let (facts_to, payloads_to) = (last(db, &LAST_FACT), last(db, &["SELECT max(id) FROM payload"]));
        let (texts, withheld) = (HashSet::new(), HashSet::new());
        let (head, oldest) = (None, None);
        let mut old =
            Self { db, path, facts_to, payloads_to, head, oldest, kept: 0, lost: 0, texts_lost: 0, texts, withheld };
        let mut texts = HashSet::new();
        old.each_payload(|text| {
            texts.insert(text.hash());
        });
        old.texts = texts;
        let mut withheld = HashMap::new();
        let mut newest = Seq(0);
        old.each_link(|link| {
            newest = newest.max(link.seq);
            if let Some(Entry { fact: Fact::Withheld(fact), .. }) = &link.entry {
                withheld.insert(fact.content, fact.why);
            }
        });
        let lasting = |why: &Withholding| *why != Withholding::Lifted;
        old.withheld = withheld.into_iter().filter(|(_, why)| lasting(why)).map(|(content, _)| content).collect();
        let (mut kept, mut lost_texts, mut oldest, mut head) = (0_u64, 0, None, None);
        old.each_link(|link| {
            head = Some(Head { seq: link.seq, hash: link.hash });
            match old.verdict(link) {
                Saved::Yes(entry) => {
                    kept += 1;
                    oldest = oldest.or(Some(entry.at));
                }
                Saved::TextLost => lost_texts += 1,
                Saved::JudgementLost | Saved::No => {}
            }
        });
        (old.kept, old.texts_lost, old.oldest, old.head) = (kept, lost_texts, oldest, head);
        old.lost = u64::try_from(old.facts_to).unwrap_or(0).max(newest.0).saturating_sub(kept);
        old
    }

    /// Whether a row can go into the new ledger.
    fn verdict<'l>(&self, link: &'l Link) -> Saved<'l> {
        let Some(entry) = link.entry.as_ref().filter(|_| link.is_as_written()) else { return Saved::No };
        let has_text = payload_of(entry).is_none_or(|text| self.texts.contains(&text));
        match &entry.fact {
            // Without its text a content is as good as unread: the next pass reads it again.
            Fact::Read(read) if !has_text && !self.withheld.contains(&read.content) => Saved::TextLost,
            Fact::Judged(judged) if !has_text && !self.withheld.contains(&judged.content) => Saved::JudgementLost,
            Fact::Rooted { .. }
            | Fact::Seen(_)
            | Fact::Read(_)
            | Fact::Judged(_)
            | Fact::Decided(_)
            | Fact::Configured { .. }
            | Fact::Withheld(_)
            | Fact::Salvaged(_) => Saved::Yes(entry),
        }
    }

    fn write_to(&self, new: &mut Ledger, at: InstantMs) -> Result<()> {
        let first = Fact::Salvaged(Salvaged {
            repaired_ms: at.0,
            old_head: self.head,
            facts_lost: self.lost,
            texts_lost: self.texts_lost,
        });
        new.append(self.oldest.unwrap_or(at), &[first], &[])?;
        self.write_payloads(new)?;
        let mut batch = Vec::new();
        let mut numbers = HashMap::new();
        let mut next = Seq(2);
        let mut failed = None;
        self.each_link(|link| {
            let Saved::Yes(entry) = self.verdict(link) else { return };
            let Some(fact) = renumbered(&entry.fact, &numbers) else { return };
            if matches!(fact, Fact::Decided(_)) {
                numbers.insert(entry.seq, next);
            }
            next = Seq(next.0.saturating_add(1));
            batch.push((entry.at, fact));
            if batch.len() >= FACTS_A_BATCH && failed.is_none() {
                failed = write_facts(new, &mut batch).err();
            }
        });
        failed.map_or_else(|| write_facts(new, &mut batch), Err)
    }

    fn write_payloads(&self, new: &mut Ledger) -> Result<()> {
        let path = new.path.clone();
        let failed = |source| Error::sql(&path, "save the texts", source);
        let transaction = new.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let mut written = Ok(());
        self.each_payload(|text| {
            let stored = match text {
                Text::Whole(packed) => store(&transaction, &[packed]),
                Text::Erased { hash, size, at_ms } => transaction
                    .execute(
                        "INSERT INTO payload (hash, size, erased_at_ms) VALUES (?1, ?2, ?3)",
                        (hash.0, size, at_ms),
                    )
                    .map(|_| ()),
            };
            if written.is_ok() {
                written = stored;
            }
        });
        written.map_err(failed)?;
        transaction.commit().map_err(failed)
    }

    /// Calls `each` for every row of the chain that can be read, in order.
    fn each_link(&self, mut each: impl FnMut(&Link)) {
        let question = "SELECT seq, at_ms, body, kind, prev, hash FROM fact WHERE seq = ?1";
        each_row(self.db, question, self.facts_to, |row| {
            each(&Link::of(self.path, row)?);
            Ok(())
        });
    }

    fn each_payload(&self, mut each: impl FnMut(Text)) {
        let question = "SELECT hash, size, packed, erased_at_ms FROM payload WHERE id = ?1";
        each_row(self.db, question, self.payloads_to, |row| {
            let (hash, size): ([u8; 32], i64) = (row.get(0)?, row.get(1)?);
            let hash = ContentHash(hash);
            match row.get::<_, Option<Vec<u8>>>(2)? {
                None => each(Text::Erased { hash, size, at_ms: row.get(3)? }),
                Some(packed) => {
                    let plain = unpack(&packed, size).filter(|plain| Sha256::digest(plain)[..] == hash.0);
                    if let Some(plain) = plain {
                        each(Text::Whole(Packed { hash, size: plain.len(), bytes: packed }));
                    }
                }
            }
            Ok(())
        });
    }
}

/// What becomes of one row.
enum Saved<'a> {
    Yes(&'a Entry),
    TextLost,
    JudgementLost,
    No,
}

enum Text {
    Whole(Packed),
    Erased { hash: ContentHash, size: i64, at_ms: i64 },
}

impl Text {
    fn hash(&self) -> ContentHash {
        match self {
            Self::Whole(packed) => packed.hash,
            Self::Erased { hash, .. } => *hash,
        }
    }
}

/// Calls `each` for the rows of the numbers 1 to `to` that can be read, and on as long as there are more.
fn each_row(
    db: &Connection,
    question: &str,
    to: i64,
    mut each: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<()>,
) {
    let mut misses = 0;
    for number in 1.. {
        if number > to && misses >= MISSES_MAX {
            return;
        }
        // Prepared for each number: a statement that met a damaged page may not be used again.
        let found = db.prepare_cached(question).and_then(|mut row| row.query_row([number], &mut each).optional());
        misses = if matches!(found, Ok(Some(()))) { 0 } else { misses + 1 };
    }
}

/// The greatest number of a table, by whatever of it can still be read; 0 if nothing can.
fn last(db: &Connection, questions: &[&str]) -> i64 {
    let asked = questions.iter().filter_map(|question| db.query_row(question, [], |row| row.get(0)).ok().flatten());
    asked.max().unwrap_or(0)
}

/// The fact as the new ledger holds it: a decision names others by their new numbers. `None` if it takes back a
/// decision that is lost: there is nothing left to take back.
fn renumbered(fact: &Fact, numbers: &HashMap<Seq, Seq>) -> Option<Fact> {
    let Fact::Decided(decided) = fact else { return Some(fact.clone()) };
    let replaces = decided.replaces.and_then(|old| numbers.get(&old).copied());
    if decided.decision == Decision::Undo && replaces.is_none() {
        return None;
    }
    Some(Fact::Decided(crate::domain::fact::Decided { replaces, ..decided.clone() }))
}

/// Appends a batch, each fact with its own instant.
fn write_facts(new: &mut Ledger, batch: &mut Vec<(InstantMs, Fact)>) -> Result<()> {
    let path = new.path.clone();
    let failed = |source| Error::sql(&path, "save the facts", source);
    let transaction = new.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    for (at, fact) in batch.drain(..) {
        let body = canonical::body(&fact)?;
        append_in(&transaction, at, std::iter::once((&fact, &body))).map_err(failed)?;
    }
    transaction.commit().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::Decided;
    use crate::ledger::testing::{decided, every_kind, file, hash_of, noise, read, temp_ledger};

    const DAY: &str = "2026-11-24";
    const UNLOCK: &str = "DROP TRIGGER fact_is_never_changed; DROP TRIGGER fact_is_never_deleted;";

    fn saved(path: &Path) -> (Salvage, Ledger) {
        let salvage = salvage(path, InstantMs(99), DAY).unwrap();
        let ledger = Ledger::open_read_only(path).unwrap();
        let found = ledger.verify(None).unwrap();
        assert_eq!((&found.problems[..], found.head), (&[][..], salvage.new_head));
        (salvage, ledger)
    }

    #[test]
    fn an_altered_fact_is_the_only_loss() {
        let (dir, mut ledger) = temp_ledger();
        let path = dir.path().join("ledger.db");
        for (at, name) in [(5, "a"), (6, "b"), (7, "c")] {
            let text = format!("text of {name}");
            let payloads = [(hash_of(&text), text.into_bytes())];
            ledger.append(InstantMs(at), &[read(name, "r", 1), file(name, name, 1)], &payloads).unwrap();
        }
        let old_head = ledger.head().unwrap();
        let broken = "UPDATE fact SET body = replace(body, '\"b\"', '\"x\"') WHERE seq = 4";
        ledger.db.execute_batch(&format!("{UNLOCK}{broken}")).unwrap();
        assert!(!ledger.verify(None).unwrap().problems.is_empty());
        drop(ledger);
        let (salvage, ledger) = saved(&path);
        assert_eq!((salvage.facts_kept, salvage.facts_lost, salvage.texts_lost), (5, 1, 0));
        assert_eq!(salvage.old_head, old_head);
        assert_eq!(salvage.kept, Some(dir.path().join("ledger-damaged-2026-11-24.db")));
        let entries = ledger.facts_after(Seq(0), 100).unwrap();
        let told = Salvaged { repaired_ms: 99, old_head, facts_lost: 1, texts_lost: 0 };
        assert_eq!(entries[0].fact, Fact::Salvaged(told));
        let instants: Vec<i64> = entries.iter().map(|entry| entry.at.0).collect();
        assert_eq!(instants, [5, 5, 5, 6, 7, 7], "what was known when is still known then");
        assert_eq!(entries[5].fact, file("c", "c", 1));
        assert!(Ledger::open_read_only(&salvage.kept.unwrap()).is_ok(), "the damaged one is kept");
    }

    #[test]
    fn decisions_still_name_each_other() {
        let (dir, mut ledger) = temp_ledger();
        let path = dir.path().join("ledger.db");
        let undo = |of| {
            let Fact::Decided(first) = decided(Decision::Undo) else { panic!() };
            Fact::Decided(Decided { replaces: Some(Seq(of)), ..first })
        };
        let facts = [file("a", "a", 1), decided(Decision::Accept), decided(Decision::Reject), undo(2), undo(3)];
        ledger.append(InstantMs(1), &facts, &[]).unwrap();
        ledger.db.execute_batch(&format!("{UNLOCK}DELETE FROM fact WHERE seq IN (1, 3)")).unwrap();
        drop(ledger);
        let (_, ledger) = saved(&path);
        let decisions = ledger.decisions(None).unwrap();
        let told: Vec<_> =
            decisions.into_iter().map(|(seq, _, decided)| (seq.0, decided.decision, decided.replaces)).collect();
        // What took back the lost decision is gone with it.
        assert_eq!(told, [(2, Decision::Accept, None), (3, Decision::Undo, Some(Seq(2)))]);
    }

    #[test]
    fn lost_texts_are_read_again_and_erased_ones_stay_erased() {
        let (dir, mut ledger) = temp_ledger();
        let path = dir.path().join("ledger.db");
        let payload = |name: &str| (hash_of(&format!("text of {name}")), format!("text of {name}").into_bytes());
        let facts = [read("a", "r", 1), read("b", "r", 1), read("c", "r", 1)];
        ledger.append(InstantMs(1), &facts, &[payload("a"), payload("b"), payload("c")]).unwrap();
        ledger.erase(&[payload("a").0], InstantMs(2)).unwrap();
        ledger.db.execute_batch("UPDATE payload SET packed = x'00' WHERE id = 2").unwrap();
        drop(ledger);
        let (salvage, ledger) = saved(&path);
        assert_eq!((salvage.facts_kept, salvage.facts_lost, salvage.texts_lost), (2, 1, 1));
        let reads = ledger.latest_reads(None).unwrap();
        let known = |name| reads.contains_key(&hash_of(name));
        assert_eq!(["a", "b", "c"].map(known), [true, false, true]);
        assert_eq!(ledger.payload(payload("a").0).unwrap(), crate::ledger::PayloadState::Erased);
        assert_eq!(ledger.payload(payload("c").0).unwrap(), crate::ledger::PayloadState::Present(payload("c").1));
    }

    #[test]
    fn a_torn_page_anywhere_costs_what_is_on_it() {
        let (dir, mut ledger) = temp_ledger();
        let path = dir.path().join("ledger.db");
        for round in 0..60 {
            let mut facts = every_kind();
            facts.push(file(&format!("document {round}"), "x", 1));
            let noise = noise(round, 3_000);
            ledger.append(InstantMs(1), &facts, &[(ContentHash(Sha256::digest(&noise).into()), noise)]).unwrap();
        }
        let facts = ledger.head().unwrap().unwrap().seq.0;
        ledger.db.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).unwrap();
        let page: i64 = ledger.db.query_row("PRAGMA page_size", [], |row| row.get(0)).unwrap();
        let page = usize::try_from(page).unwrap();
        drop(ledger);
        let good = std::fs::read(&path).unwrap();
        let (mut some, mut hopeless) = (0, 0);
        for torn in (page..good.len()).step_by(page * 3) {
            let mut bad = good.clone();
            bad[torn..torn + page].fill(0xa5);
            std::fs::write(&path, &bad).unwrap();
            match salvage(&path, InstantMs(99), &format!("{torn}")) {
                Ok(found) => {
                    let ledger = Ledger::open_read_only(&path).unwrap();
                    assert_eq!(ledger.verify(None).unwrap().problems, [], "page at {torn}");
                    assert!(found.facts_kept + found.facts_lost >= facts, "page at {torn}: {found:?}");
                    some += 1;
                }
                // The root of the table of facts itself.
                Err(Error::Hopeless { .. }) => hopeless += 1,
                Err(error) => panic!("page at {torn}: {error:?}"),
            }
        }
        assert!(some > 5 && hopeless <= 1, "{some} {hopeless}");
    }

    #[test]
    fn what_holds_no_fact_is_left_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ledger.db");
        std::fs::write(&path, "not a database at all ".repeat(400)).unwrap();
        let before = std::fs::read(&path).unwrap();
        assert!(matches!(salvage(&path, InstantMs(1), DAY), Err(Error::Hopeless { .. })));
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }
}
