//! The header and footer of a sheet's print: where a form says its number and revision.

use super::{Found, What};
use crate::domain::reading::PassageKind;
use crate::extract::ooxml::{Attributes, Visitor};

/// Where they begin, at the end of the sheet's part.
pub(super) const MARK: &[u8] = b"<headerFooter";

/// The texts without the codes in them, each once.
#[derive(Default)]
pub(super) struct Margins {
    pub found: Vec<Found>,
    text: Option<String>,
    done: bool,
}

impl Visitor for Margins {
    fn start(&mut self, name: &str, _: &Attributes<'_>) -> bool {
        if name.ends_with("Header") || name.ends_with("Footer") && name != "headerFooter" {
            self.text = Some(String::new());
        }
        true
    }

    fn end(&mut self, name: &str) {
        self.done |= name == "headerFooter";
        let Some(text) = self.text.take() else { return };
        let what = What::Text(PassageKind::Margin, plain(&text));
        if self.found.iter().all(|found| found.what != what) {
            self.found.push(Found { row: 1, what });
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = &mut self.text {
            open.push_str(text);
        }
    }

    fn is_done(&self) -> bool {
        self.done
    }
}

/// The words between the codes: `&L&"Arial,Bold"&12Form 7&RPage &P of &N` is `Form 7 Page of`.
fn plain(coded: &str) -> String {
    let mut plain = String::new();
    let mut rest = coded;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let mut chars = after.chars();
        rest = match chars.next() {
            Some('&') => {
                plain.push('&');
                chars.as_str()
            }
            Some('"') => chars.as_str().split_once('"').map_or("", |(_, after)| after),
            // A colour is six characters.
            Some('K') => chars.as_str().get(6..).unwrap_or_default(),
            Some(c) if c.is_ascii_digit() => after.trim_start_matches(|c: char| c.is_ascii_digit()),
            Some(_) => {
                plain.push(' ');
                chars.as_str()
            }
            None => "",
        };
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_left_out() {
        for (coded, wanted) in [
            ("&L&\"Arial,Bold\"&12Form 7&RPage &P of &N", " Form 7 Page   of  "),
            ("&CSeals && locks&K00FF00 green", " Seals & locks green"),
            ("plain", "plain"),
            ("&", ""),
            ("&K12", ""),
            ("&\"open", ""),
        ] {
            assert_eq!(plain(coded), wanted, "{coded}");
        }
    }
}
