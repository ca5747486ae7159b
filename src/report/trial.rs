//! The figures of a trial: how often we were right about a company whose truth is known.

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::text::{count, hang};
use super::{GENERATED_BY, json as form};
use crate::domain::ids::CriterionId;
use crate::domain::trial::{Figures, GapFigures, Pair, Rates};

/// Which pairs are listed below the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misses {
    LeftOut,
    Listed,
}

#[derive(Serialize)]
struct TrialJson<'a> {
    schema: &'static str,
    generator: &'static str,
    #[serde(flatten)]
    figures: &'a Figures,
}

pub fn table(figures: &Figures, misses: Misses, look: Look) -> String {
    let mut out = String::new();
    let mut line = |name: &str, text: &str| out.push_str(&hang(&format!("{name:<12} "), text, look.columns()));
    line(
        "Pairs",
        &format!(
            "{} files; {} primary of {} pairs; {} predicted",
            figures.files, figures.primary_pairs, figures.all_pairs, figures.predicted_pairs
        ),
    );
    let ignored = figures.ignored;
    line(
        "Left out",
        &format!(
            "{} unknown paths; predictions: {} for other criteria, {} on unreadable files",
            ignored.unknown_paths, ignored.other_criteria, ignored.unreadable_files
        ),
    );
    line("Micro", &rates(figures.micro));
    let never = count(figures.never_found.len(), "criterion", "criteria");
    line("Macro", &format!("{}; {never} never found", rates(figures.by_criterion)));
    let recall = |recall: Option<f64>| recall.map_or_else(|| "-".to_owned(), |recall| format!("{recall:.3}"));
    line(
        "Roles",
        &format!(
            "right {:.3}; primary recall: procedures {}, records {}",
            figures.role_accuracy,
            recall(figures.recall_procedure),
            recall(figures.recall_record)
        ),
    );
    let dates = figures.dates;
    line(
        "Dates",
        &format!(
            "exact {:.3}, within 31 days {:.3} ({} predicted of {})",
            dates.exact, dates.within_31_days, dates.predicted, dates.files
        ),
    );
    let distractors = &figures.distractors;
    line(
        "Distractors",
        &format!("with a match {} of {} = {:.3}", distractors.matched, distractors.files, distractors.share),
    );
    out.extend(figures.gaps.iter().map(|found| gaps(found, look)));
    if misses == Misses::Listed {
        out.push_str(&pairs("Wrong", &figures.wrong, look));
        out.push_str(&pairs("Missed", &figures.missed, look));
    }
    out
}

pub fn json(figures: &Figures) -> String {
    form::pretty(&TrialJson { schema: "evidex.trial/1", generator: GENERATED_BY, figures })
}

fn rates(rates: Rates) -> String {
    format!("precision {:.3}, recall {:.3}, F1 {:.3}", rates.precision, rates.recall, rates.f1)
}

fn gaps(gaps: &GapFigures, look: Look) -> String {
    let mut out = hang(
        "Statuses     ",
        &format!(
            "strict {:.3}, lenient {:.3} of {}; false gaps {:.3}",
            gaps.strict, gaps.lenient, gaps.criteria, gaps.false_gaps
        ),
        look.columns(),
    );
    let named: Vec<&str> = gaps.costly_criteria.iter().map(CriterionId::as_str).collect();
    let named = if named.is_empty() { "none".to_owned() } else { named.join(" ") };
    let costly = format!(
        "{:.3} (with record-only {:.3}) of {}; said current wrongly: {named}",
        gaps.costly, gaps.costly_plus, gaps.not_current
    );
    out.push_str(&hang("Costly       ", &costly, look.columns()));
    let cells: Vec<String> =
        gaps.confusion.iter().map(|cell| format!("{} -> {} {}", cell.truth, cell.said, cell.criteria)).collect();
    out.push_str(&hang("Truth, said  ", &cells.join("; "), look.columns()));
    out
}

fn pairs(title: &str, pairs: &[Pair], look: Look) -> String {
    let mut out = format!("\n{}\n", look.paint(Tone::Heading, title));
    let line = |pair: &Pair| hang(&format!("  {:<6} ", pair.criterion), &terminal(&pair.path), look.columns());
    out.extend(pairs.iter().map(line));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::trial::{Confusion, DateFigures, DistractorFigures, Ignored};
    use crate::report::schemas::testing::assert_valid;

    fn figures() -> Figures {
        let rates = |precision, recall, f1| Rates { precision, recall, f1 };
        let pair = |path: &str| Pair { path: path.into(), criterion: "6.7".parse().unwrap() };
        Figures {
            files: 12,
            primary_pairs: 20,
            all_pairs: 30,
            predicted_pairs: 18,
            ignored: Ignored { unknown_paths: 1, other_criteria: 2, unreadable_files: 3 },
            micro: rates(0.9, 0.8, 0.847),
            by_criterion: rates(0.7, 0.6, 0.646),
            never_found: vec!["9.1".parse().unwrap()],
            role_accuracy: 1.0,
            recall_procedure: Some(0.5),
            recall_record: None,
            dates: DateFigures { files: 11, predicted: 10, exact: 0.8, within_31_days: 0.9 },
            distractors: DistractorFigures { files: 4, matched: 1, share: 0.25, which: vec!["tips.pdf".into()] },
            gaps: Some(GapFigures {
                criteria: 9,
                strict: 0.8,
                lenient: 0.9,
                not_current: 4,
                costly: 0.25,
                costly_plus: 0.5,
                costly_criteria: vec!["6.7".parse().unwrap()],
                false_gaps: 0.2,
                confusion: vec![Confusion { truth: "stale".into(), said: "current".into(), criteria: 1 }],
            }),
            wrong: vec![pair("a.pdf")],
            missed: vec![pair("b\u{7}.pdf")],
        }
    }

    #[test]
    fn follows_its_schema() {
        for gaps in [figures().gaps, None] {
            let figures = Figures { gaps, ..figures() };
            assert_valid("evidex.trial/1", &serde_json::from_str(&json(&figures)).unwrap());
        }
    }

    #[test]
    fn figures_as_a_person_reads_them() {
        insta::assert_snapshot!(table(&figures(), Misses::Listed, Look::PLAIN), @r"
        Pairs        12 files; 20 primary of 30 pairs; 18 predicted
        Left out     1 unknown paths; predictions: 2 for other criteria, 3 on unreadable
                     files
        Micro        precision 0.900, recall 0.800, F1 0.847
        Macro        precision 0.700, recall 0.600, F1 0.646; 1 criterion never found
        Roles        right 1.000; primary recall: procedures 0.500, records -
        Dates        exact 0.800, within 31 days 0.900 (10 predicted of 11)
        Distractors  with a match 1 of 4 = 0.250
        Statuses     strict 0.800, lenient 0.900 of 9; false gaps 0.200
        Costly       0.250 (with record-only 0.500) of 4; said current wrongly: 6.7
        Truth, said  stale -> current 1

        Wrong
          6.7    a.pdf

        Missed
          6.7    b\u{7}.pdf
        ");
        assert!(!table(&figures(), Misses::LeftOut, Look::PLAIN).contains("Wrong"));
    }
}
