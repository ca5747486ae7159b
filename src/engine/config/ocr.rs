//! Section `[ocr]`: whether and how pages that are pictures are recognised.

use serde::{Deserialize, Serialize};

/// Whether text recognition is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OcrUse {
    /// When it is installed; until then pages that are pictures wait.
    #[default]
    Auto,
    /// Pages that are pictures are unreadable.
    Never,
}

/// How pages that are pictures are recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OcrConfig {
    pub enabled: OcrUse,
    /// The program: a name on the path, or a path.
    pub command: String,
    /// Time on the clock for one page.
    pub page_seconds: u64,
    /// Pages recognised of one document.
    pub pages_max: u32,
}

impl Default for OcrConfig {
    fn default() -> Self {
        Self { enabled: OcrUse::Auto, command: "tesseract".to_owned(), page_seconds: 20, pages_max: 200 }
    }
}
