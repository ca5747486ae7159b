//! The index as a whole: what queries find, in which order, and what becomes of one that is damaged.

use super::*;
use crate::domain::assess::status::DocumentName;
use crate::domain::fact::Head;
use crate::domain::ids::{ContentHash, Seq};
use crate::domain::judge::signal::Language;
use crate::domain::judge::verdict::Role;
use crate::domain::query::{Query, parse};
use crate::domain::reading::Format;

fn document(path: &str, text: &str) -> IndexedDocument {
    let card = Card {
        key: format!("1:{path}"),
        file: format!("1:{path}"),
        name: DocumentName { root: "/srv/Papers".into(), site: "Main DC".into(), path: path.into(), path_b64: None },
        title: String::new(),
        format: Some(Format::Docx),
        role: Some(Role::Record),
        kinds: vec!["visitor-log".to_owned()],
        criteria: vec!["10.2".to_owned()],
        outcome: vec!["read".to_owned()],
        day: None,
        content: None,
        sketch: Sketch::default(),
    };
    IndexedDocument {
        card,
        headings: String::new(),
        text: text.to_owned(),
        language: Language::English,
        known: path.as_bytes().to_vec(),
    }
}

fn made(seq: u64) -> Made {
    Made { head: Head { seq: Seq(seq), hash: ContentHash([3; 32]) }, by: "test".to_owned() }
}

fn index_of(documents: &[IndexedDocument]) -> (tempfile::TempDir, Index) {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::create(folder.path()).unwrap();
    let mut writer = index.writer().unwrap();
    for document in documents {
        writer.put(document).unwrap();
    }
    writer.commit(made(7)).unwrap();
    let index = Index::open(folder.path()).unwrap();
    (folder, index)
}

fn query(text: &str) -> Query {
    parse(text, "2026-11-24".parse().unwrap()).unwrap()
}

fn found(index: &Index, text: &str, sort: Sort) -> Vec<String> {
    let query = query(text);
    let plan = Plan { query: &query, like: None, roots: None, without: &[] };
    let hits = index.searching().unwrap().find(&plan, sort, 10).unwrap();
    assert_eq!(hits.total, hits.found.len(), "{text}");
    hits.found.into_iter().map(|hit| hit.card.name.path).collect()
}

fn sorted(index: &Index, text: &str) -> String {
    found(index, text, Sort::Path).join(" ")
}

#[test]
fn finds_words_phrases_codes_and_stems() {
    let mut spanish = document("c/bitacora.docx", "Revisión de los sellos de alta seguridad");
    spanish.language = Language::Spanish;
    let (_folder, index) = index_of(&[
        document("a/visitor-log.docx", "High security seals are affixed by the shipping clerk."),
        document("b/other.docx", "Security of the high yard; a seal was not needed. ISO 17712, SOP-SEAL-01 v5"),
        spanish,
        document("d/box.docx", "Container TCLU5530918 arrived, ISO17712 seal on it"),
    ]);
    let (a, b, c, d) = ("a/visitor-log.docx", "b/other.docx", "c/bitacora.docx", "d/box.docx");
    for (text, want) in [
        ("high security", vec![a, b]),
        ("\"high security\"", vec![a]),
        ("seal", vec![a, b, d]),
        ("\"seals\"", vec![a]),
        ("revision", vec![c]),
        ("REVISIÓN sello", vec![c]),
        ("high -clerk", vec![b]),
        ("clerk OR yard", vec![a, b]),
        ("(clerk OR yard) needed", vec![b]),
        ("visitor", vec![a]),
        ("visitors", vec![a]),
        ("path:visitor", vec![a]),
        ("text:visitor", vec![]),
        ("clerk yard", vec![]),
        ("the clerk of the port", vec![]),
        ("where is the clerk", vec![a]),
        ("iso 17712", vec![b, d]),
        ("ISO17712", vec![b, d]),
        ("17712", vec![b, d]),
        ("TCLU5530918", vec![d]),
        ("5530918", vec![d]),
        ("tclu", vec![d]),
        ("TCLU55*", vec![d]),
        ("*0918", vec![d]),
        ("SOP-SEAL-01", vec![b]),
        ("SEAL-01", vec![b]),
        ("SOP-SEAL-01 v5", vec![b]),
        ("SOP-SE*", vec![b]),
        ("SOP-SEAL-02", vec![]),
        ("shiping~", vec![a]),
        ("sael~", vec![b, d]),
        ("afix*", vec![]),
        ("affix*", vec![a]),
        ("criterion:10.2 17712", vec![b, d]),
        ("criterion:10.* clerk", vec![a]),
        ("criterion:1.* clerk", vec![]),
        ("site:\"main dc\" clerk", vec![a]),
        ("site:main* clerk", vec![a]),
        ("root:papers clerk", vec![a]),
        ("root:/srv/papers clerk", vec![a]),
        ("root:srv clerk", vec![]),
        ("type:pdf", vec![]),
        ("type:word clerk", vec![a]),
        ("language:spanish", vec![c]),
        ("outcome:read sellos", vec![c]),
        ("path:a/** seal", vec![a]),
        ("* -seal", vec![c]),
        ("* -path:a/", vec![b, c, d]),
    ] {
        assert_eq!(sorted(&index, text), want.join(" "), "{text}");
    }
}

#[test]
fn titles_names_and_neighbouring_words_come_first() {
    let mut titled = document("a.docx", "This paper tells who answers for the fence of the yard, at length.");
    titled.card.title = "Fence inspection".to_owned();
    let mut headed =
        document("c.docx", "The yard is walked every week. The fence is looked at, and the inspection filed");
    headed.headings = "Fence inspection".to_owned();
    let (_folder, index) = index_of(&[
        document("e.docx", "fence; the guard does, among others and when there is time for it, an inspection"),
        document("d.docx", "the guard does a fence inspection when there is time for it, among others"),
        headed,
        document("b-fence-inspection.docx", "The yard is walked every week, and the sheet filed."),
        titled,
    ]);
    let order = found(&index, "fence inspection", Sort::Relevance);
    assert_eq!(order[..2], ["a.docx", "b-fence-inspection.docx"]);
    assert_eq!(order[2..], ["c.docx", "d.docx", "e.docx"]);
}

#[test]
fn days_are_ranges_and_an_order() {
    let dated = |path: &str, day: Option<&str>| {
        let mut document = document(path, "Seal log");
        document.card.day = day.map(|day| day.parse().unwrap());
        document
    };
    let (_folder, index) = index_of(&[
        dated("old", Some("1969-05-01")),
        dated("new", Some("2026-05-31")),
        dated("none", None),
        dated("mid", Some("2025-12-31")),
    ]);
    for (text, want) in [
        ("seal", "new mid old none"),
        ("date:2026-05", "new"),
        ("year:2025", "mid"),
        ("until:2025", "mid old"),
        ("since:2025-12-31", "new mid"),
        ("seal -date:2026", "mid old none"),
    ] {
        assert_eq!(found(&index, text, Sort::Date).join(" "), want, "{text}");
    }
    let query = query("seal");
    let plan = Plan { query: &query, like: None, roots: None, without: &[] };
    let searching = index.searching().unwrap();
    let counts = |facet| searching.facets(&plan, facet).unwrap();
    assert_eq!(counts(Facet::Year), [("1969".into(), 1), ("2025".into(), 1), ("2026".into(), 1)]);
    assert_eq!(counts(Facet::Criterion), [("10.2".into(), 4)]);
    assert_eq!(counts(Facet::Site), [("Main DC".into(), 4)]);
}

#[test]
fn an_answer_keeps_to_its_roots_and_leaves_files_out() {
    let mut other = document("x", "Seal log");
    other.card.name.root = "/srv/Other".into();
    let (_folder, index) = index_of(&[document("a", "Seal log"), document("b", "Seal log"), other]);
    let query = query("seal");
    let searching = index.searching().unwrap();
    for (roots, without, want) in [
        (None, vec![], 3),
        (Some(vec!["/srv/Papers".to_owned()]), vec![], 2),
        (Some(vec!["/srv/Papers".to_owned()]), vec!["1:b".to_owned()], 1),
        (Some(vec![]), vec![], 0),
    ] {
        let plan = Plan { query: &query, like: None, roots: roots.as_deref(), without: &without };
        assert_eq!(searching.count(&plan).unwrap(), want, "{roots:?} {without:?}");
        assert_eq!(searching.find(&plan, Sort::Relevance, 0).unwrap().total, want);
    }
}

#[test]
fn papers_like_a_paper() {
    let (_folder, index) = index_of(&[
        document("a", "The fence is walked weekly: holes, locks and lamps are written down"),
        document("b", "Weekly walk of the fence, with holes and lamps written down by the guard"),
        document("c", "Payroll closes on the last working day"),
        document("d", "Payroll papers and holidays"),
        document("e", "Menu of the canteen"),
    ]);
    let query = Query::All;
    let searching = index.searching().unwrap();
    let text = "The fence is walked weekly: holes, locks and lamps are written down".to_owned();
    for (key, want) in [(Some("1:a".to_owned()), vec!["b"]), (None, vec!["a", "b"])] {
        let like = Likeness { key, text: text.clone() };
        let plan = Plan { query: &query, like: Some(&like), roots: None, without: &[] };
        let found = searching.find(&plan, Sort::Relevance, 10).unwrap().found;
        assert_eq!(found.iter().map(|hit| &hit.card.name.path).collect::<Vec<_>>(), want);
    }
    let nothing = Likeness { key: None, text: "12 34".into() };
    let plan = Plan { query: &query, like: Some(&nothing), roots: None, without: &[] };
    assert_eq!(searching.count(&plan).unwrap(), 0);
}

#[test]
fn a_word_nobody_wrote_has_a_near_one() {
    let (_folder, index) = index_of(&[document("bitacora-visitantes", "Seal inspection"), document("b", "Seals")]);
    let searching = index.searching().unwrap();
    let plan = Plan { query: &Query::All, like: None, roots: None, without: &[] };
    let elsewhere = Plan { roots: Some(&["/srv/Other".to_owned()]), ..plan };
    assert_eq!(searching.known_word("sael", &elsewhere).unwrap(), (0, None), "no word of another root");
    for (word, want) in [
        ("seal", (2, None)),
        ("sael", (0, Some("seal"))),
        ("inspecton", (0, Some("inspection"))),
        ("vistantes", (0, Some("visitantes"))),
        ("zebra", (0, None)),
    ] {
        let (count, nearest) = searching.known_word(word, &plan).unwrap();
        assert_eq!((count, nearest.as_deref()), want, "{word}");
    }
}

#[test]
fn sketches_tell_versions() {
    let values: Vec<u64> = (0..64_u64).map(|n| n * 1_234_567_891).collect();
    let mut other = values.clone();
    other[..16].fill(5);
    let (a, b) = (Sketch::of(&values), Sketch::of(&other));
    assert!((a.likeness(&a) - 1.0).abs() < f32::EPSILON);
    assert!((0.7..0.8).contains(&a.likeness(&b)));
    assert!(a.likeness(&Sketch::default()) < 0.1);
    assert_eq!(Sketch::from(String::from(a.clone())), a);
    // Short texts have many empty places in common, and nothing else.
    let short = |from: u64| Sketch::of(&(0..64).map(|n| if n < 8 { from + n } else { u64::MAX }).collect::<Vec<_>>());
    assert!(short(10).likeness(&short(50)) < 0.1);
    assert!((short(10).likeness(&short(10)) - 1.0).abs() < f32::EPSILON);
    assert_eq!(short(10).bands().count(), 2);
}

#[test]
fn a_later_version_replaces_the_earlier_one() {
    let (folder, index) = index_of(&[document("a", "first wording")]);
    let mut writer = index.writer().unwrap();
    writer.remove_file("1:a");
    writer.put(&document("a", "second wording")).unwrap();
    writer.remove_file("1:gone");
    writer.commit(made(9)).unwrap();
    let index = Index::open(folder.path()).unwrap();
    assert_eq!(index.made(), Some(&made(9)));
    let mut known = Vec::new();
    index.each_known(|bytes| known.push(bytes.to_vec())).unwrap();
    assert_eq!(known, [b"a"], "what was replaced is not given back");
    assert_eq!(sorted(&index, "first"), "");
    assert_eq!(sorted(&index, "wording"), "a");
}

#[test]
fn a_broken_index_is_replaced_by_an_empty_one() {
    let (folder, index) = index_of(&[document("a", "text")]);
    drop(index);
    std::fs::write(folder.path().join("meta.json"), "{").unwrap();
    let index = Index::open(folder.path()).unwrap();
    assert_eq!(index.made(), None);
    assert_eq!(sorted(&index, "text"), "");
}

#[test]
fn damage_is_seen_before_it_does_harm() {
    for (ending, bytes) in [("term", &b""[..]), ("idx", b"rotten"), ("store", b"not an end of ours")] {
        let (folder, index) = index_of(&[document("a", "text")]);
        assert!(index.is_sound());
        drop(index);
        let entries = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let file = entries.into_iter().find(|path| path.extension().is_some_and(|e| e == ending)).unwrap();
        std::fs::write(file, bytes).unwrap();
        assert!(Index::open_to_search(folder.path()).is_err(), "{ending}");
        assert_eq!(Index::open(folder.path()).unwrap().made(), None, "{ending}");
    }
}

#[test]
fn a_flipped_bit_is_found_by_the_long_look() {
    let (folder, index) = index_of(&[document("a", "text")]);
    drop(index);
    let entries = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    let file = entries.into_iter().find(|path| path.extension().is_some_and(|e| e == "store")).unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[0] ^= 1;
    std::fs::write(file, bytes).unwrap();
    assert!(!Index::open(folder.path()).unwrap().is_sound());
}
