//! Form marks: content controls, legacy form fields, check boxes, and symbols that stand for them.
//!
//! Apart from the body because a form's blanks are what tells a filled record from an empty one, and Word has three
//! ways to write a check box.

use crate::extract::ooxml::Attributes;

/// A label longer than this is not a label.
const LABEL_CHARS: usize = 120;
/// A value longer than this is a part of the document in a control, not a field.
const VALUE_CHARS: usize = 400;

/// An open content control.
#[derive(Default)]
pub(super) struct Control {
    alias: Option<String>,
    tag: Option<String>,
    pub placeholder: bool,
    checkbox: Option<bool>,
    marked: bool,
    /// A table of contents, a cover page, a repeated section: structure, not a field.
    structure: bool,
    pub value: String,
}

impl Control {
    /// Takes a property of the control; `name` is the element inside `sdtPr`.
    pub(super) fn property(&mut self, name: &str, attributes: &Attributes<'_>) {
        let value = || attributes.get("val").filter(|value| !value.trim().is_empty());
        match name {
            "alias" => self.alias = value(),
            "tag" => self.tag = value().filter(|tag| !tag.starts_with("goog_")),
            "showingPlcHdr" => self.placeholder = attributes.is_on(),
            "checkbox" => self.checkbox = Some(false),
            "checked" if self.checkbox.is_some() => self.checkbox = Some(attributes.is_on()),
            "docPartObj" | "docPartList" | "repeatingSection" | "bibliography" | "group" => self.structure = true,
            _ => {}
        }
    }

    /// Label and value, if this is a field with a name.
    pub(super) fn field(&self) -> Option<(&str, String)> {
        let label = self.alias.as_deref().or(self.tag.as_deref())?;
        let value = match self.checkbox {
            Some(on) => mark(on).to_owned(),
            None if self.placeholder => String::new(),
            None => self.value.clone(),
        };
        let fits = label.chars().count() <= LABEL_CHARS && value.chars().count() <= VALUE_CHARS;
        (fits && !self.structure).then_some((label, value))
    }

    /// What stands in place of text inside a check box: its mark, once. `None` in any other control.
    pub(super) fn take_mark(&mut self) -> Option<&'static str> {
        let on = self.checkbox?;
        let first = !std::mem::replace(&mut self.marked, true);
        Some(if first { mark(on) } else { "" })
    }

    /// True once no more of the value is needed.
    pub(super) fn is_long(&self) -> bool {
        self.value.len() > 4 * VALUE_CHARS
    }
}

/// A legacy check box while its properties are read.
#[derive(Default)]
pub(super) struct LegacyBox {
    default: bool,
    checked: Option<bool>,
}

impl LegacyBox {
    pub(super) fn property(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            "default" => self.default = attributes.is_on(),
            "checked" => self.checked = Some(attributes.is_on()),
            _ => {}
        }
    }

    pub(super) fn mark(&self) -> &'static str {
        mark(self.checked.unwrap_or(self.default))
    }
}

/// A check box as text.
pub(super) fn mark(on: bool) -> &'static str {
    if on { "[x]" } else { "[ ]" }
}

/// A symbol of a picture font that is used as a box or a tick.
pub(super) fn symbol(attributes: &Attributes<'_>) -> &'static str {
    let font = attributes.get("font").unwrap_or_default();
    let code = attributes.get("char").unwrap_or_default().to_ascii_uppercase();
    let code = code.trim_start_matches("F0").trim_start_matches("00");
    match (font.as_str(), code) {
        ("Wingdings", "A8" | "6F" | "71" | "72") | ("Wingdings 2", "A3" | "30" | "2A") => "[ ]",
        ("Wingdings", "FE" | "FD" | "78") | ("Wingdings 2", "51" | "52" | "53" | "54") => "[x]",
        ("Wingdings", "FC") | ("Wingdings 2", "50") => "\u{2713}",
        ("Wingdings", "E0") => "\u{2192}",
        _ => "",
    }
}
