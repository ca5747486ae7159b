//! The shape of the code, tested: layers, purity, lengths, module heads, dependencies. What is not held here erodes.
#![allow(clippy::unwrap_used)] // in tests a panic is the answer

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const FILE_LINES_MAX: usize = 800;
const FUNCTION_LINES_MAX: usize = 70;
/// Packages on Linux, development included; each new one is a reader, a licence and a risk more.
const PACKAGES_MAX: usize = 476;

/// Lowest first; modules of one row must not know each other.
const LAYERS: [&[&str]; 5] =
    [&["domain"], &["disk", "extract", "ledger", "index", "report"], &["engine"], &["cli", "web"], &["main"]];

struct Source {
    path: PathBuf,
    text: String,
}

fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(Source { text: fs::read_to_string(&path).unwrap(), path });
            }
        }
    }
    assert!(!found.is_empty(), "no sources below {folder}");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The part of a file before its tests.
fn product(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod ").next().unwrap_or(text)
}

fn module_of(path: &Path) -> String {
    let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    below.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned()
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// Top-level modules that a text names through `crate::`.
fn uses(text: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    for part in code.split("crate::").skip(1) {
        let list = part.strip_prefix('{').map(|inside| inside.split('}').next().unwrap_or(inside));
        match list {
            Some(list) => used.extend(list.split(',').map(|item| first_word(item.trim()))),
            None => {
                used.insert(first_word(part));
            }
        }
    }
    used
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn a_layer_knows_only_the_layers_below_it() {
    let mut breaches = Vec::new();
    for source in sources("src") {
        let module = module_of(&source.path);
        let Some(layer) = layer_of(&module) else { continue };
        for used in uses(&source.text) {
            let Some(used_layer) = layer_of(&used) else { continue };
            if used != module && used_layer >= layer {
                breaches.push(format!("{} uses {used}", source.path.display()));
            }
        }
    }
    assert!(breaches.is_empty(), "{breaches:#?}");
}

#[test]
fn the_domain_and_the_reports_are_pure() {
    let banned = [
        "std::fs",
        "std::env::",
        "std::process",
        "std::thread",
        "std::net",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "rusqlite",
        "tantivy",
        "println!",
        "eprintln!",
    ];
    let mut breaches = Vec::new();
    for source in sources("src/domain").into_iter().chain(sources("src/report")) {
        for word in banned {
            if product(&source.text).contains(word) {
                breaches.push(format!("{} names {word}", source.path.display()));
            }
        }
    }
    assert!(breaches.is_empty(), "{breaches:#?}");
}

#[test]
fn each_technology_has_one_home() {
    let homes = [
        ("rusqlite", "ledger"),
        ("tantivy", "index"),
        ("docx_rs", "report"),
        ("landlock", "extract"),
        ("ureq", "engine"),
        ("lettre", "engine"),
    ];
    let mut breaches = Vec::new();
    for source in sources("src") {
        for (name, home) in homes {
            if module_of(&source.path) != home && product(&source.text).contains(&format!("{name}::")) {
                breaches.push(format!("{} names {name}, which lives in {home}", source.path.display()));
            }
        }
    }
    assert!(breaches.is_empty(), "{breaches:#?}");
}

#[test]
fn every_file_says_what_it_owns() {
    let all = sources("src").into_iter().chain(sources("tests")).chain(sources("benches"));
    let silent: Vec<PathBuf> = all.filter(|source| !source.text.starts_with("//!")).map(|source| source.path).collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn files_and_functions_fit_a_reader() {
    let mut long = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests")) {
        let lines = source.text.lines().count();
        if lines > FILE_LINES_MAX {
            long.push(format!("{}: {lines} lines", source.path.display()));
        }
        for (name, lines) in functions(&source.text) {
            if lines > FUNCTION_LINES_MAX {
                long.push(format!("{}: fn {name} has {lines} lines", source.path.display()));
            }
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}

/// Functions with their lengths: from the line of `fn` to the line of `}` at the same indentation, as rustfmt sets it.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let is_function = ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn ", "const fn ", "pub const fn "]
            .iter()
            .any(|prefix| code.starts_with(prefix));
        if !is_function {
            continue;
        }
        let indent = &line[..line.len() - code.len()];
        let end = format!("{indent}}}");
        let Some(length) = lines[start..].iter().position(|line| *line == end) else { continue };
        let name = first_word(code.split("fn ").nth(1).unwrap_or_default());
        found.push((name, length + 1));
    }
    found
}

#[test]
fn nothing_is_left_for_later() {
    let mut found = Vec::new();
    for source in sources("src").into_iter().chain(sources("tests")) {
        // The words are put together here, so that this file does not find itself.
        for word in [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("#[", "ignore"), concat!("todo", "!(")] {
            if source.text.contains(word) {
                found.push(format!("{}: {word}", source.path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_direct_dependency_has_its_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest: toml::Table = fs::read_to_string(root.join("Cargo.toml")).unwrap().parse().unwrap();
    let architecture = fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap();
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut take = |table: Option<&toml::Value>| {
        names.extend(table.and_then(toml::Value::as_table).into_iter().flat_map(|table| table.keys().cloned()));
    };
    take(manifest.get("dependencies"));
    take(manifest.get("dev-dependencies"));
    for target in manifest.get("target").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::values) {
        take(target.get("dependencies"));
    }
    assert!(names.len() > 20, "the manifest was not understood");
    let silent: Vec<&String> = names.iter().filter(|name| !architecture.contains(&format!("`{name}`"))).collect();
    assert!(silent.is_empty(), "no reason in ARCHITECTURE.md for {silent:?}");
}

#[test]
fn packages_stay_under_the_ceiling() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    let packages = lock.matches("[[package]]").count();
    assert!(packages <= PACKAGES_MAX, "{packages} packages are locked, at most {PACKAGES_MAX} are wanted");
}
