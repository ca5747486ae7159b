//! A pattern of paths: `seals/**`, `*.xlsx`.

use globset::{GlobBuilder, GlobMatcher};

/// A compiled pattern, equal by its text.
///
/// With a `/` it speaks of the whole path below the root; without one, of the name of the file, or of any folder or
/// container above it. A folder with a `/` at its end means everything below it. Upper and lower case are the same.
#[derive(Clone, Debug)]
pub struct PathGlob {
    text: String,
    matcher: GlobMatcher,
}

impl PathGlob {
    pub fn parse(text: &str) -> Option<Self> {
        let whole = match text.strip_prefix("./").unwrap_or(text) {
            folder if folder.ends_with('/') => format!("{folder}**"),
            other => other.to_owned(),
        };
        let mut builder = GlobBuilder::new(whole.strip_prefix('/').unwrap_or(&whole));
        let glob = builder.literal_separator(true).case_insensitive(true).build().ok()?;
        Some(Self { text: text.to_owned(), matcher: glob.compile_matcher() })
    }

    /// True if `text` is meant as a pattern and not as a word of a path.
    pub fn is_meant(text: &str) -> bool {
        text.contains(['/', '*', '?', '[', '{'])
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `path` is below a root, with `!` before members of containers.
    pub fn matches(&self, path: &str) -> bool {
        if self.text.contains('/') {
            return self.matcher.is_match(path);
        }
        path.split(['/', '!']).any(|name| self.matcher.is_match(name))
    }
}

impl PartialEq for PathGlob {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for PathGlob {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaks_of_names_or_of_paths() {
        for (glob, path, want) in [
            ("*.xlsx", "Seals/Log 2026.XLSX", true),
            ("*.xlsx", "mail.eml!log.xlsx", true),
            ("seals/*.xlsx", "Seals/log.xlsx", true),
            ("seals/*.xlsx", "Seals/2026/log.xlsx", false),
            ("seals/**", "Seals/2026/log.xlsx", true),
            ("seals/", "Seals/2026/log.xlsx", true),
            ("./seals/", "Seals/log.xlsx", true),
            ("**/2026/*", "Seals/2026/log.xlsx", true),
            ("log", "Seals/log.xlsx", false),
            ("seals", "Seals/log.xlsx", true),
            ("*.zip", "a.zip!b.docx", true),
        ] {
            assert_eq!(PathGlob::parse(glob).unwrap().matches(path), want, "{glob} {path}");
        }
        assert!(PathGlob::parse("a[").is_none());
    }
}
