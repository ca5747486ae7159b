//! Searching: the index finds documents, the ledger has the passages that show why.
//!
//! Opening stays flat: a search of the present opens the index and, for the hits it shows, single rows of the ledger. A
//! judge is made only for papers of the past, whose cards no index keeps.

mod fold;
mod like;
mod nothing;
mod shelves;
mod snippets;

use std::collections::HashMap;
use std::path::PathBuf;

use crate::domain::day::Day;
use crate::domain::fact::{Sight, Withholding};
use crate::domain::ids::{ContentHash, InstantMs};
use crate::domain::query::Query;
use crate::engine::privacy::PrivatePaths;
use crate::engine::workspace::{Place, Sought};
use crate::index::{Facet, Found, Marker, Plan, Sort};
use crate::ledger::Ledger;
use crate::report::search::{self as report, Hit};

use super::{Error, known};
use fold::Group;
use shelves::Shelves;

/// Hits looked at beyond those shown, for versions to fold.
const WINDOW_MIN: usize = 20;

/// What a person asks.
#[derive(Clone, Debug)]
pub struct Asked {
    /// As written, for the answer.
    pub text: String,
    pub query: Query,
    /// What flags narrow it to.
    pub filters: Vec<Query>,
    pub sort: Sort,
    pub limit: usize,
    pub offset: usize,
    pub fold: Fold,
    pub passages: Passages,
    pub past: Past,
    /// A document, or any file, to find others like it.
    pub like: Option<PathBuf>,
}

/// What becomes of versions of one paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// They stand under the newest.
    UnderNewest,
    /// Each is a hit of its own; the newest comes first.
    Never,
}

/// Whether hits come with the passages that show why: an answer of paths alone needs none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passages {
    Show,
    LeaveOut,
}

/// What is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Past {
    /// What is there now.
    Now,
    /// What is gone.
    Deleted,
    /// What was there at the end of a day (`None`: today), as far as known at an instant (`None`: now).
    At { day: Option<Day>, known_by: Option<InstantMs> },
}

/// Finds documents; best first, with the passages that match.
pub fn search(place: Place, sought: &Sought, asked: &Asked) -> Result<report::Found, Error> {
    let desk = Desk::open(place, sought, asked)?;
    let plan = desk.plan();
    let (groups, total) = page(&desk, &plan, asked)?;
    let mut marker = Marker::of(&desk.query);
    let mut hits = Vec::with_capacity(groups.len());
    for group in groups {
        hits.extend(desk.hit(group, &mut marker, asked.passages)?);
    }
    let nothing = if total == 0 { Some(nothing::why(&desk, asked)?) } else { None };
    let filters = asked.filters.iter().map(ToString::to_string).collect();
    Ok(report::Found { query: asked.text.clone(), filters, total, hits, nothing })
}

/// How many documents match, versions and all.
pub fn count(place: Place, sought: &Sought, asked: &Asked) -> Result<usize, Error> {
    let desk = Desk::open(place, sought, asked)?;
    desk.shelves.count(&desk.plan())
}

/// How the documents that match divide.
pub fn facets(place: Place, sought: &Sought, asked: &Asked, facet: Facet) -> Result<report::Facets, Error> {
    let desk = Desk::open(place, sought, asked)?;
    let plan = desk.plan();
    let (counts, total) = (desk.shelves.facets(&plan, facet)?, desk.shelves.count(&plan)?);
    let by = match facet {
        Facet::Criterion => report::By::Criterion,
        Facet::Type => report::By::Type,
        Facet::Site => report::By::Site,
        Facet::Role => report::By::Role,
        Facet::Year => report::By::Year,
    };
    Ok(report::Facets { query: asked.text.clone(), by, total, counts })
}

/// Everything opened for one question.
struct Desk {
    place: Place,
    ledger: Ledger,
    shelves: Shelves,
    /// The folders of the roots that the answer keeps to; `None`: all there are.
    roots: Option<Vec<String>>,
    like: Option<crate::index::Likeness>,
    query: Query,
    private: PrivatePaths,
    withheld: HashMap<ContentHash, Withholding>,
}

impl Desk {
    fn open(place: Place, sought: &Sought, asked: &Asked) -> Result<Self, Error> {
        let ledger = place.read_ledger()?;
        let roots = if place.folders.is_empty() {
            None
        } else {
            let chosen = place.chosen_roots(&ledger)?;
            Some(chosen.iter().map(|root| root.path.to_text().into_owned()).collect())
        };
        let shelves = Shelves::open(&place, &ledger, sought, asked.past)?;
        let like = asked.like.as_deref().map(|path| like::likeness(&place, &ledger, path)).transpose()?;
        let query = Query::all_of(std::iter::once(asked.query.clone()).chain(asked.filters.iter().cloned()));
        let (private, withheld) = (PrivatePaths::new(&place.config.private), ledger.withheld()?);
        Ok(Self { place, ledger, shelves, roots, like, query, private, withheld })
    }

    fn plan(&self) -> Plan<'_> {
        Plan { query: &self.query, like: self.like.as_ref(), roots: self.roots.as_deref(), without: &[] }
    }

    /// `None` for a document that left the ledger's sight after the index's last commit: it is no answer any more.
    fn hit(&self, group: Group, marker: &mut Marker, passages: Passages) -> Result<Option<Hit>, Error> {
        let Found { card, score } = group.newest;
        let gone_on = self.shelves.gone_on(&card.file);
        if self.shelves.are_of_now && !self.is_there(&card.file)? {
            return Ok(None);
        }
        let text = match card.content {
            Some(content)
                if passages == Passages::Show && !marker.is_empty() && self.may_quote(content, &card.file) =>
            {
                self.ledger.read_of(content)?.and_then(|read| known::text_of(&read))
            }
            Some(_) | None => None,
        };
        let snippets = match text {
            Some(text) => snippets::of(&self.ledger, text, marker)?,
            None => Vec::new(),
        };
        Ok(Some(Hit {
            name: card.name,
            title: card.title,
            format: card.format,
            role: card.role,
            effective: card.day,
            criteria: card.criteria,
            kinds: card.kinds,
            outcome: card.outcome.into_iter().next_back().unwrap_or_default(),
            score,
            snippets,
            versions: group.older.into_iter().map(|found| (found.card.name, found.card.day)).collect(),
            gone_on,
        }))
    }

    /// True if the words of a content may be shown as those of this file.
    fn may_quote(&self, content: ContentHash, file: &str) -> bool {
        let place = known::file_of(file);
        !self.withheld.contains_key(&content) && place.is_some_and(|(_, path)| !self.private.covers(&path))
    }

    fn is_there(&self, file: &str) -> Result<bool, Error> {
        let Some((root, path)) = known::file_of(file) else { return Ok(false) };
        let sight = self.ledger.sight_of(root, &path)?;
        Ok(sight.is_some_and(|sight| sight.sight != Sight::Gone))
    }
}

/// The page of hits asked for, versions folded, and how many documents match.
fn page(desk: &Desk, plan: &Plan<'_>, asked: &Asked) -> Result<(Vec<Group>, usize), Error> {
    let wanted = asked.offset.saturating_add(asked.limit);
    if asked.limit == 0 {
        return Ok((Vec::new(), desk.shelves.count(plan)?));
    }
    // Nothing ranks papers that were asked for by their properties alone: the latest come first.
    let by_rank = asked.sort == Sort::Relevance && (!desk.query.terms().is_empty() || desk.like.is_some());
    let sort = if asked.sort == Sort::Relevance && !by_rank { Sort::Date } else { asked.sort };
    let mut window = wanted.saturating_mul(2).saturating_add(WINDOW_MIN);
    loop {
        let hits = desk.shelves.find(plan, sort, window)?;
        let seen_all = hits.found.len() >= hits.total || hits.found.len() < window;
        let mut groups = fold::groups(hits.found, sort, asked.fold);
        if groups.len() >= wanted || seen_all {
            groups.truncate(wanted);
            return Ok((groups.into_iter().skip(asked.offset).collect(), hits.total));
        }
        window = window.saturating_mul(4);
    }
}
