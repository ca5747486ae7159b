//! One line for each thing that happens while somebody follows the status.

use serde::Serialize;

use super::escape::terminal;
use super::json as form;
use crate::domain::status_change::StatusChange;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// RFC 3339, UTC.
    pub at: String,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    Status(StatusChange),
    Root {
        root: String,
        offline: bool,
    },
    /// Documents new, changed, moved or gone.
    Documents {
        changed: u64,
    },
    Daemon {
        runs: bool,
    },
}

/// One event in one line of JSON; the fields that do not apply are null.
#[derive(Default, Serialize)]
struct EventJson<'a> {
    at: &'a str,
    event: &'static str,
    id: Option<&'a str>,
    entity: Option<&'static str>,
    criterion: Option<&'a str>,
    from: Option<&'static str>,
    to: Option<&'static str>,
    cause: Option<&'static str>,
    root: Option<&'a str>,
    changed: Option<u64>,
}

/// A line for a person.
pub fn line(event: &Event) -> String {
    let what = match &event.what {
        What::Status(change) => {
            let StatusChange { entity, criterion, from, to, cause, .. } = change;
            format!("{criterion} {} -> {} ({entity}; {})", from.as_str(), to.as_str(), terminal(&cause.to_string()))
        }
        What::Root { root, offline: true } => format!("{} is offline", terminal(root)),
        What::Root { root, offline: false } => format!("{} is back", terminal(root)),
        What::Documents { changed: 1 } => "1 document changed".to_owned(),
        What::Documents { changed } => format!("{changed} documents changed"),
        What::Daemon { runs: true } => "watching".to_owned(),
        What::Daemon { runs: false } => "not watching any more".to_owned(),
    };
    format!("{} {what}\n", event.at)
}

/// A line for a program.
pub fn json(event: &Event) -> String {
    let bare = EventJson { at: &event.at, ..EventJson::default() };
    form::line(&match &event.what {
        What::Status(change) => EventJson {
            event: "status",
            id: Some(&change.id),
            entity: Some(change.entity.as_str()),
            criterion: Some(change.criterion.as_str()),
            from: Some(change.from.as_str()),
            to: Some(change.to.as_str()),
            cause: Some(change.cause.as_str()),
            ..bare
        },
        What::Root { root, offline } => {
            EventJson { event: if *offline { "offline" } else { "online" }, root: Some(root), ..bare }
        }
        What::Documents { changed } => EventJson { event: "documents", changed: Some(*changed), ..bare },
        What::Daemon { runs } => EventJson { event: if *runs { "watching" } else { "not-watching" }, ..bare },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::assess::status::Status;
    use crate::domain::entity::Entity;
    use crate::domain::ids::InstantMs;
    use crate::domain::status_change::{Cause, Paper};
    use crate::report::schemas::testing::assert_valid;

    #[test]
    fn each_event_is_a_line() {
        let paper = Paper { root: "/srv".into(), path: "a\u{1b}b.txt".into() };
        let change = StatusChange {
            id: "x".into(),
            at: InstantMs(0),
            as_of: "2026-11-01".parse().unwrap(),
            entity: Entity::UsImporter,
            criterion: "6.7".parse().unwrap(),
            from: Status::Missing,
            to: Status::Current,
            cause: Cause::Document { paper },
        };
        for (what, want) in [
            (What::Status(change), "6.7 missing -> current (us-importer; a\\u{1b}b.txt)"),
            (What::Root { root: "/srv".into(), offline: true }, "/srv is offline"),
            (What::Root { root: "/srv".into(), offline: false }, "/srv is back"),
            (What::Documents { changed: 2 }, "2 documents changed"),
            (What::Daemon { runs: true }, "watching"),
            (What::Daemon { runs: false }, "not watching any more"),
        ] {
            let event = Event { at: "2026-11-01T08:00:00Z".into(), what };
            assert_eq!(line(&event), format!("2026-11-01T08:00:00Z {want}\n"));
            assert_valid("evidex.event/1", &serde_json::from_str(&json(&event)).unwrap());
        }
    }
}
