//! How the documents that match divide: by criterion, type, site, role or year.

use serde::Serialize;

use super::super::escape::terminal;
use super::super::look::{Look, Tone};
use super::super::text::{columns, count};
use super::super::{GENERATED_BY, json as form, sheet};

/// By what an answer is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    Criterion,
    Type,
    Site,
    Role,
    Year,
}

impl By {
    fn as_str(self) -> &'static str {
        match self {
            Self::Criterion => "criterion",
            Self::Type => "type",
            Self::Site => "site",
            Self::Role => "role",
            Self::Year => "year",
        }
    }
}

/// The values of one property, with how many documents have each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facets {
    pub query: String,
    pub by: By,
    /// Documents that match.
    pub total: usize,
    /// A document may have several values or none.
    pub counts: Vec<(String, u64)>,
}

#[derive(Serialize)]
struct FacetsJson<'a> {
    schema: &'static str,
    generator: &'static str,
    query: &'a str,
    by: By,
    total: usize,
    values: Vec<ValueRow<'a>>,
}

#[derive(Serialize)]
struct ValueRow<'a> {
    value: &'a str,
    documents: u64,
}

impl Facets {
    pub fn table(&self, look: Look) -> String {
        let rows: Vec<[String; 2]> =
            self.counts.iter().map(|(value, count)| [count.to_string(), terminal(value).into_owned()]).collect();
        let mut lines = columns(["documents", self.by.as_str()], &rows).into_iter();
        let mut out: String =
            lines.next().iter().map(|head| format!("{}\n", look.paint(Tone::Heading, head))).collect();
        out.extend(lines.map(|line| format!("{line}\n")));
        out.push_str(&format!("\n{}\n", count(self.total, "document", "documents")));
        out
    }

    pub fn json(&self) -> String {
        form::pretty(&FacetsJson {
            schema: "evidex.facets/1",
            generator: GENERATED_BY,
            query: &self.query,
            by: self.by,
            total: self.total,
            values: self.rows(),
        })
    }

    /// One value a line, as in the list of `evidex.facets/1`.
    pub fn jsonl(&self) -> String {
        form::lines(&self.rows())
    }

    pub fn csv(&self) -> String {
        let rows = self.counts.iter().map(|(value, count)| [value.clone(), count.to_string(), GENERATED_BY.to_owned()]);
        sheet::write([self.by.as_str(), "documents", "generator"], rows)
    }

    fn rows(&self) -> Vec<ValueRow<'_>> {
        self.counts.iter().map(|(value, documents)| ValueRow { value, documents: *documents }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::schemas::testing::assert_valid;

    #[test]
    fn values_with_their_counts() {
        let facets = Facets {
            query: "seal".into(),
            by: By::Site,
            total: 3,
            counts: vec![("main".into(), 2), ("an\u{1b}nex".into(), 1)],
        };
        assert_valid("evidex.facets/1", &serde_json::from_str(&facets.json()).unwrap());
        assert_eq!(facets.jsonl().lines().count(), 2);
        assert_eq!(facets.csv().lines().next(), Some("site,documents,generator"));
        insta::assert_snapshot!(facets.table(Look::PLAIN), @r"
        documents  site
        2          main
        1          an\u{1b}nex

        3 documents
        ");
    }
}
