//! Bytes to passages, in a fenced worker process.
//!
//! Documents are hostile input. The parent ([`Worker`]) streams a file's bytes to a child of this same program, the
//! child ([`worker_main`]) limits itself first and then reads, and the parent believes nothing of the answer that it
//! has not checked. A file that kills, hangs or bloats its worker costs itself alone.
//!
//! Readers are pure: bytes and limits in, a reading out. None opens a file.

mod allowance;
mod limits;

mod gather;
mod ooxml;
mod passwords;

// The parent's side.
mod answer;
mod death;
pub mod probe;
mod process;
mod usage;
mod watchdog;
mod worker;

// The border between them.
mod clean;
mod protocol;
mod raster;

// The child's side.
mod child;
mod fence;
#[cfg(target_os = "linux")]
mod fence_linux;
mod guard;
mod pages;

// Text recognition.
pub mod ocr;

// Readers and what they share.
mod encoding;
mod magic;
mod ole;
mod ole_properties;
mod open;
mod quality;
mod sniff;
mod sniff_text;

mod archive;
mod decode;
mod doc;
mod docx;
mod exif;
mod html;
mod html_blocks;
mod image;
mod mail;
mod markdown;
mod msg;
mod odf;
mod pdf;
mod ppt;
mod pptx;
mod rtf;
mod table;
mod text;
mod xlsx;

pub use child::worker_main;
pub use fence::{FenceReport, Layer};
pub use limits::{Limits, ReadError};
pub use open::read;
pub use passwords::Passwords;
pub use protocol::WORKER_COMMAND;
pub use raster::Raster;
pub use worker::{Error, Page, Request, Worker};

use sha2::{Digest as _, Sha256};

use crate::domain::ids::ContentHash;

/// Raised whenever a reader changes what it makes of the same bytes: known contents are then read anew.
const READER_VERSION: u32 = 3;

/// The identity of these readers under these limits, kept with every reading.
pub fn reader_id(limits: &Limits) -> String {
    let hash = ContentHash(Sha256::digest(limits.to_string().as_bytes()).into()).to_string();
    format!("evidex-reader {READER_VERSION}; limits {}", &hash[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_limits_are_another_reader() {
        let limits = Limits::default();
        assert_eq!(reader_id(&limits), reader_id(&limits));
        assert_ne!(reader_id(&limits), reader_id(&Limits { pages: 1, ..limits }));
    }
}
