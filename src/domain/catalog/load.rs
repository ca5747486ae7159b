//! From text to a checked catalog, and what others ask of one.
//!
//! A [`Catalog`] made here has passed every check: its ids resolve and its patterns parse.

use std::sync::OnceLock;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::check::check;
use super::error::CatalogError;
use super::locate::{Source, of_toml};
use super::types::{Catalog, Category, Criterion, RecordKind};
use crate::domain::entity::{Entity, Level};
use crate::domain::ids::{ContentHash, CriterionId, RecordKindId};

const CTPAT_MSC: &str = include_str!("../../../schema/catalog/ctpat-msc.toml");

impl Catalog {
    /// Reads and checks a catalog; `file` is how errors name it.
    pub fn parse(text: &str, file: &str) -> Result<Self, CatalogError> {
        let source = Source::parse(text).map_err(|problems| CatalogError::new(file, problems))?;
        let catalog: Self = toml::from_str(text).map_err(|e| CatalogError::new(file, vec![of_toml(text, &e)]))?;
        let found = check(&catalog).0;
        if found.is_empty() {
            return Ok(catalog);
        }
        let problems = found.into_iter().map(|(path, message)| source.problem(&path, message)).collect();
        Err(CatalogError::new(file, problems))
    }

    /// The CTPAT Minimum Security Criteria. Its text is fixed and checked by a test, not by each run of the program.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Catalog> = OnceLock::new();
        BUILT_IN
            .get_or_init(|| toml::from_str(CTPAT_MSC).expect("the built-in catalog is fixed text, checked by a test"))
    }

    /// The built-in catalog's own text, comments and all.
    pub fn built_in_text() -> &'static str {
        CTPAT_MSC
    }

    pub fn criterion(&self, id: &CriterionId) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.id == *id)
    }

    pub fn record_kind(&self, id: &RecordKindId) -> Option<&RecordKind> {
        self.record_kinds.iter().find(|kind| kind.id == *id)
    }

    pub fn category(&self, id: u32) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == id)
    }

    /// The criteria that a paper of this kind proves without further signs; none if there is no such kind.
    pub fn proves(&self, id: &RecordKindId) -> &[CriterionId] {
        self.record_kind(id).map_or(&[], |kind| &kind.proves)
    }

    /// The criteria that concern an entity (must, should or unknown), each with its level, in the catalog's order.
    pub fn criteria_for(&self, entity: Entity) -> impl Iterator<Item = (&Criterion, Level)> {
        let with_level = move |criterion: &'_ Criterion| criterion.level(entity);
        self.criteria
            .iter()
            .map(move |criterion| (criterion, with_level(criterion)))
            .filter(|(_, level)| *level != Level::NotApplicable)
    }

    /// The share (0 to 1) of an entity's criteria whose level is unverified or unknown.
    pub fn unverified_share(&self, entity: Entity) -> f64 {
        let (mut all, mut doubtful) = (0_u32, 0_u32);
        for (criterion, level) in self.criteria_for(entity) {
            all += 1;
            doubtful += u32::from(level == Level::Unknown || criterion.unverified.contains(&entity));
        }
        if all == 0 { 0.0 } else { f64::from(doubtful) / f64::from(all) }
    }

    /// Changes with anything in the catalog.
    pub fn hash(&self) -> ContentHash {
        digest(self)
    }

    /// Changes only with what judging reads: papers must be judged anew. Levels, needs and ages are not part of it.
    pub fn judging_hash(&self) -> ContentHash {
        digest(&(&self.words, &self.record_kinds, &self.clauses, &self.topics, &self.unrelated))
    }
}

/// The hash of a value's JSON: maps are sorted and fields have a fixed order, so equal values give equal bytes.
fn digest(value: &impl Serialize) -> ContentHash {
    let bytes = serde_json::to_vec(value).expect("a catalog holds only texts, numbers and lists, which JSON can show");
    ContentHash(Sha256::digest(bytes).into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::judge::verdict::NeedKind;

    #[test]
    fn the_built_in_catalog_is_sound() {
        let catalog = Catalog::parse(CTPAT_MSC, "ctpat-msc.toml").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((catalog.categories.len(), catalog.criteria.len()), (12, 101));
        for criterion in &catalog.criteria {
            let records = criterion.needs.iter().filter(|need| need.kind == NeedKind::Record).count();
            assert_eq!(records, 1, "record needs of {}", criterion.id);
            assert!(criterion.needs.iter().all(|need| need.max_age.is_some()), "ages of {}", criterion.id);
            assert!(!criterion.evidence.is_empty(), "evidence of {}", criterion.id);
            assert!(
                catalog.clauses.iter().any(|clause| clause.criterion == criterion.id),
                "clause of {}",
                criterion.id
            );
        }
    }

    #[test]
    fn the_built_in_record_kinds_speak_two_languages() {
        let catalog = Catalog::built_in();
        let names: BTreeSet<_> = catalog.record_kinds.iter().map(|kind| &kind.name).collect();
        let spanish: BTreeSet<_> = catalog.record_kinds.iter().map(|kind| &kind.name_es).collect();
        assert_eq!((names.len(), spanish.len()), (catalog.record_kinds.len(), catalog.record_kinds.len()));
        let says =
            |list: &[String], words: &[&str]| list.iter().any(|text| words.iter().any(|word| text.contains(word)));
        let spanish_words =
            ["cion", "ento", "bitacora", "registro", "foto", "sello", "listado", "prueba", "reporte", "{log}"];
        let titled = catalog.record_kinds.iter().filter(|kind| says(&kind.titles, &spanish_words)).count();
        assert!(titled >= 60, "{titled} kinds have Spanish titles");
    }

    #[test]
    fn criteria_of_an_entity_have_levels() {
        let catalog = Catalog::built_in();
        for entity in Entity::ALL {
            let count = catalog.criteria_for(entity).count();
            assert!(count > 40, "{entity} has {count} criteria");
            assert!((0.0..=1.0).contains(&catalog.unverified_share(entity)), "{entity}");
        }
        assert!(catalog.unverified_share(Entity::SeaCarrier) > catalog.unverified_share(Entity::UsImporter));
    }

    #[test]
    fn lookups_find_by_id() {
        let catalog = Catalog::built_in();
        let kind: RecordKindId = "visitor-log".parse().unwrap();
        assert_eq!(catalog.proves(&kind).iter().map(CriterionId::as_str).collect::<Vec<_>>(), ["10.2"]);
        assert!(catalog.criterion(&"10.2".parse().unwrap()).is_some());
        assert!(catalog.criterion(&"13.1".parse().unwrap()).is_none());
        assert_eq!(catalog.category(6).map(|category| category.name.as_str()), Some("Seal Security"));
        assert!(catalog.proves(&"no-such-kind".parse().unwrap()).is_empty());
    }

    #[test]
    fn a_changed_age_needs_no_new_judging() {
        let catalog = Catalog::built_in();
        let mut changed = catalog.clone();
        changed.criteria[0].needs[0].max_age = None;
        assert_ne!(changed.hash(), catalog.hash());
        assert_eq!(changed.judging_hash(), catalog.judging_hash());
        changed.record_kinds[0].titles.push("carta".to_owned());
        assert_ne!(changed.judging_hash(), catalog.judging_hash());
    }

    #[test]
    fn the_built_in_catalog_fits_its_json_schema() {
        let schema = serde_json::from_str(include_str!("../../../schema/catalog.schema.json")).unwrap();
        let schema = jsonschema::draft202012::new(&schema).unwrap();
        let json: serde_json::Value = toml::from_str(CTPAT_MSC).unwrap();
        let problems: Vec<String> = schema.iter_errors(&json).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(problems.is_empty(), "{problems:#?}");
        for (pointer, wrong) in [
            ("/schema", serde_json::json!(2)),
            ("/criterion/0/id", "one".into()),
            ("/criterion/0/levels", serde_json::json!({ "importer": "must" })),
            ("/criterion/0/need/0/any_of", serde_json::json!([])),
            ("/record_kind/0/titles", "a title".into()),
        ] {
            let mut broken = json.clone();
            *broken.pointer_mut(pointer).unwrap() = wrong;
            assert!(!schema.is_valid(&broken), "{pointer}");
        }
    }
}
