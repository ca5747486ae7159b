//! The frames between parent and worker, written and read by both ends.
//!
//! A request is a head, then the document in chunks, so that the parent never holds a file and need not know its true
//! length. An answer is a head, then JSON. Lengths are bounded before anything is set aside for them.
//!
//! A request for pages goes on: after the first answer the parent asks for one page after the other by its number, and
//! gets pixels for each, until it asks for page 0.

use std::io::{self, Read, Write};

use super::limits::ReadError;
use super::raster::{PIXELS_MAX, Raster};
use crate::domain::ids::ContentHash;
use crate::domain::reading::Unreadable;

/// The hidden command that starts a worker.
pub const WORKER_COMMAND: &str = "__worker";

/// Bytes of a document sent at a time, the most that either end holds besides the document.
pub(super) const CHUNK_BYTES: usize = 64 << 10;
/// A file name longer than any file system has.
const NAME_BYTES_MAX: usize = 4 << 10;

const REQUEST_MARK: &[u8; 4] = b"evrq";
const PAGES_MARK: &[u8; 4] = b"evpq";
const ANSWER_MARK: &[u8; 4] = b"evan";
/// In place of a chunk's length: the parent could not read on, the document is to be dropped.
const ABANDONED: u32 = u32::MAX;

/// What opens a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RequestHead {
    pub id: u64,
    /// A guess for the first allocation, not a promise.
    pub size: u64,
    pub name: String,
    /// Set if pages are wanted as pixels, rather than the document's text.
    pub pages: Option<PagesWanted>,
}

/// Which document's pages are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PagesWanted {
    /// A content inside the one that is sent; none: that one itself.
    pub member: Option<ContentHash>,
}

/// Bytes of a page's answer besides its pixels.
const PAGE_HEAD_BYTES: usize = 11;
/// The longest answer to a request for one page.
pub(super) const PAGE_BYTES_MAX: u64 = PIXELS_MAX + PAGE_HEAD_BYTES as u64;
const PAGE_DRAWN: u8 = 0;
const PAGE_FAILED: u8 = 1;

/// How a document's bytes ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    Whole(Vec<u8>),
    Abandoned,
}

pub(super) fn write_head(out: &mut impl Write, head: &RequestHead) -> io::Result<()> {
    let name = &head.name.as_bytes()[..head.name.floor_char_boundary(NAME_BYTES_MAX)];
    let mut frame = Vec::with_capacity(60 + name.len());
    frame.extend_from_slice(if head.pages.is_some() { PAGES_MARK } else { REQUEST_MARK });
    frame.extend_from_slice(&head.id.to_le_bytes());
    frame.extend_from_slice(&head.size.to_le_bytes());
    frame.extend_from_slice(&u32::try_from(name.len()).unwrap_or(0).to_le_bytes());
    frame.extend_from_slice(name);
    if let Some(PagesWanted { member }) = head.pages {
        frame.push(u8::from(member.is_some()));
        frame.extend_from_slice(&member.unwrap_or(ContentHash([0; 32])).0);
    }
    out.write_all(&frame)
}

/// Reads the next request; `None` where the parent has no more.
pub(super) fn read_head(input: &mut impl Read) -> io::Result<Option<RequestHead>> {
    let mut mark = [0; 4];
    match input.read(&mut mark[..1])? {
        0 => return Ok(None),
        _ => input.read_exact(&mut mark[1..])?,
    }
    if mark != *PAGES_MARK {
        expect(mark, *REQUEST_MARK)?;
    }
    let id = read_u64(input)?;
    let size = read_u64(input)?;
    let length = read_u32(input)? as usize;
    if length > NAME_BYTES_MAX {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "name too long"));
    }
    let mut name = vec![0; length];
    input.read_exact(&mut name)?;
    let pages = if mark == *PAGES_MARK { Some(read_pages_wanted(input)?) } else { None };
    Ok(Some(RequestHead { id, size, name: String::from_utf8_lossy(&name).into_owned(), pages }))
}

fn read_pages_wanted(input: &mut impl Read) -> io::Result<PagesWanted> {
    let (mut is_member, mut content) = ([0; 1], [0; 32]);
    input.read_exact(&mut is_member)?;
    input.read_exact(&mut content)?;
    Ok(PagesWanted { member: (is_member == [1]).then_some(ContentHash(content)) })
}

/// Asks for one page of the document that the worker holds open; 0: no more.
pub(super) fn write_page_wanted(out: &mut impl Write, number: u32) -> io::Result<()> {
    out.write_all(&number.to_le_bytes())?;
    out.flush()
}

pub(super) fn read_page_wanted(input: &mut impl Read) -> io::Result<u32> {
    read_u32(input)
}

/// The body of an answer with one page.
pub(super) fn page_answer(drawn: &Result<Raster, ReadError>) -> Vec<u8> {
    match drawn {
        Ok(raster) => {
            let (width, height) = raster.size();
            let mut body = Vec::with_capacity(PAGE_HEAD_BYTES + raster.grey().len());
            body.push(PAGE_DRAWN);
            body.extend_from_slice(&width.to_le_bytes());
            body.extend_from_slice(&height.to_le_bytes());
            body.extend_from_slice(&raster.dpi().to_le_bytes());
            body.extend_from_slice(raster.grey());
            body
        }
        Err(ReadError { reason, detail }) => {
            let mut body = vec![PAGE_FAILED];
            // Two plain values: a string for each.
            body.extend(serde_json::to_vec(&(reason, detail)).unwrap_or_default());
            body
        }
    }
}

/// Reads the body of an answer with one page, believing nothing; `None` if it is not one.
pub(super) fn read_page(body: &[u8]) -> Option<Result<Raster, ReadError>> {
    let (kind, rest) = body.split_first()?;
    if *kind == PAGE_FAILED {
        let (reason, detail) = serde_json::from_slice::<(Unreadable, String)>(rest).ok()?;
        return Some(Err(ReadError { reason, detail }));
    }
    let (width, rest) = rest.split_first_chunk()?;
    let (height, rest) = rest.split_first_chunk()?;
    let (dpi, grey) = rest.split_first_chunk()?;
    let dpi = u16::from_le_bytes(*dpi);
    let raster = Raster::new(u32::from_le_bytes(*width), u32::from_le_bytes(*height), grey.to_vec(), dpi)?;
    (*kind == PAGE_DRAWN).then_some(Ok(raster))
}

pub(super) fn write_chunk(out: &mut impl Write, chunk: &[u8]) -> io::Result<()> {
    let length = u32::try_from(chunk.len()).map_err(io::Error::other)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(chunk)
}

pub(super) fn write_end(out: &mut impl Write) -> io::Result<()> {
    write_chunk(out, &[])?;
    out.flush()
}

pub(super) fn write_abandoned(out: &mut impl Write) -> io::Result<()> {
    out.write_all(&ABANDONED.to_le_bytes())?;
    out.flush()
}

/// Reads a document's chunks to their end.
pub(super) fn read_body(input: &mut impl Read, size: u64) -> io::Result<Body> {
    let mut bytes = Vec::new();
    // A refusal is not an error: the vector then grows as the bytes come.
    let _ = usize::try_from(size).map(|size| bytes.try_reserve_exact(size));
    loop {
        let length = match read_u32(input)? {
            0 => return Ok(Body::Whole(bytes)),
            ABANDONED => return Ok(Body::Abandoned),
            length => u64::from(length),
        };
        let copied = input.by_ref().take(length).read_to_end(&mut bytes)?;
        if (copied as u64) < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

pub(super) fn write_answer(out: &mut impl Write, id: u64, json: &[u8]) -> io::Result<()> {
    let mut head = [0; 20];
    head[..4].copy_from_slice(ANSWER_MARK);
    head[4..12].copy_from_slice(&id.to_le_bytes());
    head[12..].copy_from_slice(&(json.len() as u64).to_le_bytes());
    out.write_all(&head)?;
    out.write_all(json)?;
    out.flush()
}

/// Reads an answer with the awaited id and at most `length_max` bytes.
pub(super) fn read_answer(input: &mut impl Read, id: u64, length_max: u64) -> io::Result<Vec<u8>> {
    let mut mark = [0; 4];
    input.read_exact(&mut mark)?;
    expect(mark, *ANSWER_MARK)?;
    if read_u64(input)? != id {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the answer is for another request"));
    }
    let length = read_u64(input)?;
    if length > length_max {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the answer is too long"));
    }
    let mut json = Vec::new();
    input.take(length).read_to_end(&mut json)?;
    if (json.len() as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(json)
}

fn expect(found: [u8; 4], wanted: [u8; 4]) -> io::Result<()> {
    if found == wanted { Ok(()) } else { Err(io::Error::new(io::ErrorKind::InvalidData, "not a frame")) }
}

fn read_u32(input: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn read_u64(input: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    input.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_survives_the_pipe() {
        let head = RequestHead { id: 7, size: 5, name: "Señal.txt".to_owned(), pages: None };
        let mut pipe = Vec::new();
        write_head(&mut pipe, &head).unwrap();
        write_chunk(&mut pipe, b"hel").unwrap();
        write_chunk(&mut pipe, b"lo").unwrap();
        write_end(&mut pipe).unwrap();
        let mut input = pipe.as_slice();
        assert_eq!(read_head(&mut input).unwrap(), Some(head));
        assert_eq!(read_body(&mut input, 5).unwrap(), Body::Whole(b"hello".to_vec()));
        assert_eq!(read_head(&mut input).unwrap(), None);
    }

    #[test]
    fn a_body_may_be_given_up_but_not_cut_short() {
        let mut abandoned = Vec::new();
        write_chunk(&mut abandoned, b"half").unwrap();
        let cut = abandoned.clone();
        write_abandoned(&mut abandoned).unwrap();
        assert_eq!(read_body(&mut abandoned.as_slice(), 9).unwrap(), Body::Abandoned);
        for length in 0..cut.len() {
            assert!(read_body(&mut &cut[..length], 9).is_err(), "{length}");
        }
    }

    #[test]
    fn answers_are_checked_before_they_are_believed() {
        let mut good = Vec::new();
        write_answer(&mut good, 3, b"{}").unwrap();
        assert_eq!(read_answer(&mut good.as_slice(), 3, 2).unwrap(), b"{}");
        for (case, id, length_max, bytes) in [
            ("another id", 4, 2, good.as_slice()),
            ("too long", 3, 1, good.as_slice()),
            ("cut short", 3, 2, &good[..21]),
            ("no frame", 3, 2, b"Segmentation fault: all is lost"),
        ] {
            assert!(read_answer(&mut &*bytes, id, length_max).is_err(), "{case}");
        }
    }

    #[test]
    fn a_long_name_is_cut_at_a_character() {
        let mut pipe = Vec::new();
        write_head(&mut pipe, &RequestHead { id: 1, size: 0, name: "é".repeat(5_000), pages: None }).unwrap();
        let head = read_head(&mut pipe.as_slice()).unwrap().unwrap();
        assert_eq!(head.name, "é".repeat(2_048));
    }
}
