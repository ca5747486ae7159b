//! The catalog for people: what is asked of whom, and what would prove it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::text::{count, hang, wrap};
use super::{GENERATED_BY, json as form, names, sheet};
use crate::domain::catalog::{Basis, Catalog, Criterion, Need, Scope, Trigger};
use crate::domain::day::Period;
use crate::domain::entity::{Entity, Level};
use crate::domain::ids::{CriterionId, RecordKindId};
use crate::domain::judge::verdict::NeedKind;

#[derive(Serialize)]
struct CatalogJson<'a> {
    schema: &'static str,
    generator: &'static str,
    id: &'a str,
    title: &'a str,
    edition: &'a str,
    entity: Option<Entity>,
    categories: Vec<CategoryRow<'a>>,
    criteria: Vec<CriterionRow<'a>>,
}

#[derive(Serialize)]
struct CategoryRow<'a> {
    id: u32,
    name: &'a str,
    summary: &'a str,
}

#[derive(Serialize)]
struct OneCriterionJson<'a> {
    schema: &'static str,
    generator: &'static str,
    catalog: &'a str,
    edition: &'a str,
    #[serde(flatten)]
    criterion: CriterionRow<'a>,
}

#[derive(Serialize)]
struct CriterionRow<'a> {
    id: &'a CriterionId,
    category: u32,
    title: &'a str,
    requirement: &'a str,
    evidence: &'a [String],
    /// For the entity that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<Level>,
    levels: &'a BTreeMap<Entity, Level>,
    unverified: &'a [Entity],
    unknown: &'a [Entity],
    note: Option<&'a str>,
    should_parts: Option<&'a str>,
    needs: Vec<NeedRow<'a>>,
}

#[derive(Serialize)]
struct NeedRow<'a> {
    kind: NeedKind,
    any_of: &'a [RecordKindId],
    max_age: Option<Period>,
    every: Option<Period>,
    trigger: Trigger,
    scope: Scope,
    basis: Basis,
}

/// With an entity: the criteria that concern it, with their levels.
pub fn list_table(catalog: &Catalog, entity: Option<Entity>, look: Look) -> String {
    let mut out = String::new();
    for category in &catalog.categories {
        let criteria = concerned(catalog, entity).filter(|c| c.category == category.id).collect::<Vec<_>>();
        if criteria.is_empty() {
            continue;
        }
        let title = format!("{} {}", category.id, terminal(&category.name));
        out.push_str(&format!("{}\n", look.paint(Tone::Heading, &title)));
        for criterion in criteria {
            let level = entity.map_or_else(String::new, |entity| format!("{:<8} ", level_word(criterion, entity)));
            let lead = format!("  {:<5} {level}", criterion.id.as_str());
            out.push_str(&hang(&lead, &terminal(&criterion.title), look.columns()));
        }
        out.push('\n');
    }
    let number = concerned(catalog, entity).count();
    let whose = entity.map_or_else(String::new, |entity| format!(" for {}", names::an(entity)));
    let criteria = count(number, "criterion", "criteria");
    out.push_str(&hang("", &format!("{criteria}{whose}. {}", edition(catalog)), look.columns()));
    out
}

pub fn list_json(catalog: &Catalog, entity: Option<Entity>) -> String {
    form::pretty(&CatalogJson {
        schema: "evidex.catalog/1",
        generator: GENERATED_BY,
        id: &catalog.id,
        title: &catalog.title,
        edition: &catalog.edition,
        entity,
        categories: catalog
            .categories
            .iter()
            .map(|category| CategoryRow { id: category.id, name: &category.name, summary: &category.summary })
            .collect(),
        criteria: concerned(catalog, entity).map(|criterion| row(criterion, entity)).collect(),
    })
}

pub fn list_csv(catalog: &Catalog, entity: Option<Entity>) -> String {
    let heads = ["id", "category", "title", "requirement", "level", "generator"];
    let rows = concerned(catalog, entity).map(|criterion| {
        let category = catalog.categories.iter().find(|c| c.id == criterion.category);
        [
            criterion.id.to_string(),
            category.map_or_else(String::new, |category| category.name.clone()),
            criterion.title.clone(),
            criterion.requirement.clone(),
            entity.map_or_else(String::new, |entity| level_word(criterion, entity)),
            GENERATED_BY.to_owned(),
        ]
    });
    sheet::write(heads, rows)
}

pub fn show_table(catalog: &Catalog, criterion: &Criterion, look: Look) -> String {
    let mut out = String::new();
    for line in wrap(&format!("{} {}", criterion.id, terminal(&criterion.title)), look.columns()) {
        out.push_str(&format!("{}\n", look.paint(Tone::Heading, &line)));
    }
    out.push_str(&hang("", &terminal(&criterion.requirement), look.columns()));
    for (name, text) in [("Note", &criterion.note), ("Should", &criterion.should_parts)] {
        out.extend(text.iter().map(|text| hang(&format!("  {name:<8} "), &terminal(text), look.columns())));
    }
    out.push_str(&section("Asked of", look));
    for entity in Entity::ALL {
        if criterion.level(entity) != Level::NotApplicable {
            out.push_str(&format!("  {:<15} {}\n", level_word(criterion, entity), entity.title()));
        }
    }
    out.push_str(&section("What is needed", look));
    out.extend(criterion.needs.iter().map(|need| hang("  - ", &need_words(need), look.columns())));
    if !criterion.evidence.is_empty() {
        out.push_str(&section("For example", look));
        out.extend(criterion.evidence.iter().map(|example| hang("  - ", &terminal(example), look.columns())));
    }
    out.push_str(&format!("\n{}", hang("", &edition(catalog), look.columns())));
    out
}

pub fn show_json(catalog: &Catalog, criterion: &Criterion) -> String {
    form::pretty(&OneCriterionJson {
        schema: "evidex.criterion/1",
        generator: GENERATED_BY,
        catalog: &catalog.id,
        edition: &catalog.edition,
        criterion: row(criterion, None),
    })
}

fn concerned(catalog: &Catalog, entity: Option<Entity>) -> impl Iterator<Item = &Criterion> {
    let concerns = move |criterion: &&Criterion| entity.is_none_or(|e| criterion.level(e) != Level::NotApplicable);
    catalog.criteria.iter().filter(concerns)
}

fn row(criterion: &Criterion, entity: Option<Entity>) -> CriterionRow<'_> {
    CriterionRow {
        id: &criterion.id,
        category: criterion.category,
        title: &criterion.title,
        requirement: &criterion.requirement,
        evidence: &criterion.evidence,
        level: entity.map(|entity| criterion.level(entity)),
        levels: &criterion.levels,
        unverified: &criterion.unverified,
        unknown: &criterion.unknown,
        note: criterion.note.as_deref(),
        should_parts: criterion.should_parts.as_deref(),
        needs: criterion.needs.iter().map(NeedRow::from).collect(),
    }
}

impl<'a> From<&'a Need> for NeedRow<'a> {
    fn from(need: &'a Need) -> Self {
        Self {
            kind: need.kind,
            any_of: &need.any_of,
            max_age: need.max_age,
            every: need.every,
            trigger: need.trigger,
            scope: need.scope,
            basis: need.basis,
        }
    }
}

/// `must`, or `must?` where no source confirms it.
fn level_word(criterion: &Criterion, entity: Entity) -> String {
    let doubt = if criterion.unverified.contains(&entity) { "?" } else { "" };
    format!("{}{doubt}", criterion.level(entity).as_str())
}

fn edition(catalog: &Catalog) -> String {
    format!("Catalog {} ({}).", terminal(&catalog.id), terminal(&catalog.edition))
}

fn section(title: &str, look: Look) -> String {
    format!("\n{}\n", look.paint(Tone::Heading, title))
}

fn need_words(need: &Need) -> String {
    let mut words = match need.kind {
        NeedKind::Procedure => "a written procedure".to_owned(),
        NeedKind::Record => {
            let kinds: Vec<&str> = need.any_of.iter().map(RecordKindId::as_str).collect();
            format!("a record, any of: {}", kinds.join(", "))
        }
    };
    match (need.kind, need.max_age) {
        (NeedKind::Record, Some(age)) => words.push_str(&format!("; at most {} old", period_words(age))),
        (NeedKind::Procedure, Some(age)) => words.push_str(&format!("; reviewed every {}", every_words(age))),
        (NeedKind::Record | NeedKind::Procedure, None) => {}
    }
    words.extend(need.every.map(|every| format!("; due every {}", every_words(every))));
    words.push_str(match need.trigger {
        Trigger::Always => "",
        Trigger::OnEvent => "; only when something happened",
        Trigger::IfUsed => "; only if the company uses it",
    });
    words.push_str(match need.scope {
        Scope::Company => "",
        Scope::Site => "; one for each site",
    });
    words
}

/// What follows `every`: `month`, `2 months`.
fn every_words(period: Period) -> String {
    let words = period_words(period);
    words.strip_prefix("1 ").map_or_else(|| words.clone(), str::to_owned)
}

fn period_words(period: Period) -> String {
    match period {
        Period::Days(days) => count(usize::from(days), "day", "days"),
        Period::Months(months) => count(usize::from(months), "month", "months"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::catalog;
    use crate::report::schemas::testing::assert_valid;

    #[test]
    fn follows_its_schemas() {
        for entity in [None, Some(Entity::UsImporter), Some(Entity::AirCarrier)] {
            let list = serde_json::from_str(&list_json(&catalog(), entity)).unwrap();
            assert_valid("evidex.catalog/1", &list);
        }
        let one = serde_json::from_str(&show_json(&catalog(), &catalog().criteria[1])).unwrap();
        assert_valid("evidex.criterion/1", &one);
    }

    #[test]
    fn lists_for_whom_it_concerns() {
        for (entity, line, number) in [
            (None, "  6.7   Seal audits\n", "2 criteria. Catalog"),
            (Some(Entity::UsImporter), "  6.7   must     Seal audits\n", "2 criteria for a U.S. importer."),
            (Some(Entity::RailCarrier), "  6.7   should?  Seal audits\n", "2 criteria for a rail carrier."),
            (Some(Entity::AirCarrier), "  6.7   unknown  Seal audits\n", "2 criteria for an air carrier."),
        ] {
            let list = list_table(&catalog(), entity, Look::PLAIN);
            assert!(list.contains(line) && list.contains(number), "{list}");
        }
        let none = list_table(&catalog(), Some(Entity::SeaCarrier), Look::PLAIN);
        assert!(none.starts_with("0 criteria for a sea carrier."), "{none}");
        assert_eq!(list_csv(&catalog(), None).lines().count(), 3);
    }

    #[test]
    fn shows_one_in_words() {
        insta::assert_snapshot!(show_table(&catalog(), &catalog().criteria[1], Look::PLAIN), @r#"
        6.7 Seal audits
        Somebody other than the issuer checks the seal log against the seals in stock.
          Note     once a month is customary

        Asked of
          must            U.S. importer
          should?         rail carrier
          unknown         air carrier

        What is needed
          - a record, any of: seal-log, seal-audit; at most 12 months old; due every
            month

        For example
          - a signed audit of the seal log

        Catalog ctpat-msc (CBP MSC November 2019).
        "#);
    }
}
