//! What the words before a date make of it: issued, held, closed, due.
//!
//! Lists of words and not one pattern: each can be read, doubted and extended alone. Words are in the normal form (lower
//! case, accents folded), in English and Spanish with a few of other languages.

mod words;

use crate::domain::judge::signal::DateClass;

use words::{
    CLOSING, CLOSING_STEMS, DATE_HEADS, EDITIONS, EVENT, EVENT_STEMS, FORMS, IN_FORCE, ISSUE, ISSUE_LAST, ISSUE_STEMS,
    NEGATIVE, NEGATIVE_FAR, NEGATIVE_LAST, NEGATIVE_PHRASES, NEGATIVE_STEMS,
};

/// How many words before a date are looked at.
const REACH: usize = 5;
/// How near a word must be to turn a date away.
const NEGATIVE_REACH: usize = 3;

fn in_list(word: &str, words: &[&str], stems: &[&str]) -> bool {
    words.contains(&word) || stems.iter().any(|stem| word.starts_with(stem))
}

fn is_negative(words: &[&str]) -> bool {
    let near = &words[words.len().saturating_sub(NEGATIVE_REACH)..];
    if near.last().is_some_and(|word| NEGATIVE_LAST.contains(word)) {
        return true;
    }
    let padded = format!(" {} ", near.join(" "));
    let phrase = |phrase: &&str| holds_words(&padded, phrase);
    let far = |word: &&str| NEGATIVE_FAR.iter().any(|stem| word.starts_with(stem));
    words.iter().rev().take(REACH).any(far)
        || NEGATIVE_PHRASES.iter().any(phrase)
        || near.iter().any(|word| in_list(word, NEGATIVE, NEGATIVE_STEMS))
}

/// True if whole words of `padded`, which begins and ends with a space, read `phrase`.
fn holds_words(padded: &str, phrase: &str) -> bool {
    let bytes = padded.as_bytes();
    let whole = |(at, _): (usize, &str)| {
        at.checked_sub(1).is_some_and(|before| bytes[before] == b' ') && bytes.get(at + phrase.len()) == Some(&b' ')
    };
    padded.match_indices(phrase).any(whole)
}

/// `vigente desde`, `in force since the`.
fn is_since_in_force(words: &[&str]) -> bool {
    let since = words.iter().rposition(|word| matches!(*word, "since" | "desde" | "partir"));
    since.is_some_and(|at| words[..at].iter().rev().take(3).any(|word| IN_FORCE.contains(word)))
}

/// The class that a positive word gives, nearest first. Words that only lead up to any date (`on`, `el`) need to be last.
fn positive(words: &[&str]) -> Option<DateClass> {
    let version = |word: &&&str| word.trim_start_matches('v').bytes().all(|b| b.is_ascii_digit());
    if words.iter().rev().find(|word| !version(word)).is_some_and(|word| ISSUE_LAST.contains(word)) {
        return Some(DateClass::Issue);
    }
    let lead_in = |word: &str| matches!(word, "on" | "el" | "al" | "a" | "to" | "of" | "as" | "data" | "dia" | "day");
    for (back, word) in words.iter().rev().take(REACH).enumerate() {
        if in_list(word, CLOSING, CLOSING_STEMS) {
            return Some(DateClass::Closing);
        }
        if in_list(word, ISSUE, ISSUE_STEMS) {
            return Some(general_or(words, back, DateClass::Issue));
        }
        if in_list(word, EVENT, EVENT_STEMS) && !lead_in(word) {
            return Some(DateClass::Event);
        }
    }
    let last = words.last()?;
    matches!(*last, "on" | "al" | "to" | "dia" | "day").then_some(DateClass::Event)
}

/// `date closed`, `fecha de cierre`, `test date`: a bare `date` takes the class of the words beside it.
fn general_or(words: &[&str], back: usize, class: DateClass) -> DateClass {
    let at = words.len() - 1 - back;
    if !matches!(words[at], "date" | "dates" | "fecha" | "fechas") {
        return class;
    }
    let before = at.checked_sub(1).map(|i| words[i]);
    let after = words[at + 1..].iter().copied().find(|word| !matches!(*word, "de" | "of" | "del" | "la"));
    for word in [after, before].into_iter().flatten() {
        if in_list(word, CLOSING, CLOSING_STEMS) {
            return DateClass::Closing;
        }
        if in_list(word, ISSUE, ISSUE_STEMS) {
            return DateClass::Issue;
        }
        if in_list(word, EVENT, EVENT_STEMS) {
            return DateClass::Event;
        }
    }
    class
}

/// The class of a date from the words before it, in the normal form.
pub(super) fn class_before(words: &str) -> DateClass {
    let words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
    let tail = &words[words.len().saturating_sub(REACH + 1)..];
    if is_since_in_force(tail) {
        return DateClass::Issue;
    }
    if is_negative(tail) {
        return DateClass::Negative;
    }
    // `firmado en Puebla a los 14 días del mes de enero`: the formula itself says that the paper is made out.
    if let [.., "a", "los" | "las"] | [.., "a", "los" | "las", _] = tail {
        return DateClass::Issue;
    }
    positive(tail).unwrap_or(DateClass::Plain)
}

/// The class that a column's head or a form's label gives: all of its words count.
pub(super) fn class_of_label(label: &str) -> DateClass {
    let words: Vec<&str> = label.split(' ').filter(|word| !word.is_empty()).take(12).collect();
    if words.is_empty() || words.len() > 10 {
        return DateClass::Plain;
    }
    if is_since_in_force(&words) {
        return DateClass::Issue;
    }
    if matches!(label, "by" | "before" | "antes de" | "antes del" | "para" | "para el") {
        return DateClass::Negative;
    }
    if words.windows(NEGATIVE_REACH.min(words.len())).any(is_negative_label) {
        return DateClass::Negative;
    }
    positive(&words).unwrap_or(DateClass::Plain)
}

fn is_negative_label(words: &[&str]) -> bool {
    // `Reviewed by` is a label of a name, not a limit.
    is_negative(words) && !words.last().is_some_and(|word| NEGATIVE_LAST.contains(word))
}

/// True if the head says that the column below holds days, so that bare numbers may be read as such.
pub(super) fn is_date_head(label: &str) -> bool {
    label.split(' ').any(|word| DATE_HEADS.contains(&word) || word.ends_with("date"))
}

/// True for a short label that speaks of a date: what may stand left of its value in a form.
pub(super) fn is_key(label: &str) -> bool {
    let words = label.split(' ').filter(|w| !w.is_empty()).count();
    (1..=6).contains(&words) && class_of_label(label) != DateClass::Plain
}

/// `Form 12 rev C`: the date that follows is that of the blank form.
pub(super) fn is_form_edition(words: &str) -> bool {
    let words: Vec<&str> = words.split(' ').collect();
    let near = &words[words.len().saturating_sub(REACH)..];
    near.iter().any(|word| FORMS.contains(word)) && near.iter().any(|word| EDITIONS.contains(word))
}

/// True if the words speak of signing.
pub(super) fn is_signature(words: &str) -> bool {
    words.split(' ').any(|w| w.starts_with("firma") || matches!(w, "signed" | "signature" | "signatures" | "suscribe"))
}

/// True for the day a log was printed or exported, which says nothing of its rows.
pub(super) fn is_print(label: &str) -> bool {
    let print = [
        "print", "export", "generat", "impres", "generad", "download", "descarg", "run ", "as of", "al corte", "page",
        "pagina",
    ];
    let lower = label.to_lowercase();
    print.iter().any(|word| lower.contains(word))
}

/// True for ranges whose begin and not whose end is the paper's day: `valid from A to B`.
pub(super) fn is_validity(words: &str) -> bool {
    let validity = [
        "valid",
        "validity",
        "vigente",
        "vigencia",
        "validez",
        "coverage",
        "cobertura",
        "insured",
        "policy",
        "license",
        "licence",
        "licencia",
    ];
    words.split(' ').any(|word| validity.contains(&word))
}

/// True if these heads are those of a revision history.
pub(super) fn is_revision_table(heads: &[String]) -> bool {
    let any = |words: &[&str], stems: &[&str]| {
        heads.iter().any(|head| head.split(' ').any(|word| in_list(word, words, stems)))
    };
    let changed = any(&["changed", "change", "changes"], &["cambio"]);
    (heads.len() <= 4 && changed && heads.iter().any(|head| is_date_head(head)))
        || heads.len() <= 8
            && any(&["rev", "revision", "version", "ver", "edicion", "edition", "issue", "revno"], &[])
            && any(
                &["change", "changes", "description", "summary", "reason", "motivo", "amendment", "details"],
                &["cambio", "descripc", "modificac"],
            )
}

#[cfg(test)]
mod tests {
    use super::*;
    use DateClass::{Closing, Event, Issue, Negative, Plain};

    #[test]
    fn words_give_the_class() {
        for (words, want) in [
            ("effective", Issue),
            ("reviewed by j ortiz", Issue),
            ("next review", Negative),
            ("review due", Negative),
            ("vigente desde el", Issue),
            ("vigente hasta el", Negative),
            ("desde el", Negative),
            ("please return by", Negative),
            ("fecha de vencimiento", Negative),
            ("fecha de cierre", Closing),
            ("date closed", Closing),
            ("the drill was held on", Event),
            ("replaces rev 3 of", Negative),
            ("drums of solvent", Plain),
            ("", Plain),
        ] {
            assert_eq!(class_before(words), want, "{words}");
        }
    }

    #[test]
    fn labels_give_the_class() {
        for (label, want) in [
            ("date", Issue),
            ("approved by", Issue),
            ("test date", Event),
            ("hire date", Negative),
            ("next due", Negative),
            ("driver", Plain),
            ("fecha compromiso", Negative),
            ("fecha de realizacion", Event),
        ] {
            assert_eq!(class_of_label(label), want, "{label}");
        }
        assert!(is_revision_table(&["rev".into(), "date".into(), "description of change".into()]));
        assert!(!is_revision_table(&["date".into(), "driver".into()]));
    }
}
