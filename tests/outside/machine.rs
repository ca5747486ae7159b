//! A machine that may be changed: accounts, a package. Only where somebody says so, since it is not undone by a crash.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard};

/// Accounts and packages are there once for all tests.
static MACHINE: Mutex<()> = Mutex::new(());

/// Alone on the machine, which this process may change.
pub fn take() -> MutexGuard<'static, ()> {
    assert!(
        std::env::var_os("EVIDEX_TEST_MAY_INSTALL").is_some() && rustix::process::geteuid().is_root(),
        "this test makes accounts and installs a package: run it as root on a machine of no worth, with \
         EVIDEX_TEST_MAY_INSTALL=1"
    );
    MACHINE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Runs a program that must be there.
pub fn run(program: &str, args: &[&str]) -> Output {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output();
    output.unwrap_or_else(|error| panic!("{program} must be installed for this test: {error}"))
}

/// Runs a program that must succeed; its answer.
pub fn must(program: &str, args: &[&str]) -> String {
    let output = run(program, args);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{program} {args:?}: {}{}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// The command line that runs a program as another account, with that account's groups.
pub fn as_user<'a>(user: &'a str, command: &[&'a str]) -> Vec<&'a str> {
    let mut line = vec!["-u", user, "--", "env", "-u", "XDG_STATE_HOME", "HOME=/nonexistent"];
    line.extend(command);
    line
}

/// Makes an account of this name, alone or in a group.
pub fn account(name: &str, group: Option<&str>) {
    run("userdel", &[name]);
    let group: Vec<&str> = group.map(|group| vec!["--groups", group]).unwrap_or_default();
    must("useradd", &[&["--system", "--no-create-home"], &group[..], &[name]].concat());
}

pub fn mode(path: &Path) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(path).unwrap().permissions()) & 0o7777
}
