//! The index's folder: tantivy's own, but that its files belong to the group which the state is shared with.
//!
//! Left alone, some files would be for their maker only (those replaced at once, `meta.json` among them) and others
//! would follow the umask of whoever looked first (the locks, which readers make too). Then a member of the group could
//! not search what the service indexed, or the service not go on with what a member scanned.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr};

const GROUP_WRITE: u32 = 0o020;
const SHARED_FILE: u32 = 0o660;

/// A folder of files that follow its permissions.
#[derive(Clone, Debug)]
pub(super) struct IndexFolder {
    inner: MmapDirectory,
    path: PathBuf,
}

impl IndexFolder {
    /// The folder must be there.
    pub(super) fn open(path: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self { inner: MmapDirectory::open(path)?, path: path.to_owned() })
    }

    fn is_shared(&self) -> io::Result<bool> {
        Ok(fs::metadata(&self.path)?.mode() & GROUP_WRITE != 0)
    }

    /// Gives a file to the group, if the folder is the group's. Only its maker can; others find it done.
    fn follow(&self, file: &Path) -> io::Result<()> {
        let file = self.path.join(file);
        if self.is_shared()? && fs::metadata(&file)?.mode() & SHARED_FILE != SHARED_FILE {
            fs::set_permissions(&file, Permissions::from_mode(SHARED_FILE))?;
        }
        Ok(())
    }
}

/// Makes the folder itself; it follows the state's, so that a member's index can be replaced by the service.
pub(super) fn make(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    let above = fs::metadata(path.parent().unwrap_or(Path::new("/")))?.mode();
    let shared = above & 0o2770;
    if above & GROUP_WRITE != 0 && fs::metadata(path)?.mode() & shared != shared {
        fs::set_permissions(path, Permissions::from_mode(shared))?;
    }
    Ok(())
}

impl Directory for IndexFolder {
    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let writer = self.inner.open_write(path)?;
        self.follow(path).map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
        Ok(writer)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        // Like tantivy's own, but that the file has its permissions before readers can meet it.
        let mut file = tempfile::NamedTempFile::new_in(&self.path)?;
        file.write_all(data)?;
        if self.is_shared()? {
            file.as_file().set_permissions(Permissions::from_mode(SHARED_FILE))?;
        }
        file.as_file().sync_data()?;
        file.persist(self.path.join(path))?;
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        if File::create_new(self.path.join(&lock.filepath)).is_ok() {
            self.follow(&lock.filepath).map_err(LockError::wrap_io_error)?;
        }
        self.inner.acquire_lock(lock)
    }

    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.inner.atomic_read(path)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()
    }

    fn watch(&self, watch_callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(watch_callback)
    }
}
