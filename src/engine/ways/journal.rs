//! The system's journal, by its own protocol: a line to read and fields to filter by, without a detour over stderr.

use std::io;
use std::os::unix::net::UnixDatagram;
use std::path::Path;

use super::error::{Error, Result};

const SOCKET: &str = "/run/systemd/journal/socket";

/// A field beside the message: an upper-case name, and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub value: String,
}

/// Writes one entry.
pub fn write(message: &str, fields: &[Field]) -> Result<()> {
    send(Path::new(SOCKET), &entry(message, fields)).map_err(|source| Error::Journal { source })
}

fn send(socket: &Path, entry: &[u8]) -> io::Result<()> {
    UnixDatagram::unbound()?.send_to(entry, socket).map(drop)
}

fn entry(message: &str, fields: &[Field]) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Priority 5 is `notice`: normal, and worth a look.
    let fixed = [("MESSAGE", message), ("PRIORITY", "5"), ("SYSLOG_IDENTIFIER", "evidex")];
    let all = fixed.into_iter().chain(fields.iter().map(|field| (field.name, field.value.as_str())));
    for (name, value) in all {
        put(&mut bytes, name, value);
    }
    bytes
}

/// `NAME=value`, or, where the value has line breaks, the name, the length and the value.
fn put(bytes: &mut Vec<u8>, name: &str, value: &str) {
    bytes.extend(name.bytes());
    if value.contains('\n') {
        bytes.push(b'\n');
        bytes.extend((value.len() as u64).to_le_bytes());
    } else {
        bytes.push(b'=');
    }
    bytes.extend(value.bytes());
    bytes.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_what_the_journal_understands() {
        let fields = [Field { name: "EVIDEX_PATH", value: "two\nlines".into() }];
        let mut want = b"MESSAGE=6.7: missing\nPRIORITY=5\nSYSLOG_IDENTIFIER=evidex\nEVIDEX_PATH\n".to_vec();
        want.extend(9_u64.to_le_bytes());
        want.extend(b"two\nlines\n");
        assert_eq!(entry("6.7: missing", &fields), want);
    }

    #[test]
    fn it_arrives_at_a_socket() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("socket");
        let journal = UnixDatagram::bind(&path).unwrap();
        send(&path, &entry("hello", &[])).unwrap();
        let mut bytes = [0; 200];
        let length = journal.recv(&mut bytes).unwrap();
        assert!(bytes[..length].starts_with(b"MESSAGE=hello\n"));
        assert!(send(&dir.path().join("none"), b"x").is_err());
    }
}
