//! `Authorization: Bearer x`, `Basic x`, `X-Api-Key: x` in requests, scripts and configs.

use super::{Form, Found};
use crate::fact::secret::{Context, KeyKind, Verdict, decode, judge, random};
use std::ops::Range;

pub(super) const WORDS: &[&str] = &["authorization", "bearer "];

/// Reads on from the word of that number, which ends there.
pub(super) fn read(text: &str, word: usize, end: usize, out: &mut Vec<Found>) {
    let bytes = text.as_bytes();
    let found = match word {
        0 => authorization(bytes, end),
        _ => Some(("Bearer", token(bytes, end))),
    };
    if let Some((scheme, range)) = found
        && let Some(value) = text.get(range.clone())
        && let Some(found) = judged(scheme, value, range)
    {
        out.push(found);
    }
}

/// Behind the header's name: quotes, an operator, the scheme, the credentials.
fn authorization(bytes: &[u8], end: usize) -> Option<(&'static str, Range<usize>)> {
    let mut at = end;
    while at < end + 8 && matches!(bytes.get(at), Some(b'"' | b'\'' | b' ' | b':' | b'=' | b'\\' | b']' | b'>' | b','))
    {
        at += 1;
    }
    if at == end {
        return None;
    }
    let rest = bytes.get(at..bytes.len().min(at + 8))?.to_ascii_lowercase();
    ["basic ", "token ", "apikey "]
        .iter()
        .zip(["Basic", "Token", "ApiKey"])
        .find(|(word, _)| rest.starts_with(word.trim_end().as_bytes()) && rest.get(word.len() - 1) == Some(&b' '))
        .map(|(word, scheme)| (scheme, token(bytes, at + word.len())))
}

fn token(bytes: &[u8], start: usize) -> Range<usize> {
    let mut at = start;
    while at < bytes.len()
        && at - start < 4096
        && (bytes[at].is_ascii_alphanumeric() || b"._~+/=-:$".contains(&bytes[at]))
    {
        at += 1;
    }
    start..at
}

fn judged(scheme: &str, value: &str, range: Range<usize>) -> Option<Found> {
    let mut found = Found::new(format!("Authorization: {scheme}"), range, Form::Header, KeyKind::Secret);
    if scheme == "Basic" {
        let (user, password) = decode::basic_auth(value)?;
        found.verdict = Some(match judge(value, Context::default()) {
            Verdict::Placeholder => Verdict::Placeholder,
            _ => judge(&password, Context::password(Some(&user))),
        });
        found.user = Some(user);
        return Some(found);
    }
    // A sentence goes on behind `bearer` too.
    (value.len() >= 16 && (random::is_random(value) || decode::jwt(value).is_some())).then_some(found)
}
