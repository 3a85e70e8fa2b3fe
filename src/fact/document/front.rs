//! Named values of frontmatter: of YAML as YAML reads it, of what is none line by line.

use super::Entry;
use super::entries::{LONGEST, entry};
use super::names::normalise;
use crate::syntax::markdown::{Document as Tree, Frontmatter};
use crate::syntax::yaml::{NodeRef, Yaml};
use crate::text::{Span, Text, TextBuilder};
use regex::Regex;
use std::sync::LazyLock;

static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\[([^\[\]]+)\]\([^()\s]*\)").ok());
/// A value that is a link to a file and nothing else: the file is what it says.
static FILE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*\[[^\[\]]+\]\(([^()\s#:]+)(?:#[^()\s]*)?\)\s*$").ok());

/// The top-level keys; of a list its items, joined.
pub(super) fn frontmatter(tree: &Tree<'_>, out: &mut Vec<Entry>) {
    let Some(front) = tree.frontmatter() else { return };
    if front.toml {
        return lines(tree, front, '=', out);
    }
    let text = Text::at(tree.slice(front.content), front.content.start);
    let yaml = Yaml::parse(&text);
    match yaml.root(0).filter(|root| root.is_mapping() && yaml.errors.is_empty()) {
        Some(root) => out.extend(root.written().filter_map(|(key, value)| read(key, value))),
        None => lines(tree, front, ':', out),
    }
}

fn read(key: NodeRef<'_>, value: NodeRef<'_>) -> Option<Entry> {
    let name = key.scalar()?;
    let written = written(value);
    let leads = FILE.as_ref().and_then(|regex| regex.captures(written.as_str())).and_then(|found| found.get(1));
    if let Some(target) = leads {
        let mut read = entry(&written, 0..0, target.range(), "frontmatter");
        (read.name, read.span, read.linked) = (normalise(name), key.span(), true);
        return Some(read);
    }
    let plain = LINK.as_ref().filter(|regex| regex.is_match(written.as_str())).map(|regex| unlinked(&written, regex));
    let text = plain.as_ref().unwrap_or(&written);
    let mut read = entry(text, 0..0, 0..text.len(), "frontmatter");
    (read.name, read.span, read.linked) = (normalise(name), key.span(), plain.is_some());
    Some(read)
}

/// The words of a value: of a list its items, joined; of braces that nobody quoted as they stand.
fn written(value: NodeRef<'_>) -> Text<'static> {
    let nothing = || Text::at("", value.span().start);
    // That there are none is said as well.
    let none = value.is_sequence() && value.items().len() == 0;
    if value.is_sequence() && !none {
        let mut builder = TextBuilder::new();
        for item in value.items().filter_map(NodeRef::text) {
            if !builder.as_str().is_empty() {
                builder.escaped(", ", Span::point(item.whole_span().start as usize));
            }
            builder.text(&item, 0..item.len());
            if builder.as_str().len() > LONGEST {
                break;
            }
        }
        return builder.finish_at(value.span().start);
    }
    if none || (value.is_mapping() && value.raw().starts_with('{')) {
        return Text::at(value.raw(), value.span().start).into_owned();
    }
    value.text().filter(|_| !value.is_null()).unwrap_or_else(nothing)
}

/// The text with links replaced by what they show.
fn unlinked(text: &Text<'_>, regex: &Regex) -> Text<'static> {
    let (mut builder, mut at) = (TextBuilder::new(), 0);
    for shown in regex.captures_iter(text.as_str()).filter_map(|found| found.get(1).zip(found.get(0))) {
        builder.text(text, at..shown.1.start());
        builder.text(text, shown.0.range());
        at = shown.1.end();
    }
    builder.text(text, at..text.len());
    builder.finish_at(text.whole_span().start)
}

/// What is no YAML, line by line: `key: value` or `key = value`, and the items below a key. A table of TOML ends it.
fn lines(tree: &Tree<'_>, front: &Frontmatter, mark: char, out: &mut Vec<Entry>) {
    let source = tree.source();
    let mut at = front.content.start as usize;
    let mut items: Option<(usize, TextBuilder)> = None;
    for line in front.content.slice(source).split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        let nested = line.starts_with([' ', '\t', '-']) && !trimmed.is_empty();
        if nested {
            if let Some((_, builder)) = items.as_mut() {
                add_item(builder, line, start);
            }
            continue;
        }
        flush(&mut items, out);
        if mark == '=' && trimmed.starts_with('[') {
            break;
        }
        let Some((name, rest)) = line.split_once(mark) else { continue };
        if trimmed.starts_with('#') {
            continue;
        }
        let value_start = start + name.len() + 1;
        let value = scalar(rest);
        let text = Text::at(source.get(start..at).unwrap_or(""), start as u32);
        let lead = value_start - start + (value.as_ptr() as usize - rest.as_ptr() as usize);
        out.push(entry(&text, 0..name.len(), lead..lead + value.len(), "frontmatter"));
        if value.is_empty() || value == "|" || value == ">" {
            items = Some((out.len() - 1, TextBuilder::new()));
        }
    }
    flush(&mut items, out);
}

fn add_item(builder: &mut TextBuilder, line: &str, start: usize) {
    let item = scalar(line.trim_start().trim_start_matches("- "));
    let place = start + (item.as_ptr() as usize - line.as_ptr() as usize);
    if !builder.as_str().is_empty() && !item.is_empty() {
        builder.escaped(", ", Span::point(place));
    }
    builder.verbatim(item, place as u32);
}

fn flush(items: &mut Option<(usize, TextBuilder)>, out: &mut [Entry]) {
    if let Some((index, builder)) = items.take()
        && let Some(last) = out.get_mut(index)
    {
        let text = builder.finish_at(last.span.end);
        let taken = entry(&text, 0..0, 0..text.len(), "");
        (last.value, last.starts, last.words) = (taken.value, taken.starts, taken.words);
    }
}

/// A YAML scalar on one line, without quotes, comment and the brackets of a flow list.
fn scalar(text: &str) -> &str {
    let text = text.trim();
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        return text[1..].split(quote).next().unwrap_or("");
    }
    let text = text.split(" #").next().unwrap_or("").trim_end();
    match text {
        "~" | "null" | "[]" => &text[..0],
        _ if text.starts_with('[') && !text.contains('|') => text.trim_matches(['[', ']']).trim(),
        _ => text,
    }
}
