//! Makes text out of a document fit to be a value: no control characters, no endless strings, no paths that climb.
//!
//! The parent runs everything it is told through here, whatever the worker has done already.

const NAME_BYTES_MAX: usize = 1_000;

/// Turns line breaks into blanks and drops the other control characters; tabs stay where they separate cells.
pub(super) fn clean_text(text: &mut String, tabs: Tabs) {
    let bad =
        |c: char| (c.is_control() && (c != '\t' || tabs == Tabs::ToBlanks)) || matches!(c, '\u{2028}' | '\u{2029}');
    if !text.contains(bad) {
        return;
    }
    let replaced = text.chars().filter_map(|c| match c {
        c if !bad(c) => Some(c),
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        _ => None,
    });
    *text = replaced.collect();
}

/// What becomes of tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tabs {
    Keep,
    ToBlanks,
}

/// Cuts a text to so many bytes, at a character.
pub(super) fn cut(text: &mut String, bytes_max: usize) {
    text.truncate(text.floor_char_boundary(bytes_max));
}

/// One line of a property or a cell: no control characters, blanks run together, not longer than given.
pub(super) fn one_line(text: &str, bytes_max: usize) -> String {
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    clean_text(&mut line, Tabs::ToBlanks);
    cut(&mut line, bytes_max);
    line
}

/// A member's name as a relative path: `/` between folders, no `..`, no drive, no control characters.
pub(super) fn member_name(raw: &str) -> String {
    let raw = raw.replace('\\', "/");
    let is_drive = |part: &&str| part.len() == 2 && part.ends_with(':');
    let mut parts: Vec<&str> = raw.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
    if parts.first().is_some_and(is_drive) {
        parts.remove(0);
    }
    let mut name = parts.join("/");
    clean_text(&mut name, Tabs::ToBlanks);
    cut(&mut name, NAME_BYTES_MAX);
    if name.trim().is_empty() { "unnamed".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_go() {
        for (raw, keep, blank) in [
            ("plain", "plain", "plain"),
            ("a\tb", "a\tb", "a b"),
            ("a\r\nb", "a  b", "a  b"),
            ("\u{1b}[31mred\u{7}\0", "[31mred", "[31mred"),
            ("one\u{2028}two", "one two", "one two"),
        ] {
            for (tabs, wanted) in [(Tabs::Keep, keep), (Tabs::ToBlanks, blank)] {
                let mut text = raw.to_owned();
                clean_text(&mut text, tabs);
                assert_eq!(text, wanted);
            }
        }
    }

    #[test]
    fn names_cannot_climb() {
        for (raw, wanted) in [
            ("logs/seal log.xlsx", "logs/seal log.xlsx"),
            ("../../etc/passwd", "etc/passwd"),
            ("/etc/passwd", "etc/passwd"),
            ("C:\\Users\\x\\..\\a.docx", "Users/x/a.docx"),
            ("a/./b//c", "a/b/c"),
            ("..", "unnamed"),
            ("x\n\u{1b}[0m.txt", "x [0m.txt"),
        ] {
            assert_eq!(member_name(raw), wanted);
        }
        assert_eq!(member_name(&"é".repeat(900)).len(), 1_000);
    }

    #[test]
    fn lines_are_short_and_single() {
        assert_eq!(one_line("  Visitor \n log\t2026 ", 100), "Visitor log 2026");
        assert_eq!(one_line("éé", 3), "é");
    }
}
