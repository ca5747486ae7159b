//! What a path says of the document that lies there.

use serde::{Deserialize, Serialize};

use crate::domain::judge::normal::normal;

/// Folders beyond this depth say nothing more.
const FOLDERS_MAX: usize = 32;

/// A path in the normal form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathHint {
    /// The file's name without its extension; a member's own name, not its container's.
    pub stem: String,
    /// The folders above it, outermost first; a container counts as one.
    pub folders: Vec<String>,
    /// Lower case, without the dot.
    pub extension: String,
}

impl PathHint {
    pub fn of(path: &str) -> Self {
        let mut parts: Vec<&str> = path.split(['/', '!']).filter(|part| !part.is_empty()).collect();
        let name = parts.pop().unwrap_or_default();
        let (stem, extension) = match name.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() && extension.len() <= 8 => (stem, extension),
            Some(_) | None => (name, ""),
        };
        let folders = parts.iter().rev().take(FOLDERS_MAX).rev().map(|folder| normal(folder)).collect();
        Self { stem: normal(&split_humps(stem)), folders, extension: extension.to_lowercase() }
    }
}

/// `VisitorLogOct` is three words; `CTPAT` and `McLeod` stay whole.
fn split_humps(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 8);
    for (at, &c) in chars.iter().enumerate() {
        let lower_before = at >= 3 && chars[at - 3..at].iter().all(|c| c.is_lowercase());
        let lower_after = chars.get(at + 1..at + 3).is_some_and(|next| next.iter().all(|c| c.is_lowercase()));
        if c.is_uppercase() && lower_before && lower_after {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fall_into_words() {
        for (path, stem, folders, extension) in [
            ("Gate/Visitor_Log-2026.XLSX", "visitor log 2026", vec!["gate"], "xlsx"),
            ("a.zip!forms/SealCheckSheet.pdf", "seal check sheet", vec!["a zip", "forms"], "pdf"),
            ("CTPAT.pdf", "ctpat", vec![], "pdf"),
            (".hidden", "hidden", vec![], ""),
            ("no extension here", "no extension here", vec![], ""),
            ("", "", vec![], ""),
        ] {
            let hint = PathHint::of(path);
            assert_eq!((hint.stem.as_str(), hint.extension.as_str()), (stem, extension), "{path}");
            assert_eq!(hint.folders, folders, "{path}");
        }
    }
}
