//! The pattern language's syntax: text to a small tree. Matching lives with the judge.
//!
//! `seal|sello & log* & !policy`: clauses joined by `&` must all hold, `|` separates alternatives, `!` forbids a whole
//! clause, `*` at the end of a word is any ending (at both ends: anywhere inside), `..` up to four words between,
//! `{name}` a word list of the catalog. Apart from the catalog, so that the judge can compile patterns without it.
//! A parsed pattern has at least one clause that is not negated, and no phrase starts or ends with a gap.

use std::collections::BTreeMap;

use crate::domain::judge::normal::normal;

/// Word lists may name word lists; deeper than this is taken for a circle.
const MAX_DEPTH: usize = 6;
/// A pattern of more alternatives is a mistake (or an attack on memory).
const MAX_PHRASES: usize = 4000;
/// Word lists within one alternative; more would be written out for nothing but memory.
const MAX_LISTS: usize = 8;
/// Words of this many letters match their plural too.
const PLURAL_FROM: usize = 4;

/// All clauses must hold in the same zone of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pub clauses: Vec<PatternClause>,
}

/// Any alternative will do; negated: none may occur.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternClause {
    pub negated: bool,
    pub alternatives: Vec<Phrase>,
}

/// Words one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Phrase {
    pub words: Vec<WordPattern>,
}

/// One word, in normal form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WordPattern {
    /// The word itself; with `plural` also the word with `s` or `es`.
    Exact { text: String, plural: bool },
    /// `inspec*`
    Prefix(String),
    /// `*封条*`: scripts that write without spaces.
    Contains(String),
    /// Up to four words of any kind.
    Gap,
}

/// Where a pattern breaks the rules of its language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct PatternError {
    /// In characters, from 1.
    pub column: usize,
    pub kind: PatternErrorKind,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternErrorKind {
    #[error("a clause is empty")]
    EmptyClause,
    #[error("an alternative is empty")]
    EmptyAlternative,
    #[error("`!` belongs at the start of a clause, it forbids all its alternatives")]
    NegationInside,
    #[error("every clause is forbidden by `!`, so nothing would have to occur")]
    OnlyNegations,
    #[error("`{{` without `}}`, or `}}` without `{{`")]
    Brace,
    #[error("there is no word list `{name}`")]
    UnknownWords { name: String },
    #[error("the word list `{name}` names itself")]
    WordsLoop { name: String },
    #[error("the word list `{name}` is broken")]
    InWords { name: String },
    #[error("`{word}` holds no letter or digit")]
    NoLetters { word: String },
    #[error("`*` may stand only at the end of a word, or at both ends")]
    Star,
    #[error("`..` stands between two words")]
    GapAtEdge,
    #[error("more than {MAX_PHRASES} alternatives")]
    TooMany,
}

impl Pattern {
    pub fn parse(text: &str, words: &BTreeMap<String, String>) -> Result<Self, PatternError> {
        let reader = Reader { words };
        let clauses: Vec<_> =
            pieces(text, '&', 1).into_iter().map(|piece| reader.clause(piece)).collect::<Result<_, _>>()?;
        if clauses.iter().all(|clause| clause.negated) {
            return Err(error(1, PatternErrorKind::OnlyNegations));
        }
        Ok(Self { clauses })
    }
}

fn error(column: usize, kind: PatternErrorKind) -> PatternError {
    PatternError { column, kind }
}

/// A run of pattern text and the column it starts at.
#[derive(Clone, Copy)]
struct Piece<'a> {
    text: &'a str,
    column: usize,
}

/// The trimmed parts between `mark`s, with their columns.
fn pieces(text: &str, mark: char, column: usize) -> Vec<Piece<'_>> {
    let mut start = column;
    text.split(mark)
        .map(|part| {
            let lead = part.chars().take_while(|c| c.is_whitespace()).count();
            let piece = Piece { text: part.trim(), column: start + lead };
            start += part.chars().count() + 1;
            piece
        })
        .collect()
}

struct Reader<'a> {
    words: &'a BTreeMap<String, String>,
}

impl Reader<'_> {
    fn clause(&self, piece: Piece) -> Result<PatternClause, PatternError> {
        let (negated, body, column) = match piece.text.strip_prefix('!') {
            Some(rest) => (true, rest, piece.column + 1),
            None => (false, piece.text, piece.column),
        };
        if body.trim().is_empty() {
            return Err(error(piece.column, PatternErrorKind::EmptyClause));
        }
        let mut alternatives = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for (text, column) in self.alternatives(body, column, 0)? {
            let phrase = phrase(&text, column)?;
            if seen.insert(phrase.clone()) {
                alternatives.push(phrase);
            }
        }
        Ok(PatternClause { negated, alternatives })
    }

    /// The alternatives as plain texts, every `{name}` written out.
    fn alternatives(&self, text: &str, column: usize, depth: usize) -> Result<Vec<(String, usize)>, PatternError> {
        let mut out = Vec::new();
        for piece in pieces(text, '|', column) {
            if piece.text.is_empty() {
                return Err(error(piece.column, PatternErrorKind::EmptyAlternative));
            }
            if let Some(at) = piece.text.find('!') {
                let column = piece.column + piece.text[..at].chars().count();
                return Err(error(column, PatternErrorKind::NegationInside));
            }
            out.extend(self.written_out(piece, depth)?.into_iter().map(|text| (text, piece.column)));
            if out.len() > MAX_PHRASES {
                return Err(error(piece.column, PatternErrorKind::TooMany));
            }
        }
        Ok(out)
    }

    /// One alternative with its word lists replaced by each of their words: `old {seal} log` gives many.
    fn written_out(&self, piece: Piece, depth: usize) -> Result<Vec<String>, PatternError> {
        let brace = || error(piece.column, PatternErrorKind::Brace);
        let Some((head, rest)) = piece.text.split_once('{') else {
            return if piece.text.contains('}') { Err(brace()) } else { Ok(vec![piece.text.to_owned()]) };
        };
        if rest.matches('{').count() >= MAX_LISTS {
            return Err(error(piece.column, PatternErrorKind::TooMany));
        }
        let (name, tail) = rest.split_once('}').ok_or_else(brace)?;
        if head.contains('}') {
            return Err(brace());
        }
        let column = piece.column + head.chars().count();
        let middles = self.word_list(name, column, depth)?;
        let tails = self.written_out(Piece { text: tail, column: column + name.chars().count() + 2 }, depth)?;
        if middles.len().saturating_mul(tails.len()) > MAX_PHRASES {
            return Err(error(column, PatternErrorKind::TooMany));
        }
        let joined = |middle: &String| tails.iter().map(|tail| format!("{head}{middle}{tail}")).collect::<Vec<_>>();
        Ok(middles.iter().flat_map(joined).collect())
    }

    fn word_list(&self, name: &str, column: usize, depth: usize) -> Result<Vec<String>, PatternError> {
        let name = name.to_owned();
        let Some(list) = self.words.get(&name) else {
            return Err(error(column, PatternErrorKind::UnknownWords { name }));
        };
        if depth >= MAX_DEPTH {
            return Err(error(column, PatternErrorKind::WordsLoop { name }));
        }
        match self.alternatives(list, 1, depth + 1) {
            Ok(found) => Ok(found.into_iter().map(|(text, _)| text).collect()),
            Err(PatternError { kind: PatternErrorKind::WordsLoop { name }, .. }) => {
                Err(error(column, PatternErrorKind::WordsLoop { name }))
            }
            Err(_) => Err(error(column, PatternErrorKind::InWords { name })),
        }
    }
}

fn phrase(text: &str, column: usize) -> Result<Phrase, PatternError> {
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        if word == ".." {
            words.push(WordPattern::Gap);
        } else {
            words.extend(word_patterns(word).map_err(|kind| error(column, kind))?);
        }
    }
    let gap_at_edge = [words.first(), words.last()].contains(&Some(&WordPattern::Gap));
    if gap_at_edge {
        return Err(error(column, PatternErrorKind::GapAtEdge));
    }
    Ok(Phrase { words })
}

/// Usually one; a word that normal form takes apart (`pre-loading`) gives several.
fn word_patterns(word: &str) -> Result<Vec<WordPattern>, PatternErrorKind> {
    let (open_start, rest) = word.strip_prefix('*').map_or((false, word), |rest| (true, rest));
    let (open_end, body) = rest.strip_suffix('*').map_or((false, rest), |body| (true, body));
    if body.contains('*') || (open_start && !open_end) {
        return Err(PatternErrorKind::Star);
    }
    let is_normal = body.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let text = if is_normal { body.to_owned() } else { normal(body) };
    if text.is_empty() {
        return Err(PatternErrorKind::NoLetters { word: word.to_owned() });
    }
    let parts: Vec<&str> = text.split(' ').collect();
    if open_start && parts.len() > 1 {
        return Err(PatternErrorKind::Star);
    }
    let last = parts.len() - 1;
    let pattern = |(at, part): (usize, &&str)| match (open_start, open_end && at == last) {
        (true, _) => WordPattern::Contains((*part).to_owned()),
        (false, true) => WordPattern::Prefix((*part).to_owned()),
        (false, false) => exact(part),
    };
    Ok(parts.iter().enumerate().map(pattern).collect())
}

fn exact(text: &str) -> WordPattern {
    let plural = text.chars().count() >= PLURAL_FROM && text.chars().all(char::is_alphabetic) && !text.ends_with('s');
    WordPattern::Exact { text: text.to_owned(), plural }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> BTreeMap<String, String> {
        let lists = [
            ("seal", "seal|sello"),
            ("log", "log|bitacora"),
            ("seal_log", "{seal} {log}"),
            ("round", "{round}"),
            ("broken", "a||b"),
        ];
        lists.map(|(name, list)| (name.to_owned(), list.to_owned())).into()
    }

    /// A pattern as text again, one form for each meaning.
    fn shown(text: &str) -> String {
        let pattern = Pattern::parse(text, &words()).unwrap();
        let word = |word: &WordPattern| match word {
            WordPattern::Exact { text, plural } => format!("{text}{}", if *plural { "(s)" } else { "" }),
            WordPattern::Prefix(text) => format!("{text}*"),
            WordPattern::Contains(text) => format!("*{text}*"),
            WordPattern::Gap => "..".to_owned(),
        };
        let phrase = |phrase: &Phrase| phrase.words.iter().map(word).collect::<Vec<_>>().join(" ");
        let clause = |clause: &PatternClause| {
            let sign = if clause.negated { "!" } else { "" };
            sign.to_owned() + &clause.alternatives.iter().map(phrase).collect::<Vec<_>>().join("|")
        };
        pattern.clauses.iter().map(clause).collect::<Vec<_>>().join(" & ")
    }

    #[test]
    fn parses_every_construct() {
        for (text, want) in [
            ("seal log", "seal(s) log"),
            ("a|b & !c d|e", "a|b & !c d|e"),
            ("inspec* & *封条*", "inspec* & *封条*"),
            ("change .. locks", "change(s) .. locks"),
            ("{seal} log", "seal(s) log|sello(s) log"),
            ("old {seal} {log}", "old seal(s) log|old seal(s) bitacora(s)|old sello(s) log|old sello(s) bitacora(s)"),
            ("{seal_log}", "seal(s) log|seal(s) bitacora(s)|sello(s) log|sello(s) bitacora(s)"),
            ("train*|train*", "train*"),
            ("Bitácora", "bitacora(s)"),
            ("pre-loading", "pre loading(s)"),
            ("e-mail*", "e mail*"),
            ("17pt|100%", "17pt|100%"),
            ("glass", "glass"),
        ] {
            assert_eq!(shown(text), want, "{text}");
        }
    }

    #[test]
    fn names_the_fault_and_its_column() {
        use PatternErrorKind as K;
        let name = |name: &str| name.to_owned();
        for (text, column, kind) in [
            ("", 1, K::EmptyClause),
            ("a & ", 5, K::EmptyClause),
            ("a & !", 5, K::EmptyClause),
            ("a||b", 3, K::EmptyAlternative),
            ("a|!b", 3, K::NegationInside),
            ("!a", 1, K::OnlyNegations),
            ("é & {seal", 5, K::Brace),
            ("seal}", 1, K::Brace),
            ("a|x {sael}", 5, K::UnknownWords { name: name("sael") }),
            ("{round}", 1, K::WordsLoop { name: name("round") }),
            ("x {broken}", 3, K::InWords { name: name("broken") }),
            ("a|--", 3, K::NoLetters { word: name("--") }),
            ("a|*", 3, K::Star),
            ("a|*x", 3, K::Star),
            ("x*y", 1, K::Star),
            (".. a", 1, K::GapAtEdge),
        ] {
            let got = Pattern::parse(text, &words()).unwrap_err();
            assert_eq!(got, PatternError { column, kind }, "{text}");
        }
    }

    #[test]
    fn a_bomb_of_word_lists_is_refused() {
        let ten = (0..10).map(|n| format!("w{n}")).collect::<Vec<_>>().join("|");
        let lists = [("a", ten.as_str()), ("b", "{a}{a}{a}{a}{a}{a}{a}")];
        let words = lists.map(|(name, list)| (name.to_owned(), list.to_owned())).into();
        let got = Pattern::parse("{b}", &words).unwrap_err();
        assert_eq!(got.column, 1);
        let got = Pattern::parse(&"{a}".repeat(100_000), &words).unwrap_err();
        assert_eq!(got.kind, PatternErrorKind::TooMany);
    }

    proptest::proptest! {
        /// Whatever is written, the outcome is a fault with its column, or clauses with words in them.
        #[test]
        fn any_text_parses_or_is_refused(text in "[ab |&!*.{}é-]{0,30}|.{0,20}") {
            match Pattern::parse(&text, &words()) {
                Ok(pattern) => {
                    let filled = |phrase: &Phrase| !phrase.words.is_empty();
                    let has_words = |c: &PatternClause| !c.alternatives.is_empty() && c.alternatives.iter().all(filled);
                    proptest::prop_assert!(!pattern.clauses.is_empty() && pattern.clauses.iter().all(has_words));
                }
                Err(error) => {
                    let columns = 1..=text.chars().count() + 1;
                    proptest::prop_assert!(columns.contains(&error.column), "{error:?}");
                }
            }
        }
    }
}
