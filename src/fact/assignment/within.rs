//! Values that stand one level below their key: `variable "x" { default = … }`, `"x": { "value": … }`, `x:` with `value: …`.

use std::ops::Range;

/// How far behind a key its value may stand.
const FAR: usize = 600;
/// How many lines below a key are looked at.
const LINES: usize = 8;

/// The entries that hold the value of what they stand in.
const HOLDERS: [&[u8]; 3] = [b"defaultvalue", b"default", b"value"];

/// Where the value begins that an entry below the key holds.
pub(in crate::fact) fn value_within(bytes: &[u8], key: &Range<usize>) -> Option<usize> {
    let limit = bytes.len().min(key.end + FAR);
    let closed = skip(bytes, key.end, limit, |b| matches!(b, b'"' | b'\'' | b'\\'));
    let named = skip(bytes, closed, limit, is_blank);
    let operator = matches!(bytes.get(named), Some(b':' | b'='));
    let at = skip(bytes, named + usize::from(operator), limit, |b| is_blank(b) || b == b'\r');
    match bytes.get(at) {
        Some(b'{') if operator || is_variable(&bytes[..key.start]) => in_braces(bytes, at + 1, limit),
        Some(b'\n') if operator => below(bytes, key.start, at + 1, limit),
        _ => None,
    }
}

/// Behind a tag: over blanks and line breaks, into an element that holds the value.
pub(super) fn element(bytes: &[u8], at: usize) -> usize {
    let limit = bytes.len().min(at + FAR);
    let inside = skip(bytes, at, limit, |b| b.is_ascii_whitespace());
    match bytes.get(inside..inside + 7) {
        Some(tag) if tag.eq_ignore_ascii_case(b"<value>") => inside + 7,
        _ => inside,
    }
}

/// `variable "x" {` of Terraform.
fn is_variable(before: &[u8]) -> bool {
    let before = before.strip_suffix(b"\"").unwrap_or(before);
    before.trim_ascii_end().ends_with(b"variable")
}

/// The holder among the entries between braces, not in braces within them.
fn in_braces(bytes: &[u8], start: usize, limit: usize) -> Option<usize> {
    let mut depth = 1;
    let mut at = start;
    let mut fresh = true;
    while at < limit && depth > 0 {
        let b = bytes[at];
        match b {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b',' | b'\n' => fresh = true,
            b' ' | b'\t' | b'\r' | b'"' | b'\'' | b'\\' => {}
            _ if fresh && depth == 1 => {
                if let Some(value) = holder(bytes, at, limit) {
                    return Some(value);
                }
                fresh = false;
            }
            _ => fresh = false,
        }
        at += 1;
    }
    None
}

/// The holder on one of the lines below that are indented deeper than the key, all as deep as the first.
fn below(bytes: &[u8], key: usize, start: usize, limit: usize) -> Option<usize> {
    let line =
        memchr::memrchr(b'\n', &bytes[key.saturating_sub(FAR)..key]).map_or(0, |i| key.saturating_sub(FAR) + i + 1);
    let indent = skip(bytes, line, key, |b| b == b' ') - line;
    let mut at = start;
    let mut depth = None;
    for _ in 0..LINES {
        let from = skip(bytes, at, limit, |b| b == b' ');
        if from >= limit || from - at <= indent && bytes[from] != b'\n' {
            return None;
        }
        if from - at == *depth.get_or_insert(from - at)
            && let Some(value) = holder(bytes, from, limit)
        {
            return Some(value);
        }
        at = memchr::memchr(b'\n', &bytes[from..limit]).map(|i| from + i + 1)?;
    }
    None
}

/// The place behind the operator of a holder that begins here.
fn holder(bytes: &[u8], at: usize, limit: usize) -> Option<usize> {
    let rest = &bytes[at..limit];
    let word = HOLDERS.iter().find(|word| rest.len() > word.len() && rest[..word.len()].eq_ignore_ascii_case(word))?;
    let end = skip(bytes, at + word.len(), limit, |b| matches!(b, b'"' | b'\'' | b'\\'));
    let operator = skip(bytes, end, limit, is_blank);
    matches!(bytes.get(operator), Some(b':' | b'=')).then_some(operator + 1)
}

fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t')
}

/// The end of the run of such bytes.
fn skip(bytes: &[u8], from: usize, limit: usize, wanted: impl Fn(u8) -> bool) -> usize {
    (from..limit).find(|&i| !wanted(bytes[i])).unwrap_or(limit.max(from))
}

#[cfg(test)]
mod tests {
    use super::value_within;

    fn value_in(text: &str) -> Option<&str> {
        let at = text.find("acme").unwrap();
        value_within(text.as_bytes(), &(at..at + 4)).map(|at| text[at..].trim_start())
    }

    #[test]
    fn a_value_stands_one_level_below_its_key() {
        for text in [
            "variable \"acme\" {\n  type = string\n  default = zz",
            "variable \"acme\" { default = zz",
            "\"acme\": {\"value\": zz",
            "\"acme\": {\n  \"type\": \"string\",\n  \"defaultValue\": zz",
            "acme:\n  value: zz",
            "  acme:\n    type: String\n    Default: zz",
            "acme: {description: x, value: zz",
        ] {
            assert_eq!(value_in(text).map(|v| v.starts_with("zz")), Some(true), "{text}");
        }
    }

    #[test]
    fn what_stands_elsewhere_does_not_count() {
        for text in [
            "variable \"acme\" {\n  type = string\n}\nvariable \"b\" {\n  default = zz",
            "resource \"acme\" {\n  default = zz",
            "acme:\nvalue: zz",
            "acme:\n  a:\n    value: zz",
            "\"acme\": {\"a\": {\"value\": zz",
            "acme:\n  valueFrom: zz",
            "acme: x\nvalue: zz",
        ] {
            assert_eq!(value_in(text), None, "{text}");
        }
    }
}
