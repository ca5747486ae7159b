//! Examples that teach the model, one JSON object a line, as in `schema/examples/`.
//!
//! Parsing is strict: an unknown label or field is an error with its line, since a typing mistake would teach nothing
//! and nobody would see it.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::domain::ids::CriterionId;
use crate::domain::judge::verdict::NeedKind;

/// What a passage is, for the criterion that it speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// A clause of a written rule that covers the criterion.
    Procedure,
    /// Proof that it was done.
    Record,
    /// Shares the words and does not bear on the criterion.
    NearMiss,
    Guidance,
    Form,
    Profile,
    Draft,
    GapReport,
    /// Bears on no criterion.
    None,
}

impl Label {
    /// The sort of proof that the passage is, if it is any.
    pub fn proves(self) -> Option<NeedKind> {
        match self {
            Self::Procedure => Some(NeedKind::Procedure),
            Self::Record => Some(NeedKind::Record),
            Self::NearMiss
            | Self::Guidance
            | Self::Form
            | Self::Profile
            | Self::Draft
            | Self::GapReport
            | Self::None => None,
        }
    }
}

/// One labelled passage.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub criterion: Option<CriterionId>,
    pub label: Label,
    pub lang: String,
    pub text: String,
    /// Further criteria that it bears on; not exhaustive.
    #[serde(default)]
    pub also: Vec<CriterionId>,
    /// For a near miss: the criterion that it does bear on.
    #[serde(default)]
    pub actual: Option<CriterionId>,
    /// In whose voice it was written.
    #[serde(default)]
    pub voice: Option<String>,
}

impl Example {
    /// The criteria that it is a proof of.
    pub fn bears_on(&self) -> impl Iterator<Item = &CriterionId> {
        let all = self.criterion.iter().chain(&self.also);
        all.filter(|_| self.label.proves().is_some())
    }
}

/// Why a file of examples could not be used.
#[derive(Debug, thiserror::Error)]
#[error("line {line} is not an example")]
pub struct ExampleError {
    /// 1-based.
    pub line: usize,
    #[source]
    pub source: serde_json::Error,
}

/// Reads one file of examples; empty lines are skipped.
pub fn parse(text: &str) -> Result<Vec<Example>, ExampleError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(i, line)| serde_json::from_str(line).map_err(|source| ExampleError { line: i + 1, source })).collect()
}

/// SHA-256 over everything in the examples that teaches, in order.
pub fn hash(examples: &[Example]) -> [u8; 32] {
    let mut sha = Sha256::new();
    for example in examples {
        let ids = example.criterion.iter().chain(&example.also).chain(&example.actual);
        let ids: Vec<&str> = ids.map(CriterionId::as_str).collect();
        let counts = (example.also.len(), example.actual.is_some());
        sha.update(format!("{:?} {counts:?} {}\0{}\0", example.label, ids.join(" "), example.text));
    }
    sha.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_their_line() {
        let good = r#"{"criterion": "6.7", "label": "near_miss", "lang": "en", "text": "x", "actual": "6.5"}"#;
        let cases = [
            (good.to_owned(), None),
            (format!("{good}\n\n{good}"), None),
            (format!("{good}\n{{}}"), Some(2)),
            (good.replace("near_miss", "near-miss"), Some(1)),
            (good.replace("actual", "actually"), Some(1)),
        ];
        for (text, line) in cases {
            assert_eq!(parse(&text).err().map(|e| e.line), line, "{text}");
        }
    }

    #[test]
    fn only_proofs_bear_on_criteria() {
        let line = |label: &str| {
            format!(r#"{{"criterion": "6.7", "label": "{label}", "lang": "en", "text": "x", "also": ["6.5"]}}"#)
        };
        for (label, bears) in [("procedure", 2), ("record", 2), ("form", 0), ("near_miss", 0), ("none", 0)] {
            assert_eq!(parse(&line(label)).unwrap()[0].bears_on().count(), bears, "{label}");
        }
    }
}
