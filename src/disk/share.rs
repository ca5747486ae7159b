//! Who may use a state: its owner alone, or a group of people beside the service that owns it.
//!
//! The state's folder says which, by its permissions (0700, or 2770 with the group); whatever is made in it follows,
//! whoever makes it and whatever that account's umask is. So a member can decide while the service runs, and the
//! service can go on with what a member made.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::account;
use super::error::{Error, Result};

/// Read, write and enter for owner and group; what is made inside belongs to the folder's group.
const SHARED_FOLDER: u32 = 0o2770;
const GROUP_ALL: u32 = 0o070;
const GROUP_WRITE: u32 = 0o020;

/// Opens the state's folder, which is there, to the group; only its owner can, and nothing happens if it is open to a
/// group already.
pub fn share(state: &Path, group: u32) -> Result<()> {
    let failed = |source| Error::State { path: state.to_owned(), tried: "share with the group", source };
    let folder = fs::metadata(state).map_err(failed)?;
    let is_open = folder.mode() & GROUP_ALL == GROUP_ALL && folder.gid() == group;
    if is_open || folder.uid() != rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    std::os::unix::fs::chown(state, None, Some(group)).map_err(failed)?;
    set_mode(state, SHARED_FOLDER).map_err(failed)?;
    for path in entries(state).and_then(with_children).map_err(failed)? {
        std::os::unix::fs::chown(&path, None, Some(group)).map_err(failed)?;
        follow(&path).map_err(failed)?;
    }
    Ok(())
}

/// Makes an empty file that follows its folder's permissions; one that is there stays as it is.
pub fn make_file(path: &Path) -> io::Result<()> {
    match File::create_new(path) {
        Ok(_) => follow(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Gives a file or folder just made to the group, if the folder that it lies in is the group's.
pub fn follow(path: &Path) -> io::Result<()> {
    let folder = fs::metadata(path.parent().unwrap_or(Path::new("/")))?.mode();
    let found = fs::symlink_metadata(path)?;
    let wanted = if found.is_dir() { SHARED_FOLDER } else { 0o660 };
    if folder & GROUP_WRITE == 0 || found.is_symlink() || found.mode() & wanted == wanted {
        return Ok(());
    }
    set_mode(path, wanted)
}

/// An error that names the group if this account may not use the state. A state that is not there is no error.
pub fn check_access(state: &Path) -> Result<()> {
    let denied = |path: &Path| {
        let opened = File::open(path);
        opened.is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
    };
    if !denied(&state.join("ledger.db")) && !denied(state) {
        return Ok(());
    }
    // A folder above may be what is shut; then there is no more to say than who was refused.
    let (group, owner) = match fs::metadata(state) {
        Ok(folder) if folder.mode() & GROUP_ALL == GROUP_ALL => (Some(account::group_name(folder.gid())), folder.uid()),
        Ok(folder) => (None, folder.uid()),
        Err(_) => return Err(Error::Denied { state: state.to_owned(), account: account::own_name() }),
    };
    let account = account::own_name();
    Err(match group {
        Some(group) => Error::NotInGroup { state: state.to_owned(), account, group },
        None => Error::NotTheOwner { state: state.to_owned(), account, owner: account::user_name(owner) },
    })
}

fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(mode))
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

/// Paths and, behind each folder, what lies in it: a state has no deeper folders.
fn with_children(found: Vec<PathBuf>) -> io::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for path in found {
        let children = if fs::symlink_metadata(&path)?.is_dir() { entries(&path)? } else { Vec::new() };
        all.push(path);
        all.extend(children);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o7777
    }

    #[test]
    fn what_is_made_follows_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        for (folder_mode, file_mode) in [(0o700, 0o600), (0o2770, 0o660), (0o755, 0o600)] {
            let folder = dir.path().join(format!("{folder_mode:o}"));
            fs::create_dir(&folder).unwrap();
            set_mode(&folder, folder_mode).unwrap();
            let file = folder.join("file");
            File::create_new(&file).unwrap();
            set_mode(&file, 0o600).unwrap();
            follow(&file).unwrap();
            assert_eq!(mode(&file), file_mode, "{folder_mode:o}");
            make_file(&folder.join("made")).unwrap();
            make_file(&folder.join("made")).unwrap();
            assert_eq!(mode(&folder.join("made")) & 0o060 == 0o060, folder_mode == 0o2770);
        }
    }

    #[test]
    fn a_private_state_becomes_the_groups_with_all_it_holds() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("state");
        fs::create_dir_all(state.join("index")).unwrap();
        for name in ["ledger.db", "index/meta.json"] {
            fs::write(state.join(name), "").unwrap();
            set_mode(&state.join(name), 0o600).unwrap();
        }
        set_mode(&state, 0o700).unwrap();
        // The one group that every account may give its files to is its own.
        share(&state, rustix::process::getegid().as_raw()).unwrap();
        let modes = ["", "index", "ledger.db", "index/meta.json"].map(|name| mode(&state.join(name)));
        assert_eq!(modes, [0o2770, 0o2770, 0o660, 0o660]);
        share(&state, rustix::process::getegid().as_raw()).unwrap();
        check_access(&state).unwrap();
        check_access(&dir.path().join("none")).unwrap();
    }
}
