//! A line as numbers, words, spaces and marks: what the grammar of dates is written over.

use super::super::calendar::ShortWord;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Value (saturating) and count of digits.
    Number(u64, u8),
    Word,
    Space,
    Mark(char),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
}

/// Signs that stand for a word each and are never joined with their neighbours.
const CALENDAR_SIGNS: [char; 8] = ['年', '月', '日', '号', '號', '년', '월', '일'];

fn kind_of(c: char) -> Kind {
    match c {
        '0'..='9' => Kind::Number(u64::from(c) - u64::from('0'), 1),
        '\u{ff10}'..='\u{ff19}' => Kind::Number(u64::from(c) - 0xff10, 1),
        ' ' | '\t' | '\u{a0}' | '\u{202f}' | '\u{3000}' => Kind::Space,
        '\u{300}'..='\u{36f}' => Kind::Word,
        _ if c.is_ascii_alphabetic() || (!c.is_ascii() && c.is_alphabetic()) => Kind::Word,
        _ if c.is_whitespace() => Kind::Space,
        _ => Kind::Mark(c),
    }
}

/// Cuts `line` into tokens; `tokens` is emptied first.
pub(super) fn cut(line: &str, tokens: &mut Vec<Token>) {
    tokens.clear();
    let mut last_sign = false;
    for (start, c) in line.char_indices() {
        let end = start + c.len_utf8();
        let sign = CALENDAR_SIGNS.contains(&c);
        let kind = kind_of(c);
        if let Some(last) = tokens.last_mut()
            && !sign
            && !last_sign
            && join(&mut last.kind, kind)
        {
            last.end = end;
        } else {
            tokens.push(Token { start, end, kind });
        }
        last_sign = sign;
    }
}

fn join(last: &mut Kind, next: Kind) -> bool {
    match (*last, next) {
        (Kind::Number(value, digits), Kind::Number(digit, _)) => {
            *last = Kind::Number(value.saturating_mul(10).saturating_add(digit), digits.saturating_add(1));
            true
        }
        (Kind::Word, Kind::Word) | (Kind::Space, Kind::Space) => true,
        (Kind::Number(..) | Kind::Word | Kind::Space | Kind::Mark(_), _) => false,
    }
}

/// A line with its tokens, asked by position. Every question past the end is answered with nothing.
#[derive(Clone, Copy)]
pub(super) struct Tokens<'a> {
    pub line: &'a str,
    pub all: &'a [Token],
}

impl<'a> Tokens<'a> {
    pub fn kind(self, i: usize) -> Option<Kind> {
        self.all.get(i).map(|token| token.kind)
    }

    pub fn before(self, i: usize) -> Option<Kind> {
        i.checked_sub(1).and_then(|at| self.kind(at))
    }

    /// Value and digits.
    pub fn number(self, i: usize) -> Option<(u64, usize)> {
        match self.kind(i)? {
            Kind::Number(value, digits) => Some((value, usize::from(digits))),
            Kind::Word | Kind::Space | Kind::Mark(_) => None,
        }
    }

    /// A number of one or two digits.
    pub fn small(self, i: usize) -> Option<u32> {
        let (value, digits) = self.number(i)?;
        if digits > 2 { None } else { u32::try_from(value).ok() }
    }

    pub fn word(self, i: usize) -> Option<&'a str> {
        let token = self.all.get(i)?;
        (token.kind == Kind::Word).then(|| &self.line[token.start..token.end])
    }

    pub fn word_in(self, i: usize, words: &[&str]) -> bool {
        self.word(i).and_then(ShortWord::new).is_some_and(|word| words.contains(&word.as_str()))
    }

    pub fn mark(self, i: usize) -> Option<char> {
        match self.kind(i)? {
            Kind::Mark(c) => Some(c),
            Kind::Number(..) | Kind::Word | Kind::Space => None,
        }
    }

    pub fn is_space(self, i: usize) -> bool {
        self.kind(i) == Some(Kind::Space)
    }

    /// The position after spaces and the given marks, at most `most` of them.
    pub fn skip(self, mut i: usize, marks: &str, most: usize) -> usize {
        for _ in 0..most {
            let passes = self.is_space(i) || self.mark(i).is_some_and(|c| marks.contains(c));
            if !passes {
                break;
            }
            i += 1;
        }
        i
    }

    /// The position after the given words and the spaces and marks around them.
    pub fn skip_words(self, mut i: usize, words: &[&str], marks: &str) -> usize {
        i = self.skip(i, marks, 3);
        for _ in 0..5 {
            if !self.word_in(i, words) {
                break;
            }
            i = self.skip(i + 1, marks, 3);
        }
        i
    }

    /// Up to `N` words from here on, spaces skipped; for numbers in words.
    pub fn words_from<const N: usize>(self, mut i: usize) -> ([&'a str; N], [usize; N]) {
        let (mut words, mut ends) = ([""; N], [i; N]);
        for n in 0..N {
            i = self.skip(i, "-", 2);
            let Some(word) = self.word(i) else { break };
            i += 1;
            words[n] = word;
            ends[n] = i;
        }
        (words, ends)
    }

    /// True if a same separator and a digit follow: the number goes on (an address, a version, a part number).
    pub fn goes_on(self, i: usize, separator: char) -> bool {
        self.mark(i) == Some(separator) && self.number(i + 1).is_some()
    }

    /// True if a digit and one of `/ . -` stand right before: this is the middle of a longer number.
    pub fn in_a_number(self, i: usize) -> bool {
        matches!(self.before(i), Some(Kind::Mark('/' | '.' | '-'))) && i >= 2 && self.number(i - 2).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_lines() {
        let mut tokens = Vec::new();
        for (line, want) in [
            ("12MAR2026", "12|MAR|2026"),
            ("2026年3月5日星期四", "2026|年|3|月|5|日|星期四"),
            ("1o. de enero", "1|o|.| |de| |enero"),
            ("nga\u{300}y 5", "nga\u{300}y| |5"),
            ("", ""),
        ] {
            cut(line, &mut tokens);
            let texts: Vec<&str> = tokens.iter().map(|t| &line[t.start..t.end]).collect();
            assert_eq!(texts.join("|"), want);
        }
        cut("２０２６", &mut tokens);
        assert_eq!(tokens[0].kind, Kind::Number(2026, 4));
    }
}
