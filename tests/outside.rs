//! Our reading held against other programs': words of PDFs against `pdftotext`, our JSON against Python's.
//!
//! Behind the feature `outside`, since it needs those programs; it fails where one is missing, so that a run without
//! them cannot pass for one with them. Apart from `it`, since the rest of the tests need Rust and C alone.

#![cfg(feature = "outside")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "outside/machine.rs"]
mod machine;
#[path = "outside/mail.rs"]
mod mail;
#[path = "outside/package.rs"]
mod package;
#[path = "outside/recognition.rs"]
mod recognition;
#[path = "outside/sharing.rs"]
mod sharing;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use evidex::domain::reading::{Outcome, Unreadable};
use evidex::extract::{Limits, Request, Worker};

/// The part of the other program's words that ours must hold.
const RECALL_MIN: f64 = 0.98;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/harbor-pine")
}

fn pdfs() -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![fixture()]);
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("pdf")) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// How often each word stands in a text: letters and digits, in lower case.
fn words(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    for word in parts {
        *counts.entry(word.to_lowercase()).or_insert(0) += 1;
    }
    counts
}

fn theirs(pdf: &Path) -> BTreeMap<String, usize> {
    let output = Command::new("pdftotext").arg("-layout").arg(pdf).arg("-").output();
    let output = output.expect("pdftotext (poppler-utils) must be installed for this test");
    words(&String::from_utf8_lossy(&output.stdout))
}

#[test]
fn words_of_pdfs_are_those_that_pdftotext_finds() {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_evidex"));
    let mut worker = Worker::start_program(program, &Limits::default()).unwrap();
    let mut compared = 0;
    for pdf in pdfs() {
        let bytes = fs::read(&pdf).unwrap();
        let size = bytes.len() as u64;
        let mut reader = Cursor::new(&bytes);
        let extracted = worker.extract(&mut Request { name: "a.pdf", size, reader: &mut reader }).unwrap();
        let theirs = theirs(&pdf);
        let all: usize = theirs.values().sum();
        let reading = match extracted.outcome {
            Outcome::Read(reading) => reading,
            // Where we find no text, the other program must not find any either.
            Outcome::Unreadable { reason: Unreadable::ImageOnly | Unreadable::Encrypted, .. } | Outcome::OcrPending => {
                assert!(all < 5, "{}: {all} words, none of them ours", pdf.display());
                continue;
            }
            other @ (Outcome::Unreadable { .. } | Outcome::Unsupported { .. }) => {
                panic!("{}: {other:?}", pdf.display())
            }
        };
        let text: Vec<&str> = reading.passages.iter().map(|passage| passage.text.as_str()).collect();
        let ours = words(&text.join("\n"));
        let shared: usize = theirs.iter().map(|(word, n)| (*n).min(ours.get(word).copied().unwrap_or(0))).sum();
        let recall = shared as f64 / all as f64;
        assert!(recall >= RECALL_MIN, "{}: {recall:.3} of {all} words", pdf.display());
        compared += 1;
    }
    assert!(compared >= 5, "only {compared} PDFs with text");
}

fn evidex(state: &Path, args: &[&str]) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evidex"));
    // With recognition nothing of the shipped folder is left unread, and a list without a line shows little.
    command.args(args).arg("--state").arg(state).env("EVIDEX_OCR", "never");
    // Not the machine's own configuration, which the test of the package installs for a while.
    let output = command.env("EVIDEX_CONFIG", "/dev/null").output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Whether Python's parser, told to refuse what is no JSON (NaN, doubled keys), takes a text.
fn python_takes(lines: &str, json: &[u8]) -> bool {
    let script = format!(
        "import json, sys\n\
         def no_doubles(pairs):\n    assert len(pairs) == len(dict(pairs)), pairs\n    return dict(pairs)\n\
         def no_constants(name):\n    raise ValueError(name)\n\
         def take(text):\n    json.loads(text, object_pairs_hook=no_doubles, parse_constant=no_constants)\n\
         text = sys.stdin.buffer.read().decode('utf-8')\n{lines}\n"
    );
    let child = Command::new("python3").args(["-c", &script]).stdin(Stdio::piped()).spawn();
    let mut child = child.expect("python3 must be installed for this test");
    child.stdin.take().unwrap().write_all(json).unwrap();
    child.wait().unwrap().success()
}

#[test]
fn python_reads_every_answer() {
    let state = tempfile::tempdir().unwrap();
    let folder = fixture();
    let gaps = ["gaps", folder.to_str().unwrap(), "--entity", "us-importer", "--all", "--format", "json"];
    assert!(python_takes("take(text)", &evidex(state.path(), &gaps)), "gaps");
    for args in [&["status"][..], &["verify"], &["search", "seal"], &["documents"], &["catalog", "list"]] {
        let json = evidex(state.path(), &[args, &["--format", "json"]].concat());
        assert!(python_takes("take(text)", &json), "{args:?}");
    }
    for list in ["documents", "matches", "unreadable", "duplicates"] {
        let lines = evidex(state.path(), &[list, "--format", "jsonl"]);
        assert!(python_takes("[take(line) for line in text.split('\\n') if line]", &lines), "{list}");
        assert!(lines.ends_with(b"\n"), "{list}");
    }
    assert!(!python_takes("take(text)", b"{\"a\": NaN}"), "the check itself must be able to fail");
}
