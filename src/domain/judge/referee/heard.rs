//! What the passage model says of a paper, its file's name weighed in, criterion by criterion.

use std::collections::BTreeMap;

use crate::domain::ids::CriterionId;
use crate::domain::judge::model::Model;
use crate::domain::judge::signal::{ModelSignal, ModelSignals};
use crate::domain::judge::verdict::NeedKind;

/// The margin of criteria that lie below all that the model keeps.
const UNHEARD: f32 = -0.9;

/// The model's signals of one paper.
pub struct Heard<'a> {
    model: &'a Model,
    criteria: BTreeMap<&'a CriterionId, Passages<'a>>,
}

/// What it says of one criterion.
struct Passages<'a> {
    margin: f32,
    /// At most one per sort of proof.
    signals: Vec<&'a ModelSignal>,
}

impl<'a> Heard<'a> {
    /// None for a paper without text: a name alone never lies far from the boundary.
    pub fn of(model: &'a Model, signals: &'a ModelSignals, stem: &str) -> Option<Self> {
        if signals.heads.is_empty() {
            return None;
        }
        let mut criteria: BTreeMap<&CriterionId, Passages> = BTreeMap::new();
        for (signal, named) in signals.found.iter().zip(model.with_name(signals, stem)) {
            let entry = criteria.entry(&signal.criterion);
            let passages = entry.or_insert(Passages { margin: named.margin, signals: Vec::new() });
            passages.margin = passages.margin.max(named.margin);
            passages.signals.push(signal);
        }
        Some(Self { model, criteria })
    }

    /// Distance from the model's boundary; nothing for a criterion that no example taught it.
    pub fn margin(&self, criterion: &CriterionId) -> Option<f32> {
        self.model.criteria().binary_search(criterion).ok()?;
        Some(self.criteria.get(criterion).map_or(UNHEARD, |passages| passages.margin))
    }

    /// The best passage for a criterion, one that speaks as this sort of proof if there is one.
    pub fn passage(&self, criterion: &CriterionId, role: NeedKind) -> Option<&'a ModelSignal> {
        let signals = &self.criteria.get(criterion)?.signals;
        signals.iter().find(|signal| signal.role == role).or(signals.first()).copied()
    }

    /// Criteria with their margins, those of a margin of `least` or more.
    pub fn from(&self, least: f32) -> impl Iterator<Item = (&'a CriterionId, f32)> {
        let loud = self.criteria.iter().filter(move |(_, passages)| passages.margin >= least);
        loud.map(|(criterion, passages)| (*criterion, passages.margin))
    }
}
