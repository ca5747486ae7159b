//! HTML to passages: blocks, headings, tables by rows; what a browser hides is left out.
//!
//! Works on the tokens, without building a tree: memory and time stay linear in the input however deeply its tags are
//! nested, and unclosed tags need no repair because every block begins by ending the one before.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use super::encoding;
use super::html_blocks::Blocks;
use super::limits::Limits;
use crate::domain::reading::Reading;

/// A page names its encoding within so many bytes.
const CHARSET_WITHIN: usize = 2048;

pub(super) fn read(bytes: &[u8], limits: &Limits) -> Reading {
    let encoding = stated_encoding(bytes).unwrap_or_else(|| encoding::guess(bytes));
    read_text(&encoding::decode_as(bytes, encoding), limits)
}

/// Reads a page that is text already, as in a mail.
pub(super) fn read_text(text: &str, limits: &Limits) -> Reading {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(text));
    let tokenizer = Tokenizer::new(Sink { blocks: RefCell::new(Blocks::new(limits)) }, TokenizerOpts::default());
    // It stops before the end only for scripts and changes of encoding, which the sink never asks for.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.blocks.into_inner().into_reading()
}

struct Sink {
    blocks: RefCell<Blocks>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut blocks = self.blocks.borrow_mut();
        match token {
            Token::CharacterTokens(text) => blocks.text(&text),
            Token::TagToken(tag) => match tag.kind {
                TagKind::StartTag => {
                    blocks.start(&tag);
                    return raw_text(&tag);
                }
                TagKind::EndTag => blocks.end(&tag),
            },
            Token::NullCharacterToken
            | Token::CommentToken(_)
            | Token::DoctypeToken(_)
            | Token::ParseError(_)
            | Token::EOFToken => {}
        }
        TokenSinkResult::Continue
    }
}

/// Inside some elements `<` is just a character; the tree builder that knows this is not in use here.
fn raw_text(tag: &Tag) -> TokenSinkResult<()> {
    match &*tag.name {
        "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        _ => TokenSinkResult::Continue,
    }
}

/// `charset=` in a meta tag or XML declaration, unless a byte-order mark says otherwise.
fn stated_encoding(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    if encoding_rs::Encoding::for_bom(bytes).is_some() {
        return None;
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(CHARSET_WITHIN)]).to_ascii_lowercase();
    let at = head.find("charset=").map(|at| at + 8).or_else(|| head.find("encoding=").map(|at| at + 9))?;
    let label = head[at..].trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':')).unwrap_or(label.len());
    let stated = encoding::by_label(&label[..end])?;
    // A page that says UTF-16 in bytes that could be read so far is not in UTF-16.
    stated.is_ascii_compatible().then_some(stated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::PassageKind;

    fn passages(html: &str) -> Vec<(PassageKind, String)> {
        let reading = read(html.as_bytes(), &Limits::default());
        reading.passages.into_iter().map(|passage| (passage.kind, passage.text)).collect()
    }

    #[test]
    fn blocks_and_tables() {
        use PassageKind::{Heading, Note, TableHead, TableRow, Text};
        for (html, wanted) in [
            (
                "<h1>Seal <b>policy</b></h1><p>One.<p>Two &amp; three.",
                vec![(Heading, "Seal policy"), (Text, "One."), (Text, "Two & three.")],
            ),
            ("<div>a<div>b</div>c</div>", vec![(Text, "a"), (Text, "b"), (Text, "c")]),
            ("Date: 1<br>By: X", vec![(Text, "Date: 1"), (Text, "By: X")]),
            ("<ul><li>one<li>two</ul>", vec![(Text, "one"), (Text, "two")]),
            (
                "<table><tr><th>Date<th>Seal<tr><td>1<td><p>A</p><p>B</p><tr><td>2<td></table>after",
                vec![(TableHead, "Date\tSeal"), (TableRow, "1\tA B"), (TableRow, "2\t"), (Text, "after")],
            ),
            ("<table><tr><td colspan=2>a</td><td>b</td></tr></table>", vec![(TableRow, "a\t\tb")]),
            (
                "<table><tr><td>Layout<table><tr><td>1</td><td>2</td></tr></table>end</td></tr></table>",
                vec![(Text, "Layout"), (TableRow, "1\t2"), (Text, "end")],
            ),
            ("<blockquote><p>old</p></blockquote><p>new", vec![(Note, "old"), (Text, "new")]),
            ("<label>Locked</label> <input type=checkbox checked>", vec![(Text, "Locked [x]")]),
            ("Name <input type=text value='A. Roe'>", vec![(Text, "Name A. Roe")]),
            ("<dl><dt>Reviewed<dd>2026", vec![(Text, "Reviewed"), (Text, "2026")]),
            ("a<script>if (1<2) alert('<p>x')</script><style>p{}</style>b", vec![(Text, "ab")]),
            (
                "<p>x<span style='display: none'>no<b>no</b></span>y<p hidden>no</p><p>z",
                vec![(Text, "xy"), (Text, "z")],
            ),
            ("<select><option>a<option selected>b</select>", vec![(Text, "b")]),
            ("<pre>a\nb</pre>", vec![(Text, "a"), (Text, "b")]),
        ] {
            let found = passages(html);
            let found: Vec<(PassageKind, &str)> = found.iter().map(|(kind, text)| (*kind, text.as_str())).collect();
            assert_eq!(found, wanted, "{html}");
        }
    }

    #[test]
    fn the_head_gives_properties() {
        let html = "<html><head><title>Seal &amp; lock</title><meta name=generator content='Evidex 1'>\
            <meta name='dcterms.modified' content='2026-10-01'><meta name=author content=Ann></head><body>x";
        let properties = read(html.as_bytes(), &Limits::default()).properties;
        assert_eq!(properties.title.as_deref(), Some("Seal & lock"));
        assert_eq!(properties.generator.as_deref(), Some("Evidex 1"));
        assert_eq!(properties.modified.as_deref(), Some("2026-10-01"));
        assert_eq!(properties.author.as_deref(), Some("Ann"));
    }

    #[test]
    fn the_stated_encoding_is_used() {
        for (bytes, wanted) in [
            (&b"<meta charset=\"iso-8859-1\"><p>Se\xf1al"[..], "Señal"),
            (b"<meta charset=utf-8><p>Se\xc3\xb1al", "Señal"),
            (b"<meta charset=utf-16><p>Se\xc3\xb1al", "Señal"),
            (b"<p>Se\xf1al", "Señal"),
        ] {
            assert_eq!(read(bytes, &Limits::default()).passages[0].text, wanted);
        }
    }

    #[test]
    fn depth_costs_nothing() {
        let html = "<div><table><tr><td>".repeat(50_000) + "deep";
        assert_eq!(passages(&html), [(PassageKind::Text, "deep".to_owned())]);
    }
}
