//! Where a project begins: every path the user names belongs to one root, and nothing outside it is read.

use crate::diagnostic::{Problem, Status};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A root and what of it is reported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Project {
    /// Absolute, without links.
    pub root: PathBuf,
    /// Whether a config or a work tree marks the root; else it is only where the user happens to be.
    pub marked: bool,
    /// Relative to the root.
    pub targets: Vec<Target>,
    /// The targets that are no directories, collected at the first question.
    named: OnceLock<HashSet<PathBuf>>,
}

/// A path that the user named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// Relative to the root; empty for the root itself.
    pub path: PathBuf,
    /// A directory is walked; anything else is linted itself.
    pub is_dir: bool,
}

/// Sorts the named paths into projects. `top` finds the marked root that holds a directory.
///
/// A path in the current directory's project belongs to that; another has its own root, for only the paths
/// say what is reported.
pub fn plan(paths: &[PathBuf], cwd: &Path, top: &dyn Fn(&Path) -> Option<PathBuf>) -> (Vec<Project>, Vec<Problem>) {
    let here = Project::at(cwd, top, cwd);
    let mut projects: Vec<Project> = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        let (place, is_dir) = match locate(path, cwd) {
            Ok(found) => found,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        if is_dir && leads_out(&cwd.join(path), &place, &here.root) {
            problems.push(super::read::link_out(&super::shown(path)));
            continue;
        }
        let project = if place.starts_with(&here.root) { here.clone() } else { Project::of(&place, is_dir, top) };
        let target = Target { path: below(&place, &project.root), is_dir };
        match projects.iter_mut().find(|p| p.root == project.root) {
            Some(known) => known.targets.push(target),
            None => projects.push(Project { targets: vec![target], ..project }),
        }
    }
    (projects, problems)
}

impl Project {
    fn of(place: &Path, is_dir: bool, top: &dyn Fn(&Path) -> Option<PathBuf>) -> Self {
        let dir = if is_dir { place } else { place.parent().unwrap_or(place) };
        Self::at(dir, top, dir)
    }

    fn at(dir: &Path, top: &dyn Fn(&Path) -> Option<PathBuf>, otherwise: &Path) -> Self {
        let marked = top(dir);
        let root = marked.clone().unwrap_or_else(|| otherwise.to_path_buf());
        Self::new(root, marked.is_some(), Vec::new())
    }

    /// A root and what of it is reported.
    pub fn new(root: PathBuf, marked: bool, targets: Vec<Target>) -> Self {
        Self { root, marked, targets, named: OnceLock::new() }
    }

    /// Whether a path relative to the root was asked for.
    pub fn reports(&self, path: &Path) -> bool {
        self.names(path) || self.targets.iter().any(|t| t.is_dir && path.starts_with(&t.path))
    }

    /// Whether a file was asked for by its own path.
    pub fn names(&self, path: &Path) -> bool {
        let files = || self.targets.iter().filter(|t| !t.is_dir).map(|t| t.path.clone()).collect();
        self.named.get_or_init(files).contains(path)
    }
}

/// The absolute place of a named path, links above it resolved; and whether it is a directory.
fn locate(path: &Path, cwd: &Path) -> Result<(PathBuf, bool), Problem> {
    let full = cwd.join(path);
    let failed = |error: &std::io::Error| super::read::failed(super::shown(path).as_str(), error);
    let meta = std::fs::symlink_metadata(&full).map_err(|e| failed(&e))?;
    let leads_to_dir = meta.is_symlink() && std::fs::metadata(&full).is_ok_and(|m| m.is_dir());
    if meta.is_dir() || leads_to_dir {
        return full.canonicalize().map(|place| (place, true)).map_err(|e| failed(&e));
    }
    let (Some(parent), Some(name)) = (full.parent(), full.file_name()) else {
        return Err(no_file(path));
    };
    let parent = parent.canonicalize().map_err(|e| failed(&e))?;
    Ok((parent.join(name), false))
}

/// Whether a link in the project leads to a directory outside it.
fn leads_out(path: &Path, place: &Path, root: &Path) -> bool {
    let own = || path.parent().and_then(|parent| parent.canonicalize().ok());
    path.is_symlink() && !place.starts_with(root) && own().is_some_and(|own| own.starts_with(root))
}

fn no_file(path: &Path) -> Problem {
    Problem {
        path: super::shown(path).into(),
        status: Status::Failed,
        kind: "not-found",
        message: "this names neither a file nor a directory".to_owned(),
    }
}

fn below(place: &Path, root: &Path) -> PathBuf {
    place.strip_prefix(root).unwrap_or(place).to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// Directories with a file called `top` are marked roots.
    fn top(dir: &Path) -> Option<PathBuf> {
        dir.ancestors().find(|dir| dir.join("top").exists()).map(Path::to_path_buf)
    }

    fn tree() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().canonicalize().unwrap();
        for sub in ["a/inner", "b", "loose"] {
            fs::create_dir_all(base.join(sub)).unwrap();
        }
        for file in ["a/top", "a/x.md", "b/top", "b/y.md", "loose/z.md"] {
            fs::write(base.join(file), "").unwrap();
        }
        (dir, base)
    }

    fn planned(paths: &[&str], cwd: &Path) -> Vec<(PathBuf, Vec<PathBuf>)> {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        let (projects, problems) = plan(&paths, cwd, &top);
        assert_eq!(problems, []);
        projects.into_iter().map(|p| (p.root, p.targets.into_iter().map(|t| t.path).collect())).collect()
    }

    #[test]
    fn each_path_has_the_root_above_it() {
        let (_keep, base) = tree();
        let found = planned(&["inner", "../a/x.md", "../b/y.md", "../b", "../loose"], &base.join("a"));
        let expected = [
            (base.join("a"), vec!["inner".into(), "x.md".into()]),
            (base.join("b"), vec!["y.md".into(), "".into()]),
            (base.join("loose"), vec!["".into()]),
        ];
        assert_eq!(found, expected);
        assert_eq!(planned(&["."], &base.join("a/inner")), [(base.join("a"), vec!["inner".into()])]);
    }

    #[test]
    fn without_a_mark_the_current_directory_is_the_root() {
        let (_keep, base) = tree();
        assert_eq!(planned(&["z.md"], &base.join("loose")), [(base.join("loose"), vec!["z.md".into()])]);
        assert_eq!(planned(&["loose/z.md"], &base), [(base.clone(), vec!["loose/z.md".into()])]);
    }

    #[test]
    fn what_is_not_there_is_a_failed_problem() {
        let (_keep, base) = tree();
        let (projects, problems) = plan(&["nothing".into(), "..".into()], &base.join("a"), &top);
        assert_eq!((problems.len(), problems[0].kind, &*problems[0].path), (1, "not-found", "nothing"));
        assert_eq!(projects[0].targets, [Target { path: "".into(), is_dir: true }]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_project_is_not_followed() {
        let (_keep, base) = tree();
        std::os::unix::fs::symlink("../b", base.join("a/out")).unwrap();
        std::os::unix::fs::symlink("inner", base.join("a/in")).unwrap();
        let (projects, problems) = plan(&["out".into(), "in".into()], &base.join("a"), &top);
        assert_eq!((problems.len(), problems[0].kind), (1, "link"));
        assert_eq!(projects[0].targets, [Target { path: "inner".into(), is_dir: true }]);
        assert_eq!(planned(&["../a/out"], &base.join("loose")), [(base.join("b"), vec!["".into()])]);
    }
}
