//! Mails built property by property.

use proptest::prelude::*;

use crate::domain::reading::{Extracted, Format, Outcome};
use crate::extract::limits::Limits;
use crate::extract::ole::build::ole;
use crate::extract::ooxml::build::lines;
use crate::extract::open;

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A mail with a body under the given property and one attachment.
fn mail(body: (&str, &[u8])) -> Vec<u8> {
    let ticks: i64 = (1_775_000_000 + 11_644_473_600) * 10_000_000;
    let times = [&[0; 32][..], &0x0039_0040_u32.to_le_bytes(), &[0; 4], &ticks.to_le_bytes()].concat();
    let body_name = format!("__substg1.0_{}", body.0);
    let (subject, from, address, to, name) =
        (wide("Revisión of seals"), wide("Ann Roe"), wide("ann@x.com"), wide("Bob"), wide("log.csv"));
    ole(&[
        ("__properties_version1.0", &times),
        ("__substg1.0_0037001F", &subject),
        ("__substg1.0_0C1A001F", &from),
        ("__substg1.0_0C1F001F", &address),
        ("__substg1.0_0E04001F", &to),
        (&body_name, body.1),
        ("__attach_version1.0_#00000000/__substg1.0_3707001F", &name),
        ("__attach_version1.0_#00000000/__substg1.0_37010102", b"Date,Seal,Guard\n2026-10-01,A1,Roe\n"),
    ])
}

fn opened(bytes: &[u8]) -> (Extracted, Vec<String>) {
    let extracted = open::read(bytes, "a.msg", &Limits::default());
    let Outcome::Read(reading) = &extracted.outcome else { panic!("{extracted:?}") };
    let lines = lines(reading);
    (extracted, lines)
}

#[test]
fn headers_body_and_attachments() {
    for (case, id, body) in [
        ("plain", "1000001F", wide("Checked.\r\n\r\n-----Original Message-----\r\nOld.")),
        ("page", "10130102", b"<p>Checked.</p><p>-----Original Message-----</p><p>Old.</p>".to_vec()),
        (
            "rtf",
            "10090102",
            [&b"\0\0\0\0\0\0\0\0MELA\0\0\0\0"[..], br"{\rtf1 Checked.\par -----Original Message-----\par Old.}"]
                .concat(),
        ),
    ] {
        let (extracted, lines) = opened(&mail((id, &body)));
        assert_eq!(extracted.format, Format::Msg, "{case}");
        assert_eq!(
            lines,
            [
                "paragraph 1 MailHeader from|Ann Roe <ann@x.com>",
                "paragraph 2 MailHeader to|Bob",
                "paragraph 3 MailHeader date|2026-03-31T23:33:20Z",
                "paragraph 4 MailHeader subject|Revisión of seals",
                "paragraph 5 Text Checked.",
                "paragraph 6 Note -----Original Message-----",
                "paragraph 7 Note Old.",
            ],
            "{case}"
        );
        let members: Vec<(&str, Format)> =
            extracted.members.iter().map(|member| (member.name.as_str(), member.extracted.format)).collect();
        assert_eq!(members, [("log.csv", Format::Csv)], "{case}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn changed_bytes_end_without_a_panic(changes in prop::collection::vec((0..9_000_usize, any::<u8>()), 1..20)) {
        let mut bytes = mail(("1000001F", &wide("Hello")));
        for (at, with) in changes {
            let at = at % bytes.len();
            bytes[at] = with;
        }
        let _ = open::read(&bytes, "a.msg", &Limits::default());
    }
}
