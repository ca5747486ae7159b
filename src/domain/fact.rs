//! Facts: appended rows of what was seen, read, judged, decided or configured. The only truth; all else is derived.
//!
//! A fact's chain entry is canonical JSON of its small fields; large or personal parts (text, quotes, notes) are
//! *payloads*, named in the fact by their SHA-256 and kept apart, so that they can be erased without breaking the chain.

use serde::{Deserialize, Serialize};

use super::change::Stamp;
use super::day::Day;
use super::ids::{ContentHash, CriterionId, InstantMs, RootId, Seq};
use super::reading::{Format, Unreadable};
use super::relpath::RelPath;
use super::wire;

/// One thing that became known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "kebab-case")]
pub enum Fact {
    /// A folder is watched from now on.
    Rooted {
        root: RootId,
        /// The folder's own path, absolute.
        #[serde(with = "wire::path")]
        path: RelPath,
        /// What tells its file system from others.
        #[serde(with = "wire::decimal")]
        device: u64,
    },
    Seen(Seen),
    Read(Read),
    Judged(Judged),
    Decided(Decided),
    Configured {
        config: ContentHash,
    },
    Withheld(Withheld),
    Salvaged(Salvaged),
}

/// A name in a root, with what is there now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    pub root: RootId,
    #[serde(with = "wire::path")]
    pub path: RelPath,
    pub what: Sight,
    /// The pass that saw it.
    pub pass: u64,
}

/// What a look at a name found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Sight {
    /// A file with these bytes.
    Content {
        content: ContentHash,
        stamp: Stamp,
        /// When the stamp was taken, nanoseconds since 1970.
        #[serde(with = "wire::decimal")]
        looked_ns: i64,
    },
    /// A file that could not be hashed, with the reason; the stamp if there was one.
    Unread {
        reason: Unreadable,
        detail: String,
        stamp: Option<Stamp>,
        #[serde(with = "wire::decimal")]
        looked_ns: i64,
    },
    Gone,
}

/// How a content was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Read {
    pub content: ContentHash,
    /// Bytes.
    #[serde(with = "wire::decimal")]
    pub size: u64,
    /// Names extractor version, limits and languages: another reader reads anew.
    pub reader: String,
    pub format: Format,
    pub outcome: ReadOutcome,
    pub members: Vec<MemberRef>,
    /// Pages whose text is in pictures that nobody has recognised yet.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pages_waiting: u32,
    /// Pages whose text was recognised by the program that `reader` names.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub pages_recognised: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum ReadOutcome {
    /// `text` is the payload hash of the reading as JSON.
    Read {
        text: ContentHash,
        words: u64,
    },
    Unreadable {
        reason: Unreadable,
        detail: String,
    },
    Unsupported {
        kind: String,
    },
    OcrPending,
}

/// A member of a container: its own content has facts of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberRef {
    pub name: String,
    pub content: ContentHash,
}

/// What a judge with a catalog found in a content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    pub content: ContentHash,
    /// Program version of the judging and hash of catalog and model.
    pub judge: String,
    /// Payload hash of the `Judgement` as JSON.
    pub judgement: ContentHash,
}

/// What a person said. It beats the machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    pub content: Option<ContentHash>,
    pub root: Option<RootId>,
    #[serde(with = "wire::optional_path")]
    pub path: Option<RelPath>,
    pub criterion: Option<CriterionId>,
    pub decision: Decision,
    pub by: String,
    /// Payload hash of the note, if one was given.
    pub note: Option<ContentHash>,
    /// The decision that this one takes back or replaces.
    pub replaces: Option<Seq>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Decision {
    Accept,
    Reject,
    Date {
        day: Day,
    },
    Owner {
        name: String,
    },
    NotApplicable,
    /// Nothing happened in the period that would make a record due.
    Nil {
        until: Day,
    },
    Waive {
        until: Day,
    },
    Undo,
}

/// A content whose text is not kept from now on, or may be kept again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Withheld {
    pub content: ContentHash,
    pub why: Withholding,
    /// The person who asked; empty if it was a rule of the configuration.
    pub by: String,
    /// Payload hash of the reason, if a person gave one.
    pub reason: Option<ContentHash>,
}

/// Why a content's text is not in the ledger. Another reading of the content ends all of these but the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Withholding {
    /// A person asked for it: it was erased, and the content is not read again.
    Forgotten,
    /// It lies at private paths alone: it is judged, and its text is not kept.
    Private,
    /// It was gone for longer than texts are to be kept.
    Expired,
    /// A person took the first back: the next pass reads it again.
    Lifted,
}

impl Withholding {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Forgotten => "forgotten",
            Self::Private => "private",
            Self::Expired => "expired",
            Self::Lifted => "lifted",
        }
    }
}

/// The first fact of a ledger that was saved from a damaged one: the facts after it are those that could be saved,
/// with their own instants, linked anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Salvaged {
    /// Milliseconds since 1970: the fact itself carries the instant of the oldest fact saved, since instants never fall.
    #[serde(with = "wire::decimal")]
    pub repaired_ms: i64,
    /// The newest link of the damaged ledger that could be read.
    pub old_head: Option<Head>,
    /// Facts that could not be read, or were not as they had been written.
    #[serde(with = "wire::decimal")]
    pub facts_lost: u64,
    /// Texts that could not be read: the next pass reads their documents again where they still lie.
    #[serde(with = "wire::decimal")]
    pub texts_lost: u64,
}

/// A fact with its place in the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub seq: Seq,
    pub at: InstantMs,
    pub fact: Fact,
}

/// The newest link of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub seq: Seq,
    pub hash: ContentHash,
}
