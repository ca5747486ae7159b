//! The sentences of an assessment: what is wanted, what is there, what lacks, what to do next. For a manager: no scores.

use crate::domain::catalog::{Criterion, Need, Trigger};
use crate::domain::day::Period;
use crate::domain::ids::RecordKindId;
use crate::domain::judge::verdict::{NeedKind, Strength};

use super::day::Kinds;
use super::status::{AssessedNeed, Bearing, NeedState, Status};

/// Papers named in one sentence.
const NAMED: usize = 3;
/// Record kinds named in one sentence.
const KINDS: usize = 3;
/// Pieces of evidence suggested at once.
const SUGGESTED: usize = 2;

/// The three sentences of a gap.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sentences {
    pub have: String,
    pub lacks: String,
    pub next: String,
}

/// What a need asks for: `a visitor log, at most 12 months old`.
pub(super) fn wanted(need: &Need, kinds: &Kinds<'_>) -> String {
    match need.kind {
        NeedKind::Procedure => "a written procedure in force".to_owned(),
        NeedKind::Record => {
            let name = record_names(&need.any_of, kinds).unwrap_or_else(|| "record that it is done".to_owned());
            let age = need.max_age.map_or_else(|| "12 months".to_owned(), in_words);
            let every = need.every.map(|every| format!(", one every {}", in_words(every))).unwrap_or_default();
            let trigger = match need.trigger {
                Trigger::Always => "",
                Trigger::OnEvent => ", if something happened",
                Trigger::IfUsed => ", if this is used at all",
            };
            format!("{} {name}, at most {age} old{every}{trigger}", article(&name))
        }
    }
}

fn article(name: &str) -> &'static str {
    if name.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) { "an" } else { "a" }
}

fn record_names(ids: &[RecordKindId], kinds: &Kinds<'_>) -> Option<String> {
    let named =
        ids.iter().take(KINDS).map(|id| kinds.get(id).map_or_else(|| id.to_string(), |kind| lower_first(&kind.name)));
    let names: Vec<String> = named.collect();
    if names.is_empty() { None } else { Some(names.join(" or ")) }
}

/// `Seal log` inside a sentence; `CCTV review` and `GPS report` keep their capitals.
fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(name.chars().skip(1)).collect()
        }
        (Some(_) | None, _) => name.to_owned(),
    }
}

fn in_words(period: Period) -> String {
    let (count, unit) = match period {
        Period::Days(7) => return "week".to_owned(),
        Period::Days(days) => (days, "day"),
        Period::Months(months) => (months, "month"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// What a criterion's papers are called in its sentences.
pub(super) struct Speaker<'a> {
    pub criterion: &'a Criterion,
    pub kinds: &'a Kinds<'a>,
}

impl Speaker<'_> {
    /// Empty for what is no gap.
    pub fn gap(&self, status: Status, needs: &[AssessedNeed], blocked: &[Bearing]) -> Sentences {
        if !status.is_gap() {
            return Sentences::default();
        }
        let open: Vec<&AssessedNeed> =
            needs.iter().filter(|need| need.state != NeedState::Met).filter(|n| self.is_demanded(n)).collect();
        let lacks: Vec<String> = open.iter().map(|need| self.lack(need)).collect();
        let next: Vec<String> = open.iter().map(|need| self.step(need, blocked)).collect();
        Sentences { have: self.have(needs, blocked), lacks: lacks.join("; "), next: next.join("; ") }
    }

    fn is_demanded(&self, need: &AssessedNeed) -> bool {
        self.criterion.needs.iter().any(|own| own.kind == need.kind)
    }

    fn paper(&self, bearing: &Bearing, need: NeedKind) -> String {
        let of_kind =
            bearing.record_kind.as_ref().and_then(|id| self.kinds.get(id)).map(|kind| lower_first(&kind.name));
        let what = match (need, of_kind) {
            (NeedKind::Procedure, _) => "procedure".to_owned(),
            (NeedKind::Record, Some(kind)) => kind,
            (NeedKind::Record, None) => "record".to_owned(),
        };
        let day = bearing.effective.as_ref().map_or_else(|| ", undated".to_owned(), |date| format!(" of {}", date.day));
        format!("the {what}{day} ({})", bearing.document.path)
    }

    fn have(&self, needs: &[AssessedNeed], blocked: &[Bearing]) -> String {
        let strong = |b: &&Bearing| b.strength == Strength::Strong;
        let papers: Vec<String> = needs
            .iter()
            .flat_map(|need| need.bearings.iter().filter(strong).take(NAMED).map(|b| self.paper(b, need.kind)))
            .take(NAMED)
            .collect();
        if !papers.is_empty() {
            return papers.join(", ");
        }
        let touching: Vec<String> =
            needs.iter().flat_map(|need| need.bearings.iter().map(|b| self.paper(b, need.kind))).take(NAMED).collect();
        if !touching.is_empty() {
            return format!("only what may bear on it: {}", touching.join(", "));
        }
        match blocked.first() {
            Some(bearing) => {
                let why = bearing.blocked_by.as_deref().unwrap_or("does not count");
                format!("found, but: {} ({why})", bearing.document.path)
            }
            None => "nothing that bears on it".to_owned(),
        }
    }

    fn lack(&self, need: &AssessedNeed) -> String {
        let newest = need.bearings.iter().find(|b| b.strength == Strength::Strong).or(need.bearings.first());
        match (need.kind, need.state) {
            (_, NeedState::Met) => String::new(),
            (NeedKind::Procedure, NeedState::Weak) => match newest {
                Some(b) => format!("a procedure that says so plainly; {} only touches on it", b.document.path),
                None => "a procedure that says so plainly".to_owned(),
            },
            (NeedKind::Procedure, NeedState::Stale | NeedState::Absent) => "a written procedure in force".to_owned(),
            (NeedKind::Record, NeedState::Weak) if need.missing_periods.len() > 1 => {
                format!("no record for {}", need.missing_periods.join(", "))
            }
            (NeedKind::Record, NeedState::Weak) => {
                let site = need.warnings.iter().find(|warning| warning.starts_with("none for "));
                match (site, newest) {
                    (Some(site), _) => format!("{site}: each site needs its own"),
                    (None, Some(b)) => format!("certainty that {} is {}", b.document.path, need.wanted),
                    (None, None) => need.wanted.clone(),
                }
            }
            (NeedKind::Record, NeedState::Stale) => {
                let day = newest.and_then(|b| b.effective.as_ref()).map(|date| date.day.to_string());
                format!(
                    "{}; the newest is of {}",
                    self.none_of(need),
                    day.unwrap_or_else(|| "an unknown day".to_owned())
                )
            }
            (NeedKind::Record, NeedState::Absent) => self.none_of(need),
        }
    }

    /// `no seal log of the last 12 months`.
    fn none_of(&self, need: &AssessedNeed) -> String {
        let own = self.own_need(need);
        let name = own
            .and_then(|own| record_names(&own.any_of, self.kinds))
            .unwrap_or_else(|| "record that it is done".to_owned());
        let age = own.and_then(|own| own.max_age).map_or_else(|| "12 months".to_owned(), in_words);
        format!("no {name} of the last {age}")
    }

    fn step(&self, need: &AssessedNeed, blocked: &[Bearing]) -> String {
        let weakest = need.bearings.iter().find(|b| b.strength == Strength::Weak);
        match (need.kind, need.state) {
            (_, NeedState::Met) => String::new(),
            (NeedKind::Record, NeedState::Weak) if need.missing_periods.len() > 1 => {
                "file the records of these periods, or note why there are none".to_owned()
            }
            (_, NeedState::Weak) => match weakest {
                Some(b) => format!("look at {} and accept or reject it for {}", b.document.path, self.criterion.id),
                None => self.collect("file"),
            },
            (NeedKind::Procedure, NeedState::Stale | NeedState::Absent) => match draft(blocked) {
                Some(path) => {
                    format!("approve and date {path}, or write the procedure: {}", lower_first(&self.criterion.title))
                }
                None => format!("write, approve and date a procedure: {}", lower_first(&self.criterion.title)),
            },
            (NeedKind::Record, NeedState::Stale) => self.collect("file the newest"),
            (NeedKind::Record, NeedState::Absent) => {
                let collect = self.collect("collect");
                let step = match form(blocked) {
                    Some(path) => format!("fill in, sign and date {path}, or {collect}"),
                    None => collect,
                };
                format!("{step}{}", self.way_out(need))
            }
        }
    }

    /// What to say where the need may not arise at all.
    fn way_out(&self, need: &AssessedNeed) -> &'static str {
        match self.own_need(need).map(|own| own.trigger) {
            Some(Trigger::OnEvent) => "; if nothing happened that would be recorded, say so by a decision",
            Some(Trigger::IfUsed) => "; if this is not used here, decide that it does not apply",
            Some(Trigger::Always) | None => "",
        }
    }

    fn own_need(&self, need: &AssessedNeed) -> Option<&Need> {
        self.criterion.needs.iter().find(|own| own.kind == need.kind && wanted(own, self.kinds) == need.wanted)
    }

    fn collect(&self, verb: &str) -> String {
        // The catalog lists procedures and records together; a record is what lacks here.
        let is_paper_of_rules =
            |text: &str| ["procedure", "policy", "plan", "sop"].iter().any(|w| text.to_lowercase().contains(w));
        let own = self.criterion.evidence.iter();
        let records: Vec<&str> =
            own.map(String::as_str).filter(|text| !is_paper_of_rules(text)).take(SUGGESTED).collect();
        let record_need = self.criterion.needs.iter().find(|need| need.kind == NeedKind::Record);
        let kinds = record_need.and_then(|need| record_names(&need.any_of, self.kinds));
        match (records.is_empty(), kinds) {
            (false, _) => format!("{verb}: {}", records.join("; or ")),
            (true, Some(kinds)) => format!("{verb} the {kinds}"),
            (true, None) => format!("{verb} a dated record that it is done"),
        }
    }
}

fn named_by<'a>(blocked: &'a [Bearing], reason: &str) -> Option<&'a str> {
    let of_reason = |b: &&Bearing| b.blocked_by.as_deref().is_some_and(|why| why.starts_with(reason));
    blocked.iter().find(of_reason).map(|b| b.document.path.as_str())
}

fn draft(blocked: &[Bearing]) -> Option<&str> {
    named_by(blocked, "draft")
}

fn form(blocked: &[Bearing]) -> Option<&str> {
    named_by(blocked, "blank form")
}
