//! Config files as they are found: the nearest one above each file, with all that it extends.

use super::Refusal;
use super::args::SelectArgs;
use super::run::Namer;
use crate::config::{self, Chain, Config, FILE_NAMES, Opened};
use crate::rule::error::LoadError;
use crate::text::Span;
use crate::walk::shown;
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// A config of more bytes than this is none.
const MOST: u64 = 1 << 20;

/// What holds in a folder.
#[derive(Clone)]
pub(super) struct Found {
    /// The folder of the config, relative to the root; where none was found the root's.
    pub(super) folder: Arc<str>,
    pub(super) chain: Arc<Chain>,
}

/// The configs of a project, read as folders are met.
pub(super) struct Configs {
    root: PathBuf,
    namer: Namer,
    /// The one that holds everywhere: `--config`, or nothing for `--no-config`.
    fixed: Option<Found>,
    pub(super) policy: Option<Arc<Chain>>,
    folders: RwLock<HashMap<Box<str>, Found>>,
    errors: Mutex<HashMap<Arc<str>, Vec<LoadError>>>,
}

impl Configs {
    /// Those of a project, without any that lies below the root's own.
    pub(super) fn of(root: &Path, cwd: &Path, options: &SelectArgs) -> Result<Self, Refusal> {
        let mut configs = Self {
            root: root.to_path_buf(),
            namer: Namer::new(root, cwd),
            fixed: None,
            policy: None,
            folders: RwLock::default(),
            errors: Mutex::default(),
        };
        let named = |file: &PathBuf| configs.named(file, &cwd.join(file)).map_err(|errors| refuse(&errors));
        let policy = options.policy.as_ref().map(named).transpose()?;
        configs.fixed = match &options.config {
            Some(file) => Some(named(file)?),
            None if options.no_config => Some(Found { folder: "".into(), chain: Arc::default() }),
            None => None,
        };
        configs.policy = policy.map(|found| found.chain);
        let found = configs.at("");
        configs.refuse(std::iter::once(&*found.folder))?;
        Ok(configs)
    }

    /// What holds for the files that lie right in a folder.
    pub(super) fn at(&self, folder: &str) -> Found {
        if let Some(fixed) = &self.fixed {
            return fixed.clone();
        }
        let mut missing = Vec::new();
        let mut at = Some(folder);
        let mut found = Found { folder: "".into(), chain: Arc::default() };
        while let Some(here) = at {
            if let Some(known) = self.folders.read().unwrap_or_else(PoisonError::into_inner).get(here) {
                found = known.clone();
                break;
            }
            missing.push(here);
            at = above(here);
        }
        for here in missing.into_iter().rev() {
            if let Some(own) = self.own(here) {
                found = own;
            }
            self.folders.write().unwrap_or_else(PoisonError::into_inner).insert(here.into(), found.clone());
        }
        found
    }

    /// Whether a config leaves a path out of the walk. A policy decides alone: it may want what others exclude.
    pub(super) fn prunes(&self, path: &str) -> bool {
        match &self.policy {
            Some(policy) => policy.excludes(path),
            None => self.at(above(path).unwrap_or("")).chain.excludes(path),
        }
    }

    /// Whether a config leaves out a path, or a folder above it.
    pub(super) fn prunes_below(&self, path: &str) -> bool {
        path.match_indices('/').any(|(at, _)| self.prunes(&path[..at])) || self.prunes(path)
    }

    /// What is wrong with the configs of these folders.
    pub(super) fn refuse<'f>(&self, folders: impl Iterator<Item = &'f str>) -> Result<(), Refusal> {
        let known = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        let mut errors: Vec<&LoadError> = folders.filter_map(|folder| known.get(folder)).flatten().collect();
        errors.sort_by_key(|error| (&error.path, error.line, error.column));
        errors.dedup();
        match errors.is_empty() {
            true => Ok(()),
            false => Err(Refusal::new(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))),
        }
    }

    /// The config of just this folder. One that is wrong demands nothing; whoever needs it is told.
    fn own(&self, folder: &str) -> Option<Found> {
        let (name, file) = find(&self.root.join(folder))?;
        let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let folder: Arc<str> = folder.into();
        let shown = self.namer.name(&path);
        let chain = match file.canonicalize() {
            Ok(place) if !place.starts_with(&self.root) => {
                Err(vec![LoadError::new(&shown, Span::default(), "the link leads out of the project")])
            }
            _ => self.read(&shown, &file, &folder),
        };
        let chain = chain.unwrap_or_else(|errors| {
            self.errors.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.clone(), errors);
            Chain::default()
        });
        Some(Found { folder, chain: Arc::new(chain) })
    }

    /// A config that an option names: it holds from the root on, wherever it lies.
    fn named(&self, path: &Path, file: &Path) -> Result<Found, Vec<LoadError>> {
        let chain = self.read(&shown(path), file, "")?;
        Ok(Found { folder: "".into(), chain: Arc::new(chain) })
    }

    fn read(&self, path: &str, file: &Path, base: &str) -> Result<Chain, Vec<LoadError>> {
        let wrong = |message: String| vec![LoadError::new(path, Span::default(), message)];
        let place = file.canonicalize().map_err(|error| wrong(said(&error)))?;
        let text = text(&place).map_err(wrong)?;
        let config = config::read(path, base, &text)?;
        // What lies outside the project may extend what lies beside it.
        let within = if place.starts_with(&self.root) { self.root.clone() } else { folder_of(&place) };
        // Paths under `extends` are relative to the file that names them.
        let homes = Mutex::new(HashMap::from([(path.to_owned(), folder_of(&place))]));
        let open = |from: &Config, word: &str| {
            let home = homes.lock().unwrap_or_else(PoisonError::into_inner).get(&from.path).cloned();
            let opened = self.open(from, word, &home.unwrap_or_else(|| within.clone()), &within)?;
            homes.lock().unwrap_or_else(PoisonError::into_inner).insert(opened.0.path.clone(), opened.1);
            Ok(opened.0)
        };
        Chain::follow(&shown(&place), config, &open)
    }

    /// What a config extends, and the folder that it lies in.
    fn open(&self, from: &Config, word: &str, home: &Path, within: &Path) -> Result<(Opened, PathBuf), String> {
        let plain = plain(&home.join(word));
        if !plain.starts_with(within) {
            return Err("`extends` stays below the project's root".to_owned());
        }
        let place = plain.canonicalize().map_err(|error| format!("{word}: {}", said(&error)))?;
        if !place.starts_with(within) {
            return Err(format!("{word}: the link leads out of the project"));
        }
        let text = text(&place).map_err(|message| format!("{word}: {message}"))?;
        let (path, folder) = match place.strip_prefix(&self.root) {
            Ok(below) => (self.namer.name(&shown(below)), shown(below.parent().unwrap_or(Path::new("")))),
            Err(_) => (shown(&place), String::new()),
        };
        // Globs of a file that lies aside are meant for whoever extends it.
        let aside = !folder.is_empty() && from.base != folder && !from.base.starts_with(&format!("{folder}/"));
        let base = if aside || !place.starts_with(&self.root) { from.base.clone() } else { folder };
        Ok((Opened { id: shown(&place), path, base, text }, folder_of(&place)))
    }
}

/// The config file of a folder.
pub(super) fn find(folder: &Path) -> Option<(&'static str, PathBuf)> {
    FILE_NAMES.into_iter().map(|name| (name, folder.join(name))).find(|(_, file)| file.is_file())
}

/// The text of a config file.
pub(super) fn text(file: &Path) -> Result<String, String> {
    let meta = file.metadata().map_err(|error| said(&error))?;
    if !meta.is_file() {
        return Err("a config is a file".to_owned());
    }
    if meta.len() > MOST {
        return Err("a config has no more than 1 MB".to_owned());
    }
    std::fs::read_to_string(file).map_err(|error| said(&error))
}

fn said(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::InvalidData => "it is no UTF-8 text".to_owned(),
        _ => error.to_string(),
    }
}

/// The folder above one, or above a file; nothing above the root.
fn above(path: &str) -> Option<&str> {
    match path.rsplit_once('/') {
        Some((above, _)) => Some(above),
        None if path.is_empty() => None,
        None => Some(""),
    }
}

fn folder_of(file: &Path) -> PathBuf {
    file.parent().unwrap_or(file).to_path_buf()
}

/// A path without `.` and `..`, by its words alone: the file need not exist.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(out.pop()),
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}

/// All errors, a line each.
pub(super) fn refuse(errors: &[LoadError]) -> Refusal {
    Refusal::new(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}
