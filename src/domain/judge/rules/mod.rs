//! The catalog's patterns, compiled, and what they see in a text.
//!
//! `matcher` finds phrases, `patterns` asks for combinations of them, `page` and `table` say where titles, sections and
//! columns are, `kinds` and `clauses` keep what was seen. Nothing here weighs anything: the referee does.

mod clauses;
mod kinds;
mod matcher;
pub mod page;
mod parts;
mod patterns;
pub mod scan;
pub mod table;

pub use clauses::{ClauseRule, TopicRule};
pub use kinds::{KindRule, UnrelatedRule};
pub use page::Page;
pub use parts::parts;
pub use patterns::{Compiled, GroupId, Patterns, Spot, Zone};

use std::collections::BTreeSet;

use crate::domain::catalog::Catalog;
use crate::domain::judge::signal::{ClauseSignal, KindSignal, UnrelatedSignal};
use scan::Scan;
use table::Tables;

/// Everything of a catalog that the judge needs.
pub struct Rules {
    pub kinds: Vec<KindRule>,
    pub clauses: Vec<ClauseRule>,
    pub topics: Vec<TopicRule>,
    pub unrelated: Vec<UnrelatedRule>,
    /// The numbers of all criteria, as a text may name them.
    pub criteria: BTreeSet<String>,
}

impl Rules {
    pub fn new(catalog: &Catalog, patterns: &mut Patterns) -> Self {
        Self {
            kinds: kinds::compile_kinds(catalog, patterns),
            clauses: clauses::compile_clauses(catalog, patterns),
            topics: clauses::compile_topics(catalog, patterns),
            unrelated: kinds::compile_unrelated(catalog, patterns),
            criteria: catalog.criteria.iter().map(|criterion| criterion.id.to_string()).collect(),
        }
    }

    pub fn kind_signals(&self, patterns: &Patterns, text: (&Page, &Scan, &Tables)) -> Vec<KindSignal> {
        kinds::kind_signals(&self.kinds, patterns, text)
    }

    pub fn unrelated_signals(&self, patterns: &Patterns, text: (&Page, &Scan)) -> Vec<UnrelatedSignal> {
        kinds::unrelated_signals(&self.unrelated, patterns, text)
    }

    pub fn clause_signals(&self, patterns: &Patterns, text: (&Page, &Scan)) -> Vec<ClauseSignal> {
        clauses::clause_signals(&self.clauses, patterns, text)
    }
}
