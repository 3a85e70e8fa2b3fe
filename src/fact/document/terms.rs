//! The words by which documents name things, as packs list them by language: headings, fields, common words.

use super::languages::Languages;
use std::collections::{BTreeMap, HashSet};

/// Names of things: for `status` the words `status`, `state` …; of all languages that packs know.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    of: BTreeMap<String, Vec<String>>,
    core: BTreeMap<String, Vec<String>>,
    /// The names of all that a header has.
    header: HashSet<String>,
    languages: Languages,
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

impl Terms {
    /// Adds names of a thing in a language.
    pub fn add<'n>(&mut self, language: &str, thing: &str, names: impl IntoIterator<Item = &'n str>) {
        if thing == COMMON {
            self.languages.add(language, names);
            return;
        }
        let list = self.of.entry(thing.to_owned()).or_default();
        let core = self.core.entry(thing.to_owned()).or_default();
        for (index, name) in names.into_iter().enumerate() {
            if index < CORE {
                core.push(name.to_owned());
            }
            if HEADER.contains(&thing) {
                self.header.insert(name.to_owned());
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
        self.header.contains(name)
    }

    /// The language of a text, where its words or its letters tell; `other` for one that is not known. And whether they
    /// are so many that it is sure.
    pub fn language(&self, text: &str) -> Option<(&str, bool)> {
        self.languages.of(text)
    }

    /// Whether a text of so many different words has none that every English text has.
    pub(super) fn is_not_english(&self, text: &str, words: usize) -> bool {
        self.languages.is_not_english(text, words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_by_what_they_name() {
        let mut terms = Terms::default();
        terms.add("en", "status", ["status", "state"]);
        assert!(terms.is("status", "state") && terms.is_header("state") && !terms.is_header("context"));
        assert_eq!(terms.language("The name of the game is to win, and the rest is luck."), None);
    }
}
