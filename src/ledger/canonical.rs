//! Canonical JSON (RFC 8785) and the hash that links a fact to its predecessor.
//!
//! Pure. The same fact gives the same bytes for ever: keys sorted, no spaces, integers only and only those that a double
//! holds exactly. Larger numbers and names that are no text have forms of their own (`domain::wire`).

use std::fmt::Write;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::error::{Error, Result};
use crate::domain::fact::Fact;
use crate::domain::ids::{ContentHash, InstantMs, Seq};

/// The predecessor of the first fact.
pub(super) const GENESIS: ContentHash = ContentHash([0; 32]);

/// The greatest integer of which a double holds every smaller one.
const INTEGER_MAX: u64 = (1 << 53) - 1;

/// A fact's body as it is stored and hashed.
pub(super) fn body(fact: &Fact) -> Result<String> {
    let value = serde_json::to_value(fact).map_err(|error| Error::Unwritable { why: error.to_string() })?;
    let mut text = String::with_capacity(320);
    write_value(&value, &mut text)?;
    Ok(text)
}

/// The next link: the hash over the previous one and the whole entry.
///
/// The entry's keys are in canonical order (`at_ms`, `fact`, `seq`), so the whole is canonical JSON too.
pub(super) fn link(previous: ContentHash, place: (Seq, InstantMs), body: &str) -> ContentHash {
    let (Seq(seq), InstantMs(at_ms)) = place;
    let mut sha = Sha256::new();
    sha.update(previous.0);
    sha.update(format!("{{\"at_ms\":{at_ms},\"fact\":"));
    sha.update(body);
    sha.update(format!(",\"seq\":{seq}}}"));
    ContentHash(sha.finalize().into())
}

fn write_value(value: &Value, out: &mut String) -> Result<()> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => write_integer(number, out)?,
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_value(item, out)?;
            }
            out.push(']');
        }
        Value::Object(map) => write_object(map, out)?,
    }
    Ok(())
}

fn write_object(map: &serde_json::Map<String, Value>, out: &mut String) -> Result<()> {
    let mut members: Vec<(&String, &Value)> = map.iter().collect();
    // RFC 8785 sorts by UTF-16 units, which differs from bytes outside the basic plane.
    members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    out.push('{');
    for (i, (key, value)) in members.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_text(key, out);
        out.push(':');
        write_value(value, out)?;
    }
    out.push('}');
    Ok(())
}

fn write_integer(number: &serde_json::Number, out: &mut String) -> Result<()> {
    let magnitude = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
    match magnitude {
        Some(magnitude) if magnitude <= INTEGER_MAX => {
            out.push_str(&number.to_string());
            Ok(())
        }
        Some(_) | None => Err(Error::Unwritable { why: format!("{number} is not an integer below 2^53") }),
    }
}

/// Escapes as RFC 8785 wants: `"`, `\`, and control characters only, with the short forms where there are any.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn canonical(value: &Value) -> Result<String> {
        let mut text = String::new();
        write_value(value, &mut text)?;
        Ok(text)
    }

    #[test]
    fn follows_the_rfc() {
        for (value, want) in [
            (json!({"b": 1, "a": [true, false, null]}), r#"{"a":[true,false,null],"b":1}"#),
            (json!({}), "{}"),
            (json!(-9_007_199_254_740_991_i64), "-9007199254740991"),
            (json!("\u{20ac}$\u{f}\nA'B\"\\\"/\u{7f}"), "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\"/\u{7f}\""),
            // The example of RFC 8785, 3.2.3: order by UTF-16 units.
            (
                json!({"\u{20ac}": 0, "\r": 1, "\u{fb33}": 2, "1": 3, "\u{1f600}": 4, "\u{80}": 5, "\u{f6}": 6}),
                "{\"\\r\":1,\"1\":3,\"\u{80}\":5,\"\u{f6}\":6,\"\u{20ac}\":0,\"\u{1f600}\":4,\"\u{fb33}\":2}",
            ),
        ] {
            assert_eq!(canonical(&value).unwrap(), want);
        }
        for bad in [json!(1.5), json!(9_007_199_254_740_992_u64), json!({"a": [i64::MIN]})] {
            assert!(canonical(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_link_depends_on_all_it_links() {
        let link_of = |previous, seq, at, body| link(previous, (Seq(seq), InstantMs(at)), body);
        let base = link_of(GENESIS, 1, 2, "{}");
        // echo -n with 32 zero bytes before it, through sha256sum.
        assert_eq!(base.to_string(), "ee6f7c8ddfa93766ad7f62d2aa33dfd5e5e9018082ec157f00099ca7245e7693");
        for other in [
            link_of(base, 1, 2, "{}"),
            link_of(GENESIS, 2, 2, "{}"),
            link_of(GENESIS, 1, 3, "{}"),
            link_of(GENESIS, 1, 2, "{\"a\":1}"),
        ] {
            assert_ne!(base, other);
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in any::<String>()) {
            let written = canonical(&Value::String(text.clone())).unwrap();
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
        }
    }
}
