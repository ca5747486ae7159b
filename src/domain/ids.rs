//! Names and numbers that cross modules, each its own type: a criterion is never passed where a record kind is meant.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The SHA-256 of a file's or member's bytes; 64 lower-case hex digits outside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentHash(pub [u8; 32]);

/// Why a text is not an id of the wanted sort.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {wanted}")]
pub struct IdError {
    text: String,
    wanted: &'static str,
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ContentHash {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || IdError { text: text.to_owned(), wanted: "a SHA-256 of 64 hex digits" };
        if text.len() != 64 || !text.is_ascii() {
            return Err(error());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| error())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| error())?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for ContentHash {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ContentHash> for String {
    fn from(hash: ContentHash) -> Self {
        hash.to_string()
    }
}

/// A criterion's number as printed, `6.7`; a company's own criteria may use any dotted name (`X.1`). Sorts as numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CriterionId(String);

impl CriterionId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CriterionId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let part_ok = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let good = text.len() <= 24 && text.contains('.') && text.split('.').all(part_ok);
        good.then(|| Self(text.to_owned()))
            .ok_or_else(|| IdError { text: text.to_owned(), wanted: "a criterion like 6.7" })
    }
}

impl TryFrom<String> for CriterionId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<CriterionId> for String {
    fn from(id: CriterionId) -> Self {
        id.0
    }
}

impl fmt::Display for CriterionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Ord for CriterionId {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |id: &Self| -> Vec<(u64, String)> {
            id.0.split('.').map(|part| (part.parse().unwrap_or(u64::MAX), part.to_owned())).collect()
        };
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for CriterionId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A record kind's name in the catalog, `visitor-log`: lower case, digits, hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RecordKindId(String);

impl RecordKindId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RecordKindId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let byte_ok = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let good = !text.is_empty() && text.len() <= 60 && text.bytes().all(byte_ok);
        good.then(|| Self(text.to_owned()))
            .ok_or_else(|| IdError { text: text.to_owned(), wanted: "a record kind like visitor-log" })
    }
}

impl TryFrom<String> for RecordKindId {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<RecordKindId> for String {
    fn from(id: RecordKindId) -> Self {
        id.0
    }
}

impl fmt::Display for RecordKindId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A watched folder's number in one ledger, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RootId(pub u32);

/// A fact's place in the chain, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Seq(pub u64);

/// A UTC instant in milliseconds since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct InstantMs(pub i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn criteria_sort_as_numbers() {
        let mut ids: Vec<CriterionId> = ["10.2", "9.16", "9.2", "X.1", "1.1"].map(|id| id.parse().unwrap()).into();
        ids.sort();
        assert_eq!(ids.iter().map(CriterionId::as_str).collect::<Vec<_>>(), ["1.1", "9.2", "9.16", "10.2", "X.1"]);
    }

    #[test]
    fn ids_refuse_what_they_are_not() {
        for bad in ["", "6", "6.", ".7", "6 .7", "six.seven!"] {
            assert!(bad.parse::<CriterionId>().is_err(), "{bad}");
        }
        for bad in ["", "Visitor Log", "visitor_log"] {
            assert!(bad.parse::<RecordKindId>().is_err(), "{bad}");
        }
        assert!("00".parse::<ContentHash>().is_err());
        assert_eq!("ab".repeat(32).parse::<ContentHash>().unwrap().to_string(), "ab".repeat(32));
    }
}
