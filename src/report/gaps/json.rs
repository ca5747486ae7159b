//! The gap report for programs: `evidex.gaps/1`, described by `schema/output/gaps.schema.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::view::{Blocked, View};
use super::{Options, Show};
use crate::domain::assess::status::{AssessedCriterion, Assessment, Status};
use crate::domain::day::Day;
use crate::domain::entity::{Entity, Level};
use crate::domain::ids::CriterionId;
use crate::domain::judge::verdict::Role;
use crate::report::rows::{BearingRow, HeadRow, NameRow, NeedRow};
use crate::report::unreadable::{self, UnreadableRow};
use crate::report::{GENERATED_BY, VERSION, json as format};

#[derive(Serialize)]
struct GapsJson<'a> {
    schema: &'static str,
    generator: &'static str,
    version: &'static str,
    as_of: Day,
    entity: Entity,
    catalog: &'a str,
    edition: &'a str,
    head: Option<HeadRow>,
    summary: Summary,
    notices: &'a [String],
    criteria: Vec<CriterionRow<'a>>,
    check_portal: Vec<PortalRow<'a>>,
    blocked: Vec<BlockedRow<'a>>,
    unreadable: Vec<UnreadableRow<'a>>,
    unsupported: &'a BTreeMap<&'a str, usize>,
    ocr_pending: usize,
    pending: usize,
}

#[derive(Serialize)]
struct Summary {
    applicable: usize,
    gaps: usize,
    must_gaps: usize,
    #[serde(serialize_with = "format::score")]
    unverified_share: f32,
    by_status: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct CriterionRow<'a> {
    id: &'a CriterionId,
    level: Level,
    level_unverified: bool,
    status: Status,
    title: &'a str,
    category: u32,
    because: &'a str,
    have: &'a str,
    lacks: &'a str,
    next: &'a str,
    due: Option<Day>,
    needs: Vec<NeedRow<'a>>,
    blocked: Vec<BearingRow<'a>>,
}

/// A criterion of which nobody but the member's portal knows whether it applies.
#[derive(Serialize)]
struct PortalRow<'a> {
    id: &'a CriterionId,
    title: &'a str,
}

#[derive(Serialize)]
struct BlockedRow<'a> {
    #[serde(flatten)]
    name: NameRow<'a>,
    role: Role,
    why: &'a str,
    criteria: &'a [&'a CriterionId],
}

/// One JSON value.
pub fn json(assessment: &Assessment, options: Options) -> String {
    let view = View::new(assessment, options.show);
    let summary = Summary {
        applicable: view.applicable,
        gaps: view.gaps.len(),
        must_gaps: view.must_gaps,
        unverified_share: assessment.unverified_share,
        by_status: view.by_status().map(|(status, count)| (status.as_str(), count)).collect(),
    };
    format::pretty(&GapsJson {
        schema: "evidex.gaps/1",
        generator: GENERATED_BY,
        version: VERSION,
        as_of: assessment.as_of,
        entity: assessment.entity,
        catalog: &assessment.catalog,
        edition: &assessment.edition,
        head: assessment.head.map(HeadRow::from),
        summary,
        notices: &assessment.notices,
        criteria: criteria(assessment, options.show),
        check_portal: view.unknown.iter().map(|c| PortalRow { id: &c.id, title: &c.title }).collect(),
        blocked: view.blocked.values().flatten().map(BlockedRow::from).collect(),
        unreadable: unreadable::rows(&assessment.documents),
        unsupported: &view.unsupported,
        ocr_pending: view.ocr_pending,
        pending: view.pending,
    })
}

/// In the catalog's order, so that two reports can be compared line by line.
fn criteria(assessment: &Assessment, show: Show) -> Vec<CriterionRow<'_>> {
    let listed = |criterion: &&AssessedCriterion| match show {
        Show::Gaps => criterion.status.is_gap(),
        Show::All => true,
    };
    assessment.criteria.iter().filter(listed).map(CriterionRow::from).collect()
}

impl<'a> From<&'a AssessedCriterion> for CriterionRow<'a> {
    fn from(criterion: &'a AssessedCriterion) -> Self {
        Self {
            id: &criterion.id,
            level: criterion.level,
            level_unverified: criterion.level_unverified,
            status: criterion.status,
            title: &criterion.title,
            category: criterion.category,
            because: &criterion.because,
            have: &criterion.have,
            lacks: &criterion.lacks,
            next: &criterion.next,
            due: criterion.due,
            needs: criterion.needs.iter().map(NeedRow::from).collect(),
            blocked: criterion.blocked.iter().map(BearingRow::from).collect(),
        }
    }
}

impl<'a> From<&'a Blocked<'a>> for BlockedRow<'a> {
    fn from(blocked: &'a Blocked<'a>) -> Self {
        Self { name: blocked.document.into(), role: blocked.role, why: blocked.why, criteria: &blocked.criteria }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::report::gaps::Lists;
    use crate::report::look::Look;
    use crate::report::sample::sample;
    use crate::report::schemas::testing::assert_valid;

    fn report(show: Show) -> Value {
        let options = Options { show, lists: Lists::Cut, look: Look::PLAIN };
        serde_json::from_str(&json(&sample(), options)).unwrap()
    }

    #[test]
    fn follows_its_schema() {
        for show in [Show::Gaps, Show::All] {
            assert_valid("evidex.gaps/1", &report(show));
        }
        let empty = Assessment { criteria: vec![], documents: vec![], head: None, ..sample() };
        let options = Options { show: Show::All, lists: Lists::Full, look: Look::PLAIN };
        assert_valid("evidex.gaps/1", &serde_json::from_str(&json(&empty, options)).unwrap());
    }

    #[test]
    fn lists_gaps_or_all_by_the_frozen_names() {
        let rows = |show| -> Vec<String> {
            let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
            let row = |row: &Value| format!("{} {} {}", text(row, "id"), text(row, "level"), text(row, "status"));
            report(show)["criteria"].as_array().unwrap().iter().map(row).collect()
        };
        let gaps = [
            "4.2 must missing",
            "5.3 must missing",
            "5.29 should missing",
            "6.1 must procedure-only",
            "6.7 must stale",
            "9.1 must needs-review",
        ];
        assert_eq!(rows(Show::Gaps), gaps);
        let all = rows(Show::All);
        assert_eq!(all.len(), 11);
        assert!(gaps.iter().all(|gap| all.contains(&(*gap).to_owned())));
        assert!(all.contains(&"8.1 unknown unknown".to_owned()));
    }

    #[test]
    fn counts_agree_with_the_lists() {
        let report = report(Show::Gaps);
        assert_eq!(report["summary"]["gaps"], report["criteria"].as_array().unwrap().len());
        assert_eq!(report["summary"]["by_status"]["missing"], 3);
        assert_eq!(report["unreadable"].as_array().unwrap().len(), 3);
        assert_eq!(report["unsupported"], serde_json::json!({"mp4": 2, "doc": 1}));
        assert_eq!(report["blocked"][0]["criteria"], serde_json::json!(["5.3", "5.29"]));
    }
}
