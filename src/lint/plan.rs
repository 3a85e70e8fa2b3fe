//! Which rules meet which facts, worked out once for all files of which a config says the same.

use super::queries::Queries;
use crate::check;
use crate::fact::pattern::{Judge, Matcher, Spec};
use crate::fact::{Wanted, project};
use crate::rule::condition::Options;
use crate::rule::library::Library;
use crate::rule::select::{Selection, State};
use crate::rule::written::{Literal, Name, Shape};
use crate::rule::{CompiledCheck, Rule};
use fnv::FnvHashMap;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What templates that speak of neighbouring files look at.
pub(super) const SIBLINGS: &str = "project.siblings";

/// The selected rules of a library, grouped by what they look at.
pub struct Plan<'a> {
    /// The library.
    pub library: &'a Library,
    /// The state of each of its rules.
    pub selection: Cow<'a, Selection>,
    by_subject: FnvHashMap<Arc<str>, Vec<usize>>,
    structures: FnvHashMap<Arc<str>, Vec<usize>>,
    natives: Vec<usize>,
    patterns: Vec<(usize, usize)>,
    matcher: Option<Arc<Matcher>>,
    queries: Queries,
    engines: HashMap<String, usize>,
    wanted: Wanted,
}

/// Matchers that several plans share: most plans look for the same patterns.
#[derive(Default)]
pub struct Matchers {
    known: Mutex<HashMap<Patterns, Option<Arc<Matcher>>>>,
}

/// Rules and the numbers of their patterns, in one library.
type Patterns = (usize, Vec<(usize, usize)>);

impl Matchers {
    fn of(&self, library: &Library, patterns: &[(usize, usize)]) -> Option<Arc<Matcher>> {
        // The address tells libraries apart: all of them outlive the run.
        let key = (std::ptr::from_ref(library).addr(), patterns.to_vec());
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(key).or_insert_with(|| matcher(library, patterns)).clone()
    }
}

fn matcher(library: &Library, patterns: &[(usize, usize)]) -> Option<Arc<Matcher>> {
    let specs: Vec<Spec> = patterns.iter().filter_map(|&(rule, index)| spec(library, rule, index)).collect();
    // More keywords than the automaton can number cannot be written.
    if specs.is_empty() { None } else { Matcher::new(specs).ok().map(Arc::new) }
}

impl<'a> Plan<'a> {
    /// Groups the rules that a selection leaves on.
    pub fn new(library: &'a Library, selection: &'a Selection) -> Self {
        Self::of(library, Cow::Borrowed(selection), &[], &Matchers::default())
    }

    /// The same of an own selection; builds facts of these names, too.
    pub fn with(library: &'a Library, selection: Selection, shared: &[Arc<str>], matchers: &Matchers) -> Self {
        Self::of(library, Cow::Owned(selection), shared, matchers)
    }

    /// All secrets rules of a library, for masking what they find.
    pub fn secrets(library: &'a Library) -> Self {
        let mut selection = Selection::defaults(&library.rules);
        for (rule, state) in library.rules.iter().zip(&mut selection.states) {
            state.on = &*rule.pack == "secrets" && rule.on_by_default();
            state.variants.fill(state.on);
        }
        Self::of(library, Cow::Owned(selection), &[], &Matchers::default())
    }

    /// Whether every secrets rule that is on by default is on here, so that nothing else need look for secrets.
    pub fn finds_secrets(&self) -> bool {
        let pairs = self.library.rules.iter().zip(&self.selection.states);
        let mut secrets = pairs.filter(|(rule, _)| &*rule.pack == "secrets" && rule.on_by_default());
        secrets.all(|(_, state)| state.on && state.variants.iter().all(|on| *on))
    }

    fn of(library: &'a Library, selection: Cow<'a, Selection>, shared: &[Arc<str>], matchers: &Matchers) -> Self {
        let mut plan = Self {
            library,
            selection: Cow::Owned(Selection { states: Vec::new() }),
            by_subject: FnvHashMap::default(),
            structures: FnvHashMap::default(),
            natives: Vec::new(),
            patterns: Vec::new(),
            matcher: None,
            queries: Queries::default(),
            engines: HashMap::new(),
            wanted: Wanted::default(),
        };
        let mut names: Vec<Arc<str>> = shared.to_vec();
        for (number, rule) in library.rules.iter().enumerate() {
            if !selection.states[number].active() {
                continue;
            }
            match &rule.check {
                CompiledCheck::Require { subject, .. } => {
                    names.push(subject.clone());
                    plan.by_subject.entry(subject.clone()).or_default().push(number);
                }
                CompiledCheck::Structure { subject, template, .. } => {
                    names.push(subject.clone());
                    names.extend(template.siblings.iter().map(|_| Arc::from(SIBLINGS)));
                    plan.structures.entry(subject.clone()).or_default().push(number);
                }
                CompiledCheck::Native(native) => {
                    names.extend(native.subjects.iter().map(|s| Arc::from(*s)));
                    plan.natives.push(number);
                }
                CompiledCheck::Pattern(shapes) => {
                    plan.patterns.extend((0..shapes.len()).map(|index| (number, index)));
                }
                CompiledCheck::Query(shapes) => plan.queries.add(number, shapes),
                CompiledCheck::Engine(name) => {
                    plan.engines.insert(name.clone(), number);
                    names.extend(super::scripts::subjects(name).iter().map(|name| Arc::from(*name)));
                }
            }
        }
        for (relation, needs) in project::NEEDS {
            if names.iter().any(|n| **n == **relation) {
                names.extend(needs.iter().map(|n| Arc::from(*n)));
            }
        }
        plan.wanted = Wanted::of(names);
        plan.selection = selection;
        plan.matcher = matchers.of(library, &plan.patterns);
        plan
    }

    /// The facts that some selected rule looks at.
    pub fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// The numbers of the rules that match a subject.
    pub fn rules_for(&self, subject: &str) -> &[usize] {
        self.by_subject.get(subject).map_or(&[], Vec::as_slice)
    }

    /// The numbers of the rules with a template of these documents.
    pub fn structures_for(&self, subject: &str) -> &[usize] {
        self.structures.get(subject).map_or(&[], Vec::as_slice)
    }

    /// Whether any rule has templates.
    pub fn has_structures(&self) -> bool {
        !self.structures.is_empty()
    }

    /// The numbers of the rules with a native check.
    pub fn natives(&self) -> &[usize] {
        &self.natives
    }

    /// The patterns of all rules in one.
    pub fn matcher(&self) -> Option<&Matcher> {
        self.matcher.as_deref()
    }

    /// The queries of all rules, one a language.
    pub fn queries(&self) -> &Queries {
        &self.queries
    }

    /// The rule of a pattern, and its number there.
    pub fn pattern(&self, number: usize) -> (usize, usize) {
        self.patterns[number]
    }

    /// Whether a rule of the engine itself is on, which has its eye on comments.
    pub fn has_engines(&self) -> bool {
        !self.engines.is_empty()
    }

    /// The rule of the engine itself that goes by this name, if it is on.
    pub fn engine(&self, name: &str) -> Option<usize> {
        self.engines.get(name).copied()
    }

    /// A rule and what the config makes of it.
    pub fn rule(&self, number: usize) -> (&Rule, &State) {
        (&self.library.rules[number], &self.selection.states[number])
    }
}

fn spec(library: &Library, rule: usize, index: usize) -> Option<Spec> {
    let CompiledCheck::Pattern(shapes) = &library.rules.get(rule)?.check else { return None };
    let shape: &Shape = shapes.get(index)?;
    let texts = |names: &[Name]| names.iter().map(|n| n.value.clone()).collect();
    let usual = if shape.assigned.value.is_empty() { Judge::default() } else { Judge::Likely };
    Some(Spec {
        group: rule,
        keywords: texts(&shape.keywords),
        regex: shape.regex.value.clone(),
        capture: shape.capture,
        judge: shape.judge.as_ref().and_then(|j| Judge::named(&j.value)).unwrap_or(usual),
        assigned: shape.assigned.value.clone(),
        near: texts(&shape.near),
    })
}

/// A rule's options by name, for native checks.
pub struct NamedOptions<'a> {
    /// The rule that declares them.
    pub rule: &'a Rule,
    /// Their values.
    pub values: &'a Options,
}

impl NamedOptions<'_> {
    fn get(&self, name: &str) -> Option<&Literal> {
        let index = self.rule.options.iter().position(|o| o.name.value == name)?;
        self.values.get(index)?.as_ref()
    }
}

impl check::Options for NamedOptions<'_> {
    fn number(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Literal::Int(n) => Some(*n as f64),
            Literal::Num(n) => Some(*n),
            _ => None,
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Literal::Text(text) => Some(text),
            _ => None,
        }
    }

    fn list(&self, name: &str) -> &[String] {
        match self.get(name) {
            Some(Literal::List(members)) => members,
            _ => &[],
        }
    }
}
