//! Which paths are private, by the configuration's patterns.

use ignore::gitignore::Gitignore;

use crate::domain::relpath::RelPath;
use crate::engine::config::{PrivateConfig, private_globs};

/// The matcher of `[[private]]`.
pub struct PrivatePaths(Option<Gitignore>);

impl PrivatePaths {
    /// Patterns were checked when the configuration was read.
    pub fn new(private: &[PrivateConfig]) -> Self {
        // A pattern that fails here would lay bare what it was to cover: then everything is private.
        let globs =
            if private.is_empty() { None } else { Some(private_globs(private).unwrap_or_else(|_| everything())) };
        Self(globs)
    }

    /// True if nothing is private, whatever its path.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// True if the file at `path`, or a folder above it, is private. Members go by their container's path.
    pub fn covers(&self, path: &RelPath) -> bool {
        let text = path.to_text();
        self.0.as_ref().is_some_and(|globs| globs.matched_path_or_any_parents(&*text, false).is_ignore())
    }
}

fn everything() -> Gitignore {
    private_globs(&[PrivateConfig { path: "*".to_owned() }]).expect("a star is a pattern")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_folders_and_names() {
        let paths = |patterns: &[&str]| {
            let private: Vec<_> = patterns.iter().map(|path| PrivateConfig { path: (*path).to_owned() }).collect();
            PrivatePaths::new(&private)
        };
        let some = paths(&["HR/**", "*.personal.docx", "/Board/"]);
        for (path, want) in [
            ("HR/a.docx", true),
            ("HR/deep/er/a.docx", true),
            ("x/HR/a.docx", false),
            ("x/y.personal.docx", true),
            ("Board/minutes.pdf", true),
            ("x/Board/minutes.pdf", false),
            ("HR.docx", false),
        ] {
            assert_eq!(some.covers(&path.into()), want, "{path}");
        }
        assert!(paths(&[]).is_empty());
        assert!(!paths(&[]).covers(&"HR/a.docx".into()));
        assert!(paths(&["a{b"]).covers(&"anything".into()), "a broken pattern covers rather too much");
    }
}
