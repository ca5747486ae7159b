//! The passage model: which criteria a passage bears on, learned from examples written by people.
//!
//! A linear model over hashed word and character n-grams. It stands apart from the rules because the two fail on
//! different papers. Pure: text in, values out; training is deterministic, and scoring never panics on any text.

pub mod example;
mod features;
mod format;
mod rows;
mod score;
mod scorer;
mod solve;
mod train;
mod windows;

use std::cell::RefCell;
use std::sync::OnceLock;

use crate::domain::ids::CriterionId;
use crate::domain::judge::signal::ModelSignals;
use crate::domain::judge::verdict::NeedKind;
use crate::domain::reading::Reading;
use rows::Rows;

pub use example::{Example, ExampleError, Label};
pub use format::FormatError;
pub use score::FLOOR;
pub use scorer::Scorer;
pub use train::{Settings, train};

/// Columns after the criteria: how much a passage speaks as proof, and as record rather than procedure.
const ROLE_COLUMNS: usize = 2;
/// What a word's pair of neighbours and its letters weigh beside the word itself.
const GRAM_WEIGHT: f32 = 0.5;
/// Idf is kept in steps of this size, so that it fits a byte.
const IDF_STEP: f32 = 0.05;

const SHIPPED: &[u8] = include_bytes!("../../../../schema/model/passages.bin");

/// A trained model: for each feature a row of weights, one a column; the columns are the criteria, then two of role.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// SHA-256 of the examples that taught it.
    examples_hash: [u8; 32],
    criteria: Vec<CriterionId>,
    /// One a column: what a weight of 1 stands for, and the boundary's offset.
    scales: Vec<f32>,
    biases: Vec<f32>,
    /// The slots that have a row, ascending.
    slots: Vec<u32>,
    /// One a row, in [`IDF_STEP`]s.
    idf: Vec<u8>,
    /// Rows of [`Model::width`] weights.
    weights: Vec<i8>,
    /// The row of every slot that has one.
    rows: Rows,
}

/// What the model says of one criterion when the file's name is weighed, alone or together with the first passage.
#[derive(Clone, Debug, PartialEq)]
pub struct NameSignal {
    pub criterion: CriterionId,
    pub role: NeedKind,
    /// Signed distance from the boundary; 0 is undecided.
    pub margin: f32,
}

impl Model {
    /// The catalog whose criteria its examples name; the same number means another thing in another catalog.
    pub const CATALOG: &'static str = "ctpat-msc";

    /// The model that this program ships.
    pub fn built_in() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| Self::from_bytes(SHIPPED).expect("the shipped model is read by a test"))
    }

    /// As [`Model::identity`] of the built-in model, without reading it.
    pub fn built_in_identity() -> String {
        format::identity(SHIPPED)
    }

    /// As [`Model::score`] of the built-in model; words met before on this thread are remembered.
    pub fn score_built_in(reading: &Reading) -> ModelSignals {
        thread_local! {
            static SCORER: RefCell<Scorer<'static>> = RefCell::new(Scorer::new(Model::built_in()));
        }
        SCORER.with_borrow_mut(|scorer| scorer.score(reading))
    }

    /// 16 hex digits that differ whenever any weight does.
    pub fn identity(&self) -> String {
        format::identity(&self.to_bytes())
    }

    /// SHA-256 of the examples that taught it: see [`example::hash`].
    pub fn examples_hash(&self) -> [u8; 32] {
        self.examples_hash
    }

    /// The criteria it knows, in the order of its columns.
    pub fn criteria(&self) -> &[CriterionId] {
        &self.criteria
    }

    fn width(&self) -> usize {
        self.criteria.len() + ROLE_COLUMNS
    }

    /// The weights and the idf of a row.
    fn weights(&self, row: u32) -> (&[i8], f32) {
        let row = row as usize;
        let weights = &self.weights[row * self.width()..][..self.width()];
        (weights, f32::from(self.idf[row]) * IDF_STEP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: [&str; 13] = [
        include_str!("../../../../schema/examples/corporate.jsonl"),
        include_str!("../../../../schema/examples/general-1.jsonl"),
        include_str!("../../../../schema/examples/general-2.jsonl"),
        include_str!("../../../../schema/examples/general-3.jsonl"),
        include_str!("../../../../schema/examples/general-4.jsonl"),
        include_str!("../../../../schema/examples/latam.jsonl"),
        include_str!("../../../../schema/examples/makers.jsonl"),
        include_str!("../../../../schema/examples/negatives.jsonl"),
        include_str!("../../../../schema/examples/overseas.jsonl"),
        include_str!("../../../../schema/examples/road.jsonl"),
        include_str!("../../../../schema/examples/services.jsonl"),
        include_str!("../../../../schema/examples/systems.jsonl"),
        include_str!("../../../../schema/examples/trucking.jsonl"),
    ];

    #[test]
    fn the_shipped_model_was_taught_by_the_shipped_examples() {
        let examples: Vec<Example> = SHIPPED.iter().flat_map(|file| example::parse(file).unwrap()).collect();
        assert_eq!(Model::built_in().examples_hash(), example::hash(&examples), "train it anew: docs/model.md");
    }

    #[test]
    fn the_shipped_model_is_small() {
        let bytes = Model::built_in().to_bytes();
        assert!(bytes.len() <= 4 << 20, "{} bytes", bytes.len());
        assert_eq!(Model::built_in().identity().len(), 16);
        assert_eq!(Model::built_in().identity(), Model::built_in_identity());
    }

    #[test]
    fn names_speak_in_both_languages() {
        for (stem, criterion) in [
            ("Visitor log October", "10.2"),
            ("Bitacora de visitantes octubre", "10.2"),
            ("Fence inspection photos", "9.2"),
            ("Procedimiento de control de sellos de alta seguridad", "6.2"),
        ] {
            let mut all = Model::built_in().score_name(stem);
            all.sort_by(|a, b| b.margin.total_cmp(&a.margin));
            let top: Vec<&str> = all.iter().take(5).map(|signal| signal.criterion.as_str()).collect();
            assert!(top.contains(&criterion), "{stem}: {top:?}");
        }
    }
}
