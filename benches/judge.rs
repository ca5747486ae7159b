//! How fast a text is judged, in bytes a second: rules, model and dates together, and the dates alone.
//!
//! `cargo bench --bench judge`. Only ratios between runs on one machine mean anything.

use std::fmt::Write as _;

use divan::Bencher;
use divan::counter::BytesCount;
use evidex::domain::catalog::Catalog;
use evidex::domain::judge::{Judge, dates};
use evidex::domain::reading::{Format, Passage, PassageKind, Place, Properties, Reading};

fn main() {
    divan::main();
}

/// A seal log of so many rows: the commonest sort of long record.
fn log(rows: u32) -> Reading {
    let head = Passage {
        place: Place::Row { sheet: 0, row: 1 },
        kind: PassageKind::TableHead,
        text: "Date\tSeal number\tContainer\tAffixed by\tVerified by\tRemarks".to_owned(),
        confidence: None,
    };
    let row = |n: u32| Passage {
        place: Place::Row { sheet: 0, row: n + 2 },
        kind: PassageKind::TableRow,
        text: format!(
            "2026-{:02}-{:02}\tHS{:07}\tMSKU{:07}\tR. Soto\tK. Lin\tview, tug, twist ok",
            n % 12 + 1,
            n % 28 + 1,
            n * 7,
            n * 13
        ),
        confidence: None,
    };
    let passages = std::iter::once(head).chain((0..rows).map(row)).collect();
    Reading {
        format: Format::Xlsx,
        properties: Properties::default(),
        sheets: vec!["log".to_owned()],
        passages,
        truncated: false,
    }
}

/// A procedure of so many sections.
fn procedure(sections: u32) -> Reading {
    let mut passages = Vec::new();
    for n in 1..=sections {
        let mut text = String::new();
        for sentence in 0..6 {
            let _ = write!(
                text,
                "The supervisor shall check seal, lock and doors of trailer {sentence} before departure and record the result. "
            );
        }
        passages.push(Passage {
            place: Place::Paragraph(n * 2),
            kind: PassageKind::Heading,
            text: format!("{n}. Loading and sealing"),
            confidence: None,
        });
        passages.push(Passage { place: Place::Paragraph(n * 2 + 1), kind: PassageKind::Text, text, confidence: None });
    }
    Reading { format: Format::Docx, properties: Properties::default(), sheets: Vec::new(), passages, truncated: false }
}

fn bytes(reading: &Reading) -> usize {
    reading.passages.iter().map(|passage| passage.text.len()).sum()
}

#[divan::bench(args = [50, 500])]
fn judge_log(bencher: Bencher<'_, '_>, rows: u32) {
    let (judge, reading) = (Judge::new(Catalog::built_in()), log(rows));
    bencher.counter(BytesCount::new(bytes(&reading))).bench(|| judge.judge(&reading));
}

#[divan::bench(args = [10, 100])]
fn judge_procedure(bencher: Bencher<'_, '_>, sections: u32) {
    let (judge, reading) = (Judge::new(Catalog::built_in()), procedure(sections));
    bencher.counter(BytesCount::new(bytes(&reading))).bench(|| judge.judge(&reading));
}

#[divan::bench(args = [500])]
fn dates_of_log(bencher: Bencher<'_, '_>, rows: u32) {
    let reading = log(rows);
    bencher.counter(BytesCount::new(bytes(&reading))).bench(|| dates::scan(&reading));
}
