//! The packing of RTF inside mails: references into the last 4 KiB, which begin with what most texts begin with.

use crate::extract::limits::Limits;
use crate::extract::ole::u32_at;

const WINDOW: usize = 4096;
const START: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\
\\b\\i\\u\\tab\\tx";
const PACKED: u32 = 0x7546_5a4c;
const PLAIN: u32 = 0x414c_454d;

/// The text; `None` if it is packed in no known way. At most 17 bytes come out for 2.
pub(super) fn unpack(bytes: &[u8], limits: &Limits) -> Option<Vec<u8>> {
    let body = bytes.get(16..)?;
    match u32_at(bytes, 8)? {
        PLAIN => return Some(body.to_vec()),
        PACKED => {}
        _ => return None,
    }
    let mut window = [b' '; WINDOW];
    window[..START.len()].copy_from_slice(START);
    let mut at = START.len();
    let mut text = Vec::new();
    let mut put = |byte: u8, window: &mut [u8; WINDOW]| {
        window[at] = byte;
        at = (at + 1) % WINDOW;
        text.push(byte);
        (at, text.len() as u64 >= limits.text_bytes)
    };
    let mut rest = body.iter().copied();
    let mut next = START.len();
    'all: while let Some(flags) = rest.next() {
        for bit in 0..8 {
            let Some(first) = rest.next() else { break 'all };
            if flags >> bit & 1 == 0 {
                let full;
                (next, full) = put(first, &mut window);
                if full {
                    break 'all;
                }
                continue;
            }
            let Some(second) = rest.next() else { break 'all };
            let reference = usize::from(u16::from_be_bytes([first, second]));
            let (from, length) = (reference >> 4, (reference & 15) + 2);
            if from == next {
                break 'all;
            }
            for step in 0..length {
                let byte = window[(from + step) % WINDOW];
                let full;
                (next, full) = put(byte, &mut window);
                if full {
                    break 'all;
                }
            }
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_unpacks() {
        let packed = b"\x2d\0\0\0\x2b\0\0\0\x4c\x5a\x46\x75\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125\x422\x0a\xf3 hel\x09\0 bw\x05\xb0ld}\x0a\x80\x0f\xa0";
        let text = unpack(packed, &Limits::default()).unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
    }

    #[test]
    fn what_is_not_packed_so_is_refused() {
        for bytes in [&b""[..], &[0; 20], b"\0\0\0\0\0\0\0\0LZF"] {
            assert_eq!(unpack(bytes, &Limits::default()), None);
        }
        let endless = [&b"\0\0\0\0\0\0\0\0LZFu\0\0\0\0"[..], &b"\xff\x00\x0f".repeat(9_000)].concat();
        let limits = Limits { text_bytes: 1_000, ..Limits::default() };
        assert!(unpack(&endless, &limits).unwrap().len() <= 1_000);
    }
}
