//! The systemd unit: what the service may do, which is little. Pure.
//!
//! The package ships the unit for the usual places; what depends on a configuration (roots, memory, telling) goes into a
//! drop-in beside it, or, where no package is installed, into one file with the rest.

use std::path::{Path, PathBuf};

/// Connections that the service may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// To systemd and the journal only.
    None,
    /// Also from and to this machine: metrics.
    Loopback,
    /// Also to other machines: webhooks, mail.
    Any,
}

/// Everything that the unit says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub program: PathBuf,
    pub config: PathBuf,
    pub user: String,
    pub group: String,
    pub also_groups: Vec<String>,
    pub state: PathBuf,
    pub roots: Vec<PathBuf>,
    /// Folders of files that changes are told to.
    pub writable: Vec<PathBuf>,
    /// As systemd writes it: `4G`.
    pub memory_max: String,
    pub network: Network,
}

/// Where systemd keeps state folders.
const STATE_HOME: &str = "/var/lib";

impl Unit {
    /// The unit that the package ships.
    pub fn packaged() -> Self {
        Self {
            program: "/usr/bin/evidex".into(),
            config: "/etc/evidex/evidex.toml".into(),
            user: "evidex".to_owned(),
            group: "evidex".to_owned(),
            also_groups: Vec::new(),
            state: "/var/lib/evidex".into(),
            roots: Vec::new(),
            writable: Vec::new(),
            memory_max: "4G".to_owned(),
            network: Network::None,
        }
    }

    /// The whole unit.
    pub fn text(&self) -> String {
        format!("{}{}{}{}{INSTALL}", head(&self.config), self.command(), FIXED, self.configured())
    }

    /// A drop-in over a packaged unit.
    pub fn drop_in(&self) -> String {
        let start = "# Made by `evidex service install`; made anew by each.\n\n[Unit]\nConditionPathExists=\n";
        let config = word(&self.config);
        // An empty assignment takes back what the unit beneath says.
        format!("{start}ConditionPathExists={config}\n\n[Service]\nExecStart=\n{}{}", self.command(), self.configured())
    }

    fn command(&self) -> String {
        let (program, config) = (word(&self.program), word(&self.config));
        format!(
            "ExecStart={program} --config {} watch\nUser={}\nGroup={}\n",
            config.replace('$', "$$"),
            self.user,
            self.group
        )
    }

    /// The lines that follow from the configuration.
    fn configured(&self) -> String {
        let mut lines: Vec<(&str, String)> = Vec::new();
        if !self.also_groups.is_empty() {
            lines.push(("SupplementaryGroups", self.also_groups.join(" ")));
        }
        // systemd makes the folder, with these permissions, and lets the service write to it alone.
        match self.state.strip_prefix(STATE_HOME).ok().filter(|name| name.components().count() == 1) {
            Some(name) => lines.extend([("StateDirectory", word(name)), ("StateDirectoryMode", "2770".to_owned())]),
            None => lines.push(("ReadWritePaths", word(&self.state))),
        }
        // `-`: a root that is not mounted now is offline, not a reason not to start.
        lines.extend(self.roots.iter().map(|root| ("ReadOnlyPaths", format!("-{}", word(root)))));
        lines.extend(self.writable.iter().map(|folder| ("ReadWritePaths", format!("-{}", word(folder)))));
        lines.push(("MemoryMax", self.memory_max.clone()));
        lines.push(("RestrictAddressFamilies", self.network.families().to_owned()));
        if self.network == Network::Loopback {
            lines.extend([("IPAddressDeny", "any".to_owned()), ("IPAddressAllow", "localhost".to_owned())]);
        }
        let lines: Vec<String> = lines.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        lines.join("\n") + "\n"
    }
}

impl Network {
    fn families(self) -> &'static str {
        match self {
            Self::None => "AF_UNIX",
            Self::Loopback => "AF_UNIX AF_INET AF_INET6",
            Self::Any => "AF_UNIX AF_INET AF_INET6 AF_NETLINK",
        }
    }
}

fn head(config: &Path) -> String {
    format!(
        "# Evidex as a service: docs/install.md says what each part is for.

[Unit]
Description=Evidex: which CTPAT criteria lack current evidence
Documentation=man:evidex(1)
After=local-fs.target remote-fs.target network-online.target nss-user-lookup.target
ConditionPathExists={}

[Service]
Type=notify
",
        word(config)
    )
}

/// What holds whatever is configured.
const FIXED: &str = "UMask=0007
EnvironmentFile=-/etc/evidex/environment

# The first pass over a large folder takes its time; a daemon that hangs is started again.
TimeoutStartSec=infinity
WatchdogSec=120
Restart=on-failure
RestartSec=10
# Usage or configuration: starting again would not help.
RestartPreventExitStatus=2
KillMode=mixed
TimeoutStopSec=30

# A document that bloats its worker costs that document, not the service.
OOMPolicy=continue
# People who open files on this server come first.
Nice=5
CPUWeight=50
IOWeight=50

# It reads; all it writes is its state.
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
NoNewPrivileges=yes
CapabilityBoundingSet=
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
# The workers fence themselves in further: landlock, seccomp.
SystemCallFilter=@system-service
SystemCallFilter=landlock_create_ruleset landlock_add_rule landlock_restrict_self seccomp
SystemCallErrorNumber=EPERM

";

const INSTALL: &str = "
[Install]
WantedBy=multi-user.target
";

/// A path as one word of a unit: quoted where it has to be, `%` doubled.
fn word(path: &Path) -> String {
    let text = path.to_string_lossy().replace('%', "%%");
    let plain = |c: char| c.is_alphanumeric() || "/-_.+,:@%=".contains(c);
    if text.chars().all(plain) {
        return text;
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_unit_is_this_one() {
        let shipped = include_str!("../../../.ci/deb/evidex.service");
        assert_eq!(shipped, Unit::packaged().text(), "write it anew: .ci/deb/evidex.service");
    }

    #[test]
    fn what_is_configured_stands_in_the_unit_and_in_the_drop_in() {
        let unit = Unit {
            config: "/srv/my config.toml".into(),
            state: "/srv/state".into(),
            roots: vec!["/srv/policies".into(), "/srv/50% \"old\"".into()],
            writable: vec!["/var/log/evidex".into()],
            also_groups: vec!["staff".into()],
            memory_max: "2G".into(),
            network: Network::Any,
            ..Unit::packaged()
        };
        for text in [unit.text(), unit.drop_in()] {
            for line in [
                "ConditionPathExists=\"/srv/my config.toml\"",
                "ExecStart=/usr/bin/evidex --config \"/srv/my config.toml\" watch",
                "SupplementaryGroups=staff",
                "ReadWritePaths=/srv/state",
                "ReadOnlyPaths=-/srv/policies",
                "ReadOnlyPaths=-\"/srv/50%% \\\"old\\\"\"",
                "ReadWritePaths=-/var/log/evidex",
                "MemoryMax=2G",
                "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
            ] {
                assert!(text.lines().any(|found| found == line), "{line} in:\n{text}");
            }
        }
        assert!(unit.text().ends_with("[Install]\nWantedBy=multi-user.target\n"));
        assert!(!unit.drop_in().contains("[Install]"));
    }

    #[test]
    fn the_network_is_shut_unless_something_needs_it() {
        for (network, want) in [
            (Network::None, "RestrictAddressFamilies=AF_UNIX\n"),
            (Network::Loopback, "IPAddressDeny=any\nIPAddressAllow=localhost\n"),
        ] {
            assert!(Unit { network, ..Unit::packaged() }.text().contains(want));
        }
    }
}
