//! What a rejected paper says of its like: papers of the same kind and title, taken for proof of the same criterion.
//!
//! Bounded on purpose: a strong match becomes one to look at, and says because of whom; nothing is made stronger, nothing
//! disappears, and what a person said of a paper itself always counts more.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::catalog::Criterion;
use crate::domain::ids::RecordKindId;
use crate::domain::judge::verdict::{Match, NeedKind, Strength};

use super::decisions::{OnPapers, Said};
use super::documents::Document;
use super::documents::versions::{file_stem, title_words};

/// Names of months tell papers of one series apart.
const MONTHS: &[&str] = &[
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "ene",
    "abr",
    "ago",
    "dic",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "setiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "week",
    "semana",
    "month",
    "mes",
    "q",
];

/// What makes two papers alike for a criterion.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Like {
    role: NeedKind,
    kind: Option<RecordKindId>,
    title: BTreeSet<String>,
}

/// Papers rejected for one criterion, by what they are like.
pub(super) struct Rejected {
    papers: BTreeMap<Like, String>,
}

impl Rejected {
    pub fn of(criterion: &Criterion, documents: &[Document<'_>], decided: &OnPapers<'_>) -> Self {
        let (mut papers, mut accepted) = (BTreeMap::new(), BTreeSet::new());
        // Nothing was said of any paper: there is nothing to look through.
        let spoken_of = if decided.is_empty() { &[] } else { documents };
        for document in spoken_of {
            let likes = || own_matches(document, criterion).filter_map(|found| like(document, found));
            match decided.said(document.known) {
                Some(Said::Rejected { by }) => {
                    let reason = format!("{}, much like it, was rejected by {by}", document.assessed.name.path);
                    papers.extend(likes().map(|like| (like, reason.clone())));
                }
                Some(Said::Accepted { .. }) => accepted.extend(likes()),
                Some(Said::AcceptedBefore { .. }) | None => {}
            }
        }
        // Where people took some of a sort and not others, the sort says nothing.
        papers.retain(|like, _| !accepted.contains(like));
        Self { papers }
    }

    /// Why a strong match should be looked at, if a paper like it was rejected.
    pub fn doubt(&self, document: &Document<'_>, found: &Match) -> Option<String> {
        if self.papers.is_empty() || found.strength != Strength::Strong {
            return None;
        }
        self.papers.get(&like(document, found)?).cloned()
    }
}

fn own_matches<'a>(document: &'a Document<'_>, criterion: &'a Criterion) -> impl Iterator<Item = &'a Match> {
    let all = document.known.verdict.iter().flat_map(|verdict| &verdict.matches);
    all.filter(|found| found.criterion == criterion.id)
}

/// `None` for papers without a word that could tell them from others.
fn like(document: &Document<'_>, found: &Match) -> Option<Like> {
    let known = document.known;
    let mut title = series_words(&known.title);
    if title.is_empty() {
        title = series_words(file_stem(&known.name.path));
    }
    (!title.is_empty()).then(|| Like { role: found.role, kind: found.record_kind.clone(), title })
}

fn series_words(text: &str) -> BTreeSet<String> {
    let mut words = title_words(text);
    words.retain(|word| !MONTHS.contains(&word.as_str()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn papers_of_a_series_have_the_same_words() {
        let words = |text| series_words(text).into_iter().collect::<Vec<_>>().join(" ");
        for (text, want) in [
            ("Visitor log October 2026", "log visitor"),
            ("Visitor Log - Sept 2026 (2)", "log visitor"),
            ("Bitácora de visitantes, enero", "bitacora visitantes"),
            ("2026-10", ""),
        ] {
            assert_eq!(words(text), want, "{text}");
        }
    }
}
