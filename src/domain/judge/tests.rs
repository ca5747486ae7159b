//! Tables over the whole judge: a small catalog, small papers, and what they are taken for.

use proptest::prelude::*;

use super::verdict::{Role, Strength, Verdict};
use super::{Judge, similarity};
use crate::domain::catalog::Catalog;
use crate::domain::reading::{Format, Passage, PassageKind, Place, Properties, Reading};

const CATALOG: &str = r#"
schema = 1
id = "small"
title = "Small"
edition = "test"

[words]
seal = "seal|sello|precinto"
log = "log|bitacora|register"

[[category]]
id = 1
name = "All"
summary = "All"

[[criterion]]
id = "1.1"
category = 1
title = "Audit"
requirement = "Audit"
[criterion.levels]
us-importer = "must"
[[criterion.need]]
kind = "record"
any_of = ["internal-audit"]
max_age = "P12M"

[[criterion]]
id = "1.2"
category = 1
title = "Seals"
requirement = "Seals"
[criterion.levels]
us-importer = "must"
[[criterion.need]]
kind = "record"
any_of = ["seal-log"]
max_age = "P12M"
[[criterion.need]]
kind = "procedure"

[[criterion]]
id = "1.3"
category = 1
title = "Visitors"
requirement = "Visitors"
[criterion.levels]
us-importer = "must"
[[criterion.need]]
kind = "record"
any_of = ["visitor-log", "seal-log"]
max_age = "P12M"
[[criterion.need]]
kind = "procedure"

[[criterion]]
id = "1.4"
category = 1
title = "Support"
requirement = "Support"
[criterion.levels]
us-importer = "must"
[[criterion.need]]
kind = "record"
any_of = ["statement"]
max_age = "P12M"

[[record_kind]]
id = "internal-audit"
name = "Security audit"
name_es = "Auditoría"
proves = ["1.1"]
exclusive = true
titles = ["security & audit & !procedure"]
clues = ["finding|hallazgo", "auditor"]

[[record_kind]]
id = "seal-log"
name = "Seal log"
name_es = "Bitácora de sellos"
proves = ["1.2"]
titles = ["{seal} & {log} & !audit|procedure|training"]
columns = ["seal no|seal number|sello", "trailer|container", "applied by|by|aplico"]
unless = ["wax seal"]

[[record_kind.proves_if]]
criterion = "1.3"
clue = "driver licence"

[[record_kind]]
id = "visitor-log"
name = "Visitor log"
name_es = "Registro de visitantes"
proves = ["1.3"]
titles = ["visitor & {log} & !procedure"]
columns = ["name", "company", "time in", "time out", "host"]
filled = ["signature|sign"]

[[record_kind]]
id = "statement"
name = "Statement of support"
name_es = "Carta compromiso"
proves = ["1.4"]
stands_as = "both"
titles = ["statement of support"]

[[clause]]
criterion = "1.2"
titles = ["seal & procedure"]
sections = ["seal & log & number"]

[[clause]]
criterion = "1.3"
titles = ["visitor & procedure"]
sections = ["visitor & identification & escort"]

[[topic]]
id = "seals"
titles = ["seal"]
criteria = ["1.2"]

[[unrelated]]
id = "invoice"
name = "Invoices"
titles = ["invoice"]
clues = ["amount due"]
"#;

fn judge() -> Judge {
    Judge::new(&Catalog::parse(CATALOG, "small.toml").unwrap())
}

/// A reading from lines: `# heading`, `a | b` a row, `label = value` a form field, else running text.
fn reading(format: Format, text: &str) -> Reading {
    let passage = |(number, line): (u32, &str)| {
        let (kind, text) = if let Some(heading) = line.strip_prefix("# ") {
            (PassageKind::Heading, heading.to_owned())
        } else if line.contains('|') {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            (PassageKind::TableRow, cells.join("\t"))
        } else if let Some((label, value)) = line.split_once('=') {
            (PassageKind::Field, format!("{}\t{}", label.trim(), value.trim()))
        } else {
            (PassageKind::Text, line.to_owned())
        };
        Passage { place: Place::Line(number), kind, text, confidence: None }
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Reading {
        format,
        properties: Properties::default(),
        sheets: Vec::new(),
        passages: (1..).zip(lines).map(passage).collect(),
        truncated: false,
    }
}

fn verdict(path: &str, format: Format, text: &str) -> Verdict {
    let judge = judge();
    judge.verdict(&judge.judge(&reading(format, text)), &Judge::hint(path))
}

/// `1.2r! 1.3p?`: criterion, sort of proof, strong or weak.
fn shown(verdict: &Verdict) -> String {
    let matches = verdict.matches.iter().map(|found| {
        let strength = match found.strength {
            Strength::Strong => '!',
            Strength::Weak => '?',
        };
        format!("{}{}{strength}", found.criterion, &found.role.as_str()[..1])
    });
    matches.collect::<Vec<_>>().join(" ")
}

const SEAL_ROWS: &str = "Date | Seal no | Trailer | By
    2026-10-01 | TR1 | 5301 | HB
    2026-10-02 | TR2 | 5302 | HB
    2026-10-03 | TR3 | 5303 | HB";
const SEAL_RULES: &str = "# Seal procedure
    Rev 3, effective 2026-01-05, approved by the manager
    # 1 Purpose
    Every driver must check each seal.
    # 2 Log
    The number of the seal must always be written in the log by the guard.
    # 3 Visitors
    A visitor must show identification and each visitor must have an escort to the dock.";

#[test]
fn kinds_by_title_columns_and_name() {
    for (name, path, format, text, want) in [
        ("title and columns", "a.xlsx", Format::Xlsx, format!("Seal log 2026\n{SEAL_ROWS}"), "1.2r!"),
        ("name and columns", "Seal_Log.csv", Format::Csv, SEAL_ROWS.to_owned(), "1.2r!"),
        ("name alone", "Seal_Log.csv", Format::Csv, "2026-10-01 | x\n2026-10-02 | y".to_owned(), "1.2r?"),
        ("three columns are too few", "x.csv", Format::Csv, SEAL_ROWS.to_owned(), ""),
        ("Spanish", "x.xlsx", Format::Xlsx, format!("Bitácora de sellos\n{SEAL_ROWS}"), "1.2r!"),
        ("a forbidden word", "Seal log audit.csv", Format::Csv, "2026-10-01 | x".to_owned(), ""),
        (
            "words of two lines do not pair",
            "x.docx",
            Format::Docx,
            "The seal of the town is old\nA log of wood".into(),
            "",
        ),
        ("another sense", "Seal log.csv", Format::Csv, format!("{SEAL_ROWS}\nwax seal | a | b | c"), ""),
        (
            "a clue proves more",
            "Seal log.csv",
            Format::Csv,
            format!("{SEAL_ROWS}\ndriver licence | a | b | c"),
            "1.2r! 1.3r!",
        ),
    ] {
        assert_eq!(shown(&verdict(path, format, &text)), want, "{name}");
    }
}

#[test]
fn exclusive_kinds_and_unrelated_ones() {
    let audit = "Security audit 2026
        Auditor: R. Diaz, conducted 2026-05-04
        Finding: the seal log was not complete
        Finding: the visitor log was complete";
    let invoice = "Invoice 4471
        Visitor log books, 20 pieces
        Amount due: 300 USD
        Date: 2026-05-04";
    for (name, path, text, want) in [
        ("an audit proves the audit only", "audit.docx", audit, "1.1r!"),
        ("an audit under another name", "seal log and visitor log.docx", audit, "1.1r!"),
        ("an invoice for log books", "invoice visitor books.docx", invoice, ""),
    ] {
        assert_eq!(shown(&verdict(path, Format::Docx, text)), want, "{name}");
    }
}

#[test]
fn clauses_within_the_topics_of_a_paper() {
    let bare = SEAL_RULES.replace("# Seal procedure", "# Dock procedure");
    for (name, path, text, want) in [
        ("a lone mention outside the topic is nothing", "p.docx", SEAL_RULES, "1.2p!"),
        ("without a topic telling sections count", "p.docx", bare.as_str(), "1.2p! 1.3p!"),
    ] {
        assert_eq!(shown(&verdict(path, Format::Docx, text)), want, "{name}");
    }
}

#[test]
fn roles() {
    let log = format!("Visitor log\nName | Company | Time in | Time out\nA | B | 2026-10-01 | 2026-10-01\n{SEAL_ROWS}");
    let empty_log = "Visitor log\nName | Company | Time in | Time out\n |  |  | \n |  |  | \n |  |  | \n | | |";
    let fields = "Visitor log\nName =\nCompany =\nDate =\nSignature =";
    let lines = "Visitor log form\nName: ________\nCompany: ________\nSignature: ________";
    let signed = "Visitor log form\nName: R. Diaz\nCompany: Acme\nDate: 2026-10-01\nSignature: ________";
    let statement = "Statement of support\nWe support security. Signed 2026-01-05, the president";
    for (name, path, text, want) in [
        ("a log", "x.docx", log.as_str(), Role::Record),
        ("rules", "x.docx", SEAL_RULES, Role::Procedure),
        ("a statement", "x.docx", statement, Role::Record),
        (
            "a list of things to do",
            "x.docx",
            "1. ask for a lock\n2. walk the fence\n3. buy lamps\n4. call R.",
            Role::Record,
        ),
        ("an empty table", "x.docx", empty_log, Role::Form),
        ("empty fields", "x.docx", fields, Role::Form),
        ("lines to write on", "x.docx", lines, Role::Form),
        ("a filled form with a line left", "x.docx", signed, Role::Record),
        ("a draft by its name", "seal procedure DRAFT.docx", SEAL_RULES, Role::Draft),
        ("a draft by its text", "x.docx", "BORRADOR\nSeal procedure\nEach seal must be checked.", Role::Draft),
        ("our own report", "x.html", "Gap report\nGenerated by Evidex 0.1\n1.1 missing", Role::OwnOutput),
        (
            "a record of a policy's review",
            "x.docx",
            "Acta de revisión de la política de sellos\nRealizada el 2026-06-02",
            Role::Record,
        ),
    ] {
        assert_eq!(verdict(path, Format::Docx, text).role, want, "{name}");
    }
}

#[test]
fn forms_say_what_they_lack_and_prove_nothing() {
    let form = verdict("x.docx", Format::Docx, "Visitor log\nName =\nCompany =\nDate =\nSignature =");
    assert_eq!(form.lacks, ["no signature", "no date"]);
    assert_eq!(shown(&form), "1.3r?");
}

#[test]
fn superseded_by_name_folder_or_text() {
    for (path, text, want) in [
        ("archive/p.docx", SEAL_RULES.to_owned(), true),
        ("seal procedure old.docx", SEAL_RULES.to_owned(), true),
        ("p.docx", format!("Superseded by rev 4\n{SEAL_RULES}"), true),
        ("p.docx", SEAL_RULES.to_owned(), false),
        ("log.csv", "2026-10-01 | TR1 | replaced by TR2 | x".to_owned(), false),
    ] {
        assert_eq!(verdict(path, Format::Docx, &text).superseded, want, "{path}");
    }
}

#[test]
fn our_generator_mark_is_known() {
    let judge = judge();
    let mut paper = reading(Format::Docx, SEAL_RULES);
    paper.properties.generator = Some("Evidex 0.1.0".to_owned());
    assert_eq!(judge.verdict(&judge.judge(&paper), &Judge::hint("p.docx")).role, Role::OwnOutput);
}

#[test]
fn reasons_are_plain_lines_with_their_places() {
    let found = verdict("x.xlsx", Format::Xlsx, &format!("Seal log 2026\n{SEAL_ROWS}"));
    assert_eq!(found.matches[0].reasons, ["Seal log: titled \"Seal log 2026\"; columns seal no, trailer, by"]);
    let quotes: Vec<(&str, &str)> =
        found.matches[0].quotes.iter().map(|quote| (quote.place_text.as_str(), quote.text.as_str())).collect();
    assert_eq!(quotes, [("line 1", "Seal log 2026"), ("line 2", "Date | Seal no | Trailer | By")]);
}

#[test]
fn a_later_version_of_a_text_is_alike() {
    let judge = judge();
    let sketch = |text: &str| judge.judge(&reading(Format::Docx, text)).sketch;
    let later = SEAL_RULES.replace("Rev 3", "Rev 4");
    assert!(similarity(&sketch(SEAL_RULES), &sketch(&later)) >= 0.8);
    assert!(similarity(&sketch(SEAL_RULES), &sketch("Every invoice of the year is kept in the red folder")) < 0.1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_and_no_path_panics(
        path in "\\PC{0,60}",
        lines in prop::collection::vec(("\\PC{0,80}", 0..8usize), 0..30),
    ) {
        const KINDS: [PassageKind; 8] = [
            PassageKind::Heading,
            PassageKind::Text,
            PassageKind::TableHead,
            PassageKind::TableRow,
            PassageKind::Field,
            PassageKind::Margin,
            PassageKind::Note,
            PassageKind::MailHeader,
        ];
        let passages = (1..).zip(lines).map(|(number, (text, kind))| Passage {
            place: Place::Row { sheet: (number % 3) as u16, row: number },
            kind: KINDS[kind],
            text: text.replace(' ', "\t"),
            confidence: None,
        });
        let paper = Reading {
            format: Format::Xlsx,
            properties: Properties::default(),
            sheets: vec!["Seal log".to_owned(), String::new()],
            passages: passages.collect(),
            truncated: false,
        };
        let judge = judge();
        let verdict = judge.verdict(&judge.judge(&paper), &Judge::hint(&path));
        prop_assert!(verdict.matches.iter().all(|found| (0.0..=1.0).contains(&found.score)));
    }
}
