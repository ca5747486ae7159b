//! What a few files are taken for, without a state: read through a worker, judged, dated, and nothing kept.
//!
//! Each file stands alone here, as content does before assessing: no neighbours, no decisions.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::domain::assess::status::{AssessedDocument, DocumentName, DocumentState};
use crate::domain::assess::{self, Input, KnownDocument};
use crate::domain::day::Day;
use crate::domain::entity::Entity;
use crate::domain::ids::ContentHash;
use crate::domain::judge::dates::{self, PropertyDates};
use crate::domain::judge::signal::DateSignals;
use crate::domain::judge::{Judge, Judgement};
use crate::domain::reading::{Extracted, Outcome, Unreadable};
use crate::domain::relpath::RelPath;
use crate::engine::clock;
use crate::engine::config::{Config, OcrUse};
use crate::engine::judging::Judging;
use crate::engine::recognising::{self, Failed};
use crate::engine::sites::Sites;
use crate::engine::workspace::{self, Sought, load_catalog};
use crate::extract::ocr::Found;
use crate::extract::{self, Request, Worker};

/// Why a file was not judged.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Workspace(#[from] workspace::Error),
    #[error(transparent)]
    Extract(#[from] extract::Error),
    #[error("could not read `{path}`")]
    File { path: PathBuf, source: io::Error },
    #[error("`{path}` is not a file")]
    NotAFile { path: PathBuf },
}

/// What judging needs, made once for all files.
struct Bench {
    config: Config,
    judging: Judging,
    zone: jiff::tz::TimeZone,
    worker: Worker,
    /// Looked for when the first page that is a picture is met.
    found: Option<Found>,
}

/// One opened file.
struct Opened {
    file: File,
    size: u64,
    content: ContentHash,
    name: DocumentName,
    file_time: Option<Day>,
}

/// Judges each file as of a day (default: today); members of archives and mails come after their container.
pub fn judge(sought: &Sought, files: &[PathBuf], as_of: Option<Day>) -> Result<Vec<AssessedDocument>, Error> {
    let config_path = Config::find(sought.config.as_deref());
    let config = config_path.as_deref().map(Config::load).transpose().map_err(workspace::Error::from)?;
    let mut config = config.unwrap_or_default();
    config.ocr.enabled = sought.ocr.unwrap_or(config.ocr.enabled);
    let judging = Judging::new(load_catalog(sought, &config)?);
    let zone = clock::zone(config.time_zone.as_deref());
    let worker = Worker::start(&config.limits(), &config.passwords().map_err(workspace::Error::from)?)?;
    let mut bench = Bench { config, judging, zone, worker, found: None };
    let as_of = as_of.or_else(|| clock::day_of(clock::now(), &bench.zone));
    let as_of = as_of.expect("the clock stands inside the calendar");
    let mut judged = Vec::new();
    for path in files {
        let opened = bench.open(path)?;
        for document in bench.read(opened)? {
            judged.extend(bench.assess(document, as_of));
        }
    }
    Ok(judged)
}

impl Bench {
    /// Opens and hashes; a folder or a pipe is refused before it is opened.
    fn open(&self, path: &Path) -> Result<Opened, Error> {
        let error = |source| Error::File { path: path.to_owned(), source };
        let metadata = fs::metadata(path).map_err(error)?;
        if !metadata.is_file() {
            return Err(Error::NotAFile { path: path.to_owned() });
        }
        let mut file = File::open(path).map_err(error)?;
        let content = hash(&mut file).map_err(error)?;
        file.seek(SeekFrom::Start(0)).map_err(error)?;
        let modified_ns = metadata.mtime().saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec());
        Ok(Opened {
            file,
            size: metadata.len(),
            content,
            name: self.name(path).map_err(error)?,
            file_time: clock::day_of_ns(modified_ns, &self.zone),
        })
    }

    /// The path below the folder that the program runs in, else below `/`: folder names are hints.
    fn name(&self, path: &Path) -> io::Result<DocumentName> {
        let absolute = std::path::absolute(path)?;
        let here = std::env::current_dir()?;
        let root = if absolute.starts_with(&here) { here } else { PathBuf::from("/") };
        let below = absolute.strip_prefix(&root).unwrap_or(&absolute);
        let below = RelPath::from_bytes(below.as_os_str().as_bytes());
        let sites = Sites::new(&self.config.sites, &RelPath::from_bytes(root.as_os_str().as_bytes()));
        Ok(DocumentName {
            root: root.to_string_lossy().into_owned(),
            site: sites.of(&below),
            path: below.to_text().into_owned(),
            path_b64: (!below.is_utf8()).then(|| super::base64(below.as_bytes())),
        })
    }

    fn read(&mut self, mut opened: Opened) -> Result<Vec<KnownDocument>, Error> {
        let name = opened.name.path.rsplit('/').next().unwrap_or_default().to_owned();
        let mut request = Request { name: &name, size: opened.size, reader: &mut opened.file };
        let mut extracted = self.worker.extract(&mut request)?;
        if !extracted.pictures.is_empty() && self.config.ocr.enabled == OcrUse::Auto {
            self.recognise(&name, &mut opened, &mut extracted)?;
        }
        let mut document = blank(opened.name, opened.content, opened.size);
        document.file_time = opened.file_time;
        let mut documents = Vec::new();
        self.flatten(document, extracted, &mut documents);
        Ok(documents)
    }

    /// Puts recognised pages into what was extracted; without a Tesseract the file waits for one. Members are not
    /// recognised: a folder that is scanned has them done.
    fn recognise(&mut self, name: &str, opened: &mut Opened, extracted: &mut Extracted) -> Result<(), Error> {
        let found = self.found.get_or_insert_with(|| recognising::find(&self.config));
        let Some(recogniser) = &found.recogniser else {
            if matches!(extracted.outcome, Outcome::Unreadable { reason: Unreadable::ImageOnly, .. }) {
                extracted.outcome = Outcome::OcrPending;
            }
            return Ok(());
        };
        let (limits, pages_max) = (self.config.limits(), self.config.ocr.pages_max);
        let bench = recognising::Bench { recogniser, limits, pages_max, stop: &|| false, done: &|| {} };
        let size = opened.size;
        let recognised = bench.recognise(&mut self.worker, None, &mut |send| {
            opened.file.seek(SeekFrom::Start(0)).map_err(|error| (Unreadable::Io, error.to_string()))?;
            Ok(send(&mut Request { name, size, reader: &mut opened.file }))
        });
        match recognised {
            Ok(recognised) if recognised.pages > 0 => extracted.outcome = Outcome::Read(recognised.reading),
            Ok(_) | Err(Failed::Stopped | Failed::Document { .. }) => {}
            Err(Failed::Worker(error)) => return Err(error.into()),
        }
        Ok(())
    }

    /// A document and, after it, its members. How deep they nest is bounded by the worker.
    fn flatten(&self, mut document: KnownDocument, extracted: Extracted, into: &mut Vec<KnownDocument>) {
        let Extracted { format, outcome, members, pictures: _ } = extracted;
        let (name, file_time) = (document.name.clone(), document.file_time);
        document.format = Some(format);
        document.state = match outcome {
            Outcome::Read(reading) => {
                self.fill(&mut document, self.judging.judge().judge(&reading));
                DocumentState::Read
            }
            Outcome::Unreadable { reason, detail } => DocumentState::Unreadable { reason, detail },
            Outcome::Unsupported { kind } => DocumentState::Unsupported { kind },
            Outcome::OcrPending => DocumentState::OcrPending,
        };
        into.push(document);
        for member in members {
            let path = format!("{}!{}", name.path, member.name);
            let mut inside = blank(DocumentName { path, ..name.clone() }, member.content, member.size);
            inside.file_time = file_time;
            inside.is_member = true;
            self.flatten(inside, member.extracted, into);
        }
    }

    fn fill(&self, document: &mut KnownDocument, judgement: Judgement) {
        let hint = Judge::hint(&document.name.path);
        document.verdict = Some(self.judging.judge().verdict(&judgement, &hint));
        judgement.rules.title().clone_into(&mut document.title);
        document.properties = judgement.properties;
        document.dates = judgement.dates;
        document.sketch = judgement.sketch;
    }

    fn assess(&self, document: KnownDocument, as_of: Day) -> Vec<AssessedDocument> {
        let input = Input {
            catalog: self.judging.catalog(),
            // Documents are assessed alike for every kind of member.
            entity: Entity::UsImporter,
            as_of,
            warning_days: self.config.warning_days,
            documents: vec![document],
            decisions: Vec::new(),
            head: None,
            notices: Vec::new(),
        };
        assess::assess(&input).documents
    }
}

/// The hash of everything in a file, read in pieces.
fn hash(file: &mut File) -> io::Result<ContentHash> {
    let (mut hasher, mut reader) = (Sha256::new(), BufReader::new(file));
    loop {
        let piece = reader.fill_buf()?;
        if piece.is_empty() {
            return Ok(ContentHash(hasher.finalize().into()));
        }
        hasher.update(piece);
        let read = piece.len();
        reader.consume(read);
    }
}

fn blank(name: DocumentName, content: ContentHash, size: u64) -> KnownDocument {
    let (folder, file) = name.path.rsplit_once('/').unwrap_or(("", &name.path));
    KnownDocument {
        name_date: dates::in_name(file, folder),
        content: Some(content),
        size,
        format: None,
        state: DocumentState::Pending,
        verdict: None,
        title: String::new(),
        dates: DateSignals::default(),
        properties: PropertyDates::default(),
        file_time: None,
        first_seen: None,
        sketch: Vec::new(),
        is_member: false,
        pages_waiting: 0,
        name,
    }
}
