//! A commented configuration file with a person's answers in it, made from the one that `config default` prints.

use std::path::PathBuf;

use crate::domain::day::Day;
use crate::domain::entity::Entity;

/// What a person answered; everything else stays a comment with its default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answers {
    pub folders: Vec<String>,
    pub entities: Vec<Entity>,
    pub anniversary: Option<Day>,
    pub time_zone: Option<String>,
    pub state: Option<String>,
    pub group: Option<String>,
}

impl Answers {
    /// The file's text.
    pub fn text(&self) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let entities: Vec<String> = self.entities.iter().map(|entity| quoted(entity.as_str())).collect();
        let settings = [
            ("entities", Some(format!("[{}]", entities.join(", ")))),
            ("anniversary", self.anniversary.map(|day| quoted(&day.to_string()))),
            ("time_zone", self.time_zone.as_deref().map(quoted)),
            ("state", self.state.as_deref().map(quoted)),
            ("group", self.group.as_deref().map(quoted)),
        ];
        let answered = |line: &str| {
            let key = line.trim_start_matches("# ").split(" = ").next().unwrap_or_default();
            let (name, value) = settings.iter().find(|(name, _)| *name == key)?;
            Some(format!("{name} = {}\n", value.as_ref()?))
        };
        let line = |line: &str| match answered(line) {
            Some(answer) => answer,
            None if line == EXAMPLE_ROOT => self.roots(),
            None => format!("{line}\n"),
        };
        super::Config::default_text().lines().map(line).collect()
    }

    fn roots(&self) -> String {
        let paths: Vec<String> =
            self.folders.iter().map(|folder| format!("path = {}\n", toml::Value::from(folder.as_str()))).collect();
        paths.join("\n[[root]]\n")
    }
}

/// The line that the folders take the place of; `[[root]]` stands before it.
const EXAMPLE_ROOT: &str = "path = \"/srv/policies\"";

/// The names to look for a configuration at, for telling a person whether theirs is found by itself.
pub fn is_found_by_itself(path: &std::path::Path) -> bool {
    let usual = ["evidex.toml", "./evidex.toml", "/etc/evidex/evidex.toml"].map(PathBuf::from);
    usual.iter().any(|usual| usual == path)
}

#[cfg(test)]
mod tests {
    use super::super::{Config, tests::load};
    use super::*;

    #[test]
    fn answers_come_back_from_the_file() {
        let bare = Answers {
            folders: vec!["/srv/a \"quoted\" \\ folder".into()],
            entities: vec![Entity::CustomsBroker],
            anniversary: None,
            time_zone: None,
            state: None,
            group: None,
        };
        let full = Answers {
            folders: vec!["/srv/a".into(), "/srv/día".into()],
            entities: vec![Entity::UsImporter, Entity::UsExporter],
            anniversary: Some("2027-05-14".parse().unwrap()),
            time_zone: Some("America/New_York".into()),
            state: Some("/var/lib/evidex".into()),
            group: Some("evidex".into()),
        };
        for answers in [bare, full] {
            let text = answers.text();
            let config: Config = load(&text).unwrap();
            let read = Answers {
                folders: config.roots.iter().map(|root| root.path.to_string_lossy().into_owned()).collect(),
                entities: config.entities,
                anniversary: config.anniversary,
                time_zone: config.time_zone,
                state: config.state.map(|state| state.to_string_lossy().into_owned()),
                group: config.group,
            };
            assert_eq!(read, answers, "{text}");
            assert!(text.contains("# warning_days = 30"), "the rest is there as comments");
        }
    }
}
