//! Scoring a reading: every window's distance from every boundary, and of these the best with quote and reason.
//!
//! A criterion is as well spoken of as its best window of the size that speaks worse for it: a true subject shows in
//! a sentence and in its surroundings, a chance likeness in one of them. Papers whose passages speak as forms, advice
//! or unrelated things lose on every criterion. The file's name is no part of a content; the first windows are kept
//! as numbers, so that the name can join them later.

use super::scorer::Scorer;
use super::windows::{self, SIZES, Window};
use super::{Model, NameSignal};
use crate::domain::judge::signal::{HeadSignal, ModelSignal, ModelSignals};
use crate::domain::judge::verdict::{NeedKind, Quote};
use crate::domain::reading::Reading;

/// Signals start here; far below the boundary, so that a referee can still raise them.
pub const FLOOR: f32 = -0.6;
/// The same for a name alone: a few words never lie far from 0.
const NAME_FLOOR: f32 = -1.0;
/// Signals from here on say which words weighed most; lower ones would need much help to count.
const EXPLAIN_FLOOR: f32 = -0.3;
/// Signals of one content.
const SIGNALS_MAX: usize = 60;
/// How much the paper's manner (proof, or form and advice) counts for every criterion.
const PROOF_SHARE: f32 = 0.4;
/// How much of the lift counts that a file's name gives to the first window.
const NAME_SHARE: f32 = 0.6;
/// The best of many windows lies higher than a single example: what is taken off so that 0 is the boundary.
const BEST_OF_MANY: f32 = 0.2;

const KINDS: [NeedKind; 2] = [NeedKind::Procedure, NeedKind::Record];

impl Model {
    /// What the passages of a reading bear on, without its name.
    pub fn score(&self, reading: &Reading) -> ModelSignals {
        Scorer::new(self).score(reading)
    }

    fn signals(&self, reading: &Reading, scorer: &mut Scorer) -> ModelSignals {
        scorer.start_reading();
        let sizes = SIZES.map(|size| Scored::of(windows::windows(reading, size), scorer));
        let n = sizes.iter().map(|size| size.margins.len()).sum::<usize>().max(1) as f32;
        let mean = |column: usize| {
            let all = sizes.iter().flat_map(|size| &size.margins);
            all.map(|margins| margins[self.criteria.len() + column].clamp(-1.0, 1.0)).sum::<f32>() / n
        };
        let mut signals = ModelSignals { proof: mean(0), record: mean(1), ..ModelSignals::default() };
        signals.heads = sizes.iter().filter_map(|size| size.head.clone()).collect();
        let mut found: Vec<Found> = (0..self.criteria.len())
            .flat_map(|criterion| self.find(criterion, &sizes, &signals))
            .filter(|found| found.margin >= FLOOR)
            .collect();
        found.sort_by(|a, b| b.margin.total_cmp(&a.margin));
        found.truncate(SIGNALS_MAX);
        found.sort_by_key(|found| (found.criterion, found.kind));
        signals.found = found.iter().map(|found| self.signal(reading, found, scorer)).collect();
        signals
    }

    /// The best windows for one criterion, of procedures and of records.
    fn find<'w>(&self, criterion: usize, sizes: &'w [Scored<'w>; 2], signals: &ModelSignals) -> Vec<Found<'w>> {
        let kind_of = |margins: &[f32]| usize::from(margins[self.criteria.len() + 1] + signals.record > 0.0);
        let mut best: [[Option<(f32, usize)>; 2]; 2] = Default::default();
        let mut passages = [0_u16; 2];
        for (size, scored) in sizes.iter().enumerate() {
            for (at, margins) in scored.margins.iter().enumerate() {
                let (kind, margin) = (kind_of(margins), margins[criterion]);
                passages[kind] = passages[kind].saturating_add(u16::from(margin >= 0.0));
                let old = &mut best[size][kind];
                if old.is_none_or(|(most, _)| margin > most) {
                    *old = Some((margin, at));
                }
            }
        }
        let any = |size: usize| best[size].iter().flatten().map(|&(margin, _)| margin).reduce(f32::max);
        let of_kind = |kind: usize| {
            let bests = [0, 1].map(|size| best[size][kind].map(|(margin, _)| margin).or_else(|| any(size)));
            let margin = bests.into_iter().flatten().reduce(f32::min)? + PROOF_SHARE * signals.proof - BEST_OF_MANY;
            let (size, at) = (0..2).find_map(|size| best[size][kind].map(|(_, at)| (size, at)))?;
            let window = sizes[size].windows.get(at)?;
            Some(Found { criterion, kind, margin, passages: passages[kind], window })
        };
        (0..2).filter_map(of_kind).collect()
    }

    fn signal(&self, reading: &Reading, found: &Found, scorer: &mut Scorer) -> ModelSignal {
        let place = found.window.place;
        let explain = found.margin >= EXPLAIN_FLOOR;
        let words = if explain { scorer.heaviest(found.window, found.criterion) } else { Vec::new() };
        ModelSignal {
            criterion: self.criteria[found.criterion].clone(),
            role: KINDS[found.kind],
            margin: found.margin,
            passages: found.passages,
            quote: Quote { place, place_text: reading.place_text(place), text: quoted(found.window) },
            words,
        }
    }

    /// What a file's name without its extension says by itself; in the order of criteria.
    pub fn score_name(&self, stem: &str) -> Vec<NameSignal> {
        let name = self.name_head(stem);
        let role = KINDS[usize::from(name.margins[self.criteria.len() + 1] > 0.0)];
        let all = self.criteria.iter().zip(&name.margins).map(|(id, margin)| (id, margin - BEST_OF_MANY));
        all.filter(|&(_, margin)| margin >= NAME_FLOOR)
            .map(|(id, margin)| NameSignal { criterion: id.clone(), role, margin })
            .collect()
    }

    /// The signals of a content with its file's name weighed in; of a content without passages, what the name says.
    pub fn with_name(&self, signals: &ModelSignals, stem: &str) -> Vec<NameSignal> {
        let heads: Vec<&HeadSignal> = signals.heads.iter().filter(|head| head.margins.len() == self.width()).collect();
        if heads.is_empty() {
            return self.score_name(stem);
        }
        let name = self.name_head(stem);
        let joined: Vec<Vec<f32>> = heads.iter().map(|head| self.join(&name, head)).collect();
        let lift = |criterion: usize| {
            let with = joined.iter().map(|margins| margins[criterion]).fold(f32::MIN, f32::max);
            let without = heads.iter().map(|head| head.margins[criterion]).fold(f32::MIN, f32::max);
            NAME_SHARE * (with - without)
        };
        let lifted = signals.found.iter().map(|found| {
            let lift = self.criteria.binary_search(&found.criterion).map_or(0.0, lift);
            NameSignal { criterion: found.criterion.clone(), role: found.role, margin: found.margin + lift }
        });
        lifted.collect()
    }

    fn name_head(&self, stem: &str) -> HeadSignal {
        let mut scorer = Scorer::new(self);
        scorer.text(stem);
        scorer.head()
    }

    /// The margins of two texts read as one: their vectors add up, and have hardly anything in common.
    fn join(&self, name: &HeadSignal, head: &HeadSignal) -> Vec<f32> {
        let norm = name.norm.hypot(head.norm).max(f32::MIN_POSITIVE);
        let both = name.margins.iter().zip(&head.margins).zip(&self.biases);
        both.map(|((a, b), bias)| ((a - bias) * name.norm + (b - bias) * head.norm) / norm + bias).collect()
    }
}

impl Scorer<'_> {
    /// As [`Model::score`].
    pub fn score(&mut self, reading: &Reading) -> ModelSignals {
        self.model.signals(reading, self)
    }
}

/// The windows of one size with their margins.
struct Scored<'a> {
    windows: Vec<Window<'a>>,
    margins: Vec<Vec<f32>>,
    head: Option<HeadSignal>,
}

impl<'a> Scored<'a> {
    fn of(windows: Vec<Window<'a>>, scorer: &mut Scorer) -> Self {
        let mut head = None;
        let mut margins = Vec::with_capacity(windows.len());
        for window in &windows {
            scorer.window(window);
            head.get_or_insert_with(|| scorer.head());
            margins.push(scorer.margins());
        }
        Self { windows, margins, head }
    }
}

/// One criterion as one kind, and the window to quote for it.
struct Found<'a> {
    criterion: usize,
    kind: usize,
    margin: f32,
    passages: u16,
    window: &'a Window<'a>,
}

/// The window's own text in one line, cut between words.
fn quoted(window: &Window) -> String {
    let mut out = String::new();
    let mut left = Quote::MAX_CHARS;
    let cells = window.own.iter().flat_map(|piece| piece.split('\t').enumerate());
    let words = cells.flat_map(|(cell, text)| (cell > 0).then_some("|").into_iter().chain(text.split_whitespace()));
    for word in words {
        let gap = usize::from(!out.is_empty());
        let chars = word.chars().count() + gap;
        if chars > left {
            if out.is_empty() {
                out.extend(word.chars().take(left));
            }
            break;
        }
        left -= chars;
        out.extend((gap == 1).then_some(' '));
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::{Format, Passage, PassageKind, Place, Properties};

    fn reading(texts: &[&str]) -> Reading {
        let passage = |(n, text): (u32, &&str)| Passage {
            place: Place::Page(n),
            kind: PassageKind::Text,
            text: (*text).to_owned(),
            confidence: None,
        };
        let passages = (1..).zip(texts).map(passage).collect();
        Reading {
            format: Format::Pdf,
            properties: Properties::default(),
            sheets: Vec::new(),
            passages,
            truncated: false,
        }
    }

    fn best(signals: &ModelSignals) -> &ModelSignal {
        signals.found.iter().max_by(|a, b| a.margin.total_cmp(&b.margin)).unwrap()
    }

    #[test]
    fn a_passage_of_each_language_ranks_its_criterion_high() {
        let cases = [
            (
                "Every visitor must show photo identification at the gate and sign the visitor log; the guard gives a badge.",
                "10.2",
            ),
            (
                "Todo visitante debe presentar identificación con fotografía y firmar la bitácora de visitantes en caseta.",
                "10.2",
            ),
            (
                "17-point inspection of trailer 4471, 3 May 2026: front wall ok, floor ok, doors ok, roof ok. Inspector J. Pine signed.",
                "5.3",
            ),
            (
                "Inspección de 17 puntos del contenedor, 3 de mayo: piso bien, techo bien, puertas bien. Firma del inspector.",
                "5.3",
            ),
        ];
        for (text, criterion) in cases {
            let signals = Model::built_in().score(&reading(&[text]));
            let mut found: Vec<&ModelSignal> = signals.found.iter().collect();
            found.sort_by(|a, b| b.margin.total_cmp(&a.margin));
            let top: Vec<&str> = found.iter().take(5).map(|signal| signal.criterion.as_str()).collect();
            assert!(top.contains(&criterion), "{text}: {top:?}");
        }
    }

    #[test]
    fn a_scorer_answers_alike_whatever_it_read_before() {
        let texts = ["Seal log 3 May, seal 4471182 verified", "Visitor log 3 May, badge 12", "Seal seal seal log"];
        let mut scorer = Scorer::new(Model::built_in());
        for text in texts.iter().chain(&texts) {
            assert_eq!(scorer.score(&reading(&[text])), Model::built_in().score(&reading(&[text])), "{text}");
        }
    }

    #[test]
    fn rules_and_records_are_told_apart() {
        for (text, role) in [
            ("Every driver shall verify the seal number and must report any difference at once.", NeedKind::Procedure),
            ("Seal log. 3 May 2026 07:40 seal 4471182 verified against the bill of lading, ok", NeedKind::Record),
        ] {
            assert_eq!(best(&Model::built_in().score(&reading(&[text]))).role, role, "{text}");
        }
    }

    #[test]
    fn signals_quote_the_passage_and_name_words() {
        let signals = Model::built_in().score(&reading(&[
            "Our company has been making chairs since 1954 and is proud of its oak and its people.",
            "Each driver checks the container seal: view, verify, tug and twist, before leaving the yard with a load.",
        ]));
        let best = best(&signals);
        assert!(best.quote.text.contains("tug and twist"), "{best:?}");
        assert!(best.words.iter().any(|word| ["seal", "tug", "twist", "verify"].contains(&word.as_str())), "{best:?}");
        assert!(signals.heads.len() == 2 && signals.proof.abs() <= 1.0);
    }

    #[test]
    fn a_name_lifts_what_it_names() {
        let signals = Model::built_in().score(&reading(&["3 May 10:05 Ann Lee, Harbor Foods, badge 12, out 11:40"]));
        let of = |all: &[NameSignal]| {
            all.iter()
                .filter(|signal| signal.criterion.as_str() == "10.2")
                .map(|signal| signal.margin)
                .fold(-9.0, f32::max)
        };
        let with = of(&Model::built_in().with_name(&signals, "Visitor log May"));
        let without = of(&Model::built_in().with_name(&signals, ""));
        assert!(with > without, "{with} {without}");
        assert!(of(&Model::built_in().with_name(&ModelSignals::default(), "Visitor log May")) > NAME_FLOOR);
    }

    #[test]
    fn blank_forms_speak_less_as_proof() {
        let proof = |text: &str| Model::built_in().score(&reading(&[text])).proof;
        let blank = "Visitor log form. Instructions: fill in one line a visitor. Name: ______ Company: ______ Signature: ______";
        let filled = "Visitor log 3 May 2026: Ann Lee, Harbor Foods, in 10:05, out 11:40, badge 12, signed A. Lee";
        assert!(proof(filled) > proof(blank));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]
        #[test]
        fn any_text_is_scored_without_panic(texts in proptest::collection::vec("\\PC{0,400}", 0..6), stem in "\\PC{0,40}") {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let signals = Model::built_in().score(&reading(&texts));
            assert!(signals.found.len() <= SIGNALS_MAX);
            for signal in &signals.found {
                assert!(signal.margin.is_finite() && signal.quote.text.chars().count() <= Quote::MAX_CHARS);
            }
            assert!(Model::built_in().with_name(&signals, &stem).iter().all(|signal| signal.margin.is_finite()));
        }
    }
}
