//! Papers that speak of everything and prove nothing: guidance, samples, profile answers, gap reports, our own output.
//!
//! The mark of such a paper is breadth: it names criteria or subjects by the dozen, where a company's own paper names
//! a few. Breadth alone is not enough: a company's manual is broad as well.

use crate::domain::judge::role::words::Sign;
use crate::domain::judge::verdict::Role;

use super::case::{Case, Voice};

/// Criterion numbers in one text: a company's papers name a handful, a paper about the criteria names most.
const NUMBERS_MANY: u16 = 20;
/// Subjects in one text.
const SUBJECTS_MANY: usize = 25;
/// A pack of samples covers at least so many.
const SUBJECTS_SOME: usize = 8;
/// Words of advice per hundred words from which on a text speaks to another company.
const ADVICE_DENSE: f64 = 0.4;
/// The mark of our own reports.
const GENERATOR: &str = "evidex";

/// The role of a paper that proves nothing by its nature, and why.
pub fn poison(case: &Case, voice: Voice) -> Option<(Role, String)> {
    let signals = case.signals();
    if signals.generator.as_ref().is_some_and(|mark| mark.to_lowercase().starts_with(GENERATOR)) {
        return Some((Role::OwnOutput, "written by Evidex".to_owned()));
    }
    let numbers = signals.criterion_numbers;
    let subjects = case.judgement.rules.clauses.len();
    let many_numbers = numbers >= NUMBERS_MANY;
    let named = |sign| case.says(sign, &case.names.core) || case.says(sign, &case.names.head);
    if named(Sign::Profile) && (many_numbers || subjects >= SUBJECTS_MANY / 2) {
        return Some((Role::Profile, "answers of a Security Profile: what a company says of itself".to_owned()));
    }
    if (named(Sign::GapReport) || signals.gap_report.is_some()) && (many_numbers || subjects >= SUBJECTS_MANY / 2) {
        return Some((Role::Other, "a gap report: it tells what other papers prove".to_owned()));
    }
    let unfilled = voice == Voice::Rules || signals.dated_rows == 0;
    if named(Sign::Sample) && subjects >= SUBJECTS_SOME && unfilled {
        return Some((Role::Guidance, "samples to copy from, not papers of the company".to_owned()));
    }
    let advice = 100.0 * f64::from(signals.advice) / f64::from(signals.body_words.max(1));
    let broad = many_numbers || subjects >= SUBJECTS_MANY;
    if broad && named(Sign::Guidance) && !case.says(Sign::RuleTitle, &case.names.core) {
        return Some((Role::Guidance, format!("guidance: it speaks of {subjects} subjects to any reader")));
    }
    if broad && advice >= ADVICE_DENSE && !case.says(Sign::RuleTitle, &case.names.core) {
        return Some((Role::Guidance, format!("guidance: it advises a reader on {subjects} subjects")));
    }
    None
}

/// A table of most criteria that is no audit: a checklist, a responsibility matrix. Blank forms are told apart first.
pub fn bare_list(case: &Case, voice: Voice) -> Option<(Role, String)> {
    let numbers = case.signals().criterion_numbers;
    let exclusive = case.kinds.first().is_some_and(|top| top.rule.exclusive && top.title.is_some());
    let bare = numbers >= 2 * NUMBERS_MANY && !exclusive && voice != Voice::Rules;
    bare.then(|| (Role::Other, format!("a list of {numbers} criteria, not proof of any")))
}
