//! What is searched: the index of what is there now and, for the past, one in memory of what was there then and is not
//! now.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::day::Day;
use crate::domain::fact::{Head, Sight};
use crate::domain::ids::{ContentHash, InstantMs, RootId, Seq};
use crate::domain::relpath::RelPath;
use crate::engine::clock;
use crate::engine::workspace::{Place, Sought, Workspace};
use crate::index::{Facet, Hits, Index, Made, Plan, Sort};
use crate::ledger::{KnownSight, Ledger};

use super::super::known::{self, Loader};
use super::super::{Error, indexed, today};
use super::{Past, fold};

/// From here on everything read is loaded at once and not one by one.
const MANY: usize = 300;

/// One or two indexes, asked as one.
pub(super) struct Shelves {
    all: Vec<Shelf>,
    /// True if only what is there now can be found.
    pub(super) are_of_now: bool,
    /// By the name of the file: the day on which it was found to be gone.
    gone: HashMap<String, Day>,
}

struct Shelf {
    index: Index,
    /// Files of the index that were not there, or were others.
    without: Vec<String>,
}

impl Shelves {
    pub(super) fn open(place: &Place, ledger: &Ledger, sought: &Sought, past: Past) -> Result<Self, Error> {
        match past {
            Past::Now => {
                let shelf = Shelf { index: of_now(place)?, without: Vec::new() };
                Ok(Self { all: vec![shelf], are_of_now: true, gone: HashMap::new() })
            }
            Past::Deleted => deleted(place, ledger, sought),
            Past::At { day, known_by } => at(place, ledger, sought, (day, known_by)),
        }
    }

    pub(super) fn gone_on(&self, file: &str) -> Option<Day> {
        self.gone.get(file).copied()
    }

    /// The first `take` of all.
    pub(super) fn find(&self, plan: &Plan<'_>, sort: Sort, take: usize) -> Result<Hits, Error> {
        let mut hits = Hits { total: 0, found: Vec::new() };
        for shelf in &self.all {
            let more = shelf.index.searching()?.find(&shelf.plan(plan), sort, take)?;
            hits.total += more.total;
            hits.found.extend(more.found);
        }
        if self.all.len() > 1 {
            hits.found.sort_by(|a, b| fold::order(a, b, sort));
            hits.found.truncate(take);
        }
        Ok(hits)
    }

    pub(super) fn count(&self, plan: &Plan<'_>) -> Result<usize, Error> {
        let mut total = 0;
        for shelf in &self.all {
            total += shelf.index.searching()?.count(&shelf.plan(plan))?;
        }
        Ok(total)
    }

    pub(super) fn facets(&self, plan: &Plan<'_>, facet: Facet) -> Result<Vec<(String, u64)>, Error> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for shelf in &self.all {
            for (value, count) in shelf.index.searching()?.facets(&shelf.plan(plan), facet)? {
                *counts.entry(value).or_default() += count;
            }
        }
        let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
        if facet != Facet::Year {
            // Stable: values of one count stay in their order.
            counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        }
        Ok(counts)
    }

    /// How many documents have a word, and the nearest word that some have if none has it.
    pub(super) fn known_word(&self, word: &str, plan: &Plan<'_>) -> Result<(usize, Option<String>), Error> {
        let (mut total, mut nearest) = (0, None);
        for shelf in &self.all {
            let (count, near) = shelf.index.searching()?.known_word(word, &shelf.plan(plan))?;
            total += count;
            nearest = nearest.or(near);
        }
        Ok((total, nearest.filter(|_| total == 0)))
    }
}

impl Shelf {
    fn plan<'a>(&'a self, plan: &Plan<'a>) -> Plan<'a> {
        Plan { without: &self.without, ..*plan }
    }
}

fn of_now(place: &Place) -> Result<Index, Error> {
    if !place.index_path().exists() {
        return Err(Error::NoIndex { state: place.state.clone() });
    }
    Ok(Index::open_to_search(&place.index_path())?)
}

/// What is gone and lies nowhere else.
fn deleted(place: &Place, ledger: &Ledger, sought: &Sought) -> Result<Shelves, Error> {
    let present: HashSet<ContentHash> =
        ledger.sights_known_by(None)?.iter().filter_map(|sight| content_of(&sight.sight)).collect();
    let mut gone = HashMap::new();
    let mut sights = Vec::new();
    for (sight, at) in ledger.last_before_gone()? {
        if content_of(&sight.sight).is_some_and(|content| !present.contains(&content)) {
            let day = clock::day_of(at, &place.zone);
            gone.extend(day.map(|day| (known::file_key(sight.root, &sight.path), day)));
            sights.push(sight);
        }
    }
    let index = in_memory(ledger, sought, (&sights, today(place)))?;
    Ok(Shelves { all: vec![Shelf { index, without: Vec::new() }], are_of_now: false, gone })
}

type Moment = (Option<Day>, Option<InstantMs>);

fn at(place: &Place, ledger: &Ledger, sought: &Sought, (day, known_by): Moment) -> Result<Shelves, Error> {
    let today = today(place);
    let as_of = day.unwrap_or(today);
    let end = if as_of < today { known::end_of(as_of, place) } else { None };
    let then = match (end, known_by) {
        (None, None) => ledger.sights_known_by(None)?,
        (there, known_by) => ledger.sights_there_at(there, known_by)?,
    };
    let now: HashMap<(RootId, RelPath), Option<ContentHash>> = ledger
        .sights_known_by(None)?
        .into_iter()
        .filter(|sight| sight.sight != Sight::Gone)
        .map(|sight| ((sight.root, sight.path), content_of(&sight.sight)))
        .collect();
    let mut same = HashSet::new();
    let mut others = Vec::new();
    for sight in then.into_iter().filter(|sight| sight.sight != Sight::Gone) {
        let name = (sight.root, sight.path.clone());
        if now.get(&name) == Some(&content_of(&sight.sight)) {
            same.insert(name);
        } else {
            others.push(sight);
        }
    }
    let without = now.keys().filter(|name| !same.contains(*name));
    let without = without.map(|(root, path)| known::file_key(*root, path)).collect();
    let index = in_memory(ledger, sought, (&others, as_of))?;
    let all = vec![Shelf { index: of_now(place)?, without }, Shelf { index, without: Vec::new() }];
    Ok(Shelves { all, are_of_now: false, gone: HashMap::new() })
}

/// An index of papers as they were at a sight of them, dated as on a day.
fn in_memory(ledger: &Ledger, sought: &Sought, (sights, day): (&[KnownSight], Day)) -> Result<Index, Error> {
    let index = Index::in_memory();
    let workspace = Workspace::at(Place::open_to_ask(sought)?, sought)?;
    let loader = if sights.len() > MANY {
        Loader::all(&workspace, ledger, None)?
    } else {
        Loader::one_by_one(&workspace, ledger)?
    };
    let mut writer = index.writer()?;
    for sight in sights {
        for located in loader.located_on(day, &workspace, sight)? {
            writer.put(&indexed(&loader, &located)?)?;
        }
    }
    let head = ledger.head()?.unwrap_or(Head { seq: Seq(0), hash: ContentHash([0; 32]) });
    writer.commit(Made { head, by: String::new() })?;
    Ok(index)
}

fn content_of(sight: &Sight) -> Option<ContentHash> {
    match sight {
        Sight::Content { content, .. } => Some(*content),
        Sight::Unread { .. } | Sight::Gone => None,
    }
}
