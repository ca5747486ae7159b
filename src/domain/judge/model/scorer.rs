//! Adds up weights over the words of one text at a time.
//!
//! The weights of a word and its n-grams are added up once and remembered, so a text costs one row a word; and the
//! words of a piece of text are found once, though it stands in windows of two sizes or, a table's head, in many.

use std::cmp::Ordering;
use std::ops::Range;

use hashbrown::HashMap;

use super::features;
use super::windows::Window;
use super::{GRAM_WEIGHT, Model};
use crate::domain::judge::signal::HeadSignal;

/// Words that explain a signal.
const WORDS_MAX: usize = 5;
/// Words remembered from one reading to the next, some 500 bytes each; beyond, the memory starts anew. One reading adds
/// no more than its windows hold.
const REMEMBERED_MAX: usize = 32_768;

/// A model with a memory of words. Keep one a thread and use it for many readings: the answers are the same, sooner.
pub struct Scorer<'m> {
    pub(super) model: &'m Model,
    /// Of every remembered word, its number.
    numbers: HashMap<u64, u32>,
    /// Of every remembered word, the sum of its rows, and the square of its length.
    sums: Vec<f32>,
    squares: Vec<f32>,
    /// Of every remembered word, the text it was last in and how often.
    counts: Vec<(u32, u16)>,
    /// The same of every pair that was met, by its row.
    pair_counts: HashMap<u32, (u32, u16)>,
    text_number: u32,
    sum: Vec<f32>,
    square: f32,
    /// The words of the present reading, and which of them each of its pieces is.
    tokens: Vec<Token>,
    pieces: HashMap<Piece, Range<usize>>,
}

/// A word in a piece of text.
#[derive(Clone, Copy)]
struct Token {
    number: u32,
    /// The row of its pair with the word before it.
    pair: Option<u32>,
}

/// A stretch of the present reading, by where it lies in memory: the same stretch is handed in several times.
#[derive(PartialEq, Eq, Hash)]
struct Piece {
    address: usize,
    length: usize,
}

impl Piece {
    fn of(text: &str) -> Self {
        Self { address: text.as_ptr().addr(), length: text.len() }
    }
}

impl<'m> Scorer<'m> {
    pub fn new(model: &'m Model) -> Self {
        Self {
            model,
            numbers: HashMap::new(),
            sums: Vec::new(),
            squares: Vec::new(),
            counts: Vec::new(),
            pair_counts: HashMap::new(),
            text_number: 0,
            sum: vec![0.0; model.width()],
            square: 0.0,
            tokens: Vec::new(),
            pieces: HashMap::new(),
        }
    }

    /// Forgets the pieces of the reading before, which may be gone; and all words, once they are many.
    pub(super) fn start_reading(&mut self) {
        if self.numbers.len() > REMEMBERED_MAX || self.text_number > u32::MAX / 2 {
            *self = Self::new(self.model);
        }
        self.tokens.clear();
        self.pieces.clear();
    }

    pub(super) fn window(&mut self, window: &Window) {
        self.start();
        window.head.iter().chain(&window.own).for_each(|piece| self.add(piece));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.start_reading();
        self.start();
        self.add(text);
    }

    fn start(&mut self) {
        self.text_number += 1;
        self.sum.fill(0.0);
        self.square = 0.0;
    }

    fn add(&mut self, text: &str) {
        for at in self.tokens_of(text) {
            let Token { number, pair } = self.tokens[at];
            let number = number as usize;
            let growth = repeat(&mut self.counts[number], self.text_number);
            let width = self.model.width();
            add_row(&mut self.sum, &self.sums[number * width..][..width], growth.0);
            self.square += growth.1 * self.squares[number];
            if let Some(row) = pair {
                self.add_pair(row);
            }
        }
    }

    /// The words of a piece, found the first time it is asked for.
    fn tokens_of(&mut self, text: &str) -> Range<usize> {
        if let Some(known) = self.pieces.get(&Piece::of(text)) {
            return known.clone();
        }
        let start = self.tokens.len();
        let mut before: Option<u64> = None;
        features::words(text, |word, _| {
            let hash = features::word_hash(word);
            let number = self.number(hash, word);
            let pair = before.replace(hash).and_then(|before| self.model.rows.row(features::pair_slot(before, hash)));
            self.tokens.push(Token { number, pair });
        });
        let range = start..self.tokens.len();
        self.pieces.insert(Piece::of(text), range.clone());
        range
    }

    fn add_pair(&mut self, row: u32) {
        let (weights, idf) = self.model.weights(row);
        let growth = repeat(self.pair_counts.entry(row).or_default(), self.text_number);
        let by = growth.0 * idf;
        self.sum.iter_mut().zip(weights).for_each(|(sum, &weight)| *sum += by * f32::from(weight));
        self.square += growth.1 * idf * idf;
    }

    /// The number under which a word is remembered.
    fn number(&mut self, hash: u64, word: &str) -> u32 {
        let width = self.model.width();
        if let Some(&number) = self.numbers.get(&hash) {
            return number;
        }
        let number = u32::try_from(self.squares.len()).expect("a reading's windows hold far fewer words");
        self.numbers.insert(hash, number);
        self.counts.push((0, 0));
        let start = self.sums.len();
        self.sums.resize(start + width, 0.0);
        let sum = &mut self.sums[start..];
        let mut square = 0.0;
        let model = self.model;
        let mut add = |slot: u32, by: f32| {
            let Some(row) = model.rows.row(slot) else { return };
            let (weights, idf) = model.weights(row);
            let value = by * idf;
            sum.iter_mut().zip(weights).for_each(|(sum, &weight)| *sum += value * f32::from(weight));
            square += value * value;
        };
        add(features::word_slot(hash), 1.0);
        features::gram_slots(word, |slot| add(slot, GRAM_WEIGHT));
        self.squares.push(square);
        number
    }

    /// The distance of the text from every boundary.
    pub(super) fn margins(&self) -> Vec<f32> {
        let norm = self.square.max(1e-6).sqrt();
        let columns = self.sum.iter().zip(&self.model.scales).zip(&self.model.biases);
        columns.map(|((sum, scale), bias)| sum * scale / norm + bias).collect()
    }

    pub(super) fn head(&self) -> HeadSignal {
        HeadSignal { norm: self.square.sqrt(), margins: self.margins() }
    }

    /// The words of a window that speak most for a criterion.
    pub(super) fn heaviest(&mut self, window: &Window, criterion: usize) -> Vec<String> {
        let mut all: Vec<(f32, String)> = Vec::new();
        self.start();
        for piece in &window.own {
            features::words(piece, |word, range| {
                let number = self.number(features::word_hash(word), word);
                let weight = self.sums[number as usize * self.model.width() + criterion];
                all.push((weight, piece[range].to_lowercase()));
            });
        }
        all.retain(|(weight, word)| *weight > 0.0 && word.chars().any(char::is_alphabetic));
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        all.dedup_by(|a, b| a.0.total_cmp(&b.0) == Ordering::Equal && a.1 == b.1);
        all.truncate(WORDS_MAX);
        all.into_iter().map(|(_, word)| word).collect()
    }
}

fn add_row(sum: &mut [f32], row: &[f32], by: f32) {
    sum.iter_mut().zip(row).for_each(|(sum, weight)| *sum += by * weight);
}

/// Counts one more time in the text of this number: by how much the weight 1 + ln(n) and its square grow.
fn repeat(count: &mut (u32, u16), text_number: u32) -> (f32, f32) {
    if count.0 != text_number {
        *count = (text_number, 0);
    }
    let weight = |n: u16| if n == 0 { 0.0 } else { 1.0 + f32::from(n).ln() };
    let (old, new) = (weight(count.1), weight(count.1.saturating_add(1)));
    count.1 = count.1.saturating_add(1);
    (new - old, new * new - old * old)
}
