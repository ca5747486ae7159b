//! Which of all dates is the day a paper speaks for: the order of DESIGN's precedence, and of a reader's eye within a text.
//!
//! A date after `as_of` is never chosen while an earlier one stands in the same place. Only where the text itself dates
//! the paper later is that day given back, so that nobody takes tomorrow's paper for today's.

use serde::{Deserialize, Serialize};
#[cfg(test)]
mod tests;

use crate::domain::catalog::DateRule;
use crate::domain::day::Day;
use crate::domain::judge::signal::{DateCandidate, DateClass, DatePrecision, DateSignals, DateSort};
use crate::domain::judge::verdict::{DateSource, EffectiveDate, Role};
use crate::domain::reading::Place;

use super::labels;
use super::name::NameDate;

/// What kind of file carries the text, as far as dates are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    Mail,
    /// A picture: its properties are EXIF.
    Image,
    Paper,
}

/// The days a file's own properties name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertyDates {
    pub created: Option<Day>,
    pub modified: Option<Day>,
}

/// All that bears on a paper's day besides its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateContext {
    pub role: Role,
    pub rule: DateRule,
    pub as_of: Day,
    pub decision: Option<Day>,
    pub name_date: Option<NameDate>,
    pub properties: PropertyDates,
    /// The file's own time, as a day in the configured time zone.
    pub file_time: Option<Day>,
    pub medium: Medium,
}

/// Lines in which a procedure's title block stands.
const TITLE_BLOCK: u32 = 30;
/// Lines at the end in which a procedure is signed.
const TAIL: u32 = 8;
/// Lines that are a record's head.
const HEAD: u32 = 6;
/// Lines in which a scan or a test names its day.
const LONG_HEAD: u32 = 12;
/// Dated rows that make a log.
const LOG_ROWS: u32 = 4;

/// Days after its last row within which a report is signed; later ones speak of something else.
const SIGN_OFF_DAYS: i32 = 62;

/// A chosen date of the text.
struct Chosen {
    day: Day,
    precision: DatePrecision,
    source: DateSource,
    because: String,
    ambiguous: bool,
}

/// The day the paper speaks for, with the reason and with what disagrees; `None` if nothing dates it.
pub fn choose(signals: &DateSignals, context: &DateContext) -> Option<EffectiveDate> {
    let text = refined(in_text(signals, context), context);
    if let Some(day) = context.decision {
        let mut conflicts = Vec::new();
        if let Some(text) = text.filter(|text| text.day != day) {
            conflicts.push(format!("the text says {}", text.day));
        }
        return Some(EffectiveDate { day, source: DateSource::Decision, because: "decision".to_owned(), conflicts });
    }
    if let Some(chosen) = text {
        let conflicts = conflicts(&chosen, signals, context);
        if context.medium == Medium::Image && context.properties.created == Some(chosen.day) {
            // The words of a picture that say its day are those of its camera.
            let because = "day the picture was taken".to_owned();
            return Some(EffectiveDate { day: chosen.day, source: DateSource::Exif, because, conflicts });
        }
        return Some(EffectiveDate { day: chosen.day, source: chosen.source, because: chosen.because, conflicts });
    }
    outside_text(context)
}

/// The precedence below the text: picture's properties, file name, document properties, file time.
fn outside_text(context: &DateContext) -> Option<EffectiveDate> {
    let on_or_before = |day: &Day| *day <= context.as_of;
    let made = context.properties.modified.filter(on_or_before).or(context.properties.created.filter(on_or_before));
    let exif = match context.medium {
        Medium::Image => context.properties.created.or(context.properties.modified),
        Medium::Mail | Medium::Paper => None,
    };
    let named = context.name_date.filter(|named| on_or_before(&named.day));
    let choices = [
        (exif, DateSource::Exif, "day the picture was taken"),
        (named.map(|named| named.day), DateSource::FileName, "file name"),
        (made, DateSource::Properties, "document properties"),
        (context.file_time, DateSource::FileTime, "the file's own time"),
    ];
    let (day, source, because) = choices.into_iter().find_map(|(day, source, why)| Some((day?, source, why)))?;
    Some(EffectiveDate { day, source, because: because.to_owned(), conflicts: Vec::new() })
}

/// A month in the text and a day of that month in the name: the name says more.
fn refined(chosen: Option<Chosen>, context: &DateContext) -> Option<Chosen> {
    let chosen = chosen?;
    let day = context.name_date.filter(|named| {
        named.precision == DatePrecision::Day
            && chosen.precision == DatePrecision::Month
            && named.day.month_number() == chosen.day.month_number()
            && named.day <= context.as_of
    });
    Some(match day {
        Some(named) => Chosen {
            day: named.day,
            precision: DatePrecision::Day,
            source: DateSource::FileName,
            because: format!("file name; {} names the month", chosen.because),
            ambiguous: false,
        },
        None => chosen,
    })
}

fn in_text(signals: &DateSignals, context: &DateContext) -> Option<Chosen> {
    let usable = |candidate: &&DateCandidate| candidate.class != DateClass::Negative;
    let ok: Vec<&DateCandidate> =
        signals.candidates.iter().filter(usable).filter(|candidate| candidate.day <= context.as_of).collect();
    let text = Text { signals, ok: &ok, as_of: context.as_of };
    if context.medium == Medium::Mail
        && let Some(header) = signals.candidates.iter().find(|c| c.sort == DateSort::MailHeader)
    {
        let because = "date of the mail".to_owned();
        return Some(Chosen { source: DateSource::MailHeader, ..Text::chosen(header, because) });
    }
    if is_mere_picture(signals, &ok, context) {
        return None;
    }
    let found = match context.role {
        Role::Procedure | Role::Form | Role::Draft | Role::Guidance => text.of_procedure(),
        Role::Record | Role::Profile | Role::OwnOutput | Role::Other => text.of_record(context.rule),
    };
    found.or_else(|| text.dated_later())
}

/// A picture that names its day by itself: a date seen in it without a label is part of the view.
fn is_mere_picture(signals: &DateSignals, ok: &[&DateCandidate], context: &DateContext) -> bool {
    let names_its_day = context.properties.created.is_some_and(|day| day <= context.as_of);
    let labelled = ok.iter().any(|candidate| is_positive(candidate));
    context.medium == Medium::Image && names_its_day && !labelled && signals.dated_rows < LOG_ROWS
}

/// A text's dates on or before a day.
struct Text<'a> {
    signals: &'a DateSignals,
    ok: &'a [&'a DateCandidate],
    as_of: Day,
}

impl Text<'_> {
    fn chosen(candidate: &DateCandidate, because: String) -> Chosen {
        Chosen {
            day: candidate.day,
            precision: candidate.precision,
            source: DateSource::Text,
            because,
            ambiguous: candidate.ambiguous,
        }
    }

    fn latest(&self, wanted: impl Fn(&DateCandidate) -> bool, or_else: &str) -> Option<Chosen> {
        let best = self.ok.iter().filter(|c| wanted(c)).max_by_key(|c| (c.day, std::cmp::Reverse(c.line)))?;
        Some(Self::chosen(best, described(best, or_else)))
    }

    fn first(&self, wanted: impl Fn(&DateCandidate) -> bool, or_else: &str) -> Option<Chosen> {
        let best = self.ok.iter().find(|c| wanted(c))?;
        Some(Self::chosen(best, described(best, or_else)))
    }

    /// The last issue, revision or approval that the title block, the revision table or the end names.
    fn of_procedure(&self) -> Option<Chosen> {
        let lines = self.signals.lines;
        let framed = |c: &DateCandidate| {
            c.line < TITLE_BLOCK || c.line.saturating_add(TAIL) >= lines || is_apart(c) || c.sort == DateSort::Revision
        };
        let issue = |c: &DateCandidate| c.class == DateClass::Issue && framed(c);
        self.latest(|c| issue(c) && is_day(c), "issue date")
            .or_else(|| self.latest(issue, "month of issue"))
            .or_else(|| self.latest(|c| c.line < TAIL && is_day(c), "date in the head"))
            .or_else(|| self.latest(|c| c.class == DateClass::Issue && is_day(c), "issue date"))
            .or_else(|| self.latest(|c| c.line < TAIL, "month in the head"))
            .or_else(|| self.latest(is_day, "latest date in the text"))
            .or_else(|| self.latest(|_| true, "latest month in the text"))
    }

    fn of_record(&self, rule: DateRule) -> Option<Chosen> {
        let special = match rule {
            DateRule::Usual => None,
            // A log of cases goes on after the last of them was closed.
            DateRule::Closing if self.signals.dated_rows >= LOG_ROWS => None,
            DateRule::Closing => self
                .latest(|c| c.class == DateClass::Closing && is_day(c), "day of closing")
                .or_else(|| self.latest(|c| is_day(c) && is_body(c), "latest date in the text")),
            DateRule::Head => {
                let head = |c: &DateCandidate| c.line < LONG_HEAD && is_day(c) && is_body(c);
                self.latest(|c| head(c) && c.class == DateClass::Issue, "day of the report")
                    .or_else(|| self.first(|c| head(c) && is_positive(c), "date in the head"))
            }
            DateRule::Last => self.latest(|c| is_day(c) && is_body(c), "latest date in the text"),
        };
        special.or_else(|| self.last_row()).or_else(|| self.of_form())
    }

    /// The last dated row of a log.
    fn last_row(&self) -> Option<Chosen> {
        if self.signals.dated_rows < LOG_ROWS {
            return None;
        }
        let day = *self.signals.row_days.iter().rev().find(|day| **day <= self.as_of)?;
        let in_row = |c: &&&DateCandidate| matches!(c.sort, DateSort::Column | DateSort::DatedLine) && c.day == day;
        let row = self.ok.iter().rev().find(in_row);
        let because = match row.map(|c| c.place) {
            Some(place) => format!("last dated row ({place})"),
            None => "last dated row".to_owned(),
        };
        if let Some(signed) = self.signed_off(day) {
            return Some(signed);
        }
        let precision = row.map_or(DatePrecision::Day, |c| c.precision);
        Some(Chosen { day, precision, source: DateSource::Text, because, ambiguous: row.is_some_and(|c| c.ambiguous) })
    }

    /// A report over rows is closed or signed some time after the last of them.
    fn signed_off(&self, last_row: Day) -> Option<Chosen> {
        let closes = |c: &DateCandidate| {
            matches!(c.sort, DateSort::Labelled | DateSort::Signature)
                && is_positive(c)
                && is_day(c)
                && !labels::is_print(&c.label)
                && c.day > last_row
                && c.day.days_since(last_row) <= SIGN_OFF_DAYS
        };
        self.latest(closes, "signed off")
    }

    fn of_form(&self) -> Option<Chosen> {
        let head = |c: &DateCandidate| c.line < HEAD && is_body(c);
        if self.signals.several_forms
            && let Some(last) = self.latest(|c| is_day(c) && is_positive(c) && is_body(c), "last of several forms")
        {
            return Some(last);
        }
        self.latest(|c| head(c) && is_day(c) && is_positive(c), "date in the head")
            .or_else(|| self.first(|c| head(c) && is_day(c), "first date in the head"))
            .or_else(|| self.latest(|c| is_day(c) && is_positive(c) && is_body(c), "labelled date"))
            .or_else(|| self.latest(|c| is_day(c) && is_body(c), "latest date in the text"))
            .or_else(|| self.latest(|c| head(c) && is_positive(c), "month in the head"))
            .or_else(|| self.first(head, "month in the head"))
            .or_else(|| self.latest(is_body, "latest month in the text"))
            .or_else(|| self.latest(|c| c.sort != DateSort::Revision, "running header"))
    }

    /// The paper's own date where all of them lie after `as_of`: the earliest that its head or its rows name.
    fn dated_later(&self) -> Option<Chosen> {
        let later = |c: &&DateCandidate| {
            c.day > self.as_of
                && matches!(c.class, DateClass::Issue | DateClass::Event | DateClass::Closing)
                && (c.line < LONG_HEAD
                    || matches!(c.sort, DateSort::Column | DateSort::DatedLine | DateSort::Signature))
        };
        let first = self.signals.candidates.iter().filter(later).min_by_key(|c| c.day)?;
        Some(Self::chosen(first, described(first, "date in the text")))
    }
}

fn is_day(candidate: &DateCandidate) -> bool {
    candidate.precision == DatePrecision::Day
}

fn is_positive(candidate: &DateCandidate) -> bool {
    match candidate.class {
        DateClass::Issue | DateClass::Event | DateClass::Closing => true,
        DateClass::Plain | DateClass::Negative => false,
    }
}

/// Running headers stand apart from the text's own lines.
fn is_apart(candidate: &DateCandidate) -> bool {
    candidate.sort == DateSort::Margin
}

/// A form's revision in its running header or its revision table is not the day on which it was filled.
fn is_body(candidate: &DateCandidate) -> bool {
    !is_apart(candidate) && candidate.sort != DateSort::Revision
}

fn described(candidate: &DateCandidate, or_else: &str) -> String {
    let place = match candidate.place {
        Place::Page(_) | Place::Slide(_) => format!("on {}", candidate.place),
        Place::Row { .. } | Place::Paragraph(_) | Place::Line(_) => format!("in {}", candidate.place),
    };
    if is_positive(candidate) && !candidate.label.is_empty() {
        format!("\"{}\" {place}", candidate.label)
    } else {
        format!("{or_else}, {place}")
    }
}

fn conflicts(chosen: &Chosen, signals: &DateSignals, context: &DateContext) -> Vec<String> {
    let mut conflicts = Vec::new();
    if let Some(named) = context.name_date
        && chosen.source == DateSource::Text
    {
        let (said, differs) = match named.precision {
            DatePrecision::Day => (named.day.to_string(), (named.day.days_since(chosen.day)).abs() > 31),
            DatePrecision::Month | DatePrecision::Quarter => (
                format!("{}-{:02}", named.day.year(), named.day.month()),
                (named.day.month_number() - chosen.day.month_number()).abs() > 3,
            ),
            DatePrecision::Year => (named.day.year().to_string(), named.day.year() != chosen.day.year()),
        };
        if differs {
            conflicts.push(format!("file name says {said}, the text says {}", chosen.day));
        }
    }
    if chosen.ambiguous
        && let Some(other) = swapped(chosen.day)
    {
        conflicts.push(format!("day and month could be the other way round: {other}"));
    }
    let newest = signals.row_days.last().copied().filter(|day| *day > context.as_of);
    if let Some(newest) = newest.filter(|_| chosen.because.starts_with("last dated row")) {
        conflicts.push(format!("rows after {} are left out; the newest is of {newest}", context.as_of));
    }
    conflicts
}

fn swapped(day: Day) -> Option<Day> {
    Day::new(day.year(), day.day_of_month(), day.month())
}
