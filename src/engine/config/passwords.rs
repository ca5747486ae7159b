//! `passwords_file`: the company's own passwords for locked documents.
//!
//! Read when a pass starts and by nothing else, so that who only asks needs no right to the file. Its words never enter
//! the configuration itself, which is printed and kept.

use std::path::Path;
use std::time::SystemTime;

use super::{Config, Error};
use crate::extract::Passwords;

impl Config {
    /// The listed passwords; none if no file is named.
    pub fn passwords(&self) -> Result<Passwords, Error> {
        let Some(path) = &self.passwords_file else { return Ok(Passwords::default()) };
        let text = std::fs::read_to_string(path).map_err(|source| Error::Passwords { path: path.clone(), source })?;
        let wrong = |problem| Error::Wrong { path: path.clone(), problem };
        Passwords::parse(&text).map_err(wrong)
    }

    /// When the list was last written: what was locked before may open now.
    pub fn passwords_written(&self) -> Option<SystemTime> {
        let written = |path: &Path| std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
        self.passwords_file.as_deref().and_then(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_is_no_password_and_a_missing_file_is_an_error() {
        let config = Config::default();
        assert!(config.passwords().unwrap().is_empty());
        assert_eq!(config.passwords_written(), None);
        let config = Config { passwords_file: Some("/nowhere/passwords".into()), ..config };
        assert_eq!(
            config.passwords().unwrap_err().to_string(),
            "could not read `passwords_file` at `/nowhere/passwords`"
        );
    }

    #[test]
    fn a_file_lists_one_password_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list");
        std::fs::write(&path, "harbor\npine\n").unwrap();
        let config = Config { passwords_file: Some(path), ..Config::default() };
        assert_eq!(format!("{:?}", config.passwords().unwrap()), "2 passwords");
        assert!(config.passwords_written().is_some());
    }
}
