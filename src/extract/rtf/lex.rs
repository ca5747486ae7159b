//! RTF as tokens: groups, control words with their numbers, bytes of text.

/// One token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'b> {
    Open,
    Close,
    /// What follows may be left out by who does not know it.
    Star,
    Word(&'b [u8], Option<i32>),
    Byte(u8),
}

pub(super) struct Lexer<'b> {
    rest: &'b [u8],
}

impl<'b> Lexer<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What follows a backslash; `None` if it means nothing.
    fn control(&mut self) -> Option<Token<'b>> {
        let first = *self.rest.first()?;
        if first.is_ascii_alphabetic() {
            return Some(self.word());
        }
        self.rest = &self.rest[1..];
        Some(match first {
            b'*' => Token::Star,
            b'\'' => {
                let digits = self.rest.get(..2).and_then(|two| std::str::from_utf8(two).ok());
                match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
                    Some(byte) => {
                        self.rest = &self.rest[2..];
                        Token::Byte(byte)
                    }
                    None => return None,
                }
            }
            b'~' => Token::Word(b"nbsp", None),
            b'_' => Token::Byte(b'-'),
            b'\r' | b'\n' => Token::Word(b"par", None),
            b'{' | b'}' | b'\\' => Token::Byte(first),
            // Marks for hyphens and index entries.
            _ => return None,
        })
    }

    fn word(&mut self) -> Token<'b> {
        let end = self.rest.iter().take(40).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, rest) = self.rest.split_at(end);
        let sign = usize::from(rest.first() == Some(&b'-'));
        let digits = rest.iter().skip(sign).take(11).take_while(|byte| byte.is_ascii_digit()).count();
        let number = std::str::from_utf8(&rest[..sign + digits]).ok().filter(|_| digits > 0);
        let number = number.map(|number| number.parse().unwrap_or(0));
        let used = if digits > 0 { sign + digits } else { 0 };
        self.rest = &rest[used..];
        if self.rest.first() == Some(&b' ') {
            self.rest = &self.rest[1..];
        }
        if word == b"bin" {
            let skip = number.and_then(|count: i32| usize::try_from(count).ok()).unwrap_or(0);
            self.rest = self.rest.get(skip..).unwrap_or_default();
        }
        Token::Word(word, number)
    }
}

impl<'b> Iterator for Lexer<'b> {
    type Item = Token<'b>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (first, rest) = self.rest.split_first()?;
            self.rest = rest;
            let token = match first {
                b'{' => Some(Token::Open),
                b'}' => Some(Token::Close),
                b'\\' => self.control(),
                b'\r' | b'\n' | 0 => None,
                byte => Some(Token::Byte(*byte)),
            };
            if token.is_some() {
                return token;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_bytes() {
        let tokens: Vec<Token<'_>> = Lexer::new(b"{\\b0 a\\'e9\\u-3913?\\*\\x\\bin3 {}}\\~\n}").collect();
        assert_eq!(
            tokens,
            [
                Token::Open,
                Token::Word(b"b", Some(0)),
                Token::Byte(b'a'),
                Token::Byte(0xe9),
                Token::Word(b"u", Some(-3913)),
                Token::Byte(b'?'),
                Token::Star,
                Token::Word(b"x", None),
                Token::Word(b"bin", Some(3)),
                Token::Word(b"nbsp", None),
                Token::Close,
            ]
        );
    }

    #[test]
    fn a_cut_end_is_an_end() {
        for bytes in [&b"\\"[..], b"\\'", b"\\'z", b"\\bin99999999999", b"\\u-"] {
            assert!(Lexer::new(bytes).count() <= 2, "{bytes:?}");
        }
    }

    #[test]
    fn a_long_row_of_marks_does_not_climb_the_stack() {
        assert_eq!(Lexer::new(&b"\\-".repeat(200_000)).count(), 0);
    }
}
