//! What the ledger holds, as assessing wants it: every document with its verdict, dates and hints.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::domain::assess::status::{DocumentName, DocumentState};
use crate::domain::assess::{KnownDecision, KnownDocument};
use crate::domain::catalog::DateRule;
use crate::domain::day::Day;
use crate::domain::fact::{Head, Read, ReadOutcome, Sight};
use crate::domain::ids::{ContentHash, InstantMs, RootId};
use crate::domain::judge::dates::{self, DateContext, Medium, PropertyDates};
use crate::domain::judge::signal::{DateSignals, Language};
use crate::domain::judge::verdict::Role;
use crate::domain::judge::{Judge, Judgement};
use crate::domain::reading::{Format, Reading};
use crate::domain::relpath::RelPath;
use crate::engine::sites::Sites;
use crate::engine::workspace::Workspace;
use crate::engine::{clock, judging};
use crate::index::Found;
use crate::ledger::{KnownSight, Ledger, PayloadState};

use super::{Error, Question};

/// Containers inside containers that are followed; the worker's own limit is lower.
const DEPTH_MAX: u32 = 32;

/// What was known at an instant, as it stood on a day.
pub struct Known {
    pub documents: Vec<KnownDocument>,
    pub decisions: Vec<KnownDecision>,
    pub head: Option<Head>,
    pub notices: Vec<String>,
}

/// Loads everything for a question.
pub fn load(workspace: &Workspace, ledger: &Ledger, question: &Question) -> Result<Known, Error> {
    let end_of_day = if question.as_of < super::today(workspace) { end_of(question.as_of, workspace) } else { None };
    let sights = match (end_of_day, question.known_by) {
        (None, None) => ledger.sights_known_by(None)?,
        (there, known_by) => ledger.sights_there_at(there, known_by)?,
    };
    let loader = Loader::all(workspace, ledger, question.known_by)?;
    let mut documents = Vec::with_capacity(sights.len());
    for sight in &sights {
        loader.documents(sight, &mut documents)?;
    }
    Ok(Known {
        documents: documents.into_iter().map(|loaded| loaded.document).collect(),
        decisions: loader.decisions(question.known_by)?,
        head: ledger.head()?,
        notices: workspace.notices(ledger)?,
    })
}

/// The last instant of a civil day.
fn end_of(day: Day, workspace: &Workspace) -> Option<InstantMs> {
    clock::start_of(day.plus_days(1), &workspace.zone).map(|next| InstantMs(next.0 - 1))
}

/// Reads one document after the other.
pub(crate) struct Loader<'a> {
    workspace: &'a Workspace,
    ledger: &'a Ledger,
    roots: HashMap<RootId, (String, Sites)>,
    /// All reads and judgements, for questions about every document; `None`: asked one by one.
    everything: Option<Everything>,
}

struct Everything {
    reads: HashMap<ContentHash, Read>,
    judgements: HashMap<ContentHash, ContentHash>,
}

/// A document with what searching it needs.
pub(crate) struct Located {
    pub(crate) key: String,
    pub(crate) root: RootId,
    /// The path of its file.
    pub(crate) path: RelPath,
    pub(crate) document: KnownDocument,
    pub(crate) effective: Option<Day>,
    /// The payload of its text, if it was read.
    pub(crate) text: Option<ContentHash>,
    pub(crate) language: Language,
}

/// The name of a file in the index.
pub(crate) fn file_key(root: RootId, path: &RelPath) -> String {
    if path.is_utf8() {
        format!("{}:{}", root.0, path.to_text())
    } else {
        format!("{}:\u{0}{}", root.0, super::base64(path.as_bytes()))
    }
}

/// The file that a document's key names.
fn file_of(key: &str) -> Option<(RootId, RelPath)> {
    let (root, path) = key.split_once(':')?;
    let root = RootId(root.parse().ok()?);
    let path = match path.strip_prefix('\u{0}') {
        Some(encoded) => RelPath::from_bytes(super::unbase64(encoded)?),
        None => RelPath::from(path),
    };
    Some((root, path))
}

/// Finds documents by the keys of the index; those that are gone are left out.
pub(crate) fn locate(
    workspace: &Workspace,
    ledger: &Ledger,
    hits: &[Found],
) -> Result<HashMap<String, Located>, Error> {
    let loader = Loader::one_by_one(workspace, ledger)?;
    let mut found = HashMap::new();
    for Found { key, file, .. } in hits {
        let Some((root, path)) = file_of(file) else { continue };
        if let Some(sight) = ledger.sight_of(root, &path)? {
            let located = loader.located(workspace, &sight)?.into_iter().find(|located| located.key == *key);
            found.extend(located.map(|located| (key.clone(), located)));
        }
    }
    Ok(found)
}

impl<'a> Loader<'a> {
    /// For a question about every document: reads are loaded at once.
    pub(crate) fn all(
        workspace: &'a Workspace,
        ledger: &'a Ledger,
        known_by: Option<InstantMs>,
    ) -> Result<Self, Error> {
        let mut loader = Self::one_by_one(workspace, ledger)?;
        let judgements = ledger.judgements(workspace.judging.identity())?;
        loader.everything = Some(Everything { reads: ledger.latest_reads(known_by)?, judgements });
        Ok(loader)
    }

    /// For a question about a few documents.
    pub(crate) fn one_by_one(workspace: &'a Workspace, ledger: &'a Ledger) -> Result<Self, Error> {
        let mut roots = HashMap::new();
        for root in workspace.chosen_roots(ledger)? {
            let sites = Sites::new(&workspace.config.sites, &root.path);
            roots.insert(root.id, (root.path.to_text().into_owned(), sites));
        }
        Ok(Self { workspace, ledger, roots, everything: None })
    }

    fn read(&self, content: ContentHash) -> Result<Option<Cow<'_, Read>>, Error> {
        Ok(match &self.everything {
            Some(everything) => everything.reads.get(&content).map(Cow::Borrowed),
            None => self.ledger.read_of(content)?.map(Cow::Owned),
        })
    }

    fn judgement(&self, content: ContentHash) -> Result<Option<Judgement>, Error> {
        let payload = match &self.everything {
            Some(everything) => everything.judgements.get(&content).copied(),
            None => self.ledger.judgement_of(content, self.workspace.judging.identity())?,
        };
        payload.map_or(Ok(None), |payload| Ok(judging::kept(self.ledger, payload)?))
    }

    /// The reading kept under a payload's hash.
    pub(crate) fn reading(&self, text: ContentHash) -> Result<Option<Reading>, Error> {
        Ok(judging::kept(self.ledger, text)?)
    }

    /// The documents at a sight, for the index and its answers.
    pub(crate) fn located(&self, workspace: &Workspace, sight: &KnownSight) -> Result<Vec<Located>, Error> {
        let mut documents = Vec::new();
        self.documents(sight, &mut documents)?;
        let file = file_key(sight.root, &sight.path);
        let file_path = sight.path.to_text();
        let mut located = Vec::with_capacity(documents.len());
        for Loaded { document, language } in documents {
            let inside = document.name.path.strip_prefix(&*file_path).unwrap_or_default();
            let text = match document.content {
                Some(content) => self.read(content)?.and_then(|read| text_of(&read)),
                None => None,
            };
            located.push(Located {
                key: format!("{file}{inside}"),
                root: sight.root,
                path: sight.path.clone(),
                effective: effective(&document, super::today(workspace)),
                text,
                language,
                document,
            });
        }
        Ok(located)
    }

    /// The document at a path and, below it, its members.
    fn documents(&self, sight: &KnownSight, into: &mut Vec<Loaded>) -> Result<(), Error> {
        let Some((root, sites)) = self.roots.get(&sight.root) else { return Ok(()) };
        let name = DocumentName {
            root: root.clone(),
            site: sites.of(&sight.path),
            path: sight.path.to_text().into_owned(),
            path_b64: (!sight.path.is_utf8()).then(|| super::base64(sight.path.as_bytes())),
        };
        match &sight.sight {
            Sight::Gone => Ok(()),
            Sight::Unread { reason, detail, stamp, .. } => {
                let state = DocumentState::Unreadable { reason: *reason, detail: detail.clone() };
                let mut document = self.blank(name, state, sight);
                document.size = stamp.map_or(0, |stamp| stamp.size);
                into.push(Loaded { document, language: Language::Other });
                Ok(())
            }
            Sight::Content { content, stamp, .. } => {
                let place = Place { sight, depth: 0 };
                let first = into.len();
                self.content(name, *content, &place, into)?;
                into[first].document.size = stamp.size;
                Ok(())
            }
        }
    }

    fn content(
        &self,
        name: DocumentName,
        content: ContentHash,
        place: &Place<'_>,
        into: &mut Vec<Loaded>,
    ) -> Result<(), Error> {
        let Some(read) = self.read(content)? else {
            let mut document = self.blank(name, DocumentState::Pending, place.sight);
            document.content = Some(content);
            into.push(Loaded { document, language: Language::Other });
            return Ok(());
        };
        let mut document = self.blank(name.clone(), state_of(&read.outcome), place.sight);
        document.content = Some(content);
        document.size = read.size;
        document.format = Some(read.format);
        document.is_member = place.depth > 0;
        let language = self.judged(content, &mut document)?;
        into.push(Loaded { document, language });
        if place.depth < DEPTH_MAX {
            let inside = Place { sight: place.sight, depth: place.depth + 1 };
            for member in &read.members {
                let path = format!("{}!{}", name.path, member.name);
                self.content(DocumentName { path, ..name.clone() }, member.content, &inside, into)?;
            }
        }
        Ok(())
    }

    /// A document of which only name and state are known yet.
    fn blank(&self, name: DocumentName, state: DocumentState, sight: &KnownSight) -> KnownDocument {
        let (folder, file) = name.path.rsplit_once('/').unwrap_or(("", &name.path));
        let file_time = match &sight.sight {
            Sight::Content { stamp, .. } | Sight::Unread { stamp: Some(stamp), .. } => {
                clock::day_of_ns(stamp.mtime_ns, &self.workspace.zone)
            }
            Sight::Unread { stamp: None, .. } | Sight::Gone => None,
        };
        let readable = state == DocumentState::Read;
        let name_only = (!readable).then(|| self.workspace.judging.judge().verdict_by_name(&name.path));
        KnownDocument {
            name_date: dates::in_name(file, folder),
            content: None,
            size: 0,
            format: None,
            state,
            verdict: name_only,
            title: String::new(),
            dates: DateSignals::default(),
            properties: PropertyDates::default(),
            file_time,
            first_seen: Some(sight.version_at),
            sketch: Vec::new(),
            is_member: false,
            name,
        }
    }

    /// Fills in what the judge found; gives the language.
    fn judged(&self, content: ContentHash, document: &mut KnownDocument) -> Result<Language, Error> {
        let Some(judgement) = self.judgement(content)? else { return Ok(Language::Other) };
        let hint = Judge::hint(&document.name.path);
        document.verdict = Some(self.workspace.judging.judge().verdict(&judgement, &hint));
        judgement.rules.title().clone_into(&mut document.title);
        document.properties = judgement.properties;
        document.dates = judgement.dates;
        document.sketch = judgement.sketch;
        Ok(judgement.language)
    }

    fn decisions(&self, known_by: Option<InstantMs>) -> Result<Vec<KnownDecision>, Error> {
        let mut decisions = Vec::new();
        for (seq, at, decided) in self.ledger.decisions(known_by)? {
            let sketch = match decided.content {
                Some(content) => self.judgement(content)?.map(|judgement| judgement.sketch).unwrap_or_default(),
                None => Vec::new(),
            };
            let note = match decided.note {
                Some(note) => match self.ledger.payload(note)? {
                    PayloadState::Present(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
                    PayloadState::Erased | PayloadState::Missing => None,
                },
                None => None,
            };
            decisions.push(KnownDecision {
                seq,
                by: decided.by,
                on: clock::day_of(at, &self.workspace.zone).unwrap_or_else(|| super::today(self.workspace)),
                content: decided.content,
                document: self.document_name(decided.root, decided.path.as_ref()),
                criterion: decided.criterion,
                decision: decided.decision,
                replaces: decided.replaces,
                sketch,
                note,
            });
        }
        Ok(decisions)
    }

    fn document_name(&self, root: Option<RootId>, path: Option<&RelPath>) -> Option<DocumentName> {
        let (root, sites) = self.roots.get(&root?)?;
        let path = path?;
        let text = path.to_text().into_owned();
        Some(DocumentName { root: root.clone(), site: sites.of(path), path: text, path_b64: None })
    }
}

/// A document and the language of its text.
struct Loaded {
    document: KnownDocument,
    language: Language,
}

/// Where a content lies: the sight that led to it, and how deep inside containers.
struct Place<'a> {
    sight: &'a KnownSight,
    depth: u32,
}

/// The day a document speaks for today, for searching by year.
fn effective(document: &KnownDocument, today: Day) -> Option<Day> {
    let context = DateContext {
        role: document.verdict.as_ref().map_or(Role::Other, |verdict| verdict.role),
        rule: DateRule::Usual,
        as_of: today,
        decision: None,
        name_date: document.name_date,
        properties: document.properties,
        file_time: document.file_time,
        medium: match document.format {
            Some(Format::Eml | Format::Msg) => Medium::Mail,
            Some(Format::Image) => Medium::Image,
            Some(_) | None => Medium::Paper,
        },
    };
    dates::choose(&document.dates, &context).map(|chosen| chosen.day)
}

/// The payload of a content's text, if it was read.
fn text_of(read: &Read) -> Option<ContentHash> {
    match read.outcome {
        ReadOutcome::Read { text, .. } => Some(text),
        ReadOutcome::Unreadable { .. } | ReadOutcome::Unsupported { .. } | ReadOutcome::OcrPending => None,
    }
}

fn state_of(outcome: &ReadOutcome) -> DocumentState {
    match outcome {
        ReadOutcome::Read { .. } => DocumentState::Read,
        ReadOutcome::Unreadable { reason, detail } => {
            DocumentState::Unreadable { reason: *reason, detail: detail.clone() }
        }
        ReadOutcome::Unsupported { kind } => DocumentState::Unsupported { kind: kind.clone() },
        ReadOutcome::OcrPending => DocumentState::OcrPending,
    }
}
