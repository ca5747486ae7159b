//! How text becomes terms: exact forms with accents folded, and stems of English and Spanish beside them.
//!
//! Codes are found whole and in part: where text is indexed, a word of letters and digits (`TCLU5530918`) also stands as
//! its runs (`tclu`, `5530918`), at the same place. Where a query is read, words stand as they are.

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer, Token,
    TokenFilter, TokenStream, Tokenizer, TokenizerManager,
};

/// Longer runs of letters are base64 or noise, not words.
const WORD_BYTES_MAX: usize = 60;
/// A word of more runs of letters and digits is a checksum or noise, not a code.
const RUNS_MAX: usize = 4;
/// Shorter runs tell nothing.
const RUN_BYTES_MIN: usize = 2;

pub const EXACT: &str = "evidex-exact";
pub const ENGLISH: &str = "evidex-english";
pub const SPANISH: &str = "evidex-spanish";

/// Words that nearly every paper has: a query of several words is not about these.
const STOP_WORDS: &[&str] = &[
    "a", "al", "an", "and", "are", "as", "at", "be", "by", "con", "de", "del", "do", "does", "el", "en", "es", "for",
    "from", "how", "in", "is", "it", "la", "las", "los", "lo", "of", "on", "or", "our", "para", "por", "que", "se",
    "su", "the", "to", "un", "una", "was", "we", "what", "where", "which", "who", "with", "y",
];

pub fn register(manager: &TokenizerManager) {
    manager.register(EXACT, indexed());
    manager.register(ENGLISH, stemmed(Language::English));
    manager.register(SPANISH, stemmed(Language::Spanish));
}

/// Lower case, accents folded.
pub fn exact() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(WORD_BYTES_MAX))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

/// As [`exact`], and the runs of codes beside them.
fn indexed() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(WORD_BYTES_MAX))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(CodeRuns)
        .build()
}

/// Stemmed before folding, since the stemmers know accents, and folded after, since people type without them.
pub fn stemmed(language: Language) -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(WORD_BYTES_MAX))
        .filter(LowerCaser)
        .filter(Stemmer::new(language))
        .filter(AsciiFoldingFilter)
        .build()
}

/// The forms that an analyzer makes of a text, in order.
pub fn forms(mut analyzer: TextAnalyzer, text: &str) -> Vec<String> {
    let mut forms = Vec::new();
    analyzer.token_stream(text).process(&mut |token| forms.push(token.text.clone()));
    forms
}

/// The exact form of a name or a code: spaces and signs stay.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let sign = piece.chars().next_back().filter(|c| !c.is_alphanumeric());
        let word = &piece[..piece.len() - sign.map_or(0, char::len_utf8)];
        // Longer words are no terms; a name keeps them.
        let form = forms(exact(), word).into_iter().next().unwrap_or_else(|| word.to_lowercase());
        folded.push_str(&form);
        folded.extend(sign);
    }
    folded
}

pub fn is_stop_word(form: &str) -> bool {
    STOP_WORDS.contains(&form)
}

/// The runs of letters and of digits of a code; empty for what is none.
pub fn runs(word: &str) -> Vec<&str> {
    let is_code = word.bytes().any(|b| b.is_ascii_digit()) && word.bytes().any(|b| !b.is_ascii_digit());
    if !is_code {
        return Vec::new();
    }
    let mut runs = Vec::new();
    let mut start = 0;
    let mut was_digit = None;
    for (at, c) in word.char_indices() {
        let is_digit = c.is_ascii_digit();
        if was_digit.is_some_and(|was| was != is_digit) {
            runs.push(&word[start..at]);
            start = at;
        }
        was_digit = Some(is_digit);
    }
    runs.push(&word[start..]);
    if runs.len() > RUNS_MAX { Vec::new() } else { runs }
}

/// Adds the runs of codes as terms of their own.
#[derive(Clone)]
struct CodeRuns;

#[derive(Clone)]
struct WithRuns<T> {
    inner: T,
}

struct RunStream<S> {
    inner: S,
    /// Still to come, the last first.
    waiting: Vec<Token>,
    current: Option<Token>,
}

impl TokenFilter for CodeRuns {
    type Tokenizer<T: Tokenizer> = WithRuns<T>;

    fn transform<T: Tokenizer>(self, inner: T) -> WithRuns<T> {
        WithRuns { inner }
    }
}

impl<T: Tokenizer> Tokenizer for WithRuns<T> {
    type TokenStream<'a> = RunStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        RunStream { inner: self.inner.token_stream(text), waiting: Vec::new(), current: None }
    }
}

impl<S: TokenStream> TokenStream for RunStream<S> {
    fn advance(&mut self) -> bool {
        self.current = self.waiting.pop();
        if self.current.is_some() {
            return true;
        }
        if !self.inner.advance() {
            return false;
        }
        let token = self.inner.token();
        for run in runs(&token.text).into_iter().rev().filter(|run| run.len() >= RUN_BYTES_MIN) {
            self.waiting.push(Token { text: run.to_owned(), ..token.clone() });
        }
        true
    }

    fn token(&self) -> &Token {
        self.current.as_ref().unwrap_or_else(|| self.inner.token())
    }

    fn token_mut(&mut self) -> &mut Token {
        match &mut self.current {
            Some(token) => token,
            None => self.inner.token_mut(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_whole_and_in_runs() {
        for (text, want) in [
            ("Revisión ISO 17712", "revision iso 17712"),
            ("TCLU5530918", "tclu5530918 tclu 5530918"),
            ("SOP-SEAL-01 v5", "sop seal 01 v5"),
            ("a1b2c3d4e5f6", "a1b2c3d4e5f6"),
        ] {
            assert_eq!(forms(indexed(), text).join(" "), want, "{text}");
        }
    }

    #[test]
    fn names_are_folded_whole() {
        for (text, want) in [("Main DC (Ñuñoa)", "main dc (nunoa)"), ("6.*", "6.*"), ("", "")] {
            assert_eq!(folded(text), want, "{text}");
        }
    }

    #[test]
    fn stems_meet_with_and_without_accents() {
        for (language, words, want) in [
            (Language::English, "seals sealing sealed", "seal seal seal"),
            (Language::Spanish, "revisión revisiones", "revision revision"),
        ] {
            assert_eq!(forms(stemmed(language), words).join(" "), want);
        }
    }
}
