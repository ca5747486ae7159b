//! Trains a passage model from a folder of examples. The same files give the same bytes.

use std::fs;
use std::path::{Path, PathBuf};

use crate::domain::judge::model::{Model, Settings, example, train as taught};

use super::Error;

/// What came of training.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trained {
    pub files: usize,
    pub examples: usize,
    pub criteria: usize,
    pub bytes: usize,
    pub identity: String,
}

/// Reads every `.jsonl` file of a folder, in the order of their names, and writes the model that they teach.
pub fn train(folder: &Path, output: &Path) -> Result<Trained, Error> {
    let files = files(folder)?;
    let mut examples = Vec::new();
    for path in &files {
        let text = fs::read_to_string(path).map_err(|source| Error::ReadExamples { path: path.clone(), source })?;
        let parsed = example::parse(&text).map_err(|source| Error::BadExample { path: path.clone(), source })?;
        examples.extend(parsed);
    }
    let model: Model = taught(&examples, &Settings::SHIPPED);
    let bytes = model.to_bytes();
    write_whole(output, &bytes).map_err(|source| Error::WriteModel { path: output.to_owned(), source })?;
    Ok(Trained {
        files: files.len(),
        examples: examples.len(),
        criteria: model.criteria().len(),
        bytes: bytes.len(),
        identity: model.identity(),
    })
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let list = |source| Error::ListExamples { folder: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(list)? {
        let path = entry.map_err(list)?.path();
        if path.extension().is_some_and(|ending| ending == "jsonl") {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(Error::NoExamples { folder: folder.to_owned() });
    }
    files.sort();
    Ok(files)
}

/// Whole or not at all: a model half written would be read as a wrong one.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    std::io::Write::write_all(&mut file, bytes)?;
    file.persist(path)?;
    Ok(())
}
