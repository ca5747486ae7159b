//! Who signed a PDF and when, as its digital signature says; nothing is validated.
//!
//! Apart because a signature is a message in another format (CMS, in DER). Only the path to the signer's common name and
//! to the signing time is walked. Invariant: every length is checked against what is there, and nothing recurses.

use hayro_syntax::object::{Dict, String as PdfString};

use super::properties;

/// What stands before every DER common name: the object identifier 2.5.4.3.
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// 1.2.840.113549.1.9.5.
const SIGNING_TIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05];

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const OBJECT: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERAL_TIME: u8 = 0x18;
const TAGGED_0: u8 = 0xa0;
/// Elements of one level that are looked at.
const ELEMENTS: usize = 200;

/// A sentence for the signature field: `digitally signed by J. Doe on 2026-10-03`.
pub(super) fn sentence(signature: &Dict<'_>) -> String {
    let text = |key: &str| properties::text(Some(signature.get::<PdfString<'_>>(key)?.as_bytes()));
    let message = signature.get::<PdfString<'_>>("Contents");
    let message = message.as_ref().map(PdfString::as_bytes).and_then(signed_data);
    let who = text("Name").or_else(|| message.and_then(signer));
    let when = text("M").and_then(|date| written_day(&date)).or_else(|| message.and_then(signing_day));
    let mut said = "digitally signed".to_owned();
    let parts = [(" by ", who), (" on ", when), (", reason: ", text("Reason")), (", at ", text("Location"))];
    for (before, part) in parts {
        if let Some(part) = part {
            said.push_str(before);
            said.push_str(&part);
        }
    }
    said
}

/// The day of `D:20261003140500+02'00'`.
fn written_day(date: &str) -> Option<String> {
    let digits = date.strip_prefix("D:").unwrap_or(date).get(..8)?;
    day(digits)
}

/// `20261003` as `2026-10-03`.
fn day(digits: &str) -> Option<String> {
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = (&digits[..4], &digits[4..6], &digits[6..]);
    let plausible = ("01"..="12").contains(&month) && ("01"..="31").contains(&day) && year > "1980";
    plausible.then(|| format!("{year}-{month}-{day}"))
}

/// One element of a DER message: its tag, what is in it, and the element as a whole.
#[derive(Clone, Copy)]
struct Element<'a> {
    tag: u8,
    inside: &'a [u8],
}

/// The elements side by side in `bytes`; ends where they stop making sense.
fn elements(bytes: &[u8]) -> impl Iterator<Item = Element<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (element, after) = element(rest)?;
        rest = after;
        Some(element)
    })
    .take(ELEMENTS)
}

fn element(bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let digits = usize::from(first & 0x7f);
        if !(1..=4).contains(&digits) {
            return None;
        }
        let (digits, rest) = rest.split_at_checked(digits)?;
        (digits.iter().fold(0_usize, |length, &digit| (length << 8) | usize::from(digit)), rest)
    };
    let (inside, after) = rest.split_at_checked(length)?;
    Some((Element { tag, inside }, after))
}

fn child(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    elements(bytes).find(|element| element.tag == tag).map(|element| element.inside)
}

/// The inside of the SignedData.
fn signed_data(contents: &[u8]) -> Option<&[u8]> {
    let message = child(contents, SEQUENCE)?;
    child(child(message, TAGGED_0)?, SEQUENCE)
}

/// The only signer's part: the last set of the message.
fn signer_info(signed: &[u8]) -> Option<&[u8]> {
    let infos = elements(signed).filter(|element| element.tag == SET).last()?;
    child(infos.inside, SEQUENCE)
}

/// The common name in the certificate whose number the signer's part gives.
fn signer(signed: &[u8]) -> Option<String> {
    let issuer_and_number = child(signer_info(signed)?, SEQUENCE)?;
    let number = child(issuer_and_number, INTEGER)?;
    let certificates = child(signed, TAGGED_0)?;
    let bodies = elements(certificates).filter_map(|certificate| child(certificate.inside, SEQUENCE));
    let own = bodies.into_iter().find(|body| child(body, INTEGER) == Some(number))?;
    // Algorithm, issuer, validity, subject.
    let subject = elements(own).filter(|element| element.tag == SEQUENCE).nth(3)?;
    let pairs = elements(subject.inside).filter_map(|set| child(set.inside, SEQUENCE));
    let named = pairs.into_iter().find(|pair| child(pair, OBJECT) == Some(COMMON_NAME))?;
    let name = elements(named).nth(1)?;
    let text = if name.tag == 0x1e {
        encoding_rs::UTF_16BE.decode_without_bom_handling(name.inside).0.into_owned()
    } else {
        String::from_utf8_lossy(name.inside).into_owned()
    };
    Some(crate::extract::gather::clean(&text)).filter(|text| !text.is_empty())
}

/// The day that the signer's program wrote among the signed attributes.
fn signing_day(signed: &[u8]) -> Option<String> {
    let attributes = child(signer_info(signed)?, TAGGED_0)?;
    let time = elements(attributes).find(|attribute| child(attribute.inside, OBJECT) == Some(SIGNING_TIME))?;
    let time = elements(child(time.inside, SET)?).next()?;
    let digits = std::str::from_utf8(time.inside).ok()?;
    match time.tag {
        UTC_TIME => {
            // Two digits of the year, of 1950 to 2049.
            let century = if digits.get(..2)? < "50" { "20" } else { "19" };
            day(&format!("{century}{}", digits.get(..6)?))
        }
        GENERAL_TIME => day(digits.get(..8)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(clippy::cast_possible_truncation, reason = "short test data")]
    /// An element with its length in as few bytes as hold it.
    fn der(tag: u8, inside: &[&[u8]]) -> Vec<u8> {
        let inside = inside.concat();
        let length = inside.len();
        let head =
            if length < 0x80 { vec![tag, length as u8] } else { vec![tag, 0x82, (length >> 8) as u8, length as u8] };
        [head, inside].concat()
    }

    fn name(common: &str) -> Vec<u8> {
        let pair = der(SEQUENCE, &[&der(OBJECT, &[COMMON_NAME]), &der(0x0c, &[common.as_bytes()])]);
        der(SEQUENCE, &[&der(SET, &[&pair])])
    }

    fn certificate(number: u8, subject: &str) -> Vec<u8> {
        let (version, number) = (der(TAGGED_0, &[&[2, 1, 2]]), der(INTEGER, &[&[number]]));
        let empty = der(SEQUENCE, &[]);
        let body = der(SEQUENCE, &[&version, &number, &empty, &name("Issuer"), &empty, &name(subject)]);
        der(SEQUENCE, &[&body, &empty])
    }

    fn message() -> Vec<u8> {
        let time = der(SEQUENCE, &[&der(OBJECT, &[SIGNING_TIME]), &der(SET, &[&der(UTC_TIME, &[b"261003140500Z"])])]);
        let issuer_and_number = der(SEQUENCE, &[&name("Issuer"), &der(INTEGER, &[&[7]])]);
        let info =
            der(SEQUENCE, &[&der(INTEGER, &[&[1]]), &issuer_and_number, &der(SEQUENCE, &[]), &der(TAGGED_0, &[&time])]);
        let certificates = der(TAGGED_0, &[&certificate(3, "Root"), &certificate(7, "J. Doe")]);
        let signed = der(
            SEQUENCE,
            &[&der(INTEGER, &[&[1]]), &der(SET, &[]), &der(SEQUENCE, &[]), &certificates, &der(SET, &[&info])],
        );
        der(SEQUENCE, &[&der(OBJECT, &[&[1, 2]]), &der(TAGGED_0, &[&signed])])
    }

    #[test]
    fn the_signer_is_named_by_the_certificate_with_the_number() {
        let message = message();
        let signed = signed_data(&message).unwrap();
        assert_eq!(signer(signed).as_deref(), Some("J. Doe"));
        assert_eq!(signing_day(signed).as_deref(), Some("2026-10-03"));
    }

    #[test]
    fn cut_or_changed_messages_end_without_a_panic() {
        let message = message();
        for at in 0..message.len() {
            let _ = signed_data(&message[..at]).map(|signed| (signer(signed), signing_day(signed)));
            let mut changed = message.clone();
            changed[at] = changed[at].wrapping_add(0x7f);
            let _ = signed_data(&changed).map(|signed| (signer(signed), signing_day(signed)));
        }
    }

    #[test]
    fn days() {
        for (text, wanted) in [
            ("D:20261003140500+02'00'", Some("2026-10-03")),
            ("20261003", Some("2026-10-03")),
            ("D:20261303", None),
            ("D:2026", None),
            ("yesterday", None),
        ] {
            assert_eq!(written_day(text).as_deref(), wanted, "{text}");
        }
    }
}
