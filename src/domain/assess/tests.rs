//! What assessing must hold, as tables and as properties over small made-up companies.

mod decided;
mod properties;
mod world;

use crate::domain::assess::status::Status;
use crate::domain::judge::verdict::{NeedKind, Role, Strength};

use NeedKind::{Procedure, Record};
use world::{World, paper};

#[test]
fn statuses_by_what_is_there() {
    let procedure =
        || paper("Seals/SOP-12.docx", Role::Procedure).on("2026-01-14").bears("6.7", Procedure, Strength::Strong);
    let log = |day| paper("Seals/log.xlsx", Role::Record).on(day).bears("6.7", Record, Strength::Strong);
    for (name, papers, want) in [
        ("both", vec![procedure(), log("2026-09-30")], Status::Current),
        ("both, log near its end", vec![procedure(), log("2025-11-20")], Status::DueSoon),
        ("last fresh day", vec![procedure(), log("2025-11-01")], Status::DueSoon),
        ("one day too old", vec![procedure(), log("2025-10-31")], Status::Stale),
        ("record alone", vec![log("2026-09-30")], Status::RecordOnly),
        ("procedure alone", vec![procedure()], Status::ProcedureOnly),
        ("old record alone", vec![log("2024-09-30")], Status::Stale),
        ("weak procedure", vec![procedure().weakly(), log("2026-09-30")], Status::NeedsReview),
        ("weak record", vec![procedure(), log("2026-09-30").weakly()], Status::NeedsReview),
        ("weak procedure alone", vec![procedure().weakly()], Status::NeedsReview),
        ("nothing", vec![], Status::Missing),
        ("record of tomorrow", vec![procedure(), log("2026-11-02")], Status::ProcedureOnly),
        ("procedure of tomorrow", vec![procedure().on("2026-12-01"), log("2026-09-30")], Status::RecordOnly),
        ("record by file time only", vec![procedure(), log("2026-09-30").by_file_time()], Status::NeedsReview),
        (
            "old record, and what may be a newer one",
            vec![
                procedure(),
                log("2024-09-30"),
                paper("note.docx", Role::Record).on("2026-09-30").bears("6.7", Record, Strength::Weak),
            ],
            Status::Stale,
        ),
        ("undated record", vec![procedure(), log("2026-09-30").undated()], Status::NeedsReview),
        ("blank form", vec![procedure(), log("2026-09-30").of_role(Role::Form)], Status::ProcedureOnly),
        ("draft procedure", vec![procedure().of_role(Role::Draft), log("2026-09-30")], Status::RecordOnly),
        ("withdrawn procedure", vec![procedure().withdrawn(), log("2026-09-30")], Status::RecordOnly),
        ("archived record", vec![procedure(), log("2026-09-30").withdrawn()], Status::Current),
        (
            "guidance",
            vec![procedure().of_role(Role::Guidance), log("2026-09-30").of_role(Role::Guidance)],
            Status::Missing,
        ),
        ("unreadable", vec![procedure(), log("2026-09-30").unreadable()], Status::ProcedureOnly),
    ] {
        let world = World::new(papers);
        assert_eq!(world.status("6.7"), want, "{name}");
    }
}

#[test]
fn criteria_outside_the_table() {
    let world = World::new(vec![]);
    for (id, want) in [("1.1", Status::NotApplicable), ("4.1", Status::Unknown), ("9.1", Status::Missing)] {
        assert_eq!(world.status(id), want, "{id}");
    }
    let share = world.assess().unverified_share;
    assert!((share - 1.0 / 3.0).abs() < 1e-6, "one of 6.7, 9.1, 10.1 is unverified: {share}");
}

#[test]
fn a_criterion_without_procedure_need() {
    let record = paper("visitors.xlsx", Role::Record).on("2026-10-01").bears("9.1", Record, Strength::Strong);
    let rules = paper("rules.docx", Role::Procedure).on("2025-12-01").bears("9.1", Procedure, Strength::Strong);
    assert_eq!(World::new(vec![record]).status("9.1"), Status::Current);
    assert_eq!(World::new(vec![rules]).status("9.1"), Status::ProcedureOnly);
}

#[test]
fn a_newer_version_replaces_a_procedure_but_never_a_record() {
    let version = |path: &str, day| {
        paper(path, Role::Procedure).on(day).titled("High security seals").bears("6.7", Procedure, Strength::Strong)
    };
    let world =
        World::new(vec![version("SOP-BOLT-07 v4.docx", "2024-05-01"), version("SOP-BOLT-07 v5.docx", "2026-01-14")]);
    let answer = world.criterion("6.7");
    assert_eq!(answer.blocked.len(), 1);
    assert_eq!(answer.blocked[0].blocked_by.as_deref(), Some("replaced by SOP-BOLT-07 v5.docx"));
    let seals =
        |path: &str, day| paper(path, Role::Record).on(day).titled("Seal log").bears("6.7", Record, Strength::Strong);
    let world = World::new(vec![seals("seal log 1.xlsx", "2026-05-01"), seals("seal log 2.xlsx", "2026-09-01")]);
    assert!(world.criterion("6.7").blocked.is_empty());
    assert!(world.assess().documents.iter().all(|d| d.superseded_by.is_none()));
}

#[test]
fn a_version_not_yet_in_force_replaces_nothing() {
    let version = |path: &str, day| {
        paper(path, Role::Procedure).on(day).titled("High security seals").bears("6.7", Procedure, Strength::Strong)
    };
    let world =
        World::new(vec![version("SOP-BOLT-07 v4.docx", "2024-05-01"), version("SOP-BOLT-07 v5.docx", "2027-01-14")]);
    assert_eq!(world.status("6.7"), Status::ProcedureOnly);
}

#[test]
fn an_archive_speaks_for_the_last_day_in_it() {
    let bundle = || paper("load.zip", Role::Other).archive().by_file_time();
    let member = |name: &str, day| paper(&format!("load.zip!{name}"), Role::Record).on(day).member();
    let day_of = |papers| {
        let documents = World::new(papers).assess().documents;
        let bundle = documents.iter().find(|d| d.name.path == "load.zip").unwrap();
        bundle.effective.as_ref().map(|date| (date.day.to_string(), date.because.clone()))
    };
    let words = |day: &str, because: &str| Some((day.to_owned(), because.to_owned()));
    assert_eq!(
        day_of(vec![bundle(), member("a.jpg", "2026-05-03"), member("b.docx", "2026-05-04")]),
        words("2026-05-04", "last day of what is in it (b.docx)")
    );
    let undated = day_of(vec![bundle(), member("a.jpg", "2026-05-03").by_file_time()]).unwrap();
    assert_eq!(undated.1, "the file's own time");
}

#[test]
fn copies_are_told_from_originals() {
    let copy =
        |path: &str| paper(path, Role::Record).on("2026-09-30").bears("9.1", Record, Strength::Strong).content(7);
    let world = World::new(vec![copy("Archive/v.xlsx"), copy("Gate/2026/visitors.xlsx"), copy("Gate/visitors.xlsx")]);
    let answer = world.assess();
    let of: Vec<Option<&str>> = answer.documents.iter().map(|d| d.duplicate_of.as_deref()).collect();
    assert_eq!(of, [Some("Gate/visitors.xlsx"), Some("Gate/visitors.xlsx"), None]);
    assert_eq!(world.criterion("9.1").needs[0].bearings.len(), 1);
}

#[test]
fn a_record_copied_with_a_new_date_is_flagged() {
    let same =
        |path: &str, day| paper(path, Role::Record).on(day).bears("9.1", Record, Strength::Strong).sketched(&[5; 64]);
    let world = World::new(vec![same("walk 2025.docx", "2025-09-01"), same("walk 2026.docx", "2026-09-01")]);
    let need = &world.criterion("9.1").needs[0];
    assert_eq!(need.warnings, ["walk 2026.docx is the text of walk 2025.docx with another date"]);
}

#[test]
fn a_series_names_its_missing_months() {
    let month = |n: u32| {
        paper(&format!("count {n}.xlsx"), Role::Record).on(&format!("2026-{n:02}-05")).bears(
            "10.1",
            Record,
            Strength::Strong,
        )
    };
    let all: Vec<_> = (1..=10).map(month).collect();
    // November and December 2025 are missing.
    assert_eq!(World::new(all.clone()).status("10.1"), Status::NeedsReview);
    let need = &World::new(all.clone()).criterion("10.1").needs[0].clone();
    assert_eq!(need.missing_periods, ["2025-11", "2025-12"]);
    let mut papers = all;
    papers.push(paper("count old.xlsx", Role::Record).rows(&["2025-11-03", "2025-12-01"]).on("2025-12-01").bears(
        "10.1",
        Record,
        Strength::Strong,
    ));
    assert_eq!(World::new(papers).status("10.1"), Status::Current);
}

#[test]
fn each_site_needs_its_own() {
    let at = |site: &str, day| {
        paper(&format!("{site}.xlsx"), Role::Record).on(day).at_site(site).bears("9.1", Record, Strength::Strong)
    };
    let one = World::new(vec![at("Plant", "2026-09-01"), at("Yard", "2024-09-01")]);
    assert_eq!(one.status("9.1"), Status::NeedsReview);
    assert_eq!(one.criterion("9.1").lacks, "none for Yard: each site needs its own");
    assert_eq!(World::new(vec![at("Plant", "2026-09-01"), at("Yard", "2026-10-01")]).status("9.1"), Status::Current);
}

#[test]
fn sentences_are_plain() {
    let procedure =
        paper("Seals/SOP-12.docx", Role::Procedure).on("2026-01-14").bears("6.7", Procedure, Strength::Strong);
    let old =
        paper("Seals/log.xlsx", Role::Record).on("2024-03-02").kind("seal-log").bears("6.7", Record, Strength::Strong);
    let form = paper("Seals/form.docx", Role::Form).lacking("no signature").bears("6.7", Record, Strength::Strong);
    let stale = World::new(vec![procedure.clone(), old]).criterion("6.7");
    assert_eq!(stale.because, "only records that are too old");
    assert_eq!(
        stale.have,
        "the procedure of 2026-01-14 (Seals/SOP-12.docx), the seal log of 2024-03-02 (Seals/log.xlsx)"
    );
    assert_eq!(stale.lacks, "no seal log of the last 12 months; the newest is of 2024-03-02");
    assert_eq!(stale.next, "file the newest: seal log of the last month");
    let formal = World::new(vec![procedure, form]).criterion("6.7");
    assert_eq!(formal.blocked[0].blocked_by.as_deref(), Some("blank form: no signature"));
    assert_eq!(formal.next, "fill in, sign and date Seals/form.docx, or collect: seal log of the last month");
    let nothing = World::new(vec![]).criterion("6.7");
    assert_eq!(nothing.have, "nothing that bears on it");
    assert_eq!(nothing.lacks, "a written procedure in force; no seal log of the last 12 months");
}

#[test]
fn due_is_the_first_day_without_fresh_proof() {
    let record = paper("v.xlsx", Role::Record).on("2026-02-10").bears("9.1", Record, Strength::Strong);
    let answer = World::new(vec![record]).criterion("9.1");
    assert_eq!(answer.due.map(|day| day.to_string()).as_deref(), Some("2027-02-11"));
    assert_eq!(answer.needs[0].bearings[0].fresh_until.map(|day| day.to_string()).as_deref(), Some("2027-02-10"));
}
