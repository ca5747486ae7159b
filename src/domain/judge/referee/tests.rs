//! Rules and model together, on the shipped catalog: small papers, and what both witnesses make of them.

use std::sync::OnceLock;

use crate::domain::catalog::Catalog;
use crate::domain::judge::Judge;
use crate::domain::judge::verdict::{Match, NeedKind, Role, Strength, Verdict};
use crate::domain::reading::{Format, Passage, PassageKind, Place, Properties, Reading};

fn judge() -> &'static Judge {
    static JUDGE: OnceLock<Judge> = OnceLock::new();
    JUDGE.get_or_init(|| Judge::new(Catalog::built_in()))
}

fn verdict(path: &str, text: &str) -> Verdict {
    let passages = (1..).zip(text.lines()).map(|(at, line)| Passage {
        place: Place::Paragraph(at),
        kind: PassageKind::Text,
        text: line.to_owned(),
        confidence: None,
    });
    let reading = Reading {
        format: Format::Docx,
        properties: Properties::default(),
        sheets: Vec::new(),
        passages: passages.collect(),
        truncated: false,
    };
    judge().verdict(&judge().judge(&reading), &Judge::hint(path))
}

fn workbook(sheets: &[(&str, &[&str])]) -> Verdict {
    let rows = |(sheet, (_, rows)): (u16, &(&str, &[&str]))| -> Vec<Passage> {
        let row = |(row, text): (u32, &&str)| Passage {
            place: Place::Row { sheet, row },
            kind: if row == 1 { PassageKind::TableHead } else { PassageKind::TableRow },
            text: (*text).to_owned(),
            confidence: None,
        };
        (1..).zip(rows.iter()).map(row).collect()
    };
    let reading = Reading {
        format: Format::Xlsx,
        properties: Properties::default(),
        sheets: sheets.iter().map(|(name, _)| (*name).to_owned()).collect(),
        passages: (0..).zip(sheets).flat_map(rows).collect(),
        truncated: false,
    };
    judge().verdict(&judge().judge(&reading), &Judge::hint("yard.xlsx"))
}

fn of<'v>(verdict: &'v Verdict, criterion: &str) -> Option<&'v Match> {
    verdict.matches.iter().find(|found| found.criterion.as_str() == criterion)
}

const WALK: &str = "Fence walk, north and east side, 14 May 2026
Walked the whole perimeter fence with the guard at 07:40. Two holes found by the rail spur, each wide enough for a man.
Fence contractor called the same day; both holes closed with new chain link on 15 May 2026, checked by R. Oduya.
Gates and posts sound, no gaps under the fence, brush cut back a metre on both sides.
Signed: R. Oduya, 15 May 2026";

#[test]
fn a_match_says_why_in_plain_lines_with_its_passage() {
    let verdict = verdict("walk.docx", WALK);
    assert_eq!(verdict.role, Role::Record);
    let found = of(&verdict, "9.2").expect("a fence inspection");
    assert_eq!((found.role, found.strength), (NeedKind::Record, Strength::Strong));
    assert!(found.reasons.iter().any(|reason| reason.starts_with("speaks of: ")), "{:?}", found.reasons);
    assert!(found.quotes.iter().any(|quote| quote.text.contains("perimeter fence")), "{:?}", found.quotes);
}

#[test]
fn what_is_still_open_is_no_proof() {
    let done = "Seal supplier
The ISO 17712 certificate for our bolt seals, class H, issued by the test laboratory, came in and is on file.";
    let open = "Seal supplier
The ISO 17712 certificate for our bolt seals, class H, is pending at the test laboratory.";
    let strength = |text| of(&verdict("note.docx", text), "6.5").map(|found| found.strength);
    assert!(strength(open) < Some(Strength::Strong), "{:?}", strength(open));
    assert!(strength(done) >= strength(open));
}

#[test]
fn sheets_of_a_mixed_workbook_speak_for_themselves() {
    let verdict = workbook(&[
        (
            "Visitors",
            &[
                "Date\tVisitor name\tCompany\tID checked\tTime in\tTime out\tEscort",
                "2026-10-02\tA. Moss\tPorter Ltd\tlicence\t08:10\t09:00\tDay",
            ],
        ),
        (
            "Seals",
            &[
                "Date\tContainer\tSeal number\tVVTT\tApplied by\tTrailer",
                "2025-03-02\tMSKU1234565\tH100233\tok\tLuna\t53",
            ],
        ),
    ]);
    let sheets = |criterion| of(&verdict, criterion).map(|found| found.sheets.clone());
    assert_eq!(sheets("10.2"), Some(vec![0]));
    assert_eq!(sheets("6.1").or(sheets("6.7")), Some(vec![1]));
}

#[test]
fn the_same_paper_gives_the_same_verdict() {
    let whole = |path| serde_json::to_string(&verdict(path, WALK)).unwrap();
    assert_eq!(whole("a/walk.docx"), whole("a/walk.docx"));
}

#[test]
fn papers_of_other_trades_match_nothing_strongly() {
    for (path, text) in [
        ("menu.docx", "Canteen menu, week 41\nMonday lentil soup, Tuesday rice and beans, Wednesday fish."),
        ("lease.docx", "Lease of the copier\nThe lessee pays 210 a month. Toner is included, paper is not."),
    ] {
        let strong: Vec<String> = verdict(path, text)
            .matches
            .iter()
            .filter(|found| found.strength == Strength::Strong)
            .map(|found| found.criterion.to_string())
            .collect();
        assert!(strong.is_empty(), "{path}: {strong:?}");
    }
}

fn strength(verdict: &Verdict, criterion: &str) -> Option<(NeedKind, Strength)> {
    of(verdict, criterion).map(|found| (found.role, found.strength))
}

const RECORD: Option<(NeedKind, Strength)> = Some((NeedKind::Record, Strength::Strong));

#[test]
fn a_log_of_bare_names_is_known_by_its_title_and_columns() {
    let rows = ["Date\tName\tCompany\tHost", "2026-10-02\tA. Moss\tPorter\tLuna", "2026-10-03\tB. Moss\tPorter\tLuna"];
    let passages = (1..).zip(rows).map(|(row, text)| Passage {
        place: Place::Row { sheet: 0, row },
        kind: if row == 1 { PassageKind::TableHead } else { PassageKind::TableRow },
        text: text.to_owned(),
        confidence: None,
    });
    let reading = Reading {
        format: Format::Csv,
        properties: Properties::default(),
        sheets: Vec::new(),
        passages: passages.collect(),
        truncated: false,
    };
    let named = |path| judge().verdict(&judge().judge(&reading), &Judge::hint(path));
    assert_eq!(strength(&named("front desk visitors 2026.csv"), "10.2"), RECORD);
    assert_eq!(strength(&named("data.csv"), "10.2"), None, "columns so few are no log without a title");
}

#[test]
fn a_photo_is_known_by_its_caption_and_a_photo_of_a_log_is_not() {
    let reading = Reading {
        format: Format::Image,
        properties: Properties::default(),
        sheets: Vec::new(),
        passages: vec![Passage {
            place: Place::Paragraph(1),
            kind: PassageKind::Field,
            text: "date taken\t2026-10-02T10:11:12".to_owned(),
            confidence: None,
        }],
        truncated: false,
    };
    let named = |path| judge().verdict(&judge().judge(&reading), &Judge::hint(path));
    assert_eq!(strength(&named("MSKU1234565 doors sealed.jpg"), "7.5"), RECORD);
    let log = strength(&named("visitor log.jpg"), "10.2");
    assert!(log.is_none_or(|(_, strength)| strength == Strength::Weak), "{log:?}");
    assert!(named("IMG_0457.jpg").matches.iter().all(|found| found.strength == Strength::Weak));
}

#[test]
fn minutes_are_a_record_whatever_they_ask_of_people() {
    let verdict = verdict(
        "2026-04 minutes.docx",
        "Security committee\nMinutes of April 23, 2026\nPresent: J. Ortiz, R. Soto. Excused: K. Lin.\n\
         1) The risk workbook rev B is accepted, owners named in it.\n2) Seals: every supervisor must count the box weekly.\n\
         3) Guards shall ask for the licence again. Owner: R. Soto.\n4) Next meeting in July; each member should bring his open actions.",
    );
    assert_eq!(verdict.role, Role::Record);
    assert_eq!(strength(&verdict, "1.2"), RECORD);
}

#[test]
fn a_signed_contract_is_rule_and_record() {
    let verdict = verdict(
        "carrier agreement.docx",
        "Carrier agreement\nBetween Acme (shipper) and Porter Trucking (carrier), signed January 12, 2026.\n\
         The carrier keeps all minimum security criteria of CTPAT that apply to highway carriers and stays certified.\n\
         It does not subcontract or broker any load without written permission, and only to certified carriers.\nSigned: J. Ortiz, B. Porter",
    );
    let roles: Vec<NeedKind> =
        verdict.matches.iter().filter(|found| found.criterion.as_str() == "3.8").map(|found| found.role).collect();
    assert_eq!(roles, [NeedKind::Procedure, NeedKind::Record]);
}

#[test]
fn a_version_that_calls_an_older_one_withdrawn_is_in_force() {
    let superseded = |text| verdict("plan.docx", text).superseded;
    assert!(!superseded(
        "Continuity plan\nVersion 4, approved 20 November 2025. Version 3 was used in the storm and is withdrawn."
    ));
    assert!(superseded("Continuity plan\nVersion 3, withdrawn on 20 November 2025."));
    assert!(superseded("Continuity plan\nVersion 3. Superseded by version 4."));
}

/// The criteria whose own words name the fields of their form.
#[test]
fn a_blank_form_names_what_nobody_filled_in() {
    for (criterion, path, text, wanted) in [
        (
            "5.5",
            "7 point container inspection form.docx",
            "Container inspection 7 points\nContainer no: ______\nDate: ______\nTime: ______\nInspector: ______\nFront wall: ______\nFloor: ______\nSupervisor signature: ______",
            ["no container", "no date", "no time"],
        ),
        (
            "6.7",
            "seal verification VVTT form.docx",
            "Seal verification VVTT\nSeal number: ______\nDate: ______\nView: ______\nVerify: ______\nTug: ______\nTwist: ______\nChecked by: ______",
            ["no seal", "no date", "no name"],
        ),
        (
            "10.2",
            "visitor log form.docx",
            "Visitor log\nDate: ______\nVisitor name: ______\nCompany: ______\nPhoto ID: ______\nHost: ______\nTime in: ______\nTime out: ______",
            ["no date", "no visitor", "no id"],
        ),
        (
            "10.4",
            "cargo pickup log form.docx",
            "Cargo pickup log, drivers\nDate: ______\nDriver name: ______\nCarrier: ______\nTruck: ______\nLicense plate: ______\nTime in: ______\nTime out: ______",
            ["no date", "no driver", "no in"],
        ),
    ] {
        let verdict = verdict(path, text);
        assert_eq!(verdict.role, Role::Form, "{criterion}");
        for lack in wanted {
            assert!(verdict.lacks.iter().any(|said| said.starts_with(lack)), "{criterion}: {:?}", verdict.lacks);
        }
        assert!(verdict.matches.iter().all(|found| found.strength == Strength::Weak), "{criterion}");
    }
}
