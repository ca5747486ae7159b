//! A query as text that parses to the same query.

use std::fmt::{self, Display, Formatter};

use super::fields::{FieldName, TextField};
use super::{Days, Distance, Query, Term};

/// How tightly the surroundings bind: what needs a group inside them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    Nothing,
    And,
    Not,
}

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write(self, Around::Nothing, f)
    }
}

fn write(query: &Query, around: Around, f: &mut Formatter<'_>) -> fmt::Result {
    match query {
        Query::All => f.write_str("*"),
        Query::Text { field: TextField::Anywhere, term } => term.fmt(f),
        Query::Text { field: field @ (TextField::Title | TextField::Path | TextField::Text), term } => {
            write!(f, "{}:{term}", FieldName::Text(*field).as_str())
        }
        Query::Code { field, any_of } => {
            let values: Vec<String> = any_of.iter().map(|value| code(value)).collect();
            write!(f, "{}:{}", field.as_str(), values.join(","))
        }
        Query::Path(glob) => {
            write!(f, "path:{}", quoted_if(glob.as_str(), glob.as_str().contains([' ', '\t', '(', ')'])))
        }
        Query::Days(days) => write!(f, "date:{days}"),
        Query::Not(inner) => {
            f.write_str("-")?;
            write(inner, Around::Not, f)
        }
        Query::And(inner) => group(inner, " ", (around == Around::Not, Around::And), f),
        Query::Or(inner) => group(inner, " OR ", (around != Around::Nothing, Around::And), f),
    }
}

fn group(inner: &[Query], between: &str, (grouped, around): (bool, Around), f: &mut Formatter<'_>) -> fmt::Result {
    if grouped {
        f.write_str("(")?;
    }
    for (i, query) in inner.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        // `a b OR c d` is (a b) OR (c d): only an alternative inside a conjunction needs a group.
        let around = if between == " OR " { Around::Nothing } else { around };
        write(query, around, f)?;
    }
    if grouped { f.write_str(")") } else { Ok(()) }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) | Self::Wild(word) => f.write_str(word),
            Self::Phrase(phrase) => write!(f, "\"{phrase}\""),
            Self::Fuzzy(word, Distance::One) => write!(f, "{word}~1"),
            Self::Fuzzy(word, Distance::Two) => write!(f, "{word}~2"),
        }
    }
}

impl Display for Days {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (Some(from), Some(to)) if from == to => from.fmt(f),
            (from, to) => {
                let end = |day: Option<crate::domain::day::Day>| day.map(|day| day.to_string()).unwrap_or_default();
                write!(f, "{}..{}", end(from), end(to))
            }
        }
    }
}

fn code(value: &str) -> String {
    let bare = |c: char| !c.is_whitespace() && !matches!(c, '(' | ')' | '"' | ',');
    quoted_if(value, value.is_empty() || !value.chars().all(bare))
}

fn quoted_if(text: &str, quoted: bool) -> String {
    if quoted { format!("\"{text}\"") } else { text.to_owned() }
}
