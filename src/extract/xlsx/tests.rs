//! Workbooks written by hand, read back.
#![allow(clippy::format_collect, clippy::format_push_string)] // short texts, and shorter code

use proptest::prelude::*;

use super::read;
use crate::domain::reading::Reading;
use crate::extract::limits::Limits;
use crate::extract::ooxml::build::{lines, package, relations};

const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts><font/><font><b/></font></fonts>
<cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="14" fontId="0"/><xf numFmtId="9" fontId="0"/><xf numFmtId="0" fontId="1"/></cellXfs></styleSheet>"#;

/// Style numbers of [`STYLES`].
const DATE: usize = 1;
const PERCENT: usize = 2;
const BOLD: usize = 3;

/// A sheet: its name, its state, its rows as XML.
struct Sheet<'s>(&'s str, &'s str, String);

fn workbook(properties: &str, sheets: &[Sheet<'_>], more: &[(&str, &str)]) -> Vec<u8> {
    let ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut list = String::new();
    let mut links = vec![("s".to_owned(), "styles", "styles.xml".to_owned())];
    let mut parts = vec![("xl/styles.xml".to_owned(), STYLES.to_owned())];
    for (number, Sheet(name, state, rows)) in (1..).zip(sheets) {
        list += &format!(r#"<sheet name="{name}" sheetId="{number}" state="{state}" r:id="r{number}"/>"#);
        links.push((format!("r{number}"), "worksheet", format!("worksheets/sheet{number}.xml")));
        let sheet = format!(r#"<worksheet xmlns="{ns}"><sheetData>{rows}</sheetData></worksheet>"#);
        parts.push((format!("xl/worksheets/sheet{number}.xml"), sheet));
    }
    let book =
        format!(r#"<workbook xmlns="{ns}" xmlns:r="{r}"><workbookPr {properties}/><sheets>{list}</sheets></workbook>"#);
    let links: Vec<(&str, &str, &str)> = links.iter().map(|(id, kind, to)| (id.as_str(), *kind, to.as_str())).collect();
    parts.push(("xl/workbook.xml".to_owned(), book));
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), relations(&links)));
    parts.push(("_rels/.rels".to_owned(), relations(&[("r", "officeDocument", "xl/workbook.xml")])));
    let mut all: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    all.extend(more);
    package(&all)
}

fn words(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn number(place: &str, style: usize, value: &str) -> String {
    format!(r#"<c r="{place}" s="{style}"><v>{value}</v></c>"#)
}

fn row(number: u32, cells: &[String]) -> String {
    format!(r#"<row r="{number}">{}</row>"#, cells.concat())
}

fn reading(bytes: &[u8]) -> Reading {
    read(bytes, &Limits::default()).unwrap()
}

fn one(rows: &[String]) -> Vec<u8> {
    workbook("", &[Sheet("Log", "visible", rows.concat())], &[])
}

#[test]
fn a_log_has_a_title_a_head_and_rows_as_shown() {
    let bytes = one(&[
        row(1, &[words("A1", "SEAL LOG")]),
        row(2, &[words("A2", "Date"), words("B2", "Seal"), words("C2", "Rate"), words("D2", "Remark")]),
        row(3, &[number("A3", DATE, "46298"), words("B3", "HP1"), number("C3", PERCENT, "0.955")]),
        row(4, &[number("A4", DATE, "46298.75"), number("D4", 0, "14.0")]),
    ]);
    let expected = [
        "row 1 Heading SEAL LOG",
        "row 2 TableHead Date|Seal|Rate|Remark",
        "row 3 TableRow 2026-10-03|HP1|95.5%",
        "row 4 TableRow 2026-10-03 18:00|||14",
    ];
    assert_eq!(lines(&reading(&bytes)), expected);
}

#[test]
fn dates_follow_the_epoch_of_the_workbook() {
    let rows = || row(1, &[number("A1", DATE, "44836"), number("B1", DATE, "44837")]);
    for (properties, expected) in
        [(r#"date1904="1""#, "row 1 TableRow 2026-10-03|2026-10-04"), ("", "row 1 TableRow 2022-10-02|2022-10-03")]
    {
        let bytes = workbook(properties, &[Sheet("A", "visible", rows())], &[]);
        assert_eq!(lines(&reading(&bytes)), [expected]);
    }
}

#[test]
fn hidden_sheets_are_left_out_and_the_others_named() {
    let cell = |text: &str| row(1, &[words("A1", text)]);
    let sheets = [
        Sheet("Jan", "visible", cell("one")),
        Sheet("Old", "hidden", cell("two")),
        Sheet("Older", "veryHidden", cell("three")),
        Sheet("Feb", "visible", cell("four")),
    ];
    let reading = reading(&workbook("", &sheets, &[]));
    assert_eq!(reading.sheets, ["Jan", "Feb"]);
    assert_eq!(lines(&reading), ["sheet Jan, row 1 Heading one", "sheet Feb, row 1 Heading four"]);
}

#[test]
fn formulas_show_their_last_value() {
    let cell = r#"<c r="A1" t="str"><f>UPPER("x")</f><v>X</v></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1" t="e"><v>#N/A</v></c>"#;
    assert_eq!(lines(&reading(&one(&[row(1, &[cell.to_owned()])]))), ["row 1 TableRow X|2|#N/A"]);
}

#[test]
fn bold_heads_of_two_columns_are_heads() {
    let bold = |place: &str, text: &str| words(place, text).replace("<c ", &format!("<c s=\"{BOLD}\" "));
    let bytes = one(&[
        row(1, &[bold("A1", "Code"), bold("B1", "Meaning")]),
        row(2, &[words("A2", "SDN"), words("B2", "denied")]),
    ]);
    assert_eq!(lines(&reading(&bytes)), ["row 1 TableHead Code|Meaning", "row 2 TableRow SDN|denied"]);
}

#[test]
fn what_stands_beside_the_cells_is_read() {
    let drawing = r"<wsDr><twoCellAnchor><from><col>1</col><row>8</row></from><to><row>30</row></to>
        <sp><txBody><p><r><t>Seals are</t></r></p><p><r><t>counted daily</t></r></p></txBody></sp></twoCellAnchor></wsDr>";
    let vml = r#"<xml><shape><textbox><div>Doors</div></textbox><ClientData ObjectType="Checkbox"><Anchor>1, 0, 2, 0, 3, 0, 4, 0</Anchor><Checked>1</Checked></ClientData></shape>
        <shape><textbox>Floor</textbox><ClientData ObjectType="Checkbox"><Anchor>1,0,3,0</Anchor></ClientData></shape>
        <shape><textbox>no</textbox><ClientData ObjectType="Note"/></shape></xml>"#;
    let links = relations(&[("a", "drawing", "../d.xml"), ("b", "vmlDrawing", "../v.vml")]);
    let more = [("xl/d.xml", drawing), ("xl/v.vml", vml), ("xl/worksheets/_rels/sheet1.xml.rels", links.as_str())];
    let rows = format!(
        "<row r=\"1\">{}</row></sheetData><headerFooter><oddHeader>&amp;LForm 7 rev. B</oddHeader><oddFooter>&amp;LForm 7 rev. B</oddFooter></headerFooter><sheetData>",
        words("A1", "Log")
    );
    let reading = read(&workbook("", &[Sheet("Log", "visible", rows)], &more), &Limits::default()).unwrap();
    let expected = [
        "row 1 Heading Log",
        "row 3 Field Doors|[x]",
        "row 4 Field Floor|[ ]",
        "row 9 Text Seals are counted daily",
        "row 1 Margin Form 7 rev. B",
    ];
    assert_eq!(lines(&reading), expected);
}

#[test]
fn comments_stand_with_their_row() {
    let comments = r#"<comments><commentList><comment ref="B7"><text><r><t>ask </t></r><r><t>Ann</t></r></text></comment></commentList></comments>"#;
    let links = relations(&[("r", "comments", "../comments1.xml")]);
    let sheet = Sheet("Log", "visible", row(1, &[words("A1", "x")]));
    let more = [("xl/comments1.xml", comments), ("xl/worksheets/_rels/sheet1.xml.rels", links.as_str())];
    assert_eq!(lines(&reading(&workbook("", &[sheet], &more))), ["row 1 Heading x", "row 7 Note ask Ann"]);
}

#[test]
fn cells_in_opposite_corners_cost_nothing() {
    let bytes = one(&[row(1, &[words("A1", "a")]), row(1_048_576, &[words("XFD1048576", "z")])]);
    let reading = reading(&bytes);
    assert!(!reading.truncated);
    assert!(reading.passages.iter().all(|passage| passage.text.len() < 400));
    assert_eq!(reading.passages.len(), 2);
}

#[test]
fn limits_cut_and_bombs_are_refused() {
    let rows: Vec<String> = (1..200).map(|n| row(n, &[words(&format!("A{n}"), "word")])).collect();
    let few = read(&one(&rows), &Limits { cells: 10, ..Limits::default() }).unwrap();
    assert_eq!((few.passages.len(), few.truncated), (10, true));
    let error = read(&one(&rows), &Limits { member_bytes: 1_000, ..Limits::default() }).unwrap_err();
    assert_eq!(error.reason.as_str(), "bomb");
    for bytes in [&b"PK"[..], b"", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]] {
        assert!(read(bytes, &Limits::default()).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_cells_end_without_a_panic(place in "[A-Z]{0,4}[0-9]{0,9}", kind in "[a-z]{0,3}", value in ".{0,20}", style in 0..9_usize) {
        let value = value.replace(['<', '&'], "");
        let cell = format!(r#"<c r="{place}" s="{style}" t="{kind}"><v>{value}</v></c>"#);
        let _ = read(&one(&[row(1, &[cell])]), &Limits::default());
    }

    #[test]
    fn changed_bytes_end_without_a_panic(at in 0..4_000_usize, with: u8) {
        let mut bytes = one(&[row(1, &[words("A1", "x"), number("B1", DATE, "46298")])]);
        let at = at % bytes.len();
        bytes[at] = with;
        let _ = read(&bytes, &Limits::default());
    }
}
