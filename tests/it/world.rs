//! A company's folder, a state, and one verb: run a command and look at what came of it.
//!
//! Everything lies in one temporary folder, which is also the working folder and the home of every command. Whatever
//! changes from run to run (that folder's name, process numbers, hashes) is replaced before a test sees it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The company folder shipped with the program; its files lie there since long before a test runs.
pub fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/harbor-pine")
}

/// A temporary folder with `docs` (watched) and `state` in it.
pub struct World {
    folder: TempDir,
}

/// What came of one command.
pub struct Ran {
    /// The exit code; 128 and the signal's number if a signal ended it.
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl World {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("docs")).unwrap();
        Self { folder }
    }

    /// A path in the temporary folder.
    pub fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// A path in the watched folder.
    pub fn doc(&self, path: &str) -> PathBuf {
        self.at("docs").join(path)
    }

    /// Writes a file into the watched folder, with the folders above it.
    pub fn file(&self, path: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.doc(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    /// Runs the program with the world's state.
    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(&self.command(args).arg("--state").arg(self.at("state")).output().unwrap(), self.folder.path())
    }

    /// Runs the program as a person does who knows nothing of states.
    pub fn run_bare(&self, args: &[&str]) -> Ran {
        Ran::of(&self.command(args).output().unwrap(), self.folder.path())
    }

    /// As [`Self::run_bare`], from another folder of the world.
    pub fn run_in(&self, folder: &str, args: &[&str]) -> Ran {
        Ran::of(&self.command(args).current_dir(self.at(folder)).output().unwrap(), self.folder.path())
    }

    /// Runs the program on a disk on which no file can grow beyond so many half-KiB blocks.
    pub fn run_cramped(&self, blocks: u64, args: &[&str]) -> Ran {
        let program = self.command(args);
        let mut shell = Command::new("sh");
        // Without the trap the system would kill the writer instead of telling it.
        shell.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"")).arg("sh");
        shell.arg(program.get_program()).args(program.get_args()).arg("--state").arg(self.at("state"));
        for (name, value) in program.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        shell.current_dir(self.folder.path()).stdin(Stdio::null());
        Ran::of(&shell.output().unwrap(), self.folder.path())
    }

    /// Runs the program as an account without special rights, whoever runs the tests.
    pub fn run_powerless(&self, args: &[&str]) -> Ran {
        let copy = self.at("evidex");
        if !copy.exists() {
            fs::copy(env!("CARGO_BIN_EXE_evidex"), &copy).unwrap();
            fs::set_permissions(self.folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        }
        let program = self.command(args);
        let mut command = Command::new(&copy);
        command.args(program.get_args()).arg("--state").arg(self.at("state"));
        command.env("HOME", self.at("home")).env("TZ", "UTC").env("USER", "nobody").current_dir(self.folder.path());
        if rustix::process::geteuid().is_root() {
            command.uid(65_534).gid(65_534);
        }
        Ran::of(&command.stdin(Stdio::null()).output().unwrap(), self.folder.path())
    }

    /// Everything in the state folder, file by file.
    pub fn state_files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut open = vec![self.at("state")];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    found.push((path.clone(), fs::read(path).unwrap()));
                }
            }
        }
        found
    }

    /// Files of the state that hold these bytes.
    pub fn state_holds(&self, needle: &[u8]) -> Vec<PathBuf> {
        let holds = |bytes: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        self.state_files().into_iter().filter(|(_, bytes)| holds(bytes)).map(|(path, _)| path).collect()
    }

    /// The head of the ledger, as `verify` prints it.
    pub fn head(&self) -> String {
        self.json(&["verify", "--format", "json"])["head"]["hash"].as_str().unwrap().to_owned()
    }

    /// Starts the program with the world's state and does not wait for it.
    pub fn start(&self, args: &[&str]) -> Child {
        let mut command = self.command(args);
        command.arg("--state").arg(self.at("state")).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    /// Starts the program with the world's state; what it says on stderr is for the caller.
    pub fn start_heard(&self, args: &[&str]) -> Child {
        let mut command = self.command(args);
        command.arg("--state").arg(self.at("state")).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_evidex"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("EVIDEX_")) {
            command.env_remove(name);
        }
        command.env("HOME", self.at("home")).env("XDG_STATE_HOME", self.at("home/state")).env("TZ", "UTC");
        // What is installed on the machine must not show; tests of text recognition bring a program of their own.
        command.env("EVIDEX_OCR", "never");
        command.current_dir(self.folder.path()).stdin(Stdio::null()).args(args);
        command
    }

    /// Scans `docs`; what was counted, without the zeros: `2 new, 1 gone`.
    pub fn scan(&self) -> String {
        counts(&self.run(&["scan", "docs", "--format", "json"]).json())
    }

    /// The answer of a command that must succeed, as JSON.
    pub fn json(&self, args: &[&str]) -> Value {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
        ran.json()
    }

    /// The lines of an answer of a command that must succeed, each as JSON.
    pub fn jsonl(&self, args: &[&str]) -> Vec<Value> {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
        ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Every document as `path outcome` or `path reason`, sorted by path.
    pub fn documents(&self) -> Vec<String> {
        let row = |row: &Value| {
            let reason = row["reason"].as_str().or(row["outcome"].as_str()).unwrap();
            format!("{} {reason}", row["path"].as_str().unwrap())
        };
        let mut rows: Vec<String> =
            self.jsonl(&["documents", "--format", "jsonl", "--members"]).iter().map(row).collect();
        rows.sort();
        rows
    }

    /// The ledger's database, to look into or to tamper with.
    pub fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.at("state/ledger.db")).unwrap()
    }

    /// How many facts of a kind the ledger holds.
    pub fn facts(&self, kind: &str) -> u64 {
        self.ask("SELECT count(*) FROM fact WHERE kind = ?1", kind)
    }

    /// One number out of the ledger.
    pub fn ask(&self, question: &str, argument: &str) -> u64 {
        let database = self.database();
        let count: i64 = database.query_row(question, [argument], |row| row.get(0)).unwrap();
        u64::try_from(count).unwrap()
    }
}

/// The counts of a scan that are not zero.
fn counts(scan: &Value) -> String {
    let names = ["new", "changed", "moved", "gone", "unchanged", "unreadable", "unsupported", "ocr_pending"];
    let count = |name: &&str| (scan[*name].as_u64().unwrap(), name.replace('_', " "));
    let told: Vec<String> = names
        .iter()
        .map(count)
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    told.join(", ")
}

impl Ran {
    fn of(output: &Output, folder: &Path) -> Self {
        let code = output.status.code().or(output.status.signal().map(|signal| 128 + signal)).unwrap();
        let text = |bytes: &[u8]| steady(&String::from_utf8_lossy(bytes), folder);
        Self { code, stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    pub fn json(&self) -> Value {
        let parsed = serde_json::from_str(&self.stdout);
        parsed.unwrap_or_else(|error| panic!("{error}\nexit {}\n{}\n{}", self.code, self.stdout, self.stderr))
    }

    /// The whole meeting as one text.
    pub fn shown(&self) -> String {
        let part = |name: &str, text: &str| if text.is_empty() { String::new() } else { format!("--- {name}\n{text}") };
        format!("exit {}\n{}{}", self.code, part("stdout", &self.stdout), part("stderr", &self.stderr))
    }
}

/// Replaces what changes from run to run.
fn steady(text: &str, folder: &Path) -> String {
    let real = fs::canonicalize(folder).unwrap();
    text.replace(&*real.to_string_lossy(), "[DIR]").replace(&*folder.to_string_lossy(), "[DIR]")
}
