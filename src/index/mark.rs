//! Which words of a text a query speaks of, for showing them.

use std::ops::Range;

use tantivy::tokenizer::{Language, TextAnalyzer, TokenStream};

use super::analyze;
use crate::domain::query::{Distance, Query, Term};

/// Bytes at the beginning that all forms of a word share.
const SAME_BEGINNING: usize = 2;

/// Finds the words of a query in texts.
pub struct Marker {
    exact: TextAnalyzer,
    stemmers: Stemmers,
    wanted: Vec<Wanted>,
}

struct Stemmers {
    english: TextAnalyzer,
    spanish: TextAnalyzer,
}

/// One term of the query.
enum Wanted {
    Word {
        form: String,
        english: String,
        spanish: String,
    },
    /// Forms in a row.
    Run(Vec<String>),
    Wild(Vec<String>),
    Fuzzy(String, Distance),
}

/// One word that matched.
#[derive(Debug, PartialEq, Eq)]
pub struct Mark {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Which term of the query it is.
    pub term: usize,
}

struct Word<'a> {
    range: Range<usize>,
    exact: String,
    written: &'a str,
}

impl Marker {
    pub fn of(query: &Query) -> Self {
        let all: Vec<Wanted> = query.terms().into_iter().filter_map(wanted).collect();
        let is_stop = |wanted: &Wanted| matches!(wanted, Wanted::Word { form, .. } if analyze::is_stop_word(form));
        let has_other = all.iter().any(|wanted| !is_stop(wanted));
        let wanted: Vec<Wanted> = all.into_iter().filter(|wanted| !(has_other && is_stop(wanted))).collect();
        Self {
            exact: analyze::exact(),
            stemmers: Stemmers {
                english: analyze::stemmed(Language::English),
                spanish: analyze::stemmed(Language::Spanish),
            },
            wanted,
        }
    }

    /// True if the query has no words to look for.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// The matching words of `text`, in order.
    pub fn marks(&mut self, text: &str) -> Vec<Mark> {
        let words = words(&mut self.exact, text);
        let mut marks = Vec::new();
        for (term, wanted) in self.wanted.iter().enumerate() {
            match wanted {
                Wanted::Run(forms) => runs(&words, forms, |range| marks.push(Mark { range, term })),
                Wanted::Word { .. } | Wanted::Wild(_) | Wanted::Fuzzy(..) => {
                    for word in words.iter().filter(|word| wanted.is(word, &mut self.stemmers)) {
                        marks.push(Mark { range: word.range.clone(), term });
                    }
                }
            }
        }
        marks.sort_by_key(|mark| (mark.range.start, mark.term));
        marks.dedup_by(|later, earlier| later.range == earlier.range);
        marks
    }
}

fn words<'a>(analyzer: &mut TextAnalyzer, text: &'a str) -> Vec<Word<'a>> {
    let mut words = Vec::new();
    analyzer.token_stream(text).process(&mut |token| {
        let range = token.offset_from..token.offset_to;
        words.push(Word { written: &text[range.clone()], range, exact: token.text.clone() });
    });
    words
}

impl Stemmers {
    /// Stemming costs more than all else here; a word of another beginning has another stem.
    fn agree(&mut self, word: &Word<'_>, form: &str, stems: [&str; 2]) -> bool {
        if !word.exact.bytes().take(SAME_BEGINNING).eq(form.bytes().take(SAME_BEGINNING)) {
            return false;
        }
        let is = |analyzer: &mut TextAnalyzer, stem: &str| {
            let mut stream = analyzer.token_stream(word.written);
            stream.advance() && stream.token().text == stem
        };
        is(&mut self.english, stems[0]) || is(&mut self.spanish, stems[1])
    }
}

fn wanted(term: &Term) -> Option<Wanted> {
    let exact = |text: &str| analyze::forms(analyze::exact(), text);
    match term {
        Term::Word(word) => {
            let forms = exact(word);
            let [form] = forms.as_slice() else { return (!forms.is_empty()).then_some(Wanted::Run(forms)) };
            let stem = |language| analyze::forms(analyze::stemmed(language), word).pop().unwrap_or_default();
            let (english, spanish) = (stem(Language::English), stem(Language::Spanish));
            Some(Wanted::Word { english, spanish, form: form.clone() })
        }
        Term::Phrase(phrase) => Some(exact(phrase)).filter(|forms| !forms.is_empty()).map(Wanted::Run),
        Term::Wild(pattern) => {
            let pieces: Vec<Vec<String>> = pattern.split('*').map(exact).collect();
            // Of a code in parts the last is begun: that one is marked.
            let last = |piece: Vec<String>| piece.into_iter().next_back().unwrap_or_default();
            Some(Wanted::Wild(pieces.into_iter().map(last).collect()))
        }
        Term::Fuzzy(word, distance) => exact(word).pop().map(|form| Wanted::Fuzzy(form, *distance)),
    }
}

impl Wanted {
    fn is(&self, word: &Word<'_>, stemmers: &mut Stemmers) -> bool {
        match self {
            Self::Word { form, english, spanish } => {
                word.exact == *form
                    || stemmers.agree(word, form, [english, spanish])
                    || analyze::runs(&word.exact).contains(&form.as_str())
            }
            Self::Wild(pieces) => fits(pieces, &word.exact),
            Self::Fuzzy(form, distance) => within(form, &word.exact, usize::from(distance.letters())),
            Self::Run(_) => false,
        }
    }
}

fn runs(words: &[Word<'_>], forms: &[String], mut found: impl FnMut(Range<usize>)) {
    for window in words.windows(forms.len()) {
        if window.iter().zip(forms).all(|(word, form)| word.exact == *form) {
            for word in window {
                found(word.range.clone());
            }
        }
    }
}

/// True if `text` is the pieces with anything between them.
fn fits(pieces: &[String], text: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return false };
    let Some(mut text) = text.strip_prefix(first.as_str()) else { return false };
    for (i, piece) in rest.iter().enumerate() {
        if i + 1 == rest.len() {
            return text.ends_with(piece.as_str());
        }
        let Some(at) = text.find(piece.as_str()) else { return false };
        text = &text[at + piece.len()..];
    }
    text.is_empty()
}

/// True if at most `limit` letters are changed, added, left out or swapped with their neighbour.
fn within(a: &str, b: &str, limit: usize) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return false;
    }
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1; b.len() + 1];
        for j in 0..b.len() {
            let changed = last[j] + usize::from(a[i] != b[j]);
            row[j + 1] = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()] <= limit
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::query::parse;

    #[test]
    fn marks_the_words_that_matched() {
        for (query, text, want) in [
            ("\"high security\" seals", "Seals of HIGH Security type; security is high", "Seals HIGH Security"),
            ("sellos revisión", "Revisiones del sello", "Revisiones sello"),
            ("TCLU", "box TCLU5530918", "TCLU5530918"),
            ("SOP-SEAL-01", "see SOP-SEAL-01, SOP-SEAL-02", "SOP SEAL 01"),
            ("sea*", "seal season oversea", "seal season"),
            ("*4711", "HP4711 4711 47110", "HP4711 4711"),
            ("sael~", "seal seals steel", "seal"),
            ("the seal", "the seal of the gate", "seal"),
            ("gate -seal", "seal gate", "gate"),
            ("title:gate", "the gate", "gate"),
            ("role:record", "record", ""),
        ] {
            let query = parse(query, "2026-11-24".parse().unwrap()).unwrap();
            let marks = Marker::of(&query).marks(text);
            let words: Vec<&str> = marks.into_iter().map(|mark| &text[mark.range]).collect();
            assert_eq!(words.join(" "), want, "{query}");
        }
    }
}
