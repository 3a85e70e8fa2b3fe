//! Literals that count where another value is missing: `a || "x"`, `${A:-x}`, `default="x"`; and those behind a type.

use super::regions::Style;
use super::value::{Operator, Written, line_end, skip_blanks, value};
use std::ops::Range;

/// How far behind its name the literal may stand that counts where the name holds nothing.
const FALLBACK: usize = 200;

/// Behind `||`, `??` or `?:`, if a literal follows: what counts where the name before it holds nothing.
pub(super) fn past_otherwise(bytes: &[u8], at: usize) -> Option<usize> {
    let at = if bytes.get(at) == Some(&b')') { skip_blanks(bytes, at + 1) } else { at };
    let operator = bytes.get(at..at + 2)?;
    if !matches!(operator, b"||" | b"??" | b"?:") {
        return None;
    }
    let literal = skip_blanks(bytes, at + 2);
    matches!(bytes.get(literal), Some(b'"' | b'\'' | b'`')).then_some(literal)
}

/// In program code the literal behind another value: `dbPassword = config.x || "…"`.
pub(super) fn otherwise(text: &str, at: usize, style: Style) -> Option<Written> {
    if style != Style::Source {
        return None;
    }
    let bytes = text.as_bytes();
    let end = line_end(text, at).min(at + FALLBACK);
    let stop = bytes.get(at..end)?.iter().position(|b| b";{".contains(b)).map_or(end, |i| at + i);
    let open = (at..stop).find_map(|i| past_otherwise(bytes, i).filter(|_| bytes[i] != b')'))?;
    value(text, open, Operator::Equals, style, None, false)
}

/// Behind the type of a name that is declared: `sqlPassword string = '…'`, if a literal follows.
pub(super) fn declared(bytes: &[u8], at: usize) -> Option<usize> {
    let limit = bytes.len().min(at + 24);
    let end = (at..limit).find(|&i| !bytes[i].is_ascii_alphabetic())?;
    let equals = skip_blanks(bytes, end);
    let literal = skip_blanks(bytes, equals + 1);
    let quote = matches!(bytes.get(literal), Some(b'"' | b'\'' | b'`'));
    (end > at && equals > end && bytes.get(equals) == Some(&b'=') && quote).then_some(literal)
}

/// `add_argument("--password", default="…")`: where the literal begins.
pub(super) fn default(bytes: &[u8], start: usize) -> Option<usize> {
    let window = bytes.get(start..bytes.len().min(start + FALLBACK))?;
    let window = window.split(|b| matches!(b, b'\n' | b')')).next()?;
    let word = memchr::memmem::find(window, b"default=")?;
    let open = skip_blanks(bytes, start + word + 8);
    matches!(bytes.get(open), Some(b'"' | b'\'')).then_some(open)
}

/// `${NAME:-x}`, `${NAME:x}`: what counts where the variable is not set.
pub(super) fn fallback(text: &str, written: &Written) -> Option<Range<usize>> {
    let inner = text.get(written.range.clone())?.strip_prefix("${")?.strip_suffix('}')?;
    let (name, default) = inner.split_once(':')?;
    let default = match default.as_bytes().first()? {
        b'-' | b'=' => &default[1..],
        b'?' | b'+' => return None,
        _ => default,
    };
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b));
    let end = written.range.end - 1;
    (plain && !default.is_empty() && !default.contains("${")).then(|| end - default.len()..end)
}
