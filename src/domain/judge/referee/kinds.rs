//! Points for record kinds: a title 3 (name and first line agreeing 4), each column 1, each clue 1 up to three.

use crate::domain::judge::rules::{KindRule, Rules};
use crate::domain::judge::signal::{Judgement, KindSignal, PaperForm, Seen};
use crate::domain::judge::verdict::{Quote, Strength};

use super::names::{FIRST, Names, SUGGESTED, TITLE, TitleHit};

/// So many independent clues recognise a paper without a title or columns.
const CLUES_ENOUGH: usize = 3;

/// A record kind that the paper may be.
pub struct KindScore<'a> {
    pub rule: &'a KindRule,
    pub points: f32,
    pub title: Option<TitleHit>,
    pub columns: Option<&'a Seen>,
    pub clues: &'a [Seen],
    pub signal: Option<&'a KindSignal>,
    pub look: Look,
}

/// How a paper looks, as far as it bears on trusting its name or its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A picture without a text of its own: its name is its caption.
    Photo,
    /// A table with dated rows.
    Log,
    Other,
}

/// Columns that with a title leave no doubt.
const COLUMNS_CERTAIN: usize = 3;
/// Columns of a kind that a title may leave out: it has told the subject already.
const COLUMNS_SPARED: usize = 2;

impl KindScore<'_> {
    /// True if independent signs agree on what the paper is: its name with its heading and its text, or a title with
    /// its columns, or its columns with its text.
    pub fn is_certain(&self) -> bool {
        let title = self.title.as_ref().map_or(0.0, |hit| hit.points);
        let columns = self.columns.map_or(0, |seen| seen.words.len());
        let clues = self.clues.len();
        // Minutes, visits, audits speak of everything: they are known by how they are made, not by what they speak of.
        let by_make = self.rule.exclusive && title >= SUGGESTED && clues >= 2;
        let by_columns = columns >= COLUMNS_CERTAIN && (title >= FIRST || (clues >= 2 && self.look == Look::Log));
        by_make || by_columns || (title > FIRST && clues >= 1)
    }

    /// Strong if a title says so and something in the text agrees, or columns do. A name alone may mean another thing
    /// (a visitor log of a web server), words alone are mentions: both are for a person to look at.
    pub fn strength(&self) -> Strength {
        let title = self.title.as_ref().map_or(0.0, |hit| hit.points);
        let agrees = !self.clues.is_empty() || title > FIRST || !self.rule.has_signs();
        let supported = title > 0.0 && self.clues.len() >= 2;
        // The name of a photo is its caption; what is kept as a table is not proved by a photo of unread text.
        let captioned = self.look == Look::Photo && title >= FIRST && !self.rule.has_columns();
        if (title >= TITLE && agrees) || self.columns.is_some() || supported || captioned {
            Strength::Strong
        } else {
            Strength::Weak
        }
    }

    /// One line for a person: `Visitor log: titled "Visitors"; columns name, company, time in`.
    pub fn reason(&self) -> String {
        let title = self.title.iter().map(|hit| hit.reason.clone());
        let columns = self.columns.iter().map(|seen| format!("columns {}", seen.words.join(", ")));
        let clues = self.clues.iter().take(2).map(|seen| mentions(&seen.words));
        let parts: Vec<String> = title.chain(columns).chain(clues).collect();
        format!("{}: {}", self.rule.name, parts.join("; "))
    }

    pub fn quotes(&self) -> Vec<Quote> {
        let title = self.title.iter().map(|hit| hit.quote.clone());
        let seen = self.columns.iter().copied().chain(self.clues.iter().take(2));
        let mut quotes: Vec<Quote> = title.chain(seen.map(|seen| seen.quote.clone())).collect();
        quotes.dedup();
        quotes
    }
}

/// `mentions "seal", "count"`.
pub fn mentions(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("mentions {}", quoted.join(", "))
}

/// The kinds that pass, best first; ties stay in the catalog's order.
pub fn scores<'a>(rules: &'a Rules, signals: &'a [KindSignal], names: &Names, form: PaperForm) -> Vec<KindScore<'a>> {
    let picture = form == PaperForm::Picture;
    let of = |rule: &'a KindRule| {
        let signal = signals.iter().find(|signal| signal.kind == rule.id);
        score(rule, signal, names)
    };
    let fits = |rule: &&KindRule| picture || !rule.pictures_only;
    let mut scores: Vec<KindScore> =
        rules.kinds.iter().filter(fits).filter_map(of).filter_map(|score| accepted(score, picture)).collect();
    if scores.iter().any(|score| score.title.is_some() && score.points >= 3.0) {
        scores.retain(|score| score.title.is_some() || score.columns.is_some());
    }
    scores.sort_by(|a, b| b.points.total_cmp(&a.points));
    scores
}

/// Kinds that prove nothing: the best one's points and name.
pub fn unrelated<'a>(rules: &'a Rules, judgement: &Judgement, names: &Names) -> Option<(f32, &'a str)> {
    let mut best: Option<(f32, &str)> = None;
    for rule in &rules.unrelated {
        let signal = judgement.rules.unrelated.iter().find(|signal| signal.id == rule.id);
        if signal.is_some_and(|signal| signal.unless) {
            continue;
        }
        let title = names.best_title(&rule.titles).map_or(0.0, |hit| hit.points);
        let points = title + signal.map_or(0.0, |signal| f32::from(signal.clues));
        if points >= f32::from(rule.need) - 0.5 && best.is_none_or(|(most, _)| points > most) {
            best = Some((points, &rule.name));
        }
    }
    best
}

fn score<'a>(rule: &'a KindRule, signal: Option<&'a KindSignal>, names: &Names) -> Option<KindScore<'a>> {
    if signal.is_some_and(|signal| signal.unless) {
        return None;
    }
    let title = names.best(&rule.titles);
    let columns = signal.and_then(|signal| signal.columns.as_ref());
    let titled = title.as_ref().is_some_and(|hit| hit.points >= TITLE);
    let least = if titled { rule.columns_spared(COLUMNS_SPARED) } else { rule.columns_min };
    let columns = columns.filter(|seen| seen.words.len() >= least);
    let clues = signal.map_or(&[][..], |signal| &signal.clues);
    let points = title.as_ref().map_or(0.0, |hit| hit.points)
        + columns.map_or(0.0, |seen| seen.words.len() as f32)
        + clues.len().min(CLUES_ENOUGH) as f32;
    (points > 0.0).then_some(KindScore { rule, points, title, columns, clues, signal, look: Look::Other })
}

fn accepted(mut score: KindScore, picture: bool) -> Option<KindScore> {
    let rule = score.rule;
    let bare_columns = score.title.is_none() && rule.has_columns() && score.clues.is_empty();
    if bare_columns && score.points < rule.columns_min as f32 + 1.0 {
        return None;
    }
    let enough_clues = score.clues.len() >= CLUES_ENOUGH;
    let need = f32::from(rule.need) - if picture { 1.0 } else { 0.0 };
    if score.points >= need && (score.title.is_some() || score.columns.is_some() || enough_clues) {
        return Some(score);
    }
    score.points = CLUES_ENOUGH as f32;
    enough_clues.then_some(score)
}
