//! Evidex as a systemd service: planned as steps that can be shown, then done.

mod unit;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::disk::account;
use crate::report::service::ServiceStatus;

use super::config::NotifyConfig;
use super::workspace::Workspace;

pub use unit::{Network, Unit};

const NAME: &str = "evidex.service";
/// Units of packages, and of the administrator, whose word counts.
const PACKAGED: &str = "usr/lib/systemd/system";
const LOCAL: &str = "etc/systemd/system";
const DROP_IN: &str = "evidex.service.d/10-evidex.conf";
/// Where a running systemd shows itself.
const BOOTED: &str = "/run/systemd/system";

const MIB: u64 = 1 << 20;
/// Memory of the daemon itself with the index's writer, and of one recogniser of text, in MiB.
const OWN_MIB: u64 = 1536;

/// Why the service was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("this system is not run by systemd (there is no `{BOOTED}`)")]
    NotBooted,
    #[error("only root may change services, and this account is `{account}`")]
    NotRoot { account: String },
    #[error("there is no configuration for the service to run with")]
    NoConfig,
    #[error("the configuration `{path}` names no [[root]] to watch")]
    NoRoot { path: PathBuf },
    #[error("the configuration `{path}` names no `state`, which the service and the people beside it must share")]
    NoState { path: PathBuf },
    #[error("the configuration shares the state with the group `{shared}`, and `--group` says `{wanted}`")]
    TwoGroups { wanted: String, shared: String },
    #[error("`{name}` cannot be the name of a user or a group")]
    BadName { name: String },
    #[error("`{text}` is not a size of memory like 4G")]
    BadSize { text: String },
    #[error("could not find the program's own file")]
    OwnFile { source: std::io::Error },
    #[error("could not {tried} `{path}`")]
    File { tried: &'static str, path: PathBuf, source: std::io::Error },
    #[error("could not run `{command}`")]
    Run { command: String, source: std::io::Error },
    #[error("`{command}` failed: {said}")]
    Failed { command: String, said: String },
}

/// One thing to be done to the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Write {
        path: PathBuf,
        text: String,
    },
    /// A file that may not be there.
    Remove {
        path: PathBuf,
    },
    Run {
        program: &'static str,
        args: Vec<String>,
    },
}

/// Which system is changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum System {
    Running,
    /// The one below this folder.
    Image(PathBuf),
}

/// What is wanted of the service beside the configuration.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub user: String,
    pub group: Option<String>,
    pub also_groups: Vec<String>,
    pub memory_max: Option<String>,
}

impl System {
    fn at(&self, path: &str) -> PathBuf {
        match self {
            Self::Running => Path::new("/").join(path),
            Self::Image(root) => root.join(path),
        }
    }

    fn systemctl(&self, args: &[&str]) -> Step {
        let root = match self {
            Self::Running => None,
            Self::Image(root) => Some(format!("--root={}", root.display())),
        };
        let args = root.into_iter().chain(args.iter().map(|arg| (*arg).to_owned())).collect();
        Step::Run { program: "systemctl", args }
    }

    /// What only a running system can do.
    fn live(&self, args: &[&str]) -> Option<Step> {
        match self {
            Self::Running => Some(self.systemctl(args)),
            Self::Image(_) => None,
        }
    }

    fn account_step(&self, program: &'static str, args: &[&str]) -> Step {
        let prefix = match self {
            Self::Running => Vec::new(),
            Self::Image(root) => vec!["--prefix".to_owned(), root.display().to_string()],
        };
        Step::Run { program, args: prefix.into_iter().chain(args.iter().map(|arg| (*arg).to_owned())).collect() }
    }

    fn knows(&self, database: &str, name: &str) -> bool {
        match self {
            Self::Running if database == "passwd" => account::is_user(name),
            Self::Running => account::group_id(name).is_some(),
            Self::Image(root) => fs::read_to_string(root.join("etc").join(database))
                .is_ok_and(|text| text.lines().any(|line| line.split(':').next() == Some(name))),
        }
    }
}

/// The unit for this configuration.
pub fn unit(workspace: &Workspace, wanted: &Wanted) -> Result<Unit, Error> {
    let config = workspace.config_path.clone().ok_or(Error::NoConfig)?;
    if workspace.config.roots.is_empty() {
        return Err(Error::NoRoot { path: config });
    }
    let Some(state) = workspace.config.state.clone() else { return Err(Error::NoState { path: config }) };
    if let (Some(wanted), Some(shared)) = (&wanted.group, &workspace.config.group)
        && wanted != shared
    {
        return Err(Error::TwoGroups { wanted: wanted.clone(), shared: shared.clone() });
    }
    let group = wanted.group.clone().or_else(|| workspace.config.group.clone()).unwrap_or_else(|| "evidex".to_owned());
    for name in [&wanted.user, &group].into_iter().chain(&wanted.also_groups) {
        check_name(name)?;
    }
    let memory_max = match &wanted.memory_max {
        Some(text) => check_size(text)?,
        None => format!("{}M", memory_mib(workspace)),
    };
    // systemd takes absolute paths alone; a root may be away now, which leaves its links unresolved.
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let whole = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| absolute(path));
    Ok(Unit {
        program: std::env::current_exe().map_err(|source| Error::OwnFile { source })?,
        config: whole(&config),
        user: wanted.user.clone(),
        group,
        also_groups: wanted.also_groups.clone(),
        state: absolute(&state),
        roots: workspace.config.roots.iter().map(|root| whole(&root.path)).collect(),
        writable: workspace.config.notify.iter().filter_map(|way| way.folder().map(absolute)).collect(),
        memory_max,
        network: network(workspace),
    })
}

fn network(workspace: &Workspace) -> Network {
    let config = &workspace.config;
    match (config.notify.iter().any(NotifyConfig::uses_network), config.serve.listen) {
        (true, _) => Network::Any,
        (false, Some(_)) => Network::Loopback,
        (false, None) => Network::None,
    }
}

fn memory_mib(workspace: &Workspace) -> u64 {
    let workers = u64::try_from(workspace.config.worker_count()).unwrap_or(u64::MAX);
    workers.saturating_mul(workspace.config.limits().memory_bytes / MIB).saturating_add(OWN_MIB)
}

/// Names as useradd takes them: nothing that a unit or a shell would read as more than a name.
fn check_name(name: &str) -> Result<(), Error> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    let good =
        name.len() <= 32 && name.bytes().all(plain) && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if good { Ok(()) } else { Err(Error::BadName { name: name.to_owned() }) }
}

fn check_size(text: &str) -> Result<String, Error> {
    let number = text.trim_end_matches(['K', 'M', 'G', 'T', '%']);
    let good = number.bytes().all(|b| b.is_ascii_digit()) && !number.is_empty() && text.len() - number.len() <= 1;
    if good { Ok(text.to_owned()) } else { Err(Error::BadSize { text: text.to_owned() }) }
}

/// The steps that set the service up.
pub fn install_steps(system: &System, unit: &Unit) -> Vec<Step> {
    let mut steps = Vec::new();
    if !system.knows("group", &unit.group) {
        steps.push(system.account_step("groupadd", &["--system", &unit.group]));
    }
    let state = unit.state.display().to_string();
    if !system.knows("passwd", &unit.user) {
        let args = ["--system", "--gid", &unit.group, "--home-dir", &state, "--no-create-home"];
        steps
            .push(system.account_step("useradd", &[&args[..], &["--shell", "/usr/sbin/nologin", &unit.user]].concat()));
    }
    if !unit.state.starts_with("/var/lib") && *system == System::Running {
        let args = ["--directory", "--owner", &unit.user, "--group", &unit.group, "--mode", "2770", &state];
        steps.push(Step::Run { program: "install", args: args.map(str::to_owned).into() });
    }
    let packaged = system.at(PACKAGED).join(NAME).exists();
    steps.push(if packaged {
        Step::Write { path: system.at(LOCAL).join(DROP_IN), text: unit.drop_in() }
    } else {
        Step::Write { path: system.at(LOCAL).join(NAME), text: unit.text() }
    });
    steps.extend(system.live(&["daemon-reload"]));
    steps.push(system.systemctl(&["enable", NAME]));
    steps
}

/// The steps that take it away again. State, configuration and account stay.
pub fn uninstall_steps(system: &System) -> Vec<Step> {
    let mut steps: Vec<Step> = system.live(&["stop", NAME]).into_iter().collect();
    steps.push(system.systemctl(&["disable", NAME]));
    for path in [DROP_IN, NAME] {
        steps.push(Step::Remove { path: system.at(LOCAL).join(path) });
    }
    steps.extend(system.live(&["daemon-reload"]));
    steps
}

/// Starts without waiting: a first pass may take hours, and the service says when it is ready.
pub fn start_steps() -> Vec<Step> {
    vec![System::Running.systemctl(&["start", "--no-block", NAME])]
}

pub fn stop_steps() -> Vec<Step> {
    vec![System::Running.systemctl(&["stop", NAME])]
}

/// An error unless this process can change the system.
pub fn check_able(system: &System) -> Result<(), Error> {
    if *system == System::Running && !Path::new(BOOTED).exists() {
        return Err(Error::NotBooted);
    }
    if !account::is_root() {
        return Err(Error::NotRoot { account: account::own_name() });
    }
    Ok(())
}

impl Step {
    /// The step in words.
    pub fn shown(&self) -> String {
        match self {
            Self::Write { path, .. } => format!("write {}", path.display()),
            Self::Remove { path } => format!("remove {}", path.display()),
            Self::Run { program, args } => format!("{program} {}", args.join(" ")),
        }
    }

    /// Does it.
    pub fn perform(&self) -> Result<(), Error> {
        match self {
            Self::Write { path, text } => write(path, text),
            Self::Remove { path } => match fs::remove_file(path) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                    Err(Error::File { tried: "remove", path: path.clone(), source })
                }
                Ok(()) | Err(_) => Ok(()),
            },
            Self::Run { program, args } => run(program, args).map(drop),
        }
    }
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let failed = |source| Error::File { tried: "write", path: path.to_owned(), source };
    fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).map_err(failed)?;
    fs::write(path, text).map_err(failed)
}

/// The program's output, if it succeeds.
fn run(program: &str, args: &[String]) -> Result<String, Error> {
    let command = || format!("{program} {}", args.join(" "));
    let output = Command::new(program).args(args).stdin(Stdio::null()).output();
    let output = output.map_err(|source| Error::Run { command: command(), source })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(Error::Failed { command: command(), said: String::from_utf8_lossy(&output.stderr).trim().to_owned() })
}

/// How the service stands, by systemd's word.
pub fn status() -> Result<ServiceStatus, Error> {
    if !Path::new(BOOTED).exists() {
        return Err(Error::NotBooted);
    }
    let properties = "LoadState,UnitFileState,ActiveState,SubState,MainPID,ActiveEnterTimestamp,StatusText";
    let shown = run("systemctl", &["show".to_owned(), NAME.to_owned(), format!("--property={properties}")])?;
    Ok(parse_status(&shown))
}

fn parse_status(shown: &str) -> ServiceStatus {
    let value = |key: &str| {
        let line = shown.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        line.filter(|value| !value.is_empty()).map(str::to_owned)
    };
    ServiceStatus {
        unit: NAME.to_owned(),
        installed: value("LoadState").as_deref() == Some("loaded"),
        enabled: value("UnitFileState").as_deref() == Some("enabled"),
        active: value("ActiveState").unwrap_or_else(|| "unknown".to_owned()),
        state: value("SubState").unwrap_or_else(|| "unknown".to_owned()),
        pid: value("MainPID").and_then(|pid| pid.parse().ok()).filter(|pid| *pid != 0),
        since: value("ActiveEnterTimestamp"),
        text: value("StatusText"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systemds_words_are_understood() {
        let shown = "LoadState=loaded\nUnitFileState=enabled\nActiveState=active\nSubState=running\nMainPID=4711\n\
                     ActiveEnterTimestamp=Tue 2026-11-24 07:00:00 UTC\nStatusText=watching 41 folders\n";
        let status = parse_status(shown);
        assert_eq!((status.installed, status.enabled, status.pid), (true, true, Some(4711)));
        assert_eq!(status.text.as_deref(), Some("watching 41 folders"));
        let absent = parse_status("LoadState=not-found\nActiveState=inactive\nSubState=dead\nMainPID=0\nStatusText=\n");
        assert_eq!((absent.installed, absent.enabled, absent.pid, absent.text), (false, false, None, None));
    }

    #[test]
    fn names_and_sizes_are_checked() {
        for (name, good) in
            [("evidex", true), ("_e-1", true), ("a b", false), ("", false), ("a\nUser=root", false), ("1a", false)]
        {
            assert_eq!(check_name(name).is_ok(), good, "{name:?}");
        }
        for (size, good) in [
            ("4G", true),
            ("512M", true),
            ("50%", true),
            ("4096", true),
            ("G", false),
            ("4GG", false),
            ("4G\nx", false),
        ] {
            assert_eq!(check_size(size).is_ok(), good, "{size:?}");
        }
    }

    #[test]
    fn an_image_gets_a_drop_in_over_a_packaged_unit() {
        let image = tempfile::tempdir().unwrap();
        let system = System::Image(image.path().to_owned());
        fs::create_dir_all(image.path().join("etc")).unwrap();
        fs::write(image.path().join("etc/group"), "evidex:x:998:\n").unwrap();
        let shown = |steps: &[Step]| {
            let words = steps.iter().map(|step| step.shown().replace(&image.path().display().to_string(), "IMAGE"));
            words.collect::<Vec<_>>()
        };
        assert_eq!(
            shown(&install_steps(&system, &Unit::packaged())),
            [
                "useradd --prefix IMAGE --system --gid evidex --home-dir /var/lib/evidex --no-create-home --shell /usr/sbin/nologin evidex",
                "write IMAGE/etc/systemd/system/evidex.service",
                "systemctl --root=IMAGE enable evidex.service",
            ]
        );
        fs::create_dir_all(image.path().join(PACKAGED)).unwrap();
        fs::write(image.path().join(PACKAGED).join(NAME), "").unwrap();
        let steps = install_steps(&system, &Unit::packaged());
        assert!(shown(&steps).contains(&"write IMAGE/etc/systemd/system/evidex.service.d/10-evidex.conf".to_owned()));
        for step in steps.iter().filter(|step| matches!(step, Step::Write { .. })) {
            step.perform().unwrap();
        }
        for step in uninstall_steps(&system).iter().filter(|step| matches!(step, Step::Remove { .. })) {
            step.perform().unwrap();
        }
        assert!(!image.path().join(LOCAL).join(DROP_IN).exists());
    }
}
