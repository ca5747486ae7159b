//! A path inside a root: bytes as the disk gave them, `/` between names.
//!
//! File names need not be UTF-8. What is compared and stored are the bytes; what is shown is lossy text, with
//! base64 of the bytes beside it where the two differ.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A path relative to its root, without leading or trailing `/`, `.` or `..`. Members of containers are named apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<u8>", into = "Vec<u8>")]
pub struct RelPath(Vec<u8>);

impl RelPath {
    /// Takes path bytes as a walk inside a root yields them.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The path for people: bytes that are not UTF-8 become U+FFFD. Not yet escaped for a terminal.
    pub fn to_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    pub fn is_utf8(&self) -> bool {
        std::str::from_utf8(&self.0).is_ok()
    }

    /// The last name, lossy.
    pub fn file_name(&self) -> Cow<'_, str> {
        let start = self.0.iter().rposition(|&b| b == b'/').map_or(0, |i| i + 1);
        String::from_utf8_lossy(&self.0[start..])
    }

    /// True if this path is `folder` or lies below it; the empty path is the root.
    pub fn is_under(&self, folder: &Self) -> bool {
        folder.0.is_empty()
            || self.0 == folder.0
            || (self.0.starts_with(&folder.0) && self.0.get(folder.0.len()) == Some(&b'/'))
    }
}

impl From<Vec<u8>> for RelPath {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<RelPath> for Vec<u8> {
    fn from(path: RelPath) -> Self {
        path.0
    }
}

impl From<&str> for RelPath {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl fmt::Debug for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_lies_below() {
        let path = RelPath::from("a/b/c.txt");
        for (folder, below) in
            [("", true), ("a", true), ("a/b", true), ("a/b/c.txt", true), ("a/b/c", false), ("b", false)]
        {
            assert_eq!(path.is_under(&RelPath::from(folder)), below, "{folder}");
        }
        assert_eq!(path.file_name(), "c.txt");
    }

    #[test]
    fn keeps_bytes_that_are_not_text() {
        let path = RelPath::from_bytes(b"caf\xe9.txt".to_vec());
        assert!(!path.is_utf8());
        assert_eq!(path.to_text(), "caf\u{fffd}.txt");
    }
}
