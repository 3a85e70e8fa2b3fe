//! Which files of a project are linted, and what else there is.

use super::ignored::Patterns;
use super::read::{failed, link_out, not_a_file, skipped};
use super::root::Project;
use super::shown;
use super::tree::{How, Seen, What, walk, what_is};
use crate::diagnostic::Problem;
use crate::fact::inventory::{IgnoreRules, Inventory, Target as LinkTarget};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// A file to lint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Relative to the root, for people and rules.
    pub path: Arc<str>,
    /// Absolute, to be opened.
    pub file: PathBuf,
    /// Whether the user named it, rather than a directory above it.
    pub named: bool,
    /// Whether `.ignore` or `.infralintignore` hide it, and it is listed all the same.
    pub hidden: bool,
}

/// A project's files.
pub struct Listing {
    /// Sorted by path.
    pub entries: Vec<Entry>,
    /// All there is below the root.
    pub inventory: Inventory,
    /// What could not be listed, with paths relative to the root.
    pub problems: Vec<Problem>,
    /// Files and folders that were asked for and that the config leaves out.
    pub excluded: Vec<Arc<str>>,
}

/// What of a project is listed.
pub struct Wish<'w> {
    /// The paths that git tracks, relative to the root, if it is known.
    pub tracked: Option<&'w [PathBuf]>,
    /// Whether a path relative to the root is left out, and all that is below it.
    pub prunes: &'w (dyn Fn(&str) -> bool + Sync),
    /// Whether what `.ignore` and `.infralintignore` hide is listed all the same.
    pub everything: bool,
    /// Threads to walk with.
    pub threads: usize,
}

/// Around a root that nothing marks (a home directory, say) context is looked for in no more than this.
const UNMARKED_LIMIT: usize = 20_000;
/// A longer list of submodules is none.
const MODULES_LIMIT: u64 = 1 << 20;

/// Lists a project.
pub fn list(project: &Project, wish: &Wish<'_>) -> Listing {
    let prunes = |file: &Path| file.strip_prefix(&project.root).is_ok_and(|path| (wish.prunes)(&shown(path)));
    let mut lister = Lister {
        project,
        wish,
        how: How { threads: wish.threads, prunes: &prunes, everything: wish.everything },
        excluded: BTreeSet::new(),
        found: BTreeMap::new(),
        inventory: Inventory::default(),
        ignore_files: Vec::new(),
        problems: Vec::new(),
    };
    lister.walk_root();
    lister.walk_targets();
    lister.leave_modules_open();
    let git = Patterns::new(&project.root, lister.ignore_files_called(".gitignore"));
    if let Some(tracked) = wish.tracked {
        lister.add_tracked(tracked);
        lister.leave_sparse_open(tracked);
        lister.inventory.set_tracked(tracked.iter().map(|path| shown(path)));
    }
    lister.inventory.set_ignored(Arc::new(git));
    lister.finish()
}

struct Lister<'a> {
    project: &'a Project,
    wish: &'a Wish<'a>,
    how: How<'a>,
    excluded: BTreeSet<Arc<str>>,
    /// Files to lint by their shown path; whether they were named.
    found: BTreeMap<Arc<str>, (PathBuf, bool)>,
    inventory: Inventory,
    ignore_files: Vec<PathBuf>,
    problems: Vec<Problem>,
}

impl Lister<'_> {
    /// The root whole, for context also where only parts are reported.
    fn walk_root(&mut self) {
        let root = &self.project.root;
        let whole = self.project.targets.iter().any(|target| target.path.as_os_str().is_empty());
        let limit = if whole || self.project.marked { usize::MAX } else { UNMARKED_LIMIT };
        let seen = walk(root, None, limit, &self.how);
        if !seen.cut {
            return self.take(seen);
        }
        // Which part was seen depends on chance, so none of it counts: only what stands beside the targets.
        self.inventory.set_incomplete();
        let message = format!(
            "nothing marks a project here, and there are over {UNMARKED_LIMIT} files: what files say of others is judged beside them only; a config with `root: true` marks one"
        );
        self.problems.push(skipped(".", "context", &message));
        for target in &self.project.targets {
            let near = if target.is_dir { &*target.path } else { target.path.parent().unwrap_or(Path::new("")) };
            let depth = if target.is_dir { None } else { Some(1) };
            self.take(walk(&root.join(near), depth, usize::MAX, &self.how));
        }
    }

    /// What was named itself, whatever ignore files say.
    fn walk_targets(&mut self) {
        for target in &self.project.targets {
            let name = shown(&target.path);
            if !name.is_empty() && (self.wish.prunes)(&name) {
                self.excluded.insert(name.into());
            } else if !target.is_dir {
                self.add_named(&target.path);
            } else if !self.inventory.is_dir(&shown(&target.path)) {
                let seen = walk(&self.project.root.join(&target.path), None, usize::MAX, &self.how);
                self.take(seen);
            }
        }
    }

    fn take(&mut self, seen: Seen) {
        for (file, what) in seen.paths {
            self.add(file, what);
        }
        for file in seen.pruned {
            let Ok(path) = file.strip_prefix(&self.project.root) else { continue };
            let name: Arc<str> = shown(path).into();
            self.inventory.add_unseen(&*name);
            if self.project.reports(path) {
                self.excluded.insert(name);
            }
        }
        for (file, problem) in seen.problems {
            let path = file.strip_prefix(&self.project.root).unwrap_or(&file);
            if self.project.reports(path) {
                self.problems.push(Problem { path: shown(path).into(), ..problem });
            }
        }
    }

    fn add(&mut self, file: PathBuf, what: What) {
        let Ok(path) = file.strip_prefix(&self.project.root).map(Path::to_path_buf) else { return };
        let name: Arc<str> = shown(&path).into();
        match what {
            What::Dir => return self.inventory.add_dir(&*name),
            What::Link => return self.inventory.add_link(&*name, self.leads_to(&file)),
            What::Other => {
                if self.project.reports(&path) {
                    self.problems.push(not_a_file(&name));
                }
                return;
            }
            What::File => self.inventory.add_file(&*name),
        }
        if is_ignore_file(&path) {
            self.ignore_files.push(path.clone());
        }
        if self.project.reports(&path) {
            self.found.insert(name, (file, false));
        }
    }

    fn add_named(&mut self, path: &Path) {
        let file = self.project.root.join(path);
        let name: Arc<str> = shown(path).into();
        let meta = match std::fs::symlink_metadata(&file) {
            Ok(meta) => meta,
            Err(error) => return self.problems.push(failed(&name, &error)),
        };
        match what_is(meta.file_type()) {
            What::File => self.inventory.add_file(&*name),
            What::Link if self.is_file_inside(&file) => {}
            What::Link => return self.problems.push(link_out(&name)),
            // Told by the walk already, unless an ignore file names it.
            What::Other if self.problems.iter().any(|p| p.path == name) => return,
            What::Other | What::Dir => return self.problems.push(not_a_file(&name)),
        }
        self.found.insert(name, (file, true));
    }

    /// Tracked files that a `.gitignore` hid; what `.ignore` or `.infralintignore` hide stays hidden, for they
    /// are about linting.
    fn add_tracked(&mut self, tracked: &[PathBuf]) {
        let hidden = if self.wish.everything { &[][..] } else { &[".ignore", ".infralintignore"] };
        let own: Vec<Patterns> =
            hidden.iter().map(|name| Patterns::new(&self.project.root, self.ignore_files_called(name))).collect();
        for path in tracked {
            let name = shown(path);
            let hidden = || own.iter().any(|patterns| patterns.is_ignored(&name, false));
            if self.inventory.is_file(&name) || hidden() || (self.wish.prunes)(&name) || !self.is_real_file(path) {
                continue;
            }
            self.add(self.project.root.join(path), What::File);
        }
    }

    /// What is in a submodule that was not cloned cannot be denied.
    fn leave_modules_open(&mut self) {
        let file = self.project.root.join(".gitmodules");
        let small = std::fs::symlink_metadata(&file).is_ok_and(|meta| meta.is_file() && meta.len() <= MODULES_LIMIT);
        let Some(text) = small.then(|| std::fs::read_to_string(&file).ok()).flatten() else { return };
        let paths = text.lines().filter_map(|line| line.trim().strip_prefix("path")?.trim_start().strip_prefix('='));
        for path in paths.map(|path| path.trim().trim_matches('"').trim_matches('/')).filter(|path| !path.is_empty()) {
            if self.inventory.files_below(path).next().is_none() {
                self.inventory.add_unseen(path);
            }
        }
    }

    /// Nor what git keeps out of a sparse checkout.
    fn leave_sparse_open(&mut self, tracked: &[PathBuf]) {
        if !self.project.root.join(".git/info/sparse-checkout").is_file() {
            return;
        }
        for path in tracked {
            if !self.inventory.is_file(&shown(path)) && !self.is_real_file(path) {
                self.inventory.add_unseen(shown(path));
            }
        }
    }

    /// A regular file with no link on the way to it: an index may name what a link has replaced since.
    fn is_real_file(&self, path: &Path) -> bool {
        let mut at = self.project.root.clone();
        let mut parts = path.components().peekable();
        while let Some(part) = parts.next() {
            let Component::Normal(name) = part else { return false };
            at.push(name);
            let Ok(meta) = std::fs::symlink_metadata(&at) else { return false };
            let wanted = if parts.peek().is_some() { meta.is_dir() } else { meta.is_file() };
            if !wanted {
                return false;
            }
        }
        true
    }

    fn is_file_inside(&self, link: &Path) -> bool {
        let real = link.canonicalize();
        real.is_ok_and(|real| real.starts_with(&self.project.root) && real.is_file())
    }

    /// One step along a link, by its words alone.
    fn leads_to(&self, link: &Path) -> LinkTarget {
        let Ok(words) = std::fs::read_link(link) else { return LinkTarget::Outside };
        let mut at = link.parent().unwrap_or(link).to_path_buf();
        for part in words.components() {
            match part {
                Component::ParentDir if at == self.project.root => return LinkTarget::Outside,
                Component::ParentDir => drop(at.pop()),
                Component::CurDir => {}
                other => at.push(other),
            }
        }
        match at.strip_prefix(&self.project.root) {
            Ok(inside) => LinkTarget::Inside(shown(inside).into()),
            Err(_) => LinkTarget::Outside,
        }
    }

    fn ignore_files_called(&self, name: &str) -> impl Iterator<Item = &Path> {
        self.ignore_files.iter().map(|path| &**path).filter(move |path| path.file_name().is_some_and(|n| n == name))
    }

    fn finish(mut self) -> Listing {
        self.problems.sort();
        self.problems.dedup();
        let own = [".ignore", ".infralintignore"].map(|name| match self.wish.everything {
            true => Some(Patterns::new(&self.project.root, self.ignore_files_called(name))),
            false => None,
        });
        let hides = |path: &str| own.iter().flatten().any(|patterns| patterns.is_ignored(path, false));
        let entry = |(path, (file, named)): (Arc<str>, (PathBuf, bool))| {
            let hidden = !named && hides(&path);
            Entry { path, file, named, hidden }
        };
        Listing {
            entries: self.found.into_iter().map(entry).collect(),
            inventory: self.inventory,
            problems: self.problems,
            excluded: self.excluded.into_iter().collect(),
        }
    }
}

fn is_ignore_file(path: &Path) -> bool {
    let names = [".gitignore", ".ignore", ".infralintignore"];
    path.file_name().is_some_and(|name| names.iter().any(|own| name == *own))
}

#[cfg(test)]
mod tests;
