//! Sections `[[notify]]`: by which ways people are told of status changes.
//!
//! Secrets never stand here: they lie in a file or in the environment, and this section says where.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize, Serializer};

use crate::engine::ways::{Mail, Place, Secret, Security, Webhook, mail, webhook};

const TIMEOUT_SECONDS: u64 = 10;
/// The longest that one try may hold up the others.
const TIMEOUT_SECONDS_MAX: u64 = 120;
/// When the daily mail goes out.
const MAIL_AT: &str = "07:00";

/// One way of telling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum NotifyConfig {
    Journal(JournalConfig),
    File(FileConfig),
    Webhook(WebhookConfig),
    Email(EmailConfig),
}

/// The system's journal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JournalConfig {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A file of JSON lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileConfig {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub path: PathBuf,
}

/// An address that takes JSON by HTTP POST.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WebhookConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "host_alone")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_env: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_env: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u64>,
}

/// A mail server, and who gets the digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailConfig {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub smtp: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    #[serde(default)]
    pub security: SecurityConfig,
    pub from: String,
    pub to: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_env: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// `HH:MM` in the configured time zone.
    #[serde(default = "mail_at")]
    pub at: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecurityConfig {
    None,
    #[default]
    Starttls,
    Tls,
}

fn mail_at() -> String {
    MAIL_AT.to_owned()
}

/// Addresses of chat services hold secrets in their path.
#[expect(clippy::ref_option, reason = "serde calls it with a reference")]
fn host_alone<S: Serializer>(url: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    let host = url.as_deref().map(|url| webhook::host_of(url).unwrap_or_default()).unwrap_or_default();
    serializer.serialize_str(&format!("{host} (the rest is hidden)"))
}

impl NotifyConfig {
    /// What the way is called in answers, and in the outbox.
    pub fn name(&self) -> &str {
        let (name, kind) = match self {
            Self::Journal(way) => (&way.name, "journal"),
            Self::File(way) => (&way.name, "file"),
            Self::Webhook(way) => (&way.name, "webhook"),
            Self::Email(way) => (&way.name, "email"),
        };
        name.as_deref().unwrap_or(kind)
    }

    /// The folder that the service must be let write to.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::File(way) => way.path.parent(),
            Self::Journal(_) | Self::Webhook(_) | Self::Email(_) => None,
        }
    }

    /// True if messages leave the machine's own files.
    pub fn uses_network(&self) -> bool {
        match self {
            Self::Journal(_) | Self::File(_) => false,
            Self::Webhook(_) | Self::Email(_) => true,
        }
    }

    fn check(&self) -> Result<(), String> {
        match self {
            Self::Journal(_) | Self::File(_) => Ok(()),
            Self::Webhook(way) => way.check(),
            Self::Email(way) => way.check(),
        }
    }

    fn anchor(&mut self, folder: &Path) {
        let paths = match self {
            Self::Journal(_) => Vec::new(),
            Self::File(way) => vec![Some(&mut way.path)],
            Self::Webhook(way) => vec![way.url_file.as_mut(), way.token_file.as_mut(), way.ca_file.as_mut()],
            Self::Email(way) => vec![way.password_file.as_mut(), way.ca_file.as_mut()],
        };
        for path in paths.into_iter().flatten() {
            *path = folder.join(&*path);
        }
    }
}

/// Checks all ways together.
pub(super) fn check(ways: &[NotifyConfig]) -> Result<(), String> {
    let mut names = BTreeSet::new();
    for way in ways {
        let name = way.name();
        if name.is_empty() || name.len() > 40 || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        {
            return Err(format!("notify: the name `{name}` must be up to 40 letters, digits, `-` and `_`"));
        }
        if !names.insert(name) {
            return Err(format!("notify: two ways are called `{name}`; give each its own `name`"));
        }
        way.check().map_err(|problem| format!("notify `{name}`: {problem}"))?;
    }
    Ok(())
}

/// Makes relative paths relative to the configuration's folder.
pub(super) fn anchor(ways: &mut [NotifyConfig], folder: &Path) {
    for way in ways {
        way.anchor(folder);
    }
}

/// At most one of a secret's two places.
fn secret(file: Option<&PathBuf>, env: Option<&String>, what: &str) -> Result<Option<Secret>, String> {
    match (file, env) {
        (None, None) => Ok(None),
        (Some(path), None) => Ok(Some(Secret::File(path.clone()))),
        (None, Some(name)) => Ok(Some(Secret::Environment(name.clone()))),
        (Some(_), Some(_)) => Err(format!("give {what}_file or {what}_env, not both")),
    }
}

impl WebhookConfig {
    /// As the edge takes it.
    pub fn webhook(&self) -> Result<Webhook, String> {
        let hidden = secret(self.url_file.as_ref(), self.url_env.as_ref(), "url")?;
        let place = match (&self.url, hidden) {
            (Some(url), None) => Place::Url(url.clone()),
            (None, Some(secret)) => Place::Secret(secret),
            (None, None) | (Some(_), Some(_)) => return Err("give one of url, url_file and url_env".to_owned()),
        };
        let token = secret(self.token_file.as_ref(), self.token_env.as_ref(), "token")?;
        let seconds = self.timeout_seconds.unwrap_or(TIMEOUT_SECONDS).clamp(1, TIMEOUT_SECONDS_MAX);
        Ok(Webhook { place, token, ca_file: self.ca_file.clone(), timeout: Duration::from_secs(seconds) })
    }

    fn check(&self) -> Result<(), String> {
        let webhook = self.webhook()?;
        let Place::Url(url) = &webhook.place else { return Ok(()) };
        let host = webhook::host_of(url).map_err(|error| error.to_string())?;
        let in_clear = url.to_ascii_lowercase().starts_with("http://");
        if in_clear && webhook.token.is_some() && !webhook::is_local(&host) {
            return Err("a token is sent by https:// alone".to_owned());
        }
        Ok(())
    }
}

impl EmailConfig {
    /// As the edge takes it.
    pub fn mail(&self) -> Result<Mail, String> {
        let security = match self.security {
            SecurityConfig::None => Security::None,
            SecurityConfig::Starttls => Security::StartTls,
            SecurityConfig::Tls => Security::Tls,
        };
        Ok(Mail {
            host: self.smtp.clone(),
            port: self.port.unwrap_or(security.port()),
            security,
            from: self.from.clone(),
            to: self.to.clone(),
            user: self.user.clone(),
            password: secret(self.password_file.as_ref(), self.password_env.as_ref(), "password")?,
            ca_file: self.ca_file.clone(),
        })
    }

    /// When the digest goes out: hour and minute.
    pub fn time(&self) -> Result<jiff::civil::Time, String> {
        let wrong = || format!("at: `{}` is not a time like 07:00", self.at);
        let (hour, minute) = self.at.split_once(':').ok_or_else(wrong)?;
        let (hour, minute) = hour.parse().ok().zip(minute.parse().ok()).ok_or_else(wrong)?;
        jiff::civil::Time::new(hour, minute, 0, 0).map_err(|_| wrong())
    }

    fn check(&self) -> Result<(), String> {
        let mail = self.mail()?;
        self.time()?;
        if mail.to.is_empty() {
            return Err("`to` names nobody".to_owned());
        }
        for address in mail.to.iter().chain([&mail.from]) {
            mail::check_address(address).map_err(|error| error.to_string())?;
        }
        if mail.user.is_some() != mail.password.is_some() {
            return Err("user and password_file (or password_env) go together".to_owned());
        }
        if mail.password.is_some() && mail.security == Security::None && !webhook::is_local(&mail.host) {
            return Err("a password is not sent in clear: use security = \"starttls\" or \"tls\"".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Config, tests::load};

    const MAIL: &str = "[[notify]]\nkind = \"email\"\nsmtp = \"mail.example.com\"\nfrom = \"e@example.com\"\n";

    #[test]
    fn a_wrong_way_is_named_with_its_problem() {
        for (text, part) in [
            ("[[notify]]\nkind = \"pigeon\"", "pigeon"),
            ("[[notify]]\nkind = \"file\"", "path"),
            ("[[notify]]\nkind = \"webhook\"", "one of url"),
            ("[[notify]]\nkind = \"webhook\"\nurl = \"example.com\"", "http"),
            ("[[notify]]\nkind = \"webhook\"\nurl = \"https://a\"\nurl_env = \"A\"", "one of url"),
            ("[[notify]]\nkind = \"webhook\"\nurl = \"http://a.example\"\ntoken_env = \"T\"", "https:// alone"),
            ("[[notify]]\nkind = \"webhook\"\nurl = \"https://a\"\npassword = \"x\"", "password"),
            ("[[notify]]\nkind = \"webhook\"\nurl = \"https://a\"\ntoken_env = \"A\"\ntoken_file = \"b\"", "not both"),
            ("[[notify]]\nkind = \"journal\"\n[[notify]]\nkind = \"journal\"", "two ways"),
            ("[[notify]]\nkind = \"journal\"\nname = \"a b\"", "a b"),
            (&format!("{MAIL}to = []"), "nobody"),
            (&format!("{MAIL}to = [\"nobody\"]"), "nobody"),
            (&format!("{MAIL}to = [\"a@b.example\"]\nat = \"25:00\""), "25:00"),
            (&format!("{MAIL}to = [\"a@b.example\"]\nuser = \"u\""), "go together"),
            (
                &format!("{MAIL}to = [\"a@b.example\"]\nuser = \"u\"\npassword_env = \"P\"\nsecurity = \"none\""),
                "in clear",
            ),
        ] {
            let message = load(text).unwrap_err().to_string();
            assert!(message.contains(part), "{text}: {message}");
        }
    }

    #[test]
    fn showing_it_shows_no_secret_address() {
        let text = "[[notify]]\nkind = \"webhook\"\nurl = \"https://u:pw@hooks.example.com/T0/s3cret?k=s3cret\"\n\
                    [[notify]]\nkind = \"journal\"\n[[notify]]\nkind = \"file\"\npath = \"changes.jsonl\"";
        let config: Config = load(text).unwrap();
        let names: Vec<&str> = config.notify.iter().map(super::NotifyConfig::name).collect();
        assert_eq!(names, ["webhook", "journal", "file"]);
        let shown = toml::to_string_pretty(&config).unwrap();
        assert!(shown.contains("hooks.example.com") && !shown.contains("s3cret") && !shown.contains("pw@"), "{shown}");
        assert!(shown.contains("/changes.jsonl"), "anchored: {shown}");
    }
}
