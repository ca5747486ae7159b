//! A small company for tests: papers by chained words, one catalog of a few criteria.

use crate::domain::assess::status::{AssessedCriterion, Assessment, DocumentName, DocumentState, Status};
use crate::domain::assess::{Input, KnownDecision, KnownDocument, assess};
use crate::domain::catalog::{Catalog, DateRule, RecordKind, StandsAs};
use crate::domain::day::Day;
use crate::domain::entity::Entity;
use crate::domain::ids::{ContentHash, RecordKindId};
use crate::domain::judge::dates::PropertyDates;
use crate::domain::judge::signal::{DateCandidate, DateClass, DatePrecision, DateSignals, DateSort};
use crate::domain::judge::verdict::{Match, NeedKind, Role, Strength, Verdict};
use crate::domain::reading::{Format, Place, Unreadable};

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// 6.7 asks for both, 9.1 for a record per site, 10.1 for a monthly one; 1.1 does not apply, 4.1 is unknown.
pub fn catalog() -> Catalog {
    let text = r#"{
        "schema": 1, "id": "test", "title": "Test", "edition": "first",
        "category": [{"id": 1, "name": "All", "summary": ""}],
        "criterion": [
            {"id": "6.7", "category": 1, "title": "Seal control", "requirement": "", "levels": {"us-importer": "must"},
             "evidence": ["written seal procedure", "seal log of the last month"],
             "need": [{"kind": "procedure", "max_age": "P12M"}, {"kind": "record", "any_of": ["seal-log"], "max_age": "P12M"}]},
            {"id": "9.1", "category": 1, "title": "Visitors", "requirement": "", "levels": {"us-importer": "must"},
             "unverified": ["us-importer"],
             "need": [{"kind": "record", "scope": "site"}]},
            {"id": "10.1", "category": 1, "title": "Counts", "requirement": "", "levels": {"us-importer": "should"},
             "need": [{"kind": "record", "every": "P1M"}]},
            {"id": "1.1", "category": 1, "title": "Ships", "requirement": "", "levels": {"sea-carrier": "must"},
             "need": [{"kind": "record"}]},
            {"id": "4.1", "category": 1, "title": "Open", "requirement": "", "levels": {}, "unknown": ["us-importer"],
             "need": [{"kind": "record"}]}
        ]
    }"#;
    let mut catalog: Catalog = serde_json::from_str(text).unwrap();
    catalog.record_kinds.push(RecordKind {
        id: "seal-log".parse().unwrap(),
        name: "Seal log".to_owned(),
        name_es: "Bitácora de sellos".to_owned(),
        titles: vec![],
        proves: vec![],
        columns: vec![],
        columns_min: 3,
        clues: vec![],
        unless: vec![],
        filled: vec![],
        proves_if: vec![],
        supports: vec![],
        exclusive: false,
        stands_as: StandsAs::Record,
        formats: vec![],
        date: DateRule::Usual,
        need: 3,
    });
    catalog
}

/// A paper under construction.
#[derive(Clone, Debug)]
pub struct Paper(pub KnownDocument);

pub fn paper(path: &str, role: Role) -> Paper {
    let mut hash = [0_u8; 32];
    for (i, byte) in path.bytes().enumerate() {
        hash[i % 32] = u8::wrapping_add(hash[i % 32].rotate_left(3), byte);
    }
    Paper(KnownDocument {
        name: DocumentName { root: "/c".to_owned(), site: "Main".to_owned(), path: path.to_owned(), path_b64: None },
        content: Some(ContentHash(hash)),
        size: 1,
        format: Some(Format::Docx),
        state: DocumentState::Read,
        verdict: Some(Verdict { role, role_reasons: vec![], matches: vec![], lacks: vec![], superseded: false }),
        title: String::new(),
        dates: DateSignals::default(),
        name_date: None,
        properties: PropertyDates::default(),
        file_time: None,
        first_seen: None,
        sketch: vec![],
        is_member: false,
        pages_waiting: 0,
    })
}

impl Paper {
    fn verdict(&mut self) -> &mut Verdict {
        self.0.verdict.as_mut().unwrap()
    }

    pub fn bears(mut self, criterion: &str, role: NeedKind, strength: Strength) -> Self {
        let kind: Option<RecordKindId> =
            (role == NeedKind::Record && criterion == "6.7").then(|| "seal-log".parse().unwrap());
        self.verdict().matches.push(Match {
            sheets: vec![],
            criterion: criterion.parse().unwrap(),
            role,
            strength,
            score: 0.5,
            record_kind: kind,
            reasons: vec![],
            quotes: vec![],
        });
        self
    }

    pub fn on(mut self, text: &str) -> Self {
        self.0.file_time = None;
        self.0.dates.lines = 10;
        self.0.dates.candidates = vec![DateCandidate {
            day: day(text),
            precision: DatePrecision::Day,
            place: Place::Page(1),
            label: "Date".to_owned(),
            class: DateClass::Issue,
            sort: DateSort::Labelled,
            line: 1,
            ambiguous: false,
        }];
        self
    }

    pub fn by_file_time(mut self) -> Self {
        self.0.file_time = Some(self.0.dates.candidates[0].day);
        self.undated()
    }

    /// A container that holds others.
    pub fn archive(mut self) -> Self {
        self.0.format = Some(Format::Zip);
        self.on("2026-01-01")
    }

    pub fn member(mut self) -> Self {
        self.0.is_member = true;
        self
    }

    pub fn undated(mut self) -> Self {
        self.0.dates = DateSignals::default();
        self
    }

    pub fn rows(mut self, days: &[&str]) -> Self {
        self.0.dates.row_days = days.iter().map(|text| day(text)).collect();
        self.0.dates.dated_rows = 2;
        self
    }

    pub fn weakly(mut self) -> Self {
        self.verdict().matches.iter_mut().for_each(|found| found.strength = Strength::Weak);
        self
    }

    pub fn of_role(mut self, role: Role) -> Self {
        self.verdict().role = role;
        self
    }

    pub fn lacking(mut self, what: &str) -> Self {
        self.verdict().lacks.push(what.to_owned());
        self
    }

    pub fn withdrawn(mut self) -> Self {
        self.verdict().superseded = true;
        self
    }

    pub fn kind(mut self, kind: &str) -> Self {
        self.verdict().matches.iter_mut().for_each(|found| found.record_kind = Some(kind.parse().unwrap()));
        self
    }

    pub fn titled(mut self, title: &str) -> Self {
        title.clone_into(&mut self.0.title);
        self
    }

    pub fn content(mut self, byte: u8) -> Self {
        self.0.content = Some(ContentHash([byte; 32]));
        self
    }

    pub fn sketched(mut self, sketch: &[u64]) -> Self {
        sketch.clone_into(&mut self.0.sketch);
        let kind: RecordKindId = "seal-log".parse().unwrap();
        self.verdict().matches.iter_mut().for_each(|found| found.record_kind = Some(kind.clone()));
        self
    }

    pub fn at_site(mut self, site: &str) -> Self {
        site.clone_into(&mut self.0.name.site);
        self
    }

    pub fn unreadable(mut self) -> Self {
        self.0.state = DocumentState::Unreadable { reason: Unreadable::Encrypted, detail: String::new() };
        self
    }
}

/// A question about a company on 2026-11-01, for a U.S. importer.
pub struct World {
    pub catalog: Catalog,
    pub papers: Vec<Paper>,
    pub decisions: Vec<KnownDecision>,
    pub as_of: Day,
}

impl World {
    pub fn new(papers: Vec<Paper>) -> Self {
        Self { catalog: catalog(), papers, decisions: vec![], as_of: day("2026-11-01") }
    }

    pub fn assess(&self) -> Assessment {
        assess(&Input {
            catalog: &self.catalog,
            entity: Entity::UsImporter,
            as_of: self.as_of,
            warning_days: 30,
            documents: self.papers.iter().map(|paper| paper.0.clone()).collect(),
            decisions: self.decisions.clone(),
            head: None,
            notices: vec![],
        })
    }

    pub fn criterion(&self, id: &str) -> AssessedCriterion {
        self.assess().criteria.into_iter().find(|criterion| criterion.id.as_str() == id).unwrap()
    }

    pub fn status(&self, id: &str) -> Status {
        self.criterion(id).status
    }
}
