//! Lists under a plural key: `tokens:` with an item a line, `"api_keys": ["…", "…"]`.

use super::regions::Style;
use super::value::{Operator, line_end, skip_blanks, value};
use super::{Form, Found};
use crate::fact::secret::{KeyKind, words};

/// Most members that are looked at.
const MOST: usize = 100;

/// Reads a list that begins at `at`, behind the key's operator. Whether there is one.
pub(super) fn read(text: &str, name: &str, kind: KeyKind, at: usize, style: Style, out: &mut Vec<Found>) -> bool {
    let bytes = text.as_bytes();
    let start = skip_blanks(bytes, at);
    match bytes.get(start) {
        Some(b'[') => flow(text, name, kind, start + 1, out),
        Some(b'\n' | b'\r') if style == Style::Yaml && is_plural(name) => block(text, name, kind, start, out),
        _ => return false,
    }
    true
}

fn is_plural(name: &str) -> bool {
    words(name).last().is_some_and(|w| w.ends_with('s') && w != "pass")
}

fn flow(text: &str, name: &str, kind: KeyKind, start: usize, out: &mut Vec<Found>) {
    let bytes = text.as_bytes();
    let mut at = start;
    for _ in 0..MOST {
        while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t' | b',')) {
            at += 1;
        }
        if !matches!(bytes.get(at), Some(b'"' | b'\'')) {
            return;
        }
        let Some(item) = value(text, at, Operator::Blank, Style::Source, None, false) else { return };
        at = item.range.end + 1;
        out.push(Found::new(name, item.range, Form::List, kind));
    }
}

fn block(text: &str, name: &str, kind: KeyKind, start: usize, out: &mut Vec<Found>) {
    let mut at = line_end(text, start) + 1;
    for _ in 0..MOST {
        let end = line_end(text, at);
        let Some(line) = text.get(at..end) else { return };
        let Some(item) = line.trim_start().strip_prefix("- ") else { return };
        let from = end - item.len();
        if !item.contains(": ")
            && let Some(item) = value(text, from, Operator::Colon, Style::Yaml, None, false)
        {
            out.push(Found::new(name, item.range, Form::List, kind));
        }
        at = end + 1;
    }
}
