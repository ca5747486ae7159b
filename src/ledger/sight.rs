//! Roots, and what was seen where: now (from the derived table) and at any instant (folded from the facts).
//!
//! Both ways must agree; a test holds them side by side over random facts.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Row;
use rusqlite::types::Type;

use super::db::Ledger;
use super::error::Result;
use crate::domain::change::Stamp;
use crate::domain::fact::{Entry, Fact, Seen, Sight};
use crate::domain::ids::{ContentHash, InstantMs, RootId, Seq};
use crate::domain::reading::Unreadable;
use crate::domain::relpath::RelPath;

/// A watched folder, as last recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    pub id: RootId,
    /// Absolute.
    pub path: RelPath,
    pub device: u64,
    pub seq: Seq,
}

/// The newest sight of a name.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownSight {
    pub root: RootId,
    pub path: RelPath,
    /// [`Sight::Gone`] included: the name keeps its history.
    pub sight: Sight,
    pub seq: Seq,
    pub pass: u64,
    /// When the name was first seen.
    pub first_seen_at: InstantMs,
    /// When the present content was first seen under the name, without another in between.
    pub version_at: InstantMs,
    /// The pass that first saw the present content there.
    pub version_pass: u64,
}

const COLUMNS: &str =
    "root, path, seq, pass, state, content, size, mtime_ns, ctime_ns, inode, looked_ns, reason, detail,
    named_ms, version_ms, version_pass";

impl Ledger {
    /// All roots ever watched, by number.
    pub fn roots(&self) -> Result<Vec<Root>> {
        let tried = "read the roots";
        let question = "SELECT root, path, device, seq FROM root ORDER BY root";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let rows = statement.query_map([], |row| {
            Ok(Root {
                id: RootId(row.get(0)?),
                path: RelPath::from_bytes(row.get::<_, Vec<u8>>(1)?),
                device: row.get::<_, i64>(2)?.cast_unsigned(),
                seq: Seq(row.get::<_, i64>(3)?.cast_unsigned()),
            })
        });
        self.sql(tried, rows.and_then(Iterator::collect))
    }

    /// The root at an absolute path.
    pub fn root_id(&self, path: &RelPath) -> Result<Option<RootId>> {
        Ok(self.roots()?.into_iter().find(|root| root.path == *path).map(|root| root.id))
    }

    /// The number for the next new root.
    pub fn next_root_id(&self) -> Result<RootId> {
        Ok(RootId(self.roots()?.last().map_or(1, |root| root.id.0.saturating_add(1))))
    }

    /// Every name at or below `under`, those gone included, sorted by path bytes.
    pub fn last_seen(&self, root: RootId, under: &RelPath) -> Result<Vec<KnownSight>> {
        let mut above = under.as_bytes().to_vec();
        // `folder/` up to but not including `folder0`: `0` is the byte after `/`.
        let below = [under.as_bytes(), b"/"].concat();
        above.push(b'/' + 1);
        // One range of the key: a plain "or" of the name and what lies below it reads every name of the root.
        let range = "AND path >= ?2 AND path < ?4 AND (path = ?2 OR path >= ?3)";
        let narrowed = if under.as_bytes().is_empty() { "" } else { range };
        let question = format!("SELECT {COLUMNS} FROM sighting WHERE root = ?1 {narrowed} ORDER BY path");
        let tried = "read what was last seen";
        let mut statement = self.sql(tried, self.db.prepare_cached(&question))?;
        let rows = if under.as_bytes().is_empty() {
            statement.query_map([root.0], known_sight)
        } else {
            statement.query_map((root.0, under.as_bytes(), below, above), known_sight)
        };
        self.sql(tried, rows.and_then(Iterator::collect))
    }

    /// The newest sight of one name.
    pub fn sight_of(&self, root: RootId, path: &RelPath) -> Result<Option<KnownSight>> {
        Ok(self.last_seen(root, path)?.into_iter().find(|sight| sight.path == *path))
    }

    /// How many names of a root are there.
    pub fn document_count(&self, root: RootId) -> Result<usize> {
        let tried = "count the documents of a root";
        let question = "SELECT count(*) FROM sighting WHERE root = ?1 AND state <> 'gone'";
        let mut statement = self.sql(tried, self.db.prepare_cached(question))?;
        let count: i64 = self.sql(tried, statement.query_row([root.0], |row| row.get(0)))?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// The newest sight of every name as known at an instant (`None`: now), sorted by root and path.
    pub fn sights_known_by(&self, known_by: Option<InstantMs>) -> Result<Vec<KnownSight>> {
        if known_by.is_some() {
            return self.sights_there_at(None, known_by);
        }
        let tried = "read what was last seen";
        let question = format!("SELECT {COLUMNS} FROM sighting ORDER BY root, path");
        let mut statement = self.sql(tried, self.db.prepare_cached(&question))?;
        let rows = statement.query_map([], known_sight);
        self.sql(tried, rows.and_then(Iterator::collect))
    }

    /// What was there at `there`, as far as known at `known_by`; names that were not there yet are left out.
    ///
    /// What the first pass of a root found counts as having been there all along.
    pub fn sights_there_at(&self, there: Option<InstantMs>, known_by: Option<InstantMs>) -> Result<Vec<KnownSight>> {
        let mut sights = BTreeMap::new();
        let mut first_pass: HashMap<RootId, u64> = HashMap::new();
        self.each_of_kind("seen", known_by, |entry| {
            let Fact::Seen(seen) = &entry.fact else { return };
            let first = *first_pass.entry(seen.root).or_insert(seen.pass);
            if there.is_none_or(|there| entry.at <= there) || seen.pass == first {
                fold(&mut sights, &entry, seen);
            }
        })?;
        Ok(sights.into_values().collect())
    }

    /// What names that are gone now last held, sorted by root and path, and when each was found to be gone.
    pub fn last_before_gone(&self) -> Result<Vec<(KnownSight, InstantMs)>> {
        let mut sights = BTreeMap::new();
        let mut gone: BTreeMap<(RootId, RelPath), InstantMs> = BTreeMap::new();
        self.each_of_kind("seen", None, |entry| {
            let Fact::Seen(seen) = &entry.fact else { return };
            let name = (seen.root, seen.path.clone());
            match seen.what {
                Sight::Gone => {
                    gone.entry(name).or_insert(entry.at);
                }
                Sight::Content { .. } | Sight::Unread { .. } => {
                    gone.remove(&name);
                    fold(&mut sights, &entry, seen);
                }
            }
        })?;
        Ok(gone.into_iter().filter_map(|(name, at)| sights.remove(&name).map(|sight| (sight, at))).collect())
    }

    /// Every sight of one name, in order.
    pub fn history(&self, root: RootId, path: &RelPath) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        self.each_of_kind("seen", None, |entry| {
            if matches!(&entry.fact, Fact::Seen(seen) if seen.root == root && seen.path == *path) {
                entries.push(entry);
            }
        })?;
        Ok(entries)
    }
}

/// What the derived table's upsert does, on values.
fn fold(sights: &mut BTreeMap<(RootId, RelPath), KnownSight>, entry: &Entry, seen: &Seen) {
    let key = (seen.root, seen.path.clone());
    let before = sights.get(&key);
    let same_version = before.filter(|known| same_version(&known.sight, &seen.what));
    let (version_at, version_pass) =
        same_version.map_or((entry.at, seen.pass), |known| (known.version_at, known.version_pass));
    let known = KnownSight {
        root: seen.root,
        path: seen.path.clone(),
        sight: seen.what.clone(),
        seq: entry.seq,
        pass: seen.pass,
        first_seen_at: before.map_or(entry.at, |known| known.first_seen_at),
        version_at,
        version_pass,
    };
    sights.insert(key, known);
}

fn same_version(before: &Sight, now: &Sight) -> bool {
    match (before, now) {
        (Sight::Content { content: a, .. }, Sight::Content { content: b, .. }) => a == b,
        (Sight::Unread { .. }, Sight::Unread { .. }) | (Sight::Gone, Sight::Gone) => true,
        (Sight::Content { .. } | Sight::Unread { .. } | Sight::Gone, _) => false,
    }
}

fn known_sight(row: &Row<'_>) -> rusqlite::Result<KnownSight> {
    Ok(KnownSight {
        root: RootId(row.get(0)?),
        path: RelPath::from_bytes(row.get::<_, Vec<u8>>(1)?),
        sight: sight_of(row)?,
        seq: Seq(row.get::<_, i64>(2)?.cast_unsigned()),
        pass: row.get::<_, i64>(3)?.cast_unsigned(),
        first_seen_at: InstantMs(row.get(13)?),
        version_at: InstantMs(row.get(14)?),
        version_pass: row.get::<_, i64>(15)?.cast_unsigned(),
    })
}

fn sight_of(row: &Row<'_>) -> rusqlite::Result<Sight> {
    let state: &str = row.get_ref(4)?.as_str()?;
    Ok(match state {
        "content" => {
            let stamp = stamp_of(row)?.ok_or_else(|| bad_column(6, "a content without a stamp"))?;
            Sight::Content { content: ContentHash(row.get(5)?), stamp, looked_ns: row.get(10)? }
        }
        "unread" => {
            let reason: String = row.get(11)?;
            let reason: Unreadable = serde_json::from_value(serde_json::Value::String(reason))
                .map_err(|error| rusqlite::Error::FromSqlConversionFailure(11, Type::Text, Box::new(error)))?;
            Sight::Unread { reason, detail: row.get(12)?, stamp: stamp_of(row)?, looked_ns: row.get(10)? }
        }
        "gone" => Sight::Gone,
        _ => return Err(bad_column(4, "an unknown state")),
    })
}

fn stamp_of(row: &Row<'_>) -> rusqlite::Result<Option<Stamp>> {
    let Some(size) = row.get::<_, Option<i64>>(6)? else {
        return Ok(None);
    };
    Ok(Some(Stamp {
        size: size.cast_unsigned(),
        mtime_ns: row.get(7)?,
        ctime_ns: row.get(8)?,
        inode: row.get::<_, i64>(9)?.cast_unsigned(),
    }))
}

fn bad_column(column: usize, why: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, why.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ledger::testing::{content, file, gone, rooted, seen, some_seen, temp_ledger, unread};

    fn paths(sights: &[KnownSight]) -> Vec<String> {
        sights.iter().map(|known| known.path.to_text().into_owned()).collect()
    }

    #[test]
    fn roots_keep_their_numbers() {
        let (_dir, mut ledger) = temp_ledger();
        assert_eq!(ledger.next_root_id().unwrap(), RootId(1));
        ledger
            .append(InstantMs(1), &[rooted(1, "/srv/a", 5), rooted(2, "/srv/b", 6), rooted(1, "/srv/a", u64::MAX)], &[])
            .unwrap();
        assert_eq!(ledger.root_id(&"/srv/b".into()).unwrap(), Some(RootId(2)));
        assert_eq!(ledger.root_id(&"/srv/c".into()).unwrap(), None);
        assert_eq!(ledger.roots().unwrap()[0].device, u64::MAX);
        assert_eq!(ledger.next_root_id().unwrap(), RootId(3));
    }

    #[test]
    fn finds_names_below_a_folder_only() {
        let (_dir, mut ledger) = temp_ledger();
        let names = ["a", "a/b", "a/b/c", "a b", "a.txt", "a0", "b/a"];
        let facts: Vec<_> = names.iter().map(|name| file(name, "x", 1)).collect();
        ledger.append(InstantMs(1), &facts, &[]).unwrap();
        for (under, want) in [
            ("", vec!["a", "a b", "a.txt", "a/b", "a/b/c", "a0", "b/a"]),
            ("a", vec!["a", "a/b", "a/b/c"]),
            ("a/b", vec!["a/b", "a/b/c"]),
            ("c", vec![]),
        ] {
            assert_eq!(paths(&ledger.last_seen(RootId(1), &under.into()).unwrap()), want, "{under}");
        }
        assert_eq!(ledger.last_seen(RootId(2), &"".into()).unwrap(), []);
    }

    #[test]
    fn tells_the_name_from_its_versions() {
        let (_dir, mut ledger) = temp_ledger();
        for (at, fact) in [
            (10, file("a", "one", 1)),
            (20, file("a", "one", 2)),
            (30, file("a", "two", 3)),
            (40, gone("a", 4)),
            (50, file("a", "two", 5)),
        ] {
            ledger.append(InstantMs(at), &[fact], &[]).unwrap();
        }
        for (known_by, sight, version) in [
            (15, Some("one"), (10, 1)),
            (25, Some("one"), (10, 1)),
            (35, Some("two"), (30, 3)),
            (45, None, (40, 4)),
            (55, Some("two"), (50, 5)),
        ] {
            let known = &ledger.sights_known_by(Some(InstantMs(known_by))).unwrap()[0];
            let found = match &known.sight {
                Sight::Content { content, .. } => Some(*content),
                Sight::Unread { .. } | Sight::Gone => None,
            };
            assert_eq!(found, sight.map(content), "{known_by}");
            assert_eq!((known.version_at.0, known.version_pass), version, "{known_by}");
            assert_eq!(known.first_seen_at, InstantMs(10), "{known_by}");
        }
        assert_eq!(ledger.sights_known_by(Some(InstantMs(5))).unwrap(), []);
        assert_eq!(ledger.history(RootId(1), &"a".into()).unwrap().len(), 5);
        assert_eq!(ledger.history(RootId(1), &"b".into()).unwrap().len(), 0);
    }

    #[test]
    fn what_is_gone_keeps_what_it_held() {
        let (_dir, mut ledger) = temp_ledger();
        for (at, fact) in [
            (10, file("a", "one", 1)),
            (20, file("a", "two", 2)),
            (25, file("b", "three", 2)),
            (30, gone("a", 3)),
            (40, gone("a", 4)),
            (50, gone("b", 4)),
            (60, file("b", "three", 5)),
        ] {
            ledger.append(InstantMs(at), &[fact], &[]).unwrap();
        }
        let before = ledger.last_before_gone().unwrap();
        assert_eq!(before.len(), 1);
        let (sight, at) = &before[0];
        assert_eq!((sight.path.to_text().as_ref(), *at), ("a", InstantMs(30)));
        assert!(matches!(sight.sight, Sight::Content { content: held, .. } if held == content("two")));
    }

    #[test]
    fn the_first_pass_of_a_root_found_what_had_been_there() {
        let (_dir, mut ledger) = temp_ledger();
        ledger.append(InstantMs(100), &[file("a", "one", 1), file("b", "one", 1)], &[]).unwrap();
        ledger.append(InstantMs(200), &[file("a", "two", 2), file("c", "new", 2)], &[]).unwrap();
        for (there, want) in [(50, vec!["a", "b"]), (150, vec!["a", "b"]), (250, vec!["a", "b", "c"])] {
            let sights = ledger.sights_there_at(Some(InstantMs(there)), None).unwrap();
            assert_eq!(paths(&sights), want, "{there}");
        }
    }

    #[test]
    fn keeps_names_and_stamps_that_are_no_text_or_small_number() {
        let (_dir, mut ledger) = temp_ledger();
        let name = RelPath::from_bytes(b"caf\xe9\n.txt".to_vec());
        let stamp = Stamp { size: u64::MAX, mtime_ns: i64::MIN, ctime_ns: i64::MAX, inode: u64::MAX - 1 };
        let what =
            Sight::Unread { reason: Unreadable::TooLarge, detail: "big".into(), stamp: Some(stamp), looked_ns: 1 };
        ledger.append(InstantMs(1), &[seen(name.clone(), what.clone(), 1), unread("b", 1)], &[]).unwrap();
        let now = ledger.sights_known_by(None).unwrap();
        assert_eq!((&now[1].path, &now[1].sight), (&name, &what));
        assert_eq!(ledger.sights_known_by(Some(InstantMs(1))).unwrap(), now);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn derived_tables_equal_the_fold_and_the_rebuild(facts in prop::collection::vec(some_seen(), 1..40)) {
            let (_dir, mut ledger) = temp_ledger();
            for (at, chunk) in (1..).zip(facts.chunks(3)) {
                ledger.append(InstantMs(at), chunk, &[]).unwrap();
            }
            let now = ledger.sights_known_by(None).unwrap();
            prop_assert_eq!(&ledger.sights_known_by(Some(InstantMs(i64::MAX))).unwrap(), &now);
            ledger.rebuild_projections().unwrap();
            prop_assert_eq!(&ledger.sights_known_by(None).unwrap(), &now);
        }
    }
}
