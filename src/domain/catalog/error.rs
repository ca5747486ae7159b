//! What is wrong with a catalog, and where. Apart, so that every step of loading reports in one form.
//!
//! A [`CatalogError`] holds at least one problem, in the order of the file.

use std::fmt;

/// A catalog or overlay that cannot be used: every problem found in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogError {
    /// As the user named the file.
    pub file: String,
    pub problems: Vec<CatalogProblem>,
}

/// One mistake, where an editor would jump to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CatalogProblem {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    pub message: String,
}

impl CatalogError {
    pub(super) fn new(file: &str, mut problems: Vec<CatalogProblem>) -> Self {
        problems.sort();
        problems.dedup();
        Self { file: file.to_owned(), problems }
    }
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, problem) in self.problems.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}:{}:{}: {}", self.file, problem.line, problem.column, problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for CatalogError {}

/// `; did you mean X?`, if one of the candidates is near, else nothing.
pub(super) fn did_you_mean<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    let nearest = candidates.map(|candidate| (distance(text, candidate), candidate)).min();
    let limit = (text.chars().count() / 2).clamp(1, 3);
    match nearest {
        Some((distance, candidate)) if distance <= limit => format!("; did you mean `{candidate}`?"),
        _ => String::new(),
    }
}

/// Letters to insert, delete, replace or swap with their neighbour.
fn distance(left: &str, right: &str) -> usize {
    // Ids are short; a longer text is no misspelt id, and would only cost time.
    let left: Vec<char> = left.chars().take(64).collect();
    let right: Vec<char> = right.chars().take(64).collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=left.len()).collect()];
    for i in 1..=right.len() {
        let mut row = vec![i];
        for j in 1..=left.len() {
            let differs = usize::from(left[j - 1] != right[i - 1]);
            let mut cost = (rows[i - 1][j - 1] + differs).min(row[j - 1] + 1).min(rows[i - 1][j] + 1);
            if i > 1 && j > 1 && left[j - 1] == right[i - 2] && left[j - 2] == right[i - 1] {
                cost = cost.min(rows[i - 2][j - 2] + 1);
            }
            row.push(cost);
        }
        rows.push(row);
    }
    rows[right.len()][left.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_near() {
        let ids = ["seal-log", "visitor-log", "6.7"];
        for (text, want) in [
            ("visitor-logs", "; did you mean `visitor-log`?"),
            ("6.77", "; did you mean `6.7`?"),
            ("seal_log", "; did you mean `seal-log`?"),
            ("6.77", "; did you mean `6.7`?"),
            ("esal-log", "; did you mean `seal-log`?"),
            ("fuel", ""),
        ] {
            assert_eq!(did_you_mean(text, ids.into_iter()), want, "{text}");
        }
    }

    #[test]
    fn shows_one_problem_a_line_in_file_order() {
        let problem = |line, message: &str| CatalogProblem { line, column: 3, message: message.to_owned() };
        let error = CatalogError::new("my.toml", vec![problem(9, "later"), problem(2, "first"), problem(2, "first")]);
        assert_eq!(error.to_string(), "my.toml:2:3: first\nmy.toml:9:3: later");
    }
}
