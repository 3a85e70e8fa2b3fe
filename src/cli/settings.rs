//! A project's settings: its config files, its own rule packs, and what the options lay over them.

use super::args::SelectArgs;
use super::configs::{Configs, find, refuse, text};
use super::run::Namer;
use super::{Refusal, packs};
use crate::config::{self, Chain, Laid, Left, Packs, Scope, Scopes};
use crate::rule::library::{Library, embedded_prose};
use crate::rule::select::Selected;
use crate::rule::written::Prose;
use crate::vcs;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a project is linted by.
pub(super) struct Settings {
    root: PathBuf,
    namer: Namer,
    laid: Laid,
    pub(super) configs: Configs,
    /// The root's, and once the files are known those of the folders that have their own.
    pub(super) scopes: Scopes,
    /// The project's own.
    pub(super) packs: Packs,
    /// The rules that the folder furthest down knows.
    library: Arc<Library>,
}

/// The marked root that holds a directory: the folder of a config that says so, else the work tree's top.
pub(super) fn root(dir: &Path) -> Option<PathBuf> {
    let top = vcs::work_tree(dir);
    for folder in dir.ancestors() {
        // Whether a broken config means to be the root is said by none but the root's own.
        let told = find(folder).and_then(|(_, file)| text(&file).ok());
        if told.is_some_and(|text| config::read("", "", &text).is_ok_and(|config| config.root)) {
            return Some(folder.to_path_buf());
        }
        if top.as_deref() == Some(folder) {
            break;
        }
    }
    top
}

impl Settings {
    /// Those that hold in the current directory.
    pub(super) fn here(cwd: &Path, options: &SelectArgs) -> Result<Self, Refusal> {
        let root = root(cwd).unwrap_or_else(|| cwd.to_path_buf());
        let mut settings = Self::of(&root, cwd, options)?;
        let below = crate::walk::shown(cwd.strip_prefix(&root).unwrap_or(Path::new("")));
        let inside = if below.is_empty() { "file".to_owned() } else { below + "/file" };
        settings.meet([inside.as_str()].into_iter())?;
        Ok(settings)
    }

    /// Those of the project at a root, as long as no folder below it is known to have its own.
    pub(super) fn of(root: &Path, cwd: &Path, options: &SelectArgs) -> Result<Self, Refusal> {
        let configs = Configs::of(root, cwd, options)?;
        let laid = Laid {
            select: options.select.clone(),
            extend_select: options.extend_select.clone(),
            ignore: options.ignore.clone(),
            policy: configs.policy.clone(),
            called: options.called(),
        };
        let mut maker =
            Maker { root, namer: Namer::new(root, cwd), libraries: BTreeMap::new(), packs: Packs::default() };
        let scope = maker.scope(&configs.at("").chain, &laid)?;
        let library = scope.library.clone();
        let (namer, scopes, packs) = (maker.namer, Scopes::one(scope), maker.packs);
        Ok(Self { root: root.to_path_buf(), namer, laid, configs, scopes, packs, library })
    }

    /// Takes in the configs that hold for these files.
    pub(super) fn meet<'p>(&mut self, paths: impl Iterator<Item = &'p str>) -> Result<(), Refusal> {
        let folders: BTreeSet<&str> = paths.map(|path| path.rsplit_once('/').map_or("", |(above, _)| above)).collect();
        let found: Vec<_> = folders.iter().map(|folder| (*folder, self.configs.at(folder))).collect();
        let own: BTreeMap<Arc<str>, Arc<Chain>> =
            found.iter().map(|(_, found)| (found.folder.clone(), found.chain.clone())).collect();
        self.configs.refuse(own.keys().map(|folder| &**folder))?;
        if own.keys().all(|folder| folder.is_empty()) {
            return Ok(());
        }
        let root = self.root.clone();
        let namer = self.namer.clone();
        let mut maker = Maker { root: &root, namer, libraries: BTreeMap::new(), packs: Packs::default() };
        let first = maker.scope(&self.configs.at("").chain, &self.laid)?;
        let mut others: Vec<(Box<str>, Scope)> = Vec::new();
        for (folder, chain) in own.iter().filter(|(folder, _)| !folder.is_empty()) {
            let scope = maker.scope(chain, &self.laid)?;
            self.library = scope.library.clone();
            others.push(((&**folder).into(), scope));
        }
        (self.scopes, self.packs) = (Scopes::new(first, others), maker.packs);
        Ok(())
    }

    /// The rules that the current directory's config knows.
    pub(super) fn library(&self) -> &Library {
        &self.library
    }

    /// All libraries; the root's first.
    pub(super) fn libraries(&self) -> impl Iterator<Item = &Library> {
        self.scopes.all().map(|scope| &*scope.library)
    }

    /// Whether a file is linted; `named` files are no matter of `include`.
    pub(super) fn leaves_out(&self, path: &str, named: bool) -> Left {
        self.scopes.of(path).leaves_out(path, named)
    }

    /// What a selector names.
    pub(super) fn find(&self, selector: &str) -> Result<Vec<Selected>, Refusal> {
        self.library().index.find(selector.trim(), &self.library().rules).map_err(Refusal::new)
    }

    /// Why and cases of all rules.
    pub(super) fn prose(&self) -> HashMap<String, Prose> {
        let mut prose = embedded_prose();
        prose.extend(self.packs.prose.iter().map(|(id, words)| (id.clone(), words.clone())));
        prose
    }
}

/// Makes scopes; those with the same packs and document places share their rules.
struct Maker<'r> {
    root: &'r Path,
    namer: Namer,
    libraries: BTreeMap<String, Arc<Library>>,
    packs: Packs,
}

impl Maker<'_> {
    fn scope(&mut self, chain: &Arc<Chain>, laid: &Laid) -> Result<Scope, Refusal> {
        let policy = laid.policy.as_ref().map_or(&[][..], |policy| policy.layers());
        let all = Chain::of(chain.layers().iter().chain(policy).cloned().collect());
        let library = self.library(&all)?;
        Scope::new(chain.clone(), library, laid).map_err(|errors| refuse(&errors))
    }

    fn library(&mut self, chain: &Chain) -> Result<Arc<Library>, Refusal> {
        let key = chain.library_key();
        if let Some(known) = self.libraries.get(&key) {
            return Ok(known.clone());
        }
        let sources = packs::of_chain(chain, self.root, &self.namer)?;
        let packs = config::packs(sources).map_err(|errors| refuse(&errors))?;
        let library = Arc::new(packs.library(chain).map_err(|errors| refuse(&errors))?);
        self.packs.extend(&packs);
        self.libraries.insert(key, library.clone());
        Ok(library)
    }
}
