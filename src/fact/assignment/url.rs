//! `scheme://user:password@host` in any text, and the MySQL driver's `user:password@tcp(host)`.

use super::regions::Style;
use super::value::{Operator, value};
use super::{Form, Found};
use crate::fact::secret::{Context, KeyKind, Verdict, decode, judge};
use memchr::memmem;
use std::ops::Range;

/// No user information is longer.
const LONGEST: usize = 1024;

pub(super) fn read(text: &str, out: &mut Vec<Found>) {
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, b"://") {
        let mut start = at;
        while start > 0 && at - start < 40 && is_scheme(bytes[start - 1]) {
            start -= 1;
        }
        if start < at
            && let Some(info) = userinfo(bytes, at + 3)
        {
            push(text, info, out);
        }
    }
    for at in memmem::find_iter(bytes, b"@tcp(") {
        let mut start = at;
        while start > 0
            && at - start < 200
            && !bytes[start - 1].is_ascii_whitespace()
            && !b"\"'`=,;".contains(&bytes[start - 1])
        {
            start -= 1;
        }
        push(text, (start..at, at + 5), out);
    }
}

fn is_scheme(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"+.-".contains(&b)
}

/// The user information behind `://`, and where the host begins.
fn userinfo(bytes: &[u8], start: usize) -> Option<(Range<usize>, usize)> {
    let limit = bytes.len().min(start + LONGEST);
    let mut last = None;
    let mut depth = 0usize;
    let mut slash = false;
    for at in start..limit {
        let b = bytes[at];
        match b {
            // The next URL begins.
            b':' if bytes[at..].starts_with(b"://") => break,
            b'{' | b'(' => depth += 1,
            b'}' | b')' if depth > 0 => depth -= 1,
            b'@' if !slash => last = Some(at),
            // A password may hold a slash; but only the first `@` behind one can end it, and only if none came before.
            b'@' if last.is_none() => return Some((start..at, at + 1)),
            b'/' if last.is_some() => break,
            b'/' => slash = true,
            b'?' | b'#' if depth == 0 && last.is_some() => break,
            b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\' | b'|' if depth == 0 => break,
            b',' | b')' | b']' if depth == 0 && last.is_some() => break,
            b if b.is_ascii_whitespace() && depth == 0 => break,
            b'\n' => break,
            _ => {}
        }
    }
    last.map(|at| (start..at, at + 1))
}

/// `?sig=…`: the signature of a shared access to Azure's storage.
pub(super) fn signature(text: &str, word: Range<usize>, out: &mut Vec<Found>) {
    let Some(written) = value(text, word.end, Operator::Equals, Style::Shell, None, true) else { return };
    let plain = decode::percent(&text[written.range.clone()]);
    // 256 bits, in base64.
    if plain.len() == 44 && plain.ends_with('=') {
        let mut found = Found::new("sig", written.range, Form::Pair, KeyKind::Secret);
        found.decoded = Some(plain);
        out.push(found);
    }
}

/// Users in examples, with whom every short password is one too.
const NOBODIES: &[&str] = &[
    "user",
    "username",
    "usr",
    "name",
    "login",
    "myuser",
    "your_user",
    "youruser",
    "foo",
    "u",
    "uname",
    "userid",
    "id",
];

fn push(text: &str, (info, host_start): (Range<usize>, usize), out: &mut Vec<Found>) {
    let Some((user, password)) = text.get(info.clone()).and_then(|i| i.split_once(':')) else { return };
    let value = info.end - password.len()..info.end;
    // A port or a path with a version reads like one: `host:8080/x@1`.
    let slash = password.find('/');
    if slash.is_some_and(|i| i == 0 || password[..i].bytes().all(|b| b.is_ascii_digit())) || user.contains('/') {
        return;
    }
    let host: String =
        text[host_start..].chars().take(100).take_while(|c| c.is_alphanumeric() || "._-:[]".contains(*c)).collect();
    let plain = decode::percent(password);
    let mut verdict = judge(&plain, Context::password(Some(user)));
    let example =
        ["password", "pass", "passwd", "pwd", "pw", "pword", "secret", "mypassword", "yourpassword", "token", "p"];
    let nobody = NOBODIES.contains(&user.to_lowercase().as_str());
    if verdict.is_secret() && (nobody && example.contains(&plain.to_lowercase().as_str()) || plain.len() < 2) {
        verdict = Verdict::Placeholder;
    }
    let mut found = Found::new("", value, Form::Url, KeyKind::Password);
    found.verdict = Some(verdict);
    found.decoded = Some(plain);
    found.user = (!user.is_empty()).then(|| user.to_owned());
    found.host = Some(host);
    out.push(found);
}
