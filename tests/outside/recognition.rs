//! Text recognition with the real Tesseract: the scans of the shipped company folder.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn evidex(state: &Path, args: &[&str]) -> Value {
    let run = Command::new(env!("CARGO_BIN_EXE_evidex"))
        // Not the machine's own configuration, which the test of the package installs for a while.
        .env("EVIDEX_CONFIG", "/dev/null")
        .args(["--ocr", "auto", "--state"])
        .arg(state)
        .args(args)
        .args(["--format", "json"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&run.stdout);
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text}{}", String::from_utf8_lossy(&run.stderr)))
}

#[test]
fn scans_of_the_shipped_folder_are_recognised() {
    let listed = Command::new("tesseract").arg("--list-langs").output().expect("tesseract is installed");
    let listed = String::from_utf8_lossy(&listed.stdout);
    assert!(listed.contains("eng") && listed.contains("spa"), "tesseract-ocr-spa is installed: {listed}");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/harbor-pine");
    let state = tempfile::tempdir().unwrap();
    let scan = evidex(state.path(), &["scan", folder.to_str().unwrap()]);
    assert_eq!(scan["ocr_pending"].as_u64(), Some(0), "{scan}");
    let text = evidex(state.path(), &["documents", "visitor sign in aug.pdf", "--text"]);
    let passages = text["passages"].as_array().unwrap();
    let words = passages.iter().map(|passage| passage["text"].as_str().unwrap().to_lowercase()).collect::<String>();
    assert!(words.contains("visitor"), "{words}");
    assert!(passages.iter().all(|passage| passage["confidence"].is_u64()));
}
