//! After a pass: what lies at private paths alone loses its text, and so does what has been gone for too long.

use std::collections::HashSet;

use crate::domain::fact::{Fact, Judged, ReadOutcome, Withheld, Withholding};
use crate::domain::ids::{ContentHash, InstantMs};
use crate::engine::workspace::Workspace;
use crate::engine::{clock, judging};
use crate::ledger::{self, Ledger};

use super::paths::PrivatePaths;
use super::places::Places;

/// Erases what the configuration does not allow to be kept; gives how many contents lost their text.
pub fn tidy(workspace: &Workspace, ledger: &mut Ledger) -> ledger::Result<usize> {
    let private = PrivatePaths::new(&workspace.config.private);
    let oldest = oldest_kept(workspace);
    if private.is_empty() && oldest.is_none() {
        return Ok(0);
    }
    let kept = ledger.contents_with_text()?;
    if kept.is_empty() {
        return Ok(0);
    }
    let places = Places::gather(ledger)?;
    let (mut sealed, mut expired) = (HashSet::new(), HashSet::new());
    for content in kept {
        if places.all(content, |path| private.covers(path)) {
            sealed.insert(content);
        }
        if places.gone_since(content).is_some_and(|since| oldest.is_some_and(|oldest| since < oldest)) {
            expired.insert(content);
        }
    }
    if expired.is_empty() && sealed.is_empty() {
        return Ok(0);
    }
    seal(workspace, ledger, &places, &sealed)?;
    expire(ledger, &expired)?;
    if ledger.is_hollow()? {
        ledger.compact()?;
    }
    Ok(sealed.union(&expired).count())
}

/// The instant before which a vanished document's text is not kept.
fn oldest_kept(workspace: &Workspace) -> Option<InstantMs> {
    let period = workspace.config.retention.gone_text?;
    let today = clock::day_of(clock::now(), &workspace.zone)?;
    clock::start_of(period.start_before(today), &workspace.zone)
}

/// Judged once more while the text is there, kept from then on without it.
fn seal(
    workspace: &Workspace,
    ledger: &mut Ledger,
    places: &Places,
    contents: &HashSet<ContentHash>,
) -> ledger::Result<()> {
    if contents.is_empty() {
        return Ok(());
    }
    let erase = ledger.payloads_of(contents)?.own;
    let (mut facts, mut payloads) = (Vec::new(), Vec::new());
    for &content in contents {
        let Some(read) = ledger.read_of(content)? else { continue };
        let Some((_, path)) = places.one(content) else { continue };
        if let ReadOutcome::Read { text, .. } = read.outcome
            && let Some(reading) = judging::kept(ledger, text)?
        {
            let (judgement, bytes) = workspace.judging.sealed_payload(&reading, &path.to_text());
            payloads.push((judgement, bytes));
            let judge = workspace.judging.identity().to_owned();
            facts.push(Fact::Judged(Judged { content, judge, judgement }));
        }
        facts.push(withheld(content, Withholding::Private));
    }
    ledger.withhold(clock::now(), &facts, &payloads, &erase)?;
    Ok(())
}

fn expire(ledger: &mut Ledger, contents: &HashSet<ContentHash>) -> ledger::Result<()> {
    if contents.is_empty() {
        return Ok(());
    }
    let erase = ledger.payloads_of(contents)?.own;
    let facts: Vec<Fact> = contents.iter().map(|content| withheld(*content, Withholding::Expired)).collect();
    ledger.withhold(clock::now(), &facts, &[], &erase)?;
    Ok(())
}

fn withheld(content: ContentHash, why: Withholding) -> Fact {
    Fact::Withheld(Withheld { content, why, by: String::new(), reason: None })
}
