//! The flag that says whether text recognition is used.

use clap::{Args, ValueEnum};

use crate::engine::config::OcrUse;

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct OcrFlag {
    /// Whether to recognise the text of scans and photos [default: the configuration's]
    #[arg(long, global = true, value_name = "WHEN", env = "EVIDEX_OCR")]
    ocr: Option<OcrWhen>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum OcrWhen {
    /// When Tesseract is installed
    Auto,
    Never,
}

impl OcrFlag {
    pub(crate) fn named(self) -> Option<OcrUse> {
        self.ocr.map(|when| match when {
            OcrWhen::Auto => OcrUse::Auto,
            OcrWhen::Never => OcrUse::Never,
        })
    }
}
