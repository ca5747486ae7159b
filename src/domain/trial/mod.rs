//! A trial: how well judging and assessing did on a company folder whose truth people wrote down.
//!
//! Pure: labels, truths and an assessment in, figures out. A predicted pair (document, criterion) is right if it is
//! labelled, and only pairs labelled `primary` are demanded: secondary labels are not exhaustive, so precision reads a
//! little low. Files that people could not read are left out.

mod figures;
mod labels;
mod pairs;

use serde::Serialize;

pub use labels::{Label, LabelError, Truth, parse_labels, parse_truths};

use crate::domain::assess::status::Assessment;
use crate::domain::ids::CriterionId;

/// What is held against what.
#[derive(Clone, Copy, Debug)]
pub struct Trial<'a> {
    pub labels: &'a [Label],
    /// The true statuses; without them, matches and dates alone are scored.
    pub truths: Option<&'a [Truth]>,
    pub assessment: &'a Assessment,
}

/// All figures; shares run from 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    pub files: usize,
    pub primary_pairs: usize,
    pub all_pairs: usize,
    pub predicted_pairs: usize,
    /// Predictions that no label speaks of: on unlabelled or unreadable files, for criteria outside the truth.
    pub ignored: Ignored,
    /// Over all pairs.
    pub micro: Rates,
    /// The mean over criteria that have a primary pair.
    #[serde(rename = "macro")]
    pub by_criterion: Rates,
    pub never_found: Vec<CriterionId>,
    /// Of right pairs, those said in a labelled role.
    pub role_accuracy: f64,
    /// `None` if there is nothing to find.
    pub recall_procedure: Option<f64>,
    pub recall_record: Option<f64>,
    pub dates: DateFigures,
    pub distractors: DistractorFigures,
    pub gaps: Option<GapFigures>,
    /// Predicted and not labelled.
    pub wrong: Vec<Pair>,
    /// Primary and not predicted.
    pub missed: Vec<Pair>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ignored {
    pub unknown_paths: usize,
    pub other_criteria: usize,
    pub unreadable_files: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Rates {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

/// Over readable files that are no distractors and have a day; one without a prediction is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DateFigures {
    pub files: usize,
    pub predicted: usize,
    pub exact: f64,
    pub within_31_days: f64,
}

/// Papers that share the words and prove nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DistractorFigures {
    pub files: usize,
    pub matched: usize,
    pub share: f64,
    pub which: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GapFigures {
    pub criteria: usize,
    /// Said exactly as it is.
    pub strict: f64,
    /// Said as it is, or as a careful reader might also say.
    pub lenient: f64,
    pub not_current: usize,
    /// Of criteria that are not current: said to be.
    pub costly: f64,
    /// The same, `record-only` counted too: it claims a current record.
    pub costly_plus: f64,
    pub costly_criteria: Vec<CriterionId>,
    /// Of criteria with current proof: said to have none.
    pub false_gaps: f64,
    /// How often a true status was said as which.
    pub confusion: Vec<Confusion>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confusion {
    pub truth: String,
    pub said: String,
    pub criteria: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Pair {
    pub path: String,
    pub criterion: CriterionId,
}

/// Scores an assessment.
pub fn score(trial: Trial<'_>) -> Figures {
    let truth = pairs::Truths::of(trial.labels, trial.truths);
    let said = pairs::Said::of(&trial.assessment.documents, &truth);
    figures::figures(trial, &truth, &said)
}

#[cfg(test)]
mod tests;
