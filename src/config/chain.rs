//! A config with all that it extends.

use super::{Config, PRESETS, read};
use crate::diagnostic::Severity;
use crate::fact::context::join;
use crate::rule::error::LoadError;
use crate::rule::read::nearest;
use crate::rule::written::Name;
use crate::syntax::Kind;
use std::sync::Arc;

/// Configs that may extend each other in a row, and in all.
const MOST: usize = 64;

/// A config that another one extends, found and read.
pub struct Opened {
    /// Tells it from all other files.
    pub id: String,
    /// As errors name it.
    pub path: String,
    /// The folder that its globs are relative to.
    pub base: String,
    /// What it says.
    pub text: String,
}

/// Opens what a config names under `extends`.
pub type Opener<'o> = &'o dyn Fn(&Config, &str) -> Result<Opened, String>;

/// A config and all that it extends; what stands later lies over what stands before.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    layers: Vec<Arc<Config>>,
}

impl Chain {
    /// Follows `extends`. `id` tells the config's file from all others.
    ///
    /// # Errors
    /// Everything that is wrong in any of the files.
    pub fn follow(id: &str, config: Config, open: Opener<'_>) -> Result<Self, Vec<LoadError>> {
        let mut builder = Builder { open, layers: Vec::new(), errors: Vec::new() };
        builder.visit(config, &mut vec![id.to_owned()]);
        if builder.errors.is_empty() { Ok(Self { layers: builder.layers }) } else { Err(builder.errors) }
    }

    /// The configs, the one that applies last.
    pub fn layers(&self) -> &[Arc<Config>] {
        &self.layers
    }

    /// Whether files of this path, and folders, are never linted.
    pub fn excludes(&self, path: &str) -> bool {
        self.layers.iter().any(|config| config.exclude.contain(path))
    }

    /// Whether a file is linted when the folder that it lies in is.
    pub fn includes(&self, path: &str) -> bool {
        let include = self.layers.iter().rev().find_map(|config| config.include.as_ref());
        include.is_none_or(|paths| paths.contain(path))
    }

    /// The kind that a file is said to be of.
    pub fn kind(&self, path: &str) -> Option<Kind> {
        self.layers.iter().rev().find_map(|config| config.kinds.of(path))
    }

    /// The lowest severity that makes a run fail; the inner `None` is `never`.
    pub fn fail_on(&self) -> Option<Option<Severity>> {
        self.layers.iter().rev().find_map(|config| config.fail_on)
    }

    /// Compose files that are read together, as paths below the root.
    pub fn stacks(&self) -> impl Iterator<Item = Vec<String>> + '_ {
        let stacks = self.layers.iter().flat_map(|config| config.stacks.iter().map(move |stack| (config, stack)));
        stacks.map(|(config, stack)| stack.iter().filter_map(|file| join(&config.base, &file.value)).collect())
    }

    /// These configs as they stand.
    pub fn of(layers: Vec<Arc<Config>>) -> Self {
        Self { layers }
    }

    /// Equal for chains that know the same rules and documents.
    pub fn library_key(&self) -> String {
        let mut key = String::new();
        for config in self.layers.iter().filter(|config| !(config.packs.is_empty() && config.documents.is_empty())) {
            let packs = config.packs.iter().map(|pack| format!("{}/{}", config.base, pack.value));
            let documents = config.documents.iter().map(|(name, globs)| {
                let globs: Vec<&str> = globs.iter().map(|glob| glob.value.as_str()).collect();
                format!("{}={globs:?}", name.value)
            });
            packs.chain(documents).for_each(|part| key += &(part + "\n"));
        }
        key
    }
}

struct Builder<'o> {
    open: Opener<'o>,
    layers: Vec<Arc<Config>>,
    errors: Vec<LoadError>,
}

impl Builder<'_> {
    /// Adds what a config extends, then itself. `above` are the files that led here.
    fn visit(&mut self, config: Config, above: &mut Vec<String>) {
        for name in &config.extends {
            if self.layers.len() + above.len() >= MOST {
                self.errors.push(config.error(name, format!("more than {MOST} configs extend each other")));
                return;
            }
            match self.opened(&config, name, above) {
                Ok(opened) => self.parent(opened, above),
                Err(message) => self.errors.push(config.error(name, message)),
            }
        }
        self.layers.push(Arc::new(config));
    }

    fn opened(&self, config: &Config, name: &Name, above: &[String]) -> Result<Opened, String> {
        let word = name.value.trim();
        if let Some((preset, text)) = PRESETS.iter().find(|(preset, _)| *preset == word) {
            let path = format!("preset {preset}");
            return Ok(Opened { id: path.clone(), path, base: config.base.clone(), text: (*text).to_owned() });
        }
        let opened = (self.open)(config, word).map_err(|reason| {
            let presets: Vec<&str> = PRESETS.iter().map(|(preset, _)| *preset).collect();
            match nearest(word, &presets) {
                Some(near) if !word.contains(['/', '.']) => format!("{reason}; did you mean the preset `{near}`?"),
                _ if word.contains(['/', '.']) => reason,
                _ => format!("{reason}; presets are {}", presets.join(", ")),
            }
        })?;
        match above.contains(&opened.id) {
            true => Err(format!("{} extends this file in turn", opened.path)),
            false => Ok(opened),
        }
    }

    fn parent(&mut self, opened: Opened, above: &mut Vec<String>) {
        match read(&opened.path, &opened.base, &opened.text) {
            Ok(config) => {
                above.push(opened.id);
                self.visit(config, above);
                above.pop();
            }
            Err(errors) => self.errors.extend(errors),
        }
    }
}
