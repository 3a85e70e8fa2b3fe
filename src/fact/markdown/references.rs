//! References and the definitions that they need.

use super::{Definition, Undefined};
use crate::syntax::markdown::{BlockKind, Document as Tree, LinkKind};
use crate::text::Span;
use std::collections::HashSet;

/// References without a definition; brackets that may be plain text are none.
pub(super) fn undefined(tree: &Tree<'_>) -> Vec<Undefined> {
    let source = tree.source();
    let mut out = notes(tree);
    let begins = |span: Span| begins_item(source, span.start as usize);
    // `- [core] …`, `- [win][arm64] …`: items of a changelog begin with what they are about.
    let tags = tree.undefined().iter().filter(|reference| !reference.full && begins(reference.span));
    let tagged = tags.filter(|reference| is_label(reference.label.trim())).take(2).count() == 2;
    for reference in tree.undefined().iter().filter(|reference| reference.full) {
        let label = reference.label.trim();
        let before = source.get(..reference.span.start as usize).and_then(|text| text.chars().next_back());
        if tagged && begins(reference.span) {
            continue;
        }
        if is_label(label) && !before.is_some_and(is_glue) && !is_tag(tree.slice(reference.span)) {
            out.push(Undefined { span: reference.span, label: label.to_owned(), kind: "link".to_owned() });
        }
    }
    out.sort_by_key(|reference| reference.span);
    out
}

/// Footnotes without a text: to the parser they are plain words.
fn notes(tree: &Tree<'_>) -> Vec<Undefined> {
    let source = tree.source();
    let mut found = memchr::memmem::find_iter(source.as_bytes(), "[^").peekable();
    if found.peek().is_none() {
        return Vec::new();
    }
    let known: HashSet<String> = footnotes(tree).collect();
    let worded = known.iter().any(|label| !label.chars().all(|c| c.is_ascii_digit()));
    let mut code: Vec<Span> = tree.code_spans().chain(tree.codes().map(|code| code.span)).collect();
    code.sort_unstable();
    let mut out = Vec::new();
    for at in found {
        let rest = &source[at + 2..];
        let len = rest.bytes().take(100).position(|b| matches!(b, b']' | b'\n' | b'['));
        let Some(label) = len.and_then(|len| rest.get(..len)).filter(|label| rest[label.len()..].starts_with(']'))
        else {
            continue;
        };
        let span = Span::new(at, at + label.len() + 3);
        let holder = code.partition_point(|code| code.start <= span.start).checked_sub(1).and_then(|at| code.get(at));
        let defines = rest[label.len() + 1..].starts_with(':') || source[..at].ends_with('\\');
        if holder.is_some_and(|code| code.contains(span)) || defines || known.contains(&label.to_lowercase()) {
            continue;
        }
        // Behind a word or the end of a sentence no set of characters begins.
        let behind = source[..at].chars().next_back().is_some_and(|c| c.is_alphabetic() || ".,;!?".contains(c));
        if is_note(label, worded || behind && !known.is_empty()) || (behind && ends_note(rest, label)) {
            out.push(Undefined { span, label: label.to_owned(), kind: "footnote".to_owned() });
        }
    }
    out
}

/// Whether only the mark of a list item stands before a place on its line.
fn begins_item(source: &str, at: usize) -> bool {
    let line = source.get(..at).map_or("", |text| &text[text.rfind('\n').map_or(0, |end| end + 1)..]).trim();
    matches!(line, "-" | "*" | "+") || line.strip_suffix('.').is_some_and(|number| number.parse::<u32>().is_ok())
}

/// `x[i][j]` and `a][b` are no references.
fn is_glue(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, ']' | ')' | '_' | '\\' | '$' | '{' | '.' | '|' | '"' | '\'')
}

/// `[a-z][0-9]` is a set of characters, `[INFO][main]` the beginning of a line of a log, `[ABC-12][docs]` of a title.
fn is_tag(reference: &str) -> bool {
    let inner = reference.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let Some((text, label)) = inner.and_then(|inner| inner.split_once("][")) else { return false };
    let is_set = |text: &str| {
        let chars: Vec<char> = text.chars().take(12).collect();
        !chars.is_empty() && chars.chunks(3).all(|range| matches!(range, [_, '-', _] | [_]))
    };
    let level = ["trace", "debug", "info", "notice", "warn", "warning", "error", "fatal", "critical"];
    let ticket = text.split_once('-').is_some_and(|(key, number)| {
        key.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) && number.parse::<u32>().is_ok()
    });
    let timed = text.starts_with(|c: char| c.is_ascii_digit()) && text.contains([':', '-']);
    // What a compiler of Rust resolves: `[Error][std::io::Error]`.
    let code = label.contains("::") && !label.contains(' ');
    code || (is_set(text) && is_set(label)) || level.contains(&text.to_lowercase().as_str()) || ticket || timed
}

/// Words, not an index, an operator, a set of characters or a template.
fn is_label(label: &str) -> bool {
    let letters = label.chars().filter(|c| c.is_alphabetic()).count();
    let plain = label.chars().all(|c| c.is_alphanumeric() || " -_.:/#@+".contains(c));
    letters >= 2 && plain && label.len() <= 100
}

/// `[^1]` is a note; `[^abc]` may be a set of characters, unless the page has notes like it.
fn is_note(label: &str, has_notes: bool) -> bool {
    let number = !label.is_empty() && label.len() <= 3 && label.chars().all(|c| c.is_ascii_digit());
    let word = label.len() >= 2 && label.chars().all(|c| c.is_alphanumeric() || c == '_');
    number || (has_notes && word)
}

/// `[^fn-1]` with a blank or the end of a sentence behind it: words of a note, no range and no repeated set.
fn ends_note(rest: &str, label: &str) -> bool {
    let after = rest.get(label.len() + 1..).unwrap_or("");
    let ends = after.is_empty() || after.starts_with([' ', '\n', '\r']) || after.starts_with(['.', ',', ';', ':']);
    let named = label.len() == 1 || label.len() >= 2 && !(label.len() == 3 && label.as_bytes()[1] == b'-');
    let plain = label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    ends && named && plain && label.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// The labels of the footnotes that have a text.
fn footnotes<'t>(tree: &'t Tree<'_>) -> impl Iterator<Item = String> + 't {
    let notes = tree.blocks().filter(|(_, block)| block.kind == BlockKind::Footnote);
    notes.filter_map(|(_, block)| {
        let text = tree.slice(block.span).strip_prefix("[^")?;
        Some(text.get(..text.find("]:")?)?.to_lowercase())
    })
}

/// The definitions of links; comments written as definitions are none.
pub(super) fn definitions(tree: &Tree<'_>) -> Vec<Definition> {
    let links = tree.links().iter().filter(|link| link.kind == LinkKind::Reference);
    let used: HashSet<String> = links.map(|link| fold(&link.label)).collect();
    let is_comment = |label: &str| matches!(label, "//" | "#" | "comment" | "_" | "");
    let mut out = Vec::new();
    for definition in tree.definitions().iter().filter(|d| !is_comment(&d.label.to_lowercase())) {
        out.push(Definition {
            span: definition.span,
            label: definition.label.clone(),
            used: used.contains(&fold(&definition.label)),
        });
    }
    out
}

/// Labels compare without case, blanks as one.
pub(super) fn fold(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
