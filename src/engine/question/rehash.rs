//! Are the documents still what the ledger says? Every file is read again, whatever its times say.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::disk;
use crate::domain::change::Stamp;
use crate::domain::fact::Sight;
use crate::domain::ids::ContentHash;
use crate::domain::relpath::RelPath;
use crate::engine::workspace::Workspace;
use crate::ledger::{self, Ledger};
use crate::report::verify::{Difference, Differing, Rehash};

/// What one file turned out to be.
enum Found {
    Same,
    Unread,
    Differs(Difference),
}

/// Reads the files of all roots that are there.
pub(super) fn rehash(workspace: &Workspace, ledger: &Ledger) -> ledger::Result<Rehash> {
    let mut rehash = Rehash::default();
    for root in workspace.chosen_roots(ledger)? {
        let offline = workspace.is_offline(&root);
        let folder = Path::new(OsStr::from_bytes(root.path.as_bytes()));
        for seen in ledger.last_seen(root.id, &RelPath::from(""))? {
            let Sight::Content { content, stamp, .. } = seen.sight else { continue };
            rehash.checked += 1;
            let found = if offline { Found::Unread } else { compare(workspace, folder, &seen.path, (content, stamp)) };
            match found {
                Found::Same => rehash.same += 1,
                Found::Unread => rehash.unread += 1,
                Found::Differs(what) => rehash.differing.push(Differing {
                    root: root.path.to_text().into_owned(),
                    path: seen.path.to_text().into_owned(),
                    what,
                }),
            }
        }
    }
    Ok(rehash)
}

fn compare(workspace: &Workspace, root: &Path, path: &RelPath, (content, stamp): (ContentHash, Stamp)) -> Found {
    match disk::look(root, path) {
        Ok(Some(_)) => {}
        Ok(None) => return Found::Differs(Difference::Gone),
        Err(_) => return Found::Unread,
    }
    let limits = disk::Limits { file_bytes: workspace.config.limits().file_bytes.max(stamp.size), keep_bytes: 0 };
    let hashed = disk::open(root, path, limits).and_then(|mut file| file.hash());
    match hashed {
        Ok(hashed) if hashed.content == content => Found::Same,
        Ok(hashed) if hashed.stamp.size == stamp.size && hashed.stamp.mtime_ns == stamp.mtime_ns => {
            Found::Differs(Difference::Altered)
        }
        Ok(_) => Found::Differs(Difference::Changed),
        Err(_) => Found::Unread,
    }
}
