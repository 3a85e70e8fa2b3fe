//! Fields and values.

use super::tree::comparable;
use super::{Reading, Said, with_said};
use crate::check::structure::{FieldDemand, Format, ValueDemand};
use crate::rule::written::{Name, Tree};

/// What a value may be asked.
const VALUE: &[&str] = &[
    "also",
    "must-be-one-of",
    "may-be",
    "matches",
    "format",
    "between",
    "min-words",
    "words",
    "must-link-to",
    "if-starts-with",
];
/// What a title may be asked.
pub(super) const TITLE: &[&str] = &["must-be-one-of", "matches", "words", "min-words"];

impl Reading {
    /// Fields by name, each with what it must be; `Name:` alone only has to be there.
    pub(super) fn fields(&mut self, tree: &Tree, prefix: &str) -> Vec<FieldDemand> {
        let Some(map) = self.any_map(tree, "fields") else { return Vec::new() };
        let mut out = Vec::new();
        for (name, about) in map.entries() {
            let (said, value, names) = self.field(name, about);
            let need = Self::need(&said);
            let shape = self.shape(&format!("{prefix}/{}", name.value), said);
            out.push(FieldDemand { shape, shown: name.value.clone(), names, need, value });
        }
        out
    }

    fn field(&mut self, name: &Name, about: &Tree) -> (Said, ValueDemand, Vec<String>) {
        let mut names = vec![comparable(&name.value)];
        if let Tree::Map(_, pairs) = about
            && let Some((_, also)) = pairs.iter().find(|(key, _)| key.value == "also")
        {
            names.extend(self.names(also, "also"));
        }
        let (said, value) = self.value(about, "a field", VALUE);
        (said, value, names)
    }

    /// What a value must be.
    pub(super) fn value(&mut self, tree: &Tree, what: &str, keys: &[&'static str]) -> (Said, ValueDemand) {
        let mut out = ValueDemand::default();
        let Some(map) = self.map(tree, what, &with_said(keys)) else { return (Said::default(), out) };
        let said = self.said(&map);
        for (key, part) in map.entries() {
            match key.value.as_str() {
                "must-be-one-of" => out.one_of = self.words(part, "must-be-one-of"),
                "may-be" => out.or = self.words(part, "may-be"),
                "matches" => out.matches = self.pattern(part, "matches"),
                "format" => out.format = self.word(&map, "format", Format::NAMES).map(|(_, format)| format),
                "between" => out.between = Some(self.bounds(part, "between")),
                "words" => out.words = Some(self.bounds(part, "words")),
                "min-words" => out.words = Some(self.least(part, "min-words")),
                "must-link-to" => {
                    let targets = [("anything", false), ("existing-file", true)];
                    match self.word(&map, "must-link-to", &targets) {
                        Some((_, true)) => out.file = true,
                        Some((_, false)) => out.link = true,
                        None => {}
                    }
                }
                "if-starts-with" => out.starting = self.starting(part),
                _ => {}
            }
        }
        (said, out)
    }

    fn starting(&mut self, tree: &Tree) -> Vec<(String, ValueDemand)> {
        let Some(map) = self.any_map(tree, "if-starts-with") else { return Vec::new() };
        let entries: Vec<_> = map.entries().collect();
        let keys = &["matches", "must-link-to", "min-words", "words"];
        entries.into_iter().map(|(word, about)| (word.value.clone(), self.value(about, "this", keys).1)).collect()
    }

    fn words(&mut self, tree: &Tree, what: &str) -> Vec<String> {
        self.list(tree, what).into_iter().map(|name| name.value).collect()
    }
}
