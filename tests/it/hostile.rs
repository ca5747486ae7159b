//! Files made to do harm: each ends as a document or as unreadable with a reason, and the one beside it is read.

use crate::build::{docx, docx_of, eml, pdf, xlsx, xlsx_of, zip};
use crate::world::World;

/// What a file may come to; several where it depends on the machine which limit is met first.
type May = &'static [&'static str];

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// Enough words for a page that counts as text.
const PAGE: &str = "Seal log of May, kept at the gate and signed by the guard on duty each day";

fn cases() -> Vec<(&'static str, Vec<u8>, May)> {
    let mut cases = archives();
    cases.extend(texts());
    cases.extend(packages());
    cases
}

fn archives() -> Vec<(&'static str, Vec<u8>, May)> {
    let whole = zip([("a.txt", "Seal log of May, kept at the gate")]);
    let mut nested = whole.clone();
    for _ in 0..40 {
        nested = zip([("in.zip", &nested)]);
    }
    let many: Vec<(String, &str)> = (0..70_000).map(|number| (format!("{number}.txt"), "x")).collect();
    vec![
        ("bomb.zip", zip([("zeros.txt", vec![0; 64 << 20])]), &["bomb", "read"]),
        ("nested.zip", nested, &["read", "bomb"]),
        ("many.zip", zip(many), &["bomb"]),
        ("cut.zip", whole[..whole.len() / 2].to_vec(), &["damaged"]),
        ("empty.zip", zip([("", ""); 0]), &["empty", "read", "damaged"]),
        ("climbing.zip", zip([("../../../etc/cron.d/x.txt", "Seal log"), ("/etc/passwd", "Key log")]), &["read"]),
        ("cut.pdf", pdf(PAGE)[..120].to_vec(), &["damaged", "empty"]),
    ]
}

fn texts() -> Vec<(&'static str, Vec<u8>, May)> {
    let deep = "<div>".repeat(200_000);
    let mut attachment = eml("Inner", "a.txt", b"Seal log");
    for _ in 0..30 {
        attachment = eml("Outer", "inner.eml", &attachment);
    }
    vec![
        ("deep.html", format!("<html><body>{deep}Seal log").into_bytes(), &["read", "crashed"]),
        (
            "long line.csv",
            b"a,b,c\n".iter().copied().chain(b"seal,".repeat(1 << 20)).collect(),
            &["read", "too-much-output", "too-much-memory", "too-much-time"],
        ),
        ("zeros.txt", vec![0; 1 << 20], &["txt", "garbled", "empty"]),
        ("quotes.csv", b"\"".repeat(1 << 20), &["read", "empty", "garbled"]),
        ("mails.eml", attachment, &["read"]),
        ("brackets.md", b"[".repeat(1 << 18), &["read", "garbled", "too-much-time"]),
    ]
}

fn packages() -> Vec<(&'static str, Vec<u8>, May)> {
    let entity = |n| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10));
    let entities = (1..12).map(entity).collect::<Vec<_>>().concat();
    let lol = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE d [<!ENTITY e0 \"ha\">{entities}]><w:document xmlns:w=\"{WORD}\"><w:body>\
         <w:p><w:r><w:t>&e11;</w:t></w:r></w:p></w:body></w:document>"
    );
    let tables = "<w:tbl><w:tr><w:tc>".repeat(100_000);
    let nested = format!("<?xml version=\"1.0\"?><w:document xmlns:w=\"{WORD}\"><w:body>{tables}");
    let secret = "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    let outside = format!(
        "<?xml version=\"1.0\"?>{secret}<w:document xmlns:w=\"{WORD}\"><w:body><w:p><w:r><w:t>Seal &x; log</w:t></w:r></w:p></w:body></w:document>"
    );
    let last = r#"<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>Seal log</t></is></c></row>"#;
    let beyond = r#"<row r="4294967295"><c r="ZZZZZZ4294967295" t="inlineStr"><is><t>Seal log</t></is></c></row>"#;
    vec![
        ("entities.docx", docx_of(&lol), &["read", "damaged", "empty"]),
        ("tables.docx", docx_of(&nested), &["read", "damaged", "empty", "crashed"]),
        ("outside.docx", docx_of(&outside), &["read", "damaged"]),
        ("text.docx", b"Seal log, typed into a text file and given the wrong ending".to_vec(), &["read", "damaged"]),
        ("pdf.docx", pdf(PAGE), &["read"]),
        ("docx.pdf", docx(&["Seal procedure"]), &["read"]),
        ("rows.xlsx", xlsx_of(last), &["read"]),
        ("beyond.xlsx", xlsx_of(beyond), &["read", "damaged", "empty"]),
        ("cut.xlsx", xlsx(&[&["Seal", "log"]])[..400].to_vec(), &["damaged"]),
    ]
}

#[test]
fn each_hostile_file_has_its_outcome() {
    let world = World::new();
    let cases = cases();
    for (name, bytes, _) in &cases {
        world.file(name, bytes);
    }
    world.file("honest.txt", "Visitor log");
    let ran = world.run(&["scan", "docs"]);
    assert_eq!(ran.code, 3, "{}", ran.shown());
    let rows = world.documents();
    let outcome = |name: &str| rows.iter().find_map(|row| row.strip_prefix(&format!("{name} "))).unwrap_or("lost");
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(name, _, may)| !may.contains(&outcome(name)))
        .map(|(name, _, may)| format!("{name} is {}, not one of {may:?}", outcome(name)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(rows.contains(&"honest.txt read".to_owned()));
    assert!(!rows.iter().any(|row| row.contains("..")), "{rows:#?}");
    assert_eq!(world.run(&["search", "root"]).code, 1, "no entity brings in a file of the machine");
    assert_eq!(world.run(&["verify"]).code, 0);
    // Every unreadable one comes with something to do.
    for row in world.jsonl(&["unreadable", "--format", "jsonl"]) {
        assert!(!row["advice"].as_str().unwrap().is_empty(), "{row}");
    }
}
