//! Papers like a paper: those that share its rarest words, most of them first.

use std::collections::HashMap;

use tantivy::query::{BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, Query as Translated, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{TantivyError, Term as IndexTerm};

use super::analyze;
use super::search::{Plan, Searching};
use super::translate::constant;
use crate::domain::query::{Query, Term, TextField};

/// Words of the paper whose rarity is looked up.
const LOOKED_UP_MAX: usize = 400;
/// Words looked for.
const WORDS_MAX: usize = 30;
/// Of these, the share that a paper must have to be called alike.
const SHARE: usize = 4;
/// Words shorter than this have near ones one letter away.
const SHORT: usize = 5;
/// Near words tried, the commonest first.
const NEAREST_MAX: usize = 20;
/// Characters read of a long paper.
const TEXT_MAX: usize = 200_000;

/// A paper to find others like it.
pub struct Likeness {
    /// Its own name in the index, if it is there: it is not like itself.
    pub key: Option<String>,
    pub text: String,
}

impl Searching<'_> {
    pub(super) fn like(&self, like: &Likeness) -> tantivy::Result<Box<dyn Translated>> {
        let field = self.fields().text;
        let documents = self.searcher.num_docs() as f32;
        let mut weighed = Vec::new();
        for (word, times) in frequent(&like.text) {
            let term = IndexTerm::from_field_text(field, &word);
            let having = self.searcher.doc_freq(&term)? as f32;
            // A word that is in the half of all papers, or in none other, finds nothing.
            if having >= 1.0 && having <= (documents / 2.0).max(2.0) {
                let rarity = (1.0 + documents / having).ln();
                weighed.push(((1.0 + times as f32).ln() * rarity, term));
            }
        }
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        weighed.truncate(WORDS_MAX);
        let Some(best) = weighed.first().map(|(weight, _)| *weight) else {
            return Ok(constant(Box::new(BooleanQuery::new(Vec::new()))));
        };
        let needed = (weighed.len() / SHARE).max(1);
        let clauses = weighed.into_iter().map(|(weight, term)| -> (Occur, Box<dyn Translated>) {
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            (Occur::Should, Box::new(BoostQuery::new(Box::new(query), weight / best)))
        });
        Ok(Box::new(BooleanQuery::with_minimum_required_clauses(clauses.collect(), needed)))
    }

    /// How many documents that `plan` may find have a word, in any of its grammatical forms or in their names; and, if
    /// none, the nearest word that some of them have. The plan's query does not matter.
    pub fn known_word(&self, word: &str, plan: &Plan<'_>) -> Result<(usize, Option<String>), super::Error> {
        let having = |term: Term| {
            let query = Query::Text { field: TextField::Anywhere, term };
            self.count(&Plan { query: &query, like: None, ..*plan })
        };
        let count = having(Term::Word(word.to_owned()))?;
        let forms = analyze::forms(analyze::exact(), word);
        let ([form], 0) = (forms.as_slice(), count) else { return Ok((count, None)) };
        for distance in 1..=if form.chars().count() < SHORT { 1 } else { 2 } {
            for near in self.nearest(form, distance).map_err(|e| self.error(e))? {
                // A word of other papers only would tell what they say.
                if having(Term::Phrase(near.clone()))? > 0 {
                    return Ok((count, Some(near)));
                }
            }
        }
        Ok((count, None))
    }

    /// The words so many letters away, those that most documents have first.
    fn nearest(&self, form: &str, distance: u8) -> tantivy::Result<Vec<String>> {
        let fields = self.fields();
        let mut counts: HashMap<String, u32> = HashMap::new();
        for field in [fields.text, fields.path] {
            let term = IndexTerm::from_field_text(field, form);
            let automaton = FuzzyTermQuery::new(term, distance, true).automaton()?;
            for segment in self.searcher.segment_readers() {
                let inverted = segment.inverted_index(field)?;
                let mut stream = inverted.terms().search(&automaton).into_stream().map_err(TantivyError::from)?;
                while stream.advance() {
                    let Ok(word) = std::str::from_utf8(stream.key()) else { continue };
                    *counts.entry(word.to_owned()).or_default() += stream.value().doc_freq;
                }
            }
        }
        let mut words: Vec<(String, u32)> = counts.into_iter().collect();
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        words.truncate(NEAREST_MAX);
        Ok(words.into_iter().map(|(word, _)| word).collect())
    }
}

/// The words of a text with how often they stand there, most often first. Numbers tell papers apart, not alike.
fn frequent(text: &str) -> Vec<(String, u32)> {
    let end = text.char_indices().nth(TEXT_MAX).map_or(text.len(), |(at, _)| at);
    let mut counts: HashMap<String, u32> = HashMap::new();
    analyze::exact().token_stream(&text[..end]).process(&mut |token| {
        let word = &token.text;
        if word.chars().count() > 2 && !word.contains(|c: char| c.is_ascii_digit()) && !analyze::is_stop_word(word) {
            *counts.entry(word.clone()).or_default() += 1;
        }
    });
    let mut counts: Vec<(String, u32)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(LOOKED_UP_MAX);
    counts
}
