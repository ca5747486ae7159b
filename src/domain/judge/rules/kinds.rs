//! Record kinds and unrelated kinds: their patterns compiled, and their traces in a text.

use super::matcher::Hit;
use super::page::Page;
use super::patterns::{Compiled, Patterns, Spot, Zone};
use super::scan::{Scan, seen, short, words_at};
use super::table::{LabelState, Tables};
use crate::domain::catalog::{Catalog, RecordKind, StandsAs};
use crate::domain::ids::{CriterionId, RecordKindId};
use crate::domain::judge::signal::{KindSignal, PaperForm, Seen, UnrelatedSignal};
use crate::domain::judge::verdict::NeedKind;

/// A longer cell is text, not a column's name.
const CELL_WORDS_MAX: usize = 6;
/// A name this short must fill its cell: `in`, `no`, `id`.
const SHORT_NAME: usize = 3;
/// Lines of the head that may name columns without looking like a table (bad text recognition).
const LOOSE_LINES: usize = 25;
/// One column of a kind is in any table.
const LEAST_COLUMNS: usize = 2;
/// Columns fewer than a kind wants that are kept all the same: a file's name may make up for them.
const COLUMNS_SPARED: usize = 2;
/// Clues beyond this add nothing to the score.
const CLUES_MAX: usize = 3;

pub struct KindRule {
    pub id: RecordKindId,
    pub name: String,
    pub titles: Vec<Compiled>,
    pub supports: Vec<CriterionId>,
    pub exclusive: bool,
    pub stands_as: StandsAs,
    pub need: u8,
    /// Criteria that such a paper proves, each as what.
    pub proves: Vec<(CriterionId, NeedKind)>,
    pub columns_min: usize,
    /// Only pictures can be this kind.
    pub pictures_only: bool,
    columns: Vec<Compiled>,
    clues: Vec<Compiled>,
    unless: Vec<Compiled>,
    filled: Vec<(Compiled, String)>,
    proves_if: Vec<(CriterionId, Compiled)>,
}

impl KindRule {
    pub fn has_columns(&self) -> bool {
        !self.columns.is_empty()
    }

    /// How many columns are enough where a title spares so many; never fewer than two.
    pub fn columns_spared(&self, spared: usize) -> usize {
        self.columns_min.saturating_sub(spared).max(LEAST_COLUMNS)
    }

    /// Columns or clues by which the text could agree with a title.
    pub fn has_signs(&self) -> bool {
        self.has_columns() || !self.clues.is_empty()
    }
}

pub struct UnrelatedRule {
    pub id: String,
    pub name: String,
    pub titles: Vec<Compiled>,
    pub need: u8,
    clues: Vec<Compiled>,
    unless: Vec<Compiled>,
}

pub fn compile_kinds(catalog: &Catalog, patterns: &mut Patterns) -> Vec<KindRule> {
    let words = &catalog.words;
    let rule = |kind: &RecordKind| KindRule {
        id: kind.id.clone(),
        name: kind.name.clone(),
        titles: patterns.compile_all(&kind.titles, words),
        supports: kind.supports.clone(),
        exclusive: kind.exclusive,
        stands_as: kind.stands_as,
        need: kind.need,
        proves: as_it_stands(kind),
        columns_min: usize::from(kind.columns_min),
        pictures_only: !kind.formats.is_empty() && kind.formats.iter().all(|format| format == "image"),
        columns: patterns.compile_all(&kind.columns, words),
        clues: patterns.compile_all(&kind.clues, words),
        unless: patterns.compile_all(&kind.unless, words),
        filled: kind
            .filled
            .iter()
            .filter_map(|group| Some((patterns.compile(group, words)?, first_name(group))))
            .collect(),
        proves_if: kind
            .proves_if
            .iter()
            .filter_map(|rule| Some((rule.criterion.clone(), patterns.compile(&rule.clue, words)?)))
            .collect(),
    };
    catalog.record_kinds.iter().map(rule).collect()
}

pub fn compile_unrelated(catalog: &Catalog, patterns: &mut Patterns) -> Vec<UnrelatedRule> {
    let words = &catalog.words;
    let mut rules = Vec::new();
    for kind in &catalog.unrelated {
        rules.push(UnrelatedRule {
            id: kind.id.clone(),
            name: kind.name.clone(),
            titles: patterns.compile_all(&kind.titles, words),
            need: kind.need,
            clues: patterns.compile_all(&kind.clues, words),
            unless: patterns.compile_all(&kind.unless, words),
        });
    }
    rules
}

pub fn kind_signals(rules: &[KindRule], patterns: &Patterns, text: (&Page, &Scan, &Tables)) -> Vec<KindSignal> {
    let (page, scan, tables) = text;
    let body = body_zone(patterns, page, scan);
    let columns = columns_seen(rules, patterns, text);
    let labels = label_zones(patterns, tables);
    let signal = |(rule, columns): (&KindRule, Option<Seen>)| {
        let clues = rule.clues.iter().filter_map(|clue| seen(page, &clue.find(&body, &body)?)).take(CLUES_MAX);
        KindSignal {
            kind: rule.id.clone(),
            columns,
            clues: clues.collect(),
            unless: rule.unless.iter().any(|pattern| pattern.holds(&body)),
            proves_if: rule
                .proves_if
                .iter()
                .filter_map(|(criterion, clue)| Some((criterion.clone(), seen(page, &clue.find(&body, &body)?)?)))
                .collect(),
            lacks: lacks(rule, &labels),
        }
    };
    let fits = |(rule, _): &(&KindRule, Option<Seen>)| !rule.pictures_only || page.form == PaperForm::Picture;
    rules.iter().zip(columns).filter(fits).map(signal).filter(says_something).collect()
}

pub fn unrelated_signals(rules: &[UnrelatedRule], patterns: &Patterns, text: (&Page, &Scan)) -> Vec<UnrelatedSignal> {
    let body = body_zone(patterns, text.0, text.1);
    let signal = |rule: &UnrelatedRule| UnrelatedSignal {
        id: rule.id.clone(),
        clues: u8::try_from(rule.clues.iter().filter(|clue| clue.holds(&body)).take(CLUES_MAX).count())
            .expect("at most three"),
        unless: rule.unless.iter().any(|pattern| pattern.holds(&body)),
    };
    rules.iter().map(signal).filter(|signal| signal.clues > 0 || signal.unless).collect()
}

fn says_something(signal: &KindSignal) -> bool {
    signal.columns.is_some()
        || signal.unless
        || !(signal.clues.is_empty() && signal.proves_if.is_empty() && signal.lacks.is_empty())
}

/// What such a paper proves, as the sort of proof that it is by nature.
fn as_it_stands(kind: &RecordKind) -> Vec<(CriterionId, NeedKind)> {
    let sorts: &[NeedKind] = match kind.stands_as {
        StandsAs::Record => &[NeedKind::Record],
        StandsAs::Procedure => &[NeedKind::Procedure],
        StandsAs::Both => &[NeedKind::Procedure, NeedKind::Record],
    };
    kind.proves.iter().flat_map(|id| sorts.iter().map(|sort| (id.clone(), *sort))).collect()
}

/// The first alternative of a group of labels: its name for a person.
fn first_name(group: &str) -> String {
    group.split('|').next().unwrap_or_default().trim().to_owned()
}

fn body_zone(patterns: &Patterns, page: &Page, scan: &Scan) -> Zone {
    let mut zone = patterns.zone();
    scan.fill(patterns, &mut zone, page.body());
    zone
}

/// A row of column names, or a line that may be one.
struct ColumnRow<'a> {
    cells: Vec<&'a str>,
    line: usize,
}

/// For each kind the row that holds most of its columns, if one holds enough.
fn columns_seen(rules: &[KindRule], patterns: &Patterns, text: (&Page, &Scan, &Tables)) -> Vec<Option<Seen>> {
    let (page, scan, tables) = text;
    let mut best: Vec<Option<Seen>> = rules.iter().map(|_| None).collect();
    let mut zone = patterns.zone();
    for row in column_rows(tables) {
        zone.clear();
        fill_cells(patterns, &mut zone, &row.cells);
        keep_best(rules, page, (&row, &zone), &mut best);
    }
    let loose = page.lines.iter().enumerate().take(LOOSE_LINES);
    for (at, line) in loose.filter(|(_, line)| (4..=24).contains(&line.word_count) && !has_long_number(&line.words)) {
        zone.clear();
        let long = |hit: &&Hit| phrase_chars(&line.words, **hit) > SHORT_NAME;
        let long: Vec<Hit> = scan.line(at).iter().filter(long).copied().collect();
        patterns.fill(&mut zone, 0, &long);
        keep_best(rules, page, (&ColumnRow { cells: vec![&line.words], line: at }, &zone), &mut best);
    }
    best
}

fn column_rows(tables: &Tables) -> Vec<ColumnRow<'_>> {
    let heads = tables.heads.iter();
    let heads = heads.map(|head| ColumnRow { cells: head.cells.iter().map(String::as_str).collect(), line: head.line });
    let labels = tables.labels.iter().map(|label| label.name.as_str()).collect();
    let labels = tables.labels.first().map(|first| ColumnRow { cells: labels, line: first.line });
    heads.chain(labels).collect()
}

/// The zone's "lines" are the cells.
fn fill_cells(patterns: &Patterns, zone: &mut Zone, cells: &[&str]) {
    let mut hits = Vec::new();
    patterns.phrases.with_vocabulary(|vocabulary| {
        for (at, cell) in (0..).zip(cells) {
            let words = cell.split(' ').count();
            if words > CELL_WORDS_MAX {
                continue;
            }
            hits.clear();
            patterns.phrases.scan(vocabulary, cell, &mut hits);
            hits.retain(|hit| (hit.end - hit.start) as usize == words || phrase_chars(cell, *hit) > SHORT_NAME);
            patterns.fill(zone, at, &hits);
        }
    });
}

fn keep_best(rules: &[KindRule], page: &Page, row: (&ColumnRow, &Zone), best: &mut [Option<Seen>]) {
    let (row, zone) = row;
    let name = |spot: Spot| {
        let cell = row.cells[spot.line as usize];
        if row.cells.len() > 1 { short(cell) } else { words_at(cell, spot) }
    };
    for (rule, best) in rules.iter().zip(best) {
        let spots = || rule.columns.iter().filter_map(|column| column.find(zone, zone)?.first().copied());
        let count = spots().count();
        if count >= rule.columns_spared(COLUMNS_SPARED) && best.as_ref().is_none_or(|old| old.words.len() < count) {
            *best = Some(Seen { words: spots().map(name).collect(), quote: page.quote(row.line) });
        }
    }
}

/// Labels that stand empty, and labels that are filled.
fn label_zones(patterns: &Patterns, tables: &Tables) -> (Zone, Zone) {
    let of = |state| {
        let labels = tables.labels.iter().filter(|label| label.state == state);
        let mut zone = patterns.zone();
        fill_cells(patterns, &mut zone, &labels.map(|label| label.name.as_str()).collect::<Vec<_>>());
        zone
    };
    (of(LabelState::Empty), of(LabelState::Filled))
}

fn lacks(rule: &KindRule, labels: &(Zone, Zone)) -> Vec<String> {
    let (empty, filled) = labels;
    let stands_empty = |pattern: &Compiled| pattern.holds(empty) && !pattern.holds(filled);
    rule.filled.iter().filter(|(pattern, _)| stands_empty(pattern)).map(|(_, name)| name.clone()).collect()
}

fn phrase_chars(words: &str, hit: Hit) -> usize {
    let (start, end) = (hit.start as usize, hit.end as usize);
    let taken = words.split(' ').skip(start).take(end - start);
    taken.map(|word| word.len() + 1).sum::<usize>().saturating_sub(1)
}

fn has_long_number(words: &str) -> bool {
    words.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= 3)
}
