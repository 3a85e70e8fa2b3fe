//! What a run makes of a file before any rule fires: its kinds, and the packs that look at it.

use super::raw::Scope;
use super::{Plan, Session};
use crate::fact::{self, Facts, File};
use crate::rule::{CompiledCheck, Rule};
use crate::syntax::Kind;
use crate::syntax::kind::{Guess, classify_document};
use crate::syntax::yaml::Yaml;
use crate::text::{Source, Text};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a run makes of a file.
#[derive(Debug, PartialEq)]
pub struct Looks {
    /// Its kind; of YAML those of its documents, each once.
    pub kinds: Vec<Kind>,
    /// Whether it is somebody else's, or made by a program.
    pub foreign: bool,
    /// Packs with a selected rule that something in the file meets.
    pub packs: BTreeSet<Arc<str>>,
}

impl Session<'_> {
    /// What the run makes of a file; of one that its config leaves out what a policy makes of it.
    pub fn looks(&self, path: &str, source: &Source, bound: bool) -> Looks {
        let (file, plan) = (self.file(path, source), self.plans.of(path, bound));
        let mut facts = Facts::default();
        fact::build(&file, plan.wanted(), &mut facts);
        let numbered = (0..plan.library.rules.len()).map(|number| plan.rule(number));
        let active = numbered.filter(|(_, state)| state.active()).map(|(rule, _)| rule);
        let packs = active.filter(|rule| meets(rule, &facts, &file)).map(|rule| rule.pack.clone()).collect();
        Looks { kinds: kinds(&file), foreign: file.foreign, packs }
    }

    /// The packs whose rules read plain text, which is all that a file over the parsers' limit meets.
    pub fn text_packs(&self, path: &str, bound: bool) -> BTreeSet<Arc<str>> {
        let plan: &Plan<'_> = &self.plans.of(path, bound);
        let numbered = (0..plan.library.rules.len()).map(|number| plan.rule(number));
        let text = |rule: &Rule| matches!(rule.check, CompiledCheck::Pattern(_));
        numbered.filter(|(rule, state)| state.active() && text(rule)).map(|(rule, _)| rule.pack.clone()).collect()
    }
}

/// Whether something in a file is what a rule asks about.
fn meets(rule: &Rule, facts: &Facts, file: &File<'_>) -> bool {
    let scope = Scope { path: file.path, kind: file.kind.name(), secrets_only: file.foreign };
    let has = |subject: &str| speaks_of(subject, file.kind) || facts.subjects.iter().any(|fact| &*fact.name == subject);
    let there = match &rule.check {
        CompiledCheck::Require { subject, .. } | CompiledCheck::Structure { subject, .. } => has(subject),
        CompiledCheck::Native(native) => native.subjects.iter().any(|subject| has(subject)),
        CompiledCheck::Pattern(_) => true,
        CompiledCheck::Query(_) => !rule.kinds.is_empty(),
        CompiledCheck::Engine(_) => false,
    };
    there && scope.admits(rule)
}

/// Whether every file of a kind is asked about, though only one at fault may have such facts.
fn speaks_of(subject: &str, kind: Kind) -> bool {
    match subject.split('.').next() {
        Some("text") => true,
        Some("yaml") => kind.is_yaml(),
        _ => false,
    }
}

fn kinds(file: &File<'_>) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = Vec::new();
    if file.kind.is_yaml() && !file.sure {
        let guess = Guess { kind: file.kind, sure: file.sure };
        let text = Text::whole(file.source.text());
        for root in Yaml::parse(&text).roots() {
            let kind = classify_document(root, guess);
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
    if kinds.is_empty() { vec![file.kind] } else { kinds }
}
