//! Every error of every edge, folded into one: whose fault it is, what was tried, why it failed, what to do next.

use std::error::Error;
use std::io;

use super::classify::{Class, Classified};

/// Whose fault a failure is; decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Usage, configuration or input.
    Input,
    Failed,
    Locked,
    Interrupted,
}

impl Kind {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Input => 2,
            Self::Failed => 4,
            Self::Locked => 5,
            Self::Interrupted => 130,
        }
    }
}

/// A run that could not do its job.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    source: anyhow::Error,
    hint: Option<String>,
}

impl Failure {
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self { kind: Kind::Input, source: anyhow::Error::msg(message.into()), hint: None }
    }

    pub(crate) fn new(kind: Kind, source: impl Into<anyhow::Error>) -> Self {
        Self { kind, source: source.into(), hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn code(&self) -> u8 {
        self.kind.code()
    }

    pub(crate) fn is_locked(&self) -> bool {
        self.kind == Kind::Locked
    }

    /// True if the reader of our output went away: a quiet success.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        let broken = |e: &(dyn Error + 'static)| {
            e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
        };
        self.source.chain().any(broken)
    }

    /// Prints to stderr: the error, its causes, the hint.
    pub(crate) fn print(&self) {
        let mut lines = vec![format!("error: {}", self.source)];
        lines.extend(self.source.chain().skip(1).map(|cause| format!("caused by: {cause}")));
        if let Some(hint) = &self.hint {
            lines.push(String::new());
            lines.push(format!("hint: {hint}"));
        }
        super::output::say(&lines.join("\n"));
    }
}

impl<E: Classified + Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        let Class { kind, hint } = error.class();
        let hint = hint.map(str::to_owned);
        Self { kind, source: anyhow::Error::new(error), hint }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(Kind::Failed, anyhow::Error::new(error).context("could not write the answer"))
    }
}

/// The nearest of `known` to a mistyped `name`, if it is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.chars().count() / 3).max(1);
    let best = known.into_iter().map(|candidate| (distance(name, candidate), candidate)).min()?;
    let contained = best.1.contains(name) && name.len() >= 4;
    (best.0 <= limit || contained).then_some(best.1)
}

/// Levenshtein's distance, in characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_near() {
        let known = ["us-importer", "us-exporter", "customs-broker"];
        for (typed, want) in [
            ("us-importr", Some("us-importer")),
            ("us_exporter", Some("us-exporter")),
            ("broker", Some("customs-broker")),
            ("zebra", None),
        ] {
            assert_eq!(nearest(typed, known), want, "{typed}");
        }
    }

    #[test]
    fn measures_distance() {
        for (a, b, want) in [("", "abc", 3), ("kitten", "sitting", 3), ("same", "same", 0)] {
            assert_eq!(distance(a, b), want, "{a} {b}");
        }
    }

    #[test]
    fn codes_are_the_table() {
        let codes = [Kind::Input, Kind::Failed, Kind::Locked, Kind::Interrupted].map(Kind::code);
        assert_eq!(codes, [2, 4, 5, 130]);
    }
}
