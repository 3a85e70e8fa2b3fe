//! What a captured text must be for its pattern to count.

use crate::fact::secret::{Context, KeyKind, Verdict, decode, judge, known_prefix, random};
use std::ops::Range;

/// The judge that a pattern names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Judge {
    /// Neither a reference nor a placeholder: for shapes with a prefix of their own.
    #[default]
    Token,
    /// Looks drawn at random: for shapes that only a name beside them tells.
    Random,
    /// More like chance than like words: where a provider's name and the exact form say the rest.
    Likely,
    /// Looks drawn at random from more than the digits of an id or a digest.
    Opaque,
    /// A literal as people choose passwords, weak ones included.
    Human,
    /// Ends in the CRC-32 of GitHub and npm.
    Checksum,
    /// An AWS access key id that names an account.
    AwsKeyId,
    /// A JSON Web Token.
    Jwt,
    /// A private key block with a body.
    Pem,
    /// A private key block that a passphrase protects.
    EncryptedPem,
    /// Base64 of a private key block.
    EncodedPem,
    /// Base64 of `user:password`.
    BasicAuth,
    /// Anything: the expression says it all.
    Any,
}

impl Judge {
    /// The names that rules use.
    pub const NAMES: &[(&str, Judge)] = &[
        ("token", Judge::Token),
        ("random", Judge::Random),
        ("likely", Judge::Likely),
        ("opaque", Judge::Opaque),
        ("human", Judge::Human),
        ("checksum", Judge::Checksum),
        ("aws-key-id", Judge::AwsKeyId),
        ("jwt", Judge::Jwt),
        ("pem", Judge::Pem),
        ("encrypted-pem", Judge::EncryptedPem),
        ("encoded-pem", Judge::EncodedPem),
        ("basic-auth", Judge::BasicAuth),
        ("any", Judge::Any),
    ];

    /// The judge of that name.
    pub fn named(name: &str) -> Option<Judge> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, judge)| *judge)
    }

    /// The part of the text to point at, if the text passes.
    pub fn accepts(self, text: &str) -> Option<Range<usize>> {
        let passes = match self {
            Judge::Token => is_token(text),
            Judge::Likely => is_likely(text),
            Judge::Random => verdict(core(text), KeyKind::Secret) == Verdict::Random,
            Judge::Opaque => is_mixed(text) && Judge::Random.accepts(text).is_some(),
            Judge::Human => verdict(text, KeyKind::Password).is_secret(),
            Judge::Checksum => decode::has_checksum(text),
            Judge::AwsKeyId => decode::aws_account(text).is_some() && is_token(text),
            Judge::Jwt => decode::jwt(text).is_some_and(|jwt| !jwt.sample),
            Judge::Pem => decode::pem_private_key(text) == Some(decode::PemKey::Plain),
            Judge::EncryptedPem => decode::pem_private_key(text) == Some(decode::PemKey::Encrypted),
            Judge::EncodedPem => decode::encoded_pem(text) == Some(decode::PemKey::Plain),
            Judge::BasicAuth => decode::basic_auth(text)
                .is_some_and(|(user, password)| judge(&password, Context::password(Some(&user))).is_secret()),
            Judge::Any => true,
        };
        let end = match self {
            Judge::Pem | Judge::EncryptedPem => first_line(text),
            _ => text.len(),
        };
        passes.then_some(0..end)
    }
}

fn is_mixed(text: &str) -> bool {
    let has = |test: fn(&u8) -> bool| text.bytes().any(|b| test(&b));
    has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
}

fn verdict(text: &str, kind: KeyKind) -> Verdict {
    judge(text, Context { kind: Some(kind), ..Context::default() })
}

/// The text behind its prefix: a known one, or a few letters before pure hexadecimal digits.
fn core(text: &str) -> &str {
    let body = text.get(known_prefix(text).len()..).unwrap_or(text);
    let digits = body.bytes().rev().take_while(u8::is_ascii_hexdigit).count();
    let head = &body[..body.len() - digits];
    // A letter of the prefix may be a hexadecimal digit too.
    let extra = body[head.len()..].bytes().take_while(u8::is_ascii_uppercase).count();
    let extra = if body[head.len() + extra..].bytes().any(|b| b.is_ascii_lowercase()) { extra } else { 0 };
    match head.len() + extra {
        letters @ 1..=4 if head.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b)) => &body[letters..],
        _ => body,
    }
}

/// Of a key of many lines the first is shown.
fn first_line(text: &str) -> usize {
    let end = text.find(['\n', '\\']).unwrap_or(text.len());
    text[..end].trim_end().len()
}

/// By how much words may explain the body of a token better than chance does, and it still counts.
const DOUBT: f64 = -3.0;

/// Neither reference, placeholder nor identifier, and better explained by chance than by words.
fn is_likely(text: &str) -> bool {
    match verdict(text, KeyKind::Secret) {
        Verdict::Random => true,
        Verdict::Plain => {
            let longest = text.split(|c: char| !c.is_ascii_alphanumeric()).max_by_key(|s| s.len()).unwrap_or(text);
            let part = if longest.len() * 2 >= text.len() { longest } else { text };
            [core(text), part].iter().any(|t| random::score(t).is_some_and(|score| score > 0.0))
        }
        _ => false,
    }
}

/// Neither reference nor placeholder, and behind its prefix no words.
fn is_token(text: &str) -> bool {
    let verdict = verdict(text, KeyKind::Secret);
    if matches!(verdict, Verdict::Empty | Verdict::Reference | Verdict::Placeholder) {
        return false;
    }
    let body = core(text);
    if is_phrase(body) {
        return false;
    }
    let longest = body
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|s| s.bytes().any(|b| b.is_ascii_alphabetic()) || body.len() < 12)
        .max_by_key(|s| s.len());
    longest.is_none_or(|s| s.len() < 6 || is_by_chance(s))
}

/// Words alone, joined: `example_hammer_window`.
fn is_phrase(body: &str) -> bool {
    let mut parts = 0;
    body.split(['-', '_', '.']).filter(|part| !part.is_empty()).all(|part| {
        parts += 1;
        part.bytes().all(|b| b.is_ascii_lowercase()) || part.bytes().all(|b| b.is_ascii_uppercase())
    }) && parts >= 3
}

/// Whether chance explains a section at least as well as words do, with or without what may be the
/// provider's prefix: `EAAM` before small letters alone.
fn is_by_chance(section: &str) -> bool {
    let likely = |text: &str| random::score(text).is_some_and(|score| score > DOUBT);
    likely(section)
        || (1..=PREFIX).filter_map(|n| section.get(n..)).any(|rest| rest.len() >= 16 && likely(rest))
        || is_by_parts(section)
}

/// Most of it drawn from a smaller alphabet than the rest, as where a checksum in another one ends a token.
fn is_by_parts(section: &str) -> bool {
    let alphabets: [fn(u8) -> bool; 3] = [
        |b| b.is_ascii_digit() || b.is_ascii_uppercase(),
        |b| b.is_ascii_digit() || b.is_ascii_lowercase(),
        |b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'),
    ];
    alphabets.iter().any(|within| {
        let longest = section.split(|c: char| !c.is_ascii() || !within(c as u8)).max_by_key(|part| part.len());
        let part = longest.filter(|part| part.len() >= 20 && part.len() * 2 > section.len());
        part.and_then(random::score).is_some_and(|score| score > 0.0)
    })
}

/// How many letters of a section may belong to the provider's prefix.
const PREFIX: usize = 6;
