//! What a project demands of infralint: which rules, severities and options, and its own rule packs.
//!
//! Pure: whoever calls reads the files.

mod choose;
mod packs;
mod paths;
mod read;

pub use choose::Laid;
pub use packs::{PackSource, Packs, packs};
pub use paths::{Kinds, Paths};
pub use read::{KEYS, read};

use crate::diagnostic::Severity;
use crate::rule::error::LoadError;
use crate::rule::read::ReadError;
use crate::rule::written::{Literal, Name};
use crate::text::{Source, Spanned};

/// Names that a config file may have, the usual one first.
pub const FILE_NAMES: [&str; 2] = ["infralint.yaml", ".infralint.yaml"];

/// Options of one rule with their values.
pub type Values = Vec<(Name, Spanned<Literal>)>;

/// A config file, its form checked; whether what it names exists is found out when it meets the rules.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file, as errors name it.
    pub path: String,
    text: String,
    /// Whether its folder is the project's root.
    pub root: bool,
    /// Folders of rule packs, relative to the file.
    pub packs: Vec<Name>,
    /// Instead of the rules that are on by default.
    pub select: Option<Vec<Name>>,
    /// Besides them.
    pub extend_select: Vec<Name>,
    /// Without these.
    pub ignore: Vec<Name>,
    /// Severities by selector.
    pub severity: Vec<(Name, Severity)>,
    /// Values of options by rule.
    pub options: Vec<(Name, Values)>,
    /// Globs of what is never linted.
    pub exclude: Paths,
    /// The lowest severity that makes a run fail; the inner `None` is `never`.
    pub fail_on: Option<Option<Severity>>,
    /// Rules that no comment may silence.
    pub enforce: Vec<Name>,
    /// Where the documents of a type lie, instead of where their pack looks for them.
    pub documents: Vec<(Name, Vec<Name>)>,
    /// Kinds of files that are told wrongly.
    pub kinds: Kinds,
}

impl Config {
    /// An error at some of its words.
    pub fn error(&self, at: &Name, message: impl Into<String>) -> LoadError {
        LoadError::new(&self.path, at.span, message).locate(&Source::new(&*self.text))
    }
}

/// Errors of a file with their lines and columns.
fn located(path: &str, text: &str, errors: Vec<ReadError>) -> Vec<LoadError> {
    let source = Source::new(text);
    errors.into_iter().map(|e| LoadError::new(path, e.span, e.message).locate(&source)).collect()
}

#[cfg(test)]
mod tests;
