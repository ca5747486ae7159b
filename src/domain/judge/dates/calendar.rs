//! What is a month's name, a year, a day: the words and numbers of calendars, without any text around them.

use crate::domain::day::Day;

/// Years that a company's paper can speak for; others are births, foundings or part numbers.
const YEARS: std::ops::RangeInclusive<u32> = 1995..=2039;

/// Months by the names that English, Spanish, French, Portuguese, German and Italian papers use, accents folded.
const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "enero", "ene", "janvier", "janv", "janeiro", "januar", "gennaio"],
    &["february", "feb", "febrero", "fevrier", "fevr", "fev", "fevereiro", "februar", "febbraio"],
    &["march", "mar", "marzo", "mars", "marco", "marz", "maerz"],
    &["april", "apr", "abril", "abr", "avril", "avr", "aprile"],
    &["may", "mayo", "mai", "maio", "maggio"],
    &["june", "jun", "junio", "juin", "junho", "juni", "giugno"],
    &["july", "jul", "julio", "juillet", "juil", "julho", "juli", "luglio"],
    &["august", "aug", "agosto", "ago", "aout"],
    &["september", "sept", "sep", "septiembre", "setiembre", "septembre", "setembro", "settembre"],
    &["october", "oct", "octubre", "octobre", "outubro", "oktober", "okt", "ottobre"],
    &["november", "nov", "noviembre", "novembre", "novembro"],
    &["december", "dec", "diciembre", "dic", "decembre", "dezembro", "dezember", "dez", "dicembre"],
];

const ROMAN: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];

/// A word of at most twelve letters, lower case and accents folded, without touching the heap.
#[derive(Clone, Copy)]
pub(super) struct ShortWord {
    bytes: [u8; ShortWord::MAX],
    len: u8,
}

impl ShortWord {
    const MAX: usize = 12;

    /// `None` if the word is longer, or has letters that fold to no ASCII one.
    pub(super) fn new(word: &str) -> Option<Self> {
        let mut folded = Self { bytes: [0; Self::MAX], len: 0 };
        for c in word.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)) {
            let slot = folded.bytes.get_mut(usize::from(folded.len))?;
            *slot = fold(c)?;
            folded.len += 1;
        }
        Some(folded)
    }

    pub(super) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.len)]).expect("folded letters are ASCII")
    }
}

fn fold(c: char) -> Option<u8> {
    let folded = match c {
        'a'..='z' | '0'..='9' => c,
        'A'..='Z' => c.to_ascii_lowercase(),
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'Á' | 'À' | 'Ã' => 'a',
        'é' | 'è' | 'ê' | 'É' | 'È' | 'Ê' => 'e',
        'í' | 'ì' | 'Í' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'Ó' | 'º' => 'o',
        'ú' | 'ù' | 'û' | 'ü' | 'Ú' => 'u',
        'ç' | 'Ç' => 'c',
        'ñ' | 'Ñ' => 'n',
        _ => return None,
    };
    u8::try_from(folded).ok()
}

/// 1 to 12 for a month's name or usual short form.
pub(super) fn month_named(word: &str) -> Option<u8> {
    if word.len() < 3 {
        return None;
    }
    let folded = ShortWord::new(word)?;
    let first = *folded.as_str().as_bytes().first()?;
    let holds = |names: &[&str]| names.iter().any(|n| n.as_bytes()[0] == first && *n == folded.as_str());
    let at = MONTHS.iter().position(|names| holds(names))?;
    u8::try_from(at + 1).ok()
}

/// 1 to 12 for a Roman numeral, as in `12/III/2026`.
pub(super) fn month_roman(word: &str) -> Option<u8> {
    let folded = ShortWord::new(word)?;
    let at = ROMAN.iter().position(|numeral| *numeral == folded.as_str())?;
    u8::try_from(at + 1).ok()
}

/// A year as written with four digits or two.
pub(super) fn year(value: u64, digits: usize) -> Option<u32> {
    let value = u32::try_from(value).ok()?;
    let full = match digits {
        4 => value,
        2 => value + 2000,
        _ => return None,
    };
    YEARS.contains(&full).then_some(full)
}

/// The day, if there is such a one.
pub(super) fn day(year: u32, month: u32, day: u32) -> Option<Day> {
    let year = YEARS.contains(&year).then(|| i16::try_from(year).ok())??;
    Day::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

/// The day of a run of eight digits, `20260314`.
pub(super) fn compact(value: u64) -> Option<Day> {
    let part = |n: u64| u32::try_from(n).ok();
    day(part(value / 10_000)?, part(value / 100 % 100)?, part(value % 100)?)
}

/// The day of a spreadsheet's serial number (days since 1899-12-30), from 2000 to 2039.
pub(super) fn serial(value: u64) -> Option<Day> {
    if !(36_526..=51_134).contains(&value) {
        return None;
    }
    Some(Day::new(1899, 12, 30)?.plus_days(i32::try_from(value).ok()?))
}

/// The UTC day of seconds (ten digits) or milliseconds (thirteen) since 1970.
pub(super) fn epoch(value: u64, digits: usize) -> Option<Day> {
    let seconds = match digits {
        10 => value,
        13 => value / 1000,
        _ => return None,
    };
    let found = Day::new(1970, 1, 1)?.plus_days(i32::try_from(seconds / 86_400).ok()?);
    YEARS.contains(&u32::try_from(found.year()).ok()?).then_some(found)
}

/// The day of an ISO date or date-time text, as written there (its own offset); `None` outside 1995 to 2039.
pub fn written_day(text: &str) -> Option<Day> {
    let found: Day = text.trim().get(..10)?.parse().ok()?;
    YEARS.contains(&u32::try_from(found.year()).ok()?).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_months_in_six_languages() {
        for (word, want) in [
            ("March", Some(3)),
            ("mar", Some(3)),
            ("März", Some(3)),
            ("févr", Some(2)),
            ("AGO", Some(8)),
            ("Setiembre", Some(9)),
            ("marching", None),
            ("Марта", None),
            ("de", None),
            ("", None),
        ] {
            assert_eq!(month_named(word), want, "{word}");
        }
        assert_eq!(month_roman("XII"), Some(12));
        assert_eq!(month_roman("XX"), None);
    }

    #[test]
    fn numbers_become_days_only_within_range() {
        let text = |found: Option<Day>| found.map(|d| d.to_string());
        for (name, found, want) in [
            ("compact", compact(20_260_314), Some("2026-03-14")),
            ("no such day", compact(20_260_230), None),
            ("serial", serial(46_095), Some("2026-03-14")),
            ("small serial", serial(120), None),
            ("seconds", epoch(1_773_446_400, 10), Some("2026-03-14")),
            ("milliseconds", epoch(1_773_446_400_000, 13), Some("2026-03-14")),
            ("too long", epoch(u64::MAX, 20), None),
            ("birth", day(1962, 3, 1), None),
            ("iso", written_day("2026-03-14T23:50:00-05:00"), Some("2026-03-14")),
            ("short", written_day("2026"), None),
        ] {
            assert_eq!(text(found).as_deref(), want, "{name}");
        }
        assert_eq!(year(26, 2), Some(2026));
        assert_eq!(year(85, 2), None);
    }
}
