//! Pairs of document and criterion: those labelled and those predicted, brought to the same names.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::assess::status::AssessedDocument;
use crate::domain::day::Day;
use crate::domain::ids::CriterionId;
use crate::domain::judge::verdict::{NeedKind, Role, Strength};

use super::labels::{Label, LabelRole, Scope, Truth, Weight};
use super::{Ignored, Pair};

/// The labelled side.
pub(super) struct Truths<'a> {
    pub by_path: BTreeMap<&'a str, &'a Label>,
    pub criteria: BTreeSet<CriterionId>,
    /// Demanded: not those of copies.
    pub primary: BTreeSet<Pair>,
    /// Primary and secondary.
    pub all: BTreeSet<Pair>,
    pub roles: BTreeMap<Pair, BTreeSet<LabelRole>>,
}

/// The predicted side.
#[derive(Default)]
pub(super) struct Said {
    pub roles: BTreeMap<Pair, BTreeSet<LabelRole>>,
    pub dates: BTreeMap<String, Day>,
    pub ignored: Ignored,
}

impl<'a> Truths<'a> {
    pub fn of(labels: &'a [Label], truths: Option<&[Truth]>) -> Self {
        let listed = |truth: &&Truth| truth.scope == Scope::Listed;
        let labelled = || labels.iter().flat_map(|label| &label.criteria).map(|bears| bears.id.clone()).collect();
        let criteria = truths.map(|truths| truths.iter().filter(listed).map(|truth| truth.id.clone()).collect());
        let mut all = Self {
            by_path: labels.iter().map(|label| (label.path.as_str(), label)).collect(),
            criteria: criteria.unwrap_or_else(labelled),
            primary: BTreeSet::new(),
            all: BTreeSet::new(),
            roles: BTreeMap::new(),
        };
        labels.iter().filter(|label| !label.unreadable).for_each(|label| all.add(label));
        all
    }

    fn add(&mut self, label: &Label) {
        for bears in &label.criteria {
            if !self.criteria.contains(&bears.id) {
                continue;
            }
            let pair = Pair { path: label.path.clone(), criterion: bears.id.clone() };
            if bears.strength == Weight::Primary && label.duplicate_of.is_none() {
                self.primary.insert(pair.clone());
            }
            self.all.insert(pair.clone());
            self.roles.entry(pair).or_default().insert(bears.role);
        }
    }

    /// The labelled file that a document is, or that it is a member of.
    fn file_of(&self, path: &str) -> Option<&'a str> {
        let container = path.split('!').next().unwrap_or(path);
        let exact = [path, container].into_iter().find_map(|path| self.by_path.get_key_value(path));
        let inside = |file: &&str| {
            let below = path.strip_prefix(*file).is_some_and(|rest| rest.starts_with(['/', '!']));
            below || path.strip_suffix(*file).is_some_and(|before| before.ends_with('/'))
        };
        exact.map(|(file, _)| *file).or_else(|| self.by_path.keys().copied().find(inside))
    }
}

impl Said {
    pub fn of(documents: &[AssessedDocument], truths: &Truths<'_>) -> Self {
        let mut said = Self::default();
        for document in documents {
            let path = document.name.path.as_str();
            let Some(file) = truths.file_of(path) else {
                said.ignored.unknown_paths += 1;
                continue;
            };
            if let Some(date) = &document.effective
                && (!path.contains('!') || !said.dates.contains_key(file))
            {
                said.dates.insert(file.to_owned(), date.day);
            }
            said.add(document, file, truths);
        }
        said
    }

    fn add(&mut self, document: &AssessedDocument, file: &str, truths: &Truths<'_>) {
        for (criterion, role) in strong(document) {
            if truths.by_path.get(file).is_some_and(|label| label.unreadable) {
                self.ignored.unreadable_files += 1;
            } else if truths.criteria.contains(criterion) {
                let pair = Pair { path: file.to_owned(), criterion: criterion.clone() };
                self.roles.entry(pair).or_default().insert(role);
            } else {
                self.ignored.other_criteria += 1;
            }
        }
    }
}

/// What a document is said to prove: strong matches of procedures and records, each criterion and role once.
fn strong(document: &AssessedDocument) -> BTreeSet<(&CriterionId, LabelRole)> {
    let proving = document.verdict.iter().filter(|verdict| match verdict.role {
        Role::Procedure | Role::Record => true,
        Role::Form | Role::Draft | Role::Guidance | Role::Profile | Role::OwnOutput | Role::Other => false,
    });
    let matches = proving.flat_map(|verdict| &verdict.matches).filter(|found| found.strength == Strength::Strong);
    matches
        .map(|found| {
            let role = match found.role {
                NeedKind::Procedure => LabelRole::Policy,
                NeedKind::Record => LabelRole::Evidence,
            };
            (&found.criterion, role)
        })
        .collect()
}
