//! Patterns compiled to groups of phrases, and zones of text that know which groups they hold.
//!
//! A group is the alternatives of one clause. A zone is filled from the hits of its lines; a pattern then holds if its
//! groups are in the zone and its forbidden ones are not. Invariant: a zone's cost is that of its hits, not of the catalog.

use std::collections::{BTreeMap, HashMap};

use super::matcher::{Hit, PhraseId, Phrases};
use crate::domain::catalog::{Pattern, PatternClause};

pub type GroupId = u32;

/// A pattern by its groups.
#[derive(Clone, Debug)]
pub struct Compiled {
    wanted: Vec<GroupId>,
    forbidden: Vec<GroupId>,
}

/// All patterns of a catalog share one set of phrases and groups.
#[derive(Default)]
pub struct Patterns {
    pub phrases: Phrases,
    groups: HashMap<Vec<PhraseId>, GroupId>,
    /// The groups that a phrase belongs to, by phrase.
    memberships: Vec<Vec<GroupId>>,
}

/// Where a group was first met: a line of the page and the words in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    pub line: u32,
    pub start: u32,
    pub end: u32,
}

impl Spot {
    pub fn of(line: usize, hit: &Hit) -> Self {
        let line = u32::try_from(line).expect("a page has few lines");
        Self { line, start: hit.start, end: hit.end }
    }
}

/// The groups that a stretch of text holds.
pub struct Zone {
    /// Of every group, its place in `spots` + 1; 0 for none.
    places: Vec<u32>,
    spots: Vec<(GroupId, Spot)>,
}

impl Patterns {
    /// Compiles one pattern. A catalog is checked before it gets here, so a broken pattern is simply not there.
    pub fn compile(&mut self, text: &str, words: &BTreeMap<String, String>) -> Option<Compiled> {
        let pattern = Pattern::parse(text, words).ok()?;
        let (forbidden, wanted): (Vec<_>, Vec<_>) = pattern.clauses.iter().partition(|clause| clause.negated);
        let wanted = wanted.into_iter().map(|clause| self.group(clause)).collect();
        let forbidden = forbidden.into_iter().map(|clause| self.group(clause)).collect();
        Some(Compiled { wanted, forbidden })
    }

    pub fn compile_all(&mut self, texts: &[String], words: &BTreeMap<String, String>) -> Vec<Compiled> {
        texts.iter().filter_map(|text| self.compile(text, words)).collect()
    }

    pub fn zone(&self) -> Zone {
        Zone { places: vec![0; self.groups.len()], spots: Vec::new() }
    }

    pub fn groups_of(&self, phrase: PhraseId) -> &[GroupId] {
        &self.memberships[phrase as usize]
    }

    /// Adds the hits of one line to a zone.
    pub fn fill(&self, zone: &mut Zone, line: u32, hits: &[Hit]) {
        for hit in hits {
            for &group in self.groups_of(hit.phrase) {
                zone.meet(group, Spot { line, start: hit.start, end: hit.end });
            }
        }
    }

    fn group(&mut self, clause: &PatternClause) -> GroupId {
        let mut phrases: Vec<PhraseId> = clause.alternatives.iter().map(|phrase| self.phrases.add(phrase)).collect();
        phrases.sort_unstable();
        phrases.dedup();
        self.memberships.resize(self.phrases.len(), Vec::new());
        let next = GroupId::try_from(self.groups.len()).expect("far fewer clauses than 2^32");
        if let Some(&known) = self.groups.get(&phrases) {
            return known;
        }
        for &phrase in &phrases {
            self.memberships[phrase as usize].push(next);
        }
        self.groups.insert(phrases, next);
        next
    }
}

impl Zone {
    pub fn clear(&mut self) {
        for (group, _) in self.spots.drain(..) {
            self.places[group as usize] = 0;
        }
    }

    /// Keeps a group's first spot, or the longest of those that start there.
    fn meet(&mut self, group: GroupId, met: Spot) {
        let place = &mut self.places[group as usize];
        match self.spots.get_mut((*place as usize).wrapping_sub(1)) {
            None => {
                self.spots.push((group, met));
                *place = u32::try_from(self.spots.len()).expect("at most one a group");
            }
            Some((_, old)) if old.line == met.line && old.start == met.start && old.end < met.end => *old = met,
            Some(_) => {}
        }
    }

    fn spot(&self, group: GroupId) -> Option<Spot> {
        let place = self.places.get(group as usize)?.checked_sub(1)?;
        Some(self.spots[place as usize].1)
    }
}

impl Compiled {
    /// Where its groups are, if the pattern holds in `zone`; what it forbids must not be in `context`.
    pub fn find(&self, zone: &Zone, context: &Zone) -> Option<Vec<Spot>> {
        self.find_over(zone, None, context)
    }

    /// The same over two zones read as one.
    pub fn find_over(&self, zone: &Zone, beside: Option<&Zone>, context: &Zone) -> Option<Vec<Spot>> {
        let at = |&group: &GroupId| zone.spot(group).or_else(|| beside.and_then(|zone| zone.spot(group)));
        if !self.wanted.iter().all(|group| at(group).is_some()) || self.forbids(context) {
            return None;
        }
        Some(self.wanted.iter().filter_map(at).collect())
    }

    pub fn holds(&self, zone: &Zone) -> bool {
        self.find(zone, zone).is_some()
    }

    pub fn forbids(&self, zone: &Zone) -> bool {
        self.forbidden.iter().any(|&group| zone.spot(group).is_some())
    }

    /// The groups it wants, for patterns of one clause that are counted rather than found.
    pub fn wanted(&self) -> &[GroupId] {
        &self.wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::judge::rules::matcher::Vocabulary;

    #[test]
    fn clauses_must_all_hold_and_forbidden_ones_must_not() {
        for (pattern, zone, context, want) in [
            ("seal & log|register", "seal log", "", true),
            ("seal & log|register", "seal register", "", true),
            ("seal & log|register", "seal", "", false),
            ("seal & log & !audit|policy", "seal log", "", true),
            ("seal & log & !audit|policy", "seal log", "audit", false),
            ("seal & log & !audit|policy", "seal log audit", "", true),
            ("seal & seal", "seal", "", true),
        ] {
            let mut patterns = Patterns::default();
            let compiled = patterns.compile(pattern, &BTreeMap::new()).unwrap();
            let zone_of = |text: &str| {
                let mut hits = Vec::new();
                patterns.phrases.scan(&mut Vocabulary::default(), text, &mut hits);
                let mut zone = patterns.zone();
                patterns.fill(&mut zone, 0, &hits);
                zone
            };
            assert_eq!(compiled.find(&zone_of(zone), &zone_of(context)).is_some(), want, "{pattern} in {zone}");
        }
    }

    #[test]
    fn a_cleared_zone_holds_nothing() {
        let mut patterns = Patterns::default();
        let compiled = patterns.compile("seal", &BTreeMap::new()).unwrap();
        let mut hits = Vec::new();
        patterns.phrases.scan(&mut Vocabulary::default(), "seal", &mut hits);
        let mut zone = patterns.zone();
        patterns.fill(&mut zone, 0, &hits);
        assert!(compiled.holds(&zone));
        zone.clear();
        assert!(!compiled.holds(&zone));
    }
}
