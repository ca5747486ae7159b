//! Text recognition with a program of the test's own in Tesseract's place: what waits, what is recognised, and when.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use crate::world::{Ran, World};

/// A scan: one page that is one picture.
fn scan() -> Vec<u8> {
    let content = "q 612 0 0 792 0 0 cm /I1 Do Q";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 612 792]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/Resources<</XObject<</I1 4 0 R>>>>/Contents 5 0 R>>".to_owned(),
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>\nstream\n0\nendstream".to_owned(),
        format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
    ];
    let mut out = String::from("%PDF-1.7\n");
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        offsets.push(out.len());
        write!(out, "{number} 0 obj\n{object}\nendobj\n").unwrap();
    }
    let start = out.len();
    write!(out, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for offset in &offsets {
        writeln!(out, "{offset:010} 00000 n ").unwrap();
    }
    write!(out, "trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF", objects.len() + 1).unwrap();
    out.into_bytes()
}

/// Answers as Tesseract does: its version, its languages, and for any page the words given, 90 sure.
fn stand_in(world: &World, version: &str, words: &str) -> PathBuf {
    let mut left = 100;
    let mut rows = String::new();
    for (number, word) in (0..).zip(words.split(' ')) {
        let width = word.len() * 14;
        write!(rows, "5\\t1\\t1\\t1\\t1\\t{number}\\t{left}\\t200\\t{width}\\t30\\t90.5\\t{word}\\n").unwrap();
        left += width + 12;
    }
    let script = format!(
        "#!/bin/sh\ncase \"$1\" in\n--version) echo 'tesseract {version}';;\n--list-langs) printf 'eng\\nspa\\n';;\n\
         *) cat > /dev/null; printf '{rows}';;\nesac\n"
    );
    let program = world.at("tesseract");
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    program
}

/// Scans with text recognition switched on, by the program at this path.
fn pass(world: &World, command: &str) -> Ran {
    let config = format!("[ocr]\ncommand = \"{command}\"\n[[root]]\npath = \"docs\"\n");
    fs::write(world.at("evidex.toml"), config).unwrap();
    world.run(&["scan", "docs", "--ocr", "auto", "--format", "json"])
}

const WORDS: &str = "Container seal verification Savannah warehouse inspector signature complete evidence register";

#[test]
fn scans_wait_until_they_can_be_recognised() {
    let world = World::new();
    world.file("scan.pdf", scan()).file("a.txt", "Seals are checked daily.");
    let waiting = pass(&world, "/nowhere/tesseract");
    assert_eq!((waiting.code, waiting.json()["ocr_pending"].as_u64()), (0, Some(1)), "{}", waiting.stderr);
    assert_eq!(
        waiting.stderr,
        "1 document with 1 page of pictures waits for text recognition: install tesseract-ocr and \
         tesseract-ocr-spa, then scan again\n"
    );
    assert_eq!(world.documents(), ["a.txt read", "scan.pdf ocr-pending"]);

    let program = stand_in(&world, "5.3.0", WORDS);
    let recognised = pass(&world, program.to_str().unwrap());
    assert_eq!((recognised.json()["ocr_pending"].as_u64(), recognised.stderr.as_str()), (Some(0), ""));
    assert_eq!(world.documents(), ["a.txt read", "scan.pdf read"]);
    let text = world.json(&["documents", "docs/scan.pdf", "--text", "--format", "json"]);
    let passage = &text["passages"][0];
    assert!(passage["text"].as_str().unwrap().starts_with("Container seal"), "{text}");
    assert_eq!((passage["place"].as_str(), passage["confidence"].as_u64()), (Some("page 1"), Some(91)));
}

#[test]
fn a_content_is_recognised_once_by_each_tesseract() {
    let world = World::new();
    world.file("scan.pdf", scan()).file("copy/scan.pdf", scan());
    let reads = || world.facts("read");
    let program = stand_in(&world, "5.3.0", WORDS);
    let program = program.to_str().unwrap();
    pass(&world, program);
    let first = reads();
    // Waiting, then recognised: two facts, however many copies there are.
    assert_eq!(first, 2);
    pass(&world, program);
    assert_eq!(reads(), first);
    stand_in(&world, "5.4.0", WORDS);
    pass(&world, program);
    assert_eq!(reads(), first + 1);
    assert_eq!(world.run(&["verify"]).code, 0);
}

#[test]
fn a_photo_without_words_is_read_and_a_scan_without_words_is_named() {
    let world = World::new();
    let mut photo = std::io::Cursor::new(Vec::new());
    image::GrayImage::from_pixel(40, 30, image::Luma([200])).write_to(&mut photo, image::ImageFormat::Png).unwrap();
    world.file("photo.png", photo.into_inner()).file("scan.pdf", scan());
    let program = stand_in(&world, "5.3.0", "ii");
    pass(&world, program.to_str().unwrap());
    assert_eq!(world.documents(), ["photo.png read", "scan.pdf image-only"]);
}

#[test]
fn text_recognition_that_fails_costs_its_page() {
    for script in [
        "#!/bin/sh\n[ \"$1\" = --version ] && echo t && exit; [ \"$1\" = --list-langs ] && echo eng && exit; exit 7\n",
        "#!/bin/sh\n[ \"$1\" = --version ] && echo t && exit; [ \"$1\" = --list-langs ] && echo eng && exit; exec cat /dev/zero\n",
    ] {
        let world = World::new();
        world.file("scan.pdf", scan()).file("a.txt", "Seals are checked daily.");
        let program = stand_in(&world, "5.3.0", WORDS);
        fs::write(&program, script).unwrap();
        pass(&world, program.to_str().unwrap());
        assert_eq!(world.documents(), ["a.txt read", "scan.pdf image-only"], "{script}");
    }
}

#[test]
fn switched_off_a_scan_is_unreadable_and_switched_on_it_waits() {
    let world = World::new();
    world.file("scan.pdf", scan());
    assert_eq!(world.scan(), "1 new, 1 unreadable");
    pass(&world, "/nowhere/tesseract");
    assert_eq!(world.documents(), ["scan.pdf ocr-pending"]);
    world.scan();
    assert_eq!(world.documents(), ["scan.pdf image-only"]);
}

#[test]
fn the_text_of_one_document_is_shown() {
    let world = World::new();
    world.file("a.txt", "Seals are checked daily.\u{1b}[31m").file("b.txt", "Gates too.");
    let shown = world.run(&["documents", "docs", "a.txt", "--text"]);
    assert_eq!((shown.code, shown.stdout.contains("Seals are checked daily.")), (0, true), "{}", shown.stderr);
    assert!(!shown.stdout.contains('\u{1b}'));
    for names in
        [&["documents", "--text"][..], &["documents", "a.txt", "b.txt", "--text"], &["documents", "c", "--text"]]
    {
        assert_eq!(world.run(names).code, 2, "{names:?}");
    }
}
