use super::*;
use crate::text::Span;
use proptest::prelude::*;

fn outline(source: &str) -> Vec<String> {
    let document = parse(source);
    document.blocks().skip(1).map(|(id, block)| format!("{:?} {}", block.kind, document.run(id).plain())).collect()
}

#[test]
fn tight_items_hold_their_text_in_a_paragraph() {
    assert_eq!(
        outline("1. [ ] do **it**\n   - Effort: 2h\n2. [x] `two`\\* &amp; x\n"),
        [
            "List { ordered: true } ",
            "Item { task: Some(false) } ",
            "Paragraph do it",
            "List { ordered: false } ",
            "Item { task: None } ",
            "Paragraph Effort: 2h",
            "Item { task: Some(true) } ",
            "Paragraph two* & x",
        ]
    );
}

#[test]
fn item_numbers_and_depths_are_as_written() {
    let document = parse("7. a\n  9) b\n- c\n  - d\n");
    let items: Vec<_> = document
        .blocks()
        .filter(|(_, block)| matches!(block.kind, BlockKind::Item { .. }))
        .map(|(id, block)| (document.item_number(id), block.list_depth))
        .collect();
    assert_eq!(items, [(Some(7), 1), (Some(9), 1), (None, 1), (None, 2)]);
}

#[test]
fn words_keep_their_places_through_markup() {
    let source = "# Hé *l* [x](y) &amp; `co de` ##\n";
    let document = parse(source);
    let text = document.run(document.sections()[0].heading).text();
    assert_eq!(text.as_str(), "Hé l x & co de");
    let at = text.as_str().find("co de").unwrap();
    assert_eq!(text.span(at..at + 5).slice(source), "co de");
    let amp = text.as_str().find('&').unwrap();
    assert_eq!(text.span(amp..amp + 1).slice(source), "&amp;");
}

#[test]
fn sections_nest_by_level_and_end_where_the_next_begins() {
    let source = "intro\n\n# A\n\n## B\ntext\n\n### C\n\n## D\n> # quoted\n\nE\n===\n";
    let document = parse(source);
    let paths: Vec<String> = document.sections().iter().map(|s| document.heading_path(s).join("/")).collect();
    assert_eq!(paths, ["A", "A/B", "A/B/C", "A/D", "E"]);
    let b = document.sections()[1];
    assert_eq!(document.slice(b.span), "## B\ntext\n\n### C\n\n");
    assert_eq!((b.end, document.own_blocks(&b).count(), document.section_blocks(&b).count()), (3, 1, 2));
    assert_eq!(document.preamble().count(), 1);
    assert_eq!(document.section_at(b.span.start + 2).map(|s| s.heading), Some(b.heading));
    assert!(document.section_at(0).is_none());
}

#[test]
fn tables_give_cells_with_their_places() {
    let source = "| a | b |\n|--|--|\n| x \\| y | `c` |\n| z |\n";
    let document = parse(source);
    let rows: Vec<Vec<String>> = document
        .blocks()
        .filter(|(_, block)| matches!(block.kind, BlockKind::TableHead | BlockKind::TableRow))
        .map(|(id, _)| document.cells(id).map(|cell| document.run(cell.id).plain()).collect())
        .collect();
    assert_eq!(rows, [vec!["a", "b"], vec!["x | y", "c"], vec!["z", ""]]);
}

#[test]
fn fences_know_info_content_and_whether_they_are_closed() {
    let source = "```{.yaml} x=1\na: 1\n```\n\n~~~\n~~~\n\n- x\n  ```sh\n  ls\n\n      indented\n\n> ````\n> ```\n";
    let document = parse(source);
    let seen: Vec<_> = document
        .codes()
        .map(|c| (c.language().to_owned(), c.content().as_str().to_owned(), c.closed(), c.open_to_end()))
        .collect();
    let expected = [
        ("yaml", "a: 1\n", true, false),
        ("", "", true, false),
        ("sh", "ls\n\n    indented\n\n", false, false),
        ("", "```\n", false, true),
    ];
    assert_eq!(seen, expected.map(|(a, b, c, d)| (a.to_owned(), b.to_owned(), c, d)));
    let (info, span) = document.codes().next().unwrap().info();
    assert_eq!((info, span.slice(source)), ("{.yaml} x=1", "{.yaml} x=1"));
}

#[test]
fn carriage_returns_stay_in_code() {
    let source = "1. x\r\n\r\n   ```\r\n   a\r\n\r\n   b\r\n   ```\r\n\r\n    code\r\n";
    let document = parse(source);
    let code = document.codes().next().unwrap();
    assert_eq!((code.content().as_str(), code.closed()), ("a\r\n\r\nb\r\n", true));
}

#[test]
fn a_fence_that_is_open_to_the_end_is_told() {
    let open = |source: &str| parse(source).codes().any(|code| code.open_to_end());
    assert!(!open("# A\n\n```sh\nls\n```\n\nText.\n"));
    assert!(open("# A\r\n\r\n```sh\r\nls\r\n"));
}

#[test]
fn links_tell_target_text_and_place() {
    let source = "[t *u*][r] [v](<a b.md> \"x\") ![i](p.png) <https://e.org> [r]\n\n[R]: d.md 'T'\n";
    let document = parse(source);
    let seen: Vec<_> = document
        .links()
        .iter()
        .map(|l| {
            (
                l.kind,
                l.image,
                l.target.to_string(),
                document.link_run(l).plain(),
                l.target_span.map(|s| s.slice(source)),
            )
        })
        .collect();
    assert_eq!(seen[0], (LinkKind::Reference, false, "d.md".to_owned(), "t u".to_owned(), None));
    assert_eq!(seen[1], (LinkKind::Inline, false, "a b.md".to_owned(), "v".to_owned(), Some("a b.md")));
    assert_eq!(seen[2], (LinkKind::Inline, true, "p.png".to_owned(), "i".to_owned(), Some("p.png")));
    assert_eq!((seen[3].0, seen[4].0), (LinkKind::Autolink, LinkKind::Reference));
    assert_eq!(document.definitions()[0].span.slice(source), "[R]: d.md 'T'");
    assert_eq!(document.definitions()[0].target, "d.md");
}

#[test]
fn comments_are_found_outside_code_only() {
    let source = "<!-- a -->\ntext <!-- b --> x\n\n```\n<!-- no -->\n```\n`<!-- no -->`\n\n- i\n  <!-- c\n  d -->\n\n<div>\n<!-- e -->\n</div>\n";
    let document = parse(source);
    let seen: Vec<_> = document.comments().iter().map(|c| (document.slice(c.content).trim(), c.alone)).collect();
    assert_eq!(seen, [("a", true), ("b", false), ("c\n  d", true), ("e", true)]);
}

#[test]
fn bold_leads_are_split_from_what_follows() {
    let source = "**Context:** we *need* it\n**Status**: ok\n\n**Phase 1: Setup**\n\nplain **late**\n";
    let document = parse(source);
    let mut seen = Vec::new();
    for (id, block) in document.blocks() {
        if block.kind == BlockKind::Paragraph {
            seen.extend(document.run(id).lines().map(|l| l.strong().map(|s| (s.lead.plain(), s.rest.plain()))));
        }
    }
    let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
    assert_eq!(seen, [pair("Context:", " we need it"), pair("Status", ": ok"), pair("Phase 1: Setup", ""), None]);
}

#[test]
fn frontmatter_may_be_toml_or_json() {
    let read = |source: &str| parse(source).frontmatter().map(|f| (f.content.slice(source).to_owned(), f.toml));
    assert_eq!(read("+++\na = 1\n+++\n# T\n"), Some(("a = 1\n".to_owned(), true)));
    assert_eq!(read("---toml\na = 1\n---\n# T\n"), Some(("a = 1\n".to_owned(), true)));
    assert_eq!(read("---json\n{}\n---\n# T\n"), Some(("{}\n".to_owned(), false)));
    assert_eq!(read("{\n  \"a\": {\n  }\n}\n# T\n"), Some(("{\n  \"a\": {\n  }\n}".to_owned(), false)));
    for source in
        ["+++\na = 1\n# T\n", "{{ page.title }}\n}\n", "{% raw %}\n}\n", "{ \"a\": 1 }\n# T\n", "{\n\"a\"", "{"]
    {
        assert_eq!(read(source), None, "{source}");
    }
    let tree = parse("+++\na = 1\n+++\n\n# T\n");
    assert_eq!(tree.sections().len(), 1);
}

#[test]
fn frontmatter_is_told_from_a_thematic_break() {
    let content = |source: &str| parse(source).frontmatter().map(|f| (f.content.slice(source).to_owned(), f.closed));
    let some = |text: &str, closed| Some((text.to_owned(), closed));
    assert_eq!(content("---\na: 1\n---\n# T\n"), some("a: 1\n", true));
    assert_eq!(content("\u{feff}---\r\na: 1\r\n---\r\n"), some("a: 1\r\n", true));
    assert_eq!(content("---\n---\n"), some("", true));
    assert_eq!(content("---\n[x]\n---\n"), some("[x]\n", true));
    assert_eq!(content("---\na: 1\nb: 2\n\n# T\n"), some("a: 1\nb: 2\n", false));
    assert_eq!(content("---\n\n# T\n\n---\n"), None);
    assert_eq!(content("---\nprose here\n\nmore\n\n---\n"), None);
    assert_eq!(content("---\nNote well: prose\n"), None);
    assert_eq!(content("text\n---\na: 1\n---\n"), None);
    assert_eq!(parse("---\na: 1\n---\n# T\n").sections()[0].span, Span::new(13, 17));
}

#[test]
fn hostile_input_is_read_in_linear_time() {
    let n = 100_000;
    let inputs = [
        "> ".repeat(n),
        "- ".repeat(n),
        "**a *b ".repeat(n),
        "[a](".repeat(n),
        "<!-- ".repeat(n),
        "<!-- x --> ".repeat(n),
        "`".repeat(n) + "\n" + &"` `` ".repeat(n),
        "# h\n".repeat(n),
        "###### h\n# h\n".repeat(n / 2),
        "- [ ] x\n".repeat(n),
        "```\n".to_owned() + &"x\n".repeat(n),
        "| a ".repeat(n) + "\n" + &"|--".repeat(n) + "\n| x\n",
        "a\0b\n\0\n".repeat(n / 10),
        "\u{feff}---\nx: ".to_owned() + &"y".repeat(n),
        "---\n".repeat(n),
        "[a]: b\n".repeat(n),
        "&amp;\t- ".repeat(n),
    ];
    for input in &inputs {
        let document = parse(input);
        assert!(document.blocks().all(|(_, block)| block.span.end as usize <= input.len()));
        let texts: usize = document.blocks().map(|(id, _)| document.run(id).text().len()).sum();
        assert!(texts <= input.len() * 3);
        assert!(document.codes().all(|code| code.closed() || code.content().len() <= input.len()));
    }
}

proptest! {
    #[test]
    fn words_of_a_nested_fence_slice_back(
        prefix in prop_oneof![Just(("- ", "  ")), Just(("12. ", "    ")), Just(("> ", "> ")), Just(("> - ", ">   ")), Just(("", "")), Just(("  ", "  ")), Just(("- \t", "\t"))],
        lines in proptest::collection::vec("[ \t]{0,5}[a-zé:]{0,6}( [a-z日]{1,5}){0,3}", 0..8),
        eol in prop_oneof![Just("\n"), Just("\r\n")],
        closed in any::<bool>(),
    ) {
        let mut host = format!("# t{eol}{eol}{}```yaml{eol}", prefix.0);
        for line in &lines {
            host += &format!("{}{line}{eol}", prefix.1);
        }
        if closed {
            host += &format!("{}```{eol}", prefix.1);
        }
        let document = parse(&host);
        let code = document.codes().next().unwrap();
        prop_assert_eq!(code.closed(), closed);
        prop_assert_eq!(code.language(), "yaml");
        let content = code.content();
        let words: Vec<&str> = content.as_str().split_whitespace().collect();
        let expected: Vec<&str> = lines.iter().flat_map(|line| line.split_whitespace()).collect();
        prop_assert_eq!(&words, &expected);
        let mut at = 0;
        for word in words {
            at += content.as_str()[at..].find(word).unwrap();
            prop_assert_eq!(content.span(at..at + word.len()).slice(&host), word);
            at += word.len();
        }
        prop_assert_eq!(content.as_str().matches("\r\n").count() * usize::from(eol == "\r\n"), content.as_str().matches('\n').count() * usize::from(eol == "\r\n"));
    }

    #[test]
    fn any_text_gives_a_tree_whose_spans_fit(source in "([#>*`~|\\[\\]()<!\\-a :\t\r\n1.\\\\&_é\u{0}]{1,4}(\n|---\n|\\*\\*|```|<!--|-->| - )?){0,40}") {
        let document = parse(&source);
        for (id, block) in document.blocks() {
            prop_assert!(source.get(block.span.range()).is_some());
            let text = document.run(id).text();
            prop_assert!(source.get(text.whole_span().range()).is_some());
            for line in document.run(id).lines() {
                let _ = line.strong().map(|strong| (strong.lead.plain(), strong.rest.plain()));
            }
        }
        for code in document.codes() {
            prop_assert!(source.get(code.content().whole_span().range()).is_some());
            let _ = (code.closed(), code.open_to_end(), code.info());
        }
    }
}
