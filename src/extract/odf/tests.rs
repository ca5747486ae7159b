//! OpenDocument files as their programs write them, cut to what matters.

use proptest::prelude::*;

use crate::domain::reading::{Format, Outcome, Unreadable};
use crate::extract::limits::Limits;
use crate::extract::ooxml::build::{lines, package};
use crate::extract::open;

fn odf(kind: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let mimetype = format!("application/vnd.oasis.opendocument.{kind}");
    let mut all = vec![("mimetype", mimetype.as_str())];
    all.extend_from_slice(parts);
    package(&all)
}

fn read(bytes: &[u8]) -> (Format, Vec<String>) {
    let Outcome::Read(reading) = open::read(bytes, "a", &Limits::default()).outcome else { panic!("not read") };
    (reading.format, lines(&reading))
}

#[test]
fn a_text_with_everything_in_it() {
    let content = r#"<office:document-content><office:automatic-styles>
        <style:style style:name="T1"><style:text-properties text:display="none"/></style:style></office:automatic-styles>
        <office:body><office:text><text:tracked-changes><text:p>Struck out.</text:p></text:tracked-changes>
        <text:h text:outline-level="1">Seal policy</text:h>
        <text:p>Seals are<text:s/>checked<text:note><text:note-citation>1</text:note-citation><text:note-body>
        <text:p>By the guard.</text:p></text:note-body></text:note> daily.<text:span text:style-name="T1">Hidden</text:span>
        <office:annotation><dc:creator>Ann</dc:creator><text:p>Since when?</text:p></office:annotation></text:p>
        <text:list><text:list-item><text:p>High-security seals</text:p></text:list-item></text:list>
        <table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Date</text:p></table:table-cell>
        <table:table-cell><text:p>Seal</text:p></table:table-cell></table:table-row></table:table-header-rows>
        <table:table-row><table:table-cell><text:p>2026-10-03</text:p></table:table-cell>
        <table:table-cell><text:p>HP</text:p><text:p>17</text:p></table:table-cell></table:table-row></table:table>
        <text:p><draw:frame><draw:text-box><text:p>Boxed</text:p></draw:text-box></draw:frame></text:p>
        </office:text></office:body></office:document-content>"#;
    let styles = "<office:document-styles><style:style><text:p>no</text:p></style:style><style:master-page>
        <style:header><text:p>Rev 4</text:p></style:header></style:master-page></office:document-styles>";
    let bytes = odf("text", &[("content.xml", content), ("styles.xml", styles)]);
    assert_eq!(
        read(&bytes),
        (
            Format::Odt,
            [
                "paragraph 1 Heading Seal policy",
                "paragraph 1 Note By the guard.",
                "paragraph 1 Note Since when?",
                "paragraph 2 Text Seals are checked daily.",
                "paragraph 3 Text High-security seals",
                "paragraph 4 TableHead Date|Seal",
                "paragraph 5 TableRow 2026-10-03|HP 17",
                "paragraph 6 Text Boxed",
                "paragraph 1 Margin Rev 4",
            ]
            .map(str::to_owned)
            .to_vec()
        )
    );
}

#[test]
fn slides_with_titles_and_notes() {
    let content = r#"<office:body><office:presentation>
        <draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>Seals</text:p></draw:text-box></draw:frame>
        <draw:frame><draw:text-box><text:p>Check them</text:p></draw:text-box></draw:frame>
        <presentation:notes><draw:frame><draw:text-box><text:p>Say why</text:p></draw:text-box></draw:frame></presentation:notes>
        </draw:page><draw:page><draw:frame><draw:text-box><text:p>End</text:p></draw:text-box></draw:frame></draw:page>
        </office:presentation></office:body>"#;
    let (format, lines) = read(&odf("presentation", &[("content.xml", content)]));
    assert_eq!(format, Format::Odp);
    assert_eq!(lines, ["slide 1 Heading Seals", "slide 1 Text Check them", "slide 1 Note Say why", "slide 2 Text End"]);
}

fn book(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:automatic-styles><style:style style:name="h"><style:table-properties table:display="false"/>
        </style:style></office:automatic-styles><office:body><office:spreadsheet>
        <table:table table:name="Old" table:style-name="h"><table:table-row><table:table-cell><text:p>no</text:p>
        </table:table-cell></table:table-row></table:table>
        <table:table table:name="Oct">{rows}</table:table></office:spreadsheet></office:body>"#
    );
    odf("spreadsheet", &[("content.xml", &content)])
}

#[test]
fn sheets_show_dates_as_iso_and_count_repeated_rows() {
    let cell = |sort: &str, value: &str, text: &str| {
        format!(r#"<table:table-cell office:value-type="{sort}" {value}><text:p>{text}</text:p></table:table-cell>"#)
    };
    let date = cell("date", r#"office:date-value="2026-10-03T14:05:00""#, "3 Oct");
    let rows = format!(
        r#"<table:table-row>{}{}{}</table:table-row><table:table-row table:number-rows-repeated="7"><table:table-cell/></table:table-row>
        <table:table-row table:number-rows-repeated="2">{date}<table:table-cell table:number-columns-repeated="1"/>{}</table:table-row>
        <table:table-row>{}{}<table:table-cell office:value-type="string"><office:annotation><dc:date>2026</dc:date>
        <text:p>Cut</text:p></office:annotation><text:p>x</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#,
        cell("string", "", "Date"),
        cell("string", "", "Share"),
        cell("string", "", "Seal"),
        cell("float", r#"office:value="412""#, "000412"),
        cell("percentage", r#"office:value="0.955""#, "96%"),
        cell("time", r#"office:time-value="PT08H30M00S""#, "8:30 AM"),
    );
    let (format, lines) = read(&book(&rows));
    assert_eq!(format, Format::Ods);
    assert_eq!(
        lines,
        [
            "row 1 TableHead Date|Share|Seal",
            "row 9 TableRow 2026-10-03 14:05||000412",
            "row 10 TableRow 2026-10-03 14:05||000412",
            "row 11 TableRow 95.5%|08:30|x",
            "row 11 Note Cut",
        ]
    );
}

#[test]
fn a_sheet_of_repeats_is_bounded() {
    let rows = r#"<table:table-row table:number-rows-repeated="4000000000"><table:table-cell
        table:number-columns-repeated="4000000000"><text:p>seals</text:p></table:table-cell></table:table-row>"#
        .repeat(3);
    let limits = Limits { cells: 10_000, ..Limits::default() };
    let Outcome::Read(reading) = open::read(&book(&rows), "a", &limits).outcome else { panic!("not read") };
    assert!(reading.truncated);
    assert!(reading.passages.len() < 100);
}

#[test]
fn a_locked_document_is_said_to_be_locked() {
    let manifest =
        "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let bytes = odf("text", &[("META-INF/manifest.xml", manifest), ("content.xml", "\u{1}\u{2}")]);
    let Outcome::Unreadable { reason, .. } = open::read(&bytes, "a.odt", &Limits::default()).outcome else { panic!() };
    assert_eq!(reason, Unreadable::Encrypted);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_elements_end_without_a_panic(
        names in prop::collection::vec(prop::sample::select(vec![
            "text:p", "/text:p", "table:table", "/table:table", "table:table-row", "/table:table-row", "table:table-cell",
            "/table:table-cell", "office:annotation", "/office:annotation", "text:note-body", "draw:page", "style:header",
            "table:covered-table-cell/", "/style:header", "office:text",
        ]), 0..60),
    ) {
        let xml: String = names.iter().flat_map(|name| ["<", name, ">x"]).collect();
        for kind in ["text", "spreadsheet", "presentation"] {
            let _ = open::read(&odf(kind, &[("content.xml", &xml), ("styles.xml", &xml)]), "a", &Limits::default());
        }
    }
}
