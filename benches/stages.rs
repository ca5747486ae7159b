//! The stages of a first scan behind the reader, one at a time over the same 200 texts: judge, keep, index.
//!
//! `cargo bench --bench stages`. Reading runs in worker processes of the installed program: `evidex scan --timings` on a
//! folder measures it together with the walk. Only ratios between runs on one machine mean anything.

use std::fmt::Write as _;

use divan::Bencher;
use divan::counter::BytesCount;
use evidex::domain::assess::status::DocumentName;
use evidex::domain::catalog::Catalog;
use evidex::domain::fact::{Fact, Head, Judged};
use evidex::domain::ids::{ContentHash, InstantMs, Seq};
use evidex::domain::judge::signal::Language;
use evidex::domain::judge::verdict::Role;
use evidex::domain::judge::{Judge, Judgement};
use evidex::domain::reading::{Format, Reading};
use evidex::index::{Card, Index, IndexedDocument, Made, Sketch};
use evidex::ledger::Ledger;
use sha2::{Digest, Sha256};

const TEXTS: u32 = 200;

fn main() {
    divan::main();
}

/// Papers of some 5 kB, no two alike: words of the trade among made-up ones.
fn readings() -> Vec<Reading> {
    (0..TEXTS).map(reading).collect()
}

fn reading(number: u32) -> Reading {
    const WORDS: [&str; 16] = [
        "seal",
        "container",
        "shall",
        "inspected",
        "visitor",
        "log",
        "the",
        "gate",
        "of",
        "driver",
        "training",
        "and",
        "record",
        "supplier",
        "each",
        "password",
    ];
    let mut state = u64::from(number) + 1;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut text = format!("Security procedure {number}\n");
    while text.len() < 5_000 {
        let words: usize = usize::try_from(8 + next(12)).expect("small");
        for _ in 0..words {
            match next(4) {
                0 => drop(write!(text, "w{:x} ", next(20_000))),
                word => {
                    text.push_str(WORDS[usize::try_from(next(4) * 4 + word).expect("small")]);
                    text.push(' ');
                }
            }
        }
        let _ = writeln!(text, "{}.", 2020 + next(6));
    }
    let passages: Vec<serde_json::Value> = (1..)
        .zip(text.lines())
        .map(|(n, line)| serde_json::json!({"place": {"paragraph": n}, "kind": "text", "text": line}))
        .collect();
    let whole = serde_json::json!({
        "format": "docx", "properties": {}, "sheets": [], "passages": passages, "truncated": false
    });
    serde_json::from_value(whole).expect("the form that readers give")
}

fn bytes(readings: &[Reading]) -> usize {
    readings.iter().flat_map(|reading| &reading.passages).map(|passage| passage.text.len()).sum()
}

fn hash(bytes: &[u8]) -> ContentHash {
    ContentHash(Sha256::digest(bytes).into())
}

#[divan::bench]
fn judge(bencher: Bencher<'_, '_>) {
    let (judge, readings) = (Judge::new(Catalog::built_in()), readings());
    let judge_all = || readings.iter().map(|reading| judge.judge(reading)).collect::<Vec<Judgement>>();
    bencher.counter(BytesCount::new(bytes(&readings))).bench(judge_all);
}

#[divan::bench]
fn keep_in_the_ledger(bencher: Bencher<'_, '_>) {
    let (judge, readings) = (Judge::new(Catalog::built_in()), readings());
    let judgements: Vec<Judgement> = readings.iter().map(|reading| judge.judge(reading)).collect();
    let folder = tempfile::tempdir().expect("a place for the ledger");
    let mut round = 0;
    bencher.counter(BytesCount::new(bytes(&readings))).bench_local(|| {
        round += 1;
        let mut ledger = Ledger::open(&folder.path().join(format!("{round}.db"))).expect("a new ledger");
        let (mut facts, mut payloads) = (Vec::new(), Vec::new());
        for (reading, judgement) in readings.iter().zip(&judgements) {
            let text = serde_json::to_vec(reading).expect("plain values");
            let judged = serde_json::to_vec(judgement).expect("plain values");
            let (content, judgement) = (hash(&text), hash(&judged));
            facts.push(Fact::Judged(Judged { content, judge: "bench".to_owned(), judgement }));
            payloads.extend([(content, text), (judgement, judged)]);
        }
        ledger.append(InstantMs(1), &facts, &payloads).expect("appended")
    });
}

#[divan::bench]
fn index(bencher: Bencher<'_, '_>) {
    let readings = readings();
    let folder = tempfile::tempdir().expect("a place for the index");
    let mut round = 0;
    bencher.counter(BytesCount::new(bytes(&readings))).bench_local(|| {
        round += 1;
        let index = Index::create(&folder.path().join(round.to_string())).expect("a new index");
        let mut writer = index.writer().expect("the only writer");
        for (n, reading) in readings.iter().enumerate() {
            writer.put(&document(n, reading)).expect("put");
        }
        let head = Head { seq: Seq(1), hash: ContentHash([0; 32]) };
        writer.commit(Made { head, by: "bench".to_owned() }).expect("committed");
    });
}

fn document(n: usize, reading: &Reading) -> IndexedDocument {
    let texts: Vec<&str> = reading.passages.iter().map(|passage| passage.text.as_str()).collect();
    let path = format!("folder/{n}.docx");
    let card = Card {
        key: format!("1:{path}"),
        file: format!("1:{path}"),
        name: DocumentName { root: "/srv/papers".into(), site: "main".into(), path, path_b64: None },
        title: texts.first().copied().unwrap_or_default().to_owned(),
        format: Some(Format::Docx),
        role: Some(Role::Procedure),
        kinds: Vec::new(),
        criteria: Vec::new(),
        outcome: vec!["read".to_owned()],
        day: None,
        content: None,
        sketch: Sketch::default(),
    };
    let (headings, text) = (String::new(), texts.join("\n"));
    IndexedDocument { card, headings, text, language: Language::English, known: Vec::new() }
}
