//! Whether the ledger is what it was: its chain of hashes checked from end to end.

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::rows::HeadRow;
use super::text::{count, hang};
use super::{GENERATED_BY, json as form};
use crate::domain::fact::Head;
use crate::domain::ids::Seq;

/// What checking the chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    pub state: String,
    pub facts: u64,
    /// Payloads that were erased on purpose.
    pub erased: u64,
    pub head: Option<Head>,
    pub finding: Finding,
    /// The files beside the ledger, if they were read again.
    pub rehash: Option<Rehash>,
}

impl Verified {
    /// True if nothing was found that should not be.
    pub fn is_good(&self) -> bool {
        self.finding == Finding::Intact && self.rehash.as_ref().is_none_or(|rehash| rehash.differing.is_empty())
    }
}

/// Every document's file, read again and compared with the content that the ledger names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rehash {
    pub checked: u64,
    pub same: u64,
    /// Could not be read, or lie in a root that is offline.
    pub unread: u64,
    pub differing: Vec<Differing>,
}

/// A file that is not what the ledger says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Differing {
    pub root: String,
    pub path: String,
    pub what: Difference,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Difference {
    /// Other bytes under the same size and times: a rotten disk, or somebody who did not want it seen.
    Altered,
    /// Written to since the last pass.
    Changed,
    Gone,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    Intact,
    /// Something is not as it was written; the fact, where it is one, and `why` in words.
    Broken {
        seq: Option<Seq>,
        why: String,
    },
    /// The expected head is not in the chain: its tail was cut, or it belongs to another ledger.
    HeadMissing {
        expected: String,
    },
}

#[derive(Serialize)]
struct VerifyJson<'a> {
    schema: &'static str,
    generator: &'static str,
    state: &'a str,
    result: &'static str,
    facts: u64,
    erased: u64,
    head: Option<HeadRow>,
    /// The fact at which the chain breaks.
    broken_at: Option<u64>,
    why: Option<&'a str>,
    expected: Option<&'a str>,
    rehash: Option<&'a Rehash>,
}

/// Files named on a screen; more are counted.
const NAMED_MAX: usize = 20;

pub fn table(verified: &Verified, look: Look) -> String {
    let (tone, finding) = match &verified.finding {
        Finding::Intact => (Tone::Good, "The ledger is intact: every fact is as it was written.".to_owned()),
        Finding::Broken { seq, why } => {
            let at = seq.map_or_else(String::new, |seq| format!(" at fact {}", seq.0));
            (Tone::Bad, format!("The ledger is broken{at}: {}.", terminal(why)))
        }
        Finding::HeadMissing { expected } => (
            Tone::Bad,
            format!(
                "The expected head {} is not in this ledger: its newest facts were cut off, or it is another ledger.",
                terminal(expected)
            ),
        ),
    };
    let mut out = String::new();
    for line in hang("", &finding, look.columns()).lines() {
        out.push_str(&format!("{}\n", look.paint(tone, line)));
    }
    if verified.finding != Finding::Intact {
        let advice = "Restore a backup made before this (`evidex restore FILE --force`), or save what can be saved (`evidex repair`).";
        out.push_str(&hang("  Do next  ", advice, look.columns()));
    }
    let facts = count(usize::try_from(verified.facts).unwrap_or(usize::MAX), "fact", "facts");
    out.push_str(&hang("  Checked  ", &format!("{facts}, {} erased on purpose", verified.erased), look.columns()));
    let head = verified.head.map_or_else(|| "none".to_owned(), |head| format!("{} (fact {})", head.hash, head.seq.0));
    out.push_str(&format!("  Head     {head}\n"));
    out.push_str(&hang("  State    ", &terminal(&verified.state), look.columns()));
    if let Some(rehash) = &verified.rehash {
        out.push_str(&files(rehash, look));
    }
    out
}

fn files(rehash: &Rehash, look: Look) -> String {
    let Rehash { checked, same, unread, differing } = rehash;
    let told = format!("{checked} read again: {same} the same, {} not, {unread} could not be read", differing.len());
    let tone = if differing.is_empty() { Tone::Good } else { Tone::Bad };
    let mut out = look.paint(tone, &hang("  Files    ", &told, look.columns()));
    for file in differing.iter().take(NAMED_MAX) {
        let what = match file.what {
            Difference::Altered => "other bytes under the same size and times: restore it, and look at the disk",
            Difference::Changed => "written to since the last pass: run `evidex scan`",
            Difference::Gone => "gone since the last pass: run `evidex scan`",
        };
        out.push_str(&hang("           ", &format!("{}: {what}", terminal(&file.path)), look.columns()));
    }
    if differing.len() > NAMED_MAX {
        out.push_str(&format!("           and {} more (`--format json`)\n", differing.len() - NAMED_MAX));
    }
    out
}

pub fn json(verified: &Verified) -> String {
    let (result, broken_at, why, expected) = match &verified.finding {
        Finding::Intact => ("intact", None, None, None),
        Finding::Broken { seq, why } => ("broken", seq.map(|seq| seq.0), Some(why.as_str()), None),
        Finding::HeadMissing { expected } => ("head-missing", None, None, Some(expected.as_str())),
    };
    form::pretty(&VerifyJson {
        schema: "evidex.verify/1",
        generator: GENERATED_BY,
        state: &verified.state,
        result,
        facts: verified.facts,
        erased: verified.erased,
        head: verified.head.map(HeadRow::from),
        broken_at,
        why,
        expected,
        rehash: verified.rehash.as_ref(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ContentHash;
    use crate::report::schemas::testing::assert_valid;

    fn verified(finding: Finding) -> Verified {
        let head = Some(Head { seq: Seq(1204), hash: ContentHash([0xab; 32]) });
        Verified { state: "/var/lib/evidex".into(), facts: 1204, erased: 3, head, finding, rehash: None }
    }

    #[test]
    fn each_finding_in_words_and_by_its_schema() {
        let broken = Finding::Broken { seq: Some(Seq(17)), why: "its hash does not follow from fact 16".into() };
        let cut = Finding::HeadMissing { expected: "beef".into() };
        for (finding, words, code) in [
            (Finding::Intact, "The ledger is intact", "intact"),
            (broken, "The ledger is broken at fact 17: its hash does not follow from fact 16.", "broken"),
            (cut, "The expected head beef is not in this ledger", "head-missing"),
        ] {
            let verified = verified(finding);
            let screen = table(&verified, Look::PLAIN);
            assert!(screen.starts_with(words), "{screen}");
            assert!(screen.contains(&format!("  Head     {} (fact 1204)\n", "ab".repeat(32))), "the head in full");
            let value: serde_json::Value = serde_json::from_str(&json(&verified)).unwrap();
            assert_eq!(value["result"], code);
            assert_valid("evidex.verify/1", &value);
        }
    }

    #[test]
    fn files_that_differ_are_named_with_what_to_do() {
        let differ = |what| Differing { root: "/srv".into(), path: "a.txt".into(), what };
        for (what, words, code) in [
            (Difference::Altered, "same size and times", "altered"),
            (Difference::Changed, "written to since", "changed"),
            (Difference::Gone, "gone since", "gone"),
        ] {
            let rehash = Rehash { checked: 9, same: 7, unread: 1, differing: vec![differ(what)] };
            let verified = Verified { rehash: Some(rehash), ..verified(Finding::Intact) };
            assert!(!verified.is_good());
            let screen = table(&verified, Look::PLAIN);
            assert!(screen.contains(words) && screen.contains("7 the same, 1 not, 1 could"), "{screen}");
            let value: serde_json::Value = serde_json::from_str(&json(&verified)).unwrap();
            assert_eq!(value["rehash"]["differing"][0]["what"], code);
            assert_valid("evidex.verify/1", &value);
        }
        let none = Verified { rehash: Some(Rehash::default()), ..verified(Finding::Intact) };
        assert!(none.is_good());
    }

    #[test]
    fn an_empty_ledger_has_no_head() {
        let verified = Verified { head: None, facts: 0, erased: 0, ..verified(Finding::Intact) };
        assert!(table(&verified, Look::PLAIN).contains("  Head     none\n"));
        assert_valid("evidex.verify/1", &serde_json::from_str(&json(&verified)).unwrap());
    }
}
