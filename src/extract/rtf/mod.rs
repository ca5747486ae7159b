//! RTF: text with control words, in the code page of its fonts.
//!
//! Read: headings, paragraphs, tables, footnotes, comments, headers, footers, results of fields, text boxes, properties.
//! Not read: hidden and struck-out text, pictures, embedded objects.

mod lex;
mod words;
mod write;

use super::limits::{Limits, ReadError};
use crate::domain::reading::{Format, Reading};
use lex::{Lexer, Token};
use words::State;
use write::Writer;

/// Groups inside groups; text deeper down is left out.
const DEPTH_MAX: usize = 500;

/// Reads the text of an RTF file.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Reading, ReadError> {
    let start = bytes.windows(5).take(1024).position(|window| window == b"{\\rtf");
    let start = start.ok_or_else(|| ReadError::damaged("the mark at its start is missing"))?;
    let mut writer = Writer::new(limits);
    let mut states: Vec<State> = Vec::new();
    let mut state = State::default();
    let mut too_deep = 0_usize;
    for token in Lexer::new(&bytes[start..]) {
        match token {
            Token::Open if states.len() < DEPTH_MAX => {
                writer.flush(&state);
                states.push(state.clone());
                state.enter();
            }
            Token::Open => too_deep += 1,
            Token::Close if too_deep > 0 => too_deep -= 1,
            Token::Close => {
                writer.flush(&state);
                let Some(outer) = states.pop() else { break };
                writer.leave(&state, &outer);
                state = outer;
                if states.is_empty() {
                    break;
                }
            }
            _ if too_deep > 0 => {}
            Token::Star => state.star = true,
            Token::Word(word, number) => words::apply(word, number, &mut state, &mut writer),
            Token::Byte(byte) => writer.byte(byte, &mut state),
        }
        if writer.is_full() {
            break;
        }
    }
    writer.flush(&state);
    let (passages, truncated, properties) = writer.finish();
    Ok(Reading { format: Format::Rtf, properties, sheets: Vec::new(), passages, truncated })
}

/// The text of a mail body in RTF. Programs wrap HTML in it; what they wrapped is then returned as it was.
pub(super) fn mail_body(bytes: &[u8], limits: &Limits) -> Result<Body, ReadError> {
    let wraps = bytes.windows(9).take(4096).any(|window| window == b"\\fromhtml");
    if wraps { Ok(Body::Html(unwrap_html(bytes))) } else { Ok(Body::Reading(read(bytes, limits)?)) }
}

/// What a mail body in RTF turned out to be.
pub(super) enum Body {
    Html(String),
    Reading(Reading),
}

/// Tags lie in groups marked `htmltag`; what is only for readers of RTF is marked off.
fn unwrap_html(bytes: &[u8]) -> String {
    let mut html: Vec<u8> = Vec::new();
    let mut states: Vec<(bool, bool)> = Vec::new();
    // Whether text counts: not in the tables at the start, and not between the marks `htmlrtf` and `htmlrtf0`.
    let (mut skip, mut off, mut star) = (false, false, false);
    let mut page = 1252_u16;
    let mut eat = 0_u32;
    for token in Lexer::new(bytes) {
        match token {
            Token::Open if states.len() < DEPTH_MAX => states.push((skip, off)),
            Token::Close => (skip, off) = states.pop().unwrap_or((true, true)),
            Token::Star => star = true,
            Token::Word(word, number) => {
                match word {
                    b"htmlrtf" => off = number != Some(0),
                    b"htmltag" => skip = false,
                    b"fonttbl" | b"colortbl" | b"stylesheet" | b"info" | b"pict" => skip = true,
                    b"ansicpg" => page = number.and_then(|page| u16::try_from(page).ok()).unwrap_or(page),
                    b"par" | b"line" if !skip && !off => html.push(b'\n'),
                    b"tab" if !skip && !off => html.push(b'\t'),
                    b"u" if !skip && !off => {
                        let code = words::unit(number);
                        html.extend(format!("&#{code};").bytes());
                        eat = 1;
                    }
                    _ if star => skip = true,
                    _ => {}
                }
                star = false;
            }
            Token::Byte(_) if eat > 0 => eat -= 1,
            Token::Byte(byte) if !skip && !off => html.push(byte),
            Token::Open | Token::Byte(_) => {}
        }
    }
    super::encoding::code_page(page).decode_without_bom_handling(&html).0.into_owned()
}

#[cfg(test)]
mod tests;
