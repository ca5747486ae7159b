//! Column heads, form labels and rows, however a reader delivers them: cells, `label: value` lines, aligned columns.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::page::{Line, Page, filled};
use crate::domain::judge::normal::normal;
use crate::domain::reading::{Format, PassageKind};

const HEADS_MAX: usize = 16;
const LABELS_MAX: usize = 200;
/// A longer cell is text, not a label.
const LABEL_WORDS_MAX: usize = 6;

/// The heads and labels of a page, and counts of what stands under and behind them.
#[derive(Debug, Default)]
pub struct Tables {
    pub heads: Vec<Head>,
    pub labels: Vec<Label>,
    pub dated_rows: u32,
    pub dates: u32,
    pub cells: u32,
    pub empty_cells: u32,
}

#[derive(Debug)]
pub struct Head {
    /// In normal form.
    pub cells: Vec<String>,
    pub line: usize,
}

#[derive(Debug)]
pub struct Label {
    /// In normal form.
    pub name: String,
    pub line: usize,
    pub state: LabelState,
}

/// What stands behind a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelState {
    Filled,
    /// Nothing, or a line to write on.
    Empty,
}

static LABEL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"([A-Za-zÀ-ÿ][A-Za-zÀ-ÿ/ .#°º]{1,34}?)\s*:([^:]*)").expect("a constant expression"));
/// `____`, `......`, `__/__/__`: lines to write on. Dots that lead to a page number are a table of contents.
pub static BLANK_MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"_{4,}|_{2,}\s*/\s*_{2,}|(?:\.{6,}|…{3,})(?:\s*$|\s*\D)").expect("a constant expression")
});

impl Tables {
    pub fn of(page: &Page) -> Self {
        let empty = u32::try_from(page.empty_cells).unwrap_or(u32::MAX);
        let mut tables = Self { cells: empty, empty_cells: empty, ..Self::default() };
        let mut head_open = false;
        let mut in_rows = false;
        let csv = page.reading.format == Format::Csv;
        for (at, line) in page.lines.iter().enumerate() {
            let dates = count_dates(line);
            tables.dates = tables.dates.saturating_add(dates);
            if line.cells.is_empty() {
                in_rows = false;
                head_open &= csv;
            } else {
                if is_head(line) && (!in_rows || !head_open) {
                    tables.push_head(line, at);
                    head_open = true;
                } else {
                    tables.count_row(line, head_open);
                    tables.dated_rows = tables.dated_rows.saturating_add(u32::from(dates > 0));
                }
                in_rows = true;
            }
            tables.push_labels(line, at);
        }
        tables
    }

    fn push_head(&mut self, line: &Line, at: usize) {
        if self.heads.len() < HEADS_MAX {
            let cells = line.cells.iter().map(|cell| normal(cell)).filter(|cell| !cell.is_empty()).collect();
            self.heads.push(Head { cells, line: at });
        }
    }

    fn count_row(&mut self, line: &Line, head_open: bool) {
        if head_open && line.kind != PassageKind::Field {
            let empty = line.cells.len() - filled(&line.cells);
            self.cells = self.cells.saturating_add(u32::try_from(line.cells.len()).unwrap_or(u32::MAX));
            self.empty_cells = self.empty_cells.saturating_add(u32::try_from(empty).unwrap_or(u32::MAX));
        }
    }

    fn push_labels(&mut self, line: &Line, at: usize) {
        if let [name, value] = line.cells.as_slice() {
            self.push_label(name, value, at);
        }
        // Asking for the colon first spares most lines the expression.
        if line.kind != PassageKind::MailHeader && line.raw.contains(':') {
            for parts in LABEL.captures_iter(line.raw) {
                let group = |index| parts.get(index).map_or("", |found: regex::Match| found.as_str());
                self.push_label(group(1), group(2), at);
            }
        }
    }

    fn push_label(&mut self, name: &str, value: &str, line: usize) {
        let name = normal(name);
        let usable = !name.is_empty() && name.split(' ').count() <= LABEL_WORDS_MAX;
        if usable && self.labels.len() < LABELS_MAX {
            let empty = normal(value).is_empty();
            let state = if empty { LabelState::Empty } else { LabelState::Filled };
            self.labels.push(Label { name, line, state });
        }
    }

    /// Distinct labels that stand empty everywhere, in order.
    pub fn empty_labels(&self) -> Vec<&str> {
        let filled: BTreeSet<&str> = self.named(LabelState::Filled).collect();
        let mut seen = BTreeSet::new();
        self.named(LabelState::Empty).filter(|name| !filled.contains(name) && seen.insert(*name)).collect()
    }

    pub fn filled_labels(&self) -> usize {
        self.named(LabelState::Filled).collect::<BTreeSet<_>>().len()
    }

    fn named(&self, state: LabelState) -> impl Iterator<Item = &str> {
        self.labels.iter().filter(move |label| label.state == state).map(|label| label.name.as_str())
    }
}

/// A row that names columns: marked as such, or three or more cells of words and no date.
fn is_head(line: &Line) -> bool {
    match line.kind {
        PassageKind::TableHead => true,
        PassageKind::Field | PassageKind::MailHeader | PassageKind::Heading | PassageKind::Margin => false,
        PassageKind::TableRow | PassageKind::Text | PassageKind::Note => {
            let full = filled(&line.cells);
            let worded = line.cells.iter().filter(|cell| cell.chars().any(char::is_alphabetic)).count();
            full >= 3 && worded * 10 >= full * 7 && count_dates(line) == 0
        }
    }
}

/// Days of the year in a line, roughly: enough to tell dated rows from others; the day itself is found elsewhere.
fn count_dates(line: &Line) -> u32 {
    if !line.words.bytes().any(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    let words: Vec<&str> = line.words.split(' ').take(400).collect();
    let mut count: u32 = 0;
    let mut at = 0;
    while at < words.len() {
        let length = date_at(&words[at..]);
        count = count.saturating_add(u32::from(length > 0));
        at += length.max(1);
    }
    count
}

/// How many of the first words make a date; 0 for none.
fn date_at(words: &[&str]) -> usize {
    let number = |at: usize| words.get(at).and_then(|word| leading_number(word));
    let year = |at: usize| number(at).is_some_and(|n| (1995..=2035).contains(&n));
    let short_year = |at: usize| {
        words.get(at).is_some_and(|word| word.len() == 2) && number(at).is_some_and(|n| (15..=35).contains(&n))
    };
    let day = |at: usize| number(at).is_some_and(|n| (1..=31).contains(&n));
    let month = |at: usize| words.get(at).is_some_and(|word| is_month(word));
    let skip_de = |at: usize| if matches!(words.get(at), Some(&("de" | "of" | "del"))) { at + 1 } else { at };
    if year(0) && day(1) && day(2) {
        return 3;
    }
    if day(0) && day(1) && (year(2) || short_year(2)) {
        return 3;
    }
    let after_day = skip_de(1);
    if day(0) && month(after_day) {
        let at = skip_de(after_day + 1);
        return if year(at) || short_year(at) { at + 1 } else { 0 };
    }
    if month(0) && day(1) && year(2) { 3 } else { 0 }
}

fn leading_number(word: &str) -> Option<u32> {
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &word[digits..];
    let tail_ok = rest.is_empty() || matches!(rest, "st" | "nd" | "rd" | "th") || rest.starts_with('t');
    if digits == 0 || digits > 4 || !tail_ok { None } else { word[..digits].parse().ok() }
}

/// English and Spanish, in byte order.
const MONTHS: [&str; 42] = [
    "abr",
    "abril",
    "ago",
    "agosto",
    "apr",
    "april",
    "aug",
    "august",
    "dec",
    "december",
    "dic",
    "diciembre",
    "ene",
    "enero",
    "feb",
    "febrero",
    "february",
    "jan",
    "january",
    "jul",
    "julio",
    "july",
    "jun",
    "june",
    "junio",
    "mar",
    "march",
    "marzo",
    "may",
    "mayo",
    "nov",
    "november",
    "noviembre",
    "oct",
    "october",
    "octubre",
    "sep",
    "sept",
    "september",
    "septiembre",
    "setiembre",
    "thang",
];

fn is_month(word: &str) -> bool {
    word.len() <= 10 && MONTHS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_dates_from_other_numbers() {
        for (text, want) in [
            ("2026 03 14", 3),
            ("14 03 2026", 3),
            ("3 14 26", 3),
            ("14 march 2026", 3),
            ("14th of march 2026", 4),
            ("14 de marzo de 2026", 5),
            ("march 14 2026", 3),
            ("14 march", 0),
            ("10 20 30 40", 3),
            ("17 point inspection", 0),
            ("2026", 0),
            ("march on", 0),
            ("", 0),
        ] {
            assert_eq!(date_at(&text.split(' ').collect::<Vec<_>>()), want, "{text}");
        }
        assert!(MONTHS.is_sorted());
    }
}
