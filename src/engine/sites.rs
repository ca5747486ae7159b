//! Which facility of the company a path belongs to.

use ignore::gitignore::Gitignore;

use crate::domain::relpath::RelPath;

use super::config::{SiteConfig, site_globs};

/// The sites of one root.
pub struct Sites {
    named: Vec<(String, Gitignore)>,
    /// The site of whatever no pattern claims: the root's own name.
    rest: String,
}

impl Sites {
    /// Patterns were checked when the configuration was read; one that fails here claims nothing.
    pub fn new(sites: &[SiteConfig], root: &RelPath) -> Self {
        let named = sites.iter().filter_map(|site| Some((site.name.clone(), site_globs(site).ok()?))).collect();
        Self { named, rest: root.file_name().into_owned() }
    }

    /// The first site whose patterns claim the path.
    pub fn of(&self, path: &RelPath) -> String {
        let text = path.to_text();
        let claims = |globs: &Gitignore| globs.matched_path_or_any_parents(&*text, false).is_ignore();
        let claimed = self.named.iter().find(|(_, globs)| claims(globs));
        claimed.map_or_else(|| self.rest.clone(), |(name, _)| name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_site_that_claims_a_path_has_it() {
        let site = |name: &str, paths: &[&str]| SiteConfig {
            name: name.to_owned(),
            paths: paths.iter().map(|&path| path.to_owned()).collect(),
        };
        let sites = Sites::new(&[site("DC", &["DC Operations/**"]), site("All HR", &["**/HR/*"])], &"/srv/docs".into());
        for (path, want) in
            [("DC Operations/a/b.pdf", "DC"), ("x/HR/c.docx", "All HR"), ("Finance/d.xlsx", "docs"), ("e.txt", "docs")]
        {
            assert_eq!(sites.of(&path.into()), want, "{path}");
        }
    }
}
