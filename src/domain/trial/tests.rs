//! Figures of a small company, beside those that the reference scorer gave for the same labels and predictions.

use super::*;
use crate::domain::assess::status::{
    AssessedCriterion, AssessedDocument, Assessment, DocumentName, DocumentState, Status,
};
use crate::domain::day::Day;
use crate::domain::entity::{Entity, Level};
use crate::domain::judge::verdict::{DateSource, EffectiveDate, Match, NeedKind, Role, Strength, Verdict};

const LABELS: &str = r#"
{"path": "Seals/log.xlsx", "role": "evidence", "criteria": [{"id": "6.7", "role": "evidence", "strength": "primary"}, {"id": "6.1", "role": "policy", "strength": "secondary"}], "effective_date": "2026-09-30", "duplicate_of": null, "note": "kept by hand"}
{"path": "Old/log.xlsx", "role": "evidence", "criteria": [{"id": "6.7", "role": "evidence", "strength": "primary"}], "effective_date": "2026-09-30", "duplicate_of": "Seals/log.xlsx"}
{"path": "Seals/rules.docx", "role": "policy", "criteria": [{"id": "6.1", "role": "policy", "strength": "primary"}, {"id": "6.7", "role": "policy", "strength": "primary"}, {"id": "5.3", "role": "policy", "strength": "secondary"}], "effective_date": "2025-01-10", "duplicate_of": null}
{"path": "Gate/visitors.csv", "role": "both", "criteria": [{"id": "10.2", "role": "evidence", "strength": "primary"}, {"id": "10.2", "role": "policy", "strength": "primary"}], "effective_date": "2026-10-01", "duplicate_of": null}
{"path": "box.zip", "role": "evidence", "criteria": [{"id": "9.2", "role": "evidence", "strength": "primary"}, {"id": "5.3", "role": "evidence", "strength": "primary"}], "effective_date": "2026-08-15", "duplicate_of": null}
{"path": "locked.pdf", "role": "evidence", "criteria": [{"id": "9.2", "role": "evidence", "strength": "primary"}], "effective_date": null, "duplicate_of": null, "unreadable": true}
{"path": "tips.pdf", "role": "distractor", "criteria": [], "effective_date": "2024-05-05", "duplicate_of": null}
{"path": "menu.txt", "role": "distractor", "criteria": [], "effective_date": null, "duplicate_of": null}
{"path": "plan.md", "role": "policy", "criteria": [{"id": "4.1", "role": "policy", "strength": "primary"}, {"id": "13.1", "role": "policy", "strength": "primary"}], "effective_date": "2026-02-01", "duplicate_of": null}
"#;

const TRUTHS: &str = r#"
{"id": "4.1", "status": "policy_only"}
{"id": "5.3", "status": "evidence_only", "alt_status": ["current"]}
{"id": "6.1", "status": "current"}
{"id": "6.7", "status": "current"}
{"id": "9.2", "status": "stale", "alt_status": ["needs_review"]}
{"id": "10.2", "status": "missing"}
{"id": "9.6", "status": "missing", "alt_status": ["current"]}
{"id": "13.1", "status": "missing", "scope": "extra"}
"#;

/// Path, role, day, and what it bears on: `6.7r` as a record, `6.1p` as a procedure, `?` weakly.
const SAID: [(&str, Role, &str, &str); 12] = [
    ("Seals/log.xlsx", Role::Record, "2026-09-30", "6.7r 6.1r"),
    ("Old/log.xlsx", Role::Record, "2026-10-31", "6.7r"),
    ("Seals/rules.docx", Role::Procedure, "2025-03-01", "6.1p 5.3p 6.7p? 9.6p"),
    ("Gate/visitors.csv", Role::Record, "", "10.2p 13.1r"),
    ("box.zip", Role::Other, "", "5.3r"),
    ("box.zip!fence.jpg", Role::Record, "2026-08-01", "9.2r"),
    ("box.zip!x/inspection.docx", Role::Record, "2026-08-20", "9.2r 6.1p"),
    ("locked.pdf", Role::Record, "2026-01-01", "9.2r"),
    ("tips.pdf", Role::Record, "2024-05-05", "6.7r"),
    ("menu.txt", Role::Form, "", "9.2r"),
    ("new.txt", Role::Record, "2026-01-01", "9.2r"),
    ("plan.md", Role::Procedure, "2026-02-01", ""),
];

/// The others are not in the answer.
const STATUSES: [(&str, Status); 6] = [
    ("4.1", Status::NeedsReview),
    ("5.3", Status::Current),
    ("6.1", Status::DueSoon),
    ("6.7", Status::ProcedureOnly),
    ("9.2", Status::RecordOnly),
    ("10.2", Status::Current),
];

fn document(&(path, role, day, matches): &(&str, Role, &str, &str)) -> AssessedDocument {
    let matches = matches.split_whitespace().map(matched).collect();
    let day: Option<Day> = day.parse().ok();
    AssessedDocument {
        name: DocumentName { root: "/c".into(), site: "c".into(), path: path.into(), path_b64: None },
        content: None,
        size: 1,
        format: None,
        state: DocumentState::Read,
        verdict: Some(Verdict { role, role_reasons: vec![], matches, lacks: vec![], superseded: false }),
        effective: day.map(|day| EffectiveDate {
            day,
            source: DateSource::Text,
            because: String::new(),
            conflicts: vec![],
        }),
        superseded_by: None,
        duplicate_of: None,
        is_member: path.contains('!'),
        decided: vec![],
    }
}

fn matched(text: &str) -> Match {
    let (strength, text) = match text.strip_suffix('?') {
        Some(text) => (Strength::Weak, text),
        None => (Strength::Strong, text),
    };
    let (id, role) = text.split_at(text.len() - 1);
    Match {
        sheets: Vec::new(),
        criterion: id.parse().unwrap(),
        role: if role == "r" { NeedKind::Record } else { NeedKind::Procedure },
        strength,
        score: 1.0,
        record_kind: None,
        reasons: vec![],
        quotes: vec![],
    }
}

fn criterion(&(id, status): &(&str, Status)) -> AssessedCriterion {
    AssessedCriterion {
        id: id.parse().unwrap(),
        category: 1,
        title: String::new(),
        level: Level::Must,
        level_unverified: false,
        status,
        because: String::new(),
        have: String::new(),
        lacks: String::new(),
        next: String::new(),
        needs: vec![],
        blocked: vec![],
        due: None,
    }
}

fn assessment() -> Assessment {
    Assessment {
        as_of: "2026-11-01".parse().unwrap(),
        entity: Entity::UsImporter,
        catalog: String::new(),
        edition: String::new(),
        head: None,
        categories: vec![],
        criteria: STATUSES.iter().map(criterion).collect(),
        documents: SAID.iter().map(document).collect(),
        unverified_share: 0.0,
        notices: vec![],
    }
}

fn figures(truths: Option<&str>) -> Figures {
    let labels = parse_labels(LABELS).unwrap();
    let truths = truths.map(|text| parse_truths(text).unwrap());
    score(Trial { labels: &labels, truths: truths.as_deref(), assessment: &assessment() })
}

fn assert_rates(name: &str, rates: Rates, want: [f64; 3]) {
    let found = [rates.precision, rates.recall, rates.f1];
    assert!(found.iter().zip(want).all(|(found, want)| (found - want).abs() < 1e-12), "{name}: {found:?} {want:?}");
}

fn pairs(pairs: &[Pair]) -> Vec<(&str, &str)> {
    pairs.iter().map(|pair| (pair.path.as_str(), pair.criterion.as_str())).collect()
}

fn ids(criteria: &[CriterionId]) -> Vec<&str> {
    criteria.iter().map(CriterionId::as_str).collect()
}

#[test]
fn pairs_are_counted_as_the_reference_does() {
    let figures = figures(Some(TRUTHS));
    let counts = [figures.files, figures.primary_pairs, figures.all_pairs, figures.predicted_pairs];
    assert_eq!(counts, [9, 7, 10, 10]);
    let ignored = Ignored { unknown_paths: 1, other_criteria: 1, unreadable_files: 1 };
    assert_eq!(figures.ignored, ignored);
    assert_rates("micro", figures.micro, [0.7, 0.571_428_571_428_571_4, 0.629_213_483_146_067_4]);
    assert_rates(
        "macro",
        figures.by_criterion,
        [0.722_222_222_222_222_2, 0.583_333_333_333_333_4, 0.561_904_761_904_761_9],
    );
    assert_eq!(ids(&figures.never_found), ["4.1", "5.3"]);
    assert_rates(
        "roles",
        Rates {
            precision: figures.role_accuracy,
            recall: figures.recall_procedure.unwrap(),
            f1: figures.recall_record.unwrap(),
        },
        [0.857_142_857_142_857_1, 0.5, 0.75],
    );
    assert_eq!(pairs(&figures.wrong), [("Seals/rules.docx", "9.6"), ("box.zip", "6.1"), ("tips.pdf", "6.7")]);
    assert_eq!(pairs(&figures.missed), [("Seals/rules.docx", "6.7"), ("box.zip", "5.3"), ("plan.md", "4.1")]);
}

#[test]
fn dates_and_distractors_are_counted_as_the_reference_does() {
    let figures = figures(Some(TRUTHS));
    let dates =
        DateFigures { files: 6, predicted: 5, exact: 0.333_333_333_333_333_3, within_31_days: 0.666_666_666_666_666_6 };
    assert_eq!(figures.dates, dates);
    let distractors = DistractorFigures { files: 2, matched: 1, share: 0.5, which: vec!["tips.pdf".into()] };
    assert_eq!(figures.distractors, distractors);
}

#[test]
fn statuses_are_counted_as_the_reference_does() {
    let gaps = figures(Some(TRUTHS)).gaps.unwrap();
    assert_eq!((gaps.criteria, gaps.not_current), (7, 3));
    assert_rates(
        "statuses",
        Rates { precision: gaps.strict, recall: gaps.lenient, f1: gaps.false_gaps },
        [0.142_857_142_857_142_85, 0.285_714_285_714_285_7, 0.333_333_333_333_333_3],
    );
    assert_rates(
        "costly",
        Rates { precision: gaps.costly, recall: gaps.costly_plus, f1: 0.0 },
        [0.333_333_333_333_333_3, 0.666_666_666_666_666_6, 0.0],
    );
    assert_eq!(ids(&gaps.costly_criteria), ["10.2"]);
    let cells: Vec<String> =
        gaps.confusion.iter().map(|cell| format!("{} -> {} {}", cell.truth, cell.said, cell.criteria)).collect();
    assert_eq!(
        cells,
        [
            "current -> current 1",
            "current -> procedure-only 1",
            "missing -> current 1",
            "missing -> none 1",
            "procedure-only -> needs-review 1",
            "record-only -> current 1",
            "stale -> record-only 1"
        ]
    );
}

#[test]
fn without_statuses_every_labelled_criterion_is_scored() {
    let figures = figures(None);
    assert_eq!(figures.gaps, None);
    assert_eq!(figures.ignored.other_criteria, 1, "9.6 has no label");
    assert_eq!(figures.primary_pairs, 7 + 1, "13.1 is labelled");
}
