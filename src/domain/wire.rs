//! How single values are written in a fact's JSON.
//!
//! Canonical JSON (RFC 8785) has only the integers that a double holds exactly, and only Unicode strings. Nanoseconds,
//! inodes and file names on a real disk keep to neither, so they have a written form of their own: integers as decimal
//! text, names as text where they are UTF-8 and else as `{"hex": ...}`. The forms are part of the chain: never change.

use serde::{Deserialize, Serialize};

use super::relpath::RelPath;

/// An integer of 64 bits as decimal text, for `#[serde(with)]`.
pub mod decimal {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom("an integer in decimal text was expected"))
    }
}

/// A path, for `#[serde(with)]`.
pub mod path {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{PathForm, RelPath};

    pub fn serialize<S: Serializer>(path: &RelPath, serializer: S) -> Result<S::Ok, S::Error> {
        PathForm::from(path).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RelPath, D::Error> {
        PathForm::deserialize(deserializer)?.into_path().ok_or_else(|| D::Error::custom("a path in hex was expected"))
    }
}

/// A path or none, for `#[serde(with)]`.
pub mod optional_path {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{PathForm, RelPath};

    pub fn serialize<S: Serializer>(path: &Option<RelPath>, serializer: S) -> Result<S::Ok, S::Error> {
        path.as_ref().map(PathForm::from).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RelPath>, D::Error> {
        let error = || D::Error::custom("a path in hex was expected");
        let form = Option::<PathForm>::deserialize(deserializer)?;
        form.map(|form| form.into_path().ok_or_else(error)).transpose()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum PathForm {
    Text(String),
    Bytes { hex: String },
}

impl From<&RelPath> for PathForm {
    fn from(path: &RelPath) -> Self {
        match std::str::from_utf8(path.as_bytes()) {
            Ok(text) => Self::Text(text.to_owned()),
            Err(_) => Self::Bytes { hex: to_hex(path.as_bytes()) },
        }
    }
}

impl PathForm {
    fn into_path(self) -> Option<RelPath> {
        match self {
            Self::Text(text) => Some(RelPath::from_bytes(text)),
            Self::Bytes { hex } => from_hex(&hex).map(RelPath::from_bytes),
        }
    }
}

fn to_hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).expect("a nibble is below 16");
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes();
    if !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Sample {
        #[serde(with = "path")]
        path: RelPath,
        #[serde(with = "optional_path")]
        other: Option<RelPath>,
        #[serde(with = "decimal")]
        inode: u64,
    }

    #[test]
    fn writes_what_json_cannot_hold() {
        for (path, other, inode, want) in [
            (&b"a/b.txt"[..], None, 7, r#"{"path":"a/b.txt","other":null,"inode":"7"}"#),
            (b"", Some(&b"x\ny"[..]), u64::MAX, r#"{"path":"","other":"x\ny","inode":"18446744073709551615"}"#),
            (b"caf\xe9", Some(b"\xff"), 0, r#"{"path":{"hex":"636166e9"},"other":{"hex":"ff"},"inode":"0"}"#),
        ] {
            let sample = Sample { path: RelPath::from_bytes(path), other: other.map(RelPath::from_bytes), inode };
            let json = serde_json::to_string(&sample).unwrap();
            assert_eq!(json, want);
            assert_eq!(serde_json::from_str::<Sample>(&json).unwrap(), sample);
        }
    }

    #[test]
    fn refuses_what_it_never_wrote() {
        for bad in [
            r#"{"path":{"hex":"6"},"other":null,"inode":"7"}"#,
            r#"{"path":{"hex":"+6"},"other":null,"inode":"7"}"#,
            r#"{"path":"a","other":{"hex":"zz"},"inode":"7"}"#,
            r#"{"path":"a","other":null,"inode":"-7"}"#,
            r#"{"path":"a","other":null,"inode":7}"#,
        ] {
            assert!(serde_json::from_str::<Sample>(bad).is_err(), "{bad}");
        }
    }
}
