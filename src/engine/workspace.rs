//! What every command stands on: configuration resolved, state folder found, catalog and judge ready.
//!
//! Whoever needs no judge (a search) opens a [`Place`] alone: making a judge costs more than most questions.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::disk;
use crate::domain::catalog::{Catalog, CatalogError};
use crate::domain::entity::Entity;
use crate::domain::relpath::RelPath;
use crate::ledger::{self, Ledger};

use super::clock;
use super::config::{self, Config, OcrUse};
use super::judging::Judging;

/// What the command line asks for, flags and environment resolved.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    pub state: Option<PathBuf>,
    pub config: Option<PathBuf>,
    pub catalog: Option<PathBuf>,
    pub overlay: Option<PathBuf>,
    pub folders: Vec<PathBuf>,
    /// Beats the configuration's.
    pub ocr: Option<OcrUse>,
}

/// Why there is nothing to work on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Config(#[from] config::Error),
    #[error("could not read the catalog `{path}`")]
    CatalogRead { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    #[error("no folder was named, and no configuration names one")]
    NothingNamed,
    #[error("no folder was named, and `{home}` holds {count} states ({names})")]
    SeveralStates { home: PathBuf, count: usize, names: String },
    #[error("could not open the folder `{path}`")]
    Folder { path: PathBuf, source: std::io::Error },
    #[error("`{path}` is a file, not a folder")]
    NotAFolder { path: PathBuf },
    #[error("`{state}` holds no ledger")]
    NoLedger { state: PathBuf },
    #[error(transparent)]
    Ledger(#[from] crate::ledger::Error),
    #[error(transparent)]
    Disk(#[from] disk::Error),
    #[error("there is no group `{group}` on this machine, which the configuration shares the state with")]
    NoGroup { group: String },
    #[error("{} entity types are configured ({}), and a report is about one", .0.len(), names(.0))]
    ManyEntities(Vec<Entity>),
    #[error("no entity type is configured or named")]
    NoEntity,
}

fn names(entities: &[Entity]) -> String {
    entities.iter().map(|entity| entity.as_str()).collect::<Vec<_>>().join(", ")
}

/// A resolved place to work.
pub struct Place {
    pub config: Config,
    /// The configuration file, if there was one.
    pub config_path: Option<PathBuf>,
    /// Folder of the ledger and the index.
    pub state: PathBuf,
    /// Absolute folders to look at; empty if the state's own roots are meant.
    pub folders: Vec<PathBuf>,
    pub zone: jiff::tz::TimeZone,
}

/// A place with its catalog and judge.
pub struct Workspace {
    place: Place,
    pub judging: Arc<Judging>,
}

impl std::ops::Deref for Workspace {
    type Target = Place;

    fn deref(&self) -> &Place {
        &self.place
    }
}

impl Workspace {
    /// Resolves configuration, folders, state and catalog. Opens no ledger yet.
    pub fn open(sought: &Sought) -> Result<Self, Error> {
        Self::at(Place::open(sought)?, sought)
    }

    /// As [`Self::open`], but a folder of the configuration need not be there: whoever watches waits for it.
    pub fn open_to_watch(sought: &Sought) -> Result<Self, Error> {
        if !sought.folders.is_empty() {
            return Self::open(sought);
        }
        let place = Place::open_with(sought, |path| match absolute_folder(path) {
            Err(Error::Folder { source, .. }) if source.kind() != std::io::ErrorKind::PermissionDenied => {
                std::path::absolute(path).map_err(|source| Error::Folder { path: path.to_owned(), source })
            }
            found => found,
        })?;
        Self::at(place, sought)
    }

    /// Makes the judge of a place that was opened already.
    pub fn at(place: Place, sought: &Sought) -> Result<Self, Error> {
        let catalog = load_catalog(sought, &place.config)?;
        Ok(Self { judging: Arc::new(Judging::new(catalog)), place })
    }

    pub fn catalog(&self) -> &Catalog {
        self.judging.catalog()
    }

    /// The one entity that a report is about: the one named, else the only one configured.
    pub fn entity(&self, named: Option<Entity>) -> Result<Entity, Error> {
        match (named, self.config.entities.as_slice()) {
            (Some(entity), _) => Ok(entity),
            (None, [entity]) => Ok(*entity),
            (None, []) => Err(Error::NoEntity),
            (None, many) => Err(Error::ManyEntities(many.to_vec())),
        }
    }
}

impl Place {
    /// Resolves configuration, folders and state.
    pub fn open(sought: &Sought) -> Result<Self, Error> {
        Self::open_with(sought, absolute_folder)
    }

    fn open_with(sought: &Sought, folder: impl Fn(&Path) -> Result<PathBuf, Error>) -> Result<Self, Error> {
        let config_path = Config::find(sought.config.as_deref());
        let mut config = config_path.as_deref().map(Config::load).transpose()?.unwrap_or_default();
        config.ocr.enabled = sought.ocr.unwrap_or(config.ocr.enabled);
        let named = if sought.folders.is_empty() {
            config.roots.iter().map(|root| root.path.clone()).collect()
        } else {
            sought.folders.clone()
        };
        let folders = named.iter().map(|path| folder(path)).collect::<Result<Vec<_>, _>>()?;
        let state = state_folder(sought, &config, &folders)?;
        for folder in &folders {
            disk::check_apart(folder, &state)?;
        }
        let zone = clock::zone(config.time_zone.as_deref());
        Ok(Self { config, config_path, state, folders, zone })
    }

    /// As [`Self::open`]; where nothing names a state, the one of the folder that one works in or of a folder above it,
    /// else the only one there is.
    pub fn open_to_ask(sought: &Sought) -> Result<Self, Error> {
        match Self::open(sought) {
            Err(Error::NothingNamed) => {
                let state = state_at_hand()?;
                Self::open(&Sought { state: Some(state), ..sought.clone() })
            }
            opened => opened,
        }
    }

    pub fn ledger_path(&self) -> PathBuf {
        self.state.join("ledger.db")
    }

    pub fn index_path(&self) -> PathBuf {
        self.state.join("index")
    }

    /// Makes the state's folder, or sees that this account may use it, and shares it with the configured group.
    pub fn prepare_state(&self) -> Result<(), Error> {
        disk::check_access(&self.state)?;
        disk::make_state_dir(&self.state)?;
        if let Some(name) = &self.config.group {
            let group = disk::account::group_id(name).ok_or_else(|| Error::NoGroup { group: name.clone() })?;
            disk::share(&self.state, group)?;
        }
        let path = self.ledger_path();
        // SQLite gives the files beside it the same permissions.
        disk::share::make_file(&path).map_err(|source| disk::Error::State {
            path,
            tried: "make the ledger",
            source,
        })?;
        Ok(())
    }

    /// The ledger, for asking; an error if nothing was ever scanned.
    pub fn read_ledger(&self) -> Result<Ledger, Error> {
        let path = self.ledger_path();
        disk::check_access(&self.state)?;
        if !path.exists() {
            return Err(Error::NoLedger { state: self.state.clone() });
        }
        match Ledger::open_read_only(&path) {
            // A newer program than the one that wrote it: brought up to date by whoever may, with a copy beside it.
            Err(ledger::Error::Older { .. }) => {
                Ledger::open(&path)?;
                Ok(Ledger::open_read_only(&path)?)
            }
            opened => Ok(opened?),
        }
    }

    /// The ledger's roots that this workspace is about: those of its folders, or all.
    pub fn chosen_roots(&self, ledger: &Ledger) -> ledger::Result<Vec<ledger::Root>> {
        let mut roots = ledger.roots()?;
        if !self.folders.is_empty() {
            let wanted: Vec<RelPath> =
                self.folders.iter().map(|folder| RelPath::from_bytes(folder.as_os_str().as_bytes())).collect();
            roots.retain(|root| wanted.contains(&root.path));
        }
        Ok(roots)
    }

    /// What a reader of any answer should know first: roots that cannot be looked at now.
    pub fn notices(&self, ledger: &Ledger) -> ledger::Result<Vec<String>> {
        let offline: Vec<_> = self.chosen_roots(ledger)?.into_iter().filter(|root| self.is_offline(root)).collect();
        Ok(offline
            .iter()
            .map(|root| format!("`{}` is offline: its documents stand as last seen", root.path.to_text()))
            .collect())
    }

    /// True if a root is not there now, or is not the one that it was.
    pub fn is_offline(&self, root: &ledger::Root) -> bool {
        let folder = Path::new(std::ffi::OsStr::from_bytes(root.path.as_bytes()));
        // Whether an empty folder is rightly so is for a pass to say.
        disk::standing(Some(root.device), 0, &disk::root_identity(folder)) != disk::Standing::Online
    }
}

fn absolute_folder(path: &Path) -> Result<PathBuf, Error> {
    let error = |source| Error::Folder { path: path.to_owned(), source };
    let absolute = std::fs::canonicalize(path).map_err(error)?;
    let metadata = std::fs::metadata(&absolute).map_err(error)?;
    if !metadata.is_dir() {
        return Err(Error::NotAFolder { path: path.to_owned() });
    }
    std::fs::read_dir(&absolute).map_err(error)?;
    Ok(absolute)
}

fn state_folder(sought: &Sought, config: &Config, folders: &[PathBuf]) -> Result<PathBuf, Error> {
    if let Some(state) = sought.state.as_ref().or(config.state.as_ref()) {
        return Ok(std::path::absolute(state).unwrap_or_else(|_| state.clone()));
    }
    let first = folders.first().ok_or(Error::NothingNamed)?;
    Ok(disk::default_state_dir(first)?)
}

fn state_at_hand() -> Result<PathBuf, Error> {
    let here = std::env::current_dir().map_err(|source| Error::Folder { path: PathBuf::from("."), source })?;
    for folder in here.ancestors() {
        let state = disk::default_state_dir(folder)?;
        if state.join("ledger.db").exists() {
            return Ok(state);
        }
    }
    let (home, mut states) = disk::default_states()?;
    states.retain(|state| state.join("ledger.db").exists());
    match states.as_slice() {
        [] => Err(Error::NothingNamed),
        [state] => Ok(state.clone()),
        many => {
            let names = many.iter().filter_map(|state| state.file_name()).map(|name| name.to_string_lossy());
            let names = names.collect::<Vec<_>>().join(", ");
            Err(Error::SeveralStates { home, count: many.len(), names })
        }
    }
}

/// The catalog that flags or configuration name, else the built-in one, with its overlay.
pub fn load_catalog(sought: &Sought, config: &Config) -> Result<Catalog, Error> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).map_err(|source| Error::CatalogRead { path: path.to_owned(), source })
    };
    let mut catalog = match sought.catalog.as_ref().or(config.catalog.as_ref()) {
        Some(path) => Catalog::parse(&read(path)?, &path.to_string_lossy())?,
        None => Catalog::built_in().clone(),
    };
    if let Some(path) = sought.overlay.as_ref().or(config.overlay.as_ref()) {
        catalog = catalog.overlay(&read(path)?, &path.to_string_lossy())?;
    }
    Ok(catalog)
}

/// Checks a catalog file by itself, or, if it is an overlay, on top of the built-in catalog.
pub fn check_catalog(path: &Path) -> Result<Catalog, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::CatalogRead { path: path.to_owned(), source })?;
    let name = path.to_string_lossy();
    // An overlay has no edition of its own. A text that is no TOML at all is reported as a catalog.
    let is_overlay = toml::from_str::<toml::Table>(&text).is_ok_and(|table| !table.contains_key("edition"));
    if is_overlay {
        return Ok(Catalog::built_in().clone().overlay(&text, &name)?);
    }
    Ok(Catalog::parse(&text, &name)?)
}
