//! The words by which documents name things, as packs list them by language: headings, fields, common words.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Names of things: for `status` the words `status`, `state` …; of all languages that packs know.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    of: BTreeMap<String, Vec<String>>,
    core: BTreeMap<String, Vec<String>>,
    /// The languages that have a common word.
    common: HashMap<String, BTreeSet<String>>,
}

/// The thing whose names are the words that tell a language.
pub const COMMON: &str = "common";

/// Things that are fields of a document's header.
const HEADER: &[&str] = &[
    "status",
    "date",
    "created",
    "reviewed",
    "author",
    "owner",
    "deciders",
    "type",
    "component-type",
    "priority",
    "dependencies",
    "severity",
    "document-id",
    "source-prd",
    "version",
];

/// Names of a thing that mean nothing else.
const CORE: usize = 3;

/// Words that a text must have before its language is told by them.
const ENOUGH: usize = 5;

/// Words among which one of these must be.
const MANY: usize = 25;

/// With so many of them no other language catches up.
const SURE: usize = 100;

impl Terms {
    /// Adds names of a thing in a language.
    pub fn add<'n>(&mut self, language: &str, thing: &str, names: impl IntoIterator<Item = &'n str>) {
        if thing == COMMON {
            for name in names {
                self.common.entry(name.to_owned()).or_default().insert(language.to_owned());
            }
            return;
        }
        let list = self.of.entry(thing.to_owned()).or_default();
        let core = self.core.entry(thing.to_owned()).or_default();
        for (index, name) in names.into_iter().enumerate() {
            if index < CORE {
                core.push(name.to_owned());
            }
            if !list.iter().any(|known| known == name) {
                list.push(name.to_owned());
            }
        }
    }

    /// The names of a thing, the best first.
    pub fn of(&self, thing: &str) -> &[String] {
        self.of.get(thing).map_or(&[], Vec::as_slice)
    }

    /// Whether a normalised name is one of a thing's.
    pub fn is(&self, thing: &str, name: &str) -> bool {
        self.of(thing).iter().any(|known| known == name)
    }

    /// Whether it is one of the names that tell a thing from all others: the first three of a language.
    pub fn is_core(&self, thing: &str, name: &str) -> bool {
        self.core.get(thing).is_some_and(|names| names.iter().any(|known| known == name))
    }

    /// Whether it names a field of a document's header.
    pub fn is_header(&self, name: &str) -> bool {
        HEADER.iter().any(|thing| self.is(thing, name))
    }

    /// The language of a text, where its common words or its letters tell; `other` for letters of another script.
    pub fn language(&self, text: &str) -> Option<&str> {
        if !text.is_ascii() && is_foreign(text) {
            return Some("other");
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| (1..=8).contains(&word.len()));
        let mut lower = String::new();
        for word in words.take(2000) {
            lower.clear();
            if word.is_ascii() {
                lower.push_str(word);
                lower.make_ascii_lowercase();
            } else {
                lower.extend(word.chars().flat_map(char::to_lowercase));
            }
            for language in self.common.get(&lower).into_iter().flatten() {
                let count = counts.entry(language).or_default();
                *count += 1;
                if *count == SURE {
                    return Some(language);
                }
            }
        }
        // So many words and few of those that every English text is full of: another language, known or not.
        let english = counts.get("en").copied().unwrap_or_default();
        let told = || !self.common.is_empty() && is_varied(text);
        let Some(best) = counts.into_iter().max_by_key(|(_, count)| *count) else {
            return told().then_some("other");
        };
        (best.1 >= ENOUGH || (best.1 > english && told())).then_some(best.0)
    }
}

/// Whether most letters are of another script than the Latin one.
fn is_foreign(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).take(4000);
    let (all, latin) = letters.fold((0, 0), |(all, latin), c| (all + 1, latin + usize::from((c as u32) < 0x250)));
    all >= 40 && latin * 2 < all
}

/// Whether a text has so many different words that those which hold sentences together must be among them.
fn is_varied(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.take(2000).collect::<BTreeSet<&str>>().len() >= MANY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_told_by_its_words_or_not_at_all() {
        let mut terms = Terms::default();
        terms.add("en", COMMON, ["the", "and", "of", "to", "is"]);
        terms.add("de", COMMON, ["der", "die", "und", "ist", "von"]);
        terms.add("en", "status", ["status", "state"]);
        let cases = [
            ("The name of the game is to win, and the rest is luck.", Some("en")),
            ("Der Dienst ist die Grundlage, und von ihr hängt der Rest ab.", Some("de")),
            ("Redis 7, 256 MB", None),
            (
                "Zapisujemy każde zamówienie w kolejce. Kolejka przechowuje wiadomości przez siedem dni. Usługa czyta \
                 wiadomości po kolei. Błędy trafiają do osobnej kolejki. Operator sprawdza ją rano. Nic nie ginie, \
                 nawet przy awarii bazy.",
                Some("other"),
            ),
            (
                "サービスはデータベースの後に起動します。これは重要な決定です。サービスはデータベースの後に起動します。",
                Some("other"),
            ),
            ("", None),
        ];
        for (text, language) in cases {
            assert_eq!(terms.language(text), language, "{text}");
        }
        assert!(terms.is("status", "state") && terms.is_header("state") && !terms.is_header("context"));
    }
}
