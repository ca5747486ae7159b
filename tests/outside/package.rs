//! The Debian package: installed, upgraded over an older state, removed, purged; its unit held against systemd's check.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::machine::{self, as_user, must, run};

const STATE: &str = "/var/lib/evidex";
const CONFIG: &str = "/etc/evidex/evidex.toml";

/// Builds the package under a version; its path.
fn build(folder: &Path, version: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/deb/build");
    let built = Command::new(script).arg(folder).env("DEB_VERSION", version).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let found = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let wanted = format!("evidex_{version}_");
    let path = found.into_iter().find(|path| path.file_name().unwrap().to_string_lossy().starts_with(&wanted)).unwrap();
    path.to_str().unwrap().to_owned()
}

fn as_service(args: &[&str]) -> String {
    must("runuser", &as_user("evidex", &[&["/usr/bin/evidex"], args].concat()))
}

fn clean() {
    run("dpkg", &["--purge", "evidex"]);
    let _ = fs::remove_dir_all(STATE);
    run("userdel", &["evidex"]);
    run("groupdel", &["evidex"]);
}

#[test]
fn it_is_installed_upgraded_removed_and_purged() {
    let _machine = machine::take();
    clean();
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (build(folder.path(), "0.0.1"), build(folder.path(), "9.9.9"));

    must("dpkg", &["-i", &old]);
    assert_eq!(must("/usr/bin/evidex", &["--version"]), format!("evidex {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(
        (machine::mode(Path::new(STATE)), must("stat", &["-c", "%U:%G", STATE])),
        (0o2770, "evidex:evidex\n".into())
    );
    for file in [
        "/usr/lib/systemd/system/evidex.service",
        "/usr/share/bash-completion/completions/evidex",
        "/usr/share/zsh/vendor-completions/_evidex",
        "/usr/share/fish/vendor_completions.d/evidex.fish",
    ] {
        assert!(Path::new(file).exists(), "{file}");
    }
    assert!(must("dpkg-deb", &["-c", &old]).contains("./usr/share/man/man1/evidex.1.gz"));
    assert!(!wanted_at_boot(), "nothing is started before it is configured");
    must("/usr/bin/evidex", &["--config", CONFIG, "config", "check"]);

    // An administrator configures it; the state is one of version 1.
    let papers = folder.path().join("papers");
    fs::create_dir(&papers).unwrap();
    fs::write(papers.join("log.txt"), "Seal log of May\n").unwrap();
    must("chmod", &["-R", "a+rX", folder.path().to_str().unwrap()]);
    let papers = papers.to_str().unwrap();
    must("/usr/bin/evidex", &["init", papers, "--entity", "us-importer", "--yes", "--force", "--output", CONFIG]);
    let database = rusqlite::Connection::open(Path::new(STATE).join("ledger.db")).unwrap();
    database.execute_batch(include_str!("../data/ledger-1.sql")).unwrap();
    drop(database);
    must("chown", &["-R", "evidex:evidex", STATE]);

    must("dpkg", &["-i", "--force-confold", &new]);
    let config = fs::read_to_string(CONFIG).unwrap();
    assert!(config.contains(papers), "the configuration is the administrator's: {config}");
    assert!(as_service(&["scan"]).starts_with("1 new"));
    assert!(as_service(&["decisions"]).contains("waive 9.11"));
    assert!(as_service(&["verify"]).starts_with("The ledger is intact"));
    install_service();

    must("dpkg", &["-r", "evidex"]);
    assert!(!Path::new("/usr/bin/evidex").exists() && !wanted_at_boot());
    assert!(Path::new(CONFIG).exists() && Path::new(STATE).join("ledger.db").exists());
    must("dpkg", &["--purge", "evidex"]);
    assert!(!Path::new("/etc/evidex").exists() && !Path::new(STATE).join("index").exists());
    assert!(!Path::new("/etc/systemd/system/evidex.service.d").exists());
    assert!(Path::new(STATE).join("ledger.db").exists(), "the record of what could be proved stays");
    clean();
}

fn wanted_at_boot() -> bool {
    Path::new("/etc/systemd/system/multi-user.target.wants/evidex.service").symlink_metadata().is_ok()
}

/// What `service install` makes beside the package is a drop-in that systemd takes, here and without the package.
fn install_service() {
    let verify = |unit: &str| {
        let output = run("systemd-analyze", &["verify", "--man=no", unit]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && said.is_empty(), "{unit}: {said}");
    };
    let packaged = "/usr/lib/systemd/system/evidex.service";
    verify(packaged);
    let running = Path::new("/run/systemd/system").exists();
    let place: &[&str] = if running { &[] } else { &["--root", "/"] };
    must("/usr/bin/evidex", &[&["--config", CONFIG, "service", "install"], place].concat());
    assert!(wanted_at_boot());
    verify(packaged);
    must("/usr/bin/evidex", &[&["service", "uninstall"], place].concat());
    assert!(!wanted_at_boot() && !Path::new("/etc/systemd/system/evidex.service.d/10-evidex.conf").exists());

    let image = tempfile::tempdir().unwrap();
    fs::create_dir(image.path().join("etc")).unwrap();
    fs::write(image.path().join("etc/group"), "evidex:x:998:\n").unwrap();
    fs::write(image.path().join("etc/passwd"), "evidex:x:998:998::/:/bin/false\n").unwrap();
    let root = image.path().to_str().unwrap();
    must("/usr/bin/evidex", &["--config", CONFIG, "service", "install", "--root", root]);
    verify(image.path().join("etc/systemd/system/evidex.service").to_str().unwrap());
}

#[test]
fn without_systemd_it_says_what_to_do() {
    if Path::new("/run/systemd/system").exists() {
        // Then the commands would change this machine's services; the package's test has covered them.
        assert!(run("systemctl", &["--version"]).status.success());
        return;
    }
    for command in ["start", "stop", "status"] {
        let output = run(env!("CARGO_BIN_EXE_evidex"), &["service", command]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(4), "{command}: {said}");
        assert!(said.contains("not run by systemd") && said.contains("evidex watch"), "{said}");
    }
}
