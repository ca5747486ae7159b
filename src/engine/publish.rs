//! Brings the index up to the ledger's head: what changed since its last commit, or everything anew.

use std::collections::{BTreeSet, HashSet};

use crate::domain::fact::{Fact, Sight, Withholding};
use crate::domain::ids::{ContentHash, RootId, Seq};
use crate::domain::relpath::RelPath;
use crate::index::{Index, Made, Writer};
use crate::ledger::{KnownSight, Ledger};

use super::question::known::{self, Loader};
use super::question::{self, Error, kept};
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

/// Whether this process has looked at every byte of the index: that costs what the index holds, so once is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Soundness {
    Unchecked,
    Checked,
}

/// True if the index was made by this very program and configuration from all that the ledger says.
pub fn is_current(workspace: &Workspace, ledger: &Ledger) -> Result<bool, Error> {
    let head = ledger.head()?;
    let Ok(index) = Index::open_to_search(&workspace.index_path()) else { return Ok(false) };
    Ok(index.made().is_some_and(|made| Some(made.head) == head && made.by == kept::maker(workspace)))
}

/// Commits to the index what the ledger says and the index does not.
pub fn publish(workspace: &Workspace, ledger: &Ledger, soundness: Soundness) -> Result<(), Error> {
    let Some(head) = ledger.head()? else { return Ok(()) };
    let made = Made { head, by: kept::maker(workspace) };
    let index = Index::open(&workspace.index_path())?;
    match since(ledger, index.made(), &made)? {
        Since::Nothing => Ok(()),
        Since::Files(_) if soundness == Soundness::Unchecked && !index.is_sound() => rebuild(workspace, ledger, made),
        Since::Files(files) => {
            let loader = Loader::one_by_one(workspace, ledger)?.over_all_roots()?;
            let mut writer = index.writer()?;
            for (root, path) in files {
                writer.remove_file(&known::file_key(root, &path));
                if let Some(sight) = ledger.sight_of(root, &path)? {
                    put(workspace, &loader, &mut writer, &sight)?;
                }
            }
            Ok(writer.commit(made)?)
        }
        Since::Everything => rebuild(workspace, ledger, made),
    }
}

/// Builds the index anew from the ledger, whatever it is like now.
pub fn anew(workspace: &Workspace, ledger: &Ledger) -> Result<(), Error> {
    if let Some(head) = ledger.head()? {
        return rebuild(workspace, ledger, Made { head, by: kept::maker(workspace) });
    }
    Index::create(&workspace.index_path())?;
    Ok(())
}

fn rebuild(workspace: &Workspace, ledger: &Ledger, made: Made) -> Result<(), Error> {
    let index = Index::create(&workspace.index_path())?;
    let loader = Loader::all(workspace, ledger, None)?.over_all_roots()?;
    let mut writer = index.writer()?;
    for sight in ledger.sights_known_by(None)? {
        put(workspace, &loader, &mut writer, &sight)?;
    }
    Ok(writer.commit(made)?)
}

fn since(ledger: &Ledger, before: Option<&Made>, now: &Made) -> Result<Since, Error> {
    let Some(Made { head, by }) = before else { return Ok(Since::Everything) };
    if *by != now.by || ledger.hash_at(head.seq)? != Some(head.hash) {
        return Ok(Since::Everything);
    }
    if *head == now.head {
        return Ok(Since::Nothing);
    }
    replay(ledger, head.seq)
}

/// Collects the files that facts after `after` speak of. A content read or judged anew without its file being seen
/// (another judge, another catalog) may lie anywhere: then everything is indexed again.
fn replay(ledger: &Ledger, mut after: Seq) -> Result<Since, Error> {
    let mut files = BTreeSet::new();
    let (mut met, mut touched) = (HashSet::<ContentHash>::new(), HashSet::<ContentHash>::new());
    let mut just_read = HashSet::<ContentHash>::new();
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
                    just_read.insert(read.content);
                }
                Fact::Judged(judged) => {
                    touched.insert(judged.content);
                }
                // Removing a document leaves its words in the index's files until they are merged. A content that
                // was withheld as it was read has never been there.
                Fact::Withheld(withheld) => {
                    if withheld.why != Withholding::Private || !just_read.remove(&withheld.content) {
                        return Ok(Since::Everything);
                    }
                }
                Fact::Rooted { .. } | Fact::Decided(_) | Fact::Configured { .. } | Fact::Salvaged(_) => {}
            }
        }
    }
    Ok(if touched.is_subset(&met) { Since::Files(files) } else { Since::Everything })
}

fn put(workspace: &Workspace, loader: &Loader<'_>, writer: &mut Writer<'_>, sight: &KnownSight) -> Result<(), Error> {
    for located in loader.located(workspace, sight)? {
        writer.put(&question::indexed(loader, &located)?)?;
    }
    Ok(())
}
