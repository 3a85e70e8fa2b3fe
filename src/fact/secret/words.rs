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

    /// All of them, as they were written.
    pub(super) fn words(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.text.split_ascii_whitespace()
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
            let words = || self.words();
            for word in words() {
                if let Some(first) = word.as_bytes().first() {
                    by_first_byte[usize::from(*first)].push(word);
                }
            }
            Index { whole: words().collect(), by_first_byte, longest: words().map(str::len).max().unwrap_or(0) }
        })
    }
}

/// The words of a name, lower-cased, without trailing digits: `DB_APIKey2` is `db`, `api`, `key`.
pub(super) struct Words {
    text: String,
    /// Where each begins and ends.
    ends: Vec<(u32, u32)>,
}

impl Words {
    /// Splits a name. One text holds all words: most names of a manifest are asked what they promise.
    pub(super) fn of(name: &str) -> Self {
        let mut words = Self { text: String::with_capacity(name.len()), ends: Vec::with_capacity(6) };
        let mut start = 0;
        let mut before = ' ';
        let mut chars = name.chars().peekable();
        while let Some(c) = chars.next() {
            if !c.is_alphanumeric() {
                start = words.finish(start);
            } else {
                let hump = c.is_uppercase()
                    && (before.is_lowercase()
                        || before.is_ascii_digit()
                        || (before.is_uppercase() && chars.peek().is_some_and(|n| n.is_lowercase())));
                if hump {
                    start = words.finish(start);
                }
                words.text.extend(c.to_lowercase());
            }
            before = c;
        }
        words.finish(start);
        words
    }

    /// Notes the word that begins at `start`, and says where the next one does.
    fn finish(&mut self, start: usize) -> usize {
        let word = &self.text[start..];
        let bare = word.trim_end_matches(|c: char| c.is_ascii_digit());
        let kept = if bare.is_empty() { word } else { bare };
        if !kept.is_empty() {
            self.ends.push((start as u32, (start + kept.len()) as u32));
        }
        self.text.len()
    }

    /// One of them.
    pub(super) fn get(&self, at: usize) -> Option<&str> {
        self.ends.get(at).and_then(|&(start, end)| self.text.get(start as usize..end as usize))
    }

    /// All of them, in their order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &str> + ExactSizeIterator {
        self.ends.iter().map(|&(start, end)| &self.text[start as usize..end as usize])
    }
}

/// The words of a name, each a text of its own.
pub fn words(name: &str) -> Vec<String> {
    Words::of(name).iter().map(str::to_owned).collect()
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
