//! Badly recognised text: it can point a person somewhere, and proves nothing by itself.
//!
//! A content with such text is judged twice, with it and without it. What only the whole text makes strong is weak.
//! Apart from the referee, because nothing there has to know how a passage came to be read.

use super::verdict::{Match, Strength, Verdict};
use crate::domain::reading::{Passage, Reading};

const REASON: &str = "rests on text that was hard to recognise in a picture";

/// The reading without its badly recognised passages, if it has any.
pub(super) fn left_out(reading: &Reading) -> Option<Reading> {
    let passages: Vec<Passage> = reading.passages.iter().filter(|passage| !passage.is_doubtful()).cloned().collect();
    let is_whole = passages.len() == reading.passages.len();
    let (properties, sheets) = (reading.properties.clone(), reading.sheets.clone());
    (!is_whole).then_some(Reading {
        format: reading.format,
        properties,
        sheets,
        passages,
        truncated: reading.truncated,
    })
}

/// The verdict on the whole, with what the sure part does not bear out made weak.
pub(super) fn weakened(mut verdict: Verdict, sure: &Verdict) -> Verdict {
    let alike = |a: &Match, b: &Match| a.criterion == b.criterion && a.role == b.role;
    for found in verdict.matches.iter_mut().filter(|found| found.strength == Strength::Strong) {
        let borne_out = sure.matches.iter().any(|other| alike(other, found) && other.strength == Strength::Strong);
        if !borne_out {
            found.strength = Strength::Weak;
            found.reasons.push(REASON.to_owned());
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::Catalog;
    use crate::domain::judge::Judge;
    use crate::domain::reading::{Format, PassageKind, Place, Properties};

    fn log(confidence: Option<u8>) -> Reading {
        let rows = [
            (PassageKind::Heading, "Visitor log"),
            (
                PassageKind::TableHead,
                "Date\tVisitor\tCompany\tPerson visited\tBadge no.\tTime in\tTime out\tID checked",
            ),
            (PassageKind::TableRow, "2026-09-01\tJ. Doe\tAcme\tA. Roe\t12\t09:10\t10:00\tyes"),
            (PassageKind::TableRow, "2026-09-02\tM. Poe\tAcme\tA. Roe\t13\t09:20\t10:30\tyes"),
        ];
        let passage = |(kind, text): (PassageKind, &str)| Passage {
            place: Place::Page(1),
            kind,
            text: text.to_owned(),
            confidence,
        };
        let passages = rows.into_iter().map(passage).collect();
        let properties = Properties::default();
        Reading { format: Format::Pdf, properties, sheets: Vec::new(), passages, truncated: false }
    }

    #[test]
    fn badly_recognised_text_makes_weak_matches_only() {
        let judge = Judge::new(Catalog::built_in());
        let strengths = |confidence| {
            let judgement = judge.judge(&log(confidence));
            let verdict = judge.verdict(&judgement, &Judge::hint("visitor log.pdf"));
            verdict.matches.iter().map(|found| found.strength).collect::<Vec<_>>()
        };
        let read = strengths(None);
        assert!(read.contains(&Strength::Strong));
        assert_eq!(strengths(Some(90)), read);
        let doubtful = strengths(Some(40));
        assert_eq!(doubtful.len(), read.len());
        assert!(!doubtful.contains(&Strength::Strong));
    }

    #[test]
    fn only_readings_with_bad_passages_are_judged_twice() {
        for (confidence, twice) in [(None, false), (Some(90), false), (Some(59), true)] {
            assert_eq!(left_out(&log(confidence)).is_some(), twice, "{confidence:?}");
        }
    }
}
