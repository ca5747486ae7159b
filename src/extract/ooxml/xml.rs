//! XML in streaming: one pass, no tree, no entity but the five and character references.
//!
//! Apart from the readers because what makes XML dangerous (depth, entities, broken markup) is answered here once.

use std::io::BufRead;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Deeper than any document that a person wrote.
const DEPTH: usize = 2_000;

/// Receives the events of one part. Names come without their prefix; an empty element is a start and an end.
pub(in crate::extract) trait Visitor {
    /// `false` skips the element with all that is in it; its end is then not told.
    fn start(&mut self, name: &str, attributes: &Attributes<'_>) -> bool;

    fn end(&mut self, _name: &str) {}

    fn text(&mut self, _text: &str) {}

    /// True to stop reading: nothing more is wanted.
    fn is_done(&self) -> bool {
        false
    }
}

/// The attributes of an element, by name without prefix.
pub(in crate::extract) struct Attributes<'e> {
    element: &'e BytesStart<'e>,
}

impl Attributes<'_> {
    pub(in crate::extract) fn get(&self, name: &str) -> Option<String> {
        let mut attributes = self.element.attributes();
        let mut readable = attributes.with_checks(false).flatten();
        let found = readable.find(|attribute| attribute.key.local_name().as_ref() == name)?;
        let plain = found.value.as_ref().to_owned();
        Some(found.normalized_value(XmlVersion::Implicit1_0).map_or(plain, std::borrow::Cow::into_owned))
    }

    /// The attribute `name` with a prefix: `r:id` beside `id`.
    pub(in crate::extract) fn prefixed(&self, name: &str) -> Option<String> {
        let mut attributes = self.element.attributes();
        let mut named = attributes.with_checks(false).flatten().filter(|found| found.key.prefix().is_some());
        named.find(|found| found.key.local_name().as_ref() == name).map(|found| found.value.into_owned())
    }

    /// What `val` says of a switch: an element without it is on.
    pub(in crate::extract) fn is_on(&self) -> bool {
        !self.get("val").is_some_and(|value| matches!(value.as_str(), "0" | "false" | "off" | "none"))
    }
}

/// Reads a part to its end; false if it broke off.
pub(super) fn walk<R: BufRead>(part: R, visitor: &mut dyn Visitor) -> bool {
    let mut reader = Reader::from_reader(part);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut buffer = Vec::new();
    let mut depth = Depth::default();
    while !visitor.is_done() {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Err(_) => return false,
            Ok(Event::Eof) => return true,
            Ok(event) => tell(&event, &mut depth, visitor),
        }
        if depth.open > DEPTH {
            return false;
        }
    }
    true
}

/// How many elements are open, and how many of them are being skipped.
#[derive(Default)]
struct Depth {
    open: usize,
    skipped: usize,
}

fn tell(event: &Event<'_>, depth: &mut Depth, visitor: &mut dyn Visitor) {
    match event {
        Event::Start(element) => {
            depth.open += 1;
            if depth.skipped > 0 || !visitor.start(element.local_name().as_ref(), &Attributes { element }) {
                depth.skipped += 1;
            }
        }
        Event::End(element) => {
            depth.open = depth.open.saturating_sub(1);
            if depth.skipped > 0 {
                depth.skipped -= 1;
            } else {
                visitor.end(element.local_name().as_ref());
            }
        }
        _ if depth.skipped > 0 => {}
        Event::Empty(element) => {
            let name = element.local_name();
            if visitor.start(name.as_ref(), &Attributes { element }) {
                visitor.end(name.as_ref());
            }
        }
        Event::Text(text) => visitor.text(&text.xml10_content()),
        Event::CData(text) => visitor.text(&text.xml10_content()),
        Event::GeneralRef(reference) => {
            let known = reference.resolve_char_ref().ok().flatten();
            let text = known.map_or_else(|| named_entity(reference.as_ref()).to_owned(), String::from);
            visitor.text(&text);
        }
        Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
    }
}

/// The five entities of XML; any other is a space, never expanded.
fn named_entity(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => " ",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::format_push_string)] // short texts, and shorter code

    use super::*;

    #[derive(Default)]
    struct Log(String);

    impl Visitor for Log {
        fn start(&mut self, name: &str, attributes: &Attributes<'_>) -> bool {
            self.0 += &format!("<{name} {}>", attributes.get("val").unwrap_or_default());
            name != "skip"
        }
        fn end(&mut self, name: &str) {
            self.0 += &format!("</{name}>");
        }
        fn text(&mut self, text: &str) {
            self.0 += text;
        }
    }

    #[test]
    fn events_come_without_prefixes_and_without_skipped_elements() {
        let mut log = Log::default();
        let xml = br#"<w:a w:val="1&amp;2">x &amp; &#233;<skip>no<b/>no</skip><w:e/><![CDATA[<y>]]>&evil;</w:a>"#;
        assert!(walk(&xml[..], &mut log));
        assert_eq!(log.0, "<a 1&2>x & \u{e9}<skip ><e ></e><y> </a>");
    }

    #[test]
    fn broken_and_bottomless_parts_end() {
        let deep = "<a>".repeat(DEPTH + 5);
        for xml in [&b"<a>text</b></c><"[..], b"<a b='", deep.as_bytes(), b"\xff\xfe<"] {
            walk(xml, &mut Log::default());
        }
        assert!(!walk(deep.as_bytes(), &mut Log::default()));
    }
}
