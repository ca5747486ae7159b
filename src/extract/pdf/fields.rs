//! The fields of a fillable form, with their names and what was filled in.
//!
//! Apart from the page's text because a blank field draws nothing: only here can a filled form be told from an empty
//! one. Fields are found through the widgets of a page, so that each has its page.

use std::collections::BTreeSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, String as PdfString};
use hayro_syntax::page::Page;

use super::{properties, signer};

/// How far names and values are inherited; the chain may be a ring.
const PARENTS: usize = 8;
/// Fields of one page; more is no form that a person fills in.
const FIELDS: usize = 2_000;
/// Flags of a button that only does something when pressed.
const PUSH_BUTTON: i32 = 1 << 16;

/// A named field and its value; the value is empty if nothing was filled in.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::extract) struct Field {
    pub label: String,
    pub value: String,
}

/// The fields on a page, in the order of the file.
pub(super) fn of(page: &Page<'_>) -> Vec<Field> {
    let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { return Vec::new() };
    let widgets = annotations.iter::<Dict<'_>>().take(FIELDS);
    widgets.filter(|widget| is_name(widget, "Subtype", "Widget")).filter_map(|widget| field(&widget)).collect()
}

fn field(widget: &Dict<'_>) -> Option<Field> {
    let chain = chain(widget);
    let text = |key: &str| {
        let found = chain.iter().find_map(|dict| dict.get::<PdfString<'_>>(key))?;
        properties::text(Some(found.as_bytes()))
    };
    let label = text("TU").or_else(|| text("T"))?;
    let kind = chain.iter().find_map(|dict| dict.get::<Name<'_>>("FT"))?;
    let value = match kind.as_str() {
        "Btn" => {
            let flags = chain.iter().find_map(|dict| dict.get::<i32>("Ff")).unwrap_or(0);
            if flags & PUSH_BUTTON != 0 {
                return None;
            }
            if is_on(widget, &chain) { "[x]".to_owned() } else { "[ ]".to_owned() }
        }
        "Tx" | "Ch" => chain.iter().find_map(|dict| dict.get::<Object<'_>>("V")).and_then(shown).unwrap_or_default(),
        // That a signature is there says little, that none is there a lot.
        "Sig" => signature(&chain).unwrap_or_default(),
        _ => return None,
    };
    Some(Field { label, value })
}

fn signature(chain: &[Dict<'_>]) -> Option<String> {
    chain.iter().find_map(|dict| dict.get::<Dict<'_>>("V")).map(|signature| signer::sentence(&signature))
}

/// Signatures that stand on no page: a file can be signed without a mark to see.
pub(super) fn unplaced_signatures(pdf: &Pdf) -> Vec<Field> {
    let root = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
    let Some(form) = root.and_then(|root| root.get::<Dict<'_>>("AcroForm")) else { return Vec::new() };
    let Some(fields) = form.get::<Array<'_>>("Fields") else { return Vec::new() };
    let signed = |field: &Dict<'_>| is_name(field, "FT", "Sig") && field.contains_key("V");
    let signed: Vec<Dict<'_>> = fields.iter::<Dict<'_>>().take(FIELDS).filter(signed).collect();
    if signed.is_empty() {
        return Vec::new();
    }
    let placed: BTreeSet<_> = pdf.pages().iter().flat_map(placed_ids).collect();
    let unplaced = signed.iter().filter(|field| field.obj_id().is_none_or(|id| !placed.contains(&id)));
    unplaced.filter_map(field).collect()
}

/// Widgets on a page and the fields above them.
fn placed_ids(page: &Page<'_>) -> Vec<ObjectIdentifier> {
    let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { return Vec::new() };
    let widgets = annotations.iter::<Dict<'_>>().take(FIELDS);
    widgets.flat_map(|widget| chain(&widget)).filter_map(|dict| dict.obj_id()).collect()
}

/// The widget and the fields above it.
fn chain<'a>(widget: &Dict<'a>) -> Vec<Dict<'a>> {
    let mut chain = vec![widget.clone()];
    while let Some(parent) = chain.last().and_then(|dict| dict.get::<Dict<'a>>("Parent")) {
        chain.push(parent);
        if chain.len() > PARENTS {
            break;
        }
    }
    chain
}

/// A box is on if its appearance is anything but `Off`; without one, if its value is.
fn is_on(widget: &Dict<'_>, chain: &[Dict<'_>]) -> bool {
    let state = widget.get::<Name<'_>>("AS");
    let value = || chain.iter().find_map(|dict| dict.get::<Name<'_>>("V"));
    state.or_else(value).is_some_and(|state| state.as_str() != "Off")
}

/// A text, a choice, or several choices.
fn shown(value: Object<'_>) -> Option<String> {
    match value {
        Object::String(text) => properties::text(Some(text.as_bytes())),
        Object::Name(name) => Some(name.as_str().to_owned()),
        Object::Array(choices) => {
            let texts = choices.iter::<PdfString<'_>>().take(FIELDS);
            Some(texts.filter_map(|text| properties::text(Some(text.as_bytes()))).collect::<Vec<_>>().join(", "))
        }
        _ => None,
    }
}

fn is_name(dict: &Dict<'_>, key: &str, expected: &str) -> bool {
    dict.get::<Name<'_>>(key).is_some_and(|name| name.as_str() == expected)
}
