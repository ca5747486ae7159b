//! Checks every pattern of a catalog, with the column of the fault. Apart, since the other checks walk ids, not texts.

use std::collections::BTreeMap;

use super::check::Problems;
use super::error::did_you_mean;
use super::locate::{Path, Step};
use super::pattern::{Pattern, PatternErrorKind};
use super::types::{Catalog, RecordKind};

/// What a pattern may be in its place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Clauses and negations.
    Full,
    /// Alternatives only: a column group, a label group, a word list.
    Alternatives,
}

pub(super) fn check_patterns(catalog: &Catalog, problems: &mut Problems) {
    let mut checker = Checker { words: &catalog.words, problems };
    for (name, list) in &catalog.words {
        checker.one(list, Path::default().field("words").field(name), Shape::Alternatives);
    }
    for kind in &catalog.record_kinds {
        checker.kind(kind);
    }
    for clause in &catalog.clauses {
        let row = Path::row("clause", "criterion", &clause.criterion, 0);
        checker.list(&clause.titles, &row.clone().field("titles"), Shape::Full);
        checker.list(&clause.sections, &row.field("sections"), Shape::Full);
    }
    for topic in &catalog.topics {
        checker.list(&topic.titles, &Path::row("topic", "id", &topic.id, 0).field("titles"), Shape::Full);
    }
    for paper in &catalog.unrelated {
        let row = Path::row("unrelated", "id", &paper.id, 0);
        for (field, list) in [("titles", &paper.titles), ("clues", &paper.clues), ("unless", &paper.unless)] {
            checker.list(list, &row.clone().field(field), Shape::Full);
        }
    }
}

struct Checker<'a> {
    words: &'a BTreeMap<String, String>,
    problems: &'a mut Problems,
}

impl Checker<'_> {
    fn kind(&mut self, kind: &RecordKind) {
        let row = Path::row("record_kind", "id", &kind.id, 0);
        for (field, list, shape) in [
            ("titles", &kind.titles, Shape::Full),
            ("columns", &kind.columns, Shape::Alternatives),
            ("clues", &kind.clues, Shape::Full),
            ("unless", &kind.unless, Shape::Full),
            ("filled", &kind.filled, Shape::Alternatives),
        ] {
            self.list(list, &row.clone().field(field), shape);
        }
        for further in &kind.proves_if {
            let step = Step::Row { key: "criterion", value: further.criterion.to_string(), nth: 0 };
            self.one(&further.clue, row.clone().field("proves_if").then(step).field("clue"), Shape::Full);
        }
    }

    fn list(&mut self, list: &[String], path: &Path, shape: Shape) {
        for text in list {
            self.one(text, path.clone().item(text), shape);
        }
    }

    fn one(&mut self, text: &str, path: Path, shape: Shape) {
        match Pattern::parse(text, self.words) {
            Ok(_) if shape == Shape::Alternatives && text.contains(['&', '!']) => {
                let column = text.chars().take_while(|c| !matches!(c, '&' | '!')).count() + 1;
                self.problems.add(path.within(text, column), "only alternatives (`|`) may stand here, no `&` or `!`");
            }
            Ok(_) => {}
            // The broken list is reported where it stands.
            Err(error) if matches!(error.kind, PatternErrorKind::InWords { .. }) => {}
            Err(error) => {
                let near = match &error.kind {
                    PatternErrorKind::UnknownWords { name } => {
                        did_you_mean(name, self.words.keys().map(String::as_str))
                    }
                    _ => String::new(),
                };
                self.problems.add(path.within(text, error.column), format!("{error}{near}"));
            }
        }
    }
}
