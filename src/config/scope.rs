//! What holds for the files below a folder: one config with all it extends, met by the rules.

use super::choose::{self, Chosen, Step};
use super::ignores::{self, Ignored};
use super::{Chain, Laid, Override};
use crate::rule::error::LoadError;
use crate::rule::library::Library;
use crate::rule::select::Selection;
use std::collections::HashMap;
use std::sync::Arc;

/// What holds for the files below a folder.
pub struct Scope {
    /// Its configs; none where there is no config file.
    pub chain: Arc<Chain>,
    /// The rules.
    pub library: Arc<Library>,
    /// Findings that do not count.
    pub ignores: Vec<Ignored>,
    policy: Option<Arc<Chain>>,
    steps: Vec<Step>,
    overrides: Vec<Override>,
}

/// What selects one plan: equal keys, equal plans.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Key {
    /// The scope's number.
    pub scope: usize,
    /// The numbers of the overrides that apply.
    pub overrides: Box<[usize]>,
    /// Whether only what a policy demands is looked for.
    pub bound: bool,
}

impl Scope {
    /// Configs meet the rules, with what is laid over them.
    ///
    /// # Errors
    /// Every name that nothing has, every option that is not so.
    pub fn new(chain: Arc<Chain>, library: Arc<Library>, laid: &Laid) -> Result<Self, Vec<LoadError>> {
        let chosen = choose::steps(&chain, &library, laid);
        let ignores = ignores::ignored(&chain, &library);
        match (chosen, ignores) {
            (Ok(Chosen { steps, overrides }), Ok(ignores)) => {
                Ok(Self { chain, library, ignores, policy: laid.policy.clone(), steps, overrides })
            }
            (chosen, ignores) => {
                let mut errors = chosen.err().unwrap_or_default();
                errors.extend(ignores.err().unwrap_or_default());
                Err(errors)
            }
        }
    }

    /// Whether a policy lies over it.
    pub fn has_policy(&self) -> bool {
        self.policy.is_some()
    }

    /// The numbers of the overrides that apply to a file.
    pub fn overrides(&self, path: &str) -> Box<[usize]> {
        let numbered = self.overrides.iter().enumerate();
        numbered.filter(|(_, written)| written.paths.contain(path)).map(|(number, _)| number).collect()
    }

    /// What becomes of each rule where these overrides apply.
    pub fn selection(&self, overrides: &[usize]) -> Selection {
        let mut selection = Selection { states: Vec::new() };
        for step in self.steps.iter().filter(|step| step.when.is_none_or(|when| overrides.contains(&when))) {
            step.apply(&mut selection, &self.library.rules);
        }
        selection
    }

    /// What a policy alone demands.
    pub fn bound(&self, overrides: &[usize]) -> Selection {
        let mut selection = self.selection(overrides);
        for state in selection.states.iter_mut().filter(|state| !state.bound) {
            state.switch_off();
        }
        selection
    }

    /// Rules that run for some file at least.
    pub fn ever_on(&self) -> Vec<bool> {
        let mut ever = vec![false; self.library.rules.len()];
        let mut note = |selection: &Selection| {
            selection.states.iter().zip(&mut ever).for_each(|(state, ever)| *ever |= state.active());
        };
        note(&self.selection(&[]));
        (0..self.overrides.len()).for_each(|number| note(&self.selection(&[number])));
        ever
    }

    /// What set each thing about a rule's state, in order: the words of each are the last that count.
    pub fn origins(&self, rule: usize, overrides: &[usize]) -> Vec<Told<'_>> {
        let rules = &self.library.rules;
        let mut selection = Selection { states: Vec::new() };
        let mut told = Vec::new();
        for step in self.steps.iter().filter(|step| step.when.is_none_or(|when| overrides.contains(&when))) {
            let before = selection.states.get(rule).cloned();
            step.apply(&mut selection, rules);
            let Some(after) = selection.states.get(rule) else { continue };
            let named = step.targets().iter().any(|target| target.rule == rule);
            if named || before.as_ref() != Some(after) {
                told.push(Told { origin: &step.origin, on: after.active() });
            }
        }
        told
    }

    /// Whether a file must not be linted: by its config, or by the policy.
    pub fn leaves_out(&self, path: &str, named: bool) -> Left {
        let excluded = |chain: &Chain| chain.excludes(path) || !(named || chain.includes(path));
        match &self.policy {
            Some(policy) if excluded(policy) => Left::Out,
            Some(_) if excluded(&self.chain) => Left::Bound,
            None if excluded(&self.chain) => Left::Out,
            _ => Left::In,
        }
    }
}

/// One thing that set the state of a rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told<'a> {
    /// Who said so.
    pub origin: &'a str,
    /// Whether the rule ran from then on.
    pub on: bool,
}

/// Whether a file is linted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Left {
    /// It is.
    In,
    /// Only by what a policy demands.
    Bound,
    /// It is not.
    Out,
}

/// The scopes of a project, by folder.
pub struct Scopes {
    first: Scope,
    others: Vec<Scope>,
    /// Folders with a config of their own, and the number of its scope.
    folders: HashMap<Box<str>, usize>,
}

impl Scopes {
    /// One for all files.
    pub fn one(scope: Scope) -> Self {
        Self { first: scope, others: Vec::new(), folders: HashMap::new() }
    }

    /// The root's, and those of folders with a config of their own, relative to the root.
    pub fn new(first: Scope, others: Vec<(Box<str>, Scope)>) -> Self {
        let (folders, others): (Vec<Box<str>>, Vec<Scope>) = others.into_iter().unzip();
        let folders = folders.into_iter().enumerate().map(|(number, folder)| (folder, number + 1)).collect();
        Self { first, others, folders }
    }

    /// The root's.
    pub fn first(&self) -> &Scope {
        &self.first
    }

    /// All of them; the root's is the first.
    pub fn all(&self) -> impl Iterator<Item = &Scope> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// All of them with their folders; the root's is the first.
    pub fn by_folder(&self) -> impl Iterator<Item = (&str, &Scope)> {
        let own = self
            .folders
            .iter()
            .filter_map(|(folder, &number)| Some((&**folder, self.others.get(number.checked_sub(1)?)?)));
        std::iter::once(("", &self.first)).chain(own)
    }

    /// The scope of this number.
    pub fn scope(&self, number: usize) -> &Scope {
        number.checked_sub(1).and_then(|at| self.others.get(at)).unwrap_or(&self.first)
    }

    /// The scope that a file belongs to.
    pub fn of(&self, path: &str) -> &Scope {
        self.scope(self.number_of(path))
    }

    /// The number of the scope that a file belongs to.
    fn number_of(&self, path: &str) -> usize {
        let mut folder = path;
        while !self.folders.is_empty()
            && let Some((above, _)) = folder.rsplit_once('/')
        {
            if let Some(&scope) = self.folders.get(above) {
                return scope;
            }
            folder = above;
        }
        0
    }

    /// What selects a file's plan.
    pub fn key(&self, path: &str, bound: bool) -> Key {
        let scope = self.number_of(path);
        Key { scope, overrides: self.scope(scope).overrides(path), bound }
    }
}
