//! HTTP POST of one message to an address of the company's own.

use std::path::PathBuf;
use std::time::Duration;

use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

use super::error::{Error, Result};
use super::secret::Secret;

/// Where to post; addresses of chat services are secrets themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Url(String),
    Secret(Secret),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub place: Place,
    /// Sent as `Authorization: Bearer`.
    pub token: Option<Secret>,
    /// PEM certificates to trust instead of the public ones, for a server inside the company.
    pub ca_file: Option<PathBuf>,
    pub timeout: Duration,
}

/// Posts a JSON body; anything but a 2xx answer is a failure, a redirect too. `key` is the same for every try.
pub fn post(webhook: &Webhook, key: &str, body: &str) -> Result<()> {
    let url = match &webhook.place {
        Place::Url(url) => url.clone(),
        Place::Secret(secret) => secret.read()?.trim().to_owned(),
    };
    let host = host_of(&url)?;
    let mut request = agent(webhook)?.post(&url).header("Content-Type", "application/json");
    request = request.header("Idempotency-Key", key);
    if let Some(token) = &webhook.token {
        request = request.header("Authorization", format!("Bearer {}", token.read()?));
    }
    let response = request.send(body).map_err(|error| told(host.clone(), &error))?;
    let status = response.status().as_u16();
    if (200..300).contains(&status) { Ok(()) } else { Err(Error::Refused { host, status }) }
}

/// The host and port of an address, which is all that may be shown of it.
pub fn host_of(url: &str) -> Result<String> {
    let wrong = || Error::Url { text: url.chars().take_while(|c| !matches!(c, '/' | '?' | '@')).collect() };
    let lower = url.to_ascii_lowercase();
    let scheme = ["https://", "http://"].into_iter().find(|scheme| lower.starts_with(scheme)).ok_or_else(wrong)?;
    let authority = url[scheme.len()..].split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.is_empty() || host.contains(char::is_whitespace) { Err(wrong()) } else { Ok(host.to_owned()) }
}

/// True if what is sent to this address stays on this machine.
pub fn is_local(host: &str) -> bool {
    let name = host.strip_prefix('[').and_then(|rest| rest.split(']').next());
    let name = name.unwrap_or_else(|| host.split(':').next().unwrap_or_default());
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn agent(webhook: &Webhook) -> Result<Agent> {
    let mut tls = TlsConfig::builder();
    if let Some(path) = &webhook.ca_file {
        tls = tls.root_certs(certificates(path)?);
    }
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(webhook.timeout))
        .user_agent(concat!("evidex/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls.build());
    Ok(Agent::new_with_config(config.build()))
}

fn certificates(path: &PathBuf) -> Result<RootCerts> {
    let wrong = |why: String| Error::Certificates { path: path.clone(), why };
    let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let mut found = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| wrong(error.to_string()))? {
            found.push(certificate);
        }
    }
    if found.is_empty() { Err(wrong("there is none in it".to_owned())) } else { Ok(RootCerts::from(found)) }
}

/// The error without the address, which some of the library's own texts repeat.
fn told(host: String, error: &ureq::Error) -> Error {
    let why = match error {
        ureq::Error::Timeout(_) => return Error::TimedOut { host },
        ureq::Error::HostNotFound => "no such host".to_owned(),
        ureq::Error::Io(error) => error.to_string(),
        ureq::Error::Rustls(error) => error.to_string(),
        ureq::Error::Tls(why) => (*why).to_owned(),
        ureq::Error::Protocol(_) => "it does not speak HTTP".to_owned(),
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => "its address is malformed".to_owned(),
        ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => "the proxy failed".to_owned(),
        _ => "the connection failed".to_owned(),
    };
    Error::Unreachable { host, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_host_of_an_address_is_shown() {
        for (url, want) in [
            ("https://hooks.example.com/T0/secret?x=1", Some("hooks.example.com")),
            ("HTTP://127.0.0.1:8080", Some("127.0.0.1:8080")),
            ("https://user:pass@example.com:8443/a", Some("example.com:8443")),
            ("https://[::1]:9/", Some("[::1]:9")),
            ("ftp://example.com", None),
            ("https:///path", None),
            ("example.com/hook", None),
            ("", None),
        ] {
            assert_eq!(host_of(url).ok().as_deref(), want, "{url}");
        }
        assert!(!host_of("hooks.example.com/T0/secret").unwrap_err().to_string().contains("secret"));
    }

    #[test]
    fn knows_what_stays_on_the_machine() {
        for (host, local) in [
            ("localhost", true),
            ("localhost:80", true),
            ("127.0.0.1:8080", true),
            ("[::1]:9", true),
            ("example.com", false),
            ("10.0.0.1:80", false),
            ("localhost.example.com", false),
        ] {
            assert_eq!(is_local(host), local, "{host}");
        }
    }
}
