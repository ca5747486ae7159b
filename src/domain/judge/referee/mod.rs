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

use crate::domain::judge::signal::{Judgement, PaperForm};
use crate::domain::judge::verdict::Verdict;
use case::Case;
use heard::Heard;
use kinds::Look;
use names::{Names, Titled};

/// Dated rows that make a log.
const LOG_ROWS: u32 = 3;
/// Words that the properties of a picture take.
const CAMERA_WORDS: u32 = 12;

impl Referee<'_> {
    pub fn verdict(&self, judgement: &Judgement, hint: &PathHint) -> Verdict {
        let signals = &judgement.rules;
        let form = signals.role.form;
        let titled = Titled { titles: &signals.titles, core: &signals.core, form };
        let names = Names::of(self.patterns, &titled, hint);
        let mut kinds = kinds::scores(self.rules, &signals.kinds, &names, form);
        // The few words of a photo are its camera's: there is nothing for the model to hear.
        let mute = form == PaperForm::Picture && judgement.words <= CAMERA_WORDS;
        let look = if mute {
            Look::Photo
        } else if form == PaperForm::Sheet && signals.role.dated_rows >= LOG_ROWS {
            Look::Log
        } else {
            Look::Other
        };
        for score in &mut kinds {
            score.look = look;
        }
        let model = self.model.filter(|_| !mute);
        let heard = model.and_then(|model| Heard::of(model, &judgement.model, &hint.stem));
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
