//! Mail messages: headers, the body that a person reads, and attachments as child documents.
//!
//! What is quoted from earlier mails becomes notes: it can be found, but its dates and names are not this mail's.

use mail_parser::{
    Address, DateTime, Encoding, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders as _, PartType,
};

use super::clean;
use super::encoding;
use super::html;
use super::limits::{Limits, ReadError};
use super::open::{Container, Opening};
use super::text::{Passages, paragraphs};
use crate::domain::reading::{Format, Member, Passage, PassageKind, Place, Properties, Reading};

const HEADER_BYTES_MAX: usize = 4_000;
/// A picture inside the text smaller than this is a logo or a smiley.
const INLINE_PICTURE_BYTES_MIN: usize = 48 << 10;
/// A plain alternative with fewer words than this part of the HTML one only says "open me in a browser".
const PLAIN_SHARE_MIN: usize = 3;

pub(super) fn read(bytes: &[u8], opening: &mut Opening<'_>) -> Result<Container, ReadError> {
    // Some programs save mails in UTF-16, which no mail parser expects.
    let decoded;
    let encoding = encoding::guess(bytes);
    let bytes = if encoding.is_ascii_compatible() {
        bytes
    } else {
        decoded = encoding::decode_as(bytes, encoding);
        decoded.as_bytes()
    };
    let message = MessageParser::default().parse(bytes).ok_or_else(|| ReadError::damaged("not a mail"))?;
    let reading = reading(&message, opening.limits());
    let mut members = Vec::new();
    let fault = attachments(&message, bytes, opening, &mut members).err();
    Ok(Container { reading, members, fault, pictures: Vec::new() })
}

fn reading(message: &Message<'_>, limits: &Limits) -> Reading {
    let subject = message.subject().map(|text| clean::one_line(text, HEADER_BYTES_MAX)).filter(|text| !text.is_empty());
    let date = message.date().filter(|date| date.is_valid()).map(DateTime::to_rfc3339);
    let headers = Headers {
        from: addresses(message.from()),
        to: addresses(message.to()),
        cc: addresses(message.cc()),
        date: date.or_else(|| raw_date(message)),
        subject,
    };
    put_together(Format::Eml, headers, body(message, limits), limits)
}

/// The headers of a mail, from any format of mail.
pub(super) struct Headers {
    pub from: Option<String>,
    pub to: Option<String>,
    pub cc: Option<String>,
    /// ISO text, or the date as it stands.
    pub date: Option<String>,
    pub subject: Option<String>,
}

/// Headers and body as a reading; what is quoted in the body becomes notes.
pub(super) fn put_together(format: Format, headers: Headers, body: Vec<Passage>, limits: &Limits) -> Reading {
    let Headers { from, to, cc, date, subject } = headers;
    let lines = [("from", &from), ("to", &to), ("cc", &cc), ("date", &date), ("subject", &subject)];
    let mut passages = Passages::new(limits);
    let mut blocks = 1_u32..;
    let mut place = || Place::Paragraph(blocks.next().unwrap_or(u32::MAX));
    for (name, value) in lines {
        if let Some(value) = value {
            passages.push(place(), PassageKind::MailHeader, format!("{name}\t{value}"));
        }
    }
    let mut quoting = Quoting::default();
    for passage in body {
        let (kind, text) = quoting.judge(passage);
        if !passages.push(place(), kind, text) {
            break;
        }
    }
    let created = date.filter(|date| date.starts_with(|c: char| c.is_ascii_digit()));
    let properties = Properties { title: subject, author: from, created, ..Properties::default() };
    passages.into_reading(format, properties)
}

fn addresses(address: Option<&Address<'_>>) -> Option<String> {
    let one = |address: &mail_parser::Addr<'_>| match (&address.name, &address.address) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(one), None) | (None, Some(one)) => one.to_string(),
        (None, None) => String::new(),
    };
    let all: Vec<String> = address?.iter().map(one).filter(|text| !text.is_empty()).collect();
    Some(clean::one_line(&all.join(", "), HEADER_BYTES_MAX)).filter(|text| !text.is_empty())
}

/// A date that the parser cannot make sense of, as it stands.
fn raw_date(message: &Message<'_>) -> Option<String> {
    message.header_raw("Date").map(|text| clean::one_line(text, 100)).filter(|text| !text.is_empty())
}

/// The passages of the text a person reads: plain text if it says as much as the HTML beside it.
fn body(message: &Message<'_>, limits: &Limits) -> Vec<Passage> {
    let plain = parts(message, &message.text_body, limits);
    let has_html = message.html_bodies().any(|part| matches!(part.body, PartType::Html(_)));
    let plain_only = message.text_bodies().all(|part| matches!(part.body, PartType::Text(_)));
    if !(has_html && plain_only) {
        return plain;
    }
    let rich = parts(message, &message.html_body, limits);
    let words = |passages: &[Passage]| passages.iter().flat_map(|p| p.text.split_whitespace()).count();
    if words(&plain).saturating_mul(PLAIN_SHARE_MIN) < words(&rich) { rich } else { plain }
}

fn parts(message: &Message<'_>, ids: &[u32], limits: &Limits) -> Vec<Passage> {
    let mut passages = Vec::new();
    for part in ids.iter().filter_map(|id| message.parts.get(*id as usize)) {
        match &part.body {
            PartType::Text(text) => passages.extend(paragraphs(text).map(|(line, text)| Passage {
                place: Place::Line(line),
                kind: PassageKind::Text,
                text,
                confidence: None,
            })),
            PartType::Html(text) => passages.extend(html::read_text(text, limits).passages),
            PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Message(_) | PartType::Multipart(_) => {}
        }
    }
    passages
}

/// Follows where the mail ends and what it answers begins.
#[derive(Default)]
struct Quoting {
    /// Everything from here on is an earlier mail.
    begun: bool,
    /// An underscore rule or a `From:` line was seen just before.
    near: bool,
}

impl Quoting {
    fn judge(&mut self, passage: Passage) -> (PassageKind, String) {
        let text = passage.text.trim();
        let starts_block = is_separator(text) || (self.near && is_quoted_header(text));
        self.near = is_first_quoted_header(text) || (!text.is_empty() && text.chars().all(|c| c == '_'));
        self.begun |= starts_block;
        if self.begun || text.starts_with('>') || self.near {
            let bare = text.trim_start_matches(['>', ' ']).replace('\t', " ");
            (PassageKind::Note, bare)
        } else {
            (passage.kind, passage.text)
        }
    }
}

/// What mail programs write above the mail that is answered or forwarded.
fn is_separator(text: &str) -> bool {
    let lower = text.to_lowercase();
    let bare = lower.trim_matches(['-', '_', ' ', '>']);
    let dashed = lower.starts_with("--");
    let said = ["wrote:", "escribió:", "ha scritto:", "a écrit :", "schrieb:"];
    let began = ["on ", "el ", "am ", "le ", "il "];
    (dashed && ["original message", "mensaje original", "forwarded message", "mensaje reenviado"].contains(&bare))
        || (text.len() < 300
            && said.iter().any(|end| lower.ends_with(end))
            && began.iter().any(|on| lower.starts_with(on)))
        || (is_first_quoted_header(text) && [" sent: ", " enviado: "].iter().any(|mark| lower.contains(mark)))
}

fn is_first_quoted_header(text: &str) -> bool {
    ["From: ", "De: ", "*From:* "].iter().any(|mark| text.starts_with(mark))
}

fn is_quoted_header(text: &str) -> bool {
    ["From: ", "De: ", "Sent: ", "Enviado: ", "Enviado el: ", "Date: ", "Fecha: ", "To: ", "Para: ", "*Sent:* "]
        .iter()
        .any(|mark| text.starts_with(mark))
}

fn attachments(
    message: &Message<'_>,
    raw: &[u8],
    opening: &mut Opening<'_>,
    members: &mut Vec<Member>,
) -> Result<(), ReadError> {
    for part in message.attachments() {
        let bytes = content(part, raw);
        if is_decoration(part, bytes) {
            continue;
        }
        opening.admit()?;
        if bytes.len() as u64 > opening.bytes_left() {
            return Err(ReadError::bomb(format!("more than {} MiB unpacked", opening.limits().member_bytes >> 20)));
        }
        members.push(opening.member(name(part), bytes));
    }
    Ok(())
}

fn content<'a>(part: &'a MessagePart<'_>, raw: &'a [u8]) -> &'a [u8] {
    match (&part.body, part.encoding) {
        // A message inside a message shares the outer one's bytes: its own are between its offsets.
        (PartType::Message(_), Encoding::None) => {
            raw.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default()
        }
        _ => part.contents(),
    }
}

/// Logos, smileys and signatures of the mail program.
fn is_decoration(part: &MessagePart<'_>, bytes: &[u8]) -> bool {
    let is_inline = part.content_id().is_some() || matches!(part.body, PartType::InlineBinary(_));
    let is_picture = part.content_type().is_some_and(|kind| kind.c_type.eq_ignore_ascii_case("image"));
    (is_inline && is_picture && bytes.len() < INLINE_PICTURE_BYTES_MIN)
        || part.is_content_type("application", "pgp-signature")
}

fn name(part: &MessagePart<'_>) -> String {
    let stated = part.attachment_name().map(str::to_owned);
    let of_message = || {
        let subject = part.message()?.subject()?;
        Some(format!("{}.eml", subject.replace(['/', '\\'], "-")))
    };
    let by_type = || match part.headers.iter().find(|header| header.name() == "Content-Type")?.value() {
        HeaderValue::ContentType(kind) => Some(format!("attachment.{}", kind.subtype()?)),
        _ => None,
    };
    clean::member_name(&stated.or_else(of_message).or_else(by_type).unwrap_or_else(|| "attachment".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::open;
    use super::*;
    use crate::domain::reading::{Extracted, Outcome};

    const HEAD: &str = "From: Ann Roe <ann@x.com>\nTo: bob@y.com\nDate: Thu, 1 Oct 2026 09:30:00 -0500\n\
        Subject: =?utf-8?q?Revisi=C3=B3n?= of seals\nMessage-ID: <1@x>\nMIME-Version: 1.0\n";

    fn opened(rest: &str) -> Extracted {
        open::read(format!("{HEAD}{rest}").as_bytes(), "a.eml", &Limits::default())
    }

    fn body_of(extracted: &Extracted) -> Vec<(PassageKind, &str)> {
        let Outcome::Read(reading) = &extracted.outcome else { panic!("{extracted:?}") };
        let body = reading.passages.iter().filter(|passage| passage.kind != PassageKind::MailHeader);
        body.map(|passage| (passage.kind, passage.text.as_str())).collect()
    }

    #[test]
    fn headers_are_passages_and_properties() {
        let mail = opened("Content-Type: text/plain\n\nHello");
        let Outcome::Read(reading) = &mail.outcome else { panic!("{mail:?}") };
        let headers: Vec<&str> = reading.passages.iter().take(4).map(|passage| passage.text.as_str()).collect();
        assert_eq!(
            headers,
            [
                "from\tAnn Roe <ann@x.com>",
                "to\tbob@y.com",
                "date\t2026-10-01T09:30:00-05:00",
                "subject\tRevisión of seals"
            ]
        );
        assert_eq!(reading.properties.created.as_deref(), Some("2026-10-01T09:30:00-05:00"));
        assert_eq!(body_of(&mail), [(PassageKind::Text, "Hello")]);
    }

    #[test]
    fn what_is_quoted_is_a_note() {
        use PassageKind::{Note, Text};
        for (case, body, wanted) in [
            ("marks", "New.\n> Old.\nNew too.", vec![(Text, "New."), (Note, "Old."), (Text, "New too.")]),
            (
                "gmail",
                "Yes.\n\nOn Mon, 5 Jan 2026 Bob wrote:\nOld.",
                vec![(Text, "Yes."), (Note, "On Mon, 5 Jan 2026 Bob wrote:"), (Note, "Old.")],
            ),
            (
                "spanish",
                "Sí.\n\nEl 5 ene 2026, Bob escribió:\nViejo.",
                vec![(Text, "Sí."), (Note, "El 5 ene 2026, Bob escribió:"), (Note, "Viejo.")],
            ),
            (
                "outlook",
                "Ok.\n-----Original Message-----\nFrom: Bob\nOld.",
                vec![(Text, "Ok."), (Note, "-----Original Message-----"), (Note, "From: Bob"), (Note, "Old.")],
            ),
            (
                "block",
                "Ok.\n\nFrom: Bob\nSent: Monday\nOld.",
                vec![(Text, "Ok."), (Note, "From: Bob"), (Note, "Sent: Monday"), (Note, "Old.")],
            ),
            (
                "a list",
                "On Monday the guard wrote a report.\nFine.",
                vec![(Text, "On Monday the guard wrote a report."), (Text, "Fine.")],
            ),
        ] {
            let mail = opened(&format!("Content-Type: text/plain; charset=utf-8\n\n{body}"));
            assert_eq!(body_of(&mail), wanted, "{case}");
        }
    }

    #[test]
    fn plain_text_is_preferred_unless_it_says_nothing() {
        let alternative = |plain: &str| {
            format!(
                "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n{plain}\n--b\n\
                 Content-Type: text/html\n\n<p>The seals were checked at the gate by the guard.</p>\n--b--\n"
            )
        };
        assert_eq!(
            body_of(&opened(&alternative("The seals were checked by the guard.")))[0].1,
            "The seals were checked by the guard."
        );
        assert_eq!(
            body_of(&opened(&alternative("See HTML.")))[0].1,
            "The seals were checked at the gate by the guard."
        );
    }

    #[test]
    fn attachments_are_members() {
        let inner = "From: c@z.com\nTo: d@z.com\nMessage-ID: <2@z>\nSubject: inner\n\nInner text";
        let mail = opened(&format!(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee attached.\n\
             --b\nContent-Type: text/csv; name=\"../log.csv\"\nContent-Disposition: attachment; filename=\"../log.csv\"\n\n\
             Date,Seal,Guard\n2026-10-01,A1,Roe\n\
             --b\nContent-Type: message/rfc822\n\n{inner}\n\
             --b\nContent-Type: image/png\nContent-ID: <logo>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n"
        ));
        let members: Vec<(&str, Format)> = mail.members.iter().map(|m| (m.name.as_str(), m.extracted.format)).collect();
        assert_eq!(members, [("log.csv", Format::Csv), ("inner.eml", Format::Eml)]);
        assert_eq!(body_of(&mail.members[1].extracted), [(PassageKind::Text, "Inner text")]);
    }

    #[test]
    fn a_mail_in_utf16_is_read() {
        let text = format!("{HEAD}Content-Type: text/plain\n\nHello");
        let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let mail = open::read(&bytes, "a.eml", &Limits::default());
        assert_eq!(body_of(&mail), [(PassageKind::Text, "Hello")]);
    }
}
