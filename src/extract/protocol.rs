//! The frames between parent and worker, written and read by both ends.
//!
//! A request is a head, then the document in chunks, so that the parent never holds a file and need not know its true
//! length. An answer is a head, then JSON. Lengths are bounded before anything is set aside for them.

use std::io::{self, Read, Write};

/// The hidden command that starts a worker.
pub const WORKER_COMMAND: &str = "__worker";

/// Bytes of a document sent at a time, the most that either end holds besides the document.
pub(super) const CHUNK_BYTES: usize = 64 << 10;
/// A file name longer than any file system has.
const NAME_BYTES_MAX: usize = 4 << 10;

const REQUEST_MARK: &[u8; 4] = b"evrq";
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
}

/// How a document's bytes ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    Whole(Vec<u8>),
    Abandoned,
}

pub(super) fn write_head(out: &mut impl Write, head: &RequestHead) -> io::Result<()> {
    let name = &head.name.as_bytes()[..head.name.floor_char_boundary(NAME_BYTES_MAX)];
    let mut frame = Vec::with_capacity(24 + name.len());
    frame.extend_from_slice(REQUEST_MARK);
    frame.extend_from_slice(&head.id.to_le_bytes());
    frame.extend_from_slice(&head.size.to_le_bytes());
    frame.extend_from_slice(&u32::try_from(name.len()).unwrap_or(0).to_le_bytes());
    frame.extend_from_slice(name);
    out.write_all(&frame)
}

/// Reads the next request; `None` where the parent has no more.
pub(super) fn read_head(input: &mut impl Read) -> io::Result<Option<RequestHead>> {
    let mut mark = [0; 4];
    match input.read(&mut mark[..1])? {
        0 => return Ok(None),
        _ => input.read_exact(&mut mark[1..])?,
    }
    expect(mark, *REQUEST_MARK)?;
    let id = read_u64(input)?;
    let size = read_u64(input)?;
    let length = read_u32(input)? as usize;
    if length > NAME_BYTES_MAX {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "name too long"));
    }
    let mut name = vec![0; length];
    input.read_exact(&mut name)?;
    Ok(Some(RequestHead { id, size, name: String::from_utf8_lossy(&name).into_owned() }))
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
        let head = RequestHead { id: 7, size: 5, name: "Señal.txt".to_owned() };
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
        write_head(&mut pipe, &RequestHead { id: 1, size: 0, name: "é".repeat(5_000) }).unwrap();
        let head = read_head(&mut pipe.as_slice()).unwrap().unwrap();
        assert_eq!(head.name, "é".repeat(2_048));
    }
}
