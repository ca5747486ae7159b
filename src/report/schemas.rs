//! The JSON Schemas of every JSON shape we write, embedded for whoever checks against them.
//!
//! The files under `schema/output/` are the promise; the tests of each report check what it writes against its own.

/// A schema as shipped under `schema/output/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    /// Name and version of the shape: `evidex.gaps/1`. Whole answers carry it as their `schema`, lines do not.
    pub name: &'static str,
    pub text: &'static str,
}

/// All of them, by name.
pub fn schemas() -> &'static [Schema] {
    SCHEMAS
}

static SCHEMAS: &[Schema] = &[
    Schema { name: "evidex.backup/1", text: include_str!("../../schema/output/backup.schema.json") },
    Schema { name: "evidex.catalog/1", text: include_str!("../../schema/output/catalog.schema.json") },
    Schema { name: "evidex.criterion/1", text: include_str!("../../schema/output/criterion.schema.json") },
    Schema { name: "evidex.decision/1", text: include_str!("../../schema/output/decision.schema.json") },
    Schema { name: "evidex.decisions/1", text: include_str!("../../schema/output/decisions.schema.json") },
    Schema { name: "evidex.doctor/1", text: include_str!("../../schema/output/doctor.schema.json") },
    Schema {
        name: "evidex.document-matches/1",
        text: include_str!("../../schema/output/document-matches.schema.json"),
    },
    Schema { name: "evidex.document-text/1", text: include_str!("../../schema/output/document-text.schema.json") },
    Schema { name: "evidex.document/1", text: include_str!("../../schema/output/document.schema.json") },
    Schema { name: "evidex.documents/1", text: include_str!("../../schema/output/documents.schema.json") },
    Schema { name: "evidex.duplicate-group/1", text: include_str!("../../schema/output/duplicate-group.schema.json") },
    Schema { name: "evidex.duplicates/1", text: include_str!("../../schema/output/duplicates.schema.json") },
    Schema { name: "evidex.event/1", text: include_str!("../../schema/output/event.schema.json") },
    Schema {
        name: "evidex.explain-criterion/1",
        text: include_str!("../../schema/output/explain-criterion.schema.json"),
    },
    Schema {
        name: "evidex.explain-document/1",
        text: include_str!("../../schema/output/explain-document.schema.json"),
    },
    Schema { name: "evidex.facets/1", text: include_str!("../../schema/output/facets.schema.json") },
    Schema { name: "evidex.forget/1", text: include_str!("../../schema/output/forget.schema.json") },
    Schema { name: "evidex.gaps/1", text: include_str!("../../schema/output/gaps.schema.json") },
    Schema { name: "evidex.hit/1", text: include_str!("../../schema/output/hit.schema.json") },
    Schema { name: "evidex.judge/1", text: include_str!("../../schema/output/judge.schema.json") },
    Schema { name: "evidex.matches/1", text: include_str!("../../schema/output/matches.schema.json") },
    Schema { name: "evidex.notify-test/1", text: include_str!("../../schema/output/notify-test.schema.json") },
    Schema { name: "evidex.notify/1", text: include_str!("../../schema/output/notify.schema.json") },
    Schema { name: "evidex.repair/1", text: include_str!("../../schema/output/repair.schema.json") },
    Schema { name: "evidex.restore/1", text: include_str!("../../schema/output/restore.schema.json") },
    Schema { name: "evidex.scan/1", text: include_str!("../../schema/output/scan.schema.json") },
    Schema { name: "evidex.search/1", text: include_str!("../../schema/output/search.schema.json") },
    Schema { name: "evidex.service/1", text: include_str!("../../schema/output/service.schema.json") },
    Schema { name: "evidex.status-change/1", text: include_str!("../../schema/output/status-change.schema.json") },
    Schema { name: "evidex.status-summary/1", text: include_str!("../../schema/output/status-summary.schema.json") },
    Schema { name: "evidex.status/1", text: include_str!("../../schema/output/status.schema.json") },
    Schema { name: "evidex.trial/1", text: include_str!("../../schema/output/trial.schema.json") },
    Schema {
        name: "evidex.unreadable-document/1",
        text: include_str!("../../schema/output/unreadable-document.schema.json"),
    },
    Schema { name: "evidex.unreadable/1", text: include_str!("../../schema/output/unreadable.schema.json") },
    Schema { name: "evidex.verify/1", text: include_str!("../../schema/output/verify.schema.json") },
];

/// How the tests of each shape check it against what we ship.
#[cfg(test)]
pub(super) mod testing {
    use serde_json::Value;

    use super::schemas;

    /// Asserts that `value` follows the schema of that name.
    pub(crate) fn assert_valid(name: &str, value: &Value) {
        let schema = schemas().iter().find(|schema| schema.name == name).unwrap_or_else(|| panic!("no schema {name}"));
        let schema: Value = serde_json::from_str(schema.text).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {}", errors.join("\n"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn each_is_a_schema_of_its_name() {
        for schema in schemas() {
            let value: Value = serde_json::from_str(schema.text).unwrap();
            assert_eq!(value["$schema"], "https://json-schema.org/draft/2020-12/schema");
            assert_eq!(value["$id"], format!("urn:{}", schema.name.replace('/', ":")));
            assert!(jsonschema::meta::is_valid(&value), "{}", schema.name);
        }
    }

    #[test]
    fn a_renamed_missing_or_added_field_is_caught() {
        let line = serde_json::json!({"path": "a", "root": "/r", "site": "s", "reason": "denied", "detail": "", "size": 0, "may_concern": [],
            "transient": true, "advice": "read it"});
        let schema = schemas().iter().find(|schema| schema.name == "evidex.unreadable-document/1").unwrap();
        let schema: Value = serde_json::from_str(schema.text).unwrap();
        assert!(jsonschema::is_valid(&schema, &line));
        for key in ["path", "reason", "root", "site", "advice"] {
            let mut renamed = line.clone();
            let value = renamed.as_object_mut().unwrap().remove(key).unwrap();
            assert!(!jsonschema::is_valid(&schema, &renamed), "without {key}");
            renamed[format!("{key}2")] = value;
            assert!(!jsonschema::is_valid(&schema, &renamed), "renamed {key}");
        }
        let mut strange = line;
        strange["reason"] = "no idea".into();
        assert!(!jsonschema::is_valid(&schema, &strange));
    }

    #[test]
    fn names_are_sorted_and_distinct() {
        let names: Vec<&str> = schemas().iter().map(|schema| schema.name).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    }
}
