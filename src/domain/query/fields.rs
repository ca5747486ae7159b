//! The names before a colon, and the values that are known beforehand.

use crate::domain::reading::{Format, Unreadable};

/// Where words are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextField {
    /// Text, title, headings and path.
    Anywhere,
    Title,
    /// The words of the path.
    Path,
    Text,
}

/// A field whose values are codes or names, matched whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeField {
    Criterion,
    Role,
    Kind,
    Type,
    Site,
    Root,
    /// What came of reading: `read`, `unreadable` or the reason, as in `encrypted`.
    Outcome,
    Language,
}

/// Everything that may stand before a colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldName {
    Text(TextField),
    Code(CodeField),
    Date,
    Year,
    Since,
    Until,
}

/// Every field, by the name a person writes.
const NAMES: [(&str, FieldName); 15] = [
    ("title", FieldName::Text(TextField::Title)),
    ("path", FieldName::Text(TextField::Path)),
    ("text", FieldName::Text(TextField::Text)),
    ("criterion", FieldName::Code(CodeField::Criterion)),
    ("role", FieldName::Code(CodeField::Role)),
    ("kind", FieldName::Code(CodeField::Kind)),
    ("type", FieldName::Code(CodeField::Type)),
    ("site", FieldName::Code(CodeField::Site)),
    ("root", FieldName::Code(CodeField::Root)),
    ("outcome", FieldName::Code(CodeField::Outcome)),
    ("language", FieldName::Code(CodeField::Language)),
    ("date", FieldName::Date),
    ("year", FieldName::Year),
    ("since", FieldName::Since),
    ("until", FieldName::Until),
];

const ROLES: &[&str] = &["procedure", "record", "form", "draft", "guidance", "profile", "own-output", "other"];
const LANGUAGES: &[&str] = &["english", "spanish", "other"];
const FORMATS: [Format; 21] = [
    Format::Pdf,
    Format::Docx,
    Format::Xlsx,
    Format::Pptx,
    Format::Csv,
    Format::Html,
    Format::Markdown,
    Format::Text,
    Format::Eml,
    Format::Zip,
    Format::Image,
    Format::Doc,
    Format::Xls,
    Format::Xlsb,
    Format::Ppt,
    Format::Odt,
    Format::Ods,
    Format::Odp,
    Format::Rtf,
    Format::Msg,
    Format::Other,
];
const REASONS: [Unreadable; 17] = [
    Unreadable::Encrypted,
    Unreadable::Damaged,
    Unreadable::Empty,
    Unreadable::ImageOnly,
    Unreadable::Garbled,
    Unreadable::TooLarge,
    Unreadable::TooMuchMemory,
    Unreadable::TooMuchTime,
    Unreadable::TooMuchOutput,
    Unreadable::Crashed,
    Unreadable::Bomb,
    Unreadable::Denied,
    Unreadable::Locked,
    Unreadable::Io,
    Unreadable::Changing,
    Unreadable::TimedOut,
    Unreadable::NotAFile,
];

/// Other names by which people know values: what they stand for.
const ALIASES: &[(CodeField, &str, &[&str])] = &[
    (CodeField::Type, "txt", &["text"]),
    (CodeField::Type, "md", &["markdown"]),
    (CodeField::Type, "htm", &["html"]),
    (CodeField::Type, "word", &["docx", "doc", "odt", "rtf"]),
    (CodeField::Type, "excel", &["xlsx", "xls", "xlsb", "ods"]),
    (CodeField::Type, "spreadsheet", &["xlsx", "xls", "xlsb", "ods", "csv"]),
    (CodeField::Type, "powerpoint", &["pptx", "ppt", "odp"]),
    (CodeField::Type, "mail", &["eml", "msg"]),
    (CodeField::Type, "email", &["eml", "msg"]),
    (CodeField::Type, "jpg", &["image"]),
    (CodeField::Type, "jpeg", &["image"]),
    (CodeField::Type, "png", &["image"]),
    (CodeField::Type, "tif", &["image"]),
    (CodeField::Type, "tiff", &["image"]),
    (CodeField::Language, "en", &["english"]),
    (CodeField::Language, "es", &["spanish"]),
];

impl FieldName {
    pub fn parse(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, field)| *field)
    }

    pub fn as_str(self) -> &'static str {
        let named = NAMES.iter().find(|(_, field)| *field == self);
        named.map_or("", |(name, _)| name)
    }

    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, _)| *name)
    }
}

impl CodeField {
    pub fn as_str(self) -> &'static str {
        FieldName::Code(self).as_str()
    }

    /// Every value there can be; `None` where values are the company's or the catalog's own.
    pub(super) fn values(self) -> Option<Vec<&'static str>> {
        match self {
            Self::Role => Some(ROLES.to_vec()),
            Self::Language => Some(LANGUAGES.to_vec()),
            Self::Type => Some(FORMATS.iter().map(|format| format.as_str()).collect()),
            Self::Outcome => {
                let states = ["read", "unreadable", "unsupported", "ocr-pending", "pending"];
                Some(states.into_iter().chain(REASONS.iter().map(|reason| reason.as_str())).collect())
            }
            Self::Criterion | Self::Kind | Self::Site | Self::Root => None,
        }
    }

    /// What a value that is another name stands for.
    pub(super) fn alias(self, value: &str) -> Option<&'static [&'static str]> {
        let known = ALIASES.iter().find(|(field, name, _)| *field == self && name.eq_ignore_ascii_case(value));
        known.map(|(_, _, values)| *values)
    }
}
