//! The hits of a whole page, line by line.

use super::matcher::Hit;
use super::page::Page;
use super::patterns::{Patterns, Spot, Zone};
use crate::domain::judge::signal::Seen;

/// Hits a page may leave; a text beyond that repeats itself.
const HITS_MAX: usize = 2_000_000;

/// Characters kept of words that were seen.
const SEEN_CHARS_MAX: usize = 80;

/// Every hit of every line, found once.
pub struct Scan {
    hits: Vec<Hit>,
    /// Where each line's hits end.
    ends: Vec<usize>,
}

impl Scan {
    pub fn of(patterns: &Patterns, page: &Page) -> Self {
        let (mut hits, mut ends) = (Vec::new(), Vec::with_capacity(page.lines.len()));
        patterns.phrases.with_vocabulary(|vocabulary| {
            for line in &page.lines {
                if hits.len() < HITS_MAX {
                    patterns.phrases.scan(vocabulary, &line.words, &mut hits);
                }
                ends.push(hits.len());
            }
        });
        Self { hits, ends }
    }

    pub fn line(&self, at: usize) -> &[Hit] {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.hits[start..self.ends[at]]
    }

    pub fn fill(&self, patterns: &Patterns, zone: &mut Zone, lines: impl IntoIterator<Item = usize>) {
        for at in lines {
            let line = u32::try_from(at).expect("a page has few lines");
            patterns.fill(zone, line, self.line(at));
        }
    }
}

/// The words at `spots`, quoted from where the last of them stands: the one that is seldom in a title.
pub fn seen(page: &Page, spots: &[Spot]) -> Option<Seen> {
    let line = spots.iter().map(|spot| spot.line).max()? as usize;
    let words = |spot: &Spot| words_at(&page.lines[spot.line as usize].words, *spot);
    Some(Seen { words: spots.iter().map(words).collect(), quote: page.quote(line) })
}

/// The words between two places in a line of normal words, kept short.
pub fn words_at(words: &str, spot: Spot) -> String {
    let (start, end) = (spot.start as usize, spot.end as usize);
    let words: Vec<&str> = words.split(' ').skip(start).take(end.saturating_sub(start)).collect();
    short(&words.join(" "))
}

pub fn short(text: &str) -> String {
    text.chars().take(SEEN_CHARS_MAX).collect()
}
