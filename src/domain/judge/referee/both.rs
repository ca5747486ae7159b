//! What the rules found and what the model hears, brought before the scales criterion by criterion.

use std::collections::BTreeSet;

use crate::domain::ids::RecordKindId;
use crate::domain::judge::role::words::Sign;
use crate::domain::judge::verdict::{NeedKind, Quote, Role, Strength};
use crate::domain::reading::Place;

use super::case::{Case, Found, Grounds, Voice};
use super::heard::Heard;
use super::matches::FULL;
use super::role::Ruling;
use super::weigh::{Paper, Rules, State, Subject, Testimony};

/// The points of a clause found in one section alone.
const ONE_PASSAGE: f32 = 2.0;
/// A procedure on so many criteria is a manual.
const MANUAL_SUBJECTS: usize = 10;
/// So many dated rows are a log: that one of them is still open says nothing of the log.
const LOG_ROWS: u32 = 8;

/// Both witnesses of one paper.
pub struct Both<'c> {
    case: &'c Case<'c>,
    heard: &'c Heard<'c>,
    voice: Voice,
    role: Role,
    paper: Paper,
    subject: Subject,
    /// True for a workbook whose sheets are logs of different kinds.
    mixed: bool,
}

impl<'c> Both<'c> {
    /// None if the model has nothing to say: the rules then decide alone.
    pub fn of(case: &'c Case<'c>, ruling: &Ruling, subject: Subject, found: &[Found]) -> Option<Self> {
        let heard = case.heard.as_ref()?;
        let many = || heard.from(0.0).count() >= MANUAL_SUBJECTS;
        let known = found.iter().any(|found| found.record_kind.is_some() && found.strength == Strength::Strong);
        let paper = match ruling.voice {
            Voice::Done if known => Paper::KnownRecord,
            Voice::Done => Paper::Record,
            Voice::Rules | Voice::Both if many() => Paper::Manual,
            Voice::Rules | Voice::Both => Paper::Procedure,
        };
        let of_sheets = found.iter().filter(|found| !found.sheets.is_empty());
        let kinds: BTreeSet<&RecordKindId> = of_sheets.filter_map(|found| found.record_kind.as_ref()).collect();
        Some(Self { case, heard, voice: ruling.voice, role: ruling.role, paper, subject, mixed: kinds.len() > 1 })
    }

    /// Adds criteria that only the model hears of: as procedure or record, as the whole paper speaks.
    pub fn add_unknown(&self, found: &mut Vec<Found>) {
        match self.role {
            Role::Procedure | Role::Record | Role::Draft | Role::Form => {}
            Role::Guidance | Role::Profile | Role::OwnOutput | Role::Other => return,
        }
        for (criterion, _) in self.heard.from(0.0) {
            if found.iter().any(|found| found.criterion == *criterion) {
                continue;
            }
            let role = match self.voice {
                Voice::Rules => NeedKind::Procedure,
                Voice::Done => NeedKind::Record,
                Voice::Both => self.heard.passage(criterion, NeedKind::Procedure).map_or(NeedKind::Record, |p| p.role),
            };
            found.push(Found {
                criterion: criterion.clone(),
                role,
                strength: Strength::Weak,
                points: 0.0,
                grounds: Grounds::Usual,
                record_kind: None,
                sheets: self.sheet(self.heard.passage(criterion, role).map(|passage| &passage.quote)),
                reasons: Vec::new(),
                quotes: Vec::new(),
            });
        }
        found.sort_by(|a, b| (&a.criterion, a.role).cmp(&(&b.criterion, b.role)));
    }

    fn sheet(&self, quote: Option<&Quote>) -> Vec<u16> {
        match quote.map(|quote| quote.place) {
            Some(Place::Row { sheet, .. }) if self.mixed => vec![sheet],
            Some(Place::Row { .. } | Place::Page(_) | Place::Slide(_) | Place::Paragraph(_) | Place::Line(_))
            | None => Vec::new(),
        }
    }

    /// The same with the strength that both witnesses together give it; none if that is nothing.
    pub fn weighed(&self, mut found: Found) -> Option<Found> {
        let Some(margin) = self.heard.margin(&found.criterion) else { return Some(found) };
        let rules = rules(&found);
        let passage = self.heard.passage(&found.criterion, found.role).filter(|_| margin >= 0.0);
        let state = self.state(&found, passage.map(|passage| &passage.quote));
        let testimony = Testimony { rules, margin, paper: self.paper, subject: self.subject, state };
        let strength = testimony.strength()?;
        if state == State::StillOpen {
            found.reasons.push("the passage says that it is still open".to_owned());
        }
        if let Some(passage) = passage {
            let words = if passage.words.is_empty() { "its name".to_owned() } else { passage.words.join(", ") };
            found.reasons.push(format!("speaks of: {words}"));
            found.quotes.push(passage.quote.clone());
        } else if strength < found.strength {
            found.reasons.push("little else in it speaks of this: a person should look".to_owned());
        }
        found.strength = strength;
        found.points = FULL * (0.5 + testimony.sum() / 2.0);
        Some(found)
    }

    /// Open if every passage that speaks for a record says so; a log as a whole is not open because a row is.
    fn state(&self, found: &Found, heard: Option<&Quote>) -> State {
        if found.role == NeedKind::Procedure || self.case.signals().dated_rows >= LOG_ROWS {
            return State::Done;
        }
        let of_text = found.quotes.iter().chain(heard).filter(|quote| !quote.place_text.is_empty());
        let mut passages = of_text.filter(|quote| !self.case.is_title(quote)).peekable();
        let open = passages.peek().is_some() && passages.all(|quote| self.case.text_says(Sign::StillOpen, &quote.text));
        if open { State::StillOpen } else { State::Done }
    }
}

fn rules(found: &Found) -> Rules {
    match found.strength {
        _ if found.points <= 0.0 => Rules::Silent,
        Strength::Weak => Rules::Suspect,
        Strength::Strong if found.points <= ONE_PASSAGE => Rules::OnePassage,
        Strength::Strong => match found.grounds {
            Grounds::Usual => Rules::Sure,
            Grounds::Certain => Rules::Certain,
        },
    }
}
