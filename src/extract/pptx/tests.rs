//! Presentations written by hand, read back.
#![allow(clippy::format_collect, clippy::format_push_string)] // short texts, and shorter code

use proptest::prelude::*;

use super::read;
use crate::extract::limits::Limits;
use crate::extract::ooxml::build::{lines, package, relations};

fn shape(placeholder: &str, text: &str) -> String {
    let holder = if placeholder.is_empty() { String::new() } else { format!("<p:ph type=\"{placeholder}\"/>") };
    format!("<p:sp><p:nvPr>{holder}</p:nvPr><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>")
}

fn show(slides: &[&str], more: &[(&str, &str)]) -> Vec<u8> {
    let ids: String = (1..=slides.len()).rev().map(|n| format!("<p:sldId id=\"{n}\" r:id=\"r{n}\"/>")).collect();
    let names: Vec<(String, String)> =
        (1..=slides.len()).map(|n| (format!("r{n}"), format!("slides/slide{n}.xml"))).collect();
    let links: Vec<(&str, &str, &str)> = names.iter().map(|(id, to)| (id.as_str(), "slide", to.as_str())).collect();
    let mut parts = vec![
        ("ppt/presentation.xml".to_owned(), format!("<p:presentation><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>")),
        ("ppt/_rels/presentation.xml.rels".to_owned(), relations(&links)),
    ];
    parts.extend(
        names.iter().zip(slides).map(|((_, to), text)| (format!("ppt/{to}"), format!("<p:sld>{text}</p:sld>"))),
    );
    let mut all: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    all.extend(more);
    package(&all)
}

#[test]
fn slides_come_in_the_order_of_the_show_with_their_notes() {
    let first = [shape("title", "Last"), shape("ftr", "Pine"), shape("", "body")].concat();
    let notes = [shape("sldNum", "7"), shape("body", "say this")].concat();
    let links = relations(&[("n", "notesSlide", "../notesSlides/n1.xml")]);
    let notes_part = format!("<p:notes>{notes}</p:notes>");
    let more = [("ppt/slides/_rels/slide1.xml.rels", links.as_str()), ("ppt/notesSlides/n1.xml", notes_part.as_str())];
    let reading = read(&show(&[&first, &shape("ctrTitle", "First")], &more), &Limits::default()).unwrap();
    let expected = [
        "slide 1 Heading First",
        "slide 2 Heading Last",
        "slide 2 Margin Pine",
        "slide 2 Text body",
        "slide 2 Note say this",
    ];
    assert_eq!(lines(&reading), expected);
    assert_eq!(reading.properties.page_count, Some(2));
}

#[test]
fn tables_have_rows_and_fallbacks_are_left_out() {
    let cell = |text: &str| format!("<a:tc><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>");
    let row = |a: &str, b: &str| format!("<a:tr>{}{}</a:tr>", cell(a), cell(b));
    let table = format!("<p:graphicFrame><a:tbl>{}{}</a:tbl></p:graphicFrame>", row("Lane", "Risk"), row("VN", "3"));
    let twice = format!(
        "<mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback>{}</mc:Fallback></mc:AlternateContent>",
        shape("", "once"),
        shape("", "once")
    );
    let reading = read(&show(&[&[table, twice].concat()], &[]), &Limits::default()).unwrap();
    assert_eq!(lines(&reading), ["slide 1 TableHead Lane|Risk", "slide 1 TableRow VN|3", "slide 1 Text once"]);
}

#[test]
fn limits_and_damage_are_named() {
    let slides: Vec<String> = (0..30).map(|n| shape("", &format!("slide {n}"))).collect();
    let slides: Vec<&str> = slides.iter().map(String::as_str).collect();
    let few = read(&show(&slides, &[]), &Limits { pages: 3, ..Limits::default() }).unwrap();
    assert_eq!((few.passages.len(), few.truncated), (3, true));
    assert_eq!(read(&package(&[("a", "b")]), &Limits::default()).unwrap_err().reason.as_str(), "damaged");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn changed_bytes_end_without_a_panic(at in 0..3_000_usize, with: u8) {
        let mut bytes = show(&[&shape("title", "x")], &[]);
        let at = at % bytes.len();
        bytes[at] = with;
        let _ = read(&bytes, &Limits::default());
    }
}
