//! The referee's scales: what the rules say and what the passage model says of one criterion, added up.
//!
//! The two fail on different papers, so their sum is right more often than either. Everything is counted in the model's
//! unit, the distance from its boundary, and every share only ever adds or only ever takes away: more evidence never
//! makes a match weaker. The numbers were set on three labelled companies; within 0.1 of each the result hardly changes.

use crate::domain::judge::verdict::Strength;

/// Rules that are sure lift a criterion from well below the boundary, but not from where the model hears nothing of it.
const SURE: f32 = 0.55;
/// A kind that independent signs agree on needs no word of the model: a table of names and days has none to hear.
const CERTAIN: f32 = 1.1;
/// One section that matched one pattern happens by chance more often.
const ONE_PASSAGE: f32 = 0.4;
/// Rules that only suspect.
const SUSPECTED: f32 = 0.2;
/// The best of a hundred criteria lies above the boundary now and then by chance.
const DOUBT: f32 = 0.15;
/// A record of which no rule knows the kind: said to be current, it would hide a gap.
const UNKNOWN_RECORD: f32 = 0.25;
/// A record of a known kind proves what its kind proves; what else it speaks of is mostly a mention.
const OTHER_KIND: f32 = 0.35;
/// A paper of a sort that only shares the words: a financial audit, a quality meeting.
const OTHER_SUBJECT: f32 = 0.2;
/// A manual speaks of many criteria, each in a few lines among much else.
const MANUAL: f32 = 0.15;
/// How far below the sum of a strong match a weak one may lie, if no rule speaks for it.
const WORTH_A_LOOK: f32 = 0.1;

/// As far below, one passage that met one pattern is there by chance: none of forty such pairs was a paper's subject.
const BY_CHANCE: f32 = 0.3;

/// What the rules say of a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rules {
    Silent,
    Suspect,
    OnePassage,
    Sure,
    /// What kind of record it is shows in several ways at once.
    Certain,
}

/// What sort of paper is weighed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// A record that no rule recognised.
    Record,
    /// A record of a kind that the rules are sure of.
    KnownRecord,
    Procedure,
    /// A procedure on many criteria.
    Manual,
}

/// What its subject is, going by its title and its clues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Open,
    /// Something that only shares the words.
    Other,
}

/// Whether the passage that speaks tells of something done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Done,
    /// It says that the thing is pending, requested, not started.
    StillOpen,
}

/// All that is weighed for one criterion of one paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Testimony {
    pub rules: Rules,
    /// The model's distance from its boundary, the file's name weighed in.
    pub margin: f32,
    pub paper: Paper,
    pub subject: Subject,
    pub state: State,
}

impl Testimony {
    /// From 0 on strong, if it tells of something done.
    pub fn sum(self) -> f32 {
        let rules = match self.rules {
            Rules::Silent => 0.0,
            Rules::Suspect => SUSPECTED,
            Rules::OnePassage => ONE_PASSAGE,
            Rules::Sure => SURE,
            Rules::Certain => CERTAIN,
        };
        let paper = match (self.paper, self.rules) {
            (Paper::Record, Rules::Silent) => -UNKNOWN_RECORD,
            (Paper::KnownRecord, Rules::Silent) => -OTHER_KIND,
            (Paper::Manual, _) => MANUAL,
            (Paper::Procedure, _)
            | (Paper::Record | Paper::KnownRecord, Rules::Suspect | Rules::OnePassage | Rules::Sure | Rules::Certain) => {
                0.0
            }
        };
        let subject = match self.subject {
            Subject::Open => 0.0,
            Subject::Other => -OTHER_SUBJECT,
        };
        self.margin + rules + paper + subject - DOUBT
    }

    /// What a rule found stays at least worth a look, but for one passage met where the model hears nothing near it.
    /// What is asked for, promised or not yet there is never more,
    /// however plainly the passage speaks of it.
    pub fn strength(self) -> Option<Strength> {
        let sum = self.sum();
        if sum >= 0.0 {
            Some(match self.state {
                State::Done => Strength::Strong,
                State::StillOpen => Strength::Weak,
            })
        } else {
            let floor = match self.rules {
                Rules::Silent => -WORTH_A_LOOK,
                Rules::OnePassage => -BY_CHANCE,
                Rules::Suspect | Rules::Sure | Rules::Certain => f32::NEG_INFINITY,
            };
            (sum >= floor).then_some(Strength::Weak)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: [Rules; 5] = [Rules::Silent, Rules::Suspect, Rules::OnePassage, Rules::Sure, Rules::Certain];

    fn testimony(rules: Rules, margin: f32) -> Testimony {
        Testimony { rules, margin, paper: Paper::Record, subject: Subject::Open, state: State::Done }
    }

    #[test]
    fn two_witnesses_are_better_than_one() {
        use Strength::{Strong, Weak};
        for (rules, margin, want) in [
            (Rules::Certain, -0.9, Some(Strong)),
            (Rules::Sure, 0.2, Some(Strong)),
            (Rules::Sure, -0.3, Some(Strong)),
            (Rules::Sure, -0.6, Some(Weak)),
            (Rules::OnePassage, -0.2, Some(Strong)),
            (Rules::OnePassage, -0.4, Some(Weak)),
            (Rules::OnePassage, -0.6, None),
            (Rules::Suspect, 0.0, Some(Strong)),
            (Rules::Suspect, -0.2, Some(Weak)),
            (Rules::Silent, 0.5, Some(Strong)),
            (Rules::Silent, 0.35, Some(Weak)),
            (Rules::Silent, 0.0, None),
            (Rules::Silent, -0.9, None),
        ] {
            assert_eq!(testimony(rules, margin).strength(), want, "{rules:?} {margin}");
        }
    }

    #[test]
    fn more_evidence_never_weakens() {
        let margins: Vec<f32> = (-10_i8..=10).map(|tenth| f32::from(tenth) / 10.0).collect();
        for paper in [Paper::Record, Paper::KnownRecord, Paper::Procedure, Paper::Manual] {
            for subject in [Subject::Other, Subject::Open] {
                for rules in RULES {
                    for pair in margins.windows(2) {
                        let at = |margin| Testimony { rules, margin, paper, subject, state: State::Done };
                        assert!(at(pair[0]).strength() <= at(pair[1]).strength(), "{rules:?} {paper:?} {pair:?}");
                    }
                }
                for pair in RULES.windows(2) {
                    let by = |rules| Testimony { rules, margin: -0.2, paper, subject, state: State::Done };
                    assert!(by(pair[0]).sum() < by(pair[1]).sum(), "{pair:?} {paper:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_open_is_worth_a_look_at_most() {
        for margin in [-0.9, 0.0, 0.5, 2.0] {
            let open = Testimony { state: State::StillOpen, ..testimony(Rules::Sure, margin) };
            assert_eq!(open.strength(), Some(Strength::Weak), "{margin}");
        }
    }

    #[test]
    fn the_setting_shifts_the_same_evidence() {
        let state = State::Done;
        let sum = |paper, subject| Testimony { rules: Rules::Silent, margin: 0.2, paper, subject, state }.sum();
        assert!(sum(Paper::KnownRecord, Subject::Open) < sum(Paper::Record, Subject::Open));
        assert!(sum(Paper::Record, Subject::Open) < sum(Paper::Procedure, Subject::Open));
        assert!(sum(Paper::Procedure, Subject::Open) < sum(Paper::Manual, Subject::Open));
        assert!(sum(Paper::Record, Subject::Other) < sum(Paper::Record, Subject::Open));
    }
}
