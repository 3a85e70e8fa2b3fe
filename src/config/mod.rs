//! What a project demands of infralint: which rules, severities and options apply where, and its own rule packs.
//!
//! Pure: whoever calls reads the files.

mod chain;
mod choose;
mod hadolint;
mod ignores;
mod packs;
mod paths;
mod presets;
mod read;
mod scope;
mod version;

pub use chain::{Chain, Opened, Opener};
pub use choose::Laid;
pub use hadolint::{HADOLINT_FILES, Translated, translate as translate_hadolint};
pub use ignores::{Asked, Ignored, Words};
pub use packs::{PackSource, Packs, packs};
pub use paths::{Kinds, Paths};
pub use presets::PRESETS;
pub use read::{IGNORE_KEYS, KEYS, OVERRIDE_KEYS, read};
pub use scope::{Key, Left, Scope, Scopes, Told};

use crate::diagnostic::Severity;
use crate::rule::error::LoadError;
use crate::rule::read::ReadError;
use crate::rule::written::{Literal, Name};
use crate::text::{Source, Spanned};
use jiff::civil::Date;
use std::sync::Arc;
use version::Version;

/// Names that a config file may have, the usual one first.
pub const FILE_NAMES: [&str; 2] = ["infralint.yaml", ".infralint.yaml"];

/// Options of one rule with their values.
pub type Values = Vec<(Name, Spanned<Literal>)>;

/// A config file, its form checked; whether what it names exists is found out when it meets the rules.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file, as errors name it.
    pub path: String,
    /// The folder that its globs and packs are relative to; `""` for the root.
    pub base: String,
    source: Arc<Source>,
    /// Whether its folder is the project's root.
    pub root: bool,
    /// What it inherits from: paths and presets.
    pub extends: Vec<Name>,
    /// Folders of rule packs.
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
    /// The only files that are linted when a folder is.
    pub include: Option<Paths>,
    /// Globs of what is never linted.
    pub exclude: Paths,
    /// The lowest severity that makes a run fail; the inner `None` is `never`.
    pub fail_on: Option<Option<Severity>>,
    /// Rules that no comment may silence.
    pub enforce: Vec<Name>,
    /// Where the documents of a type lie, instead of where their pack looks for them.
    pub documents: Vec<(Name, Vec<Name>)>,
    /// Compose files that are read together, the base first.
    pub stacks: Vec<Vec<Name>>,
    /// Kinds of files that are told wrongly.
    pub kinds: Kinds,
    /// What is otherwise for some files.
    pub overrides: Vec<Override>,
    /// Findings that do not count.
    pub ignores: Vec<Ignore>,
    /// The newest version whose rules are on by default.
    ruleset: Option<Version>,
}

/// What is otherwise for some files.
#[derive(Clone, Debug, Default)]
pub struct Override {
    /// Which.
    pub paths: Paths,
    /// Rules that are on as well.
    pub select: Vec<Name>,
    /// Rules that are off.
    pub ignore: Vec<Name>,
    /// Severities by selector.
    pub severity: Vec<(Name, Severity)>,
    /// Values of options by rule.
    pub options: Vec<(Name, Values)>,
}

/// Findings that do not count: those that are all of this.
#[derive(Clone, Debug, Default)]
pub struct Ignore {
    /// Of these rules.
    pub rules: Vec<Name>,
    /// In these files; anywhere without.
    pub paths: Option<Paths>,
    /// About the things of these names.
    pub subjects: Vec<Name>,
    /// Why.
    pub reason: Option<String>,
    /// The last day on which this holds.
    pub until: Option<Spanned<Date>>,
}

impl Config {
    /// One that demands nothing. Its globs are relative to `base`, a folder below the root.
    fn new(path: &str, base: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            base: base.to_owned(),
            source: Arc::new(Source::new(text)),
            root: false,
            extends: Vec::new(),
            packs: Vec::new(),
            select: None,
            extend_select: Vec::new(),
            ignore: Vec::new(),
            severity: Vec::new(),
            options: Vec::new(),
            include: None,
            exclude: Paths::default(),
            fail_on: None,
            enforce: Vec::new(),
            documents: Vec::new(),
            stacks: Vec::new(),
            kinds: Kinds::default(),
            overrides: Vec::new(),
            ignores: Vec::new(),
            ruleset: None,
        }
    }

    /// An error at some of its words.
    pub fn error(&self, at: &Name, message: impl Into<String>) -> LoadError {
        LoadError::new(&self.path, at.span, message).locate(&self.source)
    }

    /// The file and line of some of its words.
    pub fn place(&self, at: &Name) -> String {
        format!("{}:{}", self.path, self.source.position(at.span.start).line)
    }
}

/// Errors of a file with their lines and columns.
fn located(path: &str, text: &str, errors: Vec<ReadError>) -> Vec<LoadError> {
    let source = Source::new(text);
    errors.into_iter().map(|e| LoadError::new(path, e.span, e.message).locate(&source)).collect()
}

#[cfg(test)]
mod tests;
