//! What a reader makes of bytes: passages with their places, properties, and members; or the reason why not.
//!
//! A reading is the only form in which a document's inside reaches the rest of the program. It is what the worker
//! process returns and what the ledger keeps as an erasable payload.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ids::ContentHash;

/// The form of the bytes, found from the bytes themselves and never from the file's extension alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    Pdf,
    Docx,
    Xlsx,
    Pptx,
    Csv,
    Html,
    Markdown,
    Text,
    Eml,
    Zip,
    Image,
    Doc,
    Xls,
    Xlsb,
    Ppt,
    Odt,
    Ods,
    Odp,
    Rtf,
    Msg,
    /// Known to exist, not read: the name says which (`rar`, `pst`, `mp4`).
    Other,
}

impl Format {
    /// The code in JSON, in tables and after `type:` in a query.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Text => "text",
            Self::Eml => "eml",
            Self::Zip => "zip",
            Self::Image => "image",
            Self::Doc => "doc",
            Self::Xls => "xls",
            Self::Xlsb => "xlsb",
            Self::Ppt => "ppt",
            Self::Odt => "odt",
            Self::Ods => "ods",
            Self::Odp => "odp",
            Self::Rtf => "rtf",
            Self::Msg => "msg",
            Self::Other => "other",
        }
    }

    /// A workbook, of any program and age.
    pub fn is_spreadsheet(self) -> bool {
        matches!(self, Self::Xlsx | Self::Xls | Self::Xlsb | Self::Ods)
    }
}

/// Where a passage stands, as a person would look it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// 1-based.
    Page(u32),
    /// `sheet` indexes [`Reading::sheets`]; `row` is the number the spreadsheet shows, from 1.
    Row { sheet: u16, row: u32 },
    /// 1-based.
    Slide(u32),
    /// Paragraph or block number from 1, for text without pages.
    Paragraph(u32),
    /// 1-based.
    Line(u32),
}

/// What sort of text a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PassageKind {
    /// A heading or title, by style or mark-up.
    Heading,
    /// Running text: a paragraph, a list item, a text box, a line.
    Text,
    /// The head of a table: cells.
    TableHead,
    /// A row of a table: cells, empty ones kept.
    TableRow,
    /// A form field or content control: two cells, the label and the value (empty if blank; `[x]`/`[ ]` for boxes).
    Field,
    /// Text repeated on pages: running header or footer.
    Margin,
    /// Footnote, comment, speaker's note.
    Note,
    /// One mail header line: two cells, the name in lower case and the value.
    MailHeader,
}

/// A run of extracted text with its place.
///
/// `text` has no line breaks inside cells and no control characters but the tab that separates the cells of
/// `TableHead`, `TableRow`, `Field` and `MailHeader`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    pub place: Place,
    pub kind: PassageKind,
    pub text: String,
    /// How sure text recognition is of these words, 0 to 100; none where the text was not recognised but read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
}

/// Below this mean confidence of its words, a passage came out of a picture with so many errors that it may say
/// something else than the paper does (`docs/decisions/0010-text-recognition.md`).
pub const CONFIDENCE_MIN: u8 = 60;

impl Passage {
    /// True if these words were recognised in a picture, and badly.
    pub fn is_doubtful(&self) -> bool {
        self.confidence.is_some_and(|confidence| confidence < CONFIDENCE_MIN)
    }

    /// The cells of a table row, head, field or mail header; one cell for running text.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.text.split('\t')
    }
}

/// What the file says of itself. Dates are as written there (ISO text), not yet believed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Properties {
    pub title: Option<String>,
    pub author: Option<String>,
    pub subject: Option<String>,
    /// Creating program or generator mark.
    pub generator: Option<String>,
    /// ISO date or date-time text.
    pub created: Option<String>,
    /// ISO date or date-time text.
    pub modified: Option<String>,
    pub page_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo: Option<Box<Photo>>,
}

/// What a camera wrote into its picture.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Photo {
    pub camera: Option<String>,
    /// Latitude and longitude in degrees.
    pub position: Option<String>,
}

/// The inside of a content that could be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub format: Format,
    pub properties: Properties,
    /// Sheet names, in order; empty but for spreadsheets.
    pub sheets: Vec<String>,
    /// In reading order.
    pub passages: Vec<Passage>,
    /// True if a limit cut the text short; the part that is here was read properly.
    pub truncated: bool,
}

impl Reading {
    /// The place in words: `page 3`, `sheet Oct, row 14`.
    pub fn place_text(&self, place: Place) -> String {
        match place {
            Place::Row { sheet, row } => match self.sheets.get(usize::from(sheet)) {
                Some(name) if self.sheets.len() > 1 => format!("sheet {name}, row {row}"),
                Some(_) | None => format!("row {row}"),
            },
            Place::Page(_) | Place::Slide(_) | Place::Paragraph(_) | Place::Line(_) => place.to_string(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(page) => write!(f, "page {page}"),
            Self::Row { row, .. } => write!(f, "row {row}"),
            Self::Slide(slide) => write!(f, "slide {slide}"),
            Self::Paragraph(paragraph) => write!(f, "paragraph {paragraph}"),
            Self::Line(line) => write!(f, "line {line}"),
        }
    }
}

/// Why a document has no reading. Each is a finding with something to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unreadable {
    // of the content: final until the content or the reader changes
    Encrypted,
    Damaged,
    Empty,
    /// Pages or picture without text; needs OCR.
    ImageOnly,
    /// Text came out, but it is not words (lost fonts, wrong encoding).
    Garbled,
    TooLarge,
    /// The worker passed its memory limit.
    TooMuchMemory,
    /// The worker passed its processor-time limit.
    TooMuchTime,
    /// The worker passed its output limit.
    TooMuchOutput,
    /// The worker died (abort, stack overflow, forbidden call).
    Crashed,
    /// A container too deep, with too many members, or packed too tightly.
    Bomb,
    // of the moment: tried again on later passes
    Denied,
    Locked,
    Io,
    /// The file changed while it was read.
    Changing,
    /// The wall-clock limit passed under load.
    TimedOut,
    /// Not a regular file (FIFO, socket, device): never opened.
    NotAFile,
    // of a person's request
    /// Its text was erased on request, and it is not read again.
    Forgotten,
}

impl Unreadable {
    /// True if a later pass may succeed on the same bytes.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Denied | Self::Locked | Self::Io | Self::Changing | Self::TimedOut)
    }

    /// The code in JSON and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Damaged => "damaged",
            Self::Empty => "empty",
            Self::ImageOnly => "image-only",
            Self::Garbled => "garbled",
            Self::TooLarge => "too-large",
            Self::TooMuchMemory => "too-much-memory",
            Self::TooMuchTime => "too-much-time",
            Self::TooMuchOutput => "too-much-output",
            Self::Crashed => "crashed",
            Self::Bomb => "bomb",
            Self::Denied => "denied",
            Self::Locked => "locked",
            Self::Io => "io",
            Self::Changing => "changing",
            Self::TimedOut => "timed-out",
            Self::NotAFile => "not-a-file",
            Self::Forgotten => "forgotten",
        }
    }

    /// What a person can do, as an imperative sentence without a full stop.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Encrypted => {
                "ask its owner for the password and list it in `passwords_file` (PDF, ZIP), or save a copy without one"
            }
            Self::Damaged => "open it in its own program and save it again, or restore it from backup",
            Self::Empty => "restore it from backup, or delete it",
            Self::ImageOnly => "run it through text recognition (OCR) and keep the searchable copy beside it",
            Self::Garbled => "print it to a new PDF from its own program, or scan it with text recognition",
            Self::TooLarge => "split it, or raise `limits.file_mib` in the configuration",
            Self::TooMuchMemory => {
                "open it in its own program and save it as a smaller file, or raise `limits.memory_mib`"
            }
            Self::TooMuchTime | Self::TimedOut => {
                "open it in its own program and save it again, or raise `limits.cpu_seconds`"
            }
            Self::TooMuchOutput => "split it, or raise `limits.output_mib`",
            Self::Crashed => {
                "open it in its own program and save it again; report the file's kind if it is a usual one"
            }
            Self::Bomb => "unpack it by hand if you trust it",
            Self::Denied => "give the account that runs this program read permission",
            Self::Locked => "close it in the program that holds it; it is tried again at the next pass",
            Self::Io => "check the disk or the network share; it is tried again at the next pass",
            Self::Changing => "nothing: it is tried again once it stops changing",
            Self::NotAFile => "nothing: it is not a regular file and is never opened",
            Self::Forgotten => "nothing: its text was erased on request; `evidex forget --undo` has it read again",
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What came of trying to read a content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Read(Reading),
    Unreadable {
        reason: Unreadable,
        /// More for the person, never document text: `needs a password (AES-256)`.
        detail: String,
    },
    /// A type that this program does not read; `kind` is its short name (`rar`, `pst`).
    Unsupported {
        kind: String,
    },
    /// Readable once text recognition has run.
    OcrPending,
}

/// A content with all that was found inside it, containers opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extracted {
    pub format: Format,
    pub outcome: Outcome,
    /// Members of a container or attachments of a mail, in order.
    pub members: Vec<Member>,
    /// Pages whose text is in a picture alone, from 1, ascending: a matter of text recognition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<u32>,
}

/// One member of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The name inside the container, `/` between folders, cleaned of `..` and of control characters.
    pub name: String,
    pub content: ContentHash,
    pub size: u64,
    pub extracted: Extracted,
}
