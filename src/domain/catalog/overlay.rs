//! A company's changes to a catalog: levels, ages, phrases, own criteria and own record kinds.
//!
//! Rows with an id that the catalog has change what they name and leave the rest; other rows are new. The outcome is
//! checked as a whole, like any catalog, and its problems point into the overlay's text.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::check::{Problems, SCHEMA, check, unknown_criterion};
use super::error::{CatalogError, did_you_mean};
use super::locate::{Path, Source, of_toml};
use super::types::{
    Catalog, Category, Clause, Criterion, DateRule, Need, ProvesIf, RecordKind, StandsAs, Topic, Unrelated,
};
use crate::domain::day::Period;
use crate::domain::entity::{Entity, Level};
use crate::domain::ids::{CriterionId, RecordKindId};
use crate::domain::judge::verdict::NeedKind;

/// An overlay as it stands in its file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OverlayFile {
    schema: u32,
    /// Its name; becomes part of the catalog's id.
    overlay: String,
    #[serde(default)]
    words: BTreeMap<String, String>,
    #[serde(default, rename = "category")]
    categories: Vec<Category>,
    #[serde(default, rename = "criterion")]
    criteria: Vec<CriterionChange>,
    #[serde(default, rename = "record_kind")]
    record_kinds: Vec<KindChange>,
    #[serde(default, rename = "clause")]
    clauses: Vec<Clause>,
    #[serde(default, rename = "topic")]
    topics: Vec<Topic>,
    #[serde(default, rename = "unrelated")]
    unrelated: Vec<Unrelated>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CriterionChange {
    id: CriterionId,
    category: Option<u32>,
    title: Option<String>,
    requirement: Option<String>,
    evidence: Option<Vec<String>>,
    note: Option<String>,
    source: Option<String>,
    #[serde(default)]
    levels: BTreeMap<Entity, Level>,
    /// New age and rhythm of the record needs.
    max_age: Option<Period>,
    every: Option<Period>,
    /// Replaces all needs.
    #[serde(rename = "need")]
    needs: Option<Vec<Need>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KindChange {
    id: RecordKindId,
    name: Option<String>,
    name_es: Option<String>,
    /// Lists that this row replaces; the others it adds to.
    #[serde(default)]
    replace: Vec<ReplacedList>,
    #[serde(default)]
    titles: Vec<String>,
    #[serde(default)]
    columns: Vec<String>,
    columns_min: Option<u8>,
    #[serde(default)]
    clues: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    filled: Vec<String>,
    #[serde(default)]
    proves: Vec<CriterionId>,
    #[serde(default)]
    proves_if: Vec<ProvesIf>,
    #[serde(default)]
    supports: Vec<CriterionId>,
    exclusive: Option<bool>,
    stands_as: Option<StandsAs>,
    formats: Option<Vec<String>>,
    date: Option<DateRule>,
    need: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ReplacedList {
    Titles,
    Columns,
    Clues,
    Unless,
    Filled,
}

impl Catalog {
    /// The catalog with an overlay's changes; `file` is how errors name the overlay.
    pub fn overlay(self, text: &str, file: &str) -> Result<Self, CatalogError> {
        let source = Source::parse(text).map_err(|problems| CatalogError::new(file, problems))?;
        let overlay: OverlayFile =
            toml::from_str(text).map_err(|e| CatalogError::new(file, vec![of_toml(text, &e)]))?;
        let mut merge = Merge { catalog: self, problems: Problems::default() };
        merge.apply(overlay);
        let Merge { catalog, mut problems } = merge;
        problems.0.extend(check(&catalog).0);
        if problems.0.is_empty() {
            return Ok(catalog);
        }
        let problems = problems.0.into_iter().map(|(path, message)| source.problem(&path, message)).collect();
        Err(CatalogError::new(file, problems))
    }
}

struct Merge {
    catalog: Catalog,
    problems: Problems,
}

impl Merge {
    fn apply(&mut self, overlay: OverlayFile) {
        if overlay.schema != SCHEMA {
            let message = format!("schema {} is not known; this program reads schema {SCHEMA}", overlay.schema);
            self.problems.add(Path::default().field("schema"), message);
        }
        self.catalog.id = format!("{}+{}", self.catalog.id, overlay.overlay);
        self.catalog.words.extend(overlay.words);
        for category in overlay.categories {
            put(&mut self.catalog.categories, category, |old, new| old.id == new.id);
        }
        for change in overlay.criteria {
            match self.catalog.criteria.iter_mut().find(|criterion| criterion.id == change.id) {
                Some(criterion) => change_criterion(criterion, change),
                None => self.new_criterion(change),
            }
        }
        for change in overlay.record_kinds {
            self.kind(change);
        }
        self.catalog.clauses.extend(overlay.clauses);
        self.topics(overlay.topics);
        for paper in overlay.unrelated {
            put(&mut self.catalog.unrelated, paper, |old, new| old.id == new.id);
        }
    }

    fn new_criterion(&mut self, change: CriterionChange) {
        let row = || Path::row("criterion", "id", &change.id, 0);
        let (Some(category), Some(title), Some(requirement), Some(needs)) =
            (change.category, change.title, change.requirement, change.needs)
        else {
            let known = unknown_criterion(&self.catalog, &change.id);
            let message =
                format!("{known}; a new one needs `category`, `title`, `requirement` and a [[criterion.need]]");
            self.problems.add(row(), message);
            return;
        };
        for (field, given) in [("max_age", change.max_age.is_some()), ("every", change.every.is_some())] {
            if given {
                let message = format!("a new criterion has its `{field}` in [[criterion.need]]");
                self.problems.add(row().field(field), message);
            }
        }
        self.catalog.criteria.push(Criterion {
            id: change.id,
            category,
            title,
            requirement,
            evidence: change.evidence.unwrap_or_default(),
            levels: change.levels,
            unverified: Vec::new(),
            unknown: Vec::new(),
            note: change.note,
            should_parts: None,
            source: change.source,
            needs,
        });
    }

    fn kind(&mut self, change: KindChange) {
        let id = change.id.clone();
        let proven: Vec<CriterionId> =
            change.proves.iter().chain(change.proves_if.iter().map(|further| &further.criterion)).cloned().collect();
        if let Some(kind) = self.catalog.record_kinds.iter_mut().find(|kind| kind.id == id) {
            change_kind(kind, change);
        } else if let Some(name) = change.name.clone() {
            let mut kind = blank_kind(id.clone(), name);
            change_kind(&mut kind, change);
            self.catalog.record_kinds.push(kind);
        } else {
            let near = did_you_mean(id.as_str(), self.catalog.record_kinds.iter().map(|kind| kind.id.as_str()));
            let message = format!("there is no record kind `{id}`{near}; a new one needs a `name`");
            self.problems.add(Path::row("record_kind", "id", &id, 0), message);
            return;
        }
        self.meet_needs(&id, &proven);
    }

    /// Names a kind in the record needs of what it now proves, so that the user need not say it twice.
    fn meet_needs(&mut self, id: &RecordKindId, proven: &[CriterionId]) {
        let stands_as = self.catalog.record_kind(id).map_or(StandsAs::Record, |kind| kind.stands_as);
        let meets = |need: &Need| match need.kind {
            NeedKind::Record => stands_as != StandsAs::Procedure,
            NeedKind::Procedure => false,
        };
        for criterion in self.catalog.criteria.iter_mut().filter(|criterion| proven.contains(&criterion.id)) {
            for need in criterion.needs.iter_mut().filter(|need| meets(need) && !need.any_of.contains(id)) {
                need.any_of.push(id.clone());
            }
        }
    }

    fn topics(&mut self, topics: Vec<Topic>) {
        for topic in topics {
            match self.catalog.topics.iter_mut().find(|known| known.id == topic.id) {
                Some(known) => {
                    known.titles.extend(topic.titles);
                    known.criteria.extend(topic.criteria);
                }
                None => self.catalog.topics.push(topic),
            }
        }
    }
}

fn put<T>(list: &mut Vec<T>, new: T, same: impl Fn(&T, &T) -> bool) {
    match list.iter_mut().find(|old| same(old, &new)) {
        Some(old) => *old = new,
        None => list.push(new),
    }
}

fn set<T>(field: &mut T, change: Option<T>) {
    if let Some(value) = change {
        *field = value;
    }
}

fn change_criterion(criterion: &mut Criterion, change: CriterionChange) {
    set(&mut criterion.category, change.category);
    set(&mut criterion.title, change.title);
    set(&mut criterion.requirement, change.requirement);
    set(&mut criterion.evidence, change.evidence);
    set(&mut criterion.needs, change.needs);
    set(&mut criterion.note, change.note.map(Some));
    set(&mut criterion.source, change.source.map(Some));
    for (entity, level) in change.levels {
        // The company knows its level from its portal: no doubt is left.
        criterion.unknown.retain(|doubtful| *doubtful != entity);
        criterion.unverified.retain(|doubtful| *doubtful != entity);
        criterion.levels.insert(entity, level);
    }
    for need in criterion.needs.iter_mut().filter(|need| need.kind == NeedKind::Record) {
        set(&mut need.max_age, change.max_age.map(Some));
        set(&mut need.every, change.every.map(Some));
    }
}

fn change_kind(kind: &mut RecordKind, change: KindChange) {
    set(&mut kind.name, change.name);
    set(&mut kind.name_es, change.name_es);
    for (which, list, additions) in [
        (ReplacedList::Titles, &mut kind.titles, change.titles),
        (ReplacedList::Columns, &mut kind.columns, change.columns),
        (ReplacedList::Clues, &mut kind.clues, change.clues),
        (ReplacedList::Unless, &mut kind.unless, change.unless),
        (ReplacedList::Filled, &mut kind.filled, change.filled),
    ] {
        if change.replace.contains(&which) {
            list.clear();
        }
        list.extend(additions);
    }
    for (list, additions) in [(&mut kind.proves, change.proves), (&mut kind.supports, change.supports)] {
        for id in additions {
            if !list.contains(&id) {
                list.push(id);
            }
        }
    }
    kind.proves_if.extend(change.proves_if);
    set(&mut kind.columns_min, change.columns_min);
    set(&mut kind.exclusive, change.exclusive);
    set(&mut kind.stands_as, change.stands_as);
    set(&mut kind.formats, change.formats);
    set(&mut kind.date, change.date);
    set(&mut kind.need, change.need);
}

fn blank_kind(id: RecordKindId, name: String) -> RecordKind {
    RecordKind {
        id,
        name_es: name.clone(),
        name,
        titles: Vec::new(),
        columns: Vec::new(),
        columns_min: 3,
        clues: Vec::new(),
        unless: Vec::new(),
        filled: Vec::new(),
        proves: Vec::new(),
        proves_if: Vec::new(),
        supports: Vec::new(),
        exclusive: false,
        stands_as: StandsAs::Record,
        formats: Vec::new(),
        date: DateRule::Usual,
        need: 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::Trigger;

    fn overlaid(body: &str) -> Result<Catalog, CatalogError> {
        let text = format!("schema = 1\noverlay = \"acme\"\n{body}");
        Catalog::built_in().clone().overlay(&text, "acme.toml")
    }

    fn criterion(catalog: &Catalog, id: &str) -> Criterion {
        catalog.criterion(&id.parse().unwrap()).unwrap().clone()
    }

    fn kind(catalog: &Catalog, id: &str) -> RecordKind {
        catalog.record_kind(&id.parse().unwrap()).unwrap().clone()
    }

    #[test]
    fn an_empty_overlay_changes_only_the_id() {
        let mut catalog = overlaid("").unwrap();
        assert_eq!(catalog.id, "ctpat-msc+acme");
        catalog.id = Catalog::built_in().id.clone();
        assert_eq!(catalog, *Catalog::built_in());
    }

    #[test]
    fn a_level_said_by_the_company_leaves_no_doubt() {
        let catalog = overlaid("[[criterion]]\nid = \"5.5\"\nlevels = { sea-carrier = \"not-applicable\" }\n").unwrap();
        assert_eq!(criterion(Catalog::built_in(), "5.5").level(Entity::SeaCarrier), Level::Unknown);
        assert_eq!(criterion(&catalog, "5.5").level(Entity::SeaCarrier), Level::NotApplicable);
        assert_eq!(criterion(&catalog, "5.5").level(Entity::AirCarrier), Level::Unknown);
    }

    #[test]
    fn ages_and_rhythms_reach_the_record_need_only() {
        let catalog = overlaid("[[criterion]]\nid = \"6.1\"\nmax_age = \"P1M\"\nevery = \"P1M\"\n").unwrap();
        let ages: Vec<_> =
            criterion(&catalog, "6.1").needs.iter().map(|need| (need.kind, need.max_age, need.every)).collect();
        let (month, year) = (Some(Period::Months(1)), Some(Period::Months(12)));
        assert_eq!(ages, [(NeedKind::Procedure, year, None), (NeedKind::Record, month, month)]);
    }

    #[test]
    fn phrases_are_added_or_replaced() {
        let base = kind(Catalog::built_in(), "visitor-log");
        let added = overlaid("[[record_kind]]\nid = \"visitor-log\"\ntitles = [\"libro azul\"]\n").unwrap();
        assert_eq!(kind(&added, "visitor-log").titles.len(), base.titles.len() + 1);
        let replaced =
            overlaid("[[record_kind]]\nid = \"visitor-log\"\nreplace = [\"titles\"]\ntitles = [\"libro azul\"]\n")
                .unwrap();
        assert_eq!(kind(&replaced, "visitor-log").titles, ["libro azul"]);
        assert_eq!(kind(&replaced, "visitor-log").columns, base.columns);
    }

    #[test]
    fn a_company_adds_its_own_criterion_and_kind() {
        let body = "[[category]]\nid = 90\nname = \"Own rules\"\nsummary = \"Ours.\"\n\
            [[criterion]]\nid = \"X.1\"\ncategory = 90\ntitle = \"Drone watch\"\nrequirement = \"Watch for drones.\"\n\
            levels = { us-importer = \"must\" }\n\
            [[criterion.need]]\nkind = \"record\"\nany_of = [\"drone-log\"]\nmax_age = \"P6M\"\ntrigger = \"if-used\"\n\
            [[record_kind]]\nid = \"drone-log\"\nname = \"Drone log\"\n\
            titles = [\"drone & {log}\"]\nproves = [\"X.1\", \"9.1\"]\n";
        let catalog = overlaid(body).unwrap();
        let own = criterion(&catalog, "X.1");
        assert_eq!((own.level(Entity::UsImporter), own.needs[0].trigger), (Level::Must, Trigger::IfUsed));
        let named =
            |id: &str| criterion(&catalog, id).needs.iter().any(|n| n.any_of.iter().any(|k| k.as_str() == "drone-log"));
        assert!(named("X.1") && named("9.1") && !named("9.2"));
        assert_eq!(kind(&catalog, "drone-log").name_es, "Drone log");
    }

    #[test]
    fn topics_and_word_lists_grow() {
        let body = "[words]\nlog = \"log\"\n[[topic]]\nid = \"seals\"\ntitles = [\"marchamo\"]\ncriteria = [\"7.5\"]\n";
        let catalog = overlaid(body).unwrap();
        assert_eq!(catalog.words["log"], "log");
        let topic = |catalog: &Catalog| catalog.topics.iter().find(|topic| topic.id == "seals").unwrap().titles.len();
        assert_eq!(topic(&catalog), topic(Catalog::built_in()) + 1);
    }

    #[test]
    fn the_examples_of_the_documentation_work() {
        let text = include_str!("../../../docs/catalog.md");
        let blocks: Vec<&str> = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        let with = |words: &str| blocks.iter().find(|block| block.contains(words)).unwrap();
        let catalog = Catalog::built_in().clone().overlay(with("overlay = \"acme\""), "docs").unwrap();
        assert_eq!(criterion(&catalog, "5.5").level(Entity::SeaCarrier), Level::Must);
        assert!(overlaid(with("drone-log")).unwrap().criterion(&"X.1".parse().unwrap()).is_some());
    }

    #[test]
    fn mistakes_point_into_the_overlay() {
        for (body, line, column, message) in [
            (
                "[[criterion]]\nid = \"6.77\"\nmax_age = \"P1M\"\n",
                3,
                1,
                "there is no criterion `6.77`; did you mean `6.7`?",
            ),
            ("[[criterion]]\nid = \"6.7\"\nmax_age = \"1M\"\n", 5, 11, "`1M` is not a period"),
            ("[[criterion]]\nid = \"6.7\"\nlevles = {}\n", 5, 1, "unknown field `levles`"),
            ("[[record_kind]]\nid = \"x\"\n", 3, 1, "there is no record kind `x`; a new one needs a `name`"),
            ("[[record_kind]]\nid = \"seal-log\"\ntitles = [\"a\", \"b||c\"]\n", 5, 19, "an alternative is empty"),
            ("[[record_kind]]\nid = \"seal-log\"\nproves = [\"1.1\", \"1.9\"]\n", 5, 18, "there is no criterion `1.9`"),
            ("[[record_kind]]\nid = \"seal-log\"\ntitles = [\"{sael} log\"]\n", 5, 12, "did you mean `seal`?"),
            ("[[topic]]\nid = \"seals\"\ntitles = []\ncriteria = [\"6.99\"]\n", 6, 13, "there is no criterion `6.99`"),
            ("[words]\nseal = \"a|\"\n", 4, 11, "an alternative is empty"),
        ] {
            let error = overlaid(body).unwrap_err();
            let problem = &error.problems[0];
            assert!(problem.message.contains(message), "{body}\n{error}");
            assert_eq!((problem.line, problem.column), (line, column), "{body}\n{error}");
            assert_eq!(error.problems.len(), 1, "{error}");
        }
    }
}
