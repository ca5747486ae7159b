//! The main word of a title: is an "acta de revisión de la política" a policy, is a "visitor log procedure" a log?
//!
//! Where a title holds words of both sorts, its main word decides: in front of the first preposition ("review of the
//! policy", "acta de ..."), else the last one ("visitor log procedure"). Numbers of controlled papers (`LGX-P-12`,
//! `RH-F-15`) tell the sort too: firms that number their papers so use one letter for each sort.

use crate::domain::judge::role::words::Sign;
use crate::domain::judge::rules::Patterns;

use super::case::{Case, Voice};

/// What the main word of any title says, the file's name first; only for titles that hold words of both sorts.
pub fn main_word(case: &Case) -> Option<Voice> {
    case.names.texts.iter().find_map(|text| of_title(case, text))
}

/// What a controlled paper's number says.
pub fn numbered(case: &Case) -> Option<Voice> {
    case.names.texts.iter().find_map(|text| of_number(text))
}

fn of_title(case: &Case, text: &str) -> Option<Voice> {
    let patterns = case.referee.patterns;
    let starts = |sign| starts(patterns, case.referee.words.get(sign).wanted()[0], text);
    let (rules, done) = (starts(Sign::RuleTitle), starts(Sign::RecordTitle));
    if rules.is_empty() || done.is_empty() {
        return None;
    }
    let first_preposition = text.split(' ').position(is_preposition).unwrap_or(usize::MAX);
    let before = |starts: &[usize]| starts.iter().copied().filter(|&at| at < first_preposition).max();
    match (before(&rules), before(&done)) {
        (Some(rule), Some(deed)) if rule == deed => None,
        (Some(rule), Some(deed)) => Some(if rule > deed { Voice::Rules } else { Voice::Done }),
        (Some(_), None) => Some(Voice::Rules),
        (None, Some(_)) => Some(Voice::Done),
        (None, None) => None,
    }
}

fn starts(patterns: &Patterns, group: u32, text: &str) -> Vec<usize> {
    let mut hits = Vec::new();
    patterns.phrases.with_vocabulary(|vocabulary| patterns.phrases.scan(vocabulary, text, &mut hits));
    let of_group = hits.iter().filter(|hit| patterns.groups_of(hit.phrase).contains(&group));
    of_group.map(|hit| hit.start as usize).collect()
}

fn is_preposition(word: &str) -> bool {
    const PREPOSITIONS: [&str; 13] =
        ["de", "del", "para", "por", "sobre", "al", "en", "of", "for", "on", "to", "with", "against"];
    PREPOSITIONS.contains(&word)
}

fn of_number(text: &str) -> Option<Voice> {
    const OWN: [&str; 8] = ["codigo", "code", "no", "number", "doc", "document", "documento", "clave"];
    let words: Vec<&str> = text.split(' ').take(12).collect();
    let is_area = |word: &str| (2..=4).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = |word: &str| (1..=3).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit());
    let sort = |word: &str| match word {
        "p" | "pr" | "po" | "m" | "pol" | "sop" => Some(Voice::Rules),
        "f" | "fo" | "fr" | "r" | "reg" => Some(Voice::Done),
        _ => None,
    };
    // A number further on is another paper's: "annual review of IT-P-01".
    let own = |at: usize| at == 0 || OWN.contains(&words[at - 1]);
    let runs = words.windows(3).enumerate().filter(|(at, run)| own(*at) && is_area(run[0]) && is_number(run[2]));
    runs.map(|(_, run)| run).find_map(|run| sort(run[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_controlled_papers() {
        for (text, want) in [
            ("lgx p 12 reporte de incidentes", Some(Voice::Rules)),
            ("rh f 15 acuses", Some(Voice::Done)),
            ("emb r 3", Some(Voice::Done)),
            ("codigo lgx p 12", Some(Voice::Rules)),
            ("revision anual ti p 01", None),
            ("cam 3 p 7", None),
            ("seal log 2026", None),
            ("", None),
        ] {
            assert_eq!(of_number(text), want, "{text}");
        }
    }
}
