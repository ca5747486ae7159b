//! Days and years in words: `a los quince días del mes de enero de dos mil veintiséis`.
//!
//! Legal papers (minutes, powers of attorney, statements) write their day out. Only the numbers that a date needs.

use super::calendar::ShortWord;

const ENGLISH: [&str; 31] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "thirtieth",
    "",
];

const SPANISH: [&str; 31] = [
    "primero",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciseis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidos",
    "veintitres",
    "veinticuatro",
    "veinticinco",
    "veintiseis",
    "veintisiete",
    "veintiocho",
    "veintinueve",
    "treinta",
    "",
];

const UNITS: [&str; 9] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/// The number that `words` begin with, and how many of them it takes.
pub(super) type Spelled = Option<(u32, usize)>;

fn folded(words: &[&str], at: usize) -> Option<ShortWord> {
    ShortWord::new(words.get(at)?)
}

fn is(words: &[&str], at: usize, wanted: &str) -> bool {
    folded(words, at).is_some_and(|word| word.as_str() == wanted)
}

fn place_in(table: &[&str], word: &str) -> Option<u32> {
    if word.is_empty() {
        return None; // The tables have gaps.
    }
    let at = table.iter().position(|entry| *entry == word)?;
    u32::try_from(at + 1).ok()
}

/// A day of the month: `quince`, `treinta y uno`, `fifteenth`, `twenty first`.
pub(super) fn day_of_month(words: &[&str]) -> Spelled {
    let first = folded(words, 0)?;
    match first.as_str() {
        "treinta" if is(words, 1, "y") && (is(words, 2, "uno") || is(words, 2, "un")) => return Some((31, 3)),
        "uno" | "un" | "1o" => return Some((1, 1)),
        "thirty" if is(words, 1, "first") => return Some((31, 2)),
        "twenty" => {
            let unit = folded(words, 1).and_then(|w| place_in(&ENGLISH[..9], w.as_str()))?;
            return Some((20 + unit, 2));
        }
        _ => {}
    }
    place_in(&SPANISH, first.as_str()).or_else(|| place_in(&ENGLISH, first.as_str())).map(|n| (n, 1))
}

/// A year from 2000 on: `dos mil veintiséis`, `two thousand (and) twenty-six`, `twenty twenty-six`.
pub(super) fn year(words: &[&str]) -> Spelled {
    let (base, rest) = if is(words, 0, "dos") && is(words, 1, "mil") {
        return match spanish_below_40(&words[2..]) {
            Some((n, used)) => Some((2000 + n, 2 + used)),
            None => Some((2000, 2)),
        };
    } else if is(words, 0, "two") && is(words, 1, "thousand") {
        (2, if is(words, 2, "and") { 3 } else { 2 })
    } else if is(words, 0, "twenty") && (is(words, 1, "twenty") || is(words, 1, "thirty")) {
        (2, 1)
    } else {
        return None;
    };
    let (n, used) = english_below_40(words.get(rest..)?)?;
    Some((base * 1000 + n, rest + used))
}

fn spanish_below_40(words: &[&str]) -> Spelled {
    if is(words, 0, "treinta") && is(words, 1, "y") {
        return spanish_number(words, 2).filter(|unit| *unit < 10).map(|unit| (30 + unit, 3));
    }
    spanish_number(words, 0).map(|n| (n, 1))
}

fn spanish_number(words: &[&str], at: usize) -> Option<u32> {
    let word = folded(words, at)?;
    if matches!(word.as_str(), "uno" | "un") { Some(1) } else { place_in(&SPANISH, word.as_str()) }
}

fn english_below_40(words: &[&str]) -> Spelled {
    let first = folded(words, 0)?;
    let tens = match first.as_str() {
        "twenty" => 20,
        "thirty" => 30,
        unit => return place_in(&UNITS, unit).map(|n| (n, 1)),
    };
    let unit = folded(words, 1).and_then(|w| place_in(&UNITS, w.as_str()));
    Some(unit.map_or((tens, 1), |n| (tens + n, 2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_and_years_in_words() {
        let split = |text: &'static str| text.split(' ').collect::<Vec<_>>();
        for (text, want) in [
            ("quince dias", Some((15, 1))),
            ("treinta y un dias", Some((31, 3))),
            ("veintiséis", Some((26, 1))),
            ("primero de", Some((1, 1))),
            ("twenty first day", Some((21, 2))),
            ("fifteenth day", Some((15, 1))),
            ("perro", None),
            ("", None),
        ] {
            assert_eq!(day_of_month(&split(text)), want, "{text}");
        }
        for (text, want) in [
            ("dos mil veintiséis", Some((2026, 3))),
            ("dos mil treinta y uno", Some((2031, 5))),
            ("two thousand and twenty six", Some((2026, 5))),
            ("two thousand twenty five", Some((2025, 4))),
            ("twenty twenty six", Some((2026, 3))),
            ("twenty boxes", None),
            ("two thousand boxes", None),
        ] {
            assert_eq!(year(&split(text)), want, "{text}");
        }
    }
}
