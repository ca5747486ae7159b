//! Whether a catalog makes sense: ids that resolve, levels that agree, needs that can be met, patterns that parse.
//!
//! Apart from reading, since an overlaid catalog is checked the same way. Finds every problem, not only the first.

use std::collections::HashSet;
use std::fmt::Display;
use std::hash::Hash;

use super::check_patterns::check_patterns;
use super::error::did_you_mean;
use super::locate::Path;
use super::types::{Catalog, Criterion, Need, RecordKind, StandsAs, Trigger};
use crate::domain::entity::Level;
use crate::domain::ids::{CriterionId, RecordKindId};
use crate::domain::judge::verdict::NeedKind;
use crate::domain::reading::Format;

/// The version of the format that this program reads.
pub(super) const SCHEMA: u32 = 1;

/// What was found so far; each with the way to its place.
#[derive(Default)]
pub(super) struct Problems(pub Vec<(Path, String)>);

impl Problems {
    pub fn add(&mut self, path: Path, message: impl Display) {
        self.0.push((path, message.to_string()));
    }
}

/// Every semantic problem of a catalog.
pub(super) fn check(catalog: &Catalog) -> Problems {
    let mut problems = Problems::default();
    if catalog.schema != SCHEMA {
        let message = format!("schema {} is not known; this program reads schema {SCHEMA}", catalog.schema);
        problems.add(Path::default().field("schema"), message);
    }
    check_duplicates(catalog, &mut problems);
    for criterion in &catalog.criteria {
        check_criterion(catalog, criterion, &mut problems);
    }
    for kind in &catalog.record_kinds {
        check_kind(catalog, kind, &mut problems);
    }
    check_clauses_and_topics(catalog, &mut problems);
    check_patterns(catalog, &mut problems);
    problems
}

fn check_duplicates(catalog: &Catalog, problems: &mut Problems) {
    duplicates("category", catalog.categories.iter().map(|c| c.id), problems);
    duplicates("criterion", catalog.criteria.iter().map(|c| &c.id), problems);
    duplicates("record_kind", catalog.record_kinds.iter().map(|k| &k.id), problems);
    duplicates("topic", catalog.topics.iter().map(|t| &t.id), problems);
    duplicates("unrelated", catalog.unrelated.iter().map(|u| &u.id), problems);
}

fn duplicates<T: Hash + Eq + Display>(section: &str, ids: impl Iterator<Item = T>, problems: &mut Problems) {
    let mut seen = HashSet::new();
    for id in ids {
        let path = Path::row(section, "id", &id, 1).field("id");
        let message = format!("`{id}` is there twice");
        if !seen.insert(id) {
            problems.add(path, message);
        }
    }
}

fn check_criterion(catalog: &Catalog, criterion: &Criterion, problems: &mut Problems) {
    let row = || Path::row("criterion", "id", &criterion.id, 0);
    if !catalog.categories.iter().any(|category| category.id == criterion.category) {
        problems.add(row().field("category"), format!("there is no category {}", criterion.category));
    }
    for (field, text) in [("title", &criterion.title), ("requirement", &criterion.requirement)] {
        if text.trim().is_empty() {
            problems.add(row().field(field), format!("`{field}` is empty"));
        }
    }
    check_levels(criterion, problems);
    if criterion.needs.is_empty() {
        problems.add(row(), format!("{} needs nothing; give it a [[criterion.need]]", criterion.id));
    }
    for (at, need) in criterion.needs.iter().enumerate() {
        check_need(catalog, criterion, (at, need), problems);
    }
}

fn check_levels(criterion: &Criterion, problems: &mut Problems) {
    let row = || Path::row("criterion", "id", &criterion.id, 0);
    if criterion.levels.is_empty() && criterion.unknown.is_empty() {
        problems.add(row().field("levels"), "no kind of member has a level");
    }
    for (entity, level) in &criterion.levels {
        if *level == Level::Unknown {
            let message = format!("the level of {entity} is not known: name it in `unknown` instead");
            problems.add(row().field("levels").field(entity.as_str()), message);
        }
    }
    for entity in &criterion.unknown {
        if criterion.levels.contains_key(entity) {
            problems.add(row().field("unknown").item(entity), format!("{entity} is both in `levels` and in `unknown`"));
        }
    }
    for entity in &criterion.unverified {
        if !criterion.levels.contains_key(entity) {
            let message = format!("{entity} is `unverified`, but has no level to be verified");
            problems.add(row().field("unverified").item(entity), message);
        }
    }
}

fn check_need(catalog: &Catalog, criterion: &Criterion, (at, need): (usize, &Need), problems: &mut Problems) {
    let row = || Path::row("criterion", "id", &criterion.id, 0).field("need").index(at);
    match need.kind {
        NeedKind::Record if need.any_of.is_empty() => {
            problems.add(row(), "a record need without record kinds in `any_of`");
        }
        NeedKind::Procedure if need.every.is_some() => {
            problems.add(row().field("every"), "a procedure is no series: `every` is for records");
        }
        NeedKind::Procedure if need.trigger == Trigger::OnEvent => {
            problems.add(row().field("trigger"), "a procedure is needed before the event: `on-event` is for records");
        }
        NeedKind::Record | NeedKind::Procedure => {}
    }
    for id in &need.any_of {
        let Some(kind) = catalog.record_kind(id) else {
            problems.add(row().field("any_of").item(id), unknown_kind(catalog, id));
            continue;
        };
        let fits = match need.kind {
            NeedKind::Record => kind.stands_as != StandsAs::Procedure,
            NeedKind::Procedure => kind.stands_as != StandsAs::Record,
        };
        if !fits {
            let message = format!("`{id}` does not stand as a {}, so it cannot meet this need", need.kind.as_str());
            problems.add(row().field("any_of").item(id), message);
        }
        if !bears_on(kind, &criterion.id) {
            let message = format!("`{id}` does not say that it proves {}", criterion.id);
            problems.add(row().field("any_of").item(id), message);
        }
    }
}

fn bears_on(kind: &RecordKind, criterion: &CriterionId) -> bool {
    kind.proves.contains(criterion) || kind.proves_if.iter().any(|further| further.criterion == *criterion)
}

fn check_kind(catalog: &Catalog, kind: &RecordKind, problems: &mut Problems) {
    let row = || Path::row("record_kind", "id", &kind.id, 0);
    let conditional = kind.proves_if.iter().map(|further| {
        let path = row().field("proves_if");
        let step = super::locate::Step::Row { key: "criterion", value: further.criterion.to_string(), nth: 0 };
        (path.then(step).field("criterion"), &further.criterion)
    });
    let proven = kind.proves.iter().map(|id| (row().field("proves").item(id), id));
    for (path, id) in proven.chain(conditional) {
        let Some(criterion) = catalog.criterion(id) else {
            problems.add(path, unknown_criterion(catalog, id));
            continue;
        };
        let named = criterion.needs.iter().any(|need| need.any_of.contains(&kind.id));
        if !named && kind.stands_as != StandsAs::Procedure {
            problems.add(path, format!("no need of {id} names `{}` in `any_of`", kind.id));
        }
    }
    for id in kind.supports.iter().filter(|id| catalog.criterion(id).is_none()) {
        problems.add(row().field("supports").item(id), unknown_criterion(catalog, id));
    }
    if kind.proves.is_empty() && kind.proves_if.is_empty() && kind.supports.is_empty() {
        problems.add(row(), format!("`{}` proves and supports no criterion", kind.id));
    }
    check_signs(kind, problems);
}

/// Whether a paper of the kind could ever be recognised.
fn check_signs(kind: &RecordKind, problems: &mut Problems) {
    let row = || Path::row("record_kind", "id", &kind.id, 0);
    if kind.titles.is_empty() && kind.columns.is_empty() && kind.clues.is_empty() {
        problems.add(row(), format!("`{}` has no titles, columns or clues to be known by", kind.id));
    }
    if !kind.columns.is_empty() && usize::from(kind.columns_min) > kind.columns.len() {
        let message = format!("`columns_min` is {}, but there are {} groups", kind.columns_min, kind.columns.len());
        problems.add(row().field("columns_min"), message);
    }
    if kind.need == 0 {
        problems.add(row().field("need"), "`need` is at least 1, else every paper would be of this kind");
    }
    for format in &kind.formats {
        if serde_json::from_value::<Format>(format.as_str().into()).is_err() {
            problems
                .add(row().field("formats").item(format), format!("`{format}` is not a format; try `image` or `pdf`"));
        }
    }
}

fn check_clauses_and_topics(catalog: &Catalog, problems: &mut Problems) {
    for clause in &catalog.clauses {
        let row = || Path::row("clause", "criterion", &clause.criterion, 0);
        if catalog.criterion(&clause.criterion).is_none() {
            problems.add(row().field("criterion"), unknown_criterion(catalog, &clause.criterion));
        }
        if clause.titles.is_empty() && clause.sections.is_empty() {
            problems.add(row(), "a clause needs `titles` or `sections`");
        }
    }
    for topic in &catalog.topics {
        let row = || Path::row("topic", "id", &topic.id, 0);
        for id in topic.criteria.iter().filter(|id| catalog.criterion(id).is_none()) {
            problems.add(row().field("criteria").item(id), unknown_criterion(catalog, id));
        }
        if topic.titles.is_empty() {
            problems.add(row(), "a topic needs `titles`");
        }
    }
    for unrelated in catalog.unrelated.iter().filter(|paper| paper.titles.is_empty() && paper.clues.is_empty()) {
        problems.add(Path::row("unrelated", "id", &unrelated.id, 0), "give it `titles` or `clues` to be known by");
    }
}

pub(super) fn unknown_criterion(catalog: &Catalog, id: &CriterionId) -> String {
    let near = did_you_mean(id.as_str(), catalog.criteria.iter().map(|criterion| criterion.id.as_str()));
    format!("there is no criterion `{id}`{near}")
}

fn unknown_kind(catalog: &Catalog, id: &RecordKindId) -> String {
    let near = did_you_mean(id.as_str(), catalog.record_kinds.iter().map(|kind| kind.id.as_str()));
    format!("there is no record kind `{id}`{near}")
}

#[cfg(test)]
mod tests {
    use crate::domain::catalog::Catalog;

    /// A small sound catalog; each test breaks one thing in it. The comments give line numbers.
    const SOUND: &str = r#"schema = 1
id = "own"
title = "Own rules"
edition = "first"
words = { log = "log|bitacora" }
[[category]] # 6
id = 1
name = "Gate"
summary = "Who comes in."
[[criterion]] # 10
id = "1.1"
category = 1
title = "Visitors"
requirement = "Log visitors."
unverified = ["us-importer"]
unknown = ["sea-carrier"]
levels = { us-importer = "must" }
[[criterion.need]] # 18
kind = "procedure"
max_age = "P12M"
[[criterion.need]] # 21
kind = "record"
any_of = ["visitor-log"]
[[record_kind]] # 24
id = "visitor-log"
name = "Visitor log"
name_es = "Bitácora de visitantes"
proves = ["1.1"]
titles = ["visitor|visita & {log} & !audit"]
columns = ["name|nombre", "in|entrada", "out|salida"]
clues = ["sign* in"]
formats = ["pdf"]
[[clause]] # 33
criterion = "1.1"
sections = ["visitor & badge"]
[[topic]] # 36
id = "gate"
titles = ["gate"]
criteria = ["1.1"]
[[unrelated]] # 40
id = "sales"
name = "Sales"
titles = ["sales visit"]
"#;

    #[test]
    fn a_sound_catalog_parses() {
        let catalog = Catalog::parse(SOUND, "own.toml").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(catalog.record_kinds[0].columns_min, 3);
    }

    #[test]
    fn every_mistake_has_its_line_and_column() {
        for (old, new, line, column, message) in [
            ("schema = 1", "schema = 2", 1, 10, "schema 2 is not known"),
            ("title = \"Own rules\"", "title = ", 3, 9, "string"),
            ("edition", "editon", 4, 1, "unknown field `editon`"),
            ("log|bitacora", "log|", 5, 22, "an alternative is empty"),
            ("log|bitacora", "log & bitacora", 5, 22, "only alternatives"),
            ("category = 1", "category = 7", 12, 12, "there is no category 7"),
            ("title = \"Visitors\"", "title = \" \"", 13, 9, "`title` is empty"),
            ("[\"us-importer\"]", "[\"air-carrier\"]", 15, 15, "air-carrier is `unverified`, but has no level"),
            ("[\"sea-carrier\"]", "[\"us-importer\"]", 16, 12, "us-importer is both in `levels` and in `unknown`"),
            ("\"must\"", "\"unknown\"", 17, 26, "name it in `unknown` instead"),
            ("\"must\"", "\"most\"", 17, 26, "unknown variant `most`"),
            ("us-importer = \"must\"", "importer = \"must\"", 17, 12, "unknown variant `importer`"),
            ("\"P12M\"", "\"P12M\"\nevery = \"P1M\"", 21, 9, "a procedure is no series"),
            ("\"P12M\"", "\"P12M\"\ntrigger = \"on-event\"", 21, 11, "needed before the event"),
            ("\"P12M\"", "\"12M\"", 20, 11, "`12M` is not a period"),
            ("\"P12M\"", "\"P12M\"\nany_of = [\"visitor-log\"]", 21, 11, "does not stand as a procedure"),
            ("[\"visitor-log\"]", "[\"visitors-log\", \"visitor-log\"]", 23, 11, "did you mean `visitor-log`?"),
            ("[\"visitor-log\"]", "[\"visitor-log\", \"Visitor\"]", 23, 10, "`Visitor` is not a record kind"),
            (
                "proves = [\"1.1\"]",
                "proves = [\"1.1\", \"1.2\"]",
                28,
                18,
                "there is no criterion `1.2`; did you mean `1.1`?",
            ),
            ("!audit", "!audit & {lgo}", 29, 46, "no word list `lgo`; did you mean `log`?"),
            ("out|salida", "out & salida", 30, 46, "only alternatives"),
            ("clues = [\"sign* in\"]", "columns_min = 4", 31, 15, "`columns_min` is 4, but there are 3 groups"),
            ("clues = [\"sign* in\"]", "need = 0", 31, 8, "`need` is at least 1"),
            ("sign* in", "si*gn in", 31, 11, "`*` may stand only at the end"),
            ("[\"pdf\"]", "[\"paper\"]", 32, 12, "`paper` is not a format"),
            ("criterion = \"1.1\"", "criterion = \"1.10\"", 34, 13, "there is no criterion `1.10`"),
            ("sections = [\"visitor & badge\"]", "", 33, 1, "a clause needs `titles` or `sections`"),
            ("criteria = [\"1.1\"]", "criteria = [\"1.1\", \"2.1\"]", 39, 20, "there is no criterion `2.1`"),
            ("titles = [\"gate\"]", "titles = []", 36, 1, "a topic needs `titles`"),
            ("titles = [\"sales visit\"]", "titles = []", 40, 1, "give it `titles` or `clues`"),
            (
                "titles = [\"sales visit\"]",
                "titles = [\"x\"]\n[[topic]]\nid = \"gate\"\ntitles = [\"y\"]\ncriteria = []",
                45,
                6,
                "`gate` is there twice",
            ),
        ] {
            assert!(SOUND.contains(old), "{old}");
            let error = Catalog::parse(&SOUND.replacen(old, new, 1), "own.toml").unwrap_err();
            let problem = &error.problems[0];
            assert!(problem.message.contains(message), "{new}\n{error}");
            assert_eq!((problem.line, problem.column), (line, column), "{new}\n{error}");
        }
    }

    #[test]
    fn all_problems_are_reported() {
        let broken = SOUND
            .replace("any_of = [\"visitor-log\"]", "any_of = []")
            .replace("criteria = [\"1.1\"]", "criteria = [\"9.9\"]")
            .replace("sales visit", "sales |");
        let error = Catalog::parse(&broken, "own.toml").unwrap_err();
        let shown = error.to_string();
        let want = [
            "own.toml:21:1: a record need without record kinds in `any_of`",
            "own.toml:28:11: no need of 1.1 names `visitor-log` in `any_of`",
            "own.toml:39:13: there is no criterion `9.9`",
            "own.toml:43:19: an alternative is empty",
        ];
        for (line, want) in shown.lines().zip(want) {
            assert!(line.starts_with(want), "{line}");
        }
        assert_eq!(error.problems.len(), want.len(), "{shown}");
    }
}
