//! Any text, judged: signals and a verdict, never a panic.
#![no_main]

use evidex::domain::catalog::Catalog;
use evidex::domain::judge::Judge;
use evidex::domain::reading::{Format, Passage, PassageKind, Place, Properties, Reading};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

static JUDGE: OnceLock<Judge> = OnceLock::new();

fuzz_target!(|text: &str| {
    let judge = JUDGE.get_or_init(|| Judge::new(Catalog::built_in()));
    let kinds = [PassageKind::Text, PassageKind::TableRow, PassageKind::TableHead, PassageKind::Heading];
    let passages = text.lines().zip(kinds.into_iter().cycle()).zip(1..).map(|((line, kind), n)| Passage {
        place: Place::Paragraph(n),
        kind,
        text: line.to_owned(),
        confidence: None,
    });
    let reading = Reading {
        format: Format::Text,
        properties: Properties::default(),
        sheets: Vec::new(),
        passages: passages.collect(),
        truncated: false,
    };
    let judgement = judge.judge(&reading);
    let _ = judge.verdict(&judgement, &Judge::hint(text.lines().next().unwrap_or_default()));
});
