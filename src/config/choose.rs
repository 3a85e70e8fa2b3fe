//! From a config, and what the command line lays over it, to the state of every rule.

use super::Config;
use crate::rule::error::LoadError;
use crate::rule::library::Library;
use crate::rule::read::unknown;
use crate::rule::select::{Selected, Selection};
use crate::rule::written::Name;

/// Selectors of the command line, laid over the config's.
#[derive(Clone, Copy, Debug, Default)]
pub struct Laid<'a> {
    /// Instead of what the config selects and ignores.
    pub select: &'a [String],
    /// Besides.
    pub extend_select: &'a [String],
    /// Without.
    pub ignore: &'a [String],
}

impl Config {
    /// What becomes of each rule of the library.
    ///
    /// # Errors
    /// Every name that nothing has, every option that is not so; the command line's errors without a place.
    pub fn selection(&self, library: &Library, laid: Laid<'_>) -> Result<Selection, Vec<LoadError>> {
        let mut chooser = Chooser { config: self, library, errors: Vec::new() };
        let selection = chooser.choose(laid);
        if chooser.errors.is_empty() { Ok(selection) } else { Err(chooser.errors) }
    }
}

struct Chooser<'a> {
    config: &'a Config,
    library: &'a Library,
    errors: Vec<LoadError>,
}

impl Chooser<'_> {
    fn choose(&mut self, laid: Laid<'_>) -> Selection {
        let config = self.config;
        let rules = &self.library.rules;
        let nothing = !laid.select.is_empty() || config.select.is_some();
        let mut selection = if nothing { Selection::none(rules) } else { Selection::defaults(rules) };
        // Also what the command line overrules must be right.
        let own = [
            (self.all(config.select.as_deref().unwrap_or_default()), true),
            (self.all(&config.extend_select), true),
            (self.all(&config.ignore), false),
        ];
        if laid.select.is_empty() {
            own.iter().for_each(|(selected, on)| selection.switch(selected, *on));
        }
        for (words, on) in [(laid.select, true), (laid.extend_select, true), (laid.ignore, false)] {
            for word in words {
                let selected = self.find(word.trim()).unwrap_or_else(|message| {
                    self.errors.push(LoadError::new("command line", crate::text::Span::default(), message));
                    Vec::new()
                });
                selection.switch(&selected, on);
            }
        }
        for (name, severity) in &config.severity {
            for target in self.all(std::slice::from_ref(name)) {
                selection.states[target.rule].severity = Some(*severity);
            }
        }
        for target in self.all(&config.enforce) {
            selection.states[target.rule].enforced = true;
        }
        self.options(&mut selection);
        selection
    }

    fn find(&self, word: &str) -> Result<Vec<Selected>, String> {
        self.library.index.find(word, &self.library.rules)
    }

    fn all(&mut self, names: &[Name]) -> Vec<Selected> {
        let mut found = Vec::new();
        for name in names {
            match self.find(name.value.trim()) {
                Ok(selected) => found.extend(selected),
                Err(message) => self.errors.push(self.config.error(name, message)),
            }
        }
        found
    }

    fn options(&mut self, selection: &mut Selection) {
        let config = self.config;
        for (name, values) in &config.options {
            let selected = self.all(std::slice::from_ref(name));
            let Some(number) = selected.first().map(|s| s.rule) else { continue };
            if selected.iter().any(|s| s.rule != number) {
                self.errors.push(config.error(name, "options are set for one rule, this names several"));
                continue;
            }
            let defined = &self.library.rules[number].options;
            for (option, value) in values {
                let Some(index) = defined.iter().position(|d| d.name.value == option.value) else {
                    let known: Vec<&str> = defined.iter().map(|d| d.name.value.as_str()).collect();
                    let what = format!("option of {}", self.library.rules[number].id);
                    self.errors.push(config.error(option, unknown(&what, &option.value, &known)));
                    continue;
                };
                match defined[index].check(&value.value) {
                    Ok(literal) => selection.states[number].options[index] = Some(literal),
                    Err(message) => {
                        let at = Name::new(String::new(), value.span);
                        self.errors.push(config.error(&at, message));
                    }
                }
            }
        }
    }
}
