//! Selectors: ids, packs, globs, the peers' names and tags, to rules and variants.

use super::read::{nearest, unknown};
use super::written::Literal;
use super::{Rule, codes};
use crate::diagnostic::Severity;
use globset::Glob;
use std::collections::{BTreeSet, HashMap};

/// What a config makes of one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// Whether it runs.
    pub on: bool,
    /// Whether each variant counts.
    pub variants: Vec<bool>,
    /// Instead of the rule's, and its variants', severity.
    pub severity: Option<Severity>,
    /// Instead of all these, for single variants; empty where nobody asked for one.
    pub variant_severities: Vec<Option<Severity>>,
    /// Whether no comment may silence it.
    pub enforced: bool,
    /// Whether a policy demands it: then nothing at all may silence it.
    pub bound: bool,
    /// The values of its options.
    pub options: Vec<Option<Literal>>,
}

impl State {
    /// Lets neither the rule nor any of its variants run.
    pub fn switch_off(&mut self) {
        self.on = false;
        self.variants.fill(false);
    }

    /// Whether the rule, or any variant of it, runs.
    pub fn active(&self) -> bool {
        (self.on || self.variants.contains(&true)) && self.options.iter().all(Option::is_some)
    }

    /// The severity that a config gives, to a variant or to the rule.
    pub fn severity_of(&self, variant: Option<usize>) -> Option<Severity> {
        let own = variant.and_then(|variant| self.variant_severities.get(variant).copied().flatten());
        own.or(self.severity)
    }

    /// Gives a severity to the rule with all its variants, or to one of them.
    pub fn set_severity(&mut self, variant: Option<usize>, severity: Severity) {
        match variant {
            None => {
                self.severity = Some(severity);
                self.variant_severities.clear();
            }
            Some(variant) => {
                self.variant_severities.resize(self.variants.len(), None);
                self.variant_severities[variant] = Some(severity);
            }
        }
    }

    /// Takes away whatever silences the rule or makes less of it.
    pub fn bind(&mut self, rule: &Rule) {
        (self.enforced, self.bound) = (true, true);
        let usual = |variant: Option<&super::Variant>| variant.and_then(|v| v.severity).unwrap_or(rule.severity);
        let most = rule.variants.iter().map(|v| usual(Some(v))).max().max(Some(rule.severity));
        if self.severity < most {
            self.severity = None;
        }
        for (own, variant) in self.variant_severities.iter_mut().zip(&rule.variants) {
            if *own < Some(usual(Some(variant))) {
                *own = None;
            }
        }
    }
}

/// What a config makes of all rules, in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// One a rule.
    pub states: Vec<State>,
}

impl Selection {
    /// The defaults of the rules themselves.
    pub fn defaults(rules: &[Rule]) -> Self {
        let state = |rule: &Rule| State {
            on: rule.default,
            variants: rule.variants.iter().map(|v| v.default.unwrap_or(rule.default)).collect(),
            severity: None,
            variant_severities: Vec::new(),
            enforced: false,
            bound: false,
            options: rule.default_options(),
        };
        Self { states: rules.iter().map(state).collect() }
    }

    /// Switches everything off.
    pub fn clear(&mut self) {
        for state in &mut self.states {
            state.on = false;
            state.variants.fill(false);
        }
    }

    /// Switches what a selector names on or off.
    pub fn switch(&mut self, selected: &[Selected], on: bool) {
        for target in selected {
            let Some(state) = self.states.get_mut(target.rule) else { continue };
            match target.variant {
                Some(variant) => state.variants[variant] = on,
                None => {
                    state.on = on;
                    state.variants.fill(on);
                }
            }
        }
    }
}

/// A rule, or one variant of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Selected {
    /// The rule's number.
    pub rule: usize,
    /// The variant's number; `None` for the rule with all its variants.
    pub variant: Option<usize>,
}

/// Looks selectors up.
#[derive(Debug, Default)]
pub struct Index {
    ids: HashMap<String, usize>,
    aliases: HashMap<String, Vec<Selected>>,
    packs: Vec<String>,
    dead: HashMap<String, String>,
    /// The shapes that ShellCheck's numbers name: too many, and too rarely asked for, to be looked up by name.
    codes: Vec<Selected>,
}

impl Index {
    /// Indexes the rules; `dead` are aliases of peers' rules that can never fire here.
    pub fn new(rules: &[Rule], dead: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut index = Index { dead: dead.into_iter().collect(), ..Index::default() };
        for (number, rule) in rules.iter().enumerate() {
            index.ids.insert(rule.id.to_string(), number);
            if !index.packs.iter().any(|p| **p == *rule.pack) {
                index.packs.push(rule.pack.to_string());
            }
            index.alias(&rule.aliases, Selected { rule: number, variant: None });
            if rule.starts_program() {
                let targets = (0..rule.variants.len()).map(|variant| Selected { rule: number, variant: Some(variant) });
                index.codes = targets.collect();
                continue;
            }
            for (variant, written) in rule.variants.iter().enumerate() {
                let target = Selected { rule: number, variant: Some(variant) };
                index.alias(written.aliases.as_deref().unwrap_or_default(), target);
            }
        }
        index
    }

    /// An alias counts in full and, where no two tools use it for different things, bare.
    fn alias(&mut self, aliases: &[String], target: Selected) {
        for alias in aliases {
            let bare = alias.split_once('/').map(|(_, id)| id.to_owned());
            for name in std::iter::once(alias.clone()).chain(bare) {
                let targets = self.aliases.entry(name).or_default();
                if !targets.contains(&target) {
                    targets.push(target);
                }
            }
        }
    }

    /// The number of the rule with this id.
    pub fn number(&self, id: &str) -> Option<usize> {
        self.ids.get(id).copied()
    }

    /// What a peer's rule is here; nothing where it is nothing.
    pub fn alias_of(&self, tool: &str, id: &str) -> &[Selected] {
        self.behind(&format!("{tool}/{id}")).unwrap_or_default()
    }

    /// All that a peer finds, too.
    pub fn of_tool(&self, tool: &str) -> Vec<Selected> {
        let own = |name: &str| name.strip_prefix(tool).is_some_and(|rest| rest.starts_with('/'));
        self.aliases.iter().filter(|(name, _)| own(name)).flat_map(|(_, targets)| targets).copied().collect()
    }

    /// Whether a name is one of those that are looked up at once.
    pub fn has(&self, name: &str) -> bool {
        self.ids.contains_key(name) || self.behind(name).is_some() || self.packs.iter().any(|pack| pack == name)
    }

    /// The rules and variants behind a peer's name: in full, or bare where that is enough.
    pub fn behind(&self, name: &str) -> Option<&[Selected]> {
        let code = || self.codes.get(codes::position(name)?).map(std::slice::from_ref);
        self.aliases.get(name).map(Vec::as_slice).or_else(code)
    }

    /// Why a peer's rule, named in full, can never fire here; nothing for all others.
    pub fn dead(&self, name: &str) -> Option<&str> {
        self.dead.get(name).map(String::as_str)
    }

    /// What a selector names.
    ///
    /// # Errors
    /// That nothing has that name, with a suggestion.
    pub fn find(&self, selector: &str, rules: &[Rule]) -> Result<Vec<Selected>, String> {
        let whole = |rule| Selected { rule, variant: None };
        let filtered = |keep: &dyn Fn(&Rule) -> bool| {
            let numbered = rules.iter().enumerate();
            numbered.filter(|(_, r)| keep(r)).map(|(n, _)| whole(n)).collect::<Vec<_>>()
        };
        if selector == "all" {
            return Ok(filtered(&|rule| !rule.starts_program()));
        }
        if selector == "default" {
            return Ok(self.defaults(rules));
        }
        if let Some(severity) = selector.strip_prefix("severity:") {
            let Ok(severity) = severity.parse::<Severity>() else {
                return Err(format!("`{severity}` is no severity: error, warning or info"));
            };
            return Ok(filtered(&|r| r.severity == severity && r.on_by_default()));
        }
        if let Some(tag) = selector.strip_prefix("tag:") {
            if !rules.iter().any(|rule| rule.tags.iter().any(|t| t == tag)) {
                let known: BTreeSet<&str> = rules.iter().flat_map(|rule| &rule.tags).map(|tag| &**tag).collect();
                return Err(unknown("tag", tag, &known.into_iter().collect::<Vec<_>>()));
            }
            return Ok(filtered(&|r| !r.starts_program() && r.tags.iter().any(|t| t == tag)));
        }
        if let Some(&rule) = self.ids.get(selector) {
            return Ok(vec![whole(rule)]);
        }
        if self.packs.iter().any(|p| p == selector) {
            return Ok(filtered(&|r| &*r.pack == selector));
        }
        if let Some(targets) = self.behind(selector) {
            return Ok(targets.to_vec());
        }
        if let Some((id, variant)) = selector.split_once(':')
            && let Some(&rule) = self.ids.get(id)
            && let Some(variant) = rules[rule].variant(variant)
        {
            return Ok(vec![Selected { rule, variant: Some(variant) }]);
        }
        if selector.contains(['*', '?', '[']) {
            let glob = Glob::new(selector).map_err(|e| format!("glob `{selector}`: {}", e.kind()))?.compile_matcher();
            let hits = filtered(&|r| glob.is_match(&*r.id));
            return if hits.is_empty() { Err(format!("no rule matches `{selector}`")) } else { Ok(hits) };
        }
        if self.dead.contains_key(selector) || self.dead.keys().any(|k| k.ends_with(&format!("/{selector}"))) {
            return Ok(Vec::new());
        }
        Err(self.suggest(selector))
    }

    fn defaults(&self, rules: &[Rule]) -> Vec<Selected> {
        let mut found = Vec::new();
        for (rule, written) in rules.iter().enumerate() {
            let off = written.variants.iter().any(|v| v.default == Some(false));
            match written.default && !off {
                true => found.push(Selected { rule, variant: None }),
                false => {
                    let on = |v: &super::Variant| v.default.unwrap_or(written.default);
                    let variants = written.variants.iter().enumerate().filter(|(_, v)| on(v));
                    found.extend(variants.map(|(v, _)| Selected { rule, variant: Some(v) }));
                }
            }
        }
        found
    }

    fn suggest(&self, selector: &str) -> String {
        let mut known: Vec<&str> = self.ids.keys().map(String::as_str).collect();
        known.extend(self.aliases.keys().map(String::as_str));
        known.extend(self.packs.iter().map(String::as_str));
        known.sort_unstable();
        match nearest(selector, &known) {
            Some(near) => format!("no rule, pack or alias is called `{selector}`; did you mean `{near}`?"),
            None => format!("no rule, pack or alias is called `{selector}`; `infralint rules` lists them"),
        }
    }
}
