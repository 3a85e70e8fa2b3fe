//! Values that a provider's name introduces: `ADAFRUIT_API_KEY = "…"`, where nothing in the value says whose it is.

use crate::fact::assignment::within::value_within;
use crate::fact::secret::{KeyKind, is_about, is_identifier_key, key_kind, words};
use std::ops::Range;

/// How far a key goes on behind the provider's name.
const KEY_TAIL: usize = 40;
/// How far further words may go on.
const WORDS_TAIL: usize = 24;
/// No key is longer.
const LONGEST_KEY: usize = 100;
/// How many quotes, blanks and the like may stand between an operator and its value.
const OPENING: usize = 8;
/// How far the word `value` may stand from the name that it belongs to.
const VALUE_WORD: usize = 60;
/// A name this short is part of other words by chance.
const SHORT_NAME: usize = 6;

/// Where a key stands and where the value begins that is assigned to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) key: Range<usize>,
    pub(super) value: usize,
}

/// The places behind a provider's name where its value may begin.
pub(super) fn place(bytes: &[u8], name: Range<usize>) -> Option<Place> {
    if name.len() < SHORT_NAME && !begins_word(bytes, name.start) {
        return None;
    }
    let mut from = name.start;
    while from > 0 && is_key(bytes[from - 1]) && name.start - from < LONGEST_KEY {
        from -= 1;
    }
    let limit = bytes.len().min(name.end + KEY_TAIL);
    let mut to = run(bytes, name.end, limit, is_key);
    if let Some(value) = value_within(bytes, &(from..to)) {
        return Some(Place { key: from..to, value: opened(bytes, value) });
    }
    loop {
        if let Some(value) = value_start(bytes, to) {
            return Some(Place { key: from..to, value });
        }
        // `Adafruit API key: …`, `adafruitToken string = …`
        let next = run(bytes, to, limit, |b| matches!(b, b' ' | b'\t'));
        if next == to || next >= limit.min(name.end + WORDS_TAIL) || !is_key(bytes[next]) {
            return None;
        }
        to = run(bytes, next, limit, is_key);
    }
}

/// Whether the key says that its value is no secret, or says too little for a value that has the shape of an id.
pub(super) fn admits(key: &str, value: &str) -> bool {
    let kind = key_kind(key);
    if kind == KeyKind::NotSecret || is_identifier_key(key) {
        return false;
    }
    if kind.wants_judging() {
        return true;
    }
    let words = words(key);
    let about = words.last().is_some_and(|last| is_about(last));
    !about && (!looks_like_an_id(value) || words.iter().any(|w| OPENS.iter().any(|end| w.ends_with(end))))
}

/// Words of a key that promise access without naming a secret.
const OPENS: &[&str] =
    &["api", "auth", "access", "login", "key", "keys", "token", "secret", "client", "pat", "rest", "authorization"];

/// A UUID or the hexadecimal digits of a digest.
fn looks_like_an_id(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_hexdigit).count();
    let dashes = value.bytes().filter(|b| *b == b'-').count();
    digits + dashes == value.len() && matches!(digits, 32 | 40 | 64)
}

fn is_key(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')
}

fn begins_word(bytes: &[u8], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|i| bytes.get(i)) else { return true };
    !before.is_ascii_alphanumeric()
        || before.is_ascii_digit()
        || (before.is_ascii_lowercase() && bytes.get(at).is_some_and(u8::is_ascii_uppercase))
}

/// The end of the run of such bytes.
fn run(bytes: &[u8], from: usize, limit: usize, wanted: impl Fn(u8) -> bool) -> usize {
    (from..limit).find(|&i| !wanted(bytes[i])).unwrap_or(limit.max(from))
}

/// Behind a key: what closes it, an operator, what opens the value.
fn value_start(bytes: &[u8], key_end: usize) -> Option<usize> {
    let closed = run(bytes, key_end, bytes.len().min(key_end + 6), |b| b"\"'`*])\\ \t".contains(&b) || b == b'_');
    if let Some(at) = named_value(bytes, key_end) {
        return Some(at);
    }
    let at = |i: usize| bytes.get(i).copied().unwrap_or(b'\n');
    let blank = closed > key_end && matches!(at(closed - 1), b' ' | b'\t');
    let flag = key_end > 0 && blank && is_flag(bytes, key_end);
    let behind = match (at(closed), at(closed + 1), at(closed + 2)) {
        (b':', b':', b'=') => closed + 3,
        (b':', b'=' | b'-', _) | (b'=', b'>' | b'=' | b'~', _) | (b'?' | b'+', b'=', _) | (b'|', b'|', _) => closed + 2,
        (b':', b':', _) => return None,
        (b'=' | b':' | b',' | b'>' | b'|' | b'(', _, _) => closed + 1,
        _ if flag => closed,
        _ => return told(bytes, closed),
    };
    Some(opened(bytes, behind))
}

/// ``set `X` to `…` ``: a sentence that names the value in a code span or in quotes.
fn told(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let word = [&b"to "[..], b"is ", b"is: ", b"as ", b"with "].into_iter().find(|word| rest.starts_with(word))?;
    let quote = at + word.len();
    matches!(bytes.get(quote), Some(b'`' | b'"' | b'\'')).then_some(quote + 1)
}

/// Whether the key is a flag, whose argument a blank introduces.
fn is_flag(bytes: &[u8], key_end: usize) -> bool {
    let start = (key_end.saturating_sub(LONGEST_KEY)..key_end).rev().find(|&i| !is_key(bytes[i])).map_or(0, |i| i + 1);
    bytes.get(start..).is_some_and(|key| key.starts_with(b"--"))
}

/// Over quotes, blanks, brackets and at most one line break; in program code over the mark of a string's kind.
fn opened(bytes: &[u8], behind: usize) -> usize {
    let mut breaks = 0;
    let opening = |b: u8| b.is_ascii_whitespace() || b"\"'`\\*=[(>|{".contains(&b);
    let behind = behind + block_header(&bytes[behind..]);
    let mut at = behind;
    while at < bytes.len() && at - behind < OPENING + breaks * 24 && opening(bytes[at]) && breaks < 2 {
        breaks += usize::from(bytes[at] == b'\n');
        at += 1;
    }
    match bytes.get(at..at + 2) {
        Some([b'b' | b'r' | b'f' | b'u' | b'@' | b'L', b'"' | b'\'']) => at + 2,
        _ => at,
    }
}

/// How long the header of a block scalar is: `>-`, `|2`.
fn block_header(bytes: &[u8]) -> usize {
    let blanks = run(bytes, 0, bytes.len().min(4), |b| b == b' ');
    let chomped = matches!(bytes.get(blanks..blanks + 3), Some([b'>' | b'|', b'-' | b'+' | b'2' | b'4', b'\n']));
    if chomped { blanks + 2 } else { 0 }
}

/// The name of a pair whose value stands beside it: `name: X` and `value: …`, `"key": "X", "value": "…"`.
fn named_value(bytes: &[u8], key_end: usize) -> Option<usize> {
    let limit = bytes.len().min(key_end + VALUE_WORD);
    let gap = run(bytes, key_end, limit, |b| b.is_ascii_whitespace() || b"\"'\\,{}-".contains(&b));
    let word = bytes.get(gap..gap + 5)?;
    if gap == key_end || !word.eq_ignore_ascii_case(b"value") {
        return None;
    }
    let end = run(bytes, gap + 5, limit, |b| b"\"'\\ \t".contains(&b));
    matches!(bytes.get(end), Some(b':' | b'=')).then(|| opened(bytes, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value_in(text: &str) -> Option<&str> {
        let at = text.to_lowercase().find("acme").unwrap();
        place(text.as_bytes(), at..at + 4).map(|p| &text[p.value..])
    }

    #[test]
    fn a_value_is_found_in_every_spelling() {
        for text in [
            "ACME_API_KEY=zz",
            "acme_api_key: zz",
            "acme.api.key = zz",
            "acmeApiKey := \"zz",
            "\"acme_key\": \"zz",
            "var acmeToken string = \"zz",
            "\"acme\" => \"zz",
            "<acmeToken>zz",
            "os.environ[\"ACME_KEY\"] = 'zz",
            "set(\"ACME_KEY\", \"zz",
            "--acme-key zz",
            "--acme-key=zz",
            "Acme API key: zz",
            "**Acme API key:** `zz",
            "- name: ACME_KEY\n  value: zz",
            "{\"name\": \"ACME_KEY\", \"value\": \"zz",
            "<add key=\"AcmeKey\" value=\"zz",
            "| ACME_KEY | `zz",
            "${ACME_KEY:-zz",
            "\\\"acme_key\\\": \\\"zz",
            "acme_key: >-\n    zz",
            "ACME_KEY = b\"zz",
            "Set `ACME_KEY` to `zz",
            "variable \"acme_key\" {\n  default = \"zz",
            "\"acmeKey\": { \"value\": \"zz",
        ] {
            assert_eq!(value_in(text).map(|v| v.starts_with("zz")), Some(true), "{text}");
        }
    }

    #[test]
    fn what_is_not_assigned_has_no_place() {
        for text in
            ["acme is a company", "placmeX = zz", "acme::token", "acme", "acme is by far the best of all companies = x"]
        {
            assert_eq!(value_in(text), None, "{text}");
        }
    }

    #[test]
    fn keys_and_ids_decide_what_may_be_a_secret() {
        let hex = "0f".repeat(16);
        assert!(admits("acme_api_key", &hex));
        assert!(admits("acme", "Zm9vYmFyQmF6"));
        assert!(!admits("acme", &hex));
        assert!(!admits("acme_commit", &hex));
        assert!(!admits("acme_key_file", "Zm9vYmFyQmF6"));
        assert!(!admits("acme", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"));
    }
}
