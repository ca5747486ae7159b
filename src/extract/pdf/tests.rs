//! Files written object by object, read back.
#![allow(clippy::format_collect, clippy::format_push_string)] // short texts, and shorter code

use proptest::prelude::*;

use super::{Found, find, second};
use crate::domain::reading::{Outcome, Place, Reading};
use crate::extract::limits::{Limits, ReadError};
use crate::extract::open;
use crate::extract::passwords::Passwords;

fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ReadError> {
    find(bytes, limits, &Passwords::default()).map(|found| found.reading)
}

/// A file of the given objects, the first being the catalog; the trailer gets `extra`.
fn file(objects: &[String], extra: &str) -> Vec<u8> {
    let mut out = String::from("%PDF-1.7\n");
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(out.len());
        out += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = out.len();
    out += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for offset in offsets {
        out += &format!("{offset:010} 00000 n \n");
    }
    out += &format!("trailer\n<</Size {}/Root 1 0 R{extra}>>\nstartxref\n{start}\n%%EOF", objects.len() + 1);
    out.into_bytes()
}

/// Pages with these content streams, in Helvetica as `F1` and with a picture as `I1`; the last object is the Info.
fn pages(contents: &[String]) -> Vec<u8> {
    let kids: String = (0..contents.len()).map(|n| format!("{} 0 R ", 5 + 2 * n)).collect();
    let image = "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>\nstream\n0\nendstream";
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[{kids}]/Count {}/MediaBox[0 0 612 792]>>", contents.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
        image.to_owned(),
    ];
    for (number, content) in contents.iter().enumerate() {
        let stream = 6 + 2 * number;
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 3 0 R>>/XObject<</I1 4 0 R>>>>/Contents {stream} 0 R>>"
        ));
        objects.push(format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()));
    }
    objects.push("<</Title(Seal policy)/Author(A. Doe)/Producer(Pine)/CreationDate(D:20261003140500Z)>>".to_owned());
    file(&objects, &format!("/Info {} 0 R", objects.len()))
}

/// Text at a place in a size.
fn at(x: u32, y: u32, size: u32, text: &str) -> String {
    format!("BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n")
}

fn reading(contents: &[String]) -> Reading {
    read(&pages(contents), &Limits::default()).unwrap()
}

fn lines(reading: &Reading) -> Vec<String> {
    crate::extract::ooxml::build::lines(reading)
}

#[test]
fn lines_join_to_paragraphs_and_larger_text_is_a_heading() {
    let page = [
        at(72, 700, 18, "Seal policy"),
        at(72, 660, 10, "Every container that leaves the yard is closed with a high security seal that"),
        at(72, 648, 10, "meets ISO 17712."),
        at(72, 620, 10, "Seals are kept locked."),
        at(72, 608, 10, "1. Count them."),
        at(72, 596, 10, "2. Write it down."),
    ];
    let expected = [
        "page 1 Heading Seal policy",
        "page 1 Text Every container that leaves the yard is closed with a high security seal that meets ISO 17712.",
        "page 1 Text Seals are kept locked.",
        "page 1 Text 1. Count them.",
        "page 1 Text 2. Write it down.",
    ];
    assert_eq!(lines(&reading(&[page.concat()])), expected);
}

#[test]
fn tables_keep_their_columns() {
    let page = [
        at(72, 700, 10, "Date"),
        at(172, 700, 10, "Seal"),
        at(272, 700, 10, "Driver"),
        at(72, 680, 10, "2026-10-03"),
        at(172, 680, 10, "HP 441"),
        at(272, 680, 10, "J. Doe"),
        at(72, 660, 10, "2026-10-04"),
        at(272, 660, 10, "A. Roe"),
        at(72, 640, 10, "2026-10-05"),
        at(72, 580, 10, "Counted by the guard."),
    ];
    let expected = [
        "page 1 TableHead Date|Seal|Driver",
        "page 1 TableRow 2026-10-03|HP 441|J. Doe",
        "page 1 TableRow 2026-10-04||A. Roe",
        "page 1 TableRow 2026-10-05",
        "page 1 Text Counted by the guard.",
    ];
    assert_eq!(lines(&reading(&[page.concat()])), expected);
}

#[test]
fn running_lines_are_margins_after_their_first_time() {
    let page = |n: u32| {
        [
            at(72, 760, 9, "Pine Imports"),
            at(72, 700, 9, &format!("Text {n}{n}")),
            at(500, 30, 9, &format!("Page {n} of 3")),
        ]
    };
    let reading = reading(&[page(1).concat(), page(2).concat(), page(3).concat()]);
    let expected = [
        "page 1 Text Pine Imports",
        "page 1 Text Text 11",
        "page 1 Margin Page 1 of 3",
        "page 2 Margin Pine Imports",
        "page 2 Text Text 22",
        "page 2 Margin Page 2 of 3",
        "page 3 Margin Pine Imports",
        "page 3 Text Text 33",
        "page 3 Margin Page 3 of 3",
    ];
    assert_eq!(lines(&reading), expected);
}

#[test]
fn properties_come_from_the_info_dictionary() {
    let properties = reading(&[at(72, 700, 10, "x y")]).properties;
    assert_eq!(properties.title.as_deref(), Some("Seal policy"));
    assert_eq!(properties.author.as_deref(), Some("A. Doe"));
    assert_eq!(properties.generator.as_deref(), Some("Pine"));
    assert_eq!(properties.created.as_deref(), Some("2026-10-03T14:05:00"));
    assert_eq!(properties.page_count, Some(1));
}

#[test]
fn text_struck_twice_is_read_once() {
    let page = [at(72, 700, 10, "Bold"), "BT /F1 10 Tf 1 0 0 1 72.3 700 Tm (Bold) Tj ET\n".to_owned()];
    assert_eq!(lines(&reading(&[page.concat()])), ["page 1 Text Bold"]);
}

#[test]
fn pages_that_cannot_be_read_say_why() {
    let locked = {
        let hash = "00".repeat(32);
        let objects = ["<</Type/Catalog/Pages 2 0 R>>".to_owned(), "<</Type/Pages/Kids[]/Count 0>>".to_owned()];
        let encrypt = format!("/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -4/O<{hash}>/U<{hash}>>>/ID[<00><00>]");
        file(&objects, &encrypt)
    };
    for (bytes, reason) in [
        (pages(&["/I1 Do".to_owned()]), "image-only"),
        (pages(&["0 0 m 9 9 l S".to_owned()]), "empty"),
        (locked, "encrypted"),
        (b"%PDF-1.7 nothing else".to_vec(), "damaged"),
        (Vec::new(), "damaged"),
    ] {
        assert_eq!(read(&bytes, &Limits::default()).unwrap_err().reason.as_str(), reason);
    }
}

#[test]
fn pages_that_are_pictures_are_told_apart() {
    let picture = "q 600 0 0 700 0 0 cm /I1 Do Q\n".to_owned();
    let logo = "q 60 0 0 60 0 0 cm /I1 Do Q\n".to_owned();
    let text = at(72, 700, 10, "Seals are counted each week and the count is written down");
    let contents = [
        text.clone() + &logo,
        picture.clone(),
        picture.clone() + &at(72, 20, 8, "Scanned by ACME"),
        picture + &text,
        logo + &at(72, 20, 8, "Scanned by ACME"),
    ];
    let found = |contents: &[String]| find(&pages(contents), &Limits::default(), &Passwords::default()).unwrap();
    let Found { reading, pictures, .. } = found(&contents);
    assert_eq!((pictures, reading.properties.page_count), (vec![2, 3], Some(5)));
    let Found { reading, pictures, .. } = found(&contents[1..2]);
    assert_eq!((pictures, reading.passages.len()), (vec![1], 0));
}

#[test]
fn fields_of_a_form_are_read_filled_or_blank() {
    let widgets = [
        "<</Subtype/Widget/FT/Tx/T(Inspector)/V(J. Doe)>>",
        "<</Subtype/Widget/FT/Tx/T(f2)/TU(Seal number)>>",
        "<</Subtype/Widget/FT/Btn/T(Doors)/AS/Yes>>",
        "<</Subtype/Widget/FT/Btn/T(Floor)/AS/Off>>",
        "<</Subtype/Widget/FT/Btn/Ff 65536/T(Print)>>",
        "<</Subtype/Widget/Parent<</FT/Ch/T(Site)/V[(DC)(HQ)]>>>>",
        "<</Subtype/Widget/FT/Sig/T(Signature)>>",
        "<</Subtype/Link/T(not a field)>>",
    ];
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 612 792]>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/Annots[{}]>>", widgets.concat()),
    ];
    let reading = read(&file(&objects, ""), &Limits::default()).unwrap();
    let expected = [
        "page 1 Field Inspector|J. Doe",
        "page 1 Field Seal number|",
        "page 1 Field Doors|[x]",
        "page 1 Field Floor|[ ]",
        "page 1 Field Site|DC, HQ",
        "page 1 Field Signature|",
    ];
    assert_eq!(lines(&reading), expected);
}

/// One page with these annotations, and objects from number 4 on.
fn annotated(annotations: &str, catalog: &str, more: &[&str]) -> Vec<u8> {
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 612 792]>>".to_owned(),
        format!("<</Type/Page/Parent 2 0 R/Annots[{annotations}]>>"),
    ];
    objects.extend(more.iter().map(|&object| object.to_owned()));
    file(&objects, "")
}

#[test]
fn remarks_on_a_page_are_read_and_hidden_ones_are_not() {
    let remarks = [
        "<</Subtype/FreeText/Contents(Inspected by J. Doe)>>",
        "<</Subtype/Stamp/Name/SBApproved>>",
        "<</Subtype/Stamp/Name/#Draft/Contents(RECEIVED 3 Oct 2026)>>",
        "<</Subtype/Text/T(A. Roe)/Contents(Seal missing?)>>",
        "<</Subtype/Highlight/Contents(check)>>",
        "<</Subtype/Text/F 2/Contents(hidden)>>",
        "<</Subtype/Popup/Contents(twice)>>",
    ];
    let expected = [
        "page 1 Text Inspected by J. Doe",
        "page 1 Text Approved",
        "page 1 Text RECEIVED 3 Oct 2026",
        "page 1 Note A. Roe: Seal missing?",
        "page 1 Note check",
    ];
    assert_eq!(lines(&read(&annotated(&remarks.concat(), "", &[]), &Limits::default()).unwrap()), expected);
}

#[test]
fn typed_text_that_is_drawn_counts_once() {
    let content = at(72, 700, 10, "Inspected by J. Doe");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 612 792]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R\
         /Annots[<</Subtype/FreeText/Contents(Inspected  by J.\\nDoe)>>]>>"
            .to_owned(),
        format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let reading = read(&file(&objects, ""), &Limits::default()).unwrap();
    assert_eq!(lines(&reading), ["page 1 Text Inspected by J. Doe"]);
}

#[test]
fn attached_files_are_members() {
    let log = "<</Length 13>>\nstream\nSeals counted\nendstream";
    let pinned = "<</Subtype/FileAttachment/FS<</UF(../pinned.txt)/EF<</F 5 0 R>>>>>>";
    let ring = "<</Kids[6 0 R 6 0 R]/Names[(a)<</F(log.txt)/EF<</F 4 0 R>>>>(b)<</F(again.txt)/EF<</F 4 0 R>>>>]>>";
    let bytes = annotated(pinned, "/Names<</EmbeddedFiles 6 0 R>>", &[log, log, ring]);
    let extracted = open::read(&bytes, "a.pdf", &Limits::default());
    let names: Vec<&str> = extracted.members.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["log.txt", "pinned.txt"]);
    let Outcome::Read(reading) = &extracted.members[0].extracted.outcome else { panic!("it is text") };
    assert_eq!(reading.passages[0].text, "Seals counted");
    // The page itself is empty, and said to be.
    assert!(matches!(extracted.outcome, Outcome::Unreadable { .. }));
}

#[test]
fn signatures_say_who_and_when_on_a_page_or_not() {
    let placed = "<</Subtype/Widget/FT/Sig/T(Approval)/V<</Name(J. Doe)/M(D:20261003140500Z)/Reason(Reviewed)>>>>";
    let unplaced = "/AcroForm<</Fields[<</FT/Sig/T(Signature1)/V<</M(D:20261004)>>>>]>>";
    let expected = [
        "page 1 Field Approval|digitally signed by J. Doe on 2026-10-03, reason: Reviewed",
        "page 1 Field Signature1|digitally signed on 2026-10-04",
    ];
    let reading = read(&annotated(placed, unplaced, &[]), &Limits::default()).unwrap();
    assert_eq!(lines(&reading), expected);
    let days: Vec<String> =
        crate::domain::judge::dates::scan(&reading).candidates.iter().map(|c| c.day.to_string()).collect();
    assert_eq!(days, ["2026-10-03", "2026-10-04"]);
}

#[test]
fn limits_cut_pages_and_text() {
    let many: Vec<String> = (0..20).map(|n| at(72, 400, 10, &format!("Text of page {n}"))).collect();
    let few = read(&pages(&many), &Limits { pages: 3, ..Limits::default() }).unwrap();
    assert_eq!((few.passages.len(), few.truncated), (3, true));
    let short = read(&pages(&many), &Limits { text_bytes: 60, ..Limits::default() }).unwrap();
    assert!(short.truncated && short.passages.len() < 5);
}

#[test]
fn the_second_reader_reads_lines_by_page() {
    let bytes = pages(&[at(72, 700, 10, "Seal log"), at(72, 700, 10, "Gate log")]);
    let (gather, properties) = second::read(&bytes, &Limits::default()).unwrap();
    let texts: Vec<(Place, String)> = gather.finish().0.into_iter().map(|p| (p.place, p.text)).collect();
    assert_eq!(texts, [(Place::Page(1), "Seal log".to_owned()), (Place::Page(2), "Gate log".to_owned())]);
    assert_eq!(properties.page_count, Some(2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_content_ends_without_a_panic(content in "[A-Za-z0-9 ()<>/.*'\\[\\]-]{0,200}", x in any::<f32>()) {
        let text = format!("BT /F1 10 Tf {x} 0 0 1 {x} 1 Tm (a) Tj (b) Tj ET {content}");
        let _ = read(&pages(&[text]), &Limits::default());
    }

    #[test]
    fn changed_bytes_end_without_a_panic(at_byte in 0..2_000_usize, with: u8) {
        let mut bytes = pages(&[at(72, 700, 10, "text"), at(72, 700, 10, "more")]);
        let index = at_byte % bytes.len();
        bytes[index] = with;
        let _ = read(&bytes, &Limits::default());
    }

    #[test]
    fn noise_ends_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&[b"%PDF-1.4\n", bytes.as_slice()].concat(), &Limits::default());
    }
}
