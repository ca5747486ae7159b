//! `docProps/core.xml` and `docProps/app.xml` as properties.

use super::package::Package;
use super::xml::{Attributes, Visitor};
use crate::domain::reading::Properties;
use crate::extract::gather::clean;
use crate::extract::limits::ReadError;

/// What the package says of itself.
pub(in crate::extract) fn properties(package: &mut Package<'_>) -> Result<Properties, ReadError> {
    let mut part = Part::default();
    for name in ["docProps/core.xml", "docProps/app.xml"] {
        package.visit(name, &mut part)?;
    }
    Ok(part.properties)
}

#[derive(Default)]
struct Part {
    properties: Properties,
    text: String,
}

impl Visitor for Part {
    fn start(&mut self, name: &str, _: &Attributes<'_>) -> bool {
        self.text.clear();
        // The table of contents of the properties themselves; nothing in it is asked for.
        !matches!(name, "TitlesOfParts" | "HeadingPairs")
    }

    fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn end(&mut self, name: &str) {
        let text = clean(&std::mem::take(&mut self.text));
        if text.is_empty() {
            return;
        }
        let properties = &mut self.properties;
        match name {
            "title" => properties.title = Some(text),
            "creator" => properties.author = Some(text),
            "subject" => properties.subject = Some(text),
            "created" => properties.created = Some(text),
            "modified" => properties.modified = Some(text),
            "Application" => properties.generator = Some(text),
            "Pages" => properties.page_count = text.parse().ok(),
            "Slides" => properties.page_count = properties.page_count.or_else(|| text.parse().ok()),
            _ => {}
        }
    }
}
