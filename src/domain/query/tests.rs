//! The grammar, as tables; and that a query printed and parsed again is the same.

use proptest::prelude::*;

use super::*;

fn today() -> Day {
    "2026-11-24".parse().unwrap()
}

/// The query printed in its full form.
fn read(text: &str) -> String {
    parse(text, today()).map_or_else(|error| format!("{} at {}", error.problem, error.at), |query| query.to_string())
}

#[test]
fn words_operators_and_groups() {
    for (text, want) in [
        ("seal", "seal"),
        ("high  security", "high security"),
        ("high AND security", "high security"),
        ("\"high security\" seals", "\"high security\" seals"),
        ("a OR b c", "a OR b c"),
        ("(a OR b) c", "(a OR b) c"),
        ("a (b c)", "a b c"),
        ("a OR (b OR c)", "a OR b OR c"),
        ("seal -bolt", "seal -bolt"),
        ("seal NOT bolt", "seal -bolt"),
        ("seal -\"bolt seal\"", "seal -\"bolt seal\""),
        ("seal -(a OR b)", "seal -(a OR b)"),
        ("seal --bolt", "seal --bolt"),
        ("SOP-SEAL-01 v5", "SOP-SEAL-01 v5"),
        ("seal - log", "seal log"),
        ("seals & locks", "seals locks"),
        ("10:30", "10:30"),
        ("or and not", "or and not"),
        ("*", "*"),
        ("* -draft", "* -draft"),
        ("* seal", "seal"),
        ("bitácora", "bitácora"),
    ] {
        assert_eq!(read(text), want, "{text}");
    }
}

#[test]
fn stars_and_tildes() {
    for (text, want) in [
        ("seal*", "seal*"),
        ("*4711", "*4711"),
        ("TCL*918", "TCL*918"),
        ("SOP-SE*", "SOP-SE*"),
        ("sael~", "sael~1"),
        ("inspecton~", "inspecton~2"),
        ("inspecton~1", "inspecton~1"),
        ("title:seal*", "title:seal*"),
        ("path:seal*", "path:seal*"),
    ] {
        assert_eq!(read(text), want, "{text}");
    }
}

#[test]
fn fields_and_values() {
    for (text, want) in [
        ("criterion:6.* seal", "criterion:6.* seal"),
        ("role:record,form", "role:record,form"),
        ("ROLE:Record", "role:record"),
        ("type:excel", "type:xlsx,xls,xlsb,ods"),
        ("type:x*", "type:x*"),
        ("site:\"Main DC\",Annex", "site:\"Main DC\",Annex"),
        ("kind:visitor-log", "kind:visitor-log"),
        ("outcome:encrypted", "outcome:encrypted"),
        ("language:es", "language:spanish"),
        ("title:\"seal log\"", "title:\"seal log\""),
        ("title:(seal OR lock) text:bolt", "(title:seal OR title:lock) text:bolt"),
        ("path:seals", "path:seals"),
        ("path:seals/*.xlsx", "path:seals/*.xlsx"),
        ("path:\"DC Operations/**\"", "path:\"DC Operations/**\""),
        ("path:*.pdf", "path:*.pdf"),
        ("-role:draft seal", "-role:draft seal"),
    ] {
        assert_eq!(read(text), want, "{text}");
    }
}

#[test]
fn dates_and_ranges() {
    for (text, want) in [
        ("date:2026-05-31", "date:2026-05-31"),
        ("date:2026-01..2026-06", "date:2026-01-01..2026-06-30"),
        ("date:2024-02", "date:2024-02-01..2024-02-29"),
        ("date:2026", "date:2026-01-01..2026-12-31"),
        ("date:..2025", "date:..2025-12-31"),
        ("date:2025-07-01..", "date:2025-07-01.."),
        ("year:2025", "date:2025-01-01..2025-12-31"),
        ("year:2024..2025", "date:2024-01-01..2025-12-31"),
        ("since:2026-03", "date:2026-03-01.."),
        ("until:2026-03", "date:..2026-03-31"),
        ("since:30d", "date:2026-10-25.."),
        ("since:6m", "date:2026-05-24.."),
        ("until:2y", "date:..2024-11-24"),
        ("date:1w..", "date:2026-11-17.."),
    ] {
        assert_eq!(read(text), want, "{text}");
    }
}

#[test]
fn an_error_points_at_the_character() {
    for (text, at, part) in [
        ("", 0, "empty"),
        ("  ", 0, "empty"),
        ("- &", 0, "empty"),
        ("-seal", 0, "only excludes"),
        ("seal OR -bolt", 0, "only excludes"),
        ("seal \"open", 5, "quotation mark"),
        ("seal (log", 5, "expected `)`"),
        ("seal) log", 4, "not opened"),
        ("seal ()", 6, "after `(`"),
        ("seal OR", 7, "after `OR`"),
        ("OR seal", 0, "before `OR`"),
        ("(a OR) b", 5, "after `OR`"),
        ("a AND OR b", 6, "after `AND`"),
        ("AND b", 0, "before `AND`"),
        ("seal NOT", 8, "after `NOT`"),
        ("seal colour:red", 5, "no field `colour`"),
        ("site: x", 5, "value after `site:`"),
        ("role:recrod", 5, "`recrod` is no role"),
        ("role:record,recrod", 12, "`recrod` is no role"),
        ("role:record,", 12, "value after `role:`"),
        ("type:docy", 5, "docx"),
        ("date:2026-13", 5, "`2026-13` is no date"),
        ("date:26-01", 5, "is no date"),
        ("date:..", 5, "is no date"),
        ("since:99999d", 6, "is no date"),
        ("date:2026..2025", 5, "ends before it begins"),
        ("path:a/[", 5, "no path pattern"),
        ("SOP-*-01", 4, "`*` stands in one word"),
        ("title:**", 6, "`*` stands"),
        ("sael~3", 4, "`~` stands"),
        ("a-b~", 3, "`~` stands"),
    ] {
        let error = parse(text, today()).unwrap_err();
        assert!(error.problem.to_string().contains(part), "{text}: {error}");
        assert_eq!(error.at, at, "{text}: {error}");
    }
    let pointed = parse("día role:recrod", today()).unwrap_err().pointed();
    assert_eq!(pointed, "  día role:recrod\n           ^");
}

#[test]
fn depth_and_length_are_bounded() {
    for (text, part) in [
        (format!("{}a{}", "(".repeat(40), ")".repeat(40)), "nested"),
        (format!("a {}b", "-".repeat(40)), "nested"),
        ("a ".repeat(2_000), "too long"),
    ] {
        let error = parse(&text, today()).unwrap_err();
        assert!(error.problem.to_string().contains(part), "{error}");
    }
}

#[test]
fn flags_take_any_sign() {
    let flag = |field: &str, value| filter(FieldName::parse(field).unwrap(), value, today()).map(|q| q.to_string());
    for (field, value, want) in [
        ("site", "Main (DC)", "site:\"Main (DC)\""),
        ("role", "record, form", "role:record,form"),
        ("path", "DC Operations/**", "path:\"DC Operations/**\""),
        ("since", "2026", "date:2026-01-01.."),
    ] {
        assert_eq!(flag(field, value).unwrap(), want, "{field} {value}");
    }
    for (field, value) in [("role", "recrod"), ("role", ""), ("since", "yesterday"), ("path", ""), ("path", "[")] {
        assert!(flag(field, value).is_err(), "{field} {value}");
    }
}

fn word() -> impl Strategy<Value = String> {
    // Lower case, so that no word is an operator.
    "[a-zñé0-9]{1,6}([./_-][a-zé0-9]{1,4}){0,2}"
}

fn text_term() -> impl Strategy<Value = Term> {
    prop_oneof![
        word().prop_map(Term::Word),
        "[a-z]{1,5}( [A-Z:()*~-]{0,3}[a-z]{1,5}){0,3}".prop_map(Term::Phrase),
        "[a-z]{1,4}\\*[a-z]{0,3}".prop_map(Term::Wild),
        ("[a-z]{2,8}", prop_oneof![Just(Distance::One), Just(Distance::Two)])
            .prop_map(|(word, distance)| Term::Fuzzy(word, distance)),
    ]
}

fn leaf() -> impl Strategy<Value = Query> {
    let field =
        prop_oneof![Just(TextField::Anywhere), Just(TextField::Title), Just(TextField::Path), Just(TextField::Text)];
    let free = prop_oneof![Just(CodeField::Site), Just(CodeField::Kind), Just(CodeField::Criterion)];
    let value = "[a-zA-Z0-9.*:-]{1,6}( [a-z(),]{1,4}){0,1}";
    let day = (2000_i16..2030, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| Day::new(y, m, d).unwrap());
    prop_oneof![
        // A slash in a word of a path would make it a pattern.
        (field, text_term())
            .prop_filter("a pattern", |(field, term)| {
                *field != TextField::Path
                    || !matches!(term, Term::Word(word) | Term::Phrase(word) if PathGlob::is_meant(word))
            })
            .prop_map(|(field, term)| Query::Text { field, term }),
        (free, prop::collection::vec(value, 1..3).prop_filter("twice", |v| v.len() < 2 || v[0] != v[1]))
            .prop_map(|(field, any_of)| Query::Code { field, any_of }),
        prop_oneof![Just("record"), Just("procedure"), Just("own-output")]
            .prop_map(|role| Query::Code { field: CodeField::Role, any_of: vec![role.to_owned()] }),
        "[a-z ]{1,5}/\\*\\*".prop_map(|glob| Query::Path(PathGlob::parse(&glob).unwrap())),
        (day.clone(), day).prop_map(|(a, b)| Query::Days(Days { from: Some(a.min(b)), to: Some(a.max(b)) })),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Query::all_of),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Query::any_of),
            inner.prop_map(|query| Query::Not(Box::new(query))),
        ]
    })
}

proptest! {
    #[test]
    fn a_query_printed_and_parsed_is_the_same(query in query().prop_filter("excludes", |q| !q.only_excludes())) {
        let text = query.to_string();
        prop_assert_eq!(parse(&text, today()), Ok(query), "{}", text);
    }

    #[test]
    fn any_text_is_a_query_or_an_error_with_a_place(text in "[a-c\":()~*.,\\- /ORANDTét0-9]{0,40}") {
        match parse(&text, today()) {
            Ok(query) => prop_assert_eq!(parse(&query.to_string(), today()), Ok(query.clone()), "{} as {}", text, query),
            Err(error) => prop_assert!(text.is_char_boundary(error.at)),
        }
    }
}
