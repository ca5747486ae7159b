//! What decisions do, and when they stop doing it.

use crate::domain::assess::KnownDecision;
use crate::domain::assess::status::Status;
use crate::domain::fact::Decision;
use crate::domain::ids::Seq;
use crate::domain::judge::verdict::{NeedKind, Role, Strength};

use super::world::{Paper, World, day, paper};

fn general(seq: u64, criterion: &str, decision: Decision) -> KnownDecision {
    KnownDecision {
        seq: Seq(seq),
        by: "Ana".to_owned(),
        on: day("2026-10-01"),
        content: None,
        document: None,
        criterion: Some(criterion.parse().unwrap()),
        decision,
        replaces: None,
        sketch: vec![],
        note: None,
    }
}

fn of_paper(seq: u64, criterion: &str, decision: Decision, paper: &Paper) -> KnownDecision {
    KnownDecision {
        content: paper.0.content,
        document: Some(paper.0.name.clone()),
        sketch: paper.0.sketch.clone(),
        ..general(seq, criterion, decision)
    }
}

fn visitors() -> Paper {
    paper("visitors.xlsx", Role::Record).on("2026-09-30").bears("9.1", NeedKind::Record, Strength::Weak)
}

#[test]
fn decisions_on_a_criterion() {
    let until = |text: &str| Decision::Waive { until: day(text) };
    let undo = |seq, of| KnownDecision { replaces: Some(Seq(of)), ..general(seq, "9.1", Decision::Undo) };
    for (name, decisions, want) in [
        ("waived", vec![general(1, "9.1", until("2026-11-01"))], Status::Waived),
        ("waiver ended", vec![general(1, "9.1", until("2026-10-31"))], Status::Missing),
        ("not applicable", vec![general(1, "9.1", Decision::NotApplicable)], Status::NotApplicable),
        (
            "last word",
            vec![general(1, "9.1", Decision::NotApplicable), general(2, "9.1", until("2027-01-01"))],
            Status::Waived,
        ),
        ("undone", vec![general(1, "9.1", Decision::NotApplicable), undo(2, 1)], Status::Missing),
        ("nothing happened", vec![general(1, "9.1", Decision::Nil { until: day("2027-03-01") })], Status::Current),
        ("nothing happened then", vec![general(1, "9.1", Decision::Nil { until: day("2026-10-01") })], Status::Missing),
        ("another criterion", vec![general(1, "6.7", Decision::NotApplicable)], Status::Missing),
    ] {
        let world = World { decisions, ..World::new(vec![]) };
        assert_eq!(world.status("9.1"), want, "{name}");
    }
}

#[test]
fn decisions_on_a_paper() {
    let sketch: Vec<u64> = (0..64).collect();
    let first = visitors().sketched(&sketch);
    let edited = first.clone().content(9);
    let other_text = edited.clone().sketched(&[1; 64]);
    let moved = Paper(crate::domain::assess::KnownDocument {
        name: paper("gate/v.xlsx", Role::Record).0.name,
        ..first.0.clone()
    });
    let accept = || vec![of_paper(1, "9.1", Decision::Accept, &first)];
    let reject = || vec![of_paper(1, "9.1", Decision::Reject, &first)];
    let both = vec![of_paper(1, "9.1", Decision::Reject, &first), of_paper(2, "9.1", Decision::Accept, &first)];
    for (name, decisions, paper, want) in [
        ("as judged", vec![], &first, Status::NeedsReview),
        ("accepted", accept(), &first, Status::Current),
        ("rejected", reject(), &first, Status::Missing),
        ("last word", both, &first, Status::Current),
        ("accepted, moved", accept(), &moved, Status::Current),
        ("accepted, then edited", accept(), &edited, Status::NeedsReview),
        ("rejected, then edited", reject(), &edited, Status::Missing),
        ("rejected, then rewritten", reject(), &other_text, Status::NeedsReview),
    ] {
        let world = World { decisions, ..World::new(vec![paper.clone()]) };
        assert_eq!(world.status("9.1"), want, "{name}");
    }
}

#[test]
fn an_accept_lifts_a_form_and_a_paper_that_judging_passed_over() {
    let form = visitors().of_role(Role::Form);
    let unseen = paper("photo.jpg", Role::Other).on("2026-09-30");
    for paper in [form, unseen] {
        let decisions = vec![of_paper(1, "9.1", Decision::Accept, &paper)];
        let world = World { decisions, ..World::new(vec![paper]) };
        assert_eq!(world.status("9.1"), Status::Current);
    }
}

#[test]
fn a_date_holds_for_its_bytes_only() {
    let paper = visitors().bears("9.1", NeedKind::Record, Strength::Strong);
    let old = vec![of_paper(1, "9.1", Decision::Date { day: day("2024-01-01") }, &paper)];
    let world = World { decisions: old.clone(), ..World::new(vec![paper.clone()]) };
    assert_eq!(world.status("9.1"), Status::Stale);
    assert_eq!(world.assess().documents[0].effective.as_ref().unwrap().conflicts, ["the text says 2026-09-30"]);
    let world = World { decisions: old, ..World::new(vec![paper.content(9)]) };
    assert_eq!(world.status("9.1"), Status::Current);
}

#[test]
fn a_reject_casts_doubt_on_papers_like_it() {
    let log = |path: &str, content: u8| {
        let paper = paper(path, Role::Record).on("2026-09-30").bears("9.1", NeedKind::Record, Strength::Strong);
        paper.titled("Visitor log").content(content)
    };
    let (june, july) = (log("june.xlsx", 1), log("july.xlsx", 2));
    let other_kind = log("other.xlsx", 3).kind("seal-log");
    let other_title = log("badges.xlsx", 4).titled("Badge list");
    let weak = log("weak.xlsx", 5).weakly();
    let no = || of_paper(1, "9.1", Decision::Reject, &june);
    let yes = |paper| of_paper(2, "9.1", Decision::Accept, paper);
    for (name, papers, decisions, want) in [
        ("untouched", vec![&june, &july], vec![], Status::Current),
        ("itself", vec![&june], vec![no()], Status::Missing),
        ("its like", vec![&june, &july], vec![no()], Status::NeedsReview),
        ("its like, accepted", vec![&june, &july], vec![no(), yes(&july)], Status::Current),
        ("another accepted", vec![&june, &july, &weak], vec![no(), yes(&weak)], Status::Current),
        ("another kind", vec![&june, &other_kind], vec![no()], Status::Current),
        ("another title", vec![&june, &other_title], vec![no()], Status::Current),
        ("weak stays weak", vec![&june, &weak], vec![no()], Status::NeedsReview),
    ] {
        let world = World { decisions, ..World::new(papers.into_iter().cloned().collect()) };
        assert_eq!(world.status("9.1"), want, "{name}");
    }
    let world = World { decisions: vec![no()], ..World::new(vec![june, july]) };
    let need = &world.criterion("9.1").needs[0];
    assert_eq!(need.bearings[0].reasons, ["june.xlsx, much like it, was rejected by Ana on 2026-10-01"]);
}

#[test]
fn a_document_shows_what_was_said_of_it() {
    let first = visitors().sketched(&(0..64).collect::<Vec<u64>>());
    let edited = first.clone().content(9);
    let noted = |decision: KnownDecision| KnownDecision { note: Some("the old form".to_owned()), ..decision };
    let reject = || noted(of_paper(1, "9.1", Decision::Reject, &first));
    let accept = || of_paper(2, "6.7", Decision::Accept, &first);
    let owner =
        || KnownDecision { criterion: None, ..of_paper(3, "9.1", Decision::Owner { name: "Bo".into() }, &first) };
    for (paper, lines, criteria) in [
        (
            &first,
            vec![
                "9.1: rejected by Ana on 2026-10-01 (the old form)",
                "6.7: accepted by Ana on 2026-10-01",
                "owner Bo, says Ana on 2026-10-01",
            ],
            vec!["6.7"],
        ),
        (
            &edited,
            vec![
                "9.1: an earlier version was rejected by Ana on 2026-10-01 (the old form)",
                "6.7: an earlier version was accepted by Ana on 2026-10-01",
                "owner Bo, says Ana on 2026-10-01",
            ],
            vec![],
        ),
    ] {
        let world = World { decisions: vec![owner(), accept(), reject()], ..World::new(vec![paper.clone()]) };
        let document = world.assess().documents.remove(0);
        assert_eq!(document.decided, lines);
        let matches = document.verdict.unwrap().matches;
        assert_eq!(matches.iter().map(|found| found.criterion.as_str()).collect::<Vec<_>>(), criteria);
    }
}
