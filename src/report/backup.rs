//! What a backup holds, and what became of a state that was made from one.

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::rows::HeadRow;
use super::text::{count, hang};
use super::{GENERATED_BY, json as form};
use crate::domain::fact::Head;

/// A backup that was written and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    pub file: String,
    pub facts: u64,
    pub erased: u64,
    pub head: Option<Head>,
}

/// A state that was made from a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    pub state: String,
    pub file: String,
    pub facts: u64,
    pub erased: u64,
    pub head: Option<Head>,
    /// Where the ledger is kept that was there before.
    pub kept: Option<String>,
}

#[derive(Serialize)]
struct CopiedJson<'a> {
    schema: &'static str,
    generator: &'static str,
    file: &'a str,
    facts: u64,
    erased: u64,
    head: Option<HeadRow>,
}

#[derive(Serialize)]
struct RestoredJson<'a> {
    schema: &'static str,
    generator: &'static str,
    state: &'a str,
    file: &'a str,
    facts: u64,
    erased: u64,
    head: Option<HeadRow>,
    kept: Option<&'a str>,
}

pub fn copied_table(copied: &Copied, look: Look) -> String {
    let mut out = format!("{}\n", look.paint(Tone::Good, "The ledger is backed up: the copy's chain was checked."));
    out.push_str(&hang("  File     ", &terminal(&copied.file), look.columns()));
    out.push_str(&facts(copied.facts, copied.erased, copied.head, look));
    out
}

pub fn copied_json(copied: &Copied) -> String {
    let Copied { file, facts, erased, head } = copied;
    let (facts, erased, head) = (*facts, *erased, head.map(HeadRow::from));
    form::pretty(&CopiedJson { schema: "evidex.backup/1", generator: GENERATED_BY, file, facts, erased, head })
}

pub fn restored_table(restored: &Restored, look: Look) -> String {
    let done = "The state is restored: its chain was checked, and its index built anew.";
    let mut out = format!("{}\n", look.paint(Tone::Good, done));
    out.push_str(&hang("  State    ", &terminal(&restored.state), look.columns()));
    out.push_str(&hang("  From     ", &terminal(&restored.file), look.columns()));
    if let Some(kept) = &restored.kept {
        out.push_str(&hang("  Before   ", &format!("kept as {}", terminal(kept)), look.columns()));
    }
    out.push_str(&facts(restored.facts, restored.erased, restored.head, look));
    out
}

pub fn restored_json(restored: &Restored) -> String {
    let Restored { state, file, facts, erased, head, kept } = restored;
    form::pretty(&RestoredJson {
        schema: "evidex.restore/1",
        generator: GENERATED_BY,
        state,
        file,
        facts: *facts,
        erased: *erased,
        head: head.map(HeadRow::from),
        kept: kept.as_deref(),
    })
}

fn facts(facts: u64, erased: u64, head: Option<Head>, look: Look) -> String {
    let facts = count(usize::try_from(facts).unwrap_or(usize::MAX), "fact", "facts");
    let mut out = hang("  Holds    ", &format!("{facts}, {erased} erased on purpose"), look.columns());
    let head = head.map_or_else(|| "none".to_owned(), |head| format!("{} (fact {})", head.hash, head.seq.0));
    out.push_str(&format!("  Head     {head}\n"));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{ContentHash, Seq};
    use crate::report::schemas::testing::assert_valid;

    #[test]
    fn both_in_words_and_by_their_schemas() {
        let head = Some(Head { seq: Seq(12), hash: ContentHash([0xab; 32]) });
        let copied = Copied { file: "/b/a.db".into(), facts: 12, erased: 1, head };
        let screen = copied_table(&copied, Look::PLAIN);
        assert!(screen.contains(&format!("  Head     {} (fact 12)\n", "ab".repeat(32))), "{screen}");
        assert_valid("evidex.backup/1", &serde_json::from_str(&copied_json(&copied)).unwrap());
        for (kept, head) in [(None, None), (Some("/s/ledger-before-restore-2026-11-24.db".to_owned()), head)] {
            let restored =
                Restored { state: "/s".into(), file: "/b/a.db".into(), facts: 12, erased: 0, head, kept: kept.clone() };
            assert_eq!(restored_table(&restored, Look::PLAIN).contains("kept as"), kept.is_some());
            assert_valid("evidex.restore/1", &serde_json::from_str(&restored_json(&restored)).unwrap());
        }
    }
}
