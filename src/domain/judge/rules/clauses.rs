//! Clause rules and topics: how written rules speak of a criterion, section by section.

use std::collections::BTreeSet;

use super::page::{Page, Section};
use super::patterns::{Compiled, Patterns, Zone};
use super::scan::{Scan, seen};
use crate::domain::catalog::Catalog;
use crate::domain::ids::CriterionId;
use crate::domain::judge::signal::{ClauseSignal, SectionHit};

/// A longer line is no heading.
const HEADING_WORDS_MAX: usize = 9;

pub struct ClauseRule {
    pub criterion: CriterionId,
    pub titles: Vec<Compiled>,
    pub specific: bool,
    sections: Vec<Compiled>,
}

pub struct TopicRule {
    pub id: String,
    pub titles: Vec<Compiled>,
    pub criteria: BTreeSet<CriterionId>,
}

pub fn compile_clauses(catalog: &Catalog, patterns: &mut Patterns) -> Vec<ClauseRule> {
    let mut rules = Vec::new();
    for clause in &catalog.clauses {
        rules.push(ClauseRule {
            criterion: clause.criterion.clone(),
            titles: patterns.compile_all(&clause.titles, &catalog.words),
            specific: clause.specific,
            sections: patterns.compile_all(&clause.sections, &catalog.words),
        });
    }
    rules
}

pub fn compile_topics(catalog: &Catalog, patterns: &mut Patterns) -> Vec<TopicRule> {
    let mut rules = Vec::new();
    for topic in &catalog.topics {
        rules.push(TopicRule {
            id: topic.id.clone(),
            titles: patterns.compile_all(&topic.titles, &catalog.words),
            criteria: topic.criteria.iter().cloned().collect(),
        });
    }
    rules
}

/// What one clause rule has met so far.
#[derive(Default)]
struct Found {
    /// By pattern.
    alone: Vec<Option<SectionHit>>,
    over_two: Vec<Option<SectionHit>>,
    count: u16,
    heading: Option<String>,
}

/// In the order of the rules; rules that met nothing are left out.
pub fn clause_signals(rules: &[ClauseRule], patterns: &Patterns, text: (&Page, &Scan)) -> Vec<ClauseSignal> {
    let (page, scan) = text;
    let mut found: Vec<Found> = rules.iter().map(Found::of).collect();
    let (mut before, mut here, mut head) = (patterns.zone(), patterns.zone(), patterns.zone());
    let mut last: Option<Section> = None;
    for section in page.sections() {
        std::mem::swap(&mut before, &mut here);
        here.clear();
        head.clear();
        scan.fill(patterns, &mut here, section.lines.clone());
        if page.lines[section.lines.start].word_count <= HEADING_WORDS_MAX {
            scan.fill(patterns, &mut head, [section.lines.start]);
        }
        for (rule, found) in rules.iter().zip(&mut found) {
            found.look_at(rule, &section, (page, &here, &head));
            if let Some(last) = &last {
                found.look_at_two(rule, last, (page, &before, &here));
            }
        }
        last = Some(section);
    }
    rules.iter().zip(found).filter_map(|(rule, found)| found.signal(&rule.criterion)).collect()
}

impl Found {
    fn of(rule: &ClauseRule) -> Self {
        let none = || rule.sections.iter().map(|_| None).collect();
        Self { alone: none(), over_two: none(), count: 0, heading: None }
    }

    fn look_at(&mut self, rule: &ClauseRule, section: &Section, text: (&Page, &Zone, &Zone)) {
        let (page, zone, head) = text;
        for (pattern, slot) in rule.sections.iter().zip(&mut self.alone) {
            if let Some(spots) = pattern.find(zone, zone) {
                self.count = self.count.saturating_add(1);
                if slot.is_none() {
                    *slot = hit(page, section, &spots, false);
                }
            }
        }
        if self.heading.is_none() && rule.titles.iter().any(|title| title.holds(head)) {
            self.heading = Some(section.heading.clone());
        }
    }

    fn look_at_two(&mut self, rule: &ClauseRule, first: &Section, text: (&Page, &Zone, &Zone)) {
        let (page, before, here) = text;
        let patterns = rule.sections.iter().zip(&self.alone).zip(&mut self.over_two);
        for ((pattern, alone), slot) in patterns {
            if alone.is_some() || slot.is_some() || pattern.forbids(before) {
                continue;
            }
            if let Some(spots) = pattern.find_over(before, Some(here), here) {
                *slot = hit(page, first, &spots, true);
            }
        }
    }

    fn signal(self, criterion: &CriterionId) -> Option<ClauseSignal> {
        let hits = self.alone.into_iter().zip(self.over_two);
        let sections: Vec<SectionHit> = hits.filter_map(|(alone, over_two)| alone.or(over_two)).collect();
        let empty = sections.is_empty() && self.heading.is_none();
        (!empty).then(|| ClauseSignal {
            criterion: criterion.clone(),
            sections,
            count: self.count,
            heading: self.heading,
        })
    }
}

fn hit(page: &Page, section: &Section, spots: &[super::patterns::Spot], spans_two: bool) -> Option<SectionHit> {
    Some(SectionHit { heading: section.heading.clone(), spans_two, seen: seen(page, spots)? })
}
