//! Where a value begins and ends behind its operator.

use super::regions::Style;
use std::ops::Range;

/// Nothing longer is a value under a key.
const LONGEST: usize = 8 * 1024;

/// A value as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) range: Range<usize>,
    pub(super) quoted: bool,
}

/// What stands before the value and decides how it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Colon,
    Equals,
    /// Blanks alone: a flag's argument, `ENV KEY value`.
    Blank,
    /// `<key>value</key>`.
    Tag,
}

/// The value that begins at `at` or after blanks on the same line. `inner` is set where the key itself
/// stands inside quotes of that kind that also hold the value; `query` inside a URL's query.
pub(super) fn value(
    text: &str,
    at: usize,
    operator: Operator,
    style: Style,
    inner: Option<u8>,
    query: bool,
) -> Option<Written> {
    let bytes = text.as_bytes();
    let start = skip_blanks(bytes, at);
    let first = *bytes.get(start)?;
    if matches!(first, b'"' | b'\'' | b'`') && Some(first) != inner {
        let thrice = bytes.get(start..start + 3) == Some(&[first; 3]);
        return quoted(bytes, if thrice { start + 2 } else { start });
    }
    // A quote that is itself escaped: JSON inside a string.
    if first == b'\\' && matches!(bytes.get(start + 1), Some(b'"' | b'\'')) {
        return escaped_quoted(bytes, start + 1);
    }
    if operator == Operator::Tag {
        let closed = |w: &Written| text[w.range.end..].trim_start().starts_with('<');
        return until(text, start, |b| b == b'<').filter(closed);
    }
    if let Some(open) = string_prefix(bytes, start).filter(|_| style == Style::Source) {
        return quoted(bytes, open);
    }
    if query {
        return until(text, start, |b| b.is_ascii_whitespace() || b"&#\"'`<>)|;,".contains(&b));
    }
    if let Some(quote) = inner {
        // Behind a colon a blank goes on with the sentence; behind an equals sign it ends the value.
        let blank = operator != Operator::Colon;
        return until(text, start, |b| b == quote || b == b';' || (blank && b == b' ') || b == b'\\' || b == b'&');
    }
    match (style, operator) {
        (Style::Source, Operator::Blank) => until(text, start, |b| b.is_ascii_whitespace() || b"\"'`;)".contains(&b)),
        (Style::Source | Style::Prose, _) => None,
        (Style::Yaml | Style::Shell, Operator::Colon) => yaml_plain(text, start),
        (Style::Lines, Operator::Colon | Operator::Equals) => line_rest(text, start),
        _ => until(text, start, |b| b.is_ascii_whitespace() || b";&|<>\"'`,()".contains(&b)),
    }
}

pub(super) fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t')) {
        at += 1;
    }
    at
}

/// `b"`, `r'`, `f"`, `@"`, `&"`: a few letters or marks before a quote.
fn string_prefix(bytes: &[u8], start: usize) -> Option<usize> {
    (start..start + 3)
        .find(|&i| matches!(bytes.get(i), Some(b'"' | b'\'')))
        .filter(|&i| bytes[start..i].iter().all(|b| b"bBrRuU@&$(".contains(b)))
}

fn quoted(bytes: &[u8], open: usize) -> Option<Written> {
    let quote = bytes[open];
    let mut at = open + 1;
    let limit = bytes.len().min(open + LONGEST);
    while at < limit {
        match bytes[at] {
            b'\\' if quote != b'\'' => at += 1,
            b'\n' => return None,
            b if b == quote => return Some(Written { range: open + 1..at, quoted: true }),
            _ => {}
        }
        at += 1;
    }
    None
}

fn escaped_quoted(bytes: &[u8], open: usize) -> Option<Written> {
    let limit = bytes.len().min(open + LONGEST);
    let end = (open + 1..limit).find(|&i| matches!(bytes[i], b'\\' | b'\n' | b'"'))?;
    Some(Written { range: open + 1..end, quoted: true })
}

/// Up to the first byte that ends it, without blanks round it.
fn until(text: &str, start: usize, ends: impl Fn(u8) -> bool) -> Option<Written> {
    let bytes = text.as_bytes();
    let limit = bytes.len().min(start + LONGEST);
    // `$(…)`, `${…}` and `{{ … }}` hold what would end the value elsewhere.
    let mut depth = 0usize;
    let mut at = start;
    while at < limit {
        let b = bytes[at];
        match b {
            b'{' => depth += 1,
            b'(' if at > start && bytes[at - 1] == b'$' => depth += 1,
            b'}' | b')' if depth > 0 => depth -= 1,
            b'\n' | b'\r' => break,
            _ if depth == 0 && ends(b) => break,
            _ => {}
        }
        at += 1;
    }
    trimmed(text, start, at)
}

fn trimmed(text: &str, start: usize, end: usize) -> Option<Written> {
    let kept = text.get(start..end)?.trim_end().trim_end_matches('\\').trim_end();
    (!kept.is_empty()).then(|| Written { range: start..start + kept.len(), quoted: false })
}

/// A plain scalar: to the end of the line or to a comment; in braces to a comma.
fn yaml_plain(text: &str, start: usize) -> Option<Written> {
    let line = line_end(text, start);
    let mut end = comment(text, start, line, b"#");
    let before = text.get(start.saturating_sub(200)..start).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    let head = &before[line_start..];
    let opened = head.matches('{').count() > head.matches('}').count() && !head.contains("{{");
    if opened {
        end = text[start..end].find([',', '}']).map_or(end, |i| start + i);
    }
    let rest = text.get(start..end)?;
    // `!tag value` and `&anchor value`.
    let marked = rest.strip_prefix('&').or_else(|| rest.strip_prefix("!unsafe").or_else(|| rest.strip_prefix("!!str")));
    if let Some(after) = marked.and_then(|r| r.split_once(' ')) {
        let at = end - after.1.len();
        return value(text, at, Operator::Colon, Style::Yaml, None, false);
    }
    if matches!(rest.bytes().next(), Some(b'|' | b'>')) {
        return block_line(text, rest, line);
    }
    trimmed(text, start, end)
}

/// A block scalar of one line.
fn block_line(text: &str, header: &str, line: usize) -> Option<Written> {
    if !header.trim().bytes().skip(1).all(|b| matches!(b, b'-' | b'+' | b'0'..=b'9')) {
        return None;
    }
    let start = line + 1;
    let end = line_end(text, start);
    let body = text.get(start..end)?;
    let indent = body.len() - body.trim_start().len();
    let next = text.get(end + 1..line_end(text, end + 1)).unwrap_or("");
    let goes_on = !next.trim().is_empty() && next.len() - next.trim_start().len() >= indent;
    if indent == 0 || goes_on { None } else { trimmed(text, start + indent, end) }
}

fn line_rest(text: &str, start: usize) -> Option<Written> {
    trimmed(text, start, comment(text, start, line_end(text, start), b"#;"))
}

/// Where a comment begins behind a blank, or the line ends.
fn comment(text: &str, start: usize, end: usize, marks: &[u8]) -> usize {
    let bytes = text.as_bytes();
    (start + 1..end).find(|&i| marks.contains(&bytes[i]) && matches!(bytes[i - 1], b' ' | b'\t')).unwrap_or(end)
}

pub(super) fn line_end(text: &str, start: usize) -> usize {
    let limit = text.len().min(start + LONGEST);
    let Some(bytes) = text.as_bytes().get(start..limit) else { return text.len() };
    let mut end = memchr::memchr(b'\n', bytes).map_or(limit, |i| start + i);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}
