//! The line after a scan: what one pass found and did.

use std::ops::AddAssign;

use serde::Serialize;

use super::json as form;
use super::look::{Look, Tone};
use super::text::wrap;

/// What one pass found and did, in documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ScanSummary {
    pub new: u64,
    pub changed: u64,
    pub moved: u64,
    pub gone: u64,
    pub unchanged: u64,
    pub unreadable: u64,
    pub unsupported: u64,
    pub ocr_pending: u64,
}

impl AddAssign for ScanSummary {
    fn add_assign(&mut self, part: Self) {
        self.new += part.new;
        self.changed += part.changed;
        self.moved += part.moved;
        self.gone += part.gone;
        self.unchanged += part.unchanged;
        self.unreadable += part.unreadable;
        self.unsupported += part.unsupported;
        self.ocr_pending += part.ocr_pending;
    }
}

#[derive(Serialize)]
struct ScanJson {
    schema: &'static str,
    #[serde(flatten)]
    summary: ScanSummary,
}

/// One sentence for a person: what moved is always said, what is unsupported or waiting only if there is any.
pub fn line(summary: ScanSummary, look: Look) -> String {
    let ScanSummary { new, changed, moved, gone, unchanged, unreadable, unsupported, ocr_pending } = summary;
    let mut words = format!(
        "{new} new, {changed} changed, {moved} moved, {gone} gone, {unchanged} unchanged, {unreadable} unreadable"
    );
    for (number, what) in [(unsupported, "unsupported"), (ocr_pending, "waiting for OCR")] {
        if number > 0 {
            words.push_str(&format!(", {number} {what}"));
        }
    }
    let mut out = wrap(&words, look.columns()).join("\n");
    if unreadable > 0 {
        let advice = "`evidex unreadable` says why, and what to do.";
        out.push_str(&format!("\n{}", look.paint(Tone::Doubt, advice)));
    }
    out.push('\n');
    out
}

/// One JSON value on one line.
pub fn json(summary: ScanSummary) -> String {
    form::line(&ScanJson { schema: "evidex.scan/1", summary })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::schemas::testing::assert_valid;

    #[test]
    fn says_what_happened() {
        let quiet = ScanSummary { new: 3, unchanged: 61, ..ScanSummary::default() };
        let loud = ScanSummary { unreadable: 2, unsupported: 4, ocr_pending: 1, ..quiet };
        for (summary, want) in [
            (quiet, "3 new, 0 changed, 0 moved, 0 gone, 61 unchanged, 0 unreadable\n"),
            (
                loud,
                "3 new, 0 changed, 0 moved, 0 gone, 61 unchanged, 2 unreadable, 4 unsupported, 1\nwaiting for OCR\n\
                 `evidex unreadable` says why, and what to do.\n",
            ),
        ] {
            assert_eq!(line(summary, Look::PLAIN), want);
            assert_valid("evidex.scan/1", &serde_json::from_str(&json(summary)).unwrap());
        }
    }
}
