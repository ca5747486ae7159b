//! The worker process: fences itself, then reads documents until its input ends.
//!
//! It runs no thread but the reader's, whose large stack lets deeply nested documents be refused by the readers
//! rather than overflow. All it may do after the fence is to read its input and write its answers.

use std::io::{self, BufReader, Read, Write};
use std::process::ExitCode;
use std::thread;

use serde::Serialize;

use super::fence;
use super::guard;
use super::limits::Limits;
use super::open;
use super::pages;
use super::passwords::Passwords;
use super::protocol::{self, Body};
use crate::domain::reading::{Extracted, Outcome, Unreadable};

/// Stack of the reader thread.
pub(super) const READER_STACK_BYTES: usize = 64 << 20;

/// Runs the worker: `evidex __worker LIMITS`, the limits as JSON because they are set before the input is read.
pub fn worker_main() -> ExitCode {
    let Some(limits) = std::env::args().nth(2).and_then(|text| serde_json::from_str::<Limits>(&text).ok()) else {
        return ExitCode::from(2);
    };
    guard::note_panics();
    let report = fence::raise(&limits);
    let reader = thread::Builder::new().name("reader".to_owned()).stack_size(READER_STACK_BYTES).spawn(move || {
        let mut output = io::stdout().lock();
        let hello = serde_json::to_vec(&report).map_err(io::Error::from)?;
        protocol::write_answer(&mut output, 0, &hello)?;
        let mut input = BufReader::with_capacity(protocol::CHUNK_BYTES, io::stdin().lock());
        let passwords = Passwords::read(&mut input)?;
        serve(&mut input, &mut output, (&limits, &passwords))
    });
    match reader.map(thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        Ok(_) | Err(_) => ExitCode::FAILURE,
    }
}

fn serve(input: &mut impl Read, output: &mut impl Write, with: (&Limits, &Passwords)) -> io::Result<()> {
    while let Some(head) = protocol::read_head(input)? {
        match protocol::read_body(input, head.size)? {
            Body::Abandoned => {}
            Body::Whole(bytes) if head.pages.is_some() => pages::serve(&head, bytes, (input, output), with)?,
            Body::Whole(bytes) => {
                let extracted = open::read_with(&bytes, &head.name, with);
                drop(bytes);
                protocol::write_answer(output, head.id, &to_json(&extracted, with.0)?)?;
            }
        }
    }
    Ok(())
}

/// The answer, or what says that it would have been too long.
fn to_json(extracted: &Extracted, limits: &Limits) -> io::Result<Vec<u8>> {
    let mut capped = Capped { bytes: Vec::new(), left: limits.output_bytes };
    let mut serializer = serde_json::Serializer::new(&mut capped);
    if extracted.serialize(&mut serializer).is_ok() {
        return Ok(capped.bytes);
    }
    let detail = format!("its text is longer than {} bytes", limits.output_bytes);
    let outcome = Outcome::Unreadable { reason: Unreadable::TooMuchOutput, detail };
    let refusal = Extracted { format: extracted.format, outcome, members: Vec::new(), pictures: Vec::new() };
    serde_json::to_vec(&refusal).map_err(io::Error::from)
}

struct Capped {
    bytes: Vec<u8>,
    left: u64,
}

impl Write for Capped {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.left = self.left.checked_sub(part.len() as u64).ok_or(io::ErrorKind::FileTooLarge)?;
        self.bytes.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reading::Format;

    fn answers(names: &[(&str, &[u8])], limits: &Limits) -> Vec<Extracted> {
        let mut pipe = Vec::new();
        for (id, (name, bytes)) in (1..).zip(names) {
            let head = protocol::RequestHead { id, size: 0, name: (*name).to_owned(), pages: None };
            protocol::write_head(&mut pipe, &head).unwrap();
            protocol::write_chunk(&mut pipe, bytes).unwrap();
            protocol::write_end(&mut pipe).unwrap();
        }
        let mut output = Vec::new();
        serve(&mut pipe.as_slice(), &mut output, (limits, &Passwords::default())).unwrap();
        let mut output = output.as_slice();
        (1..=names.len() as u64)
            .map(|id| serde_json::from_slice(&protocol::read_answer(&mut output, id, 1 << 20).unwrap()).unwrap())
            .collect()
    }

    #[test]
    fn answers_come_in_order() {
        let answers = answers(&[("a.txt", b"first"), ("b.txt", b"second")], &Limits::default());
        let texts: Vec<&str> = answers
            .iter()
            .map(|answer| match &answer.outcome {
                Outcome::Read(reading) => reading.passages[0].text.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(texts, ["first", "second"]);
    }

    #[test]
    fn an_answer_too_long_is_said_so() {
        let limits = Limits { output_bytes: 100, ..Limits::default() };
        let answer = answers(&[("a.txt", b"word ".repeat(100).as_slice())], &limits).remove(0);
        assert_eq!(answer.format, Format::Text);
        assert!(matches!(answer.outcome, Outcome::Unreadable { reason: Unreadable::TooMuchOutput, .. }));
    }
}
