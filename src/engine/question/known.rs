//! What the ledger holds, as assessing wants it: every document with its verdict, dates and hints.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::domain::assess::status::{DocumentName, DocumentState};
use crate::domain::assess::{self, KnownDecision, KnownDocument};
use crate::domain::day::Day;
use crate::domain::fact::{Head, Read, ReadOutcome, Sight, Withholding};
use crate::domain::ids::{ContentHash, InstantMs, RootId};
use crate::domain::judge::dates::{self, PropertyDates};
use crate::domain::judge::signal::{DateSignals, Language};
use crate::domain::judge::verdict::Verdict;
use crate::domain::judge::{Judge, Judgement};
use crate::domain::reading::{Reading, Unreadable};
use crate::domain::relpath::RelPath;
use crate::engine::privacy::PrivatePaths;
use crate::engine::sites::Sites;
use crate::engine::workspace::{self, Workspace};
use crate::engine::{clock, judging, recognising};
use crate::ledger::{KnownSight, Ledger, PayloadState, Root};

use super::{Error, Question, kept};

/// Containers inside containers that are followed; the worker's own limit is lower.
const DEPTH_MAX: u32 = 32;

/// What is said of a content that a person had erased.
const FORGOTTEN: DocumentState = DocumentState::Unreadable { reason: Unreadable::Forgotten, detail: String::new() };

/// What was known at an instant, as it stood on a day.
pub struct Known {
    pub documents: Vec<KnownDocument>,
    pub decisions: Vec<KnownDecision>,
    pub head: Option<Head>,
    pub notices: Vec<String>,
}

/// Loads everything for a question.
pub fn load(workspace: &Workspace, ledger: &Ledger, question: &Question) -> Result<Known, Error> {
    let documents = match kept::documents(workspace, ledger, question)? {
        Some(documents) => documents,
        None => documents(workspace, ledger, question)?,
    };
    let mut notices = workspace.notices(ledger)?;
    notices.extend(recognising::notice(&workspace.config, &waiting(&documents)));
    Ok(Known {
        documents,
        decisions: Loader::one_by_one(workspace, ledger)?.decisions(question.known_by)?,
        head: ledger.head()?,
        notices,
    })
}

/// Every document, weighed from the ledger's payloads.
fn documents(workspace: &Workspace, ledger: &Ledger, question: &Question) -> Result<Vec<KnownDocument>, Error> {
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
    Ok(documents.into_iter().map(|loaded| loaded.document).collect())
}

/// The contents with pages that wait for text recognition, each once.
fn waiting(documents: &[KnownDocument]) -> HashMap<ContentHash, u32> {
    let waiting = documents.iter().filter(|document| document.pages_waiting > 0);
    waiting.filter_map(|document| Some((document.content?, document.pages_waiting))).collect()
}

/// The last instant of a civil day.
pub(super) fn end_of(day: Day, place: &workspace::Place) -> Option<InstantMs> {
    clock::start_of(day.plus_days(1), &place.zone).map(|next| InstantMs(next.0 - 1))
}

/// Reads one document after the other.
pub(crate) struct Loader<'a> {
    workspace: &'a Workspace,
    ledger: &'a Ledger,
    roots: HashMap<RootId, (String, Sites)>,
    private: PrivatePaths,
    withheld: HashMap<ContentHash, Withholding>,
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

/// The file that a key names.
pub(crate) fn file_of(key: &str) -> Option<(RootId, RelPath)> {
    let (root, path) = key.split_once(':')?;
    let root = RootId(root.parse().ok()?);
    let path = match path.strip_prefix('\u{0}') {
        Some(encoded) => RelPath::from_bytes(super::unbase64(encoded)?),
        None => RelPath::from(path),
    };
    Some((root, path))
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
        let roots = named(workspace, workspace.chosen_roots(ledger)?);
        let private = PrivatePaths::new(&workspace.config.private);
        Ok(Self { workspace, ledger, roots, private, withheld: ledger.withheld()?, everything: None })
    }

    /// For the index, which is one for all roots, whichever a pass or a question is about.
    pub(crate) fn over_all_roots(mut self) -> Result<Self, Error> {
        self.roots = named(self.workspace, self.ledger.roots()?);
        Ok(self)
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

    /// The documents at a sight, for the index and its answers, dated as of today.
    pub(crate) fn located(&self, workspace: &Workspace, sight: &KnownSight) -> Result<Vec<Located>, Error> {
        self.located_on(super::today(workspace), workspace, sight)
    }

    /// As [`Self::located`], dated as of another day.
    pub(super) fn located_on(
        &self,
        day: Day,
        workspace: &Workspace,
        sight: &KnownSight,
    ) -> Result<Vec<Located>, Error> {
        let mut documents = Vec::new();
        self.documents(sight, &mut documents)?;
        let file = file_key(sight.root, &sight.path);
        let file_path = sight.path.to_text();
        let known: Vec<&KnownDocument> = documents.iter().map(|loaded| &loaded.document).collect();
        let days = assess::days(workspace.judging.catalog(), &known, day);
        let mut located = Vec::with_capacity(documents.len());
        for (Loaded { document, language }, day) in documents.into_iter().zip(days) {
            let inside = document.name.path.strip_prefix(&*file_path).unwrap_or_default();
            let text = match document.content {
                Some(content) if self.may_show(content, sight) => self.read(content)?.and_then(|read| text_of(&read)),
                Some(_) | None => None,
            };
            located.push(Located {
                key: format!("{file}{inside}"),
                root: sight.root,
                path: sight.path.clone(),
                effective: day.map(|day| day.day),
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
        let forgotten = self.withheld.get(&content) == Some(&Withholding::Forgotten);
        let state = if forgotten { FORGOTTEN } else { state_of(&read.outcome) };
        let mut document = self.blank(name.clone(), state, place.sight);
        document.content = Some(content);
        document.size = read.size;
        document.format = Some(read.format);
        document.pages_waiting = recognising::pages_waiting(&read);
        document.is_member = place.depth > 0;
        let language = if forgotten { Language::Other } else { self.judged(content, place.sight, &mut document)? };
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

    /// True if the words of a content may be shown as those of this file.
    fn may_show(&self, content: ContentHash, sight: &KnownSight) -> bool {
        !self.withheld.contains_key(&content) && !self.private.covers(&sight.path)
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
            pages_waiting: 0,
            name,
        }
    }

    /// Fills in what the judge found; gives the language.
    fn judged(
        &self,
        content: ContentHash,
        sight: &KnownSight,
        document: &mut KnownDocument,
    ) -> Result<Language, Error> {
        let Some(judgement) = self.judgement(content)? else { return Ok(Language::Other) };
        let hint = Judge::hint(&document.name.path);
        document.verdict = Some(self.workspace.judging.judge().verdict(&judgement, &hint));
        judgement.rules.title().clone_into(&mut document.title);
        document.properties = judgement.properties;
        document.dates = judgement.dates;
        if self.private.covers(&sight.path) {
            document.verdict = document.verdict.take().map(Verdict::sealed);
            document.title.clear();
            document.dates = dates::without_words(std::mem::take(&mut document.dates));
        }
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

/// Each root's name in reports, and its sites.
fn named(workspace: &Workspace, roots: Vec<Root>) -> HashMap<RootId, (String, Sites)> {
    let named = |root: Root| {
        let sites = Sites::new(&workspace.config.sites, &root.path);
        (root.id, (root.path.to_text().into_owned(), sites))
    };
    roots.into_iter().map(named).collect()
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

/// The payload of a content's text, if it was read.
pub(super) fn text_of(read: &Read) -> Option<ContentHash> {
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
