//! The last step to JSON: pretty for one value, a line for each of many, and numbers that print the same everywhere.

use serde::{Serialize, Serializer};

use super::escape;

/// One value, indented, with a line break at its end.
pub(super) fn pretty(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).expect("our rows have text keys and no failing serializer");
    format!("{}\n", escape::json(&text))
}

/// One value on one line.
pub(super) fn line(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).expect("our rows have text keys and no failing serializer");
    format!("{}\n", escape::json(&text))
}

/// One line for each value.
pub(super) fn lines<T: Serialize>(values: &[T]) -> String {
    values.iter().map(line).collect()
}

/// A score with four decimals; what is no number becomes 0.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
pub(super) fn score<S: Serializer>(score: &f32, serializer: S) -> Result<S::Ok, S::Error> {
    let score = if score.is_finite() { f64::from(*score) } else { 0.0 };
    serializer.serialize_f64((score * 10_000.0).round() / 10_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Row {
        #[serde(serialize_with = "score")]
        score: f32,
    }

    #[test]
    fn scores_print_short_and_finite() {
        for (value, want) in
            [(0.1, "0.1"), (0.333_333_34, "0.3333"), (1.0, "1.0"), (f32::NAN, "0.0"), (f32::INFINITY, "0.0")]
        {
            assert_eq!(line(&Row { score: value }), format!("{{\"score\":{want}}}\n"));
        }
    }
}
