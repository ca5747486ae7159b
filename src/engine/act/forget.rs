//! Erasing what a document says, on a person's request: its text, what was judged of it, notes about it.
//!
//! It goes by contents: the same bytes are forgotten wherever they lie, and everything that ever lay at a path with them.
//! Facts stay, and one more says who asked and why. Passes do not read a forgotten content again.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::disk::{self, StateLock};
use crate::domain::fact::{Fact, ReadOutcome, Withheld, Withholding};
use crate::domain::ids::{ContentHash, RootId, Seq};
use crate::domain::reading::Reading;
use crate::domain::relpath::RelPath;
use crate::engine::privacy::{Place, Places};
use crate::engine::publish::{self, Soundness};
use crate::engine::workspace::Workspace;
use crate::engine::{clock, judging};
use crate::ledger::{Ledger, PayloadState};
use crate::report::forget::{Forgot, Left};

use super::Error;
use super::decide::{NAME_CHARS_MAX, NOTE_CHARS_MAX, Said, within, writable};

/// Words in a row that a note shares with a text, from which it is a quotation.
const QUOTED_WORDS: usize = 5;

/// What a person wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Forget,
    /// Read it again at the next pass.
    Remember,
}

/// Forgets (or remembers) the contents of a document, named by path or by hash.
pub fn forget(workspace: &Workspace, name: &str, wish: Wish, said: &Said) -> Result<Forgot, Error> {
    let by = said.by.trim();
    if by.is_empty() {
        return Err(Error::Nameless);
    }
    within("name", by, NAME_CHARS_MAX)?;
    let reason = said.note.as_deref().map(str::trim).unwrap_or_default();
    within("reason", reason, NOTE_CHARS_MAX)?;
    let mut ledger = writable(workspace)?;
    let places = Places::gather(&ledger)?;
    let roots = roots_of(&ledger)?;
    let mut contents = named(&places, &ledger, &roots, name)?;
    if wish == Wish::Remember {
        let withheld = ledger.withheld()?;
        contents.retain(|content| withheld.get(content) == Some(&Withholding::Forgotten));
        if contents.is_empty() {
            return Err(Error::NotForgotten(name.to_owned()));
        }
    }
    let mut forgot = Forgot {
        state: workspace.state.display().to_string(),
        name: name.to_owned(),
        remembered: wish == Wish::Remember,
        contents: contents.iter().copied().collect::<BTreeSet<_>>().into_iter().collect(),
        lies_at: lies_at(&places, &roots, contents.iter()),
        erased: 0,
        same_text_at: Vec::new(),
        left: Vec::new(),
        fact: Seq(0),
    };
    record(&mut ledger, &places, &roots, (wish, by, reason), &mut forgot)?;
    clear_index(workspace, &ledger, &mut forgot)?;
    Ok(forgot)
}

/// One transaction: the facts that say so, and the erasure.
fn record(
    ledger: &mut Ledger,
    places: &Places,
    roots: &HashMap<RootId, RelPath>,
    (wish, by, reason): (Wish, &str, &str),
    forgot: &mut Forgot,
) -> Result<(), Error> {
    let contents: HashSet<ContentHash> = forgot.contents.iter().copied().collect();
    let why = match wish {
        Wish::Forget => Withholding::Forgotten,
        Wish::Remember => Withholding::Lifted,
    };
    let payload = (!reason.is_empty()).then(|| (judging::hash(reason.as_bytes()), reason.as_bytes().to_vec()));
    let hash = payload.as_ref().map(|(hash, _)| *hash);
    let fact =
        |content: &ContentHash| Fact::Withheld(Withheld { content: *content, why, by: by.to_owned(), reason: hash });
    let facts: Vec<Fact> = forgot.contents.iter().map(fact).collect();
    let mut erase = Vec::new();
    if wish == Wish::Forget {
        let found = ledger.payloads_of(&contents)?;
        forgot.same_text_at = lies_at(places, roots, found.sharers.iter());
        let notes = notes_about(ledger, &contents)?;
        erase = found.own.into_iter().chain(notes).filter(|payload| Some(*payload) != hash).collect();
    }
    let erasure = ledger.withhold(clock::now(), &facts, payload.as_slice(), &erase)?;
    forgot.erased = erasure.erased;
    forgot.fact = ledger.head()?.expect("a fact was just appended").seq;
    let still_in_log = if wish == Wish::Forget { ledger.compact()? } else { false };
    if still_in_log {
        forgot.left.push(Left::Log);
    }
    Ok(())
}

/// The index must not keep the words either; if a pass holds it, that pass does this at its end.
fn clear_index(workspace: &Workspace, ledger: &Ledger, forgot: &mut Forgot) -> Result<(), Error> {
    if forgot.remembered {
        return Ok(());
    }
    match StateLock::acquire(&workspace.state) {
        Ok(_lock) => Ok(publish::publish(workspace, ledger, Soundness::Unchecked)?),
        Err(disk::Error::Locked { .. }) => {
            forgot.left.push(Left::Index);
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

fn roots_of(ledger: &Ledger) -> Result<HashMap<RootId, RelPath>, Error> {
    Ok(ledger.roots()?.into_iter().map(|root| (root.id, root.path)).collect())
}

/// The contents that a hash or a path means, with what is inside them.
fn named(
    places: &Places,
    ledger: &Ledger,
    roots: &HashMap<RootId, RelPath>,
    name: &str,
) -> Result<HashSet<ContentHash>, Error> {
    if let Ok(content) = name.parse::<ContentHash>() {
        return if places.knows(content) {
            Ok(places.within(content))
        } else {
            Err(Error::NothingThere(name.to_owned()))
        };
    }
    let (file, inside) = name.split_once('!').map_or((name, None), |(file, inside)| (file, Some(inside)));
    let place = place_called(ledger, roots, file)?.ok_or_else(|| Error::NothingThere(name.to_owned()))?;
    let mut contents = places.files_at(&place);
    if let Some(inside) = inside {
        contents = members_called(ledger, &contents, inside)?;
    }
    let all: HashSet<ContentHash> = contents.into_iter().flat_map(|content| places.within(content)).collect();
    if all.is_empty() { Err(Error::NothingThere(name.to_owned())) } else { Ok(all) }
}

/// The file of that name: by its whole path, by its path in a root, or the only one whose path ends so.
fn place_called(ledger: &Ledger, roots: &HashMap<RootId, RelPath>, name: &str) -> Result<Option<Place>, Error> {
    let wanted = name.trim_start_matches("./");
    let absolute = std::fs::canonicalize(name).or_else(|_| std::path::absolute(name));
    let absolute = absolute.map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
    let (mut exact, mut ending) = (BTreeSet::new(), BTreeSet::new());
    for seen in ledger.sights_known_by(None)? {
        let whole = whole(roots, seen.root, &seen.path);
        let place = (seen.root, seen.path);
        if whole == absolute || whole == wanted || place.1.to_text() == wanted {
            exact.insert(place);
        } else if whole.ends_with(&format!("/{wanted}")) {
            ending.insert(place);
        }
    }
    let found = if exact.is_empty() { ending } else { exact };
    if found.len() > 1 {
        let found = found.iter().map(|(root, path)| whole(roots, *root, path)).collect();
        return Err(Error::Ambiguous { name: name.to_owned(), found });
    }
    Ok(found.into_iter().next())
}

/// Members of that name (`inner.zip!b.docx`: of a member) in any of the containers.
fn members_called(
    ledger: &Ledger,
    containers: &HashSet<ContentHash>,
    name: &str,
) -> Result<HashSet<ContentHash>, Error> {
    let mut found = HashSet::new();
    for &container in containers {
        let Some(read) = ledger.read_of(container)? else { continue };
        for member in read.members {
            if member.name == name {
                found.insert(member.content);
            } else if let Some(rest) = name.strip_prefix(&format!("{}!", member.name)) {
                found.extend(members_called(ledger, &HashSet::from([member.content]), rest)?);
            }
        }
    }
    Ok(found)
}

fn whole(roots: &HashMap<RootId, RelPath>, root: RootId, path: &RelPath) -> String {
    let root = roots.get(&root).map(RelPath::to_text).unwrap_or_default();
    format!("{}/{}", root.trim_end_matches('/'), path.to_text())
}

fn lies_at<'a>(
    places: &Places,
    roots: &HashMap<RootId, RelPath>,
    contents: impl Iterator<Item = &'a ContentHash>,
) -> Vec<String> {
    let found: BTreeSet<String> =
        contents.flat_map(|content| places.now(*content)).map(|(root, path)| whole(roots, *root, path)).collect();
    found.into_iter().collect()
}

/// Notes of decisions on these contents, and notes elsewhere that quote them.
fn notes_about(ledger: &Ledger, contents: &HashSet<ContentHash>) -> Result<Vec<ContentHash>, Error> {
    let decisions = ledger.decisions(None)?;
    let mut notes = Vec::new();
    if decisions.iter().all(|(_, _, decided)| decided.note.is_none()) {
        return Ok(notes);
    }
    let runs = runs_in(ledger, contents)?;
    for (_, _, decided) in decisions {
        let Some(note) = decided.note else { continue };
        let about_it = decided.content.is_some_and(|content| contents.contains(&content));
        let quotes_it = match ledger.payload(note)? {
            PayloadState::Present(text) => runs_of(&String::from_utf8_lossy(&text)).any(|run| runs.contains(&run)),
            PayloadState::Erased | PayloadState::Missing => false,
        };
        if about_it || quotes_it {
            notes.push(note);
        }
    }
    Ok(notes)
}

/// Every run of words in the texts of these contents, by its hash.
fn runs_in(ledger: &Ledger, contents: &HashSet<ContentHash>) -> Result<HashSet<ContentHash>, Error> {
    let mut runs = HashSet::new();
    for &content in contents {
        let Some(read) = ledger.read_of(content)? else { continue };
        let ReadOutcome::Read { text, .. } = read.outcome else { continue };
        let Some(reading) = judging::kept::<Reading>(ledger, text)? else { continue };
        for passage in &reading.passages {
            runs.extend(runs_of(&passage.text));
        }
    }
    Ok(runs)
}

fn runs_of(text: &str) -> impl Iterator<Item = ContentHash> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let runs: Vec<ContentHash> =
        words.windows(QUOTED_WORDS).map(|run| judging::hash(run.join(" ").as_bytes())).collect();
    runs.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_that_repeats_five_words_quotes() {
        let text: HashSet<_> = runs_of("She kept the yard key over the weekend.").collect();
        for (note, want) in [
            ("she said: \"kept the yard KEY over\"", true),
            ("kept the yard key", false),
            ("the key was kept over a weekend", false),
            ("", false),
        ] {
            assert_eq!(runs_of(note).any(|run| text.contains(&run)), want, "{note}");
        }
    }
}
