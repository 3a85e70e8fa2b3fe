//! Looking inside values: encodings, JSON Web Tokens, PEM bodies, checksums. Every decoder is bounded and total.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Longer inputs are not decoded: no credential is that long.
const MOST: usize = 64 * 1024;

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// The bytes of a base64 text in either alphabet, padded or not; blanks inside are skipped.
pub fn base64(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() || text.len() > MOST {
        return None;
    }
    let bare: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    if bare.contains(&b'-') || bare.contains(&b'_') { URL_SAFE.decode(bare).ok() } else { STANDARD.decode(bare).ok() }
}

/// A base64 text that decodes to printable text.
pub fn base64_text(text: &str) -> Option<String> {
    let decoded = String::from_utf8(base64(text)?).ok()?;
    let printable = decoded.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
    printable.then_some(decoded)
}

/// The bytes of a hexadecimal text.
pub fn hex(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    if bytes.is_empty() || !bytes.len().is_multiple_of(2) || bytes.len() > MOST {
        return None;
    }
    bytes.chunks_exact(2).map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?)).collect()
}

fn nibble(b: u8) -> Option<u8> {
    (b as char).to_digit(16).map(|d| d as u8)
}

/// A text with its percent escapes resolved; those that are none stay.
pub fn percent(text: &str) -> String {
    if !text.contains('%') || text.len() > MOST {
        return text.to_owned();
    }
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escape = match tail {
            [a, b, ..] if first == b'%' => nibble(*a).zip(nibble(*b)),
            _ => None,
        };
        match escape {
            Some((high, low)) => {
                out.push(high << 4 | low);
                rest = &tail[2..];
            }
            None => {
                out.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

/// What a JSON Web Token says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwt {
    /// The algorithm of its signature.
    pub alg: String,
    /// Whether it is the sample that every tutorial shows, or a token without a signature or claims.
    pub sample: bool,
}

/// Three base64url parts, of which the first two are JSON objects and the first names an algorithm.
pub fn jwt(text: &str) -> Option<Jwt> {
    let mut parts = text.split('.');
    let (header, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let header: serde_json::Value = serde_json::from_slice(&base64(header)?).ok()?;
    let alg = header.get("alg")?.as_str()?.to_owned();
    // An encrypted token has five parts and no readable payload.
    let payload: serde_json::Value = match parts.next() {
        Some(_) => serde_json::Value::Null,
        None => serde_json::from_slice(&base64(payload)?).ok().filter(serde_json::Value::is_object)?,
    };
    let sub = payload.get("sub").and_then(|s| s.as_str()).unwrap_or("");
    let name = payload.get("name").and_then(|s| s.as_str()).unwrap_or("");
    let tutorial = sub == "1234567890" || name == "John Doe";
    let unsigned = signature.len() < 16 && !alg.eq_ignore_ascii_case("none");
    Some(Jwt { alg, sample: tutorial || unsigned })
}

/// What a private key block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PemKey {
    /// Usable as it stands.
    Plain,
    /// Protected by a passphrase.
    Encrypted,
}

/// A PEM block of a private key with a body that can be one; line breaks may be real or written as `\n`.
pub fn pem_private_key(block: &str) -> Option<PemKey> {
    let begin = block.find(concat!("-----BE", "GIN "))?;
    let label_start = begin + 11;
    let rest = block.get(label_start..)?;
    let label_end = rest.find("-----")?;
    let label = rest.get(..label_end)?;
    if !label.ends_with("PRIVATE KEY") && !label.ends_with("PRIVATE KEY BLOCK") {
        return None;
    }
    let body = rest.get(label_end + 5..)?.split("-----").next()?;
    let mut encrypted = label.starts_with("ENCRYPTED");
    let mut data = String::new();
    for line in body.split('\n').flat_map(|l| l.split("\\n")).take(1000) {
        let line = line.trim_end_matches("\\r").trim_matches(|c: char| c.is_whitespace() || "\"'`,;|>\\#*".contains(c));
        if line.contains(": ") || (line.starts_with('=') && line.len() < 8) {
            encrypted |= line.contains("ENCRYPTED");
            continue;
        }
        // A key that was cut off before its last line ends where something else begins.
        let alien = line.bytes().any(|b| !b.is_ascii_alphanumeric() && !b"+/=".contains(&b));
        if alien && data.len() >= 64 {
            break;
        }
        data.push_str(line);
    }
    let body = data.trim();
    let letters = body.bytes().filter(u8::is_ascii_alphanumeric).count();
    if letters < 60 || body.bytes().any(|b| !b.is_ascii_alphanumeric() && !b"+/=".contains(&b)) {
        return None;
    }
    let head = base64(&body[..body.len().min(64) / 4 * 4])?;
    let real = head.first() == Some(&0x30) || head.starts_with(b"openssh-key-v1") || label.contains("PGP");
    let distinct = body.bytes().fold([false; 256], |mut seen, b| {
        seen[b as usize] = true;
        seen
    });
    if !(real || encrypted) || distinct.iter().filter(|s| **s).count() < 20 {
        return None;
    }
    Some(if encrypted { PemKey::Encrypted } else { PemKey::Plain })
}

/// A private key block that is itself written in base64, as in a variable or a Secret.
pub fn encoded_pem(text: &str) -> Option<PemKey> {
    let decoded = base64(text.get(..text.len() / 4 * 4)?)?;
    pem_private_key(&String::from_utf8_lossy(&decoded))
}

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The six characters with which GitHub and npm end a token: the CRC-32 of the part before, in base 62.
pub fn base62_crc32(body: &str) -> String {
    let mut sum = crc32fast::hash(body.as_bytes());
    let mut out = [b'0'; 6];
    for slot in out.iter_mut().rev() {
        *slot = BASE62[(sum % 62) as usize];
        sum /= 62;
    }
    out.iter().map(|b| *b as char).collect()
}

/// Whether a token `xxx_` + 30 characters ends in their checksum.
pub fn has_checksum(token: &str) -> bool {
    let Some((_, body)) = token.rsplit_once('_') else { return false };
    body.is_ascii() && body.len() == 36 && base62_crc32(&body[..30]) == body[30..]
}

/// Whether a token says by its prefix that it ends in a checksum, and does not: nobody issued it.
pub fn fails_checksum(token: &str) -> bool {
    let checked = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "npm_"].iter().any(|prefix| token.starts_with(prefix));
    checked && token.len() == 40 && !has_checksum(token)
}

/// The account of an AWS access key id; None where the characters cannot make one.
pub fn aws_account(key_id: &str) -> Option<u64> {
    let body = key_id.get(4..).filter(|b| b.len() == 16)?;
    let mut bits: u64 = 0;
    for (at, b) in body.bytes().enumerate() {
        let digit = match b {
            b'A'..=b'Z' => b - b'A',
            b'2'..=b'7' => b - b'2' + 26,
            _ => return None,
        };
        // The first ten characters are 50 bits; the account number is bits 1 to 40 of the first 48.
        if at < 10 {
            bits = bits << 5 | u64::from(digit);
        }
    }
    Some((bits >> 2 & 0x7fff_ffff_ff80) >> 7)
}

/// User and password of an `auth` value: base64 of `user:password`.
pub fn basic_auth(encoded: &str) -> Option<(String, String)> {
    let text = base64_text(encoded)?;
    let (user, password) = text.trim_end().split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::generate::expand;
    use super::*;

    #[test]
    fn both_base64_alphabets_with_and_without_padding() {
        assert_eq!(base64_text("aGk/aGk+").as_deref(), Some("hi?hi>"));
        assert_eq!(base64_text("aGk_aGk-").as_deref(), Some("hi?hi>"));
        assert_eq!(base64_text("YWRtaW4=").as_deref(), Some("admin"));
        assert_eq!(base64_text("YWRtaW4").as_deref(), Some("admin"));
        assert_eq!(base64_text("AAEC"), None);
        assert_eq!(base64("not base64!"), None);
        assert_eq!(base64(&"A".repeat(1_000_000)), None);
    }

    #[test]
    fn hexadecimal_and_percent() {
        assert_eq!(hex("6869").as_deref(), Some(&b"hi"[..]));
        assert_eq!(hex("686"), None);
        assert_eq!(hex("zz"), None);
        assert_eq!(percent("a%40b%2"), "a@b%2");
        assert_eq!(percent("%ff"), "%ff");
        assert_eq!(percent("100%"), "100%");
    }

    #[test]
    fn tokens_that_tutorials_show_are_samples() {
        let token = expand("@@jwt@@");
        assert!(!jwt(&token).unwrap().sample);
        let sample =
            concat!("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.", "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0.");
        assert!(jwt(&format!("{sample}{}", "a".repeat(43))).unwrap().sample);
        assert!(jwt("a.b.c").is_none());
        assert!(jwt("").is_none());
    }

    #[test]
    fn key_blocks_need_a_body() {
        let (begin, end) =
            (concat!("-----BE", "GIN RSA PRIVATE KEY-----"), concat!("-----E", "ND RSA PRIVATE KEY-----"));
        assert_eq!(pem_private_key(&format!("{begin}\n...\n{end}")), None);
        assert_eq!(pem_private_key(&format!("{begin}\n{}\n{end}", "A".repeat(200))), None);
        assert_eq!(
            pem_private_key(&format!("{begin}\n<your private key of at least sixty four characters goes here>\n{end}")),
            None
        );
        assert_eq!(pem_private_key(&expand("@@ec-private-key@@")), Some(PemKey::Plain));
        assert_eq!(pem_private_key(&expand("    @@private-key@@")), Some(PemKey::Plain));
        assert_eq!(pem_private_key(&expand("@@encrypted-private-key@@")), Some(PemKey::Encrypted));
        assert_eq!(pem_private_key(begin), None);
    }

    #[test]
    fn key_ids_name_an_account() {
        assert!(aws_account(&expand("@@aws-key-id@@")).is_some());
        assert!(aws_account(concat!("AKIA", "0189ABCDEFGHIJKL")).is_none());
        assert!(aws_account("AKIA").is_none());
    }

    #[test]
    fn auth_values_hold_user_and_password() {
        let (user, password) = basic_auth(&expand("@@basic-auth@@")).unwrap();
        assert_eq!(user, "deploy");
        assert!(password.len() > 8);
        assert!(basic_auth("YWRtaW4=").is_none());
    }
}
