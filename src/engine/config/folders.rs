//! Sections `[[root]]` and `[[site]]`: which folders are watched, and to which facility a path belongs.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A watched folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RootConfig {
    pub path: PathBuf,
}

/// A facility of the company: which paths inside the roots belong to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteConfig {
    pub name: String,
    /// Globs on paths relative to the root: `Savannah/**`.
    pub paths: Vec<String>,
}

/// The matcher of a site's path patterns.
pub fn site_globs(site: &SiteConfig) -> Result<ignore::gitignore::Gitignore, String> {
    let mut builder = ignore::gitignore::GitignoreBuilder::new("");
    for pattern in &site.paths {
        builder.add_line(None, pattern).map_err(|e| format!("site `{}`: pattern `{pattern}`: {e}", site.name))?;
    }
    builder.build().map_err(|e| format!("site `{}`: {e}", site.name))
}
