//! Documents built stream by stream; those of real programs are in `fixtures/formats`.

use proptest::prelude::*;

use crate::domain::reading::{Outcome, Unreadable};
use crate::extract::limits::Limits;
use crate::extract::ole::build::ole;
use crate::extract::ooxml::build::lines;
use crate::extract::open;

const TEXT_AT: usize = 1_536;

/// A document of two pieces, the second of two bytes a character, and the lengths of its stories.
fn document(narrow: &[u8], wide: &str, lengths: &[(usize, u32)], flags: u16) -> Vec<u8> {
    let wide: Vec<u16> = wide.encode_utf16().collect();
    let mut main = vec![0; TEXT_AT];
    let mut put = |at: usize, bytes: &[u8]| main[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, b"\xec\xa5\xc1\0");
    put(10, &flags.to_le_bytes());
    for (at, length) in lengths {
        put(*at, &length.to_le_bytes());
    }
    let number = |value: usize| u32::try_from(value).unwrap().to_le_bytes();
    let (first, second) = (narrow.len(), narrow.len() + wide.len());
    let wide_at = TEXT_AT + narrow.len() + narrow.len() % 2;
    let places = [2 * TEXT_AT + 0x4000_0000, wide_at];
    let pieces = [
        &b"\x01\x02\0ab\x02"[..],
        &number(28),
        &number(0),
        &number(first),
        &number(second),
        &[0, 0],
        &number(places[0]),
        &[0, 0, 0, 0],
        &number(places[1]),
        &[0, 0],
    ]
    .concat();
    put(154 + 8 * 33, &number(0));
    put(154 + 8 * 33 + 4, &number(pieces.len()));
    main.extend_from_slice(narrow);
    main.resize(wide_at, 0);
    main.extend(wide.iter().flat_map(|unit| unit.to_le_bytes()));
    ole(&[("WordDocument", &main), ("0Table", &pieces)])
}

fn sample() -> Vec<u8> {
    let narrow = b"Seals \x93are\x94\x13 HYPERLINK x\x14 checked\x15\rDate\x07Seal no\x072026\x07";
    let narrow = [&narrow[..], b"\r"].concat();
    let wide = "Revisión 😀\r\u{2}By the guard\r";
    let body = u32::try_from(narrow.len() + "Revisión ".chars().count() + 3).unwrap();
    document(&narrow, wide, &[(0x4c, body), (0x50, 14)], 0)
}

#[test]
fn pieces_fields_and_notes() {
    let Outcome::Read(reading) = open::read(&sample(), "a.doc", &Limits::default()).outcome else { panic!() };
    assert_eq!(
        lines(&reading),
        [
            "paragraph 1 Text Seals \u{201c}are\u{201d} checked",
            "paragraph 2 TableRow Date|Seal no|2026",
            "paragraph 3 Text Revisión 😀",
            "paragraph 1 Note By the guard",
        ]
    );
}

#[test]
fn locked_and_broken_documents_say_so() {
    let outcome = |bytes: &[u8]| match open::read(bytes, "a.doc", &Limits::default()).outcome {
        Outcome::Unreadable { reason, .. } => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(outcome(&document(b"x", "y", &[], 0x100)), Unreadable::Encrypted);
    assert_eq!(outcome(&ole(&[("WordDocument", b"\xec\xa5\xc1\0"), ("0Table", b"")])), Unreadable::Damaged);
    assert_eq!(outcome(&ole(&[("WordDocument", &[0; 40])])), Unreadable::Empty);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn changed_bytes_end_without_a_panic(changes in prop::collection::vec((0..5_000_usize, any::<u8>()), 1..20)) {
        let mut bytes = sample();
        for (at, with) in changes {
            let at = at % bytes.len();
            bytes[at] = with;
        }
        let _ = super::read(&bytes, &Limits::default());
    }
}
