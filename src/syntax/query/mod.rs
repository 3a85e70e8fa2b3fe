//! Concrete syntax trees and queries over them: the only module that knows tree-sitter and its grammars.
//!
//! The front parsers make the facts; a tree is built only where a query asks for one. The grammars are
//! C, some of it fragile, so no text reaches them that a front parser has not measured first.

mod compile;
mod guard;
mod run;
pub mod scheme;
#[cfg(test)]
mod tests;

pub use compile::{FAULT, Query, check};
pub use guard::MAX_BYTES;
pub use run::{Found, Limits, Match, Shown, run};

use std::fmt;
use std::ops::Range;

/// What a query can look at.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Language {
    /// The blocks of a document.
    Markdown,
    /// What stands inside its paragraphs and headings.
    MarkdownInline,
    /// YAML of any kind, document by document.
    Yaml,
    /// Dockerfiles.
    Dockerfile,
}

impl Language {
    /// All of them.
    pub const ALL: [Language; 4] = [Language::Markdown, Language::MarkdownInline, Language::Yaml, Language::Dockerfile];

    /// The word that rule files use.
    pub fn name(self) -> &'static str {
        match self {
            Language::Markdown => "markdown",
            Language::MarkdownInline => "markdown-inline",
            Language::Yaml => "yaml",
            Language::Dockerfile => "dockerfile",
        }
    }

    /// The language of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.name() == name)
    }

    fn grammar(self) -> tree_sitter::Language {
        match self {
            Language::Markdown => tree_sitter_md::LANGUAGE.into(),
            Language::MarkdownInline => tree_sitter_md::INLINE_LANGUAGE.into(),
            Language::Yaml => tree_sitter_yaml::LANGUAGE.into(),
            Language::Dockerfile => tree_sitter_containerfile::LANGUAGE.into(),
        }
    }
}

/// What is wrong with a query, and where in its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryFault {
    /// Bytes of the query.
    pub at: Range<usize>,
    /// What is wrong, without a full stop.
    pub message: String,
}

impl QueryFault {
    fn new(at: Range<usize>, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

/// Why a text, or a part of it, was not queried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// More bytes than the grammars can be trusted with.
    TooLarge,
    /// More lines, or longer ones, than the grammar counts.
    TooLong,
    /// Nested too deeply for the grammar.
    TooDeep,
    /// Has a NUL.
    Nul,
    /// The front parser cannot read it.
    Broken,
    /// The grammar cannot read it, though the front parser can; the byte where it gave up.
    Unreadable(u32),
    /// More matches at once than are followed.
    TooMany,
    /// It took too long.
    Deadline,
}

impl Stop {
    /// The word for machines.
    pub fn kind(self) -> &'static str {
        match self {
            Stop::TooLarge => "too-large",
            Stop::TooLong => "too-long",
            Stop::TooDeep => "too-deep",
            Stop::Nul => "binary",
            Stop::Broken => "syntax-error",
            Stop::Unreadable(_) => "syntax-tree",
            Stop::TooMany => "too-many-matches",
            Stop::Deadline => "deadline",
        }
    }

    /// Whether the file should have been queried: no limit that is known beforehand was the reason.
    pub fn is_failure(self) -> bool {
        matches!(self, Stop::Deadline)
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stop::TooLarge => "it is larger than 1 MB",
            Stop::TooLong => "it has more than 32,000 lines, or a line of more than 32,000 characters",
            Stop::TooDeep => "it is nested too deeply",
            Stop::Nul => "it has a NUL byte",
            Stop::Broken => "its syntax is broken",
            Stop::Unreadable(_) => "their grammar cannot read all of it",
            Stop::TooMany => "too many matches are open at once",
            Stop::Deadline => "that took too long",
        })
    }
}
