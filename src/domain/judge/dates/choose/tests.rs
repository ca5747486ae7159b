//! Which day a paper speaks for, as tables: by role, by rule, by source.

use super::*;
use DateClass::{Closing, Event, Issue, Negative, Plain};
use DateSort::{Column, Labelled, MailHeader, Margin, Revision};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn at(line: u32, text: &str, class: DateClass, sort: DateSort) -> DateCandidate {
    let precision = if text.len() == 7 { DatePrecision::Month } else { DatePrecision::Day };
    let full = if text.len() == 7 { format!("{text}-01") } else { text.to_owned() };
    let (place, label) = (Place::Page(1), "Label".to_owned());
    DateCandidate { day: day(&full), precision, place, label, class, sort, line, ambiguous: false }
}

fn signals(candidates: Vec<DateCandidate>) -> DateSignals {
    DateSignals { candidates, lines: 100, ..DateSignals::default() }
}

fn context(role: Role) -> DateContext {
    DateContext {
        role,
        rule: DateRule::Usual,
        as_of: day("2026-11-01"),
        decision: None,
        name_date: None,
        properties: PropertyDates::default(),
        file_time: Some(day("2026-10-30")),
        medium: Medium::Paper,
    }
}

fn chosen(signals: &DateSignals, context: &DateContext) -> String {
    choose(signals, context).map(|date| date.day.to_string()).unwrap_or_default()
}

#[test]
fn a_procedure_speaks_from_its_last_issue() {
    for (name, candidates, want) in [
        ("issue", vec![at(2, "2026-01-14", Issue, Labelled)], "2026-01-14"),
        ("last of two", vec![at(2, "2024-01-14", Issue, Labelled), at(3, "2026-01-14", Issue, Labelled)], "2026-01-14"),
        (
            "revision table",
            vec![at(2, "2024-01-14", Issue, Labelled), at(60, "2026-01-14", Issue, Revision)],
            "2026-01-14",
        ),
        (
            "signed at the end",
            vec![at(50, "2024-01-14", Issue, Labelled), at(95, "2026-01-14", Issue, Labelled)],
            "2026-01-14",
        ),
        (
            "next review",
            vec![at(2, "2026-01-14", Issue, Labelled), at(3, "2026-10-14", Negative, Labelled)],
            "2026-01-14",
        ),
        (
            "event in the body",
            vec![at(2, "2026-01-14", Issue, Labelled), at(40, "2026-08-01", Event, Labelled)],
            "2026-01-14",
        ),
        (
            "header",
            vec![at(0, "2026-01-14", Issue, Margin), at(40, "2026-08-01", Plain, DateSort::Plain)],
            "2026-01-14",
        ),
        (
            "month only",
            vec![at(2, "2026-01", Issue, Labelled), at(60, "2026-08-01", Plain, DateSort::Plain)],
            "2026-01-01",
        ),
        ("head, no label", vec![at(2, "2026-01-14", Plain, DateSort::Plain)], "2026-01-14"),
        ("of tomorrow", vec![at(2, "2027-01-14", Issue, Labelled)], "2027-01-14"),
        ("nothing", vec![], "2026-10-30"),
    ] {
        assert_eq!(chosen(&signals(candidates), &context(Role::Procedure)), want, "{name}");
    }
}

#[test]
fn a_record_speaks_from_its_head() {
    let first = || at(1, "2026-03-01", Plain, DateSort::Plain);
    for (name, rule, candidates, want) in [
        ("label beats first", DateRule::Usual, vec![first(), at(3, "2026-03-14", Event, Labelled)], "2026-03-14"),
        (
            "first in the head",
            DateRule::Usual,
            vec![first(), at(3, "2026-03-14", Plain, DateSort::Plain)],
            "2026-03-01",
        ),
        ("body only", DateRule::Usual, vec![at(30, "2026-03-14", Plain, DateSort::Plain)], "2026-03-14"),
        ("form's revision", DateRule::Usual, vec![at(0, "2024-01-01", Issue, Margin), first()], "2026-03-01"),
        ("closing", DateRule::Closing, vec![first(), at(40, "2026-04-02", Closing, Labelled)], "2026-04-02"),
        (
            "closing, later remark",
            DateRule::Closing,
            vec![at(9, "2026-04-02", Closing, Labelled), at(40, "2026-05-01", Plain, DateSort::Plain)],
            "2026-04-02",
        ),
        (
            "head",
            DateRule::Head,
            vec![at(9, "2026-03-14", Event, Labelled), at(40, "2026-05-01", Event, Labelled)],
            "2026-03-14",
        ),
        (
            "head, the report's own day",
            DateRule::Head,
            vec![at(3, "2026-03-14", Event, Labelled), at(4, "2026-03-21", Issue, DateSort::Plain)],
            "2026-03-21",
        ),
        (
            "form's edition",
            DateRule::Usual,
            vec![at(0, "2024-01-01", Issue, Revision), at(2, "2026-03-01", Plain, DateSort::Plain)],
            "2026-03-01",
        ),
        ("form's edition alone", DateRule::Usual, vec![at(0, "2024-01-01", Issue, Revision)], "2026-10-30"),
        ("last", DateRule::Last, vec![first(), at(40, "2026-05-01", Plain, DateSort::Plain)], "2026-05-01"),
        ("month", DateRule::Usual, vec![at(2, "2026-03", Plain, DateSort::Plain)], "2026-03-01"),
    ] {
        let context = DateContext { rule, ..context(Role::Record) };
        assert_eq!(chosen(&signals(candidates), &context), want, "{name}");
    }
}

fn log(days: &[&str]) -> DateSignals {
    let candidates = (1..).zip(days).map(|(line, text)| at(line, text, Issue, Column)).collect();
    let row_days = days.iter().map(|text| day(text)).collect();
    let rows = u32::try_from(days.len()).unwrap();
    DateSignals { candidates, row_days, dated_rows: rows, lines: 100, several_forms: false }
}

#[test]
fn a_log_speaks_by_its_last_row_on_or_before_the_day() {
    let rows = log(&["2026-08-01", "2026-09-01", "2026-10-01", "2026-10-31", "2026-11-15"]);
    let date = choose(&rows, &context(Role::Record)).unwrap();
    assert_eq!(date.day, day("2026-10-31"));
    assert_eq!(date.because, "last dated row (page 1)");
    assert_eq!(date.conflicts, ["rows after 2026-11-01 are left out; the newest is of 2026-11-15"]);
    // A log of cases goes on after the last of them was closed.
    let mut cases = log(&["2026-08-01", "2026-09-01", "2026-10-01", "2026-10-20"]);
    cases.candidates.push(at(3, "2026-10-09", Closing, Column));
    assert_eq!(chosen(&cases, &DateContext { rule: DateRule::Closing, ..context(Role::Record) }), "2026-10-20");
    let early = DateContext { as_of: day("2026-07-01"), ..context(Role::Record) };
    assert_eq!(chosen(&rows, &early), "2026-08-01", "all of it lies later");
    let mut signed = log(&["2026-08-01", "2026-08-02", "2026-08-03", "2026-08-04"]);
    signed.candidates.push(at(20, "2026-08-10", Issue, DateSort::Signature));
    assert_eq!(chosen(&signed, &context(Role::Record)), "2026-08-10");
}

#[test]
fn sources_in_their_order() {
    let text = signals(vec![at(1, "2023-04-01", Event, Labelled)]);
    let mail = signals(vec![at(0, "2026-02-02", Issue, MailHeader), at(5, "2025-01-01", Issue, Labelled)]);
    let named = |text: &str, precision| Some(NameDate { day: day(text), precision });
    let created = PropertyDates { created: Some(day("2025-05-05")), modified: None };
    let none = DateSignals::default();
    let sign = signals(vec![at(1, "2021-01-01", Plain, DateSort::Plain)]);
    let base = context(Role::Record);
    for (name, signals, context, want) in [
        ("decision", &text, DateContext { decision: Some(day("2026-06-06")), ..base }, "2026-06-06 Decision"),
        ("mail", &mail, DateContext { medium: Medium::Mail, ..base }, "2026-02-02 MailHeader"),
        ("text", &text, DateContext { name_date: named("2025-01-01", DatePrecision::Year), ..base }, "2023-04-01 Text"),
        ("picture", &none, DateContext { medium: Medium::Image, properties: created, ..base }, "2025-05-05 Exif"),
        (
            "picture with a sign",
            &sign,
            DateContext { medium: Medium::Image, properties: created, ..base },
            "2025-05-05 Exif",
        ),
        (
            "name",
            &none,
            DateContext { name_date: named("2026-01-01", DatePrecision::Month), properties: created, ..base },
            "2026-01-01 FileName",
        ),
        ("properties", &none, DateContext { properties: created, ..base }, "2025-05-05 Properties"),
        ("file time", &none, base, "2026-10-30 FileTime"),
    ] {
        let date = choose(signals, &context).unwrap();
        assert_eq!(format!("{} {:?}", date.day, date.source), want, "{name}");
    }
    assert_eq!(choose(&none, &DateContext { file_time: None, ..base }), None);
}

#[test]
fn conflicts_are_named() {
    let text = signals(vec![at(1, "2023-04-01", Event, Labelled)]);
    let named = NameDate { day: day("2025-01-01"), precision: DatePrecision::Year };
    let date = choose(&text, &DateContext { name_date: Some(named), ..context(Role::Record) }).unwrap();
    assert_eq!(date.conflicts, ["file name says 2025, the text says 2023-04-01"]);
    assert_eq!(date.because, "\"Label\" on page 1");
    let mut open = signals(vec![at(1, "2026-03-04", Event, Labelled)]);
    open.candidates[0].ambiguous = true;
    let date = choose(&open, &context(Role::Record)).unwrap();
    assert_eq!(date.conflicts, ["day and month could be the other way round: 2026-04-03"]);
    let month = signals(vec![at(1, "2026-03", Event, Labelled)]);
    let named = NameDate { day: day("2026-03-14"), precision: DatePrecision::Day };
    assert_eq!(chosen(&month, &DateContext { name_date: Some(named), ..context(Role::Record) }), "2026-03-14");
}
