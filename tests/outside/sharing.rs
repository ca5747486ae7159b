//! A state that a group shares: a member works beside the service, one outside is told why not.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use super::machine::{self, account, as_user, must, run};

/// A folder that every account may enter, with the program, papers and a configuration in it.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Self { folder };
        fs::set_permissions(place.folder.path(), Permissions::from_mode(0o755)).unwrap();
        fs::copy(env!("CARGO_BIN_EXE_evidex"), place.at("evidex")).unwrap();
        fs::create_dir(place.at("docs")).unwrap();
        fs::write(place.at("docs/log.txt"), "Seal log of May\n").unwrap();
        // The service makes its state itself, in a folder that is its own.
        fs::create_dir(place.at("home")).unwrap();
        must("chown", &["evidex-service", place.at("home").to_str().unwrap()]);
        let config = format!(
            "entities = [\"us-importer\"]\nstate = {:?}\ngroup = \"evidex-readers\"\n[[root]]\npath = {:?}\n",
            place.at("home/state").to_str().unwrap(),
            place.at("docs").to_str().unwrap()
        );
        fs::write(place.at("evidex.toml"), config).unwrap();
        place
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn run_as(&self, user: &str, args: &[&str]) -> Output {
        let (program, config) = (self.at("evidex"), self.at("evidex.toml"));
        let command = [&[program.to_str().unwrap(), "--config", config.to_str().unwrap()], args].concat();
        run("runuser", &as_user(user, &command))
    }

    fn assert_code(&self, user: &str, args: &[&str], code: i32) -> String {
        let output = self.run_as(user, args);
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{user} {args:?}: {text}");
        text
    }

    /// The daemon as the service's account, watching; stop it with [`stop`].
    fn watch(&self) -> Child {
        let (program, config) = (self.at("evidex"), self.at("evidex.toml"));
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "evidex-service", "--regid", "evidex-service", "--init-groups"]);
        command.arg(program).arg("--config").arg(config).arg("watch").env("HOME", "/nonexistent");
        let mut child = command.stderr(Stdio::piped()).spawn().expect("setpriv must be installed for this test");
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let ready = lines.by_ref().map_while(Result::ok).any(|line| line == "ready");
        assert!(ready, "the daemon ended before it was ready");
        // Somebody must go on reading, or the daemon would wait for room.
        std::thread::spawn(move || lines.for_each(drop));
        child
    }
}

fn stop(mut child: Child) {
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_member_works_beside_the_service_and_others_are_told() {
    let _machine = machine::take();
    run("groupadd", &["--system", "evidex-readers"]);
    account("evidex-service", Some("evidex-readers"));
    account("evidex-ana", Some("evidex-readers"));
    account("evidex-ben", None);
    let place = Place::new();

    let daemon = place.watch();
    assert_eq!(machine::mode(&place.at("home/state")), 0o2770);
    assert_eq!(machine::mode(&place.at("home/state/ledger.db")) & 0o777, 0o660);
    let found = place.assert_code("evidex-ana", &["search", "seal", "--format", "paths"], 0);
    assert_eq!(found, "log.txt\n");
    place.assert_code("evidex-ana", &["gaps"], 0);
    place.assert_code("evidex-ana", &["waive", "9.11", "--until", "2099-01-01", "--note", "x", "--by", "Ana"], 0);
    assert!(place.assert_code("evidex-ana", &["decisions"], 0).contains("waive 9.11"));
    // The pass is the daemon's alone while it runs.
    place.assert_code("evidex-ana", &["scan"], 5);
    for args in [&["search", "seal"][..], &["gaps"], &["undo", "1", "--by", "Ben"], &["scan"], &["status"]] {
        let told = place.assert_code("evidex-ben", args, 4);
        for part in ["group `evidex-readers`", "`evidex-ben`", "usermod -aG evidex-readers evidex-ben"] {
            assert!(told.contains(part), "{args:?}: {told}");
        }
    }
    stop(daemon);

    // A member may look too, and the service goes on with what the member made.
    fs::remove_dir_all(place.at("home/state/index")).unwrap();
    fs::write(place.at("docs/second.txt"), "Visitor log of June\n").unwrap();
    place.assert_code("evidex-ana", &["scan"], 0);
    fs::write(place.at("docs/third.txt"), "Key log of July\n").unwrap();
    place.assert_code("evidex-service", &["scan"], 0);
    assert_eq!(place.assert_code("evidex-ana", &["search", "july", "--format", "paths"], 0), "third.txt\n");
    for user in ["evidex-service", "evidex-ana", "evidex-ben"] {
        must("userdel", &[user]);
    }
    run("groupdel", &["evidex-readers"]);
}

#[test]
fn a_private_state_is_its_owners_and_can_be_shared_later() {
    let _machine = machine::take();
    run("groupadd", &["--system", "evidex-readers"]);
    account("evidex-service", Some("evidex-readers"));
    account("evidex-ana", Some("evidex-readers"));
    let place = Place::new();
    let shared = fs::read_to_string(place.at("evidex.toml")).unwrap();
    fs::write(place.at("evidex.toml"), shared.replace("group =", "# group =")).unwrap();
    place.assert_code("evidex-service", &["scan"], 0);
    assert_eq!(machine::mode(&place.at("home/state")), 0o700);
    let told = place.assert_code("evidex-ana", &["search", "seal"], 4);
    assert!(told.contains("`evidex-service` alone"), "{told}");

    fs::write(place.at("evidex.toml"), shared).unwrap();
    place.assert_code("evidex-service", &["scan"], 0);
    place.assert_code("evidex-ana", &["search", "seal"], 0);
    for user in ["evidex-service", "evidex-ana"] {
        must("userdel", &[user]);
    }
    run("groupdel", &["evidex-readers"]);
}
