//! Why one criterion stands where it stands: its needs, the papers that meet or nearly meet them, the passages, and
//! what would close the gap.

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::rows::{BearingRow, HeadRow, NeedRow};
use super::text::{clip, hang, one_line, sentence, wrap};
use super::{GENERATED_BY, json as form, names};
use crate::domain::assess::status::{AssessedCriterion, AssessedNeed, Assessment, Bearing, Status};
use crate::domain::catalog::Criterion;
use crate::domain::day::Day;
use crate::domain::entity::{Entity, Level};
use crate::domain::ids::CriterionId;
use crate::domain::judge::verdict::{NeedKind, Quote};

/// Papers shown for each need.
const PAPERS: usize = 6;
/// Quotes shown for each paper.
const QUOTES: usize = 3;
/// Characters of a quote.
const QUOTE: usize = 240;

/// What is explained.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub assessment: &'a Assessment,
    pub criterion: &'a AssessedCriterion,
    /// The requirement's words, where the catalog is at hand.
    pub requirement: Option<&'a Criterion>,
}

#[derive(Serialize)]
struct CriterionJson<'a> {
    schema: &'static str,
    generator: &'static str,
    as_of: Day,
    entity: Entity,
    catalog: &'a str,
    edition: &'a str,
    head: Option<HeadRow>,
    id: &'a CriterionId,
    title: &'a str,
    category: u32,
    requirement: Option<&'a str>,
    evidence: &'a [String],
    note: Option<&'a str>,
    level: Level,
    level_unverified: bool,
    status: Status,
    because: &'a str,
    have: &'a str,
    lacks: &'a str,
    next: &'a str,
    due: Option<Day>,
    needs: Vec<NeedRow<'a>>,
    blocked: Vec<BearingRow<'a>>,
}

pub fn table(asked: Asked<'_>, look: Look) -> String {
    let criterion = asked.criterion;
    let mut out = head(asked, look);
    for (name, text) in [("Have", &criterion.have), ("Lacks", &criterion.lacks), ("Do next", &criterion.next)] {
        if !text.trim().is_empty() {
            out.push_str(&field(name, &terminal(&sentence(text)), look));
        }
    }
    for (at, need) in criterion.needs.iter().enumerate() {
        out.push_str(&self::need(at, need, look));
    }
    if !criterion.blocked.is_empty() {
        out.push_str(&heading("Looked like proof, and why it is not", look));
        out.push_str(&papers(&criterion.blocked, look));
    }
    let Assessment { as_of, entity, head, .. } = asked.assessment;
    let footer = format!("As of {as_of} for {}. Ledger head {}.", names::an(*entity), names::head(*head));
    out.push_str(&format!("\n{}\n", look.paint(Tone::Quiet, &footer)));
    out
}

pub fn json(asked: Asked<'_>) -> String {
    let Asked { assessment, criterion, requirement } = asked;
    form::pretty(&CriterionJson {
        schema: "evidex.explain-criterion/1",
        generator: GENERATED_BY,
        as_of: assessment.as_of,
        entity: assessment.entity,
        catalog: &assessment.catalog,
        edition: &assessment.edition,
        head: assessment.head.map(HeadRow::from),
        id: &criterion.id,
        title: &criterion.title,
        category: criterion.category,
        requirement: requirement.map(|asked| asked.requirement.as_str()),
        evidence: requirement.map_or(&[], |asked| asked.evidence.as_slice()),
        note: requirement.and_then(|asked| asked.note.as_deref()),
        level: criterion.level,
        level_unverified: criterion.level_unverified,
        status: criterion.status,
        because: &criterion.because,
        have: &criterion.have,
        lacks: &criterion.lacks,
        next: &criterion.next,
        due: criterion.due,
        needs: criterion.needs.iter().map(NeedRow::from).collect(),
        blocked: criterion.blocked.iter().map(BearingRow::from).collect(),
    })
}

fn head(asked: Asked<'_>, look: Look) -> String {
    let criterion = asked.criterion;
    let mut out = String::new();
    for line in wrap(&format!("{} {}", criterion.id, terminal(&criterion.title)), look.columns()) {
        out.push_str(&format!("{}\n", look.paint(Tone::Heading, &line)));
    }
    if let Some(requirement) = asked.requirement {
        out.push_str(&hang("", &terminal(&requirement.requirement), look.columns()));
    }
    out.push('\n');
    let entity = names::an(asked.assessment.entity);
    let level = format!("{} for {entity}", names::level(criterion));
    out.push_str(&field("Level", &level, look));
    let due = criterion.due.map_or_else(String::new, |due| format!(", until {due}"));
    let status = format!("{}{due}: {}", names::status(criterion.status), sentence(&criterion.because));
    out.push_str(&field("Status", &terminal(&status), look));
    if let Some(note) = asked.requirement.and_then(|asked| asked.note.as_deref()) {
        out.push_str(&field("Note", &terminal(&sentence(note)), look));
    }
    out
}

fn need(at: usize, need: &AssessedNeed, look: Look) -> String {
    let kind = match need.kind {
        NeedKind::Procedure => "Written procedure",
        NeedKind::Record => "Record",
    };
    let mut out = heading(&format!("Need {}: {kind}, {}", at + 1, names::need_state(need.state)), look);
    out.push_str(&field("Wanted", &terminal(&sentence(&need.wanted)), look));
    if !need.missing_periods.is_empty() {
        out.push_str(&field("Periods", &format!("nothing for {}", need.missing_periods.join(", ")), look));
    }
    for warning in &need.warnings {
        out.push_str(&field("Note", &terminal(&sentence(warning)), look));
    }
    out.push_str(&papers(&need.bearings, look));
    out
}

fn papers(bearings: &[Bearing], look: Look) -> String {
    let mut out: String = bearings.iter().take(PAPERS).map(|bearing| paper(bearing, look)).collect();
    if bearings.len() > PAPERS {
        out.push_str(&format!("  and {} more (`--format json` shows all)\n", bearings.len() - PAPERS));
    }
    if bearings.is_empty() {
        out.push_str("  No paper was found.\n");
    }
    out
}

fn paper(bearing: &Bearing, look: Look) -> String {
    let columns = look.columns();
    let mut out = hang("  - ", &terminal(&bearing.document.path), columns);
    if let Some(effective) = &bearing.effective {
        let fresh = bearing.fresh_until.filter(|_| bearing.blocked_by.is_none());
        let fresh = fresh.map_or_else(String::new, |day| format!("; counts until {day}"));
        let dated = format!("{}, from {}{fresh}", effective.day, effective.because);
        out.push_str(&hang("      dated ", &terminal(&dated), columns));
        for conflict in &effective.conflicts {
            out.push_str(&hang("      but ", &terminal(conflict), columns));
        }
    }
    if let Some(why) = &bearing.blocked_by {
        out.push_str(&hang("      does not count: ", &terminal(why), columns));
    }
    for reason in &bearing.reasons {
        out.push_str(&hang("      because ", &terminal(reason), columns));
    }
    out.extend(bearing.quotes.iter().take(QUOTES).map(|quote| quoted(quote, look)));
    out
}

/// A quote with its place, as both explanations show it.
pub(super) fn quoted(quote: &Quote, look: Look) -> String {
    let place = if quote.place_text.is_empty() { String::new() } else { format!("{}: ", quote.place_text) };
    let line = format!("{place}\"{}\"", clip(&one_line(&quote.text), QUOTE));
    hang("      ", &terminal(&line), look.columns())
}

pub(super) fn heading(text: &str, look: Look) -> String {
    let lines = wrap(text, look.columns());
    format!("\n{}\n", lines.iter().map(|line| look.paint(Tone::Heading, line)).collect::<Vec<_>>().join("\n"))
}

pub(super) fn field(name: &str, text: &str, look: Look) -> String {
    hang(&format!("  {name:<8} "), text, look.columns())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{requirement, sample};
    use crate::report::schemas::testing::assert_valid;

    fn with<T>(id: &str, answer: impl Fn(Asked<'_>) -> T) -> T {
        let (assessment, asked) = (sample(), requirement(id));
        let criterion = assessment.criteria.iter().find(|c| c.id.as_str() == id).unwrap();
        answer(Asked { assessment: &assessment, criterion, requirement: Some(&asked) })
    }

    #[test]
    fn follows_its_schema() {
        for criterion in sample().criteria {
            let text = with(criterion.id.as_str(), json);
            assert_valid("evidex.explain-criterion/1", &serde_json::from_str(&text).unwrap());
        }
        let bare = with("6.7", |asked| json(Asked { requirement: None, ..asked }));
        assert_valid("evidex.explain-criterion/1", &serde_json::from_str(&bare).unwrap());
    }

    #[test]
    fn says_what_is_there_and_what_would_close_the_gap() {
        insta::assert_snapshot!(with("6.7", |asked| table(asked, Look::PLAIN)), @r#"
        6.7 Seal audits
        Somebody other than the issuer checks the seal log against the seals in stock.

          Level    must for a U.S. importer
          Status   stale: No paper speaks of it.
          Note     Once a month is customary.
          Have     A seal log that ends on 2024-03-02.
          Lacks    A seal log of the last 12 months.
          Do next  Continue the log, or file the newer one.

        Need 1: Record, too old
          Wanted   A seal log, at most 12 months old.
          Periods  nothing for 2026-08, 2026-09
          Note     Procedure last reviewed 2023-04-02: review overdue.
          - Seals/seal log 2024.xlsx
              dated 2024-03-02, from last dated row (row 214); counts until 2025-03-02
              because titled as a seal log
              page 3: "03/02/2024 | ML-1184467 | MSKU7789012 | J. Ortiz"

        As of 2026-11-01 for a U.S. importer. Ledger head abababababab at fact 1204.
        "#);
    }

    #[test]
    fn names_the_papers_that_do_not_count() {
        insta::assert_snapshot!(with("5.3", |asked| table(asked, Look::PLAIN)), @r#"
        5.3 Pre-loading inspection
        Somebody other than the issuer checks the seal log against the seals in stock.

          Level    must for a U.S. importer
          Status   missing: No paper speaks of it.
          Note     Once a month is customary.
          Have     A blank 17-point checklist, which proves nothing by itself.
          Lacks    A written inspection procedure, and a filled-in and signed inspection
                   of the last 12 months.
          Do next  File the signed checklists of the last containers that were loaded.

        Need 1: Record, nothing found
          Wanted   A filled 7- or 17-point inspection.
          No paper was found.

        Looked like proof, and why it is not
          - Forms/17-point checklist.docx
              dated 2024-03-02, from last dated row (row 214)
              does not count: blank form: no signature, date empty
              because titled as a seal log
              page 3: "Inspector signature: ____ Date: ____"

        As of 2026-11-01 for a U.S. importer. Ledger head abababababab at fact 1204.
        "#);
    }

    #[test]
    fn foreign_text_is_escaped() {
        let screen = with("9.1", |asked| table(asked, Look::PLAIN));
        assert!(screen.contains("IT/note\\u{202e}fdp.txt") && screen.contains("\\u{1b}[2J"), "{screen}");
    }
}
