//! The files of rule packs, read from their folders.

use super::Refusal;
use super::configs::refuse;
use super::run::Namer;
use crate::config::{Chain, PackSource};
use crate::rule::error::LoadError;
use crate::walk;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The files of the packs that configs name.
pub(super) fn of_chain(chain: &Chain, root: &Path, namer: &Namer) -> Result<Vec<PackSource>, Refusal> {
    let mut sources = Vec::new();
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    let named = chain.layers().iter().flat_map(|config| config.packs.iter().map(move |name| (config, name)));
    for (config, name) in named {
        let dir = root.join(&config.base).join(&name.value);
        // A config and one that it extends may name the same.
        if dir.canonicalize().is_ok_and(|place| !seen.insert(place)) {
            continue;
        }
        let found = match dir.canonicalize() {
            Ok(place) if !place.starts_with(root) => Err("packs stay below the project's root".to_owned()),
            Ok(place) if !place.is_dir() => Err("packs are folders".to_owned()),
            Ok(place) => of_dir(&place, root, &|path| namer.name(&shown(path, root))),
            Err(error) => Err(error.to_string()),
        };
        match found {
            Ok(found) if found.is_empty() => errors.push(config.error(name, "there are no rule files in this folder")),
            Ok(found) => sources.extend(found),
            Err(message) => errors.push(config.error(name, message)),
        }
    }
    if errors.is_empty() { Ok(sources) } else { Err(refuse(&errors as &[LoadError])) }
}

/// Rule files `PACK/NAME.yaml` below a folder, or `NAME.yaml` in the folder of one pack; nothing outside `within`.
pub(super) fn of_dir(dir: &Path, within: &Path, shown: &dyn Fn(&Path) -> String) -> Result<Vec<PackSource>, String> {
    let failed = |path: &Path| {
        let path = shown(path);
        move |error: std::io::Error| format!("{path}: {error}")
    };
    let mut files = yaml_files(dir).map_err(failed(dir))?;
    for entry in std::fs::read_dir(dir).map_err(failed(dir))? {
        let path = entry.map_err(failed(dir))?.path();
        if path.is_dir() {
            files.extend(yaml_files(&path).map_err(failed(&path))?);
        }
    }
    files.sort();
    let mut sources = Vec::with_capacity(files.len());
    for (id, path) in files {
        let place = path.canonicalize().map_err(failed(&path))?;
        if !place.starts_with(within) {
            return Err(format!("{}: the link leads out of the project", shown(&path)));
        }
        let text = std::fs::read_to_string(&place).map_err(failed(&path))?;
        sources.push(PackSource { id, path: shown(&path), text });
    }
    Ok(sources)
}

/// A path below a root, as the root's files are named.
fn shown(path: &Path, root: &Path) -> String {
    walk::shown(path.strip_prefix(root).unwrap_or(path))
}

/// The YAML files of a pack, with their ids.
fn yaml_files(pack: &Path) -> std::io::Result<Vec<(String, PathBuf)>> {
    let name = pack.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(pack)? {
        let path = entry?.path();
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_file() && path.extension().is_some_and(|extension| extension == "yaml") {
            found.push((format!("{name}/{stem}"), path));
        }
    }
    Ok(found)
}
