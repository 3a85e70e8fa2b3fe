//! Reading a YAML mapping whose keys are known.

use crate::rule::written::{Literal, Name};
use crate::syntax::yaml::NodeRef;
use crate::text::{Span, Spanned};

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The words at fault.
    pub span: Span,
    /// What is wrong, and what would be right.
    pub message: String,
}

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
        for (key, value) in node.written() {
            let Some(name) = key.scalar() else {
                self.error(key.span(), format!("{what}: a key must be a text"));
                continue;
            };
            if found.iter().any(|e| e.name == name) {
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
                let list = known.join(", ");
                let near = nearest(entry.name, known).map_or(String::new(), |k| format!(", did you mean `{k}`?"));
                let message = format!("unknown key `{}` in {what}{near} (known: {list})", entry.name);
                self.error(entry.key.span(), message);
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

/// The known word that shares most with a misspelt one: it differs by a letter or two.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let close = |k: &&&str| edits(word.as_bytes(), k.as_bytes()) <= word.len() / 4 + 1;
    known.iter().filter(close).min_by_key(|k| edits(word.as_bytes(), k.as_bytes())).copied()
}

/// Levenshtein's distance; words here are short, and the build script wants no crate for it.
fn edits(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
