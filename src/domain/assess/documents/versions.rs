//! Versions of one procedure, and records copied with only the date changed.
//!
//! A record is never replaced by a newer one of its series; a procedure is, once the newer one is in force.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::day::Day;
use crate::domain::judge::normal::normal;
use crate::domain::judge::similarity;
use crate::domain::judge::verdict::{NeedKind, Role};

use super::super::decisions::ALIKE;
use super::super::status::DocumentState;
use super::Document;

/// A newer version is at least this much newer: two papers of one week are parts and not versions.
const APART_DAYS: i32 = 30;
/// Records this alike differ in little but a date.
const REDATED: f32 = 0.97;
/// Values of a sketch that put two texts in one drawer.
const DRAWER: usize = 3;
/// Records compared within one drawer; more are a stack of one form.
const MAX_DRAWER: usize = 24;

/// Words of a title that tell versions of one paper apart, not papers.
const VERSION_WORDS: [&str; 40] = [
    "v",
    "ver",
    "rev",
    "version",
    "revision",
    "r",
    "no",
    "final",
    "copy",
    "of",
    "copia",
    "de",
    "signed",
    "scan",
    "new",
    "nuevo",
    "old",
    "firmado",
    "the",
    "and",
    "la",
    "el",
    "y",
    "draft",
    "borrador",
    "approved",
    "aprobado",
    "for",
    "para",
    "del",
    "en",
    "in",
    "policy",
    "procedure",
    "procedimiento",
    "politica",
    "sop",
    "manual",
    "current",
    "vigente",
];

/// Marks procedures that a newer version replaces, and records that are re-dated copies.
pub(in crate::domain::assess) fn mark(documents: &mut [Document<'_>], as_of: Day) {
    for (old, new) in superseded(documents, as_of) {
        documents[old].assessed.superseded_by = Some(documents[new].assessed.name.path.clone());
    }
    for (newer, older) in redated(documents) {
        let (path, day) = {
            let source = &documents[older].assessed;
            (source.name.path.clone(), source.effective.as_ref().map(|date| date.day))
        };
        if let (Some(date), Some(day)) = (&mut documents[newer].assessed.effective, day) {
            date.conflicts.push(format!("the same text as {path}, which is dated {day}"));
        }
        documents[newer].redated_from = Some(path);
    }
}

struct Version {
    document: usize,
    day: Day,
    words: BTreeSet<String>,
}

/// Pairs of (older, newest) within each family.
fn superseded(documents: &[Document<'_>], as_of: Day) -> BTreeMap<usize, usize> {
    let mut families: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut versions = Vec::new();
    for (i, document) in documents.iter().enumerate() {
        let Some(day) = day_in_force(document, as_of) else { continue };
        let known = document.known;
        let stem = file_stem(&known.name.path);
        let mut words = title_words(&known.title);
        words.extend(title_words(stem));
        let at = versions.len();
        let codes = codes(&known.title).chain(codes(stem));
        let mut keys: BTreeSet<String> = codes.map(|code| format!("code {code}")).collect();
        for words in [title_words(stem), title_words(&known.title)] {
            let key = words.into_iter().collect::<Vec<_>>().join(" ");
            if key.len() > 5 {
                keys.insert(format!("title {key}"));
            }
        }
        for key in keys {
            families.entry(key).or_default().push(at);
        }
        versions.push(Version { document: i, day, words });
    }
    let mut found = BTreeMap::new();
    for family in families.into_values() {
        let Some(newest) = family.iter().max_by_key(|&&at| (versions[at].day, std::cmp::Reverse(at))) else { continue };
        let newest = &versions[*newest];
        for older in family.iter().map(|&at| &versions[at]) {
            if replaces(newest, older, documents) {
                found.entry(older.document).or_insert(newest.document);
            }
        }
    }
    found
}

/// The day of a procedure that is in force on `as_of` and may be a version of another.
fn day_in_force(document: &Document<'_>, as_of: Day) -> Option<Day> {
    let assessed = &document.assessed;
    let verdict = assessed.verdict.as_ref()?;
    let counts = verdict.role == Role::Procedure
        && assessed.state == DocumentState::Read
        && assessed.duplicate_of.is_none()
        && !verdict.matches.is_empty();
    // A file's own time changes when an old version is saved again; it tells no versions apart.
    let date = assessed.own_date()?;
    (counts && date.day <= as_of).then_some(date.day)
}

fn replaces(newer: &Version, older: &Version, documents: &[Document<'_>]) -> bool {
    let shared = newer.words.intersection(&older.words).count();
    let least = newer.words.len().min(older.words.len());
    let same_title = least > 0 && shared * 2 >= least;
    let (a, b) = (&documents[newer.document].known.sketch, &documents[older.document].known.sketch);
    newer.day.days_since(older.day) > APART_DAYS
        && (same_title || similarity(a, b) >= ALIKE)
        && shares_criterion(&documents[newer.document], &documents[older.document])
}

fn shares_criterion(a: &Document<'_>, b: &Document<'_>) -> bool {
    let criteria = |document: &Document<'_>| -> BTreeSet<String> {
        let matches = document.assessed.verdict.iter().flat_map(|verdict| &verdict.matches);
        matches.filter(|m| m.role == NeedKind::Procedure).map(|m| m.criterion.as_str().to_owned()).collect()
    };
    !criteria(a).is_disjoint(&criteria(b))
}

/// The file's name without its extension.
pub(crate) fn file_stem(path: &str) -> &str {
    let name = path.rsplit(['/', '!']).next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The words of a title that tell papers apart, without those that tell their versions apart.
pub(crate) fn title_words(text: &str) -> BTreeSet<String> {
    let is_number = |word: &str| word.trim_start_matches(['v', 'r']).bytes().all(|b| b.is_ascii_digit());
    let short: String = text.chars().take(200).collect();
    normal(&short)
        .split(' ')
        .filter(|word| {
            !word.is_empty() && !VERSION_WORDS.contains(word) && !is_number(word) && !word.starts_with("rev0")
        })
        .map(str::to_owned)
        .collect()
}

/// Document codes like `SOP-XX-01`: capitals, hyphens, one to four digits at the end.
fn codes(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter_map(|word| {
        let (letters, digits) = word.rsplit_once('-')?;
        let parts_ok = letters.split('-').count() <= 2
            && letters
                .split('-')
                .all(|part| (1..=6).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_uppercase()))
            && letters.len() >= 2;
        let digits_ok = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        (parts_ok && digits_ok).then(|| word.to_owned())
    })
}

/// Pairs of (newer, older) records of one kind whose texts are the same but for little, with different days.
fn redated(documents: &[Document<'_>]) -> BTreeMap<usize, usize> {
    let mut drawers: BTreeMap<(String, &[u64]), Vec<usize>> = BTreeMap::new();
    for (i, document) in documents.iter().enumerate() {
        let known = document.known;
        let Some(verdict) = &document.assessed.verdict else { continue };
        let kind = verdict.matches.iter().filter_map(|m| m.record_kind.as_ref()).min();
        if let (Role::Record, Some(kind), Some(front), None, Some(_)) = (
            verdict.role,
            kind,
            known.sketch.get(..DRAWER),
            &document.assessed.duplicate_of,
            document.assessed.own_date(),
        ) {
            drawers.entry((kind.to_string(), front)).or_default().push(i);
        }
    }
    let day = |i: usize| documents[i].assessed.own_date().map(|date| date.day);
    let mut found = BTreeMap::new();
    for mut drawer in drawers.into_values().filter(|drawer| drawer.len() <= MAX_DRAWER) {
        drawer.sort_by_key(|&i| (day(i), i));
        for (at, &newer) in drawer.iter().enumerate() {
            let alike = |older: &&usize| {
                day(**older) < day(newer)
                    && similarity(&documents[**older].known.sketch, &documents[newer].known.sketch) >= REDATED
            };
            if let Some(&older) = drawer[..at].iter().rev().find(alike) {
                found.insert(newer, older);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_codes_and_titles() {
        for (text, want) in [
            ("SOP-BOLT-07 Bolt Seals v5", "SOP-BOLT-07"),
            ("see HR-P-2 and KD-02", "HR-P-2 KD-02"),
            ("Rev-A, 2026-03-14, pre-2020", ""),
        ] {
            assert_eq!(codes(text).collect::<Vec<_>>().join(" "), want, "{text}");
        }
        let words = |text| title_words(text).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(words("Seal control procedure v4 FINAL (2)"), "control seal");
        assert_eq!(file_stem("a/b.zip!c/d.e.docx"), "d.e");
    }
}
