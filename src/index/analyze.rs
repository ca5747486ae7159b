//! How text becomes terms: exact forms with accents folded, and stems of English and Spanish beside them.

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer,
    TokenizerManager,
};

/// Longer runs of letters are base64 or noise, not words.
const WORD_BYTES_MAX: usize = 60;

pub const EXACT: &str = "evidex-exact";
pub const ENGLISH: &str = "evidex-english";
pub const SPANISH: &str = "evidex-spanish";

pub fn register(manager: &TokenizerManager) {
    manager.register(EXACT, exact());
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

/// Stemmed before folding, since the stemmers know accents, and folded after, since people type without them.
pub fn stemmed(language: Language) -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(WORD_BYTES_MAX))
        .filter(LowerCaser)
        .filter(Stemmer::new(language))
        .filter(AsciiFoldingFilter)
        .build()
}
