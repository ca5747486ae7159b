//! How the service stands.

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::{GENERATED_BY, json as form};

/// What systemd says of the service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ServiceStatus {
    pub unit: String,
    pub installed: bool,
    pub enabled: bool,
    /// systemd's words: `active` and `running`, `failed` and `failed`, ...
    pub active: String,
    pub state: String,
    pub pid: Option<u32>,
    pub since: Option<String>,
    /// What the service says of itself.
    pub text: Option<String>,
}

impl ServiceStatus {
    pub fn runs(&self) -> bool {
        self.active == "active"
    }
}

#[derive(Serialize)]
struct ServiceJson<'a> {
    schema: &'static str,
    generator: &'static str,
    #[serde(flatten)]
    status: &'a ServiceStatus,
}

pub fn table(status: &ServiceStatus, look: Look) -> String {
    if !status.installed {
        return format!("{} is not installed: `sudo evidex service install`\n", status.unit);
    }
    let tone = if status.runs() { Tone::Good } else { Tone::Bad };
    let boot = if status.enabled { "started at boot" } else { "not started at boot" };
    let pid = status.pid.map(|pid| format!(", process {pid}")).unwrap_or_default();
    let head = format!("{}: {} ({}), {boot}{pid}", status.unit, terminal(&status.active), terminal(&status.state));
    let mut out = format!("{}\n", look.paint(tone, &head));
    for (name, value) in [("Since", &status.since), ("Says", &status.text)] {
        if let Some(value) = value {
            out.push_str(&format!("  {name:<6} {}\n", terminal(value)));
        }
    }
    let next = if status.runs() { "evidex status" } else { "journalctl -u evidex" };
    out.push_str(&format!("  More   `{next}`\n"));
    out
}

pub fn json(status: &ServiceStatus) -> String {
    form::pretty(&ServiceJson { schema: "evidex.service/1", generator: GENERATED_BY, status })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::schemas::testing::assert_valid;

    #[test]
    fn says_whether_it_runs() {
        let running = ServiceStatus {
            unit: "evidex.service".into(),
            installed: true,
            enabled: true,
            active: "active".into(),
            state: "running".into(),
            pid: Some(7),
            since: Some("Tue".into()),
            text: None,
        };
        let failed = ServiceStatus {
            active: "failed".into(),
            state: "failed".into(),
            pid: None,
            since: None,
            ..running.clone()
        };
        let absent = ServiceStatus { installed: false, enabled: false, active: "inactive".into(), ..failed.clone() };
        for (status, want) in [
            (
                running,
                "evidex.service: active (running), started at boot, process 7\n  Since  Tue\n  More   `evidex status`\n",
            ),
            (failed, "evidex.service: failed (failed), started at boot\n  More   `journalctl -u evidex`\n"),
            (absent, "evidex.service is not installed: `sudo evidex service install`\n"),
        ] {
            assert_eq!(table(&status, Look::PLAIN), want);
            assert_valid("evidex.service/1", &serde_json::from_str(&json(&status)).unwrap());
        }
    }
}
