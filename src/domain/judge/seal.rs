//! What is kept of a private document: what it proves and when, and none of its words.
//!
//! Signals hold words (titles, labels, passages), so they are weighed at once and dropped: what they came to is kept.
//! The sketch and the counts say nothing that could be read.

use super::dates;
use super::signal::{Judgement, ModelSignals, RuleSignals};
use super::verdict::{Match, Quote, Verdict};

/// What stands where a quotation would.
pub(crate) const PRIVATE: &str = "private";

impl Judgement {
    /// The judgement without words, of which `verdict` is what they came to.
    #[must_use]
    pub fn sealed(self, verdict: Verdict) -> Self {
        Self {
            rules: RuleSignals::default(),
            model: ModelSignals::default(),
            dates: dates::without_words(self.dates),
            sealed: Some(verdict.sealed()),
            // What is left without its bad passages holds the document's words as much as the whole does.
            sure: None,
            ..self
        }
    }
}

impl Verdict {
    /// The verdict with no word of the document in it.
    #[must_use]
    pub fn sealed(self) -> Self {
        let reasons = |reasons: &[String]| if reasons.is_empty() { Vec::new() } else { vec![PRIVATE.to_owned()] };
        Self {
            role_reasons: reasons(&self.role_reasons),
            lacks: reasons(&self.lacks),
            matches: self.matches.into_iter().map(Match::sealed).collect(),
            ..self
        }
    }
}

impl Match {
    fn sealed(self) -> Self {
        let reasons = if self.reasons.is_empty() { Vec::new() } else { vec![PRIVATE.to_owned()] };
        // One stands for all: how many passages speak of something is told by none.
        let quotes = self.quotes.into_iter().take(1).map(Quote::sealed).collect();
        Self { reasons, quotes, ..self }
    }
}

impl Quote {
    /// The same place, nothing said. The place in words may be the name of a sheet.
    fn sealed(self) -> Self {
        Self { place: self.place, place_text: String::new(), text: PRIVATE.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use PassageKind::{Heading, TableHead, TableRow, Text};

    use super::*;
    use crate::domain::catalog::Catalog;
    use crate::domain::judge::Judge;
    use crate::domain::reading::{Format, Passage, PassageKind, Place, Properties, Reading};

    fn reading(lines: &[(PassageKind, &str)]) -> Reading {
        let passage = |(number, (kind, text)): (u32, &(PassageKind, &str))| Passage {
            place: Place::Paragraph(number),
            kind: *kind,
            text: (*text).to_owned(),
            confidence: None,
        };
        let passages = (1..).zip(lines).map(passage).collect();
        let title = Some("Quetzal papers".to_owned());
        let properties = Properties { title, ..Properties::default() };
        Reading { format: Format::Docx, properties, sheets: Vec::new(), passages, truncated: false }
    }

    #[test]
    fn no_word_of_the_document_is_left() {
        let judge = Judge::new(Catalog::built_in());
        let paper = reading(&[
            (Heading, "Seal Log of Ramona Quetzal"),
            (Text, "Inspected by: Quetzal"),
            (TableHead, "Date\tSeal number\tTrailer\tChecked by"),
            (TableRow, "2026-10-29\tHP4711\tT-1\tQuetzal"),
            (TableRow, "2026-10-30\tHP4712\tT-2\tQuetzal"),
        ]);
        let judgement = judge.judge(&paper);
        let open = judge.verdict(&judgement, &Judge::hint("HR/seal log.docx"));
        assert!(!open.matches.is_empty(), "a log that proves nothing shows nothing here");
        let sealed = judgement.clone().sealed(open.clone());
        let kept = serde_json::to_string(&sealed).unwrap().to_lowercase();
        for word in ["quetzal", "ramona"] {
            assert!(
                serde_json::to_string(&judgement).unwrap().to_lowercase().contains(word),
                "{word} is not in it anyway"
            );
            assert!(!kept.contains(word), "{word}: {kept}");
        }
        // Weighed anew under any name, it comes to the same.
        let again = judge.verdict(&sealed, &Judge::hint("x.txt"));
        assert_eq!(again.role, open.role);
        let what = |verdict: &Verdict| -> Vec<_> {
            verdict.matches.iter().map(|m| (m.criterion.clone(), m.role, m.strength)).collect()
        };
        assert_eq!(what(&again), what(&open));
        assert!(again.matches.iter().all(|found| found.quotes.iter().all(|quote| quote.text == PRIVATE)));
        assert_eq!((sealed.sketch, sealed.dates.row_days), (judgement.sketch, judgement.dates.row_days));
    }
}
