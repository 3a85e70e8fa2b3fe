//! Values that identify or attest something and are no secret: digests, hashes, ids, addresses, versions.

use super::words::{WordSet, words};

static BEGINNINGS: WordSet = WordSet::new(
    "sha1: sha256: sha384: sha512: sha1- sha256- sha384- sha512- md5: md5- h1: zh: blake2 blake3 $1$ $2a$ $2b$ $2y$ \
     $5$ $6$ $7$ $y$ $apr1$ $argon2 $pbkdf2 $scrypt pbkdf2 bcrypt argon2 {ssha {sha} {md5} {crypt} {cleartext} \
     scram-sha ssh-rsa ssh-dss ssh-ed25519 ecdsa-sha2 sk-ssh- sk-ecdsa- age1 data: mailto: pubkey- public- minisign \
     urn:uuid: did: acct: oci:// docker:// git@ git+ sealed: mfm migf mfkw miibija miicija mfkwewyhk mcowbqydk2vw",
);

/// Words of a key whose value is a digest, a revision or a fingerprint.
static KEYS: WordSet = WordSet::new(
    "digest checksum checksums integrity hash hashes md sha revision rev commit fingerprint thumbprint etag gpg \
     resolved uid uuid guid nonce trace span build image tag caid serial cert certificate crt signature cosign pub \
     public sri sum md5sum sha1sum sha256sum sha512sum sha1 sha256 sha512 md5",
);

/// Whether the value is of a shape that is public by nature.
pub(super) fn is_identifier(value: &str) -> bool {
    let head: String = value.chars().take(24).flat_map(char::to_lowercase).collect();
    BEGINNINGS.beginnings(&head).next().is_some()
        || value.contains("@sha256:")
        || is_sealed(value)
        || is_plain_url(value)
        || is_fingerprint(value)
        || is_number_like(value)
        || is_file_name(value)
        || is_address(value)
        || is_public_block(value)
}

/// What the sealed-secrets controller, a key service or a passphrase alone can open.
fn is_sealed(value: &str) -> bool {
    let long = |least: usize, starts: &[&str]| value.len() >= least && starts.iter().any(|s| value.starts_with(s));
    long(150, &["AgA", "AgB", "AgC"]) || long(100, &["AQICAH", "AQECAH"]) || long(24, &["U2FsdGVkX1"])
}

/// Whether a key says that its value is a digest or an id.
pub fn is_identifier_key(key: &str) -> bool {
    words(key).iter().any(|w| KEYS.contains(w.as_str()))
}

/// Eight, four, four, four and twelve hexadecimal digits.
pub(super) fn is_uuid(value: &str) -> bool {
    let bytes = value.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// A URL that carries no credentials in its authority.
fn is_plain_url(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    !scheme.is_empty()
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+.-".contains(&b))
        && !(authority.contains('@') && authority.contains(':'))
}

/// Pairs of hexadecimal digits joined by colons, or groups of four by blanks.
fn is_fingerprint(value: &str) -> bool {
    let hex = |part: &str, digits: usize| part.len() == digits && part.bytes().all(|b| b.is_ascii_hexdigit());
    value.len() >= 6 * 3 - 1 && value.split(':').all(|part| hex(part, 2))
        || value.len() >= 8 * 5 - 1 && value.split_whitespace().all(|part| hex(part, 4))
}

/// Versions, dates, durations, sizes, addresses of networks: digits with marks and a short unit.
fn is_number_like(value: &str) -> bool {
    let Some(first) = value.bytes().next() else { return false };
    let body = value.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = &value[body.len()..];
    let units =
        ["", "s", "m", "h", "d", "ms", "us", "ns", "min", "k", "kb", "mb", "gb", "ki", "mi", "gi", "b", "z", "px", "%"];
    let mixed = body.bytes().any(|b| !b.is_ascii_digit());
    (first.is_ascii_digit() || b"-+.".contains(&first))
        && body.bytes().all(|b| b.is_ascii_digit() || b".:-+/T, ".contains(&b))
        && units.contains(&unit.to_lowercase().as_str())
        && (mixed || !unit.is_empty())
}

static EXTENSIONS: WordSet = WordSet::new(
    "yaml yml json txt pem key crt cer p12 pfx jks env toml ini conf cfg sh py js ts go rs rb java md xml \
     properties sql gpg asc pub enc age tf tfvars html csv log local svc com org net io dev internal",
);

fn is_file_name(value: &str) -> bool {
    let Some((stem, extension)) = value.rsplit_once('.') else { return false };
    EXTENSIONS.contains(extension)
        && !stem.is_empty()
        && stem.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/*@+".contains(&b))
}

static TLDS: WordSet = WordSet::new(
    "com org net io dev internal local test example edu gov info cloud app co uk de fr eu us ch at nl it es se no \
     pl jp cn in br au ca lan me",
);

/// `name@host.tld`.
fn is_address(value: &str) -> bool {
    let Some((name, host)) = value.split_once('@') else { return false };
    let label = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-+".contains(&b));
    let tld = host.rsplit('.').next().unwrap_or("");
    label(name) && label(host) && host.contains('.') && TLDS.contains(tld)
}

fn is_public_block(value: &str) -> bool {
    let marks = [
        "PUBLIC KEY-----",
        "CERTIFICATE-----",
        "CERTIFICATE REQUEST-----",
        "PGP MESSAGE-----",
        "AGE ENCRYPTED FILE-----",
        "X509 CRL-----",
        "DH PARAMETERS-----",
    ];
    value.trim_start().starts_with("-----") && marks.iter().any(|m| value.contains(m)) && !value.contains("PRIVATE KEY")
}

#[cfg(test)]
mod tests {
    use super::super::generate::expand;
    use super::*;

    #[test]
    fn identifiers_are_told_by_shape() {
        for mark in [
            "sha256:@@random-hex-64@@",
            "sha512-@@random-base64-86@@==",
            "$2y$10$@@random-alnum-53@@",
            "ssh-rsa AAAA@@random-base64-40@@",
            "https://example.com/@@random-hex-20@@",
            "a1:b2:c3:d4:e5:f6:a7:b8",
            "1.27.3",
            "2024-01-31",
            "30s",
            "512Mi",
            "10.0.0.0/8",
            "db-password.txt",
            "tls.key",
            "user@example.com",
            "@@public-key@@",
            "@@certificate@@",
            "ghcr.io/x/y@sha256:@@random-hex-64@@",
        ] {
            let value = expand(mark);
            assert!(is_identifier(&value), "{value}");
        }
        assert!(is_uuid(&expand("@@uuid@@")));
        assert!(is_identifier_key("image.digest"));
        assert!(is_identifier_key("GPG_KEY"));
    }

    #[test]
    fn secrets_are_none() {
        for mark in [
            "hunter2",
            "123456",
            "@@password@@",
            "@@random-hex-32@@",
            "postgres://u:@@password@@@db/x",
            "@@private-key@@",
            "P@ss.word",
        ] {
            let value = expand(mark);
            assert!(!is_identifier(&value), "{value}");
        }
        assert!(!is_identifier_key("password"));
    }
}
