//! A cell's value as text: dates as ISO, percentages as percentages, figures without the noise of binary fractions.
//!
//! Apart from the reader because it decides what "as a person sees it" means without imitating every number format.

use calamine::{DataRef, ExcelDateTime, Style};

use crate::extract::gather::clean;

/// What a cell shows.
pub(in crate::extract) struct Shown {
    pub text: String,
    /// Words rather than a figure or a date.
    pub is_words: bool,
    pub bold: bool,
}

/// What of a cell's style matters here.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::extract) struct Look {
    bold: bool,
    percent: bool,
    /// Figures of a code with leading zeros: seal and file numbers.
    digits: usize,
}

impl Look {
    pub(in crate::extract) fn of(style: &Style) -> Self {
        let format = style.number_format.as_ref().map_or("", |format| format.format_code.as_str());
        let bold = style.font.as_ref().is_some_and(calamine::Font::is_bold);
        Self { bold, ..Self::of_format(format) }
    }

    fn of_format(format: &str) -> Self {
        let zeros = (2..40).contains(&format.len()) && format.chars().all(|c| c == '0');
        Self { bold: false, percent: format.contains('%'), digits: if zeros { format.len() } else { 0 } }
    }
}

/// The text of a cell in its style.
pub(in crate::extract) fn shown(value: &DataRef<'_>, look: Look) -> Shown {
    let (text, is_words) = match value {
        DataRef::String(text) => (clean(text), true),
        DataRef::SharedString(text) => (clean(text), true),
        DataRef::Int(number) => (figure(*number as f64, look), false),
        DataRef::Float(number) => (figure(*number, look), false),
        DataRef::Bool(yes) => (if *yes { "TRUE" } else { "FALSE" }.to_owned(), false),
        DataRef::DateTime(date) => (moment(date), false),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => (clean(text), false),
        DataRef::Error(error) => (error.to_string(), false),
        DataRef::Empty => (String::new(), false),
    };
    Shown { text, is_words, bold: look.bold }
}

/// `2026-10-03`, `2026-10-03 14:05`, `14:05` for a time alone, `30:15` hours for a length of time.
fn moment(date: &ExcelDateTime) -> String {
    let serial = date.as_f64();
    if !serial.is_finite() {
        return String::new();
    }
    if date.is_duration() {
        // A length of time in a spreadsheet is far below 2^52 minutes; the cast saturates.
        #[allow(clippy::cast_possible_truncation)]
        let minutes = (serial * 24.0 * 60.0).round() as i64;
        return format!("{}:{:02}", minutes / 60, (minutes % 60).abs());
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let time =
        if second == 0 { format!("{hour:02}:{minute:02}") } else { format!("{hour:02}:{minute:02}:{second:02}") };
    if (0.0..1.0).contains(&serial) {
        return time;
    }
    let day = format!("{year:04}-{month:02}-{day:02}");
    if serial.fract().abs() < 1e-9 { day } else { format!("{day} {time}") }
}

fn figure(number: f64, look: Look) -> String {
    if look.percent {
        format!("{}%", plain(number * 100.0))
    } else if look.digits > 0 && number >= 0.0 {
        format!("{number:0>width$.0}", width = look.digits)
    } else {
        plain(number)
    }
}

/// At most ten decimals, no trailing zeros.
pub(in crate::extract) fn plain(number: f64) -> String {
    if !number.is_finite() || number.abs() >= 1e15 {
        return number.to_string();
    }
    let text = format!("{number:.10}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn figures_read_as_shown() {
        for (number, format, text) in [
            (0.1 + 0.2, "General", "0.3"),
            (14.0, "General", "14"),
            (-0.0, "", "0"),
            (0.955, "0.0%", "95.5%"),
            (412.0, "0000000", "0000412"),
            (1e300, "", &1e300.to_string()),
        ] {
            assert_eq!(figure(number, Look::of_format(format)), text);
        }
    }

    #[test]
    fn dates_are_iso_in_both_epochs() {
        let date = ExcelDateTimeType::DateTime;
        for (serial, kind, is_1904, text) in [
            (46298.0, date, false, "2026-10-03"),
            (46298.5, date, false, "2026-10-03 12:00"),
            (44836.0, date, true, "2026-10-03"),
            (0.75, date, false, "18:00"),
            (1.25, ExcelDateTimeType::TimeDelta, false, "30:00"),
            (f64::NAN, date, false, ""),
        ] {
            assert_eq!(moment(&ExcelDateTime::new(serial, kind, is_1904)), text);
        }
        moment(&ExcelDateTime::new(-1e300, date, false));
        moment(&ExcelDateTime::new(1e300, ExcelDateTimeType::TimeDelta, false));
    }
}
