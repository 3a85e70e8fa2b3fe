//! Reads `structure:`: from YAML as written to a template, each expectation with a name of its own.

mod parts;
mod sections;
mod tree;
mod value;

use super::written::{Name, Tree};
use crate::check::structure::{Bounds, Need, Pattern, Shape, Siblings, Template, TextDemand, Total};
use crate::diagnostic::Severity;
use crate::text::Span;
use tree::Map;

/// The keys of a template, each with its meaning; the JSON Schema and the messages are made of them.
pub const KEYS: &[(&str, &str)] = &[
    ("title", "what the title must be like"),
    ("lines", "how many lines the document has"),
    ("fields", "fields of the header, in whatever syntax"),
    ("sections", "sections, their order and what is in them"),
    ("not-applicable", "where a document lists the sections that do not apply to it"),
    ("tables", "tables: columns, rows, cells"),
    ("tasks", "how many tasks, how numbered, which fields"),
    ("code", "fenced code: language, how many, whether it parses, a JSON Schema"),
    ("links", "whether relative links and anchors resolve"),
    ("text", "what words must or must not occur"),
    ("siblings", "files that lie beside the document"),
];

/// An expectation, as a variant of its rule.
pub(super) struct NamedShape {
    /// Such as `section/Context`.
    pub(super) name: String,
    /// Instead of the rule's.
    pub(super) severity: Option<Severity>,
    /// Instead of the standard sentence.
    pub(super) problem: Option<Name>,
}

/// Reads a template and collects what is wrong with it.
pub(super) struct Reading {
    pub(super) errors: Vec<(Span, String)>,
    pub(super) shapes: Vec<NamedShape>,
    severity: Severity,
    tested: bool,
}

/// What any expectation may say of itself.
#[derive(Default)]
pub(super) struct Said {
    need: Option<(Name, Word)>,
    severity: Option<Severity>,
    problem: Option<Name>,
}

/// How much something is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Must,
    Should,
    May,
}

impl Reading {
    pub(super) fn new(severity: Severity, tested: bool) -> Self {
        Self { errors: Vec::new(), shapes: Vec::new(), severity, tested }
    }

    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push((span, message.into()));
    }

    /// Reads a template.
    pub(super) fn template(&mut self, tree: &Tree) -> Template {
        let mut out = Template::default();
        let keys: Vec<&str> = KEYS.iter().map(|(key, _)| *key).collect();
        let Some(map) = self.map(tree, "a structure", &keys) else { return out };
        if map.is_empty() {
            self.error(tree.span(), "an empty structure demands nothing");
        }
        for (key, part) in map.entries() {
            match key.value.as_str() {
                "title" => {
                    let (said, value) = self.value(part, "the title", value::TITLE);
                    out.title = Some((self.shape("title", said), value));
                }
                "lines" => {
                    let (said, bounds) = self.bounds_with(part, "lines");
                    out.lines = Some((self.shape("lines", said), bounds));
                }
                "fields" => out.fields = self.fields(part, "field"),
                "sections" => out.sections = self.sections(part, "section"),
                "not-applicable" => out.not_applicable = self.names(part, "not-applicable"),
                "tables" => out.tables = self.tables(part, "table"),
                "tasks" => out.tasks = self.tasks(part),
                "code" => out.code = self.codes(part, "code"),
                "links" => self.links(part, &mut out),
                "text" => out.text = self.texts(part),
                "siblings" => out.siblings = self.siblings(part),
                _ => {}
            }
        }
        out
    }

    /// Numbers an expectation; its name holds no blanks, and a second one of a name gets a number.
    fn shape(&mut self, name: &str, said: Said) -> Shape {
        let plain: String = name.trim().chars().map(|c| if c.is_whitespace() || c == ',' { '-' } else { c }).collect();
        let taken = |name: &str| self.shapes.iter().any(|shape| shape.name == name);
        let mut unique = plain.clone();
        let mut number = 2;
        while taken(&unique) {
            unique = format!("{plain}-{number}");
            number += 1;
        }
        let should = matches!(said.need, Some((_, Word::Should)));
        let lower = match self.severity {
            Severity::Error => Severity::Warning,
            _ => Severity::Info,
        };
        let severity = said.severity.or(should.then_some(lower));
        self.shapes.push(NamedShape { name: unique, severity, problem: said.problem });
        self.shapes.len() - 1
    }

    /// Takes out what any expectation may say of itself.
    fn said(&mut self, map: &Map<'_>) -> Said {
        let need = self.word(map, "need", &[("must", Word::Must), ("should", Word::Should), ("may", Word::May)]);
        let severities = Severity::ALL.map(|severity| (severity.as_str(), severity));
        let severity = self.word(map, "severity", &severities).map(|(_, severity)| severity);
        let problem = map.get("problem").and_then(|tree| self.text(tree, "problem"));
        Said { need, severity, problem }
    }

    /// A word of a few.
    fn word<T: Copy>(&mut self, map: &Map<'_>, key: &str, words: &[(&str, T)]) -> Option<(Name, T)> {
        let name = map.get(key).and_then(|tree| self.text(tree, key))?;
        let found = words.iter().find(|(word, _)| *word == name.value);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.error(name.span, format!("`{key}` must be one of {}", known.join(", ")));
        }
        Some((name, found?.1))
    }

    fn pattern(&mut self, tree: &Tree, what: &str) -> Option<Pattern> {
        let name = self.text(tree, what)?;
        if !self.tested
            && let Err(error) = regex::Regex::new(&name.value)
        {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            self.error(name.span, format!("regular expression: {last}"));
        }
        Some(Pattern::new(&name.value))
    }

    fn links(&mut self, tree: &Tree, out: &mut Template) {
        let Some(map) = self.map(tree, "links", &["relative", "anchors"]) else { return };
        for (key, part) in map.entries() {
            let said = match part {
                Tree::Text(word) if word.value == "must-resolve" => Said::default(),
                Tree::Text(word) => {
                    self.error(
                        word.span,
                        "this must be `must-resolve`, or a mapping with `need`, `severity`, `problem`",
                    );
                    continue;
                }
                part => match self.map(part, "links", SAID) {
                    Some(map) => self.said(&map),
                    None => continue,
                },
            };
            let shape = self.shape(&format!("links/{}", key.value), said);
            match key.value.as_str() {
                "relative" => out.links.relative = Some(shape),
                _ => out.links.anchors = Some(shape),
            }
        }
    }

    fn texts(&mut self, tree: &Tree) -> Vec<TextDemand> {
        let mut out = Vec::new();
        let Some(map) = self.map(tree, "text", &["forbid", "require"]) else { return out };
        for (key, part) in map.entries() {
            let Some(patterns) = self.any_map(part, "the expressions") else { continue };
            for (name, about) in patterns.entries() {
                let mut unless = Vec::new();
                let said = match about {
                    Tree::Text(word) => {
                        let severity = word.value.parse().ok();
                        if severity.is_none() {
                            self.error(word.span, "this must be a severity, or a mapping");
                        }
                        Said { severity, ..Said::default() }
                    }
                    about => {
                        match self.map(about, "an expression", &["unless-status", "severity", "problem", "need"]) {
                            Some(map) => {
                                unless = map
                                    .get("unless-status")
                                    .map(|t| self.names(t, "unless-status"))
                                    .unwrap_or_default();
                                self.said(&map)
                            }
                            None => continue,
                        }
                    }
                };
                if name.value == "template-leftovers" && key.value == "forbid" {
                    out.push(TextDemand::Leftovers(self.shape("text/template-leftovers", said)));
                    continue;
                }
                let Some(pattern) = self.pattern(&Tree::Text(name.clone()), "an expression") else { continue };
                let shape = self.shape(&format!("text/{}", name.value), said);
                out.push(match key.value.as_str() {
                    "forbid" => TextDemand::Forbid(shape, pattern, unless),
                    _ => TextDemand::Require(shape, pattern),
                });
            }
        }
        out
    }

    fn siblings(&mut self, tree: &Tree) -> Option<Siblings> {
        let map = self.map(tree, "siblings", &["must-exist", "total-lines"])?;
        let mut out = Siblings::default();
        for file in map.get("must-exist").map(|t| self.list(t, "must-exist")).unwrap_or_default() {
            let shape = self.shape(&format!("siblings/{}", file.value), Said::default());
            out.exist.push((shape, file.value));
        }
        if let Some(total) = map.get("total-lines") {
            let keys = ["of", "between", "at-least", "at-most", "severity", "problem", "need"];
            let inner = self.map(total, "total-lines", &keys)?;
            let of = inner.get("of").map(|t| self.list(t, "of")).unwrap_or_default();
            if of.is_empty() {
                self.error(total.span(), "`total-lines` needs `of`: a list of files");
            }
            let said = self.said(&inner);
            let lines = self.bounds_of(&inner, total.span());
            let shape = self.shape("siblings/total-lines", said);
            out.total = Some(Total { shape, of: of.into_iter().map(|name| name.value).collect(), lines });
        }
        Some(out)
    }

    /// Limits with or without more to say: `5`, `15..25`, `{at-least: 3, severity: info}`.
    fn bounds_with(&mut self, tree: &Tree, what: &str) -> (Said, Bounds) {
        if let Tree::Map(..) = tree {
            let Some(map) = self.map(tree, what, &["between", "at-least", "at-most", "need", "severity", "problem"])
            else {
                return Default::default();
            };
            return (self.said(&map), self.bounds_of(&map, tree.span()));
        }
        (Said::default(), self.bounds(tree, what))
    }

    /// `need` of an expectation of something that may be missing.
    fn need(said: &Said) -> Need {
        match said.need {
            Some((_, Word::May)) => Need::May,
            _ => Need::Wanted,
        }
    }
}

/// What any expectation may say of itself.
pub(super) const SAID: &[&str] = &["need", "severity", "problem"];

/// Keys, and those that any expectation has.
pub(super) fn with_said(keys: &[&'static str]) -> Vec<&'static str> {
    keys.iter().chain(SAID).copied().collect()
}
