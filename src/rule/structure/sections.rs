//! Sections and what stands in them.

use super::tree::{Map, comparable};
use super::{Reading, Said, with_said};
use crate::check::structure::{Bounds, Content, Each, Numbering, SectionDemand, Sections};
use crate::fact::document::normalise;
use crate::rule::written::{Name, Tree};

const SECTIONS: &[&str] = &["list", "order", "closed", "level", "numbered", "match", "count", "each"];
const CONTENT: &[&str] = &[
    "words",
    "min-words",
    "items",
    "ordered",
    "tasks",
    "links",
    "images",
    "matches",
    "mentions",
    "fields",
    "tables",
    "code",
    "sections",
    "one-of",
];

impl Reading {
    /// The sections of a document or a section.
    pub(super) fn sections(&mut self, tree: &Tree, prefix: &str) -> Option<Sections> {
        let map = self.map(tree, "sections", SECTIONS)?;
        let mut out = Sections::default();
        if let Some(list) = map.get("list") {
            out.list = self.section_list(list, prefix);
        }
        if let Some((_, true)) = self.word(&map, "order", &[("any", false), ("strict", true)]) {
            out.order = Some(self.shape(&format!("{prefix}/order"), Said::default()));
        }
        if map.get("closed").is_some_and(|tree| self.flag(tree, "closed")) {
            out.closed = Some(self.shape(&format!("{prefix}/unexpected"), Said::default()));
        }
        for level in map.get("level").map(|tree| self.list(tree, "level")).unwrap_or_default() {
            match level.value.parse() {
                Ok(number) if (1..=6).contains(&number) => out.levels.push(number),
                _ => self.error(level.span, "`level` must be 1 to 6"),
            }
        }
        let words = [("true", Some(Numbering::All)), ("false", None), ("where-numbered", Some(Numbering::Given))];
        let numbered = self.word(&map, "numbered", &words).and_then(|(_, numbering)| numbering);
        let numbered = numbered.map(|how| (self.shape(&format!("{prefix}/numbers"), Said::default()), how));
        match map.get("match") {
            Some(_) => out.each = self.each(&map, prefix, numbered.map(|(shape, _)| shape)),
            None => {
                out.numbered = numbered;
                for key in ["count", "each"] {
                    if let Some(tree) = map.get(key) {
                        self.error(tree.span(), format!("`{key}` needs a `match`"));
                    }
                }
            }
        }
        Some(out)
    }

    fn each(&mut self, map: &Map<'_>, prefix: &str, numbered: Option<usize>) -> Option<Each> {
        let matches = self.pattern(map.get("match")?, "match")?;
        let count = map.get("count").map(|tree| {
            let (said, bounds) = self.bounds_with(tree, "count");
            (self.shape(&format!("{prefix}/count"), said), bounds)
        });
        let content = map.get("each").and_then(|tree| {
            let inner = self.map(tree, "each", &with_said(CONTENT))?;
            let said = self.said(&inner);
            let name = format!("{prefix}/each");
            let shape = self.shape(&name, said);
            Some((shape, self.content(&inner, &name)))
        });
        Some(Each { matches, count, numbered, content })
    }

    /// A list whose members are names, or names with what is expected.
    fn section_list(&mut self, tree: &Tree, prefix: &str) -> Vec<SectionDemand> {
        let mut named: Vec<(&Name, Option<&Tree>)> = Vec::new();
        match tree {
            Tree::List(_, items) => {
                for item in items {
                    match item {
                        Tree::Text(name) => named.push((name, None)),
                        Tree::Map(_, pairs) => named.extend(pairs.iter().map(|(name, about)| (name, Some(about)))),
                        Tree::List(span, _) => self.error(*span, "a section is a name, or a name with a mapping"),
                    }
                }
            }
            Tree::Map(_, pairs) => named.extend(pairs.iter().map(|(name, about)| (name, Some(about)))),
            Tree::Text(name) => self.error(name.span, "`list` must be a list of sections"),
        }
        named.into_iter().map(|(name, about)| self.section(name, about, prefix)).collect()
    }

    fn section(&mut self, name: &Name, about: Option<&Tree>, prefix: &str) -> SectionDemand {
        let path = format!("{prefix}/{}", name.value);
        let mut names = vec![comparable(&name.value)];
        let (mut said, mut lead) = (Said::default(), false);
        let keys = with_said(&[CONTENT, &["also", "bold-lead"]].concat());
        let map = about.and_then(|tree| self.map(tree, "a section", &keys));
        if let Some(map) = &map {
            said = self.said(map);
            lead = map.get("bold-lead").is_some_and(|tree| self.flag(tree, "bold-lead"));
            names.extend(map.get("also").map(|tree| self.names(tree, "also")).unwrap_or_default());
        }
        let need = Self::need(&said);
        let shape = self.shape(&path, said);
        let content = map.map(|map| self.content(&map, &path)).unwrap_or_default();
        SectionDemand { shape, shown: name.value.clone(), names, need, lead, content }
    }

    fn content(&mut self, map: &Map<'_>, path: &str) -> Content {
        let mut out = Content::default();
        for (key, tree) in map.entries() {
            match key.value.as_str() {
                "words" => out.words = Some(self.bounds(tree, "words")),
                "min-words" => out.words = Some(self.least(tree, "min-words")),
                "items" => out.items = Some(self.bounds(tree, "items")),
                "ordered" => out.ordered = Some(self.bounds(tree, "ordered")),
                "tasks" => out.tasks = Some(self.bounds(tree, "tasks")),
                "links" => out.links = Some(self.bounds(tree, "links")),
                "images" => out.images = Some(self.bounds(tree, "images")),
                "matches" => out.matches = self.patterns(tree),
                "mentions" => out.mentions = self.mentions(tree),
                "fields" => out.fields = self.fields(tree, path),
                "tables" => out.tables = self.tables(tree, path),
                "code" => out.code = self.codes(tree, &format!("{path}/code")),
                "sections" => out.sections = self.sections(tree, path).map(Box::new),
                "one-of" => out.one_of = self.one_of(tree, path),
                _ => {}
            }
        }
        out
    }

    fn patterns(&mut self, tree: &Tree) -> Vec<crate::check::structure::Pattern> {
        let names = self.list(tree, "matches");
        names.into_iter().filter_map(|name| self.pattern(&Tree::Text(name), "matches")).collect()
    }

    /// Topics, with the words of which one must occur; a topic alone is its own word.
    fn mentions(&mut self, tree: &Tree) -> Vec<(String, Vec<String>)> {
        if let Tree::Map(_, pairs) = tree {
            let topic = |(name, words): &(Name, Tree)| (name.value.clone(), self.names(words, "a topic"));
            return pairs.iter().map(topic).collect();
        }
        let names = self.list(tree, "mentions");
        names.into_iter().map(|name| (name.value.clone(), vec![normalise(&name.value)])).collect()
    }

    fn one_of(&mut self, tree: &Tree, path: &str) -> Vec<Content> {
        let Tree::List(_, items) = tree else {
            self.error(tree.span(), "`one-of` must be a list");
            return Vec::new();
        };
        // Its members are no expectations of their own: the section as a whole is at fault.
        let before = self.shapes.len();
        let found = items.iter().filter_map(|item| {
            let map = self.map(item, "one of a section's contents", CONTENT)?;
            Some(self.content(&map, path))
        });
        let found = found.collect();
        self.shapes.truncate(before);
        found
    }

    pub(super) fn least(&mut self, tree: &Tree, what: &str) -> Bounds {
        let least = self.text(tree, what).and_then(|name| name.value.trim().parse().ok());
        if least.is_none() {
            self.error(tree.span(), format!("`{what}` must be a number"));
        }
        Bounds { least, most: None }
    }
}
