//! Two parsers check each other: what the front parsers tell apart must be what the grammars behind
//! queries tell apart, wherever a grammar reads all of a text.
//!
//! `CORPUS=folder cargo test --test parsers -- --ignored --nocapture` compares them over a folder.
#![allow(clippy::unwrap_used)]

use infralint::syntax::query::{Language, Limits, Query, run};
use infralint::syntax::{dockerfile, markdown, yaml};
use infralint::text::{Source, Text};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

/// Where something begins, and what.
type Mark = (u32, String);

/// What the grammar tells apart, with its end; nothing where it cannot read all of a text.
fn theirs(language: Language, query: &str, text: &str) -> Option<Vec<(Mark, u32)>> {
    let query = Query::merge(language, &[query]).unwrap();
    let found = run(&query, &Text::whole(text), &Limits::default());
    let named = |m: &infralint::syntax::query::Match| {
        let mark = m.captures.iter().find(|c| query.capture(c.name) != "fault");
        ((m.span.start, mark.map_or(String::new(), |c| query.capture(c.name).to_owned())), m.span.end)
    };
    found.stops.is_empty().then(|| found.matches.iter().map(named).collect())
}

/// The marks that only one side has.
fn differences(ours: Vec<Mark>, theirs: Vec<Mark>) -> Vec<(&'static str, Mark)> {
    let only = |side, a: &[Mark], b: &[Mark]| -> Vec<(&'static str, Mark)> {
        a.iter().filter(|mark| !b.contains(mark)).map(|mark| (side, mark.clone())).collect()
    };
    let mut found = only("front parser", &ours, &theirs);
    found.extend(only("grammar", &theirs, &ours));
    found.sort_by_key(|(_, mark)| mark.0);
    found
}

fn instructions(text: &str) -> Option<Vec<(&'static str, Mark)>> {
    let theirs = theirs(Language::Dockerfile, "(source_file (_) @fault)", text)?;
    let comment = |at: &u32| text[*at as usize..].trim_start().starts_with('#');
    let theirs = theirs.into_iter().map(|(mark, _)| mark).filter(|(at, _)| !comment(at)).collect();
    let whole = Text::whole(text);
    let file = dockerfile::parse(&whole);
    let ours = file.instructions.iter().map(|i| (i.keyword_span.start, String::new())).collect();
    Some(differences(ours, theirs))
}

/// The place behind tags and anchors, which the front parser keeps apart.
fn bare(text: &str, mut at: u32) -> u32 {
    while text[at as usize..].starts_with(['&', '!']) {
        let rest = &text[at as usize..];
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        at += (rest.len() - rest[word..].trim_start().len()) as u32;
    }
    at
}

fn entries(text: &str) -> Option<Vec<(&'static str, Mark)>> {
    let query = "(block_mapping_pair key: (_) @fault @key) (flow_pair key: (_) @fault @key)
        (flow_mapping (flow_node) @fault @key) (block_sequence_item [(block_node) (flow_node)] @fault @item)
        (flow_sequence [(flow_node) (flow_pair)] @fault @item)";
    let theirs = theirs(Language::Yaml, query, text)?;
    // Of an empty node there is nothing but its tag.
    let bare = |((at, name), end): (Mark, u32)| Some((bare(text, at), name)).filter(|mark| mark.0 < end);
    let theirs = theirs.into_iter().filter_map(bare).collect();
    let whole = Text::whole(text);
    let tree = yaml::Yaml::parse(&whole);
    let mut ours = Vec::new();
    let start = |node: yaml::NodeRef<'_>| node.span().start;
    for node in tree.documents.iter().flat_map(|document| tree.nodes_of(document)).filter(|node| !node.is_alias()) {
        let keys = node.written().filter(|(key, _)| !key.span().is_empty());
        ours.extend(keys.map(|(key, _)| (start(key), "key".to_owned())));
        let items = node.items().filter(|item| !item.span().is_empty());
        ours.extend(items.map(|item| (start(item), "item".to_owned())));
    }
    Some(differences(ours, theirs))
}

fn blocks(text: &str) -> Option<Vec<(&'static str, Mark)>> {
    let query = "(atx_heading) @fault @heading (setext_heading) @fault @heading (fenced_code_block) @fault @fence";
    let theirs = theirs(Language::Markdown, query, text)?;
    let tree = markdown::parse(text);
    let name = |kind| match kind {
        markdown::BlockKind::Heading(_) => Some("heading"),
        markdown::BlockKind::Code { fenced: true } => Some("fence"),
        _ => None,
    };
    // The grammar counts the indent of a block to it.
    let trimmed = |(at, name): Mark| {
        let rest = &text[at as usize..];
        (at + (rest.len() - rest.trim_start_matches([' ', '\t']).len()) as u32, name)
    };
    let marks = tree.blocks().filter_map(|(_, block)| Some((block.span.start, name(block.kind)?.to_owned())));
    Some(differences(marks.map(trimmed).collect(), theirs.into_iter().map(|(mark, _)| trimmed(mark)).collect()))
}

fn compared(path: &str, text: &str) -> Option<Vec<(&'static str, Mark)>> {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit('.').next().unwrap_or_default() {
        "md" => blocks(text),
        "yaml" | "yml" if !path.contains("/templates/") => entries(text),
        _ if name.to_ascii_lowercase().contains("dockerfile") && !name.ends_with("ignore") => instructions(text),
        _ => None,
    }
}

fn files(root: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let hidden = path.file_name().is_some_and(|n| n == ".git" || n == "target");
            match path.is_dir() {
                true if !hidden => folders.push(path),
                false => found.push(path),
                true => {}
            }
        }
    }
    found.sort();
    found
}

/// Compares the files below a folder; gives how many were compared, and every difference.
fn compare(root: &Path) -> (usize, Vec<String>) {
    let (mut count, mut wrong) = (0, Vec::new());
    for path in files(root) {
        let shown = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let Some(differences) = compared(&format!("/{shown}"), &text) else { continue };
        count += 1;
        let source = Source::new(&*text);
        for (side, (at, name)) in differences {
            let line = source.position(at).line;
            let words = text[at as usize..].lines().next().unwrap_or_default();
            wrong.push(format!("{shown}:{line}: only the {side} has {name} {words:.60}"));
        }
    }
    (count, wrong)
}

#[test]
fn the_repositorys_own_files_are_read_alike() {
    let (count, wrong) = compare(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(count > 100, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[ignore = "reads the folder that CORPUS names"]
fn a_corpus_is_read_alike() {
    let folder = std::env::var("CORPUS").unwrap();
    let (count, wrong) = compare(Path::new(&folder));
    assert!(wrong.is_empty(), "{count} files, {} differences:\n{}", wrong.len(), wrong.join("\n"));
}

fn dockerfile_line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("FROM alpine:3.20 AS base".to_owned()),
        "RUN [a-z]{1,6}( \\\\\n +[a-z]{1,5}){0,3}",
        "RUN a \\\\\n# comment [a-z]{0,5}\n +&& b",
        Just("RUN <<EOF\nUSER no\nEOF".to_owned()),
        Just("COPY <<-'E' /x\n\tFROM no\n\tE".to_owned()),
        "ENV [A-Z]{1,4}=[a-z]{1,4}",
        Just("CMD [\"a\", \"b c\"]".to_owned()),
        "# [a-z ]{0,9}",
        Just(String::new()),
        "(user|WORKDIR|expose) [1-9]{1,4}",
    ]
}

fn yaml_value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,5}( [a-z]{1,4}){0,2}",
        "'[a-z: #]{0,8}'",
        "\"[a-z: #-]{0,8}\"",
        Just("[a, {b: c}, d]".to_owned()),
        Just("{a: 1, b: [2]}".to_owned()),
        Just("|\n      k: v\n      - x".to_owned()),
        Just(">-\n      k: v".to_owned()),
        Just("&a b".to_owned()),
        Just("!!str 1".to_owned()),
        Just("# none".to_owned()),
        Just(String::new()),
    ]
}

fn yaml_document() -> impl Strategy<Value = String> {
    prop::collection::vec((prop::bool::ANY, yaml_value(), yaml_value()), 1..6).prop_map(|entries| {
        let mut out = String::new();
        for (index, (nested, a, b)) in entries.into_iter().enumerate() {
            match nested {
                true => out.push_str(&format!("k{index}:\n  a: {a}\n  b:\n    - {b}\n    - x: {a}\n")),
                false => out.push_str(&format!("k{index}: {b}\n")),
            }
        }
        out
    })
}

fn markdown_block() -> impl Strategy<Value = String> {
    prop_oneof![
        "#{1,6} [a-z]{1,8}",
        "[a-z]{1,8}\n(===|---)",
        "[a-z]{1,8}( [a-z]{1,8}){0,5}",
        "```(sh|yaml)?\n# no\n```",
        "~~~~\n```\n# no\n~~~~",
        "- [a-z]{1,5}\n- ## [a-z]{1,4}\n\n  ```\n  x\n  ```",
        "> # [a-z]{1,5}\n> text",
        Just("| a | b |\n|---|---|\n| # | c |".to_owned()),
        Just("<div>\n# no\n</div>".to_owned()),
        Just("    # no".to_owned()),
    ]
}

proptest! {
    #[test]
    fn instructions_are_told_apart_alike(lines in prop::collection::vec(dockerfile_line(), 1..12)) {
        let text = format!("FROM scratch\n{}\n", lines.join("\n"));
        let found = instructions(&text);
        // Too few that the grammar can read fail the test.
        prop_assume!(found.is_some());
        prop_assert_eq!(found.unwrap_or_default(), [], "{}", text);
    }

    #[test]
    fn entries_are_told_apart_alike(documents in prop::collection::vec(yaml_document(), 1..4)) {
        let text = documents.join("---\n");
        let found = entries(&text);
        // Too few that the grammar can read fail the test.
        prop_assume!(found.is_some());
        prop_assert_eq!(found.unwrap_or_default(), [], "{}", text);
    }

    #[test]
    fn blocks_are_told_apart_alike(parts in prop::collection::vec(markdown_block(), 1..8)) {
        let text = format!("{}\n", parts.join("\n\n"));
        let found = blocks(&text);
        // Too few that the grammar can read fail the test.
        prop_assume!(found.is_some());
        prop_assert_eq!(found.unwrap_or_default(), [], "{}", text);
    }
}
