//! Where the state lies, and that it never lies inside a watched folder or the other way round.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use etcetera::base_strategy::Xdg;
use sha2::{Digest, Sha256};

use super::error::{Error, Result};
use crate::domain::ids::ContentHash;

/// Letters of the folder's name that are kept in the state's name.
const NAME_LENGTH_MAX: usize = 40;

/// Hex digits that tell folders of one name apart.
const HASH_LENGTH: usize = 8;

/// `$XDG_STATE_HOME/evidex/<folder name>-<short hash of its path>/`, for a root given without a configuration.
pub fn default_state_dir(root: &Path) -> Result<PathBuf> {
    let root = fs::canonicalize(root).map_err(|error| super::root::root_error(root, error))?;
    Ok(state_home()?.join(state_name(&root)))
}

/// Where states lie unless another place is named, and the folders there, sorted.
pub fn default_states() -> Result<(PathBuf, Vec<PathBuf>)> {
    let home = state_home()?;
    let mut states = Vec::new();
    // A home that is not there, or may not be listed, holds no state for us.
    for entry in fs::read_dir(&home).into_iter().flatten().flatten() {
        states.push(entry.path());
    }
    states.sort();
    Ok((home, states))
}

fn state_home() -> Result<PathBuf> {
    let xdg = Xdg::new().map_err(|error| Error::NoHome { source: io::Error::other(error) })?;
    Ok(xdg.state_dir().unwrap_or_else(|| xdg.home_dir().join(".local/state")).join("evidex"))
}

/// Makes the state's folder, readable by its owner alone; one that is there stays as it is.
pub fn make_state_dir(state: &Path) -> Result<()> {
    let failed = |source| Error::State { path: state.to_owned(), tried: "make the state folder", source };
    DirBuilder::new().recursive(true).mode(0o700).create(state).map_err(failed)
}

/// Refuses a state inside a root, or a root inside a state, links resolved. Neither need exist yet.
pub fn check_apart(root: &Path, state: &Path) -> Result<()> {
    let (real_root, real_state) = (resolve(root)?, resolve(state)?);
    if real_root.starts_with(&real_state) || real_state.starts_with(&real_root) {
        return Err(Error::NotApart { root: root.to_owned(), state: state.to_owned() });
    }
    Ok(())
}

/// Refuses a file inside a root, links resolved: nothing is ever written there.
pub fn check_outside(root: &Path, file: &Path) -> Result<()> {
    if resolve(file)?.starts_with(resolve(root)?) {
        return Err(Error::InsideRoot { root: root.to_owned(), file: file.to_owned() });
    }
    Ok(())
}

/// The real path, of which only the beginning need exist.
fn resolve(path: &Path) -> Result<PathBuf> {
    let failed = |source| Error::State { path: path.to_owned(), tried: "resolve", source };
    let absolute = std::path::absolute(path).map_err(failed)?;
    for beginning in absolute.ancestors() {
        match fs::canonicalize(beginning) {
            Ok(real) => {
                let rest = absolute.strip_prefix(beginning).expect("an ancestor is a prefix");
                return Ok(if rest.as_os_str().is_empty() { real } else { real.join(rest) });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(absolute)
}

fn state_name(root: &Path) -> String {
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = name.chars().take(NAME_LENGTH_MAX).map(plain).collect();
    let hash = ContentHash(Sha256::digest(root.as_os_str().as_bytes()).into()).to_string();
    format!("{name}-{}", &hash[..HASH_LENGTH])
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn names_tell_folders_apart() {
        let names: Vec<String> = ["/srv/Policies & SOPs", "/mnt/Policies & SOPs", "/", "/x\ny"]
            .map(|path| state_name(Path::new(path)))
            .into();
        assert!(names[0].starts_with("Policies---SOPs-"), "{names:?}");
        assert_ne!(names[0], names[1]);
        for name in &names {
            assert!(!name.contains(['/', '\n', ' ']), "{name:?}");
        }
        let long = state_name(Path::new(&format!("/{}", "\u{e9}".repeat(200))));
        assert!(long.len() < 100, "{long}");
    }

    #[test]
    fn state_and_root_lie_apart() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("root/sub")).unwrap();
        fs::create_dir(at("state")).unwrap();
        symlink(at("root/sub"), at("into root")).unwrap();
        for (root, state, good) in [
            ("root", "state", true),
            ("root", "root-state", true),
            ("root", "state/../other", true),
            ("root", "root", false),
            ("root", "root/.evidex", false),
            ("root", "root/not/there/yet", false),
            ("root", "into root/state", false),
            ("root", "state/../root/x", false),
            ("state/root", "state", false),
            ("root", "", false),
        ] {
            assert_eq!(check_apart(&at(root), &at(state)).is_ok(), good, "{root} {state}");
        }
    }

    #[test]
    fn no_file_is_written_into_a_root() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("root/sub")).unwrap();
        symlink(at("root/sub"), at("into root")).unwrap();
        for (file, good) in [
            ("a.db", true),
            ("root-a.db", true),
            ("root/a.db", false),
            ("into root/a.db", false),
            ("root/x/y.db", false),
        ] {
            assert_eq!(check_outside(&at("root"), &at(file)).is_ok(), good, "{file}");
        }
    }

    #[test]
    fn the_state_is_its_owners() {
        let dir = tempfile::tempdir().unwrap();
        let state = dir.path().join("a/b");
        make_state_dir(&state).unwrap();
        make_state_dir(&state).unwrap();
        assert_eq!(fs::metadata(&state).unwrap().permissions().mode() & 0o777, 0o700);
        fs::write(dir.path().join("file"), "").unwrap();
        let error = make_state_dir(&dir.path().join("file")).unwrap_err();
        assert!(error.to_string().starts_with("could not make the state folder `"), "{error}");
    }
}
