//! Names and numbers of users and groups, as the system's own `getent` knows them, directory services included.
//!
//! The standard library cannot ask for them, and the C library's functions would need unsafe code. Where `getent` is
//! missing, `/etc/passwd` and `/etc/group` are read.

use std::fs;
use std::process::{Command, Stdio};

/// The number of the group with this name; a number stands for itself.
pub fn group_id(name: &str) -> Option<u32> {
    name.parse().ok().or_else(|| row("group", name)?.get(2)?.parse().ok())
}

/// A group's name, or its number as text if it has none.
pub fn group_name(id: u32) -> String {
    row("group", &id.to_string()).and_then(|row| row.into_iter().next()).unwrap_or_else(|| id.to_string())
}

/// A user's name, or the number as text if there is none.
pub fn user_name(id: u32) -> String {
    row("passwd", &id.to_string()).and_then(|row| row.into_iter().next()).unwrap_or_else(|| id.to_string())
}

/// True if there is a user of this name.
pub fn is_user(name: &str) -> bool {
    row("passwd", name).is_some()
}

/// The name of the account that runs this process.
pub fn own_name() -> String {
    user_name(rustix::process::geteuid().as_raw())
}

/// True if this process may do what only root may.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The fields of one entry: name, password, number, ...
fn row(database: &str, key: &str) -> Option<Vec<String>> {
    let asked = Command::new("getent").args([database, "--", key]).stdin(Stdio::null()).stderr(Stdio::null()).output();
    let text = match asked {
        Ok(output) => String::from_utf8(output.stdout).ok()?,
        Err(_) => fs::read_to_string(format!("/etc/{database}")).ok()?,
    };
    find(&text, key)
}

fn find(text: &str, key: &str) -> Option<Vec<String>> {
    let rows = text.lines().map(|line| line.split(':').map(str::to_owned).collect::<Vec<_>>());
    rows.into_iter().find(|row| row.len() >= 3 && (row[0] == key || row[2] == key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_by_name_and_by_number() {
        let text = "root:x:0:\nevidex:x:998:ana,ben\nbroken\n";
        for (key, want) in [("evidex", Some("evidex")), ("998", Some("evidex")), ("x", None), ("broken", None)] {
            assert_eq!(find(text, key).map(|row| row[0].clone()).as_deref(), want, "{key}");
        }
    }

    #[test]
    fn every_system_knows_root() {
        assert_eq!((user_name(0).as_str(), group_id("root"), group_name(0).as_str()), ("root", Some(0), "root"));
        assert_eq!(group_id("17"), Some(17));
        assert_eq!(group_id("no group has this name"), None);
        assert!(is_user("root") && !is_user("no user has this name"));
        assert_eq!(user_name(4_000_000_000), "4000000000");
    }
}
