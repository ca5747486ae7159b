//! Tesseract as a process: found, asked what it knows, run on one page.

use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Pid;

use super::launch::{self, DATA_VARIABLE};
use crate::extract::raster::Raster;
use crate::extract::watchdog::kill;

/// Far more than a page's words take.
const ANSWER_BYTES_MAX: u64 = 16 << 20;
/// Between two looks whether someone wants to stop.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// For questions about itself.
const QUESTION_TIME_MAX: Duration = Duration::from_secs(20);
const ORIENTATION: &str = "osd";

/// What is asked of text recognition.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// A name on the path, or a path.
    pub command: &'a str,
    /// Tesseract's names of the languages: `eng`, `spa`.
    pub languages: &'a [&'a str],
    pub page_seconds: u64,
}

/// What there is of it on this machine.
#[derive(Debug)]
pub struct Found {
    pub recogniser: Option<Recogniser>,
    /// Packages that would have to be installed for all that is wanted, by their Debian names.
    pub missing: Vec<String>,
}

/// A Tesseract that can be run.
#[derive(Debug)]
pub struct Recogniser {
    program: PathBuf,
    version: String,
    languages: Vec<String>,
    knows_orientation: bool,
    page_seconds: u64,
}

/// What it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Words,
    Orientation,
}

/// Why a page has no words.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("could not run text recognition")]
    Start(#[source] io::Error),
    #[error("text recognition took too long")]
    TimedOut,
    #[error("text recognition failed ({0})")]
    Died(ExitStatus),
    #[error("stopped")]
    Stopped,
}

impl Recogniser {
    /// Looks for the program and asks it for its version and languages.
    pub fn find(wanted: &Wanted<'_>) -> Found {
        let package = |language: &str| format!("tesseract-ocr-{language}");
        let all = || std::iter::once("tesseract-ocr".to_owned()).chain(wanted.languages.iter().map(|l| package(l)));
        let none = || Found { recogniser: None, missing: all().filter(|name| name != "tesseract-ocr-eng").collect() };
        let Some(program) = locate(wanted.command, std::env::var_os("PATH").as_deref()) else { return none() };
        let (Some(version), Some(known)) = (ask(&program, "--version"), ask(&program, "--list-langs")) else {
            return none();
        };
        let known: Vec<&str> = known.lines().map(str::trim).collect();
        let has = |language: &&&str| known.contains(*language);
        let languages: Vec<String> = wanted.languages.iter().filter(has).map(ToString::to_string).collect();
        let missing = wanted.languages.iter().filter(|l| !has(l)).map(|l| package(l)).collect();
        let version = version.lines().next().unwrap_or_default().trim().chars().take(60).collect();
        let knows_orientation = known.contains(&ORIENTATION);
        let page_seconds = wanted.page_seconds;
        let any = !languages.is_empty();
        let recogniser = any.then_some(Self { program, version, languages, knows_orientation, page_seconds });
        Found { recogniser, missing }
    }

    /// Version, languages and time a page, as they go into a reader's identity.
    pub fn identity(&self) -> String {
        let orientation = if self.knows_orientation { "+osd" } else { "" };
        format!("{} {}{orientation} {}s", self.version, self.languages.join("+"), self.page_seconds)
    }

    pub(super) fn knows_orientation(&self) -> bool {
        self.knows_orientation
    }

    /// Runs the program once over a page's pixels.
    pub(super) fn run(&self, raster: &Raster, mode: Mode, stop: &dyn Fn() -> bool) -> Result<Vec<u8>, Failure> {
        let dpi = raster.dpi().to_string();
        let languages = self.languages.join("+");
        let mode: &[&str] = match mode {
            Mode::Words => &["-l", &languages, "--psm", "3", "-c", "tessedit_create_tsv=1"],
            Mode::Orientation => &["-l", ORIENTATION, "--psm", "0"],
        };
        let arguments = [&["stdin", "stdout", "--dpi", &dpi], mode].concat();
        let allowance = launch::allowance(self.page_seconds, &self.program);
        let mut command = launch::command(&self.program, &arguments, &allowance).map_err(Failure::Start)?;
        let deadline = Instant::now() + Duration::from_secs(self.page_seconds);
        converse(&mut command, &raster.to_pgm(), deadline, stop)
    }
}

/// Starts a program, gives it its input and takes its answer, until the deadline or until someone wants to stop.
fn converse(
    command: &mut Command,
    input: &[u8],
    deadline: Instant,
    stop: &dyn Fn() -> bool,
) -> Result<Vec<u8>, Failure> {
    let stdio = command.env_clear().envs(environment()).current_dir("/").process_group(0);
    let stdio = stdio.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = stdio.spawn().map_err(Failure::Start)?;
    let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        unreachable!("both are piped above");
    };
    thread::scope(|scope| {
        // Fails if the program takes no more, which its end will tell.
        scope.spawn(move || drop(stdin.write_all(input)));
        let (sender, answer) = mpsc::sync_channel(1);
        scope.spawn(move || {
            let mut bytes = Vec::new();
            let read = stdout.take(ANSWER_BYTES_MAX).read_to_end(&mut bytes);
            // Nobody waits any more if the program was killed.
            let _ = sender.send(read.map(|_| bytes));
        });
        let answer = loop {
            match answer.recv_timeout(LOOK_EVERY) {
                Ok(answer) => break answer.map_err(Failure::Start),
                Err(RecvTimeoutError::Timeout) if stop() => break Err(Failure::Stopped),
                Err(RecvTimeoutError::Timeout) if Instant::now() >= deadline => break Err(Failure::TimedOut),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break Ok(Vec::new()),
            }
        };
        let status = end(&mut child, answer.is_err());
        let status = status.map_err(Failure::Start)?;
        let answer = answer?;
        if status.success() { Ok(answer) } else { Err(Failure::Died(status)) }
    })
}

/// The end of a program that has said all, or is to be killed with all it started.
fn end(child: &mut Child, is_to_be_killed: bool) -> io::Result<ExitStatus> {
    if is_to_be_killed {
        kill(Pid::from_child(child));
    }
    child.wait()
}

/// One thread a page, messages in plain English, and where the language data lies if someone said so.
fn environment() -> Vec<(&'static str, std::ffi::OsString)> {
    let mut environment = vec![("OMP_THREAD_LIMIT", "1".into()), ("LC_ALL", "C".into())];
    environment.extend(std::env::var_os(DATA_VARIABLE).map(|folder| (DATA_VARIABLE, folder)));
    environment
}

fn ask(program: &Path, question: &str) -> Option<String> {
    let mut command = Command::new(program);
    command.arg(question);
    let answer = converse(&mut command, &[], Instant::now() + QUESTION_TIME_MAX, &|| false).ok()?;
    Some(String::from_utf8_lossy(&answer).into_owned())
}

/// The program of this name: a path as it is, else the first on the path that can be run.
fn locate(command: &str, path: Option<&OsStr>) -> Option<PathBuf> {
    let can_run = |path: &Path| {
        path.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
    };
    if command.contains('/') {
        return std::path::absolute(command).ok().filter(|path| can_run(path));
    }
    let folders = std::env::split_paths(path?).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(command)).find(|path| can_run(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    fn told(script: &str, input: &[u8], seconds: u64, stop: bool) -> String {
        let deadline = Instant::now() + Duration::from_secs(seconds);
        match converse(&mut shell(script), input, deadline, &|| stop) {
            Ok(answer) => String::from_utf8_lossy(&answer).into_owned(),
            Err(failure) => failure.to_string(),
        }
    }

    #[test]
    fn a_program_is_run_to_its_end_or_ended() {
        let large = vec![b'x'; 1 << 20];
        for (script, input, seconds, stop, wanted) in [
            ("cat", &b"words"[..], 60, false, "words"),
            ("echo $OMP_THREAD_LIMIT $HOME", b"", 60, false, "1\n"),
            ("exit 0", &large, 60, false, ""),
            ("exit 3", b"", 60, false, "text recognition failed (exit status: 3)"),
            ("sleep 600", b"", 0, false, "text recognition took too long"),
            ("sleep 600 & sleep 600", &large, 0, false, "text recognition took too long"),
            ("sleep 600", b"", 600, true, "stopped"),
        ] {
            assert_eq!(told(script, input, seconds, stop), wanted, "{script}");
        }
    }

    #[test]
    fn an_endless_answer_is_cut() {
        let deadline = Instant::now() + Duration::from_mins(10);
        let died = converse(&mut shell("exec cat /dev/zero"), &[], deadline, &|| false);
        assert!(matches!(died, Err(Failure::Died(_))));
    }

    #[test]
    fn programs_are_found_where_they_can_be_run() {
        let folder = tempfile::tempdir().unwrap();
        let plain = folder.path().join("plain");
        std::fs::write(&plain, "").unwrap();
        let path = std::env::join_paths([folder.path(), Path::new("/bin")]).unwrap();
        for (command, found) in [("sh", true), ("plain", false), ("no-such-program", false), ("/bin/sh", true)] {
            assert_eq!(locate(command, Some(&path)).is_some(), found, "{command}");
        }
        assert_eq!(locate("sh", None), None);
    }

    #[test]
    fn what_is_missing_is_named() {
        let wanted = Wanted { command: "/nowhere/tesseract", languages: &["eng", "spa"], page_seconds: 20 };
        let found = Recogniser::find(&wanted);
        assert!(found.recogniser.is_none());
        assert_eq!(found.missing, ["tesseract-ocr", "tesseract-ocr-spa"]);
    }
}
