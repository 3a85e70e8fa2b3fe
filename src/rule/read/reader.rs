//! Reading a YAML mapping whose keys are known.

use crate::rule::written::{Literal, Name, Tree};
use crate::syntax::yaml::NodeRef;
use crate::text::{Span, Spanned};
use std::collections::HashSet;

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The words at fault.
    pub span: Span,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// Levels of a template.
const DEEPEST: usize = 24;

/// Collects errors while values are read.
#[derive(Debug, Default)]
pub struct Reader {
    /// All that was wrong.
    pub errors: Vec<ReadError>,
}

/// One entry of a mapping.
#[derive(Clone, Copy)]
pub struct Entry<'t> {
    /// The key's text.
    pub name: &'t str,
    /// The key.
    pub key: NodeRef<'t>,
    /// The value.
    pub value: NodeRef<'t>,
}

impl Reader {
    /// Notes an error.
    pub fn error(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push(ReadError { span, message: message.into() });
    }

    /// The entries of a mapping; anything else is an error.
    pub fn entries<'t>(&mut self, node: NodeRef<'t>, what: &str) -> Vec<Entry<'t>> {
        if !node.is_mapping() {
            self.error(node.span(), format!("{what} must be a mapping"));
            return Vec::new();
        }
        let mut found: Vec<Entry<'t>> = Vec::new();
        let mut names = HashSet::new();
        for (key, value) in node.written() {
            let Some(name) = key.scalar() else {
                self.error(key.span(), format!("{what}: a key must be a text"));
                continue;
            };
            if !names.insert(name) {
                self.error(key.span(), format!("the key `{name}` is there twice"));
                continue;
            }
            found.push(Entry { name, key, value });
        }
        found
    }

    /// The entries of a mapping whose keys are known; others are errors that list them.
    pub fn known<'t>(&mut self, node: NodeRef<'t>, what: &str, known: &[&str]) -> Vec<Entry<'t>> {
        let entries = self.entries(node, what);
        for entry in &entries {
            if !known.contains(&entry.name) {
                self.error(entry.key.span(), unknown(&format!("key in {what}:"), entry.name, known));
            }
        }
        entries
    }

    /// A text; numbers and words like `true` count as texts too.
    pub fn text(&mut self, node: NodeRef<'_>, what: &str) -> Name {
        match node.scalar() {
            Some(text) => Spanned::new(text.to_owned(), node.span()),
            None => {
                self.error(node.span(), format!("{what} must be a text"));
                Spanned::new(String::new(), node.span())
            }
        }
    }

    /// A list of texts; a single text counts as a list of one.
    pub fn texts(&mut self, node: NodeRef<'_>, what: &str) -> Vec<Name> {
        if !node.is_sequence() {
            return vec![self.text(node, what)];
        }
        node.items().map(|item| self.text(item, what)).collect()
    }

    /// `true` or `false`.
    pub fn bool(&mut self, node: NodeRef<'_>, what: &str) -> bool {
        match node.plain() {
            Some("true") => true,
            Some("false") => false,
            _ => {
                self.error(node.span(), format!("{what} must be true or false"));
                false
            }
        }
    }

    /// Any YAML, as it is written; deeper than templates are it is refused.
    pub fn tree(&mut self, node: NodeRef<'_>, depth: usize) -> Tree {
        if depth > DEEPEST {
            self.error(node.span(), "this is nested too deeply");
            return Tree::default();
        }
        if node.is_mapping() {
            let entries = self.entries(node, "this");
            let pairs = entries.iter().map(|entry| {
                let name = Spanned::new(entry.name.to_owned(), entry.key.span());
                (name, self.tree(entry.value, depth + 1))
            });
            return Tree::Map(node.span(), pairs.collect());
        }
        if node.is_sequence() {
            return Tree::List(node.span(), node.items().map(|item| self.tree(item, depth + 1)).collect());
        }
        Tree::Text(self.text(node, "this"))
    }

    /// A value of whatever type it is written as.
    pub fn literal(&mut self, node: NodeRef<'_>, what: &str) -> Literal {
        if node.is_sequence() {
            return Literal::List(node.items().map(|i| self.text(i, what).value).collect());
        }
        match node.plain() {
            Some("true") => Literal::Bool(true),
            Some("false") => Literal::Bool(false),
            Some(text) => match (text.parse(), text.parse()) {
                (Ok(number), _) => Literal::Int(number),
                (_, Ok(number)) => Literal::Num(number),
                _ => Literal::Text(text.to_owned()),
            },
            None => Literal::Text(self.text(node, what).value),
        }
    }
}

/// `unknown key `requre`, did you mean `require`? (known: …)`
pub fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    let near = nearest(word, known).map_or(String::new(), |k| format!(", did you mean `{k}`?"));
    format!("unknown {what} `{word}`{near} (known: {})", known.join(", "))
}

/// The known word that is nearest to a misspelt one.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let limit = word.chars().count() / 3 + 1;
    let measured = known.iter().map(|k| (strsim::damerau_levenshtein(word, k), *k));
    measured.filter(|(distance, _)| *distance <= limit).min_by_key(|(distance, _)| *distance).map(|(_, k)| k)
}
