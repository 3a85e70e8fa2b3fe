//! What there is below the project root, as plain data: pure code asks it and never the disk.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Patterns that say which paths a repository keeps out of git.
pub trait IgnoreRules: Send + Sync {
    /// Whether `.gitignore` files name this path or a directory above it.
    fn is_ignored(&self, path: &str, is_dir: bool) -> bool;
}

/// Where a link leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Target {
    /// To a path below the root, not necessarily an existing one.
    Inside(Box<str>),
    /// Out of the root; what is there is nobody's business.
    Outside,
}

/// The paths below the project root. All are relative to it and use `/`.
#[derive(Clone, Default)]
pub struct Inventory {
    files: BTreeSet<Box<str>>,
    dirs: HashSet<Box<str>>,
    links: BTreeMap<Box<str>, Target>,
    tracked: Option<HashSet<Box<str>>>,
    branch: Option<String>,
    ignored: Option<Arc<dyn IgnoreRules>>,
    /// Files and folders that were not looked into.
    unseen: HashSet<Box<str>>,
    incomplete: bool,
}

/// More links than this one behind the other are a loop.
const HOPS: usize = 16;

impl Inventory {
    /// An inventory of these files, all of them seen by a complete walk.
    pub fn new(files: impl IntoIterator<Item = impl Into<Box<str>>>) -> Self {
        let mut inventory = Self::default();
        for file in files {
            inventory.add_file(file);
        }
        inventory
    }

    /// Adds a file and the directories above it.
    pub fn add_file(&mut self, path: impl Into<Box<str>>) {
        let path = path.into();
        self.add_parents(&path);
        self.files.insert(path);
    }

    /// Adds a directory, for those without files.
    pub fn add_dir(&mut self, path: impl Into<Box<str>>) {
        let path = path.into();
        self.add_parents(&path);
        self.dirs.insert(path);
    }

    /// Adds a symbolic link.
    pub fn add_link(&mut self, path: impl Into<Box<str>>, target: Target) {
        let path = path.into();
        self.add_parents(&path);
        self.links.insert(path, target);
    }

    /// Says which paths git tracks; without it nobody knows.
    pub fn set_tracked(&mut self, paths: impl IntoIterator<Item = impl Into<Box<str>>>) {
        self.tracked = Some(paths.into_iter().map(Into::into).collect());
    }

    /// Says which branch of git is checked out, if any is.
    pub fn set_branch(&mut self, branch: Option<String>) {
        self.branch = branch;
    }

    /// The name of the branch that is checked out; none where nobody knows, or a single commit is.
    pub fn branch(&self) -> Option<&str> {
        self.branch.as_deref()
    }

    /// Says which paths the repository ignores.
    pub fn set_ignored(&mut self, rules: Arc<dyn IgnoreRules>) {
        self.ignored = Some(rules);
    }

    /// Says that a file or folder was not looked at.
    pub fn add_unseen(&mut self, path: impl Into<Box<str>>) {
        let path = path.into();
        self.add_parents(&path);
        self.unseen.insert(path);
    }

    /// Says that there may be more than was seen.
    pub fn set_incomplete(&mut self) {
        self.incomplete = true;
    }

    /// The files, sorted; links and what is ignored are not among them.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|path| &**path)
    }

    /// The files below a directory (`""` for the root), sorted.
    pub fn files_below<'a>(&'a self, dir: &'a str) -> impl Iterator<Item = &'a str> {
        let start = if dir.is_empty() { String::new() } else { format!("{dir}/") };
        let from: Box<str> = start.clone().into();
        self.files.range(from..).map(|path| &**path).take_while(move |path| path.starts_with(&start))
    }

    /// Whether nothing is known to be missing: only then does absence prove anything.
    pub fn is_complete(&self) -> bool {
        !self.incomplete
    }

    /// Whether a file, directory or link is there, or cannot be denied: what is ignored, lies behind a
    /// link out of the root or in a part that was not seen differs from machine to machine.
    pub fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        match self.resolve(path) {
            None => true,
            Some(real) if self.is_file(&real) || self.is_dir(&real) => true,
            Some(real) => self.incomplete || self.is_unseen(&real) || self.is_ignored(&real),
        }
    }

    /// Whether a file is there, as it is named here.
    pub fn is_file(&self, path: &str) -> bool {
        self.files.contains(path)
    }

    /// Whether a directory is there; the root is `""`.
    pub fn is_dir(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        path.is_empty() || self.dirs.contains(path)
    }

    /// Whether git tracks the path; `None` where that is unknown.
    pub fn is_tracked(&self, path: &str) -> Option<bool> {
        self.tracked.as_ref().map(|tracked| tracked.contains(path))
    }

    /// Whether the repository's `.gitignore` files name the path (a tracked file may be named, too).
    pub fn is_ignored(&self, path: &str) -> bool {
        self.ignored.as_ref().is_some_and(|rules| rules.is_ignored(path, self.dirs.contains(path)))
    }

    fn is_unseen(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        !self.unseen.is_empty() && ends.into_iter().any(|at| self.unseen.contains(&path[..at]))
    }

    /// The path with all links on its way followed; `None` where they leave the root or go round in circles.
    fn resolve(&self, path: &str) -> Option<String> {
        let mut path = path.to_owned();
        for _ in 0..HOPS {
            let Some((at, target)) = self.first_link(&path) else { return Some(path) };
            let Target::Inside(target) = target else { return None };
            path = match (target.is_empty(), path[at..].trim_start_matches('/')) {
                (_, "") => target.to_string(),
                (true, rest) => rest.to_owned(),
                (false, rest) => format!("{target}/{rest}"),
            };
        }
        None
    }

    /// The first part of the path that is a link: where it ends and where it leads.
    fn first_link(&self, path: &str) -> Option<(usize, &Target)> {
        if self.links.is_empty() {
            return None;
        }
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        ends.into_iter().find_map(|at| Some((at, self.links.get(&path[..at])?)))
    }

    fn add_parents(&mut self, path: &str) {
        let mut path = path;
        while let Some((dir, _)) = path.rsplit_once('/') {
            if self.dirs.contains(dir) {
                return;
            }
            self.dirs.insert(dir.into());
            path = dir;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Logs;

    impl IgnoreRules for Logs {
        fn is_ignored(&self, path: &str, _: bool) -> bool {
            path.ends_with(".log")
        }
    }

    #[test]
    fn knows_files_directories_and_what_stands_below() {
        let mut inventory = Inventory::new(["docs/adr/1.md", "docs/a.md", "docs-old/b.md", "a.md"]);
        inventory.add_dir("empty");
        assert!(inventory.exists("docs/adr/") && inventory.exists("docs/a.md") && inventory.exists("empty"));
        assert!(inventory.is_dir("docs") && inventory.is_dir("") && !inventory.is_dir("docs/a.md"));
        assert!(!inventory.exists("docs/b.md") && !inventory.exists("doc"));
        assert_eq!(inventory.files_below("docs").collect::<Vec<_>>(), ["docs/a.md", "docs/adr/1.md"]);
        assert_eq!(inventory.files_below("").count(), 4);
        assert_eq!(inventory.is_tracked("a.md"), None);
        inventory.set_tracked(["a.md"]);
        assert_eq!((inventory.is_tracked("a.md"), inventory.is_tracked("docs/a.md")), (Some(true), Some(false)));
    }

    #[test]
    fn what_cannot_be_denied_exists() {
        let mut inventory = Inventory::new(["a.md"]);
        inventory.set_ignored(Arc::new(Logs));
        assert!(inventory.exists("x/y.log") && !inventory.exists("x/y.txt"));
        assert!(inventory.is_ignored("y.log") && !inventory.is_ignored("a.md"));
        inventory.add_unseen("old/docs");
        assert!(inventory.exists("old/docs/a/b.md") && inventory.exists("old/docs") && inventory.is_dir("old"));
        assert!(!inventory.exists("old/doc") && !inventory.is_file("old/docs"));
        inventory.set_incomplete();
        assert!(inventory.exists("x/y.txt") && !inventory.is_file("x/y.txt"));
    }

    #[test]
    fn links_are_followed_below_the_root_only() {
        let mut inventory = Inventory::new(["real/sub/a.md"]);
        inventory.add_link("docs", Target::Inside("real/sub".into()));
        inventory.add_link("here", Target::Inside("".into()));
        inventory.add_link("out", Target::Outside);
        inventory.add_link("loop", Target::Inside("loop/loop".into()));
        inventory.add_link("gone", Target::Inside("nothing".into()));
        assert!(inventory.exists("docs/a.md") && !inventory.exists("docs/b.md"));
        assert!(inventory.exists("here/docs/a.md") && inventory.exists("here") && inventory.exists("here/here/real"));
        assert!(inventory.exists("out/whatever") && inventory.exists("loop/x"));
        assert!(!inventory.exists("gone"));
    }
}
