//! Passwords that no operator introduces: SQL's `PASSWORD '…'`, calls, `define(…)`, what is piped into a login.

use super::table::is_literal;
use super::value::{line_end, skip_blanks};
use super::{Form, Found};
use crate::fact::secret::KeyKind;
use std::ops::Range;

/// What reads a password from its input.
const PIPED: [&str; 3] = ["--password-stdin", "passwd --stdin", "sudo -s"];

/// Calls that take a password, and which of their arguments it is.
const CALLS: &[(&str, usize)] = &[
    ("getconnection(", 2),
    ("new pdo(", 2),
    ("new mysqli(", 2),
    ("mysqli_connect(", 2),
    ("setbasicauth(", 1),
    ("httpbasicauth(", 1),
    ("usernamepasswordcredentials(", 1),
    ("passwordauthentication(", 1),
    ("convertto-securestring ", 0),
    ("smtp.login(", 1),
    ("server.login(", 1),
    ("auth=(", 1),
];

/// How far the values of calls below one another may be moved to stand in a column.
const ALIGNED: usize = 40;

/// How far `by '…'` may stand behind `identified with`.
const NEAR: usize = 60;

const SPOKEN: [&str; 5] =
    ["identified by", "identified with", "insecure-password ", "stats auth ", "set password for "];

/// The words to read on from.
pub(super) fn words() -> Vec<&'static str> {
    SPOKEN.into_iter().chain(PIPED).chain(CALLS.iter().map(|(name, _)| *name)).collect()
}

/// Reads on from the word of that number.
pub(super) fn read(text: &str, word: usize, place: Range<usize>, out: &mut Vec<Found>) {
    let (start, end) = (place.start, place.end);
    let found = match word {
        0 => quoted(text, end, 2),
        1 => by(text, end),
        2 => Some(self::word(text, end)),
        3 => account(text, end),
        4 => set(text, end),
        5..=7 => piped(text, start),
        call => {
            let call = CALLS.get(call - SPOKEN.len() - PIPED.len());
            let literal = |range: &Range<usize>| is_literal(&text[range.clone()], KeyKind::Password);
            call.and_then(|(name, number)| argument(text, end, *number).filter(|r| *name != "auth=(" || literal(r)))
        }
    };
    let key = text[place].trim_matches(['-', '(', ' ']);
    out.extend(found.map(|range| Found::new(key, range, Form::Command, KeyKind::Password)));
}

/// The word that begins here.
fn word(text: &str, start: usize) -> Range<usize> {
    let end = line_end(text, start);
    let length = text[start..end].find(char::is_whitespace).unwrap_or(end - start);
    start..start + length
}

/// The password of `user:password`.
fn account(text: &str, start: usize) -> Option<Range<usize>> {
    let word = word(text, start);
    let colon = text[word.clone()].find(':')?;
    Some(word.start + colon + 1..word.end)
}

/// `set password for 'user'@'host' = '…'`.
fn set(text: &str, start: usize) -> Option<Range<usize>> {
    let end = line_end(text, start);
    quoted(text, start + text[start..end].find('=')? + 1, 2)
}

/// The argument of that number, if it is a literal in quotes on the same line.
fn argument(text: &str, start: usize, number: usize) -> Option<Range<usize>> {
    let end = line_end(text, start);
    let (mut index, mut depth, mut quote, mut from) = (0, 0usize, None, start);
    for (at, byte) in text.bytes().enumerate().take(end).skip(start) {
        match (quote, byte) {
            (Some(mark), b) if b == mark => {
                quote = None;
                let only = text[from + 1..].starts_with(|c: char| c != mark as char);
                if index == number && depth == 0 && only {
                    return Some(from + 1..at);
                }
            }
            (Some(_), _) => {}
            (None, b @ (b'"' | b'\'')) => (quote, from) = (Some(b), at),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') if depth == 0 => return None,
            (None, b')' | b']' | b'}') => depth -= 1,
            (None, b',') if depth == 0 => index += 1,
            _ => {}
        }
    }
    None
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
        b'"' | b'\'' if at(key.end) == before && is_call(text, key.start - 1) => {
            let comma = skip_blanks(bytes, key.end + 1);
            (at(comma) == b',').then(|| quoted(text, comma + 1, ALIGNED)).flatten()
        }
        _ => None,
    }?;
    let sql = &text[key.clone()] == "PASSWORD" && at(key.end) != before;
    (sql || is_literal(&text[value.clone()], kind)).then_some(value)
}

/// Whether a parenthesis opens before the quote: the first argument of a call.
fn is_call(text: &str, quote: usize) -> bool {
    text[..quote].trim_end_matches(' ').ends_with('(')
}
