//! What the gap report says, chosen once for all formats: counts, order, groups.
//!
//! Counts are of criteria that apply: levels *must* and *should*, unless a person said that the criterion does not
//! apply. A criterion of unknown level is in a section of its own, counted neither as gap nor as proven.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Show;
use crate::domain::assess::status::{
    AssessedCriterion, AssessedDocument, Assessment, Bearing, DocumentName, DocumentState, NeedState, Status,
};
use crate::domain::entity::Level;
use crate::domain::ids::CriterionId;
use crate::domain::judge::verdict::{Quote, Role};
use crate::domain::reading::Unreadable;
use crate::report::names;
use crate::report::text::{inside, sentence};
use crate::report::unreadable::unsupported;

/// Every status, in the order of the summary.
pub(super) const STATUSES: [Status; 10] = [
    Status::Current,
    Status::DueSoon,
    Status::NeedsReview,
    Status::RecordOnly,
    Status::ProcedureOnly,
    Status::Stale,
    Status::Missing,
    Status::Waived,
    Status::NotApplicable,
    Status::Unknown,
];

/// Over this share of unverified levels the report opens by saying so.
const MUCH_UNVERIFIED: f32 = 0.25;

/// How many gaps the first sentence names.
const URGENT: usize = 3;

pub(super) struct View<'a> {
    pub assessment: &'a Assessment,
    pub applicable: usize,
    pub must_gaps: usize,
    /// Worst first.
    pub gaps: Vec<&'a AssessedCriterion>,
    /// The same gaps by category, the category with the worst gap first.
    pub categories: Vec<Group<'a>>,
    pub due_soon: Vec<&'a AssessedCriterion>,
    pub current: Vec<&'a AssessedCriterion>,
    pub waived: Vec<&'a AssessedCriterion>,
    pub not_applicable: Vec<&'a AssessedCriterion>,
    pub unknown: Vec<&'a AssessedCriterion>,
    pub blocked: BTreeMap<Role, Vec<Blocked<'a>>>,
    pub unreadable: BTreeMap<Unreadable, Vec<&'a AssessedDocument>>,
    /// Documents of kinds that are not read, by kind.
    pub unsupported: BTreeMap<&'a str, usize>,
    pub ocr_pending: usize,
    pub pending: usize,
    /// Then a path alone does not say which folder it lies in.
    several_roots: bool,
}

pub(super) struct Group<'a> {
    pub id: u32,
    pub name: &'a str,
    pub gaps: Vec<&'a AssessedCriterion>,
}

/// A paper that looked like proof of these criteria, and why it is none.
pub(super) struct Blocked<'a> {
    pub document: &'a DocumentName,
    pub role: Role,
    pub why: &'a str,
    pub criteria: Vec<&'a CriterionId>,
}

/// A passage worth showing under a gap, with the paper it stands in.
pub(super) struct Shown<'a> {
    pub document: &'a DocumentName,
    pub quote: &'a Quote,
}

impl<'a> View<'a> {
    /// `show` decides whether papers blocked for proven criteria are named too.
    pub(super) fn new(assessment: &'a Assessment, show: Show) -> Self {
        let of = |status: Status| assessment.criteria.iter().filter(move |c| c.status == status).collect::<Vec<_>>();
        let mut gaps: Vec<_> = assessment.criteria.iter().filter(|c| c.status.is_gap()).collect();
        gaps.sort_by(|a, b| urgency(a).cmp(&urgency(b)).then_with(|| a.id.cmp(&b.id)));
        let mut due_soon = of(Status::DueSoon);
        due_soon.sort_by_key(|c| c.due);
        let documents = &assessment.documents;
        let counted = |state: &DocumentState| documents.iter().filter(|d| d.state == *state).count();
        Self {
            assessment,
            applicable: assessment.criteria.iter().filter(|c| applies(c)).count(),
            must_gaps: gaps.iter().filter(|c| c.level == Level::Must).count(),
            categories: by_category(assessment, &gaps),
            gaps,
            due_soon,
            current: of(Status::Current),
            waived: of(Status::Waived),
            not_applicable: of(Status::NotApplicable),
            unknown: of(Status::Unknown),
            blocked: blocked(assessment, show),
            unreadable: unreadable(documents),
            unsupported: unsupported(documents),
            ocr_pending: counted(&DocumentState::OcrPending),
            pending: counted(&DocumentState::Pending),
            several_roots: documents.windows(2).any(|pair| pair[0].name.root != pair[1].name.root),
        }
    }

    /// The first sentence of every format.
    pub(super) fn opening(&self) -> String {
        let Assessment { as_of, entity, .. } = self.assessment;
        match (self.applicable, self.gaps.len()) {
            (0, _) => format!("On {as_of} no criterion of this catalog applied to {}.", names::an(*entity)),
            (all, 0) => {
                let waived = self.waived.len();
                let waived = if waived == 0 { String::new() } else { format!(", {waived} of them waived") };
                format!("On {as_of} you could prove every criterion that applies ({all}{waived}).")
            }
            (all, gaps) => {
                let urgent: Vec<String> =
                    self.gaps.iter().take(URGENT).map(|c| format!("{} {}", c.id, inside(&c.title))).collect();
                let must = self.must_gaps;
                format!(
                    "On {as_of} you could not prove {gaps} of {all} criteria ({must} must). Most urgent: {}.",
                    urgent.join(", ")
                )
            }
        }
    }

    /// What opens the report where too many levels are guesses of ours.
    pub(super) fn doubt(&self) -> Option<String> {
        let share = self.assessment.unverified_share;
        let much = share.is_finite() && share > MUCH_UNVERIFIED;
        much.then(|| {
            format!(
                "Read this first: {:.0} in 100 of the levels (must or should) for {} could not be confirmed from a \
                 source that we could read. They are marked with a question mark. Compare them with your CTPAT portal \
                 before you rely on the counts below.",
                share * 100.0,
                names::an(self.assessment.entity)
            )
        })
    }

    /// A document's path as the reader finds it: below its root, with the root if there are several. Not yet escaped.
    pub(super) fn path(&self, name: &'a DocumentName) -> Cow<'a, str> {
        if self.several_roots {
            Cow::Owned(format!("{}/{}", name.root.trim_end_matches('/'), name.path))
        } else {
            Cow::Borrowed(&name.path)
        }
    }

    /// The gaps that an unread document's name hints at: ` for 10.2, 10.4`; empty if none.
    pub(super) fn hinted(&self, document: &AssessedDocument) -> String {
        let names = |gap: &&&AssessedCriterion| {
            gap.blocked.iter().any(|bearing| bearing.document == document.name && bearing.blocked_by.is_some())
        };
        let ids: Vec<&str> = self.gaps.iter().filter(names).map(|gap| gap.id.as_str()).collect();
        if ids.is_empty() { String::new() } else { format!("; its name hints at {}", ids.join(", ")) }
    }

    pub(super) fn any_unverified(&self) -> bool {
        self.assessment.criteria.iter().any(|c| c.level_unverified)
    }

    pub(super) fn by_status(&self) -> impl Iterator<Item = (Status, usize)> + '_ {
        STATUSES.into_iter().map(|s| (s, self.assessment.criteria.iter().filter(|c| c.status == s).count()))
    }

    /// The criteria that a list shows, in the catalog's order for all, worst first for gaps.
    pub(super) fn listed(&self, show: Show) -> Vec<&'a AssessedCriterion> {
        match show {
            Show::Gaps => self.gaps.clone(),
            Show::All => self.assessment.criteria.iter().collect(),
        }
    }

    pub(super) fn category(&self, id: u32) -> &'a str {
        self.assessment.categories.iter().find(|c| c.id == id).map_or("", |c| c.name.as_str())
    }
}

/// `3 mp4`, for each kind that is not read.
pub(super) fn unsupported_words(unsupported: &BTreeMap<&str, usize>) -> Vec<String> {
    unsupported.iter().map(|(kind, count)| format!("{count} {kind}")).collect()
}

/// The passage that best says why a gap is one: of the unmet needs first, then of any, then of blocked papers.
pub(super) fn passage(criterion: &AssessedCriterion) -> Option<Shown<'_>> {
    let unmet = criterion.needs.iter().filter(|need| need.state != NeedState::Met);
    let bearings = unmet.chain(&criterion.needs).flat_map(|need| &need.bearings).chain(&criterion.blocked);
    let all = bearings.flat_map(|b| b.quotes.iter().map(|quote| Shown { document: &b.document, quote }));
    let shown: Vec<Shown<'_>> = all.filter(|shown| !shown.quote.text.trim().is_empty()).collect();
    // A passage says more than a file's name, which the reader sees anyway.
    let within = shown.iter().position(|shown| !shown.quote.place_text.is_empty());
    shown.into_iter().nth(within.unwrap_or(0))
}

/// Have, lacks and next as sentences, with the plain default where one is empty.
pub(super) fn plain(criterion: &AssessedCriterion) -> [String; 3] {
    let or = |text: &str, default: &str| sentence(if text.trim().is_empty() { default } else { text });
    [or(&criterion.have, "nothing"), or(&criterion.lacks, &criterion.because), or(&criterion.next, "look at it")]
}

fn applies(criterion: &AssessedCriterion) -> bool {
    let level = match criterion.level {
        Level::Must | Level::Should => true,
        Level::NotApplicable | Level::Unknown => false,
    };
    level && criterion.status != Status::NotApplicable && criterion.status != Status::Unknown
}

/// Smaller is worse: must before should, then how little there is.
fn urgency(criterion: &AssessedCriterion) -> (u8, u8) {
    let level = match criterion.level {
        Level::Must => 0,
        Level::Should => 1,
        Level::NotApplicable | Level::Unknown => 2,
    };
    let status = match criterion.status {
        Status::Missing => 0,
        Status::ProcedureOnly => 1,
        Status::Stale => 2,
        Status::RecordOnly => 3,
        Status::NeedsReview => 4,
        Status::DueSoon | Status::Current | Status::Waived | Status::NotApplicable | Status::Unknown => 5,
    };
    (level, status)
}

fn by_category<'a>(assessment: &'a Assessment, gaps: &[&'a AssessedCriterion]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for &gap in gaps {
        if let Some(group) = groups.iter_mut().find(|group| group.id == gap.category) {
            group.gaps.push(gap);
            continue;
        }
        let name = assessment.categories.iter().find(|c| c.id == gap.category).map_or("", |c| c.name.as_str());
        groups.push(Group { id: gap.category, name, gaps: vec![gap] });
    }
    // Stable: the gaps came worst first, so among equals the earlier criterion leads.
    groups.sort_by_key(|group| (urgency(group.gaps[0]), group.id));
    groups
}

fn blocked(assessment: &Assessment, show: Show) -> BTreeMap<Role, Vec<Blocked<'_>>> {
    // These have a list of their own.
    let unread: BTreeSet<&DocumentName> =
        unreadable(&assessment.documents).into_values().flatten().map(|d| &d.name).collect();
    let mut papers: BTreeMap<(Role, &DocumentName, &str), Vec<&CriterionId>> = BTreeMap::new();
    for criterion in &assessment.criteria {
        if show == Show::Gaps && !criterion.status.is_gap() {
            continue;
        }
        let bearings = criterion.blocked.iter().chain(criterion.needs.iter().flat_map(|need| &need.bearings));
        let counted = bearings.filter(|b| !unread.contains(&b.document));
        for (bearing, why) in counted.filter_map(|b| Some((b, b.blocked_by.as_deref()?))) {
            let Bearing { role, document, .. } = bearing;
            let criteria = papers.entry((*role, document, why)).or_default();
            if !criteria.contains(&&criterion.id) {
                criteria.push(&criterion.id);
            }
        }
    }
    let mut groups: BTreeMap<Role, Vec<Blocked<'_>>> = BTreeMap::new();
    for ((role, document, why), criteria) in papers {
        groups.entry(heading_role(role)).or_default().push(Blocked { document, role, why, criteria });
    }
    groups
}

/// Procedures and records that do not count stand under one heading.
fn heading_role(role: Role) -> Role {
    match role {
        Role::Procedure | Role::Record => Role::Record,
        Role::Form | Role::Draft | Role::Guidance | Role::Profile | Role::OwnOutput | Role::Other => role,
    }
}

fn unreadable(documents: &[AssessedDocument]) -> BTreeMap<Unreadable, Vec<&AssessedDocument>> {
    let mut groups: BTreeMap<Unreadable, Vec<&AssessedDocument>> = BTreeMap::new();
    for document in documents {
        if let DocumentState::Unreadable { reason, .. } = document.state {
            groups.entry(reason).or_default().push(document);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::sample;

    fn ids(criteria: &[&AssessedCriterion]) -> Vec<String> {
        criteria.iter().map(|c| c.id.to_string()).collect()
    }

    #[test]
    fn orders_worst_first_and_groups() {
        let assessment = sample();
        let view = View::new(&assessment, Show::Gaps);
        assert_eq!(ids(&view.gaps), ["4.2", "5.3", "6.1", "6.7", "9.1", "5.29"]);
        let categories: Vec<_> = view.categories.iter().map(|group| (group.id, ids(&group.gaps))).collect();
        let own = |ids: &[&str]| ids.iter().map(|&id| id.to_owned()).collect::<Vec<_>>();
        assert_eq!(
            categories,
            [(4, own(&["4.2"])), (5, own(&["5.3", "5.29"])), (6, own(&["6.1", "6.7"])), (9, own(&["9.1"]))]
        );
    }

    #[test]
    fn counts_only_what_applies() {
        let assessment = sample();
        let view = View::new(&assessment, Show::Gaps);
        assert_eq!((view.applicable, view.gaps.len(), view.must_gaps), (9, 6, 5));
        assert_eq!(ids(&view.unknown), ["8.1"]);
        assert_eq!(view.by_status().map(|(_, count)| count).sum::<usize>(), assessment.criteria.len());
    }

    #[test]
    fn blocked_papers_of_gaps_are_named_once() {
        let assessment = sample();
        let view = View::new(&assessment, Show::Gaps);
        let forms = &view.blocked[&Role::Form];
        assert_eq!(forms.len(), 1);
        assert_eq!(forms[0].criteria.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["5.3", "5.29"]);
        assert!(!view.blocked.contains_key(&Role::Guidance), "guidance for a proven criterion is left to `--all`");
        assert!(View::new(&assessment, Show::All).blocked.contains_key(&Role::Guidance));
    }

    #[test]
    fn opens_by_what_was_found() {
        let mut assessment = sample();
        assert_eq!(View::new(&assessment, Show::Gaps).doubt(), None);
        assessment.unverified_share = 0.26;
        assert!(View::new(&assessment, Show::Gaps).doubt().unwrap().starts_with("Read this first: 26 in 100"));
        assessment.criteria.retain(|c| !c.status.is_gap());
        assert_eq!(
            View::new(&assessment, Show::Gaps).opening(),
            "On 2026-11-01 you could prove every criterion that applies (3, 1 of them waived)."
        );
        assessment.criteria.clear();
        assert_eq!(
            View::new(&assessment, Show::Gaps).opening(),
            "On 2026-11-01 no criterion of this catalog applied to a U.S. importer."
        );
    }

    #[test]
    fn paths_name_their_root_where_there_are_several() {
        let mut assessment = sample();
        let path = |assessment: &Assessment| {
            let view = View::new(assessment, Show::Gaps);
            view.path(&assessment.documents[0].name).into_owned()
        };
        assert_eq!(path(&assessment), "Seals/seal log 2024.xlsx");
        assessment.documents[3].name.root = "/srv/branch".into();
        assert_eq!(path(&assessment), "/srv/policies/Seals/seal log 2024.xlsx");
    }

    #[test]
    fn the_passage_is_of_the_need_that_is_not_met() {
        let assessment = sample();
        let of = |id: &str| passage(assessment.criteria.iter().find(|c| c.id.as_str() == id).unwrap());
        assert!(of("6.7").unwrap().quote.text.contains("03/02/2024"));
        assert!(of("5.3").unwrap().quote.text.contains("Inspector signature"));
        assert!(of("4.2").is_none());
    }
}
