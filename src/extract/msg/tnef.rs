//! TNEF, the `winmail.dat` of mails from Outlook: what other mail programs show as one useless attachment.
//!
//! Own reader, as the format is a list of blocks and no kept-up crate reads it. Invariant: every length is checked
//! against what is left, and a list that stops making sense ends there; what came before is kept.

use super::rich_body;
use crate::domain::reading::{Format, Member, Passage, PassageKind, Place};
use crate::extract::clean;
use crate::extract::encoding;
use crate::extract::html;
use crate::extract::limits::{Limits, ReadError};
use crate::extract::mail::{self, Headers};
use crate::extract::ole::{u32_at, utf16};
use crate::extract::ole_properties::file_time;
use crate::extract::open::{Container, Opening};
use crate::extract::text::paragraphs;

pub(super) const MARK: &[u8] = b"\x78\x9f\x3e\x22";

const HEADER_BYTES_MAX: usize = 4_000;
/// Properties of one list that are looked at.
const PROPERTIES: usize = 2_000;

// Blocks.
const CODE_PAGE: u32 = 0x0006_9007;
const SUBJECT: u32 = 0x0001_8004;
const BODY: u32 = 0x0002_800c;
const PROPERTY_LIST: u32 = 0x0006_9003;
const ATTACHMENT_BEGINS: u32 = 0x0006_9002;
const ATTACHMENT_TITLE: u32 = 0x0001_8010;
const ATTACHMENT_DATA: u32 = 0x0006_800f;
const ATTACHMENT_LIST: u32 = 0x0006_9005;

// Properties.
const P_SUBJECT: u16 = 0x0037;
const P_SENT: u16 = 0x0039;
const P_SENDER_NAME: u16 = 0x0c1a;
const P_SENDER_SMTP: u16 = 0x5d01;
const P_DISPLAY_CC: u16 = 0x0e03;
const P_DISPLAY_TO: u16 = 0x0e04;
const P_BODY: u16 = 0x1000;
const P_RTF: u16 = 0x1009;
const P_HTML: u16 = 0x1013;
const P_DATA: u16 = 0x3701;
const P_FILE_NAME: u16 = 0x3704;
const P_LONG_FILE_NAME: u16 = 0x3707;

// Types of properties.
const NARROW: u16 = 0x1e;
const WIDE: u16 = 0x1f;
const BINARY: u16 = 0x102;
const OBJECT: u16 = 0x0d;

/// The message, its attachments as members.
pub(super) fn message(bytes: &[u8], opening: &mut Opening<'_>) -> Container {
    let limits = *opening.limits();
    let found = Found::of(bytes);
    let text = |id| found.list.text(id, found.page);
    let line = |id| text(id).map(|text| clean::one_line(&text, HEADER_BYTES_MAX)).filter(|text| !text.is_empty());
    let block = |block: Option<&[u8]>| Some(narrow(block?, found.page)).filter(|text| !text.trim().is_empty());
    let headers = Headers {
        from: line(P_SENDER_SMTP).or_else(|| line(P_SENDER_NAME)),
        to: line(P_DISPLAY_TO),
        cc: line(P_DISPLAY_CC),
        date: found.list.get(P_SENT).and_then(|sent| file_time(sent.value)),
        subject: line(P_SUBJECT).or_else(|| block(found.subject).map(|text| clean::one_line(&text, HEADER_BYTES_MAX))),
    };
    let body = body(&found.list, text(P_BODY).or_else(|| block(found.body)), &limits);
    let reading = mail::put_together(Format::Msg, headers, body, &limits);
    let mut members = Vec::new();
    let fault = attachments(&found, opening, &mut members).err();
    Container { reading, members, fault, pictures: Vec::new() }
}

fn body(list: &List<'_>, plain: Option<String>, limits: &Limits) -> Vec<Passage> {
    if let Some(plain) = plain {
        let passage =
            |(line, text)| Passage { place: Place::Line(line), kind: PassageKind::Text, text, confidence: None };
        return paragraphs(&plain).map(passage).collect();
    }
    match (list.get(P_HTML), list.get(P_RTF)) {
        (Some(page), _) => html::read(page.value, limits).passages,
        (None, Some(packed)) => rich_body(packed.value, limits),
        (None, None) => Vec::new(),
    }
}

fn attachments(found: &Found<'_>, opening: &mut Opening<'_>, members: &mut Vec<Member>) -> Result<(), ReadError> {
    for attachment in &found.attachments {
        let list_name = |id| attachment.list.text(id, found.page);
        let title = attachment.title.map(|title| narrow(title, found.page));
        let name = list_name(P_LONG_FILE_NAME).or_else(|| list_name(P_FILE_NAME)).or(title);
        let name = clean::member_name(&name.unwrap_or_else(|| "attachment".to_owned()));
        let object = attachment.list.get(P_DATA).filter(|object| object.sort == OBJECT);
        // Before an attached message stands the number of its interface.
        let inner = object.and_then(|object| object.value.get(16..)).filter(|inner| inner.starts_with(MARK));
        opening.admit()?;
        if let Some(inner) = inner {
            let name = format!("{name}.msg");
            members.push(opening.inner(name, Format::Msg, inner, |opening| message(inner, opening)));
            continue;
        }
        let data = attachment.data.or_else(|| object.map(|object| object.value)).unwrap_or_default();
        if data.len() as u64 > opening.bytes_left() {
            return Err(ReadError::bomb(format!("more than {} MiB unpacked", opening.limits().member_bytes >> 20)));
        }
        members.push(opening.member(name, data));
    }
    Ok(())
}

/// The blocks of a message, sorted out.
#[derive(Default)]
struct Found<'a> {
    /// Of the texts in one byte a character.
    page: Option<u16>,
    subject: Option<&'a [u8]>,
    body: Option<&'a [u8]>,
    list: List<'a>,
    attachments: Vec<Attachment<'a>>,
}

#[derive(Default)]
struct Attachment<'a> {
    title: Option<&'a [u8]>,
    data: Option<&'a [u8]>,
    list: List<'a>,
}

impl<'a> Found<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let mut found = Self::default();
        let mut rest = bytes.get(6..).unwrap_or_default();
        while let Some((block, data, after)) = block(rest) {
            rest = after;
            match (block, found.attachments.last_mut()) {
                (CODE_PAGE, _) => found.page = u32_at(data, 0).and_then(|page| u16::try_from(page).ok()),
                (SUBJECT, _) => found.subject = Some(data),
                (BODY, _) => found.body = Some(data),
                (PROPERTY_LIST, _) => found.list = List::of(data),
                (ATTACHMENT_BEGINS, _) => found.attachments.push(Attachment::default()),
                (ATTACHMENT_TITLE, Some(last)) => last.title = Some(data),
                (ATTACHMENT_DATA, Some(last)) => last.data = Some(data),
                (ATTACHMENT_LIST, Some(last)) => last.list = List::of(data),
                _ => {}
            }
        }
        found
    }
}

/// Level, name, length, the data and their sum.
fn block(bytes: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let name = u32_at(bytes, 1)?;
    let length = usize::try_from(u32_at(bytes, 5)?).ok()?;
    let (data, rest) = bytes.get(9..)?.split_at_checked(length)?;
    Some((name, data, rest.get(2..).unwrap_or_default()))
}

/// A list of properties.
#[derive(Default)]
struct List<'a>(Vec<Property<'a>>);

struct Property<'a> {
    id: u16,
    sort: u16,
    /// The first value; most have one.
    value: &'a [u8],
}

impl<'a> List<'a> {
    fn of(data: &'a [u8]) -> Self {
        let mut rest = data.get(4..).unwrap_or_default();
        let mut list = Vec::new();
        while let Some((property, after)) = property(rest).filter(|_| list.len() < PROPERTIES) {
            rest = after;
            list.push(property);
        }
        Self(list)
    }

    fn get(&self, id: u16) -> Option<&Property<'a>> {
        self.0.iter().find(|property| property.id == id && !property.value.is_empty())
    }

    fn text(&self, id: u16, page: Option<u16>) -> Option<String> {
        let property = self.get(id)?;
        let text = match property.sort {
            WIDE => utf16(property.value),
            NARROW => narrow(property.value, page),
            _ => return None,
        };
        let text = text.trim_end_matches('\0').to_owned();
        (!text.trim().is_empty()).then_some(text)
    }
}

fn property(bytes: &[u8]) -> Option<(Property<'_>, &[u8])> {
    let (&[sort_low, sort_high, id_low, id_high], mut rest) = bytes.split_first_chunk()?;
    let (sort, id) = (u16::from_le_bytes([sort_low, sort_high]), u16::from_le_bytes([id_low, id_high]));
    if id >= 0x8000 {
        rest = after_name(rest)?;
    }
    let single = sort & !0x1000;
    let varies = matches!(single, NARROW | WIDE | BINARY | OBJECT);
    let mut values = 1;
    if varies || sort != single {
        values = u32_at(rest, 0)?;
        rest = rest.get(4..)?;
    }
    let mut first = None;
    for _ in 0..values {
        let length = if varies { usize::try_from(u32_at(rest, 0)?).ok()? } else { fixed_length(single)? };
        rest = rest.get(if varies { 4 } else { 0 }..)?;
        let value = rest.get(..length)?;
        first = first.or(Some(value));
        // The last value of a list may lack its padding.
        rest = rest.get(length.checked_next_multiple_of(4)?..).unwrap_or_default();
    }
    Some((Property { id, sort: single, value: first.unwrap_or_default() }, rest))
}

/// Behind the name of a named property: the set it is of, and a number or a text.
fn after_name(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.get(16..)?;
    if u32_at(rest, 0)? == 0 {
        return rest.get(8..);
    }
    let length = usize::try_from(u32_at(rest, 4)?).ok()?;
    rest.get(8..)?.get(length.checked_next_multiple_of(4)?..)
}

fn fixed_length(sort: u16) -> Option<usize> {
    match sort {
        0x02 | 0x03 | 0x04 | 0x0a | 0x0b => Some(4),
        0x05 | 0x06 | 0x07 | 0x14 | 0x40 => Some(8),
        0x48 => Some(16),
        _ => None,
    }
}

fn narrow(bytes: &[u8], page: Option<u16>) -> String {
    let text = match page {
        Some(page) => encoding::code_page(page).decode_without_bom_handling(bytes).0,
        None => encoding::decode(bytes),
    };
    text.trim_end_matches('\0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::{Extracted, Outcome};
    use crate::extract::open;

    #[allow(clippy::cast_possible_truncation, reason = "short test data")]
    fn block(level: u8, name: u32, data: &[u8]) -> Vec<u8> {
        let length = data.len() as u32;
        [&[level][..], &name.to_le_bytes(), &length.to_le_bytes(), data, &[0, 0]].concat()
    }

    #[allow(clippy::cast_possible_truncation, reason = "short test data")]
    fn property(id: u16, sort: u16, value: &[u8]) -> Vec<u8> {
        let mut bytes = [sort.to_le_bytes(), id.to_le_bytes()].concat();
        if matches!(sort, NARROW | WIDE | BINARY | OBJECT) {
            bytes.extend(1_u32.to_le_bytes());
            bytes.extend((value.len() as u32).to_le_bytes());
        }
        bytes.extend(value);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        bytes
    }

    #[allow(clippy::cast_possible_truncation, reason = "short test data")]
    fn list(properties: &[Vec<u8>]) -> Vec<u8> {
        [&(properties.len() as u32).to_le_bytes()[..], &properties.concat()].concat()
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn winmail() -> Vec<u8> {
        let named = [&[0x03, 0, 0x01, 0x80][..], &[7; 16], &[0, 0, 0, 0, 1, 0, 0, 0], &[9, 0, 0, 0]].concat();
        let properties = [
            named,
            property(P_SENT, 0x40, &133_000_000_000_000_000_u64.to_le_bytes()),
            property(P_SENDER_NAME, NARROW, b"Jos\xe9 Roe\0"),
            property(P_DISPLAY_TO, WIDE, &wide("bob@y.com")),
        ];
        let inner = [&[0_u8; 16][..], MARK, &[1, 0], &block(1, SUBJECT, b"Inner\0"), &block(1, BODY, b"Inner text\0")];
        let forwarded = [property(P_LONG_FILE_NAME, WIDE, &wide("FW")), property(P_DATA, OBJECT, &inner.concat())];
        [
            MARK,
            &[1, 0],
            &block(1, CODE_PAGE, &[0xe4, 0x04, 0, 0, 0, 0, 0, 0]),
            &block(1, SUBJECT, b"Seal log\0"),
            &block(1, BODY, b"See the log.\r\n\0"),
            &block(1, PROPERTY_LIST, &list(&properties)),
            &block(2, ATTACHMENT_BEGINS, &[0; 14]),
            &block(2, ATTACHMENT_TITLE, b"LOG~1.CSV\0"),
            &block(2, ATTACHMENT_DATA, b"Date,Seal,Guard\n2026-10-01,A1,Roe\n"),
            &block(2, ATTACHMENT_LIST, &list(&[property(P_LONG_FILE_NAME, WIDE, &wide("../log 2026.csv"))])),
            &block(2, ATTACHMENT_BEGINS, &[0; 14]),
            &block(2, ATTACHMENT_LIST, &list(&forwarded)),
        ]
        .concat()
    }

    fn texts(extracted: &Extracted) -> Vec<&str> {
        let Outcome::Read(reading) = &extracted.outcome else { panic!("{extracted:?}") };
        reading.passages.iter().map(|passage| passage.text.as_str()).collect()
    }

    #[test]
    fn a_message_and_its_attachments_come_out() {
        let mail = open::read(&winmail(), "winmail.dat", &Limits::default());
        let expected =
            ["from\tJosé Roe", "to\tbob@y.com", "date\t2022-06-18T04:26:40Z", "subject\tSeal log", "See the log."];
        assert_eq!(texts(&mail), expected);
        let members: Vec<(&str, Format)> = mail.members.iter().map(|m| (m.name.as_str(), m.extracted.format)).collect();
        assert_eq!(members, [("log 2026.csv", Format::Csv), ("FW.msg", Format::Msg)]);
        assert_eq!(texts(&mail.members[1].extracted), ["subject\tInner", "Inner text"]);
    }

    #[test]
    fn cut_or_changed_messages_end_without_a_panic() {
        let whole = winmail();
        for at in 6..whole.len() {
            open::read(&whole[..at], "winmail.dat", &Limits::default());
            let mut changed = whole.clone();
            changed[at] ^= 0xff;
            open::read(&changed, "winmail.dat", &Limits::default());
        }
    }
}
