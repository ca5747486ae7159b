//! A secret that lies in a file or in the environment, never in the configuration. Read anew for each use, so that a
//! changed password needs no restart.

use std::path::PathBuf;

use super::error::{Error, Result};

/// Where a secret lies. It has no `Debug` of its value, since it never holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    File(PathBuf),
    Environment(String),
}

impl Secret {
    /// The secret, without the line break that editors leave at its end.
    pub(super) fn read(&self) -> Result<String> {
        let text = match self {
            Self::File(path) => {
                std::fs::read_to_string(path).map_err(|source| Error::SecretFile { path: path.clone(), source })?
            }
            Self::Environment(name) => {
                std::env::var(name).map_err(|_| Error::SecretEnvironment { name: name.clone() })?
            }
        };
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_read_without_its_line_break() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("password");
        std::fs::write(&path, " s3cret\r\n").unwrap();
        assert_eq!(Secret::File(path).read().unwrap(), " s3cret");
        let gone = Secret::File(dir.path().join("gone")).read().unwrap_err();
        assert!(gone.to_string().contains("gone"), "{gone}");
        let unset = Secret::Environment("EVIDEX_TEST_UNSET".into()).read().unwrap_err();
        assert!(unset.to_string().contains("EVIDEX_TEST_UNSET"), "{unset}");
    }
}
