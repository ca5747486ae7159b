//! One paper on the referee's table, and the words in which its parts are spoken of. Data; the other files weigh it.

use crate::domain::ids::{CriterionId, RecordKindId};
use crate::domain::judge::model::Model;
use crate::domain::judge::normal::normal;
use crate::domain::judge::role::words::{RoleWords, Sign};
use crate::domain::judge::rules::{Compiled, Patterns, Rules, Zone};
use crate::domain::judge::signal::{Judgement, RoleSignals};
use crate::domain::judge::verdict::{NeedKind, Quote, Strength};

use super::heard::Heard;
use super::kinds::KindScore;
use super::names::Names;

/// What weighing needs of the catalog.
#[derive(Clone, Copy)]
pub struct Referee<'a> {
    pub patterns: &'a Patterns,
    pub rules: &'a Rules,
    pub words: &'a RoleWords,
    pub model: Option<&'a Model>,
}

/// One paper on the referee's table.
pub struct Case<'a> {
    pub referee: Referee<'a>,
    pub judgement: &'a Judgement,
    pub names: Names<'a>,
    /// Record kinds that it may be, best first.
    pub kinds: Vec<KindScore<'a>>,
    /// What the passage model says, if it was asked and there was a text.
    pub heard: Option<Heard<'a>>,
}

/// How a paper speaks, before asking whether it may prove anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// States rules.
    Rules,
    /// Tells what was done.
    Done,
    /// A signed statement: both.
    Both,
}

/// How well the rules know what kind of record a paper is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grounds {
    Usual,
    /// Independent signs agree, and this is the criterion that papers of the kind are kept for.
    Certain,
}

/// A match before it is merged with others of its criterion.
pub struct Found {
    pub criterion: CriterionId,
    pub role: NeedKind,
    pub strength: Strength,
    pub points: f32,
    pub grounds: Grounds,
    pub record_kind: Option<RecordKindId>,
    /// The sheets that it was found in, if each was read by itself.
    pub sheets: Vec<u16>,
    pub reasons: Vec<String>,
    pub quotes: Vec<Quote>,
}

impl Case<'_> {
    pub fn signals(&self) -> &RoleSignals {
        &self.judgement.rules.role
    }

    pub fn says(&self, sign: Sign, zone: &Zone) -> bool {
        self.list(sign).holds(zone)
    }

    /// True for a quote of a title: it names the subject and tells nothing of it.
    pub fn is_title(&self, quote: &Quote) -> bool {
        self.judgement.rules.titles.iter().any(|unit| unit.quote == *quote)
    }

    pub fn text_says(&self, sign: Sign, text: &str) -> bool {
        let patterns = self.referee.patterns;
        let mut hits = Vec::new();
        let words = normal(text);
        patterns.phrases.with_vocabulary(|vocabulary| patterns.phrases.scan(vocabulary, &words, &mut hits));
        let mut zone = patterns.zone();
        patterns.fill(&mut zone, 0, &hits);
        self.says(sign, &zone)
    }

    fn list(&self, sign: Sign) -> &Compiled {
        self.referee.words.get(sign)
    }
}
