//! Passwords that the company listed for its own locked documents.
//!
//! They come from a file that the configuration names, reach the worker over its input, and are kept nowhere else: not
//! in an argument (other accounts see those), not in a log, not in the ledger. Invariant: no form of printing shows one.

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::Arc;

use super::limits::ReadError;

/// Each is tried on each locked document.
const COUNT_MAX: usize = 100;
const BYTES_MAX: usize = 256;
const MARK: &[u8; 4] = b"evpw";

/// A list of passwords to try, one after another.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Passwords(Arc<Vec<String>>);

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passwords", self.0.len())
    }
}

impl Passwords {
    /// One password a line, as it stands; empty lines are none. The error says which line is no password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lines: Vec<(usize, &str)> = (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty()).collect();
        if lines.len() > COUNT_MAX {
            return Err(format!("it lists more than {COUNT_MAX} passwords"));
        }
        if let Some((number, _)) = lines.iter().find(|(_, line)| line.len() > BYTES_MAX) {
            return Err(format!("line {number} is longer than {BYTES_MAX} bytes"));
        }
        Ok(Self(Arc::new(lines.into_iter().map(|(_, line)| line.to_owned()).collect())))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// What is said of a document that none of them opens.
    pub(super) fn locked(&self) -> ReadError {
        ReadError::encrypted(match self.0.len() {
            0 => "needs a password".to_owned(),
            1 => "needs another password than the listed one".to_owned(),
            count => format!("needs another password than the {count} listed ones"),
        })
    }

    /// Sends the list to a worker.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut frame = MARK.to_vec();
        let number = |length: usize| u32::try_from(length).map(u32::to_le_bytes).map_err(io::Error::other);
        frame.extend_from_slice(&number(self.0.len())?);
        for password in self.iter() {
            frame.extend_from_slice(&number(password.len())?);
            frame.extend_from_slice(password.as_bytes());
        }
        out.write_all(&frame)?;
        out.flush()
    }

    /// Takes the list that a parent sends first of all.
    pub(super) fn read(input: &mut impl Read) -> io::Result<Self> {
        let invalid = || io::Error::new(io::ErrorKind::InvalidData, "not a list of passwords");
        let mut mark = [0; 4];
        input.read_exact(&mut mark)?;
        let count = number(input)?;
        if mark != *MARK || count > COUNT_MAX {
            return Err(invalid());
        }
        let mut list = Vec::with_capacity(count);
        for _ in 0..count {
            let length = number(input)?;
            if length > BYTES_MAX {
                return Err(invalid());
            }
            let mut bytes = vec![0; length];
            input.read_exact(&mut bytes)?;
            list.push(String::from_utf8(bytes).map_err(|_| invalid())?);
        }
        Ok(Self(Arc::new(list)))
    }
}

fn number(input: &mut impl Read) -> io::Result<usize> {
    let mut bytes = [0; 4];
    input.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_survives_the_pipe_and_is_never_printed() {
        let list = Passwords::parse("harbor\n\n pine 26 \n").unwrap();
        let mut pipe = Vec::new();
        list.write(&mut pipe).unwrap();
        let read = Passwords::read(&mut pipe.as_slice()).unwrap();
        assert_eq!(read.iter().collect::<Vec<_>>(), ["harbor", " pine 26 "]);
        assert_eq!(format!("{read:?}"), "2 passwords");
        for length in 0..pipe.len() {
            assert!(Passwords::read(&mut &pipe[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn lists_out_of_bounds_are_refused_without_naming_a_password() {
        for (text, wanted) in [
            ("a\n".repeat(101), "it lists more than 100 passwords"),
            (format!("a\n{}", "secret".repeat(50)), "line 2 is longer than 256 bytes"),
        ] {
            assert_eq!(Passwords::parse(&text).unwrap_err(), wanted);
        }
    }

    #[test]
    fn a_locked_document_says_how_many_were_tried() {
        for (text, wanted) in [
            ("", "needs a password"),
            ("a", "needs another password than the listed one"),
            ("a\nb", "needs another password than the 2 listed ones"),
        ] {
            assert_eq!(Passwords::parse(text).unwrap().locked().detail, wanted);
        }
    }
}
