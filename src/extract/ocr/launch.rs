//! The step between this program and Tesseract: a process that limits itself, and then becomes Tesseract.
//!
//! Pixels can be hostile as well. What parses them may read the system's own folders and its language data, write
//! nowhere, open no socket, and use so much memory and time; the limits stay when the program changes.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::extract::allowance::Allowance;
use crate::extract::fence;

/// The hidden command that becomes Tesseract.
pub const LAUNCH_COMMAND: &str = "__recognise";

/// Address space: three languages and a page at once stay far below.
const MEMORY_BYTES: u64 = 1 << 30;
/// Folders of programs, libraries and their data.
const SYSTEM_FOLDERS: [&str; 9] =
    ["/usr", "/lib", "/lib64", "/bin", "/etc", "/opt", "/nix/store", "/dev/null", "/dev/urandom"];
/// Where a build of Tesseract looks for its language data, if not where it was built to.
pub(super) const DATA_VARIABLE: &str = "TESSDATA_PREFIX";
const OWN_PROGRAM: &str = "/proc/self/exe";

/// What Tesseract may use for one page.
pub(super) fn allowance(seconds: u64, program: &Path) -> Allowance {
    let mut folders: Vec<PathBuf> = SYSTEM_FOLDERS.iter().map(PathBuf::from).collect();
    // A program that lies elsewhere brings its libraries and data along.
    let real = std::fs::canonicalize(program).unwrap_or_else(|_| program.to_owned());
    folders.extend(real.parent().map(Path::to_owned));
    folders.extend(std::env::var_os(DATA_VARIABLE).map(PathBuf::from));
    folders.retain(|folder| folder.exists());
    Allowance { memory_bytes: MEMORY_BYTES, cpu_seconds: seconds.max(1), folders }
}

/// The command that starts `program` within its allowance, by way of this very program.
pub(super) fn command(program: &Path, arguments: &[&str], allowance: &Allowance) -> io::Result<Command> {
    let own = Path::new(OWN_PROGRAM);
    let own = if own.exists() { own.to_owned() } else { std::env::current_exe()? };
    let allowance = serde_json::to_string(allowance).map_err(io::Error::from)?;
    let mut command = Command::new(own);
    command.arg0("evidex").arg(LAUNCH_COMMAND).arg(allowance).arg(program).args(arguments);
    Ok(command)
}

/// Runs the step: `evidex __recognise ALLOWANCE PROGRAM ARGUMENT ...`. Comes back only if it failed.
pub fn launch_main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(2);
    let allowance = arguments.next().and_then(|text| serde_json::from_str::<Allowance>(text.to_str()?).ok());
    let (Some(allowance), Some(program)) = (allowance, arguments.next()) else {
        return ExitCode::from(2);
    };
    let rest: Vec<OsString> = arguments.collect();
    // A kernel that lacks a layer is no reason not to read: the worker's report has said what it lacks.
    fence::raise_for_program(&allowance);
    let _never_comes_back_but_with_an_error = Command::new(program).args(rest).exec();
    ExitCode::FAILURE
}
