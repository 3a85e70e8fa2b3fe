//! Values that stand where a secret will go: told by grammar, on whole values and whole words.

use super::words::{WordSet, words};

/// Whole values that say nothing.
static NOTHING: WordSet = WordSet::new(
    "null none nil undefined true false yes no on off n/a na todo tbd fixme string str text varchar boolean bool \
     int integer number any bytes object array required optional empty blank unset unknown hidden masked redacted \
     omitted removed deleted sensitive confidential generated random auto dynamic computed inherit foo bar baz \
     foobar foobarbaz quux abc abc123 xyz xyz123 something whatever value literal plaintext deprecated disabled unused notused \
     enabled encrypted file base64 env stdin never always option default char uuid hash bearer basic changeme \
     replaceme fillme fillin placeholder dummy fake sample secretstring passwordhere tokenhere keyhere nopassword \
     yourpassword yoursecret yourtoken yourapikey mytoken myapikey mykey insert deadbeef",
);

/// Words that make a placeholder of whatever holds them as a word.
static MARKS: WordSet = WordSet::new(
    "example examples sample dummy fake placeholder redacted changeme replaceme todo tbd fixme fillme mock mocked \
     notreal nonsense bogus invalid yourpassword yourtoken masked yoursecret yourkey yourapikey goeshere ejemplo \
     beispiel exemple obfuscated insecure",
);

/// Words with which an instruction to the reader begins.
static ORDERS: WordSet = WordSet::new(
    "your change replace insert put enter paste fill set add use provide generate update some any the a an this my \
     our",
);

/// Words that name a credential without being one.
static NOUNS: WordSet = WordSet::new(
    "password passwd pass pwd secret secrets token key credential credentials apikey passphrase pw auth psk",
);

/// Published samples of vendors, in halves so that no scanner takes this list for the real thing.
const SAMPLES: &[&str] = &[
    concat!("wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYEXAMPLEKEY"),
    concat!("wJalrXUtnFEMIK7MDENG", "bPxRfiCYEXAMPLEKEY"),
    concat!("je7MtGbClwBF/2Zp9Utk", "/h3yCo8nvbEXAMPLEKEY"),
    concat!("AKIAIOSFOD", "NN7EXAMPLE"),
    concat!("AKIAI44QH8", "DHBEXAMPLE"),
    concat!("sk_test_", "4eC39HqLyjWDarjtT1zdp7dc"),
    concat!("sk_test_", "BQokikJOvBiI2HlWgH4olfQ2"),
    concat!("sk_test_", "VePHdqKTYQjKNInc7u56JBrQ"),
    concat!("rk_test_", "4eC39HqLyjWDarjtT1zdp7dc"),
    concat!("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50u", "SRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="),
    concat!("C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5", "DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw=="),
    concat!("SflKxwRJSMeKKF2QT4fwpM", "eJf36POk6yJV_adQssw5c"),
    concat!("dGhlIHNhbXBs", "ZSBub25jZQ=="),
    concat!("QWxhZGRpbjpvcGVu", "IHNlc2FtZQ=="),
    concat!("QWxhZGRpbjpPcGVu", "U2VzYW1l"),
    concat!("dXNlcm5hbWU6", "cGFzc3dvcmQ="),
    concat!("dXNlcjpw", "YXNzd29yZA=="),
    concat!("dXNlcjpw", "YXNz"),
    concat!("2YotnFZFEj", "r1zCsicMWpAA"),
    concat!("mF_9.B5f", "-4.1JqM"),
    concat!("tGzv3JOkF0", "XG5Qx2TlKWIA"),
];

/// Whether the value only marks the place of a secret.
pub(super) fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    // What Django calls insecure signs sessions none the less.
    let value = value.strip_prefix("django-insecure-").unwrap_or(value);
    if value.len() > 4096 {
        return few_characters(value);
    }
    let lower = value.to_lowercase();
    NOTHING.contains(lower.trim_end_matches(['!', '?', '.', '_', '-']))
        || NOTHING.contains(&lower)
        || is_wrapped(value)
        || is_elided(&lower)
        || few_characters(&lower)
        || is_sample(value)
        || is_instruction(value, &lower)
        || asks_for_yours(&lower)
        || is_patterned(longest_section(&lower))
        || is_patterned(&lower)
}

fn is_wrapped(value: &str) -> bool {
    let pairs = [('<', '>'), ('[', ']'), ('{', '}'), ('«', '»'), ('(', ')'), ('‹', '›')];
    pairs.iter().any(|(open, close)| value.starts_with(*open) && value.ends_with(*close) && value.chars().count() > 2)
        || holds_blank_to_fill(value, '<', '>')
        || holds_blank_to_fill(value, '{', '}')
}

/// `prefix-<your-token>` or `{project}_key`: a bracketed name inside.
fn holds_blank_to_fill(value: &str, open: char, close: char) -> bool {
    let Some((_, tail)) = value.split_once(open) else { return false };
    let Some((name, _)) = tail.split_once(close) else { return false };
    name.len() >= 2
        && name.chars().all(|c| c.is_alphanumeric() || "_- .|:".contains(c))
        && name.contains(char::is_alphabetic)
}

/// Something is cut out: `…`, `...`, `***`, `xxxx`, a long run of one character.
fn is_elided(lower: &str) -> bool {
    if !lower.is_ascii() && ["…", "•••", "●●"].iter().any(|run| lower.contains(run)) {
        return true;
    }
    let mut run = 0;
    let mut before = None;
    lower.bytes().any(|b| {
        run = if before == Some(b) { run + 1 } else { 1 };
        before = Some(b);
        let most = match b {
            b'.' | b'*' => 3,
            b'x' | b'_' | b'?' | b'#' => 4,
            _ => 7,
        };
        run >= most
    })
}

fn few_characters(value: &str) -> bool {
    let mut seen = [false; 256];
    value.bytes().for_each(|b| seen[b as usize] = true);
    let distinct = seen.iter().filter(|s| **s).count();
    distinct <= 1 || distinct <= 2 && value.len() >= 6 || distinct <= 3 && value.len() >= 8 || value == "xxx"
}

fn is_sample(value: &str) -> bool {
    SAMPLES.contains(&value)
        || value.ends_with("EXAMPLE")
        || value.ends_with("EXAMPLEKEY")
        || value.ends_with("REDACTED")
        || value.starts_with("T00000000/B00000000/")
}

/// `your-token-here`, `change_me`, `replace with …`, `my-api-key`, `DB password`.
fn is_instruction(value: &str, lower: &str) -> bool {
    let words = words(value);
    if words.iter().any(|w| MARKS.contains(w.as_str())) {
        // A long random token may hold any word by accident; words that a separator cuts off are none.
        return !super::random::is_random(value) || value.split(|c: char| !c.is_alphanumeric()).any(is_mark);
    }
    (reads_as_order(value, &words) || ORDER_STARTS.iter().any(|start| lower.starts_with(start)))
        && !super::random::is_random(value)
}

const ORDER_STARTS: &[&str] =
    &["yoursecret", "yourpassword", "your_", "changeme", "change_me", "replaceme", "enteryour"];

/// Several words that tell the reader to put something there, or that only name a credential.
fn reads_as_order(value: &str, words: &[String]) -> bool {
    let [first, .., last] = words else { return false };
    if !(value.contains(['-', '_', ' ', '.']) || has_hump(value)) {
        return false;
    }
    let noun = words.iter().any(|w| NOUNS.contains(w.as_str()));
    let pair = |a: &str, b: &[&str]| words.windows(2).any(|w| w[0] == a && b.contains(&w[1].as_str()));
    last == "here"
        || first == "your"
        || pair("change", &["me", "this", "it"])
        || pair("replace", &["me", "this", "with", "by"])
        || pair("fill", &["me", "in"])
        || pair("to", &["be"])
        || pair("not", &["a", "real", "set"])
        || (ORDERS.contains(first) && noun)
        || (noun && names_only(value, words))
}

/// `sk-YOUR_API_KEY`: the reader's own, also right behind a provider's prefix.
fn asks_for_yours(lower: &str) -> bool {
    let nouns = ["key", "api", "token", "secret", "access", "password", "client", "private"];
    ["your_", "your-"]
        .iter()
        .filter_map(|order| lower.split_once(order))
        .any(|(_, what)| nouns.iter().any(|noun| what.starts_with(noun)))
}

fn is_mark(word: &str) -> bool {
    MARKS.contains(&word.to_lowercase())
}

fn has_hump(value: &str) -> bool {
    value.as_bytes().windows(2).any(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase())
}

/// `redis-master-password`, `dbPassword`: letters only, so it names a credential rather than being one.
fn names_only(value: &str, words: &[String]) -> bool {
    value.chars().all(|c| c.is_alphabetic() || "-_. ".contains(c)) && words.iter().all(|w| w.len() <= 16)
}

/// The longest run of letters and digits: the body behind a provider's prefix.
fn longest_section(lower: &str) -> &str {
    lower.split(|c: char| !c.is_alphanumeric()).max_by_key(|s| s.len()).unwrap_or("")
}

/// Characters in alphabetical or numerical order, or one unit repeated.
fn is_patterned(value: &str) -> bool {
    let bytes = value.as_bytes();
    if bytes.len() < 6 {
        return false;
    }
    is_sequential(bytes) || is_periodic(bytes) || few_characters(value)
}

fn is_sequential(bytes: &[u8]) -> bool {
    let mut ordered = 0;
    let mut start = 0;
    for at in 1..=bytes.len() {
        let step = |i: usize| i16::from(bytes[i]) - i16::from(bytes[i - 1]);
        let wraps = at < bytes.len() && bytes[at - 1] == b'9' && matches!(bytes[at], b'0' | b'a');
        let goes_on = at < bytes.len()
            && ((step(at)).abs() <= 1 && (at < 2 || start + 1 >= at || step(at) == step(at - 1)) || wraps);
        if !goes_on {
            if at - start >= 4 {
                ordered += at - start;
            }
            start = at;
        }
    }
    ordered * 2 > bytes.len()
}

/// Whether a unit of at most half the length repeats all through.
fn is_periodic(bytes: &[u8]) -> bool {
    if bytes.len() < 8 {
        return false;
    }
    // The longest border of each beginning (Knuth, Morris, Pratt).
    let mut border = vec![0usize; bytes.len()];
    for at in 1..bytes.len() {
        let mut k = border[at - 1];
        while k > 0 && bytes[k] != bytes[at] {
            k = border[k - 1];
        }
        border[at] = if bytes[k] == bytes[at] { k + 1 } else { 0 };
    }
    border.last().is_some_and(|b| (bytes.len() - b) * 2 <= bytes.len())
}

#[cfg(test)]
mod tests {
    use super::super::generate::expand;
    use super::is_placeholder;

    #[test]
    fn placeholders_are_told_by_grammar() {
        for value in [
            "null",
            "xxxxxxxx",
            "XXXX-XXXX",
            "********",
            "...",
            "…",
            "<your-token>",
            "[token]",
            "{password}",
            "your-api-key",
            "your_service_key_here",
            "YOUR_TOKEN",
            "my-api-key",
            "token-goes-here",
            "changeme",
            "change_me",
            "Change-Me-Now",
            "replace-with-real-token",
            "insert token",
            "example",
            "sample-key",
            "dummy",
            "fake_token",
            "REDACTED",
            "foo",
            "foobar",
            "abc123",
            "deadbeefdeadbeef",
            "aaaaaaaa",
            "1234567890abcdef",
            "abcdefghijklmnop",
            "{project}_{env}_your_key_here",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "redis-password",
            "mysql-root-password",
            "0123456789abcdef0123456789abcdef",
            "sk-xxxxxxxx",
            "prefix-<token>",
            "AKIAXXXXXXXXXXXXXXXX",
            "string",
            "my-secret-pw",
            "dbPassword",
            "00000000-0000-0000-0000-000000000000",
            "replace_me",
            "test-example-token",
            "yourpassword",
            "enter your password",
            "sk-or-v1-YOUR_API_KEY",
            "00YOUR_API_KEY",
            "EZTKREDACTED",
            "abcd1234abcd1234",
            "ghp_123456789012345678901234567890123456",
            "xxx",
        ] {
            assert!(is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn literals_are_not() {
        for value in [
            "hunter2",
            "postgres",
            "password",
            "secret",
            "admin",
            "Tr0ub4dor&3",
            "winter2024!",
            "rootpassword",
            "12ab",
            "mysecretpassword",
            "correcthorse",
            "x7",
            "Myfalse9true",
            "youramongst7",
            "herebedragons9",
        ] {
            assert!(!is_placeholder(value), "{value}");
        }
        for n in 0..300 {
            for mark in ["github-token", "aws-key-id", "aws-secret", "random-hex-32", "slack-bot", "password", "uuid"] {
                let value = expand(&format!("@@{mark}.{n}@@"));
                assert!(!is_placeholder(&value), "{mark}.{n}: {value}");
            }
        }
    }

    #[test]
    fn long_values_take_linear_time() {
        assert!(is_placeholder(&"x".repeat(1_000_000)));
        assert!(!is_placeholder(&"abcdefghij klm".repeat(100_000)));
    }
}
