//! Lists under a plural key: `tokens:` with an item a line, `"api_keys": ["…", "…"]`.

use super::regions::Style;
use super::value::{Operator, Written, line_end, skip_blanks, value};
use super::{Form, Found};
use crate::fact::secret::{KeyKind, key_kind, words};
use std::ops::Range;

/// Most members that are looked at.
const MOST: usize = 100;

/// Reads a list that begins at `at`, behind the key's operator. Whether there is one.
pub(super) fn read(text: &str, name: &str, kind: KeyKind, at: usize, style: Style, out: &mut Vec<Found>) -> bool {
    let bytes = text.as_bytes();
    let start = skip_blanks(bytes, at);
    match bytes.get(start) {
        Some(b'[') => flow(text, name, kind, start + 1, style, out),
        Some(b'\n' | b'\r') if style == Style::Yaml && is_plural(name) => block(text, name, kind, start, out),
        _ => return false,
    }
    true
}

fn is_plural(name: &str) -> bool {
    words(name).last().is_some_and(|w| w.ends_with('s') && w != "pass")
}

fn flow(text: &str, name: &str, kind: KeyKind, start: usize, style: Style, out: &mut Vec<Found>) {
    let bytes = text.as_bytes();
    let mut at = start;
    for _ in 0..MOST {
        while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t' | b',')) {
            at += 1;
        }
        let bare = style == Style::Yaml && is_plural(name) && bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
        if !bare && !matches!(bytes.get(at), Some(b'"' | b'\'')) {
            return;
        }
        let style = if bare { Style::Shell } else { Style::Source };
        let Some(item) = value(text, at, Operator::Blank, style, None, false) else { return };
        let item = if bare { until_bracket(text, item) } else { item };
        at = item.range.end + usize::from(!bare);
        if bare && !matches!(bytes.get(skip_blanks(bytes, at)), Some(b',' | b']' | b'\n' | b'\r')) {
            return;
        }
        push(text, name, item.range, kind, out);
    }
}

/// A list of keys may be one of names, as those that a claim's Secret has: `[endpoint, password]`.
fn push(text: &str, name: &str, range: Range<usize>, kind: KeyKind, out: &mut Vec<Found>) {
    let item = &text[range.clone()];
    let of_keys = words(name).last().is_some_and(|word| word == "keys");
    let is_word = item.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_' | b'.'));
    if !(of_keys && is_word && key_kind(item).wants_judging()) {
        out.push(Found::new(name, range, Form::List, kind));
    }
}

/// A plain item ends where the list does.
fn until_bracket(text: &str, item: Written) -> Written {
    let end = text[item.range.clone()].find(']').map_or(item.range.end, |i| item.range.start + i);
    Written { range: item.range.start..end, ..item }
}

fn block(text: &str, name: &str, kind: KeyKind, start: usize, out: &mut Vec<Found>) {
    let mut at = line_end(text, start) + 1;
    let mut indent = None;
    for _ in 0..MOST {
        let end = line_end(text, at);
        let Some(line) = text.get(at..end) else { return };
        let bare = line.trim_start();
        let deep = line.len() - bare.len();
        // Items may be entries with a name and a value.
        let inner = indent.is_some_and(|indent| deep > indent);
        let Some(item) = bare.strip_prefix("- ").or(inner.then_some(bare)) else { return };
        indent.get_or_insert(deep);
        let entry = item.strip_prefix("value: ");
        let item = entry.unwrap_or(item);
        let from = end - item.len();
        if !item.contains(": ")
            && (!inner || entry.is_some())
            && let Some(item) = value(text, from, Operator::Colon, Style::Yaml, None, false)
        {
            push(text, name, item.range, kind, out);
        }
        at = end + 1;
    }
}
