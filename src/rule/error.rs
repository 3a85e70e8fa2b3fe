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
