//! Which paragraph styles are headings.
//!
//! Apart from the body because style names are a matter of their own: ids are translated (`Ttulo1`), names mostly not,
//! and a company's own style is a heading through the style it is based on or through its outline level.

use std::collections::{HashMap, HashSet};

use crate::extract::limits::ReadError;
use crate::extract::ooxml::{Attributes, Package, Relation, Visitor};

/// How far a chain of `basedOn` is followed; it may be a ring.
const CHAIN: usize = 12;

/// The heading styles of a document.
#[derive(Default)]
pub(super) struct Styles {
    headings: HashSet<String>,
}

impl Styles {
    pub(super) fn is_heading(&self, id: &str) -> bool {
        self.headings.contains(id) || is_heading_name(id)
    }
}

/// Reads the style sheet of the document.
pub(super) fn read(package: &mut Package<'_>, relations: &[Relation]) -> Result<Styles, ReadError> {
    let mut sheet = Sheet::default();
    if let Some(relation) = relations.iter().find(|relation| relation.kind == "styles") {
        package.visit(&relation.target, &mut sheet)?;
    }
    Ok(Styles { headings: sheet.headings() })
}

#[derive(Default)]
struct Style {
    heading: Option<bool>,
    based_on: Option<String>,
}

#[derive(Default)]
struct Sheet {
    styles: HashMap<String, Style>,
    open: Option<(String, Style)>,
}

impl Sheet {
    fn headings(&self) -> HashSet<String> {
        self.styles.keys().filter(|id| self.is_heading(id)).cloned().collect()
    }

    fn is_heading(&self, id: &str) -> bool {
        let mut at = id;
        for _ in 0..CHAIN {
            let Some(style) = self.styles.get(at) else { return false };
            match (style.heading, &style.based_on) {
                (Some(heading), _) => return heading,
                (None, Some(base)) => at = base,
                (None, None) => return false,
            }
        }
        false
    }
}

impl Visitor for Sheet {
    fn start(&mut self, name: &str, attributes: &Attributes<'_>) -> bool {
        if name == "style" {
            let paragraph = attributes.get("type").is_none_or(|kind| kind == "paragraph");
            self.open = Some((attributes.get("styleId").unwrap_or_default(), Style::default()));
            return paragraph;
        }
        let Some((_, style)) = &mut self.open else { return true };
        let value = attributes.get("val");
        match name {
            "name" if value.as_deref().is_some_and(is_heading_name) => style.heading = Some(true),
            "outlineLvl" => style.heading = Some(value.as_deref() != Some("9")),
            "basedOn" => style.based_on = value,
            _ => {}
        }
        true
    }

    fn end(&mut self, name: &str) {
        if name == "style"
            && let Some((id, style)) = self.open.take()
        {
            self.styles.insert(id, style);
        }
    }
}

/// Word's own heading and title styles, by English name or by the ids that English and Spanish versions write.
fn is_heading_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    let word: String = lower.chars().filter(|c| c.is_alphabetic()).collect();
    matches!(word.as_str(), "heading" | "title" | "subtitle" | "título" | "titulo" | "ttulo" | "subtítulo" | "subttulo")
        || matches!(word.as_str(), "puesto" | "berschrift" | "überschrift" | "titre")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_by_their_names() {
        for (name, heading) in [
            ("heading 1", true),
            ("Heading2", true),
            ("Ttulo1", true),
            ("Título 3", true),
            ("Title", true),
            ("Encabezado", false),
            ("header", false),
            ("Normal", false),
        ] {
            assert_eq!(is_heading_name(name), heading, "{name}");
        }
    }

    #[test]
    fn a_style_is_a_heading_through_its_base_and_rings_end() {
        let mut sheet = Sheet::default();
        let mut add = |id: &str, heading, base: Option<&str>| {
            sheet.styles.insert(id.to_owned(), Style { heading, based_on: base.map(str::to_owned) });
        };
        add("H", Some(true), None);
        add("Own", None, Some("H"));
        add("Body", Some(false), Some("H"));
        add("RingA", None, Some("RingB"));
        add("RingB", None, Some("RingA"));
        let mut headings: Vec<String> = sheet.headings().into_iter().collect();
        headings.sort();
        assert_eq!(headings, ["H", "Own"]);
    }
}
