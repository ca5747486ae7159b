//! Codes of the domain as words for people, in one place so that every screen says the same.

use crate::domain::assess::status::{AssessedCriterion, DocumentState, NeedState, Status};
use crate::domain::entity::{Entity, Level};
use crate::domain::fact::Head;
use crate::domain::judge::verdict::{DateSource, Role};
use crate::domain::reading::Unreadable;

pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Current => "current",
        Status::DueSoon => "due soon",
        Status::NeedsReview => "needs review",
        Status::RecordOnly => "record only",
        Status::ProcedureOnly => "procedure only",
        Status::Stale => "stale",
        Status::Missing => "missing",
        Status::Waived => "waived",
        Status::NotApplicable => "not applicable",
        Status::Unknown => "unknown",
    }
}

/// `must`, or `must?` where no source confirms it.
pub(super) fn level(criterion: &AssessedCriterion) -> String {
    let word = match criterion.level {
        Level::Must => "must",
        Level::Should => "should",
        Level::NotApplicable => "not applicable",
        Level::Unknown => "unknown",
    };
    format!("{word}{}", if criterion.level_unverified { "?" } else { "" })
}

pub(super) fn need_state(state: NeedState) -> &'static str {
    match state {
        NeedState::Met => "met",
        NeedState::Weak => "doubtful",
        NeedState::Stale => "too old",
        NeedState::Absent => "nothing found",
    }
}

/// What a role is called when it is the reason why a paper proves nothing: a heading.
pub(super) fn role_heading(role: Role) -> &'static str {
    match role {
        Role::Form => "Blank or unfinished forms",
        Role::Draft => "Drafts",
        Role::Guidance => "Guidance and samples of others",
        Role::Profile => "Answers of a Security Profile",
        Role::OwnOutput => "Reports of this program",
        Role::Procedure | Role::Record => "Replaced, withdrawn or rejected",
        Role::Other => "Other papers",
    }
}

pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Procedure => "a procedure",
        Role::Record => "a record",
        Role::Form => "a blank form",
        Role::Draft => "a draft",
        Role::Guidance => "guidance",
        Role::Profile => "Security Profile answers",
        Role::OwnOutput => "a report of this program",
        Role::Other => "something else",
    }
}

pub(super) fn date_source(source: DateSource) -> &'static str {
    match source {
        DateSource::Decision => "decision",
        DateSource::Text => "text",
        DateSource::MailHeader => "mail-header",
        DateSource::Exif => "exif",
        DateSource::FileName => "file-name",
        DateSource::Properties => "properties",
        DateSource::FileTime => "file-time",
    }
}

/// Why a file has no text, as a person says it.
pub(super) fn unreadable(reason: Unreadable) -> &'static str {
    match reason {
        Unreadable::Encrypted => "Protected by a password",
        Unreadable::Damaged => "Damaged",
        Unreadable::Empty => "Empty",
        Unreadable::ImageOnly => "Pictures without text",
        Unreadable::Garbled => "Text came out as nonsense",
        Unreadable::TooLarge => "Too large",
        Unreadable::TooMuchMemory => "Needs too much memory",
        Unreadable::TooMuchTime => "Takes too long",
        Unreadable::TooMuchOutput => "Unpacks to too much text",
        Unreadable::Crashed => "Broke the reader",
        Unreadable::Bomb => "Archive packed suspiciously",
        Unreadable::Denied => "No permission to read",
        Unreadable::Locked => "Locked by another program",
        Unreadable::Io => "Disk or network error",
        Unreadable::Changing => "Changing while it was read",
        Unreadable::TimedOut => "Not read in time",
        Unreadable::NotAFile => "Not a regular file",
        Unreadable::Forgotten => "Forgotten on request",
    }
}

/// The four outcomes that other programs rely on. What a pass has seen and not read yet counts as unreadable, reason
/// `pending`: until it is read nobody can say what it proves.
pub(super) fn outcome(state: &DocumentState) -> &'static str {
    match state {
        DocumentState::Read => "read",
        DocumentState::Unreadable { .. } | DocumentState::Pending => "unreadable",
        DocumentState::Unsupported { .. } => "unsupported",
        DocumentState::OcrPending => "ocr-pending",
    }
}

/// The code beside the outcome: why unreadable, which unsupported kind.
pub(super) fn reason(state: &DocumentState) -> Option<&str> {
    match state {
        DocumentState::Read | DocumentState::OcrPending => None,
        DocumentState::Unreadable { reason, .. } => Some(reason.as_str()),
        DocumentState::Unsupported { kind } => Some(kind),
        DocumentState::Pending => Some("pending"),
    }
}

/// `a U.S. importer`, `an air carrier`.
pub(super) fn an(entity: Entity) -> String {
    let title = entity.title();
    let article = if title.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {title}")
}

/// `3f2a90c17be4 at fact 1204`.
pub(super) fn head(head: Option<Head>) -> String {
    head.map_or_else(
        || "empty".to_owned(),
        |head| {
            let hash: String = head.hash.to_string().chars().take(12).collect();
            format!("{hash} at fact {}", head.seq.0)
        },
    )
}

/// What a person can do about a kind of file that is not read, where there is an easy way.
pub(super) fn advice_for_kind(kind: &str) -> Option<&'static str> {
    match kind {
        "heic" | "avif" => Some("export the photo as JPEG, or set the phone to its most compatible format"),
        "rar" | "7z" => Some("unpack it beside the archive"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{ContentHash, Seq};
    use crate::domain::reading::Format;

    #[test]
    fn codes_of_dates_and_formats_are_those_of_the_domain() {
        for source in [
            DateSource::Decision,
            DateSource::Text,
            DateSource::MailHeader,
            DateSource::Exif,
            DateSource::FileName,
            DateSource::Properties,
            DateSource::FileTime,
        ] {
            assert_eq!(serde_json::to_value(source).unwrap(), date_source(source));
        }
        for kind in [Format::Pdf, Format::Docx, Format::Xlsx, Format::Pptx, Format::Markdown, Format::Other] {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }

    #[test]
    fn articles_fit() {
        assert_eq!(an(Entity::UsImporter), "a U.S. importer");
        assert_eq!(an(Entity::AirCarrier), "an air carrier");
    }

    #[test]
    fn a_head_is_short() {
        let full = Head { seq: Seq(1204), hash: ContentHash([0xab; 32]) };
        assert_eq!(head(Some(full)), "abababababab at fact 1204");
        assert_eq!(head(None), "empty");
    }
}
