//! A reading as the rules see it: lines in normal form, what the paper calls itself, its sections.
//!
//! The only place that knows how readers deliver passages; rules and roles work on lines. Bounded: a text of any
//! length gives at most [`LINES_MAX`] lines.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::domain::judge::normal::normal;
use crate::domain::judge::signal::{Language, PaperForm, TitleRank, TitleUnit};
use crate::domain::judge::verdict::Quote;
use crate::domain::reading::{Format, PassageKind, Place, Reading};

/// Lines that the rules read. Later ones add rows to logs and pages to manuals that have long shown what they are.
const LINES_MAX: usize = 12_000;
/// Bytes of one line that the rules read.
const LINE_BYTES_MAX: usize = 20_000;
/// Bytes that the rules read of all lines together.
const TEXT_BYTES_MAX: usize = 8_000_000;
/// Characters kept of a title: words may be long where a script writes without spaces.
const TITLE_TEXT_MAX: usize = 300;
/// Words in which clues are looked for; the head of a paper says what it is.
const BODY_WORDS_MAX: usize = 7_000;
/// Lines of the end that belong to the body too: results and signatures stand there.
const BODY_TAIL: usize = 25;
/// A heading closes the section before it once that has so many words.
const SECTION_WORDS_MIN: usize = 12;
const SECTION_WORDS_MAX: usize = 130;
/// Words by which the language is told.
const LANGUAGE_WORDS: usize = 1_500;
const HEAD_LINES: usize = 6;
const TITLE_CHARS_MAX: usize = 260;
const TITLE_WORDS_MAX: usize = 22;
const CORE_WORDS_MAX: usize = 16;
/// A row of so many filled cells is a table's head, not a title.
const TABLE_CELLS: usize = 4;

/// One line: a passage, or a part of one.
pub struct Line<'a> {
    pub raw: &'a str,
    pub words: String,
    pub word_count: usize,
    pub place: Place,
    pub kind: PassageKind,
    /// Two or more, if the line reads as a row: cells, or columns set apart by spaces or bars.
    pub cells: Vec<&'a str>,
}

/// A stretch of lines under one heading, or about as long.
pub struct Section {
    pub heading: String,
    pub lines: Range<usize>,
}

pub struct Page<'a> {
    pub reading: &'a Reading,
    pub form: PaperForm,
    pub lines: Vec<Line<'a>>,
    /// Cells of rows that hold nothing at all; such rows are no lines.
    pub empty_cells: usize,
    words: usize,
}

static LETTERHEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\W*[^|:;]{2,60}?[\s,](inc|llc|l\.l\.c|s\.?\s?a\.?\s+de\s+c\.?\s?v|s\. ?de r\. ?l\. ?de c\. ?v|ltd|limited|corp|corporation|gmbh|co\., ltd|jsc|plc)\b\.?\)?\s*[-–—:|,.]*\s*(.*)$",
    )
    .expect("a constant expression")
});
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*(\d+(\.\d+)*\.?|[IVX]+\.|#+|(?i:chapter|section|capitulo|capítulo)|[A-Z][A-Z ]{5,})\s*\S")
        .expect("a constant expression")
});
static MAIL_HEAD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*(to|para|date|fecha|sent|enviado|subject|asunto):").expect("a constant"));
static GREETING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*(hi|hello|dear|hola|buen|estimad|from:|to:|team|good)").expect("a constant expression")
});
static DEFAULT_SHEET: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)^(sheet|hoja|feuil|tabelle)\s?\d*$").expect("a constant expression"));

impl<'a> Page<'a> {
    pub fn read(reading: &'a Reading) -> Self {
        let mut lines = Vec::new();
        let (mut empty_cells, mut bytes) = (0_usize, 0_usize);
        for passage in &reading.passages {
            for raw in passage.text.split('\n') {
                if lines.len() >= LINES_MAX || bytes >= TEXT_BYTES_MAX {
                    break;
                }
                let raw = cut(raw, LINE_BYTES_MAX);
                bytes += raw.len();
                let words = normal(raw);
                if words.is_empty() {
                    empty_cells = empty_cells.saturating_add(raw.matches('\t').count());
                } else {
                    let cells = cells(raw, passage.kind);
                    let word_count = words.split(' ').count();
                    lines.push(Line { raw, words, word_count, place: passage.place, kind: passage.kind, cells });
                }
            }
        }
        let words = lines.iter().map(|line| line.word_count).sum();
        let form = form(reading, &lines);
        Self { reading, form, lines, empty_cells, words }
    }

    pub fn words(&self) -> u32 {
        u32::try_from(self.words).unwrap_or(u32::MAX)
    }

    pub fn language(&self) -> Language {
        const SPANISH: [&str; 18] = [
            "de", "la", "el", "los", "las", "del", "que", "para", "por", "con", "se", "en", "una", "fecha", "nombre",
            "y", "al", "es",
        ];
        const ENGLISH: [&str; 15] =
            ["the", "of", "and", "to", "is", "for", "with", "by", "on", "in", "are", "date", "name", "this", "was"];
        let words = || self.lines.iter().flat_map(|line| line.words.split(' ')).take(LANGUAGE_WORDS);
        let spanish = words().filter(|word| SPANISH.contains(word)).count();
        let english = words().filter(|word| ENGLISH.contains(word)).count();
        if spanish >= 3 && spanish * 5 > english * 6 {
            Language::Spanish
        } else if english >= 2 || self.words < 40 {
            Language::English
        } else {
            Language::Other
        }
    }

    /// The lines in which clues count: the beginning and the last few.
    pub fn body(&self) -> Vec<usize> {
        let mut words = 0;
        let head = self.lines.iter().take_while(|line| {
            words += line.word_count;
            words <= BODY_WORDS_MAX
        });
        let head = head.count().max(1).min(self.lines.len());
        let tail = self.lines.len().saturating_sub(BODY_TAIL).max(head);
        (0..head).chain(tail..self.lines.len()).collect()
    }

    /// What the paper calls itself, best first.
    pub fn titles(&self) -> Vec<TitleUnit> {
        let mut units = match self.form {
            PaperForm::Mail => self.mail_titles(),
            PaperForm::Prose | PaperForm::Sheet | PaperForm::Slides | PaperForm::Picture => self.head_titles(),
        };
        let sheets = self.reading.sheets.iter().filter(|name| !DEFAULT_SHEET.is_match(name.trim())).take(12);
        units.extend(sheets.filter_map(|name| unit(name, TitleRank::Further, self.first_place(), self.reading)));
        if let Some(title) = &self.reading.properties.title {
            units.extend(unit(title, TitleRank::Property, self.first_place(), self.reading));
        }
        units
    }

    /// The subject or the first two lines that are not a table: the text in which forbidden words count.
    pub fn core(&self) -> Vec<String> {
        if self.form == PaperForm::Mail {
            return self.header("subject").map(normal).into_iter().collect();
        }
        if self.reading.format == Format::Csv {
            return Vec::new();
        }
        let lines = self.lines.iter().take(2).filter(|line| filled(&line.cells) < TABLE_CELLS);
        lines.map(|line| first_words(&line.words, CORE_WORDS_MAX)).collect()
    }

    pub fn sections(&self) -> Vec<Section> {
        let mut sections = Vec::new();
        let (mut start, mut words) = (0, 0);
        for (at, line) in self.lines.iter().enumerate() {
            let closes = (is_heading(line) && words > SECTION_WORDS_MIN) || words > SECTION_WORDS_MAX;
            if closes {
                sections.push(self.section(start..at));
                (start, words) = (at, 0);
            }
            words += line.word_count;
        }
        if start < self.lines.len() {
            sections.push(self.section(start..self.lines.len()));
        }
        sections
    }

    pub fn quote(&self, line: usize) -> Quote {
        let line = &self.lines[line];
        quote(line.raw, line.place, self.reading)
    }

    /// A mail header's value.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        let headers = self.lines.iter().take(60);
        let value = headers.filter_map(|line| match line.kind {
            PassageKind::MailHeader => line.raw.split_once('\t'),
            _ => line.raw.split_once(':'),
        });
        let wanted =
            |key: &str| key.trim().eq_ignore_ascii_case(name) || (name == "subject" && normal(key) == "asunto");
        value.filter(|(key, _)| wanted(key)).map(|(_, value)| value).next()
    }

    fn section(&self, lines: Range<usize>) -> Section {
        Section { heading: self.lines[lines.start].words.chars().take(60).collect(), lines }
    }

    fn first_place(&self) -> Place {
        self.lines.first().map_or(Place::Line(1), |line| line.place)
    }

    fn head_titles(&self) -> Vec<TitleUnit> {
        let mut units = Vec::new();
        if self.reading.format == Format::Csv {
            return units;
        }
        let mut chars = 0;
        for line in self.lines.iter().take(HEAD_LINES) {
            if chars > TITLE_CHARS_MAX {
                break;
            }
            let text =
                LETTERHEAD.captures(line.raw).and_then(|parts| parts.get(2)).map_or(line.raw, |rest| rest.as_str());
            if is_row(line) {
                continue;
            }
            let rank = if units.len() < 2 { TitleRank::First } else { TitleRank::Further };
            if let Some(unit) = unit(text, rank, line.place, self.reading) {
                chars += unit.text.len();
                units.push(unit);
            }
        }
        units
    }

    fn mail_titles(&self) -> Vec<TitleUnit> {
        let mut units = Vec::new();
        if let Some(subject) = self.header("subject") {
            units.extend(unit(subject, TitleRank::First, self.first_place(), self.reading));
        }
        let is_header = |line: &&Line| line.kind == PassageKind::MailHeader || MAIL_HEAD.is_match(line.raw);
        let attachments = self.lines.iter().filter(is_header).filter(|line| line.words.starts_with("attachment "));
        units.extend(attachments.take(3).filter_map(|line| {
            unit(line.words.strip_prefix("attachment ")?, TitleRank::Further, line.place, self.reading)
        }));
        let body = self.lines.iter().filter(|line| !is_header(line));
        let body = body.filter(|line| line.raw.trim().chars().count() > 12 && !GREETING.is_match(line.raw));
        units.extend(body.take(2).filter_map(|line| {
            unit(&first_words(&line.words, CORE_WORDS_MAX), TitleRank::Further, line.place, self.reading)
        }));
        units
    }
}

pub fn is_heading(line: &Line) -> bool {
    if line.kind == PassageKind::Heading {
        return true;
    }
    let raw = line.raw.trim();
    let short = line.word_count <= 9 && line.cells.is_empty() && !raw.ends_with(['.', ';', ',']);
    short && (NUMBERED.is_match(raw) || raw.chars().next().is_some_and(char::is_uppercase))
}

/// A row of a table or a checklist, which is no title.
fn is_row(line: &Line) -> bool {
    let cells = filled(&line.cells);
    let numbered = line.words.starts_with(|c: char| c.is_ascii_digit());
    cells >= TABLE_CELLS || (cells + 1 >= TABLE_CELLS && numbered)
}

pub fn quote(raw: &str, place: Place, reading: &Reading) -> Quote {
    let shown = raw.split('\t').map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" | ");
    Quote { place, place_text: reading.place_text(place), text: shown.chars().take(Quote::MAX_CHARS).collect() }
}

pub fn filled(cells: &[&str]) -> usize {
    cells.iter().filter(|cell| !cell.trim().is_empty()).count()
}

fn unit(raw: &str, rank: TitleRank, place: Place, reading: &Reading) -> Option<TitleUnit> {
    let text: String = first_words(&normal(raw), TITLE_WORDS_MAX).chars().take(TITLE_TEXT_MAX).collect();
    let text = text.trim_end().to_owned();
    (!text.is_empty()).then(|| TitleUnit { text, rank, quote: quote(raw, place, reading) })
}

fn first_words(words: &str, count: usize) -> String {
    words.split(' ').take(count).collect::<Vec<_>>().join(" ")
}

fn cells(raw: &str, kind: PassageKind) -> Vec<&str> {
    let cells: Vec<&str> = match kind {
        PassageKind::TableHead | PassageKind::TableRow | PassageKind::Field => raw.split('\t').map(str::trim).collect(),
        PassageKind::MailHeader | PassageKind::Heading => Vec::new(),
        PassageKind::Text | PassageKind::Margin | PassageKind::Note => {
            let bars = raw.matches('|').count() >= 2 || raw.contains(" | ");
            if raw.contains('\t') {
                raw.split('\t').map(str::trim).collect()
            } else if bars {
                raw.trim_matches('|').split('|').map(str::trim).collect()
            } else {
                raw.trim().split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()
            }
        }
    };
    if filled(&cells) >= 2 || kind == PassageKind::Field { cells } else { Vec::new() }
}

fn form(reading: &Reading, lines: &[Line]) -> PaperForm {
    match reading.format {
        Format::Eml | Format::Msg => PaperForm::Mail,
        Format::Xlsx | Format::Xls | Format::Xlsb | Format::Ods | Format::Csv => PaperForm::Sheet,
        Format::Pptx | Format::Ppt | Format::Odp => PaperForm::Slides,
        Format::Image | Format::Zip => PaperForm::Picture,
        Format::Pdf
        | Format::Docx
        | Format::Doc
        | Format::Odt
        | Format::Rtf
        | Format::Html
        | Format::Markdown
        | Format::Text
        | Format::Other => {
            let first =
                lines.first().is_some_and(|line| line.words.starts_with("from ") || line.words.starts_with("de "));
            let heads = lines.iter().take(8).filter(|line| MAIL_HEAD.is_match(line.raw)).count();
            if first && heads >= 2 { PaperForm::Mail } else { PaperForm::Prose }
        }
    }
}

fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
