//! Finds where in a TOML text a value stands, by what the value is, not by its position.
//!
//! Checks run on the finished catalog; rows are found again by their id, so the same check can point into a catalog's
//! file or into an overlay's. A path that leads nowhere ends at the last step that could be taken.

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::error::CatalogProblem;

/// One step towards a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Into a table.
    Field(String),
    /// The `nth` table (from 0) of an array whose `key` has this value.
    Row { key: &'static str, value: String, nth: usize },
    /// The table at this place of an array.
    Index(usize),
    /// This text within an array of texts.
    Item(String),
}

/// A way to a value, and how many characters into it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Path {
    steps: Vec<Step>,
    /// The text at the end of the path and the column in it, from 1.
    within: Option<(String, usize)>,
}

impl Path {
    pub fn row(section: &str, key: &'static str, value: &(impl ToString + ?Sized), nth: usize) -> Self {
        Self::default().field(section).then(Step::Row { key, value: value.to_string(), nth })
    }

    pub fn field(self, name: &str) -> Self {
        self.then(Step::Field(name.to_owned()))
    }

    pub fn item(self, text: &(impl ToString + ?Sized)) -> Self {
        self.then(Step::Item(text.to_string()))
    }

    pub fn index(self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    pub fn within(mut self, text: &str, column: usize) -> Self {
        self.within = Some((text.to_owned(), column));
        self
    }

    pub fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

/// A parsed TOML text that knows its places.
pub(super) struct Source<'a> {
    text: &'a str,
    root: Spanned<DeTable<'a>>,
}

impl<'a> Source<'a> {
    /// Fails with every mistake of syntax.
    pub fn parse(text: &'a str) -> Result<Self, Vec<CatalogProblem>> {
        let (root, errors) = DeTable::parse_recoverable(text);
        if errors.is_empty() { Ok(Self { text, root }) } else { Err(errors.iter().map(|e| of_toml(text, e)).collect()) }
    }

    pub fn problem(&self, path: &Path, message: String) -> CatalogProblem {
        let start = self.start(path);
        let (line, column) = line_column(self.text, start);
        CatalogProblem { line, column, message }
    }

    fn start(&self, path: &Path) -> usize {
        let Some((first, rest)) = path.steps.split_first() else { return 0 };
        let Step::Field(name) = first else { return 0 };
        let Some(mut place) = self.root.get_ref().get(name.as_str()) else { return 0 };
        for step in rest {
            let Some(next) = take(place, step) else { return place.span().start };
            place = next;
        }
        let start = place.span().start;
        start + path.within.as_ref().map_or(0, |(text, column)| self.offset_within(start, text, *column))
    }

    /// Where the column of a quoted text lies; its start, if escapes make source and text differ.
    fn offset_within(&self, start: usize, text: &str, column: usize) -> usize {
        let source = self.text.get(start..).unwrap_or_default();
        let quote = if source.starts_with("\"\"\"") || source.starts_with("'''") { 3 } else { 1 };
        let written_plainly = source.get(quote..).is_some_and(|rest| rest.starts_with(text));
        if !written_plainly {
            return 0;
        }
        let before: usize = text.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
        quote + before
    }
}

fn take<'v, 'a>(place: &'v Spanned<DeValue<'a>>, step: &Step) -> Option<&'v Spanned<DeValue<'a>>> {
    let value = place.get_ref();
    match step {
        Step::Field(name) => value.as_table()?.get(name.as_str()),
        Step::Index(index) => value.as_array()?.get(*index),
        Step::Item(text) => value.as_array()?.iter().find(|item| item.get_ref().as_str() == Some(text)),
        Step::Row { key, value: wanted, nth } => {
            let is_it = |row: &&Spanned<DeValue>| {
                let id = row.get_ref().as_table().and_then(|table| table.get(*key)).map(Spanned::get_ref);
                let as_text = id.and_then(|id| id.as_str().or_else(|| id.as_integer().map(DeInteger::as_str)));
                as_text == Some(wanted)
            };
            value.as_array()?.iter().filter(is_it).nth(*nth)
        }
    }
}

/// The toml crate's error in our form.
pub(super) fn of_toml(text: &str, error: &toml::de::Error) -> CatalogProblem {
    let (line, column) = line_column(text, error.span().map_or(0, |span| span.start));
    CatalogProblem { line, column, message: error.message().to_owned() }
}

fn line_column(text: &str, at: usize) -> (usize, usize) {
    let before: String = text.char_indices().take_while(|(i, _)| *i < at).map(|(_, c)| c).collect();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a = 1\n[[row]]\nid = \"x\"\nlist = [\"é b\", 'c']\n[[row]]\nid = \"x\"\n[[row]]\nid = 7\n";

    #[test]
    fn finds_values_by_what_they_are() {
        let source = Source::parse(TEXT).unwrap();
        let row = |value: &str, nth| Path::row("row", "id", value, nth);
        for (path, want) in [
            (Path::default(), (1, 1)),
            (row("x", 0), (2, 1)),
            (row("x", 1), (5, 1)),
            (row("7", 0), (7, 1)),
            (row("x", 0).field("id"), (3, 6)),
            (row("x", 0).field("list").item("c"), (4, 16)),
            (row("x", 0).field("list").item("é b").within("é b", 3), (4, 12)),
            (row("x", 0).field("list").item("not there"), (4, 8)),
            (Path::default().field("row").index(1), (5, 1)),
            (Path::default().field("nothing").field("x"), (1, 1)),
        ] {
            let problem = source.problem(&path, String::new());
            assert_eq!((problem.line, problem.column), want, "{path:?}");
        }
    }

    #[test]
    fn every_syntax_mistake_has_its_line() {
        let mut problems = Source::parse("a = \nb = 1\nc = ]\n").err().unwrap();
        problems.sort();
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [1, 3]);
    }
}
