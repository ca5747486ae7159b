//! The configuration file, parsed once into values that cannot be wrong.
//!
//! Precedence: flag, environment, file, default; the command line resolves flags and environment and hands over what is
//! left. Unknown keys are errors with the line and a suggestion. Nothing here is global.

mod folders;
mod fresh;
mod limits;
mod notify;
mod ocr;
mod passwords;
mod privacy;
mod watch;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::domain::day::Day;
use crate::domain::entity::Entity;
use crate::extract::Limits;

pub use folders::{RootConfig, SiteConfig, site_globs};
pub use fresh::{Answers, is_found_by_itself};
pub use limits::LimitsConfig;
pub use notify::{EmailConfig, NotifyConfig};
pub use ocr::{OcrConfig, OcrUse};
pub use privacy::{PrivateConfig, RetentionConfig, private_globs};
pub use watch::{ServeConfig, WatchConfig, WatchMode};

/// Days before proof goes stale from which a criterion is `due-soon`.
const WARNING_DAYS: u16 = 30;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("could not read the configuration `{path}`")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("could not read `passwords_file` at `{path}`")]
    Passwords { path: PathBuf, source: std::io::Error },
    #[error("the configuration `{path}` is wrong: {problem}")]
    Wrong { path: PathBuf, problem: String },
}

/// A whole configuration: the file's, or the defaults.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the ledger and the index live; default: a folder of the account's state home, named after the first root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<PathBuf>,
    /// Group of people who may use the state beside its owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Kinds of member that the company is.
    pub entities: Vec<Entity>,
    /// IANA name; default: the machine's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The CTPAT account's anniversary; the profile is reviewed in the 90 days before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anniversary: Option<Day>,
    /// Another catalog than the one built in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catalog: Option<PathBuf>,
    /// Changes to the catalog.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlay: Option<PathBuf>,
    /// Patterns of names that are never looked at, as in a `.evidexignore` file.
    pub ignore: Vec<String>,
    /// Languages of the documents, for text recognition.
    pub languages: Vec<String>,
    /// A file with passwords to try on locked documents, one a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passwords_file: Option<PathBuf>,
    /// Days before proof goes stale from which a criterion is due soon.
    pub warning_days: u16,
    /// Worker processes; 0: one per processor.
    pub workers: u16,
    pub limits: LimitsConfig,
    pub ocr: OcrConfig,
    pub retention: RetentionConfig,
    #[serde(rename = "private", skip_serializing_if = "Vec::is_empty")]
    pub private: Vec<PrivateConfig>,
    pub watch: WatchConfig,
    pub serve: ServeConfig,
    #[serde(rename = "root", skip_serializing_if = "Vec::is_empty")]
    pub roots: Vec<RootConfig>,
    #[serde(rename = "site", skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<SiteConfig>,
    /// By which ways people are told of status changes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notify: Vec<NotifyConfig>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            state: None,
            group: None,
            entities: Vec::new(),
            time_zone: None,
            anniversary: None,
            catalog: None,
            overlay: None,
            ignore: Vec::new(),
            languages: vec!["en".to_owned(), "es".to_owned()],
            passwords_file: None,
            warning_days: WARNING_DAYS,
            workers: 0,
            limits: LimitsConfig::default(),
            ocr: OcrConfig::default(),
            retention: RetentionConfig::default(),
            private: Vec::new(),
            watch: WatchConfig::default(),
            serve: ServeConfig::default(),
            roots: Vec::new(),
            sites: Vec::new(),
            notify: Vec::new(),
        }
    }
}

impl Config {
    /// Reads and checks the file; relative paths in it are relative to its folder.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        let wrong = |problem: String| Error::Wrong { path: path.to_owned(), problem };
        let mut config: Self = toml::from_str(&text).map_err(|e| wrong(e.to_string().trim_end().to_owned()))?;
        config.check().map_err(wrong)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        config.anchor(folder);
        Ok(config)
    }

    /// The first configuration file that there is: `named`, `./evidex.toml`, `/etc/evidex/evidex.toml`.
    pub fn find(named: Option<&Path>) -> Option<PathBuf> {
        let usual = ["evidex.toml", "/etc/evidex/evidex.toml"].map(PathBuf::from);
        named.map(Path::to_owned).or_else(|| usual.into_iter().find(|path| path.is_file()))
    }

    /// What one document may cost.
    pub fn limits(&self) -> Limits {
        self.limits.limits()
    }

    /// How many worker processes read at once.
    pub fn worker_count(&self) -> usize {
        let processors = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        if self.workers == 0 { processors() } else { usize::from(self.workers) }
    }

    fn check(&self) -> Result<(), String> {
        if let Some(zone) = &self.time_zone {
            jiff::tz::TimeZone::get(zone)
                .map_err(|_| format!("time_zone: `{zone}` is not an IANA time zone like America/New_York"))?;
        }
        for site in &self.sites {
            if site.name.trim().is_empty() || site.paths.is_empty() {
                return Err("each [[site]] needs a name and at least one path pattern".to_owned());
            }
            site_globs(site)?;
        }
        private_globs(&self.private)?;
        notify::check(&self.notify)?;
        self.watch.check()?;
        self.serve.check()?;
        let known = |language: &String| ["en", "es"].contains(&language.as_str());
        if let Some(language) = self.languages.iter().find(|language| !known(language)) {
            return Err(format!("languages: `{language}` is not known; use \"en\" and \"es\""));
        }
        Ok(())
    }

    fn anchor(&mut self, folder: &Path) {
        let optional =
            [&mut self.state, &mut self.catalog, &mut self.overlay, &mut self.passwords_file].into_iter().flatten();
        for path in optional.chain(self.roots.iter_mut().map(|root| &mut root.path)) {
            *path = folder.join(&*path);
        }
        notify::anchor(&mut self.notify, folder);
    }

    /// A commented file with every setting, for a person to start from.
    pub fn default_text() -> &'static str {
        include_str!("default.toml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn load(text: &str) -> Result<Config, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("evidex.toml");
        std::fs::write(&path, text).unwrap();
        Config::load(&path)
    }

    #[test]
    fn the_default_text_loads() {
        let config = load(Config::default_text()).unwrap();
        assert_eq!(config.entities, [Entity::UsImporter]);
        assert_eq!(config.warning_days, 30);
        assert_eq!(config.roots.len(), 1);
    }

    #[test]
    fn errors_name_the_place_and_the_problem() {
        for (text, part) in [
            ("entitees = []", "entitees"),
            ("entities = [\"importer\"]", "importer"),
            ("time_zone = \"Mars/Olympus\"", "Mars/Olympus"),
            ("anniversary = \"14.5.2026\"", "14.5.2026"),
            ("languages = [\"xx\"]", "xx"),
            ("[[site]]\nname = \"A\"\npaths = []", "at least one path"),
            ("[[root]]\npth = \"x\"", "pth"),
            ("[ocr]\nenabled = \"yes\"", "yes"),
            ("[ocr]\npage_second = 1", "page_second"),
            ("[[private]]\npath = \"!HR/**\"", "!HR"),
            ("[retention]\ngone_text = \"two years\"", "two years"),
            ("[watch]\nmode = \"never\"", "never"),
            ("[serve]\nlisten = \"0.0.0.0:80\"", "other machines"),
        ] {
            let message = load(text).unwrap_err().to_string();
            assert!(message.contains(part), "{text}: {message}");
        }
    }

    #[test]
    fn relative_paths_start_at_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("evidex.toml");
        std::fs::write(&path, "state = \"st\"\n[[root]]\npath = \"docs\"").unwrap();
        let config = Config::load(&path).unwrap();
        assert_eq!(config.state, Some(folder.path().join("st")));
        assert_eq!(config.roots[0].path, folder.path().join("docs"));
    }
}
