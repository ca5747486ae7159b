//! Documents written by hand, read back.
#![allow(clippy::format_collect, clippy::format_push_string)] // short texts, and shorter code

use proptest::prelude::*;

use super::read;
use crate::domain::reading::Reading;
use crate::extract::limits::Limits;
use crate::extract::ooxml::build::{lines, package, relations};

const RELATIONS: &[(&str, &str, &str)] = &[
    ("r1", "styles", "styles.xml"),
    ("r2", "header", "header1.xml"),
    ("r3", "header", "header2.xml"),
    ("r4", "footer", "footer1.xml"),
    ("r5", "footnotes", "footnotes.xml"),
    ("r6", "comments", "comments.xml"),
];

fn document(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let body = format!(r#"<w:document xmlns:w="w"><w:body>{body}</w:body></w:document>"#);
    let relations = relations(RELATIONS);
    let mut parts = vec![("word/document.xml", body.as_str()), ("word/_rels/document.xml.rels", relations.as_str())];
    parts.extend(more);
    package(&parts)
}

fn reading(body: &str, more: &[(&str, &str)]) -> Reading {
    read(&document(body, more), &Limits::default()).unwrap()
}

/// Lines without their places.
fn body_lines(body: &str) -> Vec<String> {
    let lines = lines(&reading(body, &[]));
    lines.iter().map(|line| line.splitn(3, ' ').nth(2).unwrap().to_owned()).collect()
}

fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}

fn bold(text: &str) -> String {
    format!("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>{text}</w:t></w:r></w:p>")
}

fn row(cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|cell| format!("<w:tc>{cell}</w:tc>")).collect();
    format!("<w:tr>{cells}</w:tr>")
}

#[test]
fn paragraphs_are_joined_from_runs_and_keep_their_numbers() {
    let body = "<w:p><w:r><w:t>Se</w:t></w:r><w:r><w:t>al</w:t><w:tab/><w:t>log</w:t><w:br/><w:t>A&amp;B</w:t></w:r></w:p>\
                <w:p/><w:p><w:r><w:t>next</w:t></w:r></w:p>";
    assert_eq!(lines(&reading(body, &[])), ["paragraph 1 Text Seal log A&B", "paragraph 3 Text next"]);
}

#[test]
fn what_the_author_took_out_is_not_there() {
    for (body, expected) in [
        (
            "<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>",
            "Text new",
        ),
        ("<w:p><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom><w:r><w:t>here</w:t></w:r></w:p>", "Text here"),
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:t>shown</w:t></w:r></w:p>", "Text shown"),
        ("<w:p><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>shown</w:t></w:r></w:p>", "Text shown"),
        ("<w:p><w:r><w:instrText>DATE</w:instrText></w:r><w:r><w:t>3 Oct</w:t></w:r></w:p>", "Text 3 Oct"),
    ] {
        assert_eq!(body_lines(body), [expected], "{body}");
    }
}

#[test]
fn headings_come_from_styles_levels_and_bold_lines() {
    let styles = r#"<w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="Ttulo1"><w:name w:val="heading 1"/></w:style>
        <w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Own"/><w:basedOn w:val="Ttulo1"/></w:style></w:styles>"#;
    let styled =
        |style: &str| format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>");
    let level = "<w:p><w:pPr><w:outlineLvl w:val=\"1\"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>";
    let body =
        [styled("Ttulo1"), styled("Own"), styled("Normal"), level.to_owned(), bold("Scope"), bold("Made by:")].concat();
    let lines = lines(&reading(&body, &[("word/styles.xml", styles)]));
    let kinds: Vec<&str> = lines.iter().map(|line| line.split(' ').nth(2).unwrap()).collect();
    assert_eq!(kinds, ["Heading", "Heading", "Text", "Heading", "Heading", "Text"]);
}

#[test]
fn tables_become_rows_with_their_head() {
    let log = [row(&[&bold("Date"), &bold("Seal")]), row(&[&p("3 Oct"), &p("HP1")])].concat();
    let pairs = [row(&[&p("Made by"), &p("Ann")]), row(&[&p("Company"), &p("Pine")])].concat();
    let blanks = [row(&[&p("Point"), &p("OK"), &p("Note")]), row(&[&p("Doors"), "<w:p/>", "<w:p/>"])].concat();
    let span = "<w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p><w:r><w:t>wide</w:t></w:r></w:p></w:tc>\
                <w:tc><w:p><w:r><w:t>c</w:t></w:r></w:p></w:tc></w:tr>";
    let marked = format!("<w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>", p("1"), p("2"));
    for (rows, expected) in [
        (log.as_str(), vec!["TableHead Date|Seal", "TableRow 3 Oct|HP1"]),
        (&pairs, vec!["TableRow Made by|Ann", "TableRow Company|Pine"]),
        (&blanks, vec!["TableHead Point|OK|Note", "TableRow Doors"]),
        (span, vec!["TableRow wide||c"]),
        (&marked, vec!["TableHead 1|2"]),
        (&row(&[&[p("a"), p("b")].concat()]), vec!["Text a b"]),
    ] {
        assert_eq!(body_lines(&format!("<w:tbl>{rows}</w:tbl>")), expected, "{rows}");
    }
}

#[test]
fn a_table_in_a_cell_has_rows_of_its_own() {
    let inner = format!("<w:tbl>{}</w:tbl>", row(&[&p("1"), &p("2")]));
    let outer = format!("<w:tbl>{}</w:tbl>", row(&[&p("a"), &[inner, p("b")].concat()]));
    assert_eq!(body_lines(&outer), ["TableRow 1|2", "TableRow a|b"]);
}

#[test]
fn a_text_box_is_read_once() {
    let box_text = |text: &str| format!("<w:txbxContent>{}</w:txbxContent>", p(text));
    let body = format!(
        "<w:p><w:r><w:t>around</w:t><mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback><w:pict>{}</w:pict>\
         </mc:Fallback></mc:AlternateContent></w:r></w:p>",
        box_text("in the box"),
        box_text("in the box")
    );
    assert_eq!(body_lines(&body), ["Text in the box", "Text around"]);
}

#[test]
fn content_controls_are_fields_and_placeholders_are_blanks() {
    let control = |properties: &str| {
        format!(
            "<w:p><w:r><w:t>Inspector: </w:t></w:r><w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent><w:r><w:t>J. Doe\
             </w:t></w:r></w:sdtContent></w:sdt></w:p>"
        )
    };
    for (properties, expected) in [
        ("<w:alias w:val=\"Inspector\"/>", vec!["Field Inspector|J. Doe", "Text Inspector: J. Doe"]),
        ("<w:tag w:val=\"insp\"/><w:showingPlcHdr/>", vec!["Field insp|", "Text Inspector:"]),
        ("<w:tag w:val=\"goog_rdk_3\"/>", vec!["Text Inspector: J. Doe"]),
        ("", vec!["Text Inspector: J. Doe"]),
    ] {
        assert_eq!(body_lines(&control(properties)), expected, "{properties}");
    }
}

#[test]
fn check_boxes_show_their_state() {
    let modern = |state: &str| {
        format!(
            "<w:p><w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val=\"{state}\"/></w14:checkbox></w:sdtPr><w:sdtContent>\
             <w:r><w:t>?</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t xml:space=\"preserve\"> ok</w:t></w:r></w:p>"
        )
    };
    let legacy = |state: &str| {
        format!(
            "<w:p><w:r><w:fldChar><w:ffData><w:checkBox>{state}</w:checkBox></w:ffData></w:fldChar><w:t> ok</w:t></w:r></w:p>"
        )
    };
    let symbol =
        |code: &str| format!("<w:p><w:r><w:sym w:font=\"Wingdings\" w:char=\"{code}\"/><w:t> ok</w:t></w:r></w:p>");
    for (body, expected) in [
        (modern("1"), "Text [x] ok"),
        (modern("0"), "Text [ ] ok"),
        (legacy("<w:default w:val=\"0\"/><w:checked/>"), "Text [x] ok"),
        (legacy("<w:default w:val=\"1\"/>"), "Text [x] ok"),
        (legacy("<w:default w:val=\"1\"/><w:checked w:val=\"0\"/>"), "Text [ ] ok"),
        (symbol("F0A8"), "Text [ ] ok"),
        (symbol("F0FE"), "Text [x] ok"),
        (p("\u{2610} ok"), "Text [ ] ok"),
    ] {
        assert_eq!(body_lines(&body), [expected], "{body}");
    }
}

#[test]
fn margins_notes_and_properties_are_read() {
    let body = "<w:p/><w:p><w:r><w:t>Policy</w:t><w:footnoteReference w:id=\"2\"/></w:r></w:p>";
    let header = format!("<w:hdr><w:tbl>{}</w:tbl></w:hdr>", row(&[&p("Rev. 3"), &p("2026-01-05")]));
    let footer = format!("<w:ftr>{}</w:ftr>", p("Confidential"));
    let footnotes = format!(
        "<w:footnotes><w:footnote w:type=\"separator\" w:id=\"0\">{}</w:footnote><w:footnote w:id=\"2\">{}</w:footnote></w:footnotes>",
        p("---"),
        p("See ISO 17712")
    );
    let comments = format!("<w:comments><w:comment w:id=\"0\">{}</w:comment></w:comments>", p("ask Ann"));
    let core = "<cp:coreProperties><dc:title>Seals</dc:title><dc:creator>A. Doe</dc:creator>\
                <dcterms:created>2026-01-05T10:00:00Z</dcterms:created></cp:coreProperties>";
    let reading = reading(
        body,
        &[
            ("word/header1.xml", &header),
            ("word/header2.xml", &header),
            ("word/footer1.xml", &footer),
            ("word/footnotes.xml", &footnotes),
            ("word/comments.xml", &comments),
            ("docProps/core.xml", core),
        ],
    );
    let expected = [
        "paragraph 1 Margin Rev. 3 | 2026-01-05",
        "paragraph 2 Text Policy",
        "paragraph 2 Note See ISO 17712",
        "paragraph 1 Note ask Ann",
        "paragraph 1 Margin Confidential",
    ];
    assert_eq!(lines(&reading), expected);
    assert_eq!(reading.properties.title.as_deref(), Some("Seals"));
    assert_eq!(reading.properties.author.as_deref(), Some("A. Doe"));
    assert_eq!(reading.properties.created.as_deref(), Some("2026-01-05T10:00:00Z"));
}

#[test]
fn bombs_and_damage_are_named() {
    let limits = Limits { member_bytes: 1 << 20, ..Limits::default() };
    let bomb = document(&p(&" a".repeat(1 << 20)), &[]);
    assert_eq!(read(&bomb, &limits).unwrap_err().reason.as_str(), "bomb");
    for bytes in [package(&[("other.xml", "<a/>")]), b"PK\x03\x04".to_vec(), Vec::new()] {
        assert_eq!(read(&bytes, &limits).unwrap_err().reason.as_str(), "damaged");
    }
    let long = read(&document(&p("word ").repeat(100), &[]), &Limits { text_bytes: 300, ..Limits::default() }).unwrap();
    assert!(long.truncated && long.passages.len() < 20);
}

#[test]
fn a_document_that_breaks_off_keeps_what_came_before() {
    let bytes = package(&[("word/document.xml", "<w:body><w:p><w:r><w:t>before</w:t></w:r></w:p><w:p><w:r><w:t>x <")]);
    let reading = read(&bytes, &Limits::default()).unwrap();
    assert!(reading.truncated);
    assert_eq!(lines(&reading)[0], "paragraph 1 Text before");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_markup_ends_without_a_panic(tags in proptest::collection::vec(0..24_usize, 0..60)) {
        const TAGS: [&str; 24] = [
            "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "a\t", "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>",
            "<w:tc>", "</w:tc>", "<w:sdt>", "</w:sdt>", "<w:sdtPr>", "</w:sdtPr>", "<w14:checkbox/>", "<w:checkBox>",
            "<w:gridSpan w:val=\"9999999\"/>", "<w:pPr>", "<w:txbxContent>", "<w:del>", "&x;",
        ];
        let body: String = tags.iter().map(|tag| TAGS[*tag]).collect();
        let _ = read(&document(&body, &[]), &Limits::default());
    }

    #[test]
    fn changed_bytes_end_without_a_panic(at in 0..700_usize, with: u8) {
        let mut bytes = document(&p("text"), &[("word/footer1.xml", "<w:ftr/>")]);
        let at = at % bytes.len();
        bytes[at] = with;
        let _ = read(&bytes, &Limits::default());
    }
}
