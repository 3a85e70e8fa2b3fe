//! The tree against the text it was read from, and against hostile texts.

use super::*;
use proptest::prelude::*;

fn text(source: &str) -> Text<'_> {
    Text::whole(source)
}

/// The written form of every node of the first document.
fn raws(source: &str) -> Vec<String> {
    let text = text(source);
    let yaml = Yaml::parse(&text);
    yaml.nodes_of(&yaml.documents[0]).map(|n| n.span().slice(source).to_owned()).collect()
}

fn errors(source: &str) -> Vec<(ErrorKind, String, String)> {
    let text = text(source);
    let yaml = Yaml::parse(&text);
    yaml.errors.iter().map(|e| (e.kind, e.span.slice(source).to_owned(), e.message.clone())).collect()
}

#[test]
fn spans_are_the_written_nodes() {
    assert_eq!(
        raws("é: 1\nb:\nc: &x !!str foo  # hi\nd:\n- 1\n-\n- - a\n  - &y\n    q: r\nf: *x\n"),
        [
            "é: 1\nb:\nc: &x !!str foo  # hi\nd:\n- 1\n-\n- - a\n  - &y\n    q: r\nf: *x",
            "é",
            "1",
            "b",
            "",
            "c",
            "foo",
            "d",
            "- 1\n-\n- - a\n  - &y\n    q: r",
            "1",
            "",
            "- a\n  - &y\n    q: r",
            "a",
            "q: r",
            "q",
            "r",
            "f",
            "*x"
        ]
    );
    assert_eq!(
        raws("[a: b, {x: 'y', z}, \"q\": 1 ]"),
        [
            "[a: b, {x: 'y', z}, \"q\": 1 ]",
            "a: b",
            "a",
            "b",
            "{x: 'y', z}",
            "x",
            "'y'",
            "z",
            "",
            "\"q\": 1",
            "\"q\"",
            "1"
        ]
    );
}

#[test]
fn block_scalars_begin_at_their_indicator() {
    let source = "a: |  # why\n  é\n   two\n\n# after\nb: &t >-\n\n  x\n  y\nc: |\nd: [e]\n";
    assert_eq!(
        raws(source)[1..],
        ["a", "|  # why\n  é\n   two", "b", ">-\n\n  x\n  y", "c", "|", "d", "[e]", "e"].map(str::to_owned)
    );
    let text = text(source);
    let yaml = Yaml::parse(&text);
    let comments: Vec<_> = yaml.comments().map(|c| (c.text, c.span.slice(source))).collect();
    assert_eq!(comments, [("# why", "# why"), ("# after", "# after")]);
    assert_eq!(yaml.root(0).unwrap().get("a").unwrap().scalar(), Some("é\n two\n"));
}

#[test]
fn comments_are_not_found_in_scalars() {
    let source = "# one\na: 'x # no'  # two\nb: x#no\nc: |\n  # no\n#three\nd: \"\n  # no\"\n---\n# four\n...\n# five";
    let text = text(source);
    let yaml = Yaml::parse(&text);
    let comments: Vec<_> = yaml.comments().map(|c| c.text).collect();
    assert_eq!(comments, ["# one", "# two", "#three", "# four", "# five"]);
}

#[test]
fn a_broken_document_leaves_its_neighbours_whole() {
    let source = "a: 1\n---\nb: [1\n# c\n---\nd: 2\n";
    let text = text(source);
    let yaml = Yaml::parse(&text);
    let complete: Vec<_> = yaml.documents.iter().map(|d| d.complete).collect();
    assert_eq!(complete, [true, false, true]);
    assert_eq!(yaml.root(2).unwrap().get("d").unwrap().int(), Some(2));
    assert_eq!(yaml.root(1).unwrap().get("b").unwrap().items().len(), 1, "what was read stays");
    assert_eq!(yaml.errors.len(), 1);
    assert_eq!(yaml.comments().count(), 1);
}

#[test]
fn errors_have_places_and_sentences() {
    let at = |source: &str| errors(source).into_iter().map(|(kind, at, _)| (kind, at)).collect::<Vec<_>>();
    assert_eq!(at("a:\n\tb: 1\n"), [(ErrorKind::Tab, "\t".to_owned())]);
    assert_eq!(at("a:\n  b: 1\n \tc: 2\n"), [(ErrorKind::Tab, "\t".to_owned())]);
    assert_eq!(
        at("a: *nope\nb: *no\n"),
        [(ErrorKind::UndefinedAlias, "*nope".into()), (ErrorKind::UndefinedAlias, "*no".into())]
    );
    assert_eq!(at("a: &x 1\n---\nb: *x\n"), [(ErrorKind::UndefinedAlias, "*x".to_owned())]);
    assert_eq!(at("a: b: c\n"), [(ErrorKind::Syntax, ": c".to_owned())]);
    assert_eq!(at("a: \"b\n"), [(ErrorKind::Syntax, "\"b".to_owned())]);
    assert_eq!(at("a: 1\0\nb: 2\n"), [(ErrorKind::Syntax, "\0".to_owned())]);
    assert_eq!(at("%YAML 1.2\n---\na: !!str 1\n...\n"), []);
    let text = text("a: *nope\nb: 1\n");
    let yaml = Yaml::parse(&text);
    assert!(yaml.root(0).unwrap().get("a").unwrap().is_dangling());
    assert_eq!(yaml.root(0).unwrap().get("b").unwrap().int(), Some(1));
}

#[test]
fn aliases_and_merges_are_seen_through() {
    let source = "x: &x {a: 1, b: 2}\ny: &y {<<: *x, b: 3}\nz: {c: 4, <<: [*y, {d: 5, a: 6}]}\nw: *y\n";
    let text = text(source);
    let yaml = Yaml::parse(&text);
    let root = yaml.root(0).unwrap();
    let z = root.get("z").unwrap();
    let pairs: Vec<_> = z.entries().iter().map(|(k, v)| (k.scalar().unwrap(), v.int().unwrap())).collect();
    assert_eq!(pairs, [("c", 4), ("b", 3), ("a", 1), ("d", 5)]);
    assert_eq!(z.get("b").and_then(NodeRef::int), Some(3));
    assert_eq!(z.written().len(), 2);
    let w = root.get("w").unwrap();
    assert_eq!((w.span().slice(source), w.get("b").unwrap().int()), ("*y", Some(3)));
    assert_eq!(root.get("x").unwrap().anchor(), Some("x"));
    assert_eq!(yaml.documents.len(), 1);
}

#[test]
fn an_alias_to_what_encloses_it_leads_nowhere() {
    let text = text("a: &a [1, *a]\n");
    let yaml = Yaml::parse(&text);
    assert!(yaml.root(0).unwrap().get("a").unwrap().items().nth(1).unwrap().is_dangling());
}

#[test]
fn readings_differ_by_version_and_style() {
    let text = text("[yes, true, 'true', 010, 0o10, 1_0, ~, !!str 1, '', -7, !Ref x]");
    let yaml = Yaml::parse(&text);
    let items: Vec<_> = yaml.root(0).unwrap().items().collect();
    assert_eq!((items[0].bool(), items[0].bool_11()), (None, Some(true)));
    assert_eq!((items[1].bool(), items[2].bool()), (Some(true), None));
    assert_eq!((items[3].int(), items[3].int_11()), (Some(10), Some(8)));
    assert_eq!((items[4].int(), items[5].int_11(), items[9].int()), (Some(8), Some(10), Some(-7)));
    assert!(items[6].is_null() && !items[8].is_null());
    assert_eq!((items[7].int(), items[7].tag(), items[10].tag()), (None, Some("!!str"), Some("!Ref")));
}

#[test]
fn duplicate_keys_are_kept_and_found() {
    let many: String = (0..20).map(|n| format!("k{n}: 1\n")).collect();
    let source = format!("a: 1\nb: {{c: 1, c: 2}}\na: 3\n<<: {{}}\n<<: {{}}\n---\n{many}k7: 2\n");
    let text = text(&source);
    let yaml = Yaml::parse(&text);
    let words: Vec<_> =
        yaml.documents.iter().flat_map(|d| yaml.duplicate_keys(d)).map(|d| d.again.raw().to_owned()).collect();
    assert_eq!(words, ["a", "<<", "c", "k7"]);
    assert_eq!(yaml.root(0).unwrap().get("a").unwrap().int(), Some(3));
}

#[test]
fn templated_values_are_told() {
    for value in ["{{ .X }}", "a-${X}", "$(VAR)", "${{ x }}", "{% if %}"] {
        assert!(is_templated(value), "{value}");
    }
    for value in ["", "a{b}", "$5", "x < y"] {
        assert!(!is_templated(value), "{value}");
    }
}

/// Reads a text and visits everything.
fn survives(source: &str) -> Vec<ErrorKind> {
    let text = text(source);
    let yaml = Yaml::parse(&text);
    for document in &yaml.documents {
        let _ = yaml.duplicate_keys(document);
        for node in yaml.nodes_of(document) {
            assert!(node.span().end as usize <= source.len());
            if let Some(text) = node.text() {
                assert_eq!(Some(text.as_str()), node.scalar());
            }
            let _ = (node.int_11(), node.bool_11(), node.is_null(), node.entries().len());
        }
    }
    yaml.errors.iter().map(|e| e.kind).collect()
}

#[test]
fn hostile_texts_end_in_errors() {
    let deep = 100_000;
    assert_eq!(survives(&"[".repeat(deep)), [ErrorKind::TooDeep]);
    assert_eq!(survives(&"- ".repeat(deep)), [ErrorKind::TooDeep]);
    assert_eq!(survives(&"{a: ".repeat(deep)), [ErrorKind::TooDeep]);
    assert_eq!(survives(&"? ".repeat(deep)), [ErrorKind::TooDeep]);
    let blocks: String = (0..1000).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    assert_eq!(survives(&format!("{blocks}\n---\nb: 1\n")), [ErrorKind::TooDeep]);
    let bomb: String =
        (1..60).map(|n| format!("a{n}: &a{n} {{<<: [{}]}}\n", format!("*a{},", n - 1).repeat(9))).collect();
    assert_eq!(survives(&format!("a0: &a0 {{x: 1}}\n{bomb}")), []);
    assert_eq!(survives(&format!("a: {}", "x".repeat(10_000_000))), []);
    assert_eq!(survives(&format!("a: '{}'", "é ".repeat(1_000_000))), []);
    assert_eq!(survives(&"a: 1\n---\n".repeat(40_000)), []);
    assert_eq!(survives(&"- a: b\n".repeat(40_000)), []);
    assert_eq!(survives("a: 1\r\nb:\r\n  - 2\r\n").len() + survives("a: 1\rb: 2\r").len(), 0);
    for odd in [
        "",
        "\u{feff}",
        "\0",
        "---",
        "...",
        "\t",
        "&",
        "*",
        "!",
        "|",
        "> ",
        "\"",
        "'",
        "%",
        "- |\n\0",
        "a: |\n \u{1a}",
        "\u{feff}\u{feff}a",
        "? |\n: &",
    ] {
        survives(odd);
    }
}

/// A literal block scalar below a key, and the lines that it should say.
fn literal(lines: &[String], indent: usize, newline: &str) -> String {
    let pad = " ".repeat(indent);
    let body: String =
        lines.iter().map(|l| if l.is_empty() { newline.to_owned() } else { format!("{pad}{l}{newline}") }).collect();
    format!("k:{newline}  - |{newline}{body}  - end{newline}")
}

proptest! {
    #[test]
    fn words_of_literals_slice_back(first in "[a-zé]{1,6}", mut lines in proptest::collection::vec("( {0,3}[a-z日]{1,5}( [a-z#:]{1,4}){0,3})?", 0..8), indent in 3usize..7, crlf: bool) {
        lines.insert(0, first);
        let source = literal(&lines, indent, if crlf { "\r\n" } else { "\n" });
        let text = Text::whole(&source);
        let yaml = Yaml::parse(&text);
        let node = yaml.root(0).unwrap().get("k").unwrap().items().next().unwrap();
        let mapped = node.text().unwrap();
        prop_assert_eq!(Some(mapped.as_str()), node.scalar());
        let mut at = 0;
        for word in mapped.as_str().split([' ', '\n']) {
            prop_assert_eq!(mapped.span(at..at + word.len()).slice(&source), word);
            at += word.len() + 1;
        }
    }

    #[test]
    fn words_of_folded_and_quoted_slice_back(lines in proptest::collection::vec("[a-zé]{1,6}( [a-z]{1,5}){0,3}", 1..6), style in 0usize..4, gap in 0usize..3) {
        let breaks = "\n".repeat(gap + 1);
        let body = lines.join(&format!("{breaks}   "));
        let source = match style {
            0 => format!("k: >\n   {body}\nz: 1"),
            1 => format!("k: '{body}'\nz: 1"),
            2 => format!("k: \"{body}\"\nz: 1"),
            _ => format!("k: {body}\nz: 1"),
        };
        let text = Text::whole(&source);
        let yaml = Yaml::parse(&text);
        let node = yaml.root(0).unwrap().get("k").unwrap();
        let mapped = node.text().unwrap();
        prop_assert_eq!(Some(mapped.as_str()), node.scalar());
        let mut at = 0;
        for word in mapped.as_str().split([' ', '\n']) {
            prop_assert_eq!(mapped.span(at..at + word.len()).slice(&source), word);
            at += word.len() + 1;
        }
    }

    #[test]
    fn any_text_is_read(source in "([ \n\r\t:,\\[\\]{}#&*!|>'\"%@`?\\-.aé0\0\u{feff}]|---|: |- |\n  |<<: |\\\\n){0,60}") {
        survives(&source);
    }
}

#[test]
fn escapes_map_to_their_source() {
    let source = "k: \"a\\tb\\u00e9\\\n   c\"\nq: 'it''s'";
    let text = text(source);
    let yaml = Yaml::parse(&text);
    let root = yaml.root(0).unwrap();
    let k = root.get("k").unwrap().text().unwrap();
    assert_eq!(k.as_str(), "a\tbéc");
    assert_eq!(k.span(1..2).slice(source), "\\t");
    assert_eq!(k.span(3..5).slice(source), "\\u00e9");
    assert_eq!(k.span(5..6).slice(source), "c");
    assert_eq!(root.get("q").unwrap().text().unwrap().span(3..4).slice(source), "s");
}

#[test]
fn a_tree_inside_a_text_has_the_hosts_places() {
    let host = "outer: |\n    a: |\n      echo hi\n    b: 2\n";
    let text = text(host);
    let outer = Yaml::parse(&text);
    let inner_text = outer.root(0).unwrap().get("outer").unwrap().text().unwrap();
    let inner = Yaml::parse(&inner_text);
    let root = inner.root(0).unwrap();
    assert_eq!(root.get("b").unwrap().span().slice(host), "2");
    let script = root.get("a").unwrap().text().unwrap();
    assert_eq!(script.span(5..7).slice(host), "hi");
}
