//! Any text, searched for dates, as running text, table and file name: never a panic.
#![no_main]

use evidex::domain::judge::dates;
use evidex::domain::reading::{Format, Passage, PassageKind, Place, Properties, Reading};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let kinds = [PassageKind::TableHead, PassageKind::TableRow, PassageKind::TableRow, PassageKind::Text, PassageKind::Field];
    let passages = text.lines().zip(kinds.into_iter().cycle()).zip(1..).map(|((line, kind), row)| Passage {
        place: Place::Row { sheet: 0, row },
        kind,
        text: line.to_owned(),
    });
    let reading = Reading {
        format: Format::Xlsx,
        properties: Properties::default(),
        sheets: vec!["Log".to_owned()],
        passages: passages.collect(),
        truncated: false,
    };
    let _ = dates::scan(&reading);
    let (name, folder) = text.split_once('\n').unwrap_or((text, ""));
    let _ = dates::in_name(name, folder);
    let _ = dates::written_day(text);
});
