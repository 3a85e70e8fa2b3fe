//! From configs, and what the command line and a policy lay over them, to steps that set the state of rules.

use super::version::Version;
use super::{Chain, Config, Override, Values};
use crate::diagnostic::Severity;
use crate::rule::Rule;
use crate::rule::error::LoadError;
use crate::rule::library::Library;
use crate::rule::read::unknown;
use crate::rule::select::{Selected, Selection};
use crate::rule::written::{Literal, Name};
use std::sync::Arc;

/// What lies over the config files.
#[derive(Clone, Debug, Default)]
pub struct Laid {
    /// Instead of what the configs select and ignore.
    pub select: Vec<String>,
    /// Besides.
    pub extend_select: Vec<String>,
    /// Without.
    pub ignore: Vec<String>,
    /// What cannot be taken back by anything.
    pub policy: Option<Arc<Chain>>,
    /// How the three lists are to be called where it is said what set a rule's state.
    pub called: [&'static str; 3],
}

/// What a step does.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// All rules as they are by themselves.
    Defaults,
    /// No rule.
    Nothing,
    On(Vec<Selected>),
    Off(Vec<Selected>),
    Severity(Vec<Selected>, Severity),
    Option(usize, usize, Literal),
    Enforce(Vec<Selected>),
    /// On, and nothing takes that back.
    Bind(Vec<Selected>),
}

/// One thing that sets the state of rules.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) act: Act,
    /// Who says so.
    pub(super) origin: String,
    /// The number of the override that it belongs to.
    pub(super) when: Option<usize>,
}

impl Step {
    fn new(act: Act, origin: impl Into<String>) -> Self {
        Self { act, origin: origin.into(), when: None }
    }

    pub(super) fn apply(&self, selection: &mut Selection, rules: &[Rule]) {
        match &self.act {
            Act::Defaults => *selection = Selection::defaults(rules),
            // What was said of severities, options and enforcement stays.
            Act::Nothing => selection.clear(),
            Act::On(selected) => selection.switch(selected, true),
            Act::Off(selected) => selection.switch(selected, false),
            Act::Severity(selected, severity) => {
                selected
                    .iter()
                    .for_each(|target| selection.states[target.rule].set_severity(target.variant, *severity));
            }
            Act::Option(rule, index, value) => selection.states[*rule].options[*index] = Some(value.clone()),
            Act::Enforce(selected) => {
                selected.iter().for_each(|target| selection.states[target.rule].enforced = true);
            }
            Act::Bind(selected) => {
                selection.switch(selected, true);
                for target in selected {
                    selection.states[target.rule].bind(&rules[target.rule]);
                }
            }
        }
    }

    /// The rules that it names.
    pub(super) fn targets(&self) -> &[Selected] {
        match &self.act {
            Act::On(selected) | Act::Off(selected) | Act::Severity(selected, _) => selected,
            Act::Enforce(selected) | Act::Bind(selected) => selected,
            _ => &[],
        }
    }
}

/// All steps in their order, and the overrides that they belong to.
#[derive(Default)]
pub(super) struct Chosen {
    pub(super) steps: Vec<Step>,
    pub(super) overrides: Vec<Override>,
}

/// Works out the steps.
///
/// # Errors
/// Every name that nothing has, every option that is not so; the command line's errors without a place.
pub(super) fn steps(chain: &Chain, library: &Library, laid: &Laid) -> Result<Chosen, Vec<LoadError>> {
    let mut chooser = Chooser { library, ruleset: chain.ruleset(), chosen: Chosen::default(), errors: Vec::new() };
    chooser.choose(chain, laid);
    if chooser.errors.is_empty() { Ok(chooser.chosen) } else { Err(chooser.errors) }
}

impl Chain {
    /// The version whose rules are on by default at most.
    pub(super) fn ruleset(&self) -> Option<&Version> {
        self.layers().iter().rev().find_map(|config| config.ruleset.as_ref())
    }
}

struct Chooser<'a> {
    library: &'a Library,
    ruleset: Option<&'a Version>,
    chosen: Chosen,
    errors: Vec<LoadError>,
}

impl Chooser<'_> {
    fn choose(&mut self, chain: &Chain, laid: &Laid) {
        let own = laid.select.is_empty();
        self.push(Step::new(Act::Defaults, "the rule itself"));
        if let Some(newer) = self.newer() {
            self.push(Step::new(Act::Off(newer), "`ruleset`"));
        }
        for config in chain.layers() {
            self.layer(config, own);
        }
        for config in chain.layers() {
            self.overrides(config, own);
        }
        if !own {
            self.push(Step::new(Act::Nothing, laid.called[0]));
        }
        let lists = [(&laid.select, true, 0), (&laid.extend_select, true, 1), (&laid.ignore, false, 2)];
        for (words, on, called) in lists {
            for word in words {
                self.word(word, on, laid.called[called]);
            }
        }
        if !own {
            // What is left out for some files only is left out of what the command line selects, too.
            let again: Vec<Step> = self.chosen.steps.iter().filter(|step| step.is_left_out()).cloned().collect();
            self.chosen.steps.extend(again);
        }
        if let Some(policy) = &laid.policy {
            self.policy(policy);
        }
    }

    fn push(&mut self, step: Step) {
        self.chosen.steps.push(step);
    }

    /// Rules that the pinned version does not know.
    fn newer(&self) -> Option<Vec<Selected>> {
        let ruleset = self.ruleset?;
        let numbered = self.library.rules.iter().enumerate();
        let newer = numbered.filter(|(_, rule)| Version::parse(&rule.since).is_some_and(|v| v.is_newer_than(ruleset)));
        Some(newer.map(|(rule, _)| Selected { rule, variant: None }).collect())
    }

    /// What one config says of all files. Also what the command line overrules must be right.
    fn layer(&mut self, config: &Config, own: bool) {
        if let Some(names) = &config.select {
            let steps = self.switches(config, names, true, "select");
            if own {
                let origin = names.first().map_or(String::new(), |name| config.place(name));
                self.push(Step::new(Act::Nothing, format!("`select` in {origin}")));
                self.chosen.steps.extend(steps);
            }
        }
        for (names, on, key) in [(&config.extend_select, true, "extend-select"), (&config.ignore, false, "ignore")] {
            let steps = self.switches(config, names, on, key);
            if own {
                self.chosen.steps.extend(steps);
            }
        }
        self.severities(config, &config.severity, None);
        self.options(config, &config.options, None);
        for name in &config.enforce {
            let selected = self.find(config, name);
            self.push(Step::new(Act::Enforce(selected), format!("`enforce` in {}", config.place(name))));
        }
    }

    fn overrides(&mut self, config: &Config, own: bool) {
        for written in &config.overrides {
            let number = self.chosen.overrides.len();
            let on = self.switches(config, &written.select, true, "select");
            let off = self.switches(config, &written.ignore, false, "ignore");
            let switches = on.into_iter().filter(|_| own).chain(off);
            self.chosen.steps.extend(switches.map(|step| Step { when: Some(number), ..step }));
            self.severities(config, &written.severity, Some(number));
            self.options(config, &written.options, Some(number));
            self.chosen.overrides.push(written.clone());
        }
    }

    /// A policy's rules are on for good, with its options and severities.
    fn policy(&mut self, policy: &Chain) {
        for config in policy.layers() {
            self.options(config, &config.options, None);
            let selected = config.select.as_deref().unwrap_or_default();
            for name in selected.iter().chain(&config.extend_select).chain(&config.enforce) {
                let origin = format!("policy {}", config.place(name));
                let selected = self.find(config, name);
                self.push(Step::new(Act::Bind(selected), origin));
            }
            let off = self.switches(config, &config.ignore, false, "ignore");
            self.chosen.steps.extend(off);
            self.severities(config, &config.severity, None);
        }
    }

    fn word(&mut self, word: &str, on: bool, called: &str) {
        let word = word.trim();
        match self.library.index.find(word, &self.library.rules) {
            Ok(selected) => {
                let selected = self.old(word, selected, on);
                let act = if on { Act::On(selected) } else { Act::Off(selected) };
                self.push(Step::new(act, format!("{called} {word}")));
            }
            Err(message) => {
                self.errors.push(LoadError::new("command line", crate::text::Span::default(), message));
            }
        }
    }

    fn switches(&mut self, config: &Config, names: &[Name], on: bool, key: &str) -> Vec<Step> {
        let step = |name: &Name| {
            let selected = self.find(config, name);
            let selected = self.old(name.value.trim(), selected, on);
            let act = if on { Act::On(selected) } else { Act::Off(selected) };
            Step::new(act, format!("`{key}` in {}", config.place(name)))
        };
        names.iter().map(step).collect()
    }

    /// Of what a group names only what the pinned version knows; a rule's own name always counts.
    fn old(&self, word: &str, selected: Vec<Selected>, on: bool) -> Vec<Selected> {
        let Some(ruleset) = self.ruleset.filter(|_| on) else { return selected };
        let rules = &self.library.rules;
        let named = |target: &Selected| word.split(':').next() == Some(&*rules[target.rule].id);
        let newer = |target: &Selected| {
            Version::parse(&rules[target.rule].since).is_some_and(|version| version.is_newer_than(ruleset))
        };
        selected.into_iter().filter(|target| named(target) || !newer(target)).collect()
    }

    fn find(&mut self, config: &Config, name: &Name) -> Vec<Selected> {
        self.library.index.find(name.value.trim(), &self.library.rules).unwrap_or_else(|message| {
            self.errors.push(config.error(name, message));
            Vec::new()
        })
    }

    fn severities(&mut self, config: &Config, severities: &[(Name, Severity)], when: Option<usize>) {
        for (name, severity) in severities {
            let selected = self.find(config, name);
            let origin = format!("`severity` in {}", config.place(name));
            self.push(Step { when, ..Step::new(Act::Severity(selected, *severity), origin) });
        }
    }

    fn options(&mut self, config: &Config, options: &[(Name, Values)], when: Option<usize>) {
        for (name, values) in options {
            let selected = self.find(config, name);
            let Some(number) = selected.first().map(|s| s.rule) else { continue };
            if selected.iter().any(|s| s.rule != number) {
                self.errors.push(config.error(name, "options are set for one rule, this names several"));
                continue;
            }
            for (option, value) in values {
                match self.option(config, number, option, value) {
                    Ok(act) => {
                        let origin = format!("`options` in {}", config.place(option));
                        self.push(Step { when, ..Step::new(act, origin) });
                    }
                    Err(error) => self.errors.push(error),
                }
            }
        }
    }

    fn option(
        &self,
        config: &Config,
        rule: usize,
        name: &Name,
        value: &crate::text::Spanned<Literal>,
    ) -> Result<Act, LoadError> {
        let defined = &self.library.rules[rule].options;
        let Some(index) = defined.iter().position(|d| d.name.value == name.value) else {
            let known: Vec<&str> = defined.iter().map(|d| d.name.value.as_str()).collect();
            let what = format!("option of {}", self.library.rules[rule].id);
            return Err(config.error(name, unknown(&what, &name.value, &known)));
        };
        let at = Name::new(String::new(), value.span);
        let literal = defined[index].check(&value.value).map_err(|message| config.error(&at, message))?;
        Ok(Act::Option(rule, index, literal))
    }
}

impl Step {
    /// Whether it switches rules off for some files.
    fn is_left_out(&self) -> bool {
        self.when.is_some() && matches!(self.act, Act::Off(_))
    }
}
