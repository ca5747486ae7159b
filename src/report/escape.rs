//! Making foreign text harmless for each form of output.
//!
//! Document text, paths and properties come from anyone who can save a file in the folder. Shown raw they could move
//! the cursor, hide a line, turn text around, start a formula or break a document. Each function here makes the danger
//! visible and leaves ordinary text of any language alone.

use std::borrow::Cow;
use std::fmt::Write as _;

/// One line for a terminal: control, bidirectional and invisible characters become visible escapes.
pub fn terminal(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_deceptive) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().saturating_add(16));
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_deceptive(c) => write!(out, "\\u{{{:x}}}", u32::from(c)).expect("a String takes every write"),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// A spreadsheet cell: text that a spreadsheet would run as a formula is led by `'`. Quoting is left to the writer.
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    let first = text.trim_start().chars().next();
    let runs = matches!(first, Some('=' | '+' | '-' | '@')) || text.starts_with(['\t', '\r', '\n']);
    let text = terminal(text);
    if runs { Cow::Owned(format!("'{text}")) } else { text }
}

/// One line of Markdown text, safe in a table cell too.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(16));
    for c in terminal(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Text for a DOCX run: what XML 1.0 cannot hold becomes U+FFFD. Mark-up characters are the writer's to escape.
pub fn docx(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_xml) && !text.chars().any(is_deceptive) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(terminal(text).chars().map(|c| if is_xml(c) { c } else { '\u{fffd}' }).collect())
}

/// Finished JSON: the characters that could deceive a terminal become `\u` escapes, which mean the same to a parser.
///
/// Outside strings JSON has none of them but the line breaks of pretty printing.
pub fn json(text: &str) -> Cow<'_, str> {
    let deceives = |c: char| c != '\n' && is_deceptive(c);
    if !text.chars().any(deceives) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().saturating_add(16));
    for c in text.chars() {
        if deceives(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").expect("a String takes every write");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Characters that act on the terminal or the reader instead of being read.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The `Char` production of XML 1.0.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_sees_escapes_instead_of_acting_on_them() {
        for (text, want) in [
            ("plain, día, 封条, é", "plain, día, 封条, é"),
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("\u{1b}[2Jgone", "\\u{1b}[2Jgone"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("\u{7f}\u{0}\u{7}", "\\u{7f}\\u{0}\\u{7}"),
            ("seal\u{202e}fdp.exe", "seal\\u{202e}fdp.exe"),
            ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
            ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
            ("tag\u{e0041}", "tag\\u{e0041}"),
            ("", ""),
        ] {
            assert_eq!(terminal(text), want);
        }
    }

    #[test]
    fn a_spreadsheet_runs_nothing() {
        for (text, want) in [
            ("seal log", "seal log"),
            ("=1+1", "'=1+1"),
            ("+49 30", "'+49 30"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =cmd|' /C calc'!A0", "'  =cmd|' /C calc'!A0"),
            ("\t=1", "'\\t=1"),
            ("\r=1", "'\\r=1"),
            ("a=b", "a=b"),
            ("two\nlines", "two\\nlines"),
            ("", ""),
        ] {
            assert_eq!(csv_cell(text), want);
        }
    }

    #[test]
    fn markdown_stays_text() {
        for (text, want) in [
            ("seal log 7", "seal log 7"),
            ("a|b", "a\\|b"),
            ("[x](javascript:1)", "\\[x\\](javascript:1)"),
            ("<script>&", "&lt;script&gt;&amp;"),
            ("**bold** _it_ `code`", "\\*\\*bold\\*\\* \\_it\\_ \\`code\\`"),
            ("line\n# head", "line\\\\n\\# head"),
        ] {
            assert_eq!(markdown(text), want);
        }
    }

    #[test]
    fn docx_holds_only_what_xml_can() {
        for (text, want) in [
            ("día & <b>", "día & <b>"),
            ("a\u{0}b\u{b}c", "a\\u{0}b\\u{b}c"),
            ("a\u{ffff}b\u{fffe}", "a\u{fffd}b\u{fffd}"),
            ("\u{202e}x", "\\u{202e}x"),
        ] {
            assert_eq!(docx(text), want);
            assert!(docx(text).chars().all(is_xml));
        }
    }

    #[test]
    fn json_means_the_same_and_shows_nothing_harmful() {
        for text in ["plain día", "\u{202e}x\u{7f}\u{9b}", "tag\u{e0041}", "a\nb\u{1b}"] {
            let raw = serde_json::to_string(text).unwrap();
            let safe = json(&raw);
            assert!(!safe.chars().any(is_deceptive), "{safe:?}");
            assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
        }
        assert_eq!(json("{\n  \"a\": 1\n}"), "{\n  \"a\": 1\n}");
    }
}
