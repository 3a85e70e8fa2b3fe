use super::scheme::{captures, items, without};
use super::*;
use crate::text::{Text, TextBuilder};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn compiled(language: Language, source: &str) -> Query {
    check(language, source).unwrap();
    Query::merge(language, &[source]).unwrap()
}

fn spans(language: Language, source: &str, text: &str) -> Vec<String> {
    let found = run(&compiled(language, source), &Text::whole(text), &Limits::default());
    assert_eq!(found.stops, []);
    found.matches.iter().map(|m| m.span.slice(text).to_owned()).collect()
}

fn stops(language: Language, text: &str) -> Vec<Stop> {
    let query = compiled(language, "(_) @fault");
    run(&query, &Text::whole(text), &Limits::default()).stops
}

const KEYS: &str = "(block_mapping_pair key: (_) @fault)";

#[test]
fn each_language_has_its_nodes() {
    assert_eq!(spans(Language::Yaml, KEYS, "a: 1\nb:\n  c: 2\n---\nd: 3\n"), ["a", "b", "c", "d"]);
    assert_eq!(spans(Language::Dockerfile, "(image_tag) @fault", "FROM a:1\nFROM b:2 AS c"), [":1", ":2"]);
    assert_eq!(spans(Language::Markdown, "(atx_heading) @fault", "# A\n\ntext\n\n## B\n"), ["# A", "## B"]);
    let quoted = "> one `two\n> three`\n\n- # `four`\n";
    assert_eq!(spans(Language::MarkdownInline, "(code_span) @fault", quoted), ["`two\n> three`", "`four`"]);
}

#[test]
fn merged_queries_keep_their_owners_and_captures() {
    let sources = ["((plain_scalar) @fault (#eq? @fault \"a\")) ; a comment", "(alias (alias_name) @name) @fault"];
    let query = Query::merge(Language::Yaml, &sources).unwrap();
    let text = "x: a\ny: &b 1\nz: *b\n";
    let found = run(&query, &Text::whole(text), &Limits::default());
    let told: Vec<_> = found.matches.iter().map(|m| (m.query, m.span.slice(text))).collect();
    assert_eq!(told, [(0, "a"), (1, "*b")]);
    let names: Vec<_> = found.matches[1].captures.iter().map(|c| (query.capture(c.name), &*c.text)).collect();
    assert_eq!(names, [("fault", "*b"), ("name", "b")]);
}

#[test]
fn places_are_the_host_files() {
    let mut builder = TextBuilder::new();
    builder.verbatim("a: 1\n", 10);
    builder.verbatim("bc: 2\n", 17);
    let found = run(&compiled(Language::Yaml, KEYS), &builder.finish(), &Limits::default());
    assert_eq!(found.matches.iter().map(|m| (m.span.start, m.span.end)).collect::<Vec<_>>(), [(10, 11), (17, 19)]);
}

#[test]
fn faults_of_queries_are_told_at_their_words() {
    let table: &[(&str, &str, &str)] = &[
        ("", "", "the query is empty"),
        ("(plain_scalar", "(", "this bracket is not closed"),
        ("(plain_scalar) @fault)", ")", "this bracket opens nowhere"),
        ("[(plain_scalar)) @fault", ")", "this bracket closes one of the other kind"),
        ("@fault", "@fault", "nothing stands before this capture"),
        ("(plain_scalar) @", "@", "a capture without a name"),
        ("((plain_scalar) @fault (#eq? @fault \"a))", "\"", "this string is not closed on its line"),
        ("(plane_scalar) @fault", "plane_scalar", "the grammar has no node `plane_scalar`"),
        ("(block_mapping_pair kei: (_) @fault)", "kei", "the grammar has no field `kei`"),
        ("((plain_scalar) @fault (#eq? @name \"a\"))", "name", "nothing is captured as `@name`"),
        ("(plain_scalar) @name", "(plain_scalar) @name", "this pattern captures no @fault, the words at fault"),
        ("(alias (plain_scalar) @fault)", "(", "the grammar can never build such a node here"),
        ("(plain_scalar) @fault\n(#eq? @fault \"é\")", "(#eq? @fault \"é\")", "a predicate judges nothing here"),
        ("((plain_scalar) @fault (#has-parent? @fault x))", "#has-parent?", "unknown predicate `#has-parent?`"),
        ("((plain_scalar) @fault (#set! a b))", "#set!", "unknown predicate `#set!`"),
        ("((plain_scalar) @fault (.eq? @fault))", "", "Wrong number of arguments"),
        ("é", "é", "this sign has no meaning here"),
    ];
    for (source, words, message) in table {
        let fault = check(Language::Yaml, source).expect_err(source);
        assert!(fault.message.starts_with(message), "{source}: {}", fault.message);
        assert_eq!(&source[fault.at.clone()], *words, "{source}");
    }
    let regex = check(Language::Yaml, "((plain_scalar) @fault\n  (#match? @fault \"(\"))").unwrap_err();
    assert!(regex.message.contains("regex"), "{}", regex.message);
    let deep = format!("{}{}", "(a ".repeat(100_000), ")".repeat(100_000));
    assert_eq!(check(Language::Yaml, &deep).unwrap_err().message, "more than 64 brackets in each other");
}

#[test]
fn a_query_loses_each_part_that_it_can_do_without() {
    let source =
        r#"(a key: (b) . !c value: [(d) "e"]* @x (f (g) @fault)) (h) @fault ((i) @fault (#any-of? @fault "j" k)) ; l"#;
    let lost: Vec<String> = without(source, "fault").into_iter().map(|(part, _)| part).collect();
    let whole = r#"(a key: (b) . !c value: [(d) "e"]* @x (f (g) @fault))"#;
    let judged = r#"((i) @fault (#any-of? @fault "j" k))"#;
    let predicate = r#"(#any-of? @fault "j" k)"#;
    let alternatives = r#"value: [(d) "e"]* @x"#;
    let parts =
        [whole, "key: (b)", ".", "!c", alternatives, "(d)", "\"e\"", "(h) @fault", judged, predicate, "\"j\"", "k"];
    assert_eq!(lost, parts);
    let (_, rest) = &without("[(a) (b)] @fault", "fault")[0];
    assert_eq!(rest, "[ (b)] @fault");
    assert_eq!(without("(a) @fault", "fault"), []);
    let read = items(source).unwrap();
    assert_eq!(captures(source, &read), ["x", "fault"]);
}

#[test]
fn what_the_grammars_cannot_bear_never_reaches_them() {
    let nested = |n: usize| (0..n).map(|at| format!("{}a:\n", " ".repeat(at))).collect::<String>();
    assert_eq!(stops(Language::Yaml, &nested(240)), []);
    assert_eq!(stops(Language::Yaml, &nested(260)), [Stop::TooDeep]);
    assert_eq!(stops(Language::Yaml, &format!("{}a", "- ".repeat(300))), [Stop::TooDeep]);
    assert_eq!(stops(Language::Yaml, &"a: |\n b\n".repeat(20_000)), [Stop::TooLong]);
    assert_eq!(stops(Language::Yaml, &format!("a: {}", "b".repeat(40_000))), [Stop::TooLong]);
    assert_eq!(stops(Language::Yaml, "a: [\n---\nb: 1\n"), [Stop::Broken]);
    assert_eq!(stops(Language::Yaml, "a: *b\n"), []);
    assert_eq!(stops(Language::Markdown, &"> ".repeat(100_000)), [Stop::TooDeep]);
    for language in Language::ALL {
        assert_eq!(stops(language, "a\0b"), [Stop::Nul]);
        assert_eq!(stops(language, &"# a\n".repeat((1 << 18) + 1)), [Stop::TooLarge]);
        assert_eq!(stops(language, ""), []);
    }
}

#[test]
fn a_broken_document_leaves_its_neighbours() {
    let text = "a: 1\n---\nb: [\n---\nc: 3\n";
    let found = run(&compiled(Language::Yaml, KEYS), &Text::whole(text), &Limits::default());
    assert_eq!(found.matches.iter().map(|m| m.span.slice(text)).collect::<Vec<_>>(), ["a", "c"]);
    assert_eq!(found.stops, [Stop::Broken]);
}

#[test]
fn what_stands_in_an_error_is_left_out_and_told() {
    let text = "FROM a:1\nFOO ]] x\nUSER b\n";
    let query = compiled(Language::Dockerfile, "[(image_tag) (user_instruction) (ERROR)] @fault");
    let found = run(&query, &Text::whole(text), &Limits::default());
    assert!(matches!(found.stops[..], [Stop::Unreadable(9)]), "{:?}", found.stops);
    assert_eq!(found.matches.iter().map(|m| m.span.slice(text)).collect::<Vec<_>>(), [":1", "USER b"]);
}

#[test]
fn time_is_limited() {
    let limits = Limits { time: Duration::ZERO };
    for (language, line) in [
        (Language::Yaml, "a: {a: 1}\n"),
        (Language::Dockerfile, "RUN a\n"),
        (Language::Markdown, "# a\n\n"),
        (Language::MarkdownInline, "**a** *b*\n\n"),
    ] {
        let text = line.repeat(2000);
        let found = run(&compiled(language, "(_) @fault"), &Text::whole(&text), &limits);
        assert_eq!(found.stops, [Stop::Deadline], "{language:?}");
        assert!(Stop::Deadline.is_failure());
    }
}

#[test]
fn inputs_that_hurt_grammars_end_in_time() {
    let hurtful = [
        (Language::MarkdownInline, "**a *b ".repeat(50_000)),
        (Language::MarkdownInline, format!("{}\n\n", "**a *b ".repeat(500)).repeat(20)),
        (Language::Markdown, "| a ".repeat(50_000)),
        (Language::Markdown, "[".repeat(100_000)),
        (Language::Markdown, "<!--".repeat(50_000)),
        (Language::Yaml, format!("a: [{}]", "{a: 1}, ".repeat(3_000))),
        (Language::Yaml, format!("a: {}{}", "[".repeat(200), "]".repeat(200))),
        (Language::Dockerfile, format!("FROM a\nRUN x {}\n", (0..300).map(|n| format!("<<E{n} ")).collect::<String>())),
        (Language::Dockerfile, "ONBUILD ".repeat(10_000)),
        (Language::Dockerfile, "${".repeat(20_000)),
        (Language::Dockerfile, "ENV a=${b:-".repeat(5_000)),
    ];
    for (language, text) in hurtful {
        let start = Instant::now();
        let limits = Limits { time: Duration::from_secs(1) };
        run(&compiled(language, "(_) @fault"), &Text::whole(&text), &limits);
        let spent = start.elapsed();
        assert!(spent < Duration::from_secs(60), "{language:?} {:?}: {spent:?}", &text[..20.min(text.len())]);
    }
}

proptest! {
    #[test]
    fn any_query_text_is_refused_or_compiles(source in r#"[()\[\]"@#?!.*:;a_ é\n]{0,40}"#) {
        if check(Language::Yaml, &source).is_ok() {
            prop_assert!(Query::merge(Language::Yaml, &[&source]).is_ok());
        }
    }

    #[test]
    fn any_text_can_be_queried(text in r#"[-?:|>{}\[\],&*!#'"<`$=\\ \n\ta-c]{0,200}"#, language in 0usize..4) {
        let language = Language::ALL[language];
        let query = compiled(language, "(_) @fault");
        let found = run(&query, &Text::whole(&text), &Limits::default());
        for found in &found.matches {
            prop_assert!(text.get(found.span.range()).is_some());
        }
    }
}
