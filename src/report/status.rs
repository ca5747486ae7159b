//! How the watching stands: the roots and how each is kept up to date, counts, the ledger's head.
//!
//! Relied on by other programs: `roots[].path, mode, watched_folders, unwatched_folders, last_event, last_pass, backlog,
//! offline_since`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::escape::terminal;
use super::look::{Look, Tone};
use super::rows::HeadRow;
use super::text::{count, hang, sentence};
use super::{GENERATED_BY, VERSION, json as form, names};
use crate::domain::fact::Head;
use crate::domain::reading::Format;

/// Everything `status` says.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusReport {
    /// The folder of the state.
    pub state: String,
    pub roots: Vec<RootStatus>,
    /// Documents of each format by what came of them.
    pub formats: BTreeMap<Format, Outcomes>,
    /// Documents of kinds that are not read, by kind.
    pub unsupported: BTreeMap<String, u64>,
    pub outcomes: Outcomes,
    pub head: Option<Head>,
    /// A pass that runs now, in words: `process 4711 since 2026-11-24T17:00:00Z`.
    pub pass_in_progress: Option<String>,
    pub notices: Vec<String>,
}

/// Documents by what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Outcomes {
    pub read: u64,
    pub unreadable: u64,
    pub unsupported: u64,
    pub ocr_pending: u64,
    /// Seen and not read yet.
    pub pending: u64,
}

impl Outcomes {
    pub fn total(self) -> u64 {
        let Self { read, unreadable, unsupported, ocr_pending, pending } = self;
        [read, unreadable, unsupported, ocr_pending, pending].into_iter().fold(0, u64::saturating_add)
    }

    /// In words, those that are none left out.
    fn named(self) -> [(u64, &'static str); 5] {
        [
            (self.read, "read"),
            (self.unreadable, "unreadable"),
            (self.unsupported, "unsupported"),
            (self.ocr_pending, "waiting for OCR"),
            (self.pending, "not read yet"),
        ]
    }
}

/// How a root is kept up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RootMode {
    /// Events from the file system.
    Watch,
    /// A full pass on a timer, since the file system tells nothing.
    Timer,
    /// Nothing watches: passes run when someone asks.
    Manual,
}

/// One watched folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RootStatus {
    pub path: String,
    pub mode: RootMode,
    pub watched_folders: u64,
    pub unwatched_folders: u64,
    /// RFC 3339, UTC; of the daemon that runs, if one does.
    pub last_event: Option<String>,
    /// When the last pass over all of it ended; RFC 3339, UTC.
    pub last_pass: Option<String>,
    /// Names that changed and were not looked at yet.
    pub backlog: u64,
    /// RFC 3339, UTC; set while the root is offline.
    pub offline_since: Option<String>,
    pub documents: u64,
}

#[derive(Serialize)]
struct StatusJson<'a> {
    schema: &'static str,
    generator: &'static str,
    version: &'static str,
    state: &'a str,
    roots: &'a [RootStatus],
    documents: u64,
    outcomes: Outcomes,
    formats: BTreeMap<Format, u64>,
    formats_by_outcome: &'a BTreeMap<Format, Outcomes>,
    unsupported: &'a BTreeMap<String, u64>,
    head: Option<HeadRow>,
    pass_in_progress: Option<&'a str>,
    notices: &'a [String],
}

pub fn table(status: &StatusReport, look: Look) -> String {
    let mut out = String::new();
    for root in &status.roots {
        out.push_str(&root_lines(root, look));
    }
    out.push_str(&field("Documents", &listed(status.outcomes.named().into_iter()), look));
    out.push_str(&field("Formats", &formats(&status.formats), look));
    if !status.unsupported.is_empty() {
        let kinds = status.unsupported.iter().map(|(kind, number)| (*number, kind.as_str()));
        out.push_str(&field("Not read", &terminal(&listed(kinds)), look));
    }
    out.push_str(&field("Ledger", &format!("head {}", names::head(status.head)), look));
    out.push_str(&field("State", &terminal(&status.state), look));
    if let Some(pass) = &status.pass_in_progress {
        out.push_str(&field("Scanning", &terminal(pass), look));
    }
    out.extend(status.notices.iter().map(|notice| field("Note", &terminal(&sentence(notice)), look)));
    out
}

pub fn json(status: &StatusReport) -> String {
    let StatusReport { state, roots, formats, unsupported, outcomes, head, pass_in_progress, notices } = status;
    form::pretty(&StatusJson {
        schema: "evidex.status/1",
        generator: GENERATED_BY,
        version: VERSION,
        state,
        roots,
        documents: outcomes.total(),
        outcomes: *outcomes,
        formats: formats.iter().map(|(format, outcomes)| (*format, outcomes.total())).collect(),
        formats_by_outcome: formats,
        unsupported,
        head: head.map(HeadRow::from),
        pass_in_progress: pass_in_progress.as_deref(),
        notices,
    })
}

/// `9 pdf (1 unreadable, 2 waiting for OCR), 3 xlsx`.
fn formats(formats: &BTreeMap<Format, Outcomes>) -> String {
    let one = |(format, outcomes): (&Format, &Outcomes)| {
        let others = Outcomes { read: 0, ..*outcomes };
        let rest =
            if others.total() == 0 { String::new() } else { format!(" ({})", listed(others.named().into_iter())) };
        format!("{} {}{rest}", outcomes.total(), format.as_str())
    };
    let words: Vec<String> = formats.iter().map(one).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

fn root_lines(root: &RootStatus, look: Look) -> String {
    let mut out = format!("{}\n", look.paint(Tone::Heading, &terminal(&root.path)));
    let watched = count(usize::try_from(root.watched_folders).unwrap_or(usize::MAX), "folder", "folders");
    let mode = match root.mode {
        RootMode::Watch if root.unwatched_folders > 0 => {
            format!("watched, {watched}; {} more only by full passes", root.unwatched_folders)
        }
        RootMode::Watch => format!("watched, {watched}"),
        RootMode::Timer => "full passes on a timer: this file system reports no changes".to_owned(),
        RootMode::Manual => "not watched: changes are found by `evidex scan`".to_owned(),
    };
    out.push_str(&field("Mode", &mode, look));
    if let Some(event) = &root.last_event {
        out.push_str(&field("Last event", event, look));
    }
    out.push_str(&field("Last pass", root.last_pass.as_deref().unwrap_or("never"), look));
    if root.backlog > 0 {
        let waiting = count(usize::try_from(root.backlog).unwrap_or(usize::MAX), "change", "changes");
        out.push_str(&field("Waiting", &waiting, look));
    }
    if let Some(since) = &root.offline_since {
        out.push_str(&field("Offline", &format!("since {since}: its documents are as last seen"), look));
    }
    out.push_str(&field(
        "Holds",
        &count(usize::try_from(root.documents).unwrap_or(usize::MAX), "document", "documents"),
        look,
    ));
    out.push('\n');
    out
}

fn listed<'a>(counts: impl Iterator<Item = (u64, &'a str)>) -> String {
    let words: Vec<String> =
        counts.filter(|(number, _)| *number > 0).map(|(number, what)| format!("{number} {what}")).collect();
    if words.is_empty() { "none".to_owned() } else { words.join(", ") }
}

fn field(name: &str, text: &str, look: Look) -> String {
    hang(&format!("  {name:<10} "), text, look.columns())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{ContentHash, Seq};
    use crate::report::schemas::testing::assert_valid;

    fn status() -> StatusReport {
        let root = |path: &str, mode| RootStatus {
            path: path.into(),
            mode,
            watched_folders: 41,
            unwatched_folders: 2,
            last_event: None,
            last_pass: Some("2026-11-01T08:00:00Z".into()),
            backlog: 0,
            offline_since: None,
            documents: 12,
        };
        StatusReport {
            state: "/var/lib/evidex".into(),
            roots: vec![
                RootStatus {
                    last_event: Some("2026-11-01T08:04:00Z".into()),
                    backlog: 3,
                    ..root("/srv/policies", RootMode::Watch)
                },
                RootStatus { offline_since: Some("2026-10-30T10:00:00Z".into()), ..root("/srv/nfs", RootMode::Timer) },
                RootStatus { last_pass: None, documents: 0, ..root("/home/a\u{1b}b", RootMode::Manual) },
            ],
            formats: [
                (Format::Pdf, Outcomes { read: 7, unreadable: 2, ..Outcomes::default() }),
                (Format::Xlsx, Outcomes { read: 2, ..Outcomes::default() }),
                (Format::Other, Outcomes { unsupported: 1, ..Outcomes::default() }),
            ]
            .into(),
            unsupported: [("rar".to_owned(), 1)].into(),
            outcomes: Outcomes { read: 9, unreadable: 2, unsupported: 1, ocr_pending: 0, pending: 0 },
            head: Some(Head { seq: Seq(1204), hash: ContentHash([0xab; 32]) }),
            pass_in_progress: Some("process 4711 since 2026-11-01T08:05:00Z".into()),
            notices: vec!["the index is behind the ledger".into()],
        }
    }

    #[test]
    fn follows_its_schema() {
        assert_valid("evidex.status/1", &serde_json::from_str(&json(&status())).unwrap());
        let bare = StatusReport {
            roots: vec![],
            formats: BTreeMap::new(),
            unsupported: BTreeMap::new(),
            head: None,
            pass_in_progress: None,
            notices: vec![],
            ..status()
        };
        assert_valid("evidex.status/1", &serde_json::from_str(&json(&bare)).unwrap());
    }

    #[test]
    fn a_screen_says_how_each_root_is_kept() {
        insta::assert_snapshot!(table(&status(), Look::PLAIN), @r#"
        /srv/policies
          Mode       watched, 41 folders; 2 more only by full passes
          Last event 2026-11-01T08:04:00Z
          Last pass  2026-11-01T08:00:00Z
          Waiting    3 changes
          Holds      12 documents

        /srv/nfs
          Mode       full passes on a timer: this file system reports no changes
          Last pass  2026-11-01T08:00:00Z
          Offline    since 2026-10-30T10:00:00Z: its documents are as last seen
          Holds      12 documents

        /home/a\u{1b}b
          Mode       not watched: changes are found by `evidex scan`
          Last pass  never
          Holds      0 documents

          Documents  9 read, 2 unreadable, 1 unsupported
          Formats    9 pdf (2 unreadable), 2 xlsx, 1 other (1 unsupported)
          Not read   1 rar
          Ledger     head abababababab at fact 1204
          State      /var/lib/evidex
          Scanning   process 4711 since 2026-11-01T08:05:00Z
          Note       The index is behind the ledger.
        "#);
    }
}
