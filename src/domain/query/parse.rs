//! From text to the tree, by recursive descent.
//!
//! ```text
//! any   = all { "OR" all }
//! all   = item { [ "AND" ] item }
//! item  = ( "-" | "NOT" ) item | "(" any ")" | "*" | field ":" value | term
//! term  = '"' words '"' | word | word with "*" | word "~" [ "1" | "2" ]
//! value = term | "(" any ")"              title, path, text
//!       | code { "," code }               criterion, role, kind, type, site, root, outcome, language
//!       | [ date ] ".." [ date ] | date   date; a date alone for year, since, until
//! ```
//!
//! Signs without a letter or digit beside them are passed over: titles are often pasted with their dashes.

use super::error::{Problem, QueryError};
use super::fields::{CodeField, FieldName, TextField};
use super::glob::PathGlob;
use super::{Distance, Query, Term};
use crate::domain::day::Day;

mod days;

/// Groups inside one another.
const DEPTH_MAX: usize = 32;
/// Characters of a query.
pub const LENGTH_MAX: usize = 2_000;
/// Letters from which a word may differ by two.
const FUZZY_TWO_FROM: usize = 6;

/// Parses what a person wrote. Ages (`since:30d`) count back from `today`.
pub fn parse(text: &str, today: Day) -> Result<Query, QueryError> {
    let mut parser = Parser::new(text, today);
    parser.whole().map_err(|(at, problem)| QueryError { query: text.to_owned(), at, problem })
}

/// The query `field:value`, whatever signs the value holds.
pub fn filter(field: FieldName, value: &str, today: Day) -> Result<Query, QueryError> {
    let parsed = match field {
        FieldName::Text(TextField::Path) => glob(0, value),
        FieldName::Text(field) => Ok(Query::Text { field, term: Term::Phrase(value.replace('"', " ")) }),
        FieldName::Code(code) => values_of(code, value),
        FieldName::Date | FieldName::Year | FieldName::Since | FieldName::Until => {
            days::parse(field, value, today).map(Query::Days).map_err(|problem| (0, problem))
        }
    };
    parsed.map_err(|(at, problem)| QueryError { query: value.to_owned(), at, problem })
}

type Parsed<T> = Result<T, (usize, Problem)>;

struct Parser<'a> {
    text: &'a str,
    /// Bytes consumed.
    at: usize,
    depth: usize,
    /// The field that bare words are looked for in.
    field: TextField,
    today: Day,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, today: Day) -> Self {
        Self { text, at: 0, depth: 0, field: TextField::Anywhere, today }
    }

    fn whole(&mut self) -> Parsed<Query> {
        if self.text.chars().count() > LENGTH_MAX {
            return Err((0, Problem::TooLong { max: LENGTH_MAX }));
        }
        self.space();
        if self.rest().is_empty() {
            return Err((0, Problem::Empty));
        }
        let Some(query) = self.any()? else { return Err((0, Problem::Empty)) };
        if self.rest().starts_with(')') {
            return Err((self.at, Problem::StrayClose));
        }
        if query.only_excludes() { Err((0, Problem::OnlyExcludes)) } else { Ok(query) }
    }

    /// `None` if there was nothing but signs.
    fn any(&mut self) -> Parsed<Option<Query>> {
        let mut found: Vec<Query> = self.all()?.into_iter().collect();
        while self.operator("OR") {
            self.operand("after `OR`")?;
            found.extend(self.all()?);
        }
        Ok((!found.is_empty()).then(|| Query::any_of(found)))
    }

    fn all(&mut self) -> Parsed<Option<Query>> {
        let mut found = Vec::new();
        loop {
            self.space();
            let ends = self.rest().is_empty() || self.rest().starts_with(')');
            if ends || self.is_operator("OR") {
                break;
            }
            if self.is_operator("AND") {
                if found.is_empty() {
                    return Err((self.at, Problem::Operand { after: "before `AND`" }));
                }
                self.operator("AND");
                self.operand("after `AND`")?;
            }
            found.extend(self.item()?);
        }
        if self.is_operator("OR") && found.is_empty() {
            return Err((self.at, Problem::Operand { after: "before `OR`" }));
        }
        let has_any = !found.is_empty();
        // `*` beside others adds nothing, but alone it is a query.
        Ok(has_any.then(|| Query::all_of(found)))
    }

    fn item(&mut self) -> Parsed<Option<Query>> {
        let start = self.at;
        if self.operator("NOT") {
            self.operand("after `NOT`")?;
            return self.negated(start);
        }
        let mut signs = self.rest().chars();
        match signs.next() {
            Some('-') if signs.next().is_some_and(|c| !c.is_whitespace() && c != ')') => {
                self.at += 1;
                self.negated(start)
            }
            Some('(') => self.group(),
            Some('"') => Ok(self.phrase()?.map(|term| Query::Text { field: self.field, term })),
            Some(_) | None => self.bare(),
        }
    }

    fn negated(&mut self, start: usize) -> Parsed<Option<Query>> {
        self.deeper(start, |parser| Ok(parser.item()?.map(|query| Query::Not(Box::new(query)))))
    }

    fn group(&mut self) -> Parsed<Option<Query>> {
        let start = self.at;
        self.at += 1;
        self.deeper(start, |parser| {
            parser.space();
            if parser.rest().starts_with(')') {
                return Err((parser.at, Problem::Operand { after: "after `(`" }));
            }
            let inner = parser.any()?;
            if !parser.rest().starts_with(')') {
                return Err((start, Problem::OpenGroup));
            }
            parser.at += 1;
            Ok(inner)
        })
    }

    fn deeper<T>(&mut self, start: usize, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEPTH_MAX {
            return Err((start, Problem::TooDeep { max: DEPTH_MAX }));
        }
        self.depth += 1;
        let parsed = inner(self);
        self.depth -= 1;
        parsed
    }

    fn phrase(&mut self) -> Parsed<Option<Term>> {
        let words = self.quoted()?;
        Ok(has_word(words).then(|| Term::Phrase(words.to_owned())))
    }

    /// What stands between the quotation mark here and the next one.
    fn quoted(&mut self) -> Parsed<&'a str> {
        let start = self.at;
        let inside = &self.text[start + 1..];
        let end = inside.find('"').ok_or((start, Problem::OpenQuote))?;
        self.at = start + end + 2;
        Ok(&inside[..end])
    }

    /// A word, `*`, or a field with its value.
    fn bare(&mut self) -> Parsed<Option<Query>> {
        let start = self.at;
        let run = self.run();
        if let Some((name, _)) = run.split_once(':').filter(|(name, _)| is_name(name)) {
            let field = FieldName::parse(name).ok_or_else(|| (start, Problem::NoField { name: name.to_owned() }))?;
            self.at = start + name.len() + 1;
            return self.value(field).map(Some);
        }
        self.at = start + run.len();
        if run == "*" {
            return Ok(Some(Query::All));
        }
        Ok(term(start, run)?.map(|term| Query::Text { field: self.field, term }))
    }

    fn value(&mut self, field: FieldName) -> Parsed<Query> {
        let start = self.at;
        let missing = (start, Problem::NoValue { field: field.as_str() });
        if self.rest().is_empty() || self.rest().starts_with(char::is_whitespace) {
            return Err(missing);
        }
        match field {
            FieldName::Code(code) => self.code(code),
            FieldName::Text(text) if self.rest().starts_with('(') => {
                let outer = std::mem::replace(&mut self.field, text);
                let inner = self.group();
                self.field = outer;
                inner?.ok_or(missing)
            }
            FieldName::Text(text) if self.rest().starts_with('"') => {
                let words = self.quoted()?;
                if text == TextField::Path && PathGlob::is_meant(words) {
                    return glob(start, words);
                }
                let term = Term::Phrase(words.to_owned());
                has_word(words).then_some(Query::Text { field: text, term }).ok_or(missing)
            }
            FieldName::Text(text) => {
                let run = self.run();
                self.at = start + run.len();
                // `path:seal*` is a word begun, as elsewhere; only with other signs is it a pattern.
                let is_glob = PathGlob::is_meant(run) && !is_wild_word(run);
                if text == TextField::Path && is_glob {
                    return glob(start, run);
                }
                term(start, run)?.map(|term| Query::Text { field: text, term }).ok_or(missing)
            }
            FieldName::Date | FieldName::Year | FieldName::Since | FieldName::Until => {
                let run = self.run();
                self.at = start + run.len();
                days::parse(field, run, self.today).map(Query::Days).map_err(|problem| (start, problem))
            }
        }
    }

    /// Values with commas between them, each bare or in quotation marks.
    fn code(&mut self, field: CodeField) -> Parsed<Query> {
        let mut any_of: Vec<String> = Vec::new();
        loop {
            let start = self.at;
            let value = if self.rest().starts_with('"') {
                self.quoted()?
            } else {
                let run = self.run();
                let run = run.split(',').next().unwrap_or(run);
                self.at = start + run.len();
                run
            };
            for value in known_values(field, value).map_err(|problem| (start, problem))? {
                if !any_of.contains(&value) {
                    any_of.push(value);
                }
            }
            if !self.rest().starts_with(',') {
                return Ok(Query::Code { field, any_of });
            }
            self.at += 1;
        }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// The characters up to a space, a bracket or a quotation mark; not consumed.
    fn run(&self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"'));
        &rest[..end.unwrap_or(rest.len())]
    }

    fn is_operator(&self, word: &str) -> bool {
        self.run() == word
    }

    fn operator(&mut self, word: &str) -> bool {
        self.space();
        let here = self.is_operator(word);
        if here {
            self.at += word.len();
            self.space();
        }
        here
    }

    fn operand(&self, after: &'static str) -> Parsed<()> {
        let missing = self.rest().is_empty()
            || self.rest().starts_with(')')
            || ["OR", "AND"].iter().any(|word| self.is_operator(word));
        if missing { Err((self.at, Problem::Operand { after })) } else { Ok(()) }
    }
}

fn glob(start: usize, text: &str) -> Parsed<Query> {
    let is_text = !text.is_empty() && !text.contains('"');
    let glob = PathGlob::parse(text).filter(|_| is_text);
    glob.map(Query::Path).ok_or_else(|| (start, Problem::NotAPath { value: text.to_owned() }))
}

/// Letters and `_` or `-` between: what a field is called. Times (`10:30`) and codes are none.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic()) && text.chars().all(|c| c.is_alphabetic() || matches!(c, '_' | '-'))
}

fn has_word(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// One word with stars in it, and at least one letter beside them.
fn is_wild_word(text: &str) -> bool {
    text.contains('*') && has_word(text) && text.chars().all(|c| c.is_alphanumeric() || c == '*')
}

/// `None` for signs alone.
fn term(start: usize, run: &str) -> Parsed<Option<Term>> {
    if let Some(star) = run.find('*') {
        let code_begun = run.ends_with('*') && star == run.len() - 1 && has_word(&run[..star]);
        let last_is_letter = run[..star].ends_with(char::is_alphanumeric);
        let fits = is_wild_word(run) || (code_begun && last_is_letter);
        return if fits { Ok(Some(Term::Wild(run.to_owned()))) } else { Err((start + star, Problem::Star)) };
    }
    if let Some(tilde) = run.find('~').filter(|_| has_word(run)) {
        let (word, after) = (&run[..tilde], &run[tilde + 1..]);
        let distance = match after {
            "" if word.chars().count() < FUZZY_TWO_FROM => Some(Distance::One),
            "" | "2" => Some(Distance::Two),
            "1" => Some(Distance::One),
            _ => None,
        };
        let is_word = !word.is_empty() && word.chars().all(char::is_alphanumeric);
        let fuzzy = distance.filter(|_| is_word).map(|distance| Term::Fuzzy(word.to_owned(), distance));
        return fuzzy.map(Some).ok_or((start + tilde, Problem::Tilde));
    }
    Ok(has_word(run).then(|| Term::Word(run.to_owned())))
}

/// All values of a flag: no sign but the comma means anything.
fn values_of(field: CodeField, text: &str) -> Parsed<Query> {
    let mut any_of = Vec::new();
    for value in text.split(',') {
        any_of.extend(known_values(field, value.trim().trim_matches('"')).map_err(|problem| (0, problem))?);
    }
    Ok(Query::Code { field, any_of })
}

/// The values that one written value stands for.
fn known_values(field: CodeField, value: &str) -> Result<Vec<String>, Problem> {
    if value.is_empty() {
        return Err(Problem::NoValue { field: field.as_str() });
    }
    if let Some(values) = field.alias(value) {
        return Ok(values.iter().map(ToString::to_string).collect());
    }
    if let Some(known) = field.values() {
        let lower = value.to_lowercase();
        if !value.contains('*') && !known.contains(&lower.as_str()) {
            let (field, value) = (field.as_str(), value.to_owned());
            return Err(Problem::NotAValue { field, value, expected: format!("one of {}", known.join(", ")) });
        }
        return Ok(vec![lower]);
    }
    Ok(vec![value.to_owned()])
}
