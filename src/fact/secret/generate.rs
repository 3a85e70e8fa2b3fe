//! Secrets for tests and rule cases, made from a seed, so that no literal credential stands in any file.
//!
//! `@@github-token@@` becomes a token with a right checksum, the same one each time;
//! `@@github-token.2@@` another; `@@token:glpat-{url:20}@@` follows a pattern;
//! `@@encoded-password@@` is the base64 of `@@password@@`.

use super::decode::base62_crc32;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use std::ops::Range;

/// A text with its marks replaced, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expanded {
    /// The text.
    pub text: String,
    /// Each replacement: the mark's range before, its replacement's range after.
    pub places: Vec<(Range<usize>, Range<usize>)>,
}

impl Expanded {
    /// Where an offset of the text as written stands in the expanded one. Inside a mark its end is
    /// the replacement's end, everything else its start.
    pub fn place(&self, at: usize) -> usize {
        let mut shift = 0isize;
        for (from, to) in &self.places {
            if at >= from.end {
                shift = to.end as isize - from.end as isize;
            } else if at > from.start {
                return to.start;
            } else {
                break;
            }
        }
        at.saturating_add_signed(shift)
    }
}

/// The text with all marks replaced.
pub fn expand(text: &str) -> String {
    expand_with_places(text).text
}

/// The text with all marks replaced, with places. Unknown marks stay as they are.
pub fn expand_with_places(text: &str) -> Expanded {
    let mut out = Expanded { text: String::with_capacity(text.len()), places: Vec::new() };
    let mut at = 0;
    while let Some(open) = text[at..].find("@@").map(|i| at + i) {
        let Some(close) = text[open + 2..].find("@@").map(|i| open + 2 + i) else { break };
        let line = text[..open].rfind('\n').map_or(0, |i| i + 1);
        let indent: String = text[line..open].chars().take_while(|c| c.is_whitespace()).collect();
        let Some(value) = secret(&text[open + 2..close]) else {
            out.text.push_str(&text[at..open + 2]);
            at = open + 2;
            continue;
        };
        out.text.push_str(&text[at..open]);
        let start = out.text.len();
        out.text.push_str(&value.replace('\n', &format!("\n{indent}")));
        at = close + 2;
        out.places.push((open..at, start..out.text.len()));
    }
    out.text.push_str(&text[at..]);
    out
}

/// The secret of a name.
fn secret(name: &str) -> Option<String> {
    if let Some(inner) = name.strip_prefix("encoded-") {
        return secret(inner).map(|value| STANDARD.encode(value));
    }
    let mut dice = Dice::new(name);
    if let Some(pattern) = name.strip_prefix("token:") {
        return dice.pattern(without_number(pattern));
    }
    let bare = without_number(name);
    if let Some((class, count)) = bare.strip_prefix("random-").and_then(|r| r.rsplit_once('-')) {
        return dice.pattern(&format!("{{{class}:{count}}}"));
    }
    if let Some((_, pattern)) = PATTERNS.iter().find(|(known, _)| *known == bare) {
        return dice.pattern(pattern);
    }
    match bare {
        "jwt" => Some(dice.jwt()),
        "basic-auth" => Some(STANDARD.encode(format!("deploy:{}", dice.password()))),
        "password" => Some(dice.password()),
        "private-key" => Some(dice.pem("RSA PRIVATE KEY", &[0x30, 0x82, 0x04, 0xa4, 0x02, 0x01, 0x00], 1190, "\n")),
        "private-key-line" => Some(dice.pem("PRIVATE KEY", &[0x30, 0x82, 0x04, 0xbe, 0x02, 0x01, 0x00], 1218, "\\n")),
        "ec-private-key" => Some(dice.pem("EC PRIVATE KEY", &[0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20], 121, "\n")),
        "encrypted-private-key" => {
            Some(dice.pem("ENCRYPTED PRIVATE KEY", &[0x30, 0x82, 0x05, 0x2d, 0x30, 0x57], 1329, "\n"))
        }
        "openssh-private-key" => Some(dice.pem("OPENSSH PRIVATE KEY", b"openssh-key-v1\0\0\0\0\x04none", 380, "\n")),
        "public-key" => Some(dice.pem("PUBLIC KEY", &[0x30, 0x82, 0x01, 0x22], 294, "\n")),
        "certificate" => Some(dice.pem("CERTIFICATE", &[0x30, 0x82, 0x03, 0x55], 860, "\n")),
        _ => None,
    }
}

/// The mark without the `.2` that asks for another secret of its kind.
fn without_number(mark: &str) -> &str {
    match mark.rsplit_once('.') {
        Some((bare, number)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => bare,
        _ => mark,
    }
}

/// Tokens that follow a pattern.
const PATTERNS: &[(&str, &str)] = &[
    ("github-token", "ghp_{alnum:30}{crc}"),
    ("github-oauth", "gho_{alnum:30}{crc}"),
    ("github-app-token", "ghs_{alnum:30}{crc}"),
    ("github-refresh-token", "ghr_{alnum:30}{crc}"),
    ("github-fine-grained", "github_pat_{alnum:22}_{alnum:59}"),
    ("npm-token", "npm_{alnum:30}{crc}"),
    ("aws-key-id", "AKIA{base32:16}"),
    ("aws-session-key-id", "ASIA{base32:16}"),
    ("aws-secret", "{base64:40}"),
    ("slack-bot", "xoxb-{digits:12}-{digits:13}-{alnum:24}"),
    ("slack-user", "xoxp-{digits:12}-{digits:12}-{digits:13}-{hex:32}"),
    ("slack-app", "xapp-1-A{upper:10}-{digits:13}-{hex:64}"),
    ("slack-webhook", "https://hooks.slack.com/services/T{upper:10}/B{upper:10}/{alnum:24}"),
    ("stripe-live", "sk_live_{alnum:24}"),
    ("stripe-restricted", "rk_live_{alnum:24}"),
    ("stripe-test", "sk_test_{alnum:24}"),
    ("gitlab-pat", "glpat-{url:20}"),
    ("google-api-key", "AIza{url:35}"),
    ("openai-key", "sk-{alnum:20}T3BlbkFJ{alnum:20}"),
    ("openai-project-key", "sk-proj-{url:74}T3BlbkFJ{url:74}"),
    ("anthropic-key", "sk-ant-api03-{url:93}AA"),
    ("sendgrid-key", "SG.{url:22}.{url:43}"),
    ("digitalocean-pat", "dop_v1_{hex:64}"),
    ("pypi-token", "pypi-AgEIcHlwaS5vcmc{url:120}"),
    ("dockerhub-pat", "dckr_pat_{url:27}"),
    ("huggingface-token", "hf_{letters:34}"),
    ("uuid", "{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}"),
];

/// A seeded generator (SplitMix64).
struct Dice(u64);

impl Dice {
    fn new(name: &str) -> Self {
        let seed =
            name.bytes().fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn of(&mut self, alphabet: &str) -> char {
        let at = (self.next() % alphabet.len().max(1) as u64) as usize;
        alphabet.as_bytes().get(at).map_or('x', |b| *b as char)
    }

    fn take(&mut self, alphabet: &str, count: usize) -> String {
        (0..count).map(|_| self.of(alphabet)).collect()
    }

    /// Literal text with `{class:count}` pieces; `{crc}` is the checksum of the piece before.
    fn pattern(&mut self, pattern: &str) -> Option<String> {
        let mut out = String::new();
        let mut last = 0;
        let mut rest = pattern;
        while let Some((literal, tail)) = rest.split_once('{') {
            let (piece, tail) = tail.split_once('}')?;
            out.push_str(literal);
            if piece == "uuid:1" {
                out.push_str(&self.pattern("{hex:8}-{hex:4}-4{hex:3}-a{hex:3}-{hex:12}")?);
            } else if piece == "crc" {
                let sum = base62_crc32(out.get(last..)?);
                out.push_str(&sum);
            } else {
                let (class, count) = piece.split_once(':')?;
                last = out.len();
                out.push_str(&self.take(alphabet(class)?, count.parse().ok().filter(|n| *n <= 10_000)?));
            }
            rest = tail;
        }
        out.push_str(rest);
        Some(out)
    }

    fn password(&mut self) -> String {
        let start = self.take("BCDFGHJKLMNPQRSTVWZ", 1);
        let middle = self.take("abcdefghkmnpqrstuvwxyz", 6);
        let digits = self.take("23456789", 3);
        let mark = self.take("!#*+", 1);
        format!("{start}{middle}{digits}{mark}")
    }

    fn jwt(&mut self) -> String {
        let id = self.take("0123456789", 8);
        let name = self.take("abcdefghijklmnopqrstuvwxyz", 9);
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        let payload = URL_SAFE_NO_PAD.encode(format!(r#"{{"sub":"{id}","name":"{name}","iat":1700000000}}"#));
        format!("{header}.{payload}.{}", self.take(URL, 43))
    }

    fn pem(&mut self, label: &str, head: &[u8], length: usize, line_break: &str) -> String {
        let mut body = head.to_vec();
        while body.len() < length {
            body.push((self.next() & 0xff) as u8);
        }
        let body = STANDARD.encode(body);
        let lines: Vec<&str> = body.as_bytes().chunks(64).filter_map(|c| std::str::from_utf8(c).ok()).collect();
        let (begin, end) = (concat!("-----BE", "GIN "), concat!("-----E", "ND "));
        format!("{begin}{label}-----{line_break}{}{line_break}{end}{label}-----", lines.join(line_break))
    }
}

const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn alphabet(class: &str) -> Option<&'static str> {
    Some(match class {
        "alnum" => ALNUM,
        "url" => URL,
        "base64" => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        "letters" => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "lower" => "abcdefghijklmnopqrstuvwxyz0123456789",
        "upper" => "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
        "digits" => "0123456789",
        "hex" => "0123456789abcdef",
        "bech32" => "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
        "base32" => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
        "upper-hex" => "0123456789ABCDEF",
        "base32-lower" => "abcdefghijklmnopqrstuvwxyz234567",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::decode;
    use super::*;

    #[test]
    fn the_same_mark_gives_the_same_secret_and_numbers_give_others() {
        assert_eq!(expand("@@aws-key-id@@"), expand("@@aws-key-id@@"));
        assert_ne!(expand("@@aws-key-id@@"), expand("@@aws-key-id.2@@"));
        assert_eq!(expand("@@token:ab-{hex:3}@@").len(), 6);
        assert_ne!(expand("@@token:ab-{hex:9}@@"), expand("@@token:ab-{hex:9}.2@@"));
        assert_eq!(expand("user@@host @@nothing@@ @@"), "user@@host @@nothing@@ @@");
    }

    #[test]
    fn checksums_and_bodies_are_right() {
        for mark in ["@@github-token@@", "@@github-oauth@@", "@@npm-token@@"] {
            assert!(decode::has_checksum(&expand(mark)), "{mark}");
        }
        assert!(decode::jwt(&expand("@@jwt@@")).is_some());
        let marks =
            ["private-key", "private-key-line", "ec-private-key", "encrypted-private-key", "openssh-private-key"];
        for mark in marks {
            let key = expand(&format!("@@{mark}@@"));
            assert!(decode::pem_private_key(&key).is_some(), "{mark}");
        }
        assert!(decode::pem_private_key(&expand("@@public-key@@")).is_none());
    }

    #[test]
    fn lines_of_a_key_keep_the_indent_and_places_follow() {
        let expanded = expand_with_places("key: |\n  @@private-key@@\nnext: @@uuid@@ end");
        assert!(expanded.text.lines().nth(2).unwrap().starts_with("  MII"));
        let end = "key: |\n  @@private-key@@\nnext: @@uuid@@".len();
        assert_eq!(&expanded.text[expanded.place(end)..], " end");
        assert_eq!(expanded.place(3), 3);
        assert!(expanded.text[expanded.place(12)..].starts_with("-----"));
    }
}
