//! The written truth: labels of documents and statuses of criteria, one JSON object a line.
//!
//! Fields that no figure needs are skipped: people keep notes beside their labels.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::domain::day::Day;
use crate::domain::ids::CriterionId;

/// What one document is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Label {
    pub path: String,
    pub role: Sort,
    pub criteria: Vec<Bears>,
    pub effective_date: Option<Day>,
    pub duplicate_of: Option<String>,
    /// Nobody could read it.
    #[serde(default)]
    pub unreadable: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// Shares the words and proves nothing.
    Distractor,
    #[serde(other)]
    Paper,
}

/// One criterion that a document bears on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Bears {
    pub id: CriterionId,
    pub role: LabelRole,
    pub strength: Weight,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LabelRole {
    #[serde(alias = "procedure")]
    Policy,
    #[serde(alias = "record")]
    Evidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Must be found.
    Primary,
    /// Right if found.
    Secondary,
}

/// What one criterion's status is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Truth {
    pub id: CriterionId,
    pub status: TrueStatus,
    /// What a careful reader might also say.
    #[serde(default)]
    pub alt_status: Vec<TrueStatus>,
    #[serde(default)]
    pub scope: Scope,
}

/// Whether the criterion is one that the entity's own list names: others are not scored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    #[default]
    Listed,
    #[serde(other)]
    Other,
}

/// Statuses as labels spell them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrueStatus {
    Current,
    #[serde(alias = "evidence_only", alias = "evidence-only")]
    RecordOnly,
    #[serde(alias = "policy_only", alias = "policy-only")]
    ProcedureOnly,
    #[serde(alias = "needs_review")]
    NeedsReview,
    Stale,
    Missing,
    #[serde(alias = "not_applicable")]
    NotApplicable,
    Waived,
    Unknown,
}

/// Why a file of labels could not be used.
#[derive(Debug, thiserror::Error)]
#[error("line {line} is not what was expected")]
pub struct LabelError {
    /// 1-based.
    pub line: usize,
    #[source]
    pub source: serde_json::Error,
}

pub fn parse_labels(text: &str) -> Result<Vec<Label>, LabelError> {
    lines(text)
}

pub fn parse_truths(text: &str) -> Result<Vec<Truth>, LabelError> {
    lines(text)
}

fn lines<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, LabelError> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(i, line)| serde_json::from_str(line).map_err(|source| LabelError { line: i + 1, source })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_people_wrote_and_names_a_wrong_line() {
        let label = r#"{"path": "a.pdf", "role": "both", "notes": "x", "effective_date": null, "duplicate_of": null,
            "criteria": [{"id": "9.1", "role": "policy", "strength": "primary"}]}"#
            .replace('\n', " ");
        let labels = parse_labels(&format!("{label}\n\n{}\n", label.replace("both", "distractor"))).unwrap();
        assert_eq!((labels[0].role, labels[1].role, labels[0].unreadable), (Sort::Paper, Sort::Distractor, false));
        assert_eq!(parse_labels(&format!("{label}\n{{}}")).unwrap_err().line, 2);
        for (spelled, want) in [
            ("current", Some(TrueStatus::Current)),
            ("policy_only", Some(TrueStatus::ProcedureOnly)),
            ("record-only", Some(TrueStatus::RecordOnly)),
            ("fine", None),
        ] {
            let truths = parse_truths(&format!(r#"{{"id": "9.1", "status": "{spelled}"}}"#));
            assert_eq!(truths.ok().map(|truths| truths[0].status), want, "{spelled}");
        }
    }
}
