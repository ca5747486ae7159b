//! Asking: a query in words, phrases, fields and boolean operators; best documents first; and which words matched.

use std::collections::HashSet;
use std::ops::Range;

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{Query, QueryParser, QueryParserError};
use tantivy::schema::Value;
use tantivy::tokenizer::{Language, TextAnalyzer};
use tantivy::{ReloadPolicy, TantivyDocument, Term};

use super::{Error, Index, analyze, fields};

/// Titles and names say what a paper is; its body mentions much else.
const TITLE_BOOST: f32 = 3.0;
const PATH_BOOST: f32 = 2.0;

/// Documents that match, best first.
#[derive(Debug)]
pub struct Hits {
    /// All that match, of which `found` is a page.
    pub total: usize,
    pub found: Vec<Found>,
}

/// One document that matches.
#[derive(Debug)]
pub struct Found {
    pub key: String,
    pub file: String,
    pub score: f32,
}

impl Index {
    /// The documents matching `query`, best first: `limit` of them after the first `offset`.
    pub fn search(&self, query: &str, limit: usize, offset: usize) -> Result<Hits, Error> {
        let parsed = self.parse(query)?;
        let error = |e: tantivy::TantivyError| Error::Search { path: self.folder.clone(), source: e.into() };
        let reader = self.inner.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(error)?;
        let searcher = reader.searcher();
        let top = TopDocs::with_limit(limit.max(1)).and_offset(offset).order_by_score();
        let (rows, total) = searcher.search(&*parsed, &(top, Count)).map_err(error)?;
        let mut found = Vec::with_capacity(rows.len());
        for (score, address) in rows.into_iter().take(limit) {
            let row: TantivyDocument = searcher.doc(address).map_err(error)?;
            let text = |field| row.get_first(field).and_then(|value| value.as_str()).map(str::to_owned);
            let names = text(self.fields.key).zip(text(self.fields.file));
            found.extend(names.map(|(key, file)| Found { key, file, score }));
        }
        Ok(Hits { total, found })
    }

    /// What finds the words of `query` in a text.
    pub fn marker(&self, query: &str) -> Result<Marker, Error> {
        let parsed = self.parse(query)?;
        let mut marker = Marker::default();
        parsed.query_terms(&mut |term: &Term, _| {
            let Some(text) = term.value().as_str().map(str::to_owned) else { return };
            let field = term.field();
            if field == self.fields.english {
                marker.english.insert(text);
            } else if field == self.fields.spanish {
                marker.spanish.insert(text);
            } else if field == self.fields.text {
                marker.exact.insert(text);
            }
        });
        Ok(marker)
    }

    fn parse(&self, query: &str) -> Result<Box<dyn Query>, Error> {
        let error = |problem: String| Error::Query { query: query.to_owned(), problem };
        if query.trim().is_empty() {
            return Err(error("it is empty".to_owned()));
        }
        let f = &self.fields;
        let mut parser = QueryParser::for_index(&self.inner, vec![f.text, f.title, f.path, f.english, f.spanish]);
        parser.set_conjunction_by_default();
        parser.set_field_boost(f.title, TITLE_BOOST);
        parser.set_field_boost(f.path, PATH_BOOST);
        // Phrases are exact: the stemmed fields hold no positions, and the parser refuses phrases on them.
        if query.contains('"') {
            parser = QueryParser::for_index(&self.inner, vec![f.text, f.title, f.path]);
            parser.set_conjunction_by_default();
        }
        parser.parse_query(query).map_err(|problem| error(in_words(query, &problem)))
    }
}

fn in_words(query: &str, problem: &QueryParserError) -> String {
    match problem {
        QueryParserError::FieldDoesNotExist(name) => {
            format!("there is no field `{name}`; fields are {}", fields::QUERY_FIELDS.join(", "))
        }
        QueryParserError::AllButQueryForbidden => "it only excludes; add a word to look for".to_owned(),
        QueryParserError::SyntaxError(_) if query.matches('"').count() % 2 == 1 => {
            "a quotation mark is not closed".to_owned()
        }
        QueryParserError::SyntaxError(_) => {
            "write words, \"phrases\", OR, -word, (groups) or field:value, and put other signs in quotation marks"
                .to_owned()
        }
        other => other.to_string().to_lowercase(),
    }
}

/// Finds the words of a query in a text.
#[derive(Default)]
pub struct Marker {
    exact: HashSet<String>,
    english: HashSet<String>,
    spanish: HashSet<String>,
}

/// One word that matched.
pub struct Mark {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// The form in which it matched; equal for forms of one word.
    pub form: String,
}

impl Marker {
    /// The matching words of `text`, in order.
    pub fn marks(&self, text: &str) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        for (mut analyzer, forms) in [
            (analyze::exact(), &self.exact),
            (analyze::stemmed(Language::English), &self.english),
            (analyze::stemmed(Language::Spanish), &self.spanish),
        ] {
            if !forms.is_empty() {
                collect(&mut analyzer, text, forms, &mut marks);
            }
        }
        marks.sort_by_key(|mark| mark.range.start);
        marks.dedup_by(|later, earlier| later.range == earlier.range);
        marks
    }
}

fn collect(analyzer: &mut TextAnalyzer, text: &str, forms: &HashSet<String>, marks: &mut Vec<Mark>) {
    let mut stream = analyzer.token_stream(text);
    while let Some(token) = stream.next() {
        if forms.contains(&token.text) {
            marks.push(Mark { range: token.offset_from..token.offset_to, form: token.text.clone() });
        }
    }
}
