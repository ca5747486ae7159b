//! What was forgotten, where its bytes still lie on the disk, and what is not done yet.

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::text::{count, hang};
use super::{GENERATED_BY, json as form};
use crate::domain::ids::{ContentHash, Seq};

/// A request to forget, or to remember again, done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgot {
    pub state: String,
    /// As it was named.
    pub name: String,
    /// True if an earlier request was taken back.
    pub remembered: bool,
    pub contents: Vec<ContentHash>,
    /// Files that hold these bytes now: the program touches none of them.
    pub lies_at: Vec<String>,
    /// Texts, judgements and notes that are no more.
    pub erased: usize,
    /// Files with other bytes and the very same text, which stays.
    pub same_text_at: Vec<String>,
    pub left: Vec<Left>,
    /// The newest fact that says so.
    pub fact: Seq,
}

/// What somebody else still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Left {
    /// A pass works on the index, and clears it at its end.
    Index,
    /// A reader still needs the old pages of the log; it is cleared when the next writer finds it free.
    Log,
}

#[derive(Serialize)]
struct ForgotJson<'a> {
    schema: &'static str,
    generator: &'static str,
    state: &'a str,
    name: &'a str,
    done: &'static str,
    contents: &'a [ContentHash],
    erased: usize,
    lies_at: &'a [String],
    same_text_at: &'a [String],
    not_cleared_yet: &'a [Left],
    fact: u64,
}

pub fn table(forgot: &Forgot, look: Look) -> String {
    let contents = count(forgot.contents.len(), "content", "contents");
    let done = if forgot.remembered {
        format!("Remembered: the next pass reads {contents} of {} again.", terminal(&forgot.name))
    } else {
        let erased = count(forgot.erased, "text, judgement or note", "texts, judgements and notes");
        format!("Forgotten: {contents} of {}; {erased} erased.", terminal(&forgot.name))
    };
    let mut out = String::new();
    for line in hang("", &done, look.columns()).lines() {
        out.push_str(&format!("{}\n", look.paint(Tone::Good, line)));
    }
    for place in &forgot.lies_at {
        let lies = format!("{} (the file itself is not touched)", terminal(place));
        out.push_str(&hang("  Lies at  ", &lies, look.columns()));
    }
    for place in &forgot.same_text_at {
        let same = format!("{} holds the same text in other bytes: forget it too if it is meant", terminal(place));
        out.push_str(&hang("  Note     ", &same, look.columns()));
    }
    for left in &forgot.left {
        let told = match left {
            Left::Index => "a pass is running: it clears the index at its end",
            Left::Log => "another process is reading: forget it once more when that is done, to clear the log",
        };
        out.push_str(&look.paint(Tone::Doubt, &hang("  Not yet  ", told, look.columns())));
    }
    let fact = format!("fact {}; the chain stays whole, and `evidex verify` calls the texts erased", forgot.fact.0);
    out.push_str(&hang("  Recorded ", &fact, look.columns()));
    out
}

pub fn json(forgot: &Forgot) -> String {
    form::pretty(&ForgotJson {
        schema: "evidex.forget/1",
        generator: GENERATED_BY,
        state: &forgot.state,
        name: &forgot.name,
        done: if forgot.remembered { "remembered" } else { "forgotten" },
        contents: &forgot.contents,
        erased: forgot.erased,
        lies_at: &forgot.lies_at,
        same_text_at: &forgot.same_text_at,
        not_cleared_yet: &forgot.left,
        fact: forgot.fact.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::schemas::testing::assert_valid;

    #[test]
    fn says_what_is_gone_and_what_is_not() {
        let forgot = Forgot {
            state: "/s".into(),
            name: "HR/note.txt".into(),
            remembered: false,
            contents: vec![ContentHash([1; 32])],
            lies_at: vec!["/srv/HR/note.txt".into()],
            erased: 3,
            same_text_at: vec!["/srv/copy.docx".into()],
            left: vec![Left::Index, Left::Log],
            fact: Seq(17),
        };
        let screen = table(&forgot, Look::PLAIN);
        for part in
            ["Forgotten: 1 content of HR/note.txt; 3 texts", "copy.docx holds the same", "clears the index", "fact 17"]
        {
            assert!(screen.contains(part), "{part}: {screen}");
        }
        let back = Forgot { remembered: true, left: Vec::new(), ..forgot.clone() };
        assert!(table(&back, Look::PLAIN).starts_with("Remembered: the next pass reads 1 content"));
        for forgot in [forgot, back] {
            assert_valid("evidex.forget/1", &serde_json::from_str(&json(&forgot)).unwrap());
        }
    }
}
