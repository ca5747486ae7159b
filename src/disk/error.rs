//! What can go wrong with a root or a state as a whole.

use std::io;
use std::path::PathBuf;

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no folder `{}`", path.display())]
    RootAbsent { path: PathBuf },
    #[error("`{}` is not a folder", path.display())]
    NotAFolder { path: PathBuf },
    #[error("could not open the folder `{}`", path.display())]
    RootUnreadable { path: PathBuf, source: io::Error },
    #[error("the pattern `{pattern}` cannot be used: {why}")]
    BadPattern { pattern: String, why: String },
    #[error(
        "the state folder `{}` and the watched folder `{}` lie inside each other: nothing is ever written into a watched folder",
        state.display(),
        root.display()
    )]
    NotApart { root: PathBuf, state: PathBuf },
    #[error(
        "`{}` lies inside the watched folder `{}`: nothing is ever written into a watched folder",
        file.display(),
        root.display()
    )]
    InsideRoot { root: PathBuf, file: PathBuf },
    #[error("could not find your home folder to keep the state in")]
    NoHome { source: io::Error },
    #[error("could not {tried} `{}`", path.display())]
    State { path: PathBuf, tried: &'static str, source: io::Error },
    #[error(
        "the state `{}` is for the group `{group}`, and this account, `{account}`, is not in it; an administrator adds \
         it with `usermod -aG {group} {account}`",
        state.display()
    )]
    NotInGroup { state: PathBuf, account: String, group: String },
    #[error("the state `{}` is for the account `{owner}` alone, and this is `{account}`", state.display())]
    NotTheOwner { state: PathBuf, account: String, owner: String },
    #[error("the account `{account}` may not look at the state `{}`", state.display())]
    Denied { state: PathBuf, account: String },
    #[error("the state `{}` is locked by {}", state.display(), holder(*pid))]
    Locked { state: PathBuf, pid: Option<u32> },
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_who_holds_the_lock() {
        for (pid, want) in [
            (Some(42), "the state `/s` is locked by process 42"),
            (None, "the state `/s` is locked by another process"),
        ] {
            assert_eq!(Error::Locked { state: "/s".into(), pid }.to_string(), want);
        }
    }
}
