//! A project's files as git has them: chosen by the same rules as those on the disk.

use super::ignored::Patterns;
use super::list::{Entry, Listing, Wish};
use super::root::Project;
use super::shown;
use crate::fact::context::join;
use crate::fact::inventory::{Inventory, Target};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What an index or a commit holds below a project's root.
pub struct Given<'g> {
    /// Regular files.
    pub files: &'g [PathBuf],
    /// Links, and the words of where they lead.
    pub links: &'g [(PathBuf, String)],
    /// Where other repositories begin.
    pub modules: &'g [PathBuf],
    /// The text of a file.
    pub read: &'g dyn Fn(&Path) -> Option<String>,
}

/// Lists what the project's paths ask for.
pub fn given(project: &Project, given: &Given<'_>, wish: &Wish<'_>) -> Listing {
    let mut inventory = Inventory::default();
    let mut excluded: BTreeSet<Arc<str>> = BTreeSet::new();
    let mut pruned: HashMap<String, bool> = HashMap::new();
    let mut files: Vec<(&PathBuf, Arc<str>)> = Vec::new();
    for path in given.files {
        let name: Arc<str> = shown(path).into();
        if prunes(&name, wish, &mut pruned) {
            inventory.add_unseen(&*name);
            if project.reports(path) {
                excluded.insert(name);
            }
            continue;
        }
        inventory.add_file(&*name);
        files.push((path, name));
    }
    for (path, words) in given.links {
        let name = shown(path);
        let dir = name.rsplit_once('/').map_or("", |(dir, _)| dir);
        let target = join(dir, words).map_or(Target::Outside, |inside| Target::Inside(inside.into()));
        inventory.add_link(name, target);
    }
    // What is in another repository cannot be denied.
    given.modules.iter().for_each(|path| inventory.add_link(shown(path), Target::Outside));
    let patterns = |own: &str| {
        let called = files.iter().filter(|(path, _)| path.file_name().is_some_and(|name| name == own));
        Patterns::of_texts(called.filter_map(|(path, _)| Some((path.as_path(), (given.read)(path)?))))
    };
    inventory.set_ignored(Arc::new(patterns(".gitignore")));
    inventory.set_tracked(files.iter().map(|(_, name)| &**name));
    let hiding = [".ignore", ".infralintignore"].map(patterns);
    let entry = |(path, name): (&PathBuf, Arc<str>)| {
        let named = project.names(path);
        let hidden = !named && hiding.iter().any(|patterns| patterns.hides(&name));
        let file = project.root.join(path);
        (project.reports(path) && (!hidden || wish.everything)).then_some(Entry { path: name, file, named, hidden })
    };
    let mut entries: Vec<Entry> = files.into_iter().filter_map(entry).collect();
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Listing { entries, inventory, problems: Vec::new(), excluded: excluded.into_iter().collect() }
}

/// Whether the config leaves out a path or a folder above it; each folder is asked once.
fn prunes(path: &str, wish: &Wish<'_>, known: &mut HashMap<String, bool>) -> bool {
    let above = path.match_indices('/').map(|(at, _)| &path[..at]);
    for folder in above {
        let pruned = match known.get(folder) {
            Some(pruned) => *pruned,
            None => *known.entry(folder.to_owned()).or_insert_with(|| (wish.prunes)(folder)),
        };
        if pruned {
            return true;
        }
    }
    (wish.prunes)(path)
}
