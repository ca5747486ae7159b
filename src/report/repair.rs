//! What was wrong with a state, what was done, and what is lost.

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::rows::HeadRow;
use super::text::{count, hang};
use super::{GENERATED_BY, json as form};
use crate::domain::fact::Head;

/// A state in order again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repaired {
    pub state: String,
    pub mended: Mended,
    pub head: Option<Head>,
}

/// What the ledger needed; the index is built anew in any case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mended {
    Nothing,
    /// A repair or restore that had been broken off was finished.
    Finished,
    /// Tables that are made from the facts were made anew.
    Derived,
    /// What could be saved lies in a new ledger.
    Saved(Saved),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    pub old_head: Option<Head>,
    pub facts_kept: u64,
    pub facts_lost: u64,
    pub texts_lost: u64,
    /// Where the damaged ledger is kept.
    pub kept: Option<String>,
}

#[derive(Serialize)]
struct RepairedJson<'a> {
    schema: &'static str,
    generator: &'static str,
    state: &'a str,
    ledger: &'static str,
    old_head: Option<HeadRow>,
    facts_kept: Option<u64>,
    facts_lost: Option<u64>,
    texts_lost: Option<u64>,
    kept: Option<&'a str>,
    head: Option<HeadRow>,
}

pub fn table(repaired: &Repaired, look: Look) -> String {
    let (tone, done) = match &repaired.mended {
        Mended::Nothing => (Tone::Good, "The ledger is whole; the index was built anew."),
        Mended::Finished => {
            (Tone::Good, "A repair or restore that was broken off is finished; the index was built anew.")
        }
        Mended::Derived => (Tone::Good, "The ledger's facts are whole; its tables and the index were built anew."),
        Mended::Saved(_) => (Tone::Doubt, "The ledger was damaged; what could be saved is in a new one."),
    };
    let mut out = String::new();
    for line in hang("", done, look.columns()).lines() {
        out.push_str(&format!("{}\n", look.paint(tone, line)));
    }
    if let Mended::Saved(saved) = &repaired.mended {
        out.push_str(&loss(saved, look));
    }
    let head =
        |head: Option<Head>| head.map_or_else(|| "none".to_owned(), |h| format!("{} (fact {})", h.hash, h.seq.0));
    if let Mended::Saved(saved) = &repaired.mended {
        out.push_str(&format!("  Old head {}\n", head(saved.old_head)));
    }
    out.push_str(&format!("  Head     {}\n", head(repaired.head)));
    out.push_str(&hang("  State    ", &terminal(&repaired.state), look.columns()));
    out
}

fn loss(saved: &Saved, look: Look) -> String {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let kept = count(number(saved.facts_kept), "fact", "facts");
    let texts = count(number(saved.texts_lost), "text", "texts");
    let mut out = hang("  Saved    ", &format!("{kept}; lost: {} and {texts}", saved.facts_lost), look.columns());
    if let Some(damaged) = &saved.kept {
        out.push_str(&hang("  Kept     ", &format!("the damaged ledger, as {}", terminal(damaged)), look.columns()));
    }
    let advice = "Run `evidex scan`: it reads again what is lost of documents that are still there. Look through \
                  `evidex decisions`: one that is missing must be made again.";
    out.push_str(&hang("  Do next  ", advice, look.columns()));
    out
}

pub fn json(repaired: &Repaired) -> String {
    let saved = match &repaired.mended {
        Mended::Saved(saved) => Some(saved),
        Mended::Nothing | Mended::Finished | Mended::Derived => None,
    };
    let ledger = match &repaired.mended {
        Mended::Nothing => "whole",
        Mended::Finished => "finished",
        Mended::Derived => "tables-rebuilt",
        Mended::Saved(_) => "salvaged",
    };
    form::pretty(&RepairedJson {
        schema: "evidex.repair/1",
        generator: GENERATED_BY,
        state: &repaired.state,
        ledger,
        old_head: saved.and_then(|saved| saved.old_head).map(HeadRow::from),
        facts_kept: saved.map(|saved| saved.facts_kept),
        facts_lost: saved.map(|saved| saved.facts_lost),
        texts_lost: saved.map(|saved| saved.texts_lost),
        kept: saved.and_then(|saved| saved.kept.as_deref()),
        head: repaired.head.map(HeadRow::from),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{ContentHash, Seq};
    use crate::report::schemas::testing::assert_valid;

    #[test]
    fn each_repair_in_words_and_by_its_schema() {
        let head = Some(Head { seq: Seq(12), hash: ContentHash([0xab; 32]) });
        let saved =
            Saved { old_head: head, facts_kept: 11, facts_lost: 1, texts_lost: 2, kept: Some("/s/d.db".into()) };
        for (mended, words, code) in [
            (Mended::Nothing, "The ledger is whole", "whole"),
            (Mended::Finished, "broken off is finished", "finished"),
            (Mended::Derived, "its tables and the index", "tables-rebuilt"),
            (Mended::Saved(saved), "11 facts; lost: 1 and 2 texts", "salvaged"),
        ] {
            let repaired = Repaired { state: "/s".into(), mended, head };
            let screen = table(&repaired, Look::PLAIN);
            assert!(screen.contains(words), "{screen}");
            let value: serde_json::Value = serde_json::from_str(&json(&repaired)).unwrap();
            assert_eq!(value["ledger"], code);
            assert_valid("evidex.repair/1", &value);
        }
    }
}
