//! The worker's side of text recognition: one document held open, its pages drawn one by one as the parent asks.
//!
//! A page is a job of its own with an allowance of its own: a page that kills the worker costs that page, and the
//! parent opens the document again for the next one.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::limits::{Limits, ReadError};
use super::open::{self, Container};
use super::passwords::Passwords;
use super::protocol::{self, RequestHead};
use super::raster::Raster;
use super::{decode, guard, pdf, sniff};
use crate::domain::reading::{Format, Reading, Unreadable};

/// What a worker says of a document that it holds open.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Opened {
    /// The reading without its pictures, and the pages that are pictures.
    Book {
        reading: Box<Reading>,
        pages: Vec<u32>,
    },
    Refused {
        reason: Unreadable,
        detail: String,
    },
}

/// A document of which pages can be drawn.
enum Book {
    Pdf(pdf::scan::Pages),
    Picture { bytes: Vec<u8>, kind: &'static str },
}

/// Answers one request for pages, to its end.
pub(super) fn serve(
    head: &RequestHead,
    bytes: Vec<u8>,
    (input, output): (&mut impl Read, &mut impl Write),
    with: (&Limits, &Passwords),
) -> io::Result<()> {
    let limits = with.0;
    let (opened, book) = match open(head, bytes, with) {
        Ok((reading, pages, book)) => (Opened::Book { reading: Box::new(reading), pages }, Some(book)),
        Err(ReadError { reason, detail }) => (Opened::Refused { reason, detail }, None),
    };
    let json = serde_json::to_vec(&opened).map_err(io::Error::from)?;
    drop(opened);
    protocol::write_answer(output, head.id, &json)?;
    let Some(mut book) = book else { return Ok(()) };
    loop {
        let number = protocol::read_page_wanted(input)?;
        if number == 0 {
            return Ok(());
        }
        let guarded = guard::guarded(|| book.draw(number, limits));
        let drawn = guarded.unwrap_or_else(|place| Err(ReadError::new(Unreadable::Crashed, place)));
        let answer = protocol::page_answer(&drawn);
        protocol::write_answer(output, head.id, &answer)?;
    }
}

fn open(
    head: &RequestHead,
    bytes: Vec<u8>,
    with: (&Limits, &Passwords),
) -> Result<(Reading, Vec<u32>, Book), ReadError> {
    let (bytes, container) = open::read_raw(bytes, &head.name, head.pages.and_then(|wanted| wanted.member), with)?;
    let Container { reading, pictures, .. } = container;
    let book = match (reading.format, sniff::sniff(&bytes, &head.name)) {
        (Format::Pdf, _) => {
            let opened = guard::guarded(|| pdf::scan::Pages::open(&bytes, with.1));
            Book::Pdf(opened.unwrap_or_else(|place| Err(ReadError::new(Unreadable::Crashed, place)))?)
        }
        (Format::Image, sniff::Kind::Picture(kind)) => Book::Picture { bytes, kind },
        _ => return Err(ReadError::damaged("it has no pages that could be drawn")),
    };
    Ok((reading, pictures, book))
}

impl Book {
    fn draw(&mut self, number: u32, limits: &Limits) -> Result<Raster, ReadError> {
        match self {
            Self::Pdf(pages) => pages.draw(number),
            Self::Picture { bytes, kind } => decode::picture(bytes, kind, number, limits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::ContentHash;
    use crate::extract::protocol::PagesWanted;
    use sha2::{Digest as _, Sha256};

    fn picture() -> Vec<u8> {
        let mut bytes = io::Cursor::new(Vec::new());
        image::GrayImage::new(30, 20).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn session(bytes: &[u8], member: Option<ContentHash>, pages: &[u32]) -> (Opened, Vec<Result<Raster, ReadError>>) {
        let head = RequestHead { id: 3, size: 0, name: "a".to_owned(), pages: Some(PagesWanted { member }) };
        let wanted: Vec<u8> = pages.iter().chain(&[0]).flat_map(|page| page.to_le_bytes()).collect();
        let mut output = Vec::new();
        let limits = Limits::default();
        serve(&head, bytes.to_vec(), (&mut wanted.as_slice(), &mut output), (&limits, &Passwords::default())).unwrap();
        let mut output = output.as_slice();
        let opened = protocol::read_answer(&mut output, 3, 1 << 20).unwrap();
        let opened = serde_json::from_slice(&opened).unwrap();
        let answer = |_| protocol::read_answer(&mut output, 3, 1 << 30).unwrap();
        let drawn = pages.iter().map(answer).map(|bytes| protocol::read_page(&bytes).unwrap()).collect();
        (opened, drawn)
    }

    #[test]
    fn pages_are_drawn_as_asked() {
        let (opened, drawn) = session(&picture(), None, &[1, 1]);
        let Opened::Book { pages, .. } = opened else { panic!("{opened:?}") };
        assert_eq!(pages, [1]);
        assert_eq!(drawn.iter().map(|page| page.as_ref().unwrap().size()).collect::<Vec<_>>(), [(60, 40), (60, 40)]);
    }

    #[test]
    fn a_member_is_found_by_its_content() {
        let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, bytes) in [("a.txt", b"text".to_vec()), ("b.png", picture())] {
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(&bytes).unwrap();
        }
        let archive = writer.finish().unwrap().into_inner();
        let member = ContentHash(Sha256::digest(picture()).into());
        let (opened, drawn) = session(&archive, Some(member), &[1]);
        assert!(matches!(opened, Opened::Book { .. }) && drawn[0].is_ok());
        for (bytes, member) in [(&archive[..], Some(ContentHash([7; 32]))), (&archive, None), (b"no page", None)] {
            assert!(matches!(session(bytes, member, &[]).0, Opened::Refused { .. }));
        }
    }
}
