//! The language of a text, told by the words that hold its sentences together, and by its letters.

use fnv::{FnvHashMap, FnvHashSet};

/// Languages by their common words.
#[derive(Clone, Debug, Default)]
pub(super) struct Languages {
    names: Vec<String>,
    /// Of each common word the languages that have it, a bit each.
    common: FnvHashMap<String, u128>,
}

/// The language of most documents.
const ENGLISH: &str = "en";

/// What a text is called whose language is none of those that are known.
const OTHER: &str = "other";

/// Languages that are told from each other.
const MOST: usize = 128;

/// Words that a text must have before its language is told by them alone.
const ENOUGH: usize = 5;

/// So many different words, and none that every text of a language has.
const MANY: usize = 25;

/// With so many of them no other language catches up.
const SURE: usize = 100;

/// Words of a text that are looked at.
const LOOKED_AT: usize = 2000;

/// The longest common word, in bytes.
const LONGEST: usize = 12;

/// What the words of a text say of its language.
#[derive(Default)]
struct Count<'t> {
    /// Of each language how many words it has in common with the text, and how many different ones.
    found: Vec<(usize, usize)>,
    seen: FnvHashSet<&'t str>,
    /// Different words with letters that English has not.
    marked: FnvHashSet<&'t str>,
    /// Different words.
    words: FnvHashSet<&'t str>,
}

impl Languages {
    /// Adds common words of a language.
    pub(super) fn add<'n>(&mut self, language: &str, words: impl IntoIterator<Item = &'n str>) {
        let known = self.names.iter().position(|name| name == language);
        let at = known.unwrap_or_else(|| {
            self.names.push(language.to_owned());
            self.names.len() - 1
        });
        if at >= MOST {
            return;
        }
        for word in words {
            *self.common.entry(word.to_owned()).or_default() |= 1 << at;
        }
    }

    /// The language of a text, where its words or its letters tell; and whether they are so many that it is sure.
    pub(super) fn of(&self, text: &str) -> Option<(&str, bool)> {
        if !text.is_ascii() && is_of_another_script(text) {
            return Some((OTHER, true));
        }
        if self.names.is_empty() {
            return None;
        }
        let count = self.count(text);
        let english = self.english(&count);
        let others = self.names.iter().zip(&count.found).filter(|(name, _)| *name != ENGLISH);
        let (best, (all, different)) = others.rev().max_by_key(|(_, found)| **found).map(|(n, f)| (n, *f))?;
        // Words with marks are none of an English text, and those of a short one may be all that there is to tell it by.
        let signs = different.max(usize::from(all > 0)) + count.marked.len();
        let varied = count.words.len() >= MANY;
        let hinted = signs >= 2 && signs > 2 * english;
        if all > english && (all >= ENOUGH || varied || hinted) {
            return Some((best, all >= 2 * ENOUGH));
        }
        if english >= ENOUGH {
            return Some((ENGLISH, true));
        }
        let nothing = english == 0 && varied;
        let unknown = nothing || (hinted && count.marked.len() > english);
        unknown.then_some((OTHER, nothing))
    }

    /// Whether a text of so many different words has none that every English text has.
    pub(super) fn is_not_english(&self, text: &str, words: usize) -> bool {
        let count = self.count(text);
        !self.names.is_empty() && self.english(&count) == 0 && count.words.len() >= words
    }

    fn english(&self, count: &Count<'_>) -> usize {
        let at = self.names.iter().position(|name| name == ENGLISH);
        at.and_then(|at| count.found.get(at)).map_or(0, |found| found.0)
    }

    fn count<'t>(&'t self, text: &'t str) -> Count<'t> {
        let mut count = Count { found: vec![(0, 0); self.names.len()], ..Count::default() };
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let words = words.filter(|word| !word.bytes().any(|b| b.is_ascii_digit()));
        let mut lower = String::new();
        for word in words.take(LOOKED_AT) {
            count.words.insert(word);
            if !word.is_ascii() {
                count.marked.insert(word);
            }
            if word.len() > LONGEST {
                continue;
            }
            lower.clear();
            match word.is_ascii() {
                true => {
                    lower.push_str(word);
                    lower.make_ascii_lowercase();
                }
                false => lower.extend(word.chars().flat_map(char::to_lowercase)),
            }
            let Some((known, &languages)) = self.common.get_key_value(&lower) else { continue };
            let new = count.seen.insert(known.as_str());
            let (mut left, mut sure) = (languages, false);
            while left != 0 {
                if let Some(found) = count.found.get_mut(left.trailing_zeros() as usize) {
                    found.0 += 1;
                    found.1 += usize::from(new);
                    sure |= found.0 >= SURE;
                }
                left &= left - 1;
            }
            if sure {
                break;
            }
        }
        count
    }
}

/// Whether most letters are of another script than the Latin one.
fn is_of_another_script(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(4000);
    let (all, latin) = letters.fold((0, 0), |(all, latin), c| (all + 1, latin + usize::from((c as u32) < 0x250)));
    all >= 8 && latin * 2 < all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_told_by_its_words_or_not_at_all() {
        let mut languages = Languages::default();
        languages.add("en", ["the", "and", "of", "to", "is", "we", "in"]);
        languages.add("de", ["der", "die", "und", "ist", "von"]);
        languages.add("nb", ["vi", "blir", "og", "om", "en"]);
        languages.add("lt", ["yra", "nuo", "tai"]);
        let cases = [
            ("The name of the game is to win, and the rest is luck.", Some("en")),
            ("Der Dienst ist die Grundlage, und von ihr hängt der Rest ab.", Some("de")),
            ("Redis 7, 256 MB", None),
            (
                "Zapisujemy zamówienie. Kolejka przechowuje wiadomości przez siedem dni. Usługa czyta je po kolei. Błędy \
                 trafiają gdzie indziej. Operator sprawdza je rano. Nic przy awarii nie ginie.",
                Some("other"),
            ),
            ("サービスはデータベースの後に起動します。これは重要な決定です。", Some("other")),
            // Short texts: what they have of another language counts double against what they have of English.
            ("Status Vedtatt Context Bestillinger blir borte om natta. Decision Vi bruker Redis.", Some("nb")),
            ("Context Noční export. Decision Čteme z repliky.", Some("other")),
            ("Queue, Status: Merged, Context: die of thirst, Decision: Redis in Zürich, asked by Müller", None),
            ("Die OS, die.", None),
            ("", None),
        ];
        for (text, language) in cases {
            assert_eq!(languages.of(text).map(|(name, _)| name), language, "{text}");
        }
        let words =
            "Foleni Imekubaliwa Context Maagizo yanapotea usiku Decision Tunatumia Redis Huduma moja zaidi inahitaji";
        assert!(languages.is_not_english(words, 12) && !languages.is_not_english("Redis 7", 12));
        assert!(!languages.is_not_english(&format!("{words} the"), 12));
        assert_eq!(Languages::default().of(words), None);
        assert_eq!(languages.of("Vi bruker Redis om natta."), Some(("nb", false)));
    }
}
