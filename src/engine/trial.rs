//! A trial of this program on a labelled company folder, in a state folder that lasts no longer than the trial.
//!
//! FOLDER holds `company/`, `labels.jsonl`, and for statuses `gaps-YYYY-MM-DD.jsonl`: the day in that name is the day on
//! which freshness is judged, unless another is asked for.

use std::fs;
use std::path::{Path, PathBuf};

use crate::domain::day::Day;
use crate::domain::entity::Entity;
use crate::domain::trial::{Figures, Label, LabelError, Trial, Truth, parse_labels, parse_truths, score};

use super::pass::{self, Order, Watch};
use super::question::{self, Question};
use super::workspace::{self, Sought, Workspace};

const COMPANY: &str = "company";
const LABELS: &str = "labels.jsonl";

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("could not read `{path}`")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("the labels in `{path}` are wrong")]
    Label { path: PathBuf, source: LabelError },
    #[error("could not make a folder for the trial's state")]
    State(#[source] std::io::Error),
    #[error(transparent)]
    Workspace(#[from] workspace::Error),
    #[error(transparent)]
    Pass(#[from] Box<pass::Error>),
    #[error(transparent)]
    Question(#[from] Box<question::Error>),
}

/// What is tried.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub folder: PathBuf,
    pub entity: Option<Entity>,
    pub as_of: Option<Day>,
}

/// A labelled folder's files.
struct Labelled {
    labels: Vec<Label>,
    truths: Option<Vec<Truth>>,
    /// The day that the statuses are true on.
    day: Option<Day>,
}

/// Scans the company, assesses it, and scores the answer.
pub fn trial(sought: &Sought, order: &Wanted, watch: Watch<'_>) -> Result<Figures, Error> {
    let labelled = read(&order.folder, order.as_of)?;
    let state = tempfile::tempdir().map_err(Error::State)?;
    let own =
        Sought { state: Some(state.path().to_owned()), folders: vec![order.folder.join(COMPANY)], ..sought.clone() };
    let workspace = Workspace::open(&own)?;
    // Without statuses to compare, the kind of member changes nothing.
    let entity = match labelled.truths {
        Some(_) => workspace.entity(order.entity)?,
        None => order.entity.unwrap_or(Entity::UsImporter),
    };
    pass::run(&workspace, &Order::default(), watch).map_err(Box::new)?;
    let as_of = order.as_of.or(labelled.day).unwrap_or_else(|| question::today(&workspace));
    let question = Question { entity, as_of, known_by: None };
    let assessment = question::assess(&workspace, &question).map_err(Box::new)?;
    Ok(score(Trial { labels: &labelled.labels, truths: labelled.truths.as_deref(), assessment: &assessment }))
}

fn read(folder: &Path, as_of: Option<Day>) -> Result<Labelled, Error> {
    let path = folder.join(LABELS);
    let labels = parse_labels(&text(&path)?).map_err(|source| Error::Label { path, source })?;
    let Some((path, day)) = statuses(folder, as_of)? else { return Ok(Labelled { labels, truths: None, day: None }) };
    let truths = parse_truths(&text(&path)?).map_err(|source| Error::Label { path, source })?;
    Ok(Labelled { labels, truths: Some(truths), day: Some(day) })
}

fn text(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|source| Error::Read { path: path.to_owned(), source })
}

/// The file of statuses of the day asked for, else the newest.
fn statuses(folder: &Path, as_of: Option<Day>) -> Result<Option<(PathBuf, Day)>, Error> {
    let error = |source| Error::Read { path: folder.to_owned(), source };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(error)? {
        let path = entry.map_err(error)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let day = name.strip_prefix("gaps-").and_then(|rest| rest.strip_suffix(".jsonl"));
        found.extend(day.and_then(|day| day.parse().ok()).map(|day: Day| (path.clone(), day)));
    }
    found.sort_by_key(|(_, day)| (Some(*day) == as_of, *day));
    Ok(found.pop())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_statuses_of_the_day_or_the_newest() {
        let folder = tempfile::tempdir().unwrap();
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(statuses(folder.path(), None).unwrap(), None);
        for name in ["gaps-2026-03-01.jsonl", "gaps-2026-11-01.jsonl", "gaps-soon.jsonl", "labels.jsonl"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        for (asked, want) in
            [(None, "2026-11-01"), (Some("2026-03-01"), "2026-03-01"), (Some("2025-01-01"), "2026-11-01")]
        {
            let (path, found) = statuses(folder.path(), asked.map(day)).unwrap().unwrap();
            assert_eq!(found, day(want), "{asked:?}");
            assert!(path.ends_with(format!("gaps-{want}.jsonl")));
        }
    }

    #[test]
    fn a_wrong_label_is_named_by_its_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(read(folder.path(), None), Err(Error::Read { .. })));
        fs::write(folder.path().join(LABELS), "{}\n").unwrap();
        assert!(matches!(read(folder.path(), None), Err(Error::Label { path, .. }) if path.ends_with(LABELS)));
    }
}
