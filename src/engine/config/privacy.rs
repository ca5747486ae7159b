//! Sections `[[private]]` and `[retention]`: whose text is not kept, and how long that of vanished documents is.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde::{Deserialize, Serialize};

use crate::domain::day::Period;

/// Documents that are judged without their text being kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrivateConfig {
    /// A glob on paths relative to the root: `HR/**`.
    pub path: String,
}

/// How long what is not needed any more is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionConfig {
    /// The text of a document that is gone for longer than this is erased: `P24M`. Without it texts are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gone_text: Option<Period>,
}

/// The matcher of all private paths.
pub fn private_globs(private: &[PrivateConfig]) -> Result<Gitignore, String> {
    let mut builder = GitignoreBuilder::new("");
    for PrivateConfig { path } in private {
        if path.trim().is_empty() || path.trim_start().starts_with(['!', '#']) {
            return Err(format!("[[private]]: `{path}` is no path pattern like HR/**"));
        }
        builder.add_line(None, path).map_err(|e| format!("[[private]]: pattern `{path}`: {e}"))?;
    }
    builder.build().map_err(|e| format!("[[private]]: {e}"))
}
