//! A file of JSON lines that other programs follow.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::error::{Error, Result};

/// Appends one line, which must end with a line break; on the disk when this returns. The file may be rotated away
/// between two lines. A line that a crash cut short is ended first, so that it spoils no other.
pub fn append(path: &Path, line: &str) -> Result<()> {
    let failed = |source| Error::File { path: path.to_owned(), source };
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(failed)?;
    let start = if ends_cleanly(&mut file).map_err(failed)? { "" } else { "\n" };
    file.write_all(format!("{start}{line}").as_bytes()).map_err(failed)?;
    // What is no file, such as a pipe, has nothing to sync.
    match file.sync_data() {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        synced => synced.map_err(failed),
    }
}

fn ends_cleanly(file: &mut File) -> io::Result<bool> {
    // A pipe or a terminal has no end to look at.
    if !file.metadata()?.is_file() || file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_each_for_itself() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("changes.jsonl");
        append(&path, "{\"a\":1}\n").unwrap();
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"cut").unwrap();
        append(&path, "{\"b\":2}\n").unwrap();
        append(&path, "{\"c\":3}\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"a\":1}\n{\"cut\n{\"b\":2}\n{\"c\":3}\n");
        assert!(append(dir.path(), "x\n").is_err());
        append(Path::new("/dev/null"), "x\n").unwrap();
    }
}
