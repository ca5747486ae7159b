//! What holds for every company: order does not matter, poison changes nothing, time alone never helps, and a calendar
//! moved as a whole moves nothing else.

use proptest::prelude::*;

use crate::domain::assess::status::Status;
use crate::domain::judge::verdict::{NeedKind, Role, Strength};

use super::world::{Paper, World, day, paper};

const CRITERIA: [&str; 3] = ["6.7", "9.1", "10.1"];

fn any_paper() -> impl Strategy<Value = Paper> {
    let role = prop_oneof![
        4 => Just(Role::Record),
        4 => Just(Role::Procedure),
        1 => Just(Role::Form),
        1 => Just(Role::Draft),
        1 => Just(Role::Guidance),
        1 => Just(Role::Other),
    ];
    let strength = prop_oneof![Just(Strength::Strong), Just(Strength::Weak)];
    let flags = (any::<bool>(), 0..4_u8, 0..3_u64);
    (role, 0..40_u32, -900..200_i32, 0..3_usize, strength, flags).prop_map(
        |(role, number, back, k, strength, flags)| {
            let (withdrawn, dated, look) = flags;
            let kind = if role == Role::Procedure { NeedKind::Procedure } else { NeedKind::Record };
            let on = day("2026-11-01").plus_days(back).to_string();
            let made = paper(&format!("f/{number} v{look}.docx"), role).titled("Seal control").on(&on).bears(
                CRITERIA[k],
                kind,
                strength,
            );
            let made = if withdrawn { made.withdrawn() } else { made };
            match dated {
                0 => made.by_file_time(),
                1 => made.undated(),
                _ => made,
            }
        },
    )
}

fn papers() -> impl Strategy<Value = Vec<Paper>> {
    proptest::collection::vec(any_paper(), 0..12).prop_map(|mut papers| {
        // One path, one document.
        papers.sort_by(|a, b| a.0.name.cmp(&b.0.name));
        papers.dedup_by(|a, b| a.0.name == b.0.name);
        papers
    })
}

fn statuses(world: &World) -> Vec<Status> {
    world.assess().criteria.into_iter().map(|criterion| criterion.status).collect()
}

/// How much a status claims; `needs-review` claims less than any proof and more than none.
fn claim(status: Status) -> u8 {
    match status {
        Status::Current | Status::DueSoon => 3,
        Status::RecordOnly | Status::NeedsReview => 2,
        Status::Waived | Status::NotApplicable | Status::Unknown => 1,
        Status::ProcedureOnly | Status::Stale | Status::Missing => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_gives_the_same_bytes(papers in papers(), turn in 0..12_usize) {
        let mut turned = papers.clone();
        if !turned.is_empty() {
            let middle = turn % turned.len();
            turned.rotate_left(middle);
            turned.reverse();
        }
        let text = |papers| serde_json::to_string(&World::new(papers).assess()).unwrap();
        prop_assert_eq!(text(papers), text(turned));
    }

    #[test]
    fn guidance_and_unrelated_papers_change_no_status(papers in papers()) {
        let before = statuses(&World::new(papers.clone()));
        let mut more = papers;
        for (i, role) in [Role::Guidance, Role::Other, Role::Profile, Role::OwnOutput, Role::Form].into_iter().enumerate() {
            let poison = paper(&format!("poison/{i}.docx"), role).titled("Seal control").on("2026-10-01");
            let poison = CRITERIA.iter().fold(poison, |poison, id| {
                poison.bears(id, NeedKind::Record, Strength::Strong).bears(id, NeedKind::Procedure, Strength::Strong)
            });
            more.push(poison);
        }
        prop_assert_eq!(statuses(&World::new(more)), before);
    }

    #[test]
    fn time_alone_never_improves(papers in papers(), later in 1..800_i32) {
        // Evidence dated in between would be new; leave it out.
        let now = day("2026-11-01");
        let known = |p: &Paper| {
            p.0.dates.candidates.iter().map(|c| c.day).chain(p.0.file_time).all(|day| day <= now)
        };
        let papers: Vec<Paper> = papers.into_iter().filter(known).collect();
        let before = statuses(&World::new(papers.clone()));
        let after = statuses(&World { as_of: now.plus_days(later), ..World::new(papers) });
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(claim(*after) <= claim(*before), "{before:?} became {after:?}");
        }
    }

    #[test]
    fn a_shifted_calendar_changes_no_status(papers in papers()) {
        // A series counts calendar months, whose lengths differ: it is left out by its criterion.
        let shift = |day: crate::domain::day::Day| day.plus_days(400);
        let mut shifted = papers.clone();
        for paper in &mut shifted {
            paper.0.file_time = paper.0.file_time.map(shift);
            for candidate in &mut paper.0.dates.candidates {
                candidate.day = shift(candidate.day);
            }
        }
        let without_series = |world: &World| -> Vec<Status> {
            world.assess().criteria.into_iter().filter(|c| c.id.as_str() != "10.1").map(|c| c.status).collect()
        };
        let before = World::new(papers);
        let after = World { as_of: shift(before.as_of), ..World::new(shifted) };
        // Twelve months are 365 or 366 days; days right at the edge may fall on either side.
        let edge = |p: &Paper| p.0.dates.candidates.iter().any(|c| (360..=370).contains(&day("2026-11-01").days_since(c.day)) || (330..=340).contains(&day("2026-11-01").days_since(c.day)));
        prop_assume!(!before.papers.iter().any(edge));
        prop_assert_eq!(without_series(&before), without_series(&after));
    }
}
