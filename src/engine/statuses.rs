//! Statuses before and after: what a pass, a decision or a new day changed, told to the status log with its cause.
//!
//! The statuses last assessed are kept beside the log, so that a change is found even if the program was not running, or
//! died, when it came about. Whoever tells people (journal, webhook, mail) reads the log after the last number told.

use std::collections::HashMap;

use crate::domain::entity::Entity;
use crate::domain::fact::Fact;
use crate::domain::ids::{RootId, Seq};
use crate::domain::relpath::RelPath;
use crate::domain::status_change::{Basis, Holding, News, Paper, StatusChange, changes};
use crate::ledger::Ledger;

use super::question::{self, Error, Question};
use super::workspace::Workspace;
use super::{clock, judging};

/// Facts gone through at a time.
const FACTS_BATCH: usize = 10_000;
/// Papers remembered as news; of more, as after a first pass, any one will do as a cause.
const NEWS_MAX: usize = 10_000;

/// Assesses every configured entity as of today, logs what differs from the last time, and gives the differences.
///
/// The first time of an entity logs nothing: there is nothing to compare with. `ledger` must be open for writing; it is
/// written to in one short transaction an entity, after assessing.
pub fn update(workspace: &Workspace, ledger: &mut Ledger) -> Result<Vec<StatusChange>, Error> {
    let mut found = Vec::new();
    for &entity in &workspace.config.entities {
        found.extend(update_entity(workspace, ledger, entity)?);
    }
    Ok(found)
}

fn update_entity(workspace: &Workspace, ledger: &mut Ledger, entity: Entity) -> Result<Vec<StatusChange>, Error> {
    let question = Question { entity, as_of: question::today(workspace), known_by: None };
    let assessment = question::assess(workspace, &question)?;
    let basis = Basis {
        at: clock::now(),
        as_of: question.as_of,
        seq: assessment.head.map_or(Seq(0), |head| head.seq),
        judge: workspace.judging.identity().to_owned(),
        catalog: catalog_identity(workspace),
    };
    let after = Holding::of(&assessment, basis);
    let changed = match ledger.held_statuses(entity)? {
        Some(before) => changes(&before, &after, &news(ledger, before.basis.seq)?),
        None => Vec::new(),
    };
    ledger.log_statuses(&after, &changed)?;
    Ok(changed)
}

fn catalog_identity(workspace: &Workspace) -> String {
    let rules = serde_json::to_vec(workspace.catalog()).expect("a catalog is plain values");
    judging::hash(&rules).to_string()
}

/// What facts after `after` speak of.
fn news(ledger: &Ledger, mut after: Seq) -> Result<News, Error> {
    let roots: HashMap<RootId, String> =
        ledger.roots()?.into_iter().map(|root| (root.id, root.path.to_text().into_owned())).collect();
    let mut news = News::default();
    loop {
        let entries = ledger.facts_after(after, FACTS_BATCH)?;
        let Some(last) = entries.last() else { return Ok(news) };
        after = last.seq;
        for entry in entries {
            let paper = |root: RootId, path: &RelPath| Paper {
                root: roots.get(&root).cloned().unwrap_or_default(),
                path: path.to_text().into_owned(),
            };
            match entry.fact {
                Fact::Seen(seen) if news.papers.len() < NEWS_MAX => {
                    news.papers.insert(paper(seen.root, &seen.path));
                }
                Fact::Decided(decided) => {
                    let named = decided.root.zip(decided.path.as_ref()).map(|(root, path)| paper(root, path));
                    news.decisions.push((entry.seq, decided.criterion, named));
                }
                Fact::Seen(_)
                | Fact::Rooted { .. }
                | Fact::Read(_)
                | Fact::Judged(_)
                | Fact::Configured { .. }
                | Fact::Withheld(_)
                | Fact::Salvaged(_) => {}
            }
        }
    }
}
