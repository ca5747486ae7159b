//! Text to role, dates and matches, with reasons: what one content says, whatever its path and its neighbours.
//!
//! Two steps, both pure. [`Judge::judge`] reads a content once and keeps *signals* (a [`Judgement`], stored in the
//! ledger). [`Judge::verdict`] weighs those signals together with what the path hints at into role and matches; it is
//! cheap and runs whenever statuses are assessed. Neither knows `as_of`, other documents, or the file's times.

mod doubtful;
mod referee;
mod role;
mod rules;
mod seal;
mod sketch;

pub mod dates;
pub mod model;
pub mod normal;
pub mod signal;
pub mod verdict;

use crate::domain::catalog::Catalog;
use crate::domain::reading::Reading;
use dates::PropertyDates;
use model::Model;
use referee::Referee;
use role::signals::Text;
use role::words::RoleWords;
use rules::scan::Scan;
use rules::table::Tables;
use rules::{Page, Patterns, Rules};
use signal::{ModelSignals, PartSignals, RoleSignals, RuleSignals};

pub use referee::PathHint;
pub use signal::Judgement;
pub use sketch::similarity;
pub use verdict::Verdict;

/// A catalog made ready for judging; made once, shared by all threads.
pub struct Judge {
    patterns: Patterns,
    rules: Rules,
    words: RoleWords,
    /// The model knows the criteria of one catalog; others are judged by their rules alone.
    has_model: bool,
}

impl Judge {
    pub fn new(catalog: &Catalog) -> Self {
        let mut patterns = Patterns::default();
        let words = RoleWords::new(&mut patterns);
        let rules = Rules::new(catalog, &mut patterns);
        Self { patterns, rules, words, has_model: catalog.id == Model::CATALOG }
    }

    /// Reads a content once: what it says, whatever its name.
    pub fn judge(&self, reading: &Reading) -> Judgement {
        let sure = doubtful::left_out(reading).map(|rest| Box::new(self.judge_once(&rest)));
        Judgement { sure, ..self.judge_once(reading) }
    }

    fn judge_once(&self, reading: &Reading) -> Judgement {
        let page = Page::read(reading);
        Judgement {
            language: page.language(),
            words: page.words(),
            rules: self.rule_signals(&page),
            model: if self.has_model { Model::score_built_in(reading) } else { ModelSignals::default() },
            dates: dates::scan(reading),
            properties: property_dates(reading),
            sketch: sketch::sketch(&page),
            sure: None,
            sealed: None,
        }
    }

    /// What a path says of the document that lies there.
    pub fn hint(path: &str) -> PathHint {
        PathHint::of(path)
    }

    /// Weighs the signals of a content and the hints of one of its paths into role and matches.
    pub fn verdict(&self, judgement: &Judgement, hint: &PathHint) -> Verdict {
        if let Some(sealed) = &judgement.sealed {
            return sealed.clone();
        }
        let model = self.has_model.then(Model::built_in);
        let referee = Referee { patterns: &self.patterns, rules: &self.rules, words: &self.words, model };
        let verdict = referee.verdict(judgement, hint);
        match &judgement.sure {
            Some(sure) => doubtful::weakened(verdict, &referee.verdict(sure, hint)),
            None => verdict,
        }
    }

    /// What a name alone says of a document that could not be read.
    pub fn verdict_by_name(&self, path: &str) -> Verdict {
        self.verdict(&Judgement::default(), &Self::hint(path))
    }

    fn rule_signals(&self, page: &Page) -> RuleSignals {
        let (patterns, rules) = (&self.patterns, &self.rules);
        let scan = Scan::of(patterns, page);
        let tables = Tables::of(page);
        let text = Text { page, scan: &scan, tables: &tables, patterns, words: &self.words, criteria: &rules.criteria };
        RuleSignals {
            titles: page.titles(),
            core: page.core(),
            kinds: rules.kind_signals(patterns, (page, &scan, &tables)),
            clauses: rules.clause_signals(patterns, (page, &scan)),
            unrelated: rules.unrelated_signals(patterns, (page, &scan)),
            role: RoleSignals::of(&text),
            parts: rules::parts(page.reading).iter().map(|(sheet, part)| self.part_signals(*sheet, part)).collect(),
        }
    }

    fn part_signals(&self, sheet: u16, part: &Reading) -> PartSignals {
        let (patterns, page) = (&self.patterns, Page::read(part));
        let (scan, tables) = (Scan::of(patterns, &page), Tables::of(&page));
        let name = part.sheets.first().cloned().unwrap_or_default();
        let own = normal::normal(&name);
        PartSignals {
            sheet,
            name,
            titles: page.titles().into_iter().filter(|unit| unit.text != own).collect(),
            core: page.core(),
            kinds: self.rules.kind_signals(patterns, (&page, &scan, &tables)),
        }
    }
}

/// The days that the file's own properties name.
fn property_dates(reading: &Reading) -> PropertyDates {
    let day = |text: &Option<String>| text.as_deref().and_then(dates::written_day);
    PropertyDates { created: day(&reading.properties.created), modified: day(&reading.properties.modified) }
}

#[cfg(test)]
mod tests;
