//! Telling people of status changes: each configured way is brought up to the end of the status log.
//!
//! At least once: a way's place in the log moves only when a message was taken, and a message that may have been taken
//! goes out again under the same id. What fails is tried again after growing pauses, for as long as it takes, and holds
//! up no other way.

mod plan;
mod send;
mod teller;

use std::path::{Path, PathBuf};

use crate::disk;
use crate::domain::ids::InstantMs;
use crate::ledger::{self, Ledger, Telling};
use crate::report::outbox::WayStatus;

use super::config::NotifyConfig;
use super::workspace::{self, Workspace};
use super::{clock, question, statuses};
use plan::Parcel;

pub use teller::Teller;

/// Why nothing could be told by any way.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Workspace(#[from] workspace::Error),
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    #[error(transparent)]
    Question(Box<question::Error>),
    #[error(transparent)]
    Disk(#[from] disk::Error),
    #[error("no way of telling is configured")]
    NoWay,
    #[error("`{path}`, to which changes are told, lies in the watched folder `{root}`: nothing is ever written there")]
    InRoot { path: PathBuf, root: PathBuf },
}

impl From<question::Error> for Error {
    fn from(error: question::Error) -> Self {
        Self::Question(Box::new(error))
    }
}

/// Who asks for delivery, which decides what is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// The service, which will ask again soon.
    Running,
    /// The end of a scan: nobody may ask again today.
    Scan,
    /// A person: now, whatever pause or hour is set.
    Asked,
}

/// What came of one way.
#[derive(Debug)]
pub struct Delivery {
    pub way: String,
    /// Messages taken.
    pub messages: usize,
    /// Why the next one was not.
    pub failure: Option<crate::engine::ways::Error>,
}

/// Lets new ways begin now, so that what a pass finds next is told by them.
pub fn enrol(workspace: &Workspace) -> Result<(), Error> {
    check_files(workspace)?;
    if workspace.config.notify.is_empty() || !workspace.ledger_path().exists() {
        return Ok(());
    }
    let mut ledger = Ledger::open(&workspace.ledger_path())?;
    for way in &workspace.config.notify {
        ledger.enrol(way.name())?;
    }
    Ok(())
}

/// After a pass without the service: finds what changed and tells it.
pub fn after_scan(workspace: &Workspace) -> Result<Vec<Delivery>, Error> {
    if workspace.config.notify.is_empty() {
        return Ok(Vec::new());
    }
    statuses::update(workspace, &mut Ledger::open(&workspace.ledger_path())?)?;
    deliver(workspace, Occasion::Scan)
}

/// Tells what is due by every way. Nothing if another process is at it.
pub fn deliver(workspace: &Workspace, occasion: Occasion) -> Result<Vec<Delivery>, Error> {
    check_files(workspace)?;
    if workspace.config.notify.is_empty() {
        return Ok(Vec::new());
    }
    if occasion == Occasion::Running && !anything_waits(workspace)? {
        return Ok(Vec::new());
    }
    let _alone = match disk::StateLock::acquire_telling(&workspace.state) {
        Ok(lock) => lock,
        Err(disk::Error::Locked { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    };
    let mut ledger = Ledger::open(&workspace.ledger_path())?;
    let mut deliveries = Vec::new();
    for way in &workspace.config.notify {
        let delivery = deliver_by(workspace, &mut ledger, way, occasion)?;
        if let Some(error) = &delivery.failure {
            tracing::warn!(way = delivery.way, error = error_text(error), "could not tell of status changes");
        }
        deliveries.push(delivery);
    }
    Ok(deliveries)
}

/// The cheap look that the service takes again and again; it writes nothing.
fn anything_waits(workspace: &Workspace) -> Result<bool, Error> {
    let ledger = workspace.read_ledger()?;
    let end = ledger.last_status_change()?;
    for way in &workspace.config.notify {
        if ledger.telling(way.name())?.is_none_or(|telling| telling.told < end) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn deliver_by(
    workspace: &Workspace,
    ledger: &mut Ledger,
    way: &NotifyConfig,
    occasion: Occasion,
) -> Result<Delivery, Error> {
    ledger.enrol(way.name())?;
    let mut telling = ledger.telling(way.name())?.expect("the way was just enrolled");
    let mut delivery = Delivery { way: telling.way.clone(), messages: 0, failure: None };
    loop {
        let now = clock::now();
        if telling.next.is_some_and(|next| now < next && occasion != Occasion::Asked) {
            return Ok(delivery);
        }
        let Some(parcel) = next_parcel(workspace, ledger, way, (&telling, occasion))? else { return Ok(delivery) };
        // Noted before it goes: should it be taken and we die, the same message goes out under the same id.
        telling.flight = Some(parcel.upto);
        ledger.save_telling(&telling)?;
        let sent = send::send(workspace, way, &parcel);
        telling = after(&telling, &parcel, clock::now(), sent.as_ref().err());
        ledger.save_telling(&telling)?;
        match sent {
            Ok(()) => delivery.messages += 1,
            Err(error) => {
                delivery.failure = Some(error);
                return Ok(delivery);
            }
        }
    }
}

fn after(telling: &Telling, parcel: &Parcel, now: InstantMs, failed: Option<&crate::engine::ways::Error>) -> Telling {
    let Some(error) = failed else {
        return Telling {
            way: telling.way.clone(),
            told: parcel.upto,
            flight: None,
            attempts: 0,
            next: None,
            error: None,
            told_at: Some(now),
        };
    };
    let attempts = telling.attempts.saturating_add(1);
    let pause = i64::try_from(plan::pause(attempts).as_millis()).expect("hours fit");
    Telling {
        attempts,
        next: Some(InstantMs(now.0.saturating_add(pause))),
        error: Some(error_text(error)),
        ..telling.clone()
    }
}

/// The error with its causes, on one line.
fn error_text(error: &crate::engine::ways::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

fn next_parcel(
    workspace: &Workspace,
    ledger: &Ledger,
    way: &NotifyConfig,
    (telling, occasion): (&Telling, Occasion),
) -> Result<Option<Parcel>, Error> {
    let logged = ledger.status_changes_after(telling.told, plan::BATCH)?;
    match way {
        NotifyConfig::Journal(_) | NotifyConfig::File(_) | NotifyConfig::Webhook(_) => Ok(plan::next_message(&logged)),
        NotifyConfig::Email(mail) => {
            let at = mail.time().expect("checked when the configuration was loaded");
            let day = plan::MailDay { now: clock::now(), at, zone: &workspace.zone, told_at: telling.told_at };
            Ok(plan::next_digest(logged, telling.flight, &day, occasion))
        }
    }
}

/// Sends a test message by every way.
pub fn test(workspace: &Workspace) -> Result<Vec<Delivery>, Error> {
    check_files(workspace)?;
    if workspace.config.notify.is_empty() {
        return Err(Error::NoWay);
    }
    let test = |way: &NotifyConfig| {
        let failure = send::test(way, clock::now()).err();
        Delivery { way: way.name().to_owned(), messages: usize::from(failure.is_none()), failure }
    };
    Ok(workspace.config.notify.iter().map(test).collect())
}

/// What waits in each way.
pub fn outbox(workspace: &Workspace) -> Result<Vec<WayStatus>, Error> {
    let ledger = workspace.read_ledger()?;
    let end = ledger.last_status_change()?;
    let mut ways = Vec::new();
    for way in &workspace.config.notify {
        let telling = ledger.telling(way.name())?;
        let waiting = match &telling {
            Some(telling) if telling.told < end => ledger.status_changes_after(telling.told, usize::MAX)?.len() as u64,
            Some(_) | None => 0,
        };
        let (kind, to) = send::address(way);
        ways.push(WayStatus {
            name: way.name().to_owned(),
            kind: kind.to_owned(),
            to,
            waiting,
            attempts: telling.as_ref().map_or(0, |telling| telling.attempts),
            next_try: telling.as_ref().and_then(|telling| telling.next).map(clock::instant_text),
            last_error: telling.as_ref().and_then(|telling| telling.error.clone()),
            last_told: telling.as_ref().and_then(|telling| telling.told_at).map(clock::instant_text),
        });
    }
    Ok(ways)
}

/// Nothing is ever written into a watched folder, not even by configuration.
fn check_files(workspace: &Workspace) -> Result<(), Error> {
    for way in &workspace.config.notify {
        let NotifyConfig::File(file) = way else { continue };
        let inside = |root: &&PathBuf| is_inside(&file.path, root);
        if let Some(root) = workspace.folders.iter().find(inside) {
            return Err(Error::InRoot { path: file.path.clone(), root: root.clone() });
        }
    }
    Ok(())
}

fn is_inside(path: &Path, root: &Path) -> bool {
    let folder = path.parent().unwrap_or(Path::new("/"));
    let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    folder.starts_with(root)
}
