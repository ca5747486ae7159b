//! Sections `[watch]` and `[serve]`: how changes are found, and where the daemon answers for its health.

use std::net::SocketAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How a daemon learns of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WatchMode {
    /// From the system, where the file system tells all; else by looking.
    Auto,
    /// By looking, everywhere.
    Poll,
}

/// Section `[watch]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WatchConfig {
    pub mode: WatchMode,
    /// Between two passes over a root whose file system tells nothing.
    pub poll_seconds: u32,
    /// Between two passes over a root that is watched: the watcher is a hint, the pass is the truth.
    pub full_pass_hours: u32,
}

impl Default for WatchConfig {
    fn default() -> Self {
        Self { mode: WatchMode::Auto, poll_seconds: 300, full_pass_hours: 1 }
    }
}

impl WatchConfig {
    pub fn poll(&self) -> Duration {
        Duration::from_secs(u64::from(self.poll_seconds))
    }

    pub fn full_pass(&self) -> Duration {
        Duration::from_secs(u64::from(self.full_pass_hours) * 3600)
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if self.poll_seconds == 0 || self.full_pass_hours == 0 {
            return Err("[watch]: poll_seconds and full_pass_hours are at least 1".to_owned());
        }
        Ok(())
    }
}

/// Section `[serve]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServeConfig {
    /// Address and port for `/healthz`, `/readyz` and `/metrics`; none: nothing listens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
}

impl ServeConfig {
    pub(super) fn check(&self) -> Result<(), String> {
        match self.listen {
            Some(address) if !address.ip().is_loopback() => {
                Err(format!("[serve] listen: `{address}` can be reached from other machines; use 127.0.0.1 or [::1]"))
            }
            Some(_) | None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_may_ask() {
        for (address, good) in
            [("127.0.0.1:9610", true), ("[::1]:9610", true), ("0.0.0.0:9610", false), ("10.0.0.1:1", false)]
        {
            let serve = ServeConfig { listen: Some(address.parse().unwrap()) };
            assert_eq!(serve.check().is_ok(), good, "{address}");
        }
        assert!(ServeConfig::default().check().is_ok());
    }

    #[test]
    fn no_pause_is_nothing() {
        assert!(WatchConfig::default().check().is_ok());
        assert!(WatchConfig { poll_seconds: 0, ..WatchConfig::default() }.check().is_err());
        assert!(WatchConfig { full_pass_hours: 0, ..WatchConfig::default() }.check().is_err());
    }
}
