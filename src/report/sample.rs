//! One rich answer for the tests of every report: each status, each document state, and hostile names.

use std::collections::BTreeMap;

use crate::domain::assess::status::{
    AssessedCategory, AssessedCriterion, AssessedDocument, AssessedNeed, Assessment, Bearing, DocumentName,
    DocumentState, NeedState, Status,
};
use crate::domain::catalog::{Basis, Catalog, Category, Criterion, Need, Scope, Trigger};
use crate::domain::day::Day;
use crate::domain::entity::{Entity, Level};
use crate::domain::fact::Head;
use crate::domain::ids::{ContentHash, Seq};
use crate::domain::judge::verdict::{DateSource, EffectiveDate, Match, NeedKind, Quote, Role, Strength, Verdict};
use crate::domain::reading::{Format, Place, Unreadable};

pub(super) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(super) fn name(path: &str) -> DocumentName {
    DocumentName { root: "/srv/policies".into(), site: "Harbor DC".into(), path: path.into(), path_b64: None }
}

pub(super) fn dated(text: &str, because: &str) -> EffectiveDate {
    EffectiveDate { day: day(text), source: DateSource::Text, because: because.into(), conflicts: Vec::new() }
}

pub(super) fn quote(page: u32, text: &str) -> Quote {
    Quote { place: Place::Page(page), place_text: format!("page {page}"), text: text.into() }
}

pub(super) fn matched(id: &str, role: NeedKind, strength: Strength, quoted: &str) -> Match {
    let record_kind = match role {
        NeedKind::Procedure => None,
        NeedKind::Record => Some("seal-log".parse().unwrap()),
    };
    Match {
        sheets: vec![],
        criterion: id.parse().unwrap(),
        role,
        strength,
        score: 0.875,
        record_kind,
        reasons: vec!["columns of a seal log: seal number, container, date".into()],
        quotes: vec![quote(2, quoted)],
    }
}

pub(super) fn bearing(path: &str, role: Role, quoted: &str) -> Bearing {
    Bearing {
        document: name(path),
        role,
        strength: Strength::Strong,
        score: 0.8,
        record_kind: None,
        effective: Some(dated("2024-03-02", "last dated row (row 214)")),
        fresh_until: Some(day("2025-03-02")),
        reasons: vec!["titled as a seal log".into()],
        quotes: vec![quote(3, quoted)],
        blocked_by: None,
    }
}

fn need(kind: NeedKind, state: NeedState, wanted: &str, bearings: Vec<Bearing>) -> AssessedNeed {
    AssessedNeed { kind, state, wanted: wanted.into(), bearings, missing_periods: Vec::new(), warnings: Vec::new() }
}

fn criterion(id: &str, title: &str, level: Level, status: Status) -> AssessedCriterion {
    AssessedCriterion {
        id: id.parse().unwrap(),
        category: id.split('.').next().unwrap().parse().unwrap(),
        title: title.into(),
        level,
        level_unverified: false,
        status,
        because: "no paper speaks of it".into(),
        have: String::new(),
        lacks: String::new(),
        next: String::new(),
        needs: Vec::new(),
        blocked: Vec::new(),
        due: None,
    }
}

fn told(mut criterion: AssessedCriterion, [have, lacks, next]: [&str; 3]) -> AssessedCriterion {
    (criterion.have, criterion.lacks, criterion.next) = (have.into(), lacks.into(), next.into());
    criterion
}

fn gaps() -> Vec<AssessedCriterion> {
    let blank = Bearing {
        blocked_by: Some("blank form: no signature, date empty".into()),
        ..bearing("Forms/17-point checklist.docx", Role::Form, "Inspector signature: ____ Date: ____")
    };
    let old_log = bearing("Seals/seal log 2024.xlsx", Role::Record, "03/02/2024\tML-1184467\tMSKU7789012\tJ. Ortiz");
    let missing = told(
        criterion("5.3", "Pre-loading inspection", Level::Must, Status::Missing),
        [
            "a blank 17-point checklist, which proves nothing by itself",
            "a written inspection procedure, and a filled-in and signed inspection of the last 12 months",
            "file the signed checklists of the last containers that were loaded",
        ],
    );
    let only_written = told(
        criterion("6.1", "Seal policy", Level::Must, Status::ProcedureOnly),
        ["the seal procedure SOP-6", "any record that it is followed", "file the seal log of this month"],
    );
    let stale = told(
        criterion("6.7", "Seal audits", Level::Must, Status::Stale),
        [
            "a seal log that ends on 2024-03-02",
            "a seal log of the last 12 months",
            "continue the log, or file the newer one",
        ],
    );
    let stale_need = AssessedNeed {
        missing_periods: vec!["2026-08".into(), "2026-09".into()],
        warnings: vec!["procedure last reviewed 2023-04-02: review overdue".into()],
        ..need(NeedKind::Record, NeedState::Stale, "a seal log, at most 12 months old", vec![old_log])
    };
    let weak = bearing("IT/note\u{202e}fdp.txt", Role::Record, "visitors  sign\u{1b}[2J in");
    vec![
        AssessedCriterion { level_unverified: true, ..criterion("4.2", "IT policies", Level::Must, Status::Missing) },
        AssessedCriterion {
            needs: vec![need(NeedKind::Record, NeedState::Absent, "a filled 7- or 17-point inspection", vec![])],
            blocked: vec![blank.clone()],
            ..missing
        },
        AssessedCriterion {
            blocked: vec![blank],
            ..criterion("5.29", "Reporting of pests", Level::Should, Status::Missing)
        },
        only_written,
        AssessedCriterion { needs: vec![stale_need], ..stale },
        AssessedCriterion {
            needs: vec![need(NeedKind::Record, NeedState::Weak, "a visitor log", vec![weak])],
            ..criterion("9.1", "Physical barriers", Level::Must, Status::NeedsReview)
        },
    ]
}

fn proven() -> Vec<AssessedCriterion> {
    let sample = Bearing {
        blocked_by: Some("sample of Customs".into()),
        ..bearing("Library/CBP sample statement.pdf", Role::Guidance, "Sample: statement of support")
    };
    vec![
        AssessedCriterion {
            needs: vec![need(NeedKind::Record, NeedState::Met, "a signed statement", vec![])],
            blocked: vec![sample],
            ..criterion("1.1", "Statement of support", Level::Should, Status::Current)
        },
        AssessedCriterion {
            due: Some(day("2026-11-20")),
            ..criterion("2.3", "Yearly risk assessment", Level::Must, Status::DueSoon)
        },
        criterion("3.1", "Partner screening", Level::Must, Status::Waived),
        criterion("3.9", "Forced labour", Level::Must, Status::NotApplicable),
        criterion("8.1", "Pest prevention", Level::Unknown, Status::Unknown),
    ]
}

fn document(path: &str, state: DocumentState) -> AssessedDocument {
    AssessedDocument {
        name: name(path),
        content: Some(ContentHash([path.bytes().fold(0, u8::wrapping_add); 32])),
        size: 1024,
        format: Some(Format::Pdf),
        state,
        verdict: None,
        effective: None,
        superseded_by: None,
        duplicate_of: None,
        is_member: path.contains('!'),
        decided: Vec::new(),
    }
}

fn read(path: &str, role: Role, matches: Vec<Match>) -> AssessedDocument {
    let verdict = Verdict {
        role,
        role_reasons: vec!["numbered sections and an approval block".into()],
        matches,
        lacks: Vec::new(),
        superseded: false,
    };
    AssessedDocument { verdict: Some(verdict), ..document(path, DocumentState::Read) }
}

pub(super) fn documents() -> Vec<AssessedDocument> {
    let log = matched("6.7", NeedKind::Record, Strength::Strong, "ML-1184467 | MSKU7789012");
    let hint = matched("6.1", NeedKind::Procedure, Strength::Weak, "seals are kept in the safe");
    let form = matched("5.3", NeedKind::Record, Strength::Strong, "Inspector signature: ____");
    let seal_log = AssessedDocument {
        effective: Some(EffectiveDate {
            conflicts: vec!["file name says 2025".into()],
            ..dated("2024-03-02", "last dated row (row 214)")
        }),
        superseded_by: Some("Seals/seal log 2026.xlsx".into()),
        decided: vec!["6.6: rejected by Ana on 2026-10-01 (counts another site)".into()],
        ..read("Seals/seal log 2024.xlsx", Role::Record, vec![hint, log])
    };
    let copy = AssessedDocument {
        duplicate_of: Some("Seals/seal log 2024.xlsx".into()),
        name: DocumentName { path_b64: Some("Y2Fm6S54bHN4".into()), ..name("caf\u{fffd}.xlsx") },
        ..seal_log.clone()
    };
    let gone = AssessedDocument { content: None, size: 0, format: None, ..document("locked.pdf", denied()) };
    let unreadable = |reason| DocumentState::Unreadable { reason, detail: "needs a password (AES-256)".into() };
    let unsupported = |kind: &str| DocumentState::Unsupported { kind: kind.into() };
    vec![
        seal_log,
        copy,
        read("Forms/17-point checklist.docx", Role::Form, vec![form]),
        read("mails/hand-over.eml!checklist.docx", Role::Other, Vec::new()),
        document("IT/passwords policy.pdf", unreadable(Unreadable::Encrypted)),
        document("=cmd\n|'x.pdf", unreadable(Unreadable::Encrypted)),
        gone,
        document("films/gate.mp4", unsupported("mp4")),
        document("films/dock.mp4", unsupported("mp4")),
        document("old.doc", unsupported("doc")),
        document("scan 12.pdf", DocumentState::OcrPending),
        document("new.pdf", DocumentState::Pending),
    ]
}

fn denied() -> DocumentState {
    DocumentState::Unreadable { reason: Unreadable::Denied, detail: String::new() }
}

pub(super) fn sample() -> Assessment {
    let mut criteria: Vec<_> = gaps().into_iter().chain(proven()).collect();
    criteria.sort_by(|a, b| a.id.cmp(&b.id));
    let category = |id, name: &str| AssessedCategory { id, name: name.into() };
    Assessment {
        as_of: day("2026-11-01"),
        entity: Entity::UsImporter,
        catalog: "ctpat-msc".into(),
        edition: "CBP MSC November 2019, with 3.9 as of January 2023".into(),
        head: Some(Head { seq: Seq(1204), hash: ContentHash([0xab; 32]) }),
        categories: vec![
            category(1, "Security Vision & Responsibility"),
            category(2, "Risk Assessment"),
            category(3, "Business Partners"),
            category(4, "Cybersecurity"),
            category(5, "Conveyance and Instruments of International Traffic Security"),
            category(6, "Seal Security"),
            category(8, "Agricultural Security"),
            category(9, "Physical Security"),
        ],
        criteria,
        documents: documents(),
        unverified_share: 0.1,
        notices: vec!["/srv/branch is offline since 2026-10-30: its documents are as last seen".into()],
    }
}

/// A catalog entry to go with a criterion of the sample.
pub(super) fn requirement(id: &str) -> Criterion {
    Criterion {
        id: id.parse().unwrap(),
        category: id.split('.').next().unwrap().parse().unwrap(),
        title: "Seal audits".into(),
        requirement: "Somebody other than the issuer checks the seal log against the seals in stock.".into(),
        evidence: vec!["a signed audit of the seal log".into()],
        levels: [(Entity::UsImporter, Level::Must), (Entity::RailCarrier, Level::Should)].into(),
        unverified: vec![Entity::RailCarrier],
        unknown: vec![Entity::AirCarrier],
        note: Some("once a month is customary".into()),
        should_parts: None,
        source: None,
        needs: vec![Need {
            kind: NeedKind::Record,
            any_of: vec!["seal-log".parse().unwrap(), "seal-audit".parse().unwrap()],
            max_age: Some("P12M".parse().unwrap()),
            every: Some("P1M".parse().unwrap()),
            trigger: Trigger::Always,
            scope: Scope::Company,
            basis: Basis::Practice,
        }],
    }
}

pub(super) fn catalog() -> Catalog {
    let category = |id, name: &str| Category { id, name: name.into(), summary: "Seals are kept.".into() };
    Catalog {
        schema: 1,
        id: "ctpat-msc".into(),
        title: "CTPAT Minimum Security Criteria".into(),
        edition: "CBP MSC November 2019".into(),
        words: BTreeMap::new(),
        categories: vec![category(5, "Conveyance Security"), category(6, "Seal Security")],
        criteria: ["5.3", "6.7"].map(requirement).into(),
        record_kinds: Vec::new(),
        clauses: Vec::new(),
        topics: Vec::new(),
        unrelated: Vec::new(),
    }
}
