//! Words of a name or a value: split where something other than a letter or digit stands, and at camelCase humps.

use fnv::FnvHashSet;
use std::sync::OnceLock;

/// A constant set of words, written as one text.
pub(super) struct WordSet {
    text: &'static str,
    index: OnceLock<Index>,
}

/// The words, to be asked for a whole one and for those that something begins with.
struct Index {
    whole: FnvHashSet<&'static str>,
    by_first_byte: Vec<Vec<&'static str>>,
    longest: usize,
}

impl WordSet {
    pub(super) const fn new(text: &'static str) -> Self {
        Self { text, index: OnceLock::new() }
    }

    pub(super) fn contains(&self, word: &str) -> bool {
        let index = self.index();
        word.len() <= index.longest && index.whole.contains(word)
    }

    /// The words that the text begins with, in the order in which they were written.
    pub(super) fn beginnings<'a>(&self, text: &'a str) -> impl Iterator<Item = &'static str> + use<'a, '_> {
        let bucket = text.as_bytes().first().and_then(|first| self.index().by_first_byte.get(usize::from(*first)));
        bucket.into_iter().flatten().copied().filter(move |word| text.starts_with(word))
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut by_first_byte = vec![Vec::new(); 256];
            let words = || self.text.split_ascii_whitespace();
            for word in words() {
                if let Some(first) = word.as_bytes().first() {
                    by_first_byte[usize::from(*first)].push(word);
                }
            }
            Index { whole: words().collect(), by_first_byte, longest: words().map(str::len).max().unwrap_or(0) }
        })
    }
}

/// The words, lower-cased, without trailing digits: `DB_APIKey2` is `db`, `api`, `key`.
pub fn words(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    let mut chars = name.chars().peekable();
    while let Some(c) = chars.next() {
        if !c.is_alphanumeric() {
            finish(&mut word, &mut found);
        } else {
            let hump = c.is_uppercase()
                && (before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && chars.peek().is_some_and(|n| n.is_lowercase())));
            if hump {
                finish(&mut word, &mut found);
            }
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    finish(&mut word, &mut found);
    found
}

fn finish(word: &mut String, found: &mut Vec<String>) {
    let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
    if !bare.is_empty() {
        found.push(bare.to_owned());
    } else if !word.is_empty() {
        found.push(std::mem::take(word));
    }
    word.clear();
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("DB_APIKey2"), ["db", "api", "key"]);
        assert_eq!(words("postgresRootPassword"), ["postgres", "root", "password"]);
        assert_eq!(words("spring.datasource-password"), ["spring", "datasource", "password"]);
        assert_eq!(words("a1b"), ["a1b"]);
        assert_eq!(words("--"), [""; 0]);
        assert_eq!(words("x_42"), ["x", "42"]);
    }
}
