//! Why a query is none, and at which character.

use super::fields::FieldName;

/// Why a text is not a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    #[error("it is empty; expected words to look for")]
    Empty,
    #[error("it only excludes; expected something to look for as well, or `*` for every document")]
    OnlyExcludes,
    #[error("a quotation mark is not closed; expected another `\"`")]
    OpenQuote,
    #[error("a group is not closed; expected `)`")]
    OpenGroup,
    #[error("a group is closed that was not opened; expected a word or `(` before it")]
    StrayClose,
    #[error("expected a word, a phrase, a field or a group {after}")]
    Operand { after: &'static str },
    #[error("there is no field `{name}`; expected one of {}, or the whole in quotation marks", FieldName::names().collect::<Vec<_>>().join(", "))]
    NoField { name: String },
    #[error("expected a value after `{field}:`")]
    NoValue { field: &'static str },
    #[error("`{value}` is no {field}; expected {expected}")]
    NotAValue { field: &'static str, value: String, expected: String },
    #[error(
        "`{value}` is no date; expected a day, month or year (2026-05-31, 2026-05, 2026), an age (30d, 6m, 2y), or two of them with `..` between"
    )]
    NotADate { value: String },
    #[error("the date range ends before it begins; expected the earlier date first")]
    Backwards,
    #[error("`{value}` is no path pattern; expected one like `seals/**` or `*.xlsx`")]
    NotAPath { value: String },
    #[error("`*` stands in one word of letters and digits; expected one like `seal*`")]
    Star,
    #[error("`~` stands after one word; expected one like `seal~` or `seal~2`")]
    Tilde,
    #[error("it is nested too deeply; expected at most {max} groups in one another")]
    TooDeep { max: usize },
    #[error("it is too long; expected at most {max} characters")]
    TooLong { max: usize },
}

/// A problem, at a byte of the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    pub query: String,
    /// On a character boundary of `query`, or its end.
    pub at: usize,
    pub problem: Problem,
}

impl QueryError {
    /// The query with a mark below the character.
    pub fn pointed(&self) -> String {
        let one_line: String = self.query.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let before = self.query[..self.at].chars().count();
        format!("  {one_line}\n  {}^", " ".repeat(before))
    }
}

impl std::fmt::Display for QueryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "could not understand the query: {}", self.problem)?;
        if self.query.trim().is_empty() { Ok(()) } else { write!(f, "\n{}", self.pointed()) }
    }
}

impl std::error::Error for QueryError {}
