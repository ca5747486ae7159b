//! What a person may ask of the papers: words, phrases, fields, dates and their combinations, as a tree.
//!
//! The grammar stands here, apart from any search engine: the index only translates the tree. A query printed and parsed
//! again is the same tree. What it means for a word to match (stems, folded accents) is the index's business.

mod error;
mod fields;
mod glob;
mod parse;
mod print;
#[cfg(test)]
mod tests;

pub use error::{Problem, QueryError};
pub use fields::{CodeField, FieldName, TextField};
pub use glob::PathGlob;
pub use parse::{LENGTH_MAX, filter, parse};

use crate::domain::day::Day;

/// A query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// Every document.
    All,
    Text {
        field: TextField,
        term: Term,
    },
    /// Any of the values; `*` in a value stands for any letters.
    Code {
        field: CodeField,
        any_of: Vec<String>,
    },
    Path(PathGlob),
    Days(Days),
    Not(Box<Query>),
    And(Vec<Query>),
    Or(Vec<Query>),
}

/// What is looked for in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// Matches its other grammatical forms too. A code of several parts (`SOP-SEAL-01`) is looked for as a run.
    Word(String),
    /// Matches as it stands, case and accents aside.
    Phrase(String),
    /// A word with `*` in it.
    Wild(String),
    /// A word and those that differ from it by so many letters.
    Fuzzy(String, Distance),
}

/// How many letters may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distance {
    One,
    Two,
}

impl Distance {
    pub fn letters(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }
}

/// Days from one to another, both included; an absent end is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub from: Option<Day>,
    pub to: Option<Day>,
}

impl Query {
    /// All of `queries`, flattened; every document if there are none.
    pub fn all_of(queries: impl IntoIterator<Item = Query>) -> Self {
        let mut flat = Vec::new();
        for query in queries {
            match query {
                Self::And(inner) => flat.extend(inner),
                other @ (Self::All
                | Self::Text { .. }
                | Self::Code { .. }
                | Self::Path(_)
                | Self::Days(_)
                | Self::Not(_)
                | Self::Or(_)) => flat.push(other),
            }
        }
        let had_all = flat.contains(&Self::All);
        flat.retain(|query| *query != Self::All);
        // Every document adds nothing to what names some, but is needed beside what only excludes.
        if had_all && flat.iter().all(Self::only_excludes) {
            flat.insert(0, Self::All);
        }
        match flat.len() {
            0 => Self::All,
            1 => flat.remove(0),
            _ => Self::And(flat),
        }
    }

    /// Any of `queries`, which are not empty, flattened.
    pub fn any_of(queries: impl IntoIterator<Item = Query>) -> Self {
        let mut flat = Vec::new();
        for query in queries {
            match query {
                Self::Or(inner) => flat.extend(inner),
                other @ (Self::All
                | Self::Text { .. }
                | Self::Code { .. }
                | Self::Path(_)
                | Self::Days(_)
                | Self::Not(_)
                | Self::And(_)) => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Self::Or(flat) }
    }

    /// The terms that a matching document holds in its text, in the order written; those excluded are left out.
    pub fn terms(&self) -> Vec<&Term> {
        let mut found = Vec::new();
        self.collect_terms(&mut found);
        found
    }

    fn collect_terms<'a>(&'a self, found: &mut Vec<&'a Term>) {
        match self {
            Self::Text { field: TextField::Anywhere | TextField::Text | TextField::Title, term } => found.push(term),
            Self::And(inner) | Self::Or(inner) => inner.iter().for_each(|query| query.collect_terms(found)),
            Self::Text { field: TextField::Path, .. }
            | Self::All
            | Self::Code { .. }
            | Self::Path(_)
            | Self::Days(_)
            | Self::Not(_) => {}
        }
    }

    /// True if it names nothing that a document should have, only what it should not.
    pub(crate) fn only_excludes(&self) -> bool {
        match self {
            Self::Not(_) => true,
            Self::And(inner) => inner.iter().all(Self::only_excludes),
            Self::Or(inner) => inner.iter().any(Self::only_excludes),
            Self::All | Self::Text { .. } | Self::Code { .. } | Self::Path(_) | Self::Days(_) => false,
        }
    }
}
