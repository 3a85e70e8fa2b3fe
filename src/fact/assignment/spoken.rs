//! Passwords that no operator introduces: SQL's `PASSWORD '…'`, calls, `define(…)`, what is piped into a login.

use super::table::is_literal;
use super::value::line_end;
use super::{Form, Found};
use crate::fact::secret::KeyKind;
use aho_corasick::AhoCorasick;
use std::ops::Range;
use std::sync::LazyLock;

/// What reads a password from its input, and `IDENTIFIED BY`.
static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = ["identified by", "identified with", "--password-stdin", "passwd --stdin", "sudo -s"];
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()
});

/// How far `by '…'` may stand behind `identified with`.
const NEAR: usize = 60;

pub(super) fn read(text: &str, out: &mut Vec<Found>) {
    let Some(words) = &*WORDS else { return };
    for hit in words.find_iter(text) {
        let found = match hit.pattern().as_usize() {
            0 => quoted(text, hit.end(), 2),
            1 => by(text, hit.end()),
            _ => piped(text, hit.start()),
        };
        let key = text[hit.range()].trim_start_matches('-');
        out.extend(found.map(|range| Found::new(key, range, Form::Command, KeyKind::Password)));
    }
}

/// `identified with plugin by '…'`.
fn by(text: &str, at: usize) -> Option<Range<usize>> {
    let end = line_end(text, at).min(at + NEAR);
    let word = text.get(at..end)?.to_ascii_lowercase().find(" by ")?;
    quoted(text, at + word + 3, 2)
}

/// `echo x | docker login --password-stdin`: the last word that is printed.
fn piped(text: &str, at: usize) -> Option<Range<usize>> {
    let mut from = at.saturating_sub(300);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let line = text[from..at].rfind('\n').map_or(from, |i| from + i + 1);
    let bar = line + text[line..at].rfind('|')?;
    let head = text[line..bar].trim_end();
    let start = ["echo ", "printf "].iter().filter_map(|word| head.rfind(word).map(|i| i + word.len())).max()?;
    let said = head[start..].trim_start_matches("-n ").trim_start_matches("'%s' ").trim();
    let bare = said.trim_matches(['"', '\'']);
    let single = !bare.is_empty() && !bare.contains(|c: char| c.is_whitespace() || c == '`');
    let place = line + head.find(said)? + said.find(bare)?;
    single.then(|| place..place + bare.len())
}

/// A literal in quotes within so many bytes: the quotes belong to the value alone.
fn quoted(text: &str, at: usize, gap: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let open = (at..bytes.len().min(at + gap)).find(|&i| matches!(bytes[i], b'"' | b'\''))?;
    let end = line_end(text, open + 1);
    let length = memchr::memchr(bytes[open], bytes.get(open + 1..end)?)?;
    let between = text.get(at..open)?;
    (length > 0 && between.bytes().all(|b| b == b' ' || b == b'(')).then(|| open + 1..open + 1 + length)
}

/// Behind a key: `PASSWORD 'x'`, `setPassword("x")`, `define('DB_PASSWORD', 'x')`.
pub(super) fn behind(text: &str, key: &Range<usize>, kind: KeyKind) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let at = |i: usize| bytes.get(i).copied().unwrap_or(b'\n');
    let before = key.start.checked_sub(1).map_or(b'\n', |i| bytes[i]);
    let value = match at(key.end) {
        b'(' => quoted(text, key.end + 1, 2),
        b' ' if before != b'"' && before != b'\'' => quoted(text, key.end + 1, 2),
        b'"' | b'\'' if at(key.end) == before && at(key.end + 1) == b',' && is_call(text, key.start - 1) => {
            quoted(text, key.end + 2, 2)
        }
        _ => None,
    }?;
    let sql = &text[key.clone()] == "PASSWORD" && at(key.end) != b',';
    (sql || is_literal(&text[value.clone()], kind)).then_some(value)
}

/// Whether a parenthesis opens before the quote: the first argument of a call.
fn is_call(text: &str, quote: usize) -> bool {
    text[..quote].trim_end_matches(' ').ends_with('(')
}
