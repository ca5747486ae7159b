//! Asking: which documents a query finds, in which order, how many, and how they divide.

use std::collections::BTreeMap;

use tantivy::collector::{Collector, Count, SegmentCollector, TopDocs};
use tantivy::columnar::StrColumn;
use tantivy::fastfield::Column;
use tantivy::query::{BooleanQuery, Occur, Query as Translated, TermQuery, TermSetQuery};
use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{
    DocAddress, DocId, Order, ReloadPolicy, Score, Searcher, SegmentOrdinal, SegmentReader, TantivyDocument,
    TantivyError, Term as IndexTerm,
};

use super::fields::{Card, Fields, year_of};
use super::similar::Likeness;
use super::translate::{Translator, constant};
use super::{Error, Index};
use crate::domain::query::Query;

/// What is asked.
#[derive(Clone, Copy)]
pub struct Plan<'a> {
    pub query: &'a Query,
    /// Documents like this one; the query then only narrows.
    pub like: Option<&'a Likeness>,
    /// Folders of the roots that may be in the answer; `None`: all.
    pub roots: Option<&'a [String]>,
    /// Names of files that may not be in it.
    pub without: &'a [String],
}

/// The order of hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Relevance,
    /// The latest first, those without a day last.
    Date,
    Path,
}

/// By what an answer is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facet {
    Criterion,
    Type,
    Site,
    Role,
    Year,
}

/// Documents that match, in order.
#[derive(Debug)]
pub struct Hits {
    /// All that match, of which `found` are the first.
    pub total: usize,
    pub found: Vec<Found>,
}

/// One document that matches.
#[derive(Clone, Debug)]
pub struct Found {
    pub card: Card,
    pub score: f32,
}

/// One state of the index, opened once for any number of questions.
pub struct Searching<'a> {
    index: &'a Index,
    pub(super) searcher: Searcher,
}

impl Index {
    pub fn searching(&self) -> Result<Searching<'_>, Error> {
        let reader = self.inner.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
        let reader: tantivy::IndexReader = reader.map_err(|e| self.search_error(e))?;
        Ok(Searching { index: self, searcher: reader.searcher() })
    }

    fn search_error(&self, source: TantivyError) -> Error {
        Error::Search { path: self.folder.clone(), source: source.into() }
    }
}

impl Searching<'_> {
    /// The first `take` documents.
    pub fn find(&self, plan: &Plan<'_>, sort: Sort, take: usize) -> Result<Hits, Error> {
        self.try_find(plan, sort, take).map_err(|e| self.error(e))
    }

    pub fn count(&self, plan: &Plan<'_>) -> Result<usize, Error> {
        let count = |query: Box<dyn Translated>| self.searcher.search(&*query, &Count);
        self.translated(plan).and_then(count).map_err(|e| self.error(e))
    }

    /// How many documents have each value, most first. A document may have several or none.
    pub fn facets(&self, plan: &Plan<'_>, facet: Facet) -> Result<Vec<(String, u64)>, Error> {
        let count = |query: Box<dyn Translated>| self.searcher.search(&*query, &Counting(facet));
        let counts = self.translated(plan).and_then(count).map_err(|e| self.error(e))?;
        let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Ok(counts)
    }

    pub(super) fn error(&self, source: TantivyError) -> Error {
        self.index.search_error(source)
    }

    pub(super) fn fields(&self) -> &Fields {
        &self.index.fields
    }

    fn try_find(&self, plan: &Plan<'_>, sort: Sort, take: usize) -> tantivy::Result<Hits> {
        let query = self.translated(plan)?;
        if take == 0 {
            return Ok(Hits { total: self.searcher.search(&*query, &Count)?, found: Vec::new() });
        }
        // Room is made for as many rows as are asked for: never for more than there are.
        let most = usize::try_from(self.searcher.num_docs()).unwrap_or(usize::MAX);
        let top = TopDocs::with_limit(take.min(most).max(1));
        let (rows, total): (Vec<(Score, DocAddress)>, usize) = match sort {
            Sort::Relevance => self.searcher.search(&*query, &(top.order_by_score(), Count))?,
            Sort::Date => {
                let by_day = top.order_by_fast_field::<i64>("day", Order::Desc);
                let (rows, total) = self.searcher.search(&*query, &(by_day, Count))?;
                (rows.into_iter().map(|(_, address)| (0.0, address)).collect(), total)
            }
            Sort::Path => {
                let by_key = top.order_by_string_fast_field("key", Order::Asc);
                let (rows, total) = self.searcher.search(&*query, &(by_key, Count))?;
                (rows.into_iter().map(|(_, address)| (0.0, address)).collect(), total)
            }
        };
        let mut found = Vec::with_capacity(rows.len());
        for (score, address) in rows {
            let row: TantivyDocument = self.searcher.doc(address)?;
            let card = row.get_first(self.fields().card).and_then(|value| value.as_str());
            // A card of another form is of another version of this module, whose index is never opened.
            let card: Option<Card> = card.and_then(|text| serde_json::from_str(text).ok());
            found.extend(card.map(|card| Found { card, score }));
        }
        Ok(Hits { total, found })
    }

    fn translated(&self, plan: &Plan<'_>) -> tantivy::Result<Box<dyn Translated>> {
        let fields = self.fields();
        let translated = Translator { fields, searcher: &self.searcher }.query(plan.query)?;
        let mut clauses: Vec<(Occur, Box<dyn Translated>)> = Vec::new();
        if let Some(roots) = plan.roots {
            let terms = roots.iter().map(|root| IndexTerm::from_field_text(fields.root, root));
            clauses.push((Occur::Must, constant(Box::new(TermSetQuery::new(terms)))));
        }
        if let Some(like) = plan.like {
            clauses.push((Occur::Must, self.like(like)?));
            let itself = like.key.iter().map(|key| IndexTerm::from_field_text(fields.key, key));
            clauses.extend(itself.map(|term| -> (Occur, Box<dyn Translated>) {
                (Occur::MustNot, Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
            }));
        }
        if !plan.without.is_empty() {
            let terms = plan.without.iter().map(|file| IndexTerm::from_field_text(fields.file, file));
            clauses.push((Occur::MustNot, Box::new(TermSetQuery::new(terms))));
        }
        if clauses.is_empty() {
            return Ok(translated);
        }
        clauses.push((Occur::Must, if plan.like.is_some() { constant(translated) } else { translated }));
        Ok(Box::new(BooleanQuery::new(clauses)))
    }
}

/// Counts the values of a facet.
struct Counting(Facet);

enum SegmentCounting {
    Names { column: Option<StrColumn>, counts: Vec<u64> },
    Years { column: Column<i64>, counts: BTreeMap<String, u64> },
}

impl Facet {
    fn field(self) -> &'static str {
        match self {
            Self::Criterion => "criterion",
            Self::Type => "type",
            Self::Site => "site",
            Self::Role => "role",
            Self::Year => "day",
        }
    }
}

impl Collector for Counting {
    type Fruit = BTreeMap<String, u64>;
    type Child = SegmentCounting;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCounting> {
        let columns = segment.fast_fields();
        Ok(match self.0 {
            Facet::Year => SegmentCounting::Years { column: columns.i64(self.0.field())?, counts: BTreeMap::new() },
            Facet::Criterion | Facet::Type | Facet::Site | Facet::Role => {
                let column = columns.str(self.0.field())?;
                let values = column.as_ref().map_or(0, |column| column.num_terms());
                SegmentCounting::Names { column, counts: vec![0; values] }
            }
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<tantivy::Result<BTreeMap<String, u64>>>) -> tantivy::Result<Self::Fruit> {
        let mut all = BTreeMap::new();
        for fruit in fruits {
            for (name, count) in fruit? {
                *all.entry(name).or_default() += count;
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentCounting {
    type Fruit = tantivy::Result<BTreeMap<String, u64>>;

    fn collect(&mut self, doc: DocId, _: Score) {
        match self {
            Self::Names { column: Some(column), counts } => {
                for ord in column.term_ords(doc) {
                    if let Some(count) = usize::try_from(ord).ok().and_then(|at| counts.get_mut(at)) {
                        *count += 1;
                    }
                }
            }
            Self::Names { column: None, .. } => {}
            Self::Years { column, counts } => {
                if let Some(day) = column.first(doc) {
                    *counts.entry(year_of(day).to_string()).or_default() += 1;
                }
            }
        }
    }

    fn harvest(self) -> Self::Fruit {
        let (column, counts) = match self {
            Self::Years { counts, .. } => return Ok(counts),
            Self::Names { column: None, .. } => return Ok(BTreeMap::new()),
            Self::Names { column: Some(column), counts } => (column, counts),
        };
        let mut named = BTreeMap::new();
        for (ord, count) in (0_u64..).zip(counts).filter(|(_, count)| *count > 0) {
            let mut name = String::new();
            if column.ord_to_str(ord, &mut name)? {
                named.insert(name, count);
            }
        }
        Ok(named)
    }
}
