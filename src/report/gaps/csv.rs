//! The gap report as a spreadsheet: one row a criterion, worst first.

use super::Options;
use super::view::{self, View};
use crate::domain::assess::status::{AssessedCriterion, Assessment};
use crate::report::text::one_line;
use crate::report::{GENERATED_BY, sheet};

const HEADS: [&str; 17] = [
    "id",
    "level",
    "level_unverified",
    "status",
    "category",
    "title",
    "because",
    "have",
    "lacks",
    "next",
    "due",
    "document",
    "place",
    "quote",
    "as_of",
    "entity",
    "generator",
];

/// CSV with a head line. The column `generator` marks the file as ours, without a comment line that readers trip on.
pub fn csv(assessment: &Assessment, options: Options) -> String {
    let view = View::new(assessment, options.show);
    let rows = view.listed(options.show).into_iter().map(|criterion| row(&view, criterion));
    sheet::write(HEADS, rows)
}

fn row(view: &View<'_>, criterion: &AssessedCriterion) -> [String; 17] {
    let [document, place, quote] = view::passage(criterion).map_or_else(Default::default, |shown| {
        [shown.document.path.clone(), shown.quote.place_text.clone(), one_line(&shown.quote.text)]
    });
    [
        criterion.id.to_string(),
        criterion.level.as_str().to_owned(),
        if criterion.level_unverified { "yes" } else { "no" }.to_owned(),
        criterion.status.as_str().to_owned(),
        view.category(criterion.category).to_owned(),
        criterion.title.clone(),
        criterion.because.clone(),
        criterion.have.clone(),
        criterion.lacks.clone(),
        criterion.next.clone(),
        criterion.due.map_or_else(String::new, |due| due.to_string()),
        document,
        place,
        quote,
        view.assessment.as_of.to_string(),
        view.assessment.entity.to_string(),
        GENERATED_BY.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::gaps::{Lists, Show};
    use crate::report::look::Look;
    use crate::report::sample::sample;

    fn read(show: Show) -> Vec<Vec<String>> {
        let text = csv(&sample(), Options { show, lists: Lists::Cut, look: Look::PLAIN });
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn reads_back_row_by_row() {
        let rows = read(Show::Gaps);
        assert_eq!(rows[0], HEADS);
        let brief: Vec<String> = rows[1..].iter().map(|row| row[..4].join(" ")).collect();
        assert_eq!(
            brief,
            [
                "4.2 must yes missing",
                "5.3 must no missing",
                "6.1 must no procedure-only",
                "6.7 must no stale",
                "9.1 must no needs-review",
                "5.29 should no missing",
            ]
        );
        assert!(rows[1..].iter().all(|row| row[16] == GENERATED_BY));
        assert_eq!(read(Show::All).len(), 12);
    }

    #[test]
    fn foreign_text_stays_text() {
        let rows = read(Show::Gaps);
        assert_eq!(rows[5][11], "IT/note\\u{202e}fdp.txt");
        assert_eq!(rows[5][13], "visitors sign\\u{1b}[2J in");
    }
}
