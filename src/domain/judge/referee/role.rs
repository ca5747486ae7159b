//! What the paper is: first whether it reads like rules or like something done, then what keeps it from proving.

use crate::domain::catalog::StandsAs;
use crate::domain::judge::role::words::Sign;
use crate::domain::judge::signal::{PaperForm, RoleSignals};
use crate::domain::judge::verdict::{Role, Strength};

use super::case::{Case, Voice};
use super::genre;
use super::names::FIRST;
use super::poison;

/// Points for the model's mean distance of 1 between records and procedures, and at most.
const MANNER: f32 = 3.0;
const MANNER_MOST: f32 = 2.0;

/// What was decided about a paper.
pub struct Ruling {
    pub role: Role,
    pub voice: Voice,
    pub reasons: Vec<String>,
    pub lacks: Vec<String>,
    pub superseded: bool,
}

/// Points for rules and for deeds, each with its reason.
#[derive(Default)]
struct Scales {
    rules: f32,
    done: f32,
    reasons: Vec<(f32, String)>,
}

pub fn rule(case: &Case) -> Ruling {
    let scales = weigh(case);
    let voice = voice(case, &scales);
    let mut ruling = Ruling {
        role: match voice {
            Voice::Rules => Role::Procedure,
            Voice::Done | Voice::Both => Role::Record,
        },
        voice,
        reasons: scales.best_reasons(voice),
        lacks: Vec::new(),
        superseded: is_superseded(case),
    };
    if let Some((role, reason)) = poison::poison(case, voice) {
        (ruling.role, ruling.reasons) = (role, vec![reason]);
    } else if let Some(reason) = draft(case) {
        (ruling.role, ruling.reasons) = (Role::Draft, vec![reason]);
    } else if let Some(reason) = blank(case) {
        (ruling.role, ruling.reasons) = (Role::Form, vec![reason]);
        ruling.lacks = lacks(case);
    } else if let Some((role, reason)) = poison::bare_list(case, voice) {
        (ruling.role, ruling.reasons) = (role, vec![reason]);
    }
    ruling
}

impl Scales {
    fn rules(&mut self, points: f32, reason: &str) {
        self.rules += points;
        self.reasons.push((points, reason.to_owned()));
    }

    fn done(&mut self, points: f32, reason: &str) {
        self.done += points;
        self.reasons.push((-points, reason.to_owned()));
    }

    /// The three that weighed most for the side that won.
    fn best_reasons(&self, voice: Voice) -> Vec<String> {
        let side = if voice == Voice::Rules { 1.0 } else { -1.0 };
        let mut reasons: Vec<&(f32, String)> = self.reasons.iter().filter(|(points, _)| points * side > 0.0).collect();
        reasons.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        reasons.into_iter().take(3).map(|(_, reason)| reason.clone()).collect()
    }
}

fn weigh(case: &Case) -> Scales {
    let mut scales = Scales::default();
    weigh_names(case, &mut scales);
    weigh_text(case.signals(), &mut scales);
    weigh_manner(case, &mut scales);
    scales
}

fn weigh_names(case: &Case, scales: &mut Scales) {
    let names = &case.names;
    let main = genre::main_word(case);
    if case.says(Sign::RuleTitle, &names.core) && main != Some(Voice::Done) {
        scales.rules(2.5, "its title names a policy or procedure");
    } else if case.says(Sign::MaybeRuleTitle, &names.core) && main != Some(Voice::Done) {
        scales.rules(1.5, "its title names a plan, guide or agreement");
    } else if case.says(Sign::RuleTitle, &names.head) {
        scales.rules(1.0, "its head names a policy or procedure");
    } else if case.says(Sign::RuleTitle, &names.last_folder) {
        scales.rules(1.5, "it lies in a folder of procedures");
    }
    if case.says(Sign::RecordTitle, &names.core) && main != Some(Voice::Rules) {
        let surely = case.says(Sign::SureRecordTitle, &names.core)
            && (main == Some(Voice::Done) || !case.says(Sign::RuleTitle, &names.core));
        scales.done(if surely { 3.5 } else { 2.0 }, "its title names a log, report or other record");
    } else if case.says(Sign::RecordTitle, &names.last_folder) {
        scales.done(1.0, "it lies in a folder of records");
    }
    match genre::numbered(case) {
        Some(Voice::Rules) => scales.rules(1.5, "its number is that of a procedure"),
        Some(Voice::Done | Voice::Both) => scales.done(1.0, "its number is that of a form"),
        None => {}
    }
}

/// The passage model's ear for the manner of prose; tables, mails and slides speak otherwise than its examples.
fn weigh_manner(case: &Case, scales: &mut Scales) {
    if case.signals().form != PaperForm::Prose || case.heard.is_none() {
        return;
    }
    let points = (MANNER * case.judgement.model.record).clamp(-MANNER_MOST, MANNER_MOST);
    if points > 0.5 {
        scales.done(points, "its passages tell of something done");
    } else if points < -0.5 {
        scales.rules(-points, "its passages say how things are to be done");
    }
}

fn weigh_text(signals: &RoleSignals, scales: &mut Scales) {
    if signals.act_in_head {
        scales.done(1.0, "its head tells of something done, with a date or number");
    }
    // Actions have owners too: alone the word is no part of a revision block.
    let but_owners = signals.revision_labels.iter().filter(|label| !label.starts_with("owner")).count();
    let revision = if but_owners >= 2 { signals.revision_labels.len() } else { but_owners };
    if revision > 0 {
        scales.rules((0.7 * revision as f32).min(2.0), "it carries a revision block");
    }
    if signals.section_names.len() >= 2 {
        scales.rules(1.5, "it has sections such as purpose and scope");
    }
    if signals.numbered_lines >= 4 {
        scales.rules(1.0, "its paragraphs are numbered");
    }
    let per_hundred = |count: u32| 100.0 * count as f32 / signals.body_words.max(1) as f32;
    let modals = per_hundred(signals.modals);
    if signals.modals >= 3 && modals >= 1.0 {
        scales.rules(if modals < 2.0 { 1.0 } else { 2.0 }, "it says what must be done");
    }
    match signals.form {
        PaperForm::Sheet => scales.done(1.5, "it is a table"),
        PaperForm::Mail => scales.done(3.0, "it is a mail"),
        PaperForm::Picture => scales.done(4.0, "it is a picture or a bundle"),
        PaperForm::Prose | PaperForm::Slides => {}
    }
    if signals.dated_rows >= 8 {
        scales.done(3.0, "it has many dated rows");
    } else if signals.dated_rows >= 3 {
        scales.done(1.5, "it has dated rows");
    }
    if signals.outcomes >= 2 && per_hundred(signals.outcomes) >= 1.0 {
        scales.done(1.0, "it tells results");
    }
}

fn voice(case: &Case, scales: &Scales) -> Voice {
    let (rules, done) = (scales.rules, scales.done);
    let both = case.kinds.iter().any(|score| score.rule.stands_as == StandsAs::Both);
    if both && rules < 5.0 {
        return Voice::Both;
    }
    let top = case.kinds.iter().find(|score| score.rule.stands_as == StandsAs::Record);
    let titled = top.is_some_and(|top| top.points >= 4.0 && top.title.is_some());
    let thin_rules =
        rules - done < 2.0 && (done >= 1.0 || rules < 1.0) && !case.says(Sign::RuleTitle, &case.names.core);
    let acknowledged =
        top.is_some_and(|top| top.points >= 5.0 && top.title.is_some() && top.rule.id.as_str().contains("acknowledg"));
    // A review of policies is a record: its title's main word and its columns outweigh the word "policies".
    let filled =
        top.is_some_and(|top| top.columns.is_some() && top.title.as_ref().is_some_and(|hit| hit.points >= FIRST));
    if acknowledged || (titled && thin_rules) || (filled && genre::main_word(case) == Some(Voice::Done)) {
        return Voice::Done;
    }
    // A title names a subject, and rules and records of it share the name; columns and clues tell which.
    let known =
        top.is_some_and(|top| top.strength() == Strength::Strong && (top.columns.is_some() || !top.clues.is_empty()));
    let prose = case.signals().form == PaperForm::Prose;
    let clear_rules = rules - done >= 0.5 && rules >= 1.5;
    let only_numbered = rules <= 1.0 && case.signals().modals < 3;
    let likely_rules = !only_numbered && rules >= done && rules >= 1.0 && prose && !known;
    if clear_rules || likely_rules {
        return Voice::Rules;
    }
    let topic_only = prose
        && !known
        && case.signals().dated_rows < 3
        && rules >= done - 1.5
        && !case.says(Sign::RecordTitle, &case.names.core)
        && case.referee.rules.clauses.iter().any(|clause| case.names.best_title(&clause.titles).is_some());
    if topic_only { Voice::Rules } else { Voice::Done }
}

fn draft(case: &Case) -> Option<String> {
    if case.says(Sign::Draft, &case.names.core) {
        return Some("its name or first lines say that it is a draft".to_owned());
    }
    case.signals()
        .draft
        .as_ref()
        .map(|quote| format!("it says \"{}\"", quote.text.chars().take(60).collect::<String>()))
}

fn is_superseded(case: &Case) -> bool {
    let names = &case.names;
    case.says(Sign::Old, &names.folders) || case.says(Sign::Old, &names.name) || case.signals().superseded.is_some()
}

/// A form that nobody filled in: marks to write on or empty labels, and no day on which anything was written.
fn blank(case: &Case) -> Option<String> {
    let signals = case.signals();
    if signals.dated_rows > 1 || signals.dates > 1 {
        return None;
    }
    let empty_share = f64::from(signals.empty_cells) / f64::from(signals.table_cells.max(1));
    let named = case.says(Sign::BlankName, &case.names.core);
    let surely = case.says(Sign::SurelyBlank, &case.names.core);
    let empty_labels = u32::try_from(signals.empty_labels.len()).unwrap_or(u32::MAX);
    let mostly_empty = signals.blank_marks + empty_labels > signals.filled_labels;
    if named && ((signals.blank_marks > 0 && mostly_empty) || empty_share > 0.4 || surely) {
        return Some("it is named as a form and nothing is filled in".to_owned());
    }
    if signals.blank_marks >= 2 && mostly_empty {
        return Some("a blank form: its lines are not filled in".to_owned());
    }
    if empty_labels >= 3 && empty_labels > 2 * signals.filled_labels {
        return Some("a blank form: its labels have nothing behind them".to_owned());
    }
    (signals.table_cells >= 12 && empty_share > 0.6).then(|| "a blank form: its table is empty".to_owned())
}

fn lacks(case: &Case) -> Vec<String> {
    let wanted = case.kinds.first().and_then(|top| top.signal).map(|signal| &signal.lacks);
    let mut lacks: Vec<String> = wanted.into_iter().flatten().map(|label| format!("no {label}")).collect();
    let signals = case.signals();
    if lacks.is_empty() {
        lacks.extend(signals.empty_labels.iter().take(4).map(|label| format!("{label} empty")));
    }
    if signals.dates == 0 && !lacks.iter().any(|lack| lack.contains("date")) {
        lacks.push("no date".to_owned());
    }
    lacks
}
