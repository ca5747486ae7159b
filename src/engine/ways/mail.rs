//! Mail by SMTP, plain text.

use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};

use super::error::{Error, Result};
use super::secret::Secret;

/// For each command to the server.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How the connection is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// In clear, for a server on the same machine.
    None,
    /// In clear at first, then encrypted; refused if the server cannot.
    StartTls,
    /// Encrypted from the start.
    Tls,
}

impl Security {
    /// The port that servers listen on for it.
    pub fn port(self) -> u16 {
        match self {
            Self::None => 25,
            Self::StartTls => 587,
            Self::Tls => 465,
        }
    }
}

/// A server to hand mail to, and between whom it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub from: String,
    pub to: Vec<String>,
    pub user: Option<String>,
    pub password: Option<Secret>,
    pub ca_file: Option<PathBuf>,
}

/// One mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The same for every try; becomes the `Message-ID`.
    pub id: String,
    pub subject: String,
    pub text: String,
}

/// Hands the mail over; taken once this returns.
pub fn send(mail: &Mail, letter: &Letter) -> Result<()> {
    let message = message(mail, letter)?;
    let refused = |error: lettre::transport::smtp::Error| {
        if timed_out(&error) {
            return Error::TimedOut { host: mail.host.clone() };
        }
        Error::Mail { host: mail.host.clone(), why: error.to_string() }
    };
    transport(mail)?.send(&message).map(drop).map_err(refused)
}

/// Checks an address as it stands in the configuration: `Compliance <compliance@example.com>`.
pub fn check_address(text: &str) -> Result<()> {
    mailbox(text).map(drop)
}

/// The library's own question misses what Unix calls it: "would block".
fn timed_out(error: &lettre::transport::smtp::Error) -> bool {
    let chain = std::iter::successors(std::error::Error::source(error), |error| error.source());
    chain
        .filter_map(|error| error.downcast_ref::<std::io::Error>())
        .any(|error| matches!(error.kind(), std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock))
}

fn message(mail: &Mail, letter: &Letter) -> Result<Message> {
    let from = mailbox(&mail.from)?;
    let domain = from.email.domain().to_owned();
    let mut builder = Message::builder()
        .from(from)
        .subject(letter.subject.clone())
        .message_id(Some(format!("<{}@{domain}>", letter.id)))
        .date_now()
        .header(ContentType::TEXT_PLAIN);
    for address in &mail.to {
        builder = builder.to(mailbox(address)?);
    }
    let failed = |error: lettre::error::Error| Error::Mail { host: mail.host.clone(), why: error.to_string() };
    builder.body(letter.text.clone()).map_err(failed)
}

fn mailbox(text: &str) -> Result<Mailbox> {
    text.parse().map_err(|_| Error::Address { text: text.to_owned() })
}

fn transport(mail: &Mail) -> Result<SmtpTransport> {
    let tls = match mail.security {
        Security::None => Tls::None,
        Security::StartTls => Tls::Required(parameters(mail)?),
        Security::Tls => Tls::Wrapper(parameters(mail)?),
    };
    let mut builder =
        SmtpTransport::builder_dangerous(mail.host.as_str()).port(mail.port).tls(tls).timeout(Some(TIMEOUT));
    if let (Some(user), Some(password)) = (&mail.user, &mail.password) {
        builder = builder.credentials(Credentials::new(user.clone(), password.read()?));
    }
    Ok(builder.build())
}

fn parameters(mail: &Mail) -> Result<TlsParameters> {
    let mut builder = TlsParameters::builder(mail.host.clone());
    if let Some(path) = &mail.ca_file {
        let wrong = |why: String| Error::Certificates { path: path.clone(), why };
        let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
        let certificate = Certificate::from_pem(&pem).map_err(|error| wrong(error.to_string()))?;
        builder = builder.certificate_store(CertificateStore::None).add_root_certificate(certificate);
    }
    builder.build().map_err(|error| Error::Mail { host: mail.host.clone(), why: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail() -> Mail {
        Mail {
            host: "mail.example.com".into(),
            port: 587,
            security: Security::StartTls,
            from: "Evidex <evidex@example.com>".into(),
            to: vec!["a@example.com".into(), "B <b@example.org>".into()],
            user: None,
            password: None,
            ca_file: None,
        }
    }

    #[test]
    fn a_letter_is_plain_text_under_its_own_id() {
        let letter = Letter {
            id: "us-importer.1-9".into(),
            subject: "2 criteria: día\r\nBcc: x@example.com".into(),
            text: "6.7 missing\n".into(),
        };
        let bytes = message(&mail(), &letter).unwrap().formatted();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("Message-ID: <us-importer.1-9@example.com>\r\n"), "{text}");
        assert!(text.contains("Content-Type: text/plain; charset=utf-8\r\n"), "{text}");
        assert!(text.contains("To: a@example.com, B <b@example.org>\r\n"), "{text}");
        assert!(text.ends_with("\r\n\r\n6.7 missing\r\n"), "{text}");
        assert!(!text.contains("\nBcc:"), "no header comes out of a subject: {text}");
    }

    #[test]
    fn addresses_are_checked() {
        for (text, good) in
            [("a@example.com", true), ("A B <a@example.com>", true), ("a", false), ("", false), ("a@", false)]
        {
            assert_eq!(check_address(text).is_ok(), good, "{text}");
        }
    }
}
