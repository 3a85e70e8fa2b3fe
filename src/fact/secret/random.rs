//! Whether a string looks drawn at random rather than written by people.
//!
//! Two models give the string a probability: one draws each character uniformly from the smallest
//! usual alphabet that holds it, the other writes names and words as infrastructure files do (which
//! letter follows which, how letters, digits and marks alternate). The logarithm of their ratio
//! grows with the length, so a short value must look much less like words than a long one. A
//! separate test refuses strings with too few distinct characters, which neither model expects.

/// By how much the uniform model must explain the string better: e^6.
const ENOUGH: f64 = 6.0;
/// So improbably few distinct characters are not chance.
const TOO_FEW: f64 = 1e-5;
/// Nobody takes a string with a lower score for chance.
const HOPELESS: f64 = -6.0;
/// Longer strings are judged by this many characters: more says nothing new.
const SAMPLE: usize = 256;

/// Whether the string looks drawn at random.
pub fn is_random(value: &str) -> bool {
    score(value).is_some_and(|s| s >= ENOUGH)
}

/// The log of how much better chance explains the string than words do; None where it cannot be
/// chance: not ASCII, blanks inside, digits alone, too few distinct characters.
pub fn score(value: &str) -> Option<f64> {
    let bytes = &value.as_bytes()[..value.len().min(SAMPLE)];
    if bytes.len() < 6 || !bytes.iter().all(u8::is_ascii_graphic) || bytes.iter().all(|b| !b.is_ascii_alphabetic()) {
        return None;
    }
    let base = alphabet(bytes);
    let score = -written(bytes) - bytes.len() as f64 * base.ln();
    // What words explain so much better is not chance, however many characters it has.
    if score > HOPELESS && p_few_distinct(bytes, base) < TOO_FEW {
        return None;
    }
    Some(score)
}

/// The size of the smallest usual alphabet that holds all of it.
fn alphabet(bytes: &[u8]) -> f64 {
    let all = |test: fn(&u8) -> bool| bytes.iter().all(test);
    let upper = bytes.iter().any(u8::is_ascii_uppercase);
    let lower = bytes.iter().any(u8::is_ascii_lowercase);
    let hex = all(|b| b.is_ascii_hexdigit() || *b == b'-');
    // Some providers count on a little behind `f`.
    let few = all(|b| b.is_ascii_digit() || matches!(b.to_ascii_lowercase(), b'a'..=b'h' | b'-'));
    match (upper && lower, hex, all(u8::is_ascii_alphanumeric)) {
        (false, false, _) if few => 18.0,
        (true, true, _) => 22.0,
        (_, true, _) => 16.0,
        (false, _, true) => 36.0,
        (true, _, true) => 62.0,
        (false, _, false) => 40.0,
        (true, _, false) if all(|b| b.is_ascii_alphanumeric() || b"+/=_-.".contains(b)) => 64.0,
        _ => 80.0,
    }
}

/// The probability that a uniform string of this length has so few distinct characters, or fewer.
fn p_few_distinct(bytes: &[u8], base: f64) -> f64 {
    let mut seen = [false; 256];
    bytes.iter().for_each(|&b| seen[b as usize] = true);
    let distinct = seen.iter().filter(|s| **s).count();
    // After each character: how probable each count of distinct ones is, up to the one seen.
    let mut p = vec![0.0; distinct + 1];
    p[0] = 1.0;
    for _ in bytes {
        for d in (1..=distinct).rev() {
            p[d] = p[d] * (d as f64 / base).min(1.0) + p[d - 1] * ((base - d as f64 + 1.0) / base).max(0.0);
        }
        p[0] = 0.0;
    }
    p.iter().sum()
}

/// The log-probability of the string as a name or word.
fn written(bytes: &[u8]) -> f64 {
    let mut sum = 0.0;
    let mut before = None;
    for &b in bytes {
        sum -= cost(before, b);
        before = Some(b);
    }
    sum
}

fn cost(before: Option<u8>, b: u8) -> f64 {
    let class = class(b);
    let step = f64::from(CLASSES[before.map_or(0, |a| 1 + self::class(a))][class]);
    let own = match class {
        0 | 1 => {
            // A capital after a small letter begins a new word.
            let hump = class == 1 && before.is_some_and(|a| a.is_ascii_lowercase());
            let left = before.filter(|a| a.is_ascii_alphabetic() && !hump);
            let row = left.map_or(0, |a| 1 + (a.to_ascii_lowercase() - b'a') as usize);
            f64::from(PAIRS[row][(b.to_ascii_lowercase() - b'a') as usize] - b'a')
        }
        2 => 3.0 * 10f64.ln(),
        _ => 3.0 * 6f64.ln(),
    };
    (step + own) / 3.0
}

fn class(b: u8) -> usize {
    match b {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    }
}

/// In thirds of a nat: how surprising a small letter, capital, digit or mark is, at the start and
/// after each of the four; counted over the words of a few thousand infrastructure files.
const CLASSES: [[u8; 4]; 5] = [[1, 4, 10, 35], [0, 13, 15, 7], [3, 2, 14, 7], [7, 11, 2, 4], [1, 6, 7, 13]];

/// In thirds of a nat above `a`: how surprising each letter is at a word's start (first row) and
/// after each letter; counted as above.
const PAIRS: [&[u8; 26]; 27] = [
    b"ikhjjkjmjomkjlkiqjhjmlmqos", // .
    b"rkijrnjsjuphjhtjuhifmomqnq", // a
    b"gqoofqtqhowfnpiqvjlqgsvwlv", // b
    b"itmqgqthksijrseovilhkuwumv", // c
    b"hloleqnpgronnphowjiqkrrrow", // d
    b"joiimmmsrtsjkhrkoffiomokpv", // e
    b"hrpqhiruershoqfuujlkktvqmw", // f
    b"krpsesmifwslnkhouhjqkwtwpq", // g
    b"fppqerqvhwuqppgqslpjfuvxot", // h
    b"lnikllkuuwrjkegmuligtlwowm", // i
    b"irqnetrxntrrrrfprodqhrqvuu", // j
    b"jnrldjmugrumtlmqwphpfurwpw", // k
    b"gsqkfpuvfwtipsgowtkkiqtwkv", // l
    b"fmpketrvhttjjrhhstmplquumw", // m
    b"hsiihkgsjtpoqmjovshfmmvqqv", // n
    b"nmjjtnmuppnjhelkwgkkilkopv", // o
    b"hupngsomjwqhoqgjwgjjiqutmx", // p
    b"mqqrosqustterqttsqplbspsqr", // q
    b"hqklepkrhwloklhpvmjjklqvlw", // r
    b"ltjqfqrjhwnnorjjmoiejrpvnw", // s
    b"htmreorhfwwnnsimxiimlvpqkw", // t
    b"lgllionvjwnijhpjwhggvtwost", // u
    b"esntdtrtfvvrotjqvvnslvwvnv", // v
    b"frsrgqukgvoorhftwjhrvtitvv", // w
    b"hsiohmupivujotpfuqnerrskis", // x
    b"gmmplrnuluvkgjjftnfirsormm", // y
    b"gvqscrqqissunrgtsunskrtqok", // z
];

#[cfg(test)]
mod tests {
    use super::super::generate::expand;
    use super::*;

    #[test]
    fn generated_tokens_look_random() {
        let classes = ["hex-32", "hex-20", "alnum-20", "alnum-16", "base64-40", "lower-24", "upper-24", "url-43"];
        for class in classes {
            let missed = (0..200)
                .filter(|n| {
                    let value = expand(&format!("@@random-{class}.{n}@@"));
                    !is_random(&value)
                })
                .count();
            assert!(missed <= 8, "{class}: {missed} of 200 missed");
        }
    }

    #[test]
    fn words_and_names_do_not() {
        let written = [
            "my-service-account-name",
            "postgresql-primary-0",
            "kube-prometheus-stack",
            "x86_64-unknown-linux-gnu",
            "ApplicationLoadBalancerName",
            "https://example.com/path/to/page",
            "spring-boot-starter-web",
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "0000000000000000000000000",
            "org.apache.kafka.common.security.plain",
            "us-east-1",
            "1.27.3-alpine3.18",
            "TODO_REPLACE_THIS_VALUE",
            "registry.example.com/team/app",
            "abcabcabcabcabcabcabcabc",
            "ghcr.io/home-operations/postgres-init",
            "helloworldthisisatest",
            "AWSSecretsManagerReadWrite",
            "clientSecretKeyReference",
            "2024-01-01T00:00:00Z",
        ];
        for value in written {
            assert!(!is_random(value), "{value}: {:?}", score(value));
        }
    }

    #[test]
    fn long_and_strange_values_are_bounded() {
        assert!(score(&"é".repeat(500_000)).is_none());
        assert!(score(&"a".repeat(1_000_000)).is_none());
        assert!(score("").is_none());
    }
}
