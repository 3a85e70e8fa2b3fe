//! Findings that a config says do not count.

use super::{Chain, Config, Paths};
use crate::rule::error::LoadError;
use crate::rule::library::Library;
use crate::rule::select::Selected;
use crate::text::{Source, Span};
use globset::GlobMatcher;
use jiff::civil::Date;
use std::sync::Arc;

/// An entry of `ignores`, with what it names looked up.
#[derive(Debug)]
pub struct Ignored {
    targets: Vec<Selected>,
    paths: Option<Paths>,
    subjects: Vec<(String, Option<GlobMatcher>)>,
    /// Why these findings do not count.
    pub reason: Option<String>,
    /// The last day on which they do not.
    pub until: Option<Date>,
    /// The rules as written.
    pub written: String,
    /// The file and line of the entry.
    pub place: String,
    /// Where the first of its rules is written.
    pub words: Words,
    /// Where its day is written.
    pub until_words: Option<Words>,
}

/// Words of a config.
#[derive(Clone, Debug)]
pub struct Words {
    /// The file, as errors name it.
    pub path: String,
    /// Its text.
    pub source: Arc<Source>,
    /// Their place in it.
    pub span: Span,
}

/// What is asked about.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The rule and variant that fired.
    pub rule: Selected,
    /// The file, relative to the root.
    pub path: &'a str,
    /// The thing that the finding is about.
    pub subject: Option<&'a str>,
}

impl Ignored {
    /// Whether a finding does not count, days apart.
    pub fn covers(&self, asked: Asked<'_>) -> bool {
        let named = |target: &Selected| {
            target.rule == asked.rule.rule && (target.variant.is_none() || target.variant == asked.rule.variant)
        };
        self.targets.iter().any(named)
            && self.paths.as_ref().is_none_or(|paths| paths.contain(asked.path))
            && (self.subjects.is_empty() || asked.subject.is_some_and(|subject| self.is_about(subject)))
    }

    /// Whether its last day is over.
    pub fn expired(&self, today: Date) -> bool {
        self.until.is_some_and(|day| day < today)
    }

    /// The rules that it names.
    pub fn targets(&self) -> &[Selected] {
        &self.targets
    }

    fn is_about(&self, subject: &str) -> bool {
        self.subjects.iter().any(|(name, glob)| name == subject || glob.as_ref().is_some_and(|g| g.is_match(subject)))
    }
}

/// The entries of all layers.
///
/// # Errors
/// Every name that nothing has.
pub(super) fn ignored(chain: &Chain, library: &Library) -> Result<Vec<Ignored>, Vec<LoadError>> {
    let (mut found, mut errors) = (Vec::new(), Vec::new());
    for config in chain.layers() {
        for entry in &config.ignores {
            found.push(one(config, entry, library, &mut errors));
        }
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

fn one(config: &Arc<Config>, entry: &super::Ignore, library: &Library, errors: &mut Vec<LoadError>) -> Ignored {
    let mut targets = Vec::new();
    for name in &entry.rules {
        match library.index.find(name.value.trim(), &library.rules) {
            Ok(selected) => targets.extend(selected),
            Err(message) => errors.push(config.error(name, message)),
        }
    }
    let glob = |name: &crate::rule::written::Name| {
        // Brackets and the like may be part of a name; what is no glob is compared as it stands.
        let glob = globset::Glob::new(&name.value).ok().filter(|_| name.value.contains(['*', '?']));
        (name.value.clone(), glob.map(|glob| glob.compile_matcher()))
    };
    let names: Vec<&str> = entry.rules.iter().map(|name| name.value.as_str()).collect();
    let words = |span: Span| Words { path: config.path.clone(), source: config.source.clone(), span };
    Ignored {
        targets,
        paths: entry.paths.clone(),
        subjects: entry.subjects.iter().map(glob).collect(),
        reason: entry.reason.clone(),
        until: entry.until.map(|until| until.value),
        written: names.join(", "),
        place: entry.rules.first().map_or(config.path.clone(), |name| config.place(name)),
        words: words(entry.rules.first().map_or(Span::default(), |name| name.span)),
        until_words: entry.until.map(|until| words(until.span)),
    }
}
