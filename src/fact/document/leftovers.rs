//! Placeholders of a template that nobody filled in: found in prose, headings and cells, never in code.

use super::scope::Scope;
use super::{Entry, Leftover};
use crate::syntax::markdown::BlockKind;
use crate::text::{Span, Spanned, Text};
use regex::Regex;
use std::sync::LazyLock;

static BRACES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\{\{ ?[A-Za-z][A-Za-z0-9_ -]* ?\}\}|\{[A-Za-z][A-Za-z0-9 _/&-]*\}|(?i:\blorem ipsum\b)").ok()
});

/// HTML elements that may carry attributes without a value.
const ELEMENTS: &[&str] = &[
    "details", "input", "video", "audio", "button", "select", "option", "script", "iframe", "form", "dialog", "ol",
    "textarea", "track", "a", "p", "div", "span", "table", "td", "th", "tr", "img", "br", "hr", "b", "i", "u", "code",
];

/// The placeholders of a document, in document order.
pub(super) fn leftovers(scope: &Scope<'_>, fields: &[Entry]) -> Vec<Leftover> {
    let mut out = Vec::new();
    let tree = scope.tree;
    if let Some(title) = scope.title {
        let text = tree.run(title.heading).prose();
        in_text(tree.source(), &text, &mut out);
        in_heading(&text, &mut out);
        whole(&text, &mut out);
        asked(&text, &mut out);
    }
    for id in scope.all_blocks() {
        match tree.block(id).kind {
            BlockKind::Paragraph => {
                in_text(tree.source(), &tree.run(id).prose(), &mut out);
                tree.run(id).lines().for_each(|line| whole(&line.prose(), &mut out));
            }
            BlockKind::Heading(_) | BlockKind::TableCell => {
                let text = tree.run(id).prose();
                in_text(tree.source(), &text, &mut out);
                if tree.block(id).kind != BlockKind::TableCell {
                    in_heading(&text, &mut out);
                }
                whole(&text, &mut out);
                asked(&text, &mut out);
            }
            _ => {}
        }
    }
    for entry in fields.iter().filter(|entry| !entry.unchosen) {
        if let (Some(value), Some(span)) = (entry.value.known(), entry.value.span())
            && let Some(kind) = placeholder(value)
        {
            push(&mut out, span, value, kind);
        } else if entry.syntax == "frontmatter" {
            unrendered(entry, &mut out);
        }
    }
    let inside = |span: &Span| scope.span.contains(*span);
    for span in tree.html().filter(inside) {
        // A block of HTML ends with its line.
        let html = span.slice(tree.source()).trim_end();
        if is_angle_placeholder(html) || (is_asked(html) && is_all(tree.source(), span.start as usize, html)) {
            let start = span.start as usize;
            push(&mut out, Span::new(start, start + html.len()), html, "angles");
        }
    }
    // A choice that nobody made is another fault.
    let open = fields.iter().filter(|entry| entry.unchosen).filter_map(|entry| entry.value.span());
    let open: Vec<Span> = open.collect();
    out.retain(|leftover| !open.iter().any(|span| span.contains(leftover.span)));
    out.sort_by_key(|leftover| (leftover.span.start, std::cmp::Reverse(leftover.span.end)));
    out.dedup_by(|next, kept| kept.span.overlaps(next.span));
    out
}

fn push(out: &mut Vec<Leftover>, span: Span, text: &str, kind: &str) {
    out.push(Leftover { span, text: Spanned::new(text.to_owned(), span), kind: kind.to_owned() });
}

/// `{{tech_stack}}` within a value of the frontmatter.
fn unrendered(entry: &Entry, out: &mut Vec<Leftover>) {
    let (Some(value), Some(span)) = (entry.value.known(), entry.value.span()) else { return };
    if !value.contains("{{") {
        return;
    }
    let exact = span.len() == value.len();
    let found = BRACES.iter().flat_map(|regex| regex.find_iter(value)).filter(|found| found.as_str().starts_with("{{"));
    for found in found.take(100) {
        let start = span.start as usize;
        let place = if exact { Span::new(start + found.start(), start + found.end()) } else { span };
        push(out, place, found.as_str(), "braces");
    }
}

fn in_text(source: &str, text: &Text<'_>, out: &mut Vec<Leftover>) {
    let whole = text.as_str();
    let Some(regex) = BRACES.as_ref() else { return };
    for found in regex.find_iter(whole) {
        let before = whole[..found.start()].chars().next_back();
        let after = whole[found.end()..].chars().next();
        let glued = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || "/$_.-=:@{}%\\".contains(c));
        let escaped = text.span(found.range()).start.checked_sub(1).and_then(|at| source.as_bytes().get(at as usize))
            == Some(&b'\\');
        let kind = if found.as_str().starts_with('{') { "braces" } else { "filler" };
        if kind == "braces"
            && (escaped
                || glued(before)
                || glued(after.filter(|&c| !".:".contains(c)))
                || !is_brace_placeholder(found.as_str()))
        {
            continue;
        }
        push(out, text.span(found.range()), found.as_str(), kind);
    }
}

/// `{{tech_stack}}`, `{Component Name}`, `{hours/days}`; a single word in small letters is a parameter's name.
fn is_brace_placeholder(text: &str) -> bool {
    if text.starts_with("{{") {
        return true;
    }
    let inner = text.trim_matches(['{', '}']);
    let words = inner.split([' ', '/']).filter(|word| !word.is_empty()).count();
    let capital = inner.starts_with(char::is_uppercase) && inner.chars().any(char::is_lowercase);
    !inner.starts_with(' ') && (words >= 2 || (capital && inner.len() >= 4))
}

static IN_HEADING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\b(?:YYYY-MM-DD|YYYYMMDD|NNNN)\b|<(?:title|name|short title|component|feature|date)>").ok()
});

/// What stands for a number, a date or a title in a heading, which never explains how one is written.
fn in_heading(text: &Text<'_>, out: &mut Vec<Leftover>) {
    for found in IN_HEADING.iter().flat_map(|regex| regex.find_iter(text.as_str())) {
        push(out, text.span(found.range()), found.as_str(), "pattern");
    }
}

/// A whole line, cell, heading or value that is a placeholder.
fn whole(text: &Text<'_>, out: &mut Vec<Leftover>) {
    let trimmed = text.as_str().trim();
    if let Some(kind) = placeholder(trimmed) {
        let start = text.as_str().len() - text.as_str().trim_start().len();
        push(out, text.span(start..start + trimmed.len()), trimmed, kind);
    }
}

fn placeholder(text: &str) -> Option<&'static str> {
    if text.len() > 300 {
        return None;
    }
    if matches!(text, "YYYY-MM-DD" | "YYYYMMDD" | "DD/MM/YYYY" | "NNNN" | "XXXX" | "{YYYY-MM-DD}") {
        return Some("pattern");
    }
    if let Some(inner) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        let plain = !inner.contains(['{', '}', '=', '"', '$', '%', '#']) && !inner.contains(": ");
        return (plain && inner.len() >= 4 && inner.starts_with(char::is_alphabetic)).then_some("braces");
    }
    if let Some(inner) = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        let plain = !inner.contains(['<', '>', '=', '/', '@', ':', '"']) && inner.split_whitespace().count() >= 2;
        return (plain && inner.starts_with(char::is_alphabetic)).then_some("angles");
    }
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    let words = inner.split_whitespace().count();
    let plain = !inner.contains(['[', ']']) && inner.starts_with(char::is_alphabetic);
    let named = words >= 2 || (inner.len() >= 4 && inner.starts_with(char::is_uppercase));
    (plain && named).then_some("brackets")
}

static NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*(?i:adr|rfc)?[-_ #]*\d{1,5}\s*[.:)–—-]?\s*[–—-]?\s*").ok());

/// What a template asks for with one word.
const ASKED: &[&str] = &[
    "title",
    "name",
    "names",
    "date",
    "owner",
    "owners",
    "author",
    "authors",
    "component",
    "feature",
    "service",
    "team",
    "number",
    "version",
    "description",
    "project",
    "environment",
    "role",
    "email",
    "link",
    "url",
    "summary",
    "status",
    "decision",
    "option",
    "driver",
    "reason",
    "metric",
    "target",
    "threshold",
    "frequency",
    "purpose",
    "technology",
    "region",
    "provider",
    "amount",
    "deciders",
    "stakeholders",
];

/// `{title}`, `[names]`, `<your-name>`: in brackets nothing but what is asked for.
fn is_asked(text: &str) -> bool {
    let pairs = [('{', '}'), ('[', ']'), ('<', '>')];
    let inner = pairs.iter().find_map(|&(open, close)| text.strip_prefix(open)?.strip_suffix(close)).unwrap_or("");
    let word = inner.trim().strip_prefix("your").map_or(inner.trim(), |rest| rest.trim_start_matches(['-', '_', ' ']));
    ASKED.iter().any(|asked| asked.eq_ignore_ascii_case(word))
}

/// What stands behind the number that a heading begins with.
fn behind_number(text: &str) -> &str {
    let number = NUMBER.as_ref().and_then(|regex| regex.find(text)).map_or(0, |found| found.end());
    text.get(number..).unwrap_or(text).trim()
}

/// A heading or cell that is nothing but a number and what a template asks for.
fn asked(text: &Text<'_>, out: &mut Vec<Leftover>) {
    let rest = behind_number(text.as_str());
    let several = rest.len() < text.len() && rest.contains(' ');
    let kind = if several { placeholder(rest) } else { None };
    let kind = kind.or_else(|| {
        let kinds = [("{", "braces"), ("[", "brackets"), ("<", "angles")];
        kinds.iter().find(|(open, _)| rest.starts_with(open) && is_asked(rest)).map(|(_, kind)| *kind)
    });
    if let Some(kind) = kind {
        let start = rest.as_ptr() as usize - text.as_str().as_ptr() as usize;
        push(out, text.span(start..start + rest.len()), rest, kind);
    }
}

/// How far round a piece of HTML its line is looked at.
const NEAR: usize = 200;

/// Whether a piece of HTML is all that a heading or a cell says.
fn is_all(source: &str, start: usize, html: &str) -> bool {
    let end = start + html.len();
    // A cut may fall into a character.
    let before = (0..4).find_map(|more| source.get(start.saturating_sub(NEAR + more)..start)).unwrap_or("");
    let after = (0..4).find_map(|more| source.get(end..source.len().min(end + NEAR + more))).unwrap_or("");
    let begins = before.len() == start || before.contains('\n');
    let before = before.rsplit('\n').next().unwrap_or("").trim();
    let after = after.lines().next().unwrap_or("").trim();
    let cell = before.ends_with('|') && after.starts_with('|');
    let heading = before.starts_with('#') && behind_number(before.trim_start_matches('#')).is_empty();
    cell || (begins && heading && after.trim_matches('#').is_empty())
}

/// `<fill me>`, `<Component Name>`, `<NAME>`: read as HTML, but no element has such a name.
fn is_angle_placeholder(html: &str) -> bool {
    let Some(inner) = html.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else { return false };
    let plain = inner.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    let first = inner.split([' ', '-']).next().unwrap_or("");
    let several = inner.split_whitespace().count() >= 2 && !ELEMENTS.contains(&first.to_ascii_lowercase().as_str());
    let capitals = inner.len() >= 3 && inner.chars().all(|c| c.is_ascii_uppercase() || matches!(c, '-' | '_'));
    plain && first.starts_with(|c: char| c.is_ascii_alphabetic()) && (several || capitals)
}
