//! Day before month or month before day: decided by what the text itself shows, column by column.
//!
//! First the column's own dates that can be read only one way, then a hint in words (`dd/mm/yyyy`), then the whole
//! text's, then the mark between the numbers, then the language.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::domain::day::Day;

use super::calendar;
use super::find::Numeric;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
}

/// A column of a table; text outside tables is column 0 of table 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Column {
    pub table: u32,
    pub column: u16,
}

#[derive(Clone, Copy, Debug, Default)]
struct Votes {
    day_first: u32,
    month_first: u32,
}

impl Votes {
    fn add(&mut self, order: Order) {
        match order {
            Order::DayFirst => self.day_first = self.day_first.saturating_add(1),
            Order::MonthFirst => self.month_first = self.month_first.saturating_add(1),
        }
    }

    fn winner(self) -> Option<Order> {
        match self.day_first.cmp(&self.month_first) {
            std::cmp::Ordering::Greater => Some(Order::DayFirst),
            std::cmp::Ordering::Less => Some(Order::MonthFirst),
            std::cmp::Ordering::Equal => None,
        }
    }
}

/// Columns whose votes are kept; those of further ones go to the text's only.
const MAX_COLUMNS: usize = 2_000;

/// What a text shows of its order, gathered while it is read.
#[derive(Debug, Default)]
pub(super) struct Orders {
    columns: BTreeMap<Column, Votes>,
    document: Votes,
    hints: Votes,
    words: Words,
}

/// Small words seen, by what their language writes first.
#[derive(Debug, Default)]
struct Words {
    day_first: u32,
    month_first: u32,
    bytes: usize,
}

static HINTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let day = ["dd/mm", "dd-mm", "dd.mm", "d/m/y", "d/m/a", "dia/mes", "día/mes", "day/month", "dd / mm", "jj/mm"];
    let month = ["mm/dd", "mm-dd", "mm.dd", "m/d/y", "mes/dia", "mes/día", "month/day", "mm / dd"];
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(day.into_iter().chain(month))
        .expect("eighteen short words make a small automaton")
});
const DAY_FIRST_HINTS: usize = 10;

/// Text looked at for its language.
const LANGUAGE_BYTES: usize = 30_000;

/// The order that a text of the label names, if it does.
fn hinted(text: &str) -> Option<Order> {
    let found = HINTS.find(text)?;
    Some(if found.pattern().as_usize() < DAY_FIRST_HINTS { Order::DayFirst } else { Order::MonthFirst })
}

/// The only order in which these numbers are a day, if there is just one.
fn forced(n: &Numeric) -> Option<Order> {
    match (calendar::day(n.year, n.second, n.first), calendar::day(n.year, n.first, n.second)) {
        (Some(_), None) => Some(Order::DayFirst),
        (None, Some(_)) => Some(Order::MonthFirst),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

impl Orders {
    /// Learns from a numeric date.
    pub fn see(&mut self, column: Column, numeric: &Numeric) {
        let Some(order) = forced(numeric) else { return };
        self.document.add(order);
        if self.columns.len() < MAX_COLUMNS || self.columns.contains_key(&column) {
            self.columns.entry(column).or_default().add(order);
        }
    }

    /// Learns from running text: hints and language.
    pub fn read(&mut self, text: &str) {
        if let Some(order) = hinted(text) {
            self.hints.add(order);
        }
        if self.words.bytes < LANGUAGE_BYTES {
            self.words.read(text);
        }
    }

    /// Learns from a column's head.
    pub fn head(&mut self, column: Column, head: &str) {
        if let Some(order) = hinted(head)
            && self.columns.len() < MAX_COLUMNS
        {
            self.columns.entry(column).or_default().add(order);
        }
    }

    /// The day meant, and whether only the mark or the language decided.
    pub fn resolve(&self, column: Column, n: &Numeric) -> Option<(Day, bool)> {
        let own = self.columns.get(&column).and_then(|votes| votes.winner());
        let shown = forced(n).or(own).or_else(|| self.hints.winner()).or_else(|| self.document.winner());
        let order = shown.unwrap_or_else(|| self.usual(n));
        let day = match order {
            Order::DayFirst => calendar::day(n.year, n.second, n.first),
            Order::MonthFirst => calendar::day(n.year, n.first, n.second),
        };
        day.map(|day| (day, shown.is_none() && n.first != n.second))
    }

    fn usual(&self, n: &Numeric) -> Order {
        let dotted = n.separator == '.' && n.four_digit_year;
        if dotted || self.words.day_first > self.words.month_first { Order::DayFirst } else { Order::MonthFirst }
    }
}

impl Words {
    fn read(&mut self, text: &str) {
        const MONTH_FIRST: [&str; 11] = ["the", "of", "and", "to", "is", "for", "with", "by", "on", "are", "name"];
        const DAY_FIRST: [&str; 24] = [
            "de", "la", "el", "los", "las", "del", "que", "para", "por", "con", "se", "en", "una", "fecha", "nombre",
            "le", "les", "des", "et", "du", "der", "und", "ngày", "của",
        ];
        self.bytes += text.len();
        for word in text.split(|c: char| !c.is_alphabetic()).take(5_000) {
            if !(2..=8).contains(&word.len()) {
                continue;
            }
            let mut lower = word.to_owned();
            lower.make_ascii_lowercase();
            self.day_first += u32::from(DAY_FIRST.contains(&lower.as_str()));
            self.month_first += u32::from(MONTH_FIRST.contains(&lower.as_str()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numeric(first: u32, second: u32, separator: char) -> Numeric {
        Numeric { year: 2026, first, second, separator, four_digit_year: true }
    }

    #[test]
    fn the_nearest_evidence_decides() {
        let log = Column { table: 1, column: 0 };
        let open = numeric(3, 4, '/');
        let said = |orders: &Orders, n: &Numeric| orders.resolve(log, n).map(|(d, open)| (d.to_string(), open));
        let want = |day: &str, open| Some((day.to_owned(), open));

        let mut orders = Orders::default();
        assert_eq!(said(&orders, &open), want("2026-03-04", true), "nothing known: month first");
        assert_eq!(said(&orders, &numeric(3, 4, '.')), want("2026-04-03", true), "dots: day first");
        orders.read("Registro de visitas de la planta");
        assert_eq!(said(&orders, &open), want("2026-04-03", true), "Spanish");
        orders.see(Column::default(), &numeric(3, 25, '/'));
        assert_eq!(said(&orders, &open), want("2026-03-04", false), "elsewhere in the text");
        orders.read("Fecha (dd/mm/aaaa)");
        assert_eq!(said(&orders, &open), want("2026-04-03", false), "a hint");
        orders.see(log, &numeric(3, 25, '/'));
        assert_eq!(said(&orders, &open), want("2026-03-04", false), "the column itself");
        assert_eq!(said(&orders, &numeric(14, 4, '/')), want("2026-04-14", false), "one way only");
        assert_eq!(said(&orders, &numeric(5, 5, '/')), want("2026-05-05", false), "both ways the same");
    }
}
