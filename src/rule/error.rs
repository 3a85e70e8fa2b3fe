//! What is wrong with a rule, pack or config file, and where.

use crate::text::{Source, Span};
use std::fmt;

/// An error that points into a file that the user wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// The file.
    pub path: String,
    /// The words at fault.
    pub span: Span,
    /// 1-based line and column; zero until [`LoadError::locate`] was called.
    pub line: u32,
    /// 1-based column.
    pub column: u32,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl LoadError {
    /// An error at a place.
    pub fn new(path: &str, span: Span, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), span, line: 0, column: 0, message: message.into() }
    }

    /// Fills in line and column.
    pub fn locate(mut self, source: &Source) -> Self {
        let position = source.position(self.span.start);
        (self.line, self.column) = (position.line, position.column);
        self
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}:{}: {}", self.path, self.column, self.message),
        }
    }
}

impl std::error::Error for LoadError {}

/// `unknown key "requre"; known keys: …, did you mean "require"?`
pub fn unknown(what: &str, word: &str, known: &[&str]) -> String {
    let nearest = nearest(word, known).map_or(String::new(), |k| format!(", did you mean `{k}`?"));
    let list = known.join(", ");
    match nearest.is_empty() {
        true => format!("unknown {what} `{word}`; known: {list}"),
        false => format!("unknown {what} `{word}`{nearest} Known: {list}"),
    }
}

/// The known word that is nearest to a misspelt one.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let limit = word.chars().count() / 3 + 1;
    let measured = known.iter().map(|k| (strsim::damerau_levenshtein(word, k), *k));
    measured.filter(|(distance, _)| *distance <= limit).min_by_key(|(distance, _)| *distance).map(|(_, k)| k)
}
