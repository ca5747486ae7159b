//! What the targets share: limits that keep a run fast, packages built around one part, and which panics count.
//!
//! Invariant: a panic in our own code ends the run. One in a reader's crate is caught by the readers, as it is in the
//! worker, and is only named once, so that a run goes on behind it.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _, Write as _};
use std::sync::{Mutex, Once};

use evidex::extract::{Limits, read};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

static OWN_PANICS_ONLY: Once = Once::new();
static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Any bytes under a name: an outcome, never a panic of our own.
pub fn one(bytes: &[u8], name: &str) {
    OWN_PANICS_ONLY.call_once(own_panics_only);
    let limits =
        Limits { text_bytes: 1 << 20, member_bytes: 8 << 20, pages: 20, cells: 50_000, members: 50, ..Limits::default() };
    let _ = read(bytes, name, &limits);
}

/// libFuzzer's hook aborts at any panic; ours asks first whose code it was.
fn own_panics_only() {
    let abort = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let place = info.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        if !place.contains("/.cargo/registry/") && !place.contains("/rustc/") && !place.contains("library/") {
            abort(info);
        }
        if SEEN.lock().is_ok_and(|mut seen| seen.insert(place.clone())) {
            eprintln!("caught in a crate: {place}");
        }
    }));
}

/// A package of which one part is the input: its first line names the part, the rest is the part.
///
/// Without this, nearly every change to a file would end at the checksum of its member.
pub fn package(sample: &[u8], parts: &[&str], input: &[u8], name: &str) {
    let Some(end) = input.iter().take(100).position(|byte| *byte == b'\n') else { return one(input, name) };
    let wanted = String::from_utf8_lossy(&input[..end]).into_owned();
    let mut archive = ZipArchive::new(Cursor::new(sample)).expect("a fixture of this repository");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for part in parts.iter().filter(|part| **part != wanted) {
        let mut bytes = Vec::new();
        if archive.by_name(part).is_ok_and(|mut found| found.read_to_end(&mut bytes).is_ok()) {
            writer.start_file(*part, stored).and_then(|()| Ok(writer.write_all(&bytes)?)).expect("writes to memory");
        }
    }
    if writer.start_file(wanted, stored).is_ok() {
        writer.write_all(&input[end + 1..]).expect("writes to memory");
    }
    one(&writer.finish().expect("writes to memory").into_inner(), name);
}
