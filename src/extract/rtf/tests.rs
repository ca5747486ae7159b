//! Texts as their programs write them, cut to what matters.

use proptest::prelude::*;

use super::*;
use crate::domain::reading::Outcome;
use crate::extract::ooxml::build::lines;
use crate::extract::open;

const SAMPLE: &str = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil Arial;}{\f1\fcharset204 Arial Cyr;}}
{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s5\sbasedon0 Title;}}
{\info{\title Seal policy}{\author Ann}{\creatim\yr2026\mo4\dy12\hr9\min5}{\company X}}
{\header\pard Rev 4\par}{\*\unknown nothing}
\pard\s1 Seal \'93policy\'94\par
\pard\s0 Se\u241\'f1ales{\footnote\pard By the guard}: {\field{\*\fldinst HYPERLINK x}{\fldrslt checked}} {\v hidden}{\f1 \'c4\'e0}\par
\pard\intbl Date\cell Seal\cell\row
\pard\intbl 2026-10-03\cell HP\par 17\cell\row
\pard {\pict\pngblip 89504e47}End\u-10179?\u-8704?\par}";

fn read_lines(text: &[u8]) -> Vec<String> {
    match open::read(text, "a.rtf", &Limits::default()).outcome {
        Outcome::Read(reading) => lines(&reading),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_text_with_everything_in_it() {
    assert_eq!(
        read_lines(SAMPLE.as_bytes()),
        [
            "paragraph 1 Margin Rev 4",
            "paragraph 1 Heading Seal \u{201c}policy\u{201d}",
            "paragraph 2 Note By the guard",
            "paragraph 2 Text Señales: checked Да",
            "paragraph 3 TableHead Date|Seal",
            "paragraph 4 TableRow 2026-10-03|HP 17",
            "paragraph 5 Text End😀",
        ]
    );
    let properties = read(SAMPLE.as_bytes(), &Limits::default()).unwrap().properties;
    assert_eq!(properties.title.as_deref(), Some("Seal policy"));
    assert_eq!(properties.author.as_deref(), Some("Ann"));
    assert_eq!(properties.created.as_deref(), Some("2026-04-12T09:05:00"));
}

#[test]
fn html_in_a_mail_comes_back_as_html() {
    let wrapped = br"{\rtf1\ansi\ansicpg1252\fromhtml1 {\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Se\'f1al{\*\htmltag72 </p>}\htmlrtf }\htmlrtf0 }";
    let Ok(Body::Html(html)) = mail_body(wrapped, &Limits::default()) else { panic!() };
    assert_eq!(html, "<p>Señal</p>");
}

#[test]
fn deep_and_cut_texts_end() {
    let deep = [&b"{\\rtf1 "[..], &b"{".repeat(200_000), b"x", &b"}".repeat(200_000), b" end}"].concat();
    assert_eq!(read_lines(&deep), ["paragraph 1 Text end"]);
    for cut in 0..SAMPLE.len() {
        let _ = read(&SAMPLE.as_bytes()[..cut], &Limits::default());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn changed_bytes_end_without_a_panic(changes in prop::collection::vec((0..900_usize, any::<u8>()), 1..20)) {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        for (at, with) in changes {
            let at = at % bytes.len();
            bytes[at] = with;
        }
        let _ = read(&bytes, &Limits::default());
        let _ = mail_body(&bytes, &Limits::default()).is_ok();
    }
}
