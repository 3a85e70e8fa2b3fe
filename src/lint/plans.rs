//! The plan of every file: one for each set of rules that configs make, built when its first file comes.

use super::plan::{Matchers, Plan, SIBLINGS};
use crate::config::{Key, Scope, Scopes};
use crate::fact::project;
use crate::rule::CompiledCheck;
use crate::rule::library::Library;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

/// The plans of a run.
pub struct Plans<'a> {
    /// Where nothing else is said.
    first: Arc<Plan<'a>>,
    scopes: Option<&'a Scopes>,
    built: RwLock<HashMap<Key, Arc<Plan<'a>>>>,
    matchers: Matchers,
    /// The only pack whose rules run, if there is one.
    pack: Option<&'static str>,
    /// Facts that rules across files want of every file, whatever the file's own rules are.
    shared: Vec<Arc<str>>,
}

impl<'a> Plans<'a> {
    /// One plan for all files.
    pub fn one(plan: Plan<'a>) -> Self {
        let (built, matchers, shared) = (RwLock::default(), Matchers::default(), Vec::new());
        Self { first: Arc::new(plan), scopes: None, built, matchers, shared, pack: None }
    }

    /// What configs say; of one pack alone if it is named.
    pub fn new(scopes: &'a Scopes, pack: Option<&'static str>) -> Self {
        let scope = scopes.first();
        let key = Key { scope: 0, overrides: Box::default(), bound: false };
        let shared = if pack.is_some() { Vec::new() } else { shared(scopes) };
        let matchers = Matchers::default();
        let first = Arc::new(build(scope, &key, &shared, &matchers, pack));
        let built = RwLock::new(HashMap::from([(key, first.clone())]));
        Self { first, scopes: Some(scopes), built, matchers, shared, pack }
    }

    /// The plan of a file; only what a policy demands if it is `bound`.
    pub fn of(&self, path: &str, bound: bool) -> Arc<Plan<'a>> {
        let Some(scopes) = self.scopes else { return self.first.clone() };
        let key = scopes.key(path, bound);
        let known = self.built.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| self.add(scopes, key))
    }

    fn add(&self, scopes: &'a Scopes, key: Key) -> Arc<Plan<'a>> {
        let plan = Arc::new(build(scopes.scope(key.scope), &key, &self.shared, &self.matchers, self.pack));
        let mut built = self.built.write().unwrap_or_else(PoisonError::into_inner);
        built.entry(key).or_insert(plan).clone()
    }

    /// The scope of a file, where configs say something at all.
    pub fn scope(&self, path: &str) -> Option<&'a Scope> {
        self.scopes.map(|scopes| scopes.of(path))
    }

    /// What configs say, folder by folder.
    pub fn scopes(&self) -> impl Iterator<Item = (&'a str, &'a Scope)> {
        self.scopes.into_iter().flat_map(Scopes::by_folder)
    }

    /// The plan of files of which nothing else is said.
    pub fn first(&self) -> &Arc<Plan<'a>> {
        &self.first
    }

    /// The rules that a file may meet.
    pub fn library(&self, path: &str) -> &'a Library {
        self.scope(path).map_or(self.first.library, |scope| &*scope.library)
    }

    /// All plans that have been needed so far, the first one among them.
    pub fn built(&self) -> Vec<Arc<Plan<'a>>> {
        let built = self.built.read().unwrap_or_else(PoisonError::into_inner);
        if built.is_empty() { vec![self.first.clone()] } else { built.values().cloned().collect() }
    }
}

fn build<'a>(
    scope: &'a Scope,
    key: &Key,
    shared: &[Arc<str>],
    matchers: &Matchers,
    pack: Option<&'static str>,
) -> Plan<'a> {
    let mut selection = if key.bound { scope.bound(&key.overrides) } else { scope.selection(&key.overrides) };
    if let Some(pack) = pack {
        let others = scope.library.rules.iter().zip(&mut selection.states).filter(|(rule, _)| &*rule.pack != pack);
        others.for_each(|(_, state)| state.switch_off());
    }
    Plan::with(&scope.library, selection, shared, matchers)
}

/// The relations across files that some rule of some scope looks at, and what they are made of.
fn shared(scopes: &Scopes) -> Vec<Arc<str>> {
    let mut found: BTreeSet<Arc<str>> = BTreeSet::new();
    for scope in scopes.all() {
        let rules = scope.library.rules.iter().zip(scope.ever_on());
        for (rule, _) in rules.filter(|(_, ever)| *ever) {
            if let CompiledCheck::Require { subject, .. } = &rule.check
                && subject.starts_with("project.")
            {
                found.insert(subject.clone());
            }
            if let CompiledCheck::Structure { template, .. } = &rule.check
                && template.siblings.is_some()
            {
                found.insert(Arc::from(SIBLINGS));
            }
        }
    }
    let needs = project::NEEDS.iter().filter(|(relation, _)| found.contains(*relation));
    let needs: Vec<Arc<str>> = needs.flat_map(|(_, needs)| needs.iter().map(|need| Arc::from(*need))).collect();
    found.into_iter().chain(needs).collect()
}
