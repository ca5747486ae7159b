//! Why nothing was found: words nobody wrote, filters in force, files that could not be read, an old pass.

use crate::domain::query::{CodeField, Query, Term};
use crate::engine::clock;
use crate::index::Plan;
use crate::ledger::WhichPass;
use crate::report::search::{Nothing, WordMet};

use super::super::Error;
use super::{Asked, Desk};

/// Words looked up one by one.
const WORDS_MAX: usize = 8;

pub(super) fn why(desk: &Desk, asked: &Asked) -> Result<Nothing, Error> {
    let mut words = Vec::new();
    for term in asked.query.terms().into_iter().take(WORDS_MAX) {
        let (Term::Word(word) | Term::Fuzzy(word, _)) = term else { continue };
        let (count, nearest) = desk.shelves.known_word(word, &desk.plan())?;
        words.push(WordMet { word: word.clone(), count, nearest });
    }
    let mut filters: Vec<String> = asked.filters.iter().map(ToString::to_string).collect();
    filters.extend(desk.roots.iter().flatten().map(|root| format!("root:{root}")));
    let mut last_pass = None;
    for root in desk.place.chosen_roots(&desk.ledger)? {
        let finished = desk.ledger.last_pass(root.id, WhichPass::Finished)?.and_then(|row| row.finished);
        // The oldest: what was not found may lie in that root.
        last_pass = match (last_pass, finished) {
            (Some(a), Some(b)) => Some(std::cmp::min(a, b)),
            (a, b) => a.or(b),
        };
    }
    Ok(Nothing {
        words,
        filters,
        unread: unread(desk)?,
        last_pass: last_pass.map(clock::instant_text),
        last_pass_minutes: last_pass.map(|at| clock::now().0.saturating_sub(at.0) / 60_000),
    })
}

/// Files not read where the query would have looked.
fn unread(desk: &Desk) -> Result<usize, Error> {
    let read = Query::Code { field: CodeField::Outcome, any_of: vec!["read".to_owned()] };
    let mut scope = places(&desk.query);
    scope.push(Query::Not(Box::new(read)));
    let query = Query::all_of(std::iter::once(Query::All).chain(scope));
    let plan = Plan { query: &query, like: None, ..desk.plan() };
    desk.shelves.count(&plan)
}

/// The parts of a query that say where to look.
fn places(query: &Query) -> Vec<Query> {
    match query {
        Query::Path(_) | Query::Code { field: CodeField::Site | CodeField::Root, .. } => vec![query.clone()],
        Query::And(inner) => inner.iter().flat_map(places).collect(),
        Query::All | Query::Text { .. } | Query::Code { .. } | Query::Days(_) | Query::Not(_) | Query::Or(_) => {
            Vec::new()
        }
    }
}
