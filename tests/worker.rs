//! The worker process from outside: the fence, hostile documents, and programs that lie in its place.

#![allow(clippy::unwrap_used, reason = "helpers of tests, outside the functions that clippy knows as such")]

use std::fs;
use std::io::{self, Cursor, Read};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use evidex::domain::reading::{Extracted, Outcome, Unreadable};
use evidex::extract::{Error, Layer, Limits, Request, Worker};

fn worker(limits: &Limits) -> Worker {
    Worker::start_program(PathBuf::from(env!("CARGO_BIN_EXE_evidex")), limits).unwrap()
}

fn extract(worker: &mut Worker, name: &str, bytes: &[u8]) -> Extracted {
    let mut reader = Cursor::new(bytes);
    worker.extract(&mut Request { name, size: bytes.len() as u64, reader: &mut reader }).unwrap()
}

fn said(extracted: &Extracted) -> String {
    match &extracted.outcome {
        Outcome::Read(reading) => {
            reading.passages.iter().map(|passage| passage.text.as_str()).collect::<Vec<_>>().join("/")
        }
        Outcome::Unreadable { reason, .. } => reason.to_string(),
        Outcome::Unsupported { kind } => format!("unsupported {kind}"),
        Outcome::OcrPending => "ocr".to_owned(),
    }
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        io::Write::write_all(&mut writer, bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn every_layer_of_the_fence_holds() {
    let worker = worker(&Limits::default());
    for (name, layer) in worker.fence().layers() {
        // A kernel without landlock says so; everything else must be there on any Linux that runs the tests.
        let missing = name == "landlock" && matches!(layer, Layer::Off(_) | Layer::Partly(_));
        assert!(missing || *layer == Layer::On, "{name}: {layer}");
    }
}

#[test]
fn one_worker_reads_many_files() {
    let mut worker = worker(&Limits::default());
    for number in 0..1_200 {
        let text = format!("Seal {number} checked");
        assert_eq!(said(&extract(&mut worker, "a.txt", text.as_bytes())), text);
    }
}

#[test]
fn a_death_costs_one_file() {
    let limits =
        Limits { memory_bytes: 170 << 20, cpu_seconds: 1, ratio: 10_000, member_bytes: 1 << 30, ..Limits::default() };
    let mut worker = worker(&limits);
    let large = vec![b'x'; 250 << 20];
    // Mark-up without a word: nothing to keep, but every tag has to be looked at.
    let tags = b"<html>".iter().chain(b"<i></i>".iter().cycle()).copied().take(40 << 20).collect::<Vec<u8>>();
    let names: Vec<String> = (0..24).map(|number| format!("{number}.html")).collect();
    let costly = zip_of(&names.iter().map(|name| (name.as_str(), tags.as_slice())).collect::<Vec<_>>());
    assert_eq!(said(&extract(&mut worker, "a.txt", b"before")), "before");
    assert_eq!(said(&extract(&mut worker, "big.txt", &large)), "too-much-memory");
    assert_eq!(said(&extract(&mut worker, "a.txt", b"between")), "between");
    assert_eq!(said(&extract(&mut worker, "costly.zip", &costly)), "too-much-time");
    assert_eq!(said(&extract(&mut worker, "a.txt", b"after")), "after");
}

#[test]
fn an_answer_over_its_limit_is_named() {
    let mut worker = worker(&Limits { output_bytes: 4 << 10, ..Limits::default() });
    assert_eq!(said(&extract(&mut worker, "a.txt", &b"many words ".repeat(1_000))), "too-much-output");
    assert_eq!(said(&extract(&mut worker, "a.txt", b"few")), "few");
}

/// Fails after some bytes, as a disk does.
struct Failing<'a>(&'a [u8], io::ErrorKind);

impl Read for Failing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(self.1.into()),
            length => Ok(length),
        }
    }
}

#[test]
fn a_document_that_cannot_be_read_on_is_an_outcome() {
    let mut worker = worker(&Limits { file_bytes: 1 << 20, ..Limits::default() });
    for (start, kind, wanted) in [
        (&b""[..], io::ErrorKind::PermissionDenied, "denied"),
        (b"Seals are", io::ErrorKind::Other, "io"),
        (b"Seals are", io::ErrorKind::ResourceBusy, "locked"),
    ] {
        let mut reader = Failing(start, kind);
        let extracted = worker.extract(&mut Request { name: "a.txt", size: 100, reader: &mut reader }).unwrap();
        assert_eq!(said(&extracted), wanted);
        assert_eq!(said(&extract(&mut worker, "a.txt", b"next")), "next");
    }
    // Larger than the disk said, and larger than allowed as the disk says.
    let mut endless = io::repeat(b'x');
    let extracted = worker.extract(&mut Request { name: "a.txt", size: 10, reader: &mut endless }).unwrap();
    assert_eq!(said(&extracted), "too-large");
    let extracted = worker.extract(&mut Request { name: "a.txt", size: 1 << 40, reader: &mut endless }).unwrap();
    assert_eq!(said(&extracted), "too-large");
    assert_eq!(said(&extract(&mut worker, "a.txt", b"next")), "next");
}

/// A shell script in place of the worker; it begins with a proper handshake.
fn liar(folder: &Path, name: &str, script: &str) -> PathBuf {
    let hello = r#"{"rlimits":"on","no_new_privs":"on","landlock":"on","seccomp":"on"}"#;
    let head = frame_head(0, hello.len() as u64);
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\nprintf '{head}'\nprintf '%s' '{hello}'\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// The head of an answer as `printf` of the shell writes it.
fn frame_head(id: u64, length: u64) -> String {
    let numbers = [id.to_le_bytes(), length.to_le_bytes()].concat();
    numbers.iter().fold("evan".to_owned(), |head, byte| format!("{head}\\{byte:03o}"))
}

#[test]
fn lies_deaths_and_silence_cost_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { wall_seconds: 1, output_bytes: 1 << 20, ..Limits::default() };
    let lie = r#"{"format":"text","outcome":{"unsupported":{"kind":"x"}},"members":[]}"#;
    // A proper answer but for one byte that is no UTF-8.
    let no_text = r#"{"format":"text","outcome":{"unsupported":{"kind":"\377"}},"members":[]}"#;
    let no_text_length = lie.len() as u64;
    for (case, length, script, wanted) in [
        ("garbage", 10, "head -c 50 /dev/zero; exec sleep 60", Unreadable::Crashed),
        (
            "another id",
            10,
            &format!("printf '{}'; printf '%s' '{lie}'; exec sleep 60", frame_head(9, lie.len() as u64)),
            Unreadable::Crashed,
        ),
        ("no json", 10, &format!("printf '{}xxxx'; exec sleep 60", frame_head(1, 4)), Unreadable::Crashed),
        ("too long", 10, &format!("printf '{}'; exec sleep 60", frame_head(1, 1 << 40)), Unreadable::Crashed),
        ("flood", 10, "exec cat /dev/zero", Unreadable::Crashed),
        ("flood of talk", 10, "exec yes >&2", Unreadable::Crashed),
        ("spins", 10, "while :; do :; done", Unreadable::TimedOut),
        (
            "no text",
            10,
            &format!("printf '{}{}'; exec sleep 60", frame_head(1, no_text_length), no_text),
            Unreadable::Crashed,
        ),
        ("cut short", 10, &format!("printf '{}xx'; exit 0", frame_head(1, 4)), Unreadable::Crashed),
        ("dies", 10, "exit 3", Unreadable::Crashed),
        (
            "out of memory",
            10,
            "echo 'memory allocation of 99 bytes failed' >&2; kill -ABRT $$",
            Unreadable::TooMuchMemory,
        ),
        ("out of time", 10, "kill -XCPU $$", Unreadable::TooMuchTime),
        ("forbidden call", 10, "kill -SYS $$", Unreadable::Crashed),
        ("silent", 10, "exec sleep 60", Unreadable::TimedOut),
        ("leaves heirs", 10, "sleep 60 & sleep 60", Unreadable::TimedOut),
        ("takes nothing", 1 << 20, "exec sleep 60", Unreadable::TimedOut),
    ] {
        let program = liar(folder.path(), &case.replace(' ', "-"), script);
        let mut worker = Worker::start_program(program, &limits).unwrap();
        // The second file gets a new process, which lies as well: the worker itself stays usable.
        for _ in 0..2 {
            let extracted = extract(&mut worker, "a.txt", &vec![b'x'; length]);
            let Outcome::Unreadable { reason, detail } = extracted.outcome else { panic!("{case}") };
            assert_eq!(reason, wanted, "{case}: {detail}");
        }
    }
}

#[test]
fn an_answer_too_many_is_not_taken_for_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let answer = r#"{"format":"text","outcome":{"unsupported":{"kind":"x"}},"members":[]}"#;
    let frame = format!("printf '{}'; printf '%s' '{answer}'", frame_head(1, answer.len() as u64));
    let program = liar(folder.path(), "twice", &format!("{frame}; {frame}; exec sleep 60"));
    let mut worker = Worker::start_program(program, &Limits { wall_seconds: 5, ..Limits::default() }).unwrap();
    assert_eq!(said(&extract(&mut worker, "a.txt", b"first")), "unsupported x");
    assert_eq!(said(&extract(&mut worker, "b.txt", b"second")), "crashed");
}

#[test]
fn the_reader_is_read_to_its_end_though_the_worker_dies() {
    let folder = tempfile::tempdir().unwrap();
    let mut worker = Worker::start_program(liar(folder.path(), "dies", "exit 1"), &Limits::default()).unwrap();
    let bytes = vec![b'x'; 3 << 20];
    let mut reader = Cursor::new(&bytes);
    worker.extract(&mut Request { name: "a", size: 3 << 20, reader: &mut reader }).unwrap();
    assert_eq!(reader.position(), 3 << 20);
}

#[test]
fn no_worker_at_all_is_an_error() {
    let limits = Limits::default();
    assert!(matches!(Worker::start_program("/nowhere/evidex".into(), &limits), Err(Error::Start { .. })));
    assert!(matches!(Worker::start_program("/bin/true".into(), &limits), Err(Error::Handshake { .. })));
}
