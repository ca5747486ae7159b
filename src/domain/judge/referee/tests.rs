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
