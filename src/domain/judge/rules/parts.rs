//! A workbook of many sheets, taken apart: small companies keep ten logs in one file.

use crate::domain::reading::{Passage, Place, Properties, Reading};

const PARTS_MAX: usize = 40;
/// Rows that show what a sheet is.
const ROWS_MAX: usize = 300;

/// Each sheet with its number, as a reading of its own; nothing for other papers and for workbooks of one sheet.
pub fn parts(reading: &Reading) -> Vec<(u16, Reading)> {
    if !reading.format.is_spreadsheet() || reading.sheets.len() < 2 {
        return Vec::new();
    }
    let sheets = (0..).zip(reading.sheets.iter().take(PARTS_MAX));
    let part = |at, name: &String| Reading {
        format: reading.format,
        properties: Properties::default(),
        sheets: vec![name.clone()],
        passages: rows_of(reading, at),
        truncated: false,
    };
    sheets.map(|(at, name)| (at, part(at, name))).filter(|(_, part)| !part.passages.is_empty()).collect()
}

/// The rows of one sheet; it is the only sheet of its reading, so its number becomes 0.
fn rows_of(reading: &Reading, wanted: u16) -> Vec<Passage> {
    let row = |passage: &Passage| match passage.place {
        Place::Row { sheet, row } if sheet == wanted => Some(Passage {
            place: Place::Row { sheet: 0, row },
            kind: passage.kind,
            text: passage.text.clone(),
            confidence: passage.confidence,
        }),
        Place::Row { .. } | Place::Page(_) | Place::Slide(_) | Place::Paragraph(_) | Place::Line(_) => None,
    };
    reading.passages.iter().filter_map(row).take(ROWS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::Format;
    use crate::domain::reading::PassageKind;

    #[test]
    fn only_workbooks_of_several_sheets_fall_apart() {
        let passage = |sheet, text: &str| Passage {
            place: Place::Row { sheet, row: 1 },
            kind: PassageKind::TableRow,
            text: text.to_owned(),
            confidence: None,
        };
        for (format, sheets, want) in [
            (Format::Xlsx, vec!["Seals", "Visitors", "Empty"], vec![(0, "seal"), (1, "visitor")]),
            (Format::Ods, vec!["Seals", "Visitors", "Empty"], vec![(0, "seal"), (1, "visitor")]),
            (Format::Xlsx, vec!["Seals"], vec![]),
            (Format::Csv, vec!["Seals", "Visitors"], vec![]),
        ] {
            let reading = Reading {
                format,
                properties: Properties::default(),
                sheets: sheets.into_iter().map(str::to_owned).collect(),
                passages: vec![passage(0, "seal"), passage(1, "visitor")],
                truncated: false,
            };
            let parts = parts(&reading);
            let texts: Vec<(u16, &str)> =
                parts.iter().map(|(at, part)| (*at, part.passages[0].text.as_str())).collect();
            assert_eq!(texts, want);
        }
    }
}
