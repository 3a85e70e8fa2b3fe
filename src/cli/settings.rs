//! A project's settings: its config file, its own rule packs, and what the options lay over them.

use super::args::SelectArgs;
use super::run::Namer;
use super::{Refusal, packs};
use crate::config::{self, Config, FILE_NAMES, Laid, Packs};
use crate::rule::error::LoadError;
use crate::rule::library::{Library, embedded_prose};
use crate::rule::select::{Selected, Selection};
use crate::rule::written::Prose;
use crate::vcs;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// What a project is linted by.
pub(super) struct Settings {
    pub(super) config: Config,
    pub(super) library: Library,
    pub(super) selection: Selection,
    /// The project's own.
    pub(super) packs: Packs,
}

/// The marked root that holds a directory: the folder of a config that says so, else the work tree's top.
pub(super) fn root(dir: &Path) -> Option<PathBuf> {
    let top = vcs::work_tree(dir);
    for folder in dir.ancestors() {
        // Whether a broken config means to be the root is said by none but the root's own.
        let told = find(folder).and_then(|(_, file)| std::fs::read_to_string(file).ok());
        if told.is_some_and(|text| config::read("", &text).is_ok_and(|config| config.root)) {
            return Some(folder.to_path_buf());
        }
        if top.as_deref() == Some(folder) {
            break;
        }
    }
    top
}

/// The config file of a folder.
fn find(folder: &Path) -> Option<(&'static str, PathBuf)> {
    FILE_NAMES.into_iter().map(|name| (name, folder.join(name))).find(|(_, file)| file.is_file())
}

impl Settings {
    /// Those of the project that the current directory is in, without options.
    pub(super) fn here(cwd: &Path) -> Result<Self, Refusal> {
        let root = root(cwd).unwrap_or_else(|| cwd.to_path_buf());
        Self::of(&root, cwd, &SelectArgs::default())
    }

    /// Those of the project at a root.
    pub(super) fn of(root: &Path, cwd: &Path, options: &SelectArgs) -> Result<Self, Refusal> {
        let namer = Namer::new(root, cwd);
        let config = match (&options.config, find(root)) {
            (Some(file), _) => read(&crate::walk::shown(file), &cwd.join(file))?,
            (None, Some((name, file))) if !options.no_config => read(&namer.name(name), &file)?,
            _ => Config::default(),
        };
        let sources = packs::of_config(&config, root, &namer)?;
        let packs = config::packs(sources).map_err(|errors| refuse(&errors))?;
        let library = packs.library(&config).map_err(|errors| refuse(&errors))?;
        let laid = Laid { select: &options.select, extend_select: &options.extend_select, ignore: &options.ignore };
        let selection = config.selection(&library, laid).map_err(|errors| refuse(&errors))?;
        Ok(Self { config, library, selection, packs })
    }

    /// What a selector names.
    pub(super) fn find(&self, selector: &str) -> Result<Vec<Selected>, Refusal> {
        self.library.index.find(selector.trim(), &self.library.rules).map_err(Refusal::new)
    }

    /// Why and cases of all rules.
    pub(super) fn prose(&self) -> HashMap<String, Prose> {
        let mut prose = embedded_prose();
        prose.extend(self.packs.prose.iter().map(|(id, words)| (id.clone(), words.clone())));
        prose
    }
}

fn read(shown: &str, file: &Path) -> Result<Config, Refusal> {
    let text = std::fs::read_to_string(file).map_err(|e| Refusal::new(format!("{shown}: {e}")))?;
    config::read(shown, &text).map_err(|errors| refuse(&errors))
}

/// All errors, a line each.
pub(super) fn refuse(errors: &[LoadError]) -> Refusal {
    Refusal::new(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}
