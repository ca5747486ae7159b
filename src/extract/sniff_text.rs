//! Which textual format is this text in? Mark-up and mail are told by their first lines, tables by their regularity.

use super::encoding;
use super::sniff::Kind;
use super::table;
use crate::domain::reading::Format;

/// So much of a text is looked at.
const SAMPLE_BYTES: usize = 16 << 10;
/// Lines of equal shape that make a table of a text whose name does not say so.
const TABLE_LINES_MIN: usize = 4;

pub(super) fn sniff(bytes: &[u8], extension: &str) -> Kind {
    let encoding = encoding::guess(bytes);
    let text = encoding::decode_as(&bytes[..bytes.len().min(SAMPLE_BYTES)], encoding);
    let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if let Some(kind) = markup(start) {
        return kind;
    }
    if let Some(kind) = mail(start, extension) {
        return kind;
    }
    match extension {
        "md" | "markdown" | "mkd" => Kind::Readable(Format::Markdown),
        "csv" | "tsv" | "tab" => Kind::Readable(Format::Csv),
        "htm" | "html" | "xhtml" if start.contains('<') => Kind::Readable(Format::Html),
        _ if is_table(&text) => Kind::Readable(Format::Csv),
        "" if is_markdown(start) => Kind::Readable(Format::Markdown),
        _ => Kind::Readable(Format::Text),
    }
}

fn markup(start: &str) -> Option<Kind> {
    if !start.starts_with('<') {
        return None;
    }
    let head = start[..start.floor_char_boundary(2_000)].to_ascii_lowercase();
    let has = |tag: &str| head.contains(tag);
    if has("<!doctype html") || has("<html") || has("<head>") || has("<body") {
        return Some(Kind::Readable(Format::Html));
    }
    if has("<svg") {
        return Some(Kind::Unread("svg"));
    }
    if head.starts_with("<?xml") || has("xmlns") {
        return Some(Kind::Unread("xml"));
    }
    let pieces = ["<table", "<div", "<p>", "<h1", "<meta", "<!--", "<font", "<center", "<ul", "<style"];
    pieces.iter().any(|tag| head.starts_with(tag)).then_some(Kind::Readable(Format::Html))
}

/// A memo also has From, To and Date; only what a mail program writes makes a mail.
fn mail(start: &str, extension: &str) -> Option<Kind> {
    const BY_PROGRAMS: [&str; 9] = [
        "message-id",
        "received",
        "mime-version",
        "content-type",
        "return-path",
        "delivered-to",
        "dkim-signature",
        "x-mailer",
        "x-originating-ip",
    ];
    const BY_PEOPLE: [&str; 6] = ["from", "to", "subject", "date", "cc", "reply-to"];
    let mbox = start.starts_with("From ") && start.lines().nth(1).is_some_and(|line| header_name(line).is_some());
    let lines = start.lines().skip(usize::from(mbox)).take(80).take_while(|line| !line.trim().is_empty());
    let mut programs = 0;
    let mut people = 0;
    for line in lines {
        // A header that is too long goes on in lines that begin with a blank.
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let name = header_name(line)?;
        programs += usize::from(BY_PROGRAMS.contains(&name.as_str()));
        people += usize::from(BY_PEOPLE.contains(&name.as_str()));
    }
    let is_mail = (programs > 0 && people > 1) || (extension == "eml" && programs + people > 1);
    match (is_mail, mbox, extension) {
        (true, true, _) => Some(Kind::Unread("mbox")),
        (true, false, "mht" | "mhtml") => Some(Kind::Unread("mht")),
        (true, false, _) => Some(Kind::Readable(Format::Eml)),
        (false, _, _) => None,
    }
}

/// The part before the colon, in lower case, if it has the form of a header's name.
fn header_name(line: &str) -> Option<String> {
    let (name, _) = line.split_once(':')?;
    let good = !name.is_empty() && name.len() <= 60 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    good.then(|| name.to_ascii_lowercase())
}

/// Every line falls into the same number of cells, three or more. Prose has no such regularity, and of addresses and
/// lists with commas, none over four lines.
fn is_table(text: &str) -> bool {
    let Some(delimiter) = table::delimiter(text) else { return false };
    let mut records: Vec<Vec<String>> = table::records(text, delimiter).take(60).collect();
    // The sample may end inside a record.
    records.pop();
    records.retain(|record| record.iter().any(|cell| !cell.trim().is_empty()));
    let Some(first) = records.first().map(Vec::len) else { return false };
    let lines_min = if delimiter == ',' { TABLE_LINES_MIN + 2 } else { TABLE_LINES_MIN };
    first >= 3 && records.len() + 1 >= lines_min && records.iter().all(|record| record.len() == first)
}

fn is_markdown(start: &str) -> bool {
    let is_heading = |line: &&str| line.starts_with("# ") || line.starts_with("## ") || line.starts_with("### ");
    start.lines().filter(is_heading).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_formats_are_told_apart() {
        use Format::{Csv, Eml, Html, Markdown, Text};
        let table = "date,visitor,host\n".repeat(9);
        let prose = "Seals, locks and doors are checked, each day, by the guard.\n".repeat(9) + "Or not.\n\nSo it is.";
        for (case, text, extension, wanted) in [
            ("html", "<!DOCTYPE html><html><body>x", "txt", Kind::Readable(Html)),
            ("html after a comment", "\n<!-- saved --><HTML>", "xls", Kind::Readable(Html)),
            ("html piece", "<table><tr><td>x</table>", "xls", Kind::Readable(Html)),
            ("xml", "<?xml version=\"1.0\"?><a/>", "xml", Kind::Unread("xml")),
            ("mail", "From: a@b.c\nTo: d@e.f\nMessage-ID: <1>\n\nHi", "txt", Kind::Readable(Eml)),
            ("mail in mbox", "From a@b.c Mon\nFrom: a@b.c\nTo: x\nReceived: y\n\nHi", "", Kind::Unread("mbox")),
            ("folded headers", "Received: from a\n by b\nFrom: x\nTo: y\n\nHi", "", Kind::Readable(Eml)),
            ("poor mail", "From: a@b.c\nSubject: x\n\nHi", "eml", Kind::Readable(Eml)),
            ("memo", "To: All\nFrom: Manager\nDate: today\nSubject: seals\n\nText", "txt", Kind::Readable(Text)),
            ("markdown by name", "plain", "md", Kind::Readable(Markdown)),
            ("markdown by marks", "# One\n\ntext\n\n## Two\n", "", Kind::Readable(Markdown)),
            ("csv by name", "one column\n", "csv", Kind::Readable(Csv)),
            ("csv by shape", table.as_str(), "txt", Kind::Readable(Csv)),
            ("prose", prose.as_str(), "txt", Kind::Readable(Text)),
            ("log", "2026-10-01 gate opened\n2026-10-02 gate shut\n", "log", Kind::Readable(Text)),
        ] {
            assert_eq!(sniff(text.as_bytes(), extension), wanted, "{case}");
        }
    }
}
