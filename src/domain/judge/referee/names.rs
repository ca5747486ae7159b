//! What the paper and its file call themselves, unit by unit.
//!
//! A pattern must hold within one unit: joined together, words of different lines pair up and make false kinds. Words
//! that a pattern forbids are looked for in the core (file name and first lines), where a paper says what it is.

use crate::domain::judge::rules::{Compiled, Patterns, Zone};
use crate::domain::judge::signal::{PaperForm, TitleRank, TitleUnit};
use crate::domain::judge::verdict::Quote;
use crate::domain::reading::Place;

use super::hint::PathHint;

pub const FIRST: f32 = 3.0;
/// Words of name, head and folder together, several of them.
pub const SUGGESTED: f32 = 1.5;
const PAIRED: f32 = 2.5;
const FURTHER: f32 = 2.0;
/// From this weight on a unit is a title, not a line.
pub const TITLE: f32 = 2.5;
/// A longer first line is a sentence.
const FIRST_WORDS_MAX: usize = 16;
const FURTHER_WORDS_MAX: usize = 14;

/// One unit: the file's name, a line of the head, or both read together.
struct Unit<'a> {
    weight: f32,
    zone: Zone,
    source: Source<'a>,
}

#[derive(Clone, Copy)]
enum Source<'a> {
    Name,
    Line(&'a TitleUnit),
    NameAndLine(&'a TitleUnit),
}

/// A title that a pattern found.
#[derive(Clone, Debug)]
pub struct TitleHit {
    pub points: f32,
    /// `titled "Visitor log"`.
    pub reason: String,
    pub quote: Quote,
}

/// All names of one document.
pub struct Names<'a> {
    units: Vec<Unit<'a>>,
    stem: String,
    /// The file's name and the first lines, as words: where a title's main word is looked for.
    pub texts: Vec<String>,
    /// File name and first lines.
    pub core: Zone,
    /// The file's name alone.
    pub name: Zone,
    /// The lines of the head, without the file's name.
    pub head: Zone,
    pub folders: Zone,
    pub last_folder: Zone,
    /// Name, head and last folder in one.
    all: Zone,
}

/// What a text calls itself.
pub struct Titled<'a> {
    pub titles: &'a [TitleUnit],
    pub core: &'a [String],
    pub form: PaperForm,
}

impl<'a> Names<'a> {
    pub fn of(patterns: &Patterns, text: &Titled<'a>, hint: &PathHint) -> Self {
        let zones = Zones { patterns };
        let stem = hint.stem.as_str();
        let lines: Vec<&TitleUnit> = text.titles.iter().filter(|unit| unit.rank != TitleRank::Property).collect();
        let texts: Vec<&str> = lines.iter().map(|unit| unit.text.as_str()).collect();
        let last_folder = hint.folders.last().map_or("", String::as_str);
        let core: Vec<&str> = [stem].into_iter().chain(text.core.iter().map(String::as_str)).collect();
        let folders: Vec<&str> = hint.folders.iter().map(String::as_str).collect();
        let all: Vec<&str> = [stem].into_iter().chain(texts.iter().copied()).chain([last_folder]).collect();
        let mail = text.form == PaperForm::Mail;
        Self {
            units: units(zones, stem, &lines, mail),
            stem: hint.stem.clone(),
            texts: core.iter().map(|&text| text.to_owned()).collect(),
            core: zones.of(&core),
            name: zones.of(&[stem]),
            head: zones.of(&texts),
            folders: zones.of(&folders),
            last_folder: zones.of(&[last_folder]),
            all: zones.of(&all),
        }
    }

    /// The best title hit of any pattern, from any unit; points 1 to 4.
    pub fn best(&self, patterns: &[Compiled]) -> Option<TitleHit> {
        let hits = patterns.iter().filter_map(|pattern| self.hit(pattern));
        hits.reduce(|best, hit| if hit.points > best.points { hit } else { best })
    }

    /// As [`Self::best`], but only from units that are titles.
    pub fn best_title(&self, patterns: &[Compiled]) -> Option<TitleHit> {
        let hit = |pattern| self.unit_hit(pattern, |unit| unit.weight >= TITLE);
        patterns.iter().filter_map(hit).reduce(|best, hit| if hit.points > best.points { hit } else { best })
    }

    /// True if a title meets any pattern whose forbidden words are absent from that title.
    pub fn titled(&self, patterns: &[Compiled]) -> bool {
        let titles = || self.units.iter().filter(|unit| unit.weight >= TITLE);
        patterns.iter().any(|pattern| titles().any(|unit| pattern.holds(&unit.zone)))
    }

    fn hit(&self, pattern: &Compiled) -> Option<TitleHit> {
        if let Some(mut hit) = self.unit_hit(pattern, |_| true) {
            if hit.points >= FIRST && self.name_and_line_agree(pattern) {
                hit.points = 4.0;
            }
            return Some(hit);
        }
        let spots = pattern.find(&self.all, &self.core)?;
        let points = if spots.len() > 1 { SUGGESTED } else { 1.0 };
        let reason = format!("name, head and folder \"{}\" together suggest it", self.stem);
        Some(TitleHit { points, reason, quote: name_quote(&self.stem) })
    }

    fn unit_hit(&self, pattern: &Compiled, fits: impl Fn(&Unit) -> bool) -> Option<TitleHit> {
        let mut best: Option<&Unit> = None;
        for unit in self.units.iter().filter(|unit| fits(unit)) {
            if best.is_none_or(|best| unit.weight > best.weight) && pattern.find(&unit.zone, &self.core).is_some() {
                best = Some(unit);
            }
        }
        best.map(|unit| unit.hit(&self.stem))
    }

    fn name_and_line_agree(&self, pattern: &Compiled) -> bool {
        let line = |unit: &&Unit| matches!(unit.source, Source::Line(_));
        let mut first = self.units.iter().filter(line).take(2);
        pattern.find(&self.name, &self.core).is_some() && first.any(|unit| pattern.holds(&unit.zone))
    }
}

impl Unit<'_> {
    fn hit(&self, stem: &str) -> TitleHit {
        let (reason, quote) = match self.source {
            Source::Name => (format!("file named \"{stem}\""), name_quote(stem)),
            Source::Line(line) => (format!("titled \"{}\"", shown(&line.quote.text)), line.quote.clone()),
            Source::NameAndLine(line) => {
                (format!("file named \"{stem}\" and titled \"{}\"", shown(&line.quote.text)), line.quote.clone())
            }
        };
        TitleHit { points: self.weight, reason, quote }
    }
}

#[derive(Clone, Copy)]
struct Zones<'p> {
    patterns: &'p Patterns,
}

impl Zones<'_> {
    fn of(self, lines: &[&str]) -> Zone {
        let mut zone = self.patterns.zone();
        let mut hits = Vec::new();
        self.patterns.phrases.with_vocabulary(|vocabulary| {
            for (at, line) in (0..).zip(lines) {
                hits.clear();
                self.patterns.phrases.scan(vocabulary, line, &mut hits);
                self.patterns.fill(&mut zone, at, &hits);
            }
        });
        zone
    }
}

fn units<'a>(zones: Zones, stem: &str, lines: &[&'a TitleUnit], mail: bool) -> Vec<Unit<'a>> {
    let words = |unit: &TitleUnit| unit.text.split(' ').count();
    let mut units = Vec::new();
    let mut push = |weight, texts: &[&str], source| units.push(Unit { weight, zone: zones.of(texts), source });
    for (at, &line) in lines.iter().enumerate() {
        let first = at < 2 && (line.rank == TitleRank::First || !mail);
        let longest = if first { FIRST_WORDS_MAX } else { FURTHER_WORDS_MAX };
        if words(line) <= longest {
            push(if first { FIRST } else { FURTHER }, &[&line.text], Source::Line(line));
        }
    }
    if stem.is_empty() {
        return units;
    }
    push(FIRST, &[stem], Source::Name);
    if let Some(&line) = lines.first().filter(|line| words(line) <= 12) {
        push(FIRST, &[stem, &line.text], Source::NameAndLine(line));
    }
    if let [first, second, ..] = lines
        && words(first) + words(second) <= FIRST_WORDS_MAX
    {
        push(PAIRED, &[&first.text, &second.text], Source::Line(first));
    }
    units
}

fn name_quote(stem: &str) -> Quote {
    Quote { place: Place::Line(1), place_text: String::new(), text: stem.chars().take(Quote::MAX_CHARS).collect() }
}

fn shown(text: &str) -> String {
    const MOST: usize = 80;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain("…".chars()).collect() }
}
