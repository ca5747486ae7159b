//! The ways of telling and what waits in each.

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::text::hang;
use super::{GENERATED_BY, json as form};

/// One configured way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WayStatus {
    pub name: String,
    pub kind: String,
    /// Where messages go: a path, a host, addresses. Never a secret.
    pub to: String,
    /// Changes not told yet.
    pub waiting: u64,
    /// Tries of the next message.
    pub attempts: u32,
    /// RFC 3339, UTC.
    pub next_try: Option<String>,
    pub last_error: Option<String>,
    /// RFC 3339, UTC: when a message was last taken.
    pub last_told: Option<String>,
}

#[derive(Serialize)]
struct OutboxJson<'a> {
    schema: &'static str,
    generator: &'static str,
    ways: &'a [WayStatus],
}

pub fn table(ways: &[WayStatus], look: Look) -> String {
    if ways.is_empty() {
        return "No way of telling is configured: add a [[notify]] section.\n".to_owned();
    }
    let mut out = String::new();
    for way in ways {
        out.push_str(&format!("{} ({})\n", look.paint(Tone::Heading, &way.name), way.kind));
        let mut field = |name: &str, text: &str| {
            out.push_str(&hang(&format!("  {name:<10} "), &terminal(text), look.columns()));
        };
        field("To", &way.to);
        field("Waiting", &way.waiting.to_string());
        field("Last told", way.last_told.as_deref().unwrap_or("never"));
        if let Some(error) = &way.last_error {
            field("Failed", &format!("{} times; {error}", way.attempts));
            field("Next try", way.next_try.as_deref().unwrap_or("at once"));
        }
    }
    out
}

pub fn json(ways: &[WayStatus]) -> String {
    form::pretty(&OutboxJson { schema: "evidex.notify/1", generator: GENERATED_BY, ways })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::schemas::testing::assert_valid;

    #[test]
    fn says_what_waits_and_why() {
        let quiet = WayStatus {
            name: "file".into(),
            kind: "file".into(),
            to: "/var/log/evidex/changes.jsonl".into(),
            waiting: 0,
            attempts: 0,
            next_try: None,
            last_error: None,
            last_told: Some("2026-11-24T07:00:00Z".into()),
        };
        let failing = WayStatus {
            name: "chat".into(),
            kind: "webhook".into(),
            to: "hooks.example.com".into(),
            waiting: 3,
            attempts: 2,
            next_try: Some("2026-11-24T07:02:00Z".into()),
            last_error: Some("`hooks.example.com` answered 500".into()),
            last_told: None,
        };
        let ways = [quiet, failing];
        assert_valid("evidex.notify/1", &serde_json::from_str(&json(&ways)).unwrap());
        assert_valid("evidex.notify/1", &serde_json::from_str(&json(&[])).unwrap());
        insta::assert_snapshot!(table(&ways, Look::PLAIN), @r"
        file (file)
          To         /var/log/evidex/changes.jsonl
          Waiting    0
          Last told  2026-11-24T07:00:00Z
        chat (webhook)
          To         hooks.example.com
          Waiting    3
          Last told  never
          Failed     2 times; `hooks.example.com` answered 500
          Next try   2026-11-24T07:02:00Z
        ");
    }
}
