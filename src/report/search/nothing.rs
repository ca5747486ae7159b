//! What to know when nothing was found: it is said on stderr, and stands in the JSON answer.

use serde::Serialize;

use super::super::escape::terminal;
use super::super::text::count;

/// Why nothing may have been found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Nothing {
    pub words: Vec<WordMet>,
    /// What narrowed the search besides the query's words.
    pub filters: Vec<String>,
    /// Files that could not be read where it was looked.
    pub unread: usize,
    /// When the oldest root was last looked at to the end.
    pub last_pass: Option<String>,
    #[serde(skip)]
    pub last_pass_minutes: Option<i64>,
}

/// A word of the query, by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WordMet {
    pub word: String,
    /// Documents that have it, filters aside.
    pub count: usize,
    /// A word much like it that some documents have, if none has this one.
    pub nearest: Option<String>,
}

impl Nothing {
    /// One line a reason.
    pub fn lines(&self, query: &str) -> Vec<String> {
        let mut lines = vec![match query {
            "" => "no document matches".to_owned(),
            query => format!("no document matches {}", terminal(query)),
        }];
        for met in &self.words {
            let word = terminal(&met.word);
            match &met.nearest {
                Some(near) => lines.push(format!("no document has `{word}`; did you mean `{}`?", terminal(near))),
                None if met.count == 0 => lines.push(format!("no document has `{word}`, or a word like it")),
                None => {}
            }
        }
        if self.words.len() > 1 && self.words.iter().all(|met| met.count > 0) {
            let each = self.words.iter().map(|met| format!("`{}` in {}", terminal(&met.word), met.count));
            lines.push(format!(
                "each word is found, but not all in one document ({}); try OR",
                each.collect::<Vec<_>>().join(", ")
            ));
        }
        if !self.filters.is_empty() {
            let filters: Vec<_> = self.filters.iter().map(|filter| terminal(filter)).collect();
            lines.push(format!("looked only where {}", filters.join(" and ")));
        }
        if self.unread > 0 {
            let files = count(self.unread, "file", "files");
            lines.push(format!("{files} there could not be read: see `evidex unreadable`"));
        }
        match (&self.last_pass, self.last_pass_minutes) {
            (Some(at), Some(minutes)) => lines.push(format!("last looked at the folder {} ago ({at})", ago(minutes))),
            (None, _) | (_, None) => lines.push("no pass has been finished yet".to_owned()),
        }
        lines
    }
}

fn ago(minutes: i64) -> String {
    let number = |n: i64| usize::try_from(n).unwrap_or(0);
    match minutes {
        ..60 => count(number(minutes), "minute", "minutes"),
        60..2_880 => count(number(minutes / 60), "hour", "hours"),
        _ => count(number(minutes / 1_440), "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_a_line() {
        let met = |word: &str, count, nearest: Option<&str>| WordMet {
            word: word.into(),
            count,
            nearest: nearest.map(str::to_owned),
        };
        let mut nothing = Nothing {
            words: vec![met("sael", 0, Some("seal")), met("zebra", 0, None)],
            filters: vec!["role:record".into(), "site:main".into()],
            unread: 3,
            last_pass: Some("2026-11-01T10:00:00Z".into()),
            last_pass_minutes: Some(3_000),
        };
        insta::assert_snapshot!(nothing.lines("sael zebra").join("\n"), @r"
        no document matches sael zebra
        no document has `sael`; did you mean `seal`?
        no document has `zebra`, or a word like it
        looked only where role:record and site:main
        3 files there could not be read: see `evidex unreadable`
        last looked at the folder 2 days ago (2026-11-01T10:00:00Z)
        ");
        nothing.words = vec![met("seal", 2, None), met("gate", 1, None)];
        (nothing.filters, nothing.unread, nothing.last_pass) = (vec![], 0, None);
        insta::assert_snapshot!(nothing.lines("").join("\n"), @r"
        no document matches
        each word is found, but not all in one document (`seal` in 2, `gate` in 1); try OR
        no pass has been finished yet
        ");
    }
}
