//! Brings the index up to the ledger's head: what changed since its last commit, or everything anew.

use std::collections::{BTreeSet, HashSet};

use crate::domain::fact::{Fact, Head, Sight};
use crate::domain::ids::{ContentHash, RootId, Seq};
use crate::domain::judge::verdict::Strength;
use crate::domain::reading::{Format, Reading};
use crate::domain::relpath::RelPath;
use crate::index::{Index, IndexedDocument, Writer};
use crate::ledger::{KnownSight, Ledger};

use super::question::Error;
use super::question::known::{self, Loader, Located};
use super::workspace::Workspace;

/// Facts replayed at a time.
const FACTS_BATCH: usize = 10_000;

/// What the index lacks.
#[derive(Debug, PartialEq, Eq)]
enum Since {
    Nothing,
    Files(BTreeSet<(RootId, RelPath)>),
    Everything,
}

/// Commits to the index what the ledger says and the index does not.
pub fn publish(workspace: &Workspace, ledger: &Ledger) -> Result<(), Error> {
    let Some(head) = ledger.head()? else { return Ok(()) };
    let index = Index::open(&workspace.index_path())?;
    match since(ledger, index.applied(), head)? {
        Since::Nothing => Ok(()),
        Since::Files(_) if !index.is_sound() => rebuild(workspace, ledger, head),
        Since::Files(files) => {
            let loader = Loader::one_by_one(workspace, ledger)?;
            let mut writer = index.writer()?;
            for (root, path) in files {
                writer.remove_file(&known::file_key(root, &path));
                if let Some(sight) = ledger.sight_of(root, &path)? {
                    put(workspace, &loader, &mut writer, &sight)?;
                }
            }
            Ok(writer.commit(head)?)
        }
        Since::Everything => rebuild(workspace, ledger, head),
    }
}

fn rebuild(workspace: &Workspace, ledger: &Ledger, head: Head) -> Result<(), Error> {
    let index = Index::create(&workspace.index_path())?;
    let loader = Loader::all(workspace, ledger, None)?;
    let mut writer = index.writer()?;
    for sight in ledger.sights_known_by(None)? {
        put(workspace, &loader, &mut writer, &sight)?;
    }
    Ok(writer.commit(head)?)
}

fn since(ledger: &Ledger, applied: Option<Head>, head: Head) -> Result<Since, Error> {
    let Some(applied) = applied else { return Ok(Since::Everything) };
    if ledger.hash_at(applied.seq)? != Some(applied.hash) {
        return Ok(Since::Everything);
    }
    if applied == head {
        return Ok(Since::Nothing);
    }
    replay(ledger, applied.seq)
}

/// Collects the files that facts after `after` speak of. A content read or judged anew without its file being seen
/// (another judge, another catalog) may lie anywhere: then everything is indexed again.
fn replay(ledger: &Ledger, mut after: Seq) -> Result<Since, Error> {
    let mut files = BTreeSet::new();
    let (mut met, mut touched) = (HashSet::<ContentHash>::new(), HashSet::<ContentHash>::new());
    loop {
        let entries = ledger.facts_after(after, FACTS_BATCH)?;
        let Some(last) = entries.last() else { break };
        after = last.seq;
        for entry in entries {
            match entry.fact {
                Fact::Seen(seen) => {
                    if let Sight::Content { content, .. } = seen.what {
                        met.insert(content);
                    }
                    files.insert((seen.root, seen.path));
                }
                Fact::Read(read) => {
                    met.extend(read.members.iter().map(|member| member.content));
                    touched.insert(read.content);
                }
                Fact::Judged(judged) => {
                    touched.insert(judged.content);
                }
                Fact::Rooted { .. } | Fact::Decided(_) | Fact::Configured { .. } => {}
            }
        }
    }
    Ok(if touched.is_subset(&met) { Since::Files(files) } else { Since::Everything })
}

fn put(workspace: &Workspace, loader: &Loader<'_>, writer: &mut Writer<'_>, sight: &KnownSight) -> Result<(), Error> {
    for located in loader.located(workspace, sight)? {
        writer.put(&indexed(loader, &located)?)?;
    }
    Ok(())
}

fn indexed(loader: &Loader<'_>, located: &Located) -> Result<IndexedDocument, Error> {
    let document = &located.document;
    let strong = |found: &&crate::domain::judge::verdict::Match| found.strength == Strength::Strong;
    let matches = || document.verdict.iter().flat_map(|verdict| &verdict.matches).filter(strong);
    let kinds: BTreeSet<String> = matches().filter_map(|m| m.record_kind.as_ref()).map(ToString::to_string).collect();
    let criteria: BTreeSet<String> = matches().map(|found| found.criterion.to_string()).collect();
    Ok(IndexedDocument {
        key: located.key.clone(),
        file: known::file_key(located.root, &located.path),
        root: located.root.0,
        path: document.name.path.clone(),
        title: document.title.clone(),
        text: located.text.map(|text| loader.reading(text)).transpose()?.flatten().map(text_of).unwrap_or_default(),
        language: located.language,
        format: document.format.map_or("other", Format::as_str).to_owned(),
        role: document.verdict.as_ref().map_or("other", |verdict| verdict.role.as_str()).to_owned(),
        kinds: kinds.into_iter().collect(),
        criteria: criteria.into_iter().collect(),
        site: document.name.site.clone(),
        day: located.effective,
    })
}

fn text_of(reading: Reading) -> String {
    let mut text = String::new();
    for passage in reading.passages {
        text.push_str(&passage.text);
        text.push('\n');
    }
    text
}
