//! Signals of a content and hints of a path, weighed into role and matches.
//!
//! Cheap and pure: the text is not read again. `names` matches what the paper and its file call themselves, `kinds`
//! scores record kinds, `role` says what the paper is, `procedures` reads its clauses, `heard` is what the passage model
//! says; `matches` gathers what the rules found, `both` brings the two together, and `weigh` decides.

mod both;
mod case;
mod genre;
mod heard;
mod hint;
mod kinds;
mod matches;
mod names;
mod poison;
mod procedures;
mod role;
mod weigh;

pub use case::Referee;
pub use hint::PathHint;

use crate::domain::judge::signal::Judgement;
use crate::domain::judge::verdict::Verdict;
use case::Case;
use heard::Heard;
use names::{Names, Titled};

impl Referee<'_> {
    pub fn verdict(&self, judgement: &Judgement, hint: &PathHint) -> Verdict {
        let signals = &judgement.rules;
        let form = signals.role.form;
        let titled = Titled { titles: &signals.titles, core: &signals.core, form };
        let names = Names::of(self.patterns, &titled, hint);
        let kinds = kinds::scores(self.rules, &signals.kinds, &names, form);
        let heard = self.model.and_then(|model| Heard::of(model, &judgement.model, &hint.stem));
        let case = Case { referee: *self, judgement, names, kinds, heard };
        let ruling = role::rule(&case);
        let matches = matches::matches(&case, &ruling);
        Verdict {
            role: ruling.role,
            role_reasons: ruling.reasons,
            matches,
            lacks: ruling.lacks,
            superseded: ruling.superseded,
        }
    }
}

#[cfg(test)]
mod tests;
