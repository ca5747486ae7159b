//! Is everything on this machine as the product needs it? Looks at all of it, changes nothing, and stops at no fault.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::disk::{self, machine};
use crate::domain::ids::InstantMs;
use crate::engine::clock;
use crate::engine::config::Config;
use crate::engine::workspace::{Sought, Workspace};
use crate::extract;
use crate::index::Index;
use crate::ledger::{self, Ledger, WhichPass};
use crate::report::doctor::{Check, Checkup, Subject};

const MIB: u64 = 1 << 20;
/// Below this the next pass may stop half way.
const SPACE_LOW: u64 = 1 << 30;
const SPACE_OUT: u64 = 64 * MIB;

/// Clocks of file servers differ by this much without harm.
const CLOCK_LEEWAY_MS: i64 = 5 * 60 * 1_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Watches that other programs of the same user are left.
const WATCHES_SPARE: u64 = 1_024;

/// Looks at configuration, state, roots and machine.
pub fn doctor(sought: &Sought) -> Checkup {
    let mut checks = Vec::new();
    let workspace = match Workspace::open(sought) {
        Ok(workspace) => {
            checks.push(configuration(&workspace));
            Some(workspace)
        }
        Err(error) => {
            let advice = "mend it, then ask again: the state and the roots were not looked at";
            checks.push(Check::fail(Subject::Configuration, with_causes(&error), advice));
            None
        }
    };
    if let Some(workspace) = &workspace {
        of_state(workspace, &mut checks);
    }
    let config = workspace.as_ref().map_or_else(Config::default, |workspace| workspace.config.clone());
    checks.push(text_recognition(&config));
    checks.push(fence(&config));
    Checkup { state: workspace.map(|workspace| workspace.state.display().to_string()), checks }
}

fn configuration(workspace: &Workspace) -> Check {
    let from = workspace.config_path.as_ref().map(|path| path.display().to_string());
    let found = if from.is_some() { "no fault found" } else { "none; the defaults hold" };
    Check::ok(Subject::Configuration, found).about(from.unwrap_or_default())
}

fn of_state(workspace: &Workspace, checks: &mut Vec<Check>) {
    checks.push(state(&workspace.state));
    checks.extend(space(&workspace.state));
    let ledger = workspace.read_ledger();
    checks.push(match &ledger {
        Ok(ledger) => facts(ledger),
        Err(error) => {
            let advice = "run `evidex scan FOLDER` if there is none yet; else `evidex repair`, or `evidex restore`";
            Check::fail(Subject::Ledger, with_causes(error), advice)
        }
    });
    let Ok(ledger) = ledger else { return };
    checks.push(index(workspace, &ledger));
    match workspace.chosen_roots(&ledger) {
        Ok(roots) => of_roots(workspace, &ledger, &roots, checks),
        Err(error) => checks.push(Check::fail(Subject::Root, with_causes(&error), "run `evidex repair`")),
    }
}

fn state(folder: &Path) -> Check {
    let about = folder.display().to_string();
    match machine::rights(folder) {
        Ok(rights) if !rights.writable => Check::fail(
            Subject::State,
            format!("this account may not write here (mode {:o}, owner {})", rights.mode, rights.owner),
            "run as the account that owns it, or as a member of its group; or give it away with `chown -R`",
        ),
        Ok(rights) if rights.mode & 0o007 != 0 => Check::warn(
            Subject::State,
            format!(
                "everybody on this machine may look into it (mode {:o}): it holds the documents' text",
                rights.mode
            ),
            format!("chmod o-rwx '{}'", folder.display()),
        ),
        Ok(rights) => Check::ok(Subject::State, format!("writable, mode {:o}", rights.mode)),
        Err(error) => {
            Check::fail(Subject::State, format!("cannot be looked at: {error}"), "run `evidex scan FOLDER` first")
        }
    }
    .about(about)
}

fn space(folder: &Path) -> Option<Check> {
    let found = machine::space(folder).ok()?;
    let told = format!("{} MiB free of {} MiB", found.free / MIB, found.total / MIB);
    let advice = "make room, or move the state to another disk (`state` in the configuration)";
    Some(match found.free {
        free if free < SPACE_OUT => Check::fail(Subject::Space, told, advice),
        free if free < SPACE_LOW => Check::warn(Subject::Space, told, advice),
        _ => Check::ok(Subject::Space, told),
    })
}

fn facts(ledger: &Ledger) -> Check {
    let about = ledger.path().display().to_string();
    let newest = ledger.head().and_then(|head| match head {
        Some(head) => Ok(ledger.facts_after(crate::domain::ids::Seq(head.seq.0 - 1), 1)?.pop()),
        None => Ok(None),
    });
    match newest {
        Ok(Some(entry)) => {
            let age = clock::now().0.saturating_sub(entry.at.0) / DAY_MS;
            let found = format!("{} facts, the newest {age} days old", entry.seq.0);
            Check::ok(Subject::Ledger, found)
        }
        Ok(None) => Check::warn(Subject::Ledger, "it holds no fact yet", "run `evidex scan FOLDER`"),
        Err(error) => Check::fail(Subject::Ledger, with_causes(&error), "run `evidex verify`, then `evidex repair`"),
    }
    .about(about)
}

fn index(workspace: &Workspace, ledger: &Ledger) -> Check {
    let mend = "run `evidex repair`: it builds the index anew from the ledger";
    let path = workspace.index_path();
    if !path.exists() {
        return Check::warn(Subject::Index, "there is none yet", "run `evidex scan FOLDER`");
    }
    match (Index::open_to_search(&path), ledger.head()) {
        (Ok(index), _) if !index.is_sound() => Check::fail(Subject::Index, "its files are damaged", mend),
        (Ok(index), Ok(head)) if index.made().map(|made| made.head) == head => {
            Check::ok(Subject::Index, "sound, and up to the ledger's head")
        }
        (Ok(_), Ok(_)) => Check::warn(
            Subject::Index,
            "sound, and behind the ledger",
            "run `evidex scan`, unless a pass is running: its end brings the index up to date",
        ),
        (Ok(_), Err(error)) => Check::fail(Subject::Index, with_causes(&error), mend),
        (Err(error), _) => Check::fail(Subject::Index, with_causes(&error), mend),
    }
    .about(path.display().to_string())
}

fn of_roots(workspace: &Workspace, ledger: &Ledger, roots: &[ledger::Root], checks: &mut Vec<Check>) {
    let rules = match disk::Rules::new(&workspace.config.ignore) {
        Ok(rules) => rules,
        Err(error) => {
            checks.push(Check::fail(Subject::Configuration, with_causes(&error), "mend `ignore` in the configuration"));
            return;
        }
    };
    let now = clock::now();
    let (mut folders, mut in_future) = (0, 0);
    for root in roots {
        let path = PathBuf::from(OsStr::from_bytes(root.path.as_bytes()));
        checks.push(standing(workspace, ledger, root).about(path.display().to_string()));
        let later_ns = now.0.saturating_add(CLOCK_LEEWAY_MS).saturating_mul(1_000_000);
        let Ok(found) = machine::survey(&path, &rules, later_ns) else { continue };
        folders += found.folders;
        in_future += found.in_future;
        checks.push(readable(&found, &path).about(path.display().to_string()));
    }
    checks.push(watching(folders));
    checks.push(time(ledger, now, in_future));
}

fn standing(workspace: &Workspace, ledger: &Ledger, root: &ledger::Root) -> Check {
    let path = PathBuf::from(OsStr::from_bytes(root.path.as_bytes()));
    let identity = disk::root_identity(&path);
    let last = ledger.last_pass(root.id, WhichPass::Finished).ok().flatten().and_then(|pass| pass.finished);
    let last = last.map_or_else(|| "no pass yet".to_owned(), |at| format!("last pass {}", clock::instant_text(at)));
    if workspace.is_offline(root) {
        let why =
            identity.map_or_else(|error| with_causes(&error), |id| format!("another file system ({})", id.file_system));
        let advice = "mount its disk; if it is rightly so, run `evidex scan --accept-empty` with this folder";
        return Check::fail(Subject::Root, format!("offline: {why}; {last}"), advice);
    }
    let kind = identity.map_or("unknown", |identity| identity.file_system);
    let told =
        if machine::tells_of_changes(kind) { "tells of changes" } else { "tells of no changes: passes on a timer" };
    Check::ok(Subject::Root, format!("file system {kind}, {told}; {last}"))
}

fn readable(found: &machine::Survey, root: &Path) -> Check {
    let machine::Survey { folders, files, unreadable_folders, unreadable_files, .. } = found;
    if *unreadable_folders == 0 && *unreadable_files == 0 {
        return Check::ok(Subject::Folders, format!("can read all of {folders} folders and {files} files"));
    }
    let examples: Vec<String> = found.examples.iter().map(|path| format!("`{}`", path.display())).collect();
    let account = disk::account::own_name();
    let told = format!(
        "as {account}: cannot read {unreadable_folders} of {folders} folders and {unreadable_files} of {files} files, such as {}",
        examples.join(", ")
    );
    let quoted = root.display().to_string().replace('\'', "'\\''");
    Check::warn(Subject::Folders, told, format!("setfacl -R -m u:{account}:rX '{quoted}' (as the owner, or root)"))
}

/// Each folder takes one watch.
fn watching(folders: u64) -> Check {
    let Some(limits) = machine::watch_limits() else {
        return Check::warn(
            Subject::Watching,
            "this system names no limits",
            "watch on Linux, or run `evidex scan` from a timer",
        );
    };
    let told = format!("{folders} folders, the system allows {} watches a user", limits.watches);
    let wanted = folders.saturating_add(WATCHES_SPARE);
    if wanted <= limits.watches {
        return Check::ok(Subject::Watching, told);
    }
    let enough = wanted.saturating_mul(2);
    let advice = format!(
        "echo fs.inotify.max_user_watches={enough} > /etc/sysctl.d/60-evidex.conf; sysctl --system (as root); until then the rest is looked at on a timer"
    );
    Check::warn(Subject::Watching, told, advice)
}

fn time(ledger: &Ledger, now: InstantMs, in_future: u64) -> Check {
    let newest = ledger.head().ok().flatten().and_then(|head| {
        let last = ledger.facts_after(crate::domain::ids::Seq(head.seq.0 - 1), 1).ok()?;
        last.first().map(|entry| entry.at)
    });
    let set = "set the clock (`timedatectl set-ntp true`)";
    match newest {
        Some(at) if at.0 > now.0.saturating_add(CLOCK_LEEWAY_MS) => {
            let told = format!(
                "it is {} here, and the newest fact is of {}: until then new facts carry that instant",
                clock::instant_text(now),
                clock::instant_text(at)
            );
            Check::fail(Subject::Clock, told, set)
        }
        Some(_) | None if in_future > 0 => {
            let told = format!("{} here; {in_future} files have times in the future", clock::instant_text(now));
            Check::warn(Subject::Clock, told, format!("{set} here, or on the machine that wrote the files"))
        }
        Some(_) | None => {
            Check::ok(Subject::Clock, format!("{}, not before the newest fact", clock::instant_text(now)))
        }
    }
}

fn text_recognition(config: &Config) -> Check {
    let advice =
        "apt-get install tesseract-ocr tesseract-ocr-eng tesseract-ocr-spa; without it scans and photos stay unread";
    let Some(there) = extract::probe::recognised_languages() else {
        return Check::warn(Subject::TextRecognition, "the program tesseract is not installed", advice);
    };
    let wanted = config.languages.iter().map(|language| if language == "es" { "spa" } else { "eng" });
    let lacking: Vec<&str> = wanted.filter(|name| !there.iter().any(|has| has == name)).collect();
    if lacking.is_empty() {
        Check::ok(Subject::TextRecognition, format!("tesseract with {}", there.join(", ")))
    } else {
        Check::warn(Subject::TextRecognition, format!("tesseract lacks {}", lacking.join(", ")), advice)
    }
}

fn fence(config: &Config) -> Check {
    match extract::probe::fence(&config.limits()) {
        Ok(report) if report.is_whole() => Check::ok(Subject::Fence, "documents are parsed behind all four layers"),
        Ok(report) => {
            let layers = report.layers().map(|(name, layer)| format!("{name} {layer}"));
            let advice = "use a kernel of 5.13 or later with landlock and seccomp; documents are parsed behind the rest until then";
            Check::warn(Subject::Fence, layers.join("; "), advice)
        }
        Err(error) => Check::fail(
            Subject::Fence,
            with_causes(&error),
            "check that this account may start processes: nothing can be read without a worker",
        ),
    }
}

/// An error with what caused it, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let told = next.to_string();
        if !text.ends_with(&told) {
            text.extend([": ", &told]);
        }
        cause = next.source();
    }
    text
}
