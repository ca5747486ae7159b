//! Examples to model: vocabulary, vectors, answers, the solver, and the choice of what is kept.
//!
//! A passage that proves a criterion is a positive of it and of those named in `also`; of every other criterion it is
//! a negative, unless it is named as what a near miss does bear on.

use std::collections::BTreeMap;

use super::features::{self, SLOT_BITS};
use super::rows::Rows;
use super::solve::{Problem, Solution, Sparse, solve};
use super::{Example, GRAM_WEIGHT, IDF_STEP, Model, ROLE_COLUMNS, example};
use crate::domain::ids::CriterionId;
use crate::domain::judge::verdict::NeedKind;

/// How training goes. [`Settings::SHIPPED`] is what the shipped model was made with.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Examples that a word or a pair of words must occur in.
    pub words_min: u16,
    /// Examples that a character n-gram must occur in.
    pub grams_min: u16,
    /// Cost of a mistake, before the classes are balanced.
    pub cost: f32,
    /// 1 balances the classes wholly, 0 not at all.
    pub balance: f32,
    pub epochs: usize,
    /// Features that are kept, by the size of their weights.
    pub features_max: usize,
    /// Weights up to this share of a column's largest are dropped, in 127ths.
    pub prune: u8,
}

impl Settings {
    pub const SHIPPED: Self =
        Self { words_min: 2, grams_min: 3, cost: 0.5, balance: 1.0, epochs: 12, features_max: 72_000, prune: 3 };
}

/// Learns a model. The same examples and settings give the same model, to the bit.
pub fn train(examples: &[Example], settings: &Settings) -> Model {
    let criteria = criteria_of(examples);
    let bags: Vec<Bag> = examples.iter().map(|example| Bag::of(&example.text)).collect();
    let (answers, costs) = answers(examples, &criteria, settings);
    let columns = criteria.len() + ROLE_COLUMNS;
    let mut vocabulary = Vocabulary::of(&bags, settings);
    let vectors = vocabulary.vectors(&bags);
    let features = vocabulary.slots.len();
    let problem = Problem { examples: &vectors, features, columns, answers: &answers, costs: &costs };
    let mut solution = solve(&problem, settings.epochs);
    if features > settings.features_max {
        vocabulary.keep_heaviest(&solution, settings.features_max);
        let vectors = vocabulary.vectors(&bags);
        let features = vocabulary.slots.len();
        let problem = Problem { examples: &vectors, features, ..problem };
        solution = solve(&problem, settings.epochs);
    }
    model_of(examples, criteria, vocabulary, &solution, settings.prune)
}

fn criteria_of(examples: &[Example]) -> Vec<CriterionId> {
    let mut all: Vec<CriterionId> = examples.iter().flat_map(Example::bears_on).cloned().collect();
    all.sort();
    all.dedup();
    all
}

/// Answers and costs, a row an example.
fn answers(examples: &[Example], criteria: &[CriterionId], settings: &Settings) -> (Vec<i8>, Vec<f32>) {
    let column: BTreeMap<&CriterionId, usize> = criteria.iter().enumerate().map(|(i, id)| (id, i)).collect();
    let columns = criteria.len() + ROLE_COLUMNS;
    let mut answers = vec![-1_i8; examples.len() * columns];
    for (example, row) in examples.iter().zip(answers.chunks_mut(columns)) {
        if let Some(&actual) = example.actual.as_ref().and_then(|id| column.get(id)) {
            row[actual] = 0;
        }
        example.bears_on().filter_map(|id| column.get(id)).for_each(|&c| row[c] = 1);
        let (proof, record) = match (example.label.proves(), example.label) {
            (Some(NeedKind::Procedure), _) => (1, -1),
            (Some(NeedKind::Record), _) => (1, 1),
            // A near miss may be a sound rule or record about something else.
            (None, example::Label::NearMiss) => (0, 0),
            (None, _) => (-1, 0),
        };
        row[criteria.len()] = proof;
        row[criteria.len() + 1] = record;
    }
    let costs = costs(&answers, columns, settings);
    (answers, costs)
}

fn costs(answers: &[i8], columns: usize, settings: &Settings) -> Vec<f32> {
    let count = |c: usize, answer: i8| answers.iter().skip(c).step_by(columns).filter(|&&a| a == answer).count();
    let balanced = |n: usize, all: usize| (all as f32 / (2.0 * n.max(1) as f32)).powf(settings.balance);
    let by_column: Vec<(f32, f32)> = (0..columns)
        .map(|c| {
            let (positive, negative) = (count(c, 1), count(c, -1));
            let all = positive + negative;
            (settings.cost * balanced(positive, all), settings.cost * balanced(negative, all))
        })
        .collect();
    let cost = |(i, &answer): (usize, &i8)| {
        let (positive, negative) = by_column[i % columns];
        if answer > 0 { positive } else { negative }
    };
    answers.iter().enumerate().map(cost).collect()
}

/// A passage's words and pairs with how often each occurs.
struct Bag {
    words: BTreeMap<String, u16>,
    pairs: BTreeMap<u32, u16>,
}

impl Bag {
    fn of(text: &str) -> Self {
        let mut bag = Self { words: BTreeMap::new(), pairs: BTreeMap::new() };
        let mut before = None;
        features::words(text, |word, _| {
            let hash = features::word_hash(word);
            *bag.words.entry(word.to_owned()).or_default() += 1;
            if let Some(before) = before {
                *bag.pairs.entry(features::pair_slot(before, hash)).or_default() += 1;
            }
            before = Some(hash);
        });
        bag
    }

    /// Calls `found` with every slot and its weight before idf; `gram` tells n-grams of characters from words.
    fn each(&self, mut found: impl FnMut(u32, f32, Sort)) {
        for (word, &n) in &self.words {
            let times = 1.0 + f32::from(n).ln();
            found(features::word_slot(features::word_hash(word)), times, Sort::Word);
            features::gram_slots(word, |slot| found(slot, times * GRAM_WEIGHT, Sort::Gram));
        }
        self.pairs.iter().for_each(|(&slot, &n)| found(slot, 1.0 + f32::from(n).ln(), Sort::Word));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Word,
    Gram,
}

/// The features that are learned: their slots, ascending, with idf.
struct Vocabulary {
    slots: Vec<u32>,
    idf: Vec<u8>,
}

impl Vocabulary {
    fn of(bags: &[Bag], settings: &Settings) -> Self {
        let mut counts = vec![(0_u16, settings.grams_min); 1 << SLOT_BITS];
        for bag in bags {
            let mut seen = Vec::new();
            bag.each(|slot, _, sort| seen.push((slot, sort == Sort::Word)));
            seen.sort_unstable();
            seen.dedup_by_key(|(slot, _)| *slot);
            for (slot, is_word) in seen {
                let (count, least) = &mut counts[slot as usize];
                *count = count.saturating_add(1);
                *least = if is_word { settings.words_min } else { *least };
            }
        }
        let kept = (0_u32..).zip(&counts).filter(|(_, (count, least))| count >= least);
        let (slots, idf) = kept.map(|(slot, &(count, _))| (slot, idf(bags.len(), count))).unzip();
        Self { slots, idf }
    }

    fn vectors(&self, bags: &[Bag]) -> Vec<Sparse> {
        let mut rows = vec![None; 1 << SLOT_BITS];
        (0_u32..).zip(&self.slots).for_each(|(row, &slot)| rows[slot as usize] = Some(row));
        bags.iter().map(|bag| self.vector(bag, &rows)).collect()
    }

    fn vector(&self, bag: &Bag, rows: &[Option<u32>]) -> Sparse {
        let mut sums: BTreeMap<u32, f32> = BTreeMap::new();
        let mut square = 0.0;
        bag.each(|slot, times, _| {
            if let Some(row) = rows[slot as usize] {
                let value = times * f32::from(self.idf[row as usize]) * IDF_STEP;
                square += value * value;
                *sums.entry(row).or_default() += value;
            }
        });
        let norm = f32::max(square, 1e-6).sqrt();
        sums.into_iter().map(|(row, value)| (row, value / norm)).collect()
    }

    fn keep_heaviest(&mut self, solution: &Solution, n: usize) {
        let columns = solution.biases.len();
        let weight = |row: usize| -> f32 {
            let idf = f32::from(self.idf[row]);
            solution.weights[row * columns..][..columns].iter().map(|w| w * w).sum::<f32>() * idf * idf
        };
        let mut order: Vec<(f32, usize)> = (0..self.slots.len()).map(|row| (weight(row), row)).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut kept: Vec<usize> = order[..n].iter().map(|&(_, row)| row).collect();
        kept.sort_unstable();
        self.idf = kept.iter().map(|&row| self.idf[row]).collect();
        self.slots = kept.iter().map(|&row| self.slots[row]).collect();
    }
}

/// How rare a feature is, in [`IDF_STEP`]s.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range just before")]
fn idf(examples: usize, with_it: u16) -> u8 {
    let idf = ((1.0 + examples as f32) / (1.0 + f32::from(with_it))).ln() + 1.0;
    (idf / IDF_STEP).round().clamp(0.0, 255.0) as u8
}

/// Rounds to a whole number of at most 127 either side; the smallest ones to 0.
#[expect(clippy::cast_possible_truncation, reason = "clamped to the range just before")]
fn quantised(value: f32, prune: u8) -> i8 {
    let rounded = value.round().clamp(-127.0, 127.0);
    if rounded.abs() <= f32::from(prune) { 0 } else { rounded as i8 }
}

fn model_of(
    examples: &[Example],
    criteria: Vec<CriterionId>,
    vocabulary: Vocabulary,
    solution: &Solution,
    prune: u8,
) -> Model {
    let columns = solution.biases.len();
    let largest = |c: usize| solution.weights.iter().skip(c).step_by(columns).fold(0.0_f32, |max, w| max.max(w.abs()));
    let scales: Vec<f32> = (0..columns).map(|c| largest(c).max(1e-6) / 127.0).collect();
    let weight = |(i, w): (usize, &f32)| quantised(w / scales[i % columns], prune);
    Model {
        examples_hash: example::hash(examples),
        criteria,
        weights: solution.weights.iter().enumerate().map(weight).collect(),
        scales,
        biases: solution.biases.clone(),
        rows: Rows::of(&vocabulary.slots),
        slots: vocabulary.slots,
        idf: vocabulary.idf,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::judge::model::scorer::Scorer;

    const LINES: &str = r#"
{"criterion": "6.1", "label": "procedure", "lang": "en", "text": "A high security seal shall be affixed to every container, the seal shall meet the standard"}
{"criterion": "6.1", "label": "record", "lang": "en", "text": "Seal log 3 May: seal 4411 affixed to the container, seal 4412 affixed to the container"}
{"criterion": "10.2", "label": "procedure", "lang": "en", "text": "Every visitor shall sign the visitor log and show a photo identification"}
{"criterion": "10.2", "label": "record", "lang": "en", "text": "Visitor log 3 May: visitor signed in 10:05, photo identification shown"}
{"criterion": "10.2", "label": "form", "lang": "en", "text": "Visitor log. Name ____ photo identification ____ signed in ____"}
{"criterion": null, "label": "none", "lang": "en", "text": "Invoice for the container of chairs, total due in 30 days"}
{"criterion": "6.1", "label": "near_miss", "lang": "en", "text": "The visitor shall sign for the pump seal", "actual": "10.2"}
"#;

    fn settings() -> Settings {
        Settings { words_min: 1, grams_min: 1, ..Settings::SHIPPED }
    }

    #[test]
    fn training_is_deterministic() {
        let examples = example::parse(LINES).unwrap();
        let pruned = Settings { features_max: 200, ..settings() };
        for settings in [settings(), pruned] {
            assert_eq!(train(&examples, &settings).to_bytes(), train(&examples, &settings).to_bytes());
        }
        assert_ne!(train(&examples, &settings()), train(&examples[1..], &settings()));
    }

    #[test]
    fn answers_leave_unknown_what_is_unknown() {
        let examples = example::parse(LINES).unwrap();
        let criteria = criteria_of(&examples);
        let (answers, _) = answers(&examples, &criteria, &settings());
        let rows: Vec<&[i8]> = answers.chunks(4).collect();
        // 6.1, 10.2, proof, record
        let want = [[1, -1, 1, -1], [1, -1, 1, 1], [-1, 1, 1, -1], [-1, 1, 1, 1], [-1, -1, -1, 0], [-1, -1, -1, 0]];
        assert_eq!(rows[..6], want);
        assert_eq!(rows[6], [-1, 0, 0, 0]);
    }

    #[test]
    fn scoring_and_training_see_the_same_vector() {
        let examples = example::parse(LINES).unwrap();
        let model = train(&examples, &settings());
        let vocabulary = Vocabulary { slots: model.slots.clone(), idf: model.idf.clone() };
        let bags: Vec<Bag> = examples.iter().map(|example| Bag::of(&example.text)).collect();
        let mut scorer = Scorer::new(&model);
        for (example, vector) in examples.iter().zip(vocabulary.vectors(&bags)) {
            scorer.text(&example.text);
            for (c, margin) in scorer.margins().into_iter().enumerate() {
                let weight = |row: u32| f32::from(model.weights[row as usize * model.width() + c]) * model.scales[c];
                let want = vector.iter().map(|&(row, value)| value * weight(row)).sum::<f32>() + model.biases[c];
                assert!((margin - want).abs() < 1e-3, "{margin} {want} {}", example.text);
            }
        }
    }
}
