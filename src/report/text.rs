//! Lines and columns: widths as a terminal shows them, wrapping with hanging indents, and plain counts.
//!
//! Everything here takes text that is already escaped; nothing here escapes or paints.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a text takes: East Asian wide characters take two, accents none.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Breaks at spaces so that no line is wider than `columns`; a longer word is cut where it has to be.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && width(&line) + 1 + width(word) <= columns {
            line.push(' ');
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for piece in pieces(word, columns) {
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            line = piece;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A word in pieces that fit, whole if it does.
fn pieces(word: &str, columns: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide > columns {
            pieces.push(String::new());
            used = 0;
        }
        used += wide;
        pieces.last_mut().expect("starts with one piece").push(c);
    }
    pieces
}

/// `lead` and then the text, its further lines indented to where the text began. Ends with a line break.
pub(super) fn hang(lead: &str, text: &str, columns: usize) -> String {
    let indent = width(lead);
    let mut out = String::new();
    for (at, line) in wrap(text, columns.saturating_sub(indent)).iter().enumerate() {
        if at == 0 {
            out.push_str(lead);
        } else {
            out.push_str(&" ".repeat(indent));
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// A passage in one line: the tabs between its cells as bars, other runs of blanks as one space.
pub(super) fn one_line(text: &str) -> String {
    let cells = text.split('\t').map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "));
    let line = cells.collect::<Vec<_>>().join(" | ");
    line.trim_matches([' ', '|']).to_owned()
}

/// At most `most` characters; a longer text ends in `...` at a word where one is near.
pub(super) fn clip(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most.saturating_sub(3)).collect();
    let at = cut.rfind(' ').filter(|&at| at >= cut.len() / 2).unwrap_or(cut.len());
    format!("{}...", cut[..at].trim_end())
}

/// `1 document`, `2 documents`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `text` as a sentence: a capital and a full stop. A leading path or name of a setting stays as it is written.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let first_word = text.split_whitespace().next().unwrap_or("");
    let is_name = first_word.contains(['/', '.', '_', '`', '"']);
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return String::new() };
    let first = if is_name { first.to_string() } else { first.to_uppercase().collect() };
    let stop = if text.ends_with(['.', '!', '?', ':']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}

/// `text` inside a sentence: its first letter small, unless the first word is an abbreviation or a name like `IT`.
pub(super) fn inside(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => format!("{}{}", first.to_lowercase(), chars.as_str()),
        (Some(_) | None, _) => text.to_owned(),
    }
}

/// Rows under heads, padded to the widest cell; the last column is never padded nor cut, so that paths stay whole.
pub(super) fn columns<const N: usize>(heads: [&str; N], rows: &[[String; N]]) -> Vec<String> {
    let mut widths = heads.map(width);
    for row in rows {
        for (most, cell) in widths.iter_mut().zip(row) {
            *most = (*most).max(width(cell));
        }
    }
    let line = |cells: &[&str]| {
        let mut out = String::new();
        for (at, cell) in cells.iter().enumerate() {
            out.push_str(cell);
            if at + 1 < N {
                out.push_str(&" ".repeat(widths[at] + 2 - width(cell)));
            }
        }
        out.trim_end().to_owned()
    };
    let mut lines = vec![line(&heads)];
    lines.extend(rows.iter().map(|row| line(&row.each_ref().map(String::as_str))));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_by_what_a_terminal_shows() {
        for (text, columns, want) in [
            ("", 10, vec![]),
            ("one two three", 10, vec!["one two", "three"]),
            ("abcdefghijkl", 8, vec!["abcdefgh", "ijkl"]),
            ("to abcdefghijkl it", 8, vec!["to", "abcdefgh", "ijkl it"]),
            ("封条封条 封条封条", 8, vec!["封条封条", "封条封条"]),
            ("封条封条封", 9, vec!["封条封条", "封"]),
        ] {
            assert_eq!(wrap(text, columns), want, "{text}");
        }
    }

    #[test]
    fn hangs_below_its_lead() {
        assert_eq!(hang("  Have  ", "one two three four", 18), "  Have  one two\n        three four\n");
    }

    #[test]
    fn clips_at_a_word() {
        for (text, most, want) in [
            ("short", 10, "short"),
            ("every trailer is inspected", 20, "every trailer is..."),
            ("abcdefghijklmnop", 10, "abcdefg..."),
            ("día día día día", 9, "día..."),
        ] {
            assert_eq!(clip(text, most), want);
        }
    }

    #[test]
    fn a_row_reads_as_one_line() {
        for (text, want) in [
            ("03/02\tML-11\t\tOrtiz", "03/02 | ML-11 |  | Ortiz"),
            ("two\n  lines ", "two lines"),
            ("\t\tlast", "last"),
            ("\t", ""),
        ] {
            assert_eq!(one_line(text), want);
        }
    }

    #[test]
    fn makes_sentences() {
        for (text, whole, part) in [
            ("Seal log", "Seal log.", "seal log"),
            ("nothing at all", "Nothing at all.", "nothing at all"),
            ("IT policy", "IT policy.", "IT policy"),
            ("Why?", "Why?", "why?"),
            ("seals/log 1.txt is old", "seals/log 1.txt is old.", "seals/log 1.txt is old"),
            ("", "", ""),
        ] {
            assert_eq!((sentence(text).as_str(), inside(text).as_str()), (whole, part));
        }
    }

    #[test]
    fn columns_line_up() {
        let rows = [["a".to_owned(), "x y".to_owned()], ["封条".to_owned(), String::new()]];
        assert_eq!(columns(["k", "path"], &rows), ["k     path", "a     x y", "封条"]);
    }
}
