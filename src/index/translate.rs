//! A query's tree as a query of tantivy: which fields a word is looked for in, and what each is worth.

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery, Occur, PhrasePrefixQuery,
    PhraseQuery, Query as Translated, RangeQuery, RegexQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::Language;
use tantivy::{Searcher, TantivyError, Term as IndexTerm};

use super::analyze;
use super::fields::{Fields, day_number};
use crate::domain::query::{CodeField, Days, PathGlob, Query, Term, TextField};

/// Titles and names say what a paper is; its body mentions much else. `docs/search.md` has the trial.
const TEXT: f32 = 1.0;
const STEM: f32 = 0.7;
const HEADING: f32 = 1.5;
const TITLE: f32 = 2.5;
const PATH: f32 = 2.0;
/// Words of the query side by side in a text or a title.
const TOGETHER: f32 = 0.8;
const TOGETHER_IN_TITLE: f32 = 2.0;
/// Words that may stand between them.
const TOGETHER_SLOP: u32 = 3;
/// Words of one query whose nearness is weighed.
const TOGETHER_WORDS_MAX: usize = 8;
/// Endings tried of a code's last part.
const EXPANSIONS_MAX: u32 = 500;

type Boxed = Box<dyn Translated>;

/// Translates for one state of the index: names with `*` are looked up in its dictionaries.
pub(super) struct Translator<'a> {
    pub(super) fields: &'a Fields,
    pub(super) searcher: &'a Searcher,
}

impl Translator<'_> {
    pub(super) fn query(&self, query: &Query) -> tantivy::Result<Boxed> {
        Ok(match query {
            Query::All => constant(Box::new(AllQuery)),
            Query::Text { field, term } => self.term(*field, term)?,
            Query::Code { field, any_of } => self.code(*field, any_of)?,
            Query::Path(glob) => self.path(glob)?,
            Query::Days(days) => self.days(*days),
            Query::Not(inner) => Box::new(BooleanQuery::new(vec![
                (Occur::Must, constant(Box::new(AllQuery))),
                (Occur::MustNot, self.query(inner)?),
            ])),
            Query::Or(inner) => any(inner.iter().map(|query| self.query(query)).collect::<Result<_, _>>()?),
            Query::And(inner) => self.all(inner)?,
        })
    }

    fn all(&self, inner: &[Query]) -> tantivy::Result<Boxed> {
        let is_stop = |query: &Query| stop_word(query);
        let has_other = inner.iter().any(|query| matches!(query, Query::Text { .. }) && !is_stop(query));
        let mut clauses = Vec::with_capacity(inner.len() + 2);
        for query in inner.iter().filter(|query| !(has_other && is_stop(query))) {
            clauses.push(match query {
                Query::Not(excluded) => (Occur::MustNot, self.query(excluded)?),
                Query::All
                | Query::Text { .. }
                | Query::Code { .. }
                | Query::Path(_)
                | Query::Days(_)
                | Query::And(_)
                | Query::Or(_) => (Occur::Must, self.query(query)?),
            });
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, constant(Box::new(AllQuery))));
        }
        clauses.extend(self.together(inner));
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// Papers with the words side by side come first; those with the words apart are found all the same.
    fn together(&self, inner: &[Query]) -> Vec<(Occur, Boxed)> {
        let mut words = Vec::new();
        for query in inner {
            if let Query::Text { field: TextField::Anywhere, term: Term::Word(word) } = query
                && !stop_word(query)
            {
                words.extend(analyze::forms(analyze::exact(), word));
            }
        }
        if words.len() < 2 || words.len() > TOGETHER_WORDS_MAX {
            return Vec::new();
        }
        let near = |field: Field, worth: f32| -> (Occur, Boxed) {
            let mut phrase = PhraseQuery::new(terms(field, &words));
            phrase.set_slop(TOGETHER_SLOP);
            (Occur::Should, Box::new(BoostQuery::new(Box::new(phrase), worth)))
        };
        vec![near(self.fields.text, TOGETHER), near(self.fields.title, TOGETHER_IN_TITLE)]
    }

    fn term(&self, field: TextField, term: &Term) -> tantivy::Result<Boxed> {
        let places = self.places(field);
        match term {
            Term::Word(word) => Ok(self.word(field, word)),
            Term::Phrase(phrase) => {
                let forms = analyze::forms(analyze::exact(), phrase);
                Ok(any(places.iter().map(|place| run(*place, &forms)).collect()))
            }
            Term::Wild(pattern) => wild(&places, pattern),
            Term::Fuzzy(word, distance) => {
                let Some(form) = analyze::forms(analyze::exact(), word).into_iter().next() else {
                    return Ok(nothing());
                };
                let near = |(field, worth): &(Field, f32)| -> Boxed {
                    let term = IndexTerm::from_field_text(*field, &form);
                    boosted(Box::new(FuzzyTermQuery::new(term, distance.letters(), true)), *worth)
                };
                let mut queries: Vec<Boxed> = places.iter().map(near).collect();
                // The word as written, if it is one, comes first.
                queries.extend(places.iter().map(|place| run(*place, std::slice::from_ref(&form))));
                Ok(any(queries))
            }
        }
    }

    /// Where exact forms are looked for, and what each is worth.
    fn places(&self, field: TextField) -> Vec<(Field, f32)> {
        let f = self.fields;
        match field {
            TextField::Anywhere => vec![(f.text, TEXT), (f.heading, HEADING), (f.title, TITLE), (f.path, PATH)],
            TextField::Title => vec![(f.title, 1.0)],
            TextField::Path => vec![(f.path, 1.0)],
            TextField::Text => vec![(f.text, 1.0)],
        }
    }

    fn word(&self, field: TextField, word: &str) -> Boxed {
        let places = self.places(field);
        let forms = analyze::forms(analyze::exact(), word);
        let mut queries: Vec<Boxed> = places.iter().map(|place| run(*place, &forms)).collect();
        if let [form] = forms.as_slice() {
            let runs: Vec<String> = analyze::runs(form).into_iter().map(str::to_owned).collect();
            if runs.len() > 1 {
                queries.extend(places.iter().map(|place| run(*place, &runs)));
            }
            // Stems of text and names lie in one field: in one place alone a word is looked for as it stands.
            if field == TextField::Anywhere {
                for (field, language) in
                    [(self.fields.english, Language::English), (self.fields.spanish, Language::Spanish)]
                {
                    let stems = analyze::forms(analyze::stemmed(language), word);
                    queries.push(run((field, STEM), &stems));
                }
            }
        }
        any(queries)
    }

    fn code(&self, field: CodeField, any_of: &[String]) -> tantivy::Result<Boxed> {
        let patterns: Vec<String> = any_of.iter().map(|pattern| analyze::folded(pattern)).collect();
        let matches = |value: &str| {
            let name = analyze::folded(value);
            // A root is named by its whole path or by its last folder.
            let last = name.rsplit('/').next().unwrap_or(&name);
            let is_root = field == CodeField::Root;
            patterns.iter().any(|pattern| fits(pattern, &name) || (is_root && fits(pattern, last)))
        };
        self.in_dictionary(self.fields.of_code(field), matches)
    }

    fn path(&self, glob: &PathGlob) -> tantivy::Result<Boxed> {
        self.in_dictionary(self.fields.key, |key| key.split_once(':').is_some_and(|(_, path)| glob.matches(path)))
    }

    /// Documents with a value of `field` for which `matches` holds.
    fn in_dictionary(&self, field: Field, matches: impl Fn(&str) -> bool) -> tantivy::Result<Boxed> {
        let mut found = Vec::new();
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field)?;
            let mut stream = inverted.terms().stream().map_err(TantivyError::from)?;
            while stream.advance() {
                if let Ok(value) = std::str::from_utf8(stream.key())
                    && matches(value)
                {
                    found.push(IndexTerm::from_field_text(field, value));
                }
            }
        }
        Ok(if found.is_empty() { nothing() } else { constant(Box::new(TermSetQuery::new(found))) })
    }

    fn days(&self, days: Days) -> Boxed {
        let bound = |day: Option<crate::domain::day::Day>| {
            day.map_or(std::ops::Bound::Unbounded, |day| {
                std::ops::Bound::Included(IndexTerm::from_field_i64(self.fields.day, day_number(day)))
            })
        };
        constant(Box::new(RangeQuery::new(bound(days.from), bound(days.to))))
    }
}

/// Words in a row, or the one word.
fn run((field, worth): (Field, f32), forms: &[String]) -> Boxed {
    match forms {
        [] => nothing(),
        [form] => {
            let term = IndexTerm::from_field_text(field, form);
            boosted(Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)), worth)
        }
        many => boosted(Box::new(PhraseQuery::new(terms(field, many))), worth),
    }
}

fn terms(field: Field, forms: &[String]) -> Vec<IndexTerm> {
    forms.iter().map(|form| IndexTerm::from_field_text(field, form)).collect()
}

/// `se*l`, `seal*`; of a code in parts (`SOP-SE*`) the last part is begun.
fn wild(places: &[(Field, f32)], pattern: &str) -> tantivy::Result<Boxed> {
    let pieces: Vec<Vec<String>> = pattern.split('*').map(|piece| analyze::forms(analyze::exact(), piece)).collect();
    if pieces.iter().all(|piece| piece.len() <= 1) {
        // Forms are letters and digits: nothing in them means anything to a pattern.
        let pieces: Vec<String> =
            pieces.into_iter().map(|piece| piece.into_iter().next().unwrap_or_default()).collect();
        let regex = pieces.join(".*");
        let mut queries = Vec::new();
        for (field, worth) in places {
            queries.push(boosted(Box::new(RegexQuery::from_pattern(&regex, *field)?), *worth));
        }
        return Ok(any(queries));
    }
    let parts = pieces.into_iter().flatten().collect::<Vec<String>>();
    let begun = |(field, worth): &(Field, f32)| -> Boxed {
        let mut query = PhrasePrefixQuery::new(terms(*field, &parts));
        query.set_max_expansions(EXPANSIONS_MAX);
        boosted(Box::new(query), *worth)
    };
    Ok(any(places.iter().map(begun).collect()))
}

/// True if `text` is `pattern`, in which `*` stands for any letters.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut pieces = rest.split('*').peekable();
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return text.ends_with(piece);
        }
        let Some(at) = text.find(piece) else { return false };
        text = &text[at + piece.len()..];
    }
    true
}

fn stop_word(query: &Query) -> bool {
    matches!(query, Query::Text { field: TextField::Anywhere | TextField::Text, term: Term::Word(word) }
        if analyze::is_stop_word(&word.to_lowercase()))
}

pub(super) fn any(mut queries: Vec<Boxed>) -> Boxed {
    match queries.len() {
        0 => nothing(),
        1 => queries.remove(0),
        _ => Box::new(BooleanQuery::union(queries)),
    }
}

fn boosted(query: Boxed, worth: f32) -> Boxed {
    // Exactly 1.0 is written so above.
    if (worth - 1.0).abs() < f32::EPSILON { query } else { Box::new(BoostQuery::new(query, worth)) }
}

/// Decides which documents are found, and not in which order.
pub(super) fn constant(query: Boxed) -> Boxed {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn nothing() -> Boxed {
    Box::new(EmptyQuery)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_letters() {
        for (pattern, text, want) in [
            ("6.*", "6.7", true),
            ("6.*", "16.7", false),
            ("*log*", "visitor-log", true),
            ("*log", "login", false),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "acb", false),
            ("visitor-log", "visitor-log", true),
            ("visitor", "visitor-log", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, text), want, "{pattern} {text}");
        }
    }
}
