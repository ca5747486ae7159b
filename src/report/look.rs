//! How a screen looks: its width, and whether it may use colour. Colour never carries meaning that words do not.

use anstyle::{AnsiColor, Style};

/// Whether escape sequences may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    Plain,
    Ansi,
}

/// The screen a table is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    pub colour: Colour,
    /// Columns of the screen, at least [`Look::MIN_COLUMNS`].
    pub columns: usize,
}

/// What a run of text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Heading,
    Bad,
    Doubt,
    Good,
    Quiet,
    Hit,
}

impl Look {
    pub const MIN_COLUMNS: usize = 40;

    /// No colour, 80 columns: pipes, files and golden tests.
    pub const PLAIN: Self = Self { colour: Colour::Plain, columns: 80 };

    pub fn columns(self) -> usize {
        self.columns.max(Self::MIN_COLUMNS)
    }

    /// Wraps already escaped text in the colour of its tone.
    pub fn paint(self, tone: Tone, text: &str) -> String {
        match self.colour {
            Colour::Plain => text.to_owned(),
            Colour::Ansi => {
                let style = tone.style();
                format!("{style}{text}{style:#}")
            }
        }
    }
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Self::Heading => Style::new().bold(),
            Self::Bad => Style::new().bold().fg_color(Some(AnsiColor::Red.into())),
            Self::Doubt => Style::new().fg_color(Some(AnsiColor::Yellow.into())),
            Self::Good => Style::new().fg_color(Some(AnsiColor::Green.into())),
            Self::Quiet => Style::new().dimmed(),
            Self::Hit => Style::new().bold().fg_color(Some(AnsiColor::Cyan.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paints_only_when_asked() {
        assert_eq!(Look::PLAIN.paint(Tone::Bad, "missing"), "missing");
        let look = Look { colour: Colour::Ansi, columns: 80 };
        for tone in [Tone::Heading, Tone::Bad, Tone::Doubt, Tone::Good, Tone::Quiet, Tone::Hit] {
            let painted = look.paint(tone, "missing");
            assert!(painted.starts_with("\u{1b}[") && painted.ends_with("missing\u{1b}[0m"), "{painted:?}");
        }
    }

    #[test]
    fn a_screen_has_a_least_width() {
        assert_eq!(Look { colour: Colour::Plain, columns: 3 }.columns(), Look::MIN_COLUMNS);
    }
}
