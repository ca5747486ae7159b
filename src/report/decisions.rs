//! What people decided: who, when, what, of which paper and criterion, and why; those taken back are marked.

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::text::{count, hang, one_line};
use super::{GENERATED_BY, json as form};
use crate::domain::day::Day;
use crate::domain::fact::Decision;
use crate::domain::ids::{ContentHash, CriterionId, Seq};

/// One decision as it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Made {
    pub seq: Seq,
    /// The instant, as text.
    pub at: String,
    pub by: String,
    pub decision: Decision,
    pub root: Option<String>,
    pub path: Option<String>,
    pub content: Option<ContentHash>,
    pub criterion: Option<CriterionId>,
    pub note: Note,
    /// The decision that this one takes back.
    pub replaces: Option<Seq>,
    pub taken_back_by: Option<Seq>,
}

/// Why it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    None,
    Text(String),
    /// There was a note; its text was erased.
    Erased,
}

#[derive(Serialize)]
struct DecisionsJson<'a> {
    schema: &'static str,
    generator: &'static str,
    decisions: Vec<MadeRow<'a>>,
}

#[derive(Serialize)]
struct MadeRow<'a> {
    seq: u64,
    at: &'a str,
    by: &'a str,
    decision: &'static str,
    criterion: Option<&'a CriterionId>,
    path: Option<&'a str>,
    root: Option<&'a str>,
    content: Option<ContentHash>,
    /// The day given to a document.
    day: Option<Day>,
    until: Option<Day>,
    owner: Option<&'a str>,
    note: Option<&'a str>,
    note_erased: bool,
    takes_back: Option<u64>,
    taken_back_by: Option<u64>,
}

/// The oldest first, each with its number, by which `evidex undo` takes it back.
pub fn table(decisions: &[Made], look: Look) -> String {
    let mut out = String::new();
    for made in decisions {
        let tone = if made.taken_back_by.is_some() { Tone::Quiet } else { Tone::Heading };
        for line in hang(&format!("{:<5} ", made.seq.0), &terminal(&headline(made)), look.columns()).lines() {
            out.push_str(&format!("{}\n", look.paint(tone, line)));
        }
        out.push_str(&hang("      ", &terminal(&format!("{}, {}", made.by, made.at)), look.columns()));
        match &made.note {
            Note::None => {}
            Note::Text(note) => {
                let note = format!("\"{}\"", one_line(note));
                out.push_str(&hang("      ", &terminal(&note), look.columns()));
            }
            Note::Erased => out.push_str("      (note erased)\n"),
        }
    }
    let back = decisions.iter().filter(|made| made.taken_back_by.is_some()).count();
    let all = count(decisions.len(), "decision", "decisions");
    out.push_str(&format!("{}{all}, {back} taken back\n", if decisions.is_empty() { "" } else { "\n" }));
    out
}

pub fn json(decisions: &[Made]) -> String {
    form::pretty(&DecisionsJson {
        schema: "evidex.decisions/1",
        generator: GENERATED_BY,
        decisions: decisions.iter().map(MadeRow::from).collect(),
    })
}

/// One decision a line, each by `evidex.decision/1`.
pub fn jsonl(decisions: &[Made]) -> String {
    form::lines(&decisions.iter().map(MadeRow::from).collect::<Vec<_>>())
}

impl<'a> From<&'a Made> for MadeRow<'a> {
    fn from(made: &'a Made) -> Self {
        let (mut day, mut until, mut owner) = (None, None, None);
        match &made.decision {
            Decision::Date { day: given } => day = Some(*given),
            Decision::Owner { name } => owner = Some(name.as_str()),
            Decision::Nil { until: last } | Decision::Waive { until: last } => until = Some(*last),
            Decision::Accept | Decision::Reject | Decision::NotApplicable | Decision::Undo => {}
        }
        let (note, note_erased) = match &made.note {
            Note::None => (None, false),
            Note::Text(text) => (Some(text.as_str()), false),
            Note::Erased => (None, true),
        };
        Self {
            seq: made.seq.0,
            at: &made.at,
            by: &made.by,
            decision: word(&made.decision),
            criterion: made.criterion.as_ref(),
            path: made.path.as_deref(),
            root: made.root.as_deref(),
            content: made.content,
            day,
            until,
            owner,
            note,
            note_erased,
            takes_back: made.replaces.map(|seq| seq.0),
            taken_back_by: made.taken_back_by.map(|seq| seq.0),
        }
    }
}

fn word(decision: &Decision) -> &'static str {
    match decision {
        Decision::Accept => "accept",
        Decision::Reject => "reject",
        Decision::Date { .. } => "date",
        Decision::Owner { .. } => "owner",
        Decision::NotApplicable => "not-applicable",
        Decision::Nil { .. } => "nil",
        Decision::Waive { .. } => "waive",
        Decision::Undo => "undo",
    }
}

/// `reject visitors.xlsx for 9.1`, and by which decision it was taken back.
fn headline(made: &Made) -> String {
    let what = match &made.decision {
        Decision::Undo => made.replaces.map_or_else(|| "undo".to_owned(), |of| format!("undo {}:", of.0)),
        Decision::Accept
        | Decision::Reject
        | Decision::Date { .. }
        | Decision::Owner { .. }
        | Decision::NotApplicable
        | Decision::Nil { .. }
        | Decision::Waive { .. } => word(&made.decision).to_owned(),
    };
    let mut line = what;
    let criterion = made.criterion.as_ref().map(ToString::to_string);
    match (&made.path, criterion) {
        (Some(path), Some(criterion)) => line.push_str(&format!(" {path} for {criterion}")),
        (Some(one), None) => line.push_str(&format!(" {one}")),
        (None, Some(one)) => line.push_str(&format!(" {one}")),
        (None, None) => {}
    }
    match &made.decision {
        Decision::Date { day } => line.push_str(&format!(" as of {day}")),
        Decision::Owner { name } => line.push_str(&format!(": {name}")),
        Decision::Nil { until } | Decision::Waive { until } => line.push_str(&format!(" until {until}")),
        Decision::Accept | Decision::Reject | Decision::NotApplicable | Decision::Undo => {}
    }
    if let Some(by) = made.taken_back_by {
        line.push_str(&format!(" (taken back by {})", by.0));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::schemas::testing::assert_valid;

    fn made(seq: u64, decision: Decision) -> Made {
        Made {
            seq: Seq(seq),
            at: "2026-10-01T09:00:00Z".into(),
            by: "Ana".into(),
            decision,
            root: Some("/srv/policies".into()),
            path: Some("Gate/visitors.xlsx".into()),
            content: Some(ContentHash([7; 32])),
            criterion: Some("9.1".parse().unwrap()),
            note: Note::None,
            replaces: None,
            taken_back_by: None,
        }
    }

    fn general(seq: u64, decision: Decision) -> Made {
        Made { root: None, path: None, content: None, ..made(seq, decision) }
    }

    fn sample() -> Vec<Made> {
        let until = || "2027-03-01".parse().unwrap();
        let of_paper = |seq, decision| Made { criterion: None, ..made(seq, decision) };
        vec![
            Made {
                note: Note::Text("the old form\n".into()),
                taken_back_by: Some(Seq(19)),
                ..made(12, Decision::Reject)
            },
            of_paper(13, Decision::Date { day: until() }),
            of_paper(14, Decision::Owner { name: "Bo".into() }),
            general(15, Decision::NotApplicable),
            general(16, Decision::Nil { until: until() }),
            Made { note: Note::Erased, ..general(17, Decision::Waive { until: until() }) },
            made(18, Decision::Accept),
            Made { replaces: Some(Seq(12)), ..made(19, Decision::Undo) },
        ]
    }

    #[test]
    fn follows_its_schemas() {
        assert_valid("evidex.decisions/1", &serde_json::from_str(&json(&sample())).unwrap());
        assert_valid("evidex.decisions/1", &serde_json::from_str(&json(&[])).unwrap());
        for line in jsonl(&sample()).lines() {
            assert_valid("evidex.decision/1", &serde_json::from_str(line).unwrap());
        }
    }

    #[test]
    fn says_who_what_when_and_why() {
        assert_eq!(table(&[], Look::PLAIN), "0 decisions, 0 taken back\n");
        insta::assert_snapshot!(table(&sample(), Look::PLAIN), @r#"
        12    reject Gate/visitors.xlsx for 9.1 (taken back by 19)
              Ana, 2026-10-01T09:00:00Z
              "the old form"
        13    date Gate/visitors.xlsx as of 2027-03-01
              Ana, 2026-10-01T09:00:00Z
        14    owner Gate/visitors.xlsx: Bo
              Ana, 2026-10-01T09:00:00Z
        15    not-applicable 9.1
              Ana, 2026-10-01T09:00:00Z
        16    nil 9.1 until 2027-03-01
              Ana, 2026-10-01T09:00:00Z
        17    waive 9.1 until 2027-03-01
              Ana, 2026-10-01T09:00:00Z
              (note erased)
        18    accept Gate/visitors.xlsx for 9.1
              Ana, 2026-10-01T09:00:00Z
        19    undo 12: Gate/visitors.xlsx for 9.1
              Ana, 2026-10-01T09:00:00Z

        8 decisions, 1 taken back
        "#);
    }
}
