//! What was looked at on this machine, how it stands, and what to do about what does not.

use serde::Serialize;

use super::escape::terminal;
use super::look::{Look, Tone};
use super::text::{count, hang};
use super::{GENERATED_BY, json as form};

/// Everything that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkup {
    /// `None` if it could not even be found.
    pub state: Option<String>,
    pub checks: Vec<Check>,
}

/// One thing looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    pub id: Subject,
    pub level: Level,
    /// The folder or file, if there is one.
    pub about: String,
    pub found: String,
    pub advice: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    Configuration,
    State,
    Ledger,
    Index,
    Root,
    Folders,
    Watching,
    TextRecognition,
    Fence,
    Clock,
    Space,
}

/// How bad it is: a `Fail` keeps the product from doing what it promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    Ok,
    Warn,
    Fail,
}

impl Check {
    pub fn ok(id: Subject, found: impl Into<String>) -> Self {
        Self { id, level: Level::Ok, about: String::new(), found: found.into(), advice: None }
    }

    pub fn warn(id: Subject, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { level: Level::Warn, advice: Some(advice.into()), ..Self::ok(id, found) }
    }

    pub fn fail(id: Subject, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { level: Level::Fail, advice: Some(advice.into()), ..Self::ok(id, found) }
    }

    #[must_use]
    pub fn about(self, about: impl Into<String>) -> Self {
        Self { about: about.into(), ..self }
    }
}

impl Subject {
    fn name(self) -> &'static str {
        match self {
            Self::Configuration => "Configuration",
            Self::State => "State",
            Self::Ledger => "Ledger",
            Self::Index => "Index",
            Self::Root => "Root",
            Self::Folders => "Rights",
            Self::Watching => "Watching",
            Self::TextRecognition => "OCR",
            Self::Fence => "Fence",
            Self::Clock => "Clock",
            Self::Space => "Space",
        }
    }
}

impl Checkup {
    /// The worst of all.
    pub fn level(&self) -> Level {
        self.checks.iter().map(|check| check.level).max().unwrap_or(Level::Ok)
    }
}

#[derive(Serialize)]
struct CheckupJson<'a> {
    schema: &'static str,
    generator: &'static str,
    state: Option<&'a str>,
    result: Level,
    checks: &'a [Check],
}

pub fn table(checkup: &Checkup, look: Look) -> String {
    let mut out = String::new();
    for check in &checkup.checks {
        let (word, tone) = match check.level {
            Level::Ok => ("ok", Tone::Good),
            Level::Warn => ("warn", Tone::Doubt),
            Level::Fail => ("FAIL", Tone::Bad),
        };
        let about = if check.about.is_empty() { String::new() } else { format!("{}: ", terminal(&check.about)) };
        let lead = format!("{word:<5} {:<14}", check.id.name());
        let line = hang(&lead, &format!("{about}{}", terminal(&check.found)), look.columns());
        // The word alone is coloured: the rest is to be read.
        out.push_str(&format!("{}{}", look.paint(tone, word), &line[word.len()..]));
        if let Some(advice) = &check.advice {
            out.push_str(&hang("                    do: ", &terminal(advice), look.columns()));
        }
    }
    let number = |level| checkup.checks.iter().filter(|check| check.level == level).count();
    let (warn, fail) = (number(Level::Warn), number(Level::Fail));
    let sum = match checkup.level() {
        Level::Ok => "All is well.".to_owned(),
        Level::Warn => format!("{}, no failure.", count(warn, "warning", "warnings")),
        Level::Fail => format!("{}, {}.", count(fail, "failure", "failures"), count(warn, "warning", "warnings")),
    };
    out.push_str(&format!("{sum}\n"));
    out
}

pub fn json(checkup: &Checkup) -> String {
    form::pretty(&CheckupJson {
        schema: "evidex.doctor/1",
        generator: GENERATED_BY,
        state: checkup.state.as_deref(),
        result: checkup.level(),
        checks: &checkup.checks,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::schemas::testing::assert_valid;

    #[test]
    fn the_worst_decides_and_every_line_says_what_to_do() {
        let ok = Check::ok(Subject::Ledger, "1,204 facts").about("/s/ledger.db");
        let warn = Check::warn(Subject::Space, "90 MiB free", "make room");
        let fail = Check::fail(Subject::Folders, "cannot read 3 of 1,204 folders", "run chmod");
        for (checks, level, words) in [
            (vec![ok.clone()], "ok", "ok    Ledger        /s/ledger.db: 1,204 facts\nAll is well.\n"),
            (vec![ok.clone(), warn.clone()], "warn", "do: make room\n1 warning, no failure.\n"),
            (vec![ok, warn, fail], "fail", "do: run chmod\n1 failure, 1 warning.\n"),
        ] {
            let checkup = Checkup { state: Some("/s".into()), checks };
            let screen = table(&checkup, Look::PLAIN);
            assert!(screen.ends_with(words), "{screen}");
            let value: serde_json::Value = serde_json::from_str(&json(&checkup)).unwrap();
            assert_eq!(value["result"], level);
            assert_valid("evidex.doctor/1", &value);
        }
    }

    #[test]
    fn every_subject_is_in_the_schema() {
        use Subject::*;
        let all = [Configuration, State, Ledger, Index, Root, Folders, Watching, TextRecognition, Fence, Clock, Space];
        let checks = all.map(|id| Check::ok(id, "x")).to_vec();
        assert_valid("evidex.doctor/1", &serde_json::from_str(&json(&Checkup { state: None, checks })).unwrap());
    }
}
