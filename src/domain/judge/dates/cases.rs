//! Dates by table: real-looking lines and what must be found in them; and that no text at all can make the scan fail.

use proptest::prelude::*;

use crate::domain::judge::signal::{DateCandidate, DateClass, DatePrecision, DateSignals, DateSort};
use crate::domain::reading::{Format, Passage, PassageKind, Place, Properties, Reading};

use super::scan;

const CASES: &str = include_str!("cases.txt");

fn reading(passages: Vec<(PassageKind, String)>) -> Reading {
    let passages = (1..).zip(passages).map(|(n, (kind, text))| Passage {
        place: Place::Paragraph(n),
        kind,
        text,
        confidence: None,
    });
    Reading {
        format: Format::Docx,
        properties: Properties::default(),
        sheets: vec![],
        passages: passages.collect(),
        truncated: false,
    }
}

fn scan_text(text: &str) -> DateSignals {
    scan(&reading(text.split(" / ").map(|line| (PassageKind::Text, line.to_owned())).collect()))
}

/// `i2026-03-14`, `-2026-03`, `2026-Q1`; the class only if `wanted` names one.
fn shown(candidate: &DateCandidate, wanted: Option<&str>) -> String {
    let day = match candidate.precision {
        DatePrecision::Day => candidate.day.to_string(),
        DatePrecision::Month => format!("{}-{:02}", candidate.day.year(), candidate.day.month()),
        DatePrecision::Quarter => format!("{}-Q{}", candidate.day.year(), (candidate.day.month() - 1) / 3 + 1),
        DatePrecision::Year => candidate.day.year().to_string(),
    };
    let named = wanted.is_some_and(|text| text.starts_with(['i', 'e', 'c', 'p']));
    let class = match candidate.class {
        DateClass::Negative => "-",
        DateClass::Issue if named => "i",
        DateClass::Event if named => "e",
        DateClass::Closing if named => "c",
        DateClass::Plain if named => "p",
        DateClass::Issue | DateClass::Event | DateClass::Closing | DateClass::Plain => "",
    };
    format!("{class}{day}")
}

#[test]
fn finds_what_the_table_says() {
    let mut failures = Vec::new();
    let mut count = 0;
    for line in CASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (wanted, text) = line.split_once(" | ").expect("a case has two parts");
        let wanted: Vec<&str> = wanted.split(' ').filter(|word| *word != "none").collect();
        let found = scan_text(text).candidates;
        let found: Vec<String> = found.iter().enumerate().map(|(i, c)| shown(c, wanted.get(i).copied())).collect();
        if found != wanted {
            failures.push(format!("{text}\n    wanted {wanted:?}, found {found:?}"));
        }
        count += 1;
    }
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
    assert!(count >= 300, "{count} cases");
}

/// Rows as tab-separated text; the first may be the head.
fn scan_rows(rows: &[&str]) -> DateSignals {
    scan(&reading(rows.iter().map(|row| (PassageKind::TableRow, (*row).to_owned())).collect()))
}

#[test]
fn tables_by_their_heads() {
    for (name, rows, want) in [
        ("serials", vec!["Date\tDriver\tSeal", "46095\tA\t1234", "46096.5\tB\t99"], "2026-03-14 2026-03-15"),
        ("numbers elsewhere", vec!["Count\tDriver\tSeal", "46095\tA\t1234", "46096\tB\t99"], ""),
        (
            "epoch stamps",
            vec!["timestamp\tuser\taction", "1773446400\ta\tin", "1773532800000\tb\tout"],
            "2026-03-14 2026-03-15",
        ),
        ("eight digits", vec!["Fecha\tChofer\tSello", "20260314\ta\t1"], "2026-03-14"),
        (
            "month first by its own column",
            vec!["Date\tVisitor\tHost", "03/04/2026\ta\tb", "03/25/2026\tc\td"],
            "2026-03-04 2026-03-25",
        ),
        (
            "day first by its own column",
            vec!["Date\tVisitor\tHost", "03/04/2026\ta\tb", "25/04/2026\tc\td"],
            "2026-04-03 2026-04-25",
        ),
        ("due column", vec!["Finding\tOwner\tDue", "no lock\tRM\t2027-01-10"], ""),
        ("by as a limit", vec!["What\tWho fixes\tBy", "no lock\tRM\t2027-01-10"], ""),
        ("by when as a limit", vec!["What\tWho\tBy when", "no lock\tRM\t2027-01-10"], ""),
        ("epoch by name", vec!["ts_ms\tdevice\tevent", "1773446400000\tNVR\tloss"], "2026-03-14"),
        ("expiry column", vec!["Name\tIssued\tExpires", "A\t2026-03-14\t2029-03-14"], "2026-03-14"),
        (
            "revision table",
            vec!["Rev\tDate\tDescription of change", "A\t2024-01-10\tfirst", "B\t2026-01-14\tlocks"],
            "",
        ),
        ("title, then head", vec!["Visitor log March\t\t", "Date\tName\tCompany", "2026-03-14\ta\tb"], "2026-03-14"),
        ("no head", vec!["2026-03-14\tA. Ruiz\tACME\t08:10"], "2026-03-14"),
        ("a remark's date", vec!["Date\tWhat\tNote", "2026-03-14\troad test\tclass on 2026-05-01"], "2026-03-14"),
    ] {
        let signals = scan_rows(&rows);
        let days: Vec<String> = signals.row_days.iter().map(ToString::to_string).collect();
        assert_eq!(days.join(" "), want, "{name}");
    }
}

#[test]
fn keys_and_fields_label_their_values() {
    let signals = scan_rows(&["Document no\tSOP-12", "Effective\t2026-01-14", "Next review\t2027-01-14"]);
    let classes: Vec<DateClass> = signals.candidates.iter().map(|c| c.class).collect();
    assert_eq!(classes, [DateClass::Issue, DateClass::Negative]);
    assert_eq!(signals.candidates[0].label, "Effective");
    assert!(signals.row_days.is_empty());
    // A key speaks for every day beside it, but not for the end of a validity.
    let shown = |row: &str| -> Vec<DateClass> { scan_rows(&[row]).candidates.iter().map(|c| c.class).collect() };
    assert_eq!(shown("Dates\t2026-05-12\t2026-05-14"), [DateClass::Issue, DateClass::Issue]);
    assert_eq!(shown("Valid\t2026-05-12\t2027-05-12"), [DateClass::Plain, DateClass::Plain]);
    let signed = scan_rows(&[
        "Item\tWhere\tFinding\tClosed",
        "1\tyard\tno lock\t2026-06-01",
        "2\tgate\tno light\t2026-06-02",
        "3\tdock\tno seal\t2026-06-03",
        "signed\tJO 6/11/2026",
    ]);
    assert_eq!(signed.dated_rows, 3, "a line of keys below a log is no row of it");
    assert_eq!(signed.candidates.last().map(|c| (c.class, c.sort)), Some((DateClass::Issue, DateSort::Signature)));
    let field = |text: &str| scan(&reading(vec![(PassageKind::Field, text.to_owned())])).candidates;
    assert_eq!(field("Date signed\t3/14/2026")[0].class, DateClass::Issue);
    assert_eq!(field("Expiration\t3/14/2026")[0].class, DateClass::Negative);
    assert!(field("Date\t").is_empty());
}

#[test]
fn what_is_kept_is_bounded() {
    let many: Vec<(PassageKind, String)> = (0..20_000_i32)
        .map(|n| {
            let day: crate::domain::day::Day = "1995-01-01".parse().unwrap();
            (
                PassageKind::TableRow,
                format!("{}\tseal {n}\tgate\t{}/{}/2026", day.plus_days(n % 15_000), n % 12 + 1, n % 28 + 1),
            )
        })
        .collect();
    let signals = scan(&reading(many));
    assert_eq!(signals.row_days.len(), 4_000);
    assert_eq!(signals.dated_rows, 20_000);
    assert!(signals.candidates.len() <= 500);
    assert!(signals.row_days.is_sorted());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_fail(text in "\\PC{0,200}", kind in 0..8_usize) {
        let kinds = [
            PassageKind::Heading, PassageKind::Text, PassageKind::TableHead, PassageKind::TableRow,
            PassageKind::Field, PassageKind::Margin, PassageKind::Note, PassageKind::MailHeader,
        ];
        scan(&reading(vec![(kinds[kind], text.clone()), (PassageKind::TableRow, text)]));
    }

    #[test]
    fn nor_do_bits_of_dates(text in "([0-9]{1,9}|[-/.: ,\t'()]|mar|de|días|年|月|日|Q|T|th|dos mil|to|al|vence|º|\u{301}){0,40}") {
        for kind in [PassageKind::Text, PassageKind::TableRow, PassageKind::MailHeader] {
            for candidate in scan(&reading(vec![(kind, text.clone())])).candidates {
                prop_assert!((1995..=2039).contains(&candidate.day.year()));
                prop_assert!(candidate.label.chars().count() <= 60);
            }
        }
    }

    #[test]
    fn names_never_fail(name in "\\PC{0,80}", folder in "\\PC{0,40}") {
        super::in_name(&name, &folder);
    }
}
